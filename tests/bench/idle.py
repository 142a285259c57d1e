"""What a connected station costs while nothing happens: CPU of the console's process, beside a bare client."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.measure import Row
from tests.e2e.bookkeeper import Bookkeeper

SECONDS = 10.0
PERCENT = 0.5

BARE = """
import asyncio, sys
from websockets.asyncio.client import connect

async def main():
    async with connect(sys.argv[1], subprotocols=["ocpp1.6"], ping_interval=60) as socket:
        await socket.recv()

asyncio.run(main())
"""


def cpu_of(process: int) -> float:
    """Seconds of CPU a process of ours has used, to the nanosecond (Linux)."""
    return time.clock_gettime((~process << 3) | 2)


async def idle_percent(process: asyncio.subprocess.Process) -> float:
    """How busy a process is over some seconds in which nobody asks anything of it."""
    before, began = cpu_of(process.pid), time.perf_counter()
    await asyncio.sleep(SECONDS)
    return 100 * (cpu_of(process.pid) - before) / (time.perf_counter() - began)


async def _measured(folder: Path) -> list[Row]:
    async with Bookkeeper(lambda: time.time_ns() // 1000).serving() as books:
        start = (
            sys.executable,
            "-m",
            "desktop_sim",
            "console",
            "CP001",
            books.url,
            "--state-dir",
            str(folder),
        )
        pipes = asyncio.subprocess.PIPE
        console = await asyncio.create_subprocess_exec(*start, stdin=pipes, stdout=asyncio.subprocess.DEVNULL)
        plain = await asyncio.create_subprocess_exec(sys.executable, "-c", BARE, books.url)
        try:
            await books.has("StatusNotification")
            await asyncio.sleep(2)
            assert books.connections == 2
            (percent, floor) = await asyncio.gather(idle_percent(console), idle_percent(plain))
            name = "idle CPU of a connected console"
            found = [Row(name, percent, "%", floor, "bare websockets client", aim=PERCENT)]
            assert console.stdin is not None
            console.stdin.write(b"start\n")
            await books.has("MeterValues")
            percent = await idle_percent(console)
            found.append(Row("CPU of a console that charges, a sample each 10 s", percent, "%"))
        finally:
            for process in (console, plain):
                process.kill()
                await process.wait()
        return found


def rows() -> Iterator[Row]:
    """Over ten seconds each; needs Linux, where a process may read another's clock."""
    with TemporaryDirectory() as folder:
        yield from asyncio.run(_measured(Path(folder)))
