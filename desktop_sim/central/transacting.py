"""Authorize, StartTransaction, MeterValues and StopTransaction: what they do to the books (A.3, A.7)."""

from msgspec import UNSET, structs

from desktop_sim.central.books import Books, Session
from desktop_sim.central.charge_points import connector_of
from desktop_sim.central.events import TagChecked, TransactionChanged
from desktop_sim.central.refusals import at_least
from desktop_sim.central.transactions import Transaction
from desktop_sim.protocol import core
from desktop_sim.protocol.types import AuthorizationStatus, IdTagInfo, Response


def authorize(books: Books, session: Session, request: core.AuthorizeRequest) -> Response:
    """The list decides; a tag that charges elsewhere is refused here only if the policy says `always`."""
    info = books.tags.info(request.id_tag, books.now, books.policy.unknown_tags)
    if books.policy.concurrent == "always":
        info = _not_twice(books, request.id_tag, info)
    _checked(books, session, "Authorize", request.id_tag, info)
    return core.AuthorizeResponse(id_tag_info=info)


def start_transaction(books: Books, session: Session, request: core.StartTransactionRequest) -> Response:
    """Enter a transaction, whatever its tag is worth; the same one twice gets the same answer (CORE-TXQ-8)."""
    at_least(request.connector_id, 1)
    identity = session.point.identity
    known = books.transactions.known(identity, request)
    if known is not None:
        _changed(books, known, "repeated")
        return core.StartTransactionResponse(transaction_id=known.id, id_tag_info=_as_answered(books, known))
    for running in books.transactions.running(identity, request.connector_id):
        abandon(books, running)
    info = books.tags.info(request.id_tag, books.now, books.policy.unknown_tags)
    if books.policy.concurrent != "never":
        info = _not_twice(books, request.id_tag, info)
    parent = None if info.parent_id_tag is UNSET else info.parent_id_tag
    transaction = books.transactions.start(identity, request, info.status, parent)
    if transaction.reservation_id is not None:
        session.point.reservations.pop(transaction.reservation_id, None)
    _checked(books, session, "StartTransaction", request.id_tag, info)
    _changed(books, transaction, "started")
    return core.StartTransactionResponse(transaction_id=transaction.id, id_tag_info=info)


def meter_values(books: Books, session: Session, request: core.MeterValuesRequest) -> Response:
    """Keep the newest values of the connector, and all of a transaction."""
    at_least(request.connector_id, 0)
    connector_of(session.point, request.connector_id).meter_value = request.meter_value[-1]
    if request.transaction_id is not UNSET:
        transaction = books.transactions.of(session.point.identity, request.transaction_id)
        if transaction is None:
            _unknown(books, session, request.transaction_id, request.connector_id)
        else:
            books.transactions.meter(transaction, request.meter_value)
            _changed(books, transaction, "metered")
    return core.MeterValuesResponse()


def stop_transaction(books: Books, session: Session, request: core.StopTransactionRequest) -> Response:
    """Enter the end of a transaction, which nobody can prevent; an unknown one is answered too (CORE-STOP-5)."""
    transaction = books.transactions.of(session.point.identity, request.transaction_id)
    if transaction is None:
        _unknown(books, session, request.transaction_id, None)
    elif transaction.state == "stopped":
        _changed(books, transaction, "repeated")
    else:
        books.transactions.stop(transaction, request)
        _changed(books, transaction, "stopped")
    if request.id_tag is UNSET:
        return core.StopTransactionResponse()
    info = books.tags.info(request.id_tag, books.now, books.policy.unknown_tags)
    _checked(books, session, "StopTransaction", request.id_tag, info)
    return core.StopTransactionResponse(id_tag_info=info)


def abandon(books: Books, transaction: Transaction) -> None:
    """A transaction ended in the books without a StopTransaction."""
    books.transactions.end(transaction, "abandoned")
    _changed(books, transaction, "abandoned")


def _not_twice(books: Books, id_tag: str, info: IdTagInfo) -> IdTagInfo:
    """A good tag in another running transaction is ConcurrentTx; refused transactions do not count."""
    if info.status != "Accepted":
        return info
    tag = id_tag.casefold()
    for running in books.transactions.running():
        if running.id_tag.casefold() == tag and running.status == "Accepted":
            return structs.replace(info, status=AuthorizationStatus.ConcurrentTx)
    return info


def _as_answered(books: Books, transaction: Transaction) -> IdTagInfo:
    info = books.tags.info(transaction.id_tag, books.now, books.policy.unknown_tags)
    return structs.replace(info, status=AuthorizationStatus(transaction.status))


def _checked(books: Books, session: Session, action: str, id_tag: str, info: IdTagInfo) -> None:
    books.emit(TagChecked, session.point.identity, action=action, id_tag=id_tag, status=info.status)


def _changed(books: Books, transaction: Transaction, what: str) -> None:
    last = transaction.meter_stop if transaction.meter_stop is not None else transaction.register_wh
    books.emit(
        TransactionChanged,
        transaction.charge_point,
        connector=transaction.connector,
        what=what,
        transaction_id=transaction.id,
        id_tag=transaction.id_tag,
        status=transaction.status,
        meter_wh=float(transaction.meter_start if last is None else last),
        energy_wh=transaction.energy_wh,
        reason=transaction.reason,
    )


def _unknown(books: Books, session: Session, transaction_id: int, connector: int | None) -> None:
    books.emit(
        TransactionChanged,
        session.point.identity,
        connector=connector,
        what="unknown",
        transaction_id=transaction_id,
    )
