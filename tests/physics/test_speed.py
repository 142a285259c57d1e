"""What it costs: figures for people, no verdicts, since machines are noisy."""

from typing import Any

import pytest

from desktop_sim.physics import COMPACT
from desktop_sim.physics.meter import Noise, read, values
from tests.physics.outlets import MINUTE, charging, outlet, run_out

pytestmark = pytest.mark.bench


def test_looking_without_an_event(benchmark: Any) -> None:
    one = charging()
    instants = iter(range(MINUTE, MINUTE + 10**9))
    benchmark.pedantic(lambda: one.advance(next(instants)), rounds=200, iterations=100)


def test_a_cause(benchmark: Any) -> None:
    one = charging(phases=3)
    offers = iter(range(6_000, 10**9))
    benchmark.pedantic(lambda: one.offer(MINUTE, 6_000 + next(offers) % 10_000), rounds=200, iterations=50)


def test_a_whole_charge(benchmark: Any) -> None:
    def charge() -> int:
        one = outlet(phases=3)
        one.connect_vehicle(0, COMPACT)
        one.close_contactor(0)
        run_out(one)
        return one.register_wh

    assert benchmark.pedantic(charge, rounds=20) == 45_652


def test_a_sample_of_four_measurands(benchmark: Any) -> None:
    one = charging()
    wanted = ("Energy.Active.Import.Register", "Power.Active.Import", "Current.Import", "Voltage")

    def sample() -> None:
        reading = read(one, Noise(current=15), lambda: 2**63)
        for name in wanted:
            values(reading, name)

    benchmark.pedantic(sample, rounds=200, iterations=50)
