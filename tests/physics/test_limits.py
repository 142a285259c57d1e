"""Who decides: the smallest limit wins, and it is named."""

import pytest

from desktop_sim.physics import COMPACT, Outlet, OutletRating, Supply
from desktop_sim.physics.limits import UNLIMITED
from tests.physics.outlets import MINUTE, car, charging, outlet

TEN_AMPERES = 10_000


@pytest.mark.parametrize("name", ["slider", "vehicle", "soc", "cable", "connector", "offer", "supply"])
def test_each_limit_decides_when_it_is_the_smallest(name: str) -> None:
    supply = Supply(phases=1, fuse_milliamps=TEN_AMPERES if name == "supply" else None)
    one = Outlet(OutletRating(supply=supply, milliamps=TEN_AMPERES if name == "connector" else 32_000), 0)
    vehicle = car(
        ac_max_amperes=10.0 if name == "vehicle" else 32.0,
        dc_max_watts=0 if name != "soc" else 23_000,
        curve=((0.0, 0.1 if name == "soc" else 1.0),),
        ac_phases=1,
    )
    one.connect_vehicle(0, vehicle)
    one.close_contactor(0)
    if name == "slider":
        one.request(0, TEN_AMPERES)
    if name == "cable":
        one.set_cable(0, TEN_AMPERES)
    if name == "offer":
        one.offer(0, TEN_AMPERES)
    one.advance(MINUTE)
    assert one.decided_by == name
    assert one.limit_milliamps[name] == TEN_AMPERES
    assert one.milliamps == (TEN_AMPERES,)
    assert one.milliwatts == 2_300_000


def test_on_a_tie_the_first_in_the_stable_order_is_named() -> None:
    one = outlet()
    one.connect_vehicle(0, COMPACT)
    assert one.decided_by == "vehicle", "32 A everywhere"
    one.request(0, 32_000)
    assert one.decided_by == "slider"
    one.request(0, None)
    one.offer(0, 16_000)
    one.set_cable(0, 16_000)
    assert one.decided_by == "cable"


def test_limits_that_are_absent_are_no_limits() -> None:
    one = outlet()
    one.connect_vehicle(0, COMPACT)
    assert one.limit_milliamps == {
        "slider": UNLIMITED,
        "vehicle": 32_000,
        "soc": 434_782,  # 100 kW over 230 V
        "cable": UNLIMITED,
        "connector": 32_000,
        "offer": UNLIMITED,
        "supply": UNLIMITED,
    }


def test_the_fixed_cable_and_the_cable_in_the_socket_both_count() -> None:
    one = charging(slider=None, cable_milliamps=20_000)
    assert (one.milliamps, one.decided_by) == ((20_000,), "cable")
    one.set_cable(MINUTE, 13_000)
    assert one.milliamps == (13_000,)
    one.set_cable(MINUTE, 63_000)
    assert one.limit_milliamps["cable"] == 20_000


class TestSixAmperes:
    """IEC 61851: nothing below 6 A can be signalled on AC (SC-SET-23)."""

    def test_exactly_six_flow(self) -> None:
        one = charging()
        one.offer(MINUTE, 6_000)
        assert (one.milliamps, one.offered_milliamps) == ((6_000,), 6_000)

    @pytest.mark.parametrize("offer", [0, 1, 5_999])
    def test_an_offer_below_six_is_none_and_the_car_still_wants(self, offer: int) -> None:
        one = charging()
        one.offer(MINUTE, offer)
        assert (one.milliamps, one.offered_milliamps, one.decided_by) == ((0,), 0, "offer")
        assert one.wants_energy
        assert not one.draws

    def test_a_slider_below_six_is_a_car_that_asks_for_nothing(self) -> None:
        one = charging(slider=5_900)
        assert (one.milliamps, one.decided_by, one.wants_energy) == ((0,), "slider", False)
        assert one.offered_milliamps == 32_000

    def test_a_car_that_needs_eight_does_not_want_seven(self) -> None:
        one = charging(car(min_amperes=8.0))
        assert one.wants_energy
        one.offer(MINUTE, 7_000)
        assert (one.milliamps, one.offered_milliamps, one.wants_energy) == ((0,), 7_000, False)
        one.offer(MINUTE, 8_000)
        assert (one.milliamps, one.wants_energy) == ((8_000,), True)
        one.offer(MINUTE, 0)
        assert one.wants_energy, "it would take more, were it offered"

    def test_a_small_charger_draws_less_than_it_is_offered(self) -> None:
        one = charging(car(ac_max_amperes=3.0), slider=None)
        assert (one.milliamps, one.draws) == ((3_000,), True)

    def test_direct_current_has_no_minimum(self) -> None:
        one = charging(car(), "DC", slider=2_000)
        assert (one.milliamps, one.milliwatts) == ((2_000,), 800_000)
        one.offer(MINUTE, 500)
        assert (one.offered_milliamps, one.milliamps) == (500, (500,))


class TestPower:
    """An offer can also be a power."""

    def test_on_ac_it_is_spread_over_the_phases_offered(self) -> None:
        one = charging(phases=3, slider=None, soc=50)
        one.offer(MINUTE, None, 11_040_000)
        assert (one.milliamps, one.milliwatts) == ((16_000,) * 3, 11_040_000)
        assert one.offered_milliwatts == 11_040_000
        one.offered_phases(MINUTE, 1)
        assert one.limit_milliamps["offer"] == 48_000

    def test_a_car_with_one_phase_gets_its_share(self) -> None:
        one = charging(car(ac_phases=1), phases=3, slider=None)
        one.offer(MINUTE, None, 11_040_000)
        assert one.milliamps == (16_000, 0, 0)

    def test_on_dc_it_goes_over_the_battery_voltage(self) -> None:
        one = charging(car(), "DC", slider=None, milliamps=500_000)
        one.offer(MINUTE, 500_000, 40_000_000)
        assert (one.milliamps, one.milliwatts, one.decided_by) == ((100_000,), 40_000_000, "offer")

    def test_the_rated_power_is_the_connectors(self) -> None:
        one = charging(car(), "DC", slider=None, milliamps=500_000, milliwatts=50_000_000)
        assert (one.milliwatts, one.decided_by) == (50_000_000, "connector")

    def test_no_power_is_nothing_even_without_a_car(self) -> None:
        one = outlet("DC", milliamps=500_000)
        one.offer(0, None, 0)
        assert one.offered_milliamps == 0
        assert one.offered_milliwatts == 0


def test_no_limit_is_ever_negative() -> None:
    one = charging()
    one.offer(MINUTE, -5)
    one.request(MINUTE, -5)
    one.set_cable(MINUTE, -5)
    one.set_supply(MINUTE, -5)
    assert min(one.limit_milliamps.values()) == 0
    assert one.milliamps == (0,)


@pytest.mark.parametrize(
    "fields",
    [{"milliamps": 0}, {"milliwatts": 0}, {"cable_milliamps": 0}, {"ambient_celsius": 100}],
)
def test_a_connector_that_cannot_exist_is_refused(fields: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=f"{next(iter(fields))} must be "):
        OutletRating(**fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "fields", [{"phases": 4}, {"millivolts": 0}, {"millihertz": 0}, {"fuse_milliamps": 0}]
)
def test_a_supply_that_cannot_exist_is_refused(fields: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=f"{next(iter(fields))} must be "):
        Supply(**fields)  # type: ignore[arg-type]
