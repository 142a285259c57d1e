"""Scalar types and enumerations that several OCPP 1.6 messages share, and the base of every message.

Members are spelled as on the wire (RPC-6); where that is no identifier, the dot or dash is left out.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, dataclass_transform

import msgspec
from msgspec import UNSET, Meta, UnsetType

from desktop_sim.protocol.times import TIME_PATTERN


class _WireMeta(msgspec.StructMeta):
    """Gives every subclass keyword-only fields, which msgspec does not inherit."""

    def __new__(
        mcls, name: str, bases: tuple[type, ...], namespace: dict[str, Any], **options: Any
    ) -> _WireMeta:
        return super().__new__(mcls, name, bases, namespace, kw_only=True, **options)


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(msgspec.field,))
class WireObject(
    msgspec.Struct, metaclass=_WireMeta, frozen=True, rename="camel", forbid_unknown_fields=True, gc=False
):
    """A JSON object of the specification: immutable, named fields only, no field beyond the schema (RPC-14).

    An optional field that is absent is UNSET and is not written; None never stands for absent (RPC-22).
    """


class Request(WireObject):
    """Payload of a CALL."""


class Response(WireObject):
    """Payload of a CALLRESULT."""


Integer = Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)]
"""A whole number that fits into 64 bits, so that it can be stored; `5.0` is read as 5 (RPC-15)."""

CiString20 = Annotated[str, Meta(max_length=20)]
CiString25 = Annotated[str, Meta(max_length=25)]
CiString50 = Annotated[str, Meta(max_length=50)]
CiString255 = Annotated[str, Meta(max_length=255)]
CiString500 = Annotated[str, Meta(max_length=500)]
IdToken = CiString20
"""An identification tag: opaque, compared without regard to case (CORE-AUTH-7)."""

Timestamp = Annotated[str, Meta(pattern=TIME_PATTERN, extra_json_schema={"format": "date-time"})]
"""ISO 8601 text that `times.parse_time` is sure to understand (RPC-16)."""

Rate = Decimal
"""A charging rate in amperes or watts, exact, not negative, with at most one decimal (RPC-15, SC-SET-12).

msgspec has no constraints for decimals; `violations` checks them, and `codec` sees to it that it is asked."""


class AuthorizationStatus(StrEnum):
    """Answer of the central system about an identification tag."""

    Accepted = "Accepted"
    Blocked = "Blocked"
    Expired = "Expired"
    Invalid = "Invalid"
    ConcurrentTx = "ConcurrentTx"


class RegistrationStatus(StrEnum):
    """Whether the central system takes the station in."""

    Accepted = "Accepted"
    Pending = "Pending"
    Rejected = "Rejected"


class AvailabilityType(StrEnum):
    """What ChangeAvailability asks for."""

    Inoperative = "Inoperative"
    Operative = "Operative"


class AvailabilityStatus(StrEnum):
    """Answer to ChangeAvailability."""

    Accepted = "Accepted"
    Rejected = "Rejected"
    Scheduled = "Scheduled"


class ConfigurationStatus(StrEnum):
    """Answer to ChangeConfiguration."""

    Accepted = "Accepted"
    Rejected = "Rejected"
    RebootRequired = "RebootRequired"
    NotSupported = "NotSupported"


class ClearCacheStatus(StrEnum):
    """Answer to ClearCache."""

    Accepted = "Accepted"
    Rejected = "Rejected"


class DataTransferStatus(StrEnum):
    """Answer to DataTransfer, in both directions."""

    Accepted = "Accepted"
    Rejected = "Rejected"
    UnknownMessageId = "UnknownMessageId"
    UnknownVendorId = "UnknownVendorId"


class RemoteStartStopStatus(StrEnum):
    """Answer to RemoteStartTransaction and RemoteStopTransaction."""

    Accepted = "Accepted"
    Rejected = "Rejected"


class ResetType(StrEnum):
    """How hard Reset resets."""

    Hard = "Hard"
    Soft = "Soft"


class ResetStatus(StrEnum):
    """Answer to Reset."""

    Accepted = "Accepted"
    Rejected = "Rejected"


class UnlockStatus(StrEnum):
    """Answer to UnlockConnector."""

    Unlocked = "Unlocked"
    UnlockFailed = "UnlockFailed"
    NotSupported = "NotSupported"


class ChargePointStatus(StrEnum):
    """Status of a connector; connector 0 knows Available, Unavailable and Faulted only."""

    Available = "Available"
    Preparing = "Preparing"
    Charging = "Charging"
    SuspendedEVSE = "SuspendedEVSE"
    SuspendedEV = "SuspendedEV"
    Finishing = "Finishing"
    Reserved = "Reserved"
    Unavailable = "Unavailable"
    Faulted = "Faulted"


class ChargePointErrorCode(StrEnum):
    """What StatusNotification reports as wrong."""

    ConnectorLockFailure = "ConnectorLockFailure"
    EVCommunicationError = "EVCommunicationError"
    GroundFailure = "GroundFailure"
    HighTemperature = "HighTemperature"
    InternalError = "InternalError"
    LocalListConflict = "LocalListConflict"
    NoError = "NoError"
    OtherError = "OtherError"
    OverCurrentFailure = "OverCurrentFailure"
    OverVoltage = "OverVoltage"
    PowerMeterFailure = "PowerMeterFailure"
    PowerSwitchFailure = "PowerSwitchFailure"
    ReaderFailure = "ReaderFailure"
    ResetFailure = "ResetFailure"
    UnderVoltage = "UnderVoltage"
    WeakSignal = "WeakSignal"


class Reason(StrEnum):
    """Why a transaction ended; absent means Local."""

    DeAuthorized = "DeAuthorized"
    EmergencyStop = "EmergencyStop"
    EVDisconnected = "EVDisconnected"
    HardReset = "HardReset"
    Local = "Local"
    Other = "Other"
    PowerLoss = "PowerLoss"
    Reboot = "Reboot"
    Remote = "Remote"
    SoftReset = "SoftReset"
    UnlockCommand = "UnlockCommand"


class Measurand(StrEnum):
    """What a sampled value measures."""

    CurrentExport = "Current.Export"
    CurrentImport = "Current.Import"
    CurrentOffered = "Current.Offered"
    EnergyActiveExportRegister = "Energy.Active.Export.Register"
    EnergyActiveImportRegister = "Energy.Active.Import.Register"
    EnergyReactiveExportRegister = "Energy.Reactive.Export.Register"
    EnergyReactiveImportRegister = "Energy.Reactive.Import.Register"
    EnergyActiveExportInterval = "Energy.Active.Export.Interval"
    EnergyActiveImportInterval = "Energy.Active.Import.Interval"
    EnergyReactiveExportInterval = "Energy.Reactive.Export.Interval"
    EnergyReactiveImportInterval = "Energy.Reactive.Import.Interval"
    Frequency = "Frequency"
    PowerActiveExport = "Power.Active.Export"
    PowerActiveImport = "Power.Active.Import"
    PowerFactor = "Power.Factor"
    PowerOffered = "Power.Offered"
    PowerReactiveExport = "Power.Reactive.Export"
    PowerReactiveImport = "Power.Reactive.Import"
    RPM = "RPM"
    SoC = "SoC"
    Temperature = "Temperature"
    Voltage = "Voltage"


class ReadingContext(StrEnum):
    """On what occasion a value was sampled (CORE-MV-14)."""

    InterruptionBegin = "Interruption.Begin"
    InterruptionEnd = "Interruption.End"
    Other = "Other"
    SampleClock = "Sample.Clock"
    SamplePeriodic = "Sample.Periodic"
    TransactionBegin = "Transaction.Begin"
    TransactionEnd = "Transaction.End"
    Trigger = "Trigger"


class Phase(StrEnum):
    """The phase, or pair of phases, a value belongs to."""

    L1 = "L1"
    L2 = "L2"
    L3 = "L3"
    N = "N"
    L1N = "L1-N"
    L2N = "L2-N"
    L3N = "L3-N"
    L1L2 = "L1-L2"
    L2L3 = "L2-L3"
    L3L1 = "L3-L1"


class Location(StrEnum):
    """Where a value was sampled."""

    Body = "Body"
    Cable = "Cable"
    EV = "EV"
    Inlet = "Inlet"
    Outlet = "Outlet"


class ValueFormat(StrEnum):
    """Whether a value is a number in text or signed data."""

    Raw = "Raw"
    SignedData = "SignedData"


class UnitOfMeasure(StrEnum):
    """Unit of a sampled value. Both spellings of Celsius are in use (CORE-MV-16); Hertz is received, never sent."""

    Wh = "Wh"
    kWh = "kWh"  # noqa: N815
    varh = "varh"
    kvarh = "kvarh"
    W = "W"
    kW = "kW"  # noqa: N815
    VA = "VA"
    kVA = "kVA"  # noqa: N815
    var = "var"
    kvar = "kvar"
    A = "A"
    V = "V"
    Celsius = "Celsius"
    Celcius = "Celcius"
    Fahrenheit = "Fahrenheit"
    K = "K"
    Percent = "Percent"
    Hertz = "Hertz"


class ChargingProfilePurposeType(StrEnum):
    """What a charging profile limits."""

    ChargePointMaxProfile = "ChargePointMaxProfile"
    TxDefaultProfile = "TxDefaultProfile"
    TxProfile = "TxProfile"


class ChargingProfileKindType(StrEnum):
    """What the schedule of a charging profile is anchored to."""

    Absolute = "Absolute"
    Recurring = "Recurring"
    Relative = "Relative"


class RecurrencyKindType(StrEnum):
    """How often a recurring charging profile starts over."""

    Daily = "Daily"
    Weekly = "Weekly"


class ChargingRateUnitType(StrEnum):
    """Unit of a charging schedule on the wire; the configuration key writes Current and Power."""

    A = "A"
    W = "W"


class ChargingProfileStatus(StrEnum):
    """Answer to SetChargingProfile."""

    Accepted = "Accepted"
    Rejected = "Rejected"
    NotSupported = "NotSupported"


class ClearChargingProfileStatus(StrEnum):
    """Answer to ClearChargingProfile."""

    Accepted = "Accepted"
    Unknown = "Unknown"


class GetCompositeScheduleStatus(StrEnum):
    """Answer to GetCompositeSchedule."""

    Accepted = "Accepted"
    Rejected = "Rejected"


class MessageTrigger(StrEnum):
    """What TriggerMessage may ask for; the message itself carries any text (RT-2)."""

    BootNotification = "BootNotification"
    DiagnosticsStatusNotification = "DiagnosticsStatusNotification"
    FirmwareStatusNotification = "FirmwareStatusNotification"
    Heartbeat = "Heartbeat"
    MeterValues = "MeterValues"
    StatusNotification = "StatusNotification"


class TriggerMessageStatus(StrEnum):
    """Answer to TriggerMessage and ExtendedTriggerMessage."""

    Accepted = "Accepted"
    Rejected = "Rejected"
    NotImplemented = "NotImplemented"


class ReservationStatus(StrEnum):
    """Answer to ReserveNow."""

    Accepted = "Accepted"
    Faulted = "Faulted"
    Occupied = "Occupied"
    Rejected = "Rejected"
    Unavailable = "Unavailable"


class CancelReservationStatus(StrEnum):
    """Answer to CancelReservation."""

    Accepted = "Accepted"
    Rejected = "Rejected"


class UpdateType(StrEnum):
    """Whether SendLocalList replaces the list or changes it."""

    Differential = "Differential"
    Full = "Full"


class UpdateStatus(StrEnum):
    """Answer to SendLocalList."""

    Accepted = "Accepted"
    Failed = "Failed"
    NotSupported = "NotSupported"
    VersionMismatch = "VersionMismatch"


class DiagnosticsStatus(StrEnum):
    """Progress of a diagnostics upload."""

    Idle = "Idle"
    Uploaded = "Uploaded"
    UploadFailed = "UploadFailed"
    Uploading = "Uploading"


class FirmwareStatus(StrEnum):
    """Progress of an unsigned firmware update."""

    Downloaded = "Downloaded"
    DownloadFailed = "DownloadFailed"
    Downloading = "Downloading"
    Idle = "Idle"
    InstallationFailed = "InstallationFailed"
    Installing = "Installing"
    Installed = "Installed"


class SignedFirmwareStatus(StrEnum):
    """Progress of a signed firmware update (whitepaper FirmwareStatusEnumType)."""

    Downloaded = "Downloaded"
    DownloadFailed = "DownloadFailed"
    Downloading = "Downloading"
    DownloadScheduled = "DownloadScheduled"
    DownloadPaused = "DownloadPaused"
    Idle = "Idle"
    InstallationFailed = "InstallationFailed"
    Installing = "Installing"
    Installed = "Installed"
    InstallRebooting = "InstallRebooting"
    InstallScheduled = "InstallScheduled"
    InstallVerificationFailed = "InstallVerificationFailed"
    InvalidSignature = "InvalidSignature"
    SignatureVerified = "SignatureVerified"


class UpdateFirmwareStatus(StrEnum):
    """Answer to SignedUpdateFirmware."""

    Accepted = "Accepted"
    Rejected = "Rejected"
    AcceptedCanceled = "AcceptedCanceled"
    InvalidCertificate = "InvalidCertificate"
    RevokedCertificate = "RevokedCertificate"


class ExtendedMessageTrigger(StrEnum):
    """What ExtendedTriggerMessage may ask for (whitepaper MessageTriggerEnumType)."""

    BootNotification = "BootNotification"
    LogStatusNotification = "LogStatusNotification"
    FirmwareStatusNotification = "FirmwareStatusNotification"
    Heartbeat = "Heartbeat"
    MeterValues = "MeterValues"
    SignChargePointCertificate = "SignChargePointCertificate"
    StatusNotification = "StatusNotification"


class GenericStatus(StrEnum):
    """Answer to SignCertificate."""

    Accepted = "Accepted"
    Rejected = "Rejected"


class CertificateSignedStatus(StrEnum):
    """Answer to CertificateSigned."""

    Accepted = "Accepted"
    Rejected = "Rejected"


class CertificateUse(StrEnum):
    """Which store a root certificate belongs to."""

    CentralSystemRootCertificate = "CentralSystemRootCertificate"
    ManufacturerRootCertificate = "ManufacturerRootCertificate"


class InstallCertificateStatus(StrEnum):
    """Answer to InstallCertificate."""

    Accepted = "Accepted"
    Failed = "Failed"
    Rejected = "Rejected"


class DeleteCertificateStatus(StrEnum):
    """Answer to DeleteCertificate."""

    Accepted = "Accepted"
    Failed = "Failed"
    NotFound = "NotFound"


class GetInstalledCertificateStatus(StrEnum):
    """Answer to GetInstalledCertificateIds."""

    Accepted = "Accepted"
    NotFound = "NotFound"


class HashAlgorithm(StrEnum):
    """Hash used to name a certificate."""

    SHA256 = "SHA256"
    SHA384 = "SHA384"
    SHA512 = "SHA512"


class Log(StrEnum):
    """Which log GetLog asks for (whitepaper LogEnumType)."""

    DiagnosticsLog = "DiagnosticsLog"
    SecurityLog = "SecurityLog"


class LogStatus(StrEnum):
    """Answer to GetLog."""

    Accepted = "Accepted"
    Rejected = "Rejected"
    AcceptedCanceled = "AcceptedCanceled"


class UploadLogStatus(StrEnum):
    """Progress of a log upload."""

    BadMessage = "BadMessage"
    Idle = "Idle"
    NotSupportedOperation = "NotSupportedOperation"
    PermissionDenied = "PermissionDenied"
    Uploaded = "Uploaded"
    UploadFailure = "UploadFailure"
    Uploading = "Uploading"


class IdTagInfo(WireObject):
    """What the central system knows of an identification tag."""

    status: AuthorizationStatus
    expiry_date: Timestamp | UnsetType = UNSET
    parent_id_tag: IdToken | UnsetType = UNSET
