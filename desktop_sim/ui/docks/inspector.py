"""One frame, looked at closely: its JSON, its raw text, whether it keeps the rules, and the other half of the pair."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QSizePolicy, QSplitter, QTabWidget, QWidget

from desktop_sim.station.events import FrameEvent
from desktop_sim.ui.docks.json_text import JsonPane, pretty_frame
from desktop_sim.ui.docks.labels import Elided, Sentence
from desktop_sim.ui.docks.log_cells import direction_word, frame_name
from desktop_sim.ui.docks.summaries import size, summary
from desktop_sim.ui.icons import pixmap
from desktop_sim.ui.kit import caption, fill, horizontal, push, tool, vertical
from desktop_sim.ui.log_store import Entry, LogStore
from desktop_sim.ui.texts import _, clock, latency
from desktop_sim.ui.theme import theme

LOW = 300
"""Below this height (pixels) the other half of the pair is only named, not shown."""

BROAD = 640
"""From this width on both halves stand beside each other."""


class Inspector(QWidget):
    """Shows one frame of the log."""

    partner_wished = Signal(int)
    """Go to the frame with this number."""

    def __init__(self, store: LogStore, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._number: int | None = None
        self._partner: int | None = None
        self._sign = QLabel()
        self._name = Elided()
        self._name.setProperty("title", True)
        self._name.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self._about = Elided(muted=True)
        self._hint = caption(_("Choose a frame to look at it closely."), wrap=True)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._copy = tool(_("Copy the frame"), "copy", self._copy_frame)
        self.verdict = Sentence()
        self.json = JsonPane(_("The frame as JSON"))
        self.raw = JsonPane(_("The frame as it went over the wire"), wrapped=True)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.setAccessibleName(_("The frame"))
        self.tabs.tabBar().setAccessibleName(_("The frame"))
        self.tabs.addTab(self.json, _("JSON"))
        self.tabs.addTab(self.raw, _("Raw"))
        self.other = JsonPane(_("The other half of the pair"))
        self.pair = Sentence(wrap=False)
        self.jump = push(_("Go to the answer"), self._jump, link=True)
        self._lay_out()
        theme().changed.connect(self._paint_sign)
        self.show_number(None)

    def _lay_out(self) -> None:
        head = fill(horizontal(gap=7), self._sign, self._name, self._about)
        head.setStretch(2, 1)
        head.addWidget(self._copy)
        bar = horizontal(gap=6)
        bar.addWidget(self.pair, 1)
        bar.addWidget(self.jump)
        for pane in (self.json, self.raw, self.other):
            pane.setFrameShape(QFrame.Shape.NoFrame)
        self._panes = QSplitter(Qt.Orientation.Vertical)
        self._panes.setChildrenCollapsible(False)
        self._panes.setHandleWidth(4)
        self._panes.addWidget(self.tabs)
        self._panes.addWidget(self.other)
        self._panes.setStretchFactor(0, 3)
        self._panes.setStretchFactor(1, 2)
        column = vertical(gap=5)
        fill(column, head, self.verdict, self._panes, bar)
        column.setStretch(2, 1)
        self._frame = QWidget()
        self._frame.setLayout(column)
        column.setContentsMargins(8, 6, 8, 6)
        self.setLayout(fill(vertical(), self._hint, self._frame))

    # --- what is shown ---

    @property
    def number(self) -> int | None:
        """The number of the frame that is shown."""
        return self._number

    @property
    def partner(self) -> int | None:
        """The number of its answer, or of its call."""
        return self._partner

    def show_number(self, number: int | None) -> None:
        """Show that frame; None or one the log has given up: nothing."""
        if number is not None and not self._store.first <= number < self._store.end:
            number = None
        self._number = number
        self._hint.setVisible(number is None)
        self._frame.setVisible(number is not None)
        if number is None:
            self._partner = None
            return
        self._show_frame(self._store.entry(number))
        self.look_for_partner()

    def look_for_partner(self) -> None:
        """The answer may have come in the meantime."""
        if self._number is None or self._number < self._store.first:
            return
        entry = self._store.entry(self._number)
        self._partner = self._store.partner(self._number)
        self._show_partner(entry, None if self._partner is None else self._store.entry(self._partner))

    def _show_frame(self, entry: Entry) -> None:
        event = entry.event
        self._name.setText(frame_name(event))
        connector = _("connector {number}").format(number=entry.connector) if entry.connector >= 0 else ""
        moment = clock(event.time, milliseconds=True)
        parts = (direction_word(event), moment, connector, size(len(event.text)))
        self._about.setText(" · ".join(part for part in parts if part))
        self.verdict.tell(*verdict_of(event))
        self.json.show_text(pretty_frame(event.text))
        self.raw.show_text(event.text)
        self._paint_sign()

    def _show_partner(self, entry: Entry, other: Entry | None) -> None:
        self.other.setVisible(other is not None and self._room())
        self.jump.setVisible(other is not None)
        if other is None:
            text = _("No answer yet") if entry.event.type == "call" else ""
            self.pair.tell(text, "wait")
            self.other.show_text("")
            return
        self.pair.tell(*pair_line(entry, other))
        self.jump.setText(_("Go to the call") if entry.answer else _("Go to the answer"))
        self.jump.setAccessibleName(self.jump.text())
        self.other.show_text(pretty_frame(other.event.text))

    def _room(self) -> bool:
        return self.height() >= LOW or self.width() >= BROAD

    def _paint_sign(self) -> None:
        if self._number is None or self._number < self._store.first:
            return
        sent = self._store.entry(self._number).event.direction == "out"
        colour = theme().tokens.accent if sent else theme().tokens.calm
        self._sign.setPixmap(
            pixmap("arrow-out" if sent else "arrow-in", colour, 16, self.devicePixelRatioF())
        )
        self._sign.show()

    # --- what a person does ---

    def _jump(self) -> None:
        if self._partner is not None:
            self.partner_wished.emit(self._partner)

    def _copy_frame(self) -> None:
        if self._number is not None and self._number >= self._store.first:
            QApplication.clipboard().setText(self._store.entry(self._number).event.text)

    # --- Qt ---

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        broad = self.width() >= BROAD
        self._panes.setOrientation(Qt.Orientation.Horizontal if broad else Qt.Orientation.Vertical)
        self.other.setVisible(self._partner is not None and self._room())


def verdict_of(event: FrameEvent) -> tuple[str, str]:
    """Whether the frame keeps the rules, as a sentence and its kind."""
    if event.verdict:
        return event.verdict, "warn"
    if event.type == "error":
        return _("A CALLERROR: {what}").format(what=summary(event)), "bad"
    text = (
        _("Keeps the schema of {action}").format(action=event.action)
        if event.action
        else _("Keeps the rules")
    )
    return (_("{text}; sent by hand").format(text=text) if event.by_hand else text), "good"


def pair_line(entry: Entry, other: Entry) -> tuple[str, str]:
    """The other half of the pair in a line, and what it means."""
    answer = entry if entry.answer else other
    took = "" if answer.event.latency is None else latency(answer.event.latency)
    kind = "bad" if answer.event.type == "error" else "good"
    if entry.answer:
        text = _("Answers, after {latency}: {text}") if took else _("Answers: {text}")
    else:
        text = _("Answer after {latency}: {text}") if took else _("Answer: {text}")
    return text.format(latency=took, text=summary(other.event) or "{}"), kind
