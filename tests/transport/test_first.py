import pytest

from desktop_sim.transport.endpoint import Endpoint
from desktop_sim.transport.link import LinkClosed
from desktop_sim.transport.memory import memory_pair
from desktop_sim.transport.server import ServerLink, serve
from desktop_sim.transport.websocket import connect


async def test_there_and_back() -> None:
    async def echo(link: ServerLink) -> None:
        while True:
            message = await link.receive()
            await link.send(f"{link.identity}: {message}")

    server = await serve(echo)
    link = await connect(Endpoint(f"ws://127.0.0.1:{server.port}", "RDAM 123"))
    await link.send("hello")
    assert await link.receive() == "RDAM 123: hello"
    await link.close()
    with pytest.raises(LinkClosed):
        await link.receive()
    await server.close()


async def test_memory() -> None:
    one, other = memory_pair()
    await one.send("x")
    await one.close(1001)
    assert await other.receive() == "x"
    with pytest.raises(LinkClosed):
        await other.receive()
