"""Hosts one station in real time: store, driver, clock, person and trace, from start to the graceful end."""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec
from msgspec.structs import replace

from desktop_sim.app import process
from desktop_sim.app.central_host import CentralHost
from desktop_sim.app.commands import ProcessCommand
from desktop_sim.app.completion import Known
from desktop_sim.app.endpoints import endpoint_maker
from desktop_sim.app.options import OptionProblem
from desktop_sim.app.plan import StationPlan, for_the_station
from desktop_sim.app.trace import Journal, header_of
from desktop_sim.runtime.clock import SimulatedClock, stored_instant
from desktop_sim.runtime.person import Person
from desktop_sim.runtime.realtime import RealTimeDriver
from desktop_sim.station.commands import Command, CommandRefused, RefusalCode, Stop, Switch
from desktop_sim.station.events import AnyEvent
from desktop_sim.station.keys import keys_of
from desktop_sim.station.profile import StationProfile
from desktop_sim.station.records import Stored
from desktop_sim.station.station import Station
from desktop_sim.station.switches import SWITCHES
from desktop_sim.station.turn import Reading
from desktop_sim.storage.session_store import SessionStore
from desktop_sim.storage.vehicles import vehicle_library

PATIENCE = 5.0
"""Seconds that `stop` waits for the answers to what is under way (DESIGN § 3)."""

PASSWORD_FORM = "SW-PASSWORD-FORM"

NOT_RUNNING = "The station is not running."

T = TypeVar("T")

_log = logging.getLogger(__name__)


class StationHost:
    """One station and everything around it. All of it runs on the loop that started it.

    Attributes:
        plan: what it is built from.
        journal: what happened so far.
        central: the built-in central system, where the workspace runs one.
        ending: set when somebody asked for the end (`quit`); the face then calls `stop`.
    """

    def __init__(
        self, plan: StationPlan, *, central: CentralHost | None = None, store: SessionStore | None = None
    ) -> None:
        self.plan = plan
        self.central = central
        self.journal = Journal(header_of(plan.identity, plan.seed, 0))
        self.ending = asyncio.Event()
        self._given_store = store
        self._store: SessionStore | None = None
        self._station: Station | None = None
        self._driver: RealTimeDriver | None = None
        self._clock: SimulatedClock | None = None
        self._task: asyncio.Task[None] | None = None
        self._password_form = "auto"
        self._listeners: list[Callable[[AnyEvent], None]] = []

    # --- what it is ---

    @property
    def identity(self) -> str:
        """The charge point id."""
        return self.plan.identity

    @property
    def profile(self) -> StationProfile:
        """The profile as a document: what would be saved."""
        return self.plan.profile

    @property
    def running(self) -> bool:
        """Whether it was started and not stopped."""
        return self._task is not None

    @property
    def clock(self) -> SimulatedClock:
        """The station's clock. Raises CommandRefused when it is not running."""
        return _there(self._clock)

    def info(self) -> dict[str, Any]:
        """The whole state, in the shape of the public contract."""
        return _there(self._station).info()

    def readings(self) -> list[Reading]:
        """The live values of each connector."""
        return _there(self._station).readings(self.clock.now())

    def known(self) -> Known:
        """What exists here, for completion."""
        profile = self.profile
        cars = [*(vehicle.name for vehicle in profile.vehicles), *vehicle_library()]
        return Known(
            connectors=tuple(range(1, len(profile.connectors) + 1)),
            tags=profile.tags,
            vehicles=tuple(dict.fromkeys(cars)),
            keys=tuple(keys_of(profile)),
            switches=tuple(SWITCHES),
        )

    # --- life ---

    async def start(self) -> None:
        """Open the store and begin. Raises StoreProblem and OptionProblem, each with a sentence."""
        if self.running:
            return
        self._store = self._given_store or SessionStore.open(self.plan.directory)
        try:
            if self.plan.forget:
                self._store.forget(self.identity)
            self._begin()
        except BaseException:
            self._close_store()
            raise

    def _begin(self) -> None:
        """Build the station from what is stored and set it going."""
        store, plan = _there(self._store), self.plan
        stored = store.load(self.identity)
        clock = SimulatedClock(start=stored_instant(stored), rate=plan.rate)
        profile = for_the_station(plan)
        self.journal.close()
        self.journal = Journal(header_of(plan.identity, plan.seed, clock.now().sim), plan.directory)
        if plan.built_in and self.central is not None:
            profile = replace(profile, connection=replace(profile.connection, url=self.central.url))
            self.central.follow(lambda: clock.now().sim)
        station = _station(plan, profile, clock, stored)
        form = stored.get("switch", {}).get(PASSWORD_FORM)
        self._password_form = (
            profile.switches.get(PASSWORD_FORM, "auto") if form is None else msgspec.json.decode(form)
        )
        driver = RealTimeDriver(
            station,
            store=store,
            station_key=self.identity,
            endpoint=endpoint_maker(profile, lambda: self._password_form),
            clock=clock,
            person=Person() if plan.person else None,
        )
        driver.subscribe(self._publish)
        clock.watch(lambda: station.set_rate(clock.rate))
        station.set_rate(clock.rate)
        self._station, self._driver, self._clock = station, driver, clock
        self._task = asyncio.get_running_loop().create_task(driver.run(), name=f"station {self.identity}")

    async def stop(self, *, graceful: bool = True) -> None:
        """End: stop running transactions (reason Reboot), wait a little for answers, close the link (1001)."""
        if not self.running:
            return
        if graceful:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(PATIENCE):
                    await self._wind_down()
        await self._end_driver()
        self.journal.close()
        self._close_store()

    async def _end_driver(self) -> None:
        task, self._task = self._task, None
        await _there(self._driver).shut_down()
        if task is not None:
            await asyncio.wait({task})

    def _close_store(self) -> None:
        store, self._store = self._store, None
        if store is not None and store is not self._given_store:
            store.close()

    async def _wind_down(self) -> None:
        for connector in self.info()["connectors"]:
            if connector.get("transaction"):
                with contextlib.suppress(CommandRefused):
                    await self.submit(Stop(connector=connector["id"], reason="Reboot"))
        happened = asyncio.Event()
        unsubscribe = self.subscribe(lambda event: happened.set())
        try:
            while self._awaits_answers():
                happened.clear()
                await happened.wait()
        finally:
            unsubscribe()

    def _awaits_answers(self) -> bool:
        """Whether answers can still come for what is queued; offline nothing can."""
        info = self.info()
        online = info["link"]["state"] == "up" and info["registration"]["status"] == "Accepted"
        return online and bool(info["queue"]["waiting"] or info["queue"]["outstanding"])

    async def wait(self) -> None:
        """Wait until somebody asks for the end, or the station breaks down (then its exception is raised)."""
        ending = asyncio.ensure_future(self.ending.wait())
        try:
            while not self.ending.is_set():
                task = _there(self._task)
                await asyncio.wait({ending, task}, return_when=asyncio.FIRST_COMPLETED)
                if task is self._task and task.done() and not task.cancelled():
                    return task.result()
        finally:
            ending.cancel()

    # --- what is done with it ---

    async def submit(self, command: Command) -> Any:
        """Carry out a command, of the station or of the process; its result. Raises CommandRefused with a sentence."""
        if isinstance(command, ProcessCommand):
            return await process.carry_out(self, command)
        if not self.running:
            raise CommandRefused(RefusalCode.REFUSED, NOT_RUNNING)
        result = await _there(self._driver).submit(command)
        if isinstance(command, Switch) and command.name == PASSWORD_FORM and command.value is not None:
            self._password_form = command.value
        return result

    def replan(self, plan: StationPlan) -> None:
        """Another plan, for the next start."""
        self.plan = plan

    def subscribe(self, callback: Callable[[AnyEvent], None]) -> Callable[[], None]:
        """Call `callback` with every event from now on, in order, over factory resets too; returns what ends it."""
        self._listeners.append(callback)
        return lambda: self._listeners.remove(callback) if callback in self._listeners else None

    def _publish(self, event: AnyEvent) -> None:
        self.journal.on_event(event)
        for listener in tuple(self._listeners):
            try:
                listener(event)
            except Exception:
                _log.exception("a listener failed on %s", type(event).__name__)


def _station(plan: StationPlan, profile: StationProfile, clock: SimulatedClock, stored: Stored) -> Station:
    """The station of a plan. Raises OptionProblem for a key, a switch or a value that cannot be."""
    try:
        return Station(
            profile,
            now=clock.now(),
            seed=plan.seed,
            stored=stored,
            factory=plan.factory,
            overrides=plan.overrides,
            vehicles=vehicle_library(),
        )
    except ValueError as problem:
        raise OptionProblem(str(problem)) from problem


def _there(thing: T | None) -> T:
    """What exists while the station runs."""
    if thing is None:
        raise CommandRefused(RefusalCode.REFUSED, NOT_RUNNING)
    return thing
