"""Pings at an interval that may change, and the verdict when no pong comes (WS-20)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from websockets.asyncio.connection import Connection
from websockets.exceptions import WebSocketException


class Keepalive:
    """Pings the other side and calls `lost` with a sentence when a pong is overdue.

    `reading` tells whether anything is read at present: while it is not, a missing pong proves nothing.
    """

    def __init__(
        self,
        connection: Connection,
        pong_timeout: float,
        lost: Callable[[str], None],
        reading: Callable[[], bool],
    ) -> None:
        self._connection = connection
        self._pong_timeout = pong_timeout
        self._lost = lost
        self._reading = reading
        self._interval = 0
        self._task: asyncio.Task[None] | None = None

    def set_interval(self, seconds: int) -> None:
        """Ping every so many seconds, counted from now; 0 stops pinging. The same interval again changes nothing."""
        if seconds == self._interval:
            return
        self.stop()
        self._interval = max(0, seconds)
        if self._interval:
            self._task = asyncio.create_task(self._run(self._interval))

    def stop(self) -> None:
        """Ping no more."""
        self._interval = 0
        if self._task is not None:
            self._task.cancel()
            self._task = None

    async def _run(self, interval: int) -> None:
        limit = min(float(interval), self._pong_timeout)
        now = asyncio.get_running_loop().time
        due = now() + interval
        while True:
            await asyncio.sleep(due - now())
            due = max(due, now()) + interval
            if not await self._answered(limit) and self._reading():
                self._lost(f"There was no pong within {limit:g} s: the connection is dead, so we cut it.")
                return

    async def _answered(self, limit: float) -> bool:
        """One ping. True when its pong came in time, or when the connection is over anyway."""
        try:
            async with asyncio.timeout(limit):
                pong = asyncio.ensure_future(await self._connection.ping())
        except TimeoutError:
            return False  # not even the ping could be written
        except (WebSocketException, OSError):
            return True
        # After a pause of the whole program both the pong and the time-out are there: then the pong counts.
        await asyncio.wait((pong,), timeout=limit)
        return pong.done()
