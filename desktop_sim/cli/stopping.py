"""SIGINT and SIGTERM as an event that the faces wait for, so that the end is always the graceful one."""

import asyncio
import contextlib
import signal
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Stopping:
    """Set when the process is asked to end. A second signal is not held back: it ends the process at once."""

    def __init__(self) -> None:
        self._asked = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        for number in _SIGNALS:
            with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
                self._loop.add_signal_handler(number, self.ask)

    def ask(self) -> None:
        """Ask for the end."""
        self._asked.set()
        self.release()

    def release(self) -> None:
        """Let the signals have their usual effect again."""
        for number in _SIGNALS:
            with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
                self._loop.remove_signal_handler(number)

    @property
    def asked(self) -> bool:
        """Whether the end was asked for."""
        return self._asked.is_set()

    async def wait(self) -> None:
        """Wait until the end is asked for."""
        await self._asked.wait()

    async def unless(self, work: Coroutine[Any, Any, T]) -> T | None:
        """The result of `work`, or None when the end was asked for first; then the work is cancelled."""
        task = asyncio.ensure_future(work)
        asked = asyncio.ensure_future(self._asked.wait())
        try:
            await asyncio.wait({task, asked}, return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                return task.result()
            return None
        finally:
            for one in (task, asked):
                if not one.done():
                    one.cancel()
                    with contextlib.suppress(asyncio.CancelledError):
                        await one
