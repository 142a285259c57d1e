"""What this central system does when a charge point asks: one small function an action (A.1, A.2)."""

from collections.abc import Callable
from typing import Any, Final

import msgspec
from msgspec import UNSET

from desktop_sim.central import transacting
from desktop_sim.central.books import Books, Session
from desktop_sim.central.charge_points import MAX_SECURITY_EVENTS, SecurityEntry, connector_of
from desktop_sim.central.events import (
    DataReceived,
    ProgressReported,
    Registered,
    SecurityReported,
    StatusReported,
)
from desktop_sim.central.policy import next_registration
from desktop_sim.central.refusals import Refused, at_least
from desktop_sim.protocol import core, firmware_management, security
from desktop_sim.protocol.errors import ErrorCode
from desktop_sim.protocol.times import format_time, parse_time
from desktop_sim.protocol.types import DataTransferStatus, GenericStatus, Request, Response


def carry_out(books: Books, session: Session, request: Request) -> Response:
    """Let a request take effect and return its answer. Raises Refused if it gets a CALLERROR instead."""
    try:
        return _HANDLERS[type(request)](books, session, request)
    except (ArithmeticError, LookupError, TypeError, ValueError) as error:
        raise Refused(ErrorCode.InternalError, f"{type(error).__name__}: {error}") from error


def clock(books: Books) -> str:
    """Our time for the wire, wrong on purpose if the policy says so."""
    return format_time(books.now + round(books.policy.clock_offset * 1_000_000))


def _boot(books: Books, session: Session, request: core.BootNotificationRequest) -> Response:
    point = session.point
    registration = next_registration(books.policy, point.identity)
    point.registration = registration.status
    point.booted, point.boots = books.now, point.boots + 1
    point.boot = {name: str(value) for name, value in msgspec.to_builtins(request).items()}
    if registration.status == "Accepted":
        point.heartbeat_interval = registration.interval
    session.triggered.clear()
    books.emit(
        Registered,
        point.identity,
        status=registration.status,
        interval=registration.interval,
        boot=dict(point.boot),
    )
    return core.BootNotificationResponse(
        status=registration.status, current_time=clock(books), interval=registration.interval
    )


def _heartbeat(books: Books, session: Session, request: core.HeartbeatRequest) -> Response:
    session.point.last_heartbeat = books.now
    session.point.heartbeats += 1
    return core.HeartbeatResponse(current_time=clock(books))


def _status(books: Books, session: Session, request: core.StatusNotificationRequest) -> Response:
    at_least(request.connector_id, 0)
    connector = connector_of(session.point, request.connector_id)
    connector.status = request.status
    connector.error_code = request.error_code
    connector.info = "" if request.info is UNSET else request.info
    connector.vendor_error_code = "" if request.vendor_error_code is UNSET else request.vendor_error_code
    connector.since = books.now if request.timestamp is UNSET else parse_time(request.timestamp)
    books.emit(
        StatusReported,
        session.point.identity,
        connector=request.connector_id,
        status=connector.status,
        error_code=connector.error_code,
        info=connector.info,
        vendor_error_code=connector.vendor_error_code,
    )
    return core.StatusNotificationResponse()


def _data_transfer(books: Books, session: Session, request: core.DataTransferRequest) -> Response:
    status = books.policy.data_transfer.get(request.vendor_id, DataTransferStatus.UnknownVendorId)
    books.emit(
        DataReceived,
        session.point.identity,
        vendor_id=request.vendor_id,
        status=status,
        message_id="" if request.message_id is UNSET else request.message_id,
        data="" if request.data is UNSET else request.data,
    )
    return core.DataTransferResponse(status=status)


def _firmware_status(
    books: Books, session: Session, request: firmware_management.FirmwareStatusNotificationRequest
) -> Response:
    session.point.firmware_status = request.status
    _progress(books, session, "FirmwareStatusNotification", request)
    return firmware_management.FirmwareStatusNotificationResponse()


def _signed_firmware_status(
    books: Books, session: Session, request: security.SignedFirmwareStatusNotificationRequest
) -> Response:
    session.point.firmware_status = request.status
    _progress(books, session, "SignedFirmwareStatusNotification", request)
    return security.SignedFirmwareStatusNotificationResponse()


def _diagnostics_status(
    books: Books, session: Session, request: firmware_management.DiagnosticsStatusNotificationRequest
) -> Response:
    session.point.diagnostics_status = request.status
    _progress(books, session, "DiagnosticsStatusNotification", request)
    return firmware_management.DiagnosticsStatusNotificationResponse()


def _log_status(books: Books, session: Session, request: security.LogStatusNotificationRequest) -> Response:
    session.point.log_status = request.status
    _progress(books, session, "LogStatusNotification", request)
    return security.LogStatusNotificationResponse()


def _progress(books: Books, session: Session, action: str, request: Any) -> None:
    request_id = getattr(request, "request_id", UNSET)
    books.emit(
        ProgressReported,
        session.point.identity,
        action=action,
        status=request.status,
        request_id=None if request_id is UNSET else request_id,
    )


def _security_event(
    books: Books, session: Session, request: security.SecurityEventNotificationRequest
) -> Response:
    tech_info = "" if request.tech_info is UNSET else request.tech_info
    entry = SecurityEntry(type=request.type, timestamp=request.timestamp, tech_info=tech_info)
    session.point.security_events = [*session.point.security_events, entry][-MAX_SECURITY_EVENTS:]
    books.emit(
        SecurityReported,
        session.point.identity,
        type=request.type,
        happened=parse_time(request.timestamp),
        tech_info=tech_info,
    )
    return security.SecurityEventNotificationResponse()


def _sign_certificate(books: Books, session: Session, request: security.SignCertificateRequest) -> Response:
    """There is no certificate authority here (SEC-CSR-4)."""
    return security.SignCertificateResponse(status=GenericStatus.Rejected)


_HANDLERS: Final[dict[type[Request], Callable[[Books, Session, Any], Response]]] = {
    core.AuthorizeRequest: transacting.authorize,
    core.BootNotificationRequest: _boot,
    core.DataTransferRequest: _data_transfer,
    core.HeartbeatRequest: _heartbeat,
    core.MeterValuesRequest: transacting.meter_values,
    core.StartTransactionRequest: transacting.start_transaction,
    core.StatusNotificationRequest: _status,
    core.StopTransactionRequest: transacting.stop_transaction,
    firmware_management.DiagnosticsStatusNotificationRequest: _diagnostics_status,
    firmware_management.FirmwareStatusNotificationRequest: _firmware_status,
    security.LogStatusNotificationRequest: _log_status,
    security.SecurityEventNotificationRequest: _security_event,
    security.SignCertificateRequest: _sign_certificate,
    security.SignedFirmwareStatusNotificationRequest: _signed_firmware_status,
}
