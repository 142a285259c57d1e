"""Outlets in the states the tests start from."""

from typing import Literal

from desktop_sim.physics import COMPACT, Outlet, OutletRating, Supply, Vehicle

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE


def outlet(kind: Literal["AC", "DC"] = "AC", phases: int = 1, **rating: int) -> Outlet:
    """A fresh outlet at instant 0."""
    return Outlet(OutletRating(supply=Supply(kind=kind, phases=phases), **rating), 0)


def charging(
    vehicle: Vehicle = COMPACT,
    kind: Literal["AC", "DC"] = "AC",
    phases: int = 1,
    slider: int | None = 16_000,
    soc: float | None = None,
    **rating: int,
) -> Outlet:
    """An outlet that has been charging a car for a minute, the ramp long over."""
    fresh = outlet(kind, phases, **rating)
    fresh.request(0, slider)
    fresh.connect_vehicle(0, vehicle, soc)
    fresh.close_contactor(0)
    fresh.advance(MINUTE)
    return fresh


def run_out(one: Outlet) -> None:
    """Lets an outlet go on until nothing changes by itself any more."""
    while (instant := one.next_change()) is not None:
        one.advance(instant)


def car(**fields: object) -> Vehicle:
    """A car that jumps to its current at once and loses nothing, for figures that can be checked by hand."""
    plain: dict[str, object] = {
        "name": "Plain",
        "battery_wh": 60_000,
        "ac_phases": 3,
        "ac_max_amperes": 32.0,
        "dc_max_watts": 100_000,
        "dc_volts": (400.0, 400.0),
        "curve": ((0.0, 1.0),),
        "ramp_amperes_per_second": 1000.0,
        "dc_ramp_watts_per_second": 10_000_000,
        "ac_efficiency": 1.0,
        "dc_efficiency": 1.0,
    }
    return Vehicle(**{**plain, **fields})  # type: ignore[arg-type]
