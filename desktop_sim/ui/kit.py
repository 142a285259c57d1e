"""Small things every widget is made of: cards, captions, buttons with icons that follow the theme."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QSize, Qt, Slot
from PySide6.QtWidgets import (
    QAbstractButton,
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop_sim.ui.icons import icon
from desktop_sim.ui.theme import theme

GAP = 8
"""The step of the grid everything stands on."""


def mark(widget: QWidget, **properties: object) -> None:
    """Set properties the style sheet knows, and let it look again."""
    changed = False
    for name, value in properties.items():
        if widget.property(name) != value:
            widget.setProperty(name, value)
            changed = True
    if changed:
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def card(*, parent: QWidget | None = None) -> QFrame:
    """A sheet of paper on the window's ground."""
    frame = QFrame(parent)
    frame.setProperty("card", True)
    return frame


def line() -> QFrame:
    """A hairline between two parts."""
    frame = QFrame()
    frame.setProperty("line", True)
    return frame


def caption(text: str, *, muted: bool = True, wrap: bool = False) -> QLabel:
    """A small text."""
    label = QLabel(text)
    label.setProperty("muted", muted)
    label.setWordWrap(wrap)
    return label


def heading(text: str) -> QLabel:
    """The title of a part."""
    label = QLabel(text)
    label.setProperty("title", True)
    return label


def vertical(*, margin: int = 0, gap: int = GAP) -> QVBoxLayout:
    """Things below each other."""
    layout = QVBoxLayout()
    layout.setContentsMargins(margin, margin, margin, margin)
    layout.setSpacing(gap)
    return layout


def horizontal(*, margin: int = 0, gap: int = GAP) -> QHBoxLayout:
    """Things beside each other."""
    layout = QHBoxLayout()
    layout.setContentsMargins(margin, margin, margin, margin)
    layout.setSpacing(gap)
    return layout


def fill(layout: QBoxLayout, *things: QWidget | QLayout | int) -> QBoxLayout:
    """Put things in a row; a whole number is a stretch."""
    for thing in things:
        if isinstance(thing, QWidget):
            layout.addWidget(thing)
        elif isinstance(thing, QLayout):
            layout.addLayout(thing)
        else:
            layout.addStretch(thing)
    return layout


def tinted(button: QAbstractButton, name: str, ink: str = "muted", *, size: int = 16) -> None:
    """Give a button an icon whose colour follows the theme."""
    button.setIconSize(QSize(size, size))
    tint = button.findChild(_Tint, options=Qt.FindChildOption.FindDirectChildrenOnly) or _Tint(button)
    tint.show_icon(name, ink)


class _Tint(QObject):
    """Keeps the icon of its parent in the colours of the palette in force."""

    def __init__(self, button: QAbstractButton) -> None:
        super().__init__(button)
        self._button = button
        self._name = self._ink = ""
        theme().changed.connect(self.paint)

    def show_icon(self, name: str, ink: str) -> None:
        """Show another icon."""
        if (name, ink) != (self._name, self._ink):
            self._name, self._ink = name, ink
            self.paint()

    @Slot()
    def paint(self) -> None:
        """Show it in the colours in force."""
        tokens = theme().tokens
        self._button.setIcon(icon(self._name, getattr(tokens, self._ink), tokens.disabled))


def push(
    text: str, on_click: Callable[[], object], *, icon_name: str = "", ink: str = "text", **properties: object
) -> QPushButton:
    """A button with words."""
    button = QPushButton(text)
    for name, value in properties.items():
        button.setProperty(name, value)
    if icon_name:
        tinted(button, icon_name, ink)
    button.setAutoDefault(False)
    button.clicked.connect(lambda checked=False: on_click())
    return button


def tool(name: str, icon_name: str, on_click: Callable[[], object] | None = None) -> QToolButton:
    """A button with an icon only; `name` is its tooltip and what a screen reader says."""
    button = QToolButton()
    button.setToolTip(name)
    button.setAccessibleName(name)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    tinted(button, icon_name)
    if on_click is not None:
        button.clicked.connect(lambda checked=False: on_click())
    return button


def stretching(widget: QWidget) -> QWidget:
    """Let a widget take all the width there is."""
    widget.setSizePolicy(QSizePolicy.Policy.Expanding, widget.sizePolicy().verticalPolicy())
    return widget
