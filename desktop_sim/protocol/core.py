"""Messages of the Core profile, in alphabetical order (conformance A.1)."""

from __future__ import annotations

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from desktop_sim.protocol.smart_charging import ChargingProfile
from desktop_sim.protocol.types import (
    AvailabilityStatus,
    AvailabilityType,
    ChargePointErrorCode,
    ChargePointStatus,
    CiString20,
    CiString25,
    CiString50,
    CiString255,
    CiString500,
    ClearCacheStatus,
    ConfigurationStatus,
    DataTransferStatus,
    IdTagInfo,
    IdToken,
    Integer,
    Location,
    Measurand,
    Phase,
    ReadingContext,
    Reason,
    RegistrationStatus,
    RemoteStartStopStatus,
    Request,
    ResetStatus,
    ResetType,
    Response,
    Timestamp,
    UnitOfMeasure,
    UnlockStatus,
    ValueFormat,
    WireObject,
)


class SampledValue(WireObject):
    """One reading; absent fields mean Energy.Active.Import.Register, Wh, Sample.Periodic, Raw, Outlet (CORE-MV-13)."""

    value: str
    context: ReadingContext | UnsetType = UNSET
    format: ValueFormat | UnsetType = UNSET
    measurand: Measurand | UnsetType = UNSET
    phase: Phase | UnsetType = UNSET
    location: Location | UnsetType = UNSET
    unit: UnitOfMeasure | UnsetType = UNSET


class MeterValue(WireObject):
    """All readings of one instant; at least one."""

    timestamp: Timestamp
    sampled_value: Annotated[tuple[SampledValue, ...], Meta(min_length=1)]


class KeyValue(WireObject):
    """One configuration key; a key without a value is known but not readable or not set."""

    key: CiString50
    readonly: bool
    value: CiString500 | UnsetType = UNSET


class AuthorizeRequest(Request):
    """May this tag charge here?"""

    id_tag: IdToken


class AuthorizeResponse(Response):
    """The verdict on the tag."""

    id_tag_info: IdTagInfo


class BootNotificationRequest(Request):
    """The station presents itself after every boot (CORE-BOOT-2)."""

    charge_point_vendor: CiString20
    charge_point_model: CiString20
    charge_point_serial_number: CiString25 | UnsetType = UNSET
    charge_box_serial_number: CiString25 | UnsetType = UNSET
    firmware_version: CiString50 | UnsetType = UNSET
    iccid: CiString20 | UnsetType = UNSET
    imsi: CiString20 | UnsetType = UNSET
    meter_serial_number: CiString25 | UnsetType = UNSET
    meter_type: CiString25 | UnsetType = UNSET


class BootNotificationResponse(Response):
    """Registration; `interval` is in seconds: heartbeat if accepted, waiting time if not (CORE-BOOT-3, CORE-BOOT-5)."""

    status: RegistrationStatus
    current_time: Timestamp
    interval: Integer


class ChangeAvailabilityRequest(Request):
    """Connector 0 means the whole station; any number reaches the handler (CORE-AVAIL-7)."""

    connector_id: Integer
    type: AvailabilityType


class ChangeAvailabilityResponse(Response):
    """Whether the availability changes now, later or not."""

    status: AvailabilityStatus


class ChangeConfigurationRequest(Request):
    """Set one configuration key; the value is always text."""

    key: CiString50
    value: CiString500


class ChangeConfigurationResponse(Response):
    """Whether the value was taken."""

    status: ConfigurationStatus


class ClearCacheRequest(Request):
    """Empty the authorization cache."""


class ClearCacheResponse(Response):
    """Whether there is a cache and it was emptied."""

    status: ClearCacheStatus


class DataTransferRequest(Request):
    """Vendor-specific data, in both directions; `data` is text of any length (CORE-DT-3)."""

    vendor_id: CiString255
    message_id: CiString50 | UnsetType = UNSET
    data: str | UnsetType = UNSET


class DataTransferResponse(Response):
    """Whether the vendor and the message are known."""

    status: DataTransferStatus
    data: str | UnsetType = UNSET


class GetConfigurationRequest(Request):
    """Ask for some keys; none named means all (CORE-CFG-5)."""

    key: tuple[CiString50, ...] | UnsetType = UNSET


class GetConfigurationResponse(Response):
    """Known keys with their values, and the names of the unknown ones."""

    configuration_key: tuple[KeyValue, ...] | UnsetType = UNSET
    unknown_key: tuple[CiString50, ...] | UnsetType = UNSET


class HeartbeatRequest(Request):
    """A sign of life, and the question what time it is."""


class HeartbeatResponse(Response):
    """The clock of the central system (CORE-HB-2)."""

    current_time: Timestamp


class MeterValuesRequest(Request):
    """Readings of one connector; connector 0 is the main meter (CORE-MV-4)."""

    connector_id: Integer
    meter_value: Annotated[tuple[MeterValue, ...], Meta(min_length=1)]
    transaction_id: Integer | UnsetType = UNSET


class MeterValuesResponse(Response):
    """Receipt."""


class RemoteStartTransactionRequest(Request):
    """Start a transaction as if the tag had been presented."""

    id_tag: IdToken
    connector_id: Integer | UnsetType = UNSET
    charging_profile: ChargingProfile | UnsetType = UNSET


class RemoteStartTransactionResponse(Response):
    """Whether the station will try (CORE-RSTART-1)."""

    status: RemoteStartStopStatus


class RemoteStopTransactionRequest(Request):
    """End a running transaction."""

    transaction_id: Integer


class RemoteStopTransactionResponse(Response):
    """Whether the station will try (CORE-RSTOP-1)."""

    status: RemoteStartStopStatus


class ResetRequest(Request):
    """Restart the station, after ending what runs if soft."""

    type: ResetType


class ResetResponse(Response):
    """Whether the station will restart."""

    status: ResetStatus


class StartTransactionRequest(Request):
    """A transaction began; `meter_start` is the register in whole Wh (CORE-TX-1)."""

    connector_id: Integer
    id_tag: IdToken
    meter_start: Integer
    timestamp: Timestamp
    reservation_id: Integer | UnsetType = UNSET


class StartTransactionResponse(Response):
    """Number of the transaction, any integer (CORE-TXQ-11), and the verdict on the tag."""

    transaction_id: Integer
    id_tag_info: IdTagInfo


class StatusNotificationRequest(Request):
    """Status and error of a connector; connector 0 is the station."""

    connector_id: Integer
    error_code: ChargePointErrorCode
    status: ChargePointStatus
    timestamp: Timestamp | UnsetType = UNSET
    info: CiString50 | UnsetType = UNSET
    vendor_id: CiString255 | UnsetType = UNSET
    vendor_error_code: CiString50 | UnsetType = UNSET


class StatusNotificationResponse(Response):
    """Receipt."""


class StopTransactionRequest(Request):
    """A transaction ended; `meter_stop` is the register in whole Wh. No reason means Local."""

    transaction_id: Integer
    meter_stop: Integer
    timestamp: Timestamp
    id_tag: IdToken | UnsetType = UNSET
    reason: Reason | UnsetType = UNSET
    transaction_data: tuple[MeterValue, ...] | UnsetType = UNSET


class StopTransactionResponse(Response):
    """The verdict on the tag that stopped."""

    id_tag_info: IdTagInfo | UnsetType = UNSET


class UnlockConnectorRequest(Request):
    """Release the cable lock."""

    connector_id: Integer


class UnlockConnectorResponse(Response):
    """Whether the lock let go."""

    status: UnlockStatus
