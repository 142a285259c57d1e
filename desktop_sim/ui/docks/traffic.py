"""The frames of the session: list, filter, and the chosen frame beside it."""

from bisect import bisect_left

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QToolButton, QWidget

from desktop_sim.transport.endpoint import AddressProblem, address
from desktop_sim.ui.docks import copying
from desktop_sim.ui.docks.filter_line import FilterLine
from desktop_sim.ui.docks.inspector import Inspector
from desktop_sim.ui.docks.labels import Sentence
from desktop_sim.ui.docks.log_filter import Filter
from desktop_sim.ui.docks.log_model import LogModel
from desktop_sim.ui.docks.log_view import LogView
from desktop_sim.ui.docks.tail import Tail
from desktop_sim.ui.docks.traffic_menu import frame_menu
from desktop_sim.ui.docks.view import DockView
from desktop_sim.ui.kit import fill, horizontal, push, tool, vertical
from desktop_sim.ui.session import Changes, StationSession
from desktop_sim.ui.tasks import Tasks
from desktop_sim.ui.texts import _, _n, number

BROAD = 900
"""From this width on (pixels) the inspector stands beside the list, not below it."""

LOW = 250
"""Below this height (pixels) a line is saved."""


class TrafficDock(DockView):
    """List of frames with filter, paired answers and latency, and the inspector."""

    def __init__(
        self, session: StationSession, *, tasks: Tasks | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(session, tasks=tasks, parent=parent)
        self.model = LogModel(session.log, self)
        self.list = LogView(self.model)
        self.inspector = Inspector(session.log)
        self.said = Sentence(wrap=False)
        self.filter = FilterLine(self.said)
        self.all_again = push(_("Show all"), self._show_all, link=True)
        self.follow = _switch(_("Follow the newest frame"), "follow")
        self.hold = _switch(_("Pause the list; recording goes on"), "pause")
        self.latest = _switch(_("Only the latest frame of each kind"), "log")
        self.clear_button = tool(_("Clear the list; the session keeps the frames"), "clear", self.clear)
        self._tail = Tail(self.list)
        self._remembered: int | None = None
        self._lay_out()
        self._connect()
        self.look(None)

    def _lay_out(self) -> None:
        self._tools = horizontal(gap=4)
        self._tools.addWidget(self.filter, 3)
        fill(self._tools, self.follow, self.hold, self.latest, self.clear_button)
        self._tools.setContentsMargins(8, 6, 8, 0)
        self._words = fill(horizontal(gap=6), self.said, self.all_again)
        self._words.setStretch(0, 1)
        self._words.setContentsMargins(10, 0, 8, 0)
        left = QWidget()
        left.setLayout(fill(vertical(gap=4), self._tools, self._words, self.list))
        self.list.setMinimumHeight(80)
        self.panes = QSplitter(Qt.Orientation.Horizontal)
        self.panes.setChildrenCollapsible(False)
        self.panes.addWidget(left)
        self.panes.addWidget(self.inspector)
        self.panes.setHandleWidth(1)
        self.setLayout(fill(vertical(gap=0), self.panes))

    def _connect(self) -> None:
        self.filter.filter_changed.connect(self._filter)
        self.follow.setChecked(True)
        self.follow.clicked.connect(self._tail.follow)
        self._tail.changed.connect(self.follow.setChecked)
        self.hold.toggled.connect(self._pause)
        self.latest.toggled.connect(self._only_latest)
        self.model.modelAboutToBeReset.connect(self._about_to_read_again)
        self.model.appended.connect(self._appended)
        self.model.dropped.connect(lambda rows: self._tail.rows_gone(rows * self.list.row_height))
        self.list.chosen.connect(self._chosen)
        self.list.copied = lambda rows: copying.frames([self.model.entry(row).event for row in rows])
        self.list.activated_row.connect(lambda row: self._to_partner())
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.customContextMenuRequested.connect(self._offer)
        self.list.given_up.connect(self._look_away)
        self.inspector.partner_wished.connect(self.go_to)
        self.inspector.hide()

    # --- what is shown ---

    def look(self, changes: Changes | None) -> None:
        """Take over new frames, all at once."""
        if changes is None or "frame" in changes.kinds or self.model.waiting:
            self.model.catch_up()
            self.inspector.look_for_partner()
            self._mark_pair()
            self._count()

    def _appended(self) -> None:
        if self._remembered is not None and self.list.choose_number(
            self._remembered, scroll=not self._tail.following
        ):
            self._remembered = None
        self._tail.keep_up()
        self._count()

    def _about_to_read_again(self) -> None:
        """The rows will be others; the chosen frame stays the chosen one."""
        self._remembered = self.inspector.number

    def _count(self) -> None:
        """How much is shown, in words, unless the filter is wrong: then that is said."""
        self.all_again.setVisible(bool(self.model.cleared))
        if problem := self.filter.problem:
            self.said.tell(problem, "bad")
            return
        shown, all_ = self.model.rowCount(), len(self.session.log)
        if self.model.paused:
            self.said.tell(_n("Paused; %n new", self.model.waiting), "wait")
        elif self.model.filtered or self.model.latest or self.model.cleared:
            text = _("{shown} of {all} frames").format(shown=number(shown), all=number(all_))
            self.said.tell(text, "good" if self.model.filtered else "info")
        else:
            self.said.tell(_n("%n frames", all_), "info")
        self.list.say_when_empty(self._why_empty())

    def _why_empty(self) -> str:
        if not len(self.session.log):
            return _("Nothing has been said yet. Connect the station, and each frame appears here.")
        if self.model.filtered:
            return _("No frame passes the filter.")
        return _("Cleared. New frames appear here.")

    # --- what a person does ---

    def go_to(self, number: int) -> None:
        """Choose the frame with that number; a filter that hides it goes."""
        if not self.list.choose_number(number):
            self.latest.setChecked(False)
            self.filter.clear()
            self.filter.apply()
            if not self.list.choose_number(number):
                self._show_all()
                self.list.choose_number(number)
        self.list.setFocus()

    def go_to_moment(self, instant: int) -> None:
        """Choose the first frame at or after an instant (µs)."""
        log = self.session.log
        place = bisect_left(
            range(log.first, log.end), instant, key=lambda number: log.entry(number).event.time
        )
        if place < len(log):
            self.go_to(log.first + place)

    def clear(self) -> None:
        """Empty the list; the session keeps the frames."""
        self._look_away()
        self.model.clear()
        self._count()

    def _show_all(self) -> None:
        self.model.show_all()
        self._count()

    def _filter(self, chosen: Filter) -> None:
        self.model.set_filter(chosen)
        self._count()

    def _only_latest(self, on: bool) -> None:
        self.model.set_latest(on)
        self._count()

    def _pause(self, on: bool) -> None:
        self.model.set_paused(on)
        self._count()

    def _chosen(self, row: int) -> None:
        if row >= 0:
            self.inspector.show_number(self.model.number(row))
            self._mark_pair()
            self._make_room()

    def _make_room(self) -> None:
        """Without a chosen frame the list has all the room; the chosen row stays in sight."""
        shown = self.inspector.number is not None
        if shown == self.inspector.isHidden():
            self.inspector.setVisible(shown)
            following = self._tail.following
            QTimer.singleShot(0, self.list, lambda: self._settle(following=following))

    def _settle(self, *, following: bool) -> None:
        self._tail.follow(following)
        if self.list.currentIndex().isValid():
            self.list.scrollTo(self.list.currentIndex())

    def _look_away(self) -> None:
        self.inspector.show_number(None)
        self.list.clearSelection()
        self._mark_pair()
        self._make_room()

    def _mark_pair(self) -> None:
        self.list.mark_pair(self.inspector.number, self.inspector.partner)

    def _to_partner(self) -> None:
        if self.inspector.partner is not None:
            self.go_to(self.inspector.partner)

    def _offer(self, place: QPoint) -> None:
        entries = [self.model.entry(row) for row in self.list.chosen_rows()]
        if entries:
            jump = self._to_partner if self.inspector.partner is not None else None
            menu = frame_menu(self, entries, self._url, self.filter.also, jump)
            menu.aboutToHide.connect(menu.deleteLater)
            menu.popup(self.list.viewport().mapToGlobal(place))

    @property
    def _url(self) -> str:
        """Where the station connects to; empty if it does not know."""
        try:
            return address(str(self.session.info["link"]["url"]), self.session.identity)
        except (AddressProblem, KeyError):
            return ""

    # --- Qt ---

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        beside = self.width() >= BROAD or self.width() > 2 * self.height()
        way = Qt.Orientation.Horizontal if beside else Qt.Orientation.Vertical
        if way != self.panes.orientation() or not event.oldSize().isValid():
            self.panes.setOrientation(way)
            self.panes.setSizes([620, 380])
        self._save_a_line(self.height() < LOW)

    def _save_a_line(self, low: bool) -> None:
        """In a low dock the words stand beside the filter, not below it."""
        if low == (self._words.indexOf(self.said) < 0):
            return
        if low:
            self._tools.insertWidget(1, self.said, 2)
            self._tools.insertWidget(2, self.all_again)
        else:
            self._words.insertWidget(0, self.said, 1)
            self._words.insertWidget(1, self.all_again)
        self._words.setContentsMargins(10, 0, 8, 0)


def _switch(name: str, icon_name: str) -> QToolButton:
    """A button that stays pressed."""
    button = tool(name, icon_name)
    button.setCheckable(True)
    return button
