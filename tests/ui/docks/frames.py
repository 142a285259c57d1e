"""Frames made up for tests."""

import json
from typing import Any

from desktop_sim.station.events import FrameEvent

START = 1_750_000_000_000_000


def frame(number: int, **fields: Any) -> FrameEvent:
    """A frame; a heartbeat sent by the station unless told otherwise."""
    given: dict[str, Any] = {
        "seq": number,
        "time": START + number * 1000,
        "direction": "out",
        "type": "call",
        "action": "Heartbeat",
        "message_id": f"m{number}",
    } | fields
    given.setdefault("text", json.dumps([2, given["message_id"], given["action"], {}]))
    return FrameEvent(**given)


def call(
    number: int, action: str = "Heartbeat", payload: dict[str, Any] | None = None, **more: Any
) -> FrameEvent:
    """A call."""
    text = json.dumps([2, f"m{number}", action, payload or {}])
    return frame(number, action=action, text=text, **more)


def answer(number: int, to: int, action: str = "Heartbeat", latency: int = 14_000, **more: Any) -> FrameEvent:
    """The answer to that call, received."""
    fields: dict[str, Any] = {
        "direction": "in",
        "type": "result",
        "action": action,
        "message_id": f"m{to}",
        "text": json.dumps([3, f"m{to}", {"status": "Accepted"}]),
        "latency": latency,
    }
    return frame(number, **(fields | more))


def many(count: int, first: int = 0) -> list[FrameEvent]:
    """Calls and their answers by turns."""
    return [
        call(number, "MeterValues", {"connectorId": 1 + number % 2})
        if number % 2 == 0
        else answer(number, number - 1, "MeterValues")
        for number in range(first, first + count)
    ]
