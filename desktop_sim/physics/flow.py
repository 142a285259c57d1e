"""What flows at one instant: currents and powers of each phase, and what of it charges the battery."""

from dataclasses import dataclass
from math import isqrt

from desktop_sim.physics.limits import Conditions


@dataclass(frozen=True, slots=True)
class Flow:
    """Constant between two events.

    Attributes:
        milliamps: current of each phase, mA.
        milliwatts: active power of each phase, mW: U·I·cos φ rounded down to the mW.
        total: their sum, mW.
        reactive: reactive power of all phases, mvar.
        charging: charge gained, nJ·‰ in a µs.
    """

    milliamps: tuple[int, ...]
    milliwatts: tuple[int, ...]
    total: int
    reactive: int
    charging: int


NOTHING = {lines: Flow((0,) * lines, (0,) * lines, 0, 0, 0) for lines in (1, 2, 3)}
"""No flow, by the number of metered lines."""


def flow_of(conditions: Conditions, step: int, milliamps: int) -> Flow:
    """The flow when a current of so many mA is drawn on each phase in use."""
    car, lines = conditions.car, conditions.rating.supply.lines
    if car is None or not milliamps:
        return NOTHING[lines]
    used = conditions.lines_used
    currents = (milliamps,) * used + (0,) * (lines - used)
    if conditions.on_dc:
        power = car.dc_millivolts[step] * milliamps // 1000
        return Flow(currents, (power,), power, 0, power * car.dc_efficiency_permille)
    factor = car.power_factor_permille
    apparent = [volts * amps // 1000 for volts, amps in zip(conditions.millivolts, currents, strict=True)]
    powers = tuple(power * factor // 1000 for power in apparent)
    reactive = sum(reactive_of(a, p) for a, p in zip(apparent, powers, strict=True)) if factor < 1000 else 0
    total = sum(powers)
    return Flow(currents, powers, total, reactive, total * car.ac_efficiency_permille)


def reactive_of(apparent: int, active: int) -> int:
    """The reactive part of an apparent power, rounded down."""
    return isqrt(apparent * apparent - active * active)
