"""The traffic list: rows whose call and answer are tied together by a bracket in the margin."""

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QStyleOptionViewItem, QWidget

from desktop_sim.ui.docks.cells import Cells, Index
from desktop_sim.ui.docks.log_cells import COLUMNS, DIRECTION, SUMMARY, TIME
from desktop_sim.ui.docks.log_model import LogModel
from desktop_sim.ui.docks.table import Table
from desktop_sim.ui.texts import _

MARGIN = 12
"""Space for the brackets before the first column."""


class LogView(Table):
    """Shows a log model; remembers the chosen frame by its number, whatever happens to the rows."""

    def __init__(self, model: LogModel, parent: QWidget | None = None) -> None:
        self.log = model
        self.pair: tuple[int, int] | None = None
        super().__init__(model, _("Traffic"), stretch=SUMMARY, cells=PairCells, parent=parent)
        self.make_room(TIME, extra=MARGIN)
        for name in ("direction", "verdict"):
            self.make_room(COLUMNS.index(name), icon=True)
        self.columns_changed.connect(self._columns_changed)

    @property
    def chosen_number(self) -> int | None:
        """The number of the frame the keyboard is on."""
        row = self.currentIndex().row()
        return self.log.number(row) if 0 <= row < self.log.rowCount() else None

    def choose_number(self, number: int, *, scroll: bool = True) -> bool:
        """Go to the frame of that number; whether it is shown."""
        row = self.log.row_of(number)
        if row is None:
            return False
        self.choose(row, scroll=scroll)
        return True

    def mark_pair(self, one: int | None, other: int | None) -> None:
        """Tie these two together."""
        pair = None if one is None or other is None else (min(one, other), max(one, other))
        if pair != self.pair:
            self.pair = pair
            self.viewport().update()

    def _columns_changed(self) -> None:
        compact = self.isColumnHidden(DIRECTION)
        if compact != self.log.compact:
            self.log.compact = compact
            saved = self.fontMetrics().horizontalAdvance(".000")
            self.make_room(TIME, extra=-saved if compact else saved)


class PairCells(Cells):
    """Cells with brackets between call and answer: strong for the chosen pair, faint for neighbours."""

    def __init__(self, parent: QAbstractItemView) -> None:
        super().__init__(parent, left=MARGIN)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        view = self.parent()
        if index.column() != 0 or not isinstance(view, LogView):
            return
        rect: QRect = option.rect
        row = index.row()
        piece = _chosen_piece(view, row)
        if piece:
            painter.setPen(QPen(self.colour("accent"), 2))
            _bracket(painter, rect, piece)
        elif piece := _neighbour_piece(view.log, row):
            painter.setPen(QPen(self.colour("outline"), 1))
            _bracket(painter, rect, piece)


def _chosen_piece(view: LogView, row: int) -> str:
    """Which piece of the chosen pair's bracket stands in a row: its top, its bottom, the line between, or nothing."""
    if view.pair is None:
        return ""
    number, (first, last) = view.log.number(row), view.pair
    if number == first:
        return "top"
    if number == last:
        return "bottom"
    return "line" if first < number < last and not view.log.latest else ""


def _neighbour_piece(log: LogModel, row: int) -> str:
    partner = log.partner_row(row)
    if partner is None:
        return ""
    return {row + 1: "top", row - 1: "bottom"}.get(partner, "")


def _bracket(painter: QPainter, rect: QRect, piece: str) -> None:
    left, middle = rect.left() + 7, rect.center().y()
    top = middle if piece == "top" else rect.top()
    bottom = middle if piece == "bottom" else rect.bottom() + 1
    painter.drawLine(left, top, left, bottom)
    if piece != "line":
        painter.drawLine(left, middle, left + 5, middle)
