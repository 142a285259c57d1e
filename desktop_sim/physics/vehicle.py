"""The car as people describe it: a plain document in the units people use.

A station profile and the vehicle library embed this document, so it is strict: unknown fields are refused,
and every rule a value can break is answered with a sentence. `battery.Car` turns it into whole numbers for the
calculation.
"""

from collections.abc import Iterator
from typing import Literal

import msgspec

AcPhases = Literal[1, 2, 3]

LIBRARY_VERSION = 1
"""Version of the vehicle library document."""

MINIMUM_AMPERES = 6.0
"""Smallest current per phase a charging station can signal on AC (IEC 61851-1)."""

NOMINAL_VOLTS = 230
"""Phase voltage at which the AC power of a car is stated."""

DEFAULT_CURVE: tuple[tuple[float, float], ...] = (
    (0.0, 0.6),
    (5.0, 0.9),
    (10.0, 1.0),
    (45.0, 1.0),
    (60.0, 0.75),
    (80.0, 0.45),
    (90.0, 0.2),
    (97.0, 0.08),
    (100.0, 0.02),
)
"""A middling fast-charging curve: full power to 45 %, less than half at 80 %, a trickle at the end."""


class Vehicle(msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """One car, or anything else with a battery and a plug.

    Attributes:
        name: what the car is called; two documents with one name are the same car.
        battery_wh: usable capacity in Wh.
        ac_phases: phases of the on-board charger.
        ac_max_amperes: most the on-board charger draws, in A per phase; 0 = no AC charging.
        min_amperes: smallest signalled current in A per phase at which it charges on AC, 6 or more.
        dc_max_watts: most it takes on DC, in W; 0 = no DC charging.
        dc_volts: battery voltage at 0 % and at 100 %, in V; seen at the outlet on DC only.
        soc: state of charge in percent with which it arrives the first time.
        curve: points (SoC in percent, fraction of the peak power), SoC rising, straight lines between them and level
            outside. The peak power is the larger of the DC and the AC maximum, so on AC the curve bites near the end.
        ramp_amperes_per_second: how fast the current rises on AC, in A/s per phase.
        dc_ramp_watts_per_second: how fast the power rises on DC, in W/s.
        power_factor: cos φ on AC.
        ac_efficiency: part of the AC energy that reaches the battery.
        dc_efficiency: the same on DC.
        wake_seconds: time from energy being offered to the first current.
        sleeps_after_seconds: a charge interrupted by the station for this long is not taken up again until the car
            is plugged in anew or its driver resumes; 0 = it always wakes.
        note: a sentence for people.
    """

    name: str
    battery_wh: int
    ac_phases: AcPhases = 1
    ac_max_amperes: float = 16.0
    min_amperes: float = MINIMUM_AMPERES
    dc_max_watts: int = 0
    dc_volts: tuple[float, float] = (350.0, 400.0)
    soc: float = 30.0
    curve: tuple[tuple[float, float], ...] = DEFAULT_CURVE
    ramp_amperes_per_second: float = 8.0
    dc_ramp_watts_per_second: int = 20_000
    power_factor: float = 1.0
    ac_efficiency: float = 0.92
    dc_efficiency: float = 0.97
    wake_seconds: float = 0.0
    sleeps_after_seconds: float = 0.0
    note: str = ""

    def __post_init__(self) -> None:
        """Refuses a car that cannot exist, with everything that is wrong with it.

        Raises:
            ValueError: one or more sentences.
        """
        faults = [*_faults(self), *_curve_faults(self.curve)]
        if faults:
            raise ValueError(" ".join(faults))

    @property
    def ac_peak_watts(self) -> float:
        """The most the on-board charger takes at nominal voltage, in W."""
        return self.ac_max_amperes * self.ac_phases * NOMINAL_VOLTS

    @property
    def peak_watts(self) -> float:
        """The power of which the curve states fractions, in W."""
        return max(self.ac_peak_watts, float(self.dc_max_watts))


class VehicleLibrary(msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """A document with many cars, each found by its name."""

    version: int = LIBRARY_VERSION
    vehicles: tuple[Vehicle, ...]

    def __post_init__(self) -> None:
        """Refuses a version from the future and two cars with one name.

        Raises:
            ValueError: a sentence.
        """
        if self.version != LIBRARY_VERSION:
            raise ValueError(f"This vehicle library has version {self.version}; known is {LIBRARY_VERSION}.")
        names = [vehicle.name for vehicle in self.vehicles]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"Each vehicle needs a name of its own; given twice: {', '.join(twice)}.")


def _faults(car: Vehicle) -> Iterator[str]:
    """A sentence for each single value out of its range."""
    ranges = (
        ("The battery capacity", car.battery_wh, 100, 2_000_000, " Wh"),
        ("The AC maximum", car.ac_max_amperes, 0, 125, " A"),
        ("The smallest AC current", car.min_amperes, MINIMUM_AMPERES, 32, " A"),
        ("The DC maximum", car.dc_max_watts, 0, 5_000_000, " W"),
        ("The state of charge", car.soc, 0, 100, " %"),
        ("The AC ramp", car.ramp_amperes_per_second, 0.1, 10_000, " A/s"),
        ("The DC ramp", car.dc_ramp_watts_per_second, 100, 100_000_000, " W/s"),
        ("The power factor", car.power_factor, 0.1, 1, ""),
        ("The AC efficiency", car.ac_efficiency, 0.1, 1, ""),
        ("The DC efficiency", car.dc_efficiency, 0.1, 1, ""),
        ("The time to wake", car.wake_seconds, 0, 3600, " s"),
        ("The time to fall asleep", car.sleeps_after_seconds, 0, 86_400, " s"),
    )
    if not car.name.strip():
        yield "A vehicle needs a name."
    for what, value, least, most, unit in ranges:
        if not least <= value <= most:
            yield f"{what} must be from {least:.12g} to {most:.12g}{unit}, not {value:.12g}."
    if car.ac_max_amperes <= 0 and car.dc_max_watts <= 0:
        yield "A vehicle needs an AC or a DC maximum above 0."
    if 0 < car.ac_max_amperes < 1:
        yield f"The AC maximum must be 0 or at least 1 A, not {car.ac_max_amperes:g}."
    if 0 < car.dc_max_watts < 1000:
        yield f"The DC maximum must be 0 or at least 1000 W, not {car.dc_max_watts}."
    empty, full = car.dc_volts
    if not 40 <= empty <= full <= 1500:
        yield f"The battery voltage must rise within 40 to 1500 V, not from {empty:g} to {full:g} V."


def _curve_faults(curve: tuple[tuple[float, float], ...]) -> Iterator[str]:
    """A sentence for each rule the charging curve breaks. No fraction is 0, so every charge comes to its end."""
    if not curve:
        yield "The charging curve needs at least one point."
    before = -1.0
    for soc, fraction in curve:
        if not 0 <= soc <= 100:
            yield f"A point of the charging curve lies from 0 to 100 %, not at {soc:g} %."
        elif not soc > before:
            yield f"The charging curve must go on from {before:g} %, not to {soc:g} %."
        if not 0.01 <= fraction <= 1:
            yield f"The charging curve must be from 0.01 to 1, not {fraction:g} at {soc:g} %."
        before = soc


COMPACT = Vehicle(
    name="Compact",
    battery_wh=60_000,
    ac_phases=3,
    ac_max_amperes=32.0,
    dc_max_watts=100_000,
    note="The car of a station without a profile: it takes whatever a wallbox gives.",
)
"""The default car; the vehicle library holds the same one."""
