"""The central system's side: who is let in, who is turned away, and a close that comes to an end."""

from __future__ import annotations

import asyncio
import base64
import logging

import pytest

from desktop_sim.transport.endpoint import Credentials
from desktop_sim.transport.link import LinkClosed
from desktop_sim.transport.server import ServerLink, Upgrade, serve
from desktop_sim.transport.websocket import connect

from .links import at, echo, listen, over, refused


@pytest.mark.parametrize("identity", ["CP001", "RDAM 123", "a/b", "Säule", "100%", "a?b#c"])
async def test_the_identity_is_the_last_part_of_the_path(identity: str) -> None:
    seen: list[str] = []

    async def note(link: ServerLink) -> None:
        seen.append(link.identity)
        await over(link)

    async with await serve(note) as server:
        link = await connect(at(server.port, identity))
        assert link.subprotocol == "ocpp1.6"
        await link.close()
    assert seen == [identity]


async def test_who_is_asked_sees_everything_and_decides() -> None:
    asked: list[Upgrade] = []

    def check(upgrade: Upgrade) -> int | None:
        asked.append(upgrade)
        return None if upgrade.credentials == Credentials("CP001", b"\x00\xff:x") else 401

    async with await serve(listen, check=check) as server:
        refusal = await refused(at(server.port, password=b"wrong"))
        assert refusal.status == 401
        link = await connect(at(server.port, password=b"\x00\xff:x"))
        assert [entry.identity for entry in server.links] == ["CP001"]
        await link.close()
    assert asked[1].path == "/ocpp/CP001"
    assert asked[1].subprotocols == ("ocpp1.6",)
    assert asked[1].peer == "127.0.0.1"
    assert "\\xff" not in repr(asked[1])


@pytest.mark.parametrize("status", [401, 403, 404, 503])
async def test_a_refusal_has_the_status_that_was_asked_for(status: int) -> None:
    async with await serve(listen, check=lambda _: status) as server:
        assert (await refused(at(server.port))).status == status


@pytest.mark.parametrize(
    "header",
    ["Basic", "Basic !!!", "Bearer abc", "Basic " + base64.b64encode(b"no colon").decode(), "Basic //86eA=="],
)
async def test_a_broken_header_holds_no_credentials(header: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop_sim.transport.websocket.basic_authorization", lambda *_: header)
    async with await serve(
        listen, check=lambda upgrade: 401 if upgrade.credentials is None else None
    ) as server:
        assert (await refused(at(server.port, password=b"x"))).status == 401


async def test_a_path_without_an_identity_is_not_found() -> None:
    async with await serve(listen) as server:
        assert b"404" in await _status(server.port, "/")


async def test_a_web_browser_is_told_what_this_is() -> None:
    async with await serve(listen) as server:
        assert b"426" in await _status(server.port, "/CP001", upgrade=False)


async def test_a_station_that_offers_only_another_version_is_let_in_and_shown_out() -> None:
    async with await serve(echo) as server:
        refusal = await refused(at(server.port, subprotocols=("ocpp2.0.1",)))
        assert refusal.kind == "subprotocol"


async def test_several_stations_at_once() -> None:
    async with await serve(echo) as server:
        links = [await connect(at(server.port, f"CP{number}")) for number in range(10)]
        assert {link.identity for link in server.links} == {f"CP{number}" for number in range(10)}
        for number, link in enumerate(links):
            await link.send(str(number))
        assert [await link.receive() for link in links] == [str(number) for number in range(10)]
        await asyncio.gather(*(link.close() for link in links))


async def test_closing_the_server_says_1001_to_everyone() -> None:
    server = await serve(listen)
    links = [await connect(at(server.port, f"CP{number}")) for number in range(3)]
    await server.close()
    for link in links:
        end = await over(link)
        assert (end.code, end.by) == (1001, "them")
        assert "The server closed the connection: 1001 going away." in end.sentence
    assert not server.links
    await server.close()  # harmless


async def test_closing_ends_even_with_a_handler_and_a_visitor_that_do_not() -> None:
    async def stubborn(link: ServerLink) -> None:
        await asyncio.sleep(60)

    server = await serve(stubborn)
    _, visitor = await asyncio.open_connection("127.0.0.1", server.port)
    link = await connect(at(server.port))
    async with asyncio.timeout(5):
        await server.close()
        await over(link)
    visitor.transport.abort()


async def test_the_connection_ends_when_the_handler_returns() -> None:
    async def brief(link: ServerLink) -> None:
        await link.send("bye")

    async with await serve(brief) as server:
        link = await connect(at(server.port))
        assert await link.receive() == "bye"
        end = await over(link)
        assert (end.code, end.by) == (1000, "them")


async def test_a_handler_that_fails_ends_its_own_connection_only(caplog: pytest.LogCaptureFixture) -> None:
    async def fragile(link: ServerLink) -> None:
        if link.identity == "BAD":
            raise RuntimeError("oops")
        await echo(link)

    async with await serve(fragile) as server:
        with caplog.at_level(logging.ERROR):
            end = await over(await connect(at(server.port, "BAD")))
        assert end.code == 1011
        assert "oops" in caplog.text
        link = await connect(at(server.port))
        await link.send("still here")
        assert await link.receive() == "still here"
        await link.close()


async def test_the_server_can_ping_and_cut() -> None:
    async def cut(link: ServerLink) -> None:
        link.set_ping_interval(1)
        await link.receive()
        link.abort()
        with pytest.raises(LinkClosed):
            await link.receive()

    async with await serve(cut) as server:
        link = await connect(at(server.port))
        await link.send("go")
        assert (await over(link)).code == 1006


async def test_a_port_that_is_taken() -> None:
    async with await serve(listen) as server:
        with pytest.raises(OSError, match="in use"):
            await serve(listen, port=server.port)


async def test_sec_pwd_2_no_log_shows_a_password(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        async with await serve(echo) as server:
            link = await connect(at(server.port, password=b"secret"))
            await link.send("x")
            await link.receive()
            await link.close()
    assert base64.b64encode(b"CP001:secret").decode() not in caplog.text


async def _status(port: int, path: str, *, upgrade: bool = True) -> bytes:
    """The status line that a request gets."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    lines = [f"GET {path} HTTP/1.1", "Host: here"]
    if upgrade:
        key = base64.b64encode(b"0123456789abcdef").decode()
        lines += [
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Version: 13",
            f"Sec-WebSocket-Key: {key}",
        ]
    writer.write("\r\n".join([*lines, "", ""]).encode())
    status = await reader.readline()
    writer.transport.abort()
    return status
