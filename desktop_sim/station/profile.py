"""The station profile: what a station is made of, as one readable document (`*.station.json`).

Profile values are factory settings for the first start; what the station stored since then wins (DESIGN § 3).
"""

from typing import Annotated, Any, Literal

import msgspec

from desktop_sim.physics.vehicle import Vehicle

PROFILE_VERSION = 1


class Document(msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """What all parts of a profile share: camelCase on disk, unknown fields refused with their path."""


class SecretReference(Document, frozen=True, kw_only=True):
    """Where a secret is kept outside the profile: an environment variable or a file."""

    env: str = ""
    file: str = ""


class Identity(Document, frozen=True, kw_only=True):
    """Who the station says it is (BootNotification, CORE-BOOT-2). Empty means: left out."""

    charge_point_id: str = "CP001"
    vendor: Annotated[str, msgspec.Meta(min_length=1, max_length=20)] = "Desktop Sim"
    model: Annotated[str, msgspec.Meta(min_length=1, max_length=20)] = "Wallbox 1"
    charge_point_serial_number: Annotated[str, msgspec.Meta(max_length=25)] = ""
    charge_box_serial_number: Annotated[str, msgspec.Meta(max_length=25)] = ""
    firmware_version: Annotated[str, msgspec.Meta(max_length=50)] = "1.0.0"
    iccid: Annotated[str, msgspec.Meta(max_length=20)] = ""
    imsi: Annotated[str, msgspec.Meta(max_length=20)] = ""
    meter_type: Annotated[str, msgspec.Meta(max_length=25)] = ""
    meter_serial_number: Annotated[str, msgspec.Meta(max_length=25)] = ""


class ConnectorProfile(Document, frozen=True, kw_only=True):
    """One connector. Amperes are per phase; `max_watts` 0 means: whatever the amperes give."""

    current: Literal["AC", "DC"] = "AC"
    phases: Annotated[int, msgspec.Meta(ge=1, le=3)] = 1
    max_amperes: Annotated[float, msgspec.Meta(gt=0)] = 32.0
    cable_amperes: Annotated[float, msgspec.Meta(gt=0)] = 32.0
    max_watts: Annotated[float, msgspec.Meta(ge=0)] = 0.0
    fixed_cable: bool = False
    vehicle: str = "Compact"
    slider_amperes: Annotated[float, msgspec.Meta(ge=0)] = 16.0


class SupplyProfile(Document, frozen=True, kw_only=True):
    """The grid connection."""

    volts: Annotated[float, msgspec.Meta(gt=0)] = 230.0
    hertz: Annotated[float, msgspec.Meta(gt=0)] = 50.0


class MeterProfile(Document, frozen=True, kw_only=True):
    """Reading noise: percent of the displayed value, seeded, never on the register."""

    current_noise: Annotated[float, msgspec.Meta(ge=0, le=50)] = 0.0
    voltage_noise: Annotated[float, msgspec.Meta(ge=0, le=50)] = 0.0


class Connection(Document, frozen=True, kw_only=True):
    """How the central system is reached. `url` may hold `{identity}`; without it the identity is appended (WS-1).

    `proxy` is an address, `environment` (what the machine is set to) or `none`. `allow_wildcard_certificates` takes
    `*.example.com` for a host of that domain (SEC-PROF-4).
    """

    url: str = ""
    security_profile: Annotated[int, msgspec.Meta(ge=0, le=3)] = 0
    authorization_key: str | SecretReference | None = None
    ca_file: str = ""
    client_certificate_file: str = ""
    client_key_file: str = ""
    verify_host_name: bool = True
    allow_wildcard_certificates: bool = False
    proxy: str = "environment"
    tolerate_missing_subprotocol: bool = False
    compression: bool = False
    connect_at_start: bool = True


class DataTransferRule(Document, frozen=True, kw_only=True):
    """How a DataTransfer from the central system is answered (CORE-DT-4)."""

    vendor_id: str
    message_id: str | None = None
    status: Literal["Accepted", "Rejected"] = "Accepted"
    data: str | None = None


class AnswerRule(Document, frozen=True, kw_only=True):
    """How a CALL of the central system is answered, after `delay` seconds.

    `normal`: as the station would. `unsupported`: NotSupported, as if the action were switched off. `silence`: not at
    all. `error`: with `code`. `forced`: with `payload`, the station doing nothing.
    """

    answer: Literal["normal", "unsupported", "silence", "error", "forced"] = "normal"
    code: str = "InternalError"
    payload: dict[str, Any] | None = None
    delay: Annotated[float, msgspec.Meta(ge=0, le=3600)] = 0.0


class StationProfile(Document, frozen=True, kw_only=True):
    """The whole document."""

    version: int = PROFILE_VERSION
    name: str = ""
    identity: Identity = Identity()
    connectors: Annotated[tuple[ConnectorProfile, ...], msgspec.Meta(min_length=1, max_length=64)] = (
        ConnectorProfile(),
    )
    supply: SupplyProfile = SupplyProfile()
    meter: MeterProfile = MeterProfile()
    vehicles: tuple[Vehicle, ...] = ()
    tags: tuple[Annotated[str, msgspec.Meta(min_length=1, max_length=20)], ...] = ("USER001",)
    configuration: dict[str, str] = {}
    connection: Connection = Connection()
    switches: dict[str, str] = {}
    answers: dict[str, AnswerRule] = {}
    data_transfer: tuple[DataTransferRule, ...] = ()
    backup_power: bool = False
    driver: Literal["present", "absent"] | None = None
