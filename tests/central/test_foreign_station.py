"""A foreign charge point, `ChargePoint` of the PyPI package `ocpp`, against our server on a real WebSocket."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from ocpp.routing import after, on
from ocpp.v16 import ChargePoint, call, call_result
from ocpp.v16.enums import Action, AuthorizationStatus, RegistrationStatus, RemoteStartStopStatus
from websockets.asyncio.client import connect

from desktop_sim.central import AnyCentralEvent, CentralServer, CentralSystem, Tag
from desktop_sim.central.events import CallEnded, FramePassed, TransactionChanged
from tests.central.patience import until

NOW = "2025-06-02T07:00:00.000Z"


class ForeignStation(ChargePoint):
    """Starts when it is told to, as a station would."""

    def __init__(self, identity: str, socket: Any) -> None:
        super().__init__(identity, socket, response_timeout=5)
        self.started: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

    @on(Action.remote_start_transaction)
    async def on_remote_start(self, id_tag: str, **_: Any) -> Any:
        return call_result.RemoteStartTransaction(RemoteStartStopStatus.accepted)

    @after(Action.remote_start_transaction)
    async def after_remote_start(self, id_tag: str, connector_id: int, **_: Any) -> None:
        self.started.set_result(await self.begin(id_tag, connector_id, 5000))

    @on(Action.get_configuration)
    async def on_get_configuration(self, **_: Any) -> Any:
        return call_result.GetConfiguration(configuration_key=[{"key": "A", "readonly": False, "value": "1"}])

    async def begin(self, id_tag: str, connector: int, meter: int) -> Any:
        return await self.call(
            call.StartTransaction(connector_id=connector, id_tag=id_tag, meter_start=meter, timestamp=NOW)
        )


@pytest.fixture
async def server() -> AsyncIterator[CentralServer]:
    central = CentralSystem([Tag(id_tag="USER001", parent_id_tag="FLEET")])
    server = CentralServer(central, lambda: 1_748_847_600_000_000)
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def station(server: CentralServer) -> AsyncIterator[ForeignStation]:
    async with connect(f"{server.url}/FOREIGN%201", subprotocols=["ocpp1.6"]) as socket:  # type: ignore[list-item]
        station = ForeignStation("FOREIGN 1", socket)
        task = asyncio.create_task(station.start())
        yield station
        task.cancel()


async def test_a_day_at_a_foreign_station(server: CentralServer, station: ForeignStation) -> None:
    seen: list[AnyCentralEvent] = []
    unsubscribe = server.subscribe(seen.append)
    boot = await station.call(call.BootNotification(charge_point_model="Model", charge_point_vendor="Vendor"))
    assert (boot.status, boot.interval, boot.current_time) == (RegistrationStatus.accepted, 300, NOW)
    for connector in (0, 1):
        await station.call(call.StatusNotification(connector, "NoError", "Available", timestamp=NOW))
    authorized = await station.call(call.Authorize(id_tag="user001"))
    assert authorized.id_tag_info == {"status": AuthorizationStatus.accepted, "parent_id_tag": "FLEET"}
    started = await station.begin("USER001", 1, 1000)
    assert started.transaction_id == 1
    values = [{"timestamp": NOW, "sampled_value": [{"value": "1.5", "unit": "kWh"}]}]
    await station.call(call.MeterValues(connector_id=1, transaction_id=1, meter_value=values))
    await station.call(call.StopTransaction(transaction_id=1, meter_stop=2000, timestamp=NOW, reason="Local"))
    assert (await station.call(call.Heartbeat())).current_time == NOW
    changes = [(event.what, event.energy_wh) for event in seen if isinstance(event, TransactionChanged)]
    assert changes == [("started", 0), ("metered", 500), ("stopped", 1000)]
    assert [event.verdict for event in seen if isinstance(event, FramePassed)] == [""] * 16
    unsubscribe()
    unsubscribe()
    count = len(seen)
    await station.call(call.Heartbeat())
    assert len(seen) == count


async def test_a_foreign_station_does_what_we_say(server: CentralServer, station: ForeignStation) -> None:
    seen: list[AnyCentralEvent] = []
    server.subscribe(seen.append)
    await until(lambda: server.central.charge_points["FOREIGN 1"].connected)
    server.call("FOREIGN 1", "RemoteStartTransaction", {"idTag": "USER001", "connectorId": 2})
    server.call("FOREIGN 1", "GetConfiguration", "{}")
    started = await asyncio.wait_for(station.started, 5)
    assert started.id_tag_info["status"] == AuthorizationStatus.accepted
    await until(lambda: len([event for event in seen if isinstance(event, CallEnded)]) == 2)
    assert [event.outcome for event in seen if isinstance(event, CallEnded)] == ["result", "result"]
    assert server.central.charge_points["FOREIGN 1"].configuration["A"].value == "1"
    assert server.central.transactions.running("FOREIGN 1", 2)[0].meter_start == 5000
