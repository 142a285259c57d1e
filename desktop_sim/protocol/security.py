"""Messages of the OCPP 1.6 Security Whitepaper (conformance A.16 to A.23)."""

from __future__ import annotations

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from desktop_sim.protocol.types import (
    CertificateSignedStatus,
    CertificateUse,
    CiString50,
    CiString255,
    DeleteCertificateStatus,
    GenericStatus,
    GetInstalledCertificateStatus,
    HashAlgorithm,
    InstallCertificateStatus,
    Integer,
    Log,
    LogStatus,
    Request,
    Response,
    SignedFirmwareStatus,
    Timestamp,
    TriggerMessageStatus,
    UpdateFirmwareStatus,
    UploadLogStatus,
    WireObject,
)

Certificate = Annotated[str, Meta(max_length=5500)]
"""A certificate or a signing request, PEM."""

CertificateChain = Annotated[str, Meta(max_length=10_000)]
"""Certificates one after the other, PEM."""

Digest = Annotated[str, Meta(max_length=128)]
SerialNumber = Annotated[str, Meta(max_length=40)]
Signature = Annotated[str, Meta(max_length=800)]
Location512 = Annotated[str, Meta(max_length=512)]
"""A URL; whether it is one is for the handler to find out (SEC-LOG-2)."""


class CertificateHashData(WireObject):
    """Names a certificate by hashes of its issuer and its serial number, in hexadecimal (SEC-INST-7)."""

    hash_algorithm: HashAlgorithm
    issuer_name_hash: Digest
    issuer_key_hash: Digest
    serial_number: SerialNumber


class LogParameters(WireObject):
    """Where a log goes, and which part of it (SEC-LOG-5)."""

    remote_location: Location512
    oldest_timestamp: Timestamp | UnsetType = UNSET
    latest_timestamp: Timestamp | UnsetType = UNSET


class Firmware(WireObject):
    """A signed firmware file: where, when, and how to verify it; PEM certificate, base64 signature (SEC-SFW-8)."""

    location: Location512
    retrieve_date_time: Timestamp
    signing_certificate: Certificate
    signature: Signature
    install_date_time: Timestamp | UnsetType = UNSET


class CertificateSignedRequest(Request):
    """The signed certificate of the station, PEM, leaf first (SEC-CSR-5)."""

    certificate_chain: CertificateChain


class CertificateSignedResponse(Response):
    """Whether the certificate was taken."""

    status: CertificateSignedStatus


class DeleteCertificateRequest(Request):
    """Remove a root certificate."""

    certificate_hash_data: CertificateHashData


class DeleteCertificateResponse(Response):
    """Whether it was there and is gone (SEC-INST-8)."""

    status: DeleteCertificateStatus


class ExtendedTriggerMessageRequest(Request):
    """Send a message now. An unknown one reaches the handler, which answers NotImplemented (SEC-XT-1)."""

    requested_message: CiString50
    connector_id: Integer | UnsetType = UNSET


class ExtendedTriggerMessageResponse(Response):
    """Whether the message will be sent."""

    status: TriggerMessageStatus


class GetInstalledCertificateIdsRequest(Request):
    """Which root certificates of this kind are installed?"""

    certificate_type: CertificateUse


class GetInstalledCertificateIdsResponse(Response):
    """The certificates; absent if there are none, never empty (SEC-INST-6)."""

    status: GetInstalledCertificateStatus
    certificate_hash_data: Annotated[tuple[CertificateHashData, ...], Meta(min_length=1)] | UnsetType = UNSET


class GetLogRequest(Request):
    """Upload a log; `retry_interval` is in seconds."""

    log_type: Log
    request_id: Integer
    log: LogParameters
    retries: Integer | UnsetType = UNSET
    retry_interval: Integer | UnsetType = UNSET


class GetLogResponse(Response):
    """Whether the upload begins, and the name of the file (SEC-LOG-1)."""

    status: LogStatus
    filename: CiString255 | UnsetType = UNSET


class InstallCertificateRequest(Request):
    """Install a root certificate, PEM."""

    certificate_type: CertificateUse
    certificate: Certificate


class InstallCertificateResponse(Response):
    """Whether it was installed (SEC-INST-2)."""

    status: InstallCertificateStatus


class LogStatusNotificationRequest(Request):
    """Progress of a log upload; the request id is absent only for a triggered Idle (SEC-LOG-3)."""

    status: UploadLogStatus
    request_id: Integer | UnsetType = UNSET


class LogStatusNotificationResponse(Response):
    """Receipt."""


class SecurityEventNotificationRequest(Request):
    """A security event happened at `timestamp` (SEC-EVT-4)."""

    type: CiString50
    timestamp: Timestamp
    tech_info: CiString255 | UnsetType = UNSET


class SecurityEventNotificationResponse(Response):
    """Receipt."""


class SignCertificateRequest(Request):
    """A certificate signing request, PEM (SEC-CSR-3)."""

    csr: Certificate


class SignCertificateResponse(Response):
    """Whether the central system will have it signed."""

    status: GenericStatus


class SignedFirmwareStatusNotificationRequest(Request):
    """Progress of a signed firmware update (SEC-SFW-2)."""

    status: SignedFirmwareStatus
    request_id: Integer | UnsetType = UNSET


class SignedFirmwareStatusNotificationResponse(Response):
    """Receipt."""


class SignedUpdateFirmwareRequest(Request):
    """Fetch, verify and install signed firmware; `retry_interval` is in seconds."""

    request_id: Integer
    firmware: Firmware
    retries: Integer | UnsetType = UNSET
    retry_interval: Integer | UnsetType = UNSET


class SignedUpdateFirmwareResponse(Response):
    """Whether the update begins (SEC-SFW-1)."""

    status: UpdateFirmwareStatus
