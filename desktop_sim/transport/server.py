"""The central system's side of the WebSocket: it accepts stations and hands each one to a handler."""

from __future__ import annotations

import asyncio
import base64
import binascii
import ssl as ssl_module
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import unquote
from weakref import WeakSet

from websockets.asyncio.server import Server as WebSocketServer
from websockets.asyncio.server import ServerConnection
from websockets.asyncio.server import serve as serve_websocket
from websockets.http11 import Request, Response
from websockets.typing import Subprotocol

from desktop_sim.transport.endpoint import Credentials
from desktop_sim.transport.link import LinkClosed
from desktop_sim.transport.socket_link import CLOSE_TIMEOUT, MAX_SIZE, SocketLink
from desktop_sim.transport.websocket import LIBRARY_LOG

_HANDLER_TIMEOUT = 1.0  # seconds a handler has to return after its link was closed


@dataclass(frozen=True, slots=True)
class Upgrade:
    """A station asks to be let in: who it says it is, and with what.

    `identity` is the percent-decoded last part of the path, `path` is what stood in the request, `headers` have
    lower-case names. `certificate` is the common name of the client certificate, empty for none.
    """

    identity: str
    path: str
    headers: Mapping[str, str] = field(repr=False)
    credentials: Credentials | None
    subprotocols: tuple[str, ...]
    peer: str
    certificate: str


Check = Callable[[Upgrade], int | None]
"""Looks at a station that wants in: an HTTP status to refuse it with (401, 404 …), or None to let it in."""


class ServerLink(SocketLink):
    """The central system's end of one connection. `identity` is the station's, `upgrade` what it came with."""

    def __init__(self, connection: ServerConnection, upgrade: Upgrade) -> None:
        super().__init__(connection, "station")
        self.identity = upgrade.identity
        self.upgrade = upgrade


Handler = Callable[[ServerLink], Awaitable[None]]
"""Owns one link until it returns; the link is closed then. `LinkClosed` may escape from it."""


class Server:
    """A running server. `host` and `port` are where it really listens, `links` who is connected."""

    def __init__(self, handler: Handler) -> None:
        self.host = ""
        self.port = 0
        self.links: set[ServerLink] = set()
        self._handler = handler
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: WebSocketServer | None = None
        self._accepted: WeakSet[ServerConnection] = WeakSet()

    async def close(self, code: int = 1001) -> None:
        """Stop listening, close every connection with this code, end what handlers are left. Takes seconds at most."""
        if self._server is None:
            return
        server, self._server = self._server, None
        server.close(close_connections=False)
        await asyncio.gather(*(link.close(code) for link in tuple(self.links)))
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=_HANDLER_TIMEOUT)
        for task in self._tasks:
            task.cancel()
        for connection in tuple(self._accepted):
            if transport := getattr(
                connection, "transport", None
            ):  # none before the end of the TLS handshake
                transport.abort()
        await asyncio.wait((asyncio.ensure_future(server.wait_closed()),), timeout=_HANDLER_TIMEOUT)

    async def __aenter__(self) -> Server:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def _accept(self, *arguments: Any, **options: Any) -> ServerConnection:
        """Make the library's connection object, and know of it even before the handshake."""
        connection = ServerConnection(*arguments, **options)
        self._accepted.add(connection)
        return connection

    def _listening(self, server: WebSocketServer) -> None:
        self._server = server
        self.host, self.port = next(iter(server.sockets)).getsockname()[:2]

    async def _handle(self, connection: ServerConnection) -> None:
        assert connection.request is not None
        task = asyncio.current_task()
        assert task is not None
        link = ServerLink(connection, _upgrade(connection, connection.request))
        self._tasks.add(task)
        self.links.add(link)
        try:
            await self._serve(link)
        finally:
            self.links.discard(link)
            self._tasks.discard(task)

    async def _serve(self, link: ServerLink) -> None:
        if not link.subprotocol and link.upgrade.subprotocols:
            # We agree to none of those offered, so we accept without one and say goodbye (WS-3).
            await link.close(1002, "no common sub-protocol")
            return
        try:
            await self._handler(link)
        except LinkClosed:
            pass
        except Exception:
            LIBRARY_LOG.exception("the handler of %r failed", link.identity)
            await link.close(1011)
        finally:
            await link.close()


async def serve(
    handler: Handler,
    host: str = "127.0.0.1",
    port: int = 0,
    *,
    ssl: ssl_module.SSLContext | None = None,
    check: Check | None = None,
    subprotocols: Sequence[str] = ("ocpp1.6",),
    compression: bool = False,
) -> Server:
    """Listen for stations; port 0 takes a free one. The connection ends when the handler returns.

    The first offered sub-protocol that is ours is echoed; a station that offers none at all is let in and left to the
    handler. Without an identity in the path a station gets 404. Raises `OSError` if the port is taken.
    """

    def look(connection: ServerConnection, request: Request) -> Response | None:
        upgrade = _upgrade(connection, request)
        status = 404 if not upgrade.identity else check(upgrade) if check else None
        return None if status is None else _refused(connection, status)

    def choose(_: ServerConnection, offered: Sequence[Subprotocol]) -> Subprotocol | None:
        return next((name for name in offered if name in subprotocols), None)

    server = Server(handler)
    server._listening(
        await serve_websocket(
            server._handle,
            host,
            port,
            ssl=ssl,
            select_subprotocol=choose,
            process_request=look,
            compression="deflate" if compression else None,
            ping_interval=None,
            close_timeout=CLOSE_TIMEOUT,
            max_size=MAX_SIZE,
            logger=LIBRARY_LOG,
            create_connection=cast("type[ServerConnection]", server._accept),
        )
    )
    return server


def _refused(connection: ServerConnection, status: int) -> Response:
    response = connection.respond(status, "")
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Basic realm="OCPP", charset="UTF-8"'
    return response


def _upgrade(connection: ServerConnection, request: Request) -> Upgrade:
    path = request.path.partition("?")[0]
    offered = ",".join(request.headers.get_all("Sec-WebSocket-Protocol"))
    return Upgrade(
        identity=unquote(path.rstrip("/").rpartition("/")[2]),
        path=request.path,
        headers={name.lower(): value for name, value in request.headers.raw_items()},
        credentials=_basic(request.headers.get_all("Authorization")),
        subprotocols=tuple(name.strip() for name in offered.split(",") if name.strip()),
        peer=str(connection.remote_address[0]) if connection.remote_address else "",
        certificate=_common_name(connection),
    )


def _basic(headers: Sequence[str]) -> Credentials | None:
    scheme, _, value = headers[0].partition(" ") if len(headers) == 1 else ("", "", "")
    if scheme.lower() != "basic":
        return None
    try:
        user, colon, password = base64.b64decode(value.strip(), validate=True).partition(b":")
        return Credentials(user.decode(), password) if colon else None
    except (binascii.Error, UnicodeDecodeError):
        return None


def _common_name(connection: ServerConnection) -> str:
    certificate = connection.transport.get_extra_info("peercert") or {}
    names = [value for part in certificate.get("subject", ()) for kind, value in part if kind == "commonName"]
    return str(names[0]) if names else ""
