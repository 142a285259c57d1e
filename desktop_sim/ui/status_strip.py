"""The line at the bottom: registration, sub-protocol, queue, heartbeat, clock, saved or not."""

from typing import Any

from PySide6.QtCore import QSize
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop_sim.ui.icons import pixmap
from desktop_sim.ui.session import Changes, StationSession
from desktop_sim.ui.statuses import link_look, link_word
from desktop_sim.ui.texts import _, _n, date_and_clock, duration, number
from desktop_sim.ui.theme import scaled_font, theme

TICK_MS = 1000
GAP = 18
ICON = 12
SECOND = 1_000_000


class StatusStrip(QWidget):
    """Painted: a clock that ticks in a label would lay out the whole window once a second."""

    def __init__(self) -> None:
        super().__init__()
        self._session: StationSession | None = None
        self._left: list[str] = []
        self._right: list[str] = []
        self._font = scaled_font(0.92)
        self.setFont(self._font)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(_("State of the station"))

    def show_session(self, session: StationSession | None) -> None:
        """Follow another station, or none."""
        if self._session is not None:
            self._session.changed.disconnect(self._on_changes)
            self._session.pump.wish(self, None)
        self._session = session
        if session is not None:
            session.changed.connect(self._on_changes)
            session.pump.wish(self, TICK_MS if self.isVisible() else None)
        self._look()

    def showEvent(self, event: QShowEvent) -> None:
        """The clock goes while somebody sees it."""
        super().showEvent(event)
        if self._session is not None:
            self._session.pump.wish(self, TICK_MS)

    def hideEvent(self, event: QHideEvent) -> None:
        """And rests when nobody does."""
        super().hideEvent(event)
        if self._session is not None:
            self._session.pump.wish(self, None)

    def _on_changes(self, changes: Changes) -> None:
        self._look()

    def refresh(self) -> None:
        """Look again: something beside the station changed."""
        self._look()

    def _look(self) -> None:
        left, right = ([], []) if self._session is None else words(self._session)
        if (left, right) != (self._left, self._right):
            if left != self._left:
                self.setAccessibleDescription(" · ".join(left))
            self._left, self._right = left, right
            self.update()

    def sizeHint(self) -> QSize:
        """One line."""
        return QSize(400, self.fontMetrics().height() + 10)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A light, and words with air between."""
        painter = QPainter(self)
        painter.setFont(self._font)
        metrics = painter.fontMetrics()
        baseline = (self.height() + metrics.ascent() - metrics.descent()) // 2
        x = 12
        if self._session is not None:
            shown = link_look(self._session.link_state)
            ink = getattr(theme().tokens, shown.ink)
            picture = pixmap(shown.icon, ink, ICON, self.devicePixelRatioF())
            painter.drawPixmap(x, (self.height() - ICON) // 2, picture)
            x += ICON + 6
        right = self.width() - 12
        painter.setPen(theme().colour("muted"))
        for text in reversed(self._right):
            right -= metrics.horizontalAdvance(text)
            painter.drawText(right, baseline, text)
            right -= GAP
        for place, text in enumerate(self._left):
            painter.setPen(theme().colour("text" if place == 0 else "muted"))
            if x + metrics.horizontalAdvance(text) > right:
                break
            painter.drawText(x, baseline, text)
            x += metrics.horizontalAdvance(text) + GAP
        painter.end()


def words(session: StationSession) -> tuple[list[str], list[str]]:
    """What stands at the left and at the right."""
    info = session.info
    link, registration = info.get("link", {}), info.get("registration", {})
    left = [link_word(session.link_state)]
    if session.link_state == "up":
        left = [str(registration.get("status") or _("Waiting for registration"))]
        left.append(link.get("subprotocol") or _("no sub-protocol"))
    elif link.get("reason"):
        left.append(str(link["reason"]))
    left.append(_queue(info.get("queue", {})))
    due = info.get("heartbeat")
    if session.link_state == "up" and due:
        left.append(_("heartbeat in {time}").format(time=duration((due - session.sim) / SECOND)))
    if not session.powered:
        left = [_("No power")]
    document = session.document
    saved = _("not saved") if document is not None and document.unsaved else _("saved")
    if document is not None and document.path is None:
        saved = _("no file")
    return left, [_clock(info.get("clock", {}), session.sim), saved]


def _queue(queue: dict[str, Any]) -> str:
    waiting = int(queue.get("waiting", 0))
    return _n("queue %n", waiting)


def _clock(clock: dict[str, Any], sim: int) -> str:
    rate = float(clock.get("rate", 1.0))
    text = date_and_clock(sim) if sim else ""
    if rate == 0:
        return f"{text}  " + _("stopped")
    return text if rate == 1 else f"{text}  ×{number(rate, 0 if rate == int(rate) else 1)}"
