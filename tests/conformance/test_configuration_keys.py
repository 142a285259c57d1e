"""Every configuration key of the Core profile: type, bounds, access, spelling, and what it really does (C.1)."""

from dataclasses import dataclass
from typing import Any

import pytest

from desktop_sim.runtime.scripted_peer import Failure, Later
from desktop_sim.station import commands as c
from desktop_sim.station.commands import CommandRefused
from desktop_sim.station.events import TransactionEvent
from desktop_sim.station.profile import ConnectorProfile
from tests.conformance.coverage import covers
from tests.conformance.world import TAG, World

ACCEPTED = {"idTagInfo": {"status": "Accepted"}}
REFUSED = {"transactionId": 7, "idTagInfo": {"status": "Invalid"}}
ENERGY = "Energy.Active.Import.Register"
TOO_BIG = str(2**31)


@dataclass(frozen=True)
class Row:
    """One row of the table: what the key reads at first, what it takes as what, what it does not take."""

    default: str
    takes: dict[str, str]
    refuses: tuple[str, ...] = ()
    readonly: bool = False


def flag(default: str) -> Row:
    return Row(default, {"true": "true", "FALSE": "false"}, ("1", "0", "yes", "", "truefalse"))


def number(default: int, high: int, low: int = 0) -> Row:
    takes = {str(low): str(low), str(high): str(high), f" {high - 1} ": str(high - 1)}
    return Row(str(default), takes, (str(low - 1), str(high + 1), "", "1.0", "x"))


def fact(value: str) -> Row:
    return Row(value, {}, (value, "1", ""), readonly=True)


def measurands(default: str) -> Row:
    takes = {"": "", "voltage, soc": "Voltage,SoC", "Voltage,Voltage": "Voltage", "Voltage.l1": "Voltage.L1"}
    return Row(default, takes, ("Volts", "Voltage,RPM", "Voltage.L2", "Voltage;SoC"))


ROWS = {
    "AllowOfflineTxForUnknownId": flag("false"),
    "AuthorizationCacheEnabled": flag("true"),
    "AuthorizeRemoteTxRequests": flag("false"),
    "BlinkRepeat": number(3, 100),
    "ClockAlignedDataInterval": number(0, 86_400),
    "ConnectionTimeOut": number(60, 3600),
    "ConnectorPhaseRotation": Row(
        "0.Unknown,1.NotApplicable",
        {"0.rst, 1.Unknown": "0.RST,1.Unknown", "1.TSR": "1.TSR", "": ""},
        ("2.RST", "1.XYZ", "1", "RST", "-1.RST", "1.RST,1.RTS", "0.RST,1.RST,2.RST"),
    ),
    "ConnectorPhaseRotationMaxLength": fact("2"),
    "GetConfigurationMaxKeys": fact("100"),
    "HeartbeatInterval": number(300, 86_400),
    "LightIntensity": number(100, 100),
    "LocalAuthorizeOffline": flag("true"),
    "LocalPreAuthorize": flag("false"),
    "MessageTimeout": number(30, 600, 1),
    "MeterValuesAlignedData": measurands(ENERGY),
    "MeterValuesAlignedDataMaxLength": fact("22"),
    "MeterValuesSampledData": measurands(ENERGY),
    "MeterValuesSampledDataMaxLength": fact("22"),
    "MeterValueSampleInterval": number(60, 86_400),
    "MinimumStatusDuration": number(0, 3600),
    "NumberOfConnectors": fact("1"),
    "ResetRetries": number(1, 10),
    "StopTransactionMaxMeterValues": fact("500"),
    "StopTransactionOnEVSideDisconnect": flag("true"),
    "StopTransactionOnInvalidId": flag("true"),
    "StopTxnAlignedData": measurands(""),
    "StopTxnAlignedDataMaxLength": fact("22"),
    "StopTxnSampledData": measurands(""),
    "StopTxnSampledDataMaxLength": fact("22"),
    "SupportedFeatureProfilesMaxLength": fact("6"),
    "TransactionMessageAttempts": number(3, 100),
    "TransactionMessageRetryInterval": number(60, 3600),
    "UnlockConnectorOnEVSideDisconnect": flag("true"),
    "WebSocketPingInterval": Row("60", {"0": "0", "3600": "3600"}, ("-1", "", "x")),
}


@covers(
    "C.1/AllowOfflineTxForUnknownId",
    "C.1/AuthorizationCacheEnabled",
    "C.1/AuthorizeRemoteTxRequests",
    "C.1/BlinkRepeat",
    "C.1/ClockAlignedDataInterval",
    "C.1/ConnectionTimeOut",
    "C.1/ConnectorPhaseRotation",
    "C.1/ConnectorPhaseRotationMaxLength",
    "C.1/GetConfigurationMaxKeys",
    "C.1/HeartbeatInterval",
    "C.1/LightIntensity",
    "C.1/LocalAuthorizeOffline",
    "C.1/LocalPreAuthorize",
    "C.1/MessageTimeout",
    "C.1/MeterValuesAlignedData",
    "C.1/MeterValuesAlignedDataMaxLength",
    "C.1/MeterValuesSampledData",
    "C.1/MeterValuesSampledDataMaxLength",
    "C.1/MeterValueSampleInterval",
    "C.1/MinimumStatusDuration",
    "C.1/NumberOfConnectors",
    "C.1/ResetRetries",
    "C.1/StopTransactionMaxMeterValues",
    "C.1/StopTransactionOnEVSideDisconnect",
    "C.1/StopTransactionOnInvalidId",
    "C.1/StopTxnAlignedData",
    "C.1/StopTxnAlignedDataMaxLength",
    "C.1/StopTxnSampledData",
    "C.1/StopTxnSampledDataMaxLength",
    "C.1/SupportedFeatureProfilesMaxLength",
    "C.1/TransactionMessageAttempts",
    "C.1/TransactionMessageRetryInterval",
    "C.1/UnlockConnectorOnEVSideDisconnect",
    "C.1/WebSocketPingInterval",
)
@pytest.mark.parametrize("key", ROWS)
def test_type_bounds_access_and_spelling(key: str) -> None:
    """The first value, what is taken and how it is answered, what is not, under the key in capitals."""
    row = ROWS[key]
    world = World(interval=0)
    (shown,) = world.ask("GetConfiguration", {"key": [key.upper()]})["configurationKey"]
    assert shown == {"key": key, "readonly": row.readonly, "value": row.default}
    for value in row.refuses:
        assert world.change(key, value) == "Rejected", value
        assert world.key(key) == row.default
    for value, answered in row.takes.items():
        assert world.change(key.swapcase(), value) == "Accepted", value
        assert world.key(key) == answered


@covers("C.1/MaxEnergyOnInvalidId")
def test_type_bounds_and_access_of_the_one_that_is_absent_by_default() -> None:
    assert World().key("MaxEnergyOnInvalidId") is None
    world = World(keys={"MaxEnergyOnInvalidId": "0"})
    for value in ("-1", TOO_BIG, "x", "1.5"):
        assert world.change("MaxEnergyOnInvalidId", value) == "Rejected"
    assert world.change("maxenergyoninvalidid", "500") == "Accepted"
    assert world.key("MaxEnergyOnInvalidId") == "500"


@covers("C.1/SupportedFeatureProfiles", "CORE-CFG-1")
def test_supported_feature_profiles_are_exact_names_without_spaces() -> None:
    world = World()
    (shown,) = world.ask("GetConfiguration", {"key": ["SupportedFeatureProfiles"]})["configurationKey"]
    names = shown["value"].split(",")
    known = {
        "Core",
        "FirmwareManagement",
        "LocalAuthListManagement",
        "Reservation",
        "SmartCharging",
        "RemoteTrigger",
    }
    assert shown["readonly"] is True
    assert set(names) <= known
    assert len(names) == len(set(names))
    assert {"Core", "RemoteTrigger"} <= set(names)
    assert world.change("SupportedFeatureProfiles", "Core") == "Rejected"


@covers("C.1/SupportedFeatureProfiles", "C.1/SupportedFeatureProfilesMaxLength", "RT-9")
def test_a_profile_that_is_not_supported_is_off() -> None:
    """What is advertised works, what is not advertised does not."""
    world = World(keys={"SupportedFeatureProfiles": "Core"})
    assert world.ask("TriggerMessage", {"requestedMessage": "Heartbeat"}) == "NotSupported"
    with pytest.raises(ValueError, match="Nonsense"):
        World(keys={"SupportedFeatureProfiles": "Core,Nonsense"})


OPTIONAL = {
    "AllowOfflineTxForUnknownId",
    "AuthorizationCacheEnabled",
    "BlinkRepeat",
    "ConnectorPhaseRotationMaxLength",
    "LightIntensity",
    "MessageTimeout",
    "MeterValuesAlignedDataMaxLength",
    "MeterValuesSampledDataMaxLength",
    "MinimumStatusDuration",
    "StopTransactionMaxMeterValues",
    "StopTransactionOnEVSideDisconnect",
    "StopTxnAlignedDataMaxLength",
    "StopTxnSampledDataMaxLength",
    "SupportedFeatureProfilesMaxLength",
    "WebSocketPingInterval",
}


@covers("CORE-CFG-7")
@pytest.mark.parametrize("key", ROWS)
def test_optional_keys_can_be_absent_and_others_cannot(key: str) -> None:
    world = World()
    absent = c.Switch(name="SW-ABSENT-KEYS", value=key)
    if key in OPTIONAL:
        world.do(absent)
        assert world.key(key) is None
    else:
        with pytest.raises(CommandRefused, match=f"not '{key}'"):
            world.do(absent)


# --- what they do: authorization ---


@covers("C.1/AllowOfflineTxForUnknownId")
@pytest.mark.parametrize("value, started", [("true", True), ("false", False)])
def test_unknown_tags_while_offline(value: str, started: bool) -> None:
    world = World(keys={"AllowOfflineTxForUnknownId": value})
    world.offline()
    world.do(c.Start(id_tag="STRANGER"))
    assert (world.status() == "Charging") is started


@covers("C.1/AuthorizationCacheEnabled")
@pytest.mark.parametrize("value, asked", [("true", 1), ("false", 2)])
def test_the_cache_is_used_or_not(value: str, asked: int) -> None:
    world = World(keys={"LocalPreAuthorize": "true", "AuthorizationCacheEnabled": value})
    for _ in range(2):
        world.start()
        world.do(c.Stop())
        world.do(c.Unplug())
    assert world.peer.actions().count("Authorize") == asked


@covers("C.1/AuthorizeRemoteTxRequests")
@pytest.mark.parametrize("value, asked", [("true", 1), ("false", 0)])
def test_remote_starts_are_authorized_or_not(value: str, asked: int) -> None:
    world = World(keys={"AuthorizeRemoteTxRequests": value})
    world.do(c.PlugIn())
    world.ask("RemoteStartTransaction", {"idTag": TAG})
    assert world.peer.actions().count("Authorize") == asked
    assert world.status() == "Charging"


@covers("C.1/LocalAuthorizeOffline")
@pytest.mark.parametrize("value, started", [("true", True), ("false", False)])
def test_known_tags_while_offline(value: str, started: bool) -> None:
    world = World()
    world.do(c.Cache(act="add", id_tag=TAG))
    world.change("LocalAuthorizeOffline", value)
    world.offline()
    world.do(c.Start())
    assert (world.status() == "Charging") is started


@covers("C.1/LocalPreAuthorize")
@pytest.mark.parametrize("value, asked", [("true", 0), ("false", 1)])
def test_known_tags_start_at_once_or_are_asked_about(value: str, asked: int) -> None:
    world = World(keys={"LocalPreAuthorize": value})
    world.do(c.Cache(act="add", id_tag=TAG))
    world.start()
    assert world.peer.actions().count("Authorize") == asked


@covers("C.1/MaxEnergyOnInvalidId", "CORE-OFF-4")
@pytest.mark.parametrize("stops", ["true", "false"])
@pytest.mark.parametrize("amperes", [6, 16, 32])
def test_a_refused_tag_gets_so_much_energy_and_no_more(stops: str, amperes: int) -> None:
    """Counted from the refusal, which comes after 20 s, to the Wh, however fast it flows."""
    world = World(
        keys={"MaxEnergyOnInvalidId": "100", "StopTransactionOnInvalidId": stops},
        answers={"StartTransaction": Later(20, REFUSED)},
    )
    world.do(c.Current(amperes=amperes))
    world.do(c.Start())
    world.run(20)
    refused_at = world.connector()["meter_wh"]
    world.run(30)
    world.do(c.SuspendEv())
    world.run(500)
    world.do(c.ResumeEv())
    world.run(600)
    assert world.connector()["meter_wh"] == refused_at + 100
    if stops == "true":
        stop = world.peer.last("StopTransaction")
        assert (stop["reason"], stop["meterStop"]) == ("DeAuthorized", refused_at + 100)
    else:
        assert world.status() == "SuspendedEVSE"
        world.ask("RemoteStopTransaction", {"transactionId": 7})
        assert world.peer.last("StopTransaction")["reason"] == "Remote"


@covers("C.1/MaxEnergyOnInvalidId", "CORE-OFF-4")
def test_the_energy_of_a_refused_tag_is_counted_on_after_a_power_cut() -> None:
    world = World(
        keys={"MaxEnergyOnInvalidId": "100", "StopTransactionOnInvalidId": "false"},
        switches={"SW-RESUME-AFTER-POWERLOSS": "resume"},
        answers={"StartTransaction": REFUSED},
    )
    world.do(c.Start())
    world.run(30)
    world.driver.kill()
    world.run(60)
    world.driver.restart()
    world.run(3600)
    assert world.connector()["meter_wh"] == 100
    assert world.status() == "SuspendedEVSE"


@covers("C.1/StopTransactionOnInvalidId")
@pytest.mark.parametrize("value, status", [("true", "Finishing"), ("false", "SuspendedEVSE")])
def test_a_refused_start_stops_or_starves(value: str, status: str) -> None:
    world = World(keys={"StopTransactionOnInvalidId": value}, answers={"StartTransaction": REFUSED})
    world.do(c.Start())
    world.run(1)
    assert world.status() == status


# --- what they do: the rest ---


@covers("C.1/BlinkRepeat", "C.1/LightIntensity")
def test_the_lamp_shows_its_keys() -> None:
    world = World()
    assert world.info()["lamp"] == {"intensity": 100, "blink_repeat": 3}
    world.change("LightIntensity", "40")
    world.change("BlinkRepeat", "7")
    assert world.info()["lamp"] == {"intensity": 40, "blink_repeat": 7}


@covers("C.1/ConnectorPhaseRotation", "C.1/ConnectorPhaseRotationMaxLength", "C.1/NumberOfConnectors")
def test_what_follows_from_the_connectors() -> None:
    """Connector 0 is not counted; three phases have a rotation, nobody knows which, others have none."""
    direct = ConnectorProfile(current="DC", max_amperes=100)
    world = World(connectors=(ConnectorProfile(phases=3), ConnectorProfile(), direct))
    assert world.key("NumberOfConnectors") == "3"
    assert world.key("ConnectorPhaseRotationMaxLength") == "4"
    assert world.key("ConnectorPhaseRotation") == "0.Unknown,1.Unknown,2.NotApplicable,3.NotApplicable"
    assert world.change("ConnectorPhaseRotation", "0.RST,1.RTS,3.NotApplicable") == "Accepted"


@covers("C.1/GetConfigurationMaxKeys")
def test_so_many_keys_are_answered_where_that_is_enforced() -> None:
    world = World(keys={"GetConfigurationMaxKeys": "2"}, switches={"SW-ENFORCE-MAX-KEYS": "on"})
    assert world.ask("GetConfiguration", {"key": ["a", "b", "c"]}) == "OccurenceConstraintViolation"
    assert world.ask("GetConfiguration", {"key": ["a", "b"]})["unknownKey"] == ["a", "b"]


@covers("C.1/HeartbeatInterval")
def test_heartbeats_come_at_their_interval_from_now_on() -> None:
    world = World()
    world.run(100)
    world.change("HeartbeatInterval", "40")
    world.peer.clear()
    world.run(130)
    assert world.told() == ["Heartbeat"] * 3


@covers("C.1/MessageTimeout")
def test_an_answer_is_awaited_so_long() -> None:
    world = World(answers={"Authorize": None}, keys={"AllowOfflineTxForUnknownId": "true"})
    world.change("MessageTimeout", "4")
    world.do(c.Start())
    world.run(3.9)
    assert world.status() == "Preparing"
    world.run(0.2)
    assert world.status() == "Charging"


@covers(
    "C.1/MeterValuesAlignedDataMaxLength",
    "C.1/MeterValuesSampledDataMaxLength",
    "C.1/StopTxnAlignedDataMaxLength",
    "C.1/StopTxnSampledDataMaxLength",
)
@pytest.mark.parametrize(
    "key", ["MeterValuesAlignedData", "MeterValuesSampledData", "StopTxnAlignedData", "StopTxnSampledData"]
)
def test_a_list_holds_so_many_items(key: str) -> None:
    world = World(keys={f"{key}MaxLength": "1", key: ""})
    assert world.change(key, "Voltage,SoC") == "Rejected"
    assert world.change(key, "SoC") == "Accepted"


@covers("C.1/ResetRetries")
@pytest.mark.parametrize("retries, back", [("0", False), ("1", False), ("2", True)])
def test_a_restart_that_fails_is_tried_so_often(retries: str, back: bool) -> None:
    world = World(keys={"ResetRetries": retries}, switches={"SW-RESET-FAILS": "2"})
    world.expected_errors = ("The restart failed for good.",)
    world.ask("Reset", {"type": "Soft"})
    world.run(60)
    assert ("BootNotification" in world.peer.actions()) is back


@covers("C.1/TransactionMessageAttempts", "C.1/TransactionMessageRetryInterval")
@pytest.mark.parametrize(
    "attempts, interval, sent", [("3", "10", 3), ("1", "10", 1), ("0", "10", 1), ("5", "200", 2)]
)
def test_a_refused_message_is_repeated_so_often(attempts: str, interval: str, sent: int) -> None:
    world = World(
        keys={"TransactionMessageAttempts": attempts, "TransactionMessageRetryInterval": interval},
        answers={"StartTransaction": Failure()},
    )
    world.do(c.Start())
    world.run(300)
    assert world.peer.actions().count("StartTransaction") == sent
    given_up = [e for e in world.events(TransactionEvent) if e.what == "dropped"]
    assert bool(given_up) is (sent != 2)


@covers("C.1/WebSocketPingInterval", "CORE-CFG-4")
def test_pings_change_at_once_and_without_a_new_connection() -> None:
    world = World()
    before = wanted(world)
    assert before.ping_interval == 60
    assert world.change("WebSocketPingInterval", "17") == "Accepted"
    assert (wanted(world).ping_interval, wanted(world).generation) == (17, before.generation)
    absent = World(switches={"SW-ABSENT-KEYS": "WebSocketPingInterval"})
    assert wanted(absent).ping_interval == 0


def wanted(world: World) -> Any:
    return world.driver.station.link_wanted()


# --- from the station's own side ---


@covers("CORE-CFG-1")
def test_a_person_may_set_what_can_be_set_and_gets_a_sentence_else() -> None:
    world = World()
    assert world.do(c.Configuration(key="resetretries", value="4")) == {
        "key": "ResetRetries",
        "status": "Accepted",
    }
    for key, value, sentence in (
        ("ResetRetries", "11", "ResetRetries is 0 to 10 \\(times\\), not 11."),
        ("LocalPreAuthorize", "maybe", "LocalPreAuthorize is true or false, not 'maybe'."),
        ("NumberOfConnectors", "4", "NumberOfConnectors tells a fact about the station"),
        ("MeterValuesSampledData", "Volts", "there is no measurand 'Volts'"),
        ("MeterValuesSampledData", "RPM", "this station cannot measure 'RPM'"),
        ("ConnectorPhaseRotation", "1.RST,1.RTS", "connector 1 stands there twice"),
        (
            "HeartbeatIntervall",
            "5",
            "There is no configuration key HeartbeatIntervall. Did you mean HeartbeatInterval",
        ),
    ):
        with pytest.raises(CommandRefused, match=sentence):
            world.do(c.Configuration(key=key, value=value))
    rows = world.do(c.Configuration())
    assert {row["key"] for row in rows} >= set(ROWS)
    assert world.do(c.Configuration(key="ResetRetries"))["value"] == "4"
    with pytest.raises(CommandRefused, match="There is no configuration key Nonsense"):
        world.do(c.Configuration(key="Nonsense"))
