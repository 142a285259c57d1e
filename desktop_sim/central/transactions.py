"""Transactions as the charge points reported them: energy, meter values, times, status (A.7)."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Literal

import msgspec
from msgspec import UNSET

from desktop_sim.central.readings import register_wh
from desktop_sim.protocol.core import MeterValue, StartTransactionRequest, StopTransactionRequest
from desktop_sim.protocol.times import parse_time

_Begin = tuple[str, int, int, int]
"""What makes a beginning the same: charge point, connector, time (µs), meterStart (Wh)."""

MAX_METER_VALUES = 4000
MAX_FINISHED = 5000


class Transaction(msgspec.Struct, kw_only=True, omit_defaults=True):
    """One transaction. Meter readings in Wh, `start` and `stop` in µs as the charge point stamped them.

    `status` is what StartTransaction was answered about the tag. `abandoned`: another transaction began on the
    connector although this one was never stopped, or it was given up by hand. `stop_values` are those StopTransaction
    brought along (transactionData).
    """

    id: int
    charge_point: str
    connector: int
    id_tag: str
    status: str
    meter_start: int
    start: int
    parent_id_tag: str | None = None
    reservation_id: int | None = None
    state: Literal["running", "stopped", "abandoned"] = "running"
    register_wh: Decimal | None = None
    meter_stop: int | None = None
    stop: int | None = None
    reason: str = ""
    stop_id_tag: str | None = None
    meter_values: list[MeterValue] = []
    stop_values: list[MeterValue] = []

    @property
    def energy_wh(self) -> float:
        """Energy delivered so far, from the last register reading, finally from meterStop."""
        last = self.meter_stop if self.meter_stop is not None else self.register_wh
        return 0.0 if last is None else float(last - self.meter_start)


class TransactionBook:
    """All transactions, found by id. The caller sees to it that the stamps in the requests can be parsed."""

    def __init__(self, *, next_id: int = 1) -> None:
        self._all: dict[int, Transaction] = {}
        self._begun: dict[_Begin, Transaction] = {}
        self._running: dict[int, Transaction] = {}
        self.next_id = next_id

    def enter(self, transactions: Iterable[Transaction], next_id: int) -> None:
        """Take over what another book held; `next_id` is the id the next new transaction gets."""
        self._all = {transaction.id: transaction for transaction in transactions}
        self._begun = {_begin_of(transaction): transaction for transaction in self._all.values()}
        self._running = {id_: kept for id_, kept in self._all.items() if kept.state == "running"}
        self.next_id = next_id

    def all(self) -> list[Transaction]:
        """Every transaction, the oldest first."""
        return list(self._all.values())

    def get(self, transaction_id: int) -> Transaction | None:
        """The transaction of that id."""
        return self._all.get(transaction_id)

    def of(self, charge_point: str, transaction_id: int) -> Transaction | None:
        """The transaction of that id, if it is this charge point's."""
        transaction = self._all.get(transaction_id)
        return transaction if transaction is not None and transaction.charge_point == charge_point else None

    def running(self, charge_point: str | None = None, connector: int | None = None) -> list[Transaction]:
        """Transactions that go on, of one charge point or connector if named; the oldest first."""
        return [
            transaction
            for transaction in self._running.values()
            if charge_point in (None, transaction.charge_point) and connector in (None, transaction.connector)
        ]

    def known(self, charge_point: str, request: StartTransactionRequest) -> Transaction | None:
        """The transaction this request already began: equal connector, time and meter count as one (CORE-TXQ-8)."""
        begin = (charge_point, request.connector_id, parse_time(request.timestamp), request.meter_start)
        return self._begun.get(begin)

    def start(
        self, charge_point: str, request: StartTransactionRequest, status: str, parent_id_tag: str | None
    ) -> Transaction:
        """Enter a new transaction under the next id."""
        while self.next_id in self._all:
            self.next_id += 1
        transaction = Transaction(
            id=self.next_id,
            charge_point=charge_point,
            connector=request.connector_id,
            id_tag=request.id_tag,
            status=status,
            meter_start=request.meter_start,
            start=parse_time(request.timestamp),
            parent_id_tag=parent_id_tag,
            reservation_id=None if request.reservation_id is UNSET else request.reservation_id,
        )
        self.next_id += 1
        self._all[transaction.id] = self._running[transaction.id] = transaction
        self._begun[_begin_of(transaction)] = transaction
        self._forget_old()
        return transaction

    def stop(self, transaction: Transaction, request: StopTransactionRequest) -> None:
        """Enter the end of a transaction, with the values it brings along."""
        self.end(transaction, "stopped")
        transaction.meter_stop = request.meter_stop
        transaction.stop = parse_time(request.timestamp)
        transaction.reason = "Local" if request.reason is UNSET else request.reason
        transaction.stop_id_tag = None if request.id_tag is UNSET else request.id_tag
        if request.transaction_data is not UNSET:
            transaction.stop_values = list(request.transaction_data)

    def end(self, transaction: Transaction, state: Literal["stopped", "abandoned"]) -> None:
        """A transaction does not go on."""
        transaction.state = state
        self._running.pop(transaction.id, None)

    def meter(self, transaction: Transaction, values: Iterable[MeterValue]) -> None:
        """Enter meter values; beyond a limit every second one is given up, the first and the last never."""
        for value in values:
            transaction.meter_values.append(value)
            register = register_wh(value)
            if register is not None:
                transaction.register_wh = register
        if len(transaction.meter_values) > MAX_METER_VALUES:
            transaction.meter_values[1:-1] = transaction.meter_values[1:-1:2]

    def _forget_old(self) -> None:
        if len(self._all) - len(self._running) > MAX_FINISHED:
            oldest = next(id_ for id_, transaction in self._all.items() if transaction.state != "running")
            self._begun.pop(_begin_of(self._all.pop(oldest)), None)


def _begin_of(transaction: Transaction) -> _Begin:
    return transaction.charge_point, transaction.connector, transaction.start, transaction.meter_start
