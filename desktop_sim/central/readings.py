"""Numbers out of MeterValues, in SI units and Wh (CORE-MV-13, CORE-MV-17)."""

from decimal import Decimal, InvalidOperation

from msgspec import UNSET

from desktop_sim.protocol.core import MeterValue, SampledValue
from desktop_sim.protocol.types import Location, Measurand, Phase, ValueFormat

_REGISTER = Measurand.EnergyActiveImportRegister
MAX_DIGITS = 15
_KILO = ("kWh", "kW", "kvarh", "kvar", "kVA")


def measurand_of(sample: SampledValue) -> str:
    """The measurand, absent meaning the energy register (CORE-MV-13)."""
    return _REGISTER if sample.measurand is UNSET else sample.measurand


def number_of(sample: SampledValue) -> Decimal | None:
    """The value in Wh, W, A, V …; None for what is no number a meter could show (signed data, for one)."""
    if sample.format is ValueFormat.SignedData:
        return None
    try:
        number = Decimal(sample.value)
    except InvalidOperation:
        return None
    if not number.is_finite() or number.adjusted() > MAX_DIGITS:
        return None
    return number * 1000 if sample.unit is not UNSET and sample.unit in _KILO else number


def reading(value: MeterValue, measurand: str, phase: Phase | None = None) -> Decimal | None:
    """The number for a measurand at the outlet (or the only place), for one phase or for all together."""
    found = None
    for sample in value.sampled_value:
        own_phase = None if sample.phase is UNSET else sample.phase
        if measurand_of(sample) == measurand and own_phase == phase:
            if sample.location is UNSET or sample.location is Location.Outlet:
                return number_of(sample)
            found = number_of(sample) if found is None else found
    return found


def register_wh(value: MeterValue) -> Decimal | None:
    """The energy register in Wh; without a total, the sum of the phases."""
    total = reading(value, _REGISTER)
    if total is not None:
        return total
    phases = [reading(value, _REGISTER, phase) for phase in (Phase.L1, Phase.L2, Phase.L3)]
    known = [number for number in phases if number is not None]
    return sum(known, Decimal(0)) if known else None
