"""From the text of a station profile to a document, with a sentence for everything that can be wrong with it."""

from __future__ import annotations

import difflib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Any

import msgspec

from desktop_sim.physics.vehicle import Vehicle
from desktop_sim.station.profile import (
    PROFILE_VERSION,
    Connection,
    ConnectorProfile,
    DataTransferRule,
    Identity,
    MeterProfile,
    SecretReference,
    StationProfile,
    SupplyProfile,
)

Plain = dict[str, Any]

MIGRATIONS: Mapping[int, Callable[[Plain], Plain]] = {}
"""Version → what makes a document of the next version out of one of that version."""

PARTS: tuple[type[msgspec.Struct], ...] = (
    StationProfile,
    Identity,
    ConnectorProfile,
    SupplyProfile,
    MeterProfile,
    Connection,
    SecretReference,
    DataTransferRule,
    Vehicle,
)


class TextProblem(Exception):
    """The text is no station profile; `sentence` says where and what to do, but not in which file."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def parse_profile(
    content: bytes,
    *,
    migrations: Mapping[int, Callable[[Plain], Plain]] = MIGRATIONS,
    newest: int = PROFILE_VERSION,
) -> StationProfile:
    """The profile that `content` (UTF-8 JSON, a byte order mark is fine) says. Raises TextProblem."""
    plain = _brought_up_to_date(_plain(content), migrations, newest)
    plain.pop("$schema", None)
    try:
        return msgspec.convert(plain, StationProfile)
    except msgspec.ValidationError as problem:
        raise TextProblem(_explained(str(problem))) from None


def _plain(content: bytes) -> Plain:
    """The text as an object."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise TextProblem(
            f"It is not text in UTF-8 (byte {problem.start + 1}). Save it as UTF-8 and try again."
        ) from None
    if not text.strip():
        raise TextProblem(
            "The file is empty. A profile is a JSON object; save one from the program to begin with."
        )
    try:
        plain = json.loads(text, object_pairs_hook=_without_twins, parse_constant=_no_constant)
    except json.JSONDecodeError as problem:
        raise TextProblem(
            f"Line {problem.lineno}, column {problem.colno}: this is not JSON ({problem.msg}). "
            "Look at that place and the line before it for a missing comma, quote or bracket."
        ) from None
    except RecursionError:
        raise TextProblem("It is nested too deeply to be a station profile.") from None
    if not isinstance(plain, dict):
        raise TextProblem("A profile is one JSON object: it begins with { and ends with }.")
    return plain


def _without_twins(members: list[tuple[str, Any]]) -> Plain:
    names = [name for name, _ in members]
    for name in names:
        if names.count(name) > 1:
            raise TextProblem(f"The field “{name}” stands twice in one object. Remove one of them.")
    return dict(members)


def _no_constant(name: str) -> Any:
    raise TextProblem(f"{name} is not a number in JSON. Write a number.")


def _brought_up_to_date(
    plain: Plain, migrations: Mapping[int, Callable[[Plain], Plain]], newest: int
) -> Plain:
    version = plain.get("version", 1)
    if isinstance(version, bool) or not isinstance(version, int) or version < 1:
        raise TextProblem(
            f"$.version is a whole number from 1 on, not {json.dumps(version, ensure_ascii=False)}."
        )
    if version > newest:
        raise TextProblem(
            f"It was made by a newer version of this program (its format is {version}, this program knows "
            f"{newest}). Use that version to open it."
        )
    for step in range(version, newest):
        plain = migrations[step](plain)
    return {**plain, "version": newest}


# --- what msgspec says, for people ---


def _explained(message: str) -> str:
    """A sentence with the path in the document; msgspec says `What - at `$.path``."""
    match = re.fullmatch(r"(?P<what>.*?)(?: - at `(?P<path>.*)`)?", message, re.DOTALL)
    what, path = (match["what"], match["path"] or "$") if match else (message, "$")
    if unknown := re.search(r"unknown field `(?P<name>.*)`", what):
        return _unknown_field(path, unknown["name"])
    if missing := re.search(r"missing required field `(?P<name>.*)`", what):
        return f"{path}: the field “{missing['name']}” is missing. Add it."
    return f"{path}: {_in_words(what)}"


def _unknown_field(path: str, name: str) -> str:
    near = difflib.get_close_matches(name, _field_names(), n=1)
    hint = f"Did you mean “{near[0]}”?" if near and near[0] != name else "Remove it."
    if near and near[0] == name:
        hint = "It belongs to another part of the profile."
    return f"{path}.{name}: there is no such field here. {hint}"


_TYPES = {
    "str": "a text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "object": "an object {…}",
    "array": "a list […]",
    "null": "null",
}


def _in_words(what: str) -> str:
    if match := re.fullmatch(r"Expected `(?P<wanted>[^`]*)`, got `(?P<got>[^`]*)`", what):
        return f"this is to be {_type_words(match['wanted'])}, not {_type_words(match['got'])}."
    if match := re.fullmatch(r"Expected `(?P<type>[^`]*)` of length (?P<rule>[<>]=) (?P<limit>\d+)", what):
        bound = "at most" if match["rule"] == "<=" else "at least"
        unit = "characters" if match["type"] == "str" else "entries"
        return f"this has to have {bound} {match['limit']} {unit}."
    if match := re.fullmatch(r"Expected `(?P<type>[^`]*)` (?P<rule>[<>]=?) (?P<limit>\S+)", what):
        return f"this has to be {match['rule']} {match['limit']}."
    if match := re.fullmatch(r"Invalid enum value (?P<value>.*)", what):
        return f"{match['value']} is not one of the values that are possible here."
    return what if what.endswith((".", "?", "!")) else f"{what}."


def _type_words(types: str) -> str:
    return " or ".join(_TYPES.get(name.strip(), name.strip()) for name in types.split("|"))


@cache
def _field_names() -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for part in PARTS for name in part.__struct_encode_fields__))


# --- what no schema can say ---


def contradictions(profile: StationProfile, vehicles: Mapping[str, Vehicle]) -> Iterator[str]:
    """A sentence for each thing that does not fit together; `vehicles` is the library."""
    identity = profile.identity.charge_point_id
    if not identity.strip() or not identity.isprintable():
        yield "$.identity.chargePointId: a charge point needs an id of printable characters, for example CP001."
    own = [vehicle.name for vehicle in profile.vehicles]
    for name in _twins(own):
        yield f"$.vehicles: two vehicles are called “{name}”. Give one of them another name."
    known = {**vehicles, **{vehicle.name: vehicle for vehicle in profile.vehicles}}
    for number, connector in enumerate(profile.connectors):
        if connector.vehicle not in known:
            yield _unknown_vehicle(f"$.connectors[{number}].vehicle", connector.vehicle, known)
    for tag in _twins(tag.casefold() for tag in profile.tags):
        yield f"$.tags: the tag “{tag}” is there twice (upper and lower case are the same). Remove one."
    key = profile.connection.authorization_key
    if isinstance(key, SecretReference) and bool(key.env) == bool(key.file):
        yield (
            "$.connection.authorizationKey: say where the secret is kept, either {“env”: name of an environment "
            "variable} or {“file”: path of a file}."
        )


def _unknown_vehicle(path: str, name: str, known: Mapping[str, Vehicle]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"Did you mean “{near[0]}”?" if near else f"There are: {', '.join(sorted(known))}."
    return f"{path}: there is no vehicle “{name}”. {hint}"


def _twins(names: Iterable[str]) -> list[str]:
    return sorted(name for name, count in Counter(names).items() if count > 1)


# --- the published schema ---


def profile_schema() -> Plain:
    """The JSON Schema of a station profile, for editors and other people's tools."""
    schema = msgspec.json.schema(StationProfile)
    definitions: Plain = schema["$defs"]
    for part in PARTS:
        if part.__doc__ and part.__name__ in definitions:
            definitions[part.__name__]["description"] = _first_paragraph(part.__doc__)
    definitions["StationProfile"]["properties"]["$schema"] = {
        "type": "string",
        "description": "Where an editor finds this schema.",
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Station profile of the desktop charging station simulator, version {PROFILE_VERSION}",
        **schema,
    }


def _first_paragraph(text: str) -> str:
    return " ".join(text.strip().split("\n\n")[0].split())
