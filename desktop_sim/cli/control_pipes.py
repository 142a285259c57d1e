"""Lines on stdin and stdout without threads: neither a silent writer nor a slow reader ever holds up the station."""

import asyncio
import contextlib
import os
import select
import stat
import sys
from collections.abc import AsyncIterator, Callable, Iterator

LONGEST_LINE = 16 * 1024 * 1024
"""Bytes of a line; what is longer is cut there, and so becomes no JSON."""

_PIECE = 64 * 1024
_SURE = min(
    select.PIPE_BUF, 4096
)  # bytes that a pipe takes without waiting once it says that it can be written to


class ReaderGone(Exception):
    """Nobody reads what we say any more."""


def take_stdout() -> int:
    """Our own way to stdout. Whatever else is printed in this process goes to stderr from now on."""
    sys.stdout.flush()
    ours = os.dup(1)
    os.dup2(2, 1)
    return ours


async def lines(descriptor: int) -> AsyncIterator[bytes]:
    """The lines of a file descriptor, without their ends."""
    rest = bytearray()
    while piece := await _read(descriptor):
        first, *others = piece.split(b"\n")
        _extend(rest, first)
        for other in others:
            yield bytes(rest)
            rest.clear()
            _extend(rest, other)
    if rest:
        yield bytes(rest)


def _extend(line: bytearray, piece: bytes) -> None:
    """Add to a line as much as is bearable."""
    line += piece[: LONGEST_LINE - len(line)]


async def _read(descriptor: int) -> bytes:
    await _ready(descriptor, select.POLLIN)
    try:
        return os.read(descriptor, _PIECE)
    except OSError:
        return b""


async def write(descriptor: int, data: bytes) -> None:
    """Write everything, as fast as it is read. Raises ReaderGone."""
    rest = memoryview(data)
    while rest:
        await _ready(descriptor, select.POLLOUT)
        try:
            rest = rest[os.write(descriptor, rest[:_SURE]) :]
        except OSError as problem:
            raise ReaderGone from problem


async def _ready(descriptor: int, what: int) -> None:
    """Wait until a file descriptor can be read from, or written to. Files always can."""
    poll = select.poll()
    poll.register(descriptor, what)
    if poll.poll(0):
        return await asyncio.sleep(0)
    loop = asyncio.get_running_loop()
    news = asyncio.Event()
    add, remove = (
        (loop.add_reader, loop.remove_reader)
        if what == select.POLLIN
        else (loop.add_writer, loop.remove_writer)
    )
    add(descriptor, news.set)
    try:
        await news.wait()
    finally:
        remove(descriptor)


@contextlib.contextmanager
def watched(descriptor: int, gone: Callable[[], None]) -> Iterator[None]:
    """Call `gone` as soon as the reader of a pipe has left, even while there is nothing to write."""
    loop = asyncio.get_running_loop()
    if not stat.S_ISFIFO(os.fstat(descriptor).st_mode):
        yield
        return

    def left() -> None:
        loop.remove_reader(descriptor)
        gone()

    loop.add_reader(descriptor, left)
    try:
        yield
    finally:
        loop.remove_reader(descriptor)
