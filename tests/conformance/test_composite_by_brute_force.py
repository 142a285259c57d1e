"""The composite schedule against a second evaluator, second by second, over random stacks of profiles (SC-CALC)."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from desktop_sim.protocol.types import ChargingRateUnitType
from desktop_sim.station.composite_schedule import Hardware, compose, periods
from tests.conformance import brute_force
from tests.conformance.schedules import installed, plain

NOON = datetime(2025, 6, 2, 12, tzinfo=UTC)
WINDOW = 120


def stamp(seconds: int) -> str:
    return (NOON + timedelta(seconds=seconds)).isoformat().replace("+00:00", "Z")


@st.composite
def charging_profiles(draw: st.DrawFn, number: int) -> tuple[int, dict[str, Any]]:
    """A profile whose edges lie near the window, at a connector it may be installed at."""
    purpose = draw(st.sampled_from(("Max", "Def", "Def", "Tx")))
    kind = draw(st.sampled_from(("Absolute", "Absolute", "Recurring", "Relative")))
    if purpose == "Max" and kind == "Relative":
        kind = "Absolute"
    unit = draw(st.sampled_from("AW"))
    starts = sorted(draw(st.sets(st.integers(1, WINDOW), max_size=4)))
    limits = st.integers(0, 640) if unit == "A" else st.integers(0, 250_000)
    rows: list[tuple[float, ...]] = []
    for start in (0, *starts):
        limit = draw(limits) / 10
        rows.append((start, limit, draw(st.integers(1, 3))) if draw(st.booleans()) else (start, limit))
    options: dict[str, Any] = {"level": draw(st.integers(0, 2)), "kind": kind, "unit": unit, "id": number}
    begin = draw(st.integers(-WINDOW, WINDOW))
    if kind == "Recurring":
        days = draw(st.sampled_from((0, 1, 3, 7, 14)))
        options |= {
            "recurrency": draw(st.sampled_from(("Daily", "Weekly"))),
            "start": stamp(begin - days * 86_400),
        }
    else:
        options["start"] = stamp(begin)
    if draw(st.booleans()):
        options["duration"] = draw(st.integers(0, 2 * WINDOW))
    if draw(st.booleans()):
        options["validFrom"] = stamp(draw(st.integers(-WINDOW, WINDOW)))
    if draw(st.booleans()):
        options["validTo"] = stamp(draw(st.integers(-WINDOW, WINDOW)))
    connector = 0 if purpose == "Max" else 1 if purpose == "Tx" else draw(st.sampled_from((0, 1, 2)))
    return connector, plain(purpose, rows, **options)


STACKS = st.integers(0, 6).flatmap(
    lambda size: st.tuples(*(charging_profiles(number) for number in range(size)))
)


@given(
    STACKS, st.sampled_from((1, 3)), st.sampled_from("AW"), st.sampled_from((1, 2)), st.integers(0, WINDOW)
)
def test_both_agree_at_every_second(
    stack: tuple[tuple[int, dict[str, Any]], ...], phases: int, unit: str, connector: int, charging_for: int
) -> None:
    hardware = Hardware(32_000, phases=phases)
    begin = int(NOON.timestamp())
    decisions = compose(
        [installed(at, profile, order) for order, (at, profile) in enumerate(stack)],
        connector,
        hardware,
        begin,
        begin + WINDOW,
        transaction_start=begin - charging_for,
    )
    rows = periods(decisions, ChargingRateUnitType(unit), hardware)
    assert rows[0].start == 0
    for one, other in pairwise(rows):
        assert (one.limit, one.phases) != (other.limit, other.phases)
    for second in range(WINDOW):
        row = next(row for row in reversed(rows) if row.start <= second)
        limit, reported = brute_force.limit_at(
            list(stack),
            connector,
            NOON + timedelta(seconds=second),
            NOON - timedelta(seconds=charging_for),
            amperes=32,
            volts=230,
            phases=phases,
        )
        expected = brute_force.shown(limit, reported, unit, volts=230, phases=phases)
        assert (Fraction(row.limit), row.phases) == expected, second
