"""A link over an open WebSocket, the same for both sides."""

from __future__ import annotations

import asyncio
from collections import deque

from websockets.asyncio.connection import Connection
from websockets.exceptions import ConnectionClosed

from desktop_sim.transport.endings import again, ending, spoiled
from desktop_sim.transport.keepalive import Keepalive
from desktop_sim.transport.link import Ending, InvalidMessage, LinkClosed

CLOSE_TIMEOUT = 2.0
"""Seconds the other side has to answer our close frame before the connection is cut (WS-9)."""

MAX_SIZE = 16 * 1024 * 1024
"""Bytes of the largest message that is read at all; the codec's own limit is lower (WS-6)."""

PONG_TIMEOUT = 10.0
"""Seconds a pong may take, if the ping interval is not shorter (WS-20)."""

_UNREAD_LIMIT = 1024  # messages; beyond, the other side has to wait
_CLOSE_CODES = frozenset({1000, 1001, 1002, 1003, *range(1007, 1015)})
_REASON_LIMIT = 123  # bytes, by the WebSocket protocol


class SocketLink:
    """A link over a WebSocket whose handshake is done. `peer` names the other side in sentences.

    A task of its own reads until the connection is over, for only who reads notices close frames and pongs.
    """

    def __init__(
        self, connection: Connection, peer: str, *, ping_interval: int = 0, pong_timeout: float = PONG_TIMEOUT
    ) -> None:
        self._connection = connection
        self._peer = peer
        self._arrived: deque[str | InvalidMessage] = deque()
        self._news = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()
        self._over: LinkClosed | None = None
        self._cut: LinkClosed | None = None
        self._closing = False
        self._keepalive = Keepalive(connection, pong_timeout, self._drop, self._room.is_set)
        self._keepalive.set_interval(ping_interval)
        self._reader = asyncio.create_task(self._read())

    @property
    def subprotocol(self) -> str:
        """The sub-protocol both sides agreed on, empty for none."""
        return self._connection.subprotocol or ""

    async def send(self, text: str) -> None:
        """Send one text message (WS-6). Raises `LinkClosed` when the link is over."""
        try:
            await self._connection.send(text, text=True)
        except ConnectionClosed as closed:
            raise ending(closed, self._peer, self._cut) from None

    async def receive(self) -> str | InvalidMessage:
        """Wait for the next message. Raises `LinkClosed` when all is read and the link is over."""
        while not self._arrived:
            if self._over is not None:
                raise again(self._over)
            self._news.clear()
            await self._news.wait()
        message = self._arrived.popleft()
        if len(self._arrived) < _UNREAD_LIMIT // 2:
            self._room.set()
        return message

    def set_ping_interval(self, seconds: int) -> None:
        """Ping every so many seconds from now on; 0 for never (WS-20)."""
        if self._over is None and not self._closing:
            self._keepalive.set_interval(seconds)

    async def close(self, code: int = 1000, reason: str = "") -> None:
        """Send a close frame, wait two seconds for the answer, then cut (WS-9). Harmless when it is over already.

        Raises `ValueError` for a code that no close frame may carry, such as 1005 and 1006.
        """
        if not (code in _CLOSE_CODES or 3000 <= code <= 4999):
            raise ValueError(f"{code} cannot stand in a close frame")
        self._closing = True
        self._keepalive.stop()
        self._room.set()
        said = reason.encode()[:_REASON_LIMIT].decode(errors="ignore")
        try:
            # A buffer that nobody empties would hold up even the library's own time-out.
            async with asyncio.timeout(CLOSE_TIMEOUT + 0.5):
                await self._connection.close(code, said)
        except TimeoutError:
            pass
        finally:
            self._connection.transport.abort()
        await asyncio.wait((self._reader,), timeout=1.0)

    def abort(self) -> None:
        """Cut the connection at once, without a close frame."""
        self._drop("We cut the connection.", "us")

    def _drop(self, why: str, by: Ending = "network") -> None:
        if self._cut is None:
            self._cut = LinkClosed(1006, why, by=by)
        self._closing = True
        self._room.set()
        self._connection.transport.abort()

    async def _read(self) -> None:
        try:
            while True:
                message = await self._connection.recv()
                await self._keep(message if isinstance(message, str) else InvalidMessage("binary"))
        except ConnectionClosed as closed:
            self._over = ending(closed, self._peer, self._cut)
            if (bad := spoiled(closed)) is not None:
                self._arrived.append(bad)
        finally:
            self._keepalive.stop()
            self._news.set()

    async def _keep(self, message: str | InvalidMessage) -> None:
        """Lay a message down for `receive`, and let the other side wait when too many lie there."""
        self._arrived.append(message)
        self._news.set()
        if len(self._arrived) >= _UNREAD_LIMIT and not self._closing:
            self._room.clear()
            await self._room.wait()
