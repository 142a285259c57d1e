"""The status of a connector: a shape, a colour, the word of the wire, and a sentence."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop_sim.ui.icons import pixmap
from desktop_sim.ui.statuses import look, status_sentence
from desktop_sim.ui.texts import _
from desktop_sim.ui.theme import scaled_font, theme

ICON = 28
PAD = 12
RADIUS = 8


class StateBadge(QWidget):
    """Painted in one go, so that a change of status moves nothing around it."""

    def __init__(self) -> None:
        super().__init__()
        self._status = ""
        self._note = ""
        self._word = scaled_font(1.25, bold=True)
        self._small = scaled_font(0.92)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(_("Status"))

    def show_status(self, status: str, note: str = "") -> None:
        """Show a status; `note` stands in the place of the usual sentence."""
        if (status, note) == (self._status, self._note):
            return
        self._status, self._note = status, note
        self.setAccessibleName(_("Status: {status}").format(status=status))
        self.setAccessibleDescription(self.sentence)
        self.setToolTip(self.sentence)
        self.update()

    @property
    def status(self) -> str:
        """The status that is shown."""
        return self._status

    @property
    def sentence(self) -> str:
        """What stands below the word."""
        return self._note or status_sentence(self._status)

    def sizeHint(self) -> QSize:
        """Two lines and some air."""
        heights = _height(self._word) + _height(self._small)
        return QSize(220, max(ICON, heights) + 2 * PAD - 4)

    minimumSizeHint = sizeHint

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground, shape, word, sentence."""
        tokens, shown = theme().tokens, look(self._status)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().colour(shown.ground))
        painter.drawRoundedRect(QRectF(self.rect()), RADIUS, RADIUS)
        picture = pixmap(shown.icon, getattr(tokens, shown.ink), ICON, self.devicePixelRatioF())
        painter.drawPixmap(PAD, (self.height() - ICON) // 2, picture)
        self._paint_words(painter)
        painter.end()

    def _paint_words(self, painter: QPainter) -> None:
        left = PAD + ICON + 10
        width = self.width() - left - PAD
        above, below = _height(self._word), _height(self._small)
        top = (self.height() - above - below) // 2
        painter.setPen(theme().colour("text"))
        painter.setFont(self._word)
        painter.drawText(left, top, width, above, Qt.AlignmentFlag.AlignVCenter, self._status or "—")
        painter.setFont(self._small)
        elided = painter.fontMetrics().elidedText(self.sentence, Qt.TextElideMode.ElideRight, width)
        painter.drawText(left, top + above, width, below, Qt.AlignmentFlag.AlignVCenter, elided)


def _height(font: QFont) -> int:
    return QFontMetrics(font).height()
