"""About the program, and the sheet of shortcuts."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import QDialog, QGridLayout, QLabel, QScrollArea, QWidget

from desktop_sim.ui.actions import Actions
from desktop_sim.ui.diagnostics import diagnostics
from desktop_sim.ui.icons import application_icon
from desktop_sim.ui.kit import caption, fill, heading, horizontal, push, vertical
from desktop_sim.ui.texts import _, plain
from desktop_sim.ui.theme import fixed_font, scaled_font


class About(QDialog):
    """Versions, licence."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("About"))
        picture = QLabel()
        picture.setPixmap(application_icon().pixmap(64, 64))
        name = QLabel(_("OCPP desktop simulator"))
        name.setFont(scaled_font(1.4, bold=True))
        facts = QLabel(diagnostics())
        facts.setFont(fixed_font(-1))
        facts.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        words = fill(
            vertical(gap=6), name, caption(_("OCPP 1.6J, exact on the wire. Apache License 2.0.")), facts
        )
        copy = push(_("&Copy"), lambda: QGuiApplication.clipboard().setText(diagnostics()), icon_name="copy")
        close = push(_("C&lose"), self.close, primary=True)
        top = fill(horizontal(gap=16), picture, words)
        self.setLayout(fill(vertical(margin=20, gap=14), top, fill(horizontal(), 1, copy, close)))


class ShortcutSheet(QDialog):
    """Every action that has keys."""

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Shortcuts"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(6)
        with_keys = [action for action in actions if not action.shortcut().isEmpty()]
        half = (len(with_keys) + 1) // 2
        for place, action in enumerate(with_keys):
            keys = QLabel(action.shortcut().toString(QKeySequence.SequenceFormat.NativeText))
            keys.setFont(fixed_font())
            column = 0 if place < half else 2
            grid.addWidget(keys, place % half, column)
            grid.addWidget(caption(plain(action.text()), muted=False), place % half, column + 1)
        inside = QWidget()
        inside.setLayout(grid)
        scroll = QScrollArea()
        scroll.setWidget(inside)
        scroll.setWidgetResizable(True)
        hint = caption(_("Single letters act inside a connector's page, where no text is typed."), wrap=True)
        close = push(_("C&lose"), self.close, primary=True)
        title = heading(_("Shortcuts"))
        self.setLayout(fill(vertical(margin=20, gap=12), title, scroll, hint, fill(horizontal(), 1, close)))
        self.resize(620, 460)
