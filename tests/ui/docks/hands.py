"""The hands of a person at keyboard and mouse, and their eyes."""

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QTableView, QWidget
from pytestqt.qtbot import QtBot

from desktop_sim.ui.docks.cells import CellModel

CTRL = Qt.KeyboardModifier.ControlModifier


class Hands:
    """Clicks and types; refuses what a person could not do."""

    def __init__(self, qtbot: QtBot) -> None:
        self._qtbot = qtbot

    def click(self, button: QAbstractButton) -> None:
        """Press a button, once everything stands where it belongs."""
        self._qtbot.wait(1)
        assert button.isVisible(), f"nobody sees {button.text() or button.accessibleName()}"
        assert button.isEnabled(), f"{button.text() or button.accessibleName()} is greyed out"
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def click_row(self, table: QTableView, row: int, column: int = 0, *, twice: bool = False) -> None:
        """Click into a cell."""
        table.scrollTo(table.model().index(row, column))
        place: QPoint = table.visualRect(table.model().index(row, column)).center()
        QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
        if twice:
            QTest.mouseDClick(
                table.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place
            )

    def type(self, widget: QWidget, text: str, *, instead: bool = True) -> None:
        """Type into a field, by default instead of what stands there."""
        widget.setFocus()
        if instead:
            self.key(widget, Qt.Key.Key_A, CTRL)
            self.key(widget, Qt.Key.Key_Delete)
        QTest.keyClicks(widget, text)

    def key(
        self, widget: QWidget, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
    ) -> None:
        """Press a key."""
        QTest.keyClick(widget, key, modifier)

    def choose(self, box: QComboBox, text: str) -> None:
        """Take an entry of a list by the keyboard."""
        place = box.findText(text)
        assert place >= 0, f"{text} is not offered: {[box.itemText(i) for i in range(box.count())]}"
        box.setFocus()
        self.key(box, Qt.Key.Key_Home)
        for _ in range(place):
            self.key(box, Qt.Key.Key_Down)
        assert box.currentText() == text

    def wait(self, until: Callable[[], object]) -> None:
        """Until something is so."""
        self._qtbot.waitUntil(lambda: bool(until()), timeout=5000)

    @staticmethod
    def focused() -> QWidget:
        """The widget the keyboard talks to."""
        widget = QApplication.focusWidget()
        assert widget is not None
        return widget

    @staticmethod
    def clipboard() -> str:
        """What was copied."""
        return QApplication.clipboard().text()


def column(model: CellModel, place: int) -> list[str]:
    """The texts of a column from top to bottom."""
    return [model.cell(row, place).text for row in range(model.rowCount())]
