"""The commands page of the central system's panel: write a call, see its answer, look back at earlier ones."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QSplitter, QWidget

from desktop_sim.station.commands import CommandRefused
from desktop_sim.ui.docks.answer_view import AnswerView
from desktop_sim.ui.docks.call_form import CallForm
from desktop_sim.ui.docks.sent_calls import CONTENT, SentCall, SentCalls
from desktop_sim.ui.docks.table import Table
from desktop_sim.ui.kit import fill, vertical
from desktop_sim.ui.ports import CentralPort
from desktop_sim.ui.tasks import Tasks
from desktop_sim.ui.texts import _

BROAD = 760


class CallsPage(QWidget):
    """Sends calls to the chosen charge point. Several may be under way; the central system queues them."""

    def __init__(self, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._central: CentralPort | None = None
        self._identity = ""
        self._now = 0
        self.form = CallForm(self._template)
        self.answer = AnswerView()
        self.sent = SentCalls(self)
        self.history = Table(self.sent, _("Sent calls"), stretch=CONTENT)
        self.history.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.history.make_room(CONTENT, icon=True)
        self.history.say_when_empty(_("Calls you send are listed here."))
        self.history.setMinimumHeight(60)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        written = QWidget()
        left = fill(vertical(), self.form)
        left.setContentsMargins(8, 8, 8, 4)
        written.setLayout(left)
        answered = QWidget()
        right = fill(vertical(gap=6), self.answer)
        right.setContentsMargins(8, 8, 8, 4)
        answered.setLayout(right)
        self.looked_at = QSplitter(Qt.Orientation.Vertical)
        self.looked_at.addWidget(answered)
        self.looked_at.addWidget(self.history)
        self.panes = QSplitter(Qt.Orientation.Vertical)
        self.panes.addWidget(written)
        self.panes.addWidget(self.looked_at)
        for splitter in (self.looked_at, self.panes):
            splitter.setChildrenCollapsible(False)
            splitter.setHandleWidth(1)
        self.looked_at.setSizes([120, 120])
        self.setLayout(fill(vertical(gap=0), self.panes))

    def _connect(self) -> None:
        self.form.send_wished.connect(self.send)
        self.answer.force_wished.connect(self._force)
        self.history.chosen.connect(self._show)
        self.history.activated_row.connect(self._write_again)

    # --- what is shown ---

    def show_target(self, central: CentralPort | None, identity: str, now: int) -> None:
        """Calls go to that charge point from now on; `now` (µs) is what the list says of when."""
        self._now = now
        self._central, self._identity = central, identity
        point = None if central is None else central.charge_points.get(identity)
        numbers = [] if point is None else sorted(number for number in point.connectors if number > 0)
        self.form.set_connectors(numbers)
        self.form.set_obstacle(self._obstacle())
        self.form.refill()

    def _obstacle(self) -> str:
        if self._central is None or not self._identity:
            return _("No charge point to send to")
        if self._identity in self._central.connected:
            return ""
        return _("{identity} is not connected").format(identity=self._identity)

    def _template(self, action: str, connector: int | None) -> dict[str, Any]:
        if self._central is None:
            return {}
        try:
            return self._central.template(self._identity, action, connector)
        except KeyError:
            return {}

    def _show(self, row: int) -> None:
        if row >= 0:
            self.answer.show_call(self.sent.call(row))

    # --- sending ---

    def send(self, action: str, payload: dict[str, Any], force: bool) -> None:
        """Send a call and show what comes of it."""
        if self._central is None:
            return
        call = SentCall(self._now, self._identity, action, payload, force)
        self.sent.begin(call)
        self.history.choose(0)
        self.answer.show_call(call)
        self._tasks.start(self._call(self._central, call), name=f"call {action}")

    async def _call(self, central: CentralPort, call: SentCall) -> None:
        try:
            call.ended = await central.call(call.charge_point, call.action, call.payload, force=call.forced)
        except CommandRefused as refused:
            call.refusal = refused.sentence
        self.sent.ended(call)
        if self.history.currentIndex().row() == self.sent.row_of(call):
            self.answer.show_call(call)

    def _force(self) -> None:
        row = self.history.currentIndex().row()
        if row >= 0:
            call = self.sent.call(row)
            self.send(call.action, call.payload, True)

    def _write_again(self, row: int) -> None:
        call = self.sent.call(row)
        self.form.write(call.action, call.payload)

    # --- Qt ---

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        way = Qt.Orientation.Horizontal if self.width() >= BROAD else Qt.Orientation.Vertical
        if way != self.panes.orientation() or not event.oldSize().isValid():
            self.panes.setOrientation(way)
            self.panes.setSizes([620, 380])
