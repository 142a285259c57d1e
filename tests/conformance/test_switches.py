"""Every behaviour switch does something else in each of its positions."""

from collections.abc import Callable
from typing import Any

import pytest

from desktop_sim.station import commands as c
from desktop_sim.station.commands import CommandRefused
from desktop_sim.station.profile import ConnectorProfile, Identity
from desktop_sim.station.switches import SWITCHES, SwitchProblem
from tests.conformance.world import TAG, World

FIXED = (ConnectorProfile(fixed_cable=True),)


def registration(status: str, interval: int = 300) -> Callable[[Any], dict[str, Any]]:
    return lambda _: {"status": status, "currentTime": "2025-06-02T07:00:00Z", "interval": interval}


# --- each test says what is to be seen with this value of its switch ---


def boot_trigger(value: str) -> Any:
    return World(switches={"SW-BOOT-TRIGGER": value}).ask(
        "TriggerMessage", {"requestedMessage": "BootNotification"}
    )


def pending_remote(value: str) -> Any:
    world = World(
        switches={"SW-PENDING-REMOTE": value}, answers={"BootNotification": registration("Pending")}
    )
    return world.ask("RemoteStopTransaction", {"transactionId": 1})


def rejected_socket(value: str) -> Any:
    world = World(
        switches={"SW-REJECTED-SOCKET": value}, answers={"BootNotification": registration("Rejected")}
    )
    world.run(10)
    return world.info()["link"]["state"] == "up"


def remote_no_conn(value: str) -> Any:
    return World(switches={"SW-REMOTE-NO-CONN": value}).ask("RemoteStartTransaction", {"idTag": TAG})


def remote_conn0(value: str) -> Any:
    world = World(switches={"SW-REMOTE-CONN0": value})
    return world.ask("RemoteStartTransaction", {"idTag": TAG, "connectorId": 0})


def finishing_remote(value: str) -> Any:
    world = World(switches={"SW-FINISHING-REMOTE": value})
    world.start()
    world.do(c.Stop())
    return world.ask("RemoteStartTransaction", {"idTag": TAG, "connectorId": 1})


def unlock_fixed_stops(value: str) -> Any:
    world = World(connectors=FIXED, switches={"SW-UNLOCK-FIXED-STOPS": value})
    world.start()
    world.ask("UnlockConnector", {"connectorId": 1})
    return world.status()


def err_style(value: str) -> Any:
    return World(switches={"SW-ERR-STYLE": value}).ask("Reset", {"type": 5})


def strict_out(value: str) -> Any:
    world = World(switches={"SW-STRICT-OUT": value}, identity=Identity(vendor="x" * 21), boot=False)
    world.expected_errors = ("BootNotification was not sent",)
    world.run(5)
    return "BootNotification" in world.peer.actions()


def strict_in(value: str) -> Any:
    return World(switches={"SW-STRICT-IN": value}).ask("ClearCache", {"extra": 1})


def lal_disabled(value: str) -> Any:
    world = World(switches={"SW-LAL-DISABLED": value}, keys={"LocalAuthListEnabled": "false"})
    return world.ask("GetLocalListVersion")["listVersion"]


def reservations(value: str) -> Any:
    wish = {"connectorId": 1, "expiryDate": "2025-06-02T09:00:00Z", "idTag": TAG, "reservationId": 4}
    return World(switches={"SW-RESERVATIONS": value}).ask("ReserveNow", wish)


def resume_after_powerloss(value: str) -> Any:
    world = World(switches={"SW-RESUME-AFTER-POWERLOSS": value})
    world.start()
    world.do(c.PowerCut())
    world.do(c.PowerOn())
    world.run(5)
    return world.status()


def txq_on_timeout(value: str) -> Any:
    keys = {"TransactionMessageAttempts": "1", "TransactionMessageRetryInterval": "5", "MessageTimeout": "5"}
    world = World(switches={"SW-TXQ-ON-TIMEOUT": value}, keys=keys, answers={"StartTransaction": None})
    world.do(c.Start())
    world.run(60)
    return world.peer.actions().count("StartTransaction") == 1


def misspell(value: str) -> Any:
    world = World(
        switches={"SW-MISSPELL": value, "SW-ENFORCE-MAX-KEYS": "on"}, keys={"GetConfigurationMaxKeys": "1"}
    )
    return world.ask("GetConfiguration", {"key": ["a", "b"]})


def temp_unit(value: str) -> Any:
    world = World(switches={"SW-TEMP-UNIT": value}, keys={"MeterValuesSampledData": "Temperature"})
    world.ask("TriggerMessage", {"requestedMessage": "MeterValues", "connectorId": 1})
    return world.peer.last("MeterValues")["meterValue"][0]["sampledValue"][0]["unit"]


def free_vend(value: str) -> Any:
    world = World(switches={"SW-FREE-VEND": value})
    world.do(c.PlugIn())
    return [p["idTag"] for p in world.peer.payloads("StartTransaction")]


def always_boot(value: str) -> Any:
    world = World(switches={"SW-ALWAYS-BOOT": value})
    world.do(c.DropLink())
    world.run(5)
    return "BootNotification" in world.peer.actions()


def status_all_on_reconnect(value: str) -> Any:
    world = World(switches={"SW-STATUS-ALL-ON-RECONNECT": value})
    world.do(c.DropLink())
    world.run(5)
    return world.told()


def strict_heartbeat(value: str) -> Any:
    """Another message in between puts the next heartbeat off, or does not."""
    world = World(switches={"SW-STRICT-HEARTBEAT": value}, interval=100)
    world.run(60)
    world.do(c.PlugIn())
    world.run(41)
    return "Heartbeat" in world.peer.actions()


def charge_before_accepted(value: str) -> Any:
    world = World(
        switches={"SW-CHARGE-BEFORE-ACCEPTED": value},
        keys={"AllowOfflineTxForUnknownId": "true"},
        answers={"BootNotification": registration("Pending")},
    )
    try:
        world.do(c.Start())
    except CommandRefused as refusal:
        return refusal.sentence
    return world.status()


def unavailable_until_accepted(value: str) -> Any:
    world = World(
        switches={"SW-UNAVAILABLE-UNTIL-ACCEPTED": value},
        answers={"BootNotification": registration("Pending")},
    )
    return world.status()


def remote_stop_tag(value: str) -> Any:
    world = World(switches={"SW-REMOTE-STOP-TAG": value})
    world.start()
    world.ask("RemoteStopTransaction", {"transactionId": 1})
    return world.peer.last("StopTransaction").get("idTag")


def tolerate_no_subprotocol(value: str) -> Any:
    station: Any = World(switches={"SW-TOLERATE-NO-SUBPROTOCOL": value}).driver.station
    return station.link_wanted().tolerate_missing_subprotocol


def enforce_max_keys(value: str) -> Any:
    world = World(switches={"SW-ENFORCE-MAX-KEYS": value}, keys={"GetConfigurationMaxKeys": "1"})
    return world.ask("GetConfiguration", {"key": ["a", "b"]})


def lose_queue(value: str) -> Any:
    world = World(switches={"SW-LOSE-QUEUE-ON-HARD-RESET": value}, answers={"StopTransaction": None})
    world.start()
    world.ask("Reset", {"type": "Hard"})
    world.run(5.5)
    return world.info()["queue"]["waiting"]


def preparing_timeout(value: str) -> Any:
    world = World(switches={"SW-PREPARING-TIMEOUT": value})
    world.do(c.PlugIn())
    world.run(61)
    return world.status()


def trigger_off_answer(value: str) -> Any:
    world = World(switches={"SW-TRIGGER-OFF-ANSWER": value}, keys={"SupportedFeatureProfiles": "Core"})
    return world.ask("TriggerMessage", {"requestedMessage": "Heartbeat"})


def reboot_seconds(value: str) -> Any:
    world = World(switches={"SW-REBOOT-SECONDS": value})
    world.do(c.Reboot())
    world.run(5)
    return world.info()["power"]


def reset_fails(value: str) -> Any:
    world = World(switches={"SW-RESET-FAILS": value})
    world.do(c.Reboot())
    world.run(3)
    return world.peer.actions().count("BootNotification")


def queue_delay(value: str) -> Any:
    world = World(switches={"SW-QUEUE-DELAY": value}, keys={"MeterValueSampleInterval": "1"})
    world.start()
    world.offline()
    world.run(10)
    world.do(c.Stop())
    world.online()
    world.run(5)
    return world.peer.actions().count("MeterValues") > 5


def queue_size(value: str) -> Any:
    world = World(switches={"SW-QUEUE-SIZE": value}, keys={"MeterValueSampleInterval": "1"})
    world.start()
    world.offline()
    world.run(60)
    return world.info()["queue"]["waiting"] > 20


def cache_size(value: str) -> Any:
    world = World(switches={"SW-CACHE-SIZE": value})
    for number in range(5):
        world.do(c.Cache(act="add", id_tag=f"TAG{number}"))
    return len(world.do(c.Cache()))


def fatal_faults(value: str) -> Any:
    world = World(switches={"SW-FATAL-FAULTS": value})
    world.start()
    world.do(c.Error(error_code="OverVoltage"))
    return "StopTransaction" in world.peer.actions()


def absent_keys(value: str) -> Any:
    return World(switches={"SW-ABSENT-KEYS": value}).key("BlinkRepeat")


def reboot_keys(value: str) -> Any:
    return World(switches={"SW-REBOOT-KEYS": value}).change("ResetRetries", "5")


ACCEPTED, REJECTED = {"status": "Accepted"}, {"status": "Rejected"}
CASES: dict[str, tuple[Callable[[str], Any], dict[str, Any]]] = {
    "SW-BOOT-TRIGGER": (boot_trigger, {"accept": ACCEPTED, "reject": REJECTED}),
    "SW-PENDING-REMOTE": (pending_remote, {"reject": REJECTED, "callerror": "SecurityError"}),
    "SW-REJECTED-SOCKET": (rejected_socket, {"stay-silent": True, "close": False}),
    "SW-REMOTE-NO-CONN": (remote_no_conn, {"pick": ACCEPTED, "reject": REJECTED}),
    "SW-REMOTE-CONN0": (remote_conn0, {"Rejected": REJECTED, "callerror": "PropertyConstraintViolation"}),
    "SW-FINISHING-REMOTE": (finishing_remote, {"accept": ACCEPTED, "reject": REJECTED}),
    "SW-UNLOCK-FIXED-STOPS": (unlock_fixed_stops, {"false": "Charging", "true": "Finishing"}),
    "SW-ERR-STYLE": (err_style, {"precise": "TypeConstraintViolation", "formation": "FormationViolation"}),
    "SW-STRICT-OUT": (strict_out, {"on": False, "off": True}),
    "SW-STRICT-IN": (strict_in, {"on": "FormationViolation", "lenient-in": ACCEPTED}),
    "SW-LAL-DISABLED": (lal_disabled, {"unsupported": -1, "normal": 0}),
    "SW-RESERVATIONS": (reservations, {"accept": ACCEPTED, "reject": REJECTED}),
    "SW-RESUME-AFTER-POWERLOSS": (resume_after_powerloss, {"stop": "Finishing", "resume": "Charging"}),
    "SW-TXQ-ON-TIMEOUT": (txq_on_timeout, {"counts": True, "does-not-count": False}),
    "SW-MISSPELL": (
        misspell,
        {
            "OccurenceConstraintViolation": "OccurenceConstraintViolation",
            "OccurrenceConstraintViolation": "OccurrenceConstraintViolation",
        },
    ),
    "SW-TEMP-UNIT": (temp_unit, {"Celsius": "Celsius", "Celcius": "Celcius"}),
    "SW-FREE-VEND": (free_vend, {"off": [], "KIOSK": ["KIOSK"]}),
    "SW-ALWAYS-BOOT": (always_boot, {"off": False, "on": True}),
    "SW-STATUS-ALL-ON-RECONNECT": (
        status_all_on_reconnect,
        {"off": [], "on": ["Status(0) Available", "Status(1) Available"]},
    ),
    "SW-STRICT-HEARTBEAT": (strict_heartbeat, {"off": False, "on": True}),
    "SW-CHARGE-BEFORE-ACCEPTED": (
        charge_before_accepted,
        {
            "off": "The central system has not accepted this station yet, so nobody can charge. Connect it first.",
            "on": "Charging",
        },
    ),
    "SW-UNAVAILABLE-UNTIL-ACCEPTED": (unavailable_until_accepted, {"off": "Available", "on": "Unavailable"}),
    "SW-REMOTE-STOP-TAG": (remote_stop_tag, {"start-tag": TAG, "none": None}),
    "SW-TOLERATE-NO-SUBPROTOCOL": (tolerate_no_subprotocol, {"off": False, "on": True}),
    "SW-ENFORCE-MAX-KEYS": (
        enforce_max_keys,
        {"off": {"configurationKey": [], "unknownKey": ["a", "b"]}, "on": "OccurenceConstraintViolation"},
    ),
    "SW-LOSE-QUEUE-ON-HARD-RESET": (lose_queue, {"off": 1, "on": 0}),
    "SW-PREPARING-TIMEOUT": (preparing_timeout, {"finishing": "Finishing", "stay": "Preparing"}),
    "SW-TRIGGER-OFF-ANSWER": (
        trigger_off_answer,
        {"NotSupported": "NotSupported", "NotImplemented": "NotImplemented"},
    ),
    "SW-REBOOT-SECONDS": (reboot_seconds, {"1": "on", "60": "restarting"}),
    "SW-RESET-FAILS": (reset_fails, {"0": 1, "1": 0}),
    "SW-QUEUE-DELAY": (queue_delay, {"0": True, "3": False}),
    "SW-QUEUE-SIZE": (queue_size, {"10000": True, "10": False}),
    "SW-CACHE-SIZE": (cache_size, {"1000": 5, "3": 3}),
    "SW-FATAL-FAULTS": (fatal_faults, {"GroundFailure": False, "overvoltage": True}),
    "SW-ABSENT-KEYS": (absent_keys, {"": "3", "BlinkRepeat": None}),
    "SW-REBOOT-KEYS": (reboot_keys, {"": "Accepted", "ResetRetries": "RebootRequired"}),
}
"""Switch → what to look at, and what is seen there with each of its values."""

WITH_THEIR_FEATURE = {
    "SW-DIAGNOSTICS-FAIL",
    "SW-FIRMWARE-FAILS",
    "SW-INSTALL-SECONDS",
    "SW-NOSTART-ABS",
    "SW-PASSWORD-FORM",
    "SW-RESERVE-AUTHORIZE",
    "SW-SC-MAX-RELATIVE",
    "SW-SC-TIE",
    "SW-SIMULATED-TRANSFERS",
}
"""Switches whose tests stand with the feature they belong to."""


@pytest.mark.parametrize(
    "name, value", [(name, value) for name, (_, seen) in CASES.items() for value in seen]
)
def test_each_position_does_what_it_says(name: str, value: str) -> None:
    look, seen = CASES[name]
    assert look(value) == seen[value]


def test_no_switch_is_forgotten() -> None:
    """Every switch has its test, and every position of one with few positions."""
    assert set(CASES) | WITH_THEIR_FEATURE == set(SWITCHES)
    for name, (_, seen) in CASES.items():
        kind = SWITCHES[name]
        assert set(seen) == set(kind.values) if kind.values else len(seen) >= 2
        assert len({str(sight) for sight in seen.values()}) == len(seen)


@pytest.mark.parametrize("name", list(SWITCHES))
def test_a_switch_is_shown_set_and_kept(name: str) -> None:
    """In any case, for good; a value there is not is refused with those there are."""
    world = World()
    kind = SWITCHES[name]
    assert world.do(c.Switch(name=name.lower())) == {"name": name, "value": kind.factory}
    if kind.values:
        assert world.do(c.Switch(name=name, value=kind.values[-1].upper()))["value"] == kind.values[-1]
        with pytest.raises(
            CommandRefused, match=f"{name} is one of {', '.join(kind.values)}, not 'sometimes'"
        ):
            world.do(c.Switch(name=name, value="sometimes"))
    else:
        world.do(c.Switch(name=name, value=kind.factory))
    before = world.do(c.Switch())
    world.driver.kill()
    world.driver.restart()
    assert world.do(c.Switch()) == before


@pytest.mark.parametrize(
    "name, value",
    [
        ("SW-REBOOT-SECONDS", "601"),
        ("SW-REBOOT-SECONDS", "-1"),
        ("SW-REBOOT-SECONDS", "1.5"),
        ("SW-RESET-FAILS", "many"),
        ("SW-QUEUE-DELAY", "٣"),
        ("SW-QUEUE-SIZE", "9"),
        ("SW-CACHE-SIZE", "0"),
        ("SW-FREE-VEND", "x" * 21),
        ("SW-FREE-VEND", ""),
        ("SW-FATAL-FAULTS", "GroundFailure,NoError"),
        ("SW-ABSENT-KEYS", "NumberOfConnectors"),
        ("SW-REBOOT-KEYS", "SupportedFeatureProfiles"),
    ],
)
def test_a_value_there_is_not_is_refused_and_changes_nothing(name: str, value: str) -> None:
    world = World()
    with pytest.raises(CommandRefused, match=name):
        world.do(c.Switch(name=name, value=value))
    assert world.do(c.Switch(name=name))["value"] == SWITCHES[name].factory


def test_a_switch_there_is_not() -> None:
    world = World()
    with pytest.raises(CommandRefused, match="There is no switch SW-NONSENSE"):
        world.do(c.Switch(name="SW-NONSENSE"))
    with pytest.raises(SwitchProblem, match="SW-NONSENSE"):
        World(switches={"SW-NONSENSE": "on"})


def test_what_was_switched_since_wins_over_the_profile() -> None:
    world = World(switches={"SW-PREPARING-TIMEOUT": "stay"})
    world.do(c.Switch(name="SW-PREPARING-TIMEOUT", value="finishing"))
    world.driver.kill()
    world.driver.restart()
    assert world.do(c.Switch(name="SW-PREPARING-TIMEOUT"))["value"] == "finishing"
    world.do(c.FactoryReset())
    assert world.do(c.Switch(name="SW-PREPARING-TIMEOUT"))["value"] == "stay"
