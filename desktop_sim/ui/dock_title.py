"""The title of a dock: its name, and two small buttons: on its own, and away."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QDockWidget, QWidget

from desktop_sim.ui.kit import caption, fill, horizontal, tinted, tool
from desktop_sim.ui.texts import _

ICON = 14


class DockTitle(QWidget):
    """Stands in the place of Qt's title bar; a dock is still dragged by it."""

    def __init__(self, dock: QDockWidget) -> None:
        super().__init__(dock)
        self._dock = dock
        name = caption(dock.windowTitle())
        name.setProperty("title", True)
        self.float_button = tool(_("On its own, or back in the window"), "float", self._float)
        self.close_button = tool(_("Close this panel"), "close", dock.close)
        for button in (self.float_button, self.close_button):
            button.setFixedSize(QSize(24, 24))
        tinted(self.float_button, "float", size=ICON)
        tinted(self.close_button, "close", size=ICON)
        row = horizontal(gap=2)
        row.setContentsMargins(10, 3, 6, 3)
        self.setLayout(fill(row, name, 1, self.float_button, self.close_button))

    def _float(self) -> None:
        self._dock.setFloating(not self._dock.isFloating())
