"""A central system for tests: answers each action from a table, sends what it is told to, and records every frame."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import msgspec

from desktop_sim.protocol.times import format_time
from desktop_sim.runtime.peer import Peer
from desktop_sim.station.links import LinkWanted
from desktop_sim.station.turn import Now

Payload = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Failure:
    """Answer with a CALLERROR."""

    code: str = "InternalError"
    description: str = ""
    details: Payload = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Later:
    """Give the answer only after so many seconds."""

    seconds: float
    answer: "Answer"


@dataclass(frozen=True, slots=True)
class Raw:
    """Answer with this very text; `{id}` in it becomes the message id."""

    text: str


Answer = Mapping[str, Any] | Failure | Later | Raw | None | list[Any] | Callable[[Payload], Any]
"""How an action is answered: a payload, one of the above, None for silence, a list of answers to be used one after the
other (the last one stays), or a function of the request's payload that returns any of these."""


class Message(msgspec.Struct, frozen=True):
    """One frame as the central system saw it. `time` in µs; `received` from the station, else sent to it.

    `action` of an answer is that of its call; `payload` of a CALLERROR is its details.
    """

    time: int
    received: bool
    text: str
    type: Literal["call", "result", "error", "invalid"]
    id: str = ""
    action: str = ""
    payload: Any = None
    code: str = ""
    description: str = ""


class ScriptedPeer(Peer):
    """Answers from `answers`, over defaults which take every station in; everything is kept in `messages`.

    Attributes:
        answers: action → answer, may be changed at any time.
        messages: all frames, in order.
        refusal: a sentence with which the next tries to connect fail, None to let the station in.
        connections: how often the station connected.
    """

    def __init__(self, answers: Mapping[str, Answer] | None = None, *, interval: int = 300) -> None:
        self.now = Now(0, 0)
        self.messages: list[Message] = []
        self.refusal: str | None = None
        self.connections = 0
        self.wanted: LinkWanted | None = None
        self._hanging_up = False
        self._transactions = 0
        self._calls = 0
        self._open: dict[str, str] = {}
        self._outbox: deque[str] = deque()
        self._later: list[tuple[int, int, str]] = []
        self.answers: dict[str, Answer] = {
            "BootNotification": lambda _: {
                "status": "Accepted",
                "currentTime": format_time(self.now.sim),
                "interval": interval,
            },
            "Heartbeat": lambda _: {"currentTime": format_time(self.now.sim)},
            "Authorize": {"idTagInfo": {"status": "Accepted"}},
            "StartTransaction": lambda _: self._start(),
            "StopTransaction": {},
            "DataTransfer": {"status": "Accepted"},
        }
        self.answers.update(answers or {})

    # --- for the test ---

    def call(self, action: str, payload: Payload | None = None, *, id: str | None = None) -> str:  # noqa: A002
        """Send a CALL at the next opportunity; returns its message id."""
        self._calls += 1
        message_id = id if id is not None else f"cs-{self._calls}"
        self._open[message_id] = action
        self.send(_encode([2, message_id, action, payload or {}]))
        return message_id

    def send(self, text: str) -> None:
        """Send any text at the next opportunity."""
        self._outbox.append(text)

    def hang_up(self) -> None:
        """Cut the link at the next opportunity, after the frames sent so far."""
        self._hanging_up = True

    def calls(self, action: str | None = None) -> list[Message]:
        """The CALLs received from the station, of one action or all."""
        return [m for m in self._of("call") if m.received and action in (None, m.action)]

    def payloads(self, action: str) -> list[Payload]:
        """The payloads of the CALLs of one action received from the station."""
        return [m.payload for m in self.calls(action)]

    def actions(self) -> list[str]:
        """The actions of the CALLs received from the station, in order."""
        return [m.action for m in self.calls()]

    def last(self, action: str) -> Payload:
        """The payload of the last CALL of that action received from the station; raises LookupError without one."""
        for message in reversed(self.messages):
            if message.received and message.type == "call" and message.action == action:
                return message.payload  # type: ignore[no-any-return]
        raise LookupError(f"The station sent no {action}; it sent {', '.join(self.actions()) or 'nothing'}.")

    def answer_to(self, message_id: str) -> Message:
        """The station's answer to a CALL of ours; raises LookupError while there is none."""
        for message in reversed(self.messages):
            if message.received and message.id == message_id and message.type in ("result", "error"):
                return message
        raise LookupError(f"The station has not answered {message_id}.")

    def clear(self) -> None:
        """Forget the messages so far, to look at what follows alone."""
        self.messages.clear()

    # --- for the driver ---

    def connected(self, wanted: LinkWanted, now: Now) -> str | None:
        self.now = now
        self.wanted = wanted
        if self.refusal is None:
            self.connections += 1
        return self.refusal

    def disconnected(self, now: Now) -> None:
        self.now = now
        self._later.clear()
        self._outbox.clear()
        self._hanging_up = False

    def receive(self, text: str, now: Now) -> None:
        self.now = now
        message = self._note(text, received=True)
        if message.type == "call":
            self._answer(message.id, self.answers.get(message.action, {}), message.payload)

    def frames(self) -> list[str]:
        frames = list(self._outbox)
        self._outbox.clear()
        for text in frames:
            self._note(text, received=False)
        return frames

    def cut(self) -> bool:
        cut, self._hanging_up = self._hanging_up, False
        return cut

    def advance(self, now: Now) -> None:
        self.now = now
        due = sorted(entry for entry in self._later if entry[0] <= now.link)
        self._later = [entry for entry in self._later if entry[0] > now.link]
        self._outbox.extend(text for _, _, text in due)

    def next_deadline(self) -> int | None:
        return min((due for due, _, _ in self._later), default=None)

    # --- inside ---

    def _start(self) -> Payload:
        self._transactions += 1
        return {"transactionId": self._transactions, "idTagInfo": {"status": "Accepted"}}

    def _answer(self, message_id: str, answer: Answer, payload: Payload, delay: float = 0.0) -> None:
        match answer:
            case None:
                return
            case list():
                self._answer(message_id, answer.pop(0) if len(answer) > 1 else answer[0], payload, delay)
            case Later():
                self._answer(message_id, answer.answer, payload, delay + answer.seconds)
            case Failure():
                error = [4, message_id, answer.code, answer.description, answer.details]
                self._send_after(delay, _encode(error))
            case Raw():
                self._send_after(delay, answer.text.replace("{id}", message_id))
            case Mapping():
                self._send_after(delay, _encode([3, message_id, answer]))
            case _:
                self._answer(message_id, answer(payload), payload, delay)

    def _send_after(self, delay: float, text: str) -> None:
        if delay <= 0:
            self._outbox.append(text)
        else:
            due = self.now.link + round(delay * 1_000_000)
            self._later.append((due, len(self.messages), text))

    def _note(self, text: str, *, received: bool) -> Message:
        message = _read(text, self.now.sim, received, self._open)
        if message.type == "call":
            self._open[message.id] = message.action
        self.messages.append(message)
        return message

    def _of(self, kind: str) -> Iterator[Message]:
        return (message for message in self.messages if message.type == kind)


def _encode(frame: list[Any]) -> str:
    return msgspec.json.encode(frame).decode()


def _read(text: str, time: int, received: bool, calls: Mapping[str, str]) -> Message:
    """What a text is, as far as it can be told."""
    try:
        frame = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        frame = None
    match frame:
        case [2, str(id_), str(action), payload]:
            return Message(time, received, text, "call", id_, action, payload)
        case [3, str(id_), payload]:
            return Message(time, received, text, "result", id_, calls.get(id_, ""), payload)
        case [4, str(id_), str(code), str(description), *details]:
            payload = details[0] if details else None
            return Message(time, received, text, "error", id_, calls.get(id_, ""), payload, code, description)
        case _:
            return Message(time, received, text, "invalid")
