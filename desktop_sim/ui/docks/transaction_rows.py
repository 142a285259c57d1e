"""The transactions of the central system as rows, the newest on top."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QObject

from desktop_sim.central.transactions import Transaction
from desktop_sim.ui.docks.cells import NOWHERE, Cell, CellModel, Column, Index
from desktop_sim.ui.texts import _, _n, date_and_clock, duration, energy

STATE = 6


class TransactionRows(CellModel):
    """Looks into the transactions themselves, which go on changing; `show` says when to look."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = (
            Column(_("No."), "00000", right=True),
            Column(_("Charge point"), "CP001-000", drop=5),
            Column(_("Connector"), "00", drop=3),
            Column(_("Tag"), "USER00100", roomy="00000000000000000000"),
            Column(_("Begin"), "0000-00-00 00:00:00", drop=4),
            Column(_("Duration"), "00:00:00", drop=1, right=True),
            Column(_("State"), "UnlockCommand"),
            Column(_("Energy"), "000,000 kWh", right=True),
        )
        self._all: Sequence[Transaction] = ()
        self._now = 0

    def show(self, transactions: Sequence[Transaction], now: int) -> None:
        """Show these, the oldest first; `now` (µs) ends the duration of the running ones."""
        before, self._now = self._all, now
        added = len(transactions) - len(before)
        if added < 0 or (before and transactions[0] is not before[0]):
            self.beginResetModel()
            self._all = list(transactions)
            self.endResetModel()
            return
        if added:
            self.beginInsertRows(QModelIndex(), 0, added - 1)
            self._all = list(transactions)
            self.endInsertRows()
        if self._all:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._all) - 1, len(self.columns) - 1))

    def transaction(self, row: int) -> Transaction:
        """The transaction in that row."""
        return self._all[len(self._all) - 1 - row]

    def sums(self) -> str:
        """All of them in a line."""
        running = sum(one.state == "running" for one in self._all)
        text = _n("%n transactions", len(self._all))
        parts = [text, _n("%n running", running), energy(sum(one.energy_wh for one in self._all))]
        return " · ".join(parts)

    # --- Qt ---

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._all)

    def cell(self, row: int, column: int) -> Cell:
        one = self.transaction(row)
        match column:
            case 0:
                return Cell(str(one.id), strong=True, right=True)
            case 1:
                return Cell(one.charge_point, "muted")
            case 2:
                return Cell(str(one.connector))
            case 3:
                refused = one.status != "Accepted"
                return Cell(
                    f"{one.id_tag} ({one.status})" if refused else one.id_tag, "bad" if refused else "text"
                )
            case 4:
                return Cell(date_and_clock(one.start), "muted")
            case 5:
                end = one.stop if one.stop is not None else self._now
                return Cell(duration((end - one.start) / 1_000_000), right=True)
            case 6:
                return _state(one)
            case _:
                return Cell(energy(one.energy_wh), right=True)

    def tooltip(self, row: int, column: int) -> str:
        one = self.transaction(row)
        meter = _("Meter from {start} to {stop} Wh")
        now = one.meter_stop if one.meter_stop is not None else one.register_wh
        return meter.format(start=one.meter_start, stop="…" if now is None else now) if column == 7 else ""


def _state(one: Transaction) -> Cell:
    if one.state == "running":
        return Cell(_("running"), "accent", "state-charging")
    if one.state == "abandoned":
        return Cell(_("given up"), "warn", "warning")
    return Cell(one.reason or _("stopped"), "text", "check", icon_ink="good")
