"""The real-time driver with the real station, a real WebSocket and a real disk."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from desktop_sim.runtime import link_keeper
from desktop_sim.runtime.clock import SimulatedClock, stored_instant
from desktop_sim.runtime.person import Person
from desktop_sim.runtime.realtime import RealTimeDriver
from desktop_sim.runtime.scripted_peer import Answer, ScriptedPeer
from desktop_sim.station.commands import Connect, Disconnect, DropLink, Info, PresentTag, Start
from desktop_sim.station.events import AnyEvent, FrameEvent
from desktop_sim.station.links import LinkWanted
from desktop_sim.station.profile import Connection, ConnectorProfile, StationProfile
from desktop_sim.station.station import Station
from desktop_sim.storage.session_store import SessionStore
from desktop_sim.transport.backoff import Backoff
from desktop_sim.transport.endpoint import Endpoint
from desktop_sim.transport.link import InvalidMessage, LinkClosed
from desktop_sim.transport.server import ServerLink, serve


class Central:
    """ScriptedPeer behind a real server: answers at once, for one station at a time."""

    def __init__(self, answers: dict[str, Answer] | None = None) -> None:
        self.peer = ScriptedPeer(answers)
        self.link: ServerLink | None = None
        self.codes: list[int] = []

    async def handle(self, link: ServerLink) -> None:
        self.link = link
        try:
            while True:
                message = await link.receive()
                assert not isinstance(message, InvalidMessage)
                self.peer.receive(message, SimulatedClock().now())
                await self.flush()
        except LinkClosed as closed:
            self.codes.append(closed.code)

    async def flush(self) -> None:
        assert self.link is not None
        for text in self.peer.frames():
            await self.link.send(text)

    async def call(self, action: str, payload: dict[str, Any]) -> str:
        message_id = self.peer.call(action, payload)
        await self.flush()
        return message_id


class Running:
    """A station on a disk, connected or not."""

    def __init__(self, directory: Path, url: str, rate: float = 1.0, **keys: str) -> None:
        self.store = SessionStore.open(directory)
        stored = self.store.load("CP001")
        profile = StationProfile(
            connectors=(ConnectorProfile(),),
            connection=Connection(url=url),
            configuration={"AuthorizeRemoteTxRequests": "true", **keys},
        )
        clock = SimulatedClock(start=stored_instant(stored), rate=rate)
        self.station = Station(profile, now=clock.now(), seed=1, stored=stored)
        self.crashes: list[Exception] = []
        self.events: list[AnyEvent] = []
        self.driver = RealTimeDriver(
            self.station,
            store=self.store,
            station_key="CP001",
            endpoint=_endpoint,
            clock=clock,
            person=Person(),
            on_crash=self.crashes.append,
        )
        self.driver.subscribe(self.events.append)
        self.task = asyncio.create_task(self.driver.run())

    async def end(self) -> None:
        await asyncio.wait_for(self.driver.shut_down(), 10)
        await asyncio.wait_for(self.task, 5)
        self.store.close()
        assert not self.crashes

    async def kill(self) -> None:
        """As abrupt as it gets without another process: nothing is said, only commits count."""
        self.task.cancel()
        await asyncio.wait({self.task})
        self.store.close()

    def status(self) -> str:
        return str(self.station.info()["connectors"][0]["status"])


def _endpoint(wanted: LinkWanted) -> Endpoint:
    return Endpoint(wanted.url, wanted.identity, ping_interval=wanted.ping_interval)


@asynccontextmanager
async def serving(answers: dict[str, Answer] | None = None) -> AsyncIterator[tuple[Central, str]]:
    central = Central(answers)
    async with await serve(central.handle, "127.0.0.1", 0) as server:
        yield central, f"ws://127.0.0.1:{server.port}"


async def until(condition: Callable[[], object], seconds: float = 10) -> None:
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.002)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link_keeper, "Backoff", lambda uniform: Backoff(uniform, 0.03, 0.1))


async def test_a_session_from_remote_start_to_available(tmp_path: Path) -> None:
    """A hundred times as fast: the person plugs in after a second and leaves two seconds after the end."""
    async with serving() as (central, url):
        run = Running(tmp_path, url, rate=100, MeterValueSampleInterval="10")
        await until(lambda: central.peer.payloads("StatusNotification"))
        await central.call("RemoteStartTransaction", {"connectorId": 1, "idTag": "USER001"})
        await until(lambda: len(central.peer.payloads("MeterValues")) >= 3)
        assert run.status() == "Charging"
        await central.call("RemoteStopTransaction", {"transactionId": 1})
        await until(lambda: run.status() == "Available")
        await until(lambda: central.peer.last("StatusNotification")["status"] == "Available")
        actions = [action for action in central.peer.actions() if action not in ("MeterValues", "Heartbeat")]
        assert actions[0] == "BootNotification"
        assert (
            actions.index("Authorize") < actions.index("StartTransaction") < actions.index("StopTransaction")
        )
        times = [
            json.loads(e.text)[1] for e in run.events if isinstance(e, FrameEvent) and e.direction == "out"
        ]
        assert len(set(times)) > 5
        await run.end()
        assert central.codes == [1001]


async def test_events_come_in_order_without_a_gap(tmp_path: Path) -> None:
    async with serving() as (central, url):
        run = Running(tmp_path, url, rate=100)
        await until(lambda: central.peer.payloads("StatusNotification"))
        await run.driver.submit(Start())
        await until(lambda: run.status() == "Charging")
        await run.end()
        numbers = [event.seq for event in run.events]
        assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))


async def test_offline_drop_and_reconnect(tmp_path: Path) -> None:
    async with serving() as (central, url):
        run = Running(tmp_path, url)
        await until(lambda: central.peer.payloads("StatusNotification"))
        await run.driver.submit(Disconnect())
        await until(lambda: central.codes == [1000])
        assert run.station.info()["link"]["state"] == "offline"
        await run.driver.submit(Connect())
        await until(lambda: run.station.info()["link"]["state"] == "up")
        await run.driver.submit(DropLink())
        await until(lambda: central.codes == [1000, 1006])
        await until(lambda: run.station.info()["link"]["state"] == "up")
        await run.end()


async def test_a_killed_session_is_delivered_after_the_restart(tmp_path: Path) -> None:
    """DESIGN, decision 2: what was unanswered goes out again, byte for byte, under a new message id."""
    async with serving({"StartTransaction": None}) as (central, url):
        run = Running(tmp_path, url)
        await until(lambda: central.peer.payloads("StatusNotification"))
        await run.driver.submit(Start(id_tag="USER001"))
        await until(lambda: central.peer.calls("StartTransaction"))
        await run.kill()
        (first,) = central.peer.calls("StartTransaction")
        central.peer.answers["StartTransaction"] = {
            "transactionId": 7,
            "idTagInfo": {"status": "Accepted"},
        }
        again = Running(tmp_path, url)
        await until(lambda: len(central.peer.calls("StartTransaction")) == 2)
        second = central.peer.calls("StartTransaction")[1]
        assert second.payload == first.payload
        assert second.text.partition("{")[2] == first.text.partition("{")[2]
        assert second.id != first.id
        await again.end()


async def test_the_simulated_instant_goes_on_where_it_was(tmp_path: Path) -> None:
    run = Running(tmp_path, "", rate=100_000)
    await asyncio.sleep(0.2)
    await run.driver.submit(Info())
    await run.end()
    before = run.driver.clock.now()
    assert before.sim > before.link + 10_000_000_000
    again = Running(tmp_path, "")
    assert again.driver.clock.now().sim >= before.sim - 100_000_000_000
    assert again.driver.clock.now().sim > before.link + 10_000_000_000
    await again.end()


async def test_a_command_is_as_quick_as_the_disk(tmp_path: Path) -> None:
    run = Running(tmp_path, "")
    loop = asyncio.get_running_loop()
    began = loop.time()
    for _ in range(50):
        await run.driver.submit(Info())
    assert (loop.time() - began) / 50 < 0.05
    with pytest.raises(Exception, match="accepted this station"):
        await run.driver.submit(PresentTag(id_tag="X"))
    await run.end()
