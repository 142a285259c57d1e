"""What `info` and other commands answer, as text for people."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from desktop_sim.app.registry import CommandHelp
from desktop_sim.cli.catalogue import Language, text

_LABELS = ("info_registration", "info_transaction", "info_soc", "info_voltage")


def render_info(info: Mapping[str, Any], language: Language = "en") -> str:
    """The whole state, readable: the station first, then each connector."""
    lines = [f"{text(language, 'info_station')} {info.get('identity', '')}"]
    lines += [_row(language, key, value) for key, value in _station_rows(info, language)]
    for connector in info.get("connectors", ()):
        if connector.get("id") == 0:
            continue
        lines += ["", text(language, "info_connector", connector=connector.get("id"))]
        lines += [_row(language, key, value) for key, value in _connector_rows(connector, language)]
    return "\n".join(lines)


def _row(language: Language, key: str, value: str) -> str:
    width = max(len(text(language, label)) for label in _LABELS) + 1
    return f"  {text(language, key) + ':':<{width}}  {value}"


def _station_rows(info: Mapping[str, Any], language: Language) -> list[tuple[str, str]]:
    link = info.get("link", {})
    registration = info.get("registration", {})
    queue = info.get("queue", {})
    words = [
        link.get("state", "?"),
        link.get("url", ""),
        link.get("subprotocol", ""),
        link.get("reason") or "",
    ]
    return [
        ("info_link", "  ".join(word for word in words if word)),
        ("info_registration", _registration(registration, language)),
        ("info_clock", render_clock(info.get("clock", {}))),
        ("info_queue", _queue(queue, language)),
        *(
            ("info_reservation", _reservation(reservation, language))
            for reservation in info.get("reservations", ())
        ),
        *_local_list(info.get("local_list") or {}, language),
    ]


def _local_list(known: Mapping[str, Any], language: Language) -> list[tuple[str, str]]:
    """A list that was never sent is not worth a row."""
    if not known.get("size"):
        return []
    value = text(language, "info_list_value", version=known.get("version", 0), entries=known["size"])
    return [("info_list", value)]


def _reservation(reservation: Mapping[str, Any], language: Language) -> str:
    until = moment(reservation.get("expires", 0))
    return text(language, "until", id_tag=reservation.get("id_tag", ""), until=until)


def _registration(registration: Mapping[str, Any], language: Language) -> str:
    status = registration.get("status")
    if not status or status == "None":
        return text(language, "none")
    return f"{status}  ({registration.get('interval', 0)} s)"


def _queue(queue: Mapping[str, Any], language: Language) -> str:
    outstanding = queue.get("outstanding") or text(language, "none")
    return text(language, "info_queue_value", waiting=queue.get("waiting", 0), outstanding=outstanding)


def render_clock(clock: Mapping[str, Any]) -> str:
    """The simulated instant and how fast it runs."""
    now = clock.get("now", "")
    shown = moment(now) if isinstance(now, int) else str(now)
    return f"{shown}  ×{clock.get('rate', 1):g}"


def moment(micros: int) -> str:
    """A simulated instant (µs) in UTC, to the second."""
    return datetime.fromtimestamp(micros / 1_000_000, UTC).strftime("%Y-%m-%d %H:%M:%SZ")


def _connector_rows(connector: Mapping[str, Any], language: Language) -> list[tuple[str, str]]:
    transaction = connector.get("transaction") or {}
    status = str(connector.get("status", "?"))
    if connector.get("reported") and connector["reported"] != status:
        status += f"  ({text(language, 'by_hand')}: {connector['reported']})"
    watts = float(connector.get("watts") or 0)
    rows = [
        ("info_status", status),
        ("info_transaction", _transaction_id(transaction, language)),
        ("info_meter", f"{connector.get('meter_wh', 0):g} Wh"),
        ("info_current", f"{float(connector.get('amperes') or 0):.2f} A"),
        ("info_voltage", f"{float(connector.get('volts') or 0):.1f} V"),
        ("info_power", f"{watts:.2f} W"),
        ("info_charging", text(language, "yes" if watts > 0 else "no")),
        ("info_cable", _cable(connector.get("plugged") or {}, language)),
    ]
    if connector.get("reservation"):
        rows.insert(1, ("info_reservation", _reservation(connector["reservation"], language)))
    if connector.get("soc") is not None:
        rows.append(("info_soc", f"{connector['soc']:.1f} %"))
    if connector.get("limit_a") is not None:
        reason = connector.get("limit_reason") or ""
        rows.append(("info_limit", f"{connector['limit_a']:.1f} A  {reason}".rstrip()))
    if connector.get("error_code", "NoError") != "NoError":
        rows.append(("info_error", connector["error_code"]))
    return rows


def _transaction_id(transaction: Mapping[str, Any], language: Language) -> str:
    if not transaction:
        return text(language, "none")
    words = [str(transaction.get("id") or "…"), str(transaction.get("id_tag", ""))]
    if transaction.get("energy_wh") is not None:
        words.append(f"{transaction['energy_wh']:g} Wh")
    return "  ".join(words)


def _cable(plugged: Mapping[str, Any], language: Language) -> str:
    ends = [end for end in ("vehicle", "station") if plugged.get(end)]
    if not ends:
        return text(language, "none")
    return text(language, "cable_both" if len(ends) == 2 else f"cable_{ends[0]}")


def render_help(entries: list[CommandHelp]) -> str:
    """The list of commands, a line each; or one command with its parameters."""
    if len(entries) != 1:
        width = max(len(entry.name) for entry in entries)
        return "\n".join(f"{entry.name:<{width}}  {entry.text.splitlines()[0]}" for entry in entries)
    (entry,) = entries
    lines = [entry.usage, f"  {entry.text}"]
    for parameter in entry.parameters:
        need = "" if parameter.required else " (optional)"
        meaning = f" – {parameter.text}" if parameter.text else ""
        lines.append(f"  {parameter.name}: {parameter.expected}{meaning}{need}")
    return "\n".join(lines)


def render_value(value: Any) -> str:
    """Any other answer of a command: a table of names and values, a list, or JSON."""
    if isinstance(value, str):
        return value
    plain = msgspec.to_builtins(value)
    if (
        isinstance(plain, dict)
        and plain
        and all(isinstance(v, (str, int, float, type(None))) for v in plain.values())
    ):
        width = max(len(str(key)) for key in plain)
        return "\n".join(f"{key!s:<{width}}  {'' if held is None else held}" for key, held in plain.items())
    if isinstance(plain, (list, tuple)):
        return (
            "\n".join(item if isinstance(item, str) else msgspec.json.encode(item).decode() for item in plain)
            or "–"
        )
    return msgspec.json.format(msgspec.json.encode(plain), indent=2).decode()
