"""What the engine's parts share: tags, transactions, charge points, policy, the journal and what is to be sent."""

from collections import OrderedDict, deque
from dataclasses import dataclass, field
from typing import Any

from desktop_sim.central.charge_points import ChargePoint
from desktop_sim.central.events import AnyCentralEvent, FramePassed
from desktop_sim.central.policy import Policy
from desktop_sim.central.tags import TagList
from desktop_sim.central.transactions import TransactionBook
from desktop_sim.protocol.frames import MessageId
from desktop_sim.protocol.types import Request

REMEMBERED_IDS = 200


@dataclass(slots=True)
class OwnCall:
    """A call of ours; `request` is None when it was forced and has no proper type."""

    message_id: str
    action: str
    text: str
    request: Request | None
    verdict: str = ""
    sent: int = 0


@dataclass(slots=True)
class Answer:
    """What a request gets at `due` (µs): a text, the end of the connection, or both. `asked`: when it came (µs)."""

    due: int
    asked: int
    action: str
    message_id: MessageId
    text: str | None
    verdict: str = ""
    error: bool = False
    by_hand: bool = False
    drop: bool = False


@dataclass(slots=True)
class Session:
    """One open connection. Everything in here ends with it.

    `outstanding` waits for its answer, `loose` are calls written by hand, `expired` those given up. `answered` holds
    the charge point's last message ids, each with a hash of its text and the answer. `triggered` are the messages
    asked for.
    """

    point: ChargePoint
    queue: deque[OwnCall] = field(default_factory=deque)
    outstanding: OwnCall | None = None
    loose: OrderedDict[str, OwnCall] = field(default_factory=OrderedDict)
    expired: OrderedDict[str, OwnCall] = field(default_factory=OrderedDict)
    delayed: list[Answer] = field(default_factory=list)
    answered: OrderedDict[MessageId, tuple[int, Answer | None]] = field(default_factory=OrderedDict)
    triggered: set[str] = field(default_factory=set)

    @property
    def waits(self) -> bool:
        """Whether it has a deadline: a call of ours is outstanding, or an answer goes out later."""
        return self.outstanding is not None or bool(self.delayed)


@dataclass(slots=True)
class Books:
    """The state of a central system. `now`: instant of the present input; `waiting`: the sessions with a deadline."""

    tags: TagList
    transactions: TransactionBook
    policy: Policy
    points: dict[str, ChargePoint] = field(default_factory=dict)
    sessions: dict[str, Session] = field(default_factory=dict)
    now: int = 0
    outgoing: list[tuple[str, str]] = field(default_factory=list)
    drops: list[str] = field(default_factory=list)
    waiting: dict[str, Session] = field(default_factory=dict)
    events: list[AnyCentralEvent] = field(default_factory=list)
    seq: int = 0

    def emit(self, kind: type[AnyCentralEvent], charge_point: str, **fields: Any) -> None:
        """Enter an event with the next number and the present time."""
        self.seq += 1
        self.events.append(kind(seq=self.seq, time=self.now, charge_point=charge_point, **fields))

    def send(self, charge_point: str, text: str, **frame: Any) -> None:
        """Put a frame on the way and say so; `frame` holds the other fields of `FramePassed`."""
        self.outgoing.append((charge_point, text))
        self.emit(FramePassed, charge_point, direction="out", text=text, **frame)


def remember(known: OrderedDict[Any, Any], key: object, value: object) -> None:
    """Enter a pair and forget the oldest ones beyond REMEMBERED_IDS."""
    known[key] = value
    while len(known) > REMEMBERED_IDS:
        known.popitem(last=False)
