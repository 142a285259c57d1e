"""How reservations end, that they last until then, and the statuses they bring about (A.12, RES-7 to RES-13)."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from desktop_sim.protocol.times import format_time
from desktop_sim.protocol.types import ChargePointStatus as S
from desktop_sim.runtime.virtual import PowerGone
from desktop_sim.station import commands as c
from desktop_sim.station.profile import ConnectorProfile
from desktop_sim.station.status import TRANSITIONS
from desktop_sim.station.turn import SECOND
from tests.conformance.asks import (
    GROUND_FAILURE,
    OTHER,
    availability,
    cancel,
    ends,
    later,
    numbers,
    refused,
    remote_start,
    reserve,
    reserved,
)
from tests.conformance.coverage import covers
from tests.conformance.replies import registration
from tests.conformance.world import TAG, World

# --- the end ---


@covers("RES-6", "CORE-TX-6", "STM-2")
@pytest.mark.parametrize("remote", [False, True])
def test_after_the_time_out_it_is_reserved_again(remote: bool) -> None:
    world = reserved(keys={"ConnectionTimeOut": "30"})
    if remote:
        remote_start(world)
    else:
        world.do(c.PresentTag(id_tag=TAG))
    world.run(30)
    assert world.statuses() == ["Preparing", "Available", "Reserved"]
    world.do(c.Start())
    world.run(0)
    assert world.peer.last("StartTransaction")["reservationId"] == 1


@covers("RES-6", "CORE-TX-6")
def test_also_with_a_cable_that_hangs_at_no_car() -> None:
    world = reserved(keys={"ConnectionTimeOut": "30"})
    world.do(c.PlugIn())
    world.do(c.Unplug(end="vehicle"))
    world.do(c.PresentTag(id_tag=TAG))
    assert world.status() == "Preparing"
    world.run(30)
    assert world.status() == "Reserved"


@covers("RES-6", "CORE-TX-7")
def test_the_tag_again_takes_the_wish_back_and_it_is_reserved_again() -> None:
    world = reserved()
    world.do(c.PresentTag(id_tag=TAG))
    world.do(c.PresentTag(id_tag=TAG))
    assert world.status() == "Reserved"


@covers("RES-7", "RES-13", "STM-3")
@pytest.mark.parametrize("seconds", [1, 7.25, 60, 86_400, 40 * 86_400])
def test_it_ends_at_its_expiry_to_the_millisecond(seconds: float) -> None:
    world = reserved(seconds=seconds, interval=86_400)
    expiry = later(world, seconds)
    world.run(seconds - 0.001)
    assert world.status() == "Reserved"
    world.run(0.001)
    assert world.statuses() == ["Available"]
    assert world.peer.last("StatusNotification")["timestamp"] == expiry
    assert ends(world) == [("expired", 1)]
    assert cancel(world) == "Rejected"


@covers("RES-7", "RES-13")
def test_the_station_wakes_for_it_by_itself() -> None:
    world = reserved(seconds=90, keys={"HeartbeatInterval": "86400"}, interval=86_400)
    due = world.driver.station.next_deadline().sim
    assert due is not None
    assert due == world.driver.now.sim + 90 * SECOND


@covers("RES-7", "RES-4")
def test_so_does_one_of_connector_0_without_a_word() -> None:
    world = reserved(1, 0, seconds=60)
    world.run(59.999)
    refused(world)
    world.run(0.001)
    world.do(c.PresentTag(id_tag=OTHER))
    assert world.status() == "Preparing"


@covers("RES-7", "RES-6")
@pytest.mark.parametrize("how", ["expires", "cancelled"])
def test_who_waits_for_the_plug_when_it_ends_starts_without_it(how: str) -> None:
    world = reserved(seconds=20)
    world.do(c.PresentTag(id_tag=TAG))
    if how == "cancelled":
        assert cancel(world) == "Accepted"
    world.run(25)
    assert world.status() == "Preparing"
    world.do(c.PlugIn())
    world.run(0)
    assert "reservationId" not in world.peer.last("StartTransaction")


@covers("RES-8", "RES-7", "STM-3")
@pytest.mark.parametrize("connector", [0, 1])
def test_cancelling(connector: int) -> None:
    world = reserved(4, connector)
    assert cancel(world, 5) == "Rejected"
    assert numbers(world) == [4]
    assert cancel(world, 4) == "Accepted"
    assert world.told() == (["Status(1) Available"] if connector else [])
    assert cancel(world, 4) == "Rejected"
    assert ends(world) == [("cancelled", 4)]


@covers("RES-8", "RES-6")
def test_a_used_reservation_is_known_no_longer() -> None:
    world = reserved()
    world.do(c.Start())
    world.run(0)
    assert cancel(world) == "Rejected"
    assert world.status() == "Charging"
    assert reserve(world, 1) == "Occupied"


@covers("RES-7", "STM-3", "CORE-STAT-10")
@pytest.mark.parametrize(
    "fault",
    [GROUND_FAILURE, c.EmergencyStop(), c.LockFailure(connector=1)],
    ids=["fault", "emergency", "lock"],
)
def test_a_fault_ends_it_and_the_repair_does_not_bring_it_back(fault: c.Command) -> None:
    """G9, then I1: I7 is legal, but a fault leaves no reservation to come back to."""
    world = reserved()
    world.do(fault)
    if isinstance(fault, c.LockFailure):
        world.do(c.Start())
        world.run(0)
    assert world.status() == "Faulted"
    assert numbers(world) == []
    world.do(c.EmergencyStop(on=False) if isinstance(fault, c.EmergencyStop) else c.ClearFault(connector=1))
    world.do(c.LockFailure(connector=1, on=False))
    assert "Reserved" not in world.statuses()
    assert ("ended", 1) in ends(world)


@covers("RES-7", "STM-3")
def test_a_fault_while_reserved_is_one_change() -> None:
    world = reserved()
    world.do(GROUND_FAILURE)
    assert world.statuses() == ["Faulted"]
    world.do(c.ClearFault(connector=1))
    assert world.statuses() == ["Faulted", "Available"]


@covers("RES-7")
def test_a_fault_of_the_station_ends_them_all() -> None:
    world = reserved(1, 1, connectors=3)
    reserve(world, 2, 0)
    world.do(c.Error(connector=0, error_code="InternalError"))
    assert numbers(world) == []
    assert [world.status(number) for number in (0, 1)] == ["Faulted", "Available"]


@covers("RES-7", "CORE-STAT-6")
@pytest.mark.parametrize("code", ["WeakSignal", "ReaderFailure"])
def test_a_warning_ends_nothing(code: str) -> None:
    world = reserved()
    world.do(c.Error(connector=1, error_code=code))
    assert world.status() == "Reserved"
    assert numbers(world) == [1]


@covers("RES-7", "RES-4")
def test_one_of_connector_0_lasts_while_any_connector_can_be_used() -> None:
    world = reserved(1, 0, connectors=2)
    world.do(GROUND_FAILURE)
    assert numbers(world) == [1]
    availability(world, "Inoperative", 2)
    assert numbers(world) == []


@covers("CORE-AVAIL-8", "RES-7", "STM-3")
@pytest.mark.parametrize("connector", [0, 1])
@pytest.mark.parametrize("plugged", [False, True])
def test_out_of_service_ends_it(connector: int, plugged: bool) -> None:
    world = reserved()
    if plugged:
        world.do(c.PlugIn())
    assert availability(world, "Inoperative", connector) == "Accepted"
    assert world.statuses() == ["Unavailable"]
    assert numbers(world) == []
    availability(world, "Operative", connector)
    assert world.statuses() == ["Unavailable", "Preparing" if plugged else "Available"]


@covers("CORE-AVAIL-8", "CORE-AVAIL-6")
def test_out_of_service_waits_for_the_tag_that_waits_for_its_plug() -> None:
    world = reserved(keys={"ConnectionTimeOut": "30"})
    world.do(c.PresentTag(id_tag=TAG))
    assert availability(world, "Inoperative") == "Scheduled"
    world.run(30)
    assert world.statuses() == ["Preparing", "Available", "Unavailable"]
    assert numbers(world) == []


@covers("CORE-AVAIL-8", "RES-4")
def test_out_of_service_of_the_whole_station_ends_those_of_connector_0() -> None:
    world = reserved(1, 0, connectors=2)
    assert availability(world, "Inoperative", 1) == "Accepted"
    assert numbers(world) == [1]
    assert availability(world, "Inoperative", 0) == "Accepted"
    assert numbers(world) == []
    assert availability(world, "Operative", 2) == "Accepted"
    assert reserve(world, 1, 0) == "Unavailable"
    assert reserve(world, 1, 2) == "Accepted"


@covers("RES-7", "RES-3", "FW-UPD-5")
@pytest.mark.parametrize("connector", [0, 1])
def test_new_firmware_ends_it(connector: int) -> None:
    """Connectors that are free go Unavailable until it is installed; a tag finds nothing reserved there either."""
    world = World(connectors=2, switches={"SW-SIMULATED-TRANSFERS": "on", "SW-FREE-VEND": "FREE"})
    world.do(c.PlugIn(connector=2))
    assert reserve(world, 1, connector) == "Accepted"
    update = {"location": "ftp://files.example/firmware.bin", "retrieveDate": later(world, 0)}
    assert world.ask("UpdateFirmware", update) == {}
    world.run(30)
    assert [world.status(number) for number in (1, 2)] == ["Unavailable", "Charging"]
    assert numbers(world) == []
    assert reserve(world, 2, connector) == ("Unavailable" if connector else "Occupied")
    refused(world, TAG, 1)
    world.do(c.PlugIn(connector=1))
    world.run(0)
    assert world.status(1) == "Unavailable"


@covers("CORE-AVAIL-3", "RES-7")
def test_in_service_changes_nothing_for_it() -> None:
    world = reserved()
    assert availability(world, "Operative") == "Accepted"
    assert world.told() == []
    assert numbers(world) == [1]


# --- the clock ---


@covers("RES-13", "RES-9")
def test_expiry_is_in_the_central_systems_time() -> None:
    world = World(boot=False)
    world.peer.answers["BootNotification"] = registration(world, "Accepted", ahead=7200)
    world.run(1)
    assert reserve(world, seconds=7200) == "Rejected"
    assert reserve(world, seconds=7200 + 60) == "Accepted"
    world.run(59.999)
    assert world.status() == "Reserved"
    world.run(0.001)
    assert world.status() == "Available"


@covers("RES-13", "RES-7")
@pytest.mark.parametrize("ahead, left", [(-600.0, 700.0), (40.0, 60.0), (100.0, 0.0), (5000.0, 0.0)])
def test_a_corrected_clock_moves_the_end(ahead: float, left: float) -> None:
    world = reserved(seconds=100, keys={"HeartbeatInterval": "0"})
    world.peer.answers["Heartbeat"] = lambda _: {
        "currentTime": format_time(world.peer.now.sim + round(ahead * SECOND))
    }
    world.ask("TriggerMessage", {"requestedMessage": "Heartbeat"})
    world.run(0)
    if left:
        world.run(left - 0.001)
        assert world.status() == "Reserved"
        world.run(0.001)
    assert world.status() == "Available"
    assert ends(world) == [("expired", 1)]


# --- it lasts ---


@covers("RES-10")
@pytest.mark.parametrize("how", ["kill", "power", "soft", "hard", "reboot"])
def test_reservations_survive(how: str) -> None:
    world = reserved(3, 2, connectors=3, seconds=600)
    reserve(world, 4, 0, OTHER, parent="FLEET")
    before = world.do(c.Reservations())
    _restart(world, how)
    assert world.do(c.Reservations()) == before
    assert world.statuses(2)[-1] == "Reserved"
    refused(world, "THIRD", 2)
    world.run(600)
    assert world.status(2) == "Available"
    assert numbers(world) == [4]


@covers("RES-10", "RES-7")
@pytest.mark.parametrize("how", ["kill", "power"])
def test_what_ran_out_meanwhile_is_gone_at_the_boot(how: str) -> None:
    world = reserved(3, seconds=30)
    _restart(world, how, 60)
    assert numbers(world) == []
    assert world.statuses() == ["Available"]
    assert world.computed()[-2:] == ["Reserved", "Available"]
    assert ends(world) == [("expired", 3)]
    assert "reservation" not in world.driver.stored or not world.driver.stored["reservation"]


@covers("RES-10")
def test_what_runs_out_while_restarting_is_gone_too() -> None:
    world = reserved(3, seconds=30, switches={"SW-REBOOT-SECONDS": "60"})
    world.ask("Reset", {"type": "Hard"})
    world.run(70)
    assert ends(world) == [("expired", 3)]


def _restart(world: World, how: str, seconds: float = 5) -> None:
    if how == "kill":
        world.driver.kill()
        world.run(seconds)
        world.driver.restart()
    elif how == "power":
        world.do(c.PowerCut())
        world.run(seconds)
        world.do(c.PowerOn())
    elif how == "reboot":
        world.do(c.Reboot())
    else:
        world.ask("Reset", {"type": how.title()})
    world.run(10)


@covers("RES-10", "CORE-TX-2")
def test_a_reservation_in_use_survives_in_its_transaction() -> None:
    world = reserved(9)
    world.offline()
    world.do(c.Configuration(key="AllowOfflineTxForUnknownId", value="true"))
    world.do(c.Start())
    assert world.status() == "Charging"
    world.driver.restart()
    world.online()
    world.run(10)
    (start,) = world.peer.payloads("StartTransaction")
    assert start["reservationId"] == 9
    assert numbers(world) == []
    assert reserve(world, 9, seconds=60) in ("Accepted", "Occupied")


@covers("RES-10", "CORE-TX-2")
@pytest.mark.parametrize("before", [True, False])
def test_power_gone_in_the_very_turn_it_is_used(before: bool) -> None:
    world = reserved(9)
    world.do(c.PresentTag(id_tag=TAG))
    world.driver.fuse, world.driver.fuse_before_commit = 0, before
    with pytest.raises(PowerGone):
        world.do(c.PlugIn())
    world.driver.restart()
    world.run(10)
    used = [payload.get("reservationId") for payload in world.peer.payloads("StartTransaction")]
    assert (used, numbers(world)) == (([], [9]) if before else ([9], []))


@covers("RES-10")
def test_a_profile_switched_off_takes_them_along() -> None:
    world = reserved()
    world.driver.stored.setdefault("configuration", {})["SupportedFeatureProfiles"] = b'"Core"'
    world.driver.restart()
    world.run(1)
    assert world.status() == "Available"
    assert ends(world) == [("ended", 1)]


@covers("RES-10")
def test_so_does_a_connector_that_is_no_more() -> None:
    world = reserved(1, 2, connectors=2)
    world.profile = msgspec.structs.replace(world.profile, connectors=world.profile.connectors[:1])
    world.driver.restart()
    world.run(1)
    assert ends(world) == [("ended", 1)]
    assert numbers(world) == []


@covers("RES-10")
def test_a_factory_reset_forgets_them() -> None:
    world = reserved()
    world.do(c.FactoryReset())
    world.run(5)
    assert world.status() == "Available"
    assert numbers(world) == []


@covers("RES-1", "RES-7", "CORE-STAT-3")
def test_offline_the_end_is_told_after_the_reconnect() -> None:
    world = reserved(seconds=60)
    world.offline()
    world.run(100)
    world.peer.clear()
    world.online()
    world.run(1)
    assert world.statuses() == ["Available"]


@covers("RES-1")
def test_pending_stations_answer_too() -> None:
    world = World(boot=False)
    world.peer.answers["BootNotification"] = registration(world, "Pending")
    world.run(1)
    assert reserve(world) == "Accepted"
    assert world.status() == "Reserved"
    assert world.statuses() == []
    assert cancel(world) == "Accepted"


# --- the state machine ---


def _reach(world: World, act: Callable[[World], Any]) -> tuple[S, S]:
    """The change an act brings about, as it is told."""
    before = world.computed()[-1]
    told = len(world.statuses())
    act(world)
    world.run(0)
    after = world.statuses()[told:]
    assert len(after) == 1
    return before, S(after[0])


@covers("STM-3", "RES-1", "RES-6", "RES-7")
@pytest.mark.parametrize(
    "name, prepare, act, change",
    [
        ("A7", lambda w: None, reserve, (S.Available, S.Reserved)),
        ("G1 by cancelling", reserve, cancel, (S.Reserved, S.Available)),
        (
            "G1 by expiry",
            lambda w: reserve(w, seconds=60),
            lambda w: w.run(60),
            (S.Reserved, S.Available),
        ),
        (
            "G2 by the tag",
            reserve,
            lambda w: w.do(c.PresentTag(id_tag=TAG)),
            (S.Reserved, S.Preparing),
        ),
        ("G2 remotely", reserve, remote_start, (S.Reserved, S.Preparing)),
        (
            "G2 by the end over a cable",
            lambda w: (reserve(w), w.do(c.PlugIn())),
            cancel,
            (S.Reserved, S.Preparing),
        ),
        ("G8", reserve, lambda w: availability(w, "Inoperative"), (S.Reserved, S.Unavailable)),
        ("G9", reserve, lambda w: w.do(GROUND_FAILURE), (S.Reserved, S.Faulted)),
        ("G9 by the red button", reserve, lambda w: w.do(c.EmergencyStop()), (S.Reserved, S.Faulted)),
    ],
)
def test_the_changes_of_reserved_come_about(
    name: str, prepare: Callable[[World], Any], act: Callable[[World], Any], change: tuple[S, S]
) -> None:
    world = World()
    prepare(world)
    world.run(0)
    assert _reach(world, act) == change
    assert change in TRANSITIONS


@covers("STM-2", "RES-6")
def test_from_reserved_to_charging_the_way_goes_through_preparing() -> None:
    world = reserved()
    world.do(c.PlugIn())
    world.do(c.PresentTag(id_tag=TAG))
    world.run(0)
    assert world.statuses() == ["Preparing", "Charging"]


@covers("RES-1", "RES-7", "STM-4")
def test_a_reservation_shorter_than_minimum_status_duration_is_not_told() -> None:
    world = World(keys={"MinimumStatusDuration": "10"})
    reserve(world, seconds=5)
    world.run(30)
    assert world.statuses() == []
    reserve(world, seconds=15)
    world.run(40)
    assert world.statuses() == ["Reserved", "Available"]


@covers("RES-6")
def test_a_fixed_cable_makes_no_difference() -> None:
    world = reserved(connectors=(ConnectorProfile(fixed_cable=True),))
    world.do(c.PlugIn())
    assert world.status() == "Reserved"
    world.do(c.PresentTag(id_tag=TAG))
    world.run(0)
    assert world.status() == "Charging"
    assert world.peer.last("StartTransaction")["reservationId"] == 1


@covers("RES-6", "RES-11")
def test_with_a_person_at_the_station() -> None:
    world = World(person=True)
    reserve(world)
    assert remote_start(world) == "Accepted"
    world.run(5)
    assert world.status() == "Charging"
    assert world.peer.last("StartTransaction")["reservationId"] == 1
