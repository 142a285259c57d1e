"""How long a central system waits for an answer, over a real WebSocket on loopback, beside a bare echo."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, closing, suppress
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from desktop_sim.app.options import StationOptions
from desktop_sim.app.plan import plan_station
from desktop_sim.app.station_host import StationHost
from desktop_sim.protocol import format_time
from tests.bench.measure import Row
from tests.bench.storage import bare

ROUNDS = 400

ASK = ["GetConfiguration", {"key": ["HeartbeatInterval"]}]
CHANGE = ["ChangeConfiguration", {"key": "MeterValueSampleInterval", "value": "10"}]
ANSWER = json.dumps([3, "000", {"configurationKey": [{"key": "x" * 20, "readonly": False, "value": "300"}]}])

Exchange = Callable[[str], Awaitable[Any]]


@asynccontextmanager
async def line(client: Callable[[str], Any]) -> AsyncIterator[Exchange]:
    """A server, whoever `client` lets in from this process, and what sends a text and waits for the answer to it."""
    arrived: asyncio.Future[ServerConnection] = asyncio.get_running_loop().create_future()
    answers: asyncio.Queue[Any] = asyncio.Queue()

    async def keep(socket: ServerConnection) -> None:
        arrived.set_result(socket)
        with suppress(ConnectionClosed):
            async for text in socket:
                frame = json.loads(text)
                if frame[0] == 2:
                    await socket.send(json.dumps([3, frame[1], _answer(frame[2])]))
                else:
                    answers.put_nowait(frame)

    async def exchange(text: str) -> Any:
        await socket.send(text)
        return await answers.get()

    async with AsyncExitStack() as stack:
        serving = serve(keep, "127.0.0.1", 0, subprotocols=["ocpp1.6"], compression=None)  # type: ignore[list-item]
        server = await stack.enter_async_context(serving)
        port = next(iter(server.sockets)).getsockname()[1]
        await stack.enter_async_context(client(f"ws://127.0.0.1:{port}"))
        socket = await arrived
        yield exchange


def _answer(action: str) -> dict[str, Any]:
    now = format_time(time.time_ns() // 1000)
    match action:
        case "BootNotification":
            return {"status": "Accepted", "currentTime": now, "interval": 300}
        case "Heartbeat":
            return {"currentTime": now}
        case "Authorize":
            return {"idTagInfo": {"status": "Accepted"}}
        case "StartTransaction":
            return {"transactionId": 1, "idTagInfo": {"status": "Accepted"}}
    return {}


@asynccontextmanager
async def station(url: str, folder: Path) -> AsyncIterator[None]:
    """Our station with everything around it: driver, store on disk, journal."""
    options = StationOptions(charge_point_id="CP001", url=url, state_dir=folder, seed=1)
    host = StationHost(plan_station(options))
    await host.start()
    yield
    await host.stop(graceful=False)


@asynccontextmanager
async def echo(url: str, before: Callable[[], None]) -> AsyncIterator[None]:
    """A client that does `before` and answers, nothing more."""
    async with connect(url, subprotocols=["ocpp1.6"], compression=None) as socket:  # type: ignore[list-item]

        async def answer() -> None:
            async for _ in socket:
                before()
                await socket.send(ANSWER)

        task = asyncio.create_task(answer())
        yield
        task.cancel()


async def _measured(folder: Path) -> list[Row]:
    database, commit = bare(folder / "bare")
    found = []
    with closing(database):
        async with (
            line(lambda url: station(url, folder / "ours")) as ours,
            line(lambda url: echo(url, lambda: None)) as plain,
            line(lambda url: echo(url, commit)) as storing,
        ):
            for name, call, floor, floor_name in (
                ("round trip of GetConfiguration", ASK, plain, "websockets echo"),
                ("round trip of ChangeConfiguration, committed", CHANGE, storing, "echo + SQLite, FULL"),
            ):
                spent, least = await in_turns(call, ours, floor)
                found.append(Row(name, spent * 1e6, "µs", least * 1e6, floor_name))
    return found


async def in_turns(
    call: list[Any], ours: Exchange, floor: Exchange, *, rounds: int = ROUNDS, pause: float = 0.0
) -> tuple[float, float]:
    """Median seconds of an exchange with both, one after the other."""
    times: tuple[list[float], list[float]] = ([], [])
    for number in range(rounds):
        await asyncio.sleep(pause)
        text = json.dumps([2, f"{call[0]}-{number}", *call])
        for exchange, spent in zip((ours, floor), times, strict=True):
            began = time.perf_counter()
            frame = await exchange(text)
            spent.append(time.perf_counter() - began)
            assert frame[0] == 3, frame
    return median(times[0]), median(times[1])


def rows() -> Iterator[Row]:
    """Both ends in one process and on one loop, ours and the floor alike."""
    with TemporaryDirectory() as folder:
        yield from asyncio.run(_measured(Path(folder)))
