"""What happens at the built-in central system, as lines for people."""

from collections.abc import Callable
from typing import Any

from desktop_sim.central import events

_ARROWS = {"in": "←", "out": "→"}


def line_of(event: events.AnyCentralEvent, level: str = "info") -> str | None:
    """The line an event deserves, if any; the frames themselves at level debug."""
    line = _MAKERS[type(event)](event, level)
    return None if line is None else f"{event.charge_point}: {line}"


def _link(event: events.LinkChanged, level: str) -> str:
    return "🔌 connected" if event.state == "up" else f"🔌 disconnected {event.reason}".rstrip()


def _frame(event: events.FramePassed, level: str) -> str | None:
    if level == "debug":
        return f"{_ARROWS[event.direction]} {event.text}"
    if event.verdict:
        return f"⚠️ {event.action or 'a frame'} breaks the rules: {event.verdict}"
    return None


def _registration(event: events.Registered, level: str) -> str:
    maker = " ".join(event.boot.get(name, "") for name in ("chargePointVendor", "chargePointModel")).strip()
    return f"📝 BootNotification {maker} – {event.status}, every {event.interval} s"


def _status(event: events.StatusReported, level: str) -> str:
    notes = [note for note in (event.error_code, event.info) if note and note != "NoError"]
    place = f"connector {event.connector}" if event.connector else "station"
    return f"📊 {place}: {event.status}" + (f" ({', '.join(notes)})" if notes else "")


def _tag(event: events.TagChecked, level: str) -> str:
    return f"💳 {event.action} {event.id_tag}: {event.status}"


def _transaction(event: events.TransactionChanged, level: str) -> str | None:
    where = f"connector {event.connector}"
    match event.what:
        case "started":
            return f"▶️ transaction {event.transaction_id} started on {where}, idTag {event.id_tag}: {event.status}"
        case "metered":
            return f"⚡ transaction {event.transaction_id}: {event.energy_wh:g} Wh"
        case "stopped":
            return f"🛑 transaction {event.transaction_id} stopped: {event.energy_wh:g} Wh, {event.reason or 'Local'}"
        case "unknown":
            return f"⚠️ transaction {event.transaction_id} is unknown here"
        case _:
            return f"↩️ transaction {event.transaction_id} {event.what}"


def _progress(event: events.ProgressReported, level: str) -> str:
    return f"📦 {event.action}: {event.status}"


def _security(event: events.SecurityReported, level: str) -> str:
    return f"🛡️ {event.type} {event.tech_info}".rstrip()


def _data(event: events.DataReceived, level: str) -> str:
    return f"✉️ DataTransfer {event.vendor_id} {event.message_id} {event.data}".rstrip() + f" – {event.status}"


def _call(event: events.CallEnded, level: str) -> None:
    return None


_MAKERS: dict[type, Callable[[Any, str], str | None]] = {
    events.LinkChanged: _link,
    events.FramePassed: _frame,
    events.Registered: _registration,
    events.StatusReported: _status,
    events.TagChecked: _tag,
    events.TransactionChanged: _transaction,
    events.ProgressReported: _progress,
    events.SecurityReported: _security,
    events.DataReceived: _data,
    events.CallEnded: _call,
}
