"""What waits to be read by a client. It never holds up the station, and its memory has an end."""

import asyncio
from collections import deque

from desktop_sim.app.json_rpc import notification

EVENT_LIMIT = 16 * 1024 * 1024
"""Bytes that may wait; beyond it events are left out, and the client is told how many."""

ANSWER_LIMIT = 1024 * 1024
"""Bytes that may wait before the client's next commands have to."""


class Outgoing:
    """The messages to one client, in order."""

    def __init__(self, event_limit: int = EVENT_LIMIT, answer_limit: int = ANSWER_LIMIT) -> None:
        self._event_limit = event_limit
        self._answer_limit = answer_limit
        self._lines: deque[bytes] = deque()
        self._size = 0
        self._lost = 0
        self._closed = False
        self._news = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()

    def put(self, line: bytes) -> None:
        """Add an answer: it is never left out."""
        if self._closed:
            return
        self._lines.append(line)
        self._size += len(line)
        self._news.set()
        if self._size > self._answer_limit:
            self._room.clear()

    def put_event(self, line: bytes) -> None:
        """Add an event, unless far too much waits already."""
        if self._lost or self._size > self._event_limit:
            self._lost += 1
        else:
            self.put(line)

    async def room(self) -> None:
        """Wait until the client has read enough for another answer."""
        await self._room.wait()

    async def take(self) -> list[bytes]:
        """Everything that waits, as soon as there is something; empty when it is closed and all is taken."""
        while not self._lines and not self._closed:
            self._news.clear()
            await self._news.wait()
        lines = list(self._lines)
        self._lines.clear()
        self._size = 0
        self._room.set()
        if self._lost:
            lines.append(notification("events_lost", {"count": self._lost}))
            self._lost = 0
        return lines

    def close(self) -> None:
        """Nothing comes any more; what waits can still be taken."""
        self._closed = True
        self._news.set()
        self._room.set()

    def abandon(self) -> None:
        """Nobody reads any more."""
        self._lines.clear()
        self._lost = 0
        self.close()
