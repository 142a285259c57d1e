"""The certification cases of the Core profile."""

from itertools import pairwise
from typing import Any

import pytest

from desktop_sim.protocol.times import parse_time
from desktop_sim.runtime.scripted_peer import Answer
from desktop_sim.runtime.virtual import START
from desktop_sim.station import commands as c
from desktop_sim.station.commands import CommandRefused
from desktop_sim.station.profile import ConnectorProfile
from desktop_sim.station.turn import SECOND
from tests.certification.judged_world import JudgedWorld
from tests.conformance.asks import OTHER, availability, remote_start
from tests.conformance.replies import registration, tag, times
from tests.conformance.world import TAG, World

FIXED = (ConnectorProfile(fixed_cable=True),)
REFUSED = {"transactionId": 1, **tag("Invalid")}
NOT_ACCEPTED = ["Invalid", "Expired", "Blocked"]
ENERGY = "Energy.Active.Import.Register"


def charging(**world: Any) -> JudgedWorld:
    """A station with a running transaction, number 1."""
    made = JudgedWorld(**world)
    assert made.start() == 1
    made.run(30)
    made.peer.clear()
    return made


def session(world: World) -> None:
    """A whole session with the usual tag, from free to free."""
    world.start()
    world.run(10)
    world.do(c.Stop())
    world.do(c.Unplug())
    world.run(1)
    assert world.status() == "Available"
    world.peer.clear()


def seconds(timestamp: str) -> float:
    """A time on the wire, in seconds since the world began."""
    return (parse_time(timestamp) - START) / SECOND


def unlock(world: World, connector: int = 1) -> Any:
    return world.ask("UnlockConnector", {"connectorId": connector})["status"]


def remote_stop(world: World, transaction: int = 1) -> Any:
    answer = world.ask("RemoteStopTransaction", {"transactionId": transaction})["status"]
    world.run(0)
    return answer


def reset(world: World, kind: str) -> None:
    assert world.ask("Reset", {"type": kind}) == {"status": "Accepted"}
    world.run(10)


def outage(world: World) -> None:
    """The mains is gone for a minute."""
    world.do(c.PowerCut())
    world.run(60)
    world.do(c.PowerOn())
    world.run(10)


# --- cold boot ---


def test_TC_001_CS_cold_boot() -> None:
    world = JudgedWorld(connectors=2, boot=False)
    world.peer.answers["BootNotification"] = [
        registration(world, "Rejected", 60),
        registration(world, "Accepted", 30),
    ]
    world.run(59)
    assert world.told() == ["BootNotification"]
    world.run(2)
    statuses = ["Status(0) Available", "Status(1) Available", "Status(2) Available"]
    assert world.told() == ["BootNotification", "BootNotification", *statuses]
    world.run(120)
    beats = times(world, "Heartbeat")
    assert len(beats) >= 3
    assert {later - earlier for earlier, later in pairwise(beats)} == {30}


def test_TC_002_CS_cold_boot_pending() -> None:
    world = JudgedWorld(connectors=2, boot=False)
    world.peer.answers["BootNotification"] = [
        registration(world, "Pending", 60),
        registration(world, "Accepted", 30),
    ]
    world.run(30)
    assert world.change("ConnectionTimeOut", "45") == "Accepted"
    assert world.key("ConnectionTimeOut") == "45"
    world.run(29)
    assert world.told() == ["BootNotification"]
    world.run(2)
    statuses = ["Status(0) Available", "Status(1) Available", "Status(2) Available"]
    assert world.told() == ["BootNotification", "BootNotification", *statuses]
    world.run(40)
    assert world.told()[-1] == "Heartbeat"


# --- start of a session ---


def test_TC_003_CS_plug_first() -> None:
    world = JudgedWorld(connectors=2)
    world.do(c.PlugIn(connector=2))
    world.run(5)
    world.do(c.PresentTag(id_tag=TAG, connector=2))
    assert world.told() == ["Status(2) Preparing", "Authorize", "StartTransaction", "Status(2) Charging"]
    assert world.peer.last("Authorize") == {"idTag": TAG}
    start = world.peer.last("StartTransaction")
    assert (start["connectorId"], start["idTag"], start["meterStart"]) == (2, TAG, 0)
    assert "reservationId" not in start
    world.run(60)
    world.peer.clear()
    world.do(c.PresentTag(id_tag=TAG, connector=2))
    world.do(c.Unplug(connector=2))
    assert world.told() == ["StopTransaction Local", "Status(2) Finishing", "Status(2) Available"]
    stop = world.peer.last("StopTransaction")
    assert (stop["transactionId"], stop["idTag"]) == (1, TAG)
    assert stop["meterStop"] > 0


def test_TC_004_1_CS_identification_first() -> None:
    world = JudgedWorld()
    world.do(c.PresentTag(id_tag=TAG))
    world.run(5)
    assert world.told() == ["Authorize", "Status(1) Preparing"]
    world.do(c.PlugIn())
    assert world.told()[2:] == ["StartTransaction", "Status(1) Charging"]


def test_TC_004_2_CS_identification_first_time_out() -> None:
    world = JudgedWorld()
    world.prepare(ConnectionTimeOut="20")
    world.do(c.PresentTag(id_tag=TAG))
    world.run(19)
    assert world.told() == ["Authorize", "Status(1) Preparing"]
    world.run(60)
    assert world.told() == ["Authorize", "Status(1) Preparing", "Status(1) Available"]


# --- end of a session ---


def test_TC_005_1_CS_plug_out_at_the_car_stops_and_unlocks() -> None:
    world = charging()
    world.prepare(StopTransactionOnEVSideDisconnect="true", UnlockConnectorOnEVSideDisconnect="true")
    world.do(c.Unplug(end="vehicle"))
    world.run(5)
    assert world.told() == ["StopTransaction EVDisconnected", "Status(1) Finishing"]
    world.do(c.Unplug(end="station"))
    assert world.told()[2:] == ["Status(1) Available"]


def test_TC_005_2_CS_plug_out_at_the_car_stops_and_keeps_the_lock() -> None:
    world = charging()
    world.prepare(StopTransactionOnEVSideDisconnect="true", UnlockConnectorOnEVSideDisconnect="false")
    world.do(c.Unplug(end="vehicle"))
    world.run(5)
    assert world.told() == ["StopTransaction EVDisconnected", "Status(1) Finishing"]
    with pytest.raises(CommandRefused, match="locked"):
        world.do(c.Unplug(end="station"))
    assert unlock(world) == "Unlocked"
    world.do(c.Unplug(end="station"))
    assert world.told()[2:] == ["Status(1) Available"]


def test_TC_005_3_CS_plug_out_at_the_car_suspends() -> None:
    world = charging()
    world.prepare(StopTransactionOnEVSideDisconnect="false", UnlockConnectorOnEVSideDisconnect="false")
    world.do(c.Unplug(end="vehicle"))
    world.run(5)
    assert world.told() == ["Status(1) SuspendedEV"]
    world.do(c.PlugIn())
    world.run(5)
    assert world.told()[1:] == ["Status(1) Charging"]
    assert remote_stop(world) == "Accepted"
    world.do(c.Unplug())
    assert world.told()[2:] == ["StopTransaction Remote", "Status(1) Finishing", "Status(1) Available"]


def test_TC_068_CS_stop_with_the_same_id() -> None:
    world = charging()
    world.do(c.PresentTag(id_tag=OTHER))
    world.run(5)
    assert world.status() == "Charging"
    assert "StopTransaction" not in world.told()
    world.peer.clear()
    world.do(c.PresentTag(id_tag=TAG))
    assert world.told() == ["StopTransaction Local", "Status(1) Finishing"]
    assert world.peer.last("StopTransaction")["idTag"] == TAG


def test_TC_069_CS_stop_with_another_id_of_the_same_parent() -> None:
    world = charging(answers={"Authorize": tag(parent="GROUP")})
    world.do(c.PresentTag(id_tag=OTHER))
    assert world.told() == ["Authorize", "StopTransaction Local", "Status(1) Finishing"]
    assert world.peer.last("Authorize") == {"idTag": OTHER}
    assert world.peer.last("StopTransaction")["idTag"] == OTHER


# --- cache ---


def cached(**keys: str) -> JudgedWorld:
    """A station that has the usual tag in its cache, from a session."""
    world = JudgedWorld()
    world.prepare(AuthorizationCacheEnabled="true", LocalPreAuthorize="true", **keys)
    session(world)
    return world


STARTED = ["Status(1) Preparing", "StartTransaction", "Status(1) Charging"]
ASKED = ["Status(1) Preparing", "Authorize", "StartTransaction", "Status(1) Charging"]


def test_TC_007_1_CS_cached_id() -> None:
    world = cached()
    world.do(c.PlugIn())
    world.do(c.PresentTag(id_tag=TAG))
    assert world.told() == STARTED


def test_TC_007_2_CS_cached_id_remote() -> None:
    world = cached(AuthorizeRemoteTxRequests="true")
    world.do(c.PlugIn())
    assert remote_start(world) == "Accepted"
    assert world.told() == STARTED


def test_TC_061_1_CS_clear_cache() -> None:
    world = cached()
    assert world.ask("ClearCache") == {"status": "Accepted"}
    world.do(c.PlugIn())
    world.do(c.PresentTag(id_tag=TAG))
    assert world.told() == ASKED


def test_TC_061_2_CS_clear_cache_remote() -> None:
    world = cached(AuthorizeRemoteTxRequests="true")
    assert world.ask("ClearCache") == {"status": "Accepted"}
    world.do(c.PlugIn())
    assert remote_start(world) == "Accepted"
    assert world.told() == ASKED


# --- remote actions ---


@pytest.mark.parametrize("authorize, told", [("true", ASKED), ("false", STARTED)])
def test_TC_010_CS_remote_start_cable_first(authorize: str, told: list[str]) -> None:
    world = JudgedWorld()
    world.prepare(AuthorizeRemoteTxRequests=authorize)
    world.do(c.PlugIn())
    assert remote_start(world, OTHER) == "Accepted"
    assert world.told() == told
    start = world.peer.last("StartTransaction")
    assert (start["connectorId"], start["idTag"]) == (1, OTHER)


@pytest.mark.parametrize("authorize, told", [("true", ["Authorize"]), ("false", [])])
def test_TC_011_1_CS_remote_start_first(authorize: str, told: list[str]) -> None:
    world = JudgedWorld()
    world.prepare(AuthorizeRemoteTxRequests=authorize)
    assert remote_start(world) == "Accepted"
    world.run(5)
    assert world.told() == [*told, "Status(1) Preparing"]
    world.peer.clear()
    world.do(c.PlugIn())
    assert world.told() == ["StartTransaction", "Status(1) Charging"]


def test_TC_011_2_CS_remote_start_time_out() -> None:
    world = JudgedWorld()
    world.prepare(ConnectionTimeOut="20")
    assert remote_start(world) == "Accepted"
    world.run(60)
    assert world.told() == ["Status(1) Preparing", "Status(1) Available"]


def test_TC_012_CS_remote_stop() -> None:
    world = charging()
    assert remote_stop(world) == "Accepted"
    assert world.told() == ["StopTransaction Remote", "Status(1) Finishing"]
    assert world.peer.last("StopTransaction")["transactionId"] == 1
    world.do(c.Unplug())
    assert world.told()[2:] == ["Status(1) Available"]


# --- reset ---


BOOTED = ["BootNotification", "Status(0) Available"]


def rebooted_without_transaction(kind: str) -> None:
    world = JudgedWorld(connectors=2)
    assert availability(world, "Inoperative") == "Accepted"
    world.peer.clear()
    reset(world, kind)
    assert world.peer.connections == 2
    assert world.told() == [*BOOTED, "Status(1) Unavailable", "Status(2) Available"]


def test_TC_013_CS_hard_reset_without_transaction() -> None:
    rebooted_without_transaction("Hard")


def test_TC_014_CS_soft_reset_without_transaction() -> None:
    rebooted_without_transaction("Soft")


@pytest.mark.parametrize(
    "answer, told",
    [
        ({}, ["StopTransaction HardReset", "Status(1) Finishing", *BOOTED, "Status(1) Finishing"]),
        # no answer before the reboot: it comes again after the reboot
        (
            [None, {}],
            [
                "StopTransaction HardReset",
                *BOOTED,
                "Status(1) Finishing",
                "StopTransaction HardReset",
            ],
        ),
    ],
)
def test_TC_015_CS_hard_reset_with_transaction(answer: Answer, told: list[str]) -> None:
    world = charging(answers={"StopTransaction": answer})
    reset(world, "Hard")
    assert world.told() == told
    assert world.peer.last("StopTransaction")["transactionId"] == 1


def test_TC_016_CS_soft_reset_with_transaction() -> None:
    world = charging()
    reset(world, "Soft")
    assert world.told() == [
        "StopTransaction SoftReset",
        "Status(1) Finishing",
        *BOOTED,
        "Status(1) Finishing",
    ]


# --- unlock ---


def test_TC_017_1_CS_unlock_without_session() -> None:
    world = JudgedWorld()
    assert unlock(world) == "Unlocked"
    assert world.told() == []


def test_TC_017_2_CS_unlock_without_session_fixed_cable() -> None:
    world = JudgedWorld(connectors=FIXED)
    assert unlock(world) == "NotSupported"


def test_TC_018_1_CS_unlock_with_session() -> None:
    world = charging()
    assert unlock(world) == "Unlocked"
    world.run(1)
    assert world.told() == ["StopTransaction UnlockCommand", "Status(1) Finishing"]
    world.do(c.Unplug())
    assert world.told()[2:] == ["Status(1) Available"]


def test_TC_018_2_CS_unlock_with_session_fixed_cable() -> None:
    world = charging(connectors=FIXED)
    assert unlock(world) == "NotSupported"
    world.run(5)
    assert world.told() == []
    assert world.status() == "Charging"


# --- configuration ---


REQUIRED: dict[str, bool | None] = {
    "AuthorizeRemoteTxRequests": None,
    "ClockAlignedDataInterval": False,
    "ConnectionTimeOut": False,
    "ConnectorPhaseRotation": False,
    "GetConfigurationMaxKeys": True,
    "HeartbeatInterval": False,
    "LocalAuthorizeOffline": False,
    "LocalPreAuthorize": False,
    "MeterValuesAlignedData": False,
    "MeterValuesSampledData": False,
    "MeterValueSampleInterval": False,
    "NumberOfConnectors": True,
    "ResetRetries": False,
    "StopTransactionOnInvalidId": False,
    "StopTxnAlignedData": False,
    "StopTxnSampledData": False,
    "SupportedFeatureProfiles": True,
    "TransactionMessageAttempts": False,
    "TransactionMessageRetryInterval": False,
    "UnlockConnectorOnEVSideDisconnect": False,
    "LocalAuthListEnabled": False,
    "LocalAuthListMaxLength": True,
    "SendLocalListMaxLength": True,
    "ChargeProfileMaxStackLevel": True,
    "ChargingScheduleAllowedChargingRateUnit": True,
    "ChargingScheduleMaxPeriods": True,
    "MaxChargingProfilesInstalled": True,
}
"""The keys every station of these profiles has, and whether they are read-only; None: as it likes."""


def test_TC_019_CS_retrieve_configuration() -> None:
    world = JudgedWorld()
    rows = {row["key"]: row for row in world.ask("GetConfiguration")["configurationKey"]}
    assert set(REQUIRED) <= set(rows)
    wrong = [
        name
        for name, readonly in REQUIRED.items()
        if readonly is not None and rows[name]["readonly"] != readonly
    ]
    assert wrong == []
    # as many keys at once as there may be
    unknown = [
        f"Unknown{number}" for number in range(int(rows["GetConfigurationMaxKeys"]["value"]) - len(rows))
    ]
    answer = world.ask("GetConfiguration", {"key": [*rows, *unknown]})
    assert {row["key"] for row in answer["configurationKey"]} == set(rows)
    assert answer["unknownKey"] == unknown


def test_TC_021_CS_change_configuration() -> None:
    world = JudgedWorld()
    assert world.change("MeterValueSampleInterval", "15") == "Accepted"
    assert world.key("MeterValueSampleInterval") == "15"


# --- meter values ---


def test_TC_070_CS_sampled_values() -> None:
    world = JudgedWorld()
    measurands = [ENERGY, "Current.Import", "Voltage"]
    world.prepare(
        ClockAlignedDataInterval="0",
        MeterValueSampleInterval="10",
        MeterValuesSampledData=",".join(measurands),
    )
    world.start()
    began = seconds(world.peer.last("StartTransaction")["timestamp"])
    world.run(35)
    sent = world.peer.payloads("MeterValues")
    assert [seconds(message["meterValue"][0]["timestamp"]) - began for message in sent] == [10, 20, 30]
    for message in sent:
        assert (message["connectorId"], message["transactionId"]) == (1, 1)
        (element,) = message["meterValue"]
        assert {value["measurand"] for value in element["sampledValue"]} == set(measurands)
        assert {value["context"] for value in element["sampledValue"]} == {"Sample.Periodic"}


def test_TC_071_CS_clock_aligned_values() -> None:
    world = JudgedWorld()
    world.run(7)
    world.prepare(
        MeterValueSampleInterval="0",
        ClockAlignedDataInterval="60",
        MeterValuesAlignedData=f"{ENERGY},Voltage",
    )
    world.start()
    world.run(180)
    sent = [message for message in world.peer.payloads("MeterValues") if message["connectorId"] == 1]
    # the world begins on the full hour
    assert [seconds(message["meterValue"][0]["timestamp"]) for message in sent] == [60, 120, 180]
    for message in sent:
        assert message["transactionId"] == 1
        (element,) = message["meterValue"]
        assert {value["measurand"] for value in element["sampledValue"]} == {ENERGY, "Voltage"}
        assert {value["context"] for value in element["sampledValue"]} == {"Sample.Clock"}


# --- basic, unhappy ---


@pytest.mark.parametrize("status", NOT_ACCEPTED)
def test_TC_023_4_CS_id_not_accepted(status: str) -> None:
    world = JudgedWorld(answers={"Authorize": tag(status)})
    world.do(c.PlugIn())
    world.do(c.PresentTag(id_tag=TAG))
    world.run(10)
    assert world.told() == ["Status(1) Preparing", "Authorize"]
    world.do(c.Unplug())
    assert world.told()[2:] == ["Status(1) Available"]


@pytest.mark.parametrize("status", NOT_ACCEPTED)
def test_TC_023_5_CS_id_not_accepted_remote(status: str) -> None:
    world = JudgedWorld(answers={"Authorize": tag(status)})
    world.prepare(AuthorizeRemoteTxRequests="true")
    world.do(c.PlugIn())
    assert remote_start(world) == "Accepted"
    world.run(10)
    assert world.told() == ["Status(1) Preparing", "Authorize"]
    world.do(c.Unplug())
    assert world.told()[2:] == ["Status(1) Available"]


def test_TC_024_CS_lock_failure() -> None:
    world = JudgedWorld()
    world.do(c.LockFailure(on=True))
    world.do(c.PlugIn())
    world.do(c.PresentTag(id_tag=TAG))
    world.run(10)
    assert world.told() == ["Status(1) Preparing", "Authorize", "Status(1) Faulted"]
    assert world.peer.last("StatusNotification")["errorCode"] == "ConnectorLockFailure"


# --- remote actions, unhappy ---


def test_TC_026_CS_remote_start_during_a_transaction() -> None:
    world = charging()
    assert remote_start(world, OTHER) == "Rejected"
    world.run(10)
    assert world.told() == []
    assert world.status() == "Charging"


@pytest.mark.parametrize(
    "switch, answer",
    [("Rejected", {"status": "Rejected"}), ("callerror", "PropertyConstraintViolation")],
)
def test_TC_027_CS_remote_start_connector_0(switch: str, answer: Any) -> None:
    world = JudgedWorld(switches={"SW-REMOTE-CONN0": switch})
    world.do(c.PlugIn())
    world.peer.clear()
    assert world.ask("RemoteStartTransaction", {"connectorId": 0, "idTag": TAG}) == answer
    world.run(10)
    assert world.told() == []


def test_TC_028_CS_remote_stop_unknown_id() -> None:
    world = charging()
    assert remote_stop(world, 2) == "Rejected"
    world.run(10)
    assert world.told() == []
    assert world.status() == "Charging"


# --- unlock, unhappy ---


def test_TC_030_CS_unlock_failure() -> None:
    world = JudgedWorld()
    world.do(c.LockFailure(on=True))
    assert unlock(world) == "UnlockFailed"


def test_TC_031_CS_unlock_unknown_connector() -> None:
    assert unlock(JudgedWorld(connectors=2), 3) == "NotSupported"


# --- power failure ---


def test_TC_032_1_CS_power_failure_stop_before_going_down() -> None:
    world = charging(backup_power=True)
    outage(world)
    assert world.told()[0] == "StopTransaction PowerLoss"
    assert world.told().count("StopTransaction PowerLoss") == 1
    assert world.told()[-3:] == [*BOOTED, "Status(1) Finishing"]


def test_TC_032_2_CS_power_failure_stop_after_boot() -> None:
    world = charging()
    outage(world)
    assert world.told() == [*BOOTED, "Status(1) Finishing", "StopTransaction PowerLoss"]
    assert world.peer.last("StopTransaction")["transactionId"] == 1


def test_TC_032_2_CS_power_failure_resumed_after_boot() -> None:
    """The other way that passes: the transaction goes on and is ended by its driver."""
    world = charging(switches={"SW-RESUME-AFTER-POWERLOSS": "resume"})
    outage(world)
    assert world.told(without=("MeterValues",)) == [*BOOTED, "Status(1) Charging"]
    world.peer.clear()
    world.do(c.PresentTag(id_tag=TAG))
    assert world.told() == ["StopTransaction Local", "Status(1) Finishing"]


def test_TC_034_CS_unavailable_persists() -> None:
    world = JudgedWorld(connectors=2)
    assert availability(world, "Inoperative") == "Accepted"
    world.peer.clear()
    outage(world)
    assert world.told() == [*BOOTED, "Status(1) Unavailable", "Status(2) Available"]


# --- offline ---


def test_TC_036_CS_connection_loss_during_a_transaction() -> None:
    world = JudgedWorld()
    world.prepare(MeterValueSampleInterval="10")
    world.start()
    began = seconds(world.peer.last("StartTransaction")["timestamp"])
    world.run(5)
    world.offline()
    world.run(60)
    world.peer.clear()
    world.online()
    world.run(1)
    stamps = [seconds(p["meterValue"][0]["timestamp"]) - began for p in world.peer.payloads("MeterValues")]
    assert stamps[:6] == [10, 20, 30, 40, 50, 60]
    assert stamps == sorted(stamps)
    assert set(world.told()) == {"MeterValues"}
    assert {payload["transactionId"] for payload in world.peer.payloads("MeterValues")} == {1}
    assert world.status() == "Charging"


def offline_start(answer: Answer | None = None, **keys: str) -> JudgedWorld:
    """A transaction began 10 s before the connection came back; `answer` to its StartTransaction."""
    world = JudgedWorld(switches={"SW-ABSENT-KEYS": "MaxEnergyOnInvalidId"})
    world.prepare(
        AllowOfflineTxForUnknownId="true", LocalAuthorizeOffline="true", MeterValueSampleInterval="0", **keys
    )
    if answer is not None:
        world.peer.answers["StartTransaction"] = answer
    world.run(9.5)
    world.offline()
    world.do(c.PlugIn())
    world.do(c.PresentTag(id_tag=TAG))
    assert world.status() == "Charging"
    world.run(10)
    world.online()
    world.run(10)
    assert seconds(world.peer.last("StartTransaction")["timestamp"]) == 10
    return world


def test_TC_037_1_CS_offline_start_valid_id() -> None:
    world = offline_start()
    assert world.peer.actions().count("StartTransaction") == 1
    assert "StopTransaction" not in world.peer.actions()
    assert (world.statuses()[-1], world.status()) == ("Charging", "Charging")


def test_TC_037_2_CS_offline_start_invalid_id_goes_on() -> None:
    world = offline_start(REFUSED, StopTransactionOnInvalidId="false")
    assert "StopTransaction" not in world.peer.actions()
    assert world.statuses()[-1] == "SuspendedEVSE"
    assert world.connector()["transaction"]


def test_TC_037_3_CS_offline_start_invalid_id_stops() -> None:
    world = offline_start(REFUSED, StopTransactionOnInvalidId="true")
    assert world.told()[-3:] == ["StartTransaction", "StopTransaction DeAuthorized", "Status(1) Finishing"]


def test_TC_038_CS_offline_stop() -> None:
    world = charging()
    world.offline()
    world.run(10)
    world.do(c.PresentTag(id_tag=TAG))
    stopped = world.driver.now.sim
    world.run(10)
    world.online()
    world.run(1)
    assert world.told() == ["Status(1) Finishing", "StopTransaction Local"]
    stop = world.peer.last("StopTransaction")
    assert (stop["transactionId"], parse_time(stop["timestamp"])) == (1, stopped)


def test_TC_039_CS_offline_start_and_stop() -> None:
    world = JudgedWorld()
    world.prepare(AllowOfflineTxForUnknownId="true", MeterValueSampleInterval="60")
    world.offline()
    world.do(c.Start(id_tag=TAG))
    world.run(70)
    world.do(c.PresentTag(id_tag=TAG))
    world.do(c.Unplug())
    world.run(10)
    world.online()
    world.run(1)
    assert world.told() == ["StartTransaction", "MeterValues", "StopTransaction Local"]
    assert world.peer.last("MeterValues")["transactionId"] == 1
    assert world.peer.last("StopTransaction")["transactionId"] == 1


# --- configuration keys, unhappy ---


def test_TC_040_1_CS_unknown_key() -> None:
    assert JudgedWorld().change("NoSuchKey", "1") == "NotSupported"


def test_TC_040_2_CS_invalid_value() -> None:
    world = JudgedWorld()
    before = world.key("MeterValueSampleInterval")
    assert world.change("MeterValueSampleInterval", "-1") == "Rejected"
    assert world.key("MeterValueSampleInterval") == before


# --- fault ---


@pytest.mark.parametrize("remote", [True, False])
def test_TC_041_CS_fault(remote: bool) -> None:
    world = JudgedWorld()
    world.do(c.Error(connector=1, error_code="GroundFailure"))
    assert world.told() == ["Status(1) Faulted"]
    assert world.peer.last("StatusNotification")["errorCode"] == "GroundFailure"
    world.do(c.PlugIn())
    if remote:
        assert remote_start(world) == "Rejected"
    else:
        with pytest.raises(CommandRefused):
            world.do(c.PresentTag(id_tag=TAG))
    world.run(10)
    assert world.told() == ["Status(1) Faulted"]


# --- data transfer ---


def test_TC_062_CS_data_transfer() -> None:
    answer = JudgedWorld().ask("DataTransfer", {"vendorId": "com.example", "messageId": "m", "data": "x"})
    assert answer == {"status": "UnknownVendorId"}
