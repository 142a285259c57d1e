"""A process that dies between two anchors: no register and no time told before lies above what is told after."""

from typing import Any

import pytest

from desktop_sim.protocol import parse_time
from desktop_sim.runtime.scripted_peer import Message
from desktop_sim.station import commands
from tests.conformance.world import World

KEYS = {"MeterValueSampleInterval": "7", "StopTxnSampledData": "Energy.Active.Import.Register"}


def _killed(world: World) -> dict[str, Any]:
    """Die, come back, and what is then sent as StopTransaction."""
    world.driver.kill()
    world.driver.restart()
    world.run(1)
    stop = world.peer.last("StopTransaction")
    assert stop["reason"] == "PowerLoss"
    return stop


def _register(payload: dict[str, Any]) -> int:
    (value,) = payload["meterValue"]
    return next(int(s["value"]) for s in value["sampledValue"] if s["measurand"].endswith("Register"))


def test_after_a_sample() -> None:
    """CORE-MV-12, CORE-PWR-2: the sample at 7 s is above the anchor of the start."""
    world = World(keys=KEYS)
    world.start()
    world.run(7.5)
    sample = world.peer.last("MeterValues")
    stop = _killed(world)
    assert stop["meterStop"] >= _register(sample) > 0
    assert parse_time(stop["timestamp"]) >= parse_time(sample["meterValue"][0]["timestamp"])


def test_while_nothing_flows() -> None:
    """CORE-PWR-2: the last known time is that of the last sample, also while the car pauses."""
    world = World(keys=KEYS)
    world.start()
    world.run(5)
    world.do(commands.SuspendEv(connector=1))
    world.run(600)
    sample = world.peer.last("MeterValues")
    stop = _killed(world)
    assert parse_time(stop["timestamp"]) >= parse_time(sample["meterValue"][0]["timestamp"])


@pytest.mark.parametrize("connector", [0, 1])
def test_after_a_trigger(connector: int) -> None:
    """RT-8: a value sent on demand counts as well."""
    world = World(keys=KEYS)
    world.start()
    world.run(5)
    world.ask("TriggerMessage", {"requestedMessage": "MeterValues", "connectorId": connector})
    sample: Message = world.peer.calls("MeterValues")[-1]
    assert _killed(world)["meterStop"] >= _register(sample.payload) > 0
