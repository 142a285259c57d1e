"""The car in whole numbers: curve, staircase, charge."""

import pytest

from desktop_sim.physics.battery import STEPS, car_of
from tests.physics.outlets import car

WH = 3_600_000_000_000


@pytest.mark.parametrize(
    "soc, watts",
    [
        (0, 50_000),  # level before the first point
        (10, 50_000),
        (20, 75_000),  # half way between 10 and 30 %
        (30, 100_000),
        (47.5, 80_000),  # half way down
        (65, 60_000),
        (99.5, 20_000),  # level after the last one
        (100, 0),  # full
    ],
)
def test_the_curve_is_straight_between_its_points(soc: float, watts: int) -> None:
    one = car_of(car(curve=((10.0, 0.5), (30.0, 1.0), (65.0, 0.6), (80.0, 0.4), (95.0, 0.2))))
    assert one.acceptance[round(soc * 2)] == watts * 1000


def test_a_curve_of_one_point_is_level() -> None:
    acceptance = car_of(car(curve=((50.0, 0.3),))).acceptance
    assert set(acceptance[:-1]) == {30_000_000}
    assert (len(acceptance), acceptance[-1]) == (STEPS + 1, 0)


def test_the_peak_is_the_larger_of_ac_and_dc() -> None:
    assert car_of(car(dc_max_watts=0)).acceptance[0] == 22_080_000
    assert car_of(car(dc_max_watts=50_000)).acceptance[0] == 50_000_000


def test_a_step_begins_where_it_says() -> None:
    one = car_of(car(battery_wh=60_000))
    assert one.capacity == 60_000 * WH * 1000
    assert one.step_at(0) == 0
    for step in range(1, STEPS + 1):
        assert one.step_at(one.charge_of_step(step)) == step
        assert one.step_at(one.charge_of_step(step) - 1) == step - 1
    assert one.step_at(one.capacity * 2) == STEPS


@pytest.mark.parametrize("soc, wh", [(-5, 0), (0, 0), (12.5, 7_500), (100, 60_000), (101, 60_000)])
def test_a_charge_is_a_part_of_the_capacity(soc: float, wh: int) -> None:
    assert car_of(car(battery_wh=60_000)).charge_at(soc) == wh * WH * 1000


def test_the_voltage_rises_evenly() -> None:
    volts = car_of(car(dc_volts=(350.0, 400.0))).dc_millivolts
    assert (volts[0], volts[100], volts[200]) == (350_000, 375_000, 400_000)
    assert list(volts) == sorted(volts)


def test_a_car_is_worked_out_once() -> None:
    assert car_of(car()) is car_of(car())
