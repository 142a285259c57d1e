"""The certification cases of TriggerMessage."""

from typing import Any

import pytest

from tests.certification.judged_world import JudgedWorld
from tests.conformance.world import World


def trigger(world: World, message: str, connector: int | None = None) -> Any:
    where = {} if connector is None else {"connectorId": connector}
    return world.ask("TriggerMessage", {"requestedMessage": message, **where})["status"]


def test_TC_054_CS_trigger_message() -> None:
    world = JudgedWorld()
    assert trigger(world, "MeterValues", 1) == "Accepted"
    (element,) = world.peer.last("MeterValues")["meterValue"]
    assert {value["context"] for value in element["sampledValue"]} == {"Trigger"}
    assert trigger(world, "Heartbeat") == "Accepted"
    assert trigger(world, "StatusNotification", 1) == "Accepted"
    assert trigger(world, "DiagnosticsStatusNotification") == "Accepted"
    assert world.peer.last("DiagnosticsStatusNotification") == {"status": "Idle"}
    assert trigger(world, "FirmwareStatusNotification") == "Accepted"
    assert world.peer.last("FirmwareStatusNotification") == {"status": "Idle"}
    assert world.told() == [
        "MeterValues",
        "Heartbeat",
        "Status(1) Available",
        "DiagnosticsStatusNotification",
        "FirmwareStatusNotification",
    ]


@pytest.mark.parametrize("message", ["DiagnosticsStatusNotification", "FirmwareStatusNotification"])
def test_TC_054_CS_trigger_message_of_a_missing_profile(message: str) -> None:
    world = JudgedWorld(keys={"SupportedFeatureProfiles": "Core,RemoteTrigger"})
    assert trigger(world, message) == "NotImplemented"
    assert world.told() == []


def test_TC_055_CS_trigger_message_rejected() -> None:
    world = JudgedWorld(connectors=2)
    assert trigger(world, "MeterValues", 3) == "Rejected"
    world.run(10)
    assert world.told() == []
