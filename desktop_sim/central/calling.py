"""Our calls to charge points: checked, queued, one outstanding each, answered or given up (RPC-2, RPC-4, RPC-26)."""

from typing import Any

import msgspec

from desktop_sim.central.books import Books, OwnCall, Session, remember
from desktop_sim.central.events import CallEnded, FramePassed
from desktop_sim.central.learning import learn
from desktop_sim.central.preparing import examine, sendable
from desktop_sim.protocol.actions import ACTIONS
from desktop_sim.protocol.codec import decode_response
from desktop_sim.protocol.errors import OTHER_SPELLINGS, ErrorCode, ViolationError
from desktop_sim.protocol.frames import (
    Call,
    CallError,
    CallResult,
    FrameError,
    parse_frame,
)


def send_next(books: Books, session: Session) -> None:
    """Send the next waiting call, if none is outstanding."""
    if session.outstanding is not None or not session.queue:
        return
    session.outstanding = call = session.queue.popleft()
    books.waiting[session.point.identity] = session
    call.sent = books.now
    books.send(
        session.point.identity,
        call.text,
        type="call",
        action=call.action,
        message_id=call.message_id,
        verdict=call.verdict,
        by_hand=bool(call.verdict),
    )


def send_loose(books: Books, session: Session, text: str) -> None:
    """Send any text past the queue; if it is a call, its answer will be recognized. Raises CallRefused."""
    sendable(text)
    fields: dict[str, Any] = {"type": "invalid"}
    try:
        frame = parse_frame(text)
    except FrameError as error:
        fields["verdict"] = error.sentence
    else:
        message_id = str(frame.message_id)
        fields = {"type": _type_of(frame), "message_id": message_id}
        if isinstance(frame, Call):
            verdict, request = examine(frame.action, frame.payload)
            call = OwnCall(message_id, frame.action, text, request, verdict, books.now)
            remember(session.loose, message_id, call)
            fields |= {"action": frame.action, "verdict": verdict}
    books.send(session.point.identity, text, by_hand=True, **fields)


def take_answer(books: Books, session: Session, frame: CallResult | CallError, text: str) -> None:
    """An answer came: to our outstanding call, to one sent by hand, to one given up, or to none (RPC-7)."""
    call = _asked(session, str(frame.message_id))
    if call is None:
        _stray(books, session, frame, text)
        return
    latency = books.now - call.sent
    if isinstance(frame, CallResult):
        verdict, ended, response = _result(call, frame)
    else:
        verdict, ended, response = _error_verdict(frame), _error(frame), None
    books.emit(
        FramePassed,
        session.point.identity,
        direction="in",
        type=_type_of(frame),
        text=text,
        action=call.action,
        message_id=call.message_id,
        verdict=verdict,
        latency=latency,
    )
    if response is not None and call.request is not None:
        learn(session, call.request, response, books.now)
    _end(books, session, call, latency=latency, **ended)
    send_next(books, session)


def timeout_at(books: Books, session: Session) -> int | None:
    """When the outstanding call is given up (µs)."""
    if session.outstanding is None:
        return None
    return session.outstanding.sent + round(max(books.policy.call_timeout, 0.001) * 1_000_000)


def time_out(books: Books, session: Session) -> None:
    """Give up the outstanding call if its time has come, and send the next one."""
    deadline = timeout_at(books, session)
    if deadline is None or session.outstanding is None or deadline > books.now:
        return
    call, session.outstanding = session.outstanding, None
    remember(session.expired, call.message_id, call)
    _end(
        books,
        session,
        call,
        outcome="timeout",
        description=f"no answer within {books.policy.call_timeout:g} s",
    )
    send_next(books, session)


def rewind(session: Session, step: int) -> None:
    """The clock was set back by `step` µs."""
    under_way = [] if session.outstanding is None else [session.outstanding]
    for call in [*under_way, *session.loose.values(), *session.expired.values()]:
        call.sent -= step


def lose_all(books: Books, session: Session) -> None:
    """The connection is gone: nothing under way or waiting will be answered (WS-22)."""
    under_way = [] if session.outstanding is None else [session.outstanding]
    for call in [*under_way, *session.queue]:
        _end(books, session, call, outcome="lost", description="the connection was lost")
    session.outstanding = None
    session.queue.clear()


def _asked(session: Session, message_id: str) -> OwnCall | None:
    """The call this id answers; it is no longer outstanding by that."""
    if session.outstanding is not None and session.outstanding.message_id == message_id:
        call, session.outstanding = session.outstanding, None
        return call
    return session.loose.pop(message_id, None)


def _stray(books: Books, session: Session, frame: CallResult | CallError, text: str) -> None:
    late = session.expired.pop(str(frame.message_id), None)
    books.emit(
        FramePassed,
        session.point.identity,
        direction="in",
        type=_type_of(frame),
        text=text,
        action="" if late is None else late.action,
        message_id=str(frame.message_id),
        verdict="no call of ours has this id" if late is None else "late: the call had been given up",
        latency=None if late is None else books.now - late.sent,
    )


def _result(call: OwnCall, frame: CallResult) -> tuple[str, dict[str, Any], Any]:
    """Verdict, fields of CallEnded, and the typed response if there is one."""
    payload = _as_dict(frame.payload)
    if call.action not in ACTIONS:
        return "", {"outcome": "result", "payload": payload}, None
    try:
        response = decode_response(call.action, frame.payload)
    except ViolationError as error:
        verdict = f"{error.violation.path}: {error.violation.sentence}"
        ended = {
            "outcome": "invalid",
            "payload": payload,
            "code": str(error.violation.code),
            "description": verdict,
        }
        return verdict, ended, None
    return "", {"outcome": "result", "payload": payload}, response


def _error(frame: CallError) -> dict[str, Any]:
    return {
        "outcome": "error",
        "payload": frame.details,
        "code": frame.code,
        "description": frame.description,
    }


def _error_verdict(frame: CallError) -> str:
    known = frame.code in OTHER_SPELLINGS or frame.code in ErrorCode.__members__
    return "" if known else f"{frame.code} is no error code of OCPP 1.6"


def _end(books: Books, session: Session, call: OwnCall, **fields: Any) -> None:
    books.emit(CallEnded, session.point.identity, message_id=call.message_id, action=call.action, **fields)


def _as_dict(raw: bytes) -> dict[str, Any]:
    try:
        value = msgspec.json.decode(raw)
    except (msgspec.MsgspecError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _type_of(frame: Call | CallResult | CallError) -> str:
    return "call" if isinstance(frame, Call) else "result" if isinstance(frame, CallResult) else "error"
