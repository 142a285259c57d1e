"""What a charge point answered to a call: the word, how long it took, and the whole payload."""

import json

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop_sim.ui.docks.json_text import JsonPane
from desktop_sim.ui.docks.labels import Chip, Elided, Sentence
from desktop_sim.ui.docks.sent_calls import SentCall
from desktop_sim.ui.kit import fill, horizontal, push, vertical
from desktop_sim.ui.texts import _, latency


class AnswerView(QWidget):
    """Shows one sent call."""

    force_wished = Signal()
    """Send the refused call all the same."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.word = Chip(_("Answer"))
        self.about = Elided(muted=True)
        self.said = Sentence()
        self.force = push(_("Send anyway"), self.force_wished.emit, icon_name="send")
        self.payload = JsonPane(_("The answer's payload"))
        self.payload.setMinimumHeight(44)
        head = horizontal(gap=8)
        head.addWidget(self.word)
        head.addWidget(self.about, 1)
        head.addWidget(self.force)
        column = fill(vertical(gap=5), head, self.said, self.payload, 0)
        column.setStretch(2, 1000)
        column.setStretch(3, 1)
        self.setLayout(column)
        self.show_call(None)

    def show_call(self, call: SentCall | None) -> None:
        """Show how that call ended; None: nothing was sent yet."""
        self.force.setVisible(call is not None and bool(call.refusal))
        self.payload.setVisible(call is not None)
        if call is None:
            self.word.tell("", "info")
            self.about.setText(_("The answer appears here."))
            self._say("", "info")
            self.payload.show_text("")
            return
        word, kind = call.verdict()
        self.word.tell(word, kind)
        took = None if call.ended is None else call.ended.latency
        parts = [call.action, "" if took is None else latency(took), call.charge_point]
        self.about.setText(" · ".join(part for part in parts if part))
        self._say(call.refusal or ("" if call.ended is None else call.ended.description), kind)
        answered = call.ended is not None and call.ended.outcome in ("result", "invalid", "error")
        self.payload.show_text(indented(call.ended.payload) if answered and call.ended else "")

    def _say(self, text: str, kind: str) -> None:
        self.said.tell(text, kind)
        self.said.setVisible(bool(text))


def indented(payload: object) -> str:
    """A payload as people read it."""
    return json.dumps(payload, indent=2, ensure_ascii=False)
