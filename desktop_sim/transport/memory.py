"""A link in memory: two ends in one event loop, for tests and for a central system in the same process."""

from __future__ import annotations

import asyncio
from collections import deque

from desktop_sim.transport.endings import again
from desktop_sim.transport.link import InvalidMessage, LinkClosed


class MemoryLink:
    """One end of an in-memory link. What was sent before the end is still read, in order, as with a socket."""

    def __init__(self, subprotocol: str = "ocpp1.6") -> None:
        self.subprotocol = subprotocol
        self.ping_interval = 0
        self._arrived: deque[str | InvalidMessage] = deque()
        self._over: LinkClosed | None = None
        self._wake = asyncio.Event()
        self._other: MemoryLink = self

    async def send(self, text: str) -> None:
        """Put the text into the other end. Raises `LinkClosed` when the link is over."""
        self._put(text)

    def send_invalid(self, message: InvalidMessage) -> None:
        """Let the other end receive something that is no text, as a bad central system would cause it."""
        self._put(message)

    async def receive(self) -> str | InvalidMessage:
        """Wait for the next message. Raises `LinkClosed` when all is read and the link is over."""
        while not self._arrived:
            if self._over is not None:
                raise again(self._over)
            self._wake.clear()
            await self._wake.wait()
        return self._arrived.popleft()

    def set_ping_interval(self, seconds: int) -> None:
        """Remembered, nothing more: memory does not get lost."""
        self.ping_interval = seconds

    async def close(self, code: int = 1000, reason: str = "") -> None:
        """End the link on both sides with this code; harmless when it is over already."""
        said = f" ({reason})" if reason else ""
        self._end(LinkClosed(code, f"We closed the connection with code {code}{said}.", reason, "us"))
        self._other._end(
            LinkClosed(code, f"The other side closed the connection: {code}{said}.", reason, "them")
        )

    def abort(self) -> None:
        """Cut the link: both ends see code 1006."""
        self._end(LinkClosed(1006, "We cut the connection.", by="us"))
        self._other._end(LinkClosed(1006, "The connection was lost without a goodbye.", by="network"))

    def _put(self, message: str | InvalidMessage) -> None:
        if self._over is not None:
            raise again(self._over)
        self._other._arrived.append(message)
        self._other._wake.set()

    def _end(self, over: LinkClosed) -> None:
        if self._over is None:
            self._over = over
            self._wake.set()


def memory_pair(subprotocol: str = "ocpp1.6") -> tuple[MemoryLink, MemoryLink]:
    """Two ends of one link. Call it inside the event loop that will use them."""
    one, other = MemoryLink(subprotocol), MemoryLink(subprotocol)
    one._other, other._other = other, one
    return one, other
