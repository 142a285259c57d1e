"""Power loss and faults (A.10, CORE-PWR; B, error codes; CORE-STAT-11)."""

from typing import Any

import msgspec
import pytest

from desktop_sim.protocol.times import format_time
from desktop_sim.protocol.types import ChargePointErrorCode
from desktop_sim.runtime.scripted_peer import Later
from desktop_sim.station import commands as c
from desktop_sim.station.commands import CommandRefused
from desktop_sim.station.events import FaultEvent
from desktop_sim.station.profile import ConnectorProfile
from tests.conformance.coverage import covers
from tests.conformance.world import TAG, World

RESUME = {"SW-RESUME-AFTER-POWERLOSS": "resume"}
FIXED = (ConnectorProfile(fixed_cable=True),)
WARNINGS = ("EVCommunicationError", "LocalListConflict", "ReaderFailure", "ResetFailure", "WeakSignal")
FATAL = ("GroundFailure", "InternalError", "OverCurrentFailure", "PowerSwitchFailure")
BLOCKING = tuple(
    code.value for code in ChargePointErrorCode if code.value not in WARNINGS and code.value != "NoError"
)


def charging(seconds: float = 36, **world: Any) -> World:
    made = World(**world)
    made.start()
    made.run(seconds)
    made.peer.clear()
    return made


def outage(world: World, seconds: float = 600) -> None:
    world.do(c.PowerCut())
    world.run(seconds)
    world.do(c.PowerOn())
    world.run(5)


def kill(world: World, seconds: float = 600) -> None:
    world.driver.kill()
    world.run(seconds)
    world.driver.restart()
    world.run(5)


# --- power ---


@covers("CORE-PWR-1", "CORE-STOP-3")
def test_with_backup_power_the_transaction_ends_before_the_station_goes_down() -> None:
    """TC_032_1."""
    world = charging(backup_power=True, answers={"StopTransaction": Later(2, {})})
    world.do(c.PowerCut())
    assert world.told() == ["StopTransaction PowerLoss"]
    assert world.info()["power"] == "on"
    world.run(2.1)
    assert world.info()["power"] == "off"
    assert world.told() == ["StopTransaction PowerLoss", "Status(1) Finishing"]
    world.do(c.PowerOn())
    world.run(5)
    assert world.told()[2:] == ["BootNotification", "Status(0) Available", "Status(1) Finishing"]


@covers("CORE-PWR-1")
def test_backup_power_lasts_five_seconds() -> None:
    """What is not answered until then is delivered after the boot."""
    world = charging(backup_power=True, answers={"StopTransaction": None})
    world.do(c.PowerCut())
    for command, sentence in ((c.PowerCut(), "still going down"), (c.PowerOn(), "still going down")):
        with pytest.raises(CommandRefused, match=sentence):
            world.do(command)
    world.run(5.1)
    assert world.info()["power"] == "off"
    world.peer.answers["StopTransaction"] = {}
    world.do(c.PowerOn())
    world.run(5)
    first, second = world.peer.payloads("StopTransaction")
    assert first == second


@covers("CORE-PWR-2", "CORE-STOP-3")
def test_without_it_the_transaction_ends_after_the_boot_as_last_known() -> None:
    """TC_032_2: the register and the time of the moment the power went."""
    world = charging(keys={"StopTxnSampledData": "Energy.Active.Import.Register"})
    outage(world)
    assert world.told() == [
        "BootNotification",
        "Status(0) Available",
        "Status(1) Finishing",
        "StopTransaction PowerLoss",
    ]
    stop = world.peer.last("StopTransaction")
    assert (stop["meterStop"], stop["timestamp"]) == (35, "2025-06-02T07:00:36.500Z")
    assert "idTag" not in stop
    assert stop["transactionData"][-1]["timestamp"] == stop["timestamp"]
    assert stop["transactionData"][-1]["sampledValue"][0]["value"] == "35"
    assert not world.connector()["locked"]


@covers("CORE-PWR-2")
def test_what_happens_in_the_dark_does_not_change_what_is_last_known() -> None:
    """Cables and sliders are moved without power; the meter's clock stands still."""
    world = charging()
    world.do(c.PowerCut())
    world.run(300)
    world.do(c.Current(amperes=10))
    world.do(c.Unplug(end="vehicle"))
    world.do(c.EmergencyStop())
    world.do(c.EmergencyStop(on=False))
    world.run(300)
    assert world.info()["queue"]["waiting"] == 0
    world.do(c.PowerOn())
    world.run(5)
    stop = world.peer.last("StopTransaction")
    assert (stop["reason"], stop["meterStop"]) == ("PowerLoss", 35)
    assert stop["timestamp"] == "2025-06-02T07:00:36.500Z"
    assert world.status() == "Finishing"


@covers("CORE-PWR-2")
def test_after_a_kill_at_most_ten_seconds_are_not_known() -> None:
    world = charging(57)
    kill(world)
    stop = world.peer.last("StopTransaction")
    assert stop["reason"] == "PowerLoss"
    assert "2025-06-02T07:00:47.500Z" <= stop["timestamp"] <= "2025-06-02T07:00:57.500Z"
    assert 45 <= stop["meterStop"] <= 57
    assert world.connector()["meter_wh"] == stop["meterStop"]


@covers("CORE-PWR-2", "CORE-STOP-4")
def test_a_cable_pulled_in_the_dark_is_gone_afterwards() -> None:
    world = charging()
    world.do(c.PowerCut())
    world.do(c.Unplug())
    assert world.connector()["locked"]
    world.do(c.PowerOn())
    world.run(5)
    assert world.told()[-2:] == ["Status(1) Available", "StopTransaction PowerLoss"]


@covers("CORE-PWR-3")
@pytest.mark.parametrize("how", [outage, kill])
def test_the_transaction_may_go_on(how: Any) -> None:
    """The same transaction, its samples on the old grid, and its end with another reason."""
    world = charging(switches=RESUME, keys={"MeterValueSampleInterval": "100"})
    how(world)
    assert world.told() == ["BootNotification", "Status(0) Available", "Status(1) Charging", "MeterValues"]
    world.run(100)
    assert world.connector()["watts"] == 3680
    stamps = [p["meterValue"][0]["timestamp"][14:19] for p in world.peer.payloads("MeterValues")]
    assert stamps[1:] == ["11:40"]
    world.do(c.PresentTag(id_tag=TAG))
    stop = world.peer.last("StopTransaction")
    assert (stop["reason"], stop["transactionId"]) == ("Local", 1)
    assert stop["meterStop"] > 100


@covers("CORE-PWR-3", "CORE-TX-4")
def test_what_goes_on_is_still_known_by_its_id() -> None:
    world = charging(switches=RESUME, keys={"MeterValueSampleInterval": "0"})
    kill(world)
    assert world.ask("RemoteStopTransaction", {"transactionId": 1}) == {"status": "Accepted"}


@covers("CORE-PWR-2", "CORE-BOOT-4")
def test_the_last_known_time_is_in_the_time_of_the_central_system() -> None:
    """An hour ahead."""
    world = World(boot=False)
    world.peer.answers["BootNotification"] = lambda _: {
        "status": "Accepted",
        "currentTime": format_time(world.driver.now.sim + 3600 * 1_000_000),
        "interval": 300,
    }
    world.run(0.5)
    world.start()
    world.run(36)
    outage(world)
    assert world.peer.last("StopTransaction")["timestamp"] == "2025-06-02T08:00:36.500Z"


@covers("CORE-PWR-2", "CORE-MV-12")
def test_registers_are_kept_every_ten_seconds_also_after_a_pause() -> None:
    world = charging()
    world.do(c.SuspendEv())
    world.run(100)
    world.do(c.ResumeEv())
    world.run(57)
    before = world.connector()["meter_wh"]
    kill(world)
    assert before - 12 <= world.connector()["meter_wh"] <= before


@covers("CORE-PWR-2")
def test_power_going_and_coming_are_events() -> None:
    world = World()
    outage(world)
    assert [(e.what, e.active) for e in world.events(FaultEvent)] == [
        ("power cut", True),
        ("power cut", False),
    ]


@covers("CORE-PWR-3")
def test_it_goes_on_as_it_was() -> None:
    """Suspended by the car, by the station, by a refusal."""
    refused = {"transactionId": 1, "idTagInfo": {"status": "Invalid"}}
    world = World(connectors=3, switches=RESUME, keys={"StopTransactionOnInvalidId": "false"})
    world.start(1)
    world.do(c.SuspendEv(connector=1))
    world.start(2)
    world.do(c.SuspendEvse(connector=2))
    world.peer.answers["StartTransaction"] = refused
    world.start(3, "OTHER")
    world.run(1)
    before = [world.status(number) for number in (1, 2, 3)]
    assert before == ["SuspendedEV", "SuspendedEVSE", "SuspendedEVSE"]
    outage(world)
    assert [world.status(number) for number in (1, 2, 3)] == before
    kill(world)
    assert [world.status(number) for number in (1, 2, 3)] == before


@covers("CORE-PWR-3", "CORE-PWR-2")
def test_without_its_car_it_does_not_go_on() -> None:
    world = charging(switches=RESUME)
    world.do(c.PowerCut())
    world.do(c.Unplug(end="vehicle"))
    world.do(c.PowerOn())
    world.run(5)
    assert world.told()[-1] == "StopTransaction PowerLoss"


@covers("CORE-PWR-3", "CORE-PWR-1")
def test_with_backup_power_there_is_nothing_left_to_go_on() -> None:
    world = charging(switches=RESUME, backup_power=True)
    outage(world)
    assert "StopTransaction PowerLoss" in world.told()
    assert world.status() == "Finishing"


@covers("CORE-PWR-4", "CORE-STAT-8")
def test_availability_stays() -> None:
    """TC_034."""
    world = World()
    world.ask("ChangeAvailability", {"connectorId": 0, "type": "Inoperative"})
    outage(world)
    assert (world.status(0), world.status(1)) == ("Unavailable", "Unavailable")


@covers("CORE-PWR-2", "CORE-RST-4")
@pytest.mark.parametrize("how", [outage, kill])
@pytest.mark.parametrize(
    "acts, before, after",
    [
        ((), "Available", "Available"),
        ((c.PlugIn(),), "Preparing", "Preparing"),
        ((c.PresentTag(id_tag=TAG),), "Preparing", "Available"),
        ((c.Start(),), "Charging", "Finishing"),
        ((c.Start(), c.SuspendEv()), "SuspendedEV", "Finishing"),
        ((c.Start(), c.SuspendEvse()), "SuspendedEVSE", "Finishing"),
        ((c.Start(), c.Stop()), "Finishing", "Finishing"),
        ((c.Error(error_code="GroundFailure"),), "Faulted", "Faulted"),
        ((c.Start(), c.Error(error_code="HighTemperature")), "Faulted", "Faulted"),
        ((c.EmergencyStop(),), "Faulted", "Faulted"),
    ],
)
def test_a_stop_in_every_status(how: Any, acts: tuple[c.Command, ...], before: str, after: str) -> None:
    """What is physical stays: cable, car, faults, the red button. Permissions do not."""
    world = World()
    for act in acts:
        world.do(act)
    assert world.status() == before
    how(world)
    assert world.status() == world.statuses()[-1] == after


@covers("CORE-PWR-2")
@pytest.mark.parametrize("how", [outage, kill])
def test_car_charge_slider_and_pauses_stay(how: Any) -> None:
    world = World()
    world.start()
    world.do(c.Vehicle(soc=55))
    world.do(c.Current(amperes=11))
    world.do(c.SuspendEvse())
    world.do(c.LockFailure(on=True))
    before = world.connector()
    how(world)
    after = world.connector()
    for name in (
        "soc",
        "slider_a",
        "evse_paused",
        "ev_paused",
        "lock_broken",
        "vehicle",
        "meter_wh",
        "plugged",
    ):
        assert after[name] == before[name], name


@covers("CORE-PWR-2", "CORE-BOOT-1")
def test_without_power_nothing_goes_out_and_nothing_starts() -> None:
    world = World(connectors=2, switches={"SW-FREE-VEND": "off"})
    world.do(c.PresentTag(id_tag=TAG))
    world.do(c.PowerCut())
    world.peer.clear()
    world.do(c.PlugIn(connector=1))
    world.do(c.Switch(name="SW-FREE-VEND", value="FREE"))
    world.do(c.PlugIn(connector=2))
    world.run(1000)
    assert world.peer.messages == []
    assert world.info()["link"]["state"] != "up"
    assert [world.connector(number)["watts"] for number in (1, 2)] == [0, 0]
    for command in (
        c.PresentTag(id_tag=TAG),
        c.Start(),
        c.Status(status="Charging", connector=1),
        c.Error(error_code="GroundFailure", connector=1),
        c.Reboot(),
        c.FactoryReset(),
    ):
        with pytest.raises(CommandRefused, match="no power"):
            world.do(command)
    with pytest.raises(CommandRefused, match="off already"):
        world.do(c.PowerCut())


@covers("CORE-PWR-2")
def test_a_permission_that_waits_for_the_plug_is_lost_with_the_power() -> None:
    world = World()
    world.do(c.PresentTag(id_tag=TAG))
    world.do(c.PowerCut())
    world.do(c.PlugIn())
    world.do(c.PowerOn())
    world.run(5)
    assert world.status() == "Preparing"
    assert "StartTransaction" not in world.peer.actions()


@covers("CORE-PWR-2", "CORE-RST-4")
def test_a_cut_during_a_restart_and_during_another_cut() -> None:
    world = charging(switches={"SW-REBOOT-SECONDS": "60"})
    world.do(c.Reboot())
    world.run(10)
    world.do(c.PowerCut())
    world.run(600)
    assert world.peer.actions().count("BootNotification") == 0
    world.do(c.PowerOn())
    world.run(1)
    assert world.told()[:3] == ["StopTransaction Reboot", "Status(1) Finishing", "BootNotification"]
    with pytest.raises(CommandRefused, match="power is on"):
        world.do(c.PowerOn())


@covers("CORE-PWR-1", "CORE-RST-2")
def test_a_cut_with_backup_power_takes_over_a_restart() -> None:
    """A reset waits for an answer that does not come; the cut waits five seconds and leaves it dark."""
    world = charging(backup_power=True, answers={"StopTransaction": None})
    world.ask("Reset", {"type": "Soft"})
    world.run(20)
    world.do(c.PowerCut())
    world.run(5.1)
    assert world.info()["power"] == "off"
    world.run(600)
    assert (world.info()["power"], world.peer.actions().count("BootNotification")) == ("off", 0)


@covers("CORE-PWR-2", "CORE-STOP-4")
def test_a_lock_that_stuck_is_tried_again_at_the_boot() -> None:
    world = charging()
    world.do(c.LockFailure(on=True))
    world.do(c.Stop())
    world.do(c.ClearFault())
    kill(world)
    status = world.peer.last("StatusNotification")
    assert (status["status"], status["errorCode"]) == ("Finishing", "ConnectorLockFailure")
    assert world.connector()["locked"]


@covers("CORE-PWR-2")
def test_a_transaction_on_a_connector_that_is_gone_ends_too() -> None:
    """The profile was changed while the station was down."""
    world = World(connectors=2)
    world.start(2)
    world.run(36)
    world.driver.kill()
    world.profile = msgspec.structs.replace(world.profile, connectors=world.profile.connectors[:1])
    world.driver.restart()
    world.run(5)
    (stop,) = world.peer.payloads("StopTransaction")
    assert (stop["reason"], stop["transactionId"]) == ("PowerLoss", 1)
    assert 25 <= stop["meterStop"] <= 36
    kill(world)
    assert world.peer.actions().count("StopTransaction") == 1


# --- faults ---


@covers("CORE-PWR-5")
@pytest.mark.parametrize("code", BLOCKING)
def test_a_faulted_connector_refuses_every_start(code: str) -> None:
    """TC_041."""
    world = World(switches={"SW-FREE-VEND": "FREE"})
    world.do(c.Error(error_code=code))
    world.do(c.PlugIn())
    with pytest.raises(CommandRefused, match="connector 1 is Faulted"):
        world.do(c.PresentTag(id_tag=TAG))
    assert world.ask("RemoteStartTransaction", {"connectorId": 1, "idTag": TAG}) == {"status": "Rejected"}
    world.run(100)
    assert {"Authorize", "StartTransaction"}.isdisjoint(world.peer.actions())


@covers("CORE-STAT-6", "CORE-STAT-10", "CORE-STAT-11")
@pytest.mark.parametrize("code", [code.value for code in ChargePointErrorCode])
def test_all_sixteen_codes_while_nothing_runs(code: str) -> None:
    """The table of error codes: what each one does to the status of a connector that a car stands at."""
    world = World()
    world.do(c.PlugIn())
    world.peer.clear()
    world.do(c.Error(error_code=code.lower()))
    if code == "NoError":
        assert world.told() == []
        return
    status = world.peer.last("StatusNotification")
    assert status["errorCode"] == code
    assert status["status"] == ("Preparing" if code in WARNINGS else "Faulted")
    world.do(c.Error(error_code="NoError"))
    status = world.peer.last("StatusNotification")
    assert (status["status"], status["errorCode"]) == ("Preparing", "NoError")


@covers("CORE-STAT-11", "CORE-STOP-3")
@pytest.mark.parametrize("code", BLOCKING)
def test_a_fault_during_a_transaction_ends_or_suspends_it(code: str) -> None:
    world = charging()
    world.do(c.Error(error_code=code))
    assert (world.status(), world.connector()["watts"]) == ("Faulted", 0)
    before = world.connector()["meter_wh"]
    world.run(100)
    assert world.connector()["meter_wh"] == before
    ends = code in FATAL
    assert [p["reason"] for p in world.peer.payloads("StopTransaction")] == (["Other"] if ends else [])
    world.do(c.ClearFault())
    world.run(10)
    assert world.status() == ("Finishing" if ends else "Charging")
    assert (world.connector()["watts"] == 3680) is not ends


@covers("CORE-STAT-11")
def test_which_faults_are_fatal_is_a_switch() -> None:
    world = charging(switches={"SW-FATAL-FAULTS": "hightemperature, OverVoltage"})
    world.do(c.Error(error_code="GroundFailure"))
    assert "StopTransaction" not in world.peer.actions()
    world.do(c.ClearFault())
    world.do(c.Error(error_code="HighTemperature"))
    assert world.peer.last("StopTransaction")["reason"] == "Other"
    with pytest.raises(CommandRefused, match="SW-FATAL-FAULTS takes error codes"):
        world.do(c.Switch(name="SW-FATAL-FAULTS", value="Mode3Error"))


@covers("CORE-STAT-11")
def test_a_suspended_transaction_can_still_be_ended() -> None:
    """By its tag, remotely, or at the car; the connector stays Faulted until it is repaired."""
    world = World(connectors=3)
    for number in (1, 2, 3):
        world.start(number, f"TAG{number}")
        world.do(c.Error(connector=number, error_code="OverVoltage"))
    world.peer.clear()
    world.do(c.PresentTag(id_tag="TAG1"))
    world.ask("RemoteStopTransaction", {"transactionId": 2})
    world.do(c.Unplug(connector=3, end="vehicle"))
    assert [p["reason"] for p in world.peer.payloads("StopTransaction")] == [
        "Local",
        "Remote",
        "EVDisconnected",
    ]
    assert {world.status(number) for number in (1, 2, 3)} == {"Faulted"}
    world.do(c.ClearFault(connector=1))
    assert world.status(1) == "Finishing"


@covers("CORE-STAT-11", "CORE-EV-3")
def test_a_fault_and_a_pulled_plug_and_then_the_repair() -> None:
    world = charging(keys={"StopTransactionOnEVSideDisconnect": "false"})
    world.do(c.Error(error_code="OverVoltage"))
    world.do(c.Unplug(end="vehicle"))
    world.do(c.ClearFault())
    assert world.statuses() == ["Faulted", "SuspendedEV"]
    world.do(c.PlugIn())
    assert world.statuses()[-1] == "Charging"


@covers("CORE-STAT-10")
def test_a_second_fault_takes_the_place_of_the_first() -> None:
    world = World()
    world.do(c.Error(error_code="OverVoltage"))
    world.do(c.Error(error_code="WeakSignal"))
    assert world.peer.last("StatusNotification")["errorCode"] == "OverVoltage"
    world.do(c.Error(error_code="GroundFailure", info="again"))
    assert world.peer.last("StatusNotification")["errorCode"] == "GroundFailure"
    world.do(c.ClearFault())
    assert world.peer.last("StatusNotification")["errorCode"] == "NoError"
    assert world.statuses() == ["Faulted", "Faulted", "Available"]


@covers("CORE-STAT-6")
@pytest.mark.parametrize("connector", [0, 1])
def test_a_broken_reader_reads_nothing_and_remote_starts_work(connector: int) -> None:
    world = World()
    world.do(c.Error(connector=connector, error_code="ReaderFailure"))
    for command in (c.PresentTag(id_tag=TAG), c.Start()):
        with pytest.raises(CommandRefused, match="The card reader is broken"):
            world.do(command)
    world.do(c.PlugIn())
    world.ask("RemoteStartTransaction", {"connectorId": 1, "idTag": TAG})
    assert world.status() == "Charging"
    with pytest.raises(CommandRefused, match="The card reader is broken"):
        world.do(c.PresentTag(id_tag=TAG))
    world.do(c.ClearFault(connector=connector))
    world.do(c.PresentTag(id_tag=TAG))
    assert world.status() == "Finishing"


@covers("CORE-STAT-6", "CORE-AUTH-13")
def test_of_two_readers_the_other_one_works() -> None:
    world = World(connectors=2)
    world.do(c.Error(connector=1, error_code="ReaderFailure"))
    world.do(c.PresentTag(id_tag=TAG))
    assert (world.status(1), world.status(2)) == ("Available", "Preparing")


@covers("CORE-STOP-3", "CORE-PWR-5")
def test_the_red_button_ends_all_and_holds_until_it_is_released() -> None:
    world = World(connectors=2)
    world.start(1)
    world.do(c.PlugIn(connector=2))
    world.peer.clear()
    world.do(c.EmergencyStop())
    assert world.told() == [
        "StopTransaction EmergencyStop",
        "Status(0) Faulted",
        "Status(1) Faulted",
        "Status(2) Faulted",
    ]
    status = world.peer.last("StatusNotification")
    assert (status["errorCode"], status["info"]) == ("OtherError", "emergency stop")
    assert world.ask("RemoteStartTransaction", {"connectorId": 2, "idTag": TAG}) == {"status": "Rejected"}
    with pytest.raises(CommandRefused, match="pressed already"):
        world.do(c.EmergencyStop())
    kill(world, 10)
    assert {world.status(number) for number in (0, 1, 2)} == {"Faulted"}
    world.do(c.EmergencyStop(on=False))
    assert [world.status(number) for number in (0, 1, 2)] == ["Available", "Finishing", "Preparing"]
    with pytest.raises(CommandRefused, match="released already"):
        world.do(c.EmergencyStop(on=False))


@covers("CORE-STAT-11", "CORE-STAT-7")
@pytest.mark.parametrize("code", BLOCKING)
def test_a_fault_of_the_station_leaves_the_connectors_alone(code: str) -> None:
    world = charging()
    world.do(c.Error(connector=0, error_code=code))
    assert world.told() == ["Status(0) Faulted"]
    assert world.connector()["watts"] == 3680
    world.do(c.ClearFault(connector=0))
    assert world.told() == ["Status(0) Faulted", "Status(0) Available"]


@covers("CORE-STAT-11", "CORE-STOP-4")
def test_a_fault_on_a_fixed_cable_ends_in_available() -> None:
    world = charging(connectors=FIXED)
    world.do(c.Error(error_code="GroundFailure"))
    world.do(c.Unplug())
    world.do(c.ClearFault())
    assert world.told() == ["StopTransaction Other", "Status(1) Faulted", "Status(1) Available"]
