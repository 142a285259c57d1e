"""How the current rises, how a car wakes, and how it falls asleep."""

from desktop_sim.physics import COMPACT, Outlet, Vehicle
from tests.physics.outlets import HOUR, MINUTE, SECOND, car, charging, outlet, run_out

STEP = SECOND // 4


def rise(one: Outlet, until: int) -> list[tuple[int, int]]:
    """Each change of the current up to an instant: when, and to how much."""
    changes = [(one.now, one.milliamps[0])]
    while (instant := one.next_change()) is not None and instant <= until:
        one.advance(instant)
        if one.milliamps[0] != changes[-1][1]:
            changes.append((instant, one.milliamps[0]))
    return changes


def started(vehicle: Vehicle = COMPACT) -> Outlet:
    one = outlet()
    one.request(0, 16_000)
    one.connect_vehicle(0, vehicle)
    one.close_contactor(0)
    return one


class TestStaircase:
    def test_eight_amperes_a_second_are_two_each_quarter(self) -> None:
        expected = [(number * STEP, 2_000 * (number + 1)) for number in range(8)]
        assert rise(started(), 10 * SECOND) == expected

    def test_the_last_step_is_as_small_as_it_must_be(self) -> None:
        one = started()
        one.request(0, 7_000)
        assert rise(one, SECOND)[-1] == (3 * STEP, 7_000)

    def test_what_falls_falls_at_once_and_rises_again_in_steps(self) -> None:
        one = charging()
        one.offer(MINUTE, 10_000)
        assert one.milliamps == (10_000,)
        one.offer(MINUTE, None)
        assert rise(one, MINUTE + SECOND) == [
            (MINUTE, 12_000),
            (MINUTE + STEP, 14_000),
            (MINUTE + 2 * STEP, 16_000),
        ]

    def test_pulling_at_the_slider_does_not_speed_it_up(self) -> None:
        one = started()
        for tenth in range(1, 11):
            one.request(tenth * SECOND // 10, 16_000 + tenth * 100)
        assert one.now == SECOND
        assert one.milliamps == (10_000,), "five steps in a second, the first at once"

    def test_direct_current_ramps_in_power(self) -> None:
        one = outlet("DC", milliamps=500_000)
        one.connect_vehicle(0, car(dc_ramp_watts_per_second=20_000))
        one.close_contactor(0)
        assert one.milliwatts == 5_000_000
        one.advance(SECOND)
        assert one.milliwatts == 25_000_000
        one.advance(10 * SECOND)
        assert one.milliwatts == 100_000_000


class TestWaking:
    def test_a_car_that_sleeps_lightly_takes_its_time(self) -> None:
        one = started(car(wake_seconds=3.0))
        assert (one.draws, one.wants_energy, one.next_change()) == (False, True, 3 * SECOND)
        one.advance(3 * SECOND)
        assert one.milliamps == (16_000,)

    def test_it_takes_it_again_after_each_interruption(self) -> None:
        one = charging(car(wake_seconds=3.0))
        one.offer(MINUTE, 0)
        one.offer(2 * MINUTE, 16_000)
        assert one.next_change() == 2 * MINUTE + 3 * SECOND

    def test_its_own_pause_is_no_interruption(self) -> None:
        one = charging(car(wake_seconds=3.0))
        one.pause(MINUTE, True)
        one.pause(2 * MINUTE, False)
        assert one.draws


class TestSleep:
    sleeper = car(name="Sleeper", sleeps_after_seconds=600.0)

    def test_a_long_interruption_sends_it_to_sleep(self) -> None:
        one = charging(self.sleeper)
        one.offer(MINUTE, 0)
        assert one.next_change() == 11 * MINUTE
        one.advance(11 * MINUTE)
        assert (one.asleep, one.wants_energy) == (True, False)
        one.offer(12 * MINUTE, 16_000)
        assert (one.draws, one.decided_by) == (False, "vehicle")

    def test_a_short_one_does_not(self) -> None:
        one = charging(self.sleeper)
        one.offer(MINUTE, 0)
        one.offer(11 * MINUTE - 1, 16_000)
        one.advance(HOUR)
        assert (one.asleep, one.draws) == (False, True)

    def test_waiting_for_the_first_charge_does_not(self) -> None:
        one = outlet()
        one.connect_vehicle(0, self.sleeper)
        one.advance(HOUR)
        assert (one.asleep, one.wants_energy) == (False, True)

    def test_plugging_in_anew_wakes_it(self) -> None:
        one = charging(self.sleeper)
        one.open_contactor(MINUTE)
        one.advance(HOUR)
        assert one.asleep
        one.disconnect_vehicle(HOUR)
        one.connect_vehicle(HOUR, self.sleeper)
        assert (one.asleep, one.wants_energy) == (False, True)

    def test_so_does_its_driver(self) -> None:
        one = charging(self.sleeper)
        one.open_contactor(MINUTE)
        one.close_contactor(HOUR)
        assert one.asleep
        one.pause(HOUR, False)
        assert (one.asleep, one.draws) == (False, True)

    def test_telling_it_to_pause_does_not(self) -> None:
        one = charging(self.sleeper)
        one.open_contactor(MINUTE)
        one.advance(HOUR)
        one.pause(HOUR, True)
        assert one.asleep

    def test_a_full_car_has_nothing_to_sleep_over(self) -> None:
        one = charging(self.sleeper, soc=99.9)
        run_out(one)
        one.offer(one.now, 0)
        assert one.next_change() is None
