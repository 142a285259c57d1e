"""What could come next on a half-typed line: names, connectors, enum values, keys, switches, tags, cars, actions."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from desktop_sim.app.grammar import Token, tokens
from desktop_sim.app.parameters import Parameter
from desktop_sim.app.registry import COMMANDS, canonical_name, describe, parameters
from desktop_sim.station.commands import CommandRefused


@dataclass(frozen=True, slots=True)
class Known:
    """What exists at this station, for completion."""

    connectors: tuple[int, ...] = ()
    tags: tuple[str, ...] = ()
    vehicles: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    switches: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A word that fits. `start` counts from the end of the line: how many characters it replaces (0 or less)."""

    text: str
    start: int
    meaning: str = ""


_SOURCES: dict[tuple[str, str], str] = {
    ("configuration", "key"): "keys",
    ("switch", "name"): "switches",
    ("vehicle", "name"): "vehicles",
}
_BY_PARAMETER: dict[str, str] = {
    "connector": "connectors",
    "id_tag": "tags",
    "parent_id_tag": "tags",
    "vehicle": "vehicles",
}


@dataclass(frozen=True, slots=True)
class _Line:
    """A half-typed line, taken apart: the words that are complete, and the piece being typed."""

    name: str
    done: list[Token] = field(default_factory=list)
    piece: str = ""


def complete(line: str, known: Known) -> list[Candidate]:
    """Everything that could stand at the end of `line`, best first."""
    line = line.lstrip()
    word, blank, rest = line.partition(" ")
    if not blank:
        return _names(word)
    try:
        name = canonical_name(word)
        piece = "" if not rest or rest[-1].isspace() else rest.split()[-1]
        done = tokens(rest[: len(rest) - len(piece)])
    except CommandRefused:
        return []
    return _values(_Line(name, done, piece), known)


def _names(piece: str) -> list[Candidate]:
    return [Candidate(name, -len(piece), describe(name).text) for name in _fitting(piece, sorted(COMMANDS))]


def _values(line: _Line, known: Known) -> list[Candidate]:
    assigned, _, begun = line.piece.rpartition("=")
    by_name = {parameter.name: parameter for parameter in parameters(line.name)}
    if assigned:
        return (
            _texts(begun, _words(line.name, by_name[assigned], known), by_name[assigned].text)
            if assigned in by_name
            else []
        )
    taken = {token.name for token in line.done if token.name}
    free = [parameter for parameter in by_name.values() if parameter.name not in taken]
    found: list[Candidate] = []
    for parameter in _next(free, sum(1 for token in line.done if not token.name), line):
        found += _texts(line.piece, _words(line.name, parameter, known), parameter.text)
    options = [f"{parameter.name}=" for parameter in free]
    return found + [Candidate(option, -len(line.piece)) for option in _fitting(line.piece, options)]


def _next(free: list[Parameter], loose: int, line: _Line) -> list[Parameter]:
    """The parameters the next word may be meant for: the connector, or the first one still empty."""
    connector = [parameter for parameter in free if parameter.name == "connector"]
    others = sorted((p for p in free if p.name != "connector"), key=lambda p: not p.required)
    first = next((token for token in line.done if not token.name), None)
    if connector and first is not None and first.text.isdecimal():
        return others[loose - 1 : loose]
    quoted = line.piece.startswith(("'", '"'))
    return (connector if not loose and not quoted else []) + others[loose : loose + 1]


def _words(name: str, parameter: Parameter, known: Known) -> list[str]:
    """Everything that could be the value of a parameter."""
    if parameter.choices or parameter.suggestions:
        return [*parameter.choices, *parameter.suggestions]
    if parameter.kind == "boolean":
        return ["on", "off"]
    source = _SOURCES.get((name, parameter.name)) or _BY_PARAMETER.get(parameter.name)
    return [str(value) for value in getattr(known, source)] if source else []


def _texts(piece: str, words: Iterable[str], meaning: str) -> list[Candidate]:
    shown = (f'"{word}"' if " " in word else word for word in _fitting(piece.strip("\"'"), words))
    return [Candidate(word, -len(piece), meaning) for word in shown]


def _fitting(piece: str, words: Iterable[str]) -> list[str]:
    folded = piece.casefold()
    return [word for word in words if word.casefold().startswith(folded)]
