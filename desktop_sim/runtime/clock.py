"""The simulated clock: runs with the wall, faster, slower or not at all, and never backward (DESIGN § 3)."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

import msgspec

from desktop_sim.station.records import Record, Stored
from desktop_sim.station.turn import SECOND, Deadline, Now

Wall = Callable[[], int]
"""Says what time it is, µs since the Unix epoch; never runs backward."""

FASTEST = 100_000.0
"""The largest rate; beyond it, virtual time is what is wanted (`--speed max`)."""


def monotonic_wall() -> Wall:
    """The wall clock as it is now, from here on carried by the monotonic clock: nobody can set it."""
    ahead = time.time_ns() - time.monotonic_ns()

    def wall() -> int:
        return (time.monotonic_ns() + ahead) // 1000

    return wall


class SimulatedClock:
    """Both clocks of a station under a real link: `link` is the wall, `sim` the simulated one.

    Attributes:
        rate: simulated seconds a second; 0 stands still.
        offset: what was added to the simulated clock, in seconds.
        drift: how much too fast it runs, in parts per million.
    """

    def __init__(
        self, wall: Wall | None = None, start: int | None = None, rate: float = 1.0, offset: float = 0.0
    ) -> None:
        """Begins at the later of the wall and `start`, the last simulated instant (µs) of an earlier run."""
        self._wall = wall or monotonic_wall()
        self._anchor_wall = self._wall()
        self._anchor_sim = max(start or 0, self._anchor_wall + round(offset * SECOND))
        self._last = self._anchor_sim
        self._watchers: list[Callable[[], None]] = []
        self.rate = _sound_rate(rate)
        self.offset = offset
        self.drift = 0.0

    def now(self) -> Now:
        """The present instant on both clocks."""
        wall = self._wall()
        self._last = max(self._last, self._sim_at(wall))
        return Now(self._last, wall)

    def delay(self, deadline: Deadline) -> float | None:
        """Seconds of real time until either clock gets to its deadline: 0.0 if it has, None for never."""
        wall = self._wall()
        delays = []
        if deadline.link is not None:
            delays.append(deadline.link - wall)
        if deadline.sim is not None and (reached := self._wall_at(deadline.sim)) is not None:
            delays.append(reached - wall)
        return max(0, min(delays)) / SECOND if delays else None

    def set_rate(self, rate: float) -> None:
        """Run at another rate from now on. Raises ValueError with a sentence."""
        rate = _sound_rate(rate)
        self._anchor()
        self.rate = rate
        self._changed()

    def set_drift(self, parts_per_million: float) -> None:
        """Run too fast (or, below 0, too slow) by so many parts per million. Raises ValueError with a sentence."""
        if not abs(parts_per_million) <= 100_000:
            raise ValueError(
                f"A drift is from -100000 to 100000 parts per million, not {parts_per_million:g}."
            )
        self._anchor()
        self.drift = parts_per_million
        self._changed()

    def set_offset(self, seconds: float) -> float:
        """Set the simulated clock ahead or back by setting its offset. Raises ValueError with a sentence.

        Simulated time never runs backward: set back, it stands still until the new time is reached. Returns for how
        many seconds of real time it will (infinity while it is paused).
        """
        if not math.isfinite(seconds) or abs(seconds) > 100 * 365 * 86_400:
            raise ValueError("An offset is a number of seconds, a hundred years at most.")
        last = self._anchor()
        self._anchor_sim += round((seconds - self.offset) * SECOND)
        self.offset = seconds
        self._changed()
        reached = self._wall_at(last)
        return math.inf if reached is None else max(0, reached - self._anchor_wall) / SECOND

    def watch(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call `callback` whenever rate, drift or offset were set; returns what ends it."""
        self._watchers.append(callback)
        return lambda: self._watchers.remove(callback) if callback in self._watchers else None

    def _changed(self) -> None:
        for callback in tuple(self._watchers):
            callback()

    def _anchor(self) -> int:
        """Begin a new straight line at the present instant; returns the latest instant anybody has seen."""
        last, wall = self.now()
        self._anchor_sim, self._anchor_wall = self._sim_at(wall), wall
        return last

    def _speed(self) -> float:
        return self.rate * (1.0 + self.drift / 1_000_000)

    def _sim_at(self, wall: int) -> int:
        elapsed = wall - self._anchor_wall
        speed = self._speed()
        return self._anchor_sim + (elapsed if speed == 1.0 else math.floor(elapsed * speed))

    def _wall_at(self, sim: int) -> int | None:
        """The wall's instant at which the simulated clock shows `sim`; None for never."""
        speed = self._speed()
        ahead = sim - self._anchor_sim
        if speed == 1.0 or ahead <= 0:
            return self._anchor_wall + max(0, ahead)
        return None if speed == 0.0 else self._anchor_wall + math.ceil(ahead / speed) + 1


def _sound_rate(rate: float) -> float:
    if not 0.0 <= rate <= FASTEST:
        raise ValueError(f"A rate is from 0 (pause) to {FASTEST:g} simulated seconds a second, not {rate:g}.")
    return rate


_KIND, _KEY = "driver", "sim"


def instant_record(sim: int) -> Record:
    """The record that keeps the last simulated instant (µs) for the next start."""
    return Record(_KIND, _KEY, msgspec.json.encode(sim))


def stored_instant(stored: Stored) -> int | None:
    """The last simulated instant (µs) of an earlier run."""
    value = stored.get(_KIND, {}).get(_KEY)
    return None if value is None else msgspec.json.decode(value, type=int)
