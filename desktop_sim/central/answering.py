"""Requests of charge points: checked, carried out, answered; properly, or as a rule wants it (D.3, RPC-12, RPC-23)."""

from dataclasses import replace

import msgspec

from desktop_sim.central import behaviour, remarks
from desktop_sim.central.books import Answer, Books, Session, remember
from desktop_sim.central.difficulty import AnswerRule, take_rule
from desktop_sim.central.events import FramePassed
from desktop_sim.central.refusals import Refusal, Refused
from desktop_sim.protocol.actions import ACTIONS
from desktop_sim.protocol.codec import decode_request, decode_response, encode
from desktop_sim.protocol.errors import ErrorCode, ViolationError, wire_code
from desktop_sim.protocol.frames import Call, encode_error, encode_result
from desktop_sim.protocol.types import Request

MAX_DESCRIPTION = 255


def answer_call(books: Books, session: Session, call: Call, text: str) -> None:
    """A request came: say what is wrong with it, carry it out, and answer now, later or never."""
    if call.message_id in session.answered:
        _answer_again(books, session, call, text)
        return
    examined = _examine(session, call)
    if isinstance(examined, Refusal):
        _note(books, session, call, text, examined.sentence)
        answer: Answer | None = _error(books, call, examined)
    else:
        _note(books, session, call, text, remarks.remarks(books, session, examined))
        rule = take_rule(books.policy.rules, session.point.identity, call.action)
        answer = _carry_out(books, session, call, examined, rule)
    remember(session.answered, call.message_id, (hash(text), answer))
    if answer is not None:
        _give(books, session, answer)


def next_due(session: Session) -> int | None:
    """When the next late answer goes out (µs)."""
    return min((answer.due for answer in session.delayed), default=None)


def send_due(books: Books, session: Session) -> None:
    """Send the late answers whose time has come."""
    due = [answer for answer in session.delayed if answer.due <= books.now]
    session.delayed = [answer for answer in session.delayed if answer.due > books.now]
    for answer in sorted(due, key=lambda answer: answer.due):
        _give(books, session, answer)


def rewind(session: Session, step: int) -> None:
    """The clock was set back by `step` µs."""
    for answer in session.delayed:
        answer.due -= step
        answer.asked -= step


def _examine(session: Session, call: Call) -> Request | Refusal:
    """The typed request, or why it is not carried out, in the order of RPC-23."""
    action = ACTIONS.get(call.action)
    if action is None:
        return Refusal(ErrorCode.NotImplemented, f"there is no action {call.action}")
    if not action.from_charge_point:
        return Refusal(ErrorCode.NotSupported, f"{call.action} is sent by central systems only")
    try:
        request = decode_request(call.action, call.payload)
    except ViolationError as error:
        return Refusal(error.violation.code, f"{error.violation.path}: {error.violation.sentence}")
    if session.point.registration == "Rejected" and call.action != "BootNotification":
        return Refusal(ErrorCode.SecurityError, "after Rejected only BootNotification may be sent")
    return request


def _carry_out(
    books: Books, session: Session, call: Call, request: Request, rule: AnswerRule | None
) -> Answer | None:
    """Let the request take effect and build its answer; None for silence."""
    if rule is None:
        return _proper(books, session, call, request)
    if rule.answer == "normal":
        proper = _proper(books, session, call, request)
        proper.due = _after(books, rule)
        return proper
    if rule.answer != "error" and rule.processed:
        _proper(books, session, call, request)
    match rule.answer:
        case "error":
            text = encode_error(call.message_id, rule.code, rule.description, rule.details)
            return _by_hand(books, call, rule, text)
        case "payload":
            raw = msgspec.json.encode(rule.payload)
            text = encode_result(call.message_id, raw)
            return _by_hand(books, call, rule, text, _fault(call.action, raw))
        case "text":
            text = rule.text.replace("$ID", msgspec.json.encode(call.message_id).decode())
            return _by_hand(books, call, rule, text, "sent as it was written")
        case "drop":
            return _by_hand(books, call, rule, None)
        case _:
            return None


def _proper(books: Books, session: Session, call: Call, request: Request) -> Answer:
    """The answer of a central system that behaves."""
    try:
        response = behaviour.carry_out(books, session, request)
    except Refused as refused:
        return _error(books, call, refused.refusal)
    raw = encode(response)
    text = encode_result(call.message_id, raw)
    return Answer(books.now, books.now, call.action, call.message_id, text, _fault(call.action, raw))


def _error(books: Books, call: Call, refusal: Refusal) -> Answer:
    text = encode_error(call.message_id, wire_code(refusal.code), refusal.sentence[:MAX_DESCRIPTION])
    return Answer(books.now, books.now, call.action, call.message_id, text, error=True)


def _by_hand(books: Books, call: Call, rule: AnswerRule, text: str | None, verdict: str = "") -> Answer:
    return Answer(
        _after(books, rule),
        books.now,
        call.action,
        call.message_id,
        text,
        verdict,
        error=rule.answer == "error",
        by_hand=True,
        drop=rule.answer == "drop",
    )


def _after(books: Books, rule: AnswerRule) -> int:
    return books.now + round(max(rule.delay, 0.0) * 1_000_000)


def _give(books: Books, session: Session, answer: Answer) -> None:
    """Send the answer, or lay it aside until it is due."""
    if answer.due > books.now:
        session.delayed.append(answer)
        books.waiting[session.point.identity] = session
        return
    if answer.text is not None:
        books.send(
            session.point.identity,
            answer.text,
            type="error" if answer.error else "result",
            action=answer.action,
            message_id=str(answer.message_id),
            verdict=answer.verdict,
            latency=books.now - answer.asked,
            by_hand=answer.by_hand,
        )
    if answer.drop:
        books.drops.append(session.point.identity)


def _answer_again(books: Books, session: Session, call: Call, text: str) -> None:
    """The id was used before: the same request gets the same answer, another one an error (RPC-12)."""
    earlier, answered = session.answered[call.message_id]
    _note(books, session, call, text, "the message id was used before on this connection")
    if earlier != hash(text):
        refusal = Refusal(ErrorCode.GenericError, "the message id was used before")
        _give(books, session, _error(books, call, refusal))
    elif answered is not None:
        _give(books, session, replace(answered, due=books.now, asked=books.now))


def _note(books: Books, session: Session, call: Call, text: str, verdict: str) -> None:
    """Enter the request with what is wrong with it."""
    if not isinstance(call.message_id, str):
        verdict = "; ".join(filter(None, ["the message id is no text (RPC-1)", verdict]))
    books.emit(
        FramePassed,
        session.point.identity,
        direction="in",
        type="call",
        text=text,
        action=call.action,
        message_id=str(call.message_id),
        verdict=verdict,
    )


def _fault(action: str, raw: bytes) -> str:
    """What is wrong with a payload we answer with; empty if nothing is."""
    try:
        decode_response(action, raw)
    except ViolationError as error:
        return f"{error.violation.path}: {error.violation.sentence}"
    return ""
