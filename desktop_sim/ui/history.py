"""The last fifteen minutes of one connector, for its scope: what was drawn, offered, allowed.

Two rings: a fine one for the last minute or so, a coarse one for the rest. A value that stays is one point long: the
end of the line is moved along, so that a quiet hour costs nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from desktop_sim.station.turn import SECOND, Reading

Floats = NDArray[np.float64]

TIME: Final = 0
WATTS: Final = 1
AMPERES: Final = 2
VOLTS: Final = 3
SOC: Final = 4
OFFERED_A: Final = 5
OFFERED_W: Final = 6
LIMIT_A: Final = 7
LIMIT_W: Final = 8
COLUMNS: Final = 9

FINE_SPAN: Final = 75.0
COARSE_SPAN: Final = 930.0


@dataclass(frozen=True, slots=True)
class Flag:
    """Something worth a mark on the curve."""

    sim: int
    text: str
    ink: str
    """Token of the theme."""


class Ring:
    """Rows of numbers, the oldest forgotten.

    The last row is provisional while it only prolongs a level line (until there is an edge, whose foot it then is),
    or follows the one before within `spacing` seconds: the next row takes its place.
    """

    def __init__(self, capacity: int, spacing: float) -> None:
        self._rows: Floats = np.empty((capacity * 2, COLUMNS))
        self._capacity = capacity
        self._spacing = spacing
        self._start = 0
        self._end = 0
        self._level = self._close = False
        """Why the last row is provisional."""
        self._anchored = -1e18
        """Time of the last row that is there to stay."""

    def __len__(self) -> int:
        return self._end - self._start

    def put(self, row: Floats) -> None:
        """Add a row, or let the last one become it."""
        moment = float(row[TIME])
        if len(self) and moment < self._rows[self._end - 1, TIME]:
            self.clear()  # the clock was set back: an old curve would fold over the new one
        level = len(self) > 0 and np.array_equal(self._rows[self._end - 1, 1:], row[1:], equal_nan=True)
        close = moment - self._anchored < self._spacing
        if (self._level and level) or (self._close and not self._level and not level):
            self._rows[self._end - 1] = row
        else:
            self._append(row)
        self._level, self._close = level, close
        if not level and not close:
            self._anchored = moment

    def _append(self, row: Floats) -> None:
        if self._end == len(self._rows):
            self._compact()
        self._rows[self._end] = row
        self._end += 1
        self._start = max(self._start, self._end - self._capacity)

    def _compact(self) -> None:
        kept = self._rows[self._start : self._end].copy()
        self._rows[: len(kept)] = kept
        self._start, self._end = 0, len(kept)

    def since(self, moment: float) -> Floats:
        """The rows after that moment, with the one before it, where the line comes from."""
        rows = self._rows[self._start : self._end]
        first = int(np.searchsorted(rows[:, TIME], moment)) - 1
        return rows[max(0, first) :]

    def clear(self) -> None:
        """Forget everything."""
        self._start = self._end = 0
        self._level = self._close = False
        self._anchored = -1e18


class History:
    """What one connector did. Times are simulated seconds since `origin`."""

    def __init__(self) -> None:
        self.origin: int | None = None
        self.flags: list[Flag] = []
        self._fine = Ring(int(FINE_SPAN * 25), 0.04)
        self._coarse = Ring(int(COARSE_SPAN * 2), 0.5)
        self._changed_at: Floats = np.full(COLUMNS, -1e18)

    def put(self, reading: Reading, *, offering: bool) -> None:
        """Take note of a reading; `offering` says whether a transaction lets current be offered at all."""
        if self.origin is None:
            self.origin = reading.sim
        row = _row(reading, self.seconds(reading.sim), offering)
        last = self._fine.since(1e18)
        if not len(last):
            self._changed_at[:] = row[TIME]  # where the curve begins moves, too
        else:
            same = (last[-1] == row) | (np.isnan(last[-1]) & np.isnan(row))
            self._changed_at[~same] = row[TIME]
        self._fine.put(row)
        self._coarse.put(row)

    def flag(self, sim: int, text: str, ink: str) -> None:
        """Put a mark on the curve."""
        self.flags.append(Flag(sim, text, ink))
        if len(self.flags) > 400:
            del self.flags[:100]

    def seconds(self, sim: int) -> float:
        """An instant in µs as seconds since the first reading."""
        return (sim - (self.origin or sim)) / SECOND

    def window(self, sim: int, span: float) -> Floats:
        """The rows of the last `span` seconds before `sim`, their times counted back from there (0 is now)."""
        now = self.seconds(sim)
        ring = self._fine if span <= FINE_SPAN else self._coarse
        rows = ring.since(now - span).copy()
        rows[:, TIME] -= now
        return rows

    def flags_in(self, sim: int, span: float) -> list[tuple[float, Flag]]:
        """The marks of the last `span` seconds, with their place counted back from `sim`."""
        return [(place, flag) for flag in self.flags if -span <= (place := (flag.sim - sim) / SECOND) <= 0]

    def moves_in(self, sim: int, span: float, columns: Sequence[int]) -> bool:
        """Whether the picture of these columns over the last `span` seconds changes while time passes."""
        if self.seconds(sim) - self._changed_at[list(columns)].max() <= span + 1:
            return True
        return any(sim - flag.sim <= (span + 1) * SECOND for flag in self.flags[-20:])


def _row(reading: Reading, seconds: float, offering: bool) -> Floats:
    volts = max(reading.millivolts, default=0) / 1000
    per_ampere = sum(reading.millivolts) / 1000
    offered = reading.offered_a if offering else 0.0
    soc = np.nan if reading.soc is None else round(reading.soc, 1)
    return np.array(
        (
            seconds,
            reading.milliwatts / 1000,
            max(reading.milliamps, default=0) / 1000,
            volts,
            soc,
            offered,
            offered * per_ampere,
            reading.limit_a,
            reading.limit_a * per_ampere,
        )
    )
