"""Whether what a person typed can be sent: JSON at all, an object, and the right one for the action."""

import json
from dataclasses import dataclass
from typing import Any

from desktop_sim.central.preparing import examine
from desktop_sim.ui.texts import _


@dataclass(frozen=True, slots=True)
class Check:
    """The verdict on a payload: a sentence and its kind (good, warn, bad); the payload unless it is bad.

    `line` is the line (from 0) where reading stopped, -1 if it went to the end.
    """

    kind: str
    sentence: str
    payload: dict[str, Any] | None = None
    line: int = -1


class _Unreadable(ValueError):
    """Python reads it, JSON does not know it."""


def check_payload(action: str, text: str) -> Check:
    """Read a payload as a person types it."""
    try:
        payload = json.loads(text, parse_constant=_constant, object_pairs_hook=_object)
    except json.JSONDecodeError as error:
        where = _("Line {line}, column {column}: {what}")
        sentence = where.format(line=error.lineno, column=error.colno, what=_what(error))
        return Check("bad", sentence, line=error.lineno - 1)
    except (_Unreadable, RecursionError) as error:
        return Check("bad", str(error) or _("Nested too deeply"))
    if not isinstance(payload, dict):
        return Check("bad", _("A payload is an object: { … }"))
    problem, _request = examine(action, json.dumps(payload).encode())
    if problem:
        return Check("warn", _("Breaks the rules: {problem}").format(problem=problem), payload)
    return Check("good", _("Valid, keeps the schema of {action}").format(action=action), payload)


def _what(error: json.JSONDecodeError) -> str:
    """What the reader missed, in other words than its own."""
    known = {
        "Expecting value": _("a value is missing"),
        "Expecting property name enclosed in double quotes": _("a name in double quotation marks is missing"),
        "Expecting ':' delimiter": _("a colon is missing"),
        "Expecting ',' delimiter": _("a comma or a closing bracket is missing"),
        "Illegal trailing comma before end of object": _("a comma too many"),
        "Illegal trailing comma before end of array": _("a comma too many"),
        "Extra data": _("something stands behind the end"),
    }
    if error.msg.startswith("Unterminated string"):
        return _("the closing quotation mark is missing")
    return known.get(error.msg, error.msg)


def _constant(name: str) -> Any:
    raise _Unreadable(_("{name} is no number in JSON").format(name=name))


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _Unreadable(_("The field {name} stands there twice").format(name=twice))
    return made
