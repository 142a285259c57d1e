"""The queue of transaction-related messages: one FIFO, durable, in order, retried as configured (CONFORMANCE A.6)."""

from collections import deque
from collections.abc import Callable

import msgspec

from desktop_sim.protocol.actions import action_of
from desktop_sim.protocol.codec import decode_request, encode
from desktop_sim.protocol.core import (
    MeterValuesRequest,
    StartTransactionRequest,
    StartTransactionResponse,
    StopTransactionRequest,
    StopTransactionResponse,
)
from desktop_sim.station.configuration import Configuration
from desktop_sim.station.events import TransactionEvent
from desktop_sim.station.kernel import Kernel
from desktop_sim.station.rpc import Answer, Answered, Outgoing, Rpc
from desktop_sim.station.switches import Switches

TransactionRequest = StartTransactionRequest | StopTransactionRequest | MeterValuesRequest
UNKNOWN = -1
"""The transactionId of a transaction whose StartTransaction was given up (CORE-TXQ-9)."""


class Entry(msgspec.Struct, kw_only=True):
    """One message that waits. `payload` is final but for the transactionId, which is known only later."""

    number: int
    action: str
    connector: int
    local_id: str
    payload: msgspec.Raw
    attempts: int = 0


class Outbox:
    """The queue.

    Attributes:
        on_started: called with local id, idTag and response when StartTransaction was answered.
        on_start_lost: called with local id when StartTransaction was given up.
        on_stopped: called with local id and response when StopTransaction was answered; None: it was given up.
        held: nothing leaves until the statuses are told (CORE-BOOT-6).
    """

    def __init__(self, kernel: Kernel, rpc: Rpc, configuration: Configuration, switches: Switches) -> None:
        self._kernel = kernel
        self._rpc = rpc
        self._configuration = configuration
        self._switches = switches
        self.on_started: Callable[[str, str, StartTransactionResponse], None] = _nothing
        self.on_start_lost: Callable[[str], None] = _nothing
        self.on_stopped: Callable[[str, StopTransactionResponse | None], None] = _nothing
        self._entries: deque[Entry] = deque(kernel.load_all("queue", Entry).values())
        self._ids: dict[str, int] = kernel.load_all("transaction id", int)
        self._places: dict[int, int] = {}
        self._floor = 0
        self._number = max((entry.number for entry in self._entries), default=0)
        self._retry_at = kernel.now.sim
        self._in_flight: int | None = None
        self.held = True
        rpc.transaction_messages = self

    # --- filling ---

    def add(self, request: TransactionRequest, local_id: str) -> None:
        """Queue a message; it is on record before it can leave (CORE-TXQ-3)."""
        if len(self._entries) >= self._switches.number("SW-QUEUE-SIZE"):
            self._thin_out()
        self._number += 1
        entry = Entry(
            number=self._number,
            action=action_of(request).name,
            connector=0 if isinstance(request, StopTransactionRequest) else request.connector_id,
            local_id=local_id,
            payload=msgspec.Raw(encode(request)),
        )
        self._entries.append(entry)
        self._places[entry.number] = self._rpc.next_seq()
        self._keep(entry)
        self._rpc.pump()

    def release(self) -> None:
        """The statuses are told: what waits may follow them."""
        self._floor = self._rpc.next_seq()
        self.held = False
        self._rpc.pump()

    def power_up(self) -> None:
        """A boot: wait until the station is registered and its statuses are told."""
        self.held = True
        self._in_flight = None
        self._retry_at = self._kernel.now.sim

    def clear(self) -> None:
        """Lose everything, as some stations do (CORE-RST-8)."""
        for entry in list(self._entries):
            self._give_up(entry, "the queue was lost")

    # --- looking ---

    def __len__(self) -> int:
        return len(self._entries)

    def entries(self) -> list[Entry]:
        """What waits, oldest first."""
        return list(self._entries)

    def waits_for(self, local_id: str) -> bool:
        """Whether a message of this transaction is still undelivered."""
        return any(entry.local_id == local_id for entry in self._entries)

    def transaction_id(self, local_id: str) -> int | None:
        """The transactionId of a transaction, once it is known."""
        return self._ids.get(local_id)

    # --- changing by hand ---

    def drop(self, number: int) -> bool:
        """Take a message out of the queue; False if there is none of this number or it is on the wire."""
        entry = self._find(number)
        if entry is None or entry.number == self._in_flight:
            return False
        self._give_up(entry, "by hand")
        self._rpc.pump()
        return True

    def edit(self, number: int, payload: bytes) -> bool:
        """Replace a message's payload; False as for `drop`."""
        entry = self._find(number)
        if entry is None or entry.number == self._in_flight:
            return False
        entry.payload = msgspec.Raw(payload)
        self._keep(entry)
        return True

    # --- what the RPC layer asks ---

    def ready(self) -> int | None:
        """The place of the head in the order of everything; None while it must wait."""
        if (
            self.held
            or not self._entries
            or self._in_flight is not None
            or self._retry_at > self._kernel.now.sim
        ):
            return None
        return max(self._places.get(self._entries[0].number, 0), self._floor)

    def take(self, message_id: str) -> Outgoing:
        """The head, with its transactionId filled in; each sending has a new message id (CORE-TXQ-8, CORE-TXQ-9)."""
        entry = self._entries[0]
        self._in_flight = entry.number
        starting = entry.action == "StartTransaction"
        return Outgoing(
            seq=0,
            message_id=message_id,
            action=entry.action,
            payload=self._final(entry),
            then=lambda answer: self._on_answer(entry, answer),
            late=(lambda answer: self._on_late(entry, answer)) if starting else None,
        )

    # --- inside ---

    def _final(self, entry: Entry) -> bytes:
        raw = bytes(entry.payload)
        if entry.action == "StartTransaction" or not entry.local_id:
            return raw
        request = decode_request(entry.action, raw)
        return encode(msgspec.structs.replace(request, transaction_id=self._ids.get(entry.local_id, UNKNOWN)))

    def _on_answer(self, entry: Entry, answer: Answer) -> None:
        self._in_flight = None
        if self._find(entry.number) is None:
            return
        if isinstance(answer, Answered):
            self._delivered(entry, answer)
        elif answer.why == "timeout" and self._switches["SW-TXQ-ON-TIMEOUT"] == "does-not-count":
            self._retry_after(max(1, self._configuration.number("TransactionMessageRetryInterval")))
        elif answer.why != "lost":
            self._failed(entry, answer.sentence)

    def _on_late(self, entry: Entry, answer: Answer) -> bool:
        """StartTransaction.conf after its time-out still counts if it was not sent again (CORE-TXQ-10)."""
        head = self._entries[0] if self._entries else None
        if head is not entry or self._in_flight is not None or not isinstance(answer, Answered):
            return False
        self._delivered(entry, answer)
        return True

    def _delivered(self, entry: Entry, answer: Answered) -> None:
        self._remove(entry)
        self._retry_at = self._kernel.now.sim
        pause = self._switches.number("SW-QUEUE-DELAY")
        if pause and self._entries:
            self._retry_after(pause)
        response = answer.response
        if isinstance(response, StartTransactionResponse):
            self._learn(entry.local_id, response.transaction_id)
            request = decode_request(entry.action, bytes(entry.payload))
            assert isinstance(request, StartTransactionRequest)
            self.on_started(entry.local_id, request.id_tag, response)
        elif isinstance(response, StopTransactionResponse):
            self.on_stopped(entry.local_id, response)
            transaction_id = self._forget(entry.local_id)
            self._kernel.emit(
                TransactionEvent, what="delivered", local_id=entry.local_id, transaction_id=transaction_id
            )

    def _failed(self, entry: Entry, sentence: str) -> None:
        """One attempt is used up (CORE-TXQ-5, CORE-TXQ-7)."""
        entry.attempts += 1
        if entry.attempts >= max(1, self._configuration.number("TransactionMessageAttempts")):
            self._give_up(entry, sentence)
            return
        self._keep(entry)
        self._retry_after(
            max(1, self._configuration.number("TransactionMessageRetryInterval") * entry.attempts)
        )

    def _retry_after(self, seconds: float) -> None:
        self._retry_at = self._kernel.after(seconds, self._rpc.pump).due

    def _give_up(self, entry: Entry, why: str) -> None:
        self._remove(entry)
        self._retry_at = self._kernel.now.sim
        self._kernel.log("warning", f"{entry.action} was given up: {why}", number=entry.number)
        self._kernel.emit(
            TransactionEvent,
            connector=entry.connector or None,
            what="dropped",
            local_id=entry.local_id,
            reason=entry.action,
        )
        if entry.action == "StartTransaction":
            self._learn(entry.local_id, UNKNOWN)
            self.on_start_lost(entry.local_id)
        elif entry.action == "StopTransaction":
            self.on_stopped(entry.local_id, None)
            self._forget(entry.local_id)

    def _forget(self, local_id: str) -> int | None:
        """A transaction's last message is through, or given up; returns its transactionId."""
        self._kernel.forget("transaction id", local_id)
        return self._ids.pop(local_id, None)

    def _learn(self, local_id: str, transaction_id: int) -> None:
        self._ids[local_id] = transaction_id
        self._kernel.store("transaction id", local_id, transaction_id)

    def _find(self, number: int) -> Entry | None:
        for entry in self._entries:
            if entry.number == number:
                return entry
        return None

    def _keep(self, entry: Entry) -> None:
        self._kernel.store("queue", _key(entry.number), entry)

    def _remove(self, entry: Entry) -> None:
        self._entries.remove(entry)
        self._places.pop(entry.number, None)
        self._kernel.forget("queue", _key(entry.number))

    def _thin_out(self) -> None:
        """Full: give up every second MeterValues, a last one too, never a Start or Stop (CORE-TXQ-12)."""
        values = [
            entry
            for entry in self._entries
            if entry.action == "MeterValues" and entry.number != self._in_flight
        ]
        gone = {entry.number for entry in values[1::2] or values}
        if not gone:
            return
        self._entries = deque(entry for entry in self._entries if entry.number not in gone)
        for number in gone:
            self._places.pop(number, None)
            self._kernel.forget("queue", _key(number))
        self._kernel.log("warning", f"The queue is full: {len(gone)} MeterValues were given up.")


def _key(number: int) -> str:
    """Under which a message is stored; the keys sort as the messages do."""
    return f"{number:012d}"


def _nothing(*answer: object) -> None:
    """Nobody has asked to be told."""
