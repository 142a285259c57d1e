"""A foreign central system on the PyPI `ocpp` package."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Any

import websockets
from ocpp.routing import on
from ocpp.v16 import ChargePoint as OcppChargePoint
from ocpp.v16 import call_result
from websockets.typing import Subprotocol

PATIENCE = 20.0


def now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class ForeignCentralSystem:
    """Accepts everything and remembers what was said, as (action, payload)."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.charge_points: dict[str, OcppChargePoint] = {}
        self.close_codes: list[int] = []
        self.port = 0
        self._changed = asyncio.Event()

    @property
    def url(self) -> str:
        return f"ws://localhost:{self.port}"

    def note(self, action: str, payload: dict[str, Any]) -> None:
        self.calls.append((action, payload))
        self._changed.set()

    def actions(self) -> list[str]:
        return [action for action, _ in self.calls]

    async def said(self, action: str, count: int = 1, **payload: Any) -> dict[str, Any]:
        """Wait until an action was heard so often, with these fields; the payload of the last of them."""

        def found() -> list[dict[str, Any]]:
            return [sent for name, sent in self.calls if name == action and payload.items() <= sent.items()]

        async with asyncio.timeout(PATIENCE):
            while len(found()) < count:
                self._changed.clear()
                await self._changed.wait()
        return found()[count - 1]

    async def serve(self, connection: websockets.ServerConnection) -> None:
        assert connection.request is not None
        identity = connection.request.path.rpartition("/")[2]
        point = self.charge_points[identity] = _answering(self, identity, connection)
        try:
            await point.start()
        except websockets.ConnectionClosed as closed:
            self.close_codes.append(closed.rcvd.code if closed.rcvd else 1006)
            self._changed.set()


def _answering(central: ForeignCentralSystem, identity: str, connection: Any) -> OcppChargePoint:
    """A peer of the foreign library that notes each call and agrees to it."""
    transactions = iter(range(42, 1000))
    agreed = {"status": "Accepted"}
    answers: dict[str, Callable[[], Any]] = {
        "BootNotification": lambda: call_result.BootNotification(
            current_time=now(), interval=300, status="Accepted"
        ),
        "Heartbeat": lambda: call_result.Heartbeat(current_time=now()),
        "StatusNotification": call_result.StatusNotification,
        "Authorize": lambda: call_result.Authorize(id_tag_info=agreed),
        "StartTransaction": lambda: call_result.StartTransaction(
            transaction_id=next(transactions), id_tag_info=agreed
        ),
        "StopTransaction": call_result.StopTransaction,
        "MeterValues": call_result.MeterValues,
        "DataTransfer": lambda: call_result.DataTransfer(status="Accepted"),
    }

    def handler(action: str) -> Any:
        def answer(self: Any, **payload: Any) -> Any:
            central.note(action, payload)
            return answers[action]()

        answer.__name__ = f"on_{action}"  # the library finds handlers by their names
        return on(action)(answer)

    kind = type("Peer", (OcppChargePoint,), {f"on_{action}": handler(action) for action in answers})
    peer: OcppChargePoint = kind(identity, connection)
    return peer


@contextlib.asynccontextmanager
async def serving(port: int = 0, **options: Any) -> AsyncIterator[ForeignCentralSystem]:
    """A foreign central system that listens."""
    central = ForeignCentralSystem()
    async with websockets.serve(
        central.serve, "localhost", port, subprotocols=[Subprotocol("ocpp1.6")], **options
    ) as server:
        central.port = next(iter(server.sockets)).getsockname()[1]
        yield central
