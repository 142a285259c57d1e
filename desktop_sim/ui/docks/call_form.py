"""Writing a call of the central system: choose the command, look over its payload, send it."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QComboBox, QPushButton, QSizePolicy, QWidget

from desktop_sim.central import DESCRIPTIONS
from desktop_sim.ui.docks.answer_view import indented
from desktop_sim.ui.docks.flow import Flow
from desktop_sim.ui.docks.json_editor import JsonEditor
from desktop_sim.ui.docks.labels import Elided, Sentence
from desktop_sim.ui.docks.payload_check import Check, check_payload
from desktop_sim.ui.kit import fill, horizontal, push, tool, vertical
from desktop_sim.ui.texts import _

Template = Callable[[str, int | None], dict[str, Any]]

USUAL = {
    "RemoteStartTransaction": ("RemoteStart", "start"),
    "RemoteStopTransaction": ("RemoteStop", "stop"),
    "ChangeConfiguration": ("ChangeConfiguration", "key"),
    "SetChargingProfile": ("SetChargingProfile", "settings"),
    "Reset": ("Reset", "reset"),
    "UnlockConnector": ("UnlockConnector", "lock"),
    "TriggerMessage": ("TriggerMessage", "clock"),
}
"""Commands with a button of their own: what it says, which in the words of the wire stays untranslated, its icon."""

SLIM_BUTTONS = "QPushButton { padding: 4px 8px; min-height: 16px; }"
FIRST = "RemoteStartTransaction"


class CallForm(QWidget):
    """Keeps a draft for each command, so that nothing typed is lost by looking at another one."""

    send_wished = Signal(str, object, bool)
    """Action, payload, and whether it goes out although it breaks the rules."""

    def __init__(self, template: Template, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._template = template
        self._drafts: dict[str, str] = {}
        self._obstacle = ""
        self.action = ""
        self.check = Check("bad", "")
        self.buttons = QButtonGroup(self)
        self.other = QComboBox()
        self.connector = QComboBox()
        self._title = Elided()
        self._title.setProperty("title", True)
        self._about = Elided(muted=True)
        self.editor = JsonEditor(_("Payload of the call"))
        self.said = Sentence()
        self.fresh = tool(_("Begin again with a fresh template"), "reset", self.begin_again)
        self.send_button = push(_("Send"), self.send, icon_name="send", ink="on_accent", primary=True)
        self.send_button.setToolTip(_("Send the call (Ctrl+Return)"))
        self._lay_out()
        self._connect()
        self.set_connectors([])
        self.choose(FIRST)

    def _lay_out(self) -> None:
        for action in USUAL:
            self.buttons.addButton(self._usual_button(action))
        self.other.addItem(_("Others…"), "")
        for action in sorted(set(DESCRIPTIONS) - set(USUAL)):
            self.other.addItem(action, action)
            self.other.setItemData(
                self.other.count() - 1, _(DESCRIPTIONS[action]), Qt.ItemDataRole.ToolTipRole
            )
        self.other.setAccessibleName(_("Any other command"))
        self.other.setToolTip(_("Any other command"))
        for box in (self.other, self.connector):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(9)
        self.other.view().setMinimumWidth(self.other.view().sizeHintForColumn(0) + 24)
        self.connector.setAccessibleName(_("Connector the template is made for"))
        self.connector.setToolTip(self.connector.accessibleName())
        choices = QWidget()
        choices.setStyleSheet(SLIM_BUTTONS)
        choices.setLayout(Flow(*self.buttons.buttons(), self.other))
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        choices.setSizePolicy(policy)
        self._title.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        head = fill(horizontal(gap=8), self._title, self._about, self.connector, self.fresh)
        head.setStretch(1, 1)
        foot = horizontal(gap=8)
        foot.addWidget(self.said, 1, Qt.AlignmentFlag.AlignVCenter)
        foot.addWidget(self.send_button)
        self.editor.setMinimumHeight(64)
        column = fill(vertical(gap=6), choices, head, self.editor, foot)
        column.setStretch(2, 1)
        self.setLayout(column)

    def _usual_button(self, action: str) -> QPushButton:
        text, icon_name = USUAL[action]
        button = push(text, lambda: self.choose(action), icon_name=icon_name, ink="muted")
        button.setCheckable(True)
        button.setToolTip(_(DESCRIPTIONS[action]))
        button.setAccessibleName(action)
        button.setProperty("action", action)
        return button

    def _connect(self) -> None:
        self.editor.textChanged.connect(self._examine)
        self.editor.send_wished.connect(self.send)
        self.connector.currentIndexChanged.connect(lambda place: self.refill())
        self.other.activated.connect(self._other_chosen)

    # --- what is written ---

    def choose(self, action: str) -> None:
        """Write a call of that action: the draft there was, else a template."""
        if self.action and self.editor.edited:
            self._drafts[self.action] = self.editor.toPlainText()
        self.action = action
        self._title.setText(action)
        self._about.setText(_(DESCRIPTIONS.get(action, "")))
        self._show_choice()
        draft = self._drafts.get(action)
        if draft is None:
            self._fill_in()
        else:
            self.editor.setPlainText(draft)
            self.editor.document().setModified(True)

    def begin_again(self) -> None:
        """Give up the draft of this action."""
        self._drafts.pop(self.action, None)
        self._fill_in()

    def refill(self) -> None:
        """What the template is made of changed; what a person wrote or is looking at closely stays."""
        if not self.editor.edited and not self.editor.hasFocus():
            self._fill_in()

    def _fill_in(self) -> None:
        text = indented(self._template(self.action, self.connector.currentData()))
        if text != self.editor.toPlainText():
            self.editor.fill_in(text)
        self.editor.document().setModified(False)

    def write(self, action: str, payload: dict[str, Any]) -> None:
        """Write this very call."""
        self.choose(action)
        self.editor.setPlainText(indented(payload))
        self.editor.document().setModified(True)
        self.editor.setFocus()

    def set_connectors(self, numbers: Sequence[int]) -> None:
        """The connectors a template can be made for; the first entry leaves the choice to it."""
        wanted = [None, *numbers]
        if [self.connector.itemData(place) for place in range(self.connector.count())] == wanted:
            return
        chosen = self.connector.currentData()
        self.connector.blockSignals(True)
        self.connector.clear()
        for number in wanted:
            text = _("Any connector") if number is None else _("Connector {number}").format(number=number)
            self.connector.addItem(text, number)
        self.connector.setCurrentIndex(wanted.index(chosen) if chosen in wanted else 0)
        self.connector.blockSignals(False)

    def set_obstacle(self, sentence: str) -> None:
        """Why nothing can be sent now; empty if it can."""
        if sentence != self._obstacle:
            self._obstacle = sentence
            self._examine()

    # --- sending ---

    def send(self) -> None:
        """Send it, if it can be."""
        if self.send_button.isEnabled() and self.check.payload is not None:
            self.send_wished.emit(self.action, self.check.payload, self.check.kind == "warn")

    def _examine(self) -> None:
        self.check = check_payload(self.action, self.editor.toPlainText())
        self.editor.mark_line(self.check.line, bad=self.check.kind == "bad")
        self.send_button.setText(_("Send anyway") if self.check.kind == "warn" else _("Send"))
        self.send_button.setEnabled(self.check.payload is not None and not self._obstacle)
        if self._obstacle:
            self.said.tell(self._obstacle, "info")
        else:
            self.said.tell(self.check.sentence, self.check.kind)

    # --- choosing ---

    def _other_chosen(self, place: int) -> None:
        action = self.other.itemData(place)
        if action:
            self.choose(action)

    def _show_choice(self) -> None:
        self.buttons.setExclusive(False)
        for button in self.buttons.buttons():
            button.setChecked(button.property("action") == self.action)
        self.buttons.setExclusive(True)
        self.other.setCurrentIndex(max(0, self.other.findData(self.action)))
