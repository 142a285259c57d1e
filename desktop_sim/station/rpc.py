"""The RPC layer (CONFORMANCE D.2, D.3): one CALL outstanding, answers paired, each broken frame answered as due.

Blocks hand calls to `call`, and register what they answer with `handle`. The queue of transaction messages is asked
for its head whenever the line is free, so that everything leaves in the order in which it came about.
"""

from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

import msgspec

from desktop_sim.protocol.actions import ACTIONS, FeatureProfile, action_of
from desktop_sim.protocol.codec import check, decode_request, decode_response, encode
from desktop_sim.protocol.errors import ErrorCode, ErrorStyle, ViolationError, parse_error_code, wire_code
from desktop_sim.protocol.frames import (
    Call,
    CallError,
    CallResult,
    FrameError,
    encode_call,
    encode_error,
    encode_result,
    parse_frame,
)
from desktop_sim.protocol.types import Request, Response
from desktop_sim.station.answer_rules import AnswerRules
from desktop_sim.station.configuration import Configuration
from desktop_sim.station.events import FrameEvent
from desktop_sim.station.kernel import Kernel
from desktop_sim.station.refusal import Refusal
from desktop_sim.station.registration import Registration
from desktop_sim.station.switches import Switches
from desktop_sim.station.timers import Timer

MessageId = str | int
REMEMBERED = 500
"""So many ids of the central system are remembered on a connection to notice a repeated one (RPC-12)."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A CALLRESULT that keeps its schema."""

    response: Response


@dataclass(frozen=True, slots=True)
class Failed:
    """No usable answer: a CALLERROR, silence, a lost link, or a result that breaks its schema (RPC-25, RPC-26)."""

    why: Literal["error", "timeout", "lost", "invalid"]
    sentence: str = ""


Answer = Answered | Failed
Handler = Callable[..., Response]


@dataclass(slots=True)
class Outgoing:
    """A CALL to be sent. `always`: also while not registered (BootNotification, or triggered: CORE-BOOT-7, RT-5)."""

    seq: int
    message_id: str
    action: str
    payload: bytes
    then: Callable[[Answer], None]
    always: bool = False
    by_hand: bool = False
    late: Callable[[Answer], bool] | None = None
    verdict: str = ""
    sent: int = 0


class TransactionMessages(Protocol):
    """What the RPC layer asks of the queue of transaction messages."""

    def ready(self) -> int | None:
        """The place in the order of everything of the message that may go now; None if there is none."""

    def take(self, message_id: str) -> Outgoing:
        """That message, to be sent under this id."""


class Rpc:
    """Frames in, frames out, and who waits for what."""

    def __init__(
        self,
        kernel: Kernel,
        configuration: Configuration,
        switches: Switches,
        registration: Registration,
        rules: AnswerRules,
    ) -> None:
        self._rules = rules
        self._kernel = kernel
        self._configuration = configuration
        self._switches = switches
        self._registration = registration
        self._handlers: dict[str, Handler] = {}
        self._queue: deque[Outgoing] = deque()
        self._outstanding: Outgoing | None = None
        self._timeout: Timer | None = None
        self._timed_out: Outgoing | None = None
        self._answers: OrderedDict[MessageId, tuple[Call, str]] = OrderedDict()
        self._in_progress: set[MessageId] = set()
        self._line = 0
        self._seq = 0
        self._ids = kernel.chance("message ids")
        self.transaction_messages: TransactionMessages | None = None
        self.link_is_up = False
        self.last_sent = kernel.now.sim

    # --- what blocks use ---

    @property
    def open(self) -> bool:
        """Whether ordinary calls may be made: the link is up and the station is registered (CORE-BOOT-1)."""
        return self.link_is_up and self._registration.accepted

    @property
    def outstanding(self) -> str | None:
        """The action of the CALL that waits for its answer."""
        return self._outstanding.action if self._outstanding else None

    @property
    def waiting(self) -> int:
        """How many calls wait to be sent, transaction messages left out."""
        return len(self._queue)

    def next_seq(self) -> int:
        """The next place in the order of everything that leaves."""
        self._seq += 1
        return self._seq

    def handle(self, action: str, handler: Handler) -> None:
        """`handler(request) -> Response` answers this action; it may raise Refusal."""
        self._handlers[action] = handler

    def call(
        self, request: Request, then: Callable[[Answer], None] | None = None, *, always: bool = False
    ) -> None:
        """Send a CALL when its turn comes. Without a link the answer is Failed("lost") at once."""
        action = action_of(request).name
        verdict = self._own_violation(request)
        if verdict:
            self._kernel.log("error", f"{action} was not sent, it breaks its schema: {verdict}")
            if then:
                then(Failed("invalid", verdict))
            return
        self._enqueue(action, encode(request), then or _nothing, always=always)

    def call_by_hand(self, action: str, payload: bytes, *, always: bool, verdict: str = "") -> str:
        """Send what a person composed; returns its message id."""
        return self._enqueue(action, payload, _nothing, always=always, by_hand=True, verdict=verdict)

    def send_by_hand(self, text: str) -> None:
        """Put any text on the wire at once."""
        self._emit_out("invalid", text, verdict="sent by hand", by_hand=True)
        self._put(text)

    # --- the link ---

    def link_up(self) -> None:
        """A new connection: message ids of the central system start anew."""
        self.link_is_up = True
        self._answers.clear()
        self._in_progress.clear()
        self._line += 1
        self._timed_out = None

    def link_down(self) -> None:
        """The connection is gone: nothing waits for an answer any more (WS-22)."""
        self.link_is_up = False
        lost = ([self._outstanding] if self._outstanding else []) + list(self._queue)
        self._settle_outstanding()
        self._queue.clear()
        self._timed_out = None
        for outgoing in lost:
            outgoing.then(Failed("lost", "the connection was lost"))

    def power_up(self) -> None:
        """A boot: everything volatile is gone, and nobody is told."""
        self.link_is_up = False
        self._settle_outstanding()
        self._queue.clear()
        self._timed_out = None
        self._answers.clear()
        self._ids = self._kernel.chance("message ids")

    def receive(self, text: str) -> None:
        """One text frame came in. Nothing it holds can raise (RPC-27)."""
        strict = self._switches["SW-STRICT-IN"] == "on"
        try:
            frame = parse_frame(text, strict=strict)
        except FrameError as error:
            self._on_broken(text, error)
            return
        if isinstance(frame, Call):
            self._on_call(text, frame, lenient=not strict)
        else:
            self._on_answer(text, frame, lenient=not strict)
        self.pump()

    def pump(self) -> None:
        """Send what may go: one CALL at a time, oldest first (RPC-2, CORE-TXQ-4)."""
        if not self.link_is_up or self._outstanding is not None:
            return
        registered = self._registration.accepted
        index = next((i for i, call in enumerate(self._queue) if registered or call.always), None)
        chosen = None if index is None else self._queue[index]
        messages = self.transaction_messages
        seq = messages.ready() if messages and registered else None
        if seq is not None and (chosen is None or seq < chosen.seq):
            assert messages is not None
            chosen = messages.take(self._ids.uuid())
        elif index is not None:
            del self._queue[index]
        if chosen is not None:
            self._send(chosen)

    # --- outgoing ---

    def _enqueue(
        self,
        action: str,
        payload: bytes,
        then: Callable[[Answer], None],
        *,
        always: bool,
        by_hand: bool = False,
        verdict: str = "",
    ) -> str:
        outgoing = Outgoing(
            self.next_seq(),
            self._ids.uuid(),
            action,
            payload,
            then,
            always=always,
            by_hand=by_hand,
            verdict=verdict,
        )
        if not self.link_is_up:
            then(Failed("lost", "there is no connection"))
            return outgoing.message_id
        self._queue.append(outgoing)
        self.pump()
        return outgoing.message_id

    def _send(self, outgoing: Outgoing) -> None:
        outgoing.sent = self._kernel.now.link
        self._outstanding = outgoing
        if outgoing.late:
            self._timed_out = None
        self._timeout = self._kernel.after_on_link(
            self._configuration.number("MessageTimeout"), self._on_timeout
        )
        text = encode_call(outgoing.message_id, outgoing.action, outgoing.payload)
        self._emit_out(
            "call",
            text,
            outgoing.action,
            outgoing.message_id,
            verdict=outgoing.verdict,
            by_hand=outgoing.by_hand,
        )
        self._put(text)

    def _put(self, text: str) -> None:
        self.last_sent = self._kernel.now.sim
        self._kernel.send(text)

    def _own_violation(self, message: Request | Response) -> str:
        if self._switches["SW-STRICT-OUT"] == "off":
            return ""
        try:
            check(message)
        except ViolationError as error:
            return f"{error.violation.path}: {error.violation.sentence}"
        return ""

    def _settle_outstanding(self) -> None:
        self._outstanding = None
        if self._timeout:
            self._timeout.cancel()

    def _on_timeout(self) -> None:
        outgoing = self._outstanding
        if outgoing is None:
            return
        self._settle_outstanding()
        self._timed_out = outgoing if outgoing.late else None
        seconds = self._configuration.number("MessageTimeout")
        self._kernel.log("warning", f"No answer to {outgoing.action} within {seconds} s.")
        outgoing.then(Failed("timeout", f"no answer within {seconds} s"))
        self.pump()

    # --- answers to our calls ---

    def _on_answer(self, text: str, frame: CallResult | CallError, *, lenient: bool) -> None:
        outgoing = self._outstanding
        if outgoing is None or frame.message_id != outgoing.message_id:
            self._on_stray(text, frame, lenient=lenient)
            return
        answer = self._read_answer(outgoing.action, frame, lenient=lenient)
        self._settle_outstanding()
        verdict = answer.sentence if isinstance(answer, Failed) and answer.why == "invalid" else ""
        self._emit_in(text, frame, outgoing.action, verdict, self._kernel.now.link - outgoing.sent)
        outgoing.then(answer)

    def _read_answer(self, action: str, frame: CallResult | CallError, *, lenient: bool) -> Answer:
        if isinstance(frame, CallError):
            return Failed("error", f"{frame.code} {frame.description}".strip())
        if action not in ACTIONS:
            return Failed("invalid", "nobody knows what the answer should be")
        try:
            return Answered(decode_response(action, frame.payload, lenient=lenient))
        except ViolationError as error:
            return Failed("invalid", f"{error.violation.path}: {error.violation.sentence}")

    def _on_stray(self, text: str, frame: CallResult | CallError, *, lenient: bool) -> None:
        """An answer nobody waits for (RPC-7), unless it is a late one that still helps (CORE-TXQ-10)."""
        late, self._timed_out = self._timed_out, None
        if late and late.late and late.message_id == frame.message_id:
            answer = self._read_answer(late.action, frame, lenient=lenient)
            taken = late.late(answer)
            verdict = "late" if taken else "late, ignored"
            self._emit_in(text, frame, late.action, verdict, self._kernel.now.link - late.sent)
            return
        self._timed_out = late
        self._emit_in(text, frame, "", "nobody waits for this answer; ignored", None)

    # --- calls from the central system ---

    def _on_broken(self, text: str, error: FrameError) -> None:
        self._kernel.emit(FrameEvent, direction="in", type="invalid", text=text, verdict=error.sentence)
        if error.answerable and error.message_id is not None and not self._registration.rejected:
            self._answer_error(error.message_id, "", ErrorCode.FormationViolation, error.sentence)

    def _on_call(self, text: str, call: Call, *, lenient: bool) -> None:
        if self._registration.rejected:
            self._emit_in(text, call, call.action, "not answered while Rejected (CORE-BOOT-9)", None)
            return
        if isinstance(call.message_id, int):
            self._kernel.log(
                "info", f"The message id {call.message_id} is an integer, not text; it is echoed."
            )
        if call.message_id in self._in_progress:
            self._emit_in(text, call, call.action, "this message id is being handled", None)
            self._answer_error(
                call.message_id, call.action, ErrorCode.GenericError, "This call is being handled."
            )
            return
        known = self._answers.get(call.message_id)
        if known is not None:
            self._emit_in(text, call, call.action, "this message id was used before", None)
            self._on_repeated(call, *known)
            return
        self._serve_by_rule(text, call, lenient=lenient)

    def _serve_by_rule(self, text: str, call: Call, *, lenient: bool) -> None:
        """Serve a call as its rule says: at once, late, or not at all."""
        rule = self._rules.of(call.action)
        if rule.answer == "silence":
            self._emit_in(text, call, call.action, "not answered, as a rule says", None)
        elif rule.delay:
            self._in_progress.add(call.message_id)
            line = self._line
            self._kernel.after_on_link(
                rule.delay, lambda: self._serve_late(text, call, line, lenient=lenient)
            )
        else:
            self._serve(text, call, lenient=lenient)

    def _serve_late(self, text: str, call: Call, line: int, *, lenient: bool) -> None:
        if self.link_is_up and line == self._line:
            self._in_progress.discard(call.message_id)
            self._serve(text, call, lenient=lenient)
            self.pump()

    def _serve(self, text: str, call: Call, *, lenient: bool) -> None:
        try:
            request = self._read_call(call, lenient=lenient)
        except Refusal as refusal:
            self._emit_in(text, call, call.action, refusal.sentence, None)
            self._remember(
                call, self._answer_error(call.message_id, call.action, refusal.code, refusal.sentence)
            )
            return
        self._emit_in(text, call, call.action, "", None)
        self._remember(call, self._answer(call, request))
        self._kernel.run_afterwards()

    def _read_call(self, call: Call, *, lenient: bool) -> Request:
        """The checks in the order of RPC-23: action known, profile on, then the payload."""
        action = ACTIONS.get(call.action)
        if action is None:
            raise Refusal(ErrorCode.NotImplemented, f"There is no action {call.action}.")
        rule = self._rules.of(call.action)
        if rule.answer == "error":
            raise Refusal(parse_error_code(rule.code), "answered with an error, as a rule says")
        if rule.answer == "unsupported":
            raise Refusal(ErrorCode.NotSupported, f"{call.action} is switched off.")
        if call.action not in self._handlers or not self._configuration.profile_is_on(action.profile):
            if action.profile is FeatureProfile.RemoteTrigger:
                raise Refusal(
                    ErrorCode(self._switches["SW-TRIGGER-OFF-ANSWER"]), "RemoteTrigger is switched off."
                )
            raise Refusal(ErrorCode.NotSupported, f"{call.action} is not supported by this station.")
        try:
            return decode_request(call.action, call.payload, lenient=lenient)
        except ViolationError as error:
            violation = error.violation
            raise Refusal(violation.code, f"{violation.path}: {violation.sentence}") from None

    def _answer(self, call: Call, request: Request) -> str:
        rule = self._rules.of(call.action)
        if rule.answer == "forced":
            text = encode_result(call.message_id, msgspec.json.encode(rule.payload))
            self._emit_out(
                "result", text, call.action, str(call.message_id), verdict="forced by a rule", by_hand=True
            )
            self._put(text)
            return text
        try:
            response = self._handlers[call.action](request)
        except Refusal as refusal:
            return self._answer_error(call.message_id, call.action, refusal.code, refusal.sentence)
        except Exception as error:  # the station must live (RPC-27); it is told, and tests fail on it
            self._kernel.log(
                "error", f"{call.action} failed inside the station: {type(error).__name__}: {error}"
            )
            return self._answer_error(call.message_id, call.action, ErrorCode.InternalError, "internal error")
        text = encode_result(call.message_id, response)
        self._emit_out(
            "result", text, call.action, str(call.message_id), verdict=self._own_violation(response)
        )
        self._put(text)
        return text

    def _answer_error(self, message_id: MessageId, action: str, code: ErrorCode, sentence: str) -> str:
        style: ErrorStyle = "formation" if self._switches["SW-ERR-STYLE"] == "formation" else "precise"
        misspell = self._switches["SW-MISSPELL"] == ErrorCode.OccurenceConstraintViolation
        text = encode_error(message_id, wire_code(code, style, misspell), sentence[:255])
        self._emit_out("error", text, action, str(message_id))
        self._put(text)
        return text

    def _remember(self, call: Call, answer: str) -> None:
        self._answers[call.message_id] = (call, answer)
        if len(self._answers) > REMEMBERED:
            self._answers.popitem(last=False)

    def _on_repeated(self, call: Call, before: Call, answer: str) -> None:
        """The same content gets the same answer again, any other a GenericError (RPC-12)."""
        if (call.action, call.payload) == (before.action, before.payload):
            kind: Literal["result", "error"] = "error" if answer.startswith("[4,") else "result"
            self._emit_out(kind, answer, call.action, str(call.message_id), verdict="the stored answer again")
            self._put(answer)
            return
        self._kernel.log(
            "warning", f"AttemptedReplayAttacks: message id {call.message_id} came with other content."
        )
        self._answer_error(
            call.message_id, call.action, ErrorCode.GenericError, "This message id was used before."
        )

    # --- events ---

    def _emit_out(
        self,
        type_: Literal["call", "result", "error", "invalid"],
        text: str,
        action: str = "",
        message_id: str = "",
        *,
        verdict: str = "",
        by_hand: bool = False,
    ) -> None:
        self._kernel.emit(
            FrameEvent,
            direction="out",
            type=type_,
            text=text,
            action=action,
            message_id=message_id,
            verdict=verdict,
            by_hand=by_hand,
        )

    def _emit_in(
        self, text: str, frame: Call | CallResult | CallError, action: str, verdict: str, latency: int | None
    ) -> None:
        kind = "call" if isinstance(frame, Call) else "result" if isinstance(frame, CallResult) else "error"
        self._kernel.emit(
            FrameEvent,
            direction="in",
            type=kind,
            text=text,
            action=action,
            message_id=str(frame.message_id),
            verdict=verdict,
            latency=latency,
        )


def _nothing(answer: Answer) -> None:
    """Nobody waits for the answer."""
