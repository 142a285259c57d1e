"""What goes through the station's verbs: the two clocks, the deadline it asks for, and what a turn leaves behind."""

from dataclasses import dataclass, field
from typing import NamedTuple

from desktop_sim.station.events import AnyEvent
from desktop_sim.station.jobs import Job
from desktop_sim.station.records import Record

SECOND = 1_000_000
"""Microseconds in a second: all instants and durations inside the station are whole microseconds."""


class Now(NamedTuple):
    """One instant on both clocks, µs since the Unix epoch: the simulated one and that of the link (DESIGN § 3)."""

    sim: int
    link: int


class Deadline(NamedTuple):
    """When the station wants `advance` again, on whichever clock gets there first; None means never."""

    sim: int | None = None
    link: int | None = None


@dataclass(slots=True)
class Drain:
    """What one turn left: to be stored first, then sent, started, cancelled and told, each list in order."""

    frames: list[str] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    jobs: list[Job] = field(default_factory=list)
    jobs_to_cancel: list[str] = field(default_factory=list)
    events: list[AnyEvent] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Reading:
    """Live values of one connector, as its meter would show them without noise.

    `milliamps` and `millivolts` hold one number a phase; `register` is in mW·µs, `limit_a` in amperes per phase.
    """

    connector: int
    sim: int
    milliwatts: int
    milliamps: tuple[int, ...]
    millivolts: tuple[int, ...]
    register: int
    energy_wh: int
    session_wh: float | None
    soc: float | None
    offered_a: float
    limit_a: float
    slider_a: float
    decided_by: str
