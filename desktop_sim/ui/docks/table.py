"""A table view for cells: fixed rows, columns that give way when it gets narrow, copying, words where it is empty."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication, QHeaderView, QTableView, QWidget

from desktop_sim.ui.docks.cells import ICON, PAD, CellModel, Cells
from desktop_sim.ui.theme import scaled_font, theme

ROW = 20


class Table(QTableView):
    """Shows a cell model. `stretch` is the column that takes what is left."""

    activated_row = Signal(int)
    """Return or a double click on a row."""

    chosen = Signal(int)
    """The row the keyboard or mouse went to; -1 when there is none any more."""

    def __init__(
        self,
        model: CellModel,
        name: str,
        *,
        stretch: int,
        cells: Callable[[QAbstractItemView], Cells] = Cells,
        row_height: int = ROW,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.empty_text = ""
        self.copied: Callable[[list[int]], str] = self.tab_separated
        self._cells = model
        self._stretch = stretch
        self.setAccessibleName(name)
        self.setModel(model)
        self.setItemDelegate(cells(self))
        self._settle(row_height)
        self._lay_out_columns()
        self.doubleClicked.connect(lambda index: self.activated_row.emit(index.row()))
        self.selectionModel().currentRowChanged.connect(lambda now, before: self.chosen.emit(now.row()))
        model.modelReset.connect(lambda: self.chosen.emit(-1))

    def _settle(self, row_height: int) -> None:
        """Rows of one height, which is what makes long tables quick."""
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setTabKeyNavigation(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        height = max(row_height, QFontMetrics(scaled_font(1.0)).height() + 4)
        rows.setMinimumSectionSize(height)
        rows.setDefaultSectionSize(height)

    def _lay_out_columns(self) -> None:
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        header.setMinimumSectionSize(24)
        metrics = QFontMetrics(scaled_font(1.0, bold=True))
        for place, column in enumerate(self._cells.columns):
            if place == self._stretch:
                header.setSectionResizeMode(place, QHeaderView.ResizeMode.Stretch)
                continue
            header.setSectionResizeMode(place, QHeaderView.ResizeMode.Interactive)
            widest = max(metrics.horizontalAdvance(column.sample), metrics.horizontalAdvance(column.title))
            self.setColumnWidth(place, widest + 2 * PAD + 4)

    @property
    def row_height(self) -> int:
        """The height of each row."""
        return self.verticalHeader().defaultSectionSize()

    def make_room(self, column: int, *, icon: bool = False, extra: int = 0) -> None:
        """Widen a column for the icon its cells show, or anything else."""
        self.setColumnWidth(column, self.columnWidth(column) + (ICON + 5 if icon else 0) + extra)

    def chosen_rows(self) -> list[int]:
        """The selected rows from top to bottom."""
        return sorted(index.row() for index in self.selectionModel().selectedRows())

    def choose(self, row: int) -> None:
        """Select a row and bring it into sight."""
        index = self._cells.index(row, 0)
        self.setCurrentIndex(index)
        self.selectRow(row)
        self.scrollTo(index, QAbstractItemView.ScrollHint.EnsureVisible)

    def copy(self) -> None:
        """Put the selected rows into the clipboard."""
        rows = self.chosen_rows()
        if rows:
            QApplication.clipboard().setText(self.copied(rows))

    def tab_separated(self, rows: list[int]) -> str:
        """Rows as tables take them."""
        places = range(len(self._cells.columns))
        return "\n".join("\t".join(self._cells.cell(row, place).text for place in places) for row in rows)

    def say_when_empty(self, text: str) -> None:
        """The words that stand where rows would be."""
        if text != self.empty_text:
            self.empty_text = text
            self.viewport().update()

    # --- Qt ---

    def event(self, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.matches(QKeySequence.StandardKey.Copy)
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.activated_row.emit(self.currentIndex().row())
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        width = self.viewport().width()
        for place, column in enumerate(self._cells.columns):
            hidden = width < column.drop_below
            if hidden != self.isColumnHidden(place):
                self.setColumnHidden(place, hidden)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.empty_text and self._cells.rowCount() == 0:
            painter = QPainter(self.viewport())
            painter.setPen(theme().colour("muted"))
            place = self.viewport().rect().adjusted(16, 12, -16, -12)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self.empty_text)
            painter.end()
