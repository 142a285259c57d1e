"""Following the end of a list, but only for those who are there."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QAbstractItemView


class Tail(QObject):
    """Keeps a view at its end while the end is in sight; whoever scrolls up stays where they are."""

    changed = Signal(bool)
    """Whether the end is followed."""

    def __init__(self, view: QAbstractItemView) -> None:
        super().__init__(view)
        self._view = view
        self._bar = view.verticalScrollBar()
        self._following = True
        self._bar.valueChanged.connect(self._moved)
        self._bar.rangeChanged.connect(self._stretched)

    @property
    def following(self) -> bool:
        """Whether the end is followed."""
        return self._following

    def follow(self, on: bool) -> None:
        """Go to the end and stay there, or stay here."""
        self._set(on)
        self.keep_up()

    def keep_up(self) -> None:
        """Rows were added: go to the end, if it is followed."""
        if self._following:
            self._view.scrollToBottom()

    def rows_gone(self, height: int) -> None:
        """Rows of that height in all went away at the top: what is in sight stays in sight."""
        if not self._following:
            self._bar.setValue(max(0, self._bar.value() - height))

    def _moved(self, value: int) -> None:
        self._set(value >= self._bar.maximum())

    def _stretched(self, least: int, most: int) -> None:
        if self._following:
            self._bar.setValue(most)

    def _set(self, on: bool) -> None:
        if on != self._following:
            self._following = on
            self.changed.emit(on)
