"""Everything that happened at the central system, as immutable, ordered values.

Panel, journal and tests read this one stream. `seq` rises by one for each event of a central system; `time` is the
engine's clock in µs since the Unix epoch; `charge_point` is the identity in the URL. "in" and "out" are seen from the
central system.
"""

from typing import Any, Literal

import msgspec


class CentralEvent(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", omit_defaults=True):
    """What all events share. `connector` is None where the charge point as a whole is meant."""

    seq: int
    time: int
    charge_point: str
    connector: int | None = None


class LinkChanged(CentralEvent, frozen=True, kw_only=True, tag="link"):
    """A charge point connected, or its connection ended; `reason` is a sentence."""

    state: Literal["up", "down"]
    reason: str = ""


class FramePassed(CentralEvent, frozen=True, kw_only=True, tag="frame"):
    """One OCPP-J frame, as text. `verdict` is empty when it keeps the rules, else a sentence with the JSON path.

    `latency` (µs) is set on an answer: the time since its call.
    """

    direction: Literal["in", "out"]
    type: Literal["call", "result", "error", "invalid"]
    text: str
    action: str = ""
    message_id: str = ""
    verdict: str = ""
    latency: int | None = None
    by_hand: bool = False


class CallEnded(CentralEvent, frozen=True, kw_only=True, tag="call"):
    """A call of ours is over. `payload` is the answer's, or the details of a CALLERROR with `code` and `description`.

    outcome: `result`, `invalid` (a result that breaks its schema), `error` (CALLERROR), `timeout`, `lost` (connection).
    """

    message_id: str
    action: str
    outcome: Literal["result", "invalid", "error", "timeout", "lost"]
    payload: dict[str, Any] = {}
    code: str = ""
    description: str = ""
    latency: int | None = None


class Registered(CentralEvent, frozen=True, kw_only=True, tag="registration"):
    """BootNotification was answered; `boot` holds what the charge point said of itself, `interval` is in seconds."""

    status: str
    interval: int
    boot: dict[str, str] = {}


class StatusReported(CentralEvent, frozen=True, kw_only=True, tag="status"):
    """StatusNotification: what a connector (0: the charge point) says of itself."""

    status: str
    error_code: str = "NoError"
    info: str = ""
    vendor_error_code: str = ""


class TagChecked(CentralEvent, frozen=True, kw_only=True, tag="authorization"):
    """Somebody asked about a tag (`action`), and this `status` was the answer."""

    action: str
    id_tag: str
    status: str


class TransactionChanged(CentralEvent, frozen=True, kw_only=True, tag="transaction"):
    """A transaction went on.

    what: `started`, `repeated` (the same StartTransaction once more), `metered`, `stopped`, `abandoned` (another one
    began on its connector before it was stopped, or it was given up by hand), `unknown` (a message names a
    transaction nobody knows).
    """

    what: Literal["started", "repeated", "metered", "stopped", "abandoned", "unknown"]
    transaction_id: int
    id_tag: str = ""
    status: str = ""
    meter_wh: float = 0
    energy_wh: float = 0
    reason: str = ""


class ProgressReported(CentralEvent, frozen=True, kw_only=True, tag="progress"):
    """Firmware, diagnostics or log: how far the charge point is. `action` tells which of them."""

    action: str
    status: str
    request_id: int | None = None


class SecurityReported(CentralEvent, frozen=True, kw_only=True, tag="security"):
    """SecurityEventNotification; `happened` is the charge point's time, µs."""

    type: str
    happened: int
    tech_info: str = ""


class DataReceived(CentralEvent, frozen=True, kw_only=True, tag="data"):
    """DataTransfer from the charge point, and what was answered."""

    vendor_id: str
    status: str
    message_id: str = ""
    data: str = ""


AnyCentralEvent = (
    LinkChanged
    | FramePassed
    | CallEnded
    | Registered
    | StatusReported
    | TagChecked
    | TransactionChanged
    | ProgressReported
    | SecurityReported
    | DataReceived
)
