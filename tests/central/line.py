"""A charge point made of plain JSON, on the line to a central system; all it is sent is judged by foreign schemas."""

from __future__ import annotations

import json
from typing import Any, TypeVar

from desktop_sim.central import AnyCentralEvent, CentralSystem
from desktop_sim.central.events import FramePassed
from tests.protocol import foreign

START = 1_748_847_600_000_000
SECOND = 1_000_000
NOW = "2025-06-02T07:00:00.000Z"

BOOT = {"chargePointVendor": "Vendor", "chargePointModel": "Model"}
STATUS = {"connectorId": 1, "errorCode": "NoError", "status": "Available", "timestamp": NOW}
START_TX = {"connectorId": 1, "idTag": "USER001", "meterStart": 1000, "timestamp": NOW}

E = TypeVar("E", bound=AnyCentralEvent)


class Line:
    """One identity. `now` is moved by `wait`; `history` holds every event drained so far."""

    def __init__(self, central: CentralSystem, identity: str = "CP001", *, connect: bool = True) -> None:
        self.central = central
        self.identity = identity
        self.now = START
        self.history: list[AnyCentralEvent] = []
        self.asked: dict[str, str] = {}
        self.count = 0
        if connect:
            central.connected(identity, self.now)

    def wait(self, seconds: float) -> list[list[Any]]:
        """Time passes; returns what came."""
        self.now += round(seconds * SECOND)
        self.central.advance(self.now)
        return self.frames()

    def send(self, text: str) -> list[list[Any]]:
        """Send any text; returns what came back."""
        self.central.receive(self.identity, text, self.now)
        return self.frames()

    def call(self, action: str, payload: Any) -> list[list[Any]]:
        """Send a CALL; returns what came back."""
        self.count += 1
        message_id = f"cp-{self.count}"
        self.asked[message_id] = action
        return self.send(json.dumps([2, message_id, action, payload]))

    def ask(self, action: str, payload: Any = None) -> dict[str, Any]:
        """Send a CALL that is answered at once by a CALLRESULT; returns its payload."""
        (frame,) = self.call(action, payload if payload is not None else {})
        assert frame[0] == 3, frame
        return dict(frame[2])

    def refused(self, action: str, payload: Any) -> tuple[str, str]:
        """Send a CALL that is answered at once by a CALLERROR; returns code and description."""
        (frame,) = self.call(action, payload)
        assert frame[0] == 4, frame
        assert frame[4] == {}
        return frame[2], frame[3]

    def boot(self) -> dict[str, Any]:
        """Boot and forget what happened until then."""
        answer = self.ask("BootNotification", BOOT)
        self.history.clear()
        return answer

    def frames(self) -> list[list[Any]]:
        """Drain what the central system sends, judged."""
        self.history += self.central.events()
        texts = [text for _, text in self.central.frames_to_send(self.identity)]
        by_hand = {event.text for event in self.history if isinstance(event, FramePassed) and event.by_hand}
        for text in texts:
            if text not in by_hand:
                self._judge(json.loads(text))
        return [_read(text) for text in texts]

    def _judge(self, frame: list[Any]) -> None:
        """The foreign schemas have the last word on what is sent."""
        match frame:
            case [2, str(message_id), str(action), payload]:
                assert len(message_id) == 36
                assert foreign.accepts(action, payload), frame
            case [3, message_id, payload] if message_id in self.asked:
                assert foreign.accepts(f"{self.asked[message_id]}Response", payload), frame
            case [3, _, dict()] | [4, _, str(), str(), dict()]:
                pass
            case _:
                raise AssertionError(frame)

    def happened(self, kind: type[E]) -> list[E]:
        """The events of a kind so far."""
        self.history += self.central.events()
        return [event for event in self.history if isinstance(event, kind)]

    def verdicts(self) -> list[str]:
        """What was wrong with the frames so far."""
        return [event.verdict for event in self.happened(FramePassed) if event.verdict]


def _read(text: str) -> list[Any]:
    try:
        frame = json.loads(text)
    except ValueError:
        return [text]
    return frame if isinstance(frame, list) else [text]


def meter_values(
    wh: float, *, seconds: float = 0, transaction: int | None = None, connector: int = 1
) -> dict[str, Any]:
    """MeterValues with an energy register and a power."""
    stamp = f"2025-06-02T07:{int(seconds) // 60:02d}:{seconds % 60:06.3f}Z"
    sampled = [
        {"value": str(wh), "measurand": "Energy.Active.Import.Register", "unit": "Wh"},
        {"value": "3.68", "measurand": "Power.Active.Import", "unit": "kW"},
    ]
    payload: dict[str, Any] = {
        "connectorId": connector,
        "meterValue": [{"timestamp": stamp, "sampledValue": sampled}],
    }
    return payload if transaction is None else {**payload, "transactionId": transaction}
