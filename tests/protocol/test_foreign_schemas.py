"""The wire against the foreign JSON Schemas: what we write they accept, what they refuse we refuse (RPC-14)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec import inspect

from desktop_sim.protocol import ErrorCode, ViolationError, check, decode, encode, violations_of
from tests.protocol import foreign
from tests.protocol.strategies import messages

NAMES = sorted(foreign.MESSAGES)

PROFILE = ("csChargingProfiles",)
SCHEDULE = (*PROFILE, "chargingSchedule")
PERIOD = (*SCHEDULE, "chargingSchedulePeriod", 0)

DIFFERENCES: list[tuple[str, str, tuple[foreign.Step, ...], Any, bool]] = [
    # why, schema, place in its full example, value there, whether we accept it; the foreign schema says the opposite
    ("the handler says NotImplemented, RT-2", "TriggerMessage", ("requestedMessage",), "Tea", True),
    (
        "the handler says NotImplemented, SEC-XT-1",
        "ExtendedTriggerMessage",
        ("requestedMessage",),
        "Tea",
        True,
    ),
    ("an integral float is an integer, RPC-15", "RemoteStopTransaction", ("transactionId",), 5.0, True),
    (
        "a time without zone is UTC, RPC-16",
        "HeartbeatResponse",
        ("currentTime",),
        "2025-06-02T07:00:00",
        True,
    ),
    ("a zone may be short, RPC-16", "HeartbeatResponse", ("currentTime",), "2025-06-02T07:00:00+02", True),
    (
        "a zone needs no colon, RPC-16",
        "HeartbeatResponse",
        ("currentTime",),
        "2025-06-02T07:00:00+0200",
        True,
    ),
    ("the handler judges the URL, FW-FT-8", "GetDiagnostics", ("location",), "no URL", True),
    ("the handler judges the URL, FW-FT-8", "UpdateFirmware", ("location",), "no URL", True),
    (
        "hertz is read everywhere and sent nowhere, CORE-MV-16",
        "StopTransaction",
        ("transactionData", 0, "sampledValue", 0, "unit"),
        "Hertz",
        True,
    ),
    ("a number must be storable", "RemoteStopTransaction", ("transactionId",), 2**63, False),
    ("a rank is not negative, SC-SET-8", "SetChargingProfile", (*PROFILE, "stackLevel"), -1, False),
    ("a limit is not negative, SC-SET-12", "SetChargingProfile", (*PERIOD, "limit"), -0.1, False),
    ("a limit is within what can be meant", "SetChargingProfile", (*PERIOD, "limit"), 10**15, False),
    ("a rate is not negative, SC-SET-12", "SetChargingProfile", (*SCHEDULE, "minChargingRate"), -1, False),
    (
        "a schedule has periods, SC-SET-10",
        "SetChargingProfile",
        (*SCHEDULE, "chargingSchedulePeriod"),
        [],
        False,
    ),
    ("a meter value has readings", "StopTransaction", ("transactionData", 0, "sampledValue"), [], False),
]
"""Every known difference between the foreign schemas and us."""

FREE_TEXT_FOR_US = {("requestedMessage", "enum")}
"""Mutations that only the foreign schemas mind, see the differences."""


def minded(mutation: foreign.Mutation) -> bool:
    return not mutation.path or (mutation.path[-1], mutation.label) not in FREE_TEXT_FOR_US


def mutations(name: str) -> list[foreign.Mutation]:
    """Every way to break a schema in one place that we mind too."""
    return [mutation for mutation in foreign.mutations(name) if minded(mutation)]


def verdict(name: str, payload: Any) -> ErrorCode | None:
    """The code we answer a payload with; None if we accept it."""
    try:
        decode(foreign.MESSAGES[name], json.dumps(payload).encode())
    except ViolationError as error:
        return error.violation.code
    return None


def test_every_foreign_schema_has_a_message() -> None:
    assert foreign.names() == NAMES


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data())
def test_RPC_14_what_we_write_the_foreign_schema_accepts(name: str, data: st.DataObject) -> None:
    message = data.draw(messages(foreign.MESSAGES[name]))
    assert foreign.accepts(name, json.loads(encode(message)))


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data())
def test_what_we_write_we_read_back(name: str, data: st.DataObject) -> None:
    type_ = foreign.MESSAGES[name]
    message = data.draw(messages(type_))
    raw = encode(message)
    check(message)
    assert decode(type_, raw) == message
    assert decode(type_, raw, lenient=True) == message
    assert encode(decode(type_, raw)) == raw
    assert violations_of(type_, raw) == []


@pytest.mark.parametrize("name", NAMES)
def test_the_full_example_of_a_schema_is_accepted(name: str) -> None:
    payload = foreign.example(name)
    assert foreign.accepts(name, payload)
    assert verdict(name, payload) is None
    message = decode(foreign.MESSAGES[name], json.dumps(payload).encode())
    assert json.loads(encode(message)) == payload


@pytest.mark.parametrize("name", NAMES)
def test_the_same_fields_are_optional(name: str) -> None:
    for site in foreign.sites(name):
        if not site.required and isinstance(site.path[-1], str):
            payload = foreign.without(foreign.example(name), site.path)
            assert foreign.accepts(name, payload)
            assert verdict(name, payload) is None, site.path


@pytest.mark.parametrize("name", NAMES)
def test_every_foreign_spelling_of_an_enumeration_is_read(name: str) -> None:
    for site in foreign.sites(name):
        for spelling in site.node.get("enum", []):
            payload = foreign.replaced(foreign.example(name), site.path, spelling)
            assert verdict(name, payload) is None, spelling


@pytest.mark.parametrize("name", NAMES)
def test_every_spelling_of_ours_is_foreign_too(name: str) -> None:
    """Except hertz, which the schema of StopTransaction does not know (CORE-MV-16)."""
    for site in foreign.sites(name):
        if "enum" in site.node and site.path[-1] != "requestedMessage":
            ours = set(our_spellings(foreign.MESSAGES[name], site.path))
            assert ours - {"Hertz"} == set(site.node["enum"]) - {"Hertz"}


def our_spellings(type_: Any, path: tuple[foreign.Step, ...]) -> list[str]:
    shape = inspect.type_info(type_)
    for step in path:
        if isinstance(shape, inspect.StructType):
            shape = next(field.type for field in shape.fields if field.encode_name == step)
        elif isinstance(shape, inspect.VarTupleType):
            shape = shape.item_type
    assert isinstance(shape, inspect.EnumType)
    return [member.value for member in shape.cls]


@pytest.mark.parametrize("name", NAMES)
def test_RPC_21_RPC_22_what_breaks_a_schema_is_refused_with_its_code(name: str) -> None:
    for mutation in mutations(name):
        assert not foreign.accepts(name, mutation.payload), f"the foreign schema does not mind {mutation}"
        found = violations_of(foreign.MESSAGES[name], json.dumps(mutation.payload).encode())
        assert [(violation.code, violation.path) for violation in found] == [
            (mutation.code, json_path(mutation.path))
        ]
        assert verdict(name, mutation.payload) is mutation.code, mutation


def json_path(path: tuple[foreign.Step, ...]) -> str:
    return "$" + "".join(f".{step}" if isinstance(step, str) else f"[{step}]" for step in path)


@given(data=st.data())
def test_RPC_23_the_earliest_check_decides(data: st.DataObject) -> None:
    """Of two things wrong in different places the one checked first gives the code, wherever it stands."""
    name = data.draw(st.sampled_from([name for name in NAMES if len(foreign.sites(name)) > 2]))
    inner = [mutation for mutation in mutations(name) if mutation.path]
    first, second = (data.draw(st.sampled_from(inner)) for _ in range(2))
    assume(not overlap(first.path, second.path))
    both = merged(foreign.example(name), first, second)
    assert verdict(name, both) is min(first.code, second.code, key=RANK.index)


RANK = [
    ErrorCode.ProtocolError,
    ErrorCode.FormationViolation,
    ErrorCode.TypeConstraintViolation,
    ErrorCode.PropertyConstraintViolation,
    ErrorCode.OccurenceConstraintViolation,
]


def overlap(one: tuple[foreign.Step, ...], other: tuple[foreign.Step, ...]) -> bool:
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]


def merged(payload: Any, first: foreign.Mutation, second: foreign.Mutation) -> Any:
    for mutation in (first, second):
        if mutation.label == "missing":
            payload = foreign.without(payload, mutation.path)
        else:
            payload = foreign.replaced(payload, mutation.path, foreign.at(mutation.payload, mutation.path))
    return payload


@pytest.mark.parametrize("why, name, path, value, accepted", DIFFERENCES)
def test_deliberate_differences(
    why: str, name: str, path: tuple[foreign.Step, ...], value: Any, accepted: bool
) -> None:
    payload = foreign.replaced(foreign.example(name), path, value)
    assert (verdict(name, payload) is None) is accepted, why
    assert foreign.accepts(name, payload) is not accepted, why


@given(data=st.data())
def test_verdicts_agree_on_odd_payloads(data: st.DataObject) -> None:
    """Any JSON in any place: refused by both or by none, the differences apart."""
    name = data.draw(st.sampled_from(NAMES))
    site = data.draw(st.sampled_from(foreign.sites(name)))
    value = data.draw(ODD)
    payload = foreign.replaced(foreign.example(name), site.path, value)
    assume(site.path[-1:] not in [("requestedMessage",), ("location",)])
    assume(site.node["type"] not in ("integer", "number") or isinstance(value, bool | int))
    assume(not (site.path[-1:] == ("stackLevel",) or site.node["type"] == "number") or value in (0, 1, 2**62))
    assume(value != [] or site.node["type"] != "array" or "minItems" in site.node)
    assert (verdict(name, payload) is None) is foreign.accepts(name, payload)


SCALARS = (
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False) | st.text()
)
ODD = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(), inner, max_size=2),
    max_leaves=4,
)
