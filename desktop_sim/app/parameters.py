"""One parameter of a command, read from its type: what it takes, what it may be, and how to say so in a sentence."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Literal

import msgspec
from msgspec import inspect

from desktop_sim.station.commands import CommandRefused, RefusalCode

Kind = Literal["text", "number", "integer", "boolean", "object"]

_NOUNS: dict[Kind, str] = {
    "text": "text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "on or off",
    "object": "a JSON object",
}
_SWITCH_WORDS = {
    "on": True,
    "true": True,
    "yes": True,
    "1": True,
    "off": False,
    "false": False,
    "no": False,
    "0": False,
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a command takes under one name. `choices` are binding, `suggestions` help to complete and to spell."""

    name: str
    kind: Kind
    required: bool = False
    default: Any = None
    choices: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    text: str = ""

    @property
    def expected(self) -> str:
        """What belongs here, as the end of a sentence."""
        if self.choices:
            return f"one of {', '.join(self.choices)}"
        noun = _NOUNS[self.kind]
        if self.minimum is not None and self.maximum is not None:
            return f"{noun} from {self.minimum:g} to {self.maximum:g}"
        return noun if self.minimum is None else f"{noun} of at least {self.minimum:g}"


def from_field(field: inspect.Field) -> Parameter:
    """The parameter a field of a command type stands for."""
    kind: Kind = "text"
    choices: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    text = ""
    for part in _parts(field.type):
        match part:
            case inspect.Metadata(extra_json_schema=extra) if extra:
                text = str(extra.get("description", text))
            case inspect.BoolType():
                kind = "boolean"
            case inspect.IntType(ge=ge, le=le):
                kind, low, high = "integer", ge, le
            case inspect.FloatType(ge=ge, le=le):
                kind, low, high = "number", ge, le
            case inspect.DictType():
                kind = "object"
            case inspect.LiteralType(values=values):
                choices = tuple(str(value) for value in values)
    default = None if field.default is msgspec.NODEFAULT else field.default
    return Parameter(field.name, kind, field.required, default, choices, (), low, high, text)


def _parts(kind: inspect.Type) -> list[inspect.Type]:
    """A type without its wrappings: Annotated and `| None`."""
    if isinstance(kind, inspect.Metadata):
        return [kind, *_parts(kind.type)]
    if isinstance(kind, inspect.UnionType):
        return [part for member in kind.types for part in _parts(member)]
    return [kind]


def convert(parameter: Parameter, value: object, subject: str) -> Any:
    """`value`, often text from a line, as the parameter wants it; the refusal begins with `subject`."""
    try:
        result = _CONVERTERS[parameter.kind](value)
    except (ValueError, TypeError):
        raise refused(subject, parameter, value) from None
    if parameter.choices or parameter.suggestions:
        result = _spelled(parameter, str(result), subject)
    if isinstance(result, (int, float)) and not isinstance(result, bool) and not _within(parameter, result):
        raise refused(subject, parameter, value)
    return result


def refused(subject: str, parameter: Parameter, value: object) -> CommandRefused:
    """A sentence that names the parameter, what belongs there, and what stood there."""
    shown = value if isinstance(value, str) else msgspec.json.encode(value, enc_hook=repr).decode()
    guess = nearest(parameter.choices, str(value))
    hint = f" Did you mean {guess}?" if guess else ""
    sentence = f"{subject}: {parameter.name} must be {parameter.expected}, not “{shown}”.{hint}"
    return CommandRefused(RefusalCode.INVALID, sentence)


def nearest(candidates: Sequence[str], value: str) -> str | None:
    """The candidate that was probably meant by a misspelt or unfinished word."""
    folded = {_folded(candidate): candidate for candidate in candidates}
    begun = [candidate for name, candidate in folded.items() if name.startswith(_folded(value) or "-")]
    near = begun or [folded[name] for name in get_close_matches(_folded(value), folded, 1)]
    return near[0] if near else None


def spelling(candidates: Sequence[str], value: str) -> str | None:
    """The candidate meant by `value`: upper and lower case, `_` and `-` make no difference."""
    return {_folded(candidate): candidate for candidate in candidates}.get(_folded(value))


def _folded(word: str) -> str:
    return word.casefold().replace("_", "").replace("-", "").replace(" ", "")


def _spelled(parameter: Parameter, value: str, subject: str) -> str:
    exact = spelling(parameter.choices or parameter.suggestions, value)
    if exact is None and parameter.choices:
        raise refused(subject, parameter, value)
    return value if exact is None else exact


def _within(parameter: Parameter, value: float) -> bool:
    if parameter.minimum is not None and value < parameter.minimum:
        return False
    return parameter.maximum is None or value <= parameter.maximum


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise TypeError
    number = float(value)
    if not math.isfinite(number):
        raise ValueError
    return number


def _integer(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        raise TypeError
    return int(value)


def _boolean(value: object) -> bool:
    if isinstance(value, bool):
        return value
    if not isinstance(value, str) or value.casefold() not in _SWITCH_WORDS:
        raise TypeError
    return _SWITCH_WORDS[value.casefold()]


def _object(value: object) -> dict[str, Any]:
    decoded = msgspec.json.decode(value) if isinstance(value, str) else value
    if not isinstance(decoded, dict):
        raise TypeError
    return decoded


_CONVERTERS: dict[Kind, Callable[[object], Any]] = {
    "text": _text,
    "number": _number,
    "integer": _integer,
    "boolean": _boolean,
    "object": _object,
}
