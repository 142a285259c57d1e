"""ReserveNow and CancelReservation (A.12, RES): what is answered, kept and shown."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from desktop_sim.runtime.scripted_peer import Later
from desktop_sim.station import commands as c
from desktop_sim.station.commands import CommandRefused
from desktop_sim.station.events import ReservationEvent
from desktop_sim.station.turn import SECOND
from tests.conformance.asks import (
    GROUND_FAILURE,
    OTHER,
    availability,
    cancel,
    ends,
    numbers,
    refused,
    remote_start,
    reserve,
    reserved,
    wish,
)
from tests.conformance.coverage import covers
from tests.conformance.replies import logs, tag
from tests.conformance.world import TAG, World

# --- made ---


@covers("RES-1", "STM-3")
def test_an_accepted_reservation_is_shown_and_told_after_the_answer() -> None:
    world = World(connectors=2)
    assert reserve(world, 7, 2) == "Accepted"
    kinds = [(message.type, message.action) for message in world.peer.messages if message.received]
    assert kinds == [("result", "ReserveNow"), ("call", "StatusNotification")]
    assert world.told() == ["Status(2) Reserved"]
    assert world.status(2) == "Reserved"
    assert world.status(1) == "Available"


@covers("RES-1", "CORE-CACHE-9")
def test_the_answer_holds_a_status_and_nothing_else() -> None:
    world = World()
    assert world.ask("ReserveNow", wish(world)) == {"status": "Accepted"}
    assert world.do(c.Cache()) == []


@covers("RES-1")
@pytest.mark.parametrize("number", [0, -1, 1, 2**31, 2**62])
def test_any_whole_number_is_an_id(number: int) -> None:
    world = World()
    assert reserve(world, number) == "Accepted"
    world.do(c.Start())
    world.run(0)
    assert world.peer.last("StartTransaction")["reservationId"] == number
    assert cancel(world, number) == "Rejected"


# --- answers ---


STATES: dict[str, tuple[Callable[[World], Any], str]] = {
    "charging": (lambda w: w.start(), "Occupied"),
    "suspended by the car": (lambda w: (w.start(), w.do(c.SuspendEv())), "Occupied"),
    "suspended by the station": (lambda w: (w.start(), w.do(c.SuspendEvse())), "Occupied"),
    "plugged in": (lambda w: w.do(c.PlugIn(connector=1)), "Occupied"),
    "a tag waits for the plug": (lambda w: w.do(c.PresentTag(id_tag=TAG, connector=1)), "Occupied"),
    "finishing": (lambda w: (w.start(), w.do(c.Stop())), "Occupied"),
    "reserved": (lambda w: reserve(w, 99), "Occupied"),
    "reserved for the same": (lambda w: reserve(w, 99, id_tag=TAG), "Occupied"),
    "faulted": (lambda w: w.do(GROUND_FAILURE), "Faulted"),
    "charging and faulted": (lambda w: (w.start(), w.do(GROUND_FAILURE)), "Faulted"),
    "emergency stop": (lambda w: w.do(c.EmergencyStop()), "Faulted"),
    "station faulted": (lambda w: w.do(c.Error(connector=0, error_code="InternalError")), "Faulted"),
    "unavailable": (lambda w: availability(w, "Inoperative"), "Unavailable"),
    "station unavailable": (lambda w: availability(w, "Inoperative", 0), "Unavailable"),
    "faulted and unavailable": (lambda w: (availability(w, "Inoperative"), w.do(GROUND_FAILURE)), "Faulted"),
    "a warning only": (lambda w: w.do(c.Error(connector=1, error_code="WeakSignal")), "Accepted"),
    "free": (lambda w: None, "Accepted"),
}


@covers("RES-3", "CORE-AVAIL-11")
@pytest.mark.parametrize("state", list(STATES))
def test_the_answer_for_each_state(state: str) -> None:
    prepare, answer = STATES[state]
    world = World()
    prepare(world)
    world.run(0)
    before = world.status(), numbers(world)
    assert reserve(world, 1) == answer
    if answer != "Accepted":
        assert (world.status(), numbers(world)) == before


@covers("RES-3", "RES-4")
@pytest.mark.parametrize("state", list(STATES))
def test_and_the_same_of_connector_0_with_one_connector(state: str) -> None:
    prepare, answer = STATES[state]
    world = World()
    prepare(world)
    world.run(0)
    before = world.status(), numbers(world)
    assert reserve(world, 1, 0) == answer
    if answer != "Accepted":
        assert (world.status(), numbers(world)) == before


@covers("RES-3")
def test_somebody_whose_tag_is_being_checked_comes_first() -> None:
    world = World(answers={"Authorize": Later(5.0, tag())})
    world.do(c.PresentTag(id_tag=OTHER))
    assert reserve(world) == "Occupied"
    assert reserve(world, 2, 0) == "Occupied"
    world.run(6)
    assert world.status() == "Preparing"


@covers("RES-3", "CORE-AUTH-13")
def test_whoever_looks_for_a_plug_finds_one() -> None:
    world = World(connectors=2)
    world.do(c.PresentTag(id_tag=OTHER))
    assert reserve(world, 1, 1) == "Accepted"
    assert reserve(world, 2, 2) == "Occupied"
    assert reserve(world, 2, 0) == "Occupied"
    world.do(c.PlugIn(connector=2))
    world.run(0)
    assert world.connector(2)["transaction"]["id_tag"] == OTHER


@covers("RES-3")
@pytest.mark.parametrize("connector", [0, 1])
def test_a_station_can_refuse_all_reservations(connector: int) -> None:
    world = World(switches={"SW-RESERVATIONS": "reject"})
    assert reserve(world, 1, connector) == "Rejected"
    assert world.status() == "Available"


@covers("RES-3")
def test_without_the_profile_nothing_of_it_is_there() -> None:
    world = World(keys={"SupportedFeatureProfiles": "Core,LocalAuthListManagement"})
    assert reserve(world) == "NotSupported"
    assert cancel(world) == "NotSupported"
    assert world.key("ReserveConnectorZeroSupported") is None


@covers("RES-9")
@pytest.mark.parametrize("connector", [2, 3, -1, 2**40])
def test_an_unknown_connector(connector: int) -> None:
    assert reserve(World(), 1, connector) == "Rejected"


@covers("RES-9")
@pytest.mark.parametrize("seconds", [0, -0.001, -1, -(10**9)])
@pytest.mark.parametrize("connector", [0, 1])
def test_an_expiry_that_is_past(seconds: float, connector: int) -> None:
    world = World()
    assert reserve(world, 1, connector, seconds=seconds) == "Rejected"
    assert reserve(world, 1, connector, seconds=0.001) == "Accepted"


@covers("RES-9", "RPC-16")
@pytest.mark.parametrize(
    "text",
    [
        "9999-12-31T23:59:59.999Z",
        "9999-12-31T23:59:60-23:59",
        "2025-06-02T12:30:00+05:00",
        "2025-06-02T07:00:05",
        "2025-06-02T07:00:05.123456789Z",
    ],
)
def test_times_in_any_spelling(text: str) -> None:
    world = World()
    assert world.ask("ReserveNow", wish(world) | {"expiryDate": text}) == {"status": "Accepted"}
    assert numbers(world) == [1]
    assert bool(logs(world, "names no zone")) == (text == "2025-06-02T07:00:05")


# --- connector 0 ---


@covers("RES-4", "C.2/ReserveConnectorZeroSupported")
def test_the_key_of_connector_0() -> None:
    world = World()
    (row,) = world.ask("GetConfiguration", {"key": ["reserveconnectorzerosupported"]})["configurationKey"]
    assert row == {"key": "ReserveConnectorZeroSupported", "readonly": True, "value": "true"}
    assert world.change("ReserveConnectorZeroSupported", "false") == "Rejected"
    for keys, switches in (
        ({"ReserveConnectorZeroSupported": "false"}, {}),
        ({}, {"SW-ABSENT-KEYS": "ReserveConnectorZeroSupported"}),
    ):
        without = World(keys=keys, switches=switches)
        assert reserve(without, 1, 0) == "Rejected"
        assert reserve(without, 1, 1) == "Accepted"


@covers("RES-4")
def test_no_connector_shows_that_one_of_them_is_kept() -> None:
    world = reserved(5, 0, connectors=2)
    world.run(60)
    assert world.told() == []
    assert [world.status(number) for number in (0, 1, 2)] == ["Available"] * 3
    assert [one["id"] for one in world.info()["reservations"]] == [5]


@covers("RES-4")
def test_the_last_free_connector_is_kept() -> None:
    world = reserved(5, 0, connectors=2)
    world.do(c.Start(connector=1, id_tag=OTHER))
    world.run(0)
    assert world.status(1) == "Charging"
    world.peer.clear()
    assert "kept by a reservation" in refused(world, "THIRD", 2)
    assert remote_start(world, "THIRD", 2) == "Rejected"
    assert reserve(world, 6, 2, "THIRD") == "Occupied"
    assert reserve(world, 6, 0, "THIRD") == "Occupied"
    assert world.told() == []
    world.do(c.Start(connector=2))
    world.run(0)
    assert world.peer.last("StartTransaction")["reservationId"] == 5


@covers("RES-4")
def test_as_many_stay_free_as_are_kept() -> None:
    world = reserved(5, 0, connectors=3)
    assert reserve(world, 6, 0, "SECOND") == "Accepted"
    world.do(c.Start(connector=1, id_tag=OTHER))
    world.run(0)
    assert reserve(world, 7, 0, "THIRD") == "Occupied"
    assert reserve(world, 7, 2, "THIRD") == "Occupied"
    refused(world, "THIRD", 2)
    world.do(c.Start(connector=2, id_tag="SECOND"))
    world.run(0)
    refused(world, "THIRD", 3)
    assert cancel(world, 5) == "Accepted"
    world.do(c.Start(connector=3, id_tag="THIRD"))
    world.run(0)
    assert [world.status(number) for number in (1, 2, 3)] == ["Charging"] * 3


@covers("RES-4")
def test_a_connector_that_cannot_be_used_is_not_one_that_stays_free() -> None:
    spoils: tuple[Callable[[World], Any], ...] = (
        lambda w: w.do(c.Error(connector=2, error_code="GroundFailure")),
        lambda w: availability(w, "Inoperative", 2),
        lambda w: w.do(c.PlugIn(connector=2)),
        lambda w: reserve(w, 9, 2, "NINTH"),
    )
    for spoil in spoils:
        world = World(connectors=2)
        spoil(world)
        world.run(0)
        assert reserve(world, 5, 0) == "Accepted"
        refused(world, OTHER, 1)
        world.do(c.PresentTag(id_tag=TAG, connector=1))
        assert world.status(1) == "Preparing"


@covers("RES-4")
@pytest.mark.parametrize(
    "states, answer",
    [
        (("charging", "charging"), "Occupied"),
        (("charging", "faulted"), "Occupied"),
        (("charging", "unavailable"), "Occupied"),
        (("faulted", "faulted"), "Faulted"),
        (("unavailable", "unavailable"), "Unavailable"),
        (("faulted", "unavailable"), "Unavailable"),
        (("faulted", "free"), "Accepted"),
        (("unavailable", "free"), "Accepted"),
        (("charging", "free"), "Accepted"),
        (("reserved", "free"), "Accepted"),
        (("reserved", "reserved"), "Occupied"),
    ],
)
def test_the_answers_of_connector_0(states: tuple[str, str], answer: str) -> None:
    world = World(connectors=2)
    for number, state in enumerate(states, 1):
        if state == "charging":
            world.start(number, f"T{number}")
        elif state == "faulted":
            world.do(c.Error(connector=number, error_code="GroundFailure"))
        elif state == "unavailable":
            availability(world, "Inoperative", number)
        elif state == "reserved":
            reserve(world, 10 + number, number)
    assert reserve(world, 1, 0) == answer


@covers("RES-14", "RES-4")
@pytest.mark.parametrize("connector", [1, 2])
def test_a_reservation_of_connector_0_is_used_on_any(connector: int) -> None:
    world = reserved(5, 0, connectors=2)
    world.do(c.Start(connector=connector))
    world.run(0)
    assert world.peer.last("StartTransaction")["reservationId"] == 5
    assert numbers(world) == []
    assert ends(world) == [("used", 5)]


@covers("RES-14", "RES-5")
def test_also_by_its_group_and_the_tag_itself_first() -> None:
    world = reserved(5, 0, connectors=2, parent="FLEET", answers={"Authorize": tag(parent="FLEET")})
    assert reserve(world, 6, 0, OTHER) == "Accepted"
    world.do(c.Start(connector=1, id_tag=OTHER))
    world.run(0)
    assert world.peer.last("StartTransaction")["reservationId"] == 6
    world.do(c.Start(connector=2, id_tag="MEMBER"))
    world.run(0)
    assert world.peer.last("StartTransaction")["reservationId"] == 5


@covers("RES-4", "RES-5")
@pytest.mark.parametrize("parent, starts", [("FLEET", True), ("ELSE", False), (None, False)])
def test_the_last_one_is_asked_about_when_only_the_group_can_tell(parent: str | None, starts: bool) -> None:
    world = reserved(5, 0, parent="FLEET", answers={"Authorize": tag(parent=parent)})
    world.do(c.PresentTag(id_tag=OTHER))
    assert world.peer.actions()[0] == "Authorize"
    assert (world.status() == "Preparing") == starts


@covers("RES-4", "RES-6")
def test_who_has_chosen_a_connector_keeps_no_other() -> None:
    """The holder waits for the plug at 1, so 2 is free for anybody."""
    world = reserved(5, 0, connectors=2)
    world.do(c.PresentTag(id_tag=TAG, connector=1))
    assert world.status(1) == "Preparing"
    world.do(c.Start(connector=2, id_tag=OTHER))
    world.run(0)
    assert "reservationId" not in world.peer.last("StartTransaction")
    world.do(c.PlugIn(connector=1))
    world.run(0)
    assert world.peer.last("StartTransaction")["reservationId"] == 5


@covers("RES-4", "CORE-AUTH-13")
def test_a_permission_that_floats_does_not_take_the_last_one() -> None:
    world = reserved(5, 0, connectors=3)
    world.do(c.PresentTag(id_tag=OTHER))
    world.do(c.Start(connector=1, id_tag="FIRST"))
    world.do(c.Start(connector=2, id_tag="SECOND"))
    world.run(0)
    world.do(c.PlugIn(connector=3))
    world.run(0)
    assert world.status(3) == "Preparing"
    world.do(c.PresentTag(id_tag=TAG, connector=3))
    world.run(0)
    assert world.status(3) == "Charging"
    assert world.connector(3)["transaction"]["id_tag"] == TAG


# --- replaced ---


@covers("RES-2")
def test_a_known_id_is_replaced_on_its_connector() -> None:
    world = reserved(1, seconds=100)
    assert reserve(world, 1, 1, OTHER, 200) == "Accepted"
    assert world.told() == []
    refused(world, TAG)
    world.run(150)
    assert world.status() == "Reserved"
    world.run(50)
    assert world.status() == "Available"
    assert [event.what for event in world.events(ReservationEvent)] == ["reserved", "replaced", "expired"]


@covers("RES-2")
def test_a_known_id_moves_to_another_connector_and_frees_the_first() -> None:
    world = reserved(1, connectors=2)
    assert reserve(world, 1, 2) == "Accepted"
    assert world.told() == ["Status(1) Available", "Status(2) Reserved"]
    assert numbers(world) == [1]
    assert world.info()["connectors"][1]["reservation"]["connector"] == 2


@covers("RES-2", "RES-4")
def test_a_known_id_moves_to_connector_0_and_back() -> None:
    world = reserved(1)
    assert reserve(world, 1, 0) == "Accepted"
    assert world.status() == "Available"
    assert reserve(world, 1, 0, OTHER) == "Accepted"
    assert reserve(world, 1, 1, OTHER) == "Accepted"
    assert world.status() == "Reserved"
    assert numbers(world) == [1]


@covers("RES-2", "RES-3")
@pytest.mark.parametrize(
    "spoil, payload, answer",
    [
        (lambda w: w.start(2, OTHER), {"connector": 2}, "Occupied"),
        (lambda w: w.do(c.Error(connector=2, error_code="GroundFailure")), {"connector": 2}, "Faulted"),
        (lambda w: availability(w, "Inoperative", 2), {"connector": 2}, "Unavailable"),
        (lambda w: reserve(w, 2, 2, OTHER), {"connector": 2}, "Occupied"),
        (lambda w: None, {"connector": 9}, "Rejected"),
        (lambda w: None, {"seconds": -1}, "Rejected"),
    ],
)
def test_what_cannot_replace_leaves_the_old_one(
    spoil: Callable[[World], Any], payload: dict[str, Any], answer: str
) -> None:
    world = reserved(1, connectors=2)
    spoil(world)
    before = world.do(c.Reservations())
    assert reserve(world, 1, **{"connector": 1, **payload}) == answer
    assert world.do(c.Reservations()) == before
    assert world.status(1) == "Reserved"


@covers("RES-2", "RES-6")
def test_an_extension_while_its_tag_waits_for_the_plug() -> None:
    for connector in (0, 1):
        world = reserved(1, connector, seconds=10)
        world.do(c.PresentTag(id_tag=TAG, connector=1))
        assert reserve(world, 1, connector, OTHER, 500) == "Occupied"
        assert reserve(world, 1, connector, TAG, 500) == "Accepted"
        world.run(20)
        world.do(c.PlugIn())
        world.run(0)
        assert world.peer.last("StartTransaction")["reservationId"] == 1


@covers("RES-2")
def test_a_cable_left_in_a_reserved_connector_does_not_hinder_a_replacement() -> None:
    world = reserved(1, connectors=2)
    world.do(c.PlugIn(connector=1))
    assert reserve(world, 1, 1, OTHER) == "Accepted"
    assert world.status(1) == "Reserved"


# --- asked about ahead ---


@covers("RES-12")
def test_the_tag_of_a_reservation_is_not_asked_about_by_itself() -> None:
    world = reserved()
    world.run(60)
    assert world.told() == []


@covers("RES-12")
@pytest.mark.parametrize("status", ["Accepted", "Blocked"])
def test_by_switch_it_is(status: str) -> None:
    world = World(switches={"SW-RESERVE-AUTHORIZE": "on"}, answers={"Authorize": tag(status)})
    assert reserve(world) == "Accepted"
    world.run(0)
    assert world.told() == ["Authorize", "Status(1) Reserved"]
    assert world.status() == "Reserved"
    assert bool(logs(world, "would be refused")) == (status == "Blocked")
    assert [one["status"] for one in world.do(c.Cache())] == [status]


# --- messages that break the schema ---

Bad = tuple[Any, str]

MISSING: Bad = (..., "ProtocolError")
NOT_NUMBERS: list[Bad] = [
    (None, "TypeConstraintViolation"),
    ("1", "TypeConstraintViolation"),
    (1.5, "TypeConstraintViolation"),
    (True, "TypeConstraintViolation"),
    ([], "TypeConstraintViolation"),
    (2**70, "PropertyConstraintViolation"),
]
NOT_TIMES: list[Bad] = [
    (None, "TypeConstraintViolation"),
    (1_748_847_600, "TypeConstraintViolation"),
    ("", "PropertyConstraintViolation"),
    ("tomorrow", "PropertyConstraintViolation"),
    ("2025-06-02", "PropertyConstraintViolation"),
    ("2025-13-02T07:00:00Z", "PropertyConstraintViolation"),
]
NOT_TAGS: list[Bad] = [
    (None, "TypeConstraintViolation"),
    (7, "TypeConstraintViolation"),
    ({}, "TypeConstraintViolation"),
    ("X" * 21, "PropertyConstraintViolation"),
]


@covers("RES-1", "RES-8", "RPC-23")
@pytest.mark.parametrize(
    "field, value, code",
    [
        *((field, *bad) for field in ("connectorId", "reservationId") for bad in [MISSING, *NOT_NUMBERS]),
        *(("expiryDate", *bad) for bad in [MISSING, *NOT_TIMES]),
        *(("idTag", *bad) for bad in [MISSING, *NOT_TAGS]),
        *(("parentIdTag", *bad) for bad in NOT_TAGS),
        ("extra", 1, "FormationViolation"),
    ],
)
def test_a_reserve_now_that_breaks_its_schema_changes_nothing(field: str, value: Any, code: str) -> None:
    world = reserved(1, connectors=2)
    payload = wish(world, 2, 2, OTHER, parent="P")
    if value is ...:
        del payload[field]
    else:
        payload[field] = value
    stored = copy.deepcopy(world.driver.stored)
    assert world.ask("ReserveNow", payload) == code
    assert world.driver.stored == stored
    assert numbers(world) == [1]
    assert world.told() == []


@covers("RES-8", "RPC-23")
@pytest.mark.parametrize(
    "payload, code",
    [
        ({}, "ProtocolError"),
        ({"reservationId": None}, "TypeConstraintViolation"),
        ({"reservationId": "1"}, "TypeConstraintViolation"),
        ({"reservationId": 1.5}, "TypeConstraintViolation"),
        ({"reservationId": True}, "TypeConstraintViolation"),
        ({"reservationId": {}}, "TypeConstraintViolation"),
        ({"reservationId": 2**70}, "PropertyConstraintViolation"),
        ({"reservationId": 1, "extra": 1}, "FormationViolation"),
    ],
)
def test_a_cancel_reservation_that_breaks_its_schema_changes_nothing(
    payload: dict[str, Any], code: str
) -> None:
    world = reserved()
    stored = copy.deepcopy(world.driver.stored)
    assert world.ask("CancelReservation", payload) == code
    assert world.driver.stored == stored
    assert world.status() == "Reserved"


@covers("RES-5")
def test_an_empty_parent_is_none() -> None:
    world = World(answers={"Authorize": tag(parent="")})
    assert reserve(world, parent="") == "Accepted"
    world.peer.clear()
    refused(world)
    assert world.told() == []


# --- people ---


def test_info_and_command_show_them() -> None:
    world = reserved(3, 2, connectors=3, parent="FLEET", seconds=60)
    reserve(world, 4, 0, OTHER, 120)
    now = world.driver.now.sim
    second = {
        "id": 3,
        "connector": 2,
        "id_tag": TAG,
        "expires": now + 60 * SECOND,
        "parent_id_tag": "FLEET",
    }
    any_one = {"id": 4, "connector": 0, "id_tag": OTHER, "expires": now + 120 * SECOND}
    assert world.connector(2)["reservation"] == second
    assert "reservation" not in world.connector(1)
    assert world.info()["reservations"] == [any_one]
    assert world.do(c.Reservations()) == [second, any_one]


@covers("RES-7")
def test_a_person_can_cancel_one() -> None:
    world = reserved(3, 1, connectors=2)
    reserve(world, 4, 0, OTHER)
    with pytest.raises(CommandRefused, match=r"Which reservation\? There is 3 or 4"):
        world.do(c.Reservations(act="cancel"))
    with pytest.raises(CommandRefused, match="no reservation 9, but 3 or 4"):
        world.do(c.Reservations(act="cancel", reservation_id=9))
    assert len(world.do(c.Reservations(act="cancel", reservation_id=3))) == 1
    assert world.told() == ["Status(1) Available"]
    assert world.do(c.Reservations(act="cancel")) == []
    with pytest.raises(CommandRefused, match="Nothing is reserved"):
        world.do(c.Reservations(act="cancel"))


def test_what_happens_to_a_reservation_is_told() -> None:
    world = reserved(3, parent="FLEET")
    event = world.events(ReservationEvent)[-1]
    assert (event.connector, event.what, event.id_tag, event.parent_id_tag) == (1, "reserved", TAG, "FLEET")
    world.do(GROUND_FAILURE)
    event = world.events(ReservationEvent)[-1]
    assert (event.what, event.reason) == ("ended", "connector 1 is Faulted")
    world.do(c.ClearFault(connector=1))
    reserve(world, 4, 0)
    assert world.events(ReservationEvent)[-1].connector is None
    world.do(c.Start())
    assert world.events(ReservationEvent)[-1].connector == 1
