"""The car in whole numbers: its charge, its curve as a staircase, its ramp.

Units: energy in nJ (= mW·µs), charge in nJ·‰ (what flowed times the efficiency in permille, so that no rounding
ever enters), power in mW, voltage in mV, current in mA, time in µs.
"""

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from desktop_sim.physics.vehicle import Vehicle

NANOJOULES_PER_WH = 3_600_000_000_000
"""1 Wh in mW·µs."""

STEPS = 200
"""Steps of the SoC staircase from empty to full: each is half a percent; step 200 is full."""

RAMP_MICROSECONDS = 250_000
"""Time between two steps of the rising current."""


@dataclass(frozen=True, slots=True)
class Car:
    """What the calculation needs of a `Vehicle`; all maxima per phase where phases exist.

    Attributes:
        capacity: charge of the full battery, nJ·‰; a multiple of `STEPS`.
        acceptance: power the battery takes at each SoC step, mW; the last entry (full) is 0.
        dc_millivolts: battery voltage at each SoC step, mV.
    """

    vehicle: Vehicle
    capacity: int
    acceptance: tuple[int, ...]
    dc_millivolts: tuple[int, ...]
    ac_milliamps: int
    min_milliamps: int
    dc_milliwatts: int
    ac_ramp_milliamps: int
    dc_ramp_milliwatts: int
    power_factor_permille: int
    ac_efficiency_permille: int
    dc_efficiency_permille: int
    wake_microseconds: int
    sleep_microseconds: int

    def charge_at(self, soc_percent: float) -> int:
        """The charge at a state of charge in percent, nJ·‰."""
        millionths = max(0, min(100_000_000, round(soc_percent * 1_000_000)))
        return self.capacity * millionths // 100_000_000

    def step_at(self, charge: int) -> int:
        """The step of the SoC staircase a charge lies on, 0…`STEPS`."""
        return min(STEPS, charge * STEPS // self.capacity)

    def charge_of_step(self, step: int) -> int:
        """The charge at which a step begins, nJ·‰."""
        return self.capacity // STEPS * step


@lru_cache(maxsize=256)
def car_of(vehicle: Vehicle) -> Car:
    """Turns the document into whole numbers, once for each vehicle."""
    peak = round(vehicle.peak_watts * 1000)
    curve = tuple((round(soc * 1000), round(fraction * 1_000_000)) for soc, fraction in vehicle.curve)
    places = range(0, 100_000, 100_000 // STEPS)
    empty, full = (round(volts * 1000) for volts in vehicle.dc_volts)
    return Car(
        vehicle=vehicle,
        capacity=vehicle.battery_wh * NANOJOULES_PER_WH * 1000,
        acceptance=(*(peak * _interpolate(curve, place) // 1_000_000 for place in places), 0),
        dc_millivolts=tuple(empty + (full - empty) * step // STEPS for step in range(STEPS + 1)),
        ac_milliamps=round(vehicle.ac_max_amperes * 1000),
        min_milliamps=round(vehicle.min_amperes * 1000),
        dc_milliwatts=vehicle.dc_max_watts * 1000,
        ac_ramp_milliamps=_per_ramp_step(vehicle.ramp_amperes_per_second),
        dc_ramp_milliwatts=_per_ramp_step(vehicle.dc_ramp_watts_per_second),
        power_factor_permille=round(vehicle.power_factor * 1000),
        ac_efficiency_permille=round(vehicle.ac_efficiency * 1000),
        dc_efficiency_permille=round(vehicle.dc_efficiency * 1000),
        wake_microseconds=round(vehicle.wake_seconds * 1_000_000),
        sleep_microseconds=round(vehicle.sleeps_after_seconds * 1_000_000),
    )


def _per_ramp_step(per_second: float) -> int:
    """Thousandths gained in one ramp step by something that gains so much in a second."""
    return round(per_second * 1000 * RAMP_MICROSECONDS / 1_000_000)


def _interpolate(points: tuple[tuple[int, int], ...], place: int) -> int:
    """The value at a place on straight lines through points with rising places; level outside them."""
    if place <= points[0][0]:
        return points[0][1]
    for before, after in pairwise(points):
        if place <= after[0]:
            rising, falling = place - before[0], after[0] - place
            return (before[1] * falling + after[1] * rising) // (rising + falling)
    return points[-1][1]
