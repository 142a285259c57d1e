"""The central system's side of the WebSocket: it accepts stations and hands each one to a handler."""

from __future__ import annotations

import base64
import binascii
import ssl as ssl_module
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote

from websockets.asyncio.server import Server as WebSocketServer
from websockets.asyncio.server import ServerConnection
from websockets.asyncio.server import serve as serve_websocket
from websockets.http11 import Request, Response
from websockets.typing import Subprotocol

from desktop_sim.transport.endpoint import Credentials
from desktop_sim.transport.socket_link import CLOSE_TIMEOUT, MAX_SIZE, SocketLink


@dataclass(frozen=True, slots=True)
class Upgrade:
    """A station asks to be let in: who it says it is, and with what."""

    identity: str
    path: str
    headers: Mapping[str, str] = field(repr=False)
    credentials: Credentials | None = field(repr=False)
    subprotocols: tuple[str, ...]
    peer: str


Check = Callable[[Upgrade], int | None]
"""Looks at a station that wants in: an HTTP status to refuse it with (401, 404 …), or None to accept it."""


class ServerLink(SocketLink):
    """The central system's end of one connection."""

    def __init__(self, connection: ServerConnection, upgrade: Upgrade) -> None:
        super().__init__(connection)
        self.identity = upgrade.identity
        self.upgrade = upgrade


Handler = Callable[[ServerLink], Awaitable[None]]


class Server:
    """A running server. `port` is the port it really listens on."""

    def __init__(self, server: WebSocketServer) -> None:
        self._server = server
        self.port: int = next(iter(server.sockets)).getsockname()[1]

    async def close(self) -> None:
        """Close every connection with 1001 and stop listening."""
        self._server.close()
        await self._server.wait_closed()


async def serve(
    handler: Handler,
    host: str = "127.0.0.1",
    port: int = 0,
    *,
    ssl: ssl_module.SSLContext | None = None,
    check: Check | None = None,
    subprotocols: Sequence[str] = ("ocpp1.6",),
) -> Server:
    """Listen for stations; port 0 takes a free one. The connection ends when the handler returns."""

    def look(connection: ServerConnection, request: Request) -> Response | None:
        status = check(_upgrade(connection, request)) if check else None
        return None if status is None else connection.respond(status, "Refused.\n")

    async def handle(connection: ServerConnection) -> None:
        assert connection.request is not None
        await handler(ServerLink(connection, _upgrade(connection, connection.request)))

    def choose(connection: ServerConnection, offered: Sequence[Subprotocol]) -> Subprotocol | None:
        return next((name for name in offered if name in subprotocols), None)

    server = await serve_websocket(
        handle,
        host,
        port,
        ssl=ssl,
        select_subprotocol=choose,
        process_request=look,
        compression=None,
        ping_interval=None,
        close_timeout=CLOSE_TIMEOUT,
        max_size=MAX_SIZE,
    )
    return Server(server)


def _upgrade(connection: ServerConnection, request: Request) -> Upgrade:
    path = request.path.partition("?")[0]
    offered = ",".join(request.headers.get_all("Sec-WebSocket-Protocol"))
    return Upgrade(
        identity=unquote(path.rstrip("/").rpartition("/")[2]),
        path=request.path,
        headers={name.lower(): value for name, value in request.headers.raw_items()},
        credentials=_basic(request.headers.get("Authorization", "")),
        subprotocols=tuple(name.strip() for name in offered.split(",") if name.strip()),
        peer=str(connection.remote_address[0]) if connection.remote_address else "",
    )


def _basic(header: str) -> Credentials | None:
    scheme, _, value = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        user, _, password = base64.b64decode(value, validate=True).partition(b":")
        return Credentials(user.decode(), password)
    except (binascii.Error, UnicodeDecodeError):
        return None
