"""Who owns the coroutines the window starts.

A bare `create_task` may be collected in flight and tells nobody when it fails. Every task of the window is started
here: it is kept until it ends, a failure reaches the exception hook at once, and all of them end with the window.
"""

import asyncio
import functools
from collections.abc import Callable, Coroutine
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar, cast

Job = Coroutine[Any, Any, Any]
OnError = Callable[[BaseException], None]
P = ParamSpec("P")
T = TypeVar("T")


class Tasks:
    """The coroutines of one window."""

    def __init__(self, on_error: OnError, loop: asyncio.AbstractEventLoop | None = None) -> None:
        self._on_error = on_error
        self._loop = loop
        self._running: set[asyncio.Task[Any]] = set()

    def start(self, job: Job, *, name: str = "") -> asyncio.Task[Any]:
        """Run the coroutine from now on; nobody needs to keep the task."""
        loop = self._loop or asyncio.get_event_loop()
        task = loop.create_task(job, name=name or None)
        self._running.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: "asyncio.Task[Any]") -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._on_error(error)

    def __len__(self) -> int:
        return len(self._running)

    async def end(self) -> None:
        """Cancel what still runs and wait for it, except for the task that asks."""
        others = [task for task in self._running if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)


async def until(signal: Any, holds: Callable[[], bool], seconds: float) -> bool:
    """Wait until `holds`, asking whenever a Qt signal is emitted; False when it took too long."""
    if holds():
        return True
    done: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

    def look(*_arguments: object) -> None:
        if not done.done() and holds():
            done.set_result(True)

    signal.connect(look)
    try:
        async with asyncio.timeout(seconds):
            return await done
    except TimeoutError:
        return False
    finally:
        signal.disconnect(look)


class TaskOwner(Protocol):
    """Anything with slots that are coroutines."""

    @property
    def tasks(self) -> Tasks:
        """Who keeps them."""


S = TypeVar("S", bound=TaskOwner)


def slot_task(
    method: Callable[Concatenate[S, P], Coroutine[Any, Any, None]],
) -> Callable[Concatenate[S, P], None]:
    """Make a coroutine method a slot: calling it starts the task, and while it runs a second call does nothing.

    For methods only, with exactly the arguments the signal brings; qasync's `asyncSlot` guesses them and runs as
    many bodies as there are clicks.
    """
    busy = f"_{method.__name__}_busy"

    @functools.wraps(method)
    def start(self: S, *args: P.args, **kwargs: P.kwargs) -> None:
        if getattr(self, busy, False):
            return

        async def run() -> None:
            try:
                await method(self, *args, **kwargs)
            finally:
                setattr(self, busy, False)

        setattr(self, busy, True)
        self.tasks.start(run(), name=method.__name__)

    return cast(Callable[Concatenate[S, P], None], start)
