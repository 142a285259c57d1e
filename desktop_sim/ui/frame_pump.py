"""From events to pictures: what happens is gathered and handed on in frames, 30 a second at most.

The window never paints per message. A frame is due when something happened, or when somebody wished for the next one
(a scope that moves, a number that counts). With neither there is no timer at all, and the processor sleeps.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from time import monotonic
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, Qt, QTimer

FRAME_MS = 33
HIDDEN_MS = 1000
"""Between two frames while nobody can see the window: the models go on, nothing is painted."""

T = TypeVar("T")


@dataclass(slots=True)
class Frame(Generic[T]):
    """Everything of one kind that happened since the last frame, in order; often nothing."""

    events: list[T] = field(default_factory=list)


class FramePump(QObject):
    """One timer, single shot, set to whatever is due next."""

    def __init__(self, deliver: Callable[[], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._deliver = deliver
        self._wishes: dict[Hashable, int] = {}
        self._something_happened = False
        self._visible = True
        self._last = 0.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._due)

    def happened(self) -> None:
        """Something happened: a frame is due as soon as the last one is old enough."""
        if not self._something_happened:
            self._something_happened = True
            self._schedule()

    def wish(self, who: Hashable, milliseconds: int | None) -> None:
        """From now on a frame at least every so often; None: only when something happens."""
        if milliseconds is None:
            if self._wishes.pop(who, None) is not None:
                self._schedule()
        elif self._wishes.get(who) != milliseconds:
            self._wishes[who] = milliseconds
            self._schedule()

    def set_visible(self, visible: bool) -> None:
        """Whether anybody can see what is painted."""
        if visible != self._visible:
            self._visible = visible
            self._schedule()

    @property
    def resting(self) -> bool:
        """Whether no frame is due, ever, unless something happens."""
        return not self._timer.isActive()

    def stop(self) -> None:
        """No more frames."""
        self._timer.stop()
        self._wishes.clear()

    def _schedule(self) -> None:
        gap = self._gap()
        if gap is None:
            self._timer.stop()
            return
        since = (monotonic() - self._last) * 1000
        self._timer.start(max(0, round(gap - since)))

    def _gap(self) -> int | None:
        """Milliseconds from the last frame to the next one."""
        wished = min(self._wishes.values(), default=None)
        if self._something_happened:
            wished = FRAME_MS
        if wished is None:
            return None
        return max(wished, FRAME_MS if self._visible else HIDDEN_MS)

    def _due(self) -> None:
        self._something_happened = False
        self._last = monotonic()
        try:
            self._deliver()
        finally:
            self._schedule()
