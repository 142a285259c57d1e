"""One connector from plug to plug: what flows, what is counted, what the car does."""

from collections.abc import Callable

import pytest

from desktop_sim.physics import COMPACT, Outlet
from tests.physics.outlets import HOUR, MINUTE, SECOND, car, charging, outlet, run_out

WH = 3_600_000_000_000


class TestFigures:
    """P = Σ U·I·cos φ, to the milliwatt."""

    def test_the_station_without_a_profile_charges_with_3680_watts(self) -> None:
        one = charging()
        assert (one.milliamps, one.millivolts, one.milliwatts) == ((16_000,), (230_000,), 3_680_000)

    @pytest.mark.parametrize(
        "phases, milliamps, milliwatts",
        [(1, (16_000,), 3_680_000), (2, (16_000,) * 2, 7_360_000), (3, (16_000,) * 3, 11_040_000)],
    )
    def test_phases_add_up(self, phases: int, milliamps: tuple[int, ...], milliwatts: int) -> None:
        one = charging(phases=phases)
        assert (one.milliamps, one.milliwatts) == (milliamps, milliwatts)
        assert one.phase_milliwatts == (3_680_000,) * phases

    def test_a_two_phase_car_loads_two_phases_of_three(self) -> None:
        one = charging(car(ac_phases=2), phases=3)
        assert one.milliamps == (16_000, 16_000, 0)
        assert one.millivolts == (230_000,) * 3

    def test_the_station_can_offer_fewer_phases(self) -> None:
        one = charging(phases=3)
        one.offered_phases(MINUTE, 1)
        assert (one.milliamps, one.milliwatts) == ((16_000, 0, 0), 3_680_000)
        one.offered_phases(MINUTE, 3)
        assert one.milliwatts == 11_040_000

    def test_voltages_may_differ_from_phase_to_phase(self) -> None:
        one = charging(phases=3)
        one.set_supply(MINUTE, (230_000, 231_000, 229_500))
        assert one.phase_milliwatts == (3_680_000, 3_696_000, 3_672_000)
        assert one.milliwatts == 11_048_000

    def test_the_power_factor_counts(self) -> None:
        one = charging(car(power_factor=0.95))
        assert (one.milliwatts, one.power_factor_permille) == (3_496_000, 950)

    def test_a_fraction_of_a_milliwatt_is_dropped_on_each_phase(self) -> None:
        one = charging(car(power_factor=0.93), phases=3, slider=16_001)
        assert one.phase_milliwatts == (3_422_613,) * 3, "3422.6139 W"
        assert one.milliwatts == 10_267_839

    def test_on_dc_the_battery_gives_the_voltage(self) -> None:
        one = charging(car(dc_volts=(350.0, 400.0)), "DC", slider=100_000, soc=50, milliamps=200_000)
        assert (one.millivolts, one.milliamps, one.milliwatts) == ((375_500,), (100_000,), 37_550_000)
        one.open_contactor(MINUTE)
        assert one.millivolts == (0,)


class TestRegister:
    """The register is the integral of the power."""

    def test_an_hour_at_3680_watts_is_3680_watt_hours(self) -> None:
        one = charging(car())
        before = one.register_nanojoules
        one.advance(MINUTE + HOUR)
        assert one.register_nanojoules - before == 3680 * WH

    def test_it_shows_whole_watt_hours_rounded_down(self) -> None:
        one = outlet()
        one.connect_vehicle(0, car())
        one.request(0, 16_000)
        one.close_contactor(0)
        one.advance(HOUR // 3680 * 10 - 1000)
        assert one.register_wh == 9
        one.advance(HOUR // 3680 * 10 + 1000)
        assert one.register_wh == 10

    def test_it_stays_while_nothing_flows(self) -> None:
        one = charging()
        one.open_contactor(2 * MINUTE)
        before = one.register_nanojoules
        one.advance(HOUR)
        assert one.register_nanojoules == before > 0

    def test_reactive_energy_is_counted_beside_it(self) -> None:
        one = charging(car(power_factor=0.6, battery_wh=600_000))
        one.advance(HOUR)
        assert (one.register_wh, one.reactive_varh) == (2208, 2944), "cos φ 0.6, sin φ 0.8"


class TestBattery:
    """SoC follows energy; a full car stops."""

    def test_six_kilowatt_hours_are_ten_percent_of_sixty(self) -> None:
        one = outlet()
        one.connect_vehicle(0, car(), soc=30)
        one.close_contactor(0)
        one.advance(6_000 * HOUR // 7_360)
        assert one.soc_percent == pytest.approx(40, abs=1e-6)

    def test_what_is_lost_does_not_reach_the_battery(self) -> None:
        one = outlet()
        one.connect_vehicle(0, car(ac_efficiency=0.9), soc=30)
        one.close_contactor(0)
        one.advance(6_000 * HOUR // 7_360)
        assert one.soc_percent == pytest.approx(39, abs=1e-6)

    def test_a_full_car_stops_and_wants_no_more(self) -> None:
        one = charging(car(battery_wh=10_000), soc=99)
        run_out(one)
        assert (one.full, one.soc_percent, one.soc_permille) == (True, 100.0, 1000)
        assert (one.milliamps, one.milliwatts, one.wants_energy, one.decided_by) == ((0,), 0, False, "soc")
        assert one.register_wh == 100

    def test_it_never_says_full_before_it_is(self) -> None:
        one = outlet()
        one.connect_vehicle(0, COMPACT, soc=99.999)
        assert (one.full, one.soc_permille, one.wants_energy) == (False, 999, True)

    def test_the_curve_bites_near_the_end_on_ac_and_early_on_dc(self) -> None:
        slow = charging(slider=None, soc=80)
        fast = charging(kind="DC", slider=None, soc=80, milliamps=500_000)
        assert (slow.milliwatts, slow.decided_by) == (7_360_000, "vehicle")
        assert fast.decided_by == "soc"
        assert 42_000_000 < fast.milliwatts < 45_000_000, "45 % of 100 kW a minute ago"

    def test_the_taper_is_a_staircase_of_half_percents(self) -> None:
        one = outlet("DC", milliamps=500_000)
        one.connect_vehicle(0, car(curve=((0.0, 1.0), (100.0, 0.01))), soc=50)
        one.close_contactor(0)
        powers = []
        while (instant := one.next_change()) is not None and (one.soc_permille or 0) < 600:
            powers.append(one.milliwatts)
            one.advance(instant)
        assert len(set(powers)) == len(powers) == 20
        assert (powers[0], powers[1]) == (50_500_000, 50_004_800)

    def test_a_step_is_reached_to_the_microsecond(self) -> None:
        one = outlet()
        one.set_supply(0, 240_000)
        one.request(0, 12_500)
        one.connect_vehicle(0, car(), soc=30)
        one.close_contactor(0)
        assert one.next_change() == 6 * MINUTE, "half a percent of 60 kWh at 3 kW"
        one.request(0, 12_499)
        assert one.next_change() == 360_028_803, "rounded up"

    def test_a_car_keeps_its_charge_between_two_visits(self) -> None:
        one = charging()
        one.advance(HOUR)
        one.disconnect_vehicle(HOUR)
        assert one.soc_permille is None
        one.connect_vehicle(2 * HOUR, COMPACT)
        assert one.soc_percent == pytest.approx(35.6, abs=0.1)
        one.connect_vehicle(2 * HOUR, COMPACT, soc=20)
        assert one.soc_percent == 20
        one.connect_vehicle(2 * HOUR, car())
        assert one.soc_percent == 30, "another car arrives as it arrives"


class TestWhoActs:
    """Contactor, car, supply."""

    def test_nothing_flows_without_a_car_or_with_an_open_contactor(self) -> None:
        one = outlet()
        one.close_contactor(0)
        one.advance(MINUTE)
        assert (one.draws, one.wants_energy, one.decided_by) == (False, False, "vehicle")
        one.open_contactor(MINUTE)
        one.connect_vehicle(MINUTE, COMPACT)
        one.advance(2 * MINUTE)
        assert (one.draws, one.wants_energy, one.register_wh) == (False, True, 0)

    @pytest.mark.parametrize(
        "cause, argument",
        [
            (Outlet.pause, True),
            (Outlet.offer, 0),
            (Outlet.offer, 5_999),
            (Outlet.set_supply, 0),
            (Outlet.set_cable, 0),
            (Outlet.request, 0),
        ],
    )
    def test_everything_that_stops_stops_at_once(self, cause: Callable[..., None], argument: int) -> None:
        one = charging()
        cause(one, MINUTE, argument)
        assert (one.milliamps, one.milliwatts, one.next_change()) == ((0,), 0, None)

    @pytest.mark.parametrize("cause", [Outlet.open_contactor, Outlet.disconnect_vehicle])
    def test_so_do_contactor_and_plug(self, cause: Callable[[Outlet, int], None]) -> None:
        one = charging()
        cause(one, MINUTE)
        assert (one.milliamps, one.milliwatts, one.next_change()) == ((0,), 0, None)

    def test_a_pausing_car_wants_nothing_until_it_goes_on(self) -> None:
        one = charging()
        one.pause(MINUTE, True)
        assert (one.wants_energy, one.decided_by, one.paused) == (False, "vehicle", True)
        one.pause(2 * MINUTE, False)
        one.advance(3 * MINUTE)
        assert one.milliamps == (16_000,)

    def test_a_pause_ends_with_the_plug(self) -> None:
        one = charging()
        one.pause(MINUTE, True)
        one.connect_vehicle(MINUTE, car())
        assert not one.paused

    def test_another_car_begins_from_nothing(self) -> None:
        one = charging()
        one.connect_vehicle(MINUTE, car(name="Slow", ramp_amperes_per_second=4.0))
        assert one.milliamps == (1_000,)

    def test_a_power_cut_leaves_no_voltage_and_no_offer(self) -> None:
        one = charging(phases=3)
        one.set_supply(MINUTE, 0)
        assert (one.millivolts, one.offered_milliamps, one.has_mains) == ((0,) * 3, 0, False)
        assert one.decided_by == "supply"

    def test_a_lost_phase_stops_only_the_car_that_uses_it(self) -> None:
        one, three = charging(car(ac_phases=1), phases=3), charging(car(), phases=3)
        for each in (one, three):
            each.set_supply(MINUTE, (230_000, 230_000, 0))
        assert one.draws
        assert not three.draws

    def test_a_car_without_the_right_charger_gets_nothing(self) -> None:
        bus = charging(car(name="Bus", ac_max_amperes=0.0))
        scooter = charging(car(name="Scooter", dc_max_watts=0), "DC")
        for one in (bus, scooter):
            assert (one.draws, one.wants_energy, one.decided_by) == (False, False, "vehicle")

    def test_the_supply_says_how_many_phases_it_has(self) -> None:
        with pytest.raises(ValueError, match="has 3 phases, not 2"):
            outlet(phases=3).set_supply(0, (230_000, 230_000))


class TestTime:
    def test_it_runs_forward(self) -> None:
        one = charging()
        with pytest.raises(ValueError, match="Time runs forward: 59999999 lies before 60000000"):
            one.advance(MINUTE - 1)

    def test_the_same_instant_twice_is_fine(self) -> None:
        one = charging()
        before = one.anchor()
        one.advance(MINUTE)
        assert one.anchor() == before

    def test_a_month_of_nothing_costs_nothing(self) -> None:
        one = outlet()
        one.connect_vehicle(0, COMPACT)
        assert one.next_change() is None
        one.advance(30 * 24 * HOUR)
        assert (one.now, one.register_wh) == (30 * 24 * HOUR, 0)
        assert one.now // SECOND == 2_592_000
