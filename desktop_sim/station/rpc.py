"""The RPC layer (CONFORMANCE D.2, D.3): one CALL outstanding, answers paired, each broken frame answered as due.

Blocks hand calls to `call`, and register what they answer with `handle`. The queue of transaction messages is asked
for its head whenever the line is free, so that everything leaves in the order in which it came about.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

from desktop_sim.protocol.actions import ACTIONS, action_of
from desktop_sim.protocol.codec import decode_response, encode
from desktop_sim.protocol.errors import ViolationError
from desktop_sim.protocol.frames import (
    Call,
    CallError,
    CallResult,
    FrameError,
    encode_call,
    parse_frame,
)
from desktop_sim.protocol.types import Request, Response
from desktop_sim.station.answer_rules import AnswerRules
from desktop_sim.station.configuration import Configuration
from desktop_sim.station.incoming_calls import Handler, IncomingCalls
from desktop_sim.station.kernel import Kernel
from desktop_sim.station.registration import Registration
from desktop_sim.station.switches import Switches
from desktop_sim.station.timers import Timer
from desktop_sim.station.wire import Wire


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

MOST_WAITING = 200
"""So many calls wait at most, transaction messages left out."""


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
        self._kernel = kernel
        self._configuration = configuration
        self._switches = switches
        self._registration = registration
        self._wire = Wire(kernel, switches)
        self._calls = IncomingCalls(kernel, self._wire, configuration, switches, registration, rules)
        self._queue: deque[Outgoing] = deque()
        self._outstanding: Outgoing | None = None
        self._timeout: Timer | None = None
        self._timed_out: Outgoing | None = None
        self._seq = 0
        self._ids = kernel.chance("message ids")
        self.transaction_messages: TransactionMessages | None = None
        self.link_is_up = False

    # --- what blocks use ---

    @property
    def open(self) -> bool:
        """Whether ordinary calls may be made: the link is up and the station is registered (CORE-BOOT-1)."""
        return self.link_is_up and self._registration.accepted

    @property
    def last_sent(self) -> int:
        """When the last frame went out, simulated µs (CORE-HB-1)."""
        return self._wire.last_sent

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
        self._calls.handle(action, handler)

    def call(
        self, request: Request, then: Callable[[Answer], None] | None = None, *, always: bool = False
    ) -> None:
        """Send a CALL when its turn comes. Without a link the answer is Failed("lost") at once."""
        action = action_of(request).name
        verdict = self._wire.own_violation(request)
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
        self._wire.put("invalid", text, verdict="sent by hand", by_hand=True)

    # --- the link ---

    def link_up(self) -> None:
        """A new connection: message ids of the central system start anew."""
        self.link_is_up = True
        self._calls.new_line()
        self._timed_out = None

    def link_down(self) -> None:
        """The connection is gone: nothing waits for an answer any more (WS-22)."""
        self.link_is_up = False
        self._calls.new_line()
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
        self._calls.new_line()
        self._ids = self._kernel.chance("message ids")

    def withdraw(self) -> None:
        """The registration is gone: what waits is not sent any more, but for what was triggered (CORE-BOOT-7)."""
        self._give_up([call for call in self._queue if not call.always], "the registration was withdrawn")

    def receive(self, text: str) -> None:
        """One text frame came in. Nothing it holds can raise (RPC-27)."""
        strict = self._switches["SW-STRICT-IN"] == "on"
        try:
            frame = parse_frame(text, strict=strict)
        except FrameError as error:
            self._calls.broken(text, error)
            return
        if isinstance(frame, Call):
            self._calls.receive(text, frame, lenient=not strict)
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
        self._make_room()
        return outgoing.message_id

    def _make_room(self) -> None:
        """A central system that takes its time does not make the station hoard: the oldest call is given up."""
        if len(self._queue) > MOST_WAITING:
            oldest = next((call for call in self._queue if not call.always), self._queue[0])
            self._kernel.log("warning", f"{MOST_WAITING} messages wait; {oldest.action} is not sent.")
            self._give_up([oldest], "too many messages wait")

    def _give_up(self, calls: list[Outgoing], why: str) -> None:
        gone = {call.seq for call in calls}
        self._queue = deque(call for call in self._queue if call.seq not in gone)
        for call in calls:
            call.then(Failed("lost", why))

    def _send(self, outgoing: Outgoing) -> None:
        outgoing.sent = self._kernel.now.link
        self._outstanding = outgoing
        if outgoing.late:
            self._timed_out = None
        self._timeout = self._kernel.after_on_link(
            self._configuration.number("MessageTimeout"), self._on_timeout
        )
        text = encode_call(outgoing.message_id, outgoing.action, outgoing.payload)
        self._wire.put(
            "call",
            text,
            outgoing.action,
            outgoing.message_id,
            verdict=outgoing.verdict,
            by_hand=outgoing.by_hand,
        )

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
        self._wire.note(text, frame, outgoing.action, verdict, self._kernel.now.link - outgoing.sent)
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
            self._wire.note(text, frame, late.action, verdict, self._kernel.now.link - late.sent)
            return
        self._timed_out = late
        self._wire.note(text, frame, "", "nobody waits for this answer; ignored")


def _nothing(answer: Answer) -> None:
    """Nobody waits for the answer."""
