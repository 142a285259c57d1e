"""Everything that happened at a station, as immutable, ordered values.

Journal, log, verdicts, tests and the window read this one stream (DESIGN, decision 6). `seq` rises by one for each
event of a station since its start; `time` is the simulated instant in µs since the Unix epoch. SI units otherwise.
"""

from typing import Any, Literal

import msgspec


class Event(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", omit_defaults=True):
    """What all events share. `connector` is None where the station as a whole is meant."""

    seq: int
    time: int
    connector: int | None = None


class LinkEvent(Event, frozen=True, kw_only=True, tag="link"):
    """The connection to the central system. `offline` means: closed because somebody wanted it so."""

    state: Literal["connecting", "up", "down", "offline"]
    url: str = ""
    subprotocol: str = ""
    reason: str = ""


class RegistrationEvent(Event, frozen=True, kw_only=True, tag="registration"):
    """BootNotification was answered, or the station forgot its registration (status `None`)."""

    status: Literal["None", "Pending", "Accepted", "Rejected"]
    interval: int = 0


class StatusEvent(Event, frozen=True, kw_only=True, tag="status"):
    """A connector's status changed (connector 0: the station's main status).

    `by_hand` marks a status reported on purpose by the `status` command while the computed one stays as it is.
    """

    status: str
    error_code: str = "NoError"
    info: str = ""
    vendor_error_code: str = ""
    by_hand: bool = False


class TransactionEvent(Event, frozen=True, kw_only=True, tag="transaction"):
    """A transaction went on: started, confirmed by the central system, stopped, or delivered to the last message.

    With `started` come the amperes per phase, volts and watts that are about to flow.
    """

    what: Literal["started", "confirmed", "refused", "stopped", "delivered", "dropped"]
    local_id: str
    id_tag: str = ""
    transaction_id: int | None = None
    meter_wh: int = 0
    energy_wh: int = 0
    reason: str = ""
    amperes: float = 0.0
    volts: float = 0.0
    watts: float = 0.0


class MeterEvent(Event, frozen=True, kw_only=True, tag="meter"):
    """A reading. `context` is empty when the flow of power changed, else the reading context of a reported sample.

    `milliwatts` and `register` (mW·µs) are the exact model values from which everything shown derives; `amperes`,
    `volts` and `watts` are what the meter displays (reading noise included).
    """

    context: str = ""
    milliwatts: int = 0
    register: int = 0
    energy_wh: int = 0
    amperes: float = 0.0
    volts: float = 0.0
    watts: float = 0.0
    soc: float | None = None
    transaction_id: int | None = None


class AuthorizationEvent(Event, frozen=True, kw_only=True, tag="authorization"):
    """An idTag was presented (locally or remotely), granted or refused. `source` says who decided."""

    what: Literal["presented", "remote", "granted", "refused", "expired", "cancelled"]
    id_tag: str
    status: str = ""
    source: str = ""


class LocalListEvent(Event, frozen=True, kw_only=True, tag="local_list"):
    """The local list was replaced or changed, an update was refused (`reason` says why), or the central system
    refused a tag which the list accepts: a conflict, with the tag and the central system's `status`.

    `version` is what GetLocalListVersion tells, `entries` how many tags the list holds now.
    """

    what: Literal["replaced", "changed", "refused", "conflict"]
    version: int
    entries: int
    id_tag: str = ""
    status: str = ""
    reason: str = ""


class ReservationEvent(Event, frozen=True, kw_only=True, tag="reservation"):
    """A reservation was made, replaced, used by a transaction, or is over. `expires` is UTC µs.

    `connector` is None while any one is meant. `ended`: a fault or going out of service ended it, see `reason`.
    """

    what: Literal["reserved", "replaced", "used", "expired", "cancelled", "ended"]
    reservation_id: int
    id_tag: str
    parent_id_tag: str = ""
    expires: int = 0
    reason: str = ""


class LimitEvent(Event, frozen=True, kw_only=True, tag="limit"):
    """What the station offers changed: amperes per phase and what decided it."""

    limit_a: float
    reason: str


class ConfigurationEvent(Event, frozen=True, kw_only=True, tag="configuration"):
    """A configuration key got a new value. Write-only values are never shown."""

    key: str
    value: str
    by: Literal["central system", "local", "station"]
    reboot_required: bool = False


class FrameEvent(Event, frozen=True, kw_only=True, tag="frame"):
    """One OCPP-J frame, as text. `verdict` is empty when the frame keeps the rules, else a sentence with the path.

    `latency` (µs) is set on an answer: the link time since its call.
    """

    direction: Literal["out", "in"]
    type: Literal["call", "result", "error", "invalid"]
    text: str
    action: str = ""
    message_id: str = ""
    verdict: str = ""
    latency: int | None = None
    by_hand: bool = False


class JobEvent(Event, frozen=True, kw_only=True, tag="job"):
    """Something that takes time (a transfer) started, went on or ended."""

    id: str
    job: str
    state: str
    detail: str = ""


class FaultEvent(Event, frozen=True, kw_only=True, tag="fault"):
    """A fault was raised or cleared, power went or came back, a button was pressed."""

    what: str
    error_code: str = "NoError"
    active: bool = True
    info: str = ""


class LogEvent(Event, frozen=True, kw_only=True, tag="log"):
    """A sentence for people. `level` as in logging."""

    level: Literal["debug", "info", "warning", "error"]
    text: str
    data: dict[str, Any] = {}


AnyEvent = (
    LinkEvent
    | RegistrationEvent
    | StatusEvent
    | TransactionEvent
    | MeterEvent
    | AuthorizationEvent
    | LocalListEvent
    | ReservationEvent
    | LimitEvent
    | ConfigurationEvent
    | FrameEvent
    | JobEvent
    | FaultEvent
    | LogEvent
)

KINDS: tuple[str, ...] = tuple(str(cls.__struct_config__.tag) for cls in AnyEvent.__args__)
