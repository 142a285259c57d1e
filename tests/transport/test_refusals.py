"""Every way in which a connection does not come about, and what the station says about it."""

from __future__ import annotations

import asyncio
import errno
import socket
from dataclasses import replace

import pytest

from desktop_sim.transport.link import LinkRefused
from desktop_sim.transport.server import serve
from desktop_sim.transport.websocket import connect

from .links import at, listen, refused
from .raw import CLOSE, Talk, answering, listening, read_frame, request, shake_hands

FAILED = "FailedToAuthenticateAtCentralSystem"


def check(refusal: LinkRefused, kind: str, words: str, status: int | None = None) -> None:
    assert (refusal.kind, refusal.status) == (kind, status)
    assert words in refusal.sentence
    assert str(refusal) == refusal.sentence


@pytest.mark.parametrize(
    "status, words, event",
    [
        ("401 Unauthorized", "none was sent: set the authorization key", FAILED),
        ("403 Forbidden", 'does not admit "CP001" (403)', FAILED),
        ("404 Not Found", 'register the station "CP001" in the central system', None),
        ("400 Bad Request", "does not understand the request (400)", None),
        ("426 Upgrade Required", "answers as a web page", None),
        ("200 OK", "answers as a web page, not as a WebSocket (200)", None),
        ("429 Too Many Requests", "wait a while", None),
        ("500 Internal Server Error", "a fault of its own (500)", None),
        ("502 Bad Gateway", "the central system behind it does not (502)", None),
        ("503 Service Unavailable", "the central system behind it does not (503)", None),
        ("418 I am a teapot", "with status 418", None),
        ("301 Moved Permanently", "a redirect to nowhere (301)", None),
        ("304 Not Modified", "a redirect to nowhere (304)", None),
    ],
)
async def test_ws_4_the_server_answers_with_a_status(status: str, words: str, event: str | None) -> None:
    async with listening(answering(status)) as port:
        refusal = await refused(at(port))
    check(refusal, "http", words, int(status[:3]))
    assert refusal.security_event == event


async def test_401_after_a_password_was_sent_points_at_the_password() -> None:
    async with listening(answering("401 Unauthorized")) as port:
        refusal = await refused(at(port, password=b"secret"))
    check(refusal, "http", 'does not accept the password of "CP001" (401)', 401)
    assert "secret" not in refusal.sentence


@pytest.mark.parametrize(
    "kind, body, words",
    [
        ("text/plain", b"unknown\n  charge point", 'It says: "unknown charge point"'),
        ("application/json; charset=utf-8", '{"fault":"ü"}'.encode(), 'It says: "{"fault":"ü"}"'),
        ("text/plain", b"x" * 500, "x" * 120 + '…"'),
        ("text/plain", b"\xff\x00\x1b[31m", 'It says: "\ufffd[31m"'),
    ],
)
async def test_the_servers_own_words_are_quoted(kind: str, body: bytes, words: str) -> None:
    async with listening(answering("404 Not Found", body, f"Content-Type: {kind}")) as port:
        assert words in (await refused(at(port))).sentence


async def test_a_web_page_is_not_quoted() -> None:
    async with listening(answering("404 Not Found", b"<html>Oops</html>", "Content-Type: text/html")) as port:
        assert "Oops" not in (await refused(at(port))).sentence


async def test_a_tls_port_that_says_so() -> None:
    body = b"<html>The plain HTTP request was sent to HTTPS port</html>"
    async with listening(answering("400 Bad Request", body, "Content-Type: text/html")) as port:
        check(await refused(at(port)), "http", "write wss:// instead of ws://", 400)


async def test_nothing_listens() -> None:
    server = await serve(listen)
    await server.close()
    check(await refused(at(server.port)), "refused", f"Nothing listens on 127.0.0.1:{server.port}")


async def test_nothing_listens_on_any_of_several_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    server = await serve(listen)
    await server.close()
    found = [
        (family, socket.SOCK_STREAM, 6, "", (host, server.port))
        for family, host in ((socket.AF_INET, "127.0.0.2"), (socket.AF_INET, "127.0.0.1"))
    ]

    async def resolve(*_: object, **__: object) -> object:
        return found

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", resolve)
    check(await refused(at(server.port, host="csms.example")), "refused", "Nothing listens on csms.example:")


@pytest.mark.parametrize(
    "problem, kind, words",
    [
        (socket.gaierror(socket.EAI_NONAME, "x"), "dns", 'There is no host named "csms.example"'),
        (socket.gaierror(socket.EAI_AGAIN, "x"), "dns", "No name server answers"),
        (
            OSError(errno.ENETUNREACH, "Network is unreachable"),
            "refused",
            "There is no way to csms.example:9",
        ),
        (OSError(errno.EHOSTUNREACH, "No route to host"), "refused", "check the network connection"),
        (OSError(errno.EMFILE, "Too many open files"), "refused", "failed: Too many open files."),
        (ConnectionResetError(), "http", "hung up during the handshake"),
    ],
)
async def test_the_network_fails(
    monkeypatch: pytest.MonkeyPatch, problem: OSError, kind: str, words: str
) -> None:
    async def fail(*_: object, **__: object) -> None:
        raise problem

    monkeypatch.setattr(asyncio.get_running_loop(), "create_connection", fail)
    check(await refused(at(9, host="csms.example")), kind, words)


async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()
    await asyncio.sleep(60)


async def test_a_server_that_takes_the_connection_and_stays_silent() -> None:
    async with listening(silent) as port:
        check(await refused(at(port, open_timeout=0.2)), "timeout", "within 0.2 s: the server is overloaded")


async def test_a_server_that_never_takes_the_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    async def hang(*_: object, **__: object) -> None:
        await asyncio.sleep(60)

    monkeypatch.setattr(asyncio.get_running_loop(), "create_connection", hang)
    refusal = await refused(at(9, host="csms.example", open_timeout=0.05))
    check(refusal, "timeout", "csms.example:9 does not answer within 0.05 s: check host and port")


async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await request(reader)


async def babble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"SSH-2.0-OpenSSH_9.2\r\n")
    await reader.read()


async def spoil(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await request(reader)
    lines = (
        "HTTP/1.1 101 Hello",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Accept: wrong",
        "",
        "",
    )
    writer.write("\r\n".join(lines).encode())
    await reader.read()


@pytest.mark.parametrize(
    "talk, words, status",
    [
        (hang_up, "hung up during the handshake, without a word. If the port speaks TLS, write wss://", None),
        (babble, "does not speak HTTP: check the port", None),
        (spoil, "does not speak WebSocket properly", 101),
    ],
)
async def test_a_server_that_speaks_no_websocket(talk: Talk, words: str, status: int | None) -> None:
    async with listening(talk) as port:
        check(await refused(at(port)), "http", words, status)


@pytest.mark.parametrize("chosen", ["ocpp2.0.1", "OCPP1.6", "ocpp1.6, ocpp1.5"])
async def test_ws_3_the_server_chooses_what_was_not_offered(chosen: str) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await shake_hands(reader, writer, chosen)
        await reader.read()

    async with listening(talk) as port:
        check(await refused(at(port)), "subprotocol", "the station offered ocpp1.6", 101)


async def test_ws_3_the_server_agrees_to_nothing_and_we_close_with_1002() -> None:
    heard: list[tuple[int, bytes]] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await shake_hands(reader, writer, None)
        heard.append(await read_frame(reader))

    async with listening(talk) as port:
        check(await refused(at(port)), "subprotocol", "it named no sub-protocol", 101)
    assert (heard[0][0], heard[0][1][:2]) == (CLOSE, (1002).to_bytes(2, "big"))


async def test_ws_3_a_forgotten_header_may_be_tolerated() -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await shake_hands(reader, writer, None)
        await reader.read()

    async with listening(talk) as port:
        link = await connect(at(port, tolerate_missing_subprotocol=True))
        assert link.subprotocol == ""
        link.abort()


async def test_ws_2_the_offer_is_exact_and_in_order() -> None:
    heard: list[tuple[str, dict[str, str]]] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await shake_hands(reader, writer, "ocpp1.5"))
        await reader.read()

    async with listening(talk) as port:
        link = await connect(at(port, "RDAM 123", subprotocols=("ocpp1.6", "ocpp1.5")))
        assert link.subprotocol == "ocpp1.5"
        link.abort()
    line, headers = heard[0]
    assert line == "GET /ocpp/RDAM%20123 HTTP/1.1"
    assert headers["sec-websocket-protocol"] == "ocpp1.6, ocpp1.5"
    assert "authorization" not in headers
    assert headers["host"] == f"127.0.0.1:{port}"


@pytest.mark.parametrize(
    "change, words",
    [
        ({"url": "localhost:9000"}, "did you mean ws://localhost:9000?"),
        ({"identity": ""}, "no identity"),
        ({"security_profile": 2, "password": b"x"}, "profile 2 needs TLS"),
    ],
)
async def test_a_wrong_address_is_a_refusal_too(change: dict[str, object], words: str) -> None:
    check(await refused(replace(at(9), **change)), "address", words)  # type: ignore[arg-type]


async def test_giving_up_while_connecting_leaves_nothing_behind() -> None:
    async with listening(silent) as port:
        attempt = asyncio.create_task(connect(at(port)))
        await asyncio.sleep(0.05)
        attempt.cancel()
        with pytest.raises(asyncio.CancelledError):
            await attempt
