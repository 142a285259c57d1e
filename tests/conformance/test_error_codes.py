"""D.3: which error code, in which order of checks, in which style and spelling."""

import json
from typing import Any

import pytest

from desktop_sim.protocol.actions import ACTIONS, FeatureProfile
from desktop_sim.station.station import Station
from tests.conformance.coverage import covers
from tests.conformance.replies import logs, registration
from tests.conformance.world import TAG, World

TOO_MANY_KEYS = {"key": ["x"] * 3}


def code(world: World, action: str, payload: Any) -> str:
    """The code of the CALLERROR; an answer that is none fails the test."""
    frames = world.raw(json.dumps([2, "a", action, payload]))
    kind, message_id, code, description, details = json.loads(frames[0])
    assert (kind, message_id, details) == (4, "a", {})
    assert isinstance(code, str)
    assert 0 < len(description) <= 255
    return code


@covers("D.3/NotImplemented", "RPC-23")
@pytest.mark.parametrize("action", ["FooBar", "reset", "GetVariables", "resetResponse", ""])
@pytest.mark.parametrize("payload", [{}, [], 5, {"type": "Soft"}])
def test_an_action_nobody_knows(action: str, payload: Any) -> None:
    assert code(World(), action, payload) == "NotImplemented"


@covers("D.3/NotSupported", "RPC-23")
@pytest.mark.parametrize(
    "action",
    [
        name
        for name, action in ACTIONS.items()
        if action.profile not in (FeatureProfile.Core, FeatureProfile.Security) and action.from_central_system
    ],
)
def test_an_action_of_a_profile_that_is_switched_off(action: str) -> None:
    assert code(World(keys={"SupportedFeatureProfiles": "Core"}), action, []) == "NotSupported"


@covers("D.3/NotSupported")
@pytest.mark.parametrize(
    "action", ["BootNotification", "Authorize", "StartTransaction", "StatusNotification"]
)
def test_an_action_that_is_ours_to_send(action: str) -> None:
    assert code(World(), action, {}) == "NotSupported"


@covers("D.3/InternalError", "RPC-27")
def test_a_handler_that_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    world.expected_errors = ("failed inside the station",)
    station = world.driver.station
    assert isinstance(station, Station)

    def broken(request: object) -> None:
        raise ZeroDivisionError("a secret of the program")

    monkeypatch.setitem(station._rpc._calls._handlers, "ClearCache", broken)
    frames = world.raw('[2,"a","ClearCache",{}]')
    assert json.loads(frames[0])[:3] == [4, "a", "InternalError"]
    assert "secret" not in frames[0]
    assert logs(world, "failed inside the station")
    monkeypatch.undo()
    assert world.ask("ClearCache") == {"status": "Accepted"}


@covers("D.3/ProtocolError", "RPC-21")
@pytest.mark.parametrize(
    "action, payload",
    [
        ("ChangeConfiguration", {"key": "HeartbeatInterval"}),
        ("ChangeConfiguration", {}),
        ("Reset", {}),
        ("RemoteStartTransaction", {"connectorId": 1}),
        ("RemoteStopTransaction", {}),
        ("DataTransfer", {"data": "x"}),
        ("SetChargingProfile", {"connectorId": 1, "csChargingProfiles": {}}),
    ],
)
def test_a_required_field_is_missing(action: str, payload: Any) -> None:
    assert code(World(), action, payload) == "ProtocolError"


@covers("D.3/SecurityError")
@pytest.mark.parametrize(
    "action, payload",
    [("RemoteStartTransaction", {"idTag": TAG}), ("RemoteStopTransaction", {"transactionId": 1})],
)
def test_refused_for_security(action: str, payload: Any) -> None:
    world = World(boot=False, switches={"SW-PENDING-REMOTE": "callerror"})
    world.peer.answers["BootNotification"] = registration(world, "Pending", 1000)
    world.run(1)
    assert code(world, action, payload) == "SecurityError"


@covers("D.3/FormationViolation")
@pytest.mark.parametrize(
    "action, payload",
    [
        ("Reset", []),
        ("Reset", "Soft"),
        ("Reset", 5),
        ("Reset", True),
        ("ClearCache", {"x": None}),
        ("Reset", {"type": "Soft", "x": 1}),
        ("GetConfiguration", {"keys": ["HeartbeatInterval"]}),
    ],
)
def test_not_the_shape_of_the_message(action: str, payload: Any) -> None:
    assert code(World(), action, payload) == "FormationViolation"


@covers("D.3/PropertyConstraintViolation")
@pytest.mark.parametrize(
    "action, payload",
    [
        ("Reset", {"type": "Medium"}),
        ("Reset", {"type": "soft"}),
        ("ChangeConfiguration", {"key": "k" * 51, "value": "1"}),
        ("ChangeConfiguration", {"key": "k", "value": "v" * 501}),
        ("RemoteStartTransaction", {"idTag": "x" * 21}),
        ("DataTransfer", {"vendorId": "v" * 256}),
        ("DataTransfer", {"vendorId": "v", "messageId": "m" * 51}),
        ("GetConfiguration", {"key": ["k" * 51]}),
    ],
)
def test_a_value_that_is_not_allowed(action: str, payload: Any) -> None:
    assert code(World(), action, payload) == "PropertyConstraintViolation"


@covers("D.3/PropertyConstraintViolation")
def test_connector_0_where_one_is_needed_by_switch() -> None:
    world = World(switches={"SW-REMOTE-CONN0": "callerror"})
    assert (
        code(world, "RemoteStartTransaction", {"idTag": TAG, "connectorId": 0})
        == "PropertyConstraintViolation"
    )


@covers("D.3/OccurenceConstraintViolation")
def test_too_few_elements() -> None:
    profile = {
        "chargingProfileId": 1,
        "stackLevel": 0,
        "chargingProfilePurpose": "TxDefaultProfile",
        "chargingProfileKind": "Relative",
        "chargingSchedule": {"chargingRateUnit": "A", "chargingSchedulePeriod": []},
    }
    payload = {"connectorId": 1, "csChargingProfiles": profile}
    assert code(World(), "SetChargingProfile", payload) == "OccurenceConstraintViolation"


@covers("D.3/OccurenceConstraintViolation", "RPC-20", "CORE-CFG-6")
@pytest.mark.parametrize("spelling", ["OccurenceConstraintViolation", "OccurrenceConstraintViolation"])
def test_too_many_elements_in_either_spelling(spelling: str) -> None:
    world = World(
        keys={"GetConfigurationMaxKeys": "2"},
        switches={"SW-ENFORCE-MAX-KEYS": "on", "SW-MISSPELL": spelling},
    )
    assert code(world, "GetConfiguration", TOO_MANY_KEYS) == spelling


@covers("RPC-20")
@pytest.mark.parametrize("spelling", ["OccurenceConstraintViolation", "OccurrenceConstraintViolation"])
def test_the_switch_changes_no_other_code(spelling: str) -> None:
    world = World(switches={"SW-MISSPELL": spelling})
    assert code(world, "Reset", []) == "FormationViolation"


@covers("D.3/TypeConstraintViolation")
@pytest.mark.parametrize(
    "action, payload",
    [
        ("UnlockConnector", {"connectorId": "1"}),
        ("UnlockConnector", {"connectorId": True}),
        ("UnlockConnector", {"connectorId": None}),
        ("UnlockConnector", {"connectorId": [1]}),
        ("Reset", {"type": 1}),
        ("GetConfiguration", {"key": "HeartbeatInterval"}),
        ("GetConfiguration", {"key": [1]}),
        ("GetConfiguration", {"key": None}),
        ("RemoteStartTransaction", {"idTag": TAG, "chargingProfile": []}),
    ],
)
def test_the_wrong_json_type(action: str, payload: Any) -> None:
    assert code(World(), action, payload) == "TypeConstraintViolation"


@covers("RPC-23")
@pytest.mark.parametrize(
    "action, payload, first",
    [
        ("FooBar", [], "NotImplemented"),
        ("Authorize", [], "NotSupported"),
        ("ChangeAvailability", [], "FormationViolation"),
        ("ChangeAvailability", {"connectorId": "1", "x": 1}, "ProtocolError"),
        ("ChangeAvailability", {"type": "Nonsense"}, "ProtocolError"),
        ("ChangeAvailability", {"connectorId": "1", "type": "Nonsense", "x": 1}, "FormationViolation"),
        ("ChangeAvailability", {"connectorId": "1", "type": "Nonsense"}, "TypeConstraintViolation"),
        ("ChangeAvailability", {"connectorId": 9, "type": "Nonsense"}, "PropertyConstraintViolation"),
    ],
)
def test_the_first_failure_decides(action: str, payload: Any, first: str) -> None:
    assert code(World(), action, payload) == first


@covers("RPC-23")
def test_business_comes_last() -> None:
    world = World()
    answer = world.ask("ChangeAvailability", {"connectorId": 9, "type": "Operative"})
    assert answer == {"status": "Rejected"}


@covers("RPC-24")
@pytest.mark.parametrize(
    "action, payload, precise",
    [
        ("Reset", [], "FormationViolation"),
        ("Reset", {}, "ProtocolError"),
        ("Reset", {"type": 1}, "TypeConstraintViolation"),
        ("Reset", {"type": "Medium"}, "PropertyConstraintViolation"),
        ("GetConfiguration", TOO_MANY_KEYS, "OccurenceConstraintViolation"),
        ("FooBar", {}, "NotImplemented"),
        ("Authorize", {}, "NotSupported"),
    ],
)
@pytest.mark.parametrize("style", ["precise", "formation"])
def test_the_style_of_errors(action: str, payload: Any, precise: str, style: str) -> None:
    world = World(
        keys={"GetConfigurationMaxKeys": "2"}, switches={"SW-ENFORCE-MAX-KEYS": "on", "SW-ERR-STYLE": style}
    )
    schema = precise not in ("NotImplemented", "NotSupported")
    assert code(world, action, payload) == (
        "FormationViolation" if style == "formation" and schema else precise
    )
