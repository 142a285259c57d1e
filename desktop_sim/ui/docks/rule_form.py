"""Making the central system difficult: a list of rules for single answers, and a form for another one."""

import json

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QLineEdit, QSpinBox, QWidget

from desktop_sim.central import AnswerRule
from desktop_sim.protocol.actions import ACTIONS
from desktop_sim.protocol.errors import ErrorCode
from desktop_sim.ui.docks.forms import add_field, form
from desktop_sim.ui.docks.labels import Sentence
from desktop_sim.ui.docks.rule_words import ANSWERS, RuleRows, action_word, answer_word
from desktop_sim.ui.docks.table import Table
from desktop_sim.ui.kit import fill, horizontal, push, vertical
from desktop_sim.ui.texts import _

MOST_SECONDS = 3600.0
MOST_TIMES = 1000


class RuleForm(QWidget):
    """Emits the rules as a person wants them; the first that fits a request counts."""

    rules_changed = Signal(object)
    """The whole list, as it is to be from now on."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = RuleRows(self)
        self.table = Table(self.rows, _("Rules for answers"), stretch=1, row_height=24)
        self.table.say_when_empty(_("No rules: every request is answered properly."))
        self.action = QComboBox()
        self.answer = QComboBox()
        self.code = QComboBox()
        self.words = QLineEdit()
        self.delay = QDoubleSpinBox()
        self.times = QSpinBox()
        self.add_button = push(_("Add rule"), self._add, icon_name="plus")
        self.remove_button = push(_("Remove"), self._remove, icon_name="trash", ink="muted")
        self.said = Sentence()
        self._fill_choices()
        self._lay_out()
        self.answer.currentIndexChanged.connect(lambda place: self._answer_chosen())
        self.words.textChanged.connect(lambda text: self._judge())
        self.words.returnPressed.connect(self._add)
        self.table.chosen.connect(lambda row: self.remove_button.setEnabled(row >= 0))
        self.remove_button.setEnabled(False)
        self._answer_chosen()

    def _fill_choices(self) -> None:
        for action in ("*", *sorted(name for name, one in ACTIONS.items() if one.from_charge_point)):
            self.action.addItem(action_word(action), action)
        for answer in ANSWERS:
            self.answer.addItem(answer_word(answer), answer)
        self.answer.setCurrentIndex(ANSWERS.index("error"))
        for code in ErrorCode:
            self.code.addItem(code.value, code.value)
        self.code.setCurrentText(ErrorCode.InternalError.value)
        self.delay.setRange(0, MOST_SECONDS)
        self.delay.setDecimals(1)
        self.delay.setSuffix(" s")
        self.delay.setSpecialValueText(_("at once"))
        self.times.setRange(0, MOST_TIMES)
        self.times.setSpecialValueText(_("always"))

    def _lay_out(self) -> None:
        header = self.table.horizontalHeader().sizeHint().height()
        self.table.setFixedHeight(header + 4 * self.table.row_height + 2)
        self._form = form()
        add_field(self._form, _("Requests"), self.action)
        add_field(self._form, _("Answered by"), self.answer)
        add_field(self._form, _("Error code"), self.code)
        add_field(self._form, _("Text"), self.words)
        add_field(self._form, _("Delay"), self.delay)
        add_field(self._form, _("How often"), self.times)
        buttons = fill(horizontal(), self.said, self.remove_button, self.add_button)
        buttons.setStretch(0, 1)
        self.setLayout(fill(vertical(gap=8), self.table, self._form, buttons))

    # --- what is shown ---

    def show_rules(self, rules: list[AnswerRule]) -> None:
        """Show the rules in force."""
        self.rows.show(rules)

    def _answer_chosen(self) -> None:
        answer = self.answer.currentData()
        self._form.setRowVisible(self.code, answer == "error")
        self._form.setRowVisible(self.words, answer in ("error", "payload", "text"))
        hints = {
            "error": _("description, if any"),
            "payload": '{"status": "Blocked"}',
            "text": _('any text; "$ID" stands for the message id'),
        }
        self.words.setPlaceholderText(hints.get(answer, ""))
        self._judge()

    def _judge(self) -> None:
        problem = ""
        if self.answer.currentData() == "payload" and self.words.text().strip():
            try:
                json.loads(self.words.text())
            except ValueError:
                problem = _("The payload is no JSON yet")
        self.said.tell(problem, "bad")
        self.add_button.setEnabled(not problem)

    # --- what a person does ---

    def _rules(self) -> list[AnswerRule]:
        return [self.rows.rule(row) for row in range(self.rows.rowCount())]

    def _add(self) -> None:
        if self.add_button.isEnabled():
            self.rules_changed.emit([*self._rules(), self._written()])
            self.words.clear()

    def _remove(self) -> None:
        gone = set(self.table.chosen_rows())
        self.rules_changed.emit([rule for row, rule in enumerate(self._rules()) if row not in gone])

    def _written(self) -> AnswerRule:
        answer, text = self.answer.currentData(), self.words.text()
        return AnswerRule(
            action=self.action.currentData(),
            answer=answer,
            delay=self.delay.value(),
            times=self.times.value() or None,
            code=self.code.currentData() if answer == "error" else "InternalError",
            description=text if answer == "error" else "",
            payload=json.loads(text) if answer == "payload" and text.strip() else {},
            text=text if answer == "text" else "",
        )
