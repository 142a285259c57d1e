"""The driver at the station, in virtual time with the real station (DESIGN § 6)."""

from __future__ import annotations

from itertools import count
from typing import Any, Literal

import pytest

from desktop_sim.runtime.person import Person
from desktop_sim.runtime.scripted_peer import Later, ScriptedPeer
from desktop_sim.runtime.virtual import START, VirtualDriver
from desktop_sim.station.commands import Info, PlugIn, PresentTag, Start, Stop, Unplug
from desktop_sim.station.events import (
    AnyEvent,
    AuthorizationEvent,
    LogEvent,
    StatusEvent,
    TransactionEvent,
)
from desktop_sim.station.profile import Connection, ConnectorProfile, StationProfile
from desktop_sim.station.station import Station
from desktop_sim.station.turn import SECOND

numbers = count(1)


def authorization(
    what: Literal["presented", "remote", "granted", "refused", "expired", "cancelled"],
    seconds: float = 0,
    connector: int | None = 1,
    tag: str = "A",
) -> AnyEvent:
    time = round(seconds * SECOND)
    return AuthorizationEvent(seq=next(numbers), time=time, connector=connector, what=what, id_tag=tag)


def transaction(what: Literal["started", "stopped"], seconds: float = 0, connector: int = 1) -> AnyEvent:
    time = round(seconds * SECOND)
    return TransactionEvent(seq=next(numbers), time=time, connector=connector, what=what, local_id="x")


def status(status: str, seconds: float = 0, connector: int = 1, by_hand: bool = False) -> AnyEvent:
    time = round(seconds * SECOND)
    return StatusEvent(seq=next(numbers), time=time, connector=connector, status=status, by_hand=by_hand)


def told(*events: AnyEvent) -> Person:
    person = Person()
    for event in events:
        person.on_event(event)
    return person


# --- what it plans ---


@pytest.mark.parametrize("what", ["presented", "remote"])
def test_plugs_in_after_a_second(what: Literal["presented", "remote"]) -> None:
    person = told(authorization(what, 5))
    assert person.next_deadline() == 6 * SECOND
    assert person.due(6 * SECOND - 1) == []
    assert person.due(6 * SECOND) == [PlugIn(connector=1)]
    assert person.next_deadline() is None
    assert person.due(9 * SECOND) == []


def test_unplugs_two_seconds_after_the_end() -> None:
    person = told(transaction("started", 1), transaction("stopped", 10), status("Finishing", 10))
    assert person.next_deadline() == 12 * SECOND
    assert person.due(12 * SECOND) == [Unplug(connector=1)]


@pytest.mark.parametrize("what", ["refused", "expired", "cancelled"])
def test_no_permission_no_cable(what: Literal["refused", "expired", "cancelled"]) -> None:
    assert told(authorization("presented"), authorization(what, 0.5, None)).next_deadline() is None


def test_a_tag_that_stops_is_no_reason_to_plug_in() -> None:
    person = told(transaction("started"), authorization("presented", 5), transaction("stopped", 5))
    assert person.due(100 * SECOND) == [Unplug(connector=1)]


def test_another_card_of_the_group_is_no_reason_either() -> None:
    person = told(
        transaction("started"), authorization("presented", 5, 2, "B"), authorization("granted", 5.1, 1, "B")
    )
    assert person.next_deadline() is None


def test_a_slow_permission_does_not_plug_in_twice() -> None:
    person = told(authorization("presented", 0))
    assert len(person.due(SECOND)) == 1
    person.on_event(authorization("granted", 3))
    assert person.next_deadline() is None


def test_a_tag_for_no_connector_in_particular_is_none_of_its_business() -> None:
    assert told(authorization("presented", 0, None)).next_deadline() is None


def test_somebody_else_was_quicker() -> None:
    stopped = (transaction("started"), transaction("stopped", 10), status("Finishing", 10))
    assert told(*stopped, status("Available", 11)).next_deadline() is None
    assert told(*stopped, status("Available", 11, by_hand=True)).next_deadline() is not None
    assert told(*stopped, transaction("started", 11)).next_deadline() is None
    assert told(authorization("presented"), transaction("started", 0.5)).next_deadline() is None


def test_a_tag_at_a_cable_that_is_still_in() -> None:
    assert told(status("Finishing"), authorization("presented", 1)).next_deadline() is None
    assert told(status("Finishing"), status("Available"), authorization("presented", 1)).next_deadline()


def test_two_connectors_two_persons_in_one() -> None:
    person = told(authorization("remote", 1, 2, "B"), authorization("remote", 1, 1, "A"))
    assert person.due(2 * SECOND) == [PlugIn(connector=1), PlugIn(connector=2)]


# --- with the station ---


def world(connectors: int = 1, answers: dict[str, Any] | None = None) -> tuple[VirtualDriver, ScriptedPeer]:
    profile = StationProfile(
        connectors=(ConnectorProfile(),) * connectors,
        connection=Connection(url="ws://central.example"),
        configuration={"AuthorizeRemoteTxRequests": "true"},
    )
    peer = ScriptedPeer(answers)
    driver = VirtualDriver(
        lambda now, stored: Station(profile, now=now, seed=1, stored=stored), peer, person=Person()
    )
    driver.run_for(10)
    peer.clear()
    return driver, peer


def order(peer: ScriptedPeer) -> list[str]:
    """What the station sent, shortened, with the tenths of seconds since 10 s after the start."""
    lines = []
    for message in peer.calls():
        detail = message.payload.get("status", "") if message.action == "StatusNotification" else ""
        lines.append(f"{(message.time - START) / SECOND - 10:g} {detail or message.action}")
    return lines


def quiet(driver: VirtualDriver) -> None:
    assert not [e.text for e in driver.events if isinstance(e, LogEvent) and e.level == "error"]


def test_a_remote_start_alone_leads_to_a_session() -> None:
    """SEED, DESIGN § 6: RemoteStart.conf, Preparing, Authorize, StartTransaction, Charging; the end frees the place."""
    driver, peer = world()
    peer.call("RemoteStartTransaction", {"connectorId": 1, "idTag": "USER001"})
    driver.run_for(30)
    assert sorted(order(peer)[:2]) == ["0 Authorize", "0 Preparing"]
    assert order(peer)[2:4] == ["1 StartTransaction", "1 Charging"]
    peer.clear()
    peer.call("RemoteStopTransaction", {"transactionId": 1})
    driver.run_for(10)
    assert order(peer) == ["30 StopTransaction", "30 Finishing", "32 Available"]
    quiet(driver)


@pytest.mark.parametrize("connectors", [1, 2])
def test_a_card_at_the_reader_leads_to_a_session(connectors: int) -> None:
    driver, peer = world(connectors)
    driver.submit(PresentTag(id_tag="USER001"))
    driver.run_for(5)
    starts = peer.payloads("StartTransaction")
    assert [start["connectorId"] for start in starts] == [1]
    driver.submit(PresentTag(id_tag="USER001"))
    driver.run_for(10)
    assert len(peer.payloads("StopTransaction")) == 1
    assert [c["plugged"] for c in driver.submit(Info())["connectors"]] == [
        {"vehicle": False, "station": False}
    ] * connectors
    quiet(driver)


def test_a_slow_central_system_finds_the_cable_in() -> None:
    driver, peer = world(answers={"Authorize": Later(5, {"idTagInfo": {"status": "Accepted"}})})
    driver.submit(PresentTag(id_tag="USER001"))
    driver.run_for(10)
    assert order(peer) == ["0 Authorize", "5 Preparing", "5 StartTransaction", "5 Charging"]


def test_a_refused_card_is_not_followed_by_a_cable() -> None:
    driver, peer = world(answers={"Authorize": {"idTagInfo": {"status": "Invalid"}}})
    driver.submit(PresentTag(id_tag="USER001"))
    driver.run_for(10)
    assert order(peer) == ["0 Authorize"]


def test_the_hand_at_the_window_goes_first() -> None:
    driver, _ = world()
    driver.submit(Start(connector=1))
    driver.run_for(10)
    driver.submit(Stop(connector=1))
    driver.run_for(1)
    driver.submit(Unplug(connector=1))
    driver.submit(PlugIn(connector=1))
    driver.run_for(60)
    assert driver.submit(Info())["connectors"][0]["plugged"] == {"vehicle": True, "station": True}
    quiet(driver)
