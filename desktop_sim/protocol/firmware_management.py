"""Messages of the FirmwareManagement profile (conformance A.15)."""

from __future__ import annotations

from msgspec import UNSET, UnsetType

from desktop_sim.protocol.types import (
    CiString255,
    DiagnosticsStatus,
    FirmwareStatus,
    Integer,
    Request,
    Response,
    Timestamp,
)


class DiagnosticsStatusNotificationRequest(Request):
    """Progress of a diagnostics upload."""

    status: DiagnosticsStatus


class DiagnosticsStatusNotificationResponse(Response):
    """Receipt."""


class FirmwareStatusNotificationRequest(Request):
    """Progress of a firmware update."""

    status: FirmwareStatus


class FirmwareStatusNotificationResponse(Response):
    """Receipt."""


class GetDiagnosticsRequest(Request):
    """Upload diagnostics to the URL `location`, be it a good one or not (FW-FT-8); `retry_interval` is in seconds."""

    location: str
    retries: Integer | UnsetType = UNSET
    retry_interval: Integer | UnsetType = UNSET
    start_time: Timestamp | UnsetType = UNSET
    stop_time: Timestamp | UnsetType = UNSET


class GetDiagnosticsResponse(Response):
    """Name of the file to come; absent if there is nothing to upload."""

    file_name: CiString255 | UnsetType = UNSET


class UpdateFirmwareRequest(Request):
    """Fetch firmware from the URL `location` at `retrieve_date`; `retry_interval` is in seconds."""

    location: str
    retrieve_date: Timestamp
    retries: Integer | UnsetType = UNSET
    retry_interval: Integer | UnsetType = UNSET


class UpdateFirmwareResponse(Response):
    """Receipt; progress follows by FirmwareStatusNotification."""
