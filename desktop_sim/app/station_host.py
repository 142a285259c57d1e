"""Hosts one station in real time: store, driver, clock, person and trace, from start to the graceful end."""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from typing import Any, TypeVar

from desktop_sim.app import process
from desktop_sim.app.assembly import Assembly, assemble, open_store
from desktop_sim.app.central_host import CentralHost
from desktop_sim.app.commands import ProcessCommand
from desktop_sim.app.completion import Known
from desktop_sim.app.options import OptionProblem, check_url
from desktop_sim.app.plan import StationPlan
from desktop_sim.app.redaction import shown_address, without_secrets
from desktop_sim.app.trace import Journal, header_of
from desktop_sim.runtime.clock import SimulatedClock
from desktop_sim.station.commands import Command, CommandRefused, Connect, Info, RefusalCode, Stop
from desktop_sim.station.events import AnyEvent
from desktop_sim.station.keys import keys_of
from desktop_sim.station.profile import StationProfile
from desktop_sim.station.switches import SWITCHES
from desktop_sim.station.turn import Deadline, Reading
from desktop_sim.storage.session_store import SessionStore
from desktop_sim.storage.vehicles import vehicle_library
from desktop_sim.transport.endpoint import Endpoint, remarks

PATIENCE = 5.0
"""Seconds that `stop` waits for the answers to what is under way (DESIGN § 3)."""

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
        self._assembly: Assembly | None = None
        self._task: asyncio.Task[None] | None = None
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
        return _there(self._assembly).clock

    def info(self) -> dict[str, Any]:
        """The whole state, in the shape of the public contract."""
        info = _there(self._assembly).station.info()
        info["link"]["url"] = shown_address(info["link"]["url"], self.identity)
        return info

    def readings(self) -> list[Reading]:
        """The live values of each connector."""
        return _there(self._assembly).station.readings(self.clock.now())

    def remarks(self) -> tuple[str, ...]:
        """Sentences about what will work but is probably not meant."""
        connection = self.plan.profile.connection
        if not connection.url:
            return ()
        return remarks(Endpoint(url=connection.url, identity=self.identity))

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
        self._store = self._given_store or open_store(self.plan.directory)
        try:
            if self.plan.forget:
                self._store.forget(self.identity)
            self._begin()
        except BaseException:
            self._close_store()
            raise

    def _begin(self) -> None:
        """Build the station from what is stored and set it going."""
        plan, central = self.plan, self.central
        built_in = central if plan.built_in else None
        url = None if built_in is None else lambda: built_in.url
        assembly = assemble(plan, _there(self._store), url, lambda: self.journal.events)
        clock = assembly.clock
        self.journal.close()
        self.journal = Journal(header_of(plan.identity, plan.seed, clock.now().sim), plan.directory)
        if built_in is not None:
            built_in.follow(lambda: clock.now().sim, lambda instant: clock.delay(Deadline(sim=instant)))
        assembly.driver.subscribe(self._publish)
        self._assembly = assembly
        self._task = asyncio.get_running_loop().create_task(
            assembly.driver.run(), name=f"station {self.identity}"
        )

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
        await _there(self._assembly).driver.shut_down()
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
        if isinstance(command, Info):
            return self.info()
        if not self.running:
            raise CommandRefused(RefusalCode.REFUSED, NOT_RUNNING)
        if isinstance(command, Connect) and command.url is not None:
            _check_address(command.url)
        assembly = _there(self._assembly)
        result = await assembly.driver.submit(command)
        assembly.carried_out(command)
        return result

    def replan(self, plan: StationPlan) -> None:
        """Another plan, for the next start."""
        self.plan = plan

    def subscribe(self, callback: Callable[[AnyEvent], None]) -> Callable[[], None]:
        """Call `callback` with every event from now on, in order, over factory resets too; returns what ends it."""
        self._listeners.append(callback)
        return lambda: self._listeners.remove(callback) if callback in self._listeners else None

    def _publish(self, event: AnyEvent) -> None:
        event = without_secrets(event)
        self.journal.on_event(event)
        for listener in tuple(self._listeners):
            try:
                listener(event)
            except Exception:
                _log.exception("a listener failed on %s", type(event).__name__)


def _check_address(url: str) -> None:
    """Refuse an address that leads nowhere before the present connection is given up for it."""
    try:
        check_url(url)
    except OptionProblem as problem:
        raise CommandRefused(RefusalCode.INVALID, f"connect: {problem}") from None


def _there(thing: T | None) -> T:
    """What exists while the station runs."""
    if thing is None:
        raise CommandRefused(RefusalCode.REFUSED, NOT_RUNNING)
    return thing
