"""Who decides how much flows: every limit side by side, in mA per phase, and the smallest of them.

Pure functions of the `Conditions` at one instant and of the SoC step of the battery.
"""

from collections.abc import Iterable

import msgspec

from desktop_sim.physics.battery import STEPS, Car
from desktop_sim.physics.supply import OutletRating

NAMES = ("slider", "vehicle", "soc", "cable", "connector", "offer", "supply")
"""The limits in the order in which a tie is decided."""

UNLIMITED = 10_000_000
"""Stands for “no limit” among currents: 10 kA."""

SIGNAL_MINIMUM = 6_000
"""Smallest current that can be offered on AC, mA (IEC 61851-1); anything below counts as nothing (SC-SET-23)."""


class Conditions(msgspec.Struct, frozen=True, kw_only=True):
    """Everything outside the battery that decides what flows, at one instant.

    Attributes:
        rating: what the connector is built for.
        car: the car whose end of the cable is in, if any.
        contactor: whether the station has switched the outlet on.
        slider: what the driver lets the car ask for, mA per phase; None = as much as it can.
        paused: the car pauses.
        asleep: the car has gone to sleep after an interruption and takes nothing.
        cable: rating of the cable in the socket, mA; None = no limit.
        offer: what the station offers, mA per phase; None = no limit but the ratings.
        offer_power: what the station offers, mW over all phases; None = no limit.
        phases: how many phases the station offers.
        millivolts: mains voltage of each phase, mV; 0 = gone.
    """

    rating: OutletRating
    millivolts: tuple[int, ...]
    car: Car | None = None
    contactor: bool = False
    slider: int | None = None
    paused: bool = False
    asleep: bool = False
    cable: int | None = None
    offer: int | None = None
    offer_power: int | None = None
    phases: int = 3

    @property
    def on_dc(self) -> bool:
        """Whether the outlet gives direct current."""
        return self.rating.supply.kind == "DC"

    @property
    def lines_offered(self) -> int:
        """Phases the station lets be used; one pair on DC."""
        return 1 if self.on_dc else min(self.rating.supply.lines, self.phases)

    @property
    def lines_used(self) -> int:
        """Phases that carry current when something flows."""
        offered = self.lines_offered
        return offered if self.on_dc or self.car is None else min(offered, self.car.vehicle.ac_phases)


def driving_millivolts(conditions: Conditions, step: int, lines: int) -> int:
    """The voltages of the lines in use added up, mV: what turns power into current per phase."""
    if not conditions.on_dc:
        return sum(conditions.millivolts[:lines])
    return conditions.car.dc_millivolts[step] if conditions.car else 0


def currents(conditions: Conditions, step: int) -> tuple[int, ...]:
    """Every limit in mA per phase, in the order of `NAMES`; what is too small for the car on AC is 0."""
    least = 0 if conditions.on_dc else SIGNAL_MINIMUM
    if conditions.car and not conditions.on_dc:
        least = conditions.car.min_milliamps
    slider = UNLIMITED if conditions.slider is None else conditions.slider
    offered = (_at_least(least, limit) for limit in _station_side(conditions, step, conditions.lines_used))
    return (_at_least(least, slider), *_car_side(conditions, step), *offered)


def signalled(conditions: Conditions, step: int) -> int:
    """What the station tells the car it may draw, mA per phase: 0 or, on AC, at least 6 A."""
    least = 0 if conditions.on_dc else SIGNAL_MINIMUM
    return _at_least(least, min(_station_side(conditions, step, conditions.lines_offered)))


def wants(conditions: Conditions, step: int) -> bool:
    """Whether the car would draw if the station let it.

    Not when it is absent, full, paused, asleep, of the wrong kind or told by its driver to stay below its minimum;
    nor when it is offered something, but less than it needs.
    """
    slider, vehicle, soc, *station = currents(conditions, step)
    unusable = min(station) == 0 and signalled(conditions, step) > 0
    return min(slider, vehicle, soc) > 0 and not unusable


def powered(conditions: Conditions, step: int) -> bool:
    """Whether a car stands there with energy at hand that is enough for it."""
    if conditions.car is None or not conditions.contactor:
        return False
    return min(currents(conditions, step)[3:]) > 0


def _car_side(conditions: Conditions, step: int) -> tuple[int, int]:
    """The car's own maximum and what its battery accepts at this SoC, mA per phase."""
    car = conditions.car
    if car is None:
        return 0, UNLIMITED
    volts = driving_millivolts(conditions, step, conditions.lines_used)
    accepted = 0 if step >= STEPS else _current(car.acceptance[step], volts)
    if conditions.paused or conditions.asleep:
        return 0, accepted
    return (_current(car.dc_milliwatts, volts) if conditions.on_dc else car.ac_milliamps), accepted


def _station_side(conditions: Conditions, step: int, lines: int) -> tuple[int, int, int, int]:
    """Cable, connector, offer and supply, mA per phase."""
    rating, volts = conditions.rating, driving_millivolts(conditions, step, lines)
    mains = conditions.millivolts if conditions.on_dc else conditions.millivolts[:lines]
    return (
        _smallest((rating.cable_milliamps, conditions.cable)),
        _smallest((rating.milliamps, _power_as_current(rating.milliwatts, volts))),
        _smallest((conditions.offer, _power_as_current(conditions.offer_power, volts))),
        _smallest((rating.supply.fuse_milliamps,)) if all(mains) else 0,
    )


def _power_as_current(milliwatts: int | None, millivolts: int) -> int | None:
    """A limit in power as a limit in current; without a voltage there is nothing to compare it with."""
    return None if milliwatts is None or not millivolts else _current(milliwatts, millivolts)


def _current(milliwatts: int, millivolts: int) -> int:
    """The current per phase that carries a power over the driving voltage, mA."""
    return milliwatts * 1000 // millivolts if millivolts else UNLIMITED


def _smallest(limits: Iterable[int | None]) -> int:
    """The smallest of the limits that are there."""
    return min((limit for limit in limits if limit is not None), default=UNLIMITED)


def _at_least(least: int, limit: int) -> int:
    """The limit, or 0 when it is below what can be used."""
    return limit if limit >= least else 0
