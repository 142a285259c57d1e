"""Short ways to what every test of a link needs."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from desktop_sim.transport.endpoint import Endpoint
from desktop_sim.transport.link import Link, LinkClosed, LinkRefused
from desktop_sim.transport.server import ServerLink
from desktop_sim.transport.websocket import connect


def at(
    port: int, identity: str = "CP001", *, scheme: str = "ws", host: str = "127.0.0.1", **options: Any
) -> Endpoint:
    """A station that connects to this machine; without pings unless told otherwise."""
    return Endpoint(f"{scheme}://{host}:{port}/ocpp", identity, **{"ping_interval": 0, **options})


async def refused(endpoint: Endpoint) -> LinkRefused:
    """Connect in vain."""
    with pytest.raises(LinkRefused) as caught:
        await connect(endpoint)
    return caught.value


async def over(link: Link) -> LinkClosed:
    """Read the link to its end, which has to come soon."""
    async with asyncio.timeout(10):
        while True:
            try:
                await link.receive()
            except LinkClosed as closed:
                return closed


async def listen(link: ServerLink) -> None:
    """A central system that says nothing."""
    await over(link)


async def echo(link: ServerLink) -> None:
    """A central system that says everything twice."""
    while True:
        message = await link.receive()
        assert isinstance(message, str)
        await link.send(message)
