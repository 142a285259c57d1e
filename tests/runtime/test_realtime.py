"""The real-time driver on memory links: turns, the link, trouble, shutting down."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import Future
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from desktop_sim.runtime import link_keeper
from desktop_sim.runtime.clock import SimulatedClock, stored_instant
from desktop_sim.runtime.frame_rules import Pass
from desktop_sim.runtime.job_runner import JobRunner, Progress
from desktop_sim.runtime.realtime import RealTimeDriver
from desktop_sim.station.commands import (
    CommandRefused,
    Connect,
    Disconnect,
    Info,
    RefusalCode,
    SendRaw,
    Switch,
)
from desktop_sim.station.events import AnyEvent, LinkEvent, LogEvent
from desktop_sim.station.jobs import Job, Outcome
from desktop_sim.station.links import LinkWanted
from desktop_sim.station.records import Record
from desktop_sim.station.turn import Drain, Now
from desktop_sim.storage.memory import MemoryStore
from desktop_sim.storage.session_store import SessionStore, StorageProblem
from desktop_sim.transport.backoff import Backoff
from desktop_sim.transport.endpoint import Endpoint
from desktop_sim.transport.link import InvalidMessage, LinkClosed, LinkRefused
from desktop_sim.transport.memory import MemoryLink, memory_pair
from tests.runtime.fake_station import FakeStation


class HandStore(MemoryStore):
    """Keeps every commit waiting until the test lets it through."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting: list[tuple[Future[None], str, Sequence[Record]]] = []

    def commit(self, station: str, records: Sequence[Record]) -> Future[None]:
        future: Future[None] = Future()
        self.waiting.append((future, station, records))
        return future

    def through(self) -> None:
        future, station, records = self.waiting.pop(0)
        super().commit(station, records)
        future.set_result(None)

    def trouble(self, sentence: str | None) -> None:
        self._set_problem(sentence)


class Central:
    """The other side of memory links: hands them out, or refuses."""

    def __init__(self) -> None:
        self.links: list[MemoryLink] = []
        self.ours: list[MemoryLink] = []
        self.endpoints: list[Endpoint] = []
        self.refusal: Exception | None = None
        self.silent = False

    async def connect(self, endpoint: Endpoint) -> MemoryLink:
        self.endpoints.append(endpoint)
        if self.silent:
            await asyncio.Event().wait()
        if self.refusal is not None:
            raise self.refusal
        ours, theirs = memory_pair()
        self.ours.append(ours)
        self.links.append(theirs)
        return ours

    async def receive(self) -> str:
        message = await asyncio.wait_for(self.links[-1].receive(), 5)
        assert isinstance(message, str)
        return message

    async def close_code(self, number: int = -1) -> int:
        """How the link ended, for the central system."""
        while True:
            try:
                await asyncio.wait_for(self.links[number].receive(), 5)
            except LinkClosed as closed:
                return closed.code


class World:
    """A driver under test with everything around it."""

    def __init__(self, store: SessionStore | None = None, **options: Any) -> None:
        clock = options.pop("clock", None) or SimulatedClock()
        self.station = FakeStation(clock.now(), online=options.pop("online", True))
        self.central = options.pop("central", None) or Central()
        self.store = store or MemoryStore()
        self.crashes: list[Exception] = []
        self.events: list[AnyEvent] = []
        self.driver = RealTimeDriver(
            self.station,
            store=self.store,
            station_key="CP001",
            endpoint=_endpoint,
            connect=self.central.connect,
            clock=clock,
            uniform=lambda: 0.5,
            on_crash=self.crashes.append,
            **options,
        )
        self.driver.subscribe(self.events.append)

    def logs(self) -> list[str]:
        return [event.text for event in self.events if isinstance(event, LogEvent)]

    def links(self) -> list[str]:
        return [event.state for event in self.events if isinstance(event, LinkEvent)]

    async def until(self, condition: Callable[[], object]) -> None:
        async with asyncio.timeout(5):
            while not condition():  # noqa: ASYNC110
                await asyncio.sleep(0.001)


def _endpoint(wanted: LinkWanted) -> Endpoint:
    return Endpoint(wanted.url, wanted.identity, ping_interval=wanted.ping_interval)


@asynccontextmanager
async def running(store: SessionStore | None = None, **options: Any) -> AsyncIterator[World]:
    world = World(store, **options)
    task = asyncio.create_task(world.driver.run())
    if world.station.wanted.open and world.central.refusal is None and not world.central.silent:
        await world.until(lambda: world.station.up)
    yield world
    await asyncio.wait_for(world.driver.shut_down(), 20)
    await asyncio.wait_for(task, 5)
    assert not world.crashes


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Back-off in hundredths of a second."""
    monkeypatch.setattr(link_keeper, "Backoff", lambda uniform: Backoff(uniform, 0.03, 0.1))


# --- turns ---


async def test_frames_go_both_ways() -> None:
    async with running() as world:
        await world.central.links[0].send('[2,"1","Reset",{}]')
        assert await world.central.receive() == '[3,"1",{}]'
        assert await world.driver.submit(SendRaw(text="hello")) == 1
        assert await world.central.receive() == "hello"
        world.central.links[0].send_invalid(InvalidMessage("binary"))
        await world.until(lambda: ("invalid", "binary") in world.station.heard)
        assert world.station.heard[:2] == [("connecting", "ws://central/CP001"), ("up", "ocpp1.6")]


async def test_nothing_gets_out_before_it_is_committed() -> None:
    store = HandStore()
    async with running(store) as world:
        sent = asyncio.create_task(world.driver.submit(SendRaw(text="first")))
        await world.central.links[0].send('[2,"1","Reset",{}]')  # its turn has no records
        await world.central.links[0].send('[2,"2","Record",{}]')
        await world.until(lambda: len(store.waiting) == 2)
        await asyncio.sleep(0.02)
        assert not sent.done()
        assert not world.logs()
        assert world.central.links[0]._arrived == type(world.central.links[0]._arrived)()
        store.through()
        assert await sent == 1
        assert [await world.central.receive(), await world.central.receive()] == ["first", '[3,"1",{}]']
        assert world.logs() == ["command 1"]
        store.through()
        assert await world.central.receive() == '[3,"2",{}]'
        store.commit = super(HandStore, store).commit  # type: ignore[method-assign]


async def test_without_records_and_nothing_pending_there_is_no_detour() -> None:
    async with running() as world:
        done = world.driver.submit(Info())
        with pytest.raises(StopIteration) as stop:  # it never waits for the loop
            done.send(None)
        assert stop.value.value == 1


async def test_a_refused_command_says_so_to_its_caller_only() -> None:
    async with running() as world:
        with pytest.raises(CommandRefused, match="Not here"):
            await world.driver.submit(Switch())
        assert not world.logs()


async def test_a_caller_who_goes_away_harms_nothing() -> None:
    store = HandStore()
    async with running(store) as world:
        task = asyncio.create_task(world.driver.submit(Info()))
        await world.until(lambda: store.waiting)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        store.through()
        assert await _later(world, store) == 2


async def _later(world: World, store: HandStore) -> int:
    task = asyncio.create_task(world.driver.submit(Info()))
    await world.until(lambda: store.waiting)
    store.through()
    result: int = await task
    store.commit = super(HandStore, store).commit  # type: ignore[method-assign]
    return result


async def test_the_last_simulated_instant_is_kept() -> None:
    async with running() as world:
        await world.driver.submit(Info())
        first = stored_instant(world.store.load("CP001"))
        assert first == world.station.now.sim
    last = stored_instant(world.store.load("CP001"))
    assert first is not None
    assert last is not None
    assert last > first


# --- time ---


async def test_a_hurried_clock_is_stored_before_anything_is_said() -> None:
    async with running(clock=SimulatedClock(rate=1000)) as world:
        world.driver.clock.set_rate(500)
        assert '"Heartbeat"' in await world.central.receive()
        stored = stored_instant(world.store.load("CP001"))
        assert stored is not None
        assert stored > world.driver.clock.now().link


async def test_the_station_is_woken_at_its_deadline() -> None:
    async with running(clock=SimulatedClock(rate=1000)) as world:
        assert '"Heartbeat"' in await world.central.receive()
        assert world.station.rate == 1000
        world.driver.clock.set_rate(0)
        assert world.station.rate == 0
        await asyncio.sleep(0.01)
        while world.central.links[0]._arrived:
            await world.central.receive()
        await asyncio.sleep(0.05)
        assert not world.central.links[0]._arrived, "paused"
        world.driver.clock.set_rate(10_000)
        assert '"Heartbeat"' in await world.central.receive()


# --- the link ---


@pytest.mark.parametrize("how", ["clean", "cut"])
async def test_a_lost_link_comes_back(how: str) -> None:
    async with running() as world:
        if how == "clean":
            await world.central.links[0].close(1000, "bye")
        else:
            world.central.links[0].abort()
        await world.until(lambda: len(world.central.links) == 2 and world.station.up)
        assert world.links() == ["connecting", "up", "down", "connecting", "up"]


async def test_refusals_are_told_and_tried_again() -> None:
    central = Central()
    central.refusal = LinkRefused("The server answered 404.", "http", 404)
    async with running(central=central) as world:
        await world.until(lambda: len(central.endpoints) >= 3)
        assert ("down", "The server answered 404.") in world.station.heard
        central.refusal = OSError("no route")
        await world.until(lambda: world.station.heard[-1] == ("down", "The connection failed: no route."))
        central.refusal = None
        await world.until(lambda: world.station.up)


async def test_a_bad_address_is_told() -> None:
    async with running(online=False) as world:
        world.station.wanted = LinkWanted(open=True, generation=5, url="http://nobody", identity="CP001")
        await world.driver.submit(Info())
        await world.until(lambda: world.station.words()[-1] == "down")
        assert "http://nobody" in str(world.station.heard[-1])


async def test_offline_closes_and_stays() -> None:
    async with running() as world:
        await world.driver.submit(Disconnect())
        assert await world.central.close_code() == 1000
        await asyncio.sleep(0.1)
        assert len(world.central.links) == 1
        await world.driver.submit(Connect())
        await world.until(lambda: len(world.central.links) == 2 and world.station.up)


async def test_offline_while_waiting_is_told() -> None:
    central = Central()
    central.refusal = LinkRefused("no", "refused")
    async with running(central=central) as world:
        await world.until(lambda: "down" in world.station.words())
        await asyncio.sleep(0.01)
        await world.driver.submit(Disconnect())
        await world.until(lambda: world.station.heard[-1] == ("down", "The station went offline."))
        count = len(central.endpoints)
        await asyncio.sleep(0.15)
        assert len(central.endpoints) == count
        assert world.station.words().count("down") <= count + 1


async def test_a_new_generation_reconnects_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link_keeper, "Backoff", lambda uniform: Backoff(uniform, 60.0))
    async with running() as world:
        world.station.wanted = replace(world.station.wanted, generation=1, close_code=1012)
        await world.driver.submit(SendRaw(text="goodbye"))
        first = world.central.links[0]
        assert await asyncio.wait_for(first.receive(), 5) == "goodbye", "what was said before is sent"
        assert await world.central.close_code(0) == 1012
        await world.until(lambda: len(world.central.links) == 2 and world.station.up)
        assert world.links() == ["connecting", "up", "down", "connecting", "up"]


async def test_a_new_generation_does_not_wait_for_the_back_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link_keeper, "Backoff", lambda uniform: Backoff(uniform, 60.0))
    central = Central()
    central.refusal = LinkRefused("no", "refused")
    async with running(central=central) as world:
        await world.until(lambda: "down" in world.station.words())
        central.refusal = None
        await world.driver.submit(Connect())
        await world.until(lambda: world.station.up)


async def test_dropping_cuts_without_a_goodbye() -> None:
    async with running() as world:
        world.station.wanted = replace(world.station.wanted, generation=1, drop=True)
        await world.driver.submit(Info())
        assert await world.central.close_code(0) == 1006
        await world.until(lambda: len(world.central.links) == 2 and world.station.up)


async def test_an_attempt_in_vain_is_given_up() -> None:
    central = Central()
    central.silent = True
    async with running(central=central) as world:
        await world.until(lambda: central.endpoints)
        central.silent = False
        await world.driver.submit(Connect())
        await world.until(lambda: world.station.up)
        assert world.station.words().count("down") == 1


async def test_nothing_late_reaches_the_station() -> None:
    """FakeStation.receive asserts that there is a link; frames of the old one come in while it is being closed."""

    class Slow(MemoryLink):
        async def close(self, code: int = 1000, reason: str = "") -> None:
            await asyncio.sleep(0.05)
            await super().close(code, reason)

    central = Central()

    async def connect(endpoint: Endpoint) -> MemoryLink:
        ours, theirs = memory_pair()
        ours.__class__ = Slow
        central.links.append(theirs)
        return ours

    central.connect = connect  # type: ignore[method-assign]
    async with running(central=central) as world:
        await world.driver.submit(Disconnect())
        await world.until(lambda: world.station.words()[-1] == "down")
        await central.links[0].send('[2,"late","Reset",{}]')
        assert await central.close_code() == 1000
        assert "receive" not in world.station.words()


async def test_frames_stay_with_their_connection() -> None:
    """A turn held by a slow disk must not speak on the next connection."""
    store = HandStore()
    async with running(store) as world:
        task = asyncio.create_task(world.driver.submit(SendRaw(text="for the first link only")))
        await world.until(lambda: store.waiting)
        world.central.links[0].abort()
        await world.until(lambda: len(world.central.links) == 2 and world.station.up)
        store.through()
        await task
        await world.central.links[1].send('[2,"1","Reset",{}]')
        assert await world.central.receive() == '[3,"1",{}]'
        store.commit = super(HandStore, store).commit  # type: ignore[method-assign]


async def test_the_ping_interval_changes_while_it_runs() -> None:
    async with running() as world:
        assert world.central.ours[0].ping_interval == 60
        world.station.wanted = replace(world.station.wanted, ping_interval=7)
        await world.driver.submit(Info())
        assert world.central.ours[0].ping_interval == 7
        assert len(world.central.links) == 1


async def test_a_flood_does_not_starve_the_others() -> None:
    async with running() as world:
        for number in range(5000):
            await world.central.links[0].send(f'[2,"{number}","Reset",{{}}]')
        ticks = 0
        while world.station.words().count("receive") < 5000:
            await asyncio.sleep(0)
            ticks += 1
        assert ticks > 50


# --- jobs ---


async def test_jobs_run_beside_the_station() -> None:
    gone = asyncio.Event()

    async def download(job: Job, progress: Progress) -> Outcome:
        progress("Downloading", job.arguments["url"])
        await asyncio.sleep(0)
        return Outcome(ok=True, result={"bytes": 3})

    async def endless(job: Job, progress: Progress) -> Outcome:
        try:
            await asyncio.Event().wait()
        finally:
            gone.set()
        return Outcome(ok=True)

    jobs = JobRunner({"download": download, "endless": endless})
    async with running(jobs=jobs) as world:
        world.station.start_job(Job("1", "download", {"url": "ftp://x"}))
        world.station.start_job(Job("2", "strange"))
        world.station.start_job(Job("3", "endless"))
        await world.driver.submit(Info())
        await world.until(lambda: world.station.words().count("done") == 2)
        assert ("progress", "1", "Downloading", "ftp://x") in world.station.heard
        assert ("done", "1", Outcome(ok=True, result={"bytes": 3})) in world.station.heard
        assert any(
            entry[:2] == ("done", "2") and "strange" in entry[2].sentence for entry in world.station.heard
        )
        world.station.cancel_job("3")
        await world.driver.submit(Info())
        await asyncio.wait_for(gone.wait(), 5)
        assert world.station.words().count("done") == 2


async def test_a_worker_that_breaks_fails_its_job() -> None:
    async def broken(job: Job, progress: Progress) -> Outcome:
        raise ZeroDivisionError("oh")

    async with running(jobs=JobRunner({"broken": broken})) as world:
        world.station.start_job(Job("1", "broken"))
        await world.driver.submit(Info())
        await world.until(lambda: world.station.words()[-1] == "done")
        assert world.station.heard[-1][2] == Outcome(ok=False, sentence="The job 'broken' failed: oh.")
        assert [type(crash) for crash in world.crashes] == [ZeroDivisionError]
        world.crashes.clear()


# --- trouble ---


async def test_a_mistake_in_the_station_is_told_and_life_goes_on() -> None:
    async with running() as world:
        world.station.explode = True
        with pytest.raises(ZeroDivisionError):
            await world.driver.submit(Info())
        world.station.explode = False
        assert await world.driver.submit(Info()) == 1
        (event,) = [event for event in world.events if isinstance(event, LogEvent) and event.level == "error"]
        assert "ZeroDivisionError" in event.data["traceback"]
        assert [type(crash) for crash in world.crashes] == [ZeroDivisionError]
        world.crashes.clear()


async def test_a_mistake_that_repeats_itself_does_not_take_all_the_time() -> None:
    async with running(clock=SimulatedClock(rate=1000)) as world:

        def broken(now: Now) -> None:
            raise ZeroDivisionError

        world.station.advance = broken  # type: ignore[method-assign]
        await asyncio.sleep(0.3)
        assert 1 <= len(world.crashes) <= 2
        world.crashes.clear()
        del world.station.advance


async def test_a_station_that_cannot_even_be_drained() -> None:
    async with running() as world:

        def broken() -> Drain:
            raise ZeroDivisionError

        world.station.drain = broken  # type: ignore[method-assign]
        assert await world.driver.submit(Info()) == 1
        assert len(world.crashes) == 1
        world.crashes.clear()
        del world.station.drain


async def test_frame_rules_stand_between_station_and_link() -> None:
    class Rules:
        """Doubles what goes out, holds what comes in, and breaks at the word."""

        def __init__(self) -> None:
            self.held: list[Callable[[], None]] = []

        def outgoing(self, text: str, pass_on: Pass) -> None:
            if text == "break":
                raise ZeroDivisionError
            pass_on(text)
            pass_on(text)

        def incoming(self, text: str, pass_on: Pass) -> None:
            self.held.append(lambda: pass_on(text))

    rules = Rules()
    async with running(rules=rules) as world:
        await world.driver.submit(SendRaw(text="a"))
        assert [await world.central.receive(), await world.central.receive()] == ["a", "a"]
        await world.central.links[0].send('[2,"1","Reset",{}]')
        await world.until(lambda: rules.held)
        assert "receive" not in world.station.words()
        rules.held[0]()
        assert await world.central.receive() == '[3,"1",{}]'
        assert await world.driver.submit(SendRaw(text="break")) == 2
        assert len(world.crashes) == 1
        world.crashes.clear()
        world.central.links[0].abort()
        await world.until(lambda: len(world.central.links) == 2 and world.station.up)
        before = len(world.station.heard)
        rules.held[0]()
        assert len(world.station.heard) == before, "frames of a lost connection go nowhere"


async def test_a_subscriber_that_breaks_does_not_stop_the_others() -> None:
    async with running() as world:
        seen: list[AnyEvent] = []

        def broken(event: AnyEvent) -> None:
            raise ZeroDivisionError

        end = world.driver.subscribe(broken)
        world.driver.subscribe(seen.append)
        await world.driver.submit(Info())
        end()
        await world.driver.submit(Info())
        assert len(seen) == 2
        assert len(world.crashes) == 1
        world.crashes.clear()


async def test_a_transport_that_breaks_is_a_failed_try() -> None:
    central = Central()
    central.refusal = ZeroDivisionError("connect")
    async with running(central=central) as world:
        await world.until(lambda: ("down", "The connection failed: connect.") in world.station.heard)
        central.refusal = None
        await world.until(lambda: world.station.up)
        assert {type(crash) for crash in world.crashes} == {ZeroDivisionError}
        world.crashes.clear()


async def test_a_link_that_breaks_while_it_opens_or_is_read() -> None:
    class Broken(MemoryLink):
        pings = True

        def set_ping_interval(self, seconds: int) -> None:
            if self.pings:
                raise ZeroDivisionError("pings")

        async def receive(self) -> str | InvalidMessage:
            raise ZeroDivisionError("read")

    central = Central()

    async def connect(endpoint: Endpoint) -> MemoryLink:
        ours, theirs = memory_pair()
        if len(central.links) < 2:
            ours.__class__ = Broken
            Broken.pings = not central.links
        central.links.append(theirs)
        return ours

    central.connect = connect  # type: ignore[method-assign]
    async with running(central=central) as world:
        await world.until(lambda: len(central.links) == 3 and world.station.up)
        downs = [entry[1] for entry in world.station.heard if entry[0] == "down"]
        assert downs == ["The connection broke: pings.", "The connection broke: read."]
        assert len(world.crashes) == 2
        world.crashes.clear()


async def test_an_endpoint_that_cannot_be_made_is_told() -> None:
    async with running(online=False) as world:

        def broken(wanted: LinkWanted) -> Endpoint:
            raise ZeroDivisionError("endpoint")

        world.driver._keeper._endpoint = broken
        await world.driver.submit(Connect())
        await world.until(lambda: world.station.heard[-1] == ("down", "endpoint"))
        world.driver._keeper._endpoint = _endpoint
        await world.until(lambda: world.station.up)
        world.crashes.clear()


async def test_without_a_handler_mistakes_go_to_the_loop() -> None:
    told: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: told.append(context))
    async with running() as world:
        world.driver._hub._on_crash = None
        world.station.explode = True
        with pytest.raises(ZeroDivisionError):
            await world.driver.submit(Info())
        assert isinstance(told[0]["exception"], ZeroDivisionError)


async def test_a_link_that_breaks_is_a_lost_link() -> None:
    async with running() as world:

        async def broken(text: str) -> None:
            raise ZeroDivisionError("send")

        world.central.ours[0].send = broken  # type: ignore[method-assign]
        await world.driver.submit(SendRaw(text="x"))
        await world.until(lambda: len(world.central.links) == 2 and world.station.up)
        assert [type(crash) for crash in world.crashes] == [ZeroDivisionError]
        world.crashes.clear()


async def test_storage_trouble_is_one_event_and_so_is_its_end() -> None:
    store = HandStore()
    async with running(store) as world:
        await asyncio.to_thread(store.trouble, "The disk is full.")
        await asyncio.to_thread(store.trouble, "The disk is full.")
        await world.until(lambda: "The disk is full." in world.logs())
        assert world.driver.problem == "The disk is full."
        await asyncio.to_thread(store.trouble, None)
        await world.until(lambda: len(world.logs()) == 2)
        store.commit = super(HandStore, store).commit  # type: ignore[method-assign]


async def test_what_could_not_be_stored_never_gets_out() -> None:
    store = HandStore()
    async with running(store) as world:
        task = asyncio.create_task(world.driver.submit(SendRaw(text="never")))
        await world.until(lambda: store.waiting)
        store.waiting.pop()[0].set_exception(StorageProblem("The disk is full."))
        with pytest.raises(CommandRefused) as refused:
            await task
        assert refused.value.code is RefusalCode.STORAGE
        store.commit = super(HandStore, store).commit  # type: ignore[method-assign]
        await world.driver.submit(SendRaw(text="next"))
        assert await world.central.receive() == "next"
        assert len(world.crashes) == 1
        world.crashes.clear()


# --- the end ---


async def test_shutting_down_says_goodbye_and_can_be_said_twice() -> None:
    async with running() as world:
        await world.driver.submit(SendRaw(text="last words"))
        await asyncio.gather(world.driver.shut_down(), world.driver.shut_down())
        assert await asyncio.wait_for(world.central.links[0].receive(), 5) == "last words"
        assert await world.central.close_code() == 1001
        assert world.links()[-1] == "down"
        with pytest.raises(CommandRefused, match="shutting down"):
            await world.driver.submit(Info())


async def test_shutting_down_over_a_dead_disk_does_not_hang(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop_sim.runtime.realtime.STORE_PATIENCE", 0.1)
    async with running(HandStore()) as world:
        task = asyncio.create_task(world.driver.submit(Info()))
        await asyncio.sleep(0)
        await world.driver.shut_down()
        task.cancel()
        assert any("Not everything could be stored" in text for text in world.logs())


async def test_shutting_down_while_connecting_or_waiting() -> None:
    central = Central()
    central.silent = True
    async with running(central=central) as world:
        await world.until(lambda: central.endpoints)
    central = Central()
    central.refusal = LinkRefused("no", "refused")
    async with running(central=central) as world:
        await world.until(lambda: len(central.endpoints) == 2)


async def test_shutting_down_before_it_ran() -> None:
    world = World()
    await asyncio.wait_for(world.driver.shut_down(), 5)


async def test_cancelling_the_run_cuts_everything_off() -> None:
    world = World()
    task = asyncio.create_task(world.driver.run())
    await world.until(lambda: world.station.up)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert await world.central.close_code() == 1006
    left = asyncio.all_tasks() - {asyncio.current_task()}
    assert not left


async def test_on_a_real_disk(tmp_path: Path) -> None:
    store = SessionStore.open(tmp_path)
    async with running(store) as world:
        results = await asyncio.gather(*(world.driver.submit(SendRaw(text=str(n))) for n in range(200)))
        assert results == list(range(1, 201))
        assert [await world.central.receive() for _ in range(200)] == [str(n) for n in range(200)]
    assert store.load("CP001")["count"] == {"commands": b"200"}
    store.close()
