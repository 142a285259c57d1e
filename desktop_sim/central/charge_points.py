"""What the central system knows of each charge point: plain data, no behaviour."""

import msgspec

from desktop_sim.protocol.core import MeterValue

MAX_SECURITY_EVENTS = 200


class Connector(msgspec.Struct, kw_only=True, omit_defaults=True):
    """A connector as last reported; `since` is in µs. `meter_value` is the newest reading of whatever kind."""

    id: int
    status: str = ""
    error_code: str = "NoError"
    info: str = ""
    vendor_error_code: str = ""
    since: int | None = None
    meter_value: MeterValue | None = None


class KnownValue(msgspec.Struct, kw_only=True, omit_defaults=True):
    """A configuration value as last read or set, at `read` (µs). None: the key exists, its value is not shown."""

    value: str | None
    readonly: bool = False
    read: int = 0


class SecurityEntry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A security event as reported."""

    type: str
    timestamp: str
    tech_info: str = ""


class ChargePoint(msgspec.Struct, kw_only=True, omit_defaults=True):
    """One charge point; all times in µs since the Unix epoch.

    `registration` is what its last BootNotification was answered, empty if it never booted here. `boot` holds the
    fields of that BootNotification. `reservations` maps the ids we made to connectors.
    """

    identity: str
    connected: bool = False
    connected_since: int | None = None
    last_seen: int | None = None
    registration: str = ""
    heartbeat_interval: int = 0
    booted: int | None = None
    boots: int = 0
    boot: dict[str, str] = {}
    last_heartbeat: int | None = None
    heartbeats: int = 0
    connectors: dict[int, Connector] = {}
    configuration: dict[str, KnownValue] = {}
    unknown_keys: list[str] = []
    local_list_version: int | None = None
    reservations: dict[int, int] = {}
    firmware_status: str = ""
    diagnostics_status: str = ""
    log_status: str = ""
    security_events: list[SecurityEntry] = []


def connector_of(point: ChargePoint, connector: int) -> Connector:
    """The connector of that number, entered now if it is new."""
    if connector not in point.connectors:
        point.connectors[connector] = Connector(id=connector)
    return point.connectors[connector]


def silent_for(point: ChargePoint, now: int) -> int | None:
    """µs since anything came from the charge point; None if nothing ever did."""
    return None if point.last_seen is None else now - point.last_seen


def overdue(point: ChargePoint, now: int, tolerance: float = 1.5) -> bool:
    """Whether a connected, accepted charge point has been silent for much longer than its heartbeat interval."""
    silence = silent_for(point, now)
    if (
        not point.connected
        or point.registration != "Accepted"
        or point.heartbeat_interval <= 0
        or silence is None
    ):
        return False
    return silence > point.heartbeat_interval * tolerance * 1_000_000
