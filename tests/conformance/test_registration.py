"""CORE-BOOT and CORE-HB: registration, waiting times, the clock, heartbeats."""

from itertools import pairwise
from typing import Any

import msgspec
import pytest

from desktop_sim.protocol.times import format_time, parse_time
from desktop_sim.runtime.scripted_peer import Answer, Failure, Later, Raw
from desktop_sim.runtime.virtual import START
from desktop_sim.station import commands
from desktop_sim.station.boot import Boot
from desktop_sim.station.commands import CommandRefused
from desktop_sim.station.profile import Identity, StationProfile
from desktop_sim.station.station import Station
from desktop_sim.station.turn import SECOND
from tests.conformance.coverage import covers
from tests.conformance.replies import logs, registration, times, unregistered
from tests.conformance.world import TAG, World

DAY = 86_400.0


# --- BootNotification ---


@covers("CORE-BOOT-1")
def test_nothing_is_sent_before_boot_notification_is_answered() -> None:
    world = unregistered(answers={"BootNotification": None}, connectors=2)
    world.run(1)
    world.do(commands.PlugIn(connector=1))
    world.do(commands.Error(connector=2, error_code="GroundFailure"))
    world.ask("ChangeAvailability", {"connectorId": 2, "type": "Inoperative"})
    world.run(28)
    assert world.told() == ["BootNotification"]


@covers("CORE-BOOT-1")
@pytest.mark.parametrize("answer", [None, Failure("InternalError")])
@pytest.mark.parametrize(
    "message, status",
    [
        ("BootNotification", "Accepted"),
        ("Heartbeat", "Rejected"),
        ("MeterValues", "Rejected"),
        ("StatusNotification", "Rejected"),
        ("FirmwareStatusNotification", "Rejected"),
        ("Nonsense", "NotImplemented"),
    ],
)
def test_not_even_what_is_triggered_but_boot_notification_itself(
    answer: Answer, message: str, status: str
) -> None:
    world = unregistered(answers={"BootNotification": answer})
    world.run(1)
    assert world.ask("TriggerMessage", {"requestedMessage": message}) == {"status": status}
    world.run(28)
    assert set(world.told()) == {"BootNotification"}


@covers("CORE-BOOT-1", "CORE-TXQ-3")
@pytest.mark.parametrize("how", ["kill", "Reset", "power cut"])
def test_what_is_left_from_before_waits_for_the_registration(how: str) -> None:
    world = World()
    world.start()
    world.peer.answers["BootNotification"] = None
    world.peer.answers["StopTransaction"] = None
    world.do(commands.Stop())
    world.peer.clear()
    if how == "kill":
        world.driver.restart()
    elif how == "Reset":
        world.ask("Reset", {"type": "Hard"})
    else:
        world.do(commands.PowerCut())
        world.do(commands.PowerOn())
    world.run(20)
    assert world.told() == ["BootNotification"]
    world.peer.answers["BootNotification"] = registration(world, "Accepted")
    world.run(120)
    assert world.told(without=("BootNotification",))[:3] == [
        "Status(0) Available",
        "Status(1) Finishing",
        "StopTransaction Local",
    ]


FULL = Identity(
    vendor="Maker",
    model="Model",
    charge_point_serial_number="CP-SERIAL",
    charge_box_serial_number="BOX-SERIAL",
    firmware_version="2.1",
    iccid="8931",
    imsi="2620",
    meter_type="Meter",
    meter_serial_number="METER-SERIAL",
)


@covers("CORE-BOOT-2")
def test_boot_notification_says_all_that_is_known() -> None:
    world = unregistered(identity=FULL)
    world.run(0)
    assert world.peer.last("BootNotification") == {
        "chargePointVendor": "Maker",
        "chargePointModel": "Model",
        "chargePointSerialNumber": "CP-SERIAL",
        "chargeBoxSerialNumber": "BOX-SERIAL",
        "firmwareVersion": "2.1",
        "iccid": "8931",
        "imsi": "2620",
        "meterType": "Meter",
        "meterSerialNumber": "METER-SERIAL",
    }


@covers("CORE-BOOT-2")
def test_boot_notification_leaves_empty_fields_out() -> None:
    world = unregistered(identity=Identity(vendor="Maker", model="Model", firmware_version=""))
    world.run(0)
    assert world.peer.last("BootNotification") == {"chargePointVendor": "Maker", "chargePointModel": "Model"}


@covers("CORE-BOOT-2")
@pytest.mark.parametrize(
    "field, length",
    [
        ("vendor", 20),
        ("model", 20),
        ("chargePointSerialNumber", 25),
        ("chargeBoxSerialNumber", 25),
        ("firmwareVersion", 50),
        ("iccid", 20),
        ("imsi", 20),
        ("meterType", 25),
        ("meterSerialNumber", 25),
    ],
)
def test_a_profile_cannot_say_more_than_fits(field: str, length: int) -> None:
    msgspec.convert({"identity": {field: "x" * length}}, StationProfile)
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"identity": {field: "x" * (length + 1)}}, StationProfile)


@covers("CORE-BOOT-2")
@pytest.mark.parametrize("field", ["vendor", "model"])
def test_vendor_and_model_cannot_be_empty(field: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"identity": {field: ""}}, StationProfile)


@covers("CORE-BOOT-3")
def test_the_interval_becomes_that_of_the_heartbeat() -> None:
    world = unregistered(interval=42)
    world.run(43)
    assert times(world, "Heartbeat") == [42]
    assert world.key("HeartbeatInterval") == "42"


@covers("CORE-BOOT-3")
@pytest.mark.parametrize("interval", [0, -5])
def test_an_interval_that_is_none_keeps_the_configured_one(interval: int) -> None:
    world = unregistered(interval=interval, keys={"HeartbeatInterval": "77"})
    world.run(78)
    assert times(world, "Heartbeat") == [77]
    assert world.key("HeartbeatInterval") == "77"


@covers("CORE-BOOT-3")
def test_the_interval_survives_a_reboot() -> None:
    world = World(interval=42)
    world.driver.kill()
    world.peer.answers["BootNotification"] = None
    world.driver.restart()
    world.run(0)
    assert world.key("HeartbeatInterval") == "42"


@covers("CORE-BOOT-4")
@pytest.mark.parametrize("ahead", [3600.0, -3600.0])
def test_the_clock_is_set_before_anything_with_a_timestamp_leaves(ahead: float) -> None:
    world = unregistered()
    world.peer.answers["BootNotification"] = registration(world, "Accepted", ahead=ahead)
    world.run(0)
    world.start()
    stamps = [p["timestamp"] for p in world.peer.payloads("StatusNotification")]
    stamps += [world.peer.last("StartTransaction")["timestamp"]]
    assert [parse_time(stamp) for stamp in stamps] == [START + round(ahead * SECOND)] * len(stamps)
    assert logs(world, "SettingSystemTime")


@covers("CORE-BOOT-4")
@pytest.mark.parametrize("seconds, told", [(60, False), (-60, False), (61, True), (-61, True)])
def test_a_small_correction_is_no_security_matter(seconds: int, told: bool) -> None:
    world = unregistered()
    world.peer.answers["BootNotification"] = registration(world, "Accepted", ahead=seconds)
    world.run(0)
    assert world.info()["clock"]["offset"] == seconds * SECOND
    assert bool(logs(world, "SettingSystemTime")) is told


@covers("CORE-BOOT-4")
def test_the_clock_stays_set_over_a_restart() -> None:
    world = unregistered()
    world.peer.answers["BootNotification"] = registration(world, "Accepted", ahead=100)
    world.run(1)
    world.driver.network(False)
    world.driver.restart()
    assert world.info()["clock"]["offset"] == 100 * SECOND


@covers("CORE-BOOT-4", "CORE-HB-2")
def test_a_hurried_clock_is_set_once() -> None:
    world = unregistered()
    world.driver.station.set_rate(60.0)
    world.peer.answers["BootNotification"] = registration(world, "Accepted", ahead=100)
    world.run(1)
    assert world.info()["clock"]["offset"] == 100 * SECOND
    world.peer.answers["BootNotification"] = registration(world, "Accepted", ahead=-5000)
    world.peer.answers["Heartbeat"] = {"currentTime": "2025-06-02T05:00:00Z"}
    world.ask("TriggerMessage", {"requestedMessage": "Heartbeat"})
    world.ask("TriggerMessage", {"requestedMessage": "BootNotification"})
    world.ask("Reset", {"type": "Soft"})
    world.run(10)
    assert world.info()["clock"]["offset"] == 100 * SECOND


@covers("CORE-BOOT-4", "RPC-27")
@pytest.mark.parametrize("when", ["9999-12-31T23:59:59Z", "0000-01-01T00:00:00+14:00"])
def test_a_time_out_of_all_reason_is_not_taken_over(when: str) -> None:
    world = World()
    world.peer.answers["Heartbeat"] = {"currentTime": when}
    world.ask("TriggerMessage", {"requestedMessage": "Heartbeat"})
    world.run(5)
    world.do(commands.PlugIn())
    stamp = parse_time(world.peer.last("StatusNotification")["timestamp"])
    assert abs(stamp - world.driver.now.sim) < SECOND


@covers("CORE-BOOT-5")
@pytest.mark.parametrize("status", ["Pending", "Rejected"])
def test_the_interval_is_waited_for(status: str) -> None:
    world = unregistered()
    world.peer.answers["BootNotification"] = registration(world, status, 100)
    world.run(350)
    assert times(world, "BootNotification") == [0, 100, 200, 300]
    assert not logs(world, "withdrew")


@covers("CORE-BOOT-5")
@pytest.mark.parametrize("status", ["Pending", "Rejected"])
def test_a_reconnect_does_not_shorten_the_wait(status: str) -> None:
    world = unregistered()
    world.peer.answers["BootNotification"] = registration(world, status, 100)
    world.run(10)
    world.driver.drop_link()
    world.run(100)
    assert world.peer.connections == 2
    assert times(world, "BootNotification") == [0, 100]


@covers("CORE-BOOT-5")
@pytest.mark.parametrize("status", ["Pending", "Rejected"])
def test_without_an_interval_the_station_waits_by_itself(status: str) -> None:
    world = unregistered()
    world.peer.answers["BootNotification"] = registration(world, status, 0)
    world.run(3600)
    sent = times(world, "BootNotification")
    waits = [later - earlier for earlier, later in pairwise(sent)]
    for wait, middle in zip(waits, [60, 120, 240, 480, 600, 600], strict=False):
        assert 0.9 * middle <= wait <= 1.1 * middle
    assert len(set(waits)) == len(waits)


@covers("CORE-BOOT-5", "CORE-BOOT-7", "RT-5")
def test_a_trigger_makes_it_sooner() -> None:
    world = unregistered()
    world.peer.answers["BootNotification"] = registration(world, "Pending", 100)
    world.run(30)
    world.peer.answers["BootNotification"] = registration(world, "Accepted", 500)
    assert world.ask("TriggerMessage", {"requestedMessage": "BootNotification"}) == {"status": "Accepted"}
    assert world.info()["registration"] == {"status": "Accepted", "interval": 500}
    world.run(120)
    assert times(world, "BootNotification") == [0, 30]


@covers("CORE-BOOT-5")
def test_a_triggered_boot_that_is_lost_leaves_the_wait_as_it_was() -> None:
    world = unregistered()
    world.peer.answers["BootNotification"] = [registration(world, "Pending", 100), None]
    world.run(30)
    world.ask("TriggerMessage", {"requestedMessage": "BootNotification"})
    world.driver.drop_link()
    world.run(75)
    assert times(world, "BootNotification") == [0, 30, 100]


@covers("CORE-BOOT-5", "CORE-BOOT-10")
def test_a_triggered_boot_without_an_answer_leaves_the_wait_as_it_was() -> None:
    world = unregistered()
    world.peer.answers["BootNotification"] = [registration(world, "Pending", 300), None]
    world.run(30)
    world.ask("TriggerMessage", {"requestedMessage": "BootNotification"})
    world.run(40)
    world.driver.drop_link()
    world.run(235)
    assert times(world, "BootNotification") == [0, 30, 300]


@covers("CORE-BOOT-6", "A.24/boot")
def test_accepted_tells_every_status_then_the_queue() -> None:
    world = World(connectors=2)
    world.start(2)
    world.offline()
    world.run(70)
    world.do(commands.Stop(connector=2))
    world.driver.kill()
    world.driver.network(True)
    world.peer.clear()
    world.driver.restart()
    world.run(0)
    assert world.told() == [
        "BootNotification",
        "Status(0) Available",
        "Status(1) Available",
        "Status(2) Finishing",
        "MeterValues",
        "StopTransaction Local",
    ]
    world.run(300)
    assert world.told()[-1] == "Heartbeat"


@covers("CORE-BOOT-6")
def test_a_queue_does_not_overtake_statuses_that_are_still_unanswered() -> None:
    world = World()
    world.start()
    world.peer.answers["StatusNotification"] = Later(2, {})
    world.offline()
    world.do(commands.Stop())
    world.driver.restart()
    world.peer.clear()
    world.driver.network(True)
    world.run(20)
    assert world.told() == [
        "BootNotification",
        "Status(0) Available",
        "Status(1) Finishing",
        "StopTransaction Local",
    ]


def pending(**more: Any) -> World:
    """A station the central system keeps waiting."""
    world = unregistered(**more)
    world.peer.answers["BootNotification"] = registration(world, "Pending", 1000)
    world.run(1)
    world.peer.clear()
    return world


@covers("CORE-BOOT-7")
def test_pending_answers_but_does_not_call() -> None:
    world = pending(keys={"ClockAlignedDataInterval": "60", "HeartbeatInterval": "30"})
    world.do(commands.PlugIn())
    world.do(commands.Error(error_code="GroundFailure"))
    world.run(900)
    assert world.told() == []
    assert world.info()["link"]["state"] == "up"
    assert world.change("HeartbeatInterval", "40") == "Accepted"
    assert world.ask("ClearCache") == {"status": "Accepted"}
    assert world.ask("ChangeAvailability", {"connectorId": 1, "type": "Operative"}) == {"status": "Accepted"}
    assert world.key("HeartbeatInterval") == "40"
    assert world.told() == []


@covers("CORE-BOOT-7", "RT-5")
@pytest.mark.parametrize("message", ["BootNotification", "Heartbeat", "MeterValues", "StatusNotification"])
def test_pending_sends_what_is_triggered(message: str) -> None:
    world = pending()
    assert world.ask("TriggerMessage", {"requestedMessage": message, "connectorId": 1}) == {
        "status": "Accepted"
    }
    world.run(5)
    assert world.peer.actions() == [message]


@covers("CORE-BOOT-7", "CORE-BOOT-6")
def test_pending_then_accepted_goes_on_as_after_any_boot() -> None:
    world = pending()
    world.do(commands.PlugIn())
    world.ask("TriggerMessage", {"requestedMessage": "StatusNotification", "connectorId": 1})
    world.peer.clear()
    world.peer.answers["BootNotification"] = registration(world, "Accepted", 50)
    world.run(1060)
    assert world.told() == ["BootNotification", "Status(0) Available", "Status(1) Finishing", "Heartbeat"]


@covers("CORE-BOOT-8", "CORE-RSTART-10")
@pytest.mark.parametrize(
    "switch, answer", [("reject", {"status": "Rejected"}), ("callerror", "SecurityError")]
)
def test_pending_refuses_remote_commands(switch: str, answer: Any) -> None:
    world = pending(switches={"SW-PENDING-REMOTE": switch})
    assert world.ask("RemoteStartTransaction", {"connectorId": 1, "idTag": TAG}) == answer
    assert world.ask("RemoteStopTransaction", {"transactionId": 1}) == answer
    world.do(commands.PlugIn())
    world.run(10)
    assert "transaction" not in world.connector()


@covers("CORE-BOOT-8", "RT-4")
def test_pending_refuses_to_stop_even_what_runs() -> None:
    world = World()
    number = world.start()
    world.peer.answers["BootNotification"] = registration(world, "Pending", 1000)
    world.ask("TriggerMessage", {"requestedMessage": "BootNotification"})
    assert world.ask("RemoteStopTransaction", {"transactionId": number}) == {"status": "Rejected"}
    world.run(100)
    assert world.connector()["transaction"]["id"] == number
    assert world.told()[-1] == "BootNotification"


@covers("CORE-BOOT-9")
def test_rejected_is_silent_in_both_directions() -> None:
    world = unregistered()
    world.peer.answers["BootNotification"] = registration(world, "Rejected", 1000)
    world.run(1)
    before = len(world.peer.messages)
    world.peer.call("GetConfiguration", {})
    world.peer.call("TriggerMessage", {"requestedMessage": "BootNotification"})
    world.peer.call("NoSuchAction", {})
    world.peer.send('[2,"x"]')
    world.do(commands.PlugIn())
    world.run(998)
    assert [m for m in world.peer.messages[before:] if m.received] == []
    assert world.info()["link"]["state"] == "up"
    world.run(2)
    assert times(world, "BootNotification") == [0, 1000]


@covers("CORE-BOOT-9")
def test_rejected_may_close_the_socket_and_comes_back() -> None:
    world = unregistered(switches={"SW-REJECTED-SOCKET": "close"})
    world.peer.answers["BootNotification"] = registration(world, "Rejected", 1000)
    world.run(1)
    assert world.info()["link"]["state"] != "up"
    assert not world.driver.station.link_wanted().drop
    assert world.driver.station.link_wanted().close_code == 1000
    world.peer.answers["BootNotification"] = registration(world, "Accepted")
    world.run(998)
    assert world.peer.connections == 1
    world.run(2)
    assert times(world, "BootNotification") == [0, 1000]
    assert world.info()["registration"]["status"] == "Accepted"


@covers("CORE-BOOT-9")
def test_the_silence_lasts_until_the_next_answer_also_on_a_new_socket() -> None:
    world = unregistered(switches={"SW-REJECTED-SOCKET": "close"})
    world.peer.answers["BootNotification"] = [registration(world, "Rejected", 100), None]
    world.run(110)
    assert world.peer.connections == 2
    assert world.raw('[2,"a","ClearCache",{}]') == []
    assert world.told() == ["BootNotification"] * 2


@covers("CORE-BOOT-9")
@pytest.mark.parametrize("how", ["power", "elsewhere"])
def test_a_socket_closed_for_a_rejection_comes_back_after_a_boot_or_a_move(how: str) -> None:
    world = unregistered(switches={"SW-REJECTED-SOCKET": "close"})
    world.peer.answers["BootNotification"] = registration(world, "Rejected", 1000)
    world.run(1)
    world.peer.answers["BootNotification"] = registration(world, "Accepted")
    if how == "power":
        world.do(commands.PowerCut())
        world.do(commands.PowerOn())
    else:
        world.do(commands.Connect(url="ws://elsewhere.example"))
    assert world.info()["registration"]["status"] == "Accepted"


@covers("CORE-BOOT-7", "CORE-HB-1")
@pytest.mark.parametrize("status", ["Pending", "Rejected"])
def test_no_heartbeat_is_due_without_a_registration(status: str) -> None:
    world = World()
    assert world.info()["heartbeat"] is not None
    world.peer.answers["BootNotification"] = registration(world, status, 1000)
    world.ask("TriggerMessage", {"requestedMessage": "BootNotification"})
    assert world.info()["heartbeat"] is None


@covers("CORE-BOOT-10", "RPC-25")
@pytest.mark.parametrize("answer", [None, Failure("InternalError"), Raw('[3,"{id}",{"status":"Maybe"}]')])
def test_no_usable_answer_is_asked_for_again_for_ever(answer: Answer) -> None:
    world = unregistered(answers={"BootNotification": answer})
    world.run(40_000)
    assert len(times(world, "BootNotification")) > 50
    assert world.told() == ["BootNotification"] * len(times(world, "BootNotification"))
    assert world.peer.connections == 1
    world.peer.answers["BootNotification"] = registration(world, "Accepted")
    world.run(700)
    assert world.info()["registration"]["status"] == "Accepted"


@covers("CORE-BOOT-10")
@pytest.mark.parametrize("answer", [None, Failure("InternalError")])
def test_after_a_reconnect_registration_starts_over(answer: Answer) -> None:
    world = unregistered(answers={"BootNotification": answer})
    world.run(1000)
    world.peer.clear()
    world.driver.drop_link()
    world.run(3)
    assert times(world, "BootNotification") == [1003]
    world.run(100)
    assert len(times(world, "BootNotification")) == 2


@covers("CORE-BOOT-10")
def test_a_late_answer_to_boot_notification_is_not_an_answer() -> None:
    world = unregistered(answers={"BootNotification": None})
    world.peer.answers["BootNotification"] = Later(35, registration(world, "Accepted"))
    world.run(50)
    assert world.info()["registration"]["status"] is None
    assert world.told() == ["BootNotification"]


@covers("CORE-BOOT-11", "WS-8", "A.24/offline episode")
def test_a_reconnect_does_not_boot() -> None:
    world = World(interval=200)
    world.run(150)
    world.driver.drop_link()
    world.run(20)
    assert world.peer.connections == 2
    assert world.told() == []
    assert world.info()["registration"] == {"status": "Accepted", "interval": 200}
    world.run(60)
    assert world.told() == ["Heartbeat"]


@covers("CORE-BOOT-11")
def test_a_reconnect_boots_if_the_station_has_changed() -> None:
    world = World()
    station = world.driver.station
    assert isinstance(station, Station)
    boot: Boot = station._boot
    boot._identity = Identity(iccid="8931-new-sim")
    world.driver.drop_link()
    world.run(4)
    assert world.told()[0] == "BootNotification"
    assert world.peer.last("BootNotification")["iccid"] == "8931-new-sim"


@covers("WS-8", "CORE-BOOT-11")
def test_a_reconnect_boots_if_switched_so() -> None:
    world = World(switches={"SW-ALWAYS-BOOT": "on"})
    world.driver.drop_link()
    world.run(4)
    assert world.told() == ["BootNotification", "Status(0) Available", "Status(1) Available"]


@covers("CORE-BOOT-12", "CORE-BOOT-14")
@pytest.mark.parametrize("status", ["Pending", "Rejected"])
def test_nobody_charges_before_the_first_acceptance(status: str) -> None:
    world = unregistered(keys={"AllowOfflineTxForUnknownId": "true"})
    world.peer.answers["BootNotification"] = registration(world, status, 1000)
    world.run(1)
    with pytest.raises(CommandRefused, match="not accepted"):
        world.do(commands.Start(id_tag=TAG))
    world.run(10)
    assert "transaction" not in world.connector()
    assert world.told() == ["BootNotification"]


@covers("CORE-BOOT-12")
def test_nobody_charges_before_any_contact() -> None:
    world = unregistered(keys={"AllowOfflineTxForUnknownId": "true"}, switches={"SW-FREE-VEND": "FREE"})
    world.driver.network(False)
    world.run(10)
    with pytest.raises(CommandRefused, match="not accepted"):
        world.do(commands.Start(id_tag=TAG))
    world.run(10)
    assert "transaction" not in world.connector()


@covers("CORE-BOOT-12", "CORE-BOOT-8")
def test_a_remote_start_before_the_first_answer_is_rejected() -> None:
    world = unregistered(answers={"BootNotification": None}, keys={"AuthorizeRemoteTxRequests": "false"})
    world.run(1)
    assert world.ask("RemoteStartTransaction", {"connectorId": 1, "idTag": TAG}) == {"status": "Rejected"}
    world.do(commands.PlugIn())
    world.run(5)
    assert "transaction" not in world.connector()


@covers("CORE-BOOT-12", "CORE-BOOT-14", "CORE-TXQ-3")
@pytest.mark.parametrize("status", ["Pending", "Rejected"])
def test_if_switched_so_charging_begins_before_and_is_told_after(status: str) -> None:
    world = unregistered(
        keys={"AllowOfflineTxForUnknownId": "true"}, switches={"SW-CHARGE-BEFORE-ACCEPTED": "on"}
    )
    world.peer.answers["BootNotification"] = registration(world, status, 100)
    world.run(1)
    world.do(commands.Start(id_tag=TAG))
    assert world.status() == "Charging"
    world.run(90)
    assert world.told() == ["BootNotification"]
    world.peer.answers["BootNotification"] = registration(world, "Accepted")
    world.run(10)
    assert world.told() == [
        "BootNotification",
        "BootNotification",
        "Status(0) Available",
        "Status(1) Charging",
        "StartTransaction",
        "MeterValues",
    ]


@covers("CORE-BOOT-12")
def test_a_station_once_accepted_charges_offline_after_a_reboot() -> None:
    world = World(keys={"AllowOfflineTxForUnknownId": "true"})
    world.driver.network(False)
    world.driver.restart()
    world.do(commands.Start(id_tag=TAG))
    assert world.status() == "Charging"


@covers("CORE-BOOT-13")
@pytest.mark.parametrize("switch, status", [("off", "Preparing"), ("on", "Unavailable")])
def test_what_a_connector_shows_before_the_first_acceptance(switch: str, status: str) -> None:
    world = unregistered(switches={"SW-UNAVAILABLE-UNTIL-ACCEPTED": switch})
    world.peer.answers["BootNotification"] = registration(world, "Pending", 30)
    world.run(1)
    world.do(commands.PlugIn())
    assert world.status() == status
    world.peer.answers["BootNotification"] = registration(world, "Accepted")
    world.run(30)
    assert world.statuses() == ["Preparing"]


@covers("CORE-BOOT-14")
@pytest.mark.parametrize("status", ["Pending", "Rejected"])
def test_registration_withdrawn_no_new_sessions(status: str) -> None:
    world = World()
    world.peer.answers["BootNotification"] = registration(world, status, 1000)
    world.ask("TriggerMessage", {"requestedMessage": "BootNotification"})
    world.peer.clear()
    assert logs(world, "withdrew")
    with pytest.raises(CommandRefused):
        world.do(commands.Start(id_tag=TAG))
    world.run(5)
    assert world.told() == []


@covers("CORE-BOOT-14")
def test_an_authorize_that_waits_when_the_registration_goes_is_not_sent() -> None:
    world = World(connectors=2)
    world.peer.answers["BootNotification"] = Later(5, registration(world, "Pending", 100))
    world.ask("TriggerMessage", {"requestedMessage": "BootNotification"})
    world.do(commands.Start(id_tag=TAG, connector=1))
    world.run(90)
    assert world.peer.actions() == ["BootNotification"]
    world.peer.answers["BootNotification"] = registration(world, "Accepted")
    world.run(30)
    assert world.info()["registration"]["status"] == "Accepted"
    assert "Authorize" not in world.told()
    assert "StartTransaction" not in world.told()


@covers("CORE-BOOT-15", "RPC-26")
@pytest.mark.parametrize(
    "payload",
    [
        '{"status":"accepted","currentTime":"2025-06-02T07:00:00Z","interval":300}',
        '{"status":"Accepted","currentTime":"soon","interval":300}',
        '{"status":"Accepted","currentTime":"2025-06-02T07:00:00Z"}',
        '{"status":"Accepted","currentTime":"2025-06-02T07:00:00Z","interval":"300"}',
        "[]",
        "{}",
    ],
)
def test_an_answer_that_breaks_its_schema_is_no_answer(payload: str) -> None:
    world = unregistered(answers={"BootNotification": Raw(f'[3,"{{id}}",{payload}]')})
    world.run(50)
    assert world.info()["registration"]["status"] is None
    assert world.told() == ["BootNotification"]
    assert logs(world, "BootNotification")
    world.run(20)
    assert world.told() == ["BootNotification"] * 2


# --- Heartbeat ---


@covers("CORE-HB-1")
def test_a_heartbeat_comes_an_interval_after_the_last_message() -> None:
    world = World(interval=100, keys={"ConnectionTimeOut": "0"})
    world.run(300)
    assert times(world, "Heartbeat") == [100, 200, 300]
    world.run(50)
    world.do(commands.PlugIn())
    assert times(world, "StatusNotification") == [350.5]
    world.run(130)
    assert times(world, "Heartbeat")[3:] == [450.5]


@covers("CORE-HB-1")
def test_an_answer_is_a_message_too() -> None:
    world = World(interval=100)
    world.run(50)
    world.ask("ClearCache")
    world.run(120)
    assert times(world, "Heartbeat") == [150.5]


@covers("CORE-HB-1")
def test_strict_heartbeats_keep_their_period() -> None:
    world = World(interval=100, switches={"SW-STRICT-HEARTBEAT": "on"})
    world.run(50)
    world.do(commands.PlugIn())
    world.run(260)
    assert times(world, "Heartbeat") == [100, 200, 300]


@covers("CORE-HB-1")
def test_no_heartbeat_without_a_link_and_one_afterwards() -> None:
    world = World(interval=100)
    world.offline()
    world.run(1000)
    assert times(world, "Heartbeat") == []
    world.online()
    world.run(100)
    assert len(times(world, "Heartbeat")) in (1, 2)


@covers("CORE-HB-1")
@pytest.mark.parametrize("answer", [None, Failure("GenericError"), Raw('[3,"{id}",{}]')])
def test_a_heartbeat_without_an_answer_does_not_end_them(answer: Answer) -> None:
    world = World(interval=100, answers={"Heartbeat": answer})
    world.run(500)
    assert len(times(world, "Heartbeat")) >= 4


@covers("CORE-HB-1", "RPC-2")
@pytest.mark.parametrize("answer", [None, Later(25, {"currentTime": "2025-06-02T07:00:00Z"}), Later(300, {})])
@pytest.mark.parametrize("interval", [1, 10, 31])
@pytest.mark.parametrize("strict", ["off", "on"])
def test_heartbeats_do_not_pile_up_where_answers_take_their_time(
    answer: Answer, interval: int, strict: str
) -> None:
    world = World(interval=interval, answers={"Heartbeat": answer}, switches={"SW-STRICT-HEARTBEAT": strict})
    world.run(600)
    assert 600 / 62 <= len(times(world, "Heartbeat")) <= 600 / 25 + 1
    world.peer.clear()
    world.peer.answers["Heartbeat"] = {"currentTime": "2025-06-02T07:10:00Z"}
    world.run(62)
    assert len(times(world, "Heartbeat")) <= 62 / interval + 2


@covers("CORE-HB-2")
@pytest.mark.parametrize("ahead", [5, -3])
def test_every_heartbeat_sets_the_clock(ahead: int) -> None:
    world = World(interval=100)
    world.peer.answers["Heartbeat"] = lambda _: {
        "currentTime": format_time(world.peer.now.sim + ahead * SECOND)
    }
    world.run(100)
    assert world.info()["clock"]["offset"] == ahead * SECOND
    world.peer.answers["Heartbeat"] = lambda _: {"currentTime": format_time(world.peer.now.sim)}
    world.run(100)
    assert world.info()["clock"]["offset"] == 0


@covers("CORE-HB-2", "CORE-MV-2")
def test_what_goes_by_the_clock_follows_it() -> None:
    world = World(keys={"ClockAlignedDataInterval": "900"})
    world.peer.answers["Heartbeat"] = {"currentTime": "2025-06-02T07:10:00.500Z"}
    world.ask("TriggerMessage", {"requestedMessage": "Heartbeat"})
    world.run(299)
    assert times(world, "MeterValues") == []
    world.run(1)
    assert {v["meterValue"][0]["timestamp"] for v in world.peer.payloads("MeterValues")} == {
        "2025-06-02T07:15:00.000Z"
    }
    assert set(times(world, "MeterValues")) == {300}


@covers("CORE-HB-3", "WS-21")
def test_there_is_a_heartbeat_a_day_however_much_is_said() -> None:
    world = World(interval=7200, keys={"ClockAlignedDataInterval": "3600", "WebSocketPingInterval": "30"})
    world.run(2.5 * DAY)
    assert len(times(world, "MeterValues")) > 50
    assert len(times(world, "Heartbeat")) == 2


@covers("CORE-HB-4")
def test_interval_zero_leaves_the_daily_heartbeat() -> None:
    world = World(interval=0, keys={"HeartbeatInterval": "0"})
    world.run(2.5 * DAY)
    assert times(world, "Heartbeat") == [DAY, 2 * DAY]


@covers("CORE-HB-4")
def test_a_changed_interval_counts_at_once() -> None:
    world = World(interval=1000)
    world.run(50)
    assert world.change("HeartbeatInterval", "20") == "Accepted"
    world.run(45)
    assert times(world, "Heartbeat") == [70.5, 90.5]
    world.change("HeartbeatInterval", "0")
    world.run(1000)
    assert len(times(world, "Heartbeat")) == 2


@covers("CORE-HB-4")
def test_a_longer_interval_counts_at_once_too() -> None:
    world = World(interval=100)
    world.run(50)
    world.change("HeartbeatInterval", "500")
    world.run(400)
    assert times(world, "Heartbeat") == []


@covers("CORE-HB-5")
def test_a_changed_interval_lasts_until_the_next_boot() -> None:
    world = World(interval=300)
    world.change("HeartbeatInterval", "20")
    world.driver.drop_link()
    world.run(10)
    assert world.key("HeartbeatInterval") == "20"
    world.driver.restart()
    world.run(1)
    assert world.key("HeartbeatInterval") == "300"
    world.peer.clear()
    world.run(299)
    assert world.peer.actions() == []
