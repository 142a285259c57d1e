"""Rules for difficult answers, in words and as rows."""

import json
from collections.abc import Sequence

from PySide6.QtCore import QObject

from desktop_sim.central import AnswerRule
from desktop_sim.ui.docks.cells import NOWHERE, Cell, CellModel, Column, Index
from desktop_sim.ui.texts import _, _n, number

ANSWERS = ("normal", "none", "error", "payload", "text", "drop")
SIGNS = {
    "normal": "clock",
    "none": "close",
    "error": "fault",
    "payload": "edit",
    "text": "edit",
    "drop": "drop-link",
}


def answer_word(answer: str) -> str:
    """What a kind of answer is called."""
    return {
        "normal": _("The right answer, late"),
        "none": _("No answer"),
        "error": _("An error (CALLERROR)"),
        "payload": _("Another payload"),
        "text": _("Any text as the frame"),
        "drop": _("The connection is cut"),
    }[answer]


def action_word(action: str) -> str:
    """Which requests a rule is about."""
    return _("Every request") if action == "*" else action


def rule_sentence(rule: AnswerRule) -> str:
    """What a rule does, how late and how often."""
    match rule.answer:
        case "error":
            what = ": ".join(part for part in (rule.code, rule.description) if part)
        case "payload":
            what = json.dumps(rule.payload, ensure_ascii=False)
        case "text":
            what = rule.text
        case _:
            what = answer_word(rule.answer)
    if rule.delay:
        what = _("{what}, after {seconds} s").format(what=what, seconds=number(rule.delay, 1))
    if rule.times is not None:
        what = _("{what}, {times}").format(what=what, times=_n("%n times", rule.times))
    return what


class RuleRows(CellModel):
    """Rules in their order: the first that fits counts."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = (
            Column(_("Request"), "StatusNotification"),
            Column(_("Answer"), _("No answer")),
        )
        self._rules: list[AnswerRule] = []

    def show(self, rules: Sequence[AnswerRule]) -> None:
        """Show these."""
        if list(rules) != self._rules:
            self.beginResetModel()
            self._rules = list(rules)
            self.endResetModel()

    def rule(self, row: int) -> AnswerRule:
        """The rule in that row."""
        return self._rules[row]

    # --- Qt ---

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rules)

    def cell(self, row: int, column: int) -> Cell:
        rule = self._rules[row]
        match column:
            case 0:
                return Cell(action_word(rule.action), strong=True)
            case _:
                return Cell(rule_sentence(rule), icon=SIGNS[rule.answer], icon_ink="warn")
