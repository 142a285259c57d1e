"""How quick the drivers are by themselves; the bounds are a fraction of what was measured."""

import asyncio
import time
from pathlib import Path

import pytest

from desktop_sim.runtime.clock import SimulatedClock
from desktop_sim.runtime.realtime import RealTimeDriver
from desktop_sim.runtime.scripted_peer import ScriptedPeer
from desktop_sim.runtime.virtual import VirtualDriver
from desktop_sim.station.commands import Info
from desktop_sim.storage.session_store import SessionStore
from desktop_sim.transport.endpoint import Endpoint
from tests.runtime.fake_station import FakeStation

pytestmark = [pytest.mark.bench, pytest.mark.long]


def test_virtual_frames_both_ways() -> None:
    """Measured: 68 000 frames a second, encoding and decoding at the peer included."""
    peer = ScriptedPeer()
    driver = VirtualDriver(FakeStation, peer)
    driver.settle()
    began = time.perf_counter()
    for _ in range(5000):
        peer.call("GetConfiguration", {"key": ["HeartbeatInterval"]})
        driver.settle()
    frames = len(peer.messages)
    assert frames == 10_000
    assert frames / (time.perf_counter() - began) > 10_000


async def test_commands_on_a_disk(tmp_path: Path) -> None:
    """Measured: 0.2 ms for the commit of one record, 0.45 ms for a command with its commit; shared when they wait."""
    store = SessionStore.open(tmp_path)
    driver = RealTimeDriver(
        FakeStation(SimulatedClock().now(), online=False),
        store=store,
        station_key="CP001",
        endpoint=lambda wanted: Endpoint(wanted.url, wanted.identity),
    )
    began = time.perf_counter()
    for _ in range(200):
        await driver.submit(Info())
    one_by_one = time.perf_counter() - began
    began = time.perf_counter()
    await asyncio.gather(*(driver.submit(Info()) for _ in range(2000)))
    together = time.perf_counter() - began
    await driver.shut_down()
    store.close()
    assert one_by_one / 200 < 0.02
    assert together / 2000 < one_by_one / 200
