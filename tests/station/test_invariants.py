"""What must hold whatever happens: random commands, frames, losses of link and power, kills, in virtual time."""

from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_sim.physics.battery import NANOJOULES_PER_WH
from desktop_sim.protocol.times import format_time
from desktop_sim.protocol.types import ChargePointStatus
from desktop_sim.runtime.scripted_peer import ScriptedPeer
from desktop_sim.runtime.virtual import PowerGone, VirtualDriver
from desktop_sim.station.commands import Info
from desktop_sim.station.events import (
    AnyEvent,
    FrameEvent,
    LinkEvent,
    LogEvent,
    MeterEvent,
    RegistrationEvent,
    StatusEvent,
    TransactionEvent,
)
from desktop_sim.station.profile import Connection, ConnectorProfile, StationProfile
from desktop_sim.station.station import Station
from desktop_sim.station.status import TRANSITIONS
from tests.station.acts import ACTS, Act, Answer, Kill, perform

PROFILE = StationProfile(
    connectors=(ConnectorProfile(phases=3), ConnectorProfile(fixed_cable=True)),
    connection=Connection(url="ws://central.example"),
    configuration={"MeterValueSampleInterval": "30"},
)
SESSIONS = st.lists(ACTS, min_size=1, max_size=40)


def _play(acts: list[Act], seed: int = 5) -> tuple[VirtualDriver, ScriptedPeer]:
    peer = ScriptedPeer()
    driver = VirtualDriver(lambda now, stored: Station(PROFILE, now=now, seed=seed, stored=stored), peer)
    driver.run_for(1)
    for act in acts:
        perform(driver, peer, act)
    return driver, peer


def _chapters(events: list[AnyEvent]) -> list[list[AnyEvent]]:
    """The events of each boot by themselves: a status has no history over a boot."""
    chapters: list[list[AnyEvent]] = [[]]
    for event in events:
        if isinstance(event, RegistrationEvent) and event.status == "None":
            chapters.append([])
        chapters[-1].append(event)
    return chapters


@given(SESSIONS)
def test_only_legal_status_transitions(acts: list[Act]) -> None:
    """STM-1 to STM-3: whatever happens, only the 53 transitions are ever seen; connector 0 knows three (STM-7)."""
    driver, _ = _play(acts)
    for chapter in _chapters(driver.events):
        for number in (1, 2):
            statuses = [
                ChargePointStatus(event.status)
                for event in chapter
                if isinstance(event, StatusEvent) and event.connector == number and not event.by_hand
            ]
            for source, target in pairwise(statuses):
                assert source is target or (source, target) in TRANSITIONS
        station = {e.status for e in chapter if isinstance(e, StatusEvent) and e.connector == 0}
        assert station <= {"Available", "Unavailable", "Faulted"}


@given(SESSIONS)
def test_one_transaction_a_connector_and_nothing_inside_fails(acts: list[Act]) -> None:
    """CORE-TX-8, RPC-27: starts and stops alternate on each connector; no error is ever logged."""
    driver, _ = _play(acts)
    running: dict[int | None, str] = {}
    for event in driver.events:
        if isinstance(event, LogEvent):
            assert event.level != "error", event.text
        if not isinstance(event, TransactionEvent):
            continue
        if event.what == "started":
            assert event.connector not in running
            running[event.connector] = event.local_id
        elif event.what == "stopped":
            assert running.pop(event.connector) == event.local_id
            assert event.energy_wh >= 0


@given(SESSIONS)
def test_the_register_is_the_integral_of_power(acts: list[Act]) -> None:
    """CORE-MV-12, CORE-MV-19: never backwards, and exactly Σ P·Δt between two changes of power."""
    driver, _ = _play(acts)
    killed = any(isinstance(act, Kill) for act in acts)
    for number in (1, 2):
        changes = [e for e in driver.events if isinstance(e, MeterEvent) and e.connector == number]
        for before, after in pairwise(changes):
            assert after.register >= before.register
            if not killed:
                assert after.register - before.register == before.milliwatts * (after.time - before.time)
            assert after.energy_wh == after.register // NANOJOULES_PER_WH


@given(SESSIONS)
def test_one_call_is_outstanding(acts: list[Act]) -> None:
    """RPC-2: no CALL leaves before the one before it is answered, timed out, or lost with the link."""
    driver, _ = _play(acts)
    waiting: FrameEvent | None = None
    for event in driver.events:
        if _link_is_new(event):
            waiting = None
        if not isinstance(event, FrameEvent):
            continue
        if event.direction == "out" and event.type == "call":
            assert waiting is None or event.time - waiting.time >= 30_000_000
            waiting = event
        elif event.direction == "in" and waiting and event.message_id == waiting.message_id:
            waiting = None


def _link_is_new(event: AnyEvent) -> bool:
    if isinstance(event, LinkEvent):
        return event.state != "connecting"
    return isinstance(event, RegistrationEvent) and event.status == "None"


@given(SESSIONS)
def test_message_ids_never_repeat(acts: list[Act]) -> None:
    """RPC-1, CORE-TXQ-8: also over restarts and resends."""
    _, peer = _play(acts)
    ids = [message.id for message in peer.calls()]
    assert len(ids) == len(set(ids))


@given(SESSIONS)
def test_same_seed_same_bytes(acts: list[Act]) -> None:
    """DESIGN: same seed and inputs, same bytes on the wire and in the store."""
    (first, one), (second, two) = _play(acts), _play(acts)
    assert [m.text for m in one.messages] == [m.text for m in two.messages]
    assert first.stored == second.stored


@given(SESSIONS)
def test_nothing_durable_is_lost(acts: list[Act]) -> None:
    """CORE-TXQ-2, CORE-TXQ-3: in the end every Start and Stop was delivered or given up with an event, in order."""
    driver, peer = _play(acts)
    _recover(driver, peer)
    dropped = {
        (e.local_id, e.reason)
        for e in driver.events
        if isinstance(e, TransactionEvent) and e.what == "dropped"
    }
    starts = [
        _key(p["connectorId"], p["timestamp"], p["meterStart"]) for p in peer.payloads("StartTransaction")
    ]
    expected = [
        _key(e.connector, format_time(e.time), e.meter_wh)
        for e in _changes(driver, "started")
        if (e.local_id, "StartTransaction") not in dropped
    ]
    assert [key for key in dict.fromkeys(starts) if key in set(expected)] == list(dict.fromkeys(expected))
    delivered = {e.local_id for e in _changes(driver, "delivered")}
    given_up = {local_id for local_id, action in dropped if action == "StopTransaction"}
    assert delivered == {e.local_id for e in _changes(driver, "stopped")} - given_up
    assert driver.submit(Info())["queue"]["waiting"] == 0


def _changes(driver: VirtualDriver, what: str) -> list[TransactionEvent]:
    return [e for e in driver.events if isinstance(e, TransactionEvent) and e.what == what]


def _key(connector: int | None, timestamp: str, meter: int) -> tuple[int | None, str, int]:
    """What makes two StartTransaction the same transaction for a central system."""
    return (connector, timestamp, meter)


def _recover(driver: VirtualDriver, peer: ScriptedPeer) -> None:
    """Everything works again, and there is time."""
    for answer in (
        Answer("StartTransaction", "Accepted"),
        Answer("StopTransaction", {}),
        Answer("MeterValues", {}),
        Answer("Heartbeat", lambda _: {"currentTime": "2025-06-02T07:00:00.000Z"}),
    ):
        perform(driver, peer, answer)
    driver.network(True)
    driver.kill()
    driver.restart()
    driver.run_for(4000)


def _distinct(peer: ScriptedPeer, action: str) -> list[dict[str, Any]]:
    """The payloads of an action as the central system counts them: a repeated one once."""
    seen: dict[str, dict[str, Any]] = {}
    for payload in peer.payloads(action):
        seen.setdefault(str(sorted(payload.items(), key=str)), payload)
    return list(seen.values())


@settings(max_examples=30)
@given(SESSIONS, st.integers(min_value=0, max_value=60), st.booleans())
def test_a_fuse_that_blows_in_any_turn_loses_no_promise(acts: list[Act], fuse: int, before: bool) -> None:
    """DESIGN § 2.2: dying at any commit, what got out was stored, and the restart goes on from there."""
    peer = ScriptedPeer()
    driver = VirtualDriver(lambda now, stored: Station(PROFILE, now=now, seed=5, stored=stored), peer)
    driver.run_for(1)
    driver.fuse, driver.fuse_before_commit = fuse, before
    for act in acts:
        try:
            perform(driver, peer, act)
        except PowerGone:
            driver.restart()
    _recover(driver, peer)
    starts, stops = _distinct(peer, "StartTransaction"), _distinct(peer, "StopTransaction")
    assert len(stops) <= len(starts) + sum(p["transactionId"] == -1 for p in stops)
    assert driver.submit(Info())["queue"]["waiting"] == 0
