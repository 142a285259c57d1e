"""Editing a configuration value in its cell."""

from PySide6.QtCore import QAbstractItemModel, QEvent, QObject, QRect, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QLineEdit,
    QStyleOptionViewItem,
    QWidget,
)

from desktop_sim.ui.docks.cells import Cells, Index
from desktop_sim.ui.docks.key_model import KeyModel, KeyRow
from desktop_sim.ui.kit import mark
from desktop_sim.ui.texts import _

ROOM = 240
"""Pixels a field wants at least."""

IN_CELL = "padding: 0 4px; min-height: 0; border-radius: 3px;"


class KeyCells(Cells):
    """Opens a field for a value; what was typed goes out as a wish, for only the station can say whether it holds."""

    value_wished = Signal(str, str)
    """Key and value a person wants."""

    typing = Signal()
    """Something else is being typed."""

    def __init__(self, parent: QAbstractItemView) -> None:
        super().__init__(parent)
        self.refused: tuple[str, str] | None = None
        """Key and value the station just refused: the field opens with it, and says that it is wrong."""

    # --- Qt ---

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        row = _row(index)
        editor: QWidget = _Choice(parent) if row.form == "bool" else _field(parent, row)
        if isinstance(editor, QComboBox):
            editor.activated.connect(lambda place: self._done(editor))
        elif isinstance(editor, QLineEdit):
            editor.textEdited.connect(lambda text: self._typing(editor))
        editor.setAccessibleName(_("New value of {key}").format(key=row.key))
        editor.setStyleSheet(IN_CELL)
        return editor

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        row = _row(index)
        refused = self.refused is not None and self.refused[0] == row.key
        text = self.refused[1] if refused and self.refused else row.value or ""
        if isinstance(editor, QComboBox):
            editor.setCurrentText(text)
        elif isinstance(editor, QLineEdit) and not editor.isModified():
            editor.setText(text)
            editor.selectAll()
        if refused:
            mark(editor, state="bad")

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        row = _row(index)
        text = editor.currentText() if isinstance(editor, QComboBox) else ""
        if isinstance(editor, QLineEdit):
            text = editor.text()
        self.refused = None
        if text != (row.value or ""):
            self.value_wished.emit(row.key, text)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        """A long value gets a long field, over the columns beside it if need be."""
        place: QRect = option.rect
        view = self.parent()
        if isinstance(view, QAbstractItemView) and _row(index).form not in ("bool", "int"):
            place.setRight(view.viewport().width() - 1)
            place.setLeft(min(place.left(), max(0, place.right() - ROOM)))
        editor.setGeometry(place)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
        ):
            self.refused = None
        return super().eventFilter(watched, event)

    def _done(self, editor: QWidget) -> None:
        self.commitData.emit(editor)
        self.closeEditor.emit(editor)

    def _typing(self, editor: QWidget) -> None:
        mark(editor, state="")
        self.typing.emit()


def _row(index: Index) -> KeyRow:
    model = index.model()
    assert isinstance(model, KeyModel)
    return model.key_row(index.row())


class _Choice(QComboBox):
    """Arrow keys only look at the choices; Return takes one, as a click in the list does."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.addItems(["true", "false"])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        with QSignalBlocker(self):
            super().keyPressEvent(event)


def _field(parent: QWidget, row: KeyRow) -> QLineEdit:
    field = QLineEdit(parent)
    if row.form == "password":
        field.setEchoMode(QLineEdit.EchoMode.Password)
        field.setPlaceholderText(_("new value"))
    return field
