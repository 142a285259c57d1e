"""What a command answered, as text for people in the console's language."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from desktop_sim.app import commands as process
from desktop_sim.central.events import CallEnded
from desktop_sim.cli.catalogue import Language, text
from desktop_sim.cli.central import outcome
from desktop_sim.cli.state import moment, render_help, render_info, render_value
from desktop_sim.station import commands
from desktop_sim.station.events import FrameEvent


def render_result(command: commands.Command, result: Any, language: Language = "en") -> str:
    """The text for a result; empty when there is nothing to say beyond what the events say."""
    match command:
        case commands.Current():
            return text(language, "current_set", amperes=command.amperes)
        case commands.Info():
            return render_info(result, language)
        case commands.LocalList():
            return _local_list(result, language)
        case process.Help():
            return render_help(result)
        case process.Clock():
            return text(language, "speed", now=moment(result["now"]), rate=result["rate"])
        case process.Trace() if isinstance(result, list):
            return "\n".join(_frame(frame) for frame in result) or text(language, "none")
    if isinstance(result, Path):
        return text(language, "saved", path=result)
    if isinstance(result, CallEnded):
        return outcome(result)
    if type(command) in _SHOWN:
        if not isinstance(result, list):
            return _SHOWN[type(command)](result) if result else text(language, "none")
        return "\n".join(_SHOWN[type(command)](row) for row in result) or text(language, "none")
    return render_value(result) if isinstance(command, process.ProcessCommand) and result is not None else ""


def _frame(frame: FrameEvent) -> str:
    return f"{moment(frame.time)} {'→' if frame.direction == 'out' else '←'} {frame.text}"


def _key(row: dict[str, Any]) -> str:
    """A configuration key, or how a change of it was answered."""
    if "status" in row:
        return f"{row['key']}: {row['status']}" if row["status"] != "Accepted" else ""
    value = row["value"] if row["value"] is not None else "***"
    return f"{row['key']} = {value}" + ("  (read-only)" if row["readonly"] else "")


def _switch(row: dict[str, Any]) -> str:
    if "does" not in row:
        return f"{row['name']} = {row['value']}"
    values = row["values"] if isinstance(row["values"], str) else " | ".join(row["values"])
    return f"{row['name']} = {row['value']}  ({values})  {row['does']}"


def _message(row: dict[str, Any]) -> str:
    """A message in the queue of undelivered ones."""
    payload = msgspec.json.encode(row["payload"]).decode()
    return f"{row['number']}  {row['action']}  attempts {row['attempts']}  {payload}"


def _entry(row: dict[str, Any]) -> str:
    """A tag in the authorization cache or the local list."""
    parent = f"  parent {row['parent']}" if row.get("parent") else ""
    expires = f"  until {moment(row['expires'])}" if row.get("expires") is not None else ""
    return f"{row['id_tag']}  {row['status']}{parent}{expires}"


def _local_list(result: dict[str, Any], language: Language) -> str:
    """The local list: its version, then its tags."""
    off = "" if result["enabled"] else "  (LocalAuthListEnabled = false)"
    value = text(language, "info_list_value", version=result["version"], entries=result["size"])
    return "\n".join([value + off, *map(_entry, result["entries"])])


def _reservation(row: dict[str, Any]) -> str:
    """A reservation; connector 0 means any one."""
    parent = f"  parent {row['parent_id_tag']}" if row.get("parent_id_tag") else ""
    until = f"until {moment(row['expires'])}"
    return f"{row['id']}  connector {row['connector'] or 'any'}  {row['id_tag']}{parent}  {until}"


def _rules(rules: dict[str, Any]) -> str:
    """How calls are answered on purpose."""
    return "\n".join(f"{action}: {msgspec.json.encode(rule).decode()}" for action, rule in rules.items())


_SHOWN: dict[type[commands.Command], Callable[[dict[str, Any]], str]] = {
    commands.Configuration: _key,
    commands.Switch: _switch,
    commands.Queue: _message,
    commands.Cache: _entry,
    commands.Answer: _rules,
    commands.Reservations: _reservation,
}
