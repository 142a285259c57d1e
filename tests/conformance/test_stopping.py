"""Stopping a transaction: every reason, and the cable pulled at the car (A.7, CORE-STOP, CORE-EV)."""

from collections.abc import Callable
from typing import Any

import pytest

from desktop_sim.station import commands as c
from desktop_sim.station.events import TransactionEvent
from desktop_sim.station.profile import ConnectorProfile
from tests.conformance.coverage import covers
from tests.conformance.world import TAG, World

FIXED = (ConnectorProfile(fixed_cable=True),)
GONE = "EV side disconnected"
REFUSED = {"transactionId": 1, "idTagInfo": {"status": "Invalid"}}


def charging(**world: Any) -> World:
    """A transaction that has run for 36 s at 3680 W: 36.8 Wh, less the car's ramp."""
    made = World(**world)
    made.start()
    made.run(36)
    made.peer.clear()
    return made


def ask(action: str, **payload: Any) -> Callable[[World], Any]:
    return lambda world: world.ask(action, payload)


def do(*commands: c.Command) -> Callable[[World], Any]:
    return lambda world: [world.do(command) for command in commands]


@covers("CORE-STOP-1", "CORE-STOP-2", "CORE-STOP-3")
@pytest.mark.parametrize(
    "act, reason, id_tag, status",
    [
        (do(c.PresentTag(id_tag=TAG)), "Local", TAG, "Finishing"),
        (do(c.Stop()), "Local", TAG, "Finishing"),
        (ask("RemoteStopTransaction", transactionId=1), "Remote", TAG, "Finishing"),
        (do(c.Unplug(end="vehicle")), "EVDisconnected", None, "Finishing"),
        (ask("UnlockConnector", connectorId=1), "UnlockCommand", None, "Finishing"),
        (ask("Reset", type="Soft"), "SoftReset", None, "Finishing"),
        (ask("Reset", type="Hard"), "HardReset", None, "Finishing"),
        (do(c.Reboot()), "Reboot", None, "Finishing"),
        (do(c.PowerCut(), c.PowerOn()), "PowerLoss", None, "Finishing"),
        (do(c.EmergencyStop()), "EmergencyStop", None, "Faulted"),
        (do(c.Error(error_code="GroundFailure")), "Other", None, "Faulted"),
    ],
)
def test_each_end_has_its_reason(
    act: Callable[[World], Any], reason: str, id_tag: str | None, status: str
) -> None:
    """The table of reasons, with the tag that goes with each and the status after it."""
    world = charging()
    act(world)
    world.run(10)
    (stop,) = world.peer.payloads("StopTransaction")
    assert (stop["reason"], stop.get("idTag"), stop["transactionId"]) == (reason, id_tag, 1)
    assert stop["meterStop"] == 35
    assert stop["timestamp"] == "2025-06-02T07:00:36.500Z"
    assert world.status() == status
    assert not world.connector()["locked"]
    assert world.connector()["watts"] == 0


@covers("CORE-STOP-3", "CORE-OFF-3")
def test_the_reason_of_a_refused_tag_is_deauthorized() -> None:
    world = World(answers={"StartTransaction": REFUSED})
    world.do(c.Start())
    world.run(0)
    stop = world.peer.last("StopTransaction")
    assert (stop["reason"], "idTag" in stop) == ("DeAuthorized", False)
    assert world.status() == "Finishing"
    assert world.connector()["locked"]


@covers("CORE-STOP-2")
def test_a_tag_of_the_same_group_is_named() -> None:
    world = World(answers={"Authorize": {"idTagInfo": {"status": "Accepted", "parentIdTag": "FAMILY"}}})
    world.start()
    world.do(c.PresentTag(id_tag="COUSIN"))
    stop = world.peer.last("StopTransaction")
    assert (stop["reason"], stop["idTag"]) == ("Local", "COUSIN")


@covers("CORE-STOP-2")
def test_a_remote_stop_can_name_no_tag() -> None:
    world = charging(switches={"SW-REMOTE-STOP-TAG": "none"})
    world.ask("RemoteStopTransaction", {"transactionId": 1})
    assert "idTag" not in world.peer.last("StopTransaction")


@covers("CORE-STOP-3")
@pytest.mark.parametrize(
    "reason", ["Local", "Remote", "DeAuthorized", "EVDisconnected", "PowerLoss", "Other"]
)
def test_the_stop_button_may_report_any_reason_and_does_the_same(reason: str) -> None:
    """Another reason only changes the one reported: the cable is free afterwards."""
    world = charging()
    assert world.do(c.Stop(reason=reason.lower())) == {"connector": 1, "reason": reason}
    stop = world.peer.last("StopTransaction")
    assert stop["reason"] == reason
    assert ("idTag" in stop) == (reason in ("Local", "Remote"))
    assert not world.connector()["locked"]
    assert "info" not in world.peer.last("StatusNotification")


@covers("CORE-STOP-1")
def test_meter_stop_is_never_below_meter_start() -> None:
    """Also for a transaction that ends where it began."""
    world = World()
    for _ in range(3):
        world.start()
        world.run(0.2)
        world.do(c.Stop())
        world.do(c.Unplug())
    starts = [p["meterStart"] for p in world.peer.payloads("StartTransaction")]
    stops = [p["meterStop"] for p in world.peer.payloads("StopTransaction")]
    assert starts == stops == [0, 0, 0]


@covers("CORE-STOP-4")
def test_a_normal_end_unlocks_and_the_cable_comes_out() -> None:
    world = charging()
    assert world.connector()["locked"]
    world.do(c.PresentTag(id_tag=TAG))
    assert not world.connector()["locked"]
    world.do(c.Unplug())
    assert world.statuses() == ["Finishing", "Available"]


@covers("CORE-STOP-4", "CORE-UNL-4")
def test_a_lock_that_sticks_at_the_end_is_told_and_lets_go_when_repaired() -> None:
    world = charging()
    world.do(c.LockFailure(on=True))
    world.do(c.Stop())
    assert world.connector()["locked"]
    assert world.peer.last("StatusNotification")["status"] == "Finishing"
    assert world.peer.last("StatusNotification")["errorCode"] == "ConnectorLockFailure"
    world.do(c.Unplug())
    assert world.connector()["plugged"]["station"]
    world.do(c.LockFailure(on=False))
    assert world.statuses() == ["Finishing", "Available"]
    assert not world.connector()["locked"]


@covers("CORE-STOP-5", "CORE-CACHE-8")
def test_the_answer_cannot_prevent_the_end() -> None:
    """A refusal in StopTransaction.conf changes the cache and nothing else."""
    world = charging(answers={"StopTransaction": {"idTagInfo": {"status": "Blocked"}}})
    world.do(c.Stop())
    world.run(1)
    assert world.status() == "Finishing"
    assert [entry["status"] for entry in world.do(c.Cache())] == ["Blocked"]


@covers("CORE-STOP-5", "CORE-CACHE-8")
@pytest.mark.parametrize(
    "act, whose",
    [
        (do(c.Unplug(end="vehicle")), TAG),
        (do(c.PresentTag(id_tag="COUSIN")), "COUSIN"),
    ],
)
def test_the_answer_is_about_the_tag_that_ended_it_or_began_it(
    act: Callable[[World], Any], whose: str
) -> None:
    family = {"idTagInfo": {"status": "Accepted", "parentIdTag": "FAMILY"}}
    world = charging(answers={"StopTransaction": {"idTagInfo": {"status": "Blocked"}}, "Authorize": family})
    act(world)
    world.run(1)
    blocked = [entry["id_tag"] for entry in world.do(c.Cache()) if entry["status"] == "Blocked"]
    assert blocked == [whose]


@covers("CORE-STOP-1", "CORE-MV-12")
def test_what_was_charged_is_told_for_each_transaction_by_itself() -> None:
    world = World()
    for _ in range(2):
        world.start()
        world.run(36)
        world.do(c.Stop())
        world.do(c.Unplug())
    first, second = [e for e in world.events(TransactionEvent) if e.what == "stopped"]
    assert (first.energy_wh, second.energy_wh) == (35, 36)
    assert (first.meter_wh, second.meter_wh) == (35, 71)


# --- the plug pulled at the car ---


@covers("CORE-EV-1", "C.1/StopTransactionOnEVSideDisconnect")
def test_pulled_at_the_car_ends_it() -> None:
    world = charging()
    world.do(c.Unplug(end="vehicle"))
    assert world.told() == ["StopTransaction EVDisconnected", "Status(1) Finishing"]
    status = world.peer.last("StatusNotification")
    assert (status["errorCode"], status["info"]) == ("NoError", GONE)


@covers("CORE-EV-1")
def test_both_ends_pulled_are_told_one_after_the_other() -> None:
    world = charging()
    world.do(c.Unplug())
    assert world.told() == ["StopTransaction EVDisconnected", "Status(1) Finishing", "Status(1) Available"]
    assert world.peer.payloads("StatusNotification")[0]["info"] == GONE


@covers("CORE-EV-2", "C.1/UnlockConnectorOnEVSideDisconnect")
def test_then_the_lock_opens() -> None:
    world = charging(keys={"UnlockConnectorOnEVSideDisconnect": "true"})
    world.do(c.Unplug(end="vehicle"))
    assert not world.connector()["locked"]
    world.do(c.Unplug(end="station"))
    assert world.status() == "Available"


@covers("CORE-EV-2", "C.1/UnlockConnectorOnEVSideDisconnect")
def test_or_it_holds_until_the_tag_comes() -> None:
    world = charging(keys={"UnlockConnectorOnEVSideDisconnect": "false"})
    world.do(c.Unplug())
    assert world.statuses() == ["Finishing"]
    assert world.connector()["locked"]
    world.do(c.PresentTag(id_tag=TAG))
    assert world.statuses() == ["Finishing", "Available"]
    assert "Authorize" not in world.peer.actions()


@covers("CORE-EV-2", "CORE-OFF-3")
def test_or_until_a_tag_of_the_group_comes() -> None:
    """The central system is asked who that is."""
    family = {"idTagInfo": {"status": "Accepted", "parentIdTag": "FAMILY"}}
    world = charging(keys={"UnlockConnectorOnEVSideDisconnect": "false"}, answers={"Authorize": family})
    world.do(c.Unplug())
    world.peer.answers["Authorize"] = {"idTagInfo": {"status": "Accepted"}}
    world.do(c.PresentTag(id_tag="STRANGER"))
    assert world.connector()["locked"]
    world.peer.answers["Authorize"] = family | {"idTagInfo": {"status": "Blocked", "parentIdTag": "FAMILY"}}
    world.do(c.PresentTag(id_tag="COUSIN"))
    assert world.connector()["locked"]
    world.peer.answers["Authorize"] = family
    world.do(c.PresentTag(id_tag="COUSIN"))
    assert world.status() == "Available"
    assert "StartTransaction" not in world.peer.actions()


@covers("CORE-EV-2")
def test_or_until_the_central_system_unlocks() -> None:
    """TC_005_2."""
    world = charging(keys={"UnlockConnectorOnEVSideDisconnect": "false"})
    world.do(c.Unplug())
    assert world.ask("UnlockConnector", {"connectorId": 1}) == {"status": "Unlocked"}
    assert world.told() == ["StopTransaction EVDisconnected", "Status(1) Finishing", "Status(1) Available"]


@covers("CORE-EV-2")
def test_a_lock_that_holds_survives_a_restart() -> None:
    world = charging(keys={"UnlockConnectorOnEVSideDisconnect": "false"})
    world.do(c.Unplug(end="vehicle"))
    world.driver.kill()
    world.driver.restart()
    world.run(1)
    assert (world.status(), world.connector()["locked"]) == ("Finishing", True)
    world.do(c.PresentTag(id_tag=TAG))
    assert not world.connector()["locked"]


@covers("CORE-EV-3", "STM-5", "C.1/StopTransactionOnEVSideDisconnect")
@pytest.mark.parametrize("unlock", ["true", "false"])
def test_or_the_transaction_goes_on(unlock: str) -> None:
    """TC_005_3: locked whatever the other key says; a replug brings energy again, a remote stop ends it."""
    world = charging(
        keys={
            "StopTransactionOnEVSideDisconnect": "false",
            "UnlockConnectorOnEVSideDisconnect": unlock,
        }
    )
    world.do(c.Unplug(end="vehicle"))
    status = world.peer.last("StatusNotification")
    assert (status["status"], status["errorCode"], status["info"]) == ("SuspendedEV", "NoError", GONE)
    assert world.connector()["locked"]
    before = world.connector()["meter_wh"]
    world.run(60)
    assert world.connector()["meter_wh"] == before
    world.do(c.PlugIn())
    world.run(60)
    assert world.statuses() == ["SuspendedEV", "Charging"]
    assert "info" not in world.peer.last("StatusNotification")
    assert world.connector()["meter_wh"] > before + 50
    world.ask("RemoteStopTransaction", {"transactionId": 1})
    assert world.peer.actions().count("StopTransaction") == 1


@covers("STM-5", "CORE-EV-3")
def test_unplugged_while_suspended_is_told_again_with_its_info() -> None:
    world = charging(keys={"StopTransactionOnEVSideDisconnect": "false"})
    world.do(c.SuspendEv())
    world.do(c.Unplug(end="vehicle"))
    world.do(c.PlugIn())
    notes = world.peer.payloads("StatusNotification")
    assert [(n["status"], n.get("info")) for n in notes] == [
        ("SuspendedEV", None),
        ("SuspendedEV", GONE),
        ("SuspendedEV", None),
    ]


@covers("CORE-EV-3")
def test_the_cable_left_in_the_station_comes_out_when_the_transaction_ends() -> None:
    world = charging(keys={"StopTransactionOnEVSideDisconnect": "false"})
    assert world.do(c.Unplug()) == {"connector": 1, "locked": True}
    world.run(30)
    world.do(c.PresentTag(id_tag=TAG))
    assert world.told(without=("MeterValues",)) == [
        "Status(1) SuspendedEV",
        "StopTransaction Local",
        "Status(1) Available",
    ]


@covers("CORE-EV-4", "C.1/UnlockConnectorOnEVSideDisconnect", "C.1/StopTransactionOnEVSideDisconnect")
def test_the_keys_of_a_fixed_cable() -> None:
    """One cable with a plug is enough to make the key one that can be set."""
    world = World(connectors=FIXED)
    assert world.key("UnlockConnectorOnEVSideDisconnect") == "false"
    assert world.change("UnlockConnectorOnEVSideDisconnect", "true") == "Rejected"
    assert world.change("StopTransactionOnEVSideDisconnect", "false") == "Accepted"
    world = World(connectors=(*FIXED, ConnectorProfile()))
    assert world.change("UnlockConnectorOnEVSideDisconnect", "false") == "Accepted"


@covers("CORE-EV-4", "CORE-CFG-7", "C.1/StopTransactionOnEVSideDisconnect")
def test_a_station_without_the_key_ends_the_transaction() -> None:
    world = charging(switches={"SW-ABSENT-KEYS": "StopTransactionOnEVSideDisconnect"})
    assert world.key("StopTransactionOnEVSideDisconnect") is None
    world.do(c.Unplug(end="vehicle"))
    assert world.peer.last("StopTransaction")["reason"] == "EVDisconnected"


@covers("CORE-EV-5")
def test_a_fixed_cable_is_available_at_once() -> None:
    world = charging(connectors=FIXED)
    world.do(c.Unplug())
    assert world.told() == ["StopTransaction EVDisconnected", "Status(1) Available"]


@covers("CORE-EV-3", "CORE-EV-5")
def test_a_fixed_cable_may_also_wait_for_the_car_to_come_back() -> None:
    world = charging(connectors=FIXED, keys={"StopTransactionOnEVSideDisconnect": "false"})
    world.do(c.Unplug())
    assert world.peer.last("StatusNotification")["info"] == GONE
    world.do(c.PlugIn())
    assert world.statuses() == ["SuspendedEV", "Charging"]
    world.do(c.Unplug())
    world.do(c.PresentTag(id_tag=TAG))
    assert world.told()[-2:] == ["StopTransaction Local", "Status(1) Available"]


@covers("CORE-EV-1", "CORE-EV-2", "CORE-EV-3", "CORE-EV-5")
@pytest.mark.parametrize("stop", ["true", "false"])
@pytest.mark.parametrize("unlock", ["true", "false"])
@pytest.mark.parametrize("fixed", [True, False])
def test_every_way_to_pull_the_plug(stop: str, unlock: str, fixed: bool) -> None:
    """Both keys and both kinds of cable; the driver pulls both ends, the start tag frees what is still held."""
    keys = {"StopTransactionOnEVSideDisconnect": stop}
    if not fixed:
        keys["UnlockConnectorOnEVSideDisconnect"] = unlock
    world = charging(keys=keys, connectors=FIXED if fixed else 1)
    world.do(c.Unplug())
    goes_on = stop == "false"
    held = not fixed and (goes_on or unlock == "false")
    assert (world.connector()["transaction"]["id"] if goes_on else None) == (1 if goes_on else None)
    assert world.connector()["locked"] is held
    if goes_on:
        assert world.statuses() == ["SuspendedEV"]
    else:
        assert world.statuses() == (
            ["Available"] if fixed else ["Finishing"] if held else ["Finishing", "Available"]
        )
    if goes_on or held:
        world.do(c.PresentTag(id_tag=TAG))
    assert world.status() == "Available"
    assert world.connector()["plugged"]["vehicle"] is False
    assert world.peer.actions().count("StopTransaction") == 1


@covers("CORE-STOP-1")
def test_a_stop_while_offline_keeps_its_time() -> None:
    world = charging()
    world.offline()
    world.do(c.Stop())
    world.run(500)
    world.online()
    world.run(1)
    stop = world.peer.last("StopTransaction")
    assert stop["timestamp"] == "2025-06-02T07:00:36.500Z"
    assert (stop["reason"], stop["idTag"]) == ("Local", TAG)
