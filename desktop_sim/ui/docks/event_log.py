"""What happened, in lines for people."""

from collections.abc import Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QComboBox, QWidget

from desktop_sim.ui.docks.filter_line import PAUSE_MS, SearchField
from desktop_sim.ui.docks.line_model import CONNECTOR, LEVELS, SIGNS, TEXT, LineModel, level, level_word
from desktop_sim.ui.docks.table import Table
from desktop_sim.ui.docks.tail import Tail
from desktop_sim.ui.docks.view import DockView
from desktop_sim.ui.event_lines import Line
from desktop_sim.ui.icons import icon
from desktop_sim.ui.kit import fill, horizontal, tool, vertical
from desktop_sim.ui.session import Changes, StationSession
from desktop_sim.ui.tasks import Tasks
from desktop_sim.ui.texts import _, date_and_clock
from desktop_sim.ui.theme import theme


class EventLogDock(DockView):
    """The lines of the session: searched, followed, copied."""

    moment_wished = Signal(object)
    """A double click on a line: its instant (µs), for views that can go there."""

    def __init__(
        self, session: StationSession, *, tasks: Tasks | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(session, tasks=tasks, parent=parent)
        self.model = LineModel(self)
        self.list = Table(self.model, _("Event log"), stretch=TEXT)
        self.list.make_room(1, icon=True)
        self.search = SearchField(_("Search the event log"), _("Search: all these words"))
        self.least = QComboBox()
        self.least.setAccessibleName(_("From which level on"))
        self.least.setToolTip(_("From which level on lines are shown"))
        self.follow = tool(_("Follow the newest line"), "follow")
        self.copy_button = tool(_("Copy the chosen lines, or all that are shown"), "copy", self.copy)
        self.clear_button = tool(_("Clear the list"), "clear", self.clear)
        self._cleared: Line | None = None
        self._tail = Tail(self.list)
        self._wait = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._lay_out()
        self._connect()
        self.recolour()

    def _lay_out(self) -> None:
        for name in LEVELS:
            text = _("All lines") if name == "info" else _("{level} and above").format(level=level_word(name))
            self.least.addItem(text if name != "error" else _("Errors only"), name)
        buttons = (self.follow, self.copy_button, self.clear_button)
        tools = fill(horizontal(gap=4), self.search, self.least, *buttons)
        tools.setContentsMargins(8, 6, 8, 0)
        tools.setStretch(0, 1)
        self.search.setMinimumWidth(90)
        self.least.setMinimumContentsLength(9)
        self.least.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setLayout(fill(vertical(gap=6), tools, self.list))

    def _connect(self) -> None:
        self.follow.setCheckable(True)
        self.follow.setChecked(True)
        self.follow.clicked.connect(self._tail.follow)
        self._tail.changed.connect(self.follow.setChecked)
        self._wait.timeout.connect(self._read)
        self.search.textChanged.connect(lambda text: self._wait.start())
        self.search.returnPressed.connect(self._read)
        self.least.currentIndexChanged.connect(lambda place: self._read())
        self.model.dropped.connect(lambda rows: self._tail.rows_gone(rows * self.list.row_height))
        self.list.copied = self._as_text
        self.list.columns_changed.connect(self._columns_changed)
        self.list.activated_row.connect(lambda row: self.moment_wished.emit(self.model.line(row).sim))

    # --- what is shown ---

    def look(self, changes: Changes | None) -> None:
        """Take over new lines; after a time out of sight, all."""
        if changes is None:
            self._read()
        elif changes.lines:
            self.model.append(changes.lines)
            self._tail.keep_up()

    def recolour(self) -> None:
        """The signs of the levels."""
        inks = {"warning": theme().tokens.warn, "error": theme().tokens.bad}
        for place, name in enumerate(LEVELS):
            self.least.setItemIcon(place, icon(SIGNS[name], inks.get(name, theme().tokens.muted)))

    def _read(self) -> None:
        self._wait.stop()
        self.model.choose(self.search.text(), self.least.currentData())
        self.model.read(self._not_cleared())
        self._tail.keep_up()
        searched = self.search.text().strip() or self.least.currentIndex()
        empty = _("Nothing has happened yet.") if not self._cleared else _("Cleared. New lines appear here.")
        self.list.say_when_empty(_("No line fits the search.") if searched else empty)

    def _columns_changed(self) -> None:
        self.model.compact = self.list.isColumnHidden(CONNECTOR)

    def _not_cleared(self) -> Sequence[Line]:
        lines = self.session.lines
        for place in range(len(lines) - 1, -1, -1):
            if lines[place] is self._cleared:
                return lines[place + 1 :]
        return lines

    # --- what a person does ---

    def clear(self) -> None:
        """Empty the list; the session keeps its lines."""
        self._cleared = self.session.lines[-1] if self.session.lines else None
        self._read()

    def copy(self) -> None:
        """Put the chosen lines into the clipboard; none chosen: all that are shown."""
        if not self.list.chosen_rows():
            self.list.selectAll()
        self.list.copy()

    def _as_text(self, rows: list[int]) -> str:
        return "\n".join(line_text(self.model.line(row)) for row in rows)


def line_text(line: Line) -> str:
    """A line for a text file or a mail."""
    where = "" if line.connector is None else _("connector {number}").format(number=line.connector) + "  "
    return f"{date_and_clock(line.sim)}  {level_word(level(line)).upper():8}{where}{line.text}"
