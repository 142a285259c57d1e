"""The virtual driver: a station, its central system and its driver in one synchronous, deterministic world.

Time stands still while things happen and jumps from deadline to deadline, so an eight-hour session takes seconds and
the same inputs give the same bytes (DESIGN § 3). Both clocks of `Now` are the same here.
"""

from collections import deque
from collections.abc import Callable, Iterable
from typing import Any

from desktop_sim.runtime.peer import Peer
from desktop_sim.runtime.person import Person
from desktop_sim.runtime.port import InvalidKind, StationPort
from desktop_sim.runtime.virtual_jobs import JobScript, VirtualJobs
from desktop_sim.runtime.virtual_link import VirtualLink
from desktop_sim.station.commands import Command, CommandRefused
from desktop_sim.station.events import AnyEvent
from desktop_sim.station.records import Stored
from desktop_sim.station.turn import SECOND, Drain, Now
from desktop_sim.storage.memory import Tables, apply_records, copy_tables

START = 1_748_847_600 * SECOND
"""Where virtual time begins unless told otherwise: 2025-06-02T07:00:00Z, a Monday."""

Build = Callable[[Now, Stored], StationPort]
"""Makes the station from what is stored: at the start, and again after each power cut."""

RESTLESS = 100_000
"""Turns at one instant after which the world is taken to go round in circles."""


class NeverHappened(AssertionError):
    """`run_until` reached its limit first."""


class PowerGone(Exception):
    """The fuse has blown: the process died in the middle of a turn. Go on with `restart`."""


class VirtualDriver:
    """Drives one station in virtual time.

    Attributes:
        now: the present instant; both clocks are equal.
        station: the station, built anew by `restart`.
        stored: the committed records.
        events: every released event since the start, over restarts too.
        fuse: how many more commits the power lasts, None for ever. With `fuse_before_commit` the last turn's records
            are lost as well; without, they are stored but nothing of the turn gets out.
    """

    def __init__(
        self,
        build: Build,
        peer: Peer | None = None,
        *,
        start: int = START,
        stored: Stored | None = None,
        person: Person | None = None,
        jobs: Callable[[str], JobScript | None] | None = None,
        keep_events: bool = True,
    ) -> None:
        self.now = Now(start, start)
        self.stored: Tables = copy_tables(stored or {})
        self.events: list[AnyEvent] = []
        self.person = person
        self.fuse: int | None = None
        self.fuse_before_commit = False
        self._build = build
        self._keep_events = keep_events
        self._listeners: list[Callable[[AnyEvent], None]] = []
        self._jobs = VirtualJobs(jobs)
        self._in_turn = False
        self.link = VirtualLink(self, peer)
        self._station: StationPort | None = build(self.now, copy_tables(self.stored))
        self._turn(_nothing)

    @property
    def station(self) -> StationPort:
        """The running station; raises PowerGone between `kill` and `restart`."""
        if self._station is None:
            raise PowerGone("The station was killed; restart() brings it back.")
        return self._station

    @property
    def alive(self) -> bool:
        """False between `kill` and `restart`."""
        return self._station is not None

    def subscribe(self, callback: Callable[[AnyEvent], None]) -> Callable[[], None]:
        """Call `callback` with every event from now on, in order; returns what ends it."""
        self._listeners.append(callback)
        return lambda: self._listeners.remove(callback) if callback in self._listeners else None

    # --- inputs ---

    def submit(self, command: Command) -> Any:
        """Carry out a command and let everything happen that follows at this instant. Raises CommandRefused."""
        result = self._turn(self.station.submit, command)
        self.settle()
        return result

    def receive(self, text: str) -> None:
        """Deliver a frame to the station as if the peer had sent it."""
        self._turn(self.station.receive, text)
        self.settle()

    def receive_invalid(self, kind: InvalidKind) -> None:
        """Deliver something that is no text frame (WS-6)."""
        self._turn(self.station.receive_invalid, kind)
        self.settle()

    def drop_link(self, reason: str = "The connection was lost.") -> None:
        """The link is cut; the station will try again after the back-off (WS-5)."""
        self.link.drop(reason)
        self.settle()

    def network(self, up: bool) -> None:
        """Take the network away, so that every try fails, or bring it back. A waiting back-off is not cut short."""
        self.link.network(up)
        self.settle()

    # --- power ---

    def kill(self) -> None:
        """The process dies: only committed records survive. Time can pass before `restart`."""
        self._station = None
        self._jobs.forget()
        self.link.forget()

    def restart(self) -> None:
        """Build the station anew from the committed records."""
        if self._station is not None:
            self.kill()
        self.fuse = None
        self._station = self._build(self.now, copy_tables(self.stored))
        self._turn(_nothing)
        self.settle()

    # --- time ---

    def run_for(self, seconds: float) -> None:
        """Let so many seconds pass and everything happen that falls into them."""
        end = self.now.sim + round(seconds * SECOND)
        self.settle()
        while (due := self.next_deadline()) is not None and due <= end:
            self.wake(due)
        self.wake(end)

    def run_until(self, predicate: Callable[[], object], limit: float = 3600.0) -> None:
        """Let time pass until `predicate` holds; it is asked whenever the world has come to rest.

        Raises:
            NeverHappened: it did not hold within `limit` seconds.
        """
        end = self.now.sim + round(limit * SECOND)
        self.settle()
        while not predicate():
            due = self.next_deadline()
            if due is None or due > end:
                self.wake(end)
                if predicate():
                    return
                raise NeverHappened(f"It did not happen within {limit:g} s of simulated time.")
            self.wake(due)

    def next_deadline(self) -> int | None:
        """The next instant (µs) at which something happens by itself."""
        dues = [*self._jobs.deadlines(), *self.link.deadlines()]
        if self._station is not None:
            dues += [due for due in self._station.next_deadline() if due is not None]
            if self.person is not None and (due := self.person.next_deadline()) is not None:
                dues.append(due)
        return min(dues, default=None)

    def wake(self, instant: int) -> None:
        """Go to `instant` (µs; never backward) and let happen what is due then."""
        instant = max(self.now.sim, instant)
        self.now = Now(instant, instant)
        self.link.advance()
        if self._station is not None:
            self._turn(_nothing)
            self._run_person()
        self.settle()

    def settle(self) -> bool:
        """Let everything happen that happens at this instant; returns whether anything did.

        Raises:
            RuntimeError: the world does not come to rest.
        """
        for step in range(RESTLESS):
            if self._station is None or not (
                self.link.make_true() or self.link.deliver() or self._run_jobs()
            ):
                return step > 0
            self._run_person()
        raise RuntimeError(f"The world does not come to rest at {self.now.sim} µs.")

    # --- turns ---

    def _turn(self, verb: Callable[..., Any], *arguments: Any) -> Any:
        """One input and its drain: records are committed before anything gets out (commit, then send)."""
        if self._in_turn:
            raise RuntimeError("An event callback must not act on the station; note it and act afterwards.")
        station = self.station
        self._in_turn = True
        try:
            station.advance(self.now)
            result = verb(*arguments)
        except CommandRefused:
            self._release(station.drain())
            raise
        else:
            self._release(station.drain())
            return result
        finally:
            self._in_turn = False

    def _release(self, drain: Drain) -> None:
        self._commit(drain)
        self.link.send(drain.frames)
        self._jobs.cancel(drain.jobs_to_cancel)
        self._jobs.start(drain.jobs, self.now.sim)
        self._publish(drain.events)

    def _commit(self, drain: Drain) -> None:
        if not drain.records:
            return
        if self.fuse is not None:
            self.fuse -= 1
            if self.fuse < 0:
                if not self.fuse_before_commit:
                    apply_records(self.stored, drain.records)
                self.kill()
                raise PowerGone("The fuse has blown.")
        apply_records(self.stored, drain.records)

    def _publish(self, events: Iterable[AnyEvent]) -> None:
        for event in events:
            if self._keep_events:
                self.events.append(event)
            if self.person is not None:
                self.person.on_event(event)
            for listener in tuple(self._listeners):
                listener(event)

    def _run_person(self) -> None:
        if self.person is None:
            return
        for command in self.person.due(self.now.sim):
            try:
                self._turn(self.station.submit, command)
            except CommandRefused:
                self.person.refused(command)

    def _run_jobs(self) -> bool:
        steps = deque(self._jobs.due(self.now.sim))
        for step in steps:
            self._turn(step, self.station)
        return bool(steps)

    def input(self, verb: str, *arguments: Any) -> None:
        """One turn with the station's verb of that name; for the parts of the driver."""
        self._turn(getattr(self.station, verb), *arguments)


def _nothing() -> None:
    """The verb of a turn in which only time passes."""
