"""Pings and the supervision of pongs (WS-20). Intervals are whole seconds; here they pass a hundred times as fast."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from desktop_sim.transport import keepalive
from desktop_sim.transport.endpoint import Endpoint
from desktop_sim.transport.websocket import ClientLink, connect

from .links import over
from .raw import CLOSE, PING, PONG, Talk, frame, listening, read_frame, shake_hands

SPEED = 100.0


class FastTime:
    """asyncio as the keepalive sees it: it sleeps in shorter seconds, and its clock runs as fast."""

    def __getattr__(self, name: str) -> object:
        return getattr(asyncio, name)

    def sleep(self, seconds: float) -> object:
        return asyncio.sleep(seconds / SPEED)

    def get_running_loop(self) -> object:
        loop = asyncio.get_running_loop()
        return SimpleNamespace(time=lambda: loop.time() * SPEED)


@pytest.fixture
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the sleeping between pings is quicker, so that a loaded machine cannot miss a pong."""
    monkeypatch.setattr(keepalive, "asyncio", FastTime())


class Server:
    """Counts pings and answers them as long as `answers` says so."""

    def __init__(self, answers: Callable[[int], bool] = lambda count: True) -> None:
        self.pings = 0
        self.news = asyncio.Event()
        self._answers = answers

    @property
    def talk(self) -> Talk:
        async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await shake_hands(reader, writer)
            while True:
                opcode, payload = await read_frame(reader)
                if opcode == CLOSE:
                    return
                self.pings += 1
                self.news.set()
                if self._answers(self.pings):
                    writer.write(frame(PONG, payload))

        return talk

    async def until(self, pings: int) -> None:
        async with asyncio.timeout(10):
            while self.pings < pings:
                self.news.clear()
                await self.news.wait()


async def until_full(link: ClientLink) -> None:
    """Wait until the link stops reading."""
    async with asyncio.timeout(10):
        while link._room.is_set():  # noqa: ASYNC110
            await asyncio.sleep(0.005)


async def link_to(port: int, interval: int, pong_timeout: float = 10.0) -> ClientLink:
    endpoint = Endpoint(f"ws://127.0.0.1:{port}", "CP", ping_interval=interval, pong_timeout=pong_timeout)
    return await connect(endpoint)


@pytest.mark.usefixtures("fast")
async def test_ws_20_pings_go_out_again_and_again() -> None:
    server = Server()
    async with listening(server.talk) as port:
        link = await link_to(port, 1)
        await server.until(5)
        link.abort()


async def test_ws_20_no_pings_at_interval_zero() -> None:
    server = Server()
    async with listening(server.talk) as port:
        link = await link_to(port, 0)
        await asyncio.sleep(0.1)
        assert server.pings == 0
        assert link._keepalive._task is None
        link.abort()


@pytest.mark.usefixtures("fast")
async def test_ws_20_a_missing_pong_cuts_the_link() -> None:
    server = Server(lambda count: count < 3)
    async with listening(server.talk) as port:
        link = await link_to(port, 5, pong_timeout=0.8)
        end = await over(link)
    assert server.pings == 3
    assert (end.code, end.by) == (1006, "network")
    assert end.sentence == "There was no pong within 0.8 s: the connection is dead, so we cut it."


@pytest.mark.usefixtures("fast")
async def test_ws_20_the_time_out_is_never_longer_than_the_interval() -> None:
    server = Server(lambda count: False)
    async with listening(server.talk) as port:
        link = await link_to(port, 1)
        end = await over(link)
    assert "no pong within 1 s" in end.sentence


@pytest.mark.usefixtures("fast")
async def test_ws_20_the_interval_changes_while_the_link_is_open() -> None:
    server = Server()
    async with listening(server.talk) as port:
        link = await link_to(port, 0)
        link.set_ping_interval(1)
        await server.until(3)
        link.set_ping_interval(1)  # the same again disturbs nothing
        await server.until(4)
        link.set_ping_interval(0)
        await asyncio.sleep(0.05)
        count = server.pings
        await asyncio.sleep(0.1)
        assert server.pings == count
        link.set_ping_interval(100_000)
        link.set_ping_interval(1)
        await server.until(count + 2)
        await link.close()
        assert link._keepalive._task is None


@pytest.mark.usefixtures("fast")
async def test_a_link_whose_messages_nobody_takes_is_not_taken_for_dead(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("desktop_sim.transport.socket_link._UNREAD_LIMIT", 2)
    pings = asyncio.Semaphore(0)

    async def flood(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await shake_hands(reader, writer)
        writer.write(frame(1, b"x") * 100)
        while True:
            opcode, payload = await read_frame(reader)
            if opcode == PING:
                pings.release()
                writer.write(frame(PONG, payload))

    async with listening(flood) as port:
        link = await link_to(port, 0, pong_timeout=0.05)
        await until_full(link)
        link.set_ping_interval(1)
        async with asyncio.timeout(10):
            for _ in range(4):
                await pings.acquire()
        assert [await link.receive() for _ in range(100)] == ["x"] * 100
        link.abort()
