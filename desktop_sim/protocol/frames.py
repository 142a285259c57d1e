"""The three frames of OCPP-J: CALL, CALLRESULT and CALLERROR (conformance D.2).

`parse_frame` reads what came, `encode_call`, `encode_result` and `encode_error` write what goes. Payloads stay raw
here, so that they can be logged as they came; `codec` gives them types.
"""

from __future__ import annotations

from dataclasses import dataclass, field
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


@dataclass(frozen=True)
class Call:
    """A CALL; `payload` is the JSON text as it came."""

    message_id: MessageId
    action: str
    payload: bytes


@dataclass(frozen=True)
class CallResult:
    """A CALLRESULT; `payload` is the JSON text as it came."""

    message_id: MessageId
    payload: bytes


@dataclass(frozen=True)
class CallError:
    """A CALLERROR; `code` is the text as it came, see `errors.parse_error_code`."""

    message_id: MessageId
    code: str
    description: str = ""
    details: dict[str, Any] = field(default_factory=dict)


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
    """Read one text frame. Raises FrameError and nothing else."""
    elements = msgspec.json.decode(text, type=list[msgspec.Raw])
    kind, message_id = msgspec.json.decode(elements[0]), msgspec.json.decode(elements[1])
    if kind == 2:
        return Call(message_id, msgspec.json.decode(elements[2]), bytes(elements[3]))
    if kind == 3:
        return CallResult(message_id, bytes(elements[2]))
    return CallError(message_id, *(msgspec.json.decode(element) for element in elements[2:5]))


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
