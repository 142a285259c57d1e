"""A limit of the whole station, shared by its connectors (SC-CALC-19). Pure arithmetic."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Demand:
    """What one connector could use, mA per phase, and the least it can do anything with."""

    wanted: int
    least: int


def share(limit: int, demands: Mapping[int, Demand], turn: int) -> dict[int, int]:
    """So much of `limit` (mA per phase) for each connector: evenly, what one does not need goes to the others.

    A connector whose share would be below its least is paused; who that is rotates with `turn`.
    """
    order = sorted(demands)
    served = order[turn % len(order) :] + order[: turn % len(order)] if order else []
    while served:
        shares = _evenly(limit, {number: demands[number].wanted for number in served})
        starved = [
            number for number in served if shares[number] < demands[number].least <= demands[number].wanted
        ]
        if not starved:
            return {number: shares.get(number, 0) for number in order}
        served.remove(starved[-1])
    return dict.fromkeys(order, 0)


def _evenly(limit: int, wanted: Mapping[int, int]) -> dict[int, int]:
    """The smallest wishes are met first; the rest is split evenly."""
    shares: dict[int, int] = {}
    left, waiting = limit, sorted(wanted, key=lambda number: (wanted[number], number))
    while waiting:
        number = waiting.pop(0)
        shares[number] = min(wanted[number], left // (len(waiting) + 1))
        left -= shares[number]
    return shares
