"""What outlives the program, and that no register ever runs back."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_sim.physics import COMPACT, Anchor
from desktop_sim.physics.anchor import join, split
from tests.physics.outlets import HOUR, MINUTE, car, charging, outlet

SIXTY_FOUR_BITS = 2**63


def test_a_restarted_outlet_goes_on_where_it_was() -> None:
    old = charging(car(power_factor=0.9))
    old.advance(HOUR)
    new = outlet()
    new.restore(HOUR, old.anchor())
    new.connect_vehicle(HOUR, car(power_factor=0.9))
    assert new.register_nanojoules == old.register_nanojoules > 0
    assert new.reactive_varh == old.reactive_varh > 0
    assert new.soc_percent == old.soc_percent
    assert new.anchor() == old.anchor()


def test_another_car_after_the_restart_arrives_as_it_arrives() -> None:
    new = outlet()
    new.restore(0, charging().anchor())
    new.connect_vehicle(0, car(soc=12.5))
    assert new.soc_percent == 12.5


def test_a_car_that_is_there_is_not_changed_by_an_anchor() -> None:
    one = charging()
    before = one.soc_percent
    one.restore(MINUTE, Anchor(instant=0, register=(7, 0), vehicle="Compact", charge=(1, 0)))
    assert (one.soc_percent, one.register_wh) == (before, 60)


def test_a_battery_that_shrank_is_full_at_most() -> None:
    new = outlet()
    new.restore(0, Anchor(instant=0, register=(0, 0), vehicle="Plain", charge=(60_000_000, 0)))
    new.connect_vehicle(0, car(battery_wh=1_000))
    assert (new.full, new.soc_percent) == (True, 100)


def test_an_anchor_says_what_it_means() -> None:
    one = charging()
    one.advance(MINUTE + HOUR)
    anchor = one.anchor()
    assert (anchor.instant, anchor.vehicle) == (MINUTE + HOUR, "Compact")
    assert anchor.register[0] == one.register_wh
    assert anchor.charge[0] / 60_000_000 * 100 == pytest.approx(one.soc_percent)
    assert msgspec.json.decode(msgspec.json.encode(anchor), type=Anchor) == anchor


@given(st.integers(0, 10**9), st.integers(0, 3_599_999_999_999), st.integers(0, 48))
def test_the_register_never_runs_back(wh: int, rest: int, hours: int) -> None:
    one = charging(COMPACT)
    one.advance(MINUTE + hours * HOUR)
    before = one.register_nanojoules
    anchor = Anchor(instant=0, register=(wh, rest))
    one.restore(one.now, anchor)
    assert one.register_nanojoules == max(before, join(anchor.register))


@given(st.integers(0, 10**30))
def test_splitting_an_energy_loses_nothing_and_the_rest_is_small(energy: int) -> None:
    assert join(split(energy)) == energy
    assert split(energy)[1] < SIXTY_FOUR_BITS


def test_a_lifetime_of_energy_fits_into_64_bits() -> None:
    assert all(part < SIXTY_FOUR_BITS for part in split(10_000_000 * 3_600_000_000_000))
    truck_full = split(2_000_000 * 3_600_000_000_000 * 1000)
    assert all(part < SIXTY_FOUR_BITS for part in truck_full)
