"""The one registry of commands (DESIGN, decision 4): names, parameters, help, schemas, and parsing with good sentences.

Every face goes through `parse`; help, JSON Schemas and completion are generated from the same types.
"""

import inspect as python_inspect
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cache
from typing import Any

import msgspec

from desktop_sim.app.commands import PROCESS_COMMANDS
from desktop_sim.app.parameters import Parameter, convert, from_field, spelling
from desktop_sim.protocol.actions import ACTIONS
from desktop_sim.protocol.errors import ErrorCode
from desktop_sim.protocol.types import AuthorizationStatus, ChargePointErrorCode, ChargePointStatus, Reason
from desktop_sim.station.commands import STATION_COMMANDS, Command, CommandRefused, RefusalCode

COMMANDS: dict[str, type[Command]] = {**STATION_COMMANDS, **PROCESS_COMMANDS}
"""Name → type of every command a person can give."""

ALIASES: dict[str, str] = {"?": "help", "exit": "quit"}

_CHOICES: dict[tuple[str, str], Iterable[str]] = {
    ("status", "status"): ChargePointStatus,
    ("error", "error_code"): ChargePointErrorCode,
    ("raise_fault", "error_code"): ChargePointErrorCode,
    ("stop", "reason"): Reason,
    ("cache", "status"): AuthorizationStatus,
}

_SUGGESTIONS: dict[tuple[str, str], Iterable[str]] = {
    ("send", "action"): [name for name, action in ACTIONS.items() if action.from_charge_point],
    ("central", "action"): [name for name, action in ACTIONS.items() if action.from_central_system],
    ("help", "name"): COMMANDS,
    ("clock", "rate"): ("pause", "max"),
    ("answer", "action"): [name for name, action in ACTIONS.items() if action.from_central_system],
    ("answer", "code"): ErrorCode,
}

_TEXTS: dict[str, str] = {
    "connector": "number of the connector; left out: the one the command fits",
    "id_tag": "identification on the card, up to 20 characters",
    "parent_id_tag": "identification of the group",
    "expiry_date": "time after which the entry is Expired, such as 2030-12-31T23:59:59Z",
    "reservation_id": "number of the reservation; left out: the only one",
    "url": "address of the central system, ws:// or wss://",
    "vehicle": "a car of the profile or the library",
    "soc": "state of charge in percent",
    "end": "which end of the cable",
    "info": "free text, up to 50 characters",
    "vendor_error_code": "the maker's own code, up to 50 characters",
    "key": "configuration key",
    "action": "OCPP action",
    "payload": "JSON object",
    "force": "send it even if it breaks the schema",
    "text": "everything after the name, exactly as typed",
    "number": "place in the queue, from 1",
    "last": "how many frames",
    "save": "path of the file",
    "rate": "factor of real time, or pause, or max",
}


@dataclass(frozen=True, slots=True)
class CommandHelp:
    """All there is to say about a command."""

    name: str
    text: str
    usage: str
    parameters: tuple[Parameter, ...]


def canonical_name(word: str) -> str:
    """The command meant by `word`, in any case and with `-` for `_`; refused with the nearest names otherwise."""
    word = ALIASES.get(word, word)
    name = spelling(tuple(COMMANDS), word) or ALIASES.get(word.casefold())
    if name is not None:
        return name
    near = get_close_matches(word.casefold(), COMMANDS, 3)
    hint = f"Did you mean {' or '.join(near)}?" if near else "Type help for the list."
    raise CommandRefused(RefusalCode.INVALID, f"There is no command “{word}”. {hint}")


@cache
def parameters(name: str) -> tuple[Parameter, ...]:
    """The parameters of a command in their order."""
    info = msgspec.inspect.type_info(COMMANDS[name])
    assert isinstance(info, msgspec.inspect.StructType)
    return tuple(_completed(name, from_field(field)) for field in info.fields)


def _completed(name: str, parameter: Parameter) -> Parameter:
    key = (name, parameter.name)
    return replace(
        parameter,
        choices=parameter.choices or tuple(map(str, _CHOICES.get(key, ()))),
        suggestions=tuple(map(str, _SUGGESTIONS.get(key, ()))),
        text=parameter.text or _TEXTS.get(parameter.name, ""),
    )


def parse(name: str, values: Mapping[str, object]) -> Command:
    """The typed command. Values may be text; a bad one is refused, naming it and what belongs there."""
    name = canonical_name(name)
    known = {parameter.name: parameter for parameter in parameters(name)}
    for given in values:
        if given not in known:
            takes = f"it takes {', '.join(known)}" if known else "it takes none"
            raise CommandRefused(RefusalCode.INVALID, f"{name} has no parameter “{given}”; {takes}.")
    for parameter in known.values():
        if parameter.required and values.get(parameter.name) is None:
            sentence = (
                f"{name}: {parameter.name} is missing; it must be {parameter.expected}. Usage: {usage(name)}"
            )
            raise CommandRefused(RefusalCode.INVALID, sentence)
    typed = {
        given: convert(known[given], value, name) for given, value in values.items() if value is not None
    }
    return COMMANDS[name](**typed)


def name_of(command: Command) -> str:
    """The name under which a command is typed."""
    return str(command.__struct_config__.tag)


def usage(name: str) -> str:
    """How a command is typed: `current [connector] amperes`."""
    shown = sorted(
        parameters(name), key=lambda parameter: (parameter.name != "connector", not parameter.required)
    )
    return " ".join([name, *(p.name if p.required else f"[{p.name}]" for p in shown)])


def describe(name: str) -> CommandHelp:
    """Help for one command, from its docstring and its parameters."""
    name = canonical_name(name)
    text = python_inspect.cleandoc(COMMANDS[name].__doc__ or "")
    return CommandHelp(name, text, usage(name), parameters(name))


def json_schema(name: str) -> dict[str, Any]:
    """The JSON Schema of a command's parameters."""
    name = canonical_name(name)
    schema: dict[str, Any] = {
        "title": name,
        "description": describe(name).text,
        "type": "object",
        "properties": {parameter.name: _property(parameter) for parameter in parameters(name)},
        "additionalProperties": False,
    }
    required = [parameter.name for parameter in parameters(name) if parameter.required]
    return {**schema, "required": required} if required else schema


def _property(parameter: Parameter) -> dict[str, Any]:
    kind: str = {"text": "string"}.get(parameter.kind, parameter.kind)
    result: dict[str, Any] = {
        "type": kind if parameter.required or parameter.default is not None else [kind, "null"]
    }
    if parameter.text:
        result["description"] = parameter.text
    if parameter.choices:
        result["enum"] = [
            *parameter.choices,
            *([] if parameter.required or parameter.default is not None else [None]),
        ]
    if parameter.minimum is not None:
        result["minimum"] = parameter.minimum
    if parameter.maximum is not None:
        result["maximum"] = parameter.maximum
    if not parameter.required and parameter.default is not None:
        result["default"] = parameter.default
    return result
