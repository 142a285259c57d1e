"""The library of cars that come with the program (`resources/vehicles/library.json`)."""

from __future__ import annotations

from functools import cache

import msgspec

from desktop_sim.physics.vehicle import Vehicle
from desktop_sim.storage.resources import resource


class _Library(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    version: int
    vehicles: tuple[Vehicle, ...]


@cache
def _library() -> tuple[Vehicle, ...]:
    content = resource("vehicles/library.json").read_bytes()
    return msgspec.json.decode(content, type=_Library).vehicles


def vehicle_library() -> dict[str, Vehicle]:
    """Name → car, in the library's order; the caller's own copy.

    Raises ResourceMissing and msgspec.ValidationError if the program is not installed soundly.
    """
    return {vehicle.name: vehicle for vehicle in _library()}
