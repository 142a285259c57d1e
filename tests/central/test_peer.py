"""The central system as the other end of a virtual run."""

from __future__ import annotations

import json
from typing import Any

from desktop_sim.central import AnswerRule, CentralPeer, CentralSystem, Policy
from desktop_sim.central.events import CallEnded, LinkChanged
from desktop_sim.runtime.peer import Peer
from desktop_sim.runtime.virtual import START, VirtualDriver
from tests.central.line import SECOND
from tests.runtime.fake_station import FakeStation


def _world(central: CentralSystem) -> tuple[VirtualDriver, CentralPeer]:
    peer = CentralPeer(central)
    return VirtualDriver(FakeStation, peer), peer


def _heard(driver: VirtualDriver) -> list[Any]:
    """The frames the station received."""
    station = driver.station
    assert isinstance(station, FakeStation)
    return [json.loads(entry[1]) for entry in station.heard if entry[0] == "receive"]


def test_the_virtual_driver_takes_it_for_a_peer() -> None:
    peer: Peer = CentralPeer(CentralSystem())
    assert peer.frames() == []


def test_a_station_in_virtual_time() -> None:
    driver, peer = _world(CentralSystem())
    driver.run_for(25)
    assert peer.identity == "CP001"
    assert _heard(driver) == [
        [3, "ping-1", {"currentTime": "2025-06-02T07:00:10.000Z"}],
        [3, "ping-2", {"currentTime": "2025-06-02T07:00:20.000Z"}],
    ]


def test_late_answers_on_the_simulated_clock() -> None:
    driver, peer = _world(CentralSystem())
    driver.run_for(1)
    peer.central.policy.rules.append(AnswerRule(delay=3, times=1))
    driver.run_for(9)
    assert _heard(driver) == []
    driver.run_for(3)
    assert _heard(driver)[-1][1] == "ping-1"


def test_it_refuses_in_a_sentence() -> None:
    central = CentralSystem(policy=Policy(identities=[]))
    driver, _ = _world(central)
    driver.run_for(1)
    assert not driver.link.is_up()
    assert central.charge_points == {}
    central.policy.identities = None
    driver.run_for(600)
    assert driver.link.is_up()


def test_a_cut_is_asked_for_and_done_by_the_driver() -> None:
    driver, peer = _world(CentralSystem())
    driver.run_for(1)
    peer.central.drop("CP001", driver.now.link)
    assert peer.cut()
    assert not peer.cut()
    driver.drop_link()
    driver.run_for(10)
    states = [event.state for event in peer.central.events() if isinstance(event, LinkChanged)]
    assert states == ["up", "down", "up"]


def test_two_stations_at_one_central_system() -> None:
    central = CentralSystem()
    one, two = CentralPeer(central, "A"), CentralPeer(central, "B")
    for identity, peer in (("A", one), ("B", two)):
        central.connected(identity, START)
        central.call(identity, "ClearCache", {}, START)
        assert peer.next_deadline() == START + 30 * SECOND
    assert (len(one.frames()), len(two.frames()), len(one.frames())) == (1, 1, 0)
    central.disconnected("A", START)
    assert [event.charge_point for event in central.events() if isinstance(event, CallEnded)] == ["A"]


def test_same_seed_and_inputs_same_bytes() -> None:
    def run() -> list[Any]:
        driver, peer = _world(CentralSystem(seed=7))
        driver.run_for(15)
        peer.central.call("CP001", "Reset", {"type": "Soft"}, driver.now.link)
        driver.run_for(60)
        return [*_heard(driver), *peer.central.events()]

    assert run() == run()
