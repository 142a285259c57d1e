"""Whatever happens to an outlet: the sums are exact, no limit is passed, and looking changes nothing.

A history is a list of (µs since the cause before, cause, arguments). It is lived through by one outlet that is woken
only when it asks for it, and by others that are looked at in between.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from desktop_sim.physics import COMPACT, Outlet, OutletRating, Supply
from desktop_sim.physics.anchor import join
from desktop_sim.physics.limits import NAMES
from desktop_sim.physics.meter import Noise, read, values
from tests.physics.outlets import HOUR, SECOND, car

Cause = tuple[int, Callable[..., None], tuple[Any, ...]]

CARS = (
    COMPACT,
    car(
        name="One phase", ac_phases=1, wake_seconds=2.0, ac_efficiency=0.9, curve=((0.0, 0.5), (100.0, 0.02))
    ),
    car(name="Two phases", ac_phases=2, battery_wh=3_000, min_amperes=8.0, power_factor=0.93),
    car(name="Sleeper", sleeps_after_seconds=30.0, ramp_amperes_per_second=1.0, dc_volts=(300.0, 410.0)),
)

amperes = st.none() | st.sampled_from([0, 5_999, 6_000, 16_000]) | st.integers(0, 80_000)
watts = st.none() | st.integers(0, 60_000_000)
causes = st.one_of(
    st.tuples(
        st.just(Outlet.connect_vehicle), st.tuples(st.sampled_from(CARS), st.none() | st.floats(0, 100))
    ),
    st.tuples(st.just(Outlet.disconnect_vehicle), st.just(())),
    st.tuples(st.just(Outlet.close_contactor), st.just(())),
    st.tuples(st.just(Outlet.open_contactor), st.just(())),
    st.tuples(st.just(Outlet.offer), st.tuples(amperes, watts)),
    st.tuples(st.just(Outlet.offered_phases), st.tuples(st.integers(1, 3))),
    st.tuples(st.just(Outlet.request), st.tuples(amperes)),
    st.tuples(st.just(Outlet.pause), st.tuples(st.booleans())),
    st.tuples(st.just(Outlet.set_supply), st.tuples(st.sampled_from([0, 207_000, 230_000, 253_000]))),
    st.tuples(st.just(Outlet.set_cable), st.tuples(amperes)),
)
gaps = st.sampled_from([0, 1, SECOND // 4, SECOND, 40 * SECOND]) | st.integers(0, 3 * HOUR)
# A history begins with what makes current flow, or most would be about nothing.
histories = st.builds(
    lambda vehicle, slider, rest: [
        (0, Outlet.connect_vehicle, (vehicle,)),
        (0, Outlet.request, (slider,)),
        (0, Outlet.close_contactor, ()),
        *rest,
    ],
    st.sampled_from(CARS),
    st.none() | st.integers(6_000, 40_000),
    st.lists(st.builds(lambda gap, cause: (gap, *cause), gaps, causes), max_size=25),
)
ratings = st.builds(
    lambda kind, phases, fuse, cable, power: OutletRating(
        supply=Supply(kind=kind, phases=phases, fuse_milliamps=fuse), cable_milliamps=cable, milliwatts=power
    ),
    st.sampled_from(["AC", "DC"]),
    st.integers(1, 3),
    st.none() | st.integers(1, 63_000),
    st.none() | st.integers(1, 63_000),
    st.none() | st.integers(1, 22_000_000),
)


@dataclass(frozen=True)
class Stretch:
    """A time without any event, and what was true at its beginning and at its end."""

    begin: int
    end: int
    milliwatts: int
    milliamps: tuple[int, ...]
    register: tuple[int, int]
    charge: tuple[int, int]


def live(one: Outlet, history: list[Cause]) -> Iterator[Stretch]:
    """Lives through a history event by event, and yields every stretch between two events."""
    instant = one.now
    for gap, cause, arguments in [*history, (24 * HOUR, Outlet.advance, ())]:
        instant += gap
        while (wake := min(one.next_change() or instant, instant)) > one.now or (one.next_change() == wake):
            begin, before, flow, amps = one.now, one.anchor(), one.milliwatts, one.milliamps
            one.advance(wake)
            after = one.anchor()
            registers = join(before.register), join(after.register)
            yield Stretch(begin, wake, flow, amps, registers, (join(before.charge), join(after.charge)))
        cause(one, instant, *arguments)


def everything(one: Outlet) -> tuple[object, ...]:
    """All that can be seen of an outlet."""
    sample = read(one)
    return one.anchor(), one.next_change(), one.wants_energy, one.limit_milliamps, one.asleep, sample


@given(ratings, histories)
def test_the_register_is_the_sum_of_power_and_time(rating: OutletRating, history: list[Cause]) -> None:
    one = Outlet(rating, 0)
    total = 0
    for stretch in live(one, history):
        gained = stretch.milliwatts * (stretch.end - stretch.begin)
        assert stretch.register[1] - stretch.register[0] == gained >= 0
        total += gained
    assert one.register_nanojoules == total
    assert one.register_wh == total // 3_600_000_000_000


@given(ratings, histories)
def test_the_battery_follows_the_energy(rating: OutletRating, history: list[Cause]) -> None:
    one = Outlet(rating, 0)
    for stretch in live(one, history):
        vehicle = one.vehicle
        gained = stretch.charge[1] - stretch.charge[0]
        if vehicle is None:
            assert gained == 0
            continue
        efficiency = vehicle.ac_efficiency if rating.supply.kind == "AC" else vehicle.dc_efficiency
        energy = stretch.register[1] - stretch.register[0]
        assert gained == energy * round(efficiency * 1000) or (one.full and gained <= energy * 1000)
        assert 0 <= (one.soc_percent or 0) <= 100


@given(ratings, histories)
def test_nothing_is_drawn_beyond_any_limit(rating: OutletRating, history: list[Cause]) -> None:
    one = Outlet(rating, 0)
    for _ in live(one, history):
        limits = one.limit_milliamps
        drawn = max(one.milliamps)
        assert drawn <= min(limits.values())
        assert limits[one.decided_by] == min(limits.values())
        assert all(limits[name] > limits[one.decided_by] for name in NAMES[: NAMES.index(one.decided_by)])
        assert drawn <= one.offered_milliamps or rating.supply.kind == "DC"
        assert not one.draws or (one.contactor_closed and one.wants_energy)
        if rating.supply.kind == "AC":
            assert not 0 < one.offered_milliamps < 6_000


@given(ratings, histories)
def test_the_phases_add_up(rating: OutletRating, history: list[Cause]) -> None:
    one = Outlet(rating, 0)
    for _ in live(one, history):
        assert sum(one.phase_milliwatts) == one.milliwatts
        for volts, amps, watts in zip(one.millivolts, one.milliamps, one.phase_milliwatts, strict=True):
            assert watts == (volts * amps // 1000) * one.power_factor_permille // 1000
        sample = read(one, Noise(current=15, voltage=5), lambda: 2**63 + 2**61)
        total, *phases = values(sample, "Power.Active.Import")
        assert not phases or sum(value for _, value in phases) == total[1]


@given(ratings, histories)
def test_the_current_rises_in_steps_of_the_ramp(rating: OutletRating, history: list[Cause]) -> None:
    one = Outlet(rating, 0)
    last_rise, before = -SECOND, 0
    for stretch in live(one, history):
        rises = max(stretch.milliamps) - before
        if rises > 0:
            assert stretch.begin - last_rise >= SECOND // 4
            last_rise = stretch.begin
            if rating.supply.kind == "AC" and one.vehicle:
                assert rises <= one.vehicle.ramp_amperes_per_second * 250
        before = max(stretch.milliamps)


@given(ratings, histories, st.lists(st.integers(0, 60 * HOUR), max_size=30))
def test_looking_changes_nothing(rating: OutletRating, history: list[Cause], looks: list[int]) -> None:
    undisturbed, watched = Outlet(rating, 0), Outlet(rating, 0)
    instant = 0
    for gap, cause, arguments in history:
        begin, instant = instant, instant + gap
        for look in sorted(look for look in looks if begin <= look <= instant):
            watched.advance(look)
            everything(watched)
        cause(undisturbed, instant, *arguments)
        cause(watched, instant, *arguments)
        assert everything(watched) == everything(undisturbed)


@given(ratings, histories, st.integers(0, 24 * HOUR))
def test_the_power_is_constant_between_two_events(
    rating: OutletRating, history: list[Cause], wait: int
) -> None:
    one = Outlet(rating, 0)
    for _ in live(one, history):
        pass
    seen = one.milliamps, one.milliwatts, one.decided_by, one.wants_energy
    following = one.next_change()
    one.advance(one.now + wait if following is None else min(one.now + wait, following - 1))
    assert (one.milliamps, one.milliwatts, one.decided_by, one.wants_energy) == seen


@given(ratings, histories)
def test_an_outlet_comes_to_rest(rating: OutletRating, history: list[Cause]) -> None:
    one = Outlet(rating, 0)
    for _ in live(one, history):
        pass
    for _ in range(400):
        following = one.next_change()
        if following is None:
            break
        assert following > one.now
        one.advance(following)
    assert one.next_change() is None
    assert not one.draws
