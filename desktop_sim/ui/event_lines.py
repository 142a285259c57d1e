"""Events as lines for people: what happened at the station, in the words of the console, each with its sign."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec

from desktop_sim.protocol.times import format_time
from desktop_sim.station import events as e
from desktop_sim.ui.statuses import look
from desktop_sim.ui.texts import _

REPORTED = frozenset({"Sample.Periodic", "Sample.Clock", "Trigger"})
LONGEST_PAYLOAD = 160


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the log. `ink` is a token of the theme."""

    sim: int
    connector: int | None
    icon: str
    ink: str
    text: str
    seq: int = 0


class EventLines:
    """Turns the events of one station into lines; it remembers what is only worth a line when it changes."""

    def __init__(self) -> None:
        self._was_up = False
        self._statuses: dict[int, str] = {0: "Available"}
        self._limits: dict[int, tuple[float, str]] = {}
        self._flowing: dict[int, int] = {}
        self._begun: dict[int, e.TransactionEvent] = {}
        self._makers: dict[type, Callable[[Any], list[tuple[str, str, str]]]] = {
            e.LinkEvent: self._link,
            e.RegistrationEvent: self._registration,
            e.StatusEvent: self._status,
            e.TransactionEvent: self._transaction,
            e.MeterEvent: self._meter,
            e.AuthorizationEvent: self._authorization,
            e.LocalListEvent: self._local_list,
            e.ReservationEvent: self._reservation,
            e.LimitEvent: self._limit,
            e.ConfigurationEvent: self._configuration,
            e.FrameEvent: self._frame,
            e.JobEvent: self._job,
            e.FaultEvent: self._fault,
            e.LogEvent: self._log,
        }

    def of(self, event: e.AnyEvent) -> list[Line]:
        """The lines an event deserves; often none."""
        make = self._makers.get(type(event))
        return [
            Line(event.time, event.connector or None, icon, ink, text, event.seq)
            for icon, ink, text in (make(event) if make else [])
        ]

    def _link(self, event: e.LinkEvent) -> list[tuple[str, str, str]]:
        was_up, self._was_up = self._was_up, event.state == "up"
        match event.state:
            case "connecting":
                return [("connect", "muted", _("Connecting to central system: {url}").format(url=event.url))]
            case "up":
                return [("check", "good", _("Connected to central system"))]
            case "offline":
                return [("disconnect", "muted", _("Offline, as asked"))]
            case _:
                text = _("Connection lost: {reason}") if was_up else _("Not connected: {reason}")
                return [("link-down", "bad", text.format(reason=event.reason))]

    def _registration(self, event: e.RegistrationEvent) -> list[tuple[str, str, str]]:
        if event.status == "None":
            return []
        text = _("Registration: {status}, heartbeat every {interval} s")
        ink = "good"
        if event.status != "Accepted":
            text, ink = _("Registration: {status}, next try in {interval} s"), "warn"
        return [("station", ink, text.format(status=event.status, interval=event.interval))]

    def _status(self, event: e.StatusEvent) -> list[tuple[str, str, str]]:
        number = event.connector or 0
        notes = [_("reported by hand")] if event.by_hand else []
        notes += [note for note in (event.error_code, event.info) if note not in ("", "NoError")]
        if number == 0 and self._statuses.get(0) == event.status and not notes:
            return []
        self._statuses[number] = event.status
        text = _("Status changed: {status}") if number else _("Station status changed: {status}")
        text = text.format(status=event.status) + (f" ({', '.join(notes)})" if notes else "")
        shown = look(event.status)
        return [(shown.icon, shown.ink, text), *self._charging_started(event)]

    def _charging_started(self, event: e.StatusEvent) -> list[tuple[str, str, str]]:
        if event.status != "Charging" or event.by_hand:
            return []
        begun = self._begun.pop(event.connector or 0, None)
        if begun is None:
            return []
        text = _("Charging started: {amperes:.1f} A @ {volts:.1f} V = {watts:.1f} W")
        return [("start", "accent", text.format(amperes=begun.amperes, volts=begun.volts, watts=begun.watts))]

    def _transaction(self, event: e.TransactionEvent) -> list[tuple[str, str, str]]:
        name = event.local_id if event.transaction_id is None else event.transaction_id
        match event.what:
            case "started":
                self._begun[event.connector or 0] = event
                text = _("Transaction started: idTag {tag}, meter {meter} Wh")
                return [("start", "text", text.format(tag=event.id_tag, meter=event.meter_wh))]
            case "confirmed":
                return [("check", "good", _("Transaction ID: {name}").format(name=name))]
            case "refused":
                text = _("Transaction {name} refused by the central system")
                return [("fault", "warn", text.format(name=name))]
            case "stopped":
                text = _("Transaction stopped: {name}, {energy} Wh, reason {reason}")
                filled = text.format(name=name, energy=event.energy_wh, reason=event.reason or "Local")
                return [("stop", "text", filled)]
            case "dropped":
                text = _("A message of transaction {name} was given up: {reason}")
                return [("trash", "warn", text.format(name=name, reason=event.reason))]
            case _:
                return []

    def _meter(self, event: e.MeterEvent) -> list[tuple[str, str, str]]:
        if event.context in REPORTED:
            text = _("Meter: {energy} Wh | Current: {amperes:.2f} A | Power: {watts:.2f} W")
            filled = text.format(energy=event.energy_wh, amperes=event.amperes, watts=event.watts)
            return [("demo", "muted", filled)]
        number = event.connector or 0
        before, self._flowing[number] = self._flowing.get(number, 0), event.milliwatts
        if before > 0 and event.milliwatts == 0:
            text = _("Charging stopped: {energy} Wh on the meter")
            return [("pause", "muted", text.format(energy=event.energy_wh))]
        return []

    def _authorization(self, event: e.AuthorizationEvent) -> list[tuple[str, str, str]]:
        icon, ink, text = {
            "presented": ("tag", "muted", _("Tag presented: {tag}")),
            "granted": ("tag", "good", _("Tag accepted: {tag}")),
            "refused": ("tag", "bad", _("Tag refused: {tag} ({status})")),
            "expired": ("clock", "warn", _("Authorization of {tag} ran out: no car was plugged in")),
            "cancelled": ("tag", "muted", _("Authorization of {tag} taken back")),
        }.get(event.what, ("", "", ""))
        return [(icon, ink, text.format(tag=event.id_tag, status=event.status))] if icon else []

    def _local_list(self, event: e.LocalListEvent) -> list[tuple[str, str, str]]:
        icon, ink, text = {
            "replaced": ("key", "text", _("Local list replaced: version {version}, {entries} tags")),
            "changed": ("key", "text", _("Local list changed: version {version}, {entries} tags")),
            "refused": ("warning", "warn", _("Local list stays as it is: {reason}")),
            "conflict": (
                "warning",
                "warn",
                _("The central system refuses {tag} ({status}), the local list not"),
            ),
        }[event.what]
        filled = text.format(
            version=event.version,
            entries=event.entries,
            reason=event.reason,
            tag=event.id_tag,
            status=event.status,
        )
        return [(icon, ink, filled)]

    def _reservation(self, event: e.ReservationEvent) -> list[tuple[str, str, str]]:
        icon, ink, text = {
            "reserved": ("clock", "accent", _("Reserved for {tag} until {until}: reservation {number}")),
            "replaced": ("clock", "accent", _("Reservation {number} is now for {tag} until {until}")),
            "used": ("tag", "good", _("Reservation {number} is used: {tag}")),
            "expired": ("clock", "warn", _("Reservation {number} of {tag} ran out")),
            "cancelled": ("clock", "muted", _("Reservation {number} of {tag} was cancelled")),
            "ended": ("warning", "warn", _("Reservation {number} of {tag} has ended: {reason}")),
        }[event.what]
        until = format_time(event.expires)[:19].replace("T", " ") + "Z"
        filled = text.format(tag=event.id_tag, number=event.reservation_id, until=until, reason=event.reason)
        return [(icon, ink, filled)]

    def _limit(self, event: e.LimitEvent) -> list[tuple[str, str, str]]:
        number = event.connector or 0
        before = self._limits.get(number)
        now = self._limits[number] = (event.limit_a, event.reason)
        if before is None or before == now:
            return []
        text = _("Limit: {amperes:.1f} A ({reason})")
        return [("settings", "warn", text.format(amperes=event.limit_a, reason=event.reason))]

    def _configuration(self, event: e.ConfigurationEvent) -> list[tuple[str, str, str]]:
        text = _("Configuration: {key} = {value}").format(key=event.key, value=event.value)
        if event.reboot_required:
            text = _("{text} (after a restart)").format(text=text)
        return [("key", "text", text)]

    def _job(self, event: e.JobEvent) -> list[tuple[str, str, str]]:
        return [("clock", "muted", f"{event.job}: {event.state} {event.detail}".rstrip())]

    def _fault(self, event: e.FaultEvent) -> list[tuple[str, str, str]]:
        what = event.what
        if event.error_code not in ("NoError", event.what):
            what = f"{what}, {event.error_code}"
        if event.info:
            what = f"{what}: {event.info}"
        if event.active:
            return [("fault", "bad", _("Fault: {what}").format(what=what))]
        return [("check", "good", _("Cleared: {what}").format(what=what))]

    def _log(self, event: e.LogEvent) -> list[tuple[str, str, str]]:
        signs = {"info": ("info", "muted"), "warning": ("warning", "warn"), "error": ("fault", "bad")}
        sign = signs.get(event.level)
        return [(*sign, event.text)] if sign else []

    def _frame(self, event: e.FrameEvent) -> list[tuple[str, str, str]]:
        if event.verdict and not event.by_hand:
            return [("warning", "warn", _("Rules broken: {verdict}").format(verdict=event.verdict))]
        if event.direction == "in" and event.type == "call":
            return [("central", "accent", call_line(event.action, payload_of(event.text, 3)))]
        if event.type == "error":
            who = _("The central system answered {action} with an error: {error}")
            if event.direction == "out":
                who = _("Answered {action} with an error: {error}")
            return [("warning", "warn", who.format(action=event.action, error=error_of(event.text)))]
        if event.direction == "out" and event.type == "result":
            status = payload_of(event.text, 2).get("status", "Accepted")
            if status != "Accepted":
                text = _("Answered {action}: {status}")
                return [("arrow-out", "muted", text.format(action=event.action, status=status))]
        return []


def call_line(action: str, payload: dict[str, Any]) -> str:
    """What the central system wants, in a line."""
    tag, connector = payload.get("idTag"), payload.get("connectorId")
    if action == "RemoteStartTransaction" and connector is not None:
        text = _("RemoteStartTransaction received for connector {connector}, idTag: {tag}")
        return text.format(connector=connector, tag=tag)
    if action == "RemoteStartTransaction":
        return _("RemoteStartTransaction received, idTag: {tag}").format(tag=tag)
    if action == "RemoteStopTransaction":
        text = _("RemoteStopTransaction received for transaction {transaction}")
        return text.format(transaction=payload.get("transactionId"))
    shown = msgspec.json.encode(payload).decode() if payload else ""
    shown = shown if len(shown) <= LONGEST_PAYLOAD else f"{shown[:LONGEST_PAYLOAD]}…"
    return _("{action} received {payload}").format(action=action, payload=shown).rstrip()


def payload_of(frame: str, place: int) -> dict[str, Any]:
    """The payload at that place of a frame's list; empty if there is none."""
    try:
        payload = msgspec.json.decode(frame)[place]
    except (ValueError, LookupError, TypeError):
        return {}
    return payload if isinstance(payload, dict) else {}


def error_of(frame: str) -> str:
    """Code and description of a CALLERROR."""
    try:
        return ": ".join(str(part) for part in msgspec.json.decode(frame)[2:4] if part)
    except (ValueError, TypeError):
        return "?"
