"""Payloads: which code for which mistake, what lenient reading forgives, how numbers are written (D.3)."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_sim.protocol import (
    ACTIONS,
    ErrorCode,
    Violation,
    ViolationError,
    check,
    decode,
    decode_request,
    decode_response,
    encode,
    violations_of,
)
from desktop_sim.protocol.core import (
    AuthorizeRequest,
    ChangeConfigurationRequest,
    HeartbeatRequest,
    MeterValue,
    MeterValuesRequest,
    RemoteStartTransactionRequest,
    SampledValue,
    StatusNotificationRequest,
    StopTransactionRequest,
)
from desktop_sim.protocol.remote_trigger import TriggerMessageRequest
from desktop_sim.protocol.smart_charging import (
    ChargingSchedule,
    ChargingSchedulePeriod,
    SetChargingProfileRequest,
)
from desktop_sim.protocol.types import (
    ChargePointErrorCode,
    ChargePointStatus,
    ChargingRateUnitType,
    UnitOfMeasure,
)

NOW = "2025-06-02T07:00:00.000Z"

PROTOCOL = ErrorCode.ProtocolError
FORMATION = ErrorCode.FormationViolation
TYPE = ErrorCode.TypeConstraintViolation
PROPERTY = ErrorCode.PropertyConstraintViolation
OCCURENCE = ErrorCode.OccurenceConstraintViolation


def violation(action: str, payload: Any, *, lenient: bool = False) -> Violation:
    raw = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    with pytest.raises(ViolationError) as caught:
        decode_request(action, raw, lenient=lenient)
    return caught.value.violation


def profile(**period: Any) -> dict[str, Any]:
    """A SetChargingProfile payload; `period` changes its only period."""
    return {
        "connectorId": 1,
        "csChargingProfiles": {
            "chargingProfileId": 1,
            "stackLevel": 0,
            "chargingProfilePurpose": "TxDefaultProfile",
            "chargingProfileKind": "Relative",
            "chargingSchedule": {
                "chargingRateUnit": "A",
                "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 16, **period}],
            },
        },
    }


PERIOD = "$.csChargingProfiles.chargingSchedule.chargingSchedulePeriod"


@pytest.mark.parametrize(
    "action, payload, code, path, sentence",
    [
        ("Reset", [], FORMATION, "$", "the payload must be an object, got an array"),
        ("Reset", "x", FORMATION, "$", 'the payload must be an object, got the string "x"'),
        ("ChangeConfiguration", {"key": "k"}, PROTOCOL, "$.value", "`value` is missing"),
        (
            "Reset",
            {"type": "Soft", "Type": 1},
            FORMATION,
            "$.Type",
            "`Type` is no field of the message; known here: `type`",
        ),
        (
            "ClearCache",
            {"x": 1},
            FORMATION,
            "$.x",
            "`x` is no field of the message; known here: none",
        ),
        (
            "UnlockConnector",
            {"connectorId": "1"},
            TYPE,
            "$.connectorId",
            '`connectorId` must be an integer, got the string "1"',
        ),
        (
            "UnlockConnector",
            {"connectorId": True},
            TYPE,
            "$.connectorId",
            "`connectorId` must be an integer, got true",
        ),
        (
            "UnlockConnector",
            {"connectorId": 1.5},
            TYPE,
            "$.connectorId",
            "`connectorId` must be an integer, got the number 1.5",
        ),
        (
            "UnlockConnector",
            {"connectorId": None},
            TYPE,
            "$.connectorId",
            "`connectorId` must be an integer, got null",
        ),
        (
            "RemoteStartTransaction",
            {"idTag": "a", "connectorId": None},
            TYPE,
            "$.connectorId",
            "`connectorId` must be an integer, got null",
        ),
        ("GetConfiguration", {"key": "a"}, TYPE, "$.key", '`key` must be an array, got the string "a"'),
        (
            "GetConfiguration",
            {"key": ["a", {}]},
            TYPE,
            "$.key[1]",
            "`key[1]` must be a string, got an object",
        ),
        (
            "Reset",
            {"type": "Medium"},
            PROPERTY,
            "$.type",
            '`type` must be one of Hard, Soft, got the string "Medium"',
        ),
        (
            "RemoteStartTransaction",
            {"idTag": "x" * 21},
            PROPERTY,
            "$.idTag",
            "`idTag` may have at most 20 characters, got 21",
        ),
        (
            "UpdateFirmware",
            {"location": "ftp://x", "retrieveDate": "tomorrow"},
            PROPERTY,
            "$.retrieveDate",
            '`retrieveDate` must be a time such as 2025-06-02T07:00:00.000Z, got the string "tomorrow"',
        ),
        (
            "MeterValues",
            {
                "connectorId": 1,
                "meterValue": [{"timestamp": NOW, "sampledValue": [{"value": "1", "unit": "parsec"}]}],
            },
            PROPERTY,
            "$.meterValue[0].sampledValue[0].unit",
            f'`meterValue[0].sampledValue[0].unit` must be one of {", ".join(UnitOfMeasure)}, got the string "parsec"',
        ),
        (
            "MeterValues",
            {"connectorId": 1, "meterValue": []},
            OCCURENCE,
            "$.meterValue",
            "`meterValue` needs at least 1 item, got 0",
        ),
        (
            "RemoteStopTransaction",
            {"transactionId": 2**63},
            PROPERTY,
            "$.transactionId",
            "`transactionId` must fit into 64 bits, got the number 9223372036854775808",
        ),
    ],
)
def test_RPC_21_RPC_22_each_mistake_has_its_code_place_and_sentence(
    action: str, payload: Any, code: ErrorCode, path: str, sentence: str
) -> None:
    assert violation(action, payload) == Violation(code, path, sentence)


@pytest.mark.parametrize(
    "change, code, sentence",
    [
        ({"limit": 8.15}, PROPERTY, "may have at most one decimal, got the number 8.15"),
        ({"limit": -1}, PROPERTY, "must not be negative, got the number -1"),
        ({"limit": 1e300}, PROPERTY, "must be less than 10^15, got the number 1E+300"),
        ({"limit": "8.1"}, TYPE, 'must be a number, got the string "8.1"'),
        ({"limit": True}, TYPE, "must be a number, got true"),
        ({"limit": None}, TYPE, "must be a number, got null"),
    ],
)
def test_SC_SET_12_limits_that_are_refused(change: dict[str, Any], code: ErrorCode, sentence: str) -> None:
    found = violation("SetChargingProfile", profile(**change))
    assert (found.code, found.path) == (code, f"{PERIOD}[0].limit")
    assert found.sentence.endswith(sentence)


def test_SC_SET_12_decimals_are_counted_exactly() -> None:
    text = json.dumps(profile()).replace('"limit": 16', '"limit": 8.10000000000000000000000000000000001')
    assert violation("SetChargingProfile", text.encode()).code is PROPERTY


@pytest.mark.parametrize(
    "written, limit",
    [
        ("8.1", "8.1"),
        ("0", "0"),
        ("16", "16"),
        ("16.0", "16.0"),
        ("8.10", "8.1"),
        ("81e-1", "8.1"),
        ("1E+2", "100.0"),
        ("999999999999999.9", "999999999999999.9"),
    ],
)
def test_RPC_15_limits_are_exact_and_written_plainly(written: str, limit: str) -> None:
    raw = json.dumps(profile()).replace('"limit": 16', f'"limit": {written}').encode()
    request = decode(SetChargingProfileRequest, raw)
    schedule = request.cs_charging_profiles.charging_schedule
    assert schedule.charging_schedule_period[0].limit == Decimal(limit)
    assert f'"limit":{limit}}}'.encode() in encode(request)


def test_SC_SET_8_a_negative_stack_level_is_refused() -> None:
    payload = profile()
    payload["csChargingProfiles"]["stackLevel"] = -1
    assert violation("SetChargingProfile", payload).code is PROPERTY


def test_SC_SET_10_a_schedule_without_periods_is_refused() -> None:
    payload = profile()
    payload["csChargingProfiles"]["chargingSchedule"]["chargingSchedulePeriod"] = []
    assert (violation("SetChargingProfile", payload).code, violation("SetChargingProfile", payload).path) == (
        OCCURENCE,
        PERIOD,
    )


@pytest.mark.parametrize(
    "payload, code",
    [
        ({"connectorId": "x", "surplus": 1}, PROTOCOL),
        ({"connectorId": "x", "type": "Medium", "surplus": 1}, FORMATION),
        ({"connectorId": "x", "type": "Medium"}, TYPE),
        ({"connectorId": 1, "type": "Medium"}, PROPERTY),
    ],
)
def test_RPC_23_required_then_unknown_then_types_then_values(payload: Any, code: ErrorCode) -> None:
    assert violation("ChangeAvailability", payload).code is code


def test_everything_that_is_wrong_can_be_listed() -> None:
    raw = b'{"connectorId":"x","type":"Medium"}'
    found = violations_of(ACTIONS["ChangeAvailability"].request, raw)
    assert [(item.code, item.path) for item in found] == [(TYPE, "$.connectorId"), (PROPERTY, "$.type")]


def test_RPC_15_an_integral_float_is_an_integer() -> None:
    for written in (b"5.0", b"5e0", b"50E-1"):
        raw = b'{"transactionId":' + written + b"}"
        assert encode(decode_request("RemoteStopTransaction", raw)) == b'{"transactionId":5}'


@pytest.mark.parametrize("number", [b"1e999999999", b"1" + b"0" * 5000, b"5.5", b"1e19"])
def test_RPC_15_numbers_that_are_no_integer_of_ours(number: bytes) -> None:
    assert violation("RemoteStopTransaction", b'{"transactionId":' + number + b"}").code in (
        TYPE,
        PROPERTY,
        FORMATION,
    )


def test_RT_2_an_unknown_trigger_reaches_the_handler() -> None:
    request = decode(TriggerMessageRequest, b'{"requestedMessage":"MakeCoffee"}')
    assert request.requested_message == "MakeCoffee"


@pytest.mark.parametrize("action", ["ChangeAvailability", "UnlockConnector", "GetCompositeSchedule"])
def test_CORE_AVAIL_7_a_negative_connector_reaches_the_handler(action: str) -> None:
    payload = {
        "ChangeAvailability": {"connectorId": -1, "type": "Operative"},
        "UnlockConnector": {"connectorId": -1},
        "GetCompositeSchedule": {"connectorId": -1, "duration": 60},
    }[action]
    assert json.loads(encode(decode_request(action, json.dumps(payload).encode()))) == payload


def test_CORE_MV_16_both_spellings_of_celsius_are_read() -> None:
    for spelling in ("Celsius", "Celcius"):
        assert decode(SampledValue, f'{{"value":"20","unit":"{spelling}"}}'.encode()).unit == UnitOfMeasure(
            spelling
        )


def test_RPC_26_a_bad_response_is_told_like_a_bad_request() -> None:
    with pytest.raises(ViolationError) as caught:
        decode_response("Heartbeat", b"{}")
    assert caught.value.violation.code is PROTOCOL


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff", b'{"idTag":"\xff"}', b'{"idTag":"\\ud800"}', b"{} {}"])
def test_a_payload_that_is_no_json_is_a_formation_violation(raw: bytes) -> None:
    assert violation("Authorize", raw).code is FORMATION


def test_an_unknown_action_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        decode_request("FooBar", b"{}")


# --- lenient ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "action, payload, read",
    [
        ("Reset", {"type": "Soft", "surplus": {}}, {"type": "Soft"}),
        ("UnlockConnector", {"connectorId": "1"}, {"connectorId": 1}),
        ("UnlockConnector", {"connectorId": "-1"}, {"connectorId": -1}),
        ("RemoteStartTransaction", {"idTag": "a", "connectorId": None}, {"idTag": "a"}),
        ("RemoteStartTransaction", {"idTag": 4711}, {"idTag": "4711"}),
        ("ChangeConfiguration", {"key": "k", "value": 1.50}, {"key": "k", "value": "1.5"}),
        ("GetConfiguration", {"key": None}, {}),
        ("SetChargingProfile", profile(limit="8.1", x=1), profile(limit=8.1)),
        ("SetChargingProfile", profile(limit=8.19, numberPhases=None), profile(limit=8.1)),
    ],
)
def test_RPC_22_lenient_reading_forgives(action: str, payload: Any, read: Any) -> None:
    raw = json.dumps(payload).encode()
    assert json.loads(encode(decode_request(action, raw, lenient=True))) == read
    with pytest.raises(ViolationError):
        decode_request(action, raw)


def test_RPC_22_lenient_reading_takes_a_spelled_boolean() -> None:
    raw = b'{"configurationKey":[{"key":"k","readonly":"false"},{"key":"l","readonly":"true"}]}'
    response = decode_response("GetConfiguration", raw, lenient=True)
    assert encode(response) == raw.replace(b'"false"', b"false").replace(b'"true"', b"true")


@pytest.mark.parametrize(
    "action, payload, code",
    [
        ("UnlockConnector", {"connectorId": None}, TYPE),
        ("UnlockConnector", {"connectorId": "one"}, TYPE),
        ("UnlockConnector", {"connectorId": ""}, TYPE),
        ("UnlockConnector", {"connectorId": "٣"}, TYPE),
        ("UnlockConnector", {"connectorId": True}, TYPE),
        ("UnlockConnector", {}, PROTOCOL),
        ("Reset", {"type": "soft"}, PROPERTY),
        ("SetChargingProfile", profile(limit="a lot"), TYPE),
        ("SetChargingProfile", profile(limit="-1"), PROPERTY),
        ("RemoteStartTransaction", {"idTag": 10**21}, PROPERTY),
        ("RemoteStartTransaction", {"idTag": True}, TYPE),
    ],
)
def test_RPC_22_lenient_reading_does_not_guess(action: str, payload: Any, code: ErrorCode) -> None:
    assert violation(action, payload, lenient=True).code is code


# --- outgoing -----------------------------------------------------------------------------------------------------


def test_what_is_absent_is_not_written() -> None:
    assert encode(HeartbeatRequest()) == b"{}"
    notification = StatusNotificationRequest(
        connector_id=0, error_code=ChargePointErrorCode.NoError, status=ChargePointStatus.Available
    )
    assert encode(notification) == b'{"connectorId":0,"errorCode":"NoError","status":"Available"}'


def test_rates_are_written_as_plain_numbers() -> None:
    schedule = ChargingSchedule(
        charging_rate_unit=ChargingRateUnitType.A,
        charging_schedule_period=(ChargingSchedulePeriod(start_period=0, limit=Decimal("8.1")),),
        min_charging_rate=Decimal(6),
    )
    assert encode(schedule) == (
        b'{"chargingRateUnit":"A","chargingSchedulePeriod":[{"startPeriod":0,"limit":8.1}],"minChargingRate":6}'
    )
    check(schedule)


@pytest.mark.parametrize(
    "message, code",
    [
        (AuthorizeRequest(id_tag="x" * 21), PROPERTY),
        (AuthorizeRequest(id_tag=None), TYPE),  # type: ignore[arg-type]
        (AuthorizeRequest(id_tag=5), TYPE),  # type: ignore[arg-type]
        (AuthorizeRequest(id_tag="\ud800"), TYPE),
        (AuthorizeRequest(id_tag=object()), TYPE),  # type: ignore[arg-type]
        (ChangeConfigurationRequest(key="k", value="x" * 501), PROPERTY),
        (MeterValuesRequest(connector_id=1, meter_value=()), OCCURENCE),
        (
            MeterValuesRequest(connector_id=1, meter_value=(MeterValue(timestamp="now", sampled_value=()),)),
            PROPERTY,
        ),
        (StopTransactionRequest(transaction_id=2**70, meter_stop=0, timestamp=NOW), PROPERTY),
        (ChargingSchedulePeriod(start_period=0, limit=Decimal("8.15")), PROPERTY),
        (ChargingSchedulePeriod(start_period=0, limit=Decimal("NaN")), FORMATION),
        (ChargingSchedulePeriod(start_period=0, limit=8.15), PROPERTY),  # type: ignore[arg-type]
    ],
)
def test_RPC_14_our_own_mistakes_are_found_before_they_go_out(message: Any, code: ErrorCode) -> None:
    with pytest.raises(ViolationError) as caught:
        check(message)
    assert caught.value.violation.code is code


def test_messages_are_immutable_named_and_comparable() -> None:
    request = RemoteStartTransactionRequest(id_tag="a")
    assert request == RemoteStartTransactionRequest(id_tag="a")
    assert hash(request) == hash(RemoteStartTransactionRequest(id_tag="a"))
    with pytest.raises(AttributeError):
        request.id_tag = "b"  # type: ignore[misc]
    with pytest.raises(TypeError):
        AuthorizeRequest("a")  # type: ignore[call-arg]


# --- any payload whatever -----------------------------------------------------------------------------------------

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
KEYS = st.text() | st.sampled_from(
    ["connectorId", "idTag", "csChargingProfiles", "limit", "meterValue", "status"]
)
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner))


@pytest.mark.parametrize("lenient", [False, True])
@given(
    action=st.sampled_from(sorted(ACTIONS)),
    raw=VALUES.map(lambda value: json.dumps(value).encode()) | st.binary(),
)
def test_any_payload_is_a_message_or_a_violation(action: str, raw: bytes, lenient: bool) -> None:
    for read in (decode_request, decode_response):
        try:
            message = read(action, raw, lenient=lenient)
        except ViolationError:
            continue
        check(message)
