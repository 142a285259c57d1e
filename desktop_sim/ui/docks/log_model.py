"""The rows of the traffic list: the frames of the log that pass the filter, taken over once a frame and in slices.

A row is no more than a number of the log. When the log gives up its oldest frames their rows go too; a new filter
reads the log again, a slice in each turn of the event loop, so that a long log blocks nobody.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import lru_cache

from PySide6.QtCore import QModelIndex, QObject, QTimer, Signal

from desktop_sim.ui.docks.cells import NOWHERE, Cell, CellModel, Column, Index
from desktop_sim.ui.docks.log_cells import COLUMNS, DIRECTION, TIME, frame_cell, latency_cell, titles
from desktop_sim.ui.docks.log_filter import EVERYTHING, Filter
from desktop_sim.ui.log_store import Entry, LogStore

SLICE = 5_000
"""Frames tested against a filter in one go: well within the time of one frame of the screen or two."""


CELLS = 2048
"""Cells kept, so that a repaint reads no frame anew."""


class LogModel(CellModel):
    """Rows in the order of the log; `latest` keeps one row for each kind of frame instead, the newest.

    `compact` is for narrow lists: seconds are enough, and the direction is an arrow before the action.
    """

    appended = Signal()
    """Rows came or were replaced."""

    dropped = Signal(int)
    """So many rows went away at the top."""

    def __init__(self, store: LogStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns: tuple[Column, ...] = titles()
        self.store = store
        self.paused = False
        self.compact = False
        self._rows = array("q")
        self._seen = store.first
        self._floor = store.first
        self._filter = EVERYTHING
        self._kinds: dict[tuple[str, str, str, int], int] | None = None
        self._counts: list[int] = []
        self._more = QTimer(self, singleShot=True, interval=0)
        self._more.timeout.connect(self.catch_up)
        self._cell = lru_cache(maxsize=CELLS)(self._frame_cell)

    # --- what is shown ---

    def set_filter(self, chosen: Filter) -> None:
        """Show only what passes."""
        self._filter = chosen
        self._again()

    @property
    def latest(self) -> bool:
        """Whether there is one row for each kind of frame only."""
        return self._kinds is not None

    def set_latest(self, on: bool) -> None:
        """One row for each kind of frame, or all."""
        self._kinds = {} if on else None
        self._again()

    def set_paused(self, on: bool) -> None:
        """Hold the picture; the log goes on."""
        self.paused = on
        if not on:
            self.catch_up()

    def clear(self) -> None:
        """Show only what comes from now on; the log keeps the rest."""
        self._floor = self.store.end
        self._again()

    def show_all(self) -> None:
        """Show what was cleared, too."""
        self._floor = self.store.first
        self._again()

    @property
    def cleared(self) -> int:
        """How many frames of the log were cleared from sight."""
        return max(0, self._floor - self.store.first)

    @property
    def waiting(self) -> int:
        """How many frames have not been looked at yet."""
        return self.store.end - self._seen

    @property
    def filtered(self) -> bool:
        """Whether anything is left out by a filter."""
        return bool(self._filter)

    # --- keeping up ---

    def catch_up(self) -> None:
        """Take over what came; what a filter cannot test in this turn follows in the next ones."""
        self._trim()
        if self.paused:
            return
        begin = max(self._seen, self._floor, self.store.first)
        end = self.store.end
        if self._filter:
            end = min(end, begin + SLICE)
        self._seen = end
        if begin < end:
            self._take(self._passing(begin, end))
        if end < self.store.end:
            self._more.start()

    def _passing(self, begin: int, end: int) -> Sequence[int]:
        if not self._filter:
            return range(begin, end)
        entry, passes = self.store.entry, self._filter
        return [number for number in range(begin, end) if passes(entry(number))]

    def _take(self, numbers: Sequence[int]) -> None:
        if not numbers:
            return
        if self._kinds is not None:
            self._take_latest(numbers)
        else:
            self._insert(numbers)
        self.appended.emit()

    def _insert(self, numbers: Iterable[int]) -> None:
        added = array("q", numbers)
        self.beginInsertRows(QModelIndex(), len(self._rows), len(self._rows) + len(added) - 1)
        self._rows.extend(added)
        self.endInsertRows()

    def _take_latest(self, numbers: Iterable[int]) -> None:
        assert self._kinds is not None
        new: list[int] = []
        for number in numbers:
            kind = _kind(self.store.entry(number))
            row = self._kinds.get(kind)
            if row is None:
                self._kinds[kind] = len(self._rows) + len(new)
                self._counts.append(1)
                new.append(number)
                continue
            self._counts[row] += 1
            if row < len(self._rows):
                self._rows[row] = number
            else:
                new[row - len(self._rows)] = number
        if len(self._rows):
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, len(self.columns) - 1))
        if new:
            self._insert(new)

    def _trim(self) -> None:
        """Rows whose frames the log has given up go."""
        first = self.store.first
        self._floor = max(self._floor, first)
        if self._kinds is not None:
            if self._rows and min(self._rows) < first:
                self._again()
            return
        gone = bisect_left(self._rows, first)
        if gone:
            self.beginRemoveRows(QModelIndex(), 0, gone - 1)
            del self._rows[:gone]
            self.endRemoveRows()
            self.dropped.emit(gone)

    def _again(self) -> None:
        """Read the log from its beginning."""
        self.beginResetModel()
        self._rows = array("q")
        self._counts = []
        if self._kinds is not None:
            self._kinds = {}
        self._seen = max(self._floor, self.store.first)
        self.endResetModel()
        paused, self.paused = self.paused, False
        self.catch_up()
        self.paused = paused

    # --- rows ---

    def number(self, row: int) -> int:
        """The number of the frame in that row."""
        return self._rows[row]

    def entry(self, row: int) -> Entry:
        """The frame in that row. Raises IndexError when the log has given it up."""
        return self.store.entry(self._rows[row])

    def row_of(self, number: int | None) -> int | None:
        """The row of the frame with that number, if it is shown."""
        if number is None:
            return None
        if self._kinds is not None:
            return self._rows.index(number) if number in self._rows else None
        row = bisect_left(self._rows, number)
        return row if row < len(self._rows) and self._rows[row] == number else None

    def partner_row(self, row: int) -> int | None:
        """The row of the answer or call that belongs to that row, if it is shown."""
        try:
            return self.row_of(self.store.partner(self._rows[row]))
        except IndexError:
            return None

    # --- Qt ---

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def cell(self, row: int, column: int) -> Cell:
        number = self._rows[row]
        if number < self.store.first:
            return Cell("…", "muted")
        if COLUMNS[column] == "latency":
            return latency_cell(self.store, number)
        cell = self._cell(number, column)
        if column == TIME and self.compact:
            return cell._replace(text=cell.text.partition(".")[0])
        if COLUMNS[column] != "action":
            return cell
        if self._kinds is not None:
            cell = cell._replace(text=f"{cell.text}  ×{self._counts[row]}")
        if not self.compact:
            return cell
        arrow = self._cell(number, DIRECTION)
        return cell._replace(icon=arrow.icon, icon_ink=arrow.ink)

    def _frame_cell(self, number: int, column: int) -> Cell:
        return frame_cell(self.store.entry(number), COLUMNS[column])

    def tooltip(self, row: int, column: int) -> str:
        entry = self.entry(row)
        return entry.event.verdict if COLUMNS[column] in ("verdict", "action") else ""


def _kind(entry: Entry) -> tuple[str, str, str, int]:
    event = entry.event
    return event.action, event.direction, event.type, entry.connector
