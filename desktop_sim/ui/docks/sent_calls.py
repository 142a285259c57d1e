"""The calls sent from the central system's panel and how they ended, the newest on top."""

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QModelIndex, QObject

from desktop_sim.central.events import CallEnded
from desktop_sim.ui.docks.cells import NOWHERE, Cell, CellModel, Column, Index
from desktop_sim.ui.docks.labels import SIGNS
from desktop_sim.ui.texts import _, clock, latency

MOST = 500
CONTENT = 2

GOOD = frozenset({"Accepted", "Unlocked"})
LATER = frozenset({"RebootRequired", "Scheduled", "Pending"})
"""Words that mean: not quite, or not yet. Any other word of a `status` means no."""


@dataclass(slots=True)
class SentCall:
    """One call. `refusal` says why it was not sent at all, `ended` how it ended; with neither it waits."""

    time: int
    charge_point: str
    action: str
    payload: dict[str, Any]
    forced: bool = False
    ended: CallEnded | None = None
    refusal: str = ""

    def verdict(self) -> tuple[str, str]:
        """How it ended, in a word, and what that means: good, warn, bad, info or wait."""
        if self.refusal:
            return _("Not sent"), "bad"
        if self.ended is None:
            return _("Waiting…"), "wait"
        match self.ended.outcome:
            case "error":
                return self.ended.code, "bad"
            case "timeout":
                return _("No answer"), "bad"
            case "lost":
                return _("Connection lost"), "bad"
            case "invalid":
                return _("Breaks the schema"), "warn"
        status = self.ended.payload.get("status")
        if not isinstance(status, str):
            return _("Answered"), "good"
        return status, "good" if status in GOOD else "warn" if status in LATER else "bad"


class SentCalls(CellModel):
    """Rows, the newest on top."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = (
            Column(_("Time"), "00:00:00", drop=2),
            Column(_("Command"), "SetChargingProfile", roomy="RemoteStartTransaction"),
            Column(_("Answer"), "NotImplemented"),
            Column(_("Charge point"), "CP001-000", drop=3),
            Column(_("Latency"), "0000 ms", drop=1, right=True),
        )
        self._calls: list[SentCall] = []

    def begin(self, call: SentCall) -> None:
        """A call goes out."""
        self.beginInsertRows(QModelIndex(), 0, 0)
        self._calls.insert(0, call)
        self.endInsertRows()
        if len(self._calls) > MOST:
            self.beginRemoveRows(QModelIndex(), MOST, len(self._calls) - 1)
            del self._calls[MOST:]
            self.endRemoveRows()

    def ended(self, call: SentCall) -> None:
        """It is known how a call ended."""
        row = self.row_of(call)
        if row is not None:
            self.dataChanged.emit(self.index(row, 0), self.index(row, len(self.columns) - 1))

    def call(self, row: int) -> SentCall:
        """The call in that row."""
        return self._calls[row]

    def row_of(self, call: SentCall) -> int | None:
        """The row of a call, if it is still there."""
        return next((row for row, one in enumerate(self._calls) if one is call), None)

    # --- Qt ---

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._calls)

    def cell(self, row: int, column: int) -> Cell:
        call = self._calls[row]
        match column:
            case 0:
                return Cell(clock(call.time), "muted")
            case 1:
                return Cell(call.action, strong=True)
            case 2:
                word, kind = call.verdict()
                icon, ink = SIGNS[kind]
                return Cell(word, ink if kind in ("bad", "warn") else "text", icon, icon_ink=ink)
            case 3:
                return Cell(call.charge_point, "muted")
            case _:
                took = None if call.ended is None else call.ended.latency
                return Cell("" if took is None else latency(took), "muted", right=True)

    def tooltip(self, row: int, column: int) -> str:
        call = self._calls[row]
        return call.refusal or ("" if call.ended is None else call.ended.description)
