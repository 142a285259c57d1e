"""The charging station's side of a WebSocket."""

from __future__ import annotations

from websockets.asyncio.client import connect as open_websocket
from websockets.typing import Subprotocol

from desktop_sim.transport.endpoint import Endpoint, address, basic_authorization, credentials
from desktop_sim.transport.link import Link, LinkRefused
from desktop_sim.transport.socket_link import CLOSE_TIMEOUT, MAX_SIZE, SocketLink


async def connect(endpoint: Endpoint) -> Link:
    """Open a connection to the central system. Raises `LinkRefused` with a sentence when none comes about."""
    known = credentials(endpoint)
    headers = {"Authorization": basic_authorization(*known)} if known else {}
    try:
        connection = await open_websocket(
            address(endpoint.url, endpoint.identity),
            subprotocols=[Subprotocol(name) for name in endpoint.subprotocols],
            additional_headers=headers,
            compression="deflate" if endpoint.compression else None,
            open_timeout=endpoint.open_timeout,
            ping_interval=None,
            close_timeout=CLOSE_TIMEOUT,
            max_size=MAX_SIZE,
        )
    except Exception as problem:
        raise LinkRefused(str(problem), "refused") from problem
    return SocketLink(connection, ping_interval=endpoint.ping_interval)
