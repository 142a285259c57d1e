"""Tables made of cells: a model says what stands in a cell, a delegate paints it quickly in the colours in force.

A cell is asked for once and painted from one value, instead of one call through Qt for each role.
"""

from abc import abstractmethod
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
)
from PySide6.QtGui import QColor, QFontMetrics, QHelpEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
)

from desktop_sim.ui.icons import pixmap
from desktop_sim.ui.theme import scaled_font, theme

Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()
PAD = 6
ICON = 14
FOCUS_BAR = 3
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
TEXTS = 4096
"""Texts whose shortened form is kept: measuring letters is most of the work."""


class Cell(NamedTuple):
    """What stands in a cell; `ink`, `ground` and `icon_ink` (as `ink`, unless named) are tokens of the theme."""

    text: str
    ink: str = "text"
    icon: str = ""
    ground: str = ""
    strong: bool = False
    right: bool = False
    icon_ink: str = ""


EMPTY = Cell("")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its title and a text that just fits; where there is room to spare, `roomy` fits too.

    When it gets narrow the column with the highest `drop` is left out first, one with 0 never.
    """

    title: str
    sample: str = ""
    drop: int = 0
    roomy: str = ""
    right: bool = False


class CellModel(QAbstractTableModel):
    """A model that gives cells."""

    columns: tuple[Column, ...] = ()

    @abstractmethod
    def cell(self, row: int, column: int) -> Cell:
        """What stands there."""

    def tooltip(self, row: int, column: int) -> str:
        """What is said of a cell when one points at it; empty: its text, if it does not fit."""
        return ""

    # --- Qt ---

    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.cell(index.row(), index.column()).text
        if role == Qt.ItemDataRole.ToolTipRole:
            return self.tooltip(index.row(), index.column()) or None
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Vertical or not 0 <= section < len(self.columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return RIGHT if self.columns[section].right else LEFT
        return None


class Cells(QStyledItemDelegate):
    """Paints cells: ground, icon, text. `left` widens the space before the first column."""

    def __init__(self, parent: QAbstractItemView, *, left: int = 0) -> None:
        super().__init__(parent)
        self._left = left
        self._plain = scaled_font(1.0, tabular=True)
        self._strong = scaled_font(1.0, bold=True, tabular=True)
        self._metrics = (QFontMetrics(self._plain), QFontMetrics(self._strong))
        self._fitting = lru_cache(maxsize=TEXTS)(self._elided)
        self._colours: dict[str, QColor] = {}
        theme().changed.connect(self._forget_colours)

    def colour(self, token: str) -> QColor:
        """That colour of the palette in force."""
        known = self._colours.get(token)
        if known is None:
            known = self._colours[token] = theme().colour(token)
        return known

    def _forget_colours(self) -> None:
        self._colours.clear()

    def text_place(self, rect: QRect, column: int, cell: Cell) -> QRect:
        """Where the text of a cell stands."""
        left = PAD + (self._left if column == 0 else 0) + (ICON + 5 if cell.icon else 0)
        return rect.adjusted(left, 0, -PAD, 0)

    # --- Qt ---

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        if not isinstance(model, CellModel):
            return
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        row, column = index.row(), index.column()
        cell = model.cell(row, column)
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, self.colour("selection"))
        elif cell.ground:
            painter.fillRect(rect, self.colour(cell.ground))
        if column == 0:
            self._paint_focus(painter, option, rect, row)
        place = self.text_place(rect, column, cell)
        if cell.icon:
            self._paint_icon(painter, option, cell, place)
        if cell.text:
            self._paint_text(painter, cell, place)

    def _paint_icon(self, painter: QPainter, option: QStyleOptionViewItem, cell: Cell, place: QRect) -> None:
        ratio = painter.device().devicePixelRatioF()
        ink = getattr(theme().tokens, cell.icon_ink or cell.ink)
        corner = QPoint(place.left() - ICON - 5, place.center().y() - ICON // 2 + 1)
        painter.drawPixmap(corner, pixmap(cell.icon, ink, ICON, ratio))

    def _paint_text(self, painter: QPainter, cell: Cell, place: QRect) -> None:
        painter.setFont(self._strong if cell.strong else self._plain)
        painter.setPen(self.colour(cell.ink))
        text = self._fitting(cell.text, place.width(), cell.strong)
        painter.drawText(place, RIGHT if cell.right else LEFT, text)

    def _elided(self, text: str, width: int, strong: bool) -> str:
        return self._metrics[strong].elidedText(text, Qt.TextElideMode.ElideRight, width)

    def _paint_focus(self, painter: QPainter, option: QStyleOptionViewItem, rect: QRect, row: int) -> None:
        """A bar at the row the keyboard is on."""
        view = self.parent()
        if isinstance(view, QAbstractItemView) and view.hasFocus() and view.currentIndex().row() == row:
            painter.fillRect(rect.left(), rect.top(), FOCUS_BAR, rect.height(), self.colour("accent"))

    def helpEvent(
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        option: QStyleOptionViewItem,
        index: Index,
    ) -> bool:
        model: QAbstractItemModel | None = index.model()
        if not isinstance(model, CellModel):
            return False
        cell = model.cell(index.row(), index.column())
        text = model.tooltip(index.row(), index.column())
        if not text:
            place = self.text_place(option.rect, index.column(), cell)
            metrics = self._metrics[cell.strong]
            text = "" if metrics.horizontalAdvance(cell.text) <= place.width() else cell.text
        QToolTip.showText(event.globalPos(), text, view)
        return True
