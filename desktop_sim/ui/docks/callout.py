"""A sentence right where the eye is: below a cell that was just edited, above it where there is no room."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QAbstractScrollArea, QFrame

from desktop_sim.ui.docks.labels import Sentence
from desktop_sim.ui.kit import fill, horizontal
from desktop_sim.ui.theme import theme

WIDEST = 360
GROUNDS = {"bad": "bad_soft", "warn": "warn_soft", "good": "good_soft"}


class Callout(QFrame):
    """Floats over a view's rows, takes no focus, and goes when the view scrolls or is clicked."""

    def __init__(self, view: QAbstractScrollArea) -> None:
        super().__init__(view.viewport())
        self._view = view
        self._said = Sentence()
        self._row = horizontal()
        self._row.setContentsMargins(9, 7, 9, 7)
        self.setLayout(fill(self._row, self._said))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        view.verticalScrollBar().valueChanged.connect(self.hide)
        self.hide()

    @property
    def text(self) -> str:
        """The sentence that stands there; empty while there is none."""
        return self._said.text if self.isVisible() else ""

    def point_at(self, place: QRect, text: str, kind: str) -> None:
        """Say something about a place of the view."""
        tokens = theme().tokens
        ground, edge = getattr(tokens, GROUNDS[kind]), getattr(tokens, kind)
        self.setStyleSheet(
            f"Callout {{ background: {ground}; border: 1px solid {edge}; border-radius: 6px; }}"
        )
        self._said.tell(text, kind)
        room = self._view.viewport().rect().adjusted(4, 2, -4, -2)
        width = min(WIDEST, room.width())
        height = self._row.heightForWidth(width)
        left = max(room.left(), min(place.left(), room.right() - width))
        top = place.bottom() + 3
        if top + height > room.bottom():
            top = max(room.top(), place.top() - 3 - height)
        self.setGeometry(left, top, width, height)
        self.show()
        self.raise_()
