"""Tells a person something without stopping them: a line above the page that goes by itself."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget

from desktop_sim.ui.icons import pixmap
from desktop_sim.ui.kit import fill, horizontal, push, tool
from desktop_sim.ui.texts import _
from desktop_sim.ui.theme import theme

SECONDS = {"good": 5, "info": 6, "warn": 12, "bad": 20}
LOOKS = {
    "good": ("check", "good", "good_soft"),
    "info": ("info", "accent", "accent_soft"),
    "warn": ("warning", "warn", "warn_soft"),
    "bad": ("fault", "bad", "bad_soft"),
}


class NoticeBar(QFrame):
    """One sentence at a time; the newest wins."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kind = "info"
        self._sign = QLabel()
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._act = push("", self._acted, link=True)
        self._on_act: object = None
        row = horizontal(margin=0, gap=10)
        row.setContentsMargins(14, 6, 8, 6)
        self.setLayout(fill(row, self._sign, self._text, self._act, tool(_("Close"), "close", self.hide)))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        theme().changed.connect(self._paint)
        self.hide()

    def tell(self, kind: str, text: str, act: str = "", on_act: object = None) -> None:
        """Show a sentence: good, info, warn or bad; `act` is a button behind it."""
        self._kind = kind if kind in LOOKS else "info"
        self._text.setText(text)
        self._act.setText(act)
        self._act.setVisible(bool(act))
        self._on_act = on_act
        self.setAccessibleName(text)
        self._paint()
        self.show()
        self._timer.start(SECONDS[self._kind] * 1000)

    @property
    def text(self) -> str:
        """The sentence shown last."""
        return self._text.text()

    def _acted(self) -> None:
        self.hide()
        if callable(self._on_act):
            self._on_act()

    def _paint(self) -> None:
        icon_name, ink, ground = LOOKS[self._kind]
        tokens = theme().tokens
        ratio = self.devicePixelRatioF()
        self._sign.setPixmap(pixmap(icon_name, getattr(tokens, ink), 18, ratio))
        self.setStyleSheet(f"NoticeBar {{ background: {getattr(tokens, ground)}; border: 0; }}")
