"""A foreign charge point at our built-in central system: `ocpp-rpc`, whose strict mode validates every frame."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from desktop_sim.central import CentralServer, CentralSystem, Tag
from desktop_sim.central.events import AnyCentralEvent, CallEnded, FramePassed
from tests.interop.node import Node, node

pytestmark = pytest.mark.interop

NOW = "2025-06-02T07:00:00.000Z"
SAMPLE = {"value": "1.5", "unit": "kWh", "measurand": "Energy.Active.Import.Register"}


@pytest.fixture
async def server() -> AsyncIterator[CentralServer]:
    server = CentralServer(CentralSystem([Tag(id_tag="USER001")]), lambda: 1_748_847_600_000_000)
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def seen(server: CentralServer) -> list[AnyCentralEvent]:
    events: list[AnyCentralEvent] = []
    server.subscribe(events.append)
    return events


async def _boot(station: Node) -> None:
    await station.until(lambda: {"connected": True} in station.said)
    who = {"chargePointVendor": "Vendor", "chargePointModel": "Model"}
    assert await station.call("BootNotification", who) == {
        "status": "Accepted",
        "currentTime": NOW,
        "interval": 300,
    }


async def test_a_session(server: CentralServer, seen: list[AnyCentralEvent]) -> None:
    """All that a charge point of Core sends; the answers keep their schemas."""
    async with node("station.mjs", server.url) as station:
        await _boot(station)
        for connector in (0, 1):
            status = {"connectorId": connector, "errorCode": "NoError", "status": "Available"}
            assert await station.call("StatusNotification", status) == {}
        assert await station.call("Authorize", {"idTag": "USER001"}) == {"idTagInfo": {"status": "Accepted"}}
        refused = await station.call("Authorize", {"idTag": "NOBODY"})
        assert refused == {"idTagInfo": {"status": "Invalid"}}
        start = {"connectorId": 1, "idTag": "USER001", "meterStart": 0, "timestamp": NOW}
        started = await station.call("StartTransaction", start)
        assert started == {"transactionId": 1, "idTagInfo": {"status": "Accepted"}}
        value = {"timestamp": NOW, "sampledValue": [SAMPLE]}
        values = {"connectorId": 1, "transactionId": 1, "meterValue": [value]}
        assert await station.call("MeterValues", values) == {}
        stop = {"transactionId": 1, "meterStop": 2000, "timestamp": NOW, "idTag": "USER001"}
        assert "idTagInfo" in await station.call("StopTransaction", stop)
        assert await station.call("Heartbeat") == {"currentTime": NOW}
        assert isinstance(await station.call("DataTransfer", {"vendorId": "nobody"}), dict)
        assert await station.call("FirmwareStatusNotification", {"status": "Downloading"}) == {}
        assert await station.call("DiagnosticsStatusNotification", {"status": "Idle"}) == {}
    assert [event.verdict for event in seen if isinstance(event, FramePassed) and event.verdict] == []


async def test_what_we_ask(server: CentralServer, seen: list[AnyCentralEvent]) -> None:
    """A CALL of every feature profile; the foreign station finds nothing wrong with it, nor we with its answer."""
    calls: dict[str, dict[str, Any]] = {
        "ChangeAvailability": {"connectorId": 1, "type": "Inoperative"},
        "ChangeConfiguration": {"key": "HeartbeatInterval", "value": "60"},
        "ClearCache": {},
        "DataTransfer": {"vendorId": "us", "data": "{}"},
        "GetConfiguration": {"key": ["HeartbeatInterval"]},
        "RemoteStartTransaction": {"idTag": "USER001", "connectorId": 1},
        "RemoteStopTransaction": {"transactionId": 1},
        "Reset": {"type": "Soft"},
        "UnlockConnector": {"connectorId": 1},
        "TriggerMessage": {"requestedMessage": "Heartbeat"},
        "GetLocalListVersion": {},
        "SendLocalList": {"listVersion": 4, "updateType": "Full", "localAuthorizationList": []},
        "ReserveNow": {"connectorId": 1, "expiryDate": NOW, "idTag": "USER001", "reservationId": 1},
        "CancelReservation": {"reservationId": 1},
        "ClearChargingProfile": {"id": 1},
        "GetCompositeSchedule": {"connectorId": 1, "duration": 60},
        "GetDiagnostics": {"location": "ftp://127.0.0.1:9/"},
        "UpdateFirmware": {"location": "ftp://127.0.0.1:9/", "retrieveDate": NOW},
    }
    async with node("station.mjs", server.url) as station:
        await _boot(station)
        for action, payload in calls.items():
            server.call("FOREIGN 1", action, payload)
        await station.until(lambda: len(station.actions()) == len(calls))
        await station.call("Heartbeat")
    assert station.actions() == list(calls)
    assert [station.payloads(action) for action in calls] == [[payload] for payload in calls.values()]
    outcomes = {event.action: event.outcome for event in seen if isinstance(event, CallEnded)}
    assert outcomes == dict.fromkeys(calls, "result")
