"""What a request may do wrong although its schema is kept: remarks for the verdict, never a refusal."""

from msgspec import UNSET

from desktop_sim.central.books import Books, Session
from desktop_sim.protocol.actions import action_of
from desktop_sim.protocol.core import (
    MeterValuesRequest,
    StartTransactionRequest,
    StatusNotificationRequest,
    StopTransactionRequest,
)
from desktop_sim.protocol.times import has_zone
from desktop_sim.protocol.types import Request

STATION_STATUSES = ("Available", "Unavailable", "Faulted")
EV_ERROR_STATUSES = ("Preparing", "SuspendedEV", "SuspendedEVSE", "Finishing")


def remarks(books: Books, session: Session, request: Request) -> str:
    """All remarks on a request that is about to be carried out, as one sentence; empty if there are none."""
    found = [_gate(session, request), _crossing(books, session), _zone(request)]
    match request:
        case StatusNotificationRequest():
            found += _status(request)
        case StartTransactionRequest():
            found.append(_start(books, session, request))
        case StopTransactionRequest():
            found.append(_stop(books, session, request))
        case MeterValuesRequest():
            found.append(_meter(books, session, request))
    return "; ".join(remark for remark in found if remark)


def _gate(session: Session, request: Request) -> str:
    """While Pending, only what a trigger asked for may come (CORE-BOOT-7)."""
    action = action_of(request).name
    if session.point.registration != "Pending" or action == "BootNotification" or action in session.triggered:
        return ""
    return "while Pending only BootNotification and triggered messages may be sent (CORE-BOOT-7)"


def _crossing(books: Books, session: Session) -> str:
    """A charge point waits for one answer before it asks again (RPC-2)."""
    patience = books.now - round(books.policy.call_timeout * 1_000_000)
    if any(answer.asked > patience for answer in session.delayed):
        return "an earlier call has not been answered yet (RPC-2)"
    return ""


def _zone(request: Request) -> str:
    stamps = [getattr(request, "timestamp", UNSET)]
    if isinstance(request, MeterValuesRequest):
        stamps += [value.timestamp for value in request.meter_value]
    naive = any(isinstance(stamp, str) and not has_zone(stamp) for stamp in stamps)
    return "a timestamp names no zone (RPC-16)" if naive else ""


def _status(request: StatusNotificationRequest) -> list[str]:
    found = []
    if request.connector_id == 0 and request.status not in STATION_STATUSES:
        found.append(f"connector 0 cannot be {request.status} (CORE-STAT-7)")
    if request.error_code == "EVCommunicationError" and request.status not in EV_ERROR_STATUSES:
        found.append(f"EVCommunicationError does not go with {request.status} (CORE-STAT-5)")
    return found


def _start(books: Books, session: Session, request: StartTransactionRequest) -> str:
    identity = session.point.identity
    running = books.transactions.running(identity, request.connector_id)
    if not running or books.transactions.known(identity, request) is not None:
        return ""
    return f"transaction {running[0].id} still runs on connector {request.connector_id} (CORE-TX-8)"


def _stop(books: Books, session: Session, request: StopTransactionRequest) -> str:
    transaction = books.transactions.of(session.point.identity, request.transaction_id)
    if transaction is None:
        return f"transaction {request.transaction_id} is not known"
    if request.meter_stop < transaction.meter_start:
        return (
            f"meterStop {request.meter_stop} is less than meterStart {transaction.meter_start} (CORE-STOP-1)"
        )
    return ""


def _meter(books: Books, session: Session, request: MeterValuesRequest) -> str:
    if request.transaction_id is UNSET:
        return ""
    if request.connector_id == 0:
        return "the main meter has no transaction (CORE-MV-4)"
    transaction = books.transactions.of(session.point.identity, request.transaction_id)
    if transaction is None:
        return f"transaction {request.transaction_id} is not known"
    if transaction.connector != request.connector_id:
        return f"transaction {transaction.id} runs on connector {transaction.connector} (CORE-MV-4)"
    return ""
