"""What of an outlet outlives the program: plain data, small enough for 64-bit columns."""

import msgspec

from desktop_sim.physics.battery import NANOJOULES_PER_WH


class Anchor(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The meter and the battery at one instant.

    A register in nJ outgrows 64 bits at 2.5 MWh, so each energy is a pair: whole units, and the rest in nJ.

    Attributes:
        instant: when it was taken, simulated µs.
        register: active energy imported, (Wh, nJ below one Wh).
        reactive: reactive energy imported, (varh, nvars below one varh).
        vehicle: name of the car last seen, if any.
        charge: its battery, (Wh·‰, nJ·‰ below one Wh·‰).
    """

    instant: int
    register: tuple[int, int]
    reactive: tuple[int, int] = (0, 0)
    vehicle: str | None = None
    charge: tuple[int, int] = (0, 0)


def split(energy: int) -> tuple[int, int]:
    """An energy in nJ as whole Wh and the rest."""
    return divmod(energy, NANOJOULES_PER_WH)


def join(pair: tuple[int, int]) -> int:
    """The inverse of `split`."""
    return pair[0] * NANOJOULES_PER_WH + pair[1]
