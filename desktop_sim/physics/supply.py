"""What stands behind the socket: the mains, the connector and its cable, as ratings in whole numbers."""

from typing import Literal

import msgspec

Kind = Literal["AC", "DC"]


class Supply(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The electricity a connector is fed with.

    Attributes:
        kind: what leaves the outlet, AC or DC.
        phases: mains phases wired to an AC outlet; has no meaning on DC.
        millivolts: nominal mains voltage of a phase to neutral, in mV.
        millihertz: mains frequency, in mHz.
        fuse_milliamps: most the feed allows, in mA per phase; None = no limit of its own.
    """

    kind: Kind = "AC"
    phases: int = 1
    millivolts: int = 230_000
    millihertz: int = 50_000
    fuse_milliamps: int | None = None

    def __post_init__(self) -> None:
        """Refuses a supply that cannot exist.

        Raises:
            ValueError: a sentence.
        """
        if not 1 <= self.phases <= 3:
            raise ValueError(f"phases must be 1, 2 or 3, not {self.phases}.")
        if not 50_000 <= self.millivolts <= 1_000_000:
            raise ValueError(f"millivolts must be from 50000 to 1000000, not {self.millivolts}.")
        if not 10_000 <= self.millihertz <= 100_000:
            raise ValueError(f"millihertz must be from 10000 to 100000, not {self.millihertz}.")
        if self.fuse_milliamps is not None and self.fuse_milliamps <= 0:
            raise ValueError(f"fuse_milliamps must be above 0 or absent, not {self.fuse_milliamps}.")

    @property
    def lines(self) -> int:
        """Conductors that are metered one by one: the phases on AC, one pair on DC."""
        return self.phases if self.kind == "AC" else 1


class OutletRating(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one connector is built for.

    Attributes:
        supply: what it is fed with.
        milliamps: rated current, in mA per phase (on DC: of the pair).
        milliwatts: rated power, in mW; None = whatever the rated current gives.
        cable_milliamps: rating of the fixed cable, in mA; None = a socket, its cable is told with `Outlet.set_cable`.
        ambient_celsius: temperature around the outlet, in °C.
    """

    supply: Supply = Supply()
    milliamps: int = 32_000
    milliwatts: int | None = None
    cable_milliamps: int | None = None
    ambient_celsius: int = 20

    def __post_init__(self) -> None:
        """Refuses a connector that cannot exist.

        Raises:
            ValueError: a sentence.
        """
        if not 0 < self.milliamps <= 2_000_000:
            raise ValueError(f"milliamps must be from 1 to 2000000, not {self.milliamps}.")
        if self.milliwatts is not None and self.milliwatts <= 0:
            raise ValueError(f"milliwatts must be above 0 or absent, not {self.milliwatts}.")
        if self.cable_milliamps is not None and self.cable_milliamps <= 0:
            raise ValueError(f"cable_milliamps must be above 0 or absent, not {self.cable_milliamps}.")
        if not -50 <= self.ambient_celsius <= 80:
            raise ValueError(f"ambient_celsius must be from -50 to 80, not {self.ambient_celsius}.")
