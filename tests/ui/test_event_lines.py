"""The event log keeps the habits of the console: the same facts in the same order."""

from typing import Any

import msgspec
import pytest
from PySide6.QtCore import QCoreApplication

from desktop_sim.station import commands as c
from desktop_sim.station import events as e
from desktop_sim.storage.resources import resource
from desktop_sim.ui.event_lines import EventLines, Line, call_line, error_of, payload_of
from desktop_sim.ui.gallery import World
from desktop_sim.ui.theme import token_names


def event(kind: str, **fields: Any) -> e.AnyEvent:
    """An event of that kind."""
    plain = {"kind": kind, "seq": 1, "time": 1_748_847_600_000_000, **fields}
    happened: e.AnyEvent = msgspec.convert(plain, e.AnyEvent)
    return happened


def texts(virtual: World) -> list[str]:
    """The lines so far."""
    return [line.text for line in virtual.session.lines]


def test_a_session_from_a_remote_start(virtual: World) -> None:
    begun = texts(virtual)
    assert begun[0].startswith("Connecting to central system: ws://central.example:9000/ocpp")
    assert begun[1] == "Connected to central system"
    assert "Registration: Accepted, heartbeat every 300 s" in begun
    before = len(begun)
    station = virtual.station
    station.central.call_now("CP001", "RemoteStartTransaction", {"connectorId": 1, "idTag": "USER001"})
    virtual.run(12)
    told = texts(virtual)[before:]
    wanted = [
        "RemoteStartTransaction received for connector 1, idTag: USER001",
        "Status changed: Preparing",
        "Transaction started: idTag USER001, meter 0 Wh",
        "Status changed: Charging",
        "Charging started: 16.0 A @ 230.0 V = 3680.0 W",
        "Transaction ID: 1",
    ]
    places = [told.index(text) for text in wanted]
    assert places == sorted(places)
    assert any(text.startswith("Meter: ") and " | Current: 16." in text for text in told)
    station.do(c.Stop(connector=1))
    virtual.run(4)
    assert any(text.startswith("Transaction stopped: 1, ") for text in texts(virtual))


def line_of(happened: e.AnyEvent, *before: e.AnyEvent) -> Line | None:
    """The first line of an event, after others."""
    lines = EventLines()
    for other in before:
        lines.of(other)
    return next(iter(lines.of(happened)), None)


@pytest.mark.parametrize(
    "happened, text",
    [
        (event("link", state="offline"), "Offline, as asked"),
        (event("link", state="down", reason="refused"), "Not connected: refused"),
        (event("registration", status="Pending", interval=9), "Registration: Pending, next try in 9 s"),
        (
            event("status", connector=1, status="Faulted", error_code="GroundFailure"),
            "Status changed: Faulted (GroundFailure)",
        ),
        (
            event("status", connector=1, status="Charging", by_hand=True),
            "Status changed: Charging (reported by hand)",
        ),
        (event("authorization", what="refused", id_tag="X", status="Blocked"), "Tag refused: X (Blocked)"),
        (
            event("configuration", key="A", value="1", by="local", reboot_required=True),
            "Configuration: A = 1 (after a restart)",
        ),
        (
            event("fault", what="lock", error_code="ConnectorLockFailure", info="stuck"),
            "Fault: lock, ConnectorLockFailure: stuck",
        ),
        (event("fault", what="lock", active=False), "Cleared: lock"),
        (event("log", level="warning", text="hm"), "hm"),
        (
            event("reservation", what="cancelled", reservation_id=3, id_tag="X"),
            "Reservation 3 of X was cancelled",
        ),
        (
            event("local_list", what="replaced", version=2, entries=5),
            "Local list replaced: version 2, 5 tags",
        ),
        (event("job", id="1", job="upload", state="Uploading"), "upload: Uploading"),
        (
            event("transaction", what="refused", local_id="a", transaction_id=3),
            "Transaction 3 refused by the central system",
        ),
        (
            event("transaction", what="dropped", local_id="a", reason="x"),
            "A message of transaction a was given up: x",
        ),
        (
            event(
                "frame", direction="out", type="error", action="Reset", text='[4,"1","NotSupported","no",{}]'
            ),
            "Answered Reset with an error: NotSupported: no",
        ),
        (
            event(
                "frame", direction="out", type="result", action="Reset", text='[3,"1",{"status":"Rejected"}]'
            ),
            "Answered Reset: Rejected",
        ),
        (
            event(
                "frame", direction="in", type="call", action="Reset", text='[2,"1","Reset",{"type":"Soft"}]'
            ),
            'Reset received {"type":"Soft"}',
        ),
        (
            event("frame", direction="in", type="invalid", text="x", verdict="no JSON"),
            "Rules broken: no JSON",
        ),
    ],
)
def test_a_line(happened: e.AnyEvent, text: str) -> None:
    line = line_of(happened)
    assert line is not None
    assert line.text == text
    assert resource(f"icons/{line.icon}.svg").exists()
    assert line.ink in token_names()


@pytest.mark.parametrize(
    "happened",
    [
        event("registration", status="None"),
        event("log", level="debug", text="x"),
        event("status", connector=0, status="Available"),
        event("meter", connector=1, context="Transaction.Begin"),
        event("frame", direction="out", type="call", action="Heartbeat", text='[2,"1","Heartbeat",{}]'),
        event("limit", connector=1, limit_a=32, reason="first"),
        event("authorization", what="remote", id_tag="X"),
        event("transaction", what="delivered", local_id="a"),
    ],
)
def test_no_line(happened: e.AnyEvent) -> None:
    assert line_of(happened) is None


def test_what_is_only_worth_a_line_when_it_changes() -> None:
    first = event("limit", connector=1, limit_a=32, reason="rating")
    second = event("limit", connector=1, limit_a=10, reason="profile 1")
    line = line_of(second, first)
    assert line is not None
    assert line.text == "Limit: 10.0 A (profile 1)"
    flowing = event("meter", connector=1, milliwatts=5)
    line = line_of(event("meter", connector=1, milliwatts=0, energy_wh=7), flowing)
    assert line is not None
    assert line.text == "Charging stopped: 7 Wh on the meter"
    up = event("link", state="up")
    line = line_of(event("link", state="down", reason="gone"), up)
    assert line is not None
    assert line.text == "Connection lost: gone"


@pytest.mark.parametrize("frame", ["", "nonsense", "[]", '[2,"1","Reset"]', '[2,"1","Reset",7]', "{}"])
def test_broken_frames_have_no_payload(frame: str) -> None:
    assert payload_of(frame, 3) == {}
    assert isinstance(error_of(frame), str)


def test_a_long_payload_is_cut() -> None:
    line = call_line("DataTransfer", {"vendorId": "x", "data": "y" * 500})
    assert len(line) < 200
    assert line.endswith("…")


def test_a_remote_start_without_a_connector() -> None:
    text = "RemoteStartTransaction received, idTag: T"
    assert call_line("RemoteStartTransaction", {"idTag": "T"}) == text
    assert QCoreApplication.instance() is not None
