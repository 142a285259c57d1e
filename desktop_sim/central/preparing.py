"""What we are about to send to a charge point: put into text, and what is wrong with it (RPC-14, CORE-BOOT-8)."""

from typing import Any, Final

import msgspec

from desktop_sim.central.books import OwnCall
from desktop_sim.central.charge_points import ChargePoint
from desktop_sim.central.refusals import CallRefused
from desktop_sim.protocol.actions import ACTIONS
from desktop_sim.protocol.codec import decode_request
from desktop_sim.protocol.errors import ViolationError
from desktop_sim.protocol.frames import FrameError, encode_call, parse_frame
from desktop_sim.protocol.types import Request

NOT_WHILE_PENDING: Final = ("RemoteStartTransaction", "RemoteStopTransaction")
_ENCODER: Final = msgspec.json.Encoder(decimal_format="number")


def prepare(
    point: ChargePoint, message_id: str, action: str, payload: dict[str, Any] | str, *, force: bool
) -> OwnCall:
    """The call, ready to go. Raises CallRefused if something is wrong with it and it is not forced."""
    raw = _raw(payload)
    problem, request = examine(action, raw)
    text = _text(message_id, action, payload, raw)
    problem = problem or _unreadable(text) or _forbidden(point, action)
    if problem and not force:
        raise CallRefused(problem)
    return OwnCall(message_id, action, text, request, problem)


def sendable(text: str) -> None:
    """Raise CallRefused if a text is none that UTF-8 can carry."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise CallRefused("the text cannot be written as UTF-8") from None


def _text(message_id: str, action: str, payload: dict[str, Any] | str, raw: bytes | None) -> str:
    """The frame; text that is no JSON stands in it as it was written."""
    if raw is not None:
        sendable(action)
        return encode_call(message_id, action, raw)
    if not isinstance(payload, str):
        raise CallRefused("the payload cannot be written as JSON")
    sendable(action + payload)
    return f'[2,"{message_id}",{msgspec.json.encode(action).decode()},{payload}]'


def _unreadable(text: str) -> str:
    try:
        parse_frame(text)
    except FrameError as error:
        return error.sentence
    return ""


def _raw(payload: dict[str, Any] | str) -> bytes | None:
    """The payload as compact JSON; None if it is none."""
    try:
        if not isinstance(payload, str):
            return _ENCODER.encode(payload)
        msgspec.json.decode(payload)
        return msgspec.json.format(payload.encode(), indent=-1)
    except (msgspec.MsgspecError, TypeError, ValueError, RecursionError):
        return None


def examine(action: str, raw: bytes | None) -> tuple[str, Request | None]:
    """What is wrong with a call of ours (empty if nothing), and its typed request if it has one."""
    known = ACTIONS.get(action)
    if known is None:
        return f"there is no action {action}", None
    if raw is None:
        return "the payload is not JSON", None
    try:
        request = decode_request(action, raw)
    except ViolationError as error:
        return f"{error.violation.path}: {error.violation.sentence}", None
    if not known.from_central_system:
        return f"{action} is sent by charge points only", request
    return "", request


def _forbidden(point: ChargePoint, action: str) -> str:
    """Why the charge point may not be sent this now, empty if it may (CORE-BOOT-8, CORE-BOOT-9)."""
    if point.registration == "Rejected":
        return f"{point.identity} was answered Rejected and does not listen until it boots again"
    if point.registration == "Pending" and action in NOT_WHILE_PENDING:
        return f"{action} is forbidden while the registration of {point.identity} is Pending"
    return ""
