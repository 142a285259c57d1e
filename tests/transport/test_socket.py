"""An open WebSocket: messages, what is no message, and how it ends."""

from __future__ import annotations

import asyncio

import pytest

from desktop_sim.transport.link import InvalidMessage, LinkClosed
from desktop_sim.transport.server import ServerLink, serve
from desktop_sim.transport.socket_link import MAX_SIZE
from desktop_sim.transport.websocket import connect

from .links import at, echo, over
from .raw import BINARY, CLOSE, PING, PONG, TEXT, Talk, frame, listening, read_frame, shake_hands


def saying(*frames: bytes) -> Talk:
    """A foreign server that sends these frames and then reads to the end."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await shake_hands(reader, writer)
        writer.write(b"".join(frames))
        await writer.drain()
        while True:
            opcode, payload = await read_frame(reader)
            if opcode == CLOSE:
                writer.write(frame(CLOSE, payload[:2]))
                return await writer.drain()

    return talk


async def test_messages_there_and_back_in_order() -> None:
    async with await serve(echo) as server:
        link = await connect(at(server.port))
        sent = [f'[2,"{number}","Heartbeat",{{}}]' for number in range(200)] + ["ü€😀", "", "x" * 100_000]
        for text in sent:
            await link.send(text)
        assert [await link.receive() for _ in sent] == sent
        await link.close()


async def test_a_stopped_reader_makes_the_other_side_wait_and_loses_nothing() -> None:
    count = 5000

    async def flood(link: ServerLink) -> None:
        for number in range(count):
            await link.send(str(number))
        await over(link)

    async with await serve(flood) as server:
        link = await connect(at(server.port))
        await asyncio.sleep(0.05)
        assert len(link._arrived) <= 1024
        assert [await link.receive() for _ in range(count)] == [str(number) for number in range(count)]
        await link.close()


async def test_ws_6_a_binary_message_leaves_the_link_open() -> None:
    async with listening(saying(frame(BINARY, b"\x00\xff"), frame(TEXT, b"text"))) as port:
        link = await connect(at(port))
        assert await link.receive() == InvalidMessage("binary")
        assert await link.receive() == "text"
        await link.close()


async def test_ws_6_fragments_become_one_message() -> None:
    parts = (
        frame(TEXT, b"one ", final=False),
        frame(0, b"two ", final=False),
        frame(PING, b"p"),
        frame(0, b"three"),
    )
    async with listening(saying(*parts)) as port:
        link = await connect(at(port))
        assert await link.receive() == "one two three"
        await link.close()


async def test_ws_6_text_that_is_not_utf_8_ends_the_link() -> None:
    async with listening(saying(frame(TEXT, b"good"), frame(TEXT, b"\xff\xfe"))) as port:
        link = await connect(at(port))
        assert await link.receive() == "good"
        assert await link.receive() == InvalidMessage("utf-8")
        end = await over(link)
        assert (end.code, end.by) == (1007, "us")
        assert "not UTF-8" in end.sentence


async def test_ws_6_an_oversize_message_ends_the_link() -> None:
    head = frame(TEXT)[:1] + b"\x7f" + (MAX_SIZE + 1).to_bytes(8, "big")
    async with listening(saying(head)) as port:
        link = await connect(at(port))
        assert await link.receive() == InvalidMessage("oversize")
        end = await over(link)
        assert (end.code, end.by) == (1009, "us")
        assert "too big" in end.sentence


async def test_broken_frames_end_the_link() -> None:
    async with listening(saying(b"\xf1\x00")) as port:
        link = await connect(at(port))
        end = await over(link)
        assert (end.code, end.by) == (1002, "us")
        assert "broke the rules of WebSocket" in end.sentence


@pytest.mark.parametrize(
    "payload, code, words",
    [
        ((1000).to_bytes(2, "big"), 1000, "1000 normal end"),
        ((1008).to_bytes(2, "big") + b"duplicate id", 1008, '1008 policy violation, "duplicate id"'),
        ((4001).to_bytes(2, "big") + b"kicked", 4001, '4001, "kicked"'),
        (b"", 1005, "without giving a reason"),
    ],
)
async def test_ws_10_the_server_says_goodbye(payload: bytes, code: int, words: str) -> None:
    async with listening(saying(frame(TEXT, b"last"), frame(CLOSE, payload))) as port:
        link = await connect(at(port))
        assert await link.receive() == "last"
        end = await over(link)
        assert (end.code, end.by, end.reason) == (code, "them", payload[2:].decode())
        assert words in end.sentence
        with pytest.raises(LinkClosed) as caught:
            await link.send("too late")
        assert caught.value.code == code


async def test_ws_9_our_goodbye_carries_code_and_reason() -> None:
    heard: list[tuple[int, bytes]] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await shake_hands(reader, writer)
        heard.append(await read_frame(reader))
        writer.write(frame(CLOSE, heard[0][1][:2]))

    async with listening(talk) as port:
        link = await connect(at(port))
        await link.close(1001, "reset " + "ü" * 200)
        end = await over(link)
    opcode, payload = heard[0]
    assert (opcode, payload[:2]) == (CLOSE, (1001).to_bytes(2, "big"))
    assert payload[2:].decode().startswith("reset üü")
    assert (end.code, end.by) == (1001, "us")


@pytest.mark.parametrize("code", [0, 999, 1004, 1005, 1006, 1015, 2000, 5000])
async def test_a_code_that_no_close_frame_may_carry(code: int) -> None:
    async with await serve(echo) as server:
        link = await connect(at(server.port))
        with pytest.raises(ValueError, match="close frame"):
            await link.close(code)
        await link.close()


@pytest.mark.parametrize("unread", [0, 2 * MAX_SIZE])
async def test_ws_9_closing_never_hangs(monkeypatch: pytest.MonkeyPatch, unread: int) -> None:
    """Neither on a server that does not answer, nor on one that no longer reads and whose buffers are full."""
    monkeypatch.setattr("desktop_sim.transport.socket_link.CLOSE_TIMEOUT", 0.2)
    monkeypatch.setattr("desktop_sim.transport.websocket.CLOSE_TIMEOUT", 0.2)

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await shake_hands(reader, writer)
        await asyncio.sleep(60)

    async with listening(silent) as port:
        link = await connect(at(port))
        sending = asyncio.create_task(link.send("x" * unread))
        await asyncio.sleep(0.05)
        async with asyncio.timeout(5):
            await link.close()
            end = await over(link)
            await asyncio.wait((sending,))
        assert end.code in (1000, 1006)
        await asyncio.gather(sending, return_exceptions=True)


async def test_closing_twice_and_after_the_end_is_harmless() -> None:
    async with await serve(echo) as server:
        link = await connect(at(server.port))
        await asyncio.gather(link.close(1000), link.close(1001))
        await link.close()
        link.abort()
        link.set_ping_interval(1)
        assert (await over(link)).by == "us"


async def test_unread_messages_do_not_hold_up_the_goodbye() -> None:
    async def flood(link: ServerLink) -> None:
        for _ in range(3000):
            await link.send("x" * 1000)
        await over(link)

    async with await serve(flood) as server:
        link = await connect(at(server.port))
        await asyncio.sleep(0.05)
        async with asyncio.timeout(2):
            await link.close()
        assert (await over(link)).code == 1000


async def test_abort_cuts_without_a_close_frame() -> None:
    ends: list[LinkClosed] = []

    async def note(link: ServerLink) -> None:
        ends.append(await over(link))

    async with await serve(note) as server:
        link = await connect(at(server.port))
        link.abort()
        ours = await over(link)
    assert (ours.code, ours.by, ours.sentence) == (1006, "us", "We cut the connection.")
    assert (ends[0].code, ends[0].by) == (1006, "network")
    assert "lost without a goodbye" in ends[0].sentence


async def test_a_server_that_vanishes() -> None:
    async def vanish(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await shake_hands(reader, writer)

    async with listening(vanish) as port:
        link = await connect(at(port))
        end = await over(link)
    assert (end.code, end.by) == (1006, "network")
    assert "The connection to the server was lost without a goodbye" in end.sentence


async def test_a_cancelled_receive_loses_nothing() -> None:
    async with await serve(echo) as server:
        link = await connect(at(server.port))
        waiting = asyncio.create_task(link.receive())
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.wait((waiting,))
        await link.send("kept")
        assert await link.receive() == "kept"
        await link.close()


@pytest.mark.parametrize("compression, wanted", [(False, None), (True, "permessage-deflate")])
async def test_ws_7_compression_is_offered_on_demand_only(compression: bool, wanted: str | None) -> None:
    offers: list[str | None] = []

    async def note(link: ServerLink) -> None:
        offers.append(link.upgrade.headers.get("sec-websocket-extensions"))
        await echo(link)

    async with await serve(note, compression=True) as server:
        link = await connect(at(server.port, compression=compression))
        await link.send("x" * 1000)
        assert await link.receive() == "x" * 1000
        await link.close()
    assert (offers[0] or "").partition(";")[0] == (wanted or "")


async def test_ws_20_we_always_answer_pings() -> None:
    heard: asyncio.Queue[tuple[int, bytes]] = asyncio.Queue()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await shake_hands(reader, writer)
        writer.write(frame(PING, b"are you there"))
        heard.put_nowait(await read_frame(reader))
        await reader.read()

    async with listening(talk) as port:
        link = await connect(at(port))
        assert await heard.get() == (PONG, b"are you there")
        link.abort()
