"""Frames as they come and go (D.2)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_sim.protocol import (
    Call,
    CallError,
    CallResult,
    Frame,
    FrameError,
    FrameProblem,
    encode_call,
    encode_error,
    encode_result,
    parse_frame,
)
from desktop_sim.protocol.core import ResetRequest, ResetResponse
from desktop_sim.protocol.frames import MAX_BYTES, MAX_DEPTH
from desktop_sim.protocol.types import ResetStatus, ResetType


def nested(depth: int) -> str:
    return "[" * depth + "]" * depth


def sized(size: int) -> str:
    head, tail = '[2,"a","DataTransfer",{"data":"', '"}]'
    return head + "x" * (size - len(head) - len(tail)) + tail


@pytest.mark.parametrize(
    "text, frame",
    [
        ('[2,"a","Reset",{"type":"Soft"}]', Call("a", "Reset", b'{"type":"Soft"}')),
        (' [ 2 , "a" , "Reset" , { "type" : 1 } ]\n', Call("a", "Reset", b'{ "type" : 1 }')),
        ('[2,"a","Reset",null]', Call("a", "Reset", b"{}")),
        ('[2,"a","Reset",[]]', Call("a", "Reset", b"[]")),
        ('[2,5,"Reset",{"type":"Soft"}]', Call(5, "Reset", b'{"type":"Soft"}')),
        ('[2,"","Reset",{}]', Call("", "Reset", b"{}")),
        (f'[2,"{"i" * 36}","Reset",{{}}]', Call("i" * 36, "Reset", b"{}")),
        ('[2,"a","FooBar",{}]', Call("a", "FooBar", b"{}")),
        ('[3,"a",{"status":"Accepted"}]', CallResult("a", b'{"status":"Accepted"}')),
        ('[3,"a",null]', CallResult("a", b"{}")),
        ('[3,"a",{},"more",{}]', CallResult("a", b"{}")),
        ('[4,"a","GenericError","why",{"x":1}]', CallError("a", "GenericError", "why", {"x": 1})),
        ('[4,"a","GenericError","why"]', CallError("a", "GenericError", "why", {})),
        ('[4,"a","GenericError"]', CallError("a", "GenericError", "", {})),
        ('[4,"a","GenericError",null,null]', CallError("a", "GenericError", "", {})),
        ('[4,"a","GenericError","why",[],1]', CallError("a", "GenericError", "why", {})),
    ],
)
def test_RPC_5_RPC_13_frames_that_are_read(text: str, frame: Frame) -> None:
    assert parse_frame(text) == frame


@pytest.mark.parametrize(
    "text, kind",
    [
        ("", FrameProblem.NotJson),
        ("hello", FrameProblem.NotJson),
        ('[2,"a","Reset",{}', FrameProblem.NotJson),
        ('[2,"a","Reset",{}] more', FrameProblem.NotJson),
        ('[2,"a","Reset",{"type":NaN}]', FrameProblem.NotJson),
        ('[2,"a","Reset",{"type":Infinity}]', FrameProblem.NotJson),
        ('[2,"a","Reset",{"type":"\\ud800"}]', FrameProblem.NotJson),
        ('\ufeff[2,"a","Reset",{}]', FrameProblem.NotJson),
        ("\ud800", FrameProblem.NotJson),
        ("{}", FrameProblem.NotAnArray),
        ("null", FrameProblem.NotAnArray),
        ('"[]"', FrameProblem.NotAnArray),
        ("[]", FrameProblem.UnknownType),
        ('[5,"a",{}]', FrameProblem.UnknownType),
        ('["2","a","Reset",{}]', FrameProblem.UnknownType),
        ('[true,"a","Reset",{}]', FrameProblem.UnknownType),
        ('[-1,"a",{}]', FrameProblem.UnknownType),
        ("[2]", FrameProblem.NoMessageId),
        ('[2,null,"Reset",{}]', FrameProblem.NoMessageId),
        ('[2,1.5,"Reset",{}]', FrameProblem.NoMessageId),
        ('[2,true,"Reset",{}]', FrameProblem.NoMessageId),
        ('[2,["a"],"Reset",{}]', FrameProblem.NoMessageId),
        (f'[2,{"9" * 5000},"Reset",{{}}]', FrameProblem.NoMessageId),
        ("[3]", FrameProblem.NoMessageId),
        (nested(MAX_DEPTH + 1), FrameProblem.UnknownType),
        (nested(100_000), FrameProblem.TooDeep),
        (f"[5,{sized(MAX_BYTES)}]", FrameProblem.TooLarge),
    ],
)
def test_RPC_9_RPC_10_frames_that_are_ignored(text: str, kind: FrameProblem) -> None:
    error = refused(text)
    assert (error.kind, error.answerable, error.message_id) == (kind, False, None)


@pytest.mark.parametrize(
    "text, kind",
    [
        ('[3,"a"]', FrameProblem.WrongLength),
        ('[4,"a"]', FrameProblem.WrongElement),
        ('[4,"a",17,"",{}]', FrameProblem.WrongElement),
        ('[3,"a",{"status":1,"status":2}]', FrameProblem.DuplicateKey),
        (f'[3,"a",{nested(MAX_DEPTH)}]', FrameProblem.TooDeep),
    ],
)
def test_RPC_26_a_broken_answer_names_the_call_and_is_not_answered(text: str, kind: FrameProblem) -> None:
    error = refused(text)
    assert (error.kind, error.answerable, error.message_id) == (kind, False, "a")


@pytest.mark.parametrize(
    "text, kind",
    [
        ('[2,"a"]', FrameProblem.WrongLength),
        ('[2,"a","Reset"]', FrameProblem.WrongLength),
        ('[2,"a","Reset",{},{}]', FrameProblem.WrongLength),
        ('[2,"a",7,{}]', FrameProblem.WrongElement),
        ('[2,"a",null,{}]', FrameProblem.WrongElement),
        ('[2,"a","Reset",{"type":"Soft","type":"Hard"}]', FrameProblem.DuplicateKey),
        ('[2,"a","Reset",{"x":{"y":1,"\\u0079":2}}]', FrameProblem.DuplicateKey),
        (f'[2,"a","Reset",{nested(MAX_DEPTH)}]', FrameProblem.TooDeep),
        (f'[2,"a","Reset",{nested(100_000)}]', FrameProblem.TooDeep),
        (sized(MAX_BYTES + 1), FrameProblem.TooLarge),
        (sized(MAX_BYTES // 2).replace("x", "ü") + " " * 100, FrameProblem.TooLarge),
    ],
)
def test_RPC_10_a_broken_call_with_a_readable_id_is_answered(text: str, kind: FrameProblem) -> None:
    error = refused(text)
    assert (error.kind, error.answerable, error.message_id) == (kind, True, "a")


def test_RPC_1_RPC_10_an_integer_id_is_echoed_as_it_came() -> None:
    assert refused('[2,5,"Reset"]').message_id == 5
    assert json.loads(encode_result(5, ResetResponse(status=ResetStatus.Accepted)))[1] == 5


@pytest.mark.parametrize("message_id", ["i" * 37, 10**36])
def test_RPC_11_a_long_id_is_answered_with_that_id(message_id: str | int) -> None:
    error = refused(json.dumps([2, message_id, "Reset", {}]))
    assert error.kind is FrameProblem.MessageIdTooLong
    assert (error.answerable, error.message_id) == (True, message_id)


def test_RPC_27_what_is_just_within_the_limits_is_read() -> None:
    assert parse_frame(sized(MAX_BYTES)) == Call("a", "DataTransfer", sized(MAX_BYTES).encode()[22:-1])
    deep = nested(MAX_DEPTH - 1)
    assert parse_frame(f'[2,"a","Reset",{deep}]') == Call("a", "Reset", deep.encode())
    brackets = '{"x":"' + "[{" * MAX_DEPTH + '\\""}'
    assert parse_frame(f'[2,"a","Reset",{brackets}]') == Call("a", "Reset", brackets.encode())


def test_the_size_limit_is_a_parameter() -> None:
    with pytest.raises(FrameError, match="larger than 20 bytes"):
        parse_frame('[2,"a","Reset",{"type":"Soft"}]', 20)


def test_RPC_22_lenient_reading_lets_a_repeated_key_pass() -> None:
    text = '[2,"a","Reset",{"type":"Soft","type":"Hard"}]'
    assert parse_frame(text, strict=False) == Call("a", "Reset", b'{"type":"Soft","type":"Hard"}')


def test_keys_may_repeat_in_different_objects() -> None:
    payload = '{"l":[{"idTag":"1"},{"idTag":"2"}],"x":{"l":1}}'
    assert parse_frame(f'[2,"a","X",{payload}]') == Call("a", "X", payload.encode())


def test_a_call_is_written() -> None:
    assert encode_call("a", "Reset", ResetRequest(type=ResetType.Soft)) == '[2,"a","Reset",{"type":"Soft"}]'


def test_CORE_TXQ_8_a_stored_payload_goes_out_byte_for_byte() -> None:
    assert encode_call("b", "Reset", b'{ "type":"Soft" }') == '[2,"b","Reset",{ "type":"Soft" }]'


def test_a_result_is_written() -> None:
    assert encode_result("a", ResetResponse(status=ResetStatus.Rejected)) == '[3,"a",{"status":"Rejected"}]'
    assert encode_result("a", b"{}") == '[3,"a",{}]'


def test_an_error_is_written_with_all_five_elements() -> None:
    assert encode_error("a", "GenericError") == '[4,"a","GenericError","",{}]'
    assert encode_error("a", "GenericError", "why", {"x": 1}) == '[4,"a","GenericError","why",{"x":1}]'


# --- any text whatever --------------------------------------------------------------------------------------------

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(), inner, max_size=5)
)
NEAR_FRAMES = st.tuples(
    st.sampled_from([2, 3, 4]) | SCALARS, st.text(max_size=40) | SCALARS, st.sampled_from(["Reset"]) | VALUES
).flatmap(lambda head: st.lists(VALUES, max_size=3).map(lambda tail: [*head, *tail]))


@given(
    st.text(st.characters())
    | st.text('[]{}",:\\0123456789.eE-ntf ')
    | st.binary().map(lambda data: data.decode("utf-8", "surrogateescape"))
    | st.binary().map(lambda data: data.decode("latin-1"))
)
def test_RPC_27_any_text_is_a_frame_or_a_frame_error(text: str) -> None:
    outcome(text)


@given(VALUES | NEAR_FRAMES, st.booleans())
def test_RPC_27_any_json_is_a_frame_or_a_frame_error(value: Any, ascii_only: bool) -> None:
    found = outcome(json.dumps(value, ensure_ascii=ascii_only))
    if isinstance(found, FrameError) and found.answerable:
        assert value[0] == 2
        assert value[1] == found.message_id
    elif isinstance(found, Call):
        assert (value[:3], json.loads(found.payload)) == (
            [2, found.message_id, found.action],
            {} if value[3] is None else value[3],
        )


@given(st.data())
def test_RPC_27_a_damaged_frame_is_a_frame_or_a_frame_error(data: st.DataObject) -> None:
    text = '[2,"19223201","ChangeConfiguration",{"key":"HeartbeatInterval","value":"300"}]'
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 5)))
    outcome(text[:start] + data.draw(st.text(max_size=5)) + text[end:])


def outcome(text: str) -> Frame | FrameError:
    """What reading a text gives; any other exception is a failure."""
    try:
        return parse_frame(text)
    except FrameError as error:
        return error


def refused(text: str) -> FrameError:
    with pytest.raises(FrameError) as caught:
        parse_frame(text)
    return caught.value
