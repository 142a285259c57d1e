"""The transactions page of the central system's panel."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QAbstractItemView, QWidget

from desktop_sim.central.transactions import Transaction
from desktop_sim.ui.docks.labels import Elided
from desktop_sim.ui.docks.table import Table
from desktop_sim.ui.docks.transaction_rows import STATE, TransactionRows
from desktop_sim.ui.kit import fill, horizontal, push, vertical
from desktop_sim.ui.texts import _


class TransactionList(QWidget):
    """A table, the sum of it, and a way to stop what runs."""

    stop_wished = Signal(str, int)
    """Charge point and number of a running transaction."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = TransactionRows(self)
        self.table = Table(self.rows, _("Transactions"), stretch=STATE, row_height=24)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.make_room(STATE, icon=True)
        self.table.say_when_empty(_("No charge point has begun a transaction yet."))
        self.sums = Elided(muted=True)
        self.stop = push(_("Stop it remotely"), self._stop, icon_name="stop", ink="muted")
        self.table.chosen.connect(lambda row: self._offer())
        foot = horizontal()
        foot.setContentsMargins(10, 4, 8, 6)
        foot.addWidget(self.sums, 1)
        foot.addWidget(self.stop)
        column = fill(vertical(gap=0), self.table, foot)
        self.setLayout(column)
        self._offer()

    def show_transactions(self, transactions: Sequence[Transaction], now: int) -> None:
        """Show these, the oldest first."""
        self.rows.show(transactions, now)
        self.sums.setText(self.rows.sums())
        self._offer()

    def _chosen(self) -> Transaction | None:
        row = self.table.currentIndex().row()
        return self.rows.transaction(row) if 0 <= row < self.rows.rowCount() else None

    def _offer(self) -> None:
        chosen = self._chosen()
        self.stop.setEnabled(chosen is not None and chosen.state == "running")

    def _stop(self) -> None:
        chosen = self._chosen()
        if chosen is not None:
            self.stop_wished.emit(chosen.charge_point, chosen.id)
