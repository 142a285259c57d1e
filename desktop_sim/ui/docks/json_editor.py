"""A small editor for JSON: coloured, indenting, with the wrong line marked while one types."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QTextFormat
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from desktop_sim.ui.docks.json_text import JsonColours
from desktop_sim.ui.kit import mark
from desktop_sim.ui.theme import fixed_font, theme

STEP = "  "


class JsonEditor(QPlainTextEdit):
    """Tab leaves it, as everywhere in the window; Return keeps the indentation."""

    send_wished = Signal()
    """Ctrl+Return."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setFont(fixed_font())
        self.setTabChangesFocus(True)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._colours = JsonColours(self.document())

    def fill_in(self, text: str) -> None:
        """Begin with this text; nothing is edited yet."""
        self.setPlainText(text)
        self.document().setModified(False)

    @property
    def edited(self) -> bool:
        """Whether a person changed the text since it was filled in."""
        return self.document().isModified()

    def mark_line(self, line: int, *, bad: bool) -> None:
        """Let the line (from 0; -1: none) where reading stopped stand out."""
        mark(self, state="bad" if bad else "")
        block = self.document().findBlockByNumber(line) if line >= 0 else None
        marks = []
        if block is not None and block.isValid():
            selection = QTextEdit.ExtraSelection()
            selection.format.setBackground(theme().colour("bad_soft"))
            selection.format.setProperty(QTextFormat.Property.FullWidthSelection, True)
            cursor = self.textCursor()
            cursor.setPosition(block.position())
            selection.cursor = cursor
            marks.append(selection)
        self.setExtraSelections(marks)

    # --- Qt ---

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _sends(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if _sends(event):
            self.send_wished.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._new_line()
        else:
            super().keyPressEvent(event)

    def _new_line(self) -> None:
        cursor = self.textCursor()
        before = cursor.block().text()[: cursor.positionInBlock()]
        indent = before[: len(before) - len(before.lstrip())]
        opened = before.rstrip().endswith(("{", "["))
        after = cursor.block().text()[cursor.positionInBlock() :].strip()
        cursor.insertText(f"\n{indent}{STEP if opened else ''}")
        if opened and after.startswith(("}", "]")):
            place = cursor.position()
            cursor.insertText(f"\n{indent}")
            cursor.setPosition(place)
            self.setTextCursor(cursor)


def _sends(event: QKeyEvent) -> bool:
    return event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and bool(
        event.modifiers() & Qt.KeyboardModifier.ControlModifier
    )
