"""The real-time driver: one station on the running asyncio loop, under a real link and a real disk."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from typing import Any

from desktop_sim.runtime.clock import SimulatedClock, instant_record
from desktop_sim.runtime.connection import Connection
from desktop_sim.runtime.event_hub import EventHub
from desktop_sim.runtime.frame_rules import FrameRules
from desktop_sim.runtime.job_runner import JobRunner
from desktop_sim.runtime.link_keeper import Connect, LinkKeeper
from desktop_sim.runtime.person import Person
from desktop_sim.runtime.port import InvalidKind, StationPort
from desktop_sim.runtime.turns import Turn, TurnQueue
from desktop_sim.station.commands import Command, CommandRefused, RefusalCode
from desktop_sim.station.events import AnyEvent
from desktop_sim.station.jobs import Outcome
from desktop_sim.station.links import LinkWanted
from desktop_sim.station.turn import Deadline, Drain
from desktop_sim.storage.session_store import SessionStore
from desktop_sim.transport.endpoint import Endpoint

LONGEST_SLEEP = 3600.0
"""Seconds after which the driver looks at its clocks anyway."""

PAUSE_AFTER_CRASH = 1.0
"""Seconds the timers rest after a mistake of the program, lest it repeats itself without end."""

STORE_PATIENCE = 5.0
"""Seconds `shut_down` waits for commits."""


class RealTimeDriver:
    """Runs `station` on the loop: every input is a turn, committed before it is released (DESIGN, decision 2).

    Events the driver itself has to tell (trouble with the store, a mistake in the program) are LogEvents with seq 0.

    Attributes:
        station: never touched by anybody else while the driver runs, but for its pure verbs.
        clock: both clocks; setting its rate is seen at once.
        problem: why nothing can be stored just now, else None.
    """

    def __init__(
        self,
        station: StationPort,
        *,
        store: SessionStore,
        station_key: str,
        endpoint: Callable[[LinkWanted], Endpoint],
        connect: Connect | None = None,
        clock: SimulatedClock | None = None,
        uniform: Callable[[], float] = random.random,
        person: Person | None = None,
        jobs: JobRunner | None = None,
        rules: FrameRules | None = None,
        on_crash: Callable[[Exception], None] | None = None,
    ) -> None:
        """Needs a running loop. `on_crash` gets every unexpected exception, besides the LogEvent it becomes."""
        self.station = station
        self.clock = clock or SimulatedClock()
        self._store = store
        self._person = person
        self._hub = EventHub(lambda: self.clock.now().sim, on_crash)
        if person is not None:
            self._hub.subscribe(person.on_event)
        self._jobs = jobs or JobRunner()
        self._jobs.bind(self._job_progress, self._job_done, self.crashed)
        self._keeper = LinkKeeper(self, endpoint, connect or _websocket(), uniform, rules)
        self._turns = TurnQueue(store, station_key, self._release, self._not_stored)
        self._connection: Connection | None = None
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None
        self._wakes_at = 0.0
        self._wakes_not_before = 0.0
        self._wanted = LinkWanted()
        self._task: asyncio.Task[None] | None = None
        self._finished = asyncio.Event()
        self._stopping = False

    @property
    def problem(self) -> str | None:
        """Why nothing can be stored just now; the turns wait meanwhile."""
        return self._store.problem

    # --- for everybody ---

    async def run(self) -> None:
        """Run until `shut_down` is done. Cancelled, it cuts everything off."""
        unwatch = [self._store.watch(self._store_problem), self.clock.watch(self._clock_set)]
        self._task = self._loop.create_task(self._keeper.run(), name="link")
        try:
            self._clock_set()
            self._wake()
            await self._finished.wait()
        finally:
            self._stopping = True
            for end in unwatch:
                end()
            await self._stop_tasks()

    async def submit(self, command: Command) -> Any:
        """Carry out a command; done as soon as it is done and committed. Raises CommandRefused."""
        if self._stopping:
            raise CommandRefused(RefusalCode.REFUSED, "The station is shutting down.")
        waiter: asyncio.Future[Any] = self._loop.create_future()
        self._turn(self.station.submit, command, waiter=waiter)
        return await waiter

    def subscribe(self, callback: Callable[[AnyEvent], None]) -> Callable[[], None]:
        """Call `callback` with every released event from now on, in order; returns what ends it."""
        return self._hub.subscribe(callback)

    async def shut_down(self) -> None:
        """Close the link (1001), wait for commits, stop. Idempotent; never longer than some seconds."""
        if self._stopping:
            await self._finished.wait()
            return
        self._stopping = True
        self._disarm()
        try:
            if self._task is not None:
                await self._keeper.stop(1001)
            await self._jobs.stop()
            await self._store_the_rest()
            await self._stop_tasks()
        finally:
            self._finished.set()

    async def _store_the_rest(self) -> None:
        self._turns.put(Turn(Drain(records=[instant_record(self.clock.now().sim)]), self._wanted))
        try:
            await asyncio.wait_for(self._turns.drained(), STORE_PATIENCE)
        except TimeoutError:
            self._hub.say("error", f"Not everything could be stored. {self.problem or ''}".rstrip())

    # --- turns ---

    def _turn(
        self, verb: Callable[..., Any], *arguments: Any, waiter: asyncio.Future[Any] | None = None
    ) -> Exception | None:
        """One input and its drain. Returns what it raised; a mistake of the program is told as well."""
        now = self.clock.now()
        result: Any = None
        error: Exception | None = None
        try:
            self.station.advance(now)
            result = verb(*arguments)
        except Exception as raised:
            error = raised
        drain = self._drained()
        if drain.records or (drain.frames and now.sim > now.link):
            # what the central system has seen of a hurried clock must not come again after a kill
            drain.records.append(instant_record(now.sim))
        self._turns.put(Turn(drain, self._wanted, self._connection, result, error, waiter))
        if error is not None and not isinstance(error, CommandRefused):
            self.crashed(error)
        self._arm()
        return error

    def _drained(self) -> Drain:
        """What the turn left; a station that cannot even say that has left nothing."""
        try:
            drain, self._wanted = self.station.drain(), self.station.link_wanted()
        except Exception as mistake:
            self.crashed(mistake)
            return Drain()
        return drain

    def _release(self, turn: Turn) -> None:
        """Its records are safe: now it may have effects."""
        drain = turn.drain
        if turn.connection is not None:
            self._send(turn.connection, drain.frames)
        if turn.waiter is not None and not turn.waiter.done():
            if turn.error is not None:
                turn.waiter.set_exception(turn.error)
            else:
                turn.waiter.set_result(turn.result)
        for job_id in drain.jobs_to_cancel:
            self._jobs.cancel(job_id)
        if not self._stopping:
            for job in drain.jobs:
                self._jobs.start(job)
        self._keeper.want(turn.wanted)
        for event in drain.events:
            self._hub.publish(event)

    def _send(self, connection: Connection, frames: list[str]) -> None:
        try:
            for text in frames:
                connection.send(text)
        except Exception as mistake:  # of a frame rule
            self.crashed(mistake)

    def _not_stored(self, turn: Turn, problem: BaseException) -> None:
        """Its records are lost for good, so nothing of it may get out."""
        if turn.waiter is not None and not turn.waiter.done():
            turn.waiter.set_exception(CommandRefused(RefusalCode.STORAGE, str(problem)))
        if not self._stopping:
            self.crashed(problem if isinstance(problem, Exception) else RuntimeError(str(problem)))

    # --- trouble ---

    def crashed(self, mistake: Exception) -> None:
        """Something happened that never should: everybody is told, and a mistake that repeats itself is slowed down."""
        self._wakes_not_before = self._loop.time() + PAUSE_AFTER_CRASH
        self._hub.crashed(mistake)

    def _store_problem(self, sentence: str | None) -> None:
        """On the writer's thread."""
        try:
            self._loop.call_soon_threadsafe(self._tell_problem, sentence)
        except RuntimeError:  # the loop is closed
            pass

    def _tell_problem(self, sentence: str | None) -> None:
        if sentence is None:
            self._hub.say("info", "Storing works again.")
        else:
            self._hub.say("error", sentence)

    # --- time ---

    def _wake(self) -> None:
        self._timer = None
        now = self.clock.now()
        commands = self._person.due(now.sim) if self._person is not None else []
        self._turn(_nothing)
        for command in commands:
            if (
                isinstance(self._turn(self.station.submit, command), CommandRefused)
                and self._person is not None
            ):
                self._person.refused(command)

    def _clock_set(self) -> None:
        """Somebody set the clock: the station hears its rate, and deadlines are nearer or farther."""
        self._turn(self.station.set_rate, self.clock.rate)

    def _arm(self) -> None:
        """One timer for everything. One that is too early is left alone: it only looks and arms anew."""
        if self._stopping:
            return
        delay = self.clock.delay(self._deadline())
        at = self._loop.time() + min(LONGEST_SLEEP, LONGEST_SLEEP if delay is None else delay)
        at = max(at, self._wakes_not_before)
        if self._timer is not None:
            if self._wakes_at <= at:
                return
            self._timer.cancel()
        self._wakes_at = at
        self._timer = self._loop.call_at(at, self._wake)

    def _deadline(self) -> Deadline:
        deadline = self.station.next_deadline()
        person = self._person.next_deadline() if self._person is not None else None
        if person is None:
            return deadline
        return Deadline(person if deadline.sim is None else min(person, deadline.sim), deadline.link)

    def _disarm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    async def _stop_tasks(self) -> None:
        self._disarm()
        await self._jobs.stop()
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    # --- what happens on the link and to jobs ---

    def connecting(self, url: str) -> None:
        """The keeper tries."""
        self._turn(self.station.link_connecting, url)

    def opened(self, connection: Connection) -> None:
        """The link is open."""
        self._connection = connection
        self._turn(self.station.link_up, connection.link.subprotocol)

    def lost(self, reason: str) -> None:
        """A try failed, or the link is gone."""
        self._connection = None
        self._turn(self.station.link_down, reason)

    def received(self, text: str) -> None:
        """A frame came in."""
        self._turn(self.station.receive, text)

    def received_invalid(self, kind: InvalidKind) -> None:
        """Something else came in."""
        self._turn(self.station.receive_invalid, kind)

    def _job_progress(self, job_id: str, state: str, detail: str) -> None:
        self._turn(self.station.job_progress, job_id, state, detail)

    def _job_done(self, job_id: str, outcome: Outcome) -> None:
        self._turn(self.station.job_done, job_id, outcome)


def _nothing() -> None:
    """The verb of a turn in which only time passes."""


def _websocket() -> Connect:
    from desktop_sim.transport.websocket import connect

    return connect
