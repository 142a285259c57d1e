"""A server that points elsewhere (WS-4)."""

from __future__ import annotations

import asyncio

import pytest

from desktop_sim.transport.server import ServerLink, Upgrade, serve
from desktop_sim.transport.websocket import connect

from .links import at, over, refused
from .raw import Talk, listening, request


def pointing(location: str, status: int = 302) -> Talk:
    """A server that sends everyone to a place; {path} stands for the path that was asked for."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line, _ = await request(reader)
        place = location.replace("{path}", line.split()[1])
        writer.write(f"HTTP/1.1 {status} There\r\nLocation: {place}\r\nContent-Length: 0\r\n\r\n".encode())
        await reader.read()

    return talk


class Central:
    """A server that notes with what stations come."""

    def __init__(self) -> None:
        self.seen: list[Upgrade] = []

    async def __call__(self, link: ServerLink) -> None:
        self.seen.append(link.upgrade)
        await over(link)


@pytest.mark.parametrize("scheme", ["ws", "http"])
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_one_redirect_is_followed(scheme: str, status: int) -> None:
    central = Central()
    async with (
        await serve(central) as server,
        listening(pointing(f"{scheme}://127.0.0.1:{server.port}/new{{path}}", status)) as port,
    ):
        link = await connect(at(port, "CP 1"))
        assert link.address == f"ws://127.0.0.1:{server.port}/new/ocpp/CP%201"
        await link.close()
    assert central.seen[0].identity == "CP 1"


async def test_the_password_does_not_go_to_another_host_or_port() -> None:
    central = Central()
    async with (
        await serve(central) as server,
        listening(pointing(f"ws://127.0.0.1:{server.port}/CP001")) as port,
    ):
        link = await connect(at(port, password=b"secret"))
        await link.close()
    assert central.seen[0].credentials is None


async def test_the_password_stays_with_the_same_origin() -> None:
    """A relative redirect, and one server that first redirects and then refuses."""
    heard: list[tuple[str, dict[str, str]]] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await request(reader))
        status = "302 There\r\nLocation: ../v2/CP001" if len(heard) == 1 else "404 Not Found"
        writer.write(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n".encode())
        await reader.read()

    async with listening(talk) as port:
        refusal = await refused(at(port, password=b"secret"))
    assert refusal.status == 404
    assert heard[1][0] == "GET /v2/CP001 HTTP/1.1"
    assert heard[0][1]["authorization"] == heard[1][1]["authorization"]


async def test_a_second_redirect_is_not_followed() -> None:
    async with listening(pointing("{path}/x")) as port:
        refusal = await refused(at(port))
    assert (refusal.kind, refusal.status) == ("http", 302)
    assert "the second one in a row" in refusal.sentence


@pytest.mark.parametrize(
    "location, words",
    [
        ("wss://127.0.0.1/x", "because it leaves ws://"),
        ("https://127.0.0.1/x", "because it leaves ws://"),
        ("mailto:somebody@example.com", "that is no WebSocket address"),
        ("ws://ho st/", "that is no WebSocket address"),
    ],
)
async def test_a_redirect_elsewhere_is_not_followed(location: str, words: str) -> None:
    async with listening(pointing(location)) as port:
        refusal = await refused(at(port))
    assert (refusal.kind, refusal.status) == ("http", 302)
    assert words in refusal.sentence
