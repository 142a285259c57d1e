"""The console's grammar (DESIGN § 6): a name, an optional connector first, values in order, other options `name=value`.

`current 2 32` · `status charging` · `error groundfailure info="wet socket"` · `send DataTransfer {"vendorId": "x"}` ·
`configuration HeartbeatInterval 60` · `send_raw` takes the rest of the line as it stands.
"""

import json
import re
from dataclasses import dataclass

from desktop_sim.app.parameters import Parameter
from desktop_sim.app.registry import canonical_name, parameters, parse, usage
from desktop_sim.station.commands import Command, CommandRefused, RefusalCode

_ASSIGNMENT = re.compile(r"([A-Za-z_][A-Za-z0-9_\-.]*)=")
_VERBATIM = {"send_raw": "text"}
_PAIRS = {"configuration": ("key", "value"), "switch": ("name", "value")}


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a line. `name` is what stood before `=`; `bare` says that the value was not quoted."""

    text: str
    name: str = ""
    bare: bool = True


def parse_line(line: str) -> Command | None:
    """The command a line asks for; None for an empty line or a comment. Raises CommandRefused with a sentence."""
    line = line.strip()
    if not line or line.startswith("#"):
        return None
    word, _, rest = line.partition(" ")
    name = canonical_name(word)
    if name in _VERBATIM:
        values: dict[str, object] = {_VERBATIM[name]: rest.strip()} if rest.strip() else {}
        return parse(name, values)
    return parse(name, arrange(name, tokens(rest)))


def tokens(text: str) -> list[Token]:
    """The words of a line. Quotes keep blanks together; a JSON object or list is one word, whatever is inside."""
    result = []
    place = 0
    while place < len(text):
        if text[place].isspace():
            place += 1
            continue
        assignment = _ASSIGNMENT.match(text, place)
        name = assignment.group(1) if assignment else ""
        value, bare, place = _value(text, assignment.end() if assignment else place)
        result.append(Token(value, name, bare))
    return result


def _value(text: str, place: int) -> tuple[str, bool, int]:
    """One value from `place` on: its text, whether it was bare, and where it ended."""
    if text[place : place + 1] in ("{", "["):
        try:
            _, end = json.JSONDecoder().raw_decode(text, place)
        except ValueError:
            end = len(text)
        return text[place:end].rstrip(), False, end
    if text[place : place + 1] in ('"', "'"):
        quote = text[place]
        end = text.find(quote, place + 1)
        if end < 0:
            raise CommandRefused(RefusalCode.INVALID, f"The quote at “{text[place:][:20]}” is never closed.")
        return text[place + 1 : end], False, end + 1
    end = place
    while end < len(text) and not text[end].isspace():
        end += 1
    return text[place:end], True, end


def arrange(name: str, words: list[Token]) -> dict[str, object]:
    """Which parameter each word is meant for."""
    known = parameters(name)
    values: dict[str, object] = {}
    loose: list[Token] = []
    for word in words:
        if not word.name:
            loose.append(word)
        elif any(parameter.name == word.name.casefold() for parameter in known):
            _put(name, values, word.name.casefold(), word.text)
        elif name in _PAIRS:
            key, value = _PAIRS[name]
            _put(name, values, key, word.name)
            _put(name, values, value, word.text)
        else:
            values[word.name] = word.text  # parse() says that there is no such parameter
    _place(name, known, loose, values)
    return values


def _place(name: str, known: tuple[Parameter, ...], loose: list[Token], values: dict[str, object]) -> None:
    """Give the words without a name to the parameters still free: the connector first if it reads like one."""
    free = [
        parameter for parameter in known if parameter.name != "connector" and parameter.name not in values
    ]
    needed = sum(1 for parameter in free if parameter.required)
    takes_connector = any(parameter.name == "connector" for parameter in known) and "connector" not in values
    if takes_connector and loose and loose[0].bare and loose[0].text.isdecimal() and len(loose) > needed:
        values["connector"] = loose.pop(0).text
    free.sort(key=lambda parameter: not parameter.required)
    if len(loose) > len(free):
        spare = loose[len(free)].text
        raise CommandRefused(
            RefusalCode.INVALID, f"{name}: “{spare}” is one word too many. Usage: {usage(name)}"
        )
    for parameter, word in zip(free, loose, strict=False):
        values[parameter.name] = word.text


def _put(name: str, values: dict[str, object], key: str, value: str) -> None:
    if key in values:
        raise CommandRefused(RefusalCode.INVALID, f"{name}: {key} is given twice.")
    values[key] = value
