"""JSON for people: indented, coloured, in letters of one width."""

import re

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtGui import QSyntaxHighlighter, QTextCharFormat, QTextDocument
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from desktop_sim.ui.theme import fixed_font, theme

MOST_COLOURED = 100_000
"""Characters; a longer text is shown in one colour, at once."""

_TOKENS = re.compile(
    r'(?P<key>"(?:[^"\\]|\\.)*")(?=\s*:)|(?P<text>"(?:[^"\\]|\\.)*"?)'
    r"|(?P<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?P<word>\b(?:true|false|null)\b)|(?P<mark>[{}\[\],:])"
)
_FRAME = msgspec.json.Decoder(list[msgspec.Raw])
INKS = {"key": "accent", "text": "good", "number": "calm", "word": "warn", "mark": "muted"}


def pretty(text: str) -> str:
    """The text indented, its numbers and order untouched; as it is if it is no JSON."""
    try:
        return msgspec.json.format(text, indent=2)
    except (msgspec.DecodeError, RecursionError):
        return text


def pretty_frame(text: str) -> str:
    """A frame with its head in one line and its payload indented below; any other text as `pretty` has it."""
    try:
        parts = _FRAME.decode(text)
    except (msgspec.DecodeError, RecursionError):
        return pretty(text)
    if not 3 <= len(parts) <= 5:
        return pretty(text)
    *head, payload = [bytes(part).decode() for part in parts]
    return f"[{', '.join(part.strip() for part in head)}, {pretty(payload)}]"


class JsonColours(QSyntaxHighlighter):
    """Keys, texts, numbers and words in the colours of the palette in force."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self._formats: dict[str, QTextCharFormat] = {}
        self._take_colours()
        theme().changed.connect(self._theme_changed)

    def _take_colours(self) -> None:
        for name, ink in INKS.items():
            shape = QTextCharFormat()
            shape.setForeground(theme().colour(ink))
            self._formats[name] = shape

    def _theme_changed(self) -> None:
        self._take_colours()
        self.rehighlight()

    # --- Qt ---

    def highlightBlock(self, text: str) -> None:
        if len(text) > MOST_COLOURED:
            return
        for found in _TOKENS.finditer(text):
            name = found.lastgroup or ""
            self.setFormat(found.start(), found.end() - found.start(), self._formats[name])


class JsonPane(QPlainTextEdit):
    """Shows a text that is JSON, or ought to be. `wrapped` breaks long lines, as the raw text has but one."""

    def __init__(self, name: str, *, wrapped: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._coloured: JsonColours | None = None
        self.setAccessibleName(name)
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setFont(fixed_font())
        self.setUndoRedoEnabled(False)
        mode = QPlainTextEdit.LineWrapMode.WidgetWidth if wrapped else QPlainTextEdit.LineWrapMode.NoWrap
        self.setLineWrapMode(mode)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._colours = JsonColours(self.document())

    def show_text(self, text: str) -> None:
        """Show a text; showing the same again moves nothing."""
        if text == self.toPlainText():
            return
        document = self.document() if len(text) <= MOST_COLOURED else None
        if self._colours.document() is not document:
            self._colours.setDocument(document)
        self.setPlainText(text)
