"""Texts that know their place: one that shortens itself, and one with a sign before it."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from desktop_sim.ui.icons import pixmap
from desktop_sim.ui.kit import horizontal, mark
from desktop_sim.ui.theme import theme

SIGN = 15
LEAST_LETTERS = 4
"""Less of a text says nothing."""

SIGNS = {
    "good": ("check", "good"),
    "warn": ("warning", "warn"),
    "bad": ("fault", "bad"),
    "info": ("info", "muted"),
    "wait": ("clock", "muted"),
}
"""Icon and ink of each kind of sentence."""


class Elided(QLabel):
    """A single line that ends in dots when there is too little room, and then tells the rest as its tooltip."""

    def __init__(self, text: str = "", *, muted: bool = False) -> None:
        super().__init__(text)
        self.setProperty("muted", muted)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def minimumSizeHint(self) -> QSize:
        """It may become as narrow as need be."""
        return QSize(24, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """As much of the text as fits."""
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        metrics = self.fontMetrics()
        text = metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        text = "" if len(text) < LEAST_LETTERS <= len(self.text()) else text
        self.setToolTip("" if text == self.text() else self.text())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
        painter.end()


class Sentence(QWidget):
    """A sentence with a sign for what it means: good, warn, bad, info or wait."""

    def __init__(self, *, wrap: bool = True) -> None:
        super().__init__()
        self._kind = ""
        self._sign = QLabel()
        self._text = QLabel() if wrap else Elided()
        self._text.setWordWrap(wrap)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        if wrap:
            self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
            self._text.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        row = horizontal(gap=6)
        row.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop if wrap else Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._text, 1)
        self.setLayout(row)
        self.tell("")
        theme().changed.connect(self._paint)

    def tell(self, text: str, kind: str = "info") -> None:
        """Show a sentence; an empty one leaves the line empty."""
        self._kind = kind
        self._text.setText(text)
        self._sign.setVisible(bool(text))
        self.setAccessibleName(text)
        mark(self._text, bad=kind == "bad", muted=kind in ("info", "wait"))
        self._paint()

    @property
    def text(self) -> str:
        """The sentence."""
        return self._text.text()

    @property
    def kind(self) -> str:
        """What it means."""
        return self._kind

    def _paint(self) -> None:
        icon_name, ink = SIGNS[self._kind]
        picture = pixmap(icon_name, getattr(theme().tokens, ink), SIGN, self.devicePixelRatioF())
        self._sign.setPixmap(picture)


class Chip(QLabel):
    """A word in a coloured lozenge: good, warn, bad, info or wait."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._kind = "info"
        self._name = name
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        theme().changed.connect(self._paint)
        self._paint()

    def tell(self, word: str, kind: str) -> None:
        """Show a word; none hides the lozenge."""
        self._kind = kind
        self.setText(word)
        self.setAccessibleName(f"{self._name}: {word}")
        self.setVisible(bool(word))
        self._paint()

    @property
    def kind(self) -> str:
        """What the word means."""
        return self._kind

    def _paint(self) -> None:
        tokens = theme().tokens
        if self._kind in ("good", "warn", "bad"):
            ink, ground = getattr(tokens, self._kind), getattr(tokens, f"{self._kind}_soft")
        else:
            ink, ground = tokens.muted, tokens.sunken
        look = f"color: {ink}; background: {ground}; border-radius: 6px; padding: 3px 9px; font-weight: 600;"
        self.setStyleSheet(look)
