"""The main job end to end: the console as a process of its own, charging at a foreign central system."""

from itertools import pairwise
from pathlib import Path
from typing import Any

from ocpp.v16 import call

from desktop_sim.protocol import parse_time
from tests.e2e.foreign_central import ForeignCentral, foreign_server
from tests.e2e.processes import console


async def test_a_whole_session_with_a_person_at_the_station(tmp_path: Path) -> None:
    """A.24, DESIGN § 6: boot, RemoteStart, Charging, MeterValues each 10 s, the slider, RemoteStop, Available."""
    options = ("--speed", "10", "--state-dir", str(tmp_path))
    async with foreign_server() as server, console(server.url, *options) as process:
        central = await server.station()
        await central.until(lambda: (1, "Available") in central.statuses)
        answer = await central.call(call.RemoteStartTransaction(id_tag="USER001", connector_id=1))
        assert answer.status == "Accepted"
        await central.until(lambda: len(central.meter_values) >= 2)
        assert process.stdin is not None
        process.stdin.write(b"current 32\n")
        await process.stdin.drain()
        await central.until(lambda: len(central.meter_values) >= 4)
        await central.call(call.RemoteStopTransaction(transaction_id=1))
        await central.until(lambda: central.stops and central.statuses[-1] == (1, "Available"))
        output, _ = await process.communicate(b"quit\n")
    assert process.returncode == 0, output.decode()
    assert central.wire.verdicts == []
    _judge(central)
    text = output.decode()
    for line in (
        "Connected to Central System",
        "RemoteStartTransaction received",
        "16.0A @ 230.0V = 3680.0W",
    ):
        assert line in text, text


def _judge(central: ForeignCentral) -> None:
    assert [status for connector, status in central.statuses if connector == 1] == [
        "Available",
        "Preparing",
        "Charging",
        "Finishing",
        "Available",
    ]
    actions = [action for action in central.actions() if action not in ("StatusNotification", "Heartbeat")]
    values = len(central.meter_values)
    assert actions == [
        "BootNotification",
        "Authorize",
        "StartTransaction",
        *["MeterValues"] * values,
        "StopTransaction",
    ]
    _judge_energy(central)


def _judge_energy(central: ForeignCentral) -> None:
    """Each sample's register lies on the integral of the power before it, within what ramp and noise explain."""
    samples = [_sample(request) for request in central.meter_values]
    for (before, energy_before, _), (after, energy_after, watts) in pairwise(samples):
        seconds = (after - before) / 1e6
        assert abs(seconds - 10) < 0.01
        assert energy_after > energy_before
        assert energy_after - energy_before <= watts * seconds / 3600 * 1.05 + 1
    assert samples[-1][2] > 1.5 * samples[0][2]
    (start,), (stop,) = central.starts, central.stops
    assert start["meter_start"] <= samples[0][1]
    assert stop["meter_stop"] >= samples[-1][1]


def _sample(request: dict[str, Any]) -> tuple[int, float, float]:
    """Time (µs), register (Wh) and power (W) of one MeterValues."""
    (value,) = request["meter_value"]
    by_name = {sample["measurand"]: float(sample["value"]) for sample in value["sampled_value"]}
    return (
        parse_time(value["timestamp"]),
        by_name["Energy.Active.Import.Register"],
        by_name["Power.Active.Import"],
    )
