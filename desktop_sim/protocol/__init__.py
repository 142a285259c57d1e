"""What is said on the wire: OCPP 1.6J frames, typed messages, their codec, and what is wrong with a bad one.

The messages are in one module a feature profile (`core`, `smart_charging`, ...), their enumerations in `types`.
"""

from desktop_sim.protocol.actions import ACTIONS, Action, FeatureProfile, action_of
from desktop_sim.protocol.codec import check, decode, decode_request, decode_response, encode, violations_of
from desktop_sim.protocol.errors import ErrorCode, Violation, ViolationError, parse_error_code, wire_code
from desktop_sim.protocol.frames import (
    Call,
    CallError,
    CallResult,
    Frame,
    FrameError,
    FrameProblem,
    MessageId,
    encode_call,
    encode_error,
    encode_result,
    parse_frame,
)
from desktop_sim.protocol.times import format_time, has_zone, parse_time
from desktop_sim.protocol.types import Request, Response

__all__ = [
    "ACTIONS",
    "Action",
    "Call",
    "CallError",
    "CallResult",
    "ErrorCode",
    "FeatureProfile",
    "Frame",
    "FrameError",
    "FrameProblem",
    "MessageId",
    "Request",
    "Response",
    "Violation",
    "ViolationError",
    "action_of",
    "check",
    "decode",
    "decode_request",
    "decode_response",
    "encode",
    "encode_call",
    "encode_error",
    "encode_result",
    "format_time",
    "has_zone",
    "parse_error_code",
    "parse_frame",
    "parse_time",
    "violations_of",
    "wire_code",
]
