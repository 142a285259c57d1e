"""What the meter of an outlet shows, measurand by measurand.

`read` takes one consistent sample (with reading noise, if wanted), `values` picks a measurand out of it as exact
decimals in base units: Wh, varh, W, var, A, V, Hz, percent, °C.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import isqrt

import msgspec

from desktop_sim.physics.flow import reactive_of
from desktop_sim.physics.outlet import Outlet
from desktop_sim.physics.supply import OutletRating

Reading = tuple[str | None, Decimal]
"""A phase (`L1`…; None = the whole outlet, or its only line) and its value."""

Uniform = Callable[[], int]
"""A source of chance: each call gives the next whole number from 0 to 2⁶⁴ − 1."""

WARMING_DECIKELVINS = 250
"""How much warmer than its surroundings an outlet gets at its rated current, in tenths of a kelvin."""


@dataclass(frozen=True, slots=True)
class Noise:
    """Reading noise in permille of the displayed value; the register never has any."""

    current: int = 0
    voltage: int = 0


QUIET = Noise()


class Sample(msgspec.Struct, frozen=True):
    """Everything the meter shows at one instant; power follows from the displayed current and voltage.

    Attributes:
        direct: whether it is direct current, which has no phases, frequency or power factor.
        millivolts, milliamps, milliwatts, millivars: of each phase (one pair on DC).
        power_factor_permille: cos φ.
        register_wh, reactive_varh: the registers, whole units.
        offered_milliamps, offered_milliwatts: what the station offers, per phase and in all.
        soc_permille: state of charge, rounded down; None = no car.
        millihertz: mains frequency; 0 = no mains.
        decicelsius: temperature of the outlet.
    """

    direct: bool
    millivolts: tuple[int, ...]
    milliamps: tuple[int, ...]
    milliwatts: tuple[int, ...]
    millivars: tuple[int, ...]
    power_factor_permille: int
    register_wh: int
    reactive_varh: int
    offered_milliamps: int
    offered_milliwatts: int
    soc_permille: int | None
    millihertz: int
    decicelsius: int


def noisy(value: int, permille: int, uniform: Uniform) -> int:
    """The value, off by at most so many permille either way, evenly spread; takes one number of chance."""
    span = permille * 1000
    millionths = (uniform() * (2 * span + 1) >> 64) - span
    return value + (value * millionths + 500_000) // 1_000_000


def read(outlet: Outlet, noise: Noise = QUIET, uniform: Uniform | None = None) -> Sample:
    """One sample of all that can be measured, for the outlet's present instant.

    Chance is drawn line by line, voltage before current, and only for what has noise.
    """
    volts, amps = list(outlet.millivolts), list(outlet.milliamps)
    for line in range(len(volts)):
        if uniform and noise.voltage:
            volts[line] = noisy(volts[line], noise.voltage, uniform)
        if uniform and noise.current:
            amps[line] = noisy(amps[line], noise.current, uniform)
    factor = outlet.power_factor_permille
    apparent = [volt * amp // 1000 for volt, amp in zip(volts, amps, strict=True)]
    active = tuple(power * factor // 1000 for power in apparent)
    soc, supply = outlet.soc_permille, outlet.rating.supply
    return Sample(
        direct=supply.kind == "DC",
        millivolts=tuple(volts),
        milliamps=tuple(amps),
        milliwatts=active,
        millivars=tuple(reactive_of(s, p) for s, p in zip(apparent, active, strict=True)),
        power_factor_permille=factor,
        register_wh=outlet.register_wh,
        reactive_varh=outlet.reactive_varh,
        offered_milliamps=outlet.offered_milliamps,
        offered_milliwatts=outlet.offered_milliwatts,
        soc_permille=soc,
        millihertz=supply.millihertz if outlet.has_mains else 0,
        decicelsius=_decicelsius(outlet),
    )


def measurands(rating: OutletRating) -> tuple[str, ...]:
    """The names of what can be measured at such an outlet, as OCPP spells them.

    The `.Interval` amounts are differences of registers and so the caller's, except those that are always 0.
    """
    return tuple(name for name in _PICK if rating.supply.kind == "AC" or name not in _AC_ONLY)


def values(sample: Sample, measurand: str) -> list[Reading]:
    """The readings of a measurand: the whole, the phases, or both; none if it cannot be measured here.

    Phases are named only where there are several. SoC has no reading without a car.
    """
    if measurand not in _PICK or (sample.direct and measurand in _AC_ONLY):
        return []
    return _PICK[measurand](sample)


def between_phases(sample: Sample) -> list[Reading]:
    """The voltages between the phases of a three-phase supply, V; their angles are 120°."""
    if len(sample.millivolts) < 3:
        return []
    one, two, three = sample.millivolts
    pairs = (("L1-L2", one, two), ("L2-L3", two, three), ("L3-L1", three, one))
    return [(name, _milli(isqrt(a * a + b * b + a * b))) for name, a, b in pairs]


def _milli(thousandths: int) -> Decimal:
    """An exact decimal of a number of thousandths."""
    return Decimal(thousandths).scaleb(-3)


def _whole(value: Decimal | int) -> list[Reading]:
    """One reading for the whole outlet."""
    return [(None, Decimal(value))]


def _each(thousandths: tuple[int, ...]) -> list[Reading]:
    """A reading for each phase; without a name if there is only one."""
    if len(thousandths) == 1:
        return [(None, _milli(thousandths[0]))]
    return [(f"L{number}", _milli(value)) for number, value in enumerate(thousandths, 1)]


def _sum_and_each(thousandths: tuple[int, ...]) -> list[Reading]:
    """The sum, and where there are several phases each of them."""
    parts = _each(thousandths) if len(thousandths) > 1 else []
    return [(None, _milli(sum(thousandths))), *parts]


def _no_flow(sample: Sample) -> tuple[int, ...]:
    """Nothing on each phase: what goes back to the grid."""
    return (0,) * len(sample.milliamps)


def _soc(sample: Sample) -> list[Reading]:
    """The state of charge, if there is a car."""
    return [] if sample.soc_permille is None else _whole(Decimal(sample.soc_permille).scaleb(-1))


def _decicelsius(outlet: Outlet) -> int:
    """Temperature once it has settled, tenths of °C: the warming goes with the square of the current."""
    amps, rated = max(outlet.milliamps), outlet.rating.milliamps
    return outlet.rating.ambient_celsius * 10 + WARMING_DECIKELVINS * amps * amps // (rated * rated)


_AC_ONLY = frozenset(
    {
        "Energy.Reactive.Import.Register",
        "Energy.Reactive.Export.Register",
        "Energy.Reactive.Export.Interval",
        "Power.Reactive.Import",
        "Power.Reactive.Export",
        "Power.Factor",
        "Frequency",
    }
)

_PICK: Mapping[str, Callable[[Sample], list[Reading]]] = {
    "Energy.Active.Import.Register": lambda sample: _whole(sample.register_wh),
    "Energy.Active.Export.Register": lambda sample: _whole(0),
    "Energy.Active.Export.Interval": lambda sample: _whole(0),
    "Energy.Reactive.Import.Register": lambda sample: _whole(sample.reactive_varh),
    "Energy.Reactive.Export.Register": lambda sample: _whole(0),
    "Energy.Reactive.Export.Interval": lambda sample: _whole(0),
    "Power.Active.Import": lambda sample: _sum_and_each(sample.milliwatts),
    "Power.Active.Export": lambda sample: _sum_and_each(_no_flow(sample)),
    "Power.Reactive.Import": lambda sample: _sum_and_each(sample.millivars),
    "Power.Reactive.Export": lambda sample: _sum_and_each(_no_flow(sample)),
    "Power.Offered": lambda sample: _whole(_milli(sample.offered_milliwatts)),
    "Power.Factor": lambda sample: _whole(_milli(sample.power_factor_permille)),
    "Current.Import": lambda sample: _each(sample.milliamps),
    "Current.Export": lambda sample: _each(_no_flow(sample)),
    "Current.Offered": lambda sample: _whole(_milli(sample.offered_milliamps)),
    "Voltage": lambda sample: _each(sample.millivolts),
    "Frequency": lambda sample: _whole(_milli(sample.millihertz)),
    "SoC": _soc,
    "Temperature": lambda sample: _whole(Decimal(sample.decicelsius).scaleb(-1)),
}
