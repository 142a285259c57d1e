"""What every block of the station shares: time, timers, events, records, jobs, chance."""

from collections.abc import Callable
from typing import Any

import msgspec

from desktop_sim.protocol.times import format_time
from desktop_sim.station.chance import Chance
from desktop_sim.station.events import AnyEvent, LogEvent
from desktop_sim.station.jobs import Job
from desktop_sim.station.records import Record, Stored
from desktop_sim.station.timers import Clock, Timer, Timers
from desktop_sim.station.turn import SECOND, Drain, Now


class Kernel:
    """The station's clockwork. Blocks call it; it calls nobody but timers.

    Attributes:
        now: the present instant.
        offset: what the central system's clock is ahead of the simulated one, µs. It touches timestamps and absolute
            times only, never durations (DESIGN § 3).
        boot_count: how often this station has booted, a record.
    """

    def __init__(self, now: Now, seed: int, identity: str, stored: Stored) -> None:
        self.now = now
        self.stored = stored
        self.offset: int = self.load("clock", "offset", int, 0)
        self.rate = 1.0
        self.timers = Timers()
        self.boot_count: int = self.load("boot", "count", int, 0)
        self._seed = seed
        self._identity = identity
        self._seq = 0
        self._drain = Drain()
        self._dirty: dict[tuple[str, str], bytes | None] = {}
        self._kept: dict[tuple[str, str], None] = {}
        self._afterwards: list[Callable[[], None]] = []

    # --- time ---

    def after(self, seconds: float, callback: Callable[[], None]) -> Timer:
        """Fire in so many simulated seconds."""
        return self.timers.arm(Clock.SIM, self.now.sim + round(seconds * SECOND), callback)

    def after_on_link(self, seconds: float, callback: Callable[[], None]) -> Timer:
        """Fire in so many seconds of the link's clock."""
        return self.timers.arm(Clock.LINK, self.now.link + round(seconds * SECOND), callback)

    def at(self, sim: int, callback: Callable[[], None]) -> Timer:
        """Fire at a simulated instant (µs)."""
        return self.timers.arm(Clock.SIM, sim, callback)

    @property
    def station_time(self) -> int:
        """The station's idea of UTC, µs: the simulated instant plus the offset taken from the central system."""
        return self.now.sim + self.offset

    def timestamp(self, station_time: int | None = None) -> str:
        """A station time as it goes on the wire (RPC-16); the present one by default."""
        return format_time(self.station_time if station_time is None else station_time)

    # --- chance ---

    def chance(self, purpose: str) -> Chance:
        """A generator for one purpose; a new boot brings new numbers."""
        return Chance(self._seed, self._identity, self.boot_count, purpose)

    # --- what a turn leaves behind ---

    def emit(self, event: type[AnyEvent], **fields: Any) -> None:
        """Something happened now."""
        self._seq += 1
        self._drain.events.append(event(seq=self._seq, time=self.now.sim, **fields))

    def log(self, level: str, text: str, **data: Any) -> None:
        """A sentence for people."""
        self.emit(LogEvent, level=level, text=text, data=data)

    def send(self, text: str) -> None:
        """Put a frame on the wire."""
        self._drain.frames.append(text)

    def start(self, job: Job) -> None:
        """Ask the runtime for something that takes time."""
        self._drain.jobs.append(job)

    def cancel(self, job_id: str) -> None:
        """Ask the runtime to give a job up."""
        self._drain.jobs = [job for job in self._drain.jobs if job.id != job_id]
        self._drain.jobs_to_cancel.append(job_id)

    def store(self, kind: str, key: str, value: Any) -> None:
        """Keep a value over any stop. Within a turn the last one counts."""
        self._kept[kind, key] = None
        self._dirty.pop((kind, key), None)
        self._dirty[kind, key] = msgspec.json.encode(value)

    def forget(self, kind: str, key: str) -> None:
        """Keep it no longer."""
        self._dirty.pop((kind, key), None)
        self._dirty[kind, key] = None

    def forget_all(self) -> None:
        """Keep nothing of what was ever stored: a factory reset."""
        for kind, rows in self.stored.items():
            for key in rows:
                self.forget(kind, key)
        for kind, key in self._kept:
            self.forget(kind, key)

    def take_over(self, before: "Kernel") -> None:
        """Go on where another kernel of the same station leaves off: events stay in order, nothing is lost, and the
        boots are counted on, so that no message id comes twice.
        """
        self._seq = before._seq
        self._drain = before._drain
        self._dirty = before._dirty | self._dirty
        self.rate = before.rate
        self.boot_count = before.boot_count

    def load(self, kind: str, key: str, type_: Any, default: Any) -> Any:
        """A value kept before the start; `default` if there is none."""
        raw = self.stored.get(kind, {}).get(key)
        return default if raw is None else msgspec.json.decode(raw, type=type_)

    def load_all(self, kind: str, type_: Any) -> dict[str, Any]:
        """All values of a kind, by key, in the order of their keys."""
        rows = self.stored.get(kind, {})
        return {key: msgspec.json.decode(rows[key], type=type_) for key in sorted(rows)}

    def drain(self) -> Drain:
        """Hand over what the turn left and begin anew."""
        done, self._drain = self._drain, Drain()
        if self._dirty:
            done.records = [Record(kind, key, value) for (kind, key), value in self._dirty.items()]
            self._dirty = {}
        return done

    # --- order within a turn ---

    def afterwards(self, act: Callable[[], None]) -> None:
        """Do it at the end of this input: after the answer is out (CORE-RSTART-1, RT-1)."""
        self._afterwards.append(act)

    def run_afterwards(self) -> None:
        """Do what was put off, in order, also what that puts off in turn."""
        while self._afterwards:
            self._afterwards.pop(0)()

    # --- life ---

    def count_boot(self) -> None:
        """Another boot: volatile timers are gone, chance begins a new chapter."""
        self.timers.clear()
        self._afterwards.clear()
        self.boot_count += 1
        self.store("boot", "count", self.boot_count)
