"""The language of the filter line of the traffic list, made into a quick test of one frame.

MeterValues "Wh"        both words occur in the frame (or its action), upper and lower case alike
action:Meter,Status     the action begins with one of these
connector:1             it is about connector 1; 0 the station, none: no connector
dir:in                  received; dir:out sent
type:call               call, answer, error, invalid
id:4f2                  the message id begins so
error                   a CALLERROR, no frame at all, or a frame that breaks the rules
rtt>200  rtt<50         the answer took longer or less, ms
-action:Heartbeat       none of it
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from desktop_sim.ui.log_store import Entry
from desktop_sim.ui.texts import _

Test = Callable[[Entry], bool]

_PARTS = re.compile(r'-?(?:[A-Za-z]+:)?"[^"]*"?|\S+')
_LATENCY = re.compile(r"rtt\s*([<>]=?)(.*)", re.IGNORECASE)
_FIELD = re.compile(r"([A-Za-z]+):(.*)", re.DOTALL)

FIELDS = ("action", "connector", "dir", "type", "id")
DIRECTIONS = {"in": "in", "received": "in", "out": "out", "sent": "out"}
TYPES = {"call": "call", "answer": "result", "result": "result", "error": "error", "invalid": "invalid"}
CONNECTORS = {"none": -1, "-": -1}


class FilterProblem(ValueError):
    """The filter cannot be understood; the text is a sentence for people."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Tests that must all hold; with none of them everything is shown."""

    tests: tuple[Test, ...] = ()

    def __call__(self, entry: Entry) -> bool:
        return all(test(entry) for test in self.tests)

    def __bool__(self) -> bool:
        return bool(self.tests)


EVERYTHING = Filter()


def read_filter(text: str) -> Filter:
    """The filter a person typed. Raises FilterProblem."""
    return Filter(tuple(_part(part) for part in _PARTS.findall(text)))


def is_error(entry: Entry) -> bool:
    """Whether something is wrong with a frame, or it says that something is."""
    return entry.event.type in ("error", "invalid") or bool(entry.event.verdict)


def _part(part: str) -> Test:
    if part.startswith("-") and len(part) > 1:
        positive = _part(part[1:])
        return lambda entry: not positive(entry)
    if part.lower() == "error":
        return is_error
    if latency := _LATENCY.fullmatch(part):
        return _latency(latency[1], latency[2])
    field = _FIELD.fullmatch(part)
    if field is None:
        return _word(part.strip('"'))
    return _field(field[1].lower(), field[2].strip('"'))


def _word(word: str) -> Test:
    lower = word.lower()
    return lambda entry: lower in entry.event.text.lower() or lower in entry.event.action.lower()


def _field(name: str, value: str) -> Test:
    if name not in FIELDS:
        text = _("There is no field “{name}”: use {fields}, or put words into quotation marks")
        raise FilterProblem(text.format(name=name, fields=", ".join(FIELDS)))
    if not value:
        raise FilterProblem(_("{name}: says nothing yet").format(name=name))
    values = [item for item in value.lower().split(",") if item]
    match name:
        case "action":
            starts = tuple(values)
            return lambda entry: entry.event.action.lower().startswith(starts)
        case "id":
            return lambda entry: entry.event.message_id.lower().startswith(tuple(values))
        case "connector":
            numbers = {_connector(item) for item in values}
            return lambda entry: entry.connector in numbers
        case "dir":
            directions = {_one_of(name, DIRECTIONS, item) for item in values}
            return lambda entry: entry.event.direction in directions
        case _:
            types = {_one_of(name, TYPES, item) for item in values}
            return lambda entry: entry.event.type in types


def _connector(value: str) -> int:
    if value in CONNECTORS:
        return CONNECTORS[value]
    if not (value.isascii() and value.isdigit()):
        raise FilterProblem(_("connector: wants a number, not “{value}”").format(value=value))
    return int(value)


def _one_of(name: str, words: dict[str, str], value: str) -> str:
    if value not in words:
        text = _("{name}: is one of {words}, not “{value}”")
        raise FilterProblem(text.format(name=name, words=", ".join(words), value=value))
    return words[value]


def _latency(sign: str, value: str) -> Test:
    try:
        bound = float(value.strip().removesuffix("ms").replace(",", ".")) * 1000
    except ValueError:
        text = _("rtt{sign} wants milliseconds, as in rtt{sign}200")
        raise FilterProblem(text.format(sign=sign)) from None
    more, equal = sign.startswith(">"), sign.endswith("=")

    def test(entry: Entry) -> bool:
        latency = entry.event.latency
        if latency is None:
            return False
        return (latency > bound if more else latency < bound) or (equal and latency == bound)

    return test
