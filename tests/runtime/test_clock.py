"""The simulated clock: rate, pause, drift, offset; never backward."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_sim.runtime.clock import SimulatedClock, instant_record, monotonic_wall, stored_instant
from desktop_sim.station.turn import SECOND, Deadline, Now

BEGIN = 1_000_000 * SECOND


class HandWall:
    """A wall clock moved by hand."""

    def __init__(self) -> None:
        self.time = BEGIN

    def __call__(self) -> int:
        return self.time

    def pass_(self, seconds: float) -> None:
        self.time += round(seconds * SECOND)


@pytest.fixture
def wall() -> HandWall:
    return HandWall()


def test_runs_with_the_wall(wall: HandWall) -> None:
    clock = SimulatedClock(wall)
    assert clock.now() == Now(BEGIN, BEGIN)
    wall.pass_(12.345678)
    assert clock.now() == Now(BEGIN + 12_345_678, BEGIN + 12_345_678)


def test_begins_at_the_later_of_stored_and_wall(wall: HandWall) -> None:
    assert SimulatedClock(wall, BEGIN - 5).now().sim == BEGIN
    assert SimulatedClock(wall, BEGIN + 5).now() == Now(BEGIN + 5, BEGIN)
    assert SimulatedClock(wall, offset=-60).now().sim == BEGIN - 60 * SECOND
    assert SimulatedClock(wall, BEGIN, offset=-60).now().sim == BEGIN


def test_rates_and_pause(wall: HandWall) -> None:
    clock = SimulatedClock(wall, rate=60)
    wall.pass_(2)
    assert clock.now() == Now(BEGIN + 120 * SECOND, BEGIN + 2 * SECOND)
    clock.set_rate(0)
    wall.pass_(1000)
    assert clock.now().sim == BEGIN + 120 * SECOND
    clock.set_rate(0.5)
    wall.pass_(10)
    assert clock.now().sim == BEGIN + 125 * SECOND


def test_drift(wall: HandWall) -> None:
    clock = SimulatedClock(wall)
    clock.set_drift(100)
    wall.pass_(86_400)
    assert clock.now().sim - wall.time == pytest.approx(8.64 * SECOND, abs=1)


def test_offset_forward_jumps_and_backward_stands_still(wall: HandWall) -> None:
    clock = SimulatedClock(wall)
    assert clock.set_offset(3600) == 0
    assert clock.now().sim == BEGIN + 3600 * SECOND
    assert clock.set_offset(3000) == 600
    wall.pass_(599)
    assert clock.now().sim == BEGIN + 3600 * SECOND
    assert clock.delay(Deadline(BEGIN + 3601 * SECOND, None)) == 2
    wall.pass_(11)
    assert clock.now().sim == BEGIN + 3610 * SECOND
    clock.set_rate(0)
    assert clock.set_offset(0) == math.inf


def test_delays(wall: HandWall) -> None:
    clock = SimulatedClock(wall, rate=10)
    assert clock.delay(Deadline()) is None
    assert clock.delay(Deadline(BEGIN + 50 * SECOND, None)) == pytest.approx(5, abs=1e-5)
    assert clock.delay(Deadline(BEGIN + 50 * SECOND, BEGIN + 2 * SECOND)) == 2
    assert clock.delay(Deadline(BEGIN - 1, None)) == 0
    clock.set_rate(0)
    assert clock.delay(Deadline(BEGIN + 50 * SECOND, None)) is None
    assert clock.delay(Deadline(BEGIN + 50 * SECOND, BEGIN + 2 * SECOND)) == 2
    assert clock.delay(Deadline(BEGIN, None)) == 0


def test_tells_when_it_was_set(wall: HandWall) -> None:
    clock = SimulatedClock(wall)
    told: list[float] = []
    end = clock.watch(lambda: told.append(clock.rate))
    clock.set_rate(2)
    clock.set_drift(1)
    clock.set_offset(1)
    end()
    clock.set_rate(3)
    assert told == [2, 2, 2]


def test_nonsense_is_refused(wall: HandWall) -> None:
    clock = SimulatedClock(wall)
    for rate in (-1, math.inf, math.nan, 1e9):
        with pytest.raises(ValueError, match="A rate is"):
            clock.set_rate(rate)
    with pytest.raises(ValueError, match="A drift is"):
        clock.set_drift(math.nan)
    with pytest.raises(ValueError, match="An offset is"):
        clock.set_offset(math.inf)
    assert clock.now().sim == BEGIN


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("pass"), st.floats(0, 1000)),
        st.tuples(st.just("rate"), st.sampled_from([0, 0.3, 1, 7, 1000])),
        st.tuples(st.just("drift"), st.sampled_from([0, -500, 333])),
        st.tuples(st.just("offset"), st.floats(-1000, 1000)),
    )
)


@given(STEPS, st.integers(0, 10_000 * SECOND))
def test_never_backward_and_a_deadline_is_met_when_its_delay_is_over(
    steps: list[tuple[str, float]], ahead: int
) -> None:
    wall = HandWall()
    clock = SimulatedClock(wall)
    last = clock.now()
    for what, value in steps:
        match what:
            case "pass":
                wall.pass_(value)
            case "rate":
                clock.set_rate(value)
            case "drift":
                clock.set_drift(value)
            case _:
                clock.set_offset(value)
        now = clock.now()
        assert now.sim >= last.sim
        last = now
    deadline = Deadline(last.sim + ahead, None)
    delay = clock.delay(deadline)
    if delay is not None:
        wall.time += math.ceil(delay * SECOND)
        assert clock.now().sim >= last.sim + ahead
        assert clock.delay(deadline) == 0


def test_the_wall_cannot_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    wall = monotonic_wall()
    assert abs(wall() - time.time_ns() // 1000) < 1_000_000
    monkeypatch.setattr(time, "time_ns", lambda: 0)
    before = wall()
    assert before > BEGIN
    assert wall() >= before


def test_the_last_instant_is_a_record() -> None:
    record = instant_record(123)
    assert record.value is not None
    assert stored_instant({record.kind: {record.key: record.value}}) == 123
    assert stored_instant({}) is None
