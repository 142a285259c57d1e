"""TriggerMessage (A.14, RT)."""

from typing import Any

import pytest

from desktop_sim.protocol.times import format_time
from desktop_sim.runtime.scripted_peer import Failure, Later
from desktop_sim.station import commands as c
from tests.conformance.coverage import covers
from tests.conformance.world import TAG, World

ACCEPTED, REJECTED, UNKNOWN = {"status": "Accepted"}, {"status": "Rejected"}, {"status": "NotImplemented"}
CORE = ("BootNotification", "Heartbeat", "MeterValues", "StatusNotification")


def trigger(world: World, message: str, connector: int | None = None) -> Any:
    where = {} if connector is None else {"connectorId": connector}
    return world.ask("TriggerMessage", {"requestedMessage": message, **where})


def registration(status: str, interval: int = 300) -> Any:
    return {"status": status, "currentTime": format_time(1_748_847_600_000_000), "interval": interval}


@covers("RT-1")
@pytest.mark.parametrize("message", CORE)
def test_the_answer_then_the_message(message: str) -> None:
    """TC_054."""
    world = World()
    assert trigger(world, message) == ACCEPTED
    first, second = [m for m in world.peer.messages if m.received][:2]
    assert (first.type, first.action) == ("result", "TriggerMessage")
    assert (second.type, second.action) == ("call", message)


@covers("RT-2")
@pytest.mark.parametrize("message", ["Nonsense", "", "SignChargePointCertificate", "heartbeat"])
def test_what_there_is_not_is_not_implemented(message: str) -> None:
    """Also a value that is in no list at all: that is what this status is for."""
    world = World()
    assert trigger(world, message) == UNKNOWN
    assert world.told() == []


@covers("RT-2", "RT-6")
@pytest.mark.parametrize("message", ["FirmwareStatusNotification", "DiagnosticsStatusNotification"])
def test_messages_of_a_profile_that_is_off_are_not_implemented(message: str) -> None:
    world = World(keys={"SupportedFeatureProfiles": "Core,RemoteTrigger"})
    assert trigger(world, message) == UNKNOWN
    assert world.told() == []


@covers("RT-3")
def test_a_connector_that_does_not_matter_is_ignored() -> None:
    world = World()
    assert trigger(world, "Heartbeat", 99) == ACCEPTED
    assert trigger(world, "BootNotification", 99) == ACCEPTED
    assert world.told()[:2] == ["Heartbeat", "BootNotification"]


@covers("RT-3")
def test_without_a_connector_all_are_meant() -> None:
    world = World(connectors=2)
    trigger(world, "StatusNotification")
    trigger(world, "MeterValues")
    assert world.told(without=("MeterValues",)) == [
        "Status(0) Available",
        "Status(1) Available",
        "Status(2) Available",
    ]
    assert [p["connectorId"] for p in world.peer.payloads("MeterValues")] == [0, 1, 2]


@covers("RT-3")
@pytest.mark.parametrize("connector", [0, 1, 2])
def test_one_connector(connector: int) -> None:
    world = World(connectors=2)
    trigger(world, "StatusNotification", connector)
    trigger(world, "MeterValues", connector)
    assert [p["connectorId"] for p in world.peer.payloads("StatusNotification")] == [connector]
    assert [p["connectorId"] for p in world.peer.payloads("MeterValues")] == [connector]


@covers("RT-3")
@pytest.mark.parametrize("message", ["StatusNotification", "MeterValues"])
@pytest.mark.parametrize("connector", [3, -1])
def test_an_unknown_connector_is_rejected(message: str, connector: int) -> None:
    """TC_055."""
    world = World(connectors=2)
    assert trigger(world, message, connector) == REJECTED
    assert world.told() == []


@covers("RT-3", "CORE-MV-15")
def test_what_has_no_values_is_left_out() -> None:
    """The main meter knows no state of charge, nor does a connector without a car."""
    world = World(connectors=2, keys={"MeterValuesSampledData": "SoC"})
    world.do(c.PlugIn(connector=2))
    assert trigger(world, "MeterValues") == ACCEPTED
    assert [p["connectorId"] for p in world.peer.payloads("MeterValues")] == [2]
    assert trigger(world, "MeterValues", 0) == REJECTED


@covers("RT-4", "CORE-BOOT-11")
@pytest.mark.parametrize("value, answer", [("accept", ACCEPTED), ("reject", REJECTED)])
def test_boot_after_acceptance_is_a_matter_of_taste(value: str, answer: Any) -> None:
    world = World(switches={"SW-BOOT-TRIGGER": value})
    assert trigger(world, "BootNotification") == answer
    accepted = ["BootNotification", "Status(0) Available", "Status(1) Available"]
    assert world.told() == (accepted if answer == ACCEPTED else [])


@covers("RT-4")
@pytest.mark.parametrize("status", ["Pending", "Rejected"])
def test_an_acceptance_that_is_taken_back_leaves_the_transaction_alone(status: str) -> None:
    """It runs on and its messages wait; nothing new starts."""
    world = World(keys={"MeterValueSampleInterval": "10"})
    world.start()
    world.peer.answers["BootNotification"] = registration(status, 60)
    trigger(world, "BootNotification")
    world.peer.clear()
    world.run(50)
    assert world.status() == "Charging"
    assert world.told() == []
    world.peer.answers["BootNotification"] = registration("Accepted")
    world.run(15)
    assert world.told()[:3] == ["BootNotification", "Status(0) Available", "Status(1) Charging"]
    assert world.peer.actions().count("MeterValues") == 6


@covers("RT-5", "CORE-BOOT-7")
@pytest.mark.parametrize("message", CORE)
def test_while_pending_it_is_all_that_goes_out(message: str) -> None:
    world = World(answers={"BootNotification": registration("Pending", 600)})
    world.do(c.PlugIn())
    world.run(100)
    assert world.told() == []
    assert trigger(world, message, 1) == ACCEPTED
    assert world.peer.actions() == [message]
    world.run(100)
    assert world.peer.actions() == [message]


@covers("RT-7", "CORE-MV-15")
def test_what_goes_out_by_itself_does_not_count() -> None:
    world = World(keys={"MeterValueSampleInterval": "10"})
    world.start()
    world.run(10)
    trigger(world, "MeterValues", 1)
    contexts = [p["meterValue"][0]["sampledValue"][0]["context"] for p in world.peer.payloads("MeterValues")]
    assert contexts == ["Sample.Periodic", "Trigger"]


@covers("RT-8", "CORE-MV-15")
def test_values_name_the_transaction_if_there_is_one() -> None:
    """F36: as often as it likes, also with nothing going on."""
    world = World()
    for _ in range(20):
        assert trigger(world, "MeterValues", 1) == ACCEPTED
    assert all("transactionId" not in p for p in world.peer.payloads("MeterValues"))
    world.start()
    trigger(world, "MeterValues", 1)
    assert world.peer.last("MeterValues")["transactionId"] == 1
    trigger(world, "MeterValues", 0)
    assert "transactionId" not in world.peer.last("MeterValues")


@covers("RT-8", "CORE-TXQ-9")
def test_values_of_a_transaction_whose_id_is_not_known_yet_or_never() -> None:
    late = Later(20, {"transactionId": 6, "idTagInfo": {"status": "Accepted"}})
    world = World(answers={"StartTransaction": late, "MeterValues": None})
    world.do(c.Start())
    trigger(world, "MeterValues", 1)
    world.run(21)
    assert "transactionId" not in world.peer.last("MeterValues")
    world = World(answers={"StartTransaction": Failure()}, keys={"TransactionMessageAttempts": "1"})
    world.do(c.Start())
    trigger(world, "MeterValues", 1)
    assert world.peer.last("MeterValues")["transactionId"] == -1


@covers("RT-8", "CORE-TXQ-1")
def test_triggered_values_are_not_queued() -> None:
    """They are lost with the link, and overtake what waits."""
    world = World(answers={"MeterValues": None})
    world.start()
    trigger(world, "MeterValues", 1)
    world.offline()
    assert world.info()["queue"]["waiting"] == 0


@covers("RT-9")
@pytest.mark.parametrize("value", ["NotSupported", "NotImplemented"])
def test_switched_off(value: str) -> None:
    world = World(keys={"SupportedFeatureProfiles": "Core"}, switches={"SW-TRIGGER-OFF-ANSWER": value})
    assert trigger(world, "Heartbeat") == value
    assert world.told() == []


@covers("RT-8")
def test_a_tag_presented_meanwhile_changes_nothing() -> None:
    """Messages leave one at a time, in the order in which they came about."""
    world = World()
    world.do(c.PlugIn())
    world.do(c.PresentTag(id_tag=TAG))
    trigger(world, "StatusNotification", 1)
    assert world.told()[-1] == "Status(1) Charging"
