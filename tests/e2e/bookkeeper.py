"""A central system that keeps books over any number of connections: what came in, in what order, text by text.

Equal StartTransactions, by connectorId, timestamp and meterStart, count as one (DESIGN § 2.2) and get the same number.
It lives in the test's process and outlives the stations; foreign schemas judge every frame.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

import msgspec
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from desktop_sim.protocol import format_time
from tests.protocol import foreign

QUEUED = ("StartTransaction", "MeterValues", "StopTransaction")
"""The messages that are kept until they are answered."""

_CALL = tuple[Literal[2], str, str, msgspec.Raw]

Key = tuple[int, str, int]
"""What makes two StartTransactions one transaction."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """One CALL of the station; `text` is its payload as it came, byte for byte."""

    connection: int
    message_id: str
    action: str
    text: str
    payload: dict[str, Any] = field(repr=False)

    @property
    def key(self) -> Key:
        """Of a StartTransaction."""
        return self.payload["connectorId"], self.payload["timestamp"], self.payload["meterStart"]


Watch = Callable[[str, bool], None]
"""Called with the action of each CALL that comes in: before it is answered (False) and right after (True)."""


class Bookkeeper:
    """What all stations that ever connected have said.

    Attributes:
        arrivals: every CALL, in order.
        numbers: the transactionId of each transaction.
        verdicts: what the foreign schemas, or the order of things on a connection, complain about; empty is good.
        now: its clock, µs; what it answers as currentTime.
        at_home: while False, whoever connects is sent away.
        watch: told of everything that comes in.
    """

    def __init__(self, now: Callable[[], int]) -> None:
        self.arrivals: list[Arrival] = []
        self.numbers: dict[Key, int] = {}
        self.verdicts: list[str] = []
        self.now = now
        self.at_home = True
        self.watch: Watch = look_away
        self.url = ""
        self.connections = 0
        self._news = asyncio.Condition()
        self._server: Server | None = None

    def of(self, action: str) -> list[Arrival]:
        """The CALLs of one action, resent ones as often as they came."""
        return [arrival for arrival in self.arrivals if arrival.action == action]

    async def has(self, action: str, seconds: float = 30.0) -> None:
        """Wait until a CALL of this action has come."""
        async with asyncio.timeout(seconds), self._news:
            await self._news.wait_for(lambda: self.of(action))

    def hang_up(self) -> None:
        """Cut all connections."""
        if self._server is not None:
            for socket in self._server.connections:
                socket.transport.abort()

    @asynccontextmanager
    async def serving(self) -> AsyncIterator["Bookkeeper"]:
        """Listen on loopback, on a free port."""
        async with serve(
            self._handle,
            "127.0.0.1",
            0,
            subprotocols=["ocpp1.6"],  # type: ignore[list-item]
            process_request=self._at_the_door,
        ) as self._server:
            port = next(iter(self._server.sockets)).getsockname()[1]
            self.url = f"ws://127.0.0.1:{port}"
            yield self

    def _at_the_door(self, socket: ServerConnection, request: object) -> Any:
        return None if self.at_home else socket.respond(503, "Nobody is at home.\n")

    async def _handle(self, socket: ServerConnection) -> None:
        self.connections += 1
        number = self.connections
        try:
            async for text in socket:
                assert isinstance(text, str)
                await self._take(socket, number, text)
        except ConnectionClosed:
            pass
        except Exception as mistake:  # else it would end in the server's log
            self.verdicts.append(repr(mistake))

    async def _take(self, socket: ServerConnection, connection: int, text: str) -> None:
        try:
            _, message_id, action, payload = msgspec.json.decode(text, type=_CALL)
        except msgspec.MsgspecError:
            self.verdicts.append(text)
            return
        arrival = Arrival(connection, message_id, action, bytes(payload).decode(), json.loads(bytes(payload)))
        self.arrivals.append(arrival)
        if not foreign.accepts(action, arrival.payload):
            self.verdicts.append(text)
        self.watch(action, False)
        await socket.send(json.dumps([3, message_id, self._answer(arrival)]))
        await asyncio.sleep(0)
        self.watch(action, True)
        async with self._news:
            self._news.notify_all()

    def _answer(self, arrival: Arrival) -> dict[str, Any]:
        now = format_time(self.now())
        match arrival.action:
            case "BootNotification":
                return {"status": "Accepted", "currentTime": now, "interval": 300}
            case "Heartbeat":
                return {"currentTime": now}
            case "Authorize":
                return {"idTagInfo": {"status": "Accepted"}}
            case "StartTransaction":
                number = self.numbers.setdefault(arrival.key, len(self.numbers) + 1)
                return {"transactionId": number, "idTagInfo": {"status": "Accepted"}}
        return {}


def look_away(action: str, answered: bool) -> None:
    """Nobody watches."""
