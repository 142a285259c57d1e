"""What stands where there is nothing to show yet: why, and what one can do about it."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from desktop_sim.ui.icons import pixmap
from desktop_sim.ui.kit import caption, fill, heading, horizontal, push, vertical
from desktop_sim.ui.theme import theme

PICTURE = 40


class EmptyPage(QWidget):
    """A picture, a title, a sentence, a button."""

    def __init__(self, icon_name: str, on_click: Callable[[], object]) -> None:
        super().__init__()
        self._icon = icon_name
        self._picture = QLabel()
        self.title = heading("")
        self.text = caption("", wrap=True)
        self.button = push("", on_click, primary=True)
        for label in (self._picture, self.title, self.text):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.title.setWordWrap(True)
        middle = fill(horizontal(), 1, self.button, 1)
        column = fill(vertical(margin=20, gap=10), 1, self._picture, self.title, self.text, middle, 2)
        self.setLayout(column)
        theme().changed.connect(self._paint)
        self._paint()

    def tell(self, title: str, text: str, button: str) -> None:
        """Say why it is empty, and what the button does."""
        self.title.setText(title)
        self.text.setText(text)
        self.button.setText(button)
        self.button.setVisible(bool(button))
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)

    def _paint(self) -> None:
        colour = theme().tokens.outline
        self._picture.setPixmap(pixmap(self._icon, colour, PICTURE, self.devicePixelRatioF()))
