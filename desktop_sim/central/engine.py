"""The built-in central system: sans-I/O, deterministic, many charge points by identity.

Inputs are the verbs below; time comes with them (`now`, µs since the Unix epoch; it may be set back). After each,
drain `frames_to_send`, `links_to_drop` and `events`, and come back at `next_deadline`. Same seed and inputs, same
bytes.
"""

import random
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from desktop_sim.central import answering, calling, preparing, transacting
from desktop_sim.central.books import Books, Session
from desktop_sim.central.charge_points import ChargePoint
from desktop_sim.central.events import AnyCentralEvent, FramePassed, LinkChanged
from desktop_sim.central.policy import Policy
from desktop_sim.central.refusals import CallRefused
from desktop_sim.central.tags import Tag, TagList
from desktop_sim.central.transactions import TransactionBook
from desktop_sim.protocol.frames import Call, FrameError, encode_error, parse_frame


class CentralSystem:
    """One central system. Tags, transactions, charge points and policy are open to read; tags and policy to change."""

    def __init__(
        self,
        tags: Iterable[Tag] = (),
        *,
        seed: int = 0,
        policy: Policy | None = None,
        first_transaction_id: int = 1,
    ) -> None:
        self._books = Books(
            TagList(tags),
            TransactionBook(next_id=first_transaction_id),
            Policy() if policy is None else policy,
        )
        self._chance = random.Random(seed)

    @property
    def tags(self) -> TagList:
        """The tags it knows; changes hold from the next request on."""
        return self._books.tags

    @property
    def policy(self) -> Policy:
        """How it behaves; changes hold from the next message on."""
        return self._books.policy

    @property
    def transactions(self) -> TransactionBook:
        """The transactions it was told of."""
        return self._books.transactions

    @property
    def charge_points(self) -> dict[str, ChargePoint]:
        """What it knows of each charge point, connected or not."""
        return self._books.points

    def admission(self, identity: str) -> int | None:
        """The HTTP status with which a connection is refused, None to let the charge point in (WS-4)."""
        policy = self._books.policy
        if policy.refuse_with is not None:
            return policy.refuse_with
        return None if policy.identities is None or identity in policy.identities else 404

    def connected(self, identity: str, now: int) -> None:
        """A charge point's connection is open. One that was still open is over by that (WS-9)."""
        if identity in self._books.sessions:
            self.disconnected(identity, now, "the charge point connected anew")
        self._advance(now)
        point = self._books.points.setdefault(identity, ChargePoint(identity=identity))
        point.connected, point.connected_since = True, now
        self._books.sessions[identity] = Session(point)
        self._books.emit(LinkChanged, identity, state="up")

    def disconnected(self, identity: str, now: int, reason: str = "") -> None:
        """A connection is over: calls under way are lost, answers still owed are dropped (WS-22)."""
        self._advance(now)
        session = self._books.sessions.pop(identity, None)
        self._books.waiting.pop(identity, None)
        if session is None:
            return
        session.point.connected = False
        self._books.outgoing = [frame for frame in self._books.outgoing if frame[0] != identity]
        self._books.drops = [other for other in self._books.drops if other != identity]
        self._books.emit(LinkChanged, identity, state="down", reason=reason)
        calling.lose_all(self._books, session)

    def receive(self, identity: str, text: str, now: int) -> None:
        """A text frame came. Nothing that can come raises (RPC-27)."""
        self._advance(now)
        session = self._books.sessions.get(identity)
        if session is None:
            self._invalid(identity, text, "the charge point is not connected")
            return
        session.point.last_seen = now
        try:
            frame = parse_frame(text)
        except FrameError as error:
            self._invalid(identity, text, error.sentence)
            if error.answerable and error.message_id is not None:
                answer = encode_error(error.message_id, "FormationViolation", error.sentence[:255])
                self._books.send(identity, answer, type="error", message_id=str(error.message_id))
            return
        if isinstance(frame, Call):
            answering.answer_call(self._books, session, frame, text)
        else:
            calling.take_answer(self._books, session, frame, text)

    def receive_invalid(self, identity: str, kind: str, now: int) -> None:
        """Something came that is no text frame: `kind` says what (binary, utf-8, oversize). It is ignored (WS-6)."""
        self._advance(now)
        self._invalid(identity, "", f"no text frame: {kind}")

    def advance(self, now: int) -> None:
        """Time passes: late answers go out, calls time out (RPC-4)."""
        self._advance(now)

    def call(
        self, identity: str, action: str, payload: dict[str, Any] | str, now: int, *, force: bool = False
    ) -> str:
        """Send a call, or queue it behind the one outstanding (RPC-2); returns its message id.

        The payload is checked; `force` sends it however wrong it is, even text that is no JSON. Raises CallRefused
        when the charge point is not connected, or the call is wrong and not forced.
        """
        self._advance(now)
        session = self._session(identity)
        call = preparing.prepare(session.point, self._message_id(), action, payload, force=force)
        session.queue.append(call)
        calling.send_next(self._books, session)
        return call.message_id

    def send_text(self, identity: str, text: str, now: int) -> None:
        """Send any text as a frame at once, broken ones too. Raises CallRefused when nobody is connected."""
        self._advance(now)
        calling.send_loose(self._books, self._session(identity), text)

    def drop(self, identity: str, now: int) -> None:
        """Cut the connection without a close frame. Raises CallRefused when nobody is connected."""
        self._advance(now)
        self._session(identity)
        self._books.drops.append(identity)

    def abandon(self, transaction_id: int, now: int) -> None:
        """Give up a running transaction whose end was never told, so that its tag is free again (pitfall 32)."""
        self._advance(now)
        transaction = self._books.transactions.get(transaction_id)
        if transaction is not None and transaction.state == "running":
            transacting.abandon(self._books, transaction)

    def frames_to_send(self, identity: str | None = None) -> list[tuple[str, str]]:
        """Drain (identity, text) in order, of one charge point or of all."""
        mine = [frame for frame in self._books.outgoing if identity in (None, frame[0])]
        self._books.outgoing = [frame for frame in self._books.outgoing if identity not in (None, frame[0])]
        return mine

    def links_to_drop(self, identity: str | None = None) -> list[str]:
        """Drain the identities whose connection is to be cut, after the frames to send."""
        mine = [other for other in self._books.drops if identity in (None, other)]
        self._books.drops = [other for other in self._books.drops if identity not in (None, other)]
        return mine

    def events(self) -> list[AnyCentralEvent]:
        """Drain what happened, in order."""
        events, self._books.events = self._books.events, []
        return events

    def next_deadline(self) -> int | None:
        """When to call `advance` at the latest (µs); None: whenever something comes."""
        waiting = self._books.waiting
        for identity in [identity for identity, session in waiting.items() if not session.waits]:
            del waiting[identity]
        deadlines = [answering.next_due(session) for session in waiting.values()]
        deadlines += [calling.timeout_at(self._books, session) for session in waiting.values()]
        return min((deadline for deadline in deadlines if deadline is not None), default=None)

    def _advance(self, now: int) -> None:
        """Let what is due happen at its own instant, in order, up to `now`."""
        if now < self._books.now:
            self._rewind(self._books.now - now)
        deadline = self.next_deadline()
        while deadline is not None and deadline <= now:
            self._books.now = max(self._books.now, deadline)
            for session in list(self._books.waiting.values()):
                answering.send_due(self._books, session)
                calling.time_out(self._books, session)
            deadline = self.next_deadline()
        self._books.now = now

    def _rewind(self, step: int) -> None:
        """The host's clock was set back by `step` µs: what is under way keeps the time it has left."""
        self._books.now -= step
        for session in self._books.sessions.values():
            answering.rewind(session, step)
            calling.rewind(session, step)

    def _session(self, identity: str) -> Session:
        try:
            return self._books.sessions[identity]
        except KeyError:
            raise CallRefused(f"{identity} is not connected") from None

    def _invalid(self, identity: str, text: str, verdict: str) -> None:
        self._books.emit(FramePassed, identity, direction="in", type="invalid", text=text, verdict=verdict)

    def _message_id(self) -> str:
        """A UUID-shaped id from our own chance (RPC-1)."""
        return str(UUID(int=self._chance.getrandbits(128), version=4))
