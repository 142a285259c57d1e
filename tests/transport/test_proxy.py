"""Proxies: used where the environment says so, never in front of this machine, and named when they fail (WS-15)."""

from __future__ import annotations

import asyncio

import pytest

from desktop_sim.transport.proxy import proxy_for
from desktop_sim.transport.server import serve
from desktop_sim.transport.websocket import connect

from .links import at, listen, refused
from .raw import answering, listening


@pytest.mark.parametrize(
    "environment, secure, expected",
    [
        ({}, False, None),
        ({"http_proxy": "http://p:1"}, False, "http://p:1"),
        ({"http_proxy": "http://p:1"}, True, None),
        ({"http_proxy": "http://p:1", "https_proxy": "http://q:2"}, True, "http://q:2"),
        ({"http_proxy": "http://p:1", "ws_proxy": "r:3"}, False, "http://r:3"),
        ({"all_proxy": "socks5://s:4"}, True, "socks5://s:4"),
        ({"http_proxy": "http://p:1", "no_proxy": "example.com"}, False, None),
        ({"http_proxy": "http://p:1", "no_proxy": "other.org"}, False, "http://p:1"),
    ],
)
def test_the_environment_decides(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], secure: bool, expected: str | None
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert proxy_for("environment", secure, "csms.example.com", 9000) == expected


@pytest.mark.parametrize("host", ["localhost", "cs.localhost", "127.0.0.1", "127.9.9.9", "::1"])
def test_this_machine_is_reached_directly(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    monkeypatch.setenv("http_proxy", "http://p:1")
    assert proxy_for("environment", False, host, 9000) is None


def test_the_choice_of_the_endpoint_counts_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://p:1")
    assert proxy_for("none", False, "csms.example.com", 9000) is None
    assert proxy_for("q:2", False, "localhost", 9000) == "http://q:2"


async def tunnel(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A proxy that takes every host for this machine."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    port = int(head.split()[1].rpartition(":")[2])
    there_reader, there_writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"HTTP/1.1 200 Go on\r\n\r\n")
    try:
        await asyncio.gather(_pump(reader, there_writer), _pump(there_reader, writer))
    finally:
        there_writer.transport.abort()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()
    writer.write_eof()


async def test_a_connection_through_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    async with await serve(listen) as server, listening(tunnel) as proxy:
        monkeypatch.setenv("http_proxy", f"http://me:secret@127.0.0.1:{proxy}")
        link = await connect(at(server.port, host="csms.example"))
        assert link.proxy == f"http://me:***@127.0.0.1:{proxy}"
        await link.close()


async def test_the_proxy_refuses() -> None:
    async with listening(answering("407 Proxy Authentication Required")) as proxy:
        refusal = await refused(at(9, host="csms.example", proxy=f"http://127.0.0.1:{proxy}"))
    assert (refusal.kind, refusal.status) == ("proxy", 407)
    assert f"The proxy http://127.0.0.1:{proxy} refused the connection to csms.example:9" in refusal.sentence


async def babble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"220 mail.example ESMTP\r\n")
    await reader.read()


async def test_the_proxy_is_no_proxy() -> None:
    async with listening(babble) as proxy:
        refusal = await refused(at(9, host="csms.example", proxy=f"http://127.0.0.1:{proxy}"))
    assert (refusal.kind, refusal.status) == ("proxy", None)
    assert "did not open the connection" in refusal.sentence


async def test_the_proxy_does_not_answer() -> None:
    server = await serve(listen)
    await server.close()
    refusal = await refused(at(9, host="csms.example", proxy=f"http://u:secret@127.0.0.1:{server.port}"))
    assert refusal.kind == "proxy"
    assert "cannot be reached" in refusal.sentence
    assert "no_proxy" in refusal.sentence
    assert "secret" not in refusal.sentence


async def test_a_proxy_of_an_unknown_kind() -> None:
    refusal = await refused(at(9, host="csms.example", proxy="gopher://p:1"))
    assert refusal.kind == "proxy"
    assert "is not the address of a proxy" in refusal.sentence


async def test_a_socks_proxy_without_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    async def missing(*_: object, **__: object) -> None:
        raise ImportError("connecting through a SOCKS proxy requires python-socks")

    monkeypatch.setattr("websockets.asyncio.client.connect_socks_proxy", missing)
    refusal = await refused(at(9, host="csms.example", proxy="socks5://p:1"))
    assert refusal.kind == "proxy"
    assert "python-socks" in refusal.sentence
