"""The three frames of OCPP-J: CALL, CALLRESULT and CALLERROR (conformance D.2).

`parse_frame` reads what came, `encode_call`, `encode_result` and `encode_error` write what goes. Payloads stay raw
here, so that they can be logged as they came; `codec` gives them types.
"""

from __future__ import annotations

import json
import re
from enum import StrEnum
from typing import Any, Final

import msgspec

from desktop_sim.protocol.codec import encode
from desktop_sim.protocol.types import Request, Response

MessageId = str | int
"""Ours are text; a central system's integer is accepted and echoed as it came (RPC-1)."""

MAX_BYTES: Final = 1024 * 1024
MAX_DEPTH: Final = 64
MAX_ID_LENGTH: Final = 36

CALL: Final = b"2"
CALL_RESULT: Final = b"3"
CALL_ERROR: Final = b"4"

_ARRAY: Final = msgspec.json.Decoder(list[msgspec.Raw])
_CALL_HEAD: Final = re.compile(r'\s*\[\s*2\s*,\s*"([^"\\\x00-\x1f]{0,36})"\s*,')
_BRACKETS: Final = re.compile(r'"(?:[^"\\]++|\\.)*+"|[\[\]{}]', re.DOTALL)
_STEP: Final = {"[": 1, "{": 1, "]": -1, "}": -1}
_TOO_DEEP: Final = f"the frame is nested deeper than {MAX_DEPTH}"
_NOTHING: Final = (msgspec.Raw(b"null"),) * 3


class Call(msgspec.Struct, frozen=True):
    """A CALL; `payload` is the JSON text as it came."""

    message_id: MessageId
    action: str
    payload: bytes


class CallResult(msgspec.Struct, frozen=True):
    """A CALLRESULT; `payload` is the JSON text as it came."""

    message_id: MessageId
    payload: bytes


class CallError(msgspec.Struct, frozen=True):
    """A CALLERROR; `code` is the text as it came, see `errors.parse_error_code`."""

    message_id: MessageId
    code: str
    description: str = ""
    details: dict[str, Any] = msgspec.field(default_factory=dict)


Frame = Call | CallResult | CallError


class FrameProblem(StrEnum):
    """What is wrong with a text that is no frame."""

    TooLarge = "TooLarge"
    TooDeep = "TooDeep"
    NotJson = "NotJson"
    NotAnArray = "NotAnArray"
    UnknownType = "UnknownType"
    NoMessageId = "NoMessageId"
    MessageIdTooLong = "MessageIdTooLong"
    WrongLength = "WrongLength"
    WrongElement = "WrongElement"
    DuplicateKey = "DuplicateKey"


class FrameError(Exception):
    """A text is no frame (RPC-9 to RPC-11).

    `answerable`: it was a CALL whose `message_id` could be read, so a CALLERROR FormationViolation is due;
    otherwise the text is to be ignored and logged.
    """

    def __init__(
        self, sentence: str, message_id: MessageId | None, answerable: bool, kind: FrameProblem
    ) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.message_id = message_id
        self.answerable = answerable
        self.kind = kind


def parse_frame(text: str, max_bytes: int = MAX_BYTES, *, strict: bool = True) -> Frame:
    """Read one text frame. Raises FrameError and nothing else (RPC-9 to RPC-13, RPC-27).

    Sizes are of the UTF-8 form, in bytes. `strict` (SW-STRICT-IN) also refuses an object that names a key twice;
    otherwise the last one wins.
    """
    elements = _elements(text, max_bytes)
    kind = bytes(elements[0]) if elements else b""
    if kind not in (CALL, CALL_RESULT, CALL_ERROR):
        raise FrameError("the first element is no message type number", None, False, FrameProblem.UnknownType)
    message_id = _message_id(elements)
    _refuse_deep_nesting(text, message_id, kind == CALL)
    if strict:
        _refuse_duplicate_keys(text, message_id, kind == CALL)
    if kind == CALL:
        return _call(message_id, elements)
    if kind == CALL_RESULT:
        return _call_result(message_id, elements)
    return _call_error(message_id, elements)


def _elements(text: str, max_bytes: int) -> list[msgspec.Raw]:
    """The elements of the outermost array, still raw."""
    size = len(text) if text.isascii() else len(text.encode(errors="replace"))
    if size > max_bytes:
        raise _unread_call(f"the frame is larger than {max_bytes} bytes", text, FrameProblem.TooLarge)
    try:
        return _ARRAY.decode(text)
    except msgspec.ValidationError:
        raise FrameError("the frame is not an array", None, False, FrameProblem.NotAnArray) from None
    except RecursionError:
        raise _unread_call(_TOO_DEEP, text, FrameProblem.TooDeep) from None
    except (msgspec.DecodeError, ValueError) as error:
        raise FrameError(f"the frame is not JSON: {error}", None, False, FrameProblem.NotJson) from None


def _unread_call(sentence: str, text: str, kind: FrameProblem) -> FrameError:
    """The error for a text that is not worth reading in full; a plain id at its head still gets its answer."""
    head = _CALL_HEAD.match(text)
    return FrameError(sentence, head and head[1], head is not None, kind)


def _message_id(elements: list[msgspec.Raw]) -> MessageId:
    message_id = _value(elements[1]) if len(elements) > 1 else None
    if not isinstance(message_id, str | int) or isinstance(message_id, bool):
        raise FrameError(
            "the message id is neither text nor an integer", None, False, FrameProblem.NoMessageId
        )
    return message_id


def _call(message_id: MessageId, elements: list[msgspec.Raw]) -> Call:
    if len(str(message_id)) > MAX_ID_LENGTH:
        sentence = f"the message id is longer than {MAX_ID_LENGTH} characters"
        raise FrameError(sentence, message_id, True, FrameProblem.MessageIdTooLong)
    if len(elements) != 4:
        sentence = f"a CALL has 4 elements, this one has {len(elements)}"
        raise FrameError(sentence, message_id, True, FrameProblem.WrongLength)
    action = _value(elements[2])
    if not isinstance(action, str):
        raise FrameError("the action of a CALL is text", message_id, True, FrameProblem.WrongElement)
    return Call(message_id, action, _payload(elements[3]))


def _call_result(message_id: MessageId, elements: list[msgspec.Raw]) -> CallResult:
    """Elements behind the payload are tolerated (RPC-13)."""
    if len(elements) < 3:
        sentence = "a CALLRESULT has 3 elements, this one has 2"
        raise FrameError(sentence, message_id, False, FrameProblem.WrongLength)
    return CallResult(message_id, _payload(elements[2]))


def _call_error(message_id: MessageId, elements: list[msgspec.Raw]) -> CallError:
    """Description and details may be missing or of a wrong type, elements behind them are tolerated (RPC-13)."""
    code, description, details = map(_value, (*elements, *_NOTHING)[2:5])
    if not isinstance(code, str):
        raise FrameError("the code of a CALLERROR is text", message_id, False, FrameProblem.WrongElement)
    return CallError(
        message_id,
        code,
        description if isinstance(description, str) else "",
        details if isinstance(details, dict) else {},
    )


def _payload(element: msgspec.Raw) -> bytes:
    """The payload as it came; null stands for no fields (RPC-5)."""
    payload = bytes(element)
    return b"{}" if payload == b"null" else payload


def _value(element: msgspec.Raw) -> Any:
    """The value of an element; None if it cannot be had, such as an integer of thousands of digits."""
    try:
        return msgspec.json.decode(element)
    except (msgspec.DecodeError, ValueError):
        return None


def _refuse_deep_nesting(text: str, message_id: MessageId, answerable: bool) -> None:
    if text.count("[") + text.count("{") <= MAX_DEPTH:
        return
    depth = 0
    for token in _BRACKETS.finditer(text):
        depth += _STEP.get(token[0], 0)
        if depth > MAX_DEPTH:
            raise FrameError(_TOO_DEEP, message_id, answerable, FrameProblem.TooDeep)


def _refuse_duplicate_keys(text: str, message_id: MessageId, answerable: bool) -> None:
    if text.count(":") < 2:
        return
    try:
        _OBJECTS.decode(text)
    except _NamedTwice:
        sentence = "an object names a key twice"
        raise FrameError(sentence, message_id, answerable, FrameProblem.DuplicateKey) from None


class _NamedTwice(Exception):
    """An object names a key twice."""


def _once(pairs: list[tuple[str, object]]) -> None:
    if len(dict(pairs)) < len(pairs):
        raise _NamedTwice


_OBJECTS: Final = json.JSONDecoder(object_pairs_hook=_once, parse_int=str, parse_float=str)


def encode_call(message_id: str, action: str, payload: Request | bytes) -> str:
    """Text of a CALL; a payload given as bytes goes out byte for byte (CORE-TXQ-8)."""
    return _encode([2, message_id, action, _raw(payload)])


def encode_result(message_id: MessageId, payload: Response | bytes) -> str:
    """Text of a CALLRESULT."""
    return _encode([3, message_id, _raw(payload)])


def encode_error(
    message_id: MessageId, code: str, description: str = "", details: dict[str, Any] | None = None
) -> str:
    """Text of a CALLERROR; `code` as `errors.wire_code` spells it."""
    return _encode([4, message_id, code, description, details or {}])


def _raw(payload: Request | Response | bytes) -> msgspec.Raw:
    return msgspec.Raw(payload if isinstance(payload, bytes) else encode(payload))


def _encode(elements: list[object]) -> str:
    return msgspec.json.encode(elements).decode()
