"""What reading and writing one message costs, beside json alone."""

from __future__ import annotations

import json
from collections.abc import Iterator

from desktop_sim.protocol.codec import decode_request, decode_response, encode
from desktop_sim.protocol.frames import Call, CallResult, encode_call, encode_result, parse_frame
from tests.bench.measure import Row, Work, in_turns

ID = "0f9f2c1e-5b3a-4c58-9f0d-3a1de2b04f11"
NOW = "2025-06-02T07:00:00.000Z"
CALLS = {
    "MeterValues × 12": (
        "MeterValues",
        {
            "connectorId": 1,
            "transactionId": 4711,
            "meterValue": [
                {
                    "timestamp": NOW,
                    "sampledValue": [
                        {
                            "value": f"{230.1 + number}",
                            "context": "Sample.Periodic",
                            "measurand": "Voltage",
                            "phase": f"L{number % 3 + 1}",
                            "unit": "V",
                        }
                        for number in range(12)
                    ],
                }
            ],
        },
    ),
    "BootNotification": (
        "BootNotification",
        {"chargePointVendor": "Desktop Sim", "chargePointModel": "Wallbox 1", "firmwareVersion": "1.0.0"},
    ),
}
BOOTED = {"status": "Accepted", "currentTime": NOW, "interval": 300}


def _writing(action: str, text: str) -> tuple[Work, Work]:
    frame = json.loads(text)
    request = decode_request(action, json.dumps(frame[3]).encode())
    return lambda: encode_call(ID, action, encode(request)), lambda: json.dumps(frame)


def _reading(action: str, text: str) -> tuple[Work, Work]:
    return lambda: _request(action, text), lambda: json.loads(text)


def _request(action: str, text: str) -> object:
    frame = parse_frame(text)
    assert isinstance(frame, Call)
    return decode_request(action, frame.payload)


def _response(action: str, text: str) -> object:
    frame = parse_frame(text)
    assert isinstance(frame, CallResult)
    return decode_response(action, frame.payload)


def _row(name: str, work: Work, floor: Work) -> Row:
    spent, least = in_turns(work, floor, rounds=15, times=300)
    return Row(name, spent * 1e6, "µs", least * 1e6, "json")


def rows() -> Iterator[Row]:
    """Frames both ways: built and checked messages to text, text to checked messages."""
    for name, (action, payload) in CALLS.items():
        text = json.dumps([2, ID, action, payload])
        yield _row(f"encode a CALL, {name}", *_writing(action, text))
        yield _row(f"decode and check a CALL, {name}", *_reading(action, text))
    text = json.dumps([3, ID, BOOTED])
    response = decode_response("BootNotification", json.dumps(BOOTED).encode())
    yield _row(
        "encode a CALLRESULT, BootNotification",
        lambda: encode_result(ID, response),
        lambda: json.dumps([3, ID, BOOTED]),
    )
    yield _row(
        "decode and check a CALLRESULT, BootNotification",
        lambda: _response("BootNotification", text),
        lambda: json.loads(text),
    )
