"""Who decides how much flows: every limit side by side, in mA per phase, and the smallest of them.

Pure functions of the `Conditions` at one instant and of the SoC step of the battery.
"""

from typing import NamedTuple

import msgspec

from desktop_sim.physics.battery import Car
from desktop_sim.physics.supply import OutletRating

NAMES = ("slider", "vehicle", "soc", "cable", "connector", "offer", "supply")
"""The limits in the order in which a tie is decided."""

UNLIMITED = 10_000_000
"""Stands for “no limit” among currents: 10 kA."""

SIGNAL_MINIMUM = 6_000
"""Smallest current that can be offered on AC, mA (IEC 61851-1); less counts as nothing (SC-SET-23)."""


class Conditions(msgspec.Struct, frozen=True, kw_only=True):
    """Everything outside the battery that decides what flows, at one instant.

    Attributes:
        rating: what the connector is built for.
        millivolts: mains voltage of each phase, mV; 0 = gone.
        car: the car whose end of the cable is in, if any.
        contactor: whether the station has switched the outlet on.
        slider: what the driver lets the car ask for, mA per phase; None = as much as it can.
        paused: the car pauses.
        asleep: the car has gone to sleep after an interruption and takes nothing.
        cable: rating of the cable in the socket, mA; None = no limit.
        offer: what the station offers, mA per phase; None = no limit but the ratings.
        offer_power: what the station offers, mW over all phases; None = no limit.
        phases: how many phases the station offers.
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
        return min(self.rating.supply.lines, self.phases)

    @property
    def lines_used(self) -> int:
        """Phases that carry current when something flows."""
        offered = self.lines_offered
        return offered if self.on_dc or self.car is None else min(offered, self.car.vehicle.ac_phases)


class View(NamedTuple):
    """What `currents`, `signalled` and `wants` say of one state; it holds as long as that state does."""

    conditions: Conditions
    step: int
    currents: tuple[int, ...]
    signalled: int
    wants: bool


def view(conditions: Conditions, step: int) -> View:
    """Everything about the limits of a state at once."""
    return View(
        conditions, step, currents(conditions, step), signalled(conditions, step), wants(conditions, step)
    )


def driving_millivolts(conditions: Conditions, step: int) -> int:
    """What turns a power offered into a current per phase, mV: the phases added up, or the battery on DC."""
    if not conditions.on_dc:
        return sum(conditions.millivolts[: conditions.lines_offered])
    return conditions.car.dc_millivolts[step] if conditions.car else 0


def currents(conditions: Conditions, step: int) -> tuple[int, ...]:
    """Every limit in mA per phase, in the order of `NAMES`; what is too small for the car on AC is 0.

    The car's own maximum and what its battery accepts may be below 6 A: that minimum is one of signalling.
    """
    car = conditions.car
    least = 0 if conditions.on_dc else car.min_milliamps if car else SIGNAL_MINIMUM
    slider = UNLIMITED if conditions.slider is None else conditions.slider
    offered = [_usable(limit, least) for limit in _station_side(conditions, step)]
    return (_usable(slider, least), _vehicle(conditions, step), _accepted(conditions, step), *offered)


def signalled(conditions: Conditions, step: int) -> int:
    """What the station tells the car it may draw, mA per phase: 0 or, on AC, at least 6 A."""
    return _usable(min(_station_side(conditions, step)), 0 if conditions.on_dc else SIGNAL_MINIMUM)


def wants(conditions: Conditions, step: int) -> bool:
    """Whether the car would draw if the station let it.

    Not when it is absent, full, paused, asleep, of the wrong kind or told to stay below its minimum; nor when it
    is offered something, but less than it needs.
    """
    slider, vehicle, accepted, *station = currents(conditions, step)
    too_little = min(station) == 0 and signalled(conditions, step) > 0
    return min(slider, vehicle, accepted) > 0 and not too_little


def has_power(conditions: Conditions, allowed: tuple[int, ...]) -> bool:
    """Whether a car stands there with enough energy at hand; `allowed` are the `currents`."""
    return conditions.car is not None and conditions.contactor and min(allowed[3:]) > 0


def _vehicle(conditions: Conditions, step: int) -> int:
    """The car's own maximum, mA per phase; nothing while it pauses or sleeps, or without a car."""
    car = conditions.car
    if car is None or conditions.paused or conditions.asleep:
        return 0
    if conditions.on_dc:
        return _as_current(car.dc_milliwatts, car.dc_millivolts[step])
    return car.ac_milliamps


def _accepted(conditions: Conditions, step: int) -> int:
    """What the battery accepts at this SoC, mA per phase; nothing when it is full."""
    car = conditions.car
    if car is None:
        return UNLIMITED
    if conditions.on_dc:
        return _as_current(car.acceptance[step], car.dc_millivolts[step])
    return _as_current(car.acceptance[step], sum(conditions.millivolts[: conditions.lines_used]))


def _station_side(conditions: Conditions, step: int) -> tuple[int, int, int, int]:
    """Cable, connector, offer and supply, mA per phase."""
    rating, volts = conditions.rating, driving_millivolts(conditions, step)
    mains = conditions.millivolts if conditions.on_dc else conditions.millivolts[: conditions.lines_used]
    return (
        _smaller(rating.cable_milliamps, conditions.cable),
        _smaller(rating.milliamps, _power_limit(rating.milliwatts, volts)),
        _smaller(conditions.offer, _power_limit(conditions.offer_power, volts)),
        _smaller(rating.supply.fuse_milliamps, None) if all(mains) else 0,
    )


def _power_limit(milliwatts: int | None, millivolts: int) -> int | None:
    """A limit in power as one in current. Without a voltage only “nothing” can be compared."""
    return None if milliwatts is None else _as_current(milliwatts, millivolts)


def _as_current(milliwatts: int, millivolts: int) -> int:
    """The current per phase that carries a power over the driving voltage, mA, rounded down."""
    if not millivolts:
        return UNLIMITED if milliwatts else 0
    return milliwatts * 1000 // millivolts


def _smaller(one: int | None, other: int | None) -> int:
    """The smaller of two limits, each of which may be absent."""
    return min(UNLIMITED if one is None else one, UNLIMITED if other is None else other)


def _usable(limit: int, least: int) -> int:
    """The limit, or 0 when it is below what can be used."""
    return limit if limit >= least else 0
