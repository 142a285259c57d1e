"""What all tables share: columns that give way, keys, copying, following the end, words where it is empty."""

import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QPushButton, QStyleOptionViewItem, QToolTip, QWidget
from pytestqt.qtbot import QtBot

from desktop_sim.ui.docks.cells import NOWHERE, Cell, CellModel, Cells, Column, Index
from desktop_sim.ui.docks.flow import Flow
from desktop_sim.ui.docks.table import Table
from desktop_sim.ui.docks.tail import Tail
from desktop_sim.ui.theme import DARK, LIGHT, contrast
from tests.ui.docks.hands import CTRL, Hands

INKS = ("text", "muted", "accent", "good", "warn", "bad", "calm")


class Numbers(CellModel):
    """Rows of numbers."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self.count = count
        self.columns = (
            Column("Number", "0000"),
            Column("Rare", "000000000", drop=2),
            Column("Text", "a text of some length"),
            Column("Common", "000000000", drop=1, right=True, roomy="0" * 60),
        )

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return self.count

    def cell(self, row: int, column: int) -> Cell:
        return Cell(f"{row}.{column}" if column != 2 else "long " * 60, icon="check" if column == 1 else "")

    def tooltip(self, row: int, column: int) -> str:
        return "told" if column == 1 else ""

    def add(self, count: int) -> None:
        """Add rows."""
        self.beginInsertRows(QModelIndex(), self.count, self.count + count - 1)
        self.count += count
        self.endInsertRows()


@pytest.fixture
def model() -> Numbers:
    return Numbers(50)


@pytest.fixture
def table(model: Numbers, qtbot: QtBot) -> Table:
    made = Table(model, "Numbers", stretch=2)
    qtbot.addWidget(made)
    made.resize(700, 200)
    made.show()
    qtbot.waitExposed(made)
    return made


def _shown(table: Table) -> list[int]:
    return [place for place in range(4) if not table.isColumnHidden(place)]


def test_columns_give_way_the_least_important_first(table: Table) -> None:
    assert _shown(table) == [0, 1, 2, 3]
    shown = []
    for width in range(700, 100, -20):
        table.resize(width, 200)
        if _shown(table) not in shown:
            shown.append(_shown(table))
    assert shown == [[0, 1, 2, 3], [0, 2, 3], [0, 2]]
    table.resize(700, 200)
    assert _shown(table) == [0, 1, 2, 3]


def test_room_to_spare_goes_to_long_texts(table: Table) -> None:
    before = table.columnWidth(3)
    table.resize(1100, 200)
    assert table.columnWidth(3) > before


def test_rows_have_one_height_and_the_view_no_row_names(table: Table) -> None:
    assert {table.rowHeight(row) for row in range(50)} == {table.row_height}
    assert not table.verticalHeader().isVisible()


def test_return_and_a_double_click_open_a_row(table: Table, hands: Hands, qtbot: QtBot) -> None:
    opened: list[int] = []
    table.activated_row.connect(opened.append)
    hands.click_row(table, 3, twice=True)
    hands.key(table, Qt.Key.Key_Down)
    hands.key(table, Qt.Key.Key_Return)
    hands.key(table, Qt.Key.Key_F2)
    assert opened == [3, 4, 4]


def test_copying_gives_columns(table: Table, hands: Hands) -> None:
    table.choose(2)
    hands.key(table, Qt.Key.Key_C, CTRL)
    first, second, _text, last = hands.clipboard().split("\t")
    assert (first, second, last) == ("2.0", "2.1", "2.3")


def test_choosing_a_row_is_not_disturbed_by_keys_that_are_held(table: Table, hands: Hands) -> None:
    hands.key(table, Qt.Key.Key_Control, CTRL)
    for row in (4, 4, 7):
        table.choose(row)
        assert table.chosen_rows() == [row]


def test_the_end_is_followed_by_those_who_are_there(table: Table, model: Numbers) -> None:
    tail = Tail(table)
    bar = table.verticalScrollBar()
    changes: list[bool] = []
    tail.changed.connect(changes.append)
    tail.follow(True)
    model.add(10)
    tail.keep_up()
    assert bar.value() == bar.maximum()
    table.resize(700, 120)
    QApplication.sendPostedEvents()
    assert bar.value() == bar.maximum()
    bar.setValue(100)
    model.add(10)
    tail.keep_up()
    assert bar.value() == 100
    tail.rows_gone(40)
    assert bar.value() == 60
    bar.setValue(bar.maximum())
    assert tail.following
    assert changes == [False, True]


def test_words_stand_where_nothing_is(qtbot: QtBot) -> None:
    made = Table(Numbers(0), "Numbers", stretch=2)
    qtbot.addWidget(made)
    made.resize(400, 200)
    made.show()
    before = made.grab().toImage()
    made.say_when_empty("Nothing here yet.")
    assert made.grab().toImage() != before


def _help(table: Table, row: int, column: int) -> str:
    """What is said when one points at a cell."""
    index = table.model().index(row, column)
    option = QStyleOptionViewItem()
    option.rect = table.visualRect(index)
    cells = table.itemDelegate()
    assert isinstance(cells, Cells)
    place = option.rect.center()
    event = QHelpEvent(QHelpEvent.Type.ToolTip, place, table.viewport().mapToGlobal(place))
    cells.helpEvent(event, table, option, index)
    return QToolTip.text()


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_pointing_at_a_cell_tells_what_does_not_fit(table: Table) -> None:
    assert _help(table, 0, 1) == "told"
    assert _help(table, 0, 2) == "long " * 60
    QToolTip.hideText()


def test_a_cell_model_speaks_through_qt_as_well(model: Numbers) -> None:
    index = model.index(1, 1)
    assert model.data(index) == "1.1"
    assert model.data(index, Qt.ItemDataRole.AccessibleTextRole) == "1.1"
    assert model.data(index, Qt.ItemDataRole.ToolTipRole) == "told"
    assert model.data(index, Qt.ItemDataRole.DecorationRole) is None
    assert model.data(QModelIndex()) is None
    titles = [model.headerData(place, Qt.Orientation.Horizontal) for place in range(5)]
    assert titles == ["Number", "Rare", "Text", "Common", None]
    assert model.headerData(0, Qt.Orientation.Vertical) is None


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ink", INKS)
def test_every_ink_can_be_read_on_a_chosen_row(tokens: object, ink: str) -> None:
    assert contrast(getattr(tokens, ink), getattr(tokens, "selection")) >= 4.5  # noqa: B009
    assert contrast(getattr(tokens, ink), getattr(tokens, "surface")) >= 4.5  # noqa: B009


def test_a_flow_breaks_into_lines(qtbot: QtBot) -> None:
    box = QWidget()
    qtbot.addWidget(box)
    buttons = [QPushButton(f"Button {number}") for number in range(6)]
    flow = Flow(*buttons)
    box.setLayout(flow)
    assert flow.heightForWidth(2000) < flow.heightForWidth(250) < flow.heightForWidth(120)
    box.resize(250, flow.heightForWidth(250))
    box.show()
    rows = {button.y() for button in buttons}
    assert len(rows) > 1
    assert all(button.geometry().right() < 250 for button in buttons)
    assert flow.count() == 6
    assert flow.itemAt(9) is None
    taken = flow.takeAt(0)
    assert taken is not None
    assert taken.widget() is buttons[0]
    assert flow.takeAt(9) is None
    assert QPoint(0, 0) == buttons[0].pos()
