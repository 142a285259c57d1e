"""The window: first paint, idle CPU, answers while it paints, rows of traffic (aims: DESIGN § 8).

It is shown on a screen of its own where there is Xvfb.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from tests.bench.idle import PERCENT, cpu_of, idle_percent
from tests.bench.measure import Row
from tests.bench.round_trip import ASK, in_turns, line

FIRST_PAINT = 1.5
STARTS = 5

ECHO = """
import asyncio, sys
from websockets.asyncio.client import connect
from tests.bench.round_trip import ANSWER

async def main():
    async with connect(sys.argv[1], subprotocols=["ocpp1.6"], compression=None) as socket:
        async for _ in socket:
            await socket.send(ANSWER)

asyncio.run(main())
"""

Process = asyncio.subprocess.Process


@asynccontextmanager
async def screen() -> AsyncIterator[dict[str, str]]:
    """The environment of a process that is to show a window: a virtual screen of X, else none at all."""
    program = shutil.which("Xvfb")
    if program is None:
        yield {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
        return
    arguments = ("-displayfd", "1", "-screen", "0", "1920x1080x24", "-nolisten", "tcp")
    server = await asyncio.create_subprocess_exec(
        program, *arguments, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
    )
    assert server.stdout is not None
    number = (await server.stdout.readline()).decode().strip()
    try:
        yield {**os.environ, "DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb"}
    finally:
        server.terminate()
        await server.wait()


@asynccontextmanager
async def shown(environment: dict[str, str], *arguments: str) -> AsyncIterator[tuple[Process, float]]:
    """A window's process, and the seconds from its start to its first paint."""
    began = time.monotonic()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.bench.window_process", *arguments),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env=environment,
    )
    try:
        assert process.stdout is not None
        async with asyncio.timeout(60):
            painted = (await process.stdout.readline()).split()[1]
        yield process, float(painted) - began
    finally:
        process.kill()
        await process.wait()


async def _first_paint(environment: dict[str, str]) -> list[Row]:
    real: tuple[list[float], list[float]] = ([], [])
    busy: tuple[list[float], list[float]] = ([], [])
    for _ in range(STARTS):
        for which, arguments in enumerate((("ours", "window"), ("bare",))):
            async with shown(environment, *arguments) as (process, seconds):
                busy[which].append(cpu_of(process.pid))
                real[which].append(seconds)
    who = "bare QMainWindow"
    return [
        Row("first paint of the window", median(real[0]), "s", median(real[1]), who, aim=FIRST_PAINT),
        Row("CPU until then", median(busy[0]), "s", median(busy[1]), who),
    ]


async def _living(environment: dict[str, str], folder: Path) -> AsyncIterator[Row]:
    """A window at a central system: idle, then charging, with the scope moving."""
    windows: list[Process] = []

    @asynccontextmanager
    async def window(url: str) -> AsyncIterator[None]:
        given = ("window", "CP001", url, "--state-dir", str(folder), "--driver", "present")
        async with shown(environment, "ours", *given) as (process, _seconds):
            windows.append(process)
            yield

    @asynccontextmanager
    async def echo(url: str) -> AsyncIterator[None]:
        process = await asyncio.create_subprocess_exec(sys.executable, "-c", ECHO, url)
        yield
        process.kill()
        await process.wait()

    async with line(window) as ours, line(echo) as floor, shown(environment, "bare") as (bare, _seconds):
        await asyncio.sleep(5)
        percent, least = await asyncio.gather(idle_percent(windows[0]), idle_percent(bare))
        yield Row("idle CPU of a connected window", percent, "%", least, "bare QMainWindow", aim=PERCENT)
        start = ["RemoteStartTransaction", {"idTag": "USER001", "connectorId": 1}]
        await in_turns(start, ours, floor, rounds=1)
        await asyncio.sleep(5)
        yield Row("CPU of a window that charges, the scope moving", await idle_percent(windows[0]), "%")
        spent, least = await in_turns(ASK, ours, floor, pause=0.01)
        name = "round trip of GetConfiguration, the window painting"
        yield Row(name, spent * 1e6, "µs", least * 1e6, "websockets echo")


async def _traffic(environment: dict[str, str]) -> Row:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.bench.window_rows"), stdout=asyncio.subprocess.PIPE, env=environment
    )
    output, _ = await process.communicate()
    figure, floor = map(float, output.split()[-2:])
    name = "traffic list: MeterValues × 12 taken in and painted"
    return Row(name, figure, "rows/s", floor, "QListView, as many pictures", more_is_better=True)


async def _measured(folder: Path) -> list[Row]:
    async with screen() as environment:
        found = await _first_paint(environment)
        found += [row async for row in _living(environment, folder)]
        found.append(await _traffic(environment))
        return found


def rows() -> Iterator[Row]:
    """One screen for all of it."""
    with TemporaryDirectory() as folder:
        yield from asyncio.run(_measured(Path(folder)))
