"""Payloads to and from typed messages, checked against the schema (conformance D.3, RPC-20 to RPC-23).

The fast path is one msgspec decode; only what it refuses is looked at more closely, in `violations`.
"""

from __future__ import annotations

from typing import Any, Final, TypeVar

import msgspec

from desktop_sim.protocol import violations
from desktop_sim.protocol.actions import ACTIONS
from desktop_sim.protocol.errors import ErrorCode, Violation, ViolationError
from desktop_sim.protocol.types import Request, Response, WireObject

T = TypeVar("T", bound=WireObject)

_ENCODER: Final = msgspec.json.Encoder(decimal_format="number")
_DECODERS: Final[dict[type, msgspec.json.Decoder[Any] | None]] = {}


def encode(message: WireObject) -> bytes:
    """JSON text of a message or a part of one, rates as plain numbers such as 8.1 (RPC-15). Not checked, see `check`.

    Raises TypeError or ValueError for a message that holds what JSON cannot.
    """
    return _ENCODER.encode(message)


def decode(type_: type[T], raw: bytes, *, lenient: bool = False) -> T:
    """The message of a known type in `raw`. Raises ViolationError if it breaks the schema.

    `lenient` (SW-STRICT-IN) ignores unknown fields, converts what can safely be converted, and reads null as absent.
    """
    decoder = _decoder(type_)
    if decoder is None:
        return _decode_closely(type_, raw, lenient)
    try:
        return decoder.decode(raw)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return _decode_closely(type_, raw, lenient)


def decode_request(action: str, raw: bytes, *, lenient: bool = False) -> Request:
    """The request of an action, see `decode`. Raises KeyError if there is no such action (NotImplemented)."""
    return decode(ACTIONS[action].request, raw, lenient=lenient)


def decode_response(action: str, raw: bytes, *, lenient: bool = False) -> Response:
    """The response to an action, see `decode`. Raises KeyError if there is no such action."""
    return decode(ACTIONS[action].response, raw, lenient=lenient)


def check(message: WireObject) -> None:
    """Check a message we built ourselves (SW-STRICT-OUT, RPC-14). Raises ViolationError."""
    try:
        raw = encode(message)
    except (TypeError, ValueError, RecursionError) as error:
        sentence = f"the message cannot be written as JSON: {error}"
        raise ViolationError(Violation(ErrorCode.TypeConstraintViolation, "$", sentence)) from None
    decode(type(message), raw)


def violations_of(type_: type[WireObject], raw: bytes, *, lenient: bool = False) -> list[Violation]:
    """Everything that is wrong with a payload, the violation that decides first; empty if nothing is."""
    return violations.read(type_, raw, lenient=lenient)[1]


def _decode_closely(type_: type[T], raw: bytes, lenient: bool) -> T:
    """Say exactly what is wrong, or read what msgspec alone would refuse, such as 5.0 for 5 (RPC-15)."""
    payload, found = violations.read(type_, raw, lenient=lenient)
    if found:
        raise ViolationError(found[0])
    return msgspec.convert(payload, type_)


def _decoder(type_: type[T]) -> msgspec.json.Decoder[T] | None:
    """The fast decoder of a message type; none where charging rates need the close reading."""
    if type_ not in _DECODERS:
        _DECODERS[type_] = None if violations.holds_rates(type_) else msgspec.json.Decoder(type_)
    return _DECODERS[type_]
