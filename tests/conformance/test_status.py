"""StatusNotification and the state machine of a connector (A.9, CORE-STAT; B, STM)."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_sim.protocol.times import format_time
from desktop_sim.protocol.types import ChargePointStatus as S
from desktop_sim.station import commands as c
from desktop_sim.station.events import StatusEvent
from desktop_sim.station.profile import ConnectorProfile, Identity
from desktop_sim.station.status import TRANSITIONS, Facts, path, status_of
from tests.conformance.coverage import covers
from tests.conformance.world import TAG, World

FIXED = {"connectors": (ConnectorProfile(fixed_cable=True),)}
FREE = {"switches": {"SW-FREE-VEND": "FREE"}}
HOT = c.Error(error_code="HighTemperature")
GROUND = c.Error(error_code="GroundFailure")
Step = c.Command | Callable[[World], Any]


def availability(kind: str, connector: int = 1) -> Step:
    return lambda world: world.ask("ChangeAvailability", {"connectorId": connector, "type": kind})


def wait(seconds: float) -> Step:
    return lambda world: world.run(seconds)


def take(world: World, *steps: Step) -> None:
    for step in steps:
        if isinstance(step, c.Command):
            world.do(step)
        else:
            step(world)
        world.run(0)


def reserve(world: World) -> Any:
    """Connector 1 is kept for the tag for ten minutes."""
    expires = format_time(world.driver.now.sim + 600 * 1_000_000)
    wish = {"connectorId": 1, "expiryDate": expires, "idTag": TAG, "reservationId": 7}
    return world.ask("ReserveNow", wish)


def cancel(world: World) -> Any:
    return world.ask("CancelReservation", {"reservationId": 7})


INOPERATIVE, OPERATIVE = availability("Inoperative"), availability("Operative")
CHARGING = (c.Start(),)
SUSPENDED_EV = (c.Start(), c.SuspendEv())
SUSPENDED_EVSE = (c.Start(), c.SuspendEvse())
FINISHING = (c.Start(), c.Stop())


@dataclass(frozen=True)
class Way:
    """How a change comes about: what the world is like, what leads to the first status, what to the second."""

    source: S
    target: S
    before: tuple[Step, ...]
    act: tuple[Step, ...]
    world: dict[str, Any]


def way(name: str, before: tuple[Step, ...], *act: Step, **world: Any) -> Way:
    """A way by the name it has in the table: A2 goes from Available to Preparing."""
    order = list("ABCDEFGHI")
    statuses = (
        S.Available,
        S.Preparing,
        S.Charging,
        S.SuspendedEV,
        S.SuspendedEVSE,
        S.Finishing,
        S.Reserved,
        S.Unavailable,
        S.Faulted,
    )
    return Way(statuses[order.index(name[0])], statuses[int(name[1]) - 1], before, act, world)


WAYS = {
    "A2": way("A2", (), c.PlugIn()),
    "A3": way("A3", (), c.PlugIn(), **FREE),
    "A4": way("A4", (c.SuspendEv(),), c.PlugIn(), **FREE),
    "A5": way("A5", (c.SuspendEvse(),), c.PlugIn(), **FREE),
    "A7": way("A7", (), reserve),
    "A8": way("A8", (), INOPERATIVE),
    "A9": way("A9", (), GROUND),
    "B1": way("B1", (c.PlugIn(),), c.Unplug()),
    "B3": way("B3", (c.PlugIn(),), c.PresentTag(id_tag=TAG)),
    "B4": way("B4", (c.SuspendEv(), c.PlugIn()), c.PresentTag(id_tag=TAG)),
    "B5": way("B5", (c.SuspendEvse(), c.PlugIn()), c.PresentTag(id_tag=TAG)),
    "B6": way("B6", (c.PlugIn(),), wait(61)),
    "B9": way("B9", (c.PlugIn(),), GROUND),
    "C1": way("C1", CHARGING, c.Unplug(), **FIXED),
    "C4": way("C4", CHARGING, c.SuspendEv()),
    "C5": way("C5", CHARGING, c.SuspendEvse()),
    "C6": way("C6", CHARGING, c.Stop()),
    "C8": way("C8", (*CHARGING, INOPERATIVE), c.Unplug(), **FIXED),
    "C9": way("C9", CHARGING, GROUND),
    "D1": way("D1", SUSPENDED_EV, c.Unplug(), **FIXED),
    "D3": way("D3", SUSPENDED_EV, c.ResumeEv()),
    "D5": way("D5", SUSPENDED_EV, c.SuspendEvse()),
    "D6": way("D6", SUSPENDED_EV, c.Stop()),
    "D8": way("D8", (*SUSPENDED_EV, INOPERATIVE), c.Stop()),
    "D9": way("D9", SUSPENDED_EV, HOT),
    "E1": way("E1", SUSPENDED_EVSE, c.Unplug(), **FIXED),
    "E3": way("E3", SUSPENDED_EVSE, c.ResumeEvse()),
    "E4": way("E4", (*SUSPENDED_EVSE, c.SuspendEv()), c.ResumeEvse()),
    "E6": way("E6", SUSPENDED_EVSE, c.Stop()),
    "E8": way("E8", (*SUSPENDED_EVSE, INOPERATIVE), c.Stop()),
    "E9": way("E9", SUSPENDED_EVSE, GROUND),
    "F1": way("F1", FINISHING, c.Unplug()),
    "F2": way("F2", FINISHING, c.PresentTag(id_tag=TAG)),
    "F8": way("F8", FINISHING, INOPERATIVE),
    "F9": way("F9", FINISHING, GROUND),
    "G1": way("G1", (reserve,), cancel),
    "G2": way("G2", (reserve,), c.PresentTag(id_tag=TAG)),
    "G8": way("G8", (reserve,), INOPERATIVE),
    "G9": way("G9", (reserve,), GROUND),
    "H1": way("H1", (INOPERATIVE,), OPERATIVE),
    "H2": way("H2", (INOPERATIVE, c.PlugIn()), OPERATIVE),
    "H3": way("H3", (INOPERATIVE, c.PlugIn()), OPERATIVE, **FREE),
    "H4": way("H4", (INOPERATIVE, c.SuspendEv(), c.PlugIn()), OPERATIVE, **FREE),
    "H5": way("H5", (INOPERATIVE, c.SuspendEvse(), c.PlugIn()), OPERATIVE, **FREE),
    "H9": way("H9", (INOPERATIVE,), GROUND),
    "I1": way("I1", (GROUND,), c.ClearFault()),
    "I2": way("I2", (c.PlugIn(), GROUND), c.ClearFault()),
    "I3": way("I3", (*CHARGING, HOT), c.ClearFault()),
    "I4": way("I4", (*SUSPENDED_EV, HOT), c.ClearFault()),
    "I5": way("I5", (*SUSPENDED_EVSE, HOT), c.ClearFault()),
    "I6": way("I6", (*FINISHING, GROUND), c.ClearFault()),
    "I8": way("I8", (GROUND, INOPERATIVE), c.ClearFault()),
}
"""52 of the 53 changes, each through the station's own inputs.

I7 does not come about here: a fault ends the reservation (G9), and nobody can reserve what is Faulted.
"""

STATUSES = tuple(S)
MORE = {
    "a reservation that expires": way("G1", (reserve,), wait(601)),
    "a remote start of what is reserved": way(
        "G2", (reserve,), lambda world: world.ask("RemoteStartTransaction", {"connectorId": 1, "idTag": TAG})
    ),
    "plugged in again": way("F2", (*FINISHING, c.Unplug(end="vehicle")), c.PlugIn()),
    "a tag first": way("B3", (c.PresentTag(id_tag=TAG),), c.PlugIn()),
    "the same tag again": way("B1", (c.PresentTag(id_tag=TAG),), c.PresentTag(id_tag=TAG)),
    "no plug in time": way("B1", (c.PresentTag(id_tag=TAG),), wait(61)),
    "an operative connector unavailable after its transaction": way("C8", (*CHARGING, INOPERATIVE), c.Stop()),
    "a car that is full": way("C4", CHARGING, c.Vehicle(soc=100)),
    "a car that wants too little": way("C4", CHARGING, c.Current(amperes=5)),
    "a lock that fails": way("B9", (c.PlugIn(), c.LockFailure(on=True)), c.PresentTag(id_tag=TAG)),
    "the red button": way("A9", (), c.EmergencyStop()),
    "the red button released": way("I6", (*CHARGING, c.EmergencyStop()), c.EmergencyStop(on=False)),
    "waiting, then unavailable": way("A8", (c.PlugIn(), INOPERATIVE), c.Unplug()),
    "timed out, then unavailable": way("A8", (c.PlugIn(), INOPERATIVE), wait(61)),
}


def reported(way: Way) -> tuple[World, list[S]]:
    """What the central system was told of the connector, from its being accepted on."""
    world = World(**way.world)
    take(world, *way.before)
    take(world, *way.act)
    return world, [S.Available, *(S(status) for status in world.statuses())]


@covers("STM-3", "STM-1", "CORE-STAT-1", "CORE-STAT-10")
@pytest.mark.parametrize("name", [*WAYS, *MORE])
def test_each_legal_change_comes_about(name: str) -> None:
    """The acts of the table lead from the one status straight to the other, and no illegal change is told."""
    way = (WAYS | MORE)[name]
    world, told = reported(way)
    assert (way.source, way.target) in pairwise(told)
    assert all(pair in TRANSITIONS for pair in pairwise(told))
    assert told[-1].value == world.status()
    assert all(a is b or (a, b) in TRANSITIONS for a, b in pairwise(world.computed()))


@covers("STM-3")
def test_a_reservation_would_be_shown_again_after_a_fault() -> None:
    """I7, as facts: no reservation outlives a fault here."""
    before, after = Facts(reserved=True, faulted=True), Facts(reserved=True)
    assert path(status_of(before), status_of(after)) == (S.Reserved,)
    world = World()
    take(world, reserve, GROUND, c.ClearFault())
    assert world.statuses() == ["Reserved", "Faulted", "Available"]


@covers("STM-3")
def test_all_81_pairs_are_accounted_for() -> None:
    """Every legal one has its way, no way is illegal, and a status does not change into itself."""
    shown = {(way.source, way.target) for way in WAYS.values()}
    assert len(shown) == len(WAYS) == 52
    assert shown | {(S.Faulted, S.Reserved)} == TRANSITIONS
    assert all(path(status, status) == () for status in STATUSES)
    assert len(STATUSES) ** 2 == 81


@covers("STM-2", "STM-3")
@pytest.mark.parametrize("source", STATUSES)
@pytest.mark.parametrize("target", STATUSES)
def test_every_pair_has_a_legal_path(source: S, target: S) -> None:
    way = (source, *path(source, target))
    assert way[-1] is target
    assert all(pair in TRANSITIONS for pair in pairwise(way))
    assert len(way) <= 3


@covers("STM-2", "STM-3")
@given(st.lists(st.builds(Facts, *[st.booleans()] * 9), min_size=2, max_size=30))
def test_facts_that_jump_never_leave_the_table(days: list[Facts]) -> None:
    told = [status_of(days[0])]
    for facts in days[1:]:
        told.extend(path(told[-1], status_of(facts)))
    assert all(pair in TRANSITIONS for pair in pairwise(told))


@covers("STM-1", "CORE-STAT-4", "STM-6")
@given(st.builds(Facts, *[st.booleans()] * 9))
def test_the_order_of_precedence(facts: Facts) -> None:
    """Fault, transaction (the station's pause before the car's), availability, end, begin, reservation."""
    status = status_of(facts)
    assert (status is S.Faulted) == facts.faulted
    if facts.faulted:
        return
    if facts.transaction:
        wanted = S.Charging if facts.wanted else S.SuspendedEV
        assert status is (wanted if facts.offered else S.SuspendedEVSE)
    elif not facts.operative:
        assert status is S.Unavailable
    elif facts.finishing:
        assert status is S.Finishing
    elif facts.authorized or facts.cable:
        assert status is S.Preparing
    else:
        assert status is (S.Reserved if facts.reserved else S.Available)


@covers("STM-2")
@pytest.mark.parametrize(
    "before, act, told",
    [
        ((c.PlugIn(), INOPERATIVE), c.Unplug(), ["Preparing", "Available", "Unavailable"]),
        (
            (*FINISHING,),
            c.PresentTag(id_tag=TAG),
            ["Preparing", "Charging", "Finishing", "Preparing", "Charging"],
        ),
        ((INOPERATIVE, c.PlugIn()), wait(600), ["Unavailable"]),
    ],
)
def test_a_jump_takes_the_legal_way(before: tuple[Step, ...], act: Step, told: list[str]) -> None:
    world = World()
    take(world, *before, act)
    assert world.statuses() == told


# --- when it is told ---


@covers("CORE-STAT-1", "STM-4", "C.1/MinimumStatusDuration")
def test_a_status_that_does_not_last_is_not_told() -> None:
    world = World(keys={"MinimumStatusDuration": "5"})
    world.start()
    world.run(4)
    assert world.statuses() == []
    world.do(c.SuspendEv())
    world.run(3)
    world.do(c.ResumeEv())
    world.run(4.9)
    assert world.statuses() == []
    world.run(0.2)
    assert world.statuses() == ["Charging"]
    assert world.peer.last("StatusNotification")["timestamp"] == "2025-06-02T07:00:07.500Z"


@covers("CORE-STAT-1", "STM-4")
def test_a_status_that_comes_back_in_time_is_not_told_again() -> None:
    world = World(keys={"MinimumStatusDuration": "5"})
    world.do(c.PlugIn())
    world.run(4)
    world.do(c.Unplug())
    world.run(60)
    assert world.statuses() == []


@covers("CORE-STAT-1", "STM-4")
def test_only_the_end_of_a_detour_is_told() -> None:
    """Finishing, Preparing, Charging within an instant: Charging is what lasts."""
    world = World(keys={"MinimumStatusDuration": "2"})
    take(world, c.Start(), wait(10), c.Stop(), wait(10), c.PresentTag(id_tag=TAG), wait(10))
    assert world.statuses() == ["Charging", "Finishing", "Charging"]


@covers("CORE-STAT-1", "C.1/MinimumStatusDuration", "CORE-STAT-7")
def test_connector_0_lasts_as_long_as_the_others() -> None:
    world = World(keys={"MinimumStatusDuration": "5"})
    world.ask("ChangeAvailability", {"connectorId": 0, "type": "Inoperative"})
    world.run(4)
    assert world.told() == []
    world.run(2)
    assert world.told() == ["Status(0) Unavailable", "Status(1) Unavailable"]


@covers("CORE-STAT-2")
def test_the_timestamp_is_when_the_status_was_entered() -> None:
    """Told late, after a reconnect, it still is."""
    world = World()
    world.offline()
    world.run(60)
    world.do(c.PlugIn())
    world.run(20)
    world.online()
    status = world.peer.last("StatusNotification")
    assert (status["status"], status["timestamp"]) == ("Preparing", "2025-06-02T07:01:00.500Z")


@covers("CORE-STAT-2", "CORE-BOOT-4")
def test_the_timestamp_is_in_the_time_of_the_central_system() -> None:
    """Also of a status that was entered before that time was known."""
    ahead = 3600 * 1_000_000
    world = World(
        answers={
            "BootNotification": lambda _: {
                "status": "Accepted",
                "currentTime": format_time(world.driver.now.sim + ahead),
                "interval": 300,
            }
        },
        boot=False,
    )
    world.run(1)
    stamps = {p["timestamp"] for p in world.peer.payloads("StatusNotification")}
    assert stamps == {"2025-06-02T08:00:00.000Z"}


@covers("CORE-STAT-3")
def test_after_a_reconnect_only_what_changed_is_told_without_history() -> None:
    world = World(connectors=3)
    world.do(c.PlugIn(connector=2))
    world.peer.clear()
    world.offline()
    take(world, c.PlugIn(connector=1), c.Unplug(connector=1), c.PlugIn(connector=1))
    take(world, c.Error(connector=3, error_code="WeakSignal", info="antenna"))
    world.online()
    assert world.told() == ["Status(1) Preparing", "Status(3) Available"]
    assert world.peer.last("StatusNotification")["errorCode"] == "WeakSignal"


@covers("CORE-STAT-3")
def test_what_changed_and_changed_back_is_not_told() -> None:
    world = World()
    world.offline()
    take(world, c.PlugIn(), c.Unplug())
    world.online()
    assert world.told() == []


@covers("CORE-STAT-3")
def test_a_status_lost_with_the_link_is_told_again() -> None:
    """The notification went out but was never answered."""
    world = World(answers={"StatusNotification": None}, boot=False)
    world.run(1)
    assert world.told(without=("BootNotification",)) == ["Status(0) Available"]
    world.peer.answers["StatusNotification"] = {}
    world.peer.clear()
    world.do(c.DropLink())
    world.run(10)
    assert world.told(without=("BootNotification",)) == ["Status(0) Available", "Status(1) Available"]


@covers("CORE-STAT-3", "STM-4")
def test_after_a_reconnect_a_status_still_has_to_last() -> None:
    world = World(keys={"MinimumStatusDuration": "30"})
    world.driver.drop_link()
    world.do(c.PlugIn())
    world.run(10)
    assert world.told() == []
    world.run(25)
    assert world.told() == ["Status(1) Preparing"]


# --- errors ---


@covers("CORE-STAT-4")
def test_the_stations_pause_wins_over_the_cars() -> None:
    world = World()
    take(world, c.Start(), c.SuspendEv(), c.SuspendEvse(), c.ResumeEv(), c.ResumeEvse())
    assert world.statuses()[1:] == ["Charging", "SuspendedEV", "SuspendedEVSE", "Charging"]


@covers("CORE-STAT-5")
def test_a_car_that_cannot_talk_is_told_in_its_four_states_only() -> None:
    """Preparing, SuspendedEV, SuspendedEVSE, Finishing. While charging it pauses the car; after the car it is gone."""
    world = World()
    world.do(c.PlugIn())
    world.do(c.Error(error_code="EVCommunicationError"))
    world.do(c.PresentTag(id_tag=TAG))
    world.do(c.SuspendEvse())
    world.do(c.Stop())
    world.do(c.Unplug())
    notes = [(p["status"], p["errorCode"]) for p in world.peer.payloads("StatusNotification")]
    assert notes == [
        ("Preparing", "NoError"),
        ("Preparing", "EVCommunicationError"),
        ("SuspendedEV", "EVCommunicationError"),
        ("SuspendedEVSE", "EVCommunicationError"),
        ("Finishing", "EVCommunicationError"),
        ("Available", "NoError"),
    ]


@covers("CORE-STAT-5")
def test_a_car_that_cannot_talk_draws_nothing_until_it_can() -> None:
    """Neither a resume nor another car helps, only the repair."""
    world = World()
    world.start()
    world.do(c.Error(error_code="EVCommunicationError"))
    world.do(c.ResumeEv())
    world.do(c.Vehicle(soc=20))
    world.run(10)
    assert (world.status(), world.connector()["watts"]) == ("SuspendedEV", 0)
    world.do(c.ClearFault())
    world.run(10)
    assert (world.status(), world.connector()["watts"]) == ("Charging", 3680)


@covers("CORE-STAT-5")
@pytest.mark.parametrize("connector", [0, 1])
def test_without_a_car_nobody_fails_to_talk_to_it(connector: int) -> None:
    world = World()
    with pytest.raises(c.CommandRefused, match="no car talks to it"):
        world.do(c.Error(connector=connector, error_code="EVCommunicationError"))
    assert world.told() == []


@covers("CORE-STAT-6")
@pytest.mark.parametrize("code", ["ReaderFailure", "WeakSignal", "LocalListConflict", "ResetFailure"])
def test_a_warning_leaves_the_connector_in_operation(code: str) -> None:
    world = World()
    world.start()
    world.peer.clear()
    world.do(c.Error(error_code=code, info="look here"))
    status = world.peer.last("StatusNotification")
    assert (status["status"], status["errorCode"], status["info"]) == ("Charging", code, "look here")
    world.run(10)
    assert world.connector()["watts"] == 3680
    world.do(c.ClearFault())
    assert world.peer.last("StatusNotification")["errorCode"] == "NoError"
    assert world.statuses() == ["Charging", "Charging"]


@covers("CORE-STAT-9")
def test_vendor_codes_are_free_and_info_is_cut() -> None:
    world = World(identity=Identity(vendor="Some Vendor"))
    world.do(c.Error(error_code="OtherError", info="x" * 60, vendor_error_code="0x1F"))
    status = world.peer.last("StatusNotification")
    assert status["info"] == "x" * 50
    assert (status["vendorErrorCode"], status["vendorId"]) == ("0x1F", "Some Vendor")
    world.do(c.ClearFault())
    status = world.peer.last("StatusNotification")
    assert {"vendorErrorCode", "vendorId", "info"}.isdisjoint(status)


@covers("CORE-STAT-7", "STM-7")
def test_connector_0_moves_between_its_three_states_and_stands_alone() -> None:
    world = World()
    take(
        world,
        c.Error(connector=0, error_code="PowerMeterFailure"),
        c.Start(),
        c.ClearFault(connector=0),
        c.Stop(),
        availability("Inoperative", 0),
        c.Error(connector=0, error_code="InternalError"),
        c.ClearFault(connector=0),
        availability("Operative", 0),
    )
    assert world.statuses(0) == ["Faulted", "Available", "Unavailable", "Faulted", "Unavailable", "Available"]
    assert world.statuses(1)[:3] == ["Preparing", "Charging", "Finishing"]


@covers("CORE-STAT-10")
def test_repaired_it_is_as_before_with_no_error() -> None:
    world = World()
    world.start()
    world.do(HOT)
    world.do(c.ClearFault())
    notes = [(p["status"], p["errorCode"]) for p in world.peer.payloads("StatusNotification")]
    assert notes[1:] == [("Charging", "NoError"), ("Faulted", "HighTemperature"), ("Charging", "NoError")]


@covers("STM-6", "CORE-STAT-8")
def test_unavailable_wins_over_a_cable_also_after_a_boot() -> None:
    world = World()
    take(world, INOPERATIVE, c.PlugIn())
    assert world.statuses() == ["Unavailable"]
    world.do(c.Reboot())
    world.run(5)
    assert world.statuses() == ["Unavailable", "Unavailable"]


# --- by hand ---


@covers("CORE-STAT-1")
def test_a_status_by_hand_stays_until_the_computed_one_changes() -> None:
    """Misbehaviour, not state: triggers and reconnects repeat it, the next true change ends it."""
    world = World()
    assert world.do(c.Status(status="charging")) == {"connector": 1, "status": "Charging", "sent": True}
    assert (world.status(), world.connector()["reported"]) == ("Available", "Charging")
    event = world.events(StatusEvent)[-1]
    assert (event.connector, event.status, event.by_hand) == (1, "Charging", True)
    world.ask("TriggerMessage", {"requestedMessage": "StatusNotification", "connectorId": 1})
    assert world.statuses() == ["Charging", "Charging"]
    world.do(c.Error(error_code="WeakSignal"))
    assert world.connector()["reported"] == "Charging"
    world.do(c.PlugIn())
    assert "reported" not in world.connector()
    assert world.statuses()[-1] == "Preparing"


@covers("CORE-STAT-2")
def test_a_status_by_hand_is_as_old_as_the_hand() -> None:
    world = World()
    world.run(100)
    world.do(c.Status(status="Charging"))
    assert world.peer.last("StatusNotification")["timestamp"] == "2025-06-02T07:01:40.500Z"


@covers("CORE-STAT-1", "CORE-BOOT-7")
def test_a_status_by_hand_waits_for_acceptance() -> None:
    """Told once, with the others."""
    answer = {"status": "Pending", "currentTime": "2025-06-02T07:00:00Z", "interval": 30}
    world = World(answers={"BootNotification": answer})
    assert world.do(c.Status(status="Charging"))["sent"] is False
    world.run(10)
    assert world.told() == []
    world.peer.answers["BootNotification"] = answer | {"status": "Accepted"}
    world.run(30)
    assert world.told() == ["BootNotification", "Status(0) Available", "Status(1) Charging"]


@covers("CORE-STAT-1")
def test_a_status_by_hand_is_told_after_a_reconnect_and_forgotten_by_a_boot() -> None:
    world = World()
    world.offline()
    assert world.do(c.Status(status="Reserved", connector=1))["sent"] is False
    world.online()
    world.run(1)
    assert world.statuses() == ["Reserved"]
    world.do(c.Reboot())
    world.run(5)
    assert world.statuses() == ["Reserved", "Available"]
    assert "reported" not in world.connector()
