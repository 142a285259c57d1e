"""ChangeConfiguration and GetConfiguration (A.10, CORE-CFG)."""

from typing import Any

import pytest

from desktop_sim.protocol.times import format_time
from desktop_sim.station import commands as c
from desktop_sim.station.commands import CommandRefused
from desktop_sim.station.events import ConfigurationEvent
from desktop_sim.station.profile import ConnectorProfile
from tests.conformance.coverage import covers
from tests.conformance.world import TAG, World

LISTS = (
    "ConnectorPhaseRotation",
    "MeterValuesAlignedData",
    "MeterValuesSampledData",
    "StopTxnAlignedData",
    "StopTxnSampledData",
    "SupportedFeatureProfiles",
)

LONG = [
    *(f"Energy.{kind}.Register" for kind in ("Active.Import", "Active.Export")),
    *(f"Energy.{kind}.Register" for kind in ("Reactive.Import", "Reactive.Export")),
    *(f"Energy.{kind}.Interval" for kind in ("Active.Import", "Active.Export", "Reactive.Export")),
    *(f"Power.{kind}.L{n}" for kind in ("Active.Import", "Active.Export") for n in (1, 2, 3)),
    *(f"Power.{kind}.L{n}" for kind in ("Reactive.Import", "Reactive.Export") for n in (1, 2, 3)),
]
"""19 items of 503 characters."""


def get(world: World, *keys: str) -> Any:
    return world.ask("GetConfiguration", {"key": list(keys)})


@covers("CORE-CFG-1")
def test_accepted_is_set_and_in_effect() -> None:
    world = World()
    assert world.change("ConnectionTimeOut", "5") == "Accepted"
    assert world.key("ConnectionTimeOut") == "5"
    world.do(c.PresentTag(id_tag=TAG))
    world.run(6)
    assert world.statuses() == ["Preparing", "Available"]
    (event,) = [e for e in world.events(ConfigurationEvent) if e.key == "ConnectionTimeOut"]
    assert (event.value, event.by, event.reboot_required) == ("5", "central system", False)


@covers("CORE-CFG-1", "CORE-RST-7")
def test_reboot_required_is_stored_and_waits() -> None:
    """GetConfiguration shows the new value, the old one still holds until the boot."""
    world = World(switches={"SW-REBOOT-KEYS": "connectiontimeout, MeterValuesSampledData"})
    assert world.change("ConnectionTimeOut", "5") == "RebootRequired"
    assert world.change("MeterValuesSampledData", "Voltage") == "RebootRequired"
    assert world.change("ResetRetries", "2") == "Accepted"
    assert world.key("ConnectionTimeOut") == "5"
    world.do(c.PresentTag(id_tag=TAG))
    world.run(10)
    assert world.status() == "Preparing"
    world.ask("Reset", {"type": "Soft"})
    world.run(5)
    world.do(c.PresentTag(id_tag=TAG))
    world.run(6)
    assert world.status() == "Available"
    world.ask("TriggerMessage", {"requestedMessage": "MeterValues", "connectorId": 1})
    (value,) = world.peer.last("MeterValues")["meterValue"][0]["sampledValue"]
    assert value["measurand"] == "Voltage"


@covers("CORE-CFG-1", "CORE-CFG-10", "CORE-RST-7")
def test_reboot_required_takes_effect_after_a_kill_too() -> None:
    world = World(switches={"SW-REBOOT-KEYS": "HeartbeatInterval"})
    assert world.change("HeartbeatInterval", "77") == "RebootRequired"
    world.driver.kill()
    world.peer.answers["BootNotification"] = lambda _: {
        "status": "Accepted",
        "currentTime": format_time(world.driver.now.sim),
        "interval": 0,
    }
    world.driver.restart()
    world.run(1)
    world.peer.clear()
    world.run(78)
    assert world.told() == ["Heartbeat"]


@covers("CORE-CFG-1", "CORE-HB-1")
def test_a_waiting_heartbeat_interval_makes_no_second_rhythm() -> None:
    world = World(switches={"SW-REBOOT-KEYS": "HeartbeatInterval"}, interval=0)
    world.change("HeartbeatInterval", "100")
    world.do(c.Reboot())
    world.run(5)
    world.peer.clear()
    world.run(1000)
    assert world.peer.actions().count("Heartbeat") == 10


@covers("CORE-CFG-1")
def test_an_unknown_key_is_not_supported() -> None:
    assert World().change("NoSuchKey", "1") == "NotSupported"


@covers("CORE-CFG-1")
@pytest.mark.parametrize("key", ["NumberOfConnectors", "SupportedFeatureProfiles", "GetConfigurationMaxKeys"])
def test_a_read_only_key_is_rejected(key: str) -> None:
    world = World()
    before = world.key(key)
    assert world.change(key, str(before)) == "Rejected"
    assert world.key(key) == before


@covers("CORE-CFG-1", "CORE-CFG-3")
@pytest.mark.parametrize(
    "key, value",
    [
        ("LocalPreAuthorize", "1"),
        ("LocalPreAuthorize", "yes"),
        ("LocalPreAuthorize", ""),
        ("ConnectionTimeOut", "-1"),
        ("ConnectionTimeOut", "3601"),
        ("ConnectionTimeOut", "1.5"),
        ("ConnectionTimeOut", "1e2"),
        ("ConnectionTimeOut", "0x10"),
        ("ConnectionTimeOut", "1_0"),
        ("ConnectionTimeOut", "five"),
        ("ConnectionTimeOut", ""),
        ("ConnectionTimeOut", "٥"),
        ("ConnectionTimeOut", "9" * 30),
    ],
)
def test_bad_values_are_rejected_and_change_nothing(key: str, value: str) -> None:
    world = World()
    before = world.key(key)
    assert world.change(key, value) == "Rejected"
    assert world.key(key) == before
    assert world.events(ConfigurationEvent) == [e for e in world.events(ConfigurationEvent) if e.key != key]


@covers("CORE-CFG-3")
@pytest.mark.parametrize(
    "key, value, stored",
    [
        ("LocalPreAuthorize", "TRUE", "true"),
        ("LocalPreAuthorize", " False ", "false"),
        ("ConnectionTimeOut", " 42 ", "42"),
        ("ConnectionTimeOut", "+7", "7"),
        ("ConnectionTimeOut", "007", "7"),
        ("ConnectionTimeOut", "-0", "0"),
    ],
)
def test_values_are_read_with_tolerance_and_kept_canonical(key: str, value: str, stored: str) -> None:
    world = World()
    assert world.change(key, value) == "Accepted"
    assert world.key(key) == stored


@covers("CORE-CFG-2")
def test_keys_in_any_case_are_answered_in_the_canonical_one() -> None:
    world = World()
    assert world.change("connectiontimeout", "9") == "Accepted"
    assert get(world, "CONNECTIONTIMEOUT")["configurationKey"] == [
        {"key": "ConnectionTimeOut", "readonly": False, "value": "9"}
    ]


@covers("CORE-CFG-4")
@pytest.mark.parametrize(
    "key",
    ["MeterValueSampleInterval", "WebSocketPingInterval", "HeartbeatInterval", "ClockAlignedDataInterval"],
)
def test_negative_intervals_are_rejected(key: str) -> None:
    """TC_040_2."""
    assert World().change(key, "-1") == "Rejected"


@covers("CORE-CFG-5")
@pytest.mark.parametrize("payload", [{}, {"key": []}])
def test_all_readable_keys(payload: dict[str, Any]) -> None:
    """Without the password; in alphabetical order, each once."""
    answer = World().ask("GetConfiguration", payload)
    names = [row["key"] for row in answer["configurationKey"]]
    assert "AuthorizationKey" not in names
    assert {"HeartbeatInterval", "NumberOfConnectors", "SupportedFeatureProfiles"} <= set(names)
    assert names == sorted(names, key=str.lower)
    assert len(names) == len(set(names))
    assert "unknownKey" not in answer
    assert all(isinstance(row["value"], str) for row in answer["configurationKey"])


@covers("CORE-CFG-5", "CORE-CFG-12")
def test_some_keys_known_and_unknown() -> None:
    answer = get(World(), "ResetRetries", "Nonsense", "NumberOfConnectors")
    assert answer == {
        "configurationKey": [
            {"key": "ResetRetries", "readonly": False, "value": "1"},
            {"key": "NumberOfConnectors", "readonly": True, "value": "1"},
        ],
        "unknownKey": ["Nonsense"],
    }


@covers("CORE-CFG-5")
def test_the_password_is_known_but_never_shown() -> None:
    world = World()
    assert world.change("AuthorizationKey", "0123456789abcdef") == "Accepted"
    assert get(world, "AuthorizationKey") == {
        "configurationKey": [{"key": "AuthorizationKey", "readonly": False}]
    }
    assert "0123456789abcdef" not in str(world.events(ConfigurationEvent))
    shown = world.do(c.Configuration(key="AuthorizationKey"))
    assert shown["value"] is None


@covers("CORE-CFG-6")
def test_more_keys_than_advertised_are_answered_or_refused() -> None:
    names = [f"Key{number}" for number in range(101)]
    assert len(get(World(), *names)["unknownKey"]) == 101
    strict = World(switches={"SW-ENFORCE-MAX-KEYS": "on"})
    assert get(strict, *names) == "OccurenceConstraintViolation"
    assert len(get(strict, *names[:100])["unknownKey"]) == 100
    assert "configurationKey" in strict.ask("GetConfiguration")


@covers("CORE-CFG-7")
def test_an_absent_optional_key_is_unknown_and_its_function_gone() -> None:
    world = World(switches={"SW-ABSENT-KEYS": "AuthorizationCacheEnabled, lightintensity"})
    assert get(world, "AuthorizationCacheEnabled", "LightIntensity")["unknownKey"] == [
        "AuthorizationCacheEnabled",
        "LightIntensity",
    ]
    assert world.change("AuthorizationCacheEnabled", "true") == "NotSupported"
    world.do(c.PresentTag(id_tag=TAG))
    assert world.do(c.Cache()) == []


@covers("CORE-CFG-7")
def test_a_key_may_come_and_go_while_the_station_runs() -> None:
    world = World()
    assert world.change("MaxEnergyOnInvalidId", "100") == "NotSupported"
    world.do(c.Switch(name="SW-ABSENT-KEYS", value=""))
    assert world.change("MaxEnergyOnInvalidId", "100") == "Accepted"
    world.do(c.Switch(name="SW-ABSENT-KEYS", value="BlinkRepeat,MaxEnergyOnInvalidId"))
    assert world.key("MaxEnergyOnInvalidId") is world.key("BlinkRepeat") is None


@covers("CORE-CFG-7")
@pytest.mark.parametrize("value", ["HeartbeatInterval", "Nonsense"])
def test_only_optional_keys_can_be_absent(value: str) -> None:
    with pytest.raises(CommandRefused, match=value):
        World().do(c.Switch(name="SW-ABSENT-KEYS", value=value))


@covers("CORE-CFG-8", "CORE-MV-8")
def test_no_value_is_longer_than_500_characters() -> None:
    """Every list with all its items fits, and what is too long to be sent is refused."""
    world = World()
    assert world.change("StopTxnSampledData", "x" * 500) == "Rejected"
    long = {"key": "StopTxnSampledData", "value": "x" * 501}
    assert world.ask("ChangeConfiguration", long) == "PropertyConstraintViolation"
    rows = world.ask("GetConfiguration")["configurationKey"]
    assert max(len(row["value"]) for row in rows) <= 500
    full = World(connectors=(ConnectorProfile(phases=3),))
    assert len(LONG) <= 22
    with pytest.raises(CommandRefused, match="at most 500 characters"):
        full.do(c.Configuration(key="StopTxnSampledData", value=",".join(LONG)))
    assert full.change("StopTxnSampledData", ",".join(LONG[2:])) == "Accepted"


@covers("CORE-CFG-9", "CORE-MV-8")
@pytest.mark.parametrize("key", LISTS)
def test_each_list_publishes_its_longest_length(key: str) -> None:
    row = get(World(), f"{key}MaxLength")["configurationKey"][0]
    assert row["readonly"] is True
    assert int(row["value"]) >= 1


@covers("CORE-MV-8", "CORE-CFG-9")
@pytest.mark.parametrize("key", LISTS[1:5])
def test_more_items_than_that_are_rejected(key: str) -> None:
    world = World(keys={f"{key}MaxLength": "2", key: ""})
    assert world.change(key, "Voltage,SoC,Frequency") == "Rejected"
    assert world.change(key, "Voltage,SoC,Voltage") == "Accepted"
    assert world.key(key) == "Voltage,SoC"


@covers("CORE-CFG-10")
@pytest.mark.parametrize("how", ["reset", "power", "kill"])
def test_values_survive_any_stop(how: str) -> None:
    world = World()
    assert world.change("ConnectionTimeOut", "17") == "Accepted"
    world.do(c.Configuration(key="BlinkRepeat", value="9"))
    if how == "reset":
        world.ask("Reset", {"type": "Hard"})
    elif how == "power":
        world.do(c.PowerCut())
        world.do(c.PowerOn())
    else:
        world.driver.kill()
        world.driver.restart()
    world.run(10)
    assert (world.key("ConnectionTimeOut"), world.key("BlinkRepeat")) == ("17", "9")


@covers("CORE-CFG-11")
def test_a_key_asked_twice_is_answered_once() -> None:
    answer = get(World(), "ResetRetries", "resetretries", "Nonsense", "NONSENSE", "ResetRetries")
    assert [row["key"] for row in answer["configurationKey"]] == ["ResetRetries"]
    assert answer["unknownKey"] == ["Nonsense"]


@covers("CORE-CFG-12")
def test_configuration_key_is_there_even_if_empty() -> None:
    assert get(World(), "Nonsense") == {"configurationKey": [], "unknownKey": ["Nonsense"]}
