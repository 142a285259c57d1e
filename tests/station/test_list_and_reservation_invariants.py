"""What must hold of local list and reservations whatever happens: random sessions, against simple models."""

from contextlib import suppress
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from desktop_sim.protocol.times import parse_time
from desktop_sim.runtime.scripted_peer import Later, Message, ScriptedPeer
from desktop_sim.runtime.virtual import VirtualDriver
from desktop_sim.station import commands as c
from desktop_sim.station.commands import CommandRefused
from desktop_sim.station.events import (
    AnyEvent,
    AuthorizationEvent,
    RegistrationEvent,
    ReservationEvent,
    StatusEvent,
    TransactionEvent,
)
from desktop_sim.station.profile import Connection, ConnectorProfile, StationProfile
from desktop_sim.station.station import Station
from tests.station.acts import ACTS, CONNECTORS, RESERVES, TAGS, Act, Answer, Ask, Run, perform

PROFILE = StationProfile(
    connectors=(ConnectorProfile(phases=3), ConnectorProfile(fixed_cable=True)),
    connection=Connection(url="ws://central.example"),
)
TOUCHING = st.one_of(
    RESERVES,
    RESERVES,
    st.builds(c.PresentTag, id_tag=st.sampled_from(TAGS), connector=st.none() | CONNECTORS),
    st.builds(c.Start, connector=CONNECTORS, id_tag=st.sampled_from(TAGS)),
    st.builds(c.PlugIn, connector=CONNECTORS),
    st.builds(c.Unplug, connector=CONNECTORS),
    st.builds(c.Stop, connector=CONNECTORS),
    st.builds(Run, st.sampled_from((1.0, 4.0, 31.0, 61.0))),
    st.builds(
        Ask,
        st.just("RemoteStartTransaction"),
        st.fixed_dictionaries({"idTag": st.sampled_from(TAGS)}, optional={"connectorId": CONNECTORS}),
    ),
    st.sampled_from((None, "GROUP", "ELSE")).map(
        lambda parent: Answer(
            "Authorize", {"idTagInfo": {"status": "Accepted"} | ({"parentIdTag": parent} if parent else {})}
        )
    ),
    st.builds(Answer, st.just("Authorize"), st.just(Later(2.0, {"idTagInfo": {"status": "Accepted"}}))),
)
"""What has to do with reservations and permissions; the rest of the acts comes in between."""

SESSIONS = st.lists(st.one_of(TOUCHING, TOUCHING, TOUCHING, ACTS), min_size=15, max_size=50)


def _begin() -> tuple[VirtualDriver, ScriptedPeer]:
    peer = ScriptedPeer()
    driver = VirtualDriver(lambda now, stored: Station(PROFILE, now=now, seed=5, stored=stored), peer)
    driver.run_for(1)
    return driver, peer


class _Kept:
    """The reservations that hold, as the events tell: by id, the event that made each."""

    def __init__(self) -> None:
        self.now: dict[int, ReservationEvent] = {}
        self.used: list[ReservationEvent] = []

    def take(self, event: ReservationEvent) -> None:
        if event.what in ("reserved", "replaced"):
            assert (event.reservation_id in self.now) == (event.what == "replaced")
            taken = [one for one in self.now.values() if one.reservation_id != event.reservation_id]
            assert event.connector is None or event.connector not in [one.connector for one in taken]
            self.now[event.reservation_id] = event
            return
        made = self.now.pop(event.reservation_id)
        if event.what == "expired":
            assert event.time >= made.expires
        if event.what == "used":
            assert made.connector in (None, event.connector)
            assert made.expires > event.time
            self.used.append(event)


@given(SESSIONS)
def test_what_is_reserved_is_used_by_its_tag_or_group_alone(acts: list[Act]) -> None:
    """RES-5, RES-7, CORE-TX-8: no transaction starts where another holds a reservation; each ends once, in time."""
    driver, peer = _begin()
    for act in acts:
        perform(driver, peer, act)
    kept = _Kept()
    for event, following in pairwise([*driver.events, *driver.events[-1:]]):
        if isinstance(event, ReservationEvent):
            kept.take(event)
            if event.what == "used":
                _check_use(event, following)
        elif isinstance(event, TransactionEvent) and event.what == "started":
            assert event.connector not in [one.connector for one in kept.now.values()]
    held = driver.submit(c.Reservations())
    assert [one["id"] for one in held] == sorted(kept.now)
    _check_wire(driver, peer, kept)


def _check_use(used: ReservationEvent, following: AnyEvent) -> None:
    """The transaction that uses it follows at once, by its tag or, if it has one, by its group."""
    assert isinstance(following, TransactionEvent)
    assert (following.what, following.connector) == ("started", used.connector)
    same = following.id_tag.casefold() == used.id_tag.casefold()
    assert same or used.parent_id_tag == "GROUP"


def _check_wire(driver: VirtualDriver, peer: ScriptedPeer, kept: _Kept) -> None:
    """StartTransaction names exactly the reservations that were used, at the connector where they were."""
    peer.disconnected(driver.now)  # what is still on its way never arrives
    driver.network(True)
    perform(driver, peer, Answer("StartTransaction", "Accepted"))
    perform(driver, peer, Answer("StopTransaction", {}))
    perform(driver, peer, Answer("MeterValues", {}))
    driver.kill()
    driver.restart()
    driver.run_for(4000)
    named = {
        (payload["connectorId"], parse_time(payload["timestamp"]), payload["reservationId"])
        for payload in peer.payloads("StartTransaction")
        if "reservationId" in payload
    }
    used = {(event.connector, event.time // 1000 * 1000, event.reservation_id) for event in kept.used}
    dropped = any(isinstance(e, TransactionEvent) and e.what == "dropped" for e in driver.events)
    assert named <= used
    assert dropped or named == used


@given(SESSIONS)
def test_reserved_is_shown_where_and_only_where_something_is_reserved(acts: list[Act]) -> None:
    """RES-1, RES-6, STM-1: after every act, and none outlives its time while there is power."""
    driver, peer = _begin()
    for act in acts:
        perform(driver, peer, act)
        info = driver.submit(c.Info())
        if info["power"] != "on":
            continue
        for connector in info["connectors"]:
            held = connector.get("reservation")
            assert (connector["status"] == "Reserved") <= (held is not None)
            if held:
                assert connector["status"] in ("Reserved", "Preparing")
                assert (connector["status"] == "Preparing") == ("granted" in connector)
                assert held["expires"] > info["clock"]["now"] + info["clock"]["offset"]
        for held in info["reservations"]:
            assert held["expires"] > info["clock"]["now"] + info["clock"]["offset"]


@given(SESSIONS)
def test_who_is_not_the_holder_never_waits_where_it_is_reserved(acts: list[Act]) -> None:
    """RES-5: nobody else is granted a reserved connector either."""
    driver, peer = _begin()
    for act in acts:
        perform(driver, peer, act)
    kept = _Kept()
    for event in driver.events:
        if isinstance(event, ReservationEvent):
            kept.take(event)
        elif isinstance(event, AuthorizationEvent) and event.what == "granted" and event.connector:
            for one in kept.now.values():
                if one.connector == event.connector and not _runs(driver, event):
                    same = one.id_tag.casefold() == event.id_tag.casefold()
                    assert same or one.parent_id_tag == "GROUP"


def _runs(driver: VirtualDriver, granted: AuthorizationEvent) -> bool:
    """Whether the grant stopped a transaction of the group instead of starting one."""
    after = [e for e in driver.events if e.seq == granted.seq + 1]
    return any(isinstance(e, TransactionEvent) and e.what == "stopped" for e in after)


class _Listed:
    """The local list as the messages and the hands of a person make it, in a few lines."""

    def __init__(self) -> None:
        self.tags: dict[str, tuple[str, str | None]] = {}
        self.version = 0
        self.enabled = True
        self._asked: dict[str, Any] = {}

    def take(self, message: Message) -> None:
        """A frame on the wire: remember what is asked, act on the answer."""
        if not message.received:
            self._asked[message.id] = message.payload
        elif message.type == "result" and message.action == "ChangeConfiguration":
            asked = self._asked[message.id]
            if asked["key"] == "LocalAuthListEnabled":
                self.enabled = asked["value"] == "true"
        elif message.type == "result" and message.action == "SendLocalList":
            assert message.payload == {"status": self._send(self._asked[message.id])}

    def change(self, act: c.LocalList) -> None:
        """What a person did."""
        key = (act.id_tag or "").casefold()
        if act.act == "clear":
            self.tags = {}
        elif act.act == "add":
            self.tags[key] = (act.status, act.parent_id_tag)
        else:
            del self.tags[key]
        self.version = max(self.version, 1) if self.tags else self.version

    def _send(self, payload: dict[str, Any]) -> str:
        full, number = payload["updateType"] == "Full", payload["listVersion"]
        sent = payload.get("localAuthorizationList", [])
        rows = [(row["idTag"].casefold(), row.get("idTagInfo")) for row in sent]
        if not self.enabled:
            return "NotSupported"
        if number < 1:
            return "Failed"
        if not full and number <= self.version:
            return "VersionMismatch"
        if len({key for key, _ in rows}) < len(rows) or (full and any(info is None for _, info in rows)):
            return "Failed"
        self.tags = {} if full else self.tags
        for key, info in rows:
            self.tags.pop(key, None)
            if info is not None:
                self.tags[key] = (info["status"], info.get("parentIdTag"))
        self.version = number
        return "Accepted"


@given(SESSIONS)
def test_the_list_is_what_was_sent_and_is_never_cached(acts: list[Act]) -> None:
    """LAL-2 to LAL-7, CORE-CACHE-3: against a model of a few lines, after every act."""
    driver, peer = _begin()
    model = _Listed()
    for act in acts:
        before = len(peer.messages)
        if isinstance(act, c.LocalList):
            with suppress(CommandRefused):
                driver.submit(act)
                model.change(act)
        else:
            perform(driver, peer, act)
        for message in peer.messages[before:]:
            model.take(message)
        shown = driver.submit(c.LocalList())
        assert {e["id_tag"].casefold(): (e["status"], e["parent"]) for e in shown["entries"]} == model.tags
        assert shown["enabled"] == model.enabled
        if model.enabled:
            assert shown["version"] == (model.version if model.tags else 0)
            assert not {e["id_tag"].casefold() for e in driver.submit(c.Cache())} & model.tags.keys()


@given(SESSIONS)
def test_a_reservation_never_comes_out_of_a_boot_changed(acts: list[Act]) -> None:
    """RES-10: what held before a kill holds after it, but for what ran out or cannot be kept."""
    driver, peer = _begin()
    for act in acts:
        perform(driver, peer, act)
    peer.disconnected(driver.now)
    before = {one["id"]: one for one in driver.submit(c.Reservations())}
    driver.kill()
    driver.run_for(7)
    driver.restart()
    after = {one["id"]: one for one in driver.submit(c.Reservations())}
    assert after.items() <= before.items()
    gone = {
        event.reservation_id
        for event in driver.events
        if isinstance(event, ReservationEvent) and event.what in ("expired", "ended")
    }
    assert before.keys() - after.keys() <= gone


@given(SESSIONS)
def test_statuses_of_a_boot_begin_with_what_is_kept(acts: list[Act]) -> None:
    """RES-10, CORE-BOOT-6: the first status after a boot is Reserved where a reservation was kept over it."""
    driver, peer = _begin()
    for act in acts:
        perform(driver, peer, act)
    peer.disconnected(driver.now)
    driver.kill()
    driver.restart()
    held = {one["connector"] for one in driver.submit(c.Reservations())} - {0}
    boots = [
        n for n, e in enumerate(driver.events) if isinstance(e, RegistrationEvent) and e.status == "None"
    ]
    first: dict[int | None, str] = {}
    for event in driver.events[boots[-1] :]:
        if isinstance(event, StatusEvent):
            first.setdefault(event.connector, event.status)
    if driver.submit(c.Info())["power"] == "on":
        assert all(first[number] == "Reserved" for number in held)
