"""asyncio on Qt's event loop, with timers one can rely on.

qasync arms one coarse Qt timer for each callback and keeps it until it expires, cancelled or not: a second may take
1.05 s or 0.95 s, and a minute of `wait_for` leaves thousands of timers behind. Here callbacks wait in a queue and a
heap of our own, and one precise Qt timer wakes us for the earliest of them. Callbacks never run early, cancelled ones
are swept out, and a turn gives way to Qt after a few milliseconds, so that painting is never starved.
"""

import asyncio
import heapq
import math
import os
import sys
from collections import deque
from collections.abc import Callable
from contextvars import Context
from time import monotonic
from typing import Any

os.environ.setdefault("QT_API", "pyside6")  # qasync would otherwise take whatever Qt binding it finds first

import qasync
from PySide6.QtCore import QCoreApplication, Qt, QTimer

TURN_SECONDS = 0.004
"""How long ready callbacks may run before Qt gets its turn."""

SWEEP_FROM = 64
"""So many cancelled timers may lie in the heap before it is worth a look."""

_Base = asyncio.SelectorEventLoop


class PreciseLoop(qasync.QSelectorEventLoop):
    """qasync's loop with our own queue, heap and executor; sockets and signals stay as qasync and asyncio have them."""

    def __init__(self, app: QCoreApplication | None = None, *, already_running: bool = False) -> None:
        self._soon: deque[asyncio.Handle] = deque()
        self._later: list[asyncio.TimerHandle] = []
        self._cancelled = 0
        self._in_turn = False
        self._roused = False
        self._fatal: BaseException | None = None
        self._old_hooks: Any = None
        self._waker = QTimer()
        self._waker.setTimerType(Qt.TimerType.PreciseTimer)
        self._waker.setSingleShot(True)
        self._waker.timeout.connect(self._turn)
        super().__init__(app or QCoreApplication.instance(), already_running=already_running)

    # --- asking for a callback ---------------------------------------------------------------------------------------

    def call_soon(
        self, callback: Callable[..., Any], *args: Any, context: Context | None = None
    ) -> asyncio.Handle:
        """Run the callback in the next turn, in the order of asking."""
        self._check_closed()
        handle = asyncio.Handle(callback, args, self, context)
        self._add_callback(handle)
        return handle

    def call_soon_threadsafe(
        self, callback: Callable[..., Any], *args: Any, context: Context | None = None
    ) -> asyncio.Handle:
        """The same from another thread: the queue takes it, a byte through a socket wakes Qt."""
        self._check_closed()
        handle = asyncio.Handle(callback, args, self, context)
        self._soon.append(handle)
        self._write_to_self()
        return handle

    def call_later(
        self, delay: float, callback: Callable[..., Any], *args: Any, context: Context | None = None
    ) -> asyncio.TimerHandle:
        """Run the callback after `delay` seconds, never earlier."""
        return self.call_at(self.time() + delay, callback, *args, context=context)

    def call_at(
        self, when: float, callback: Callable[..., Any], *args: Any, context: Context | None = None
    ) -> asyncio.TimerHandle:
        """Run the callback when the loop's clock shows `when`."""
        self._check_closed()
        handle = asyncio.TimerHandle(when, callback, args, self, context)
        handle._scheduled = True  # type: ignore[attr-defined]  # asyncio's own mark: cancel() tells us
        heapq.heappush(self._later, handle)
        if self._later[0] is handle and not self._in_turn and not self._roused:
            self._arm()
        return handle

    def _add_callback(self, handle: asyncio.Handle, delay: float = 0) -> asyncio.Handle:
        """Where asyncio's sockets and signals hand in what is ready."""
        self._soon.append(handle)
        if not self._in_turn and not self._roused:
            self._roused = True
            self._waker.start(0)
        return handle

    def _timer_handle_cancelled(self, handle: asyncio.TimerHandle) -> None:
        """Called by TimerHandle.cancel(): sweep when most of the heap is dead."""
        self._cancelled += 1
        if self._cancelled >= SWEEP_FROM and self._cancelled * 2 > len(self._later):
            self._later = [waiting for waiting in self._later if not waiting.cancelled()]
            heapq.heapify(self._later)
            self._cancelled = 0

    # --- running them ------------------------------------------------------------------------------------------------

    def _turn(self) -> None:
        """Run what is ready, for a few milliseconds at most, then arm the timer for what is next."""
        if (
            self.is_closed() or self._in_turn
        ):  # a dialog's own loop inside a callback: it must not enter tasks
            return
        self._in_turn = True
        soon = self._soon
        give_way_at = monotonic() + TURN_SECONDS
        try:
            self._collect_due()
            while soon:
                handle = soon.popleft()
                if not handle.cancelled():
                    handle._run()
                if monotonic() >= give_way_at:
                    break
                if not soon:
                    self._collect_due()
        except (SystemExit, KeyboardInterrupt) as stop:
            self._fatal = stop
            self.stop()
        finally:
            self._in_turn = False
            self._arm()

    def _collect_due(self) -> None:
        """Move the timers that are due to the queue; drop cancelled ones at the top of the heap."""
        later = self._later
        now = monotonic()
        while later:
            handle = later[0]
            if handle.cancelled():
                self._cancelled -= 1
            elif handle.when() <= now:
                self._soon.append(handle)
            else:
                break
            heapq.heappop(later)
            handle._scheduled = False  # type: ignore[attr-defined]

    def _arm(self) -> None:
        """Let the one Qt timer wake us at the right moment, or not at all."""
        self._roused = bool(self._soon)
        if self._roused:
            self._waker.start(0)
        elif self._later:
            wait = self._later[0].when() - monotonic()
            # Rounded up: Qt counts whole milliseconds, and early is worse than a millisecond late.
            self._waker.start(min(max(0, math.ceil(wait * 1000)), 0x7FFFFFFF))
        else:
            self._waker.stop()

    # --- living and ending -------------------------------------------------------------------------------------------

    def run_forever(self) -> Any:
        """Run Qt's loop; what asked for the end of the program from within a callback is raised here."""
        result = super().run_forever()
        if self._fatal is not None:
            fatal, self._fatal = self._fatal, None
            raise fatal
        return result

    def run_until_complete(self, future: Any) -> Any:
        """Run until the future is done; its exception counts as seen when it left another way."""
        future = asyncio.ensure_future(future, loop=self)
        try:
            return super().run_until_complete(future)
        except BaseException:
            if future.done() and not future.cancelled():
                future.exception()
            raise

    def _before_run_forever(self) -> None:
        self._old_hooks = sys.get_asyncgen_hooks()
        sys.set_asyncgen_hooks(
            firstiter=self._asyncgen_firstiter_hook, finalizer=self._asyncgen_finalizer_hook
        )
        self._arm()

    def _after_run_forever(self) -> None:
        if self._old_hooks is not None:
            sys.set_asyncgen_hooks(*self._old_hooks)
            self._old_hooks = None

    def close(self) -> None:
        """Release everything; what was still waiting is forgotten."""
        if self.is_closed():
            return
        self._after_run_forever()
        super().close()
        self._waker.stop()
        self._soon.clear()
        self._later.clear()

    # Plain threads, made when first needed, instead of qasync's ten QThreads.
    run_in_executor = _Base.run_in_executor
    set_default_executor = _Base.set_default_executor
    shutdown_default_executor = _Base.shutdown_default_executor
