"""A foreign central system: the PyPI package `ocpp` on a real WebSocket, with the schemas' verdict on every frame."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from ocpp.routing import on
from ocpp.v16 import ChargePoint, call_result
from ocpp.v16.enums import Action
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from tests.protocol import foreign


class Wire:
    """A connection that keeps and judges every frame that passes.

    Attributes:
        frames: (from the station?, frame), in order.
        verdicts: what the foreign schemas complain about; empty is good.
    """

    def __init__(self, socket: ServerConnection) -> None:
        self._socket = socket
        self.frames: list[tuple[bool, list[Any]]] = []
        self.verdicts: list[str] = []
        self._asked: dict[str, str] = {}

    async def recv(self) -> str:
        text = await self._socket.recv()
        assert isinstance(text, str)
        self._note(True, json.loads(text))
        return text

    async def send(self, text: str) -> None:
        self._note(False, json.loads(text))
        await self._socket.send(text)

    def _note(self, from_station: bool, frame: list[Any]) -> None:
        self.frames.append((from_station, frame))
        kind, message_id = frame[0], frame[1]
        if kind == 2:
            self._asked[message_id] = frame[2]
        elif kind == 4:
            self.verdicts.append(f"CALLERROR {frame[2:]}")
        if from_station and kind in (2, 3):
            name = frame[2] if kind == 2 else f"{self._asked[message_id]}Response"
            payload = frame[3] if kind == 2 else frame[2]
            if not foreign.accepts(name, payload):
                self.verdicts.append(f"{name}: {payload}")


class ForeignCentral(ChargePoint):
    """One connected station, seen by the foreign package.

    Attributes:
        starts, stops: payloads of StartTransaction and StopTransaction; the index of a start + 1 is its transactionId.
    """

    def __init__(self, identity: str, wire: Wire) -> None:
        super().__init__(identity, wire, response_timeout=10)
        self.wire = wire
        self.starts: list[dict[str, Any]] = []
        self.stops: list[dict[str, Any]] = []
        self.meter_values: list[dict[str, Any]] = []
        self.statuses: list[tuple[int, str]] = []
        self.booted = asyncio.Event()
        self.news = asyncio.Condition()

    async def _told(self) -> None:
        async with self.news:
            self.news.notify_all()

    async def until(self, predicate: Callable[[], object], seconds: float = 20.0) -> None:
        """Wait for something to become true of what the station has sent."""
        async with asyncio.timeout(seconds), self.news:
            await self.news.wait_for(predicate)

    def actions(self) -> list[str]:
        """The actions of the station's CALLs, in order."""
        return [frame[2] for from_station, frame in self.wire.frames if from_station and frame[0] == 2]

    @on(Action.boot_notification)
    async def on_boot(self, **_: Any) -> Any:
        self.booted.set()
        return call_result.BootNotification(current_time=_now(), interval=300, status="Accepted")

    @on(Action.heartbeat)
    async def on_heartbeat(self) -> Any:
        return call_result.Heartbeat(current_time=_now())

    @on(Action.status_notification)
    async def on_status(self, connector_id: int, status: str, **_: Any) -> Any:
        self.statuses.append((connector_id, status))
        await self._told()
        return call_result.StatusNotification()

    @on(Action.authorize)
    async def on_authorize(self, **_: Any) -> Any:
        return call_result.Authorize(id_tag_info={"status": "Accepted"})

    @on(Action.start_transaction)
    async def on_start(self, **request: Any) -> Any:
        self.starts.append(request)
        await self._told()
        return call_result.StartTransaction(
            transaction_id=len(self.starts), id_tag_info={"status": "Accepted"}
        )

    @on(Action.stop_transaction)
    async def on_stop(self, **request: Any) -> Any:
        self.stops.append(request)
        await self._told()
        return call_result.StopTransaction()

    @on(Action.meter_values)
    async def on_meter_values(self, **request: Any) -> Any:
        self.meter_values.append(request)
        await self._told()
        return call_result.MeterValues()


class ForeignServer:
    """The server: `url` to connect to, and the latest station."""

    def __init__(self) -> None:
        self.url = ""
        self.stations: list[ForeignCentral] = []
        self._arrived = asyncio.Condition()

    async def handle(self, socket: ServerConnection) -> None:
        assert socket.request is not None
        central = ForeignCentral(socket.request.path.strip("/"), Wire(socket))
        async with self._arrived:
            self.stations.append(central)
            self._arrived.notify_all()
        try:
            await central.start()
        except ConnectionClosed:
            pass

    async def station(self, number: int = 1) -> ForeignCentral:
        """The n-th connection, once it is there and has booted."""
        async with asyncio.timeout(30), self._arrived:
            await self._arrived.wait_for(lambda: len(self.stations) >= number)
        central = self.stations[number - 1]
        async with asyncio.timeout(30):
            await central.booted.wait()
        return central


@asynccontextmanager
async def foreign_server() -> AsyncIterator[ForeignServer]:
    """A foreign central system on loopback, on a free port."""
    server = ForeignServer()
    async with serve(server.handle, "127.0.0.1", 0, subprotocols=["ocpp1.6"]) as listening:  # type: ignore[list-item]
        port = next(iter(listening.sockets)).getsockname()[1]
        server.url = f"ws://127.0.0.1:{port}"
        yield server


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
