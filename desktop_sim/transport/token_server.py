"""A WebSocket server that lets in whoever brings the token, and nobody else."""

from __future__ import annotations

import asyncio
import hmac
import logging
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qs, urlsplit

from websockets.asyncio.server import Server, ServerConnection
from websockets.asyncio.server import serve as serve_websocket
from websockets.http11 import Request, Response

from desktop_sim.transport.link import Link, LinkClosed
from desktop_sim.transport.socket_link import CLOSE_TIMEOUT, MAX_SIZE, SocketLink
from desktop_sim.transport.websocket import LIBRARY_LOG

LOOPBACK = "127.0.0.1"
ANY_INTERFACE = "0.0.0.0"  # only when told

_WAIT_FOR_HANDLERS = 1.0  # seconds

Handler = Callable[[Link], Awaitable[None]]
"""Owns one link until it returns; `LinkClosed` may escape from it."""

_log = logging.getLogger(__name__)


class TokenServer:
    """Listens until it is closed. `port` is the one it really listens on."""

    def __init__(self, handler: Handler, token: str) -> None:
        self.port = 0
        self._handler = handler
        self._token = token.encode()
        self._links: set[SocketLink] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: Server | None = None

    async def listen(self, host: str = LOOPBACK, port: int = 0) -> None:
        """Begin; port 0 takes a free one. Raises OSError if it is taken."""
        self._server = await serve_websocket(
            self._serve,
            host,
            port,
            process_request=self._look,
            compression=None,
            ping_interval=None,
            close_timeout=CLOSE_TIMEOUT,
            max_size=MAX_SIZE,
            logger=LIBRARY_LOG,
        )
        self.port = next(iter(self._server.sockets)).getsockname()[1]

    async def close(self) -> None:
        """Stop listening and say goodbye to everybody (1001). Takes seconds at most."""
        server, self._server = self._server, None
        if server is None:
            return
        server.close(close_connections=False)
        await asyncio.gather(*(link.close(1001) for link in tuple(self._links)))
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=_WAIT_FOR_HANDLERS)
        for task in self._tasks:
            task.cancel()
        await asyncio.wait((asyncio.ensure_future(server.wait_closed()),), timeout=_WAIT_FOR_HANDLERS)

    def _look(self, connection: ServerConnection, request: Request) -> Response | None:
        """401 for who has not the token."""
        if any(
            hmac.compare_digest(given.encode(errors="replace"), self._token) for given in _tokens(request)
        ):
            return None
        response = connection.respond(401, "Bring the token: ?token=… or Authorization: Bearer …\n")
        response.headers["WWW-Authenticate"] = 'Bearer realm="control"'
        return response

    async def _serve(self, connection: ServerConnection) -> None:
        link = SocketLink(connection, "client")
        task = asyncio.current_task()
        assert task is not None
        self._links.add(link)
        self._tasks.add(task)
        try:
            await self._handler(link)
        except LinkClosed:
            pass
        except Exception:
            _log.exception("the handler of a client failed")
            await link.close(1011)
        finally:
            await link.close()
            self._links.discard(link)
            self._tasks.discard(task)


def _tokens(request: Request) -> list[str]:
    """The tokens that stand in a request."""
    query = parse_qs(urlsplit(request.path).query)
    words = [header.partition(" ") for header in request.headers.get_all("Authorization")]
    bearer = [value.strip() for scheme, _, value in words if scheme.lower() == "bearer"]
    return [*query.get("token", []), *bearer]
