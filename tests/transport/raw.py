"""Servers that say what a test tells them to say, byte by byte: nothing of ours or the library's in them."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

_MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
TEXT, BINARY, CLOSE, PING, PONG = 0x1, 0x2, 0x8, 0x9, 0xA


@asynccontextmanager
async def listening(talk: Talk, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """A server on a free port of 127.0.0.1 which talks to everyone who comes; gives the port."""
    tasks: set[asyncio.Task[None]] = set()

    async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            await talk(reader, writer)
        except (OSError, EOFError, asyncio.CancelledError):
            pass
        finally:
            tasks.discard(task)
            writer.transport.abort()

    server = await asyncio.start_server(meet, "127.0.0.1", 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in tuple(tasks):
            task.cancel()
        if tasks:
            await asyncio.wait(tuple(tasks))
        await server.wait_closed()


async def request(reader: asyncio.StreamReader) -> tuple[str, dict[str, str]]:
    """Read an HTTP request: its first line, and its headers by lower-case name."""
    lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in lines[1:] if line)
    return lines[0], {name.lower(): value.strip() for name, _, value in pairs}


def answering(status: str, body: bytes = b"", *headers: str) -> Talk:
    """A server that answers everything with one HTTP status."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await request(reader)
        lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
        writer.write("\r\n".join(lines).encode() + body)
        await writer.drain()
        await reader.read()

    return talk


async def shake_hands(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, subprotocol: str | None = "ocpp1.6"
) -> tuple[str, dict[str, str]]:
    """The server's part of a WebSocket handshake; gives the request."""
    line, headers = await request(reader)
    key = base64.b64encode(hashlib.sha1((headers["sec-websocket-key"] + _MAGIC).encode()).digest()).decode()
    answer = (
        f"HTTP/1.1 101 Hello\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {key}\r\n"
    )
    if subprotocol is not None:
        answer += f"Sec-WebSocket-Protocol: {subprotocol}\r\n"
    writer.write(answer.encode() + b"\r\n")
    await writer.drain()
    return line, headers


def frame(opcode: int, payload: bytes = b"", final: bool = True) -> bytes:
    """One frame as a server sends it: without a mask."""
    length = len(payload)
    if length < 126:
        size = bytes([length])
    elif length < 1 << 16:
        size = b"\x7e" + length.to_bytes(2, "big")
    else:
        size = b"\x7f" + length.to_bytes(8, "big")
    return bytes([(0x80 if final else 0) | opcode]) + size + payload


async def read_frame(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """One frame as a client sends it: opcode and unmasked payload."""
    first, second = await reader.readexactly(2)
    length = second & 0x7F
    if length == 126:
        length = int.from_bytes(await reader.readexactly(2), "big")
    elif length == 127:
        length = int.from_bytes(await reader.readexactly(8), "big")
    assert second & 0x80, "a client has to mask"
    mask = await reader.readexactly(4)
    payload = await reader.readexactly(length)
    return first & 0x0F, bytes(byte ^ mask[place % 4] for place, byte in enumerate(payload))


def tls_with_alerts(context: ssl.SSLContext) -> Talk:
    """A server that does a TLS handshake and nothing else, and says why it fails; asyncio's own does not say it."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        tls = context.wrap_bio(incoming, outgoing, server_side=True)
        shaking = True
        while shaking:
            try:
                tls.do_handshake()
                shaking = False
            except ssl.SSLWantReadError:
                pass
            except ssl.SSLError:
                shaking = False
            writer.write(outgoing.read())
            await writer.drain()
            if shaking:
                incoming.write(await _some(reader))
        await reader.read(-1)

    return talk


async def _some(reader: asyncio.StreamReader) -> bytes:
    data = await reader.read(65536)
    if not data:
        raise EOFError
    return data
