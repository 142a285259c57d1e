"""The rows of the event log: lines for people that pass a search, taken over once a frame."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QModelIndex, QObject, Signal

from desktop_sim.ui.docks.cells import EMPTY, NOWHERE, Cell, CellModel, Column, Index
from desktop_sim.ui.event_lines import Line
from desktop_sim.ui.session import MOST_LINES
from desktop_sim.ui.texts import _, clock

CONNECTOR, TEXT = 2, 3
LEVELS = ("info", "warning", "error")
SIGNS = {"info": "info", "warning": "warning", "error": "fault"}


def level(line: Line) -> str:
    """How much a line matters: info, warning or error. Statuses and limits have colours of their own."""
    if line.icon == "settings" or (line.icon.startswith("state-") and line.icon != "state-faulted"):
        return "info"
    return {"bad": "error", "warn": "warning"}.get(line.ink, "info")


def level_word(name: str) -> str:
    """The same for people."""
    return {"error": _("Error"), "warning": _("Warning")}.get(name, _("Info"))


class LineModel(CellModel):
    """Lines in order, at most MOST_LINES of them. `compact` names the connector in the text itself."""

    dropped = Signal(int)
    """So many rows went away at the top."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = (
            Column(_("Time"), "00:00:00", drop=1),
            Column(_("Level"), max(map(level_word, LEVELS), key=len), drop=3),
            Column(_("Connector"), "00", drop=2),
            Column(_("What happened"), "Meter: 92 Wh | Current: 9.96"),
        )
        self.compact = False
        self._rows: list[Line] = []
        self._words: tuple[str, ...] = ()
        self._least = 0

    def choose(self, words: str, least: str) -> None:
        """Show only lines with all these words that matter at least so much; `read` follows."""
        self._words = tuple(words.lower().split())
        self._least = LEVELS.index(least)

    def read(self, lines: Sequence[Line]) -> None:
        """Show these lines instead of all others."""
        self.beginResetModel()
        self._rows = self._passing(lines)
        self.endResetModel()

    def append(self, lines: Iterable[Line]) -> None:
        """Add lines; beyond the limit the oldest go."""
        added = self._passing(lines)
        if not added:
            return
        self.beginInsertRows(QModelIndex(), len(self._rows), len(self._rows) + len(added) - 1)
        self._rows += added
        self.endInsertRows()
        if len(self._rows) > MOST_LINES:
            gone = len(self._rows) - MOST_LINES + MOST_LINES // 10
            self.beginRemoveRows(QModelIndex(), 0, gone - 1)
            del self._rows[:gone]
            self.endRemoveRows()
            self.dropped.emit(gone)

    def line(self, row: int) -> Line:
        """The line in that row."""
        return self._rows[row]

    def _passing(self, lines: Iterable[Line]) -> list[Line]:
        return [line for line in lines if self._passes(line)]

    def _passes(self, line: Line) -> bool:
        name = level(line)
        if LEVELS.index(name) < self._least:
            return False
        if not self._words:
            return True
        text = f"{line.text}\n{level_word(name)}".lower()
        return all(word in text for word in self._words)

    # --- Qt ---

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def cell(self, row: int, column: int) -> Cell:
        line = self._rows[row]
        name = level(line)
        match column:
            case 0:
                return Cell(clock(line.sim), "muted")
            case 1:
                return Cell(level_word(name), "muted" if name == "info" else line.ink, SIGNS[name])
            case 2:
                return EMPTY if line.connector is None else Cell(str(line.connector))
            case _:
                ink = line.ink if name == "error" else "text"
                where = f"{line.connector} · " if self.compact and line.connector is not None else ""
                return Cell(where + line.text, ink, line.icon, icon_ink=line.ink)
