"""What exactly is wrong with a payload (conformance D.3, RPC-21 to RPC-23), and the lenient reading of one (RPC-22).

The slow path behind `codec`: it walks payload and message type side by side, collects every violation and brings
values into the form msgspec takes without question.
"""

from __future__ import annotations

import re
from decimal import ROUND_DOWN, Decimal
from enum import IntEnum
from functools import cache
from typing import Any, Final

import msgspec
from msgspec import inspect

from desktop_sim.protocol.errors import ErrorCode, Violation
from desktop_sim.protocol.types import WireObject

_DECODER: Final = msgspec.json.Decoder(float_hook=Decimal)
_WHOLE: Final = re.compile("-?[0-9]{1,20}")
_NUMBER: Final = re.compile("-?[0-9]{1,20}(?:[.][0-9]{1,20})?")
_TENTH: Final = Decimal("0.1")
_MAX_RATE: Final = Decimal(10) ** 15
_SHOWN: Final = 40


class Stage(IntEnum):
    """The order in which violations count: that of the earliest stage decides the error code (RPC-23)."""

    Object = 0
    Required = 1
    Unknown = 2
    Type = 3
    Value = 4


def read(type_: type[WireObject], raw: bytes, *, lenient: bool = False) -> tuple[Any, list[Violation]]:
    """The payload in a form for `msgspec.convert`, and everything that is wrong with it, the deciding one first.

    Lenient reading drops unknown fields and nulls, converts `"1"` to 1 and the like, and rounds rates down.
    """
    try:
        payload = _DECODER.decode(raw)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        return None, [Violation(ErrorCode.FormationViolation, "$", f"the payload is not valid JSON: {error}")]
    if not isinstance(payload, dict):
        sentence = f"the payload must be an object, got {_shown(payload)}"
        return None, [Violation(ErrorCode.FormationViolation, "$", sentence)]
    reader = _Reader(lenient)
    value = reader.read(_shape(type_), payload, "$")
    found = sorted(reader.found, key=lambda stage_and_violation: stage_and_violation[0])
    return value, [violation for _, violation in found]


def holds_rates(type_: type[WireObject]) -> bool:
    """Whether a message holds charging rates, which need the close reading: msgspec takes `"8.1"` and 8.15 too."""
    return _holds_rates(_shape(type_))


def _holds_rates(shape: inspect.Type) -> bool:
    match shape:
        case inspect.DecimalType():
            return True
        case inspect.Metadata(type=inner) | inspect.VarTupleType(item_type=inner):
            return _holds_rates(inner)
        case inspect.StructType(fields=fields):
            return any(_holds_rates(field.type) for field in fields)
    return False


@cache
def _shape(type_: Any) -> inspect.Type:
    return inspect.type_info(type_)


class _Reader:
    """One walk through one payload; `found` gathers the violations in the order of the text."""

    def __init__(self, lenient: bool) -> None:
        self.lenient = lenient
        self.found: list[tuple[Stage, Violation]] = []

    def read(self, shape: inspect.Type, value: Any, path: str) -> Any:
        """The value as `shape` wants it; what does not fit is noted and handed back as it is."""
        match shape:
            case inspect.Metadata(type=inner):
                return self.read(inner, value, path)
            case inspect.StructType():
                return self._object(shape, value, path)
            case inspect.VarTupleType():
                return self._array(shape, value, path)
            case inspect.EnumType(cls=members):
                return self._choice([str(member.value) for member in members], value, path)
            case inspect.StrType():
                return self._text(shape, value, path)
            case inspect.IntType():
                return self._integer(shape, value, path)
            case inspect.DecimalType():
                return self._rate(value, path)
            case inspect.BoolType():
                return self._boolean(value, path)
        raise TypeError(f"no message of the specification holds a {shape}")

    def _object(self, shape: inspect.StructType, value: Any, path: str) -> Any:
        if not isinstance(value, dict):
            return self._wrong_type("an object", value, path)
        fields = {field.encode_name: field for field in shape.fields}
        read = {}
        for name, field in fields.items():
            place = f"{path}.{name}"
            if name in value and not (self.lenient and value[name] is None and not field.required):
                read[name] = self.read(field.type, value[name], place)
            elif field.required:
                self._note(Stage.Required, ErrorCode.ProtocolError, place, "is missing")
        if not self.lenient:
            known = ", ".join(f"`{name}`" for name in fields) or "none"
            for name in [name for name in value if name not in fields]:
                sentence = f"is no field of the message; known here: {known}"
                self._note(Stage.Unknown, ErrorCode.FormationViolation, f"{path}.{_cut(name)}", sentence)
        return read

    def _array(self, shape: inspect.VarTupleType, value: Any, path: str) -> Any:
        if not isinstance(value, list):
            return self._wrong_type("an array", value, path)
        if len(value) < (shape.min_length or 0):
            sentence = f"needs at least {shape.min_length} item, got {len(value)}"
            self._note(Stage.Value, ErrorCode.OccurenceConstraintViolation, path, sentence)
        return [self.read(shape.item_type, item, f"{path}[{index}]") for index, item in enumerate(value)]

    def _choice(self, spellings: list[str], value: Any, path: str) -> Any:
        if not isinstance(value, str):
            return self._wrong_type("a string", value, path)
        if value not in spellings:
            self._wrong_value(path, f"must be one of {', '.join(spellings)}, got {_shown(value)}")
        return value

    def _text(self, shape: inspect.StrType, value: Any, path: str) -> Any:
        if self.lenient and type(value) in (int, Decimal):
            value = str(value)
        if not isinstance(value, str):
            return self._wrong_type("a string", value, path)
        if shape.max_length is not None and len(value) > shape.max_length:
            self._wrong_value(path, f"may have at most {shape.max_length} characters, got {len(value)}")
        if shape.pattern is not None and re.search(shape.pattern, value) is None:
            self._wrong_value(path, f"must be a time such as 2025-06-02T07:00:00.000Z, got {_shown(value)}")
        return value

    def _integer(self, shape: inspect.IntType, value: Any, path: str) -> Any:
        number = self._number(value, _WHOLE)
        if isinstance(number, Decimal) and _is_whole(number):
            number = int(number)
        if type(number) is not int:
            return self._wrong_type("an integer", value, path)
        if shape.ge == 0 and number < 0:
            self._wrong_value(path, f"must not be negative, got {_shown(number)}")
        elif not -(2**63) <= number < 2**63:
            self._wrong_value(path, f"must fit into 64 bits, got {_shown(number)}")
        return number

    def _rate(self, value: Any, path: str) -> Any:
        number = self._number(value, _NUMBER)
        if type(number) not in (int, Decimal):
            return self._wrong_type("a number", value, path)
        rate = Decimal(number)
        if rate < 0:
            self._wrong_value(path, f"must not be negative, got {_shown(number)}")
        elif rate >= _MAX_RATE:
            self._wrong_value(path, f"must be less than 10^15, got {_shown(number)}")
        else:
            return self._tenths(rate, path)
        return number

    def _tenths(self, rate: Decimal, path: str) -> Decimal:
        """The rate with at most one decimal and without exponent; lenient reading rounds down (SC-SET-12)."""
        tenths = rate.quantize(_TENTH, ROUND_DOWN)
        if tenths != rate and not self.lenient:
            self._wrong_value(path, f"may have at most one decimal, got {_shown(rate)}")
        return rate if rate.as_tuple().exponent in (0, -1) else tenths

    def _boolean(self, value: Any, path: str) -> Any:
        if self.lenient and value in ("true", "false"):
            return value == "true"
        if not isinstance(value, bool):
            return self._wrong_type("true or false", value, path)
        return value

    def _number(self, value: Any, spelling: re.Pattern[str]) -> Any:
        """In lenient reading the number a string spells, else the value itself."""
        if self.lenient and isinstance(value, str) and spelling.fullmatch(value):
            return Decimal(value)
        return value

    def _wrong_type(self, wanted: str, value: Any, path: str) -> Any:
        self._note(
            Stage.Type, ErrorCode.TypeConstraintViolation, path, f"must be {wanted}, got {_shown(value)}"
        )
        return value

    def _wrong_value(self, path: str, sentence: str) -> None:
        self._note(Stage.Value, ErrorCode.PropertyConstraintViolation, path, sentence)

    def _note(self, stage: Stage, code: ErrorCode, path: str, sentence: str) -> None:
        self.found.append((stage, Violation(code, path, f"`{path.removeprefix('$.')}` {sentence}")))


def _is_whole(number: Decimal) -> bool:
    """Whether a decimal such as 5.0 or 1E+2 is an integer that is safe to write out (RPC-15)."""
    return number.adjusted() < _SHOWN and number == number.to_integral_value()


def _shown(value: Any) -> str:
    """A JSON value as a sentence names it: `the string "1"`, `the number 8.15`, `true`, `null`, `an array`."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case str():
            return f'the string "{_cut(value)}"'
        case list():
            return "an array"
        case dict():
            return "an object"
        case int() if abs(value) >= 10**_SHOWN:
            return "a huge number"
    return f"the number {_cut(str(value))}"


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
