"""A table view for cells: fixed rows, columns that give way when it gets narrow, copying, words where it is empty."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication, QHeaderView, QTableView, QWidget

from desktop_sim.ui.docks.cells import ICON, PAD, CellModel, Cells
from desktop_sim.ui.theme import scaled_font, theme

ROW = 20
OPENING = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2)


class Table(QTableView):
    """Shows a cell model. `stretch` is the column that takes what is left."""

    activated_row = Signal(int)
    """Return, F2 or a double click on a row."""

    chosen = Signal(int)
    """The row the keyboard or mouse went to; -1 when there is none any more."""

    given_up = Signal()
    """Escape: back to no row at all."""

    columns_changed = Signal()
    """Columns were left out, or came back."""

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
        self._least = 0
        self._widths: dict[int, int] = {}
        self._roomy: dict[int, int] = {}
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
            widest = max(metrics.horizontalAdvance(column.sample), metrics.horizontalAdvance(column.title))
            widest += 2 * PAD + 4
            if place == self._stretch:
                self._least = widest
                header.setSectionResizeMode(place, QHeaderView.ResizeMode.Stretch)
                continue
            header.setSectionResizeMode(place, QHeaderView.ResizeMode.Interactive)
            self._set_width(place, widest)
            if column.roomy:
                self._roomy[place] = metrics.horizontalAdvance(column.roomy) + 2 * PAD + 4 - widest

    @property
    def row_height(self) -> int:
        """The height of each row."""
        return self.verticalHeader().defaultSectionSize()

    def make_room(self, column: int, *, icon: bool = False, extra: int = 0) -> None:
        """Widen a column for the icon its cells show, or anything else."""
        more = (ICON + 5 if icon else 0) + extra
        if column == self._stretch:
            self._least += more
        else:
            self._set_width(column, self._widths[column] + more)

    def _set_width(self, column: int, width: int) -> None:
        self._widths[column] = width
        self.setColumnWidth(column, width)

    def chosen_rows(self) -> list[int]:
        """The selected rows from top to bottom."""
        return sorted(index.row() for index in self.selectionModel().selectedRows())

    def choose(self, row: int, *, scroll: bool = True) -> None:
        """Select a row alone, whatever keys are held, and bring it into sight."""
        index = self._cells.index(row, 0)
        only = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.setAutoScroll(scroll)
        self.selectionModel().setCurrentIndex(index, only)
        self.setAutoScroll(True)
        if scroll:
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
        elif event.key() == Qt.Key.Key_Escape:
            self.given_up.emit()
        elif event.key() in OPENING and self.currentIndex().isValid():
            self.activated_row.emit(self.currentIndex().row())
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._drop_columns(self.viewport().width())

    def _drop_columns(self, width: int) -> None:
        """Leave out columns until the stretching one has its room; the least important go first."""
        columns = self._cells.columns
        shown = set(range(len(columns)))
        needed = sum(self._widths.values()) + self._least
        for place in sorted(self._widths, key=lambda place: -columns[place].drop):
            if needed <= width or not columns[place].drop:
                break
            shown.discard(place)
            needed -= self._widths[place]
        self._spread(width - needed, shown)
        wrong = [place for place in self._widths if self.isColumnHidden(place) == (place in shown)]
        for place in wrong:
            self.setColumnHidden(place, place not in shown)
        if wrong:
            self.columns_changed.emit()

    def _spread(self, spare: int, shown: set[int]) -> None:
        """Give what is to spare to columns with longer texts."""
        for place in sorted(shown & self._roomy.keys()):
            more = max(0, min(spare, self._roomy[place]))
            spare -= more
            if self.columnWidth(place) != self._widths[place] + more:
                self.setColumnWidth(place, self._widths[place] + more)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.empty_text and self._cells.rowCount() == 0:
            painter = QPainter(self.viewport())
            painter.setPen(theme().colour("muted"))
            place = self.viewport().rect().adjusted(16, 12, -16, -12)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self.empty_text)
            painter.end()
