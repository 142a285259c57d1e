"""Events as lines for people: the habits of the small script (emoji, facts, order), and a line for everything else."""

from collections.abc import Callable
from typing import Any

import msgspec

from desktop_sim.cli.catalogue import Language, text
from desktop_sim.cli.state import moment
from desktop_sim.station import events as e

LEVELS = ("debug", "info", "warning", "error")
_SIGNS = {"debug": "·", "info": "ℹ️", "warning": "⚠️", "error": "❌"}
_QUIET_CONTEXTS = frozenset(
    {"", "Transaction.Begin", "Transaction.End", "Interruption.Begin", "Interruption.End"}
)
_LONGEST_PAYLOAD = 160


class Lines:
    """Turns the events of one station into lines, in their order.

    It remembers a few things only: whether the link was up, the last status of the station, the last limits, who is
    charging, and whose charging is yet to be announced. The first statuses are held back until the first word of the
    link, so that the story begins with it. `ending` is set once the end was asked for.
    """

    def __init__(self, language: Language = "en", *, level: str = "info", connectors: int = 1) -> None:
        self._language = language
        self._level = LEVELS.index(level) if level in LEVELS else 1
        self._several = connectors > 1
        self._was_up = False
        self.ending = False
        self._makers = self._table()
        self._station_status = "Available"
        self._held: list[str] | None = []
        self._flowing: dict[int, float] = {}
        self._limits: dict[int, tuple[float, str]] = {}
        self._to_announce: dict[int, e.TransactionEvent] = {}

    def describe(self, connectors: int) -> None:
        """Say how many connectors there are: with several, each line names its own."""
        self._several = connectors > 1

    def of(self, event: e.AnyEvent) -> list[str]:
        """The lines an event deserves; often none."""
        line = self._makers[type(event)](event)
        lines = [] if line is None else line.split("\n")
        if self._held is None:
            return lines
        if isinstance(event, e.LinkEvent) and event.state != "connecting":
            held, self._held = self._held, None
            return lines + held
        if isinstance(event, e.StatusEvent):
            self._held += lines
            return []
        return lines

    def _table(self) -> dict[type, Callable[[Any], str | None]]:
        return {
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

    def say(self, key: str, /, **values: object) -> str:
        """A sentence in the console's language."""
        return text(self._language, key, **values)

    def _placed(self, line: str, connector: int | None, *more: str) -> str:
        """The line, with the connector behind it where a station has several, and what else there is to say."""
        notes = [self.say("at_connector", connector=connector)] if self._several and connector else []
        notes += more
        return f"{line} ({', '.join(notes)})" if notes else line

    def _link(self, event: e.LinkEvent) -> str | None:
        was_up, self._was_up = self._was_up, event.state == "up"
        if self.ending and not was_up:
            return None  # a try that is given up is no news
        match event.state:
            case "connecting":
                return self.say("connecting", url=event.url)
            case "up":
                return self.say("connected")
            case "offline":
                return self.say("offline")
            case _:
                return self.say("lost" if was_up else "not_connected", reason=event.reason)

    def _registration(self, event: e.RegistrationEvent) -> str | None:
        if event.status == "None":
            return None
        key = "registered" if event.status == "Accepted" else "not_registered"
        return self.say(key, status=event.status, interval=event.interval)

    def _status(self, event: e.StatusEvent) -> str | None:
        notes = [self.say("by_hand")] if event.by_hand else []
        if event.error_code != "NoError":
            notes.append(event.error_code)
        if event.info:
            notes.append(event.info)
        if event.connector:
            line = self._placed(self.say("status", status=event.status), event.connector, *notes)
            return f"{line}\n{begun}" if (begun := self._begun(event)) else line
        before, self._station_status = self._station_status, event.status
        if event.status == before and not notes:
            return None
        return self._placed(self.say("station_status", status=event.status), None, *notes)

    def _transaction(self, event: e.TransactionEvent) -> str | None:
        if event.what == "started":
            self._to_announce[event.connector or 0] = event
        if event.what == "delivered" and self._level > 0:
            return None
        name = event.transaction_id if event.transaction_id is not None else event.local_id
        line = self.say(
            f"tx_{event.what}",
            id_tag=event.id_tag,
            meter=event.meter_wh,
            energy=event.energy_wh,
            transaction=name,
            reason=event.reason or "Local",
        )
        return self._placed(line, event.connector)

    def _meter(self, event: e.MeterEvent) -> str | None:
        if event.context in _QUIET_CONTEXTS:
            return self._ceased(event)
        line = self.say("meter", energy=event.energy_wh, amperes=event.amperes, watts=event.watts)
        return self._placed(line, event.connector)

    def _begun(self, event: e.StatusEvent) -> str | None:
        """Charging begins: what the car is going to take, once the connector says Charging."""
        started = self._to_announce.get(event.connector or 0)
        if started is None or event.status != "Charging" or event.by_hand:
            return None
        del self._to_announce[event.connector or 0]
        values = {"amperes": started.amperes, "volts": started.volts, "watts": started.watts}
        return self._placed(self.say("charging_started", **values), event.connector)

    def _ceased(self, event: e.MeterEvent) -> str | None:
        """No more power flows."""
        before = self._flowing.get(event.connector or 0, 0)
        self._flowing[event.connector or 0] = event.milliwatts
        if before > 0 and event.milliwatts == 0:
            return self._placed(self.say("charging_paused", energy=event.energy_wh), event.connector)
        return None

    def _authorization(self, event: e.AuthorizationEvent) -> str | None:
        if event.what == "remote":
            return None
        line = self.say(f"tag_{event.what}", id_tag=event.id_tag, status=event.status)
        return self._placed(line, event.connector)

    def _local_list(self, event: e.LocalListEvent) -> str | None:
        return self.say(
            f"list_{event.what}",
            version=event.version,
            entries=event.entries,
            id_tag=event.id_tag,
            status=event.status,
            reason=event.reason,
        )

    def _reservation(self, event: e.ReservationEvent) -> str | None:
        line = self.say(
            f"reservation_{event.what}",
            number=event.reservation_id,
            id_tag=event.id_tag,
            until=moment(event.expires),
            reason=event.reason,
        )
        return self._placed(line, event.connector)

    def _limit(self, event: e.LimitEvent) -> str | None:
        """A changed limit; the first one is where the station begins."""
        before = self._limits.get(event.connector or 0)
        now = self._limits[event.connector or 0] = (event.limit_a, event.reason)
        if before is None or before == now:
            return None
        return self._placed(self.say("limit", amperes=event.limit_a, reason=event.reason), event.connector)

    def _configuration(self, event: e.ConfigurationEvent) -> str | None:
        line = self.say("configuration", key=event.key, value=event.value)
        return f"{line} ({self.say('after_reboot')})" if event.reboot_required else line

    def _job(self, event: e.JobEvent) -> str | None:
        return self.say("job", job=event.job, state=event.state, detail=event.detail).rstrip()

    def _fault(self, event: e.FaultEvent) -> str | None:
        kind = event.what if event.what != "fault" else ""
        words = dict.fromkeys((kind, event.error_code if event.error_code != "NoError" else ""))
        what = ", ".join(word for word in words if word) or event.what
        what = f"{what}: {event.info}" if event.info else what
        return self._placed(
            self.say("fault" if event.active else "fault_cleared", what=what), event.connector
        )

    def _log(self, event: e.LogEvent) -> str | None:
        return None if LEVELS.index(event.level) < self._level else f"{_SIGNS[event.level]} {event.text}"

    def _frame(self, event: e.FrameEvent) -> str | None:
        if self._level == 0:
            return f"{'→' if event.direction == 'out' else '←'} {event.text}"
        if event.verdict:
            return self.say("bad_frame", verdict=event.verdict)
        if event.direction == "in" and event.type == "call":
            return self._call(event.action, payload_of(event.text, 3))
        if event.direction == "out" and event.type in ("result", "error"):
            return self._refusal(event)
        if event.direction == "in" and event.type == "error":
            return self.say("call_error", action=event.action, status=_error(event.text))
        return None

    def _call(self, action: str, payload: dict[str, Any]) -> str:
        if action == "RemoteStartTransaction":
            key = "remote_start" if "connectorId" in payload else "remote_start_any"
            return self.say(key, connector=payload.get("connectorId"), id_tag=payload.get("idTag"))
        if action == "RemoteStopTransaction":
            return self.say("remote_stop", transaction=payload.get("transactionId"))
        shown = msgspec.json.encode(payload).decode() if payload else ""
        shown = shown if len(shown) <= _LONGEST_PAYLOAD else f"{shown[:_LONGEST_PAYLOAD]}…"
        return self.say("call", action=action, payload=shown).rstrip()

    def _refusal(self, event: e.FrameEvent) -> str | None:
        """A line for an answer of ours that is not plain agreement."""
        if event.type == "error":
            return self.say("answered", action=event.action, status=_error(event.text))
        status = payload_of(event.text, 2).get("status", "Accepted")
        return None if status == "Accepted" else self.say("answered", action=event.action, status=status)


def payload_of(frame: str, place: int) -> dict[str, Any]:
    """The payload at `place` of a frame's list; empty if there is none."""
    try:
        payload = msgspec.json.decode(frame)[place]
    except (ValueError, LookupError, TypeError):
        return {}
    return payload if isinstance(payload, dict) else {}


def _error(frame: str) -> str:
    """Code and description of a CALLERROR."""
    try:
        return ": ".join(str(part) for part in msgspec.json.decode(frame)[2:4] if part)
    except (ValueError, TypeError):
        return "?"
