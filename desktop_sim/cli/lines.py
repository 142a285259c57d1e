"""Events as lines for people: the habits of the small script (emoji, facts, order), and a line for everything else."""

from collections.abc import Callable
from typing import Any

import msgspec

from desktop_sim.cli.catalogue import Language, text
from desktop_sim.station import events

LEVELS = ("debug", "info", "warning", "error")
_SIGNS = {"debug": "·", "info": "ℹ️", "warning": "⚠️", "error": "❌"}
_QUIET_CONTEXTS = frozenset(
    {"", "Transaction.Begin", "Transaction.End", "Interruption.Begin", "Interruption.End"}
)
_LONGEST_PAYLOAD = 160


class Lines:
    """Turns the events of one station into lines, in their order.

    It remembers three things only: whether the link was up, the last status of the station, and who is charging.
    """

    def __init__(
        self, language: Language = "en", *, level: str = "info", phases: tuple[int, ...] = (1,)
    ) -> None:
        self._language = language
        self._level = LEVELS.index(level) if level in LEVELS else 1
        self._phases = phases
        self._was_up = False
        self._station_status = "Available"
        self._flowing: dict[int, float] = {}

    def describe(self, phases: tuple[int, ...]) -> None:
        """Say how many phases each connector has, and with it how many connectors there are."""
        self._phases = phases

    def of(self, event: events.AnyEvent) -> list[str]:
        """The lines an event deserves; often none."""
        make: Callable[[Any], str | None] = self._makers()[type(event)]
        line = make(event)
        return [] if line is None else [line]

    def _makers(self) -> dict[type, Callable[[Any], str | None]]:
        return {
            events.LinkEvent: self._link,
            events.RegistrationEvent: self._registration,
            events.StatusEvent: self._status,
            events.TransactionEvent: self._transaction,
            events.MeterEvent: self._meter,
            events.AuthorizationEvent: self._authorization,
            events.LimitEvent: self._limit,
            events.ConfigurationEvent: self._configuration,
            events.FrameEvent: self._frame,
            events.JobEvent: self._job,
            events.FaultEvent: self._fault,
            events.LogEvent: self._log,
        }

    def say(self, key: str, /, **values: object) -> str:
        """A sentence in the console's language."""
        return text(self._language, key, **values)

    def _placed(self, line: str, connector: int | None, *more: str) -> str:
        """The line, with the connector behind it where a station has several, and what else there is to say."""
        notes = [self.say("at_connector", connector=connector)] if len(self._phases) > 1 and connector else []
        notes += more
        return f"{line} ({', '.join(notes)})" if notes else line

    def _link(self, event: events.LinkEvent) -> str | None:
        was_up, self._was_up = self._was_up, event.state == "up"
        match event.state:
            case "connecting":
                return self.say("connecting", url=event.url)
            case "up":
                return self.say("connected")
            case "offline":
                return self.say("offline")
            case _:
                return self.say("lost" if was_up else "not_connected", reason=event.reason)

    def _registration(self, event: events.RegistrationEvent) -> str | None:
        if event.status == "None":
            return None
        key = "registered" if event.status == "Accepted" else "not_registered"
        return self.say(key, status=event.status, interval=event.interval)

    def _status(self, event: events.StatusEvent) -> str | None:
        notes = [self.say("by_hand")] if event.by_hand else []
        if event.error_code != "NoError":
            notes.append(event.error_code)
        if event.info:
            notes.append(event.info)
        if event.connector:
            return self._placed(self.say("status", status=event.status), event.connector, *notes)
        before, self._station_status = self._station_status, event.status
        if event.status == before and not notes:
            return None
        return self._placed(self.say("station_status", status=event.status), None, *notes)

    def _transaction(self, event: events.TransactionEvent) -> str | None:
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

    def _meter(self, event: events.MeterEvent) -> str | None:
        if event.context in _QUIET_CONTEXTS:
            return self._flow(event)
        line = self.say("meter", energy=event.energy_wh, amperes=event.amperes, watts=event.watts)
        return self._placed(line, event.connector)

    def _flow(self, event: events.MeterEvent) -> str | None:
        """Power began or ceased to flow."""
        connector = event.connector or 0
        before = self._flowing.get(connector, 0.0)
        now = self._flowing[connector] = event.milliwatts / 1000
        if before == 0 and now > 0:
            volts = event.volts
            amperes = now / volts / self._phases_of(connector) if volts else event.amperes
            return self._placed(
                self.say("charging_started", amperes=amperes, volts=volts, watts=now), connector
            )
        if before > 0 and now == 0:
            return self._placed(self.say("charging_paused", energy=event.energy_wh), connector)
        return None

    def _phases_of(self, connector: int) -> int:
        return self._phases[connector - 1] if 0 < connector <= len(self._phases) else 1

    def _authorization(self, event: events.AuthorizationEvent) -> str | None:
        if event.what == "remote":
            return None
        line = self.say(f"tag_{event.what}", id_tag=event.id_tag, status=event.status)
        return self._placed(line, event.connector)

    def _limit(self, event: events.LimitEvent) -> str | None:
        return self._placed(self.say("limit", amperes=event.limit_a, reason=event.reason), event.connector)

    def _configuration(self, event: events.ConfigurationEvent) -> str | None:
        line = self.say("configuration", key=event.key, value=event.value)
        return f"{line} ({self.say('after_reboot')})" if event.reboot_required else line

    def _job(self, event: events.JobEvent) -> str | None:
        return self.say("job", job=event.job, state=event.state, detail=event.detail).rstrip()

    def _fault(self, event: events.FaultEvent) -> str | None:
        what = (
            event.what if event.error_code in ("NoError", event.what) else f"{event.what}, {event.error_code}"
        )
        what = f"{what}: {event.info}" if event.info else what
        return self._placed(
            self.say("fault" if event.active else "fault_cleared", what=what), event.connector
        )

    def _log(self, event: events.LogEvent) -> str | None:
        return None if LEVELS.index(event.level) < self._level else f"{_SIGNS[event.level]} {event.text}"

    def _frame(self, event: events.FrameEvent) -> str | None:
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

    def _refusal(self, event: events.FrameEvent) -> str | None:
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
