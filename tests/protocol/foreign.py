"""The foreign judge: the JSON Schemas that the PyPI package `ocpp` ships, and what can be derived from them."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import jsonschema_rs

from desktop_sim.protocol import ACTIONS, ErrorCode
from desktop_sim.protocol.types import Request, Response

Step = str | int

MESSAGES: dict[str, type[Request] | type[Response]] = {
    name: type_
    for action in ACTIONS.values()
    for name, type_ in ((action.name, action.request), (f"{action.name}Response", action.response))
}
"""Our type for every foreign schema, by the name of the schema file."""


@cache
def schema(name: str) -> dict[str, Any]:
    """The foreign schema of a message; a response is called `<Action>Response`."""
    return dict(json.loads((_folder() / f"{name}.json").read_text(encoding="utf-8-sig")))


def names() -> list[str]:
    """Every schema there is."""
    return sorted(path.stem for path in _folder().glob("*.json"))


def _folder() -> Path:
    spec = find_spec("ocpp")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "v16" / "schemas"


def accepts(name: str, payload: Any) -> bool:
    """Whether the foreign schema accepts a payload, date formats included."""
    return _validator(name).is_valid(payload)


@cache
def _validator(name: str) -> jsonschema_rs.Validator:
    return jsonschema_rs.validator_for(schema(name), validate_formats=True)


@dataclass(frozen=True)
class Site:
    """A place in the full example of a schema: where, what the schema says of it, and whether it must be there."""

    path: tuple[Step, ...]
    node: dict[str, Any]
    required: bool


@dataclass(frozen=True)
class Mutation:
    """A payload made wrong in one way, and the code it deserves."""

    label: str
    path: tuple[Step, ...]
    payload: Any
    code: ErrorCode


def example(name: str) -> Any:
    """A valid payload with every optional field set, every text as long as allowed and two items in every array."""
    return _example(schema(name), schema(name))


def sites(name: str) -> list[Site]:
    """Every place in the full example."""
    root = schema(name)
    return list(_sites(root, root, (), True))


def _resolve(root: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    reference = node.get("$ref")
    return root["definitions"][reference.rpartition("/")[2]] if reference else node


def _example(root: dict[str, Any], node: dict[str, Any]) -> Any:
    node = _resolve(root, node)
    if "enum" in node:
        return node["enum"][0]
    match node["type"], node.get("format"):
        case "object", _:
            return {key: _example(root, inner) for key, inner in node.get("properties", {}).items()}
        case "array", _:
            return [_example(root, node["items"]), _example(root, node["items"])]
        case "string", "date-time":
            return "2025-06-02T07:00:00.000Z"
        case "string", "uri":
            return "ftp://example.com/file"
        case "string", _:
            return "\N{GRINNING FACE}" * node.get("maxLength", 1000)
    return {"integer": 1, "number": 8.1, "boolean": True}[node["type"]]


def _sites(
    root: dict[str, Any], node: dict[str, Any], path: tuple[Step, ...], required: bool
) -> Iterator[Site]:
    node = _resolve(root, node)
    yield Site(path, node, required)
    for key, inner in node.get("properties", {}).items():
        yield from _sites(root, inner, (*path, key), key in node.get("required", []))
    if node["type"] == "array":
        yield from _sites(root, node["items"], (*path, 1), False)


def at(payload: Any, path: tuple[Step, ...]) -> Any:
    """The value at a place."""
    for step in path:
        payload = payload[step]
    return payload


def replaced(payload: Any, path: tuple[Step, ...], value: Any) -> Any:
    """A copy of a payload with another value at a place."""
    if not path:
        return value
    result = copy.deepcopy(payload)
    at(result, path[:-1])[path[-1]] = value
    return result


def without(payload: Any, path: tuple[Step, ...]) -> Any:
    """A copy of a payload with a field left out."""
    result = copy.deepcopy(payload)
    del at(result, path[:-1])[path[-1]]
    return result


WRONG_TYPES: dict[str, list[Any]] = {
    "object": [None, "x", 1, True, []],
    "array": [None, "x", 1, True, {}],
    "string": [None, 1, 1.5, True, [], {}],
    "integer": [None, "1", 1.5, True, [], {}],
    "number": [None, "8.1", True, [], {}],
    "boolean": [None, "true", 1, [], {}],
}


def mutations(name: str) -> Iterator[Mutation]:
    """Every way to break the full example of a schema in one place."""
    payload = example(name)
    for site in sites(name):
        for label, value, code in _breaks(site.node, is_root=not site.path):
            yield Mutation(label, site.path, replaced(payload, site.path, value), code)
        if site.required and site.path:
            missing = without(payload, site.path)
            yield Mutation("missing", site.path, missing, ErrorCode.ProtocolError)
        if site.node["type"] == "object":
            extra = {**at(payload, site.path), "surplus": 1}
            broken = replaced(payload, site.path, extra)
            yield Mutation("extra", (*site.path, "surplus"), broken, ErrorCode.FormationViolation)


def _breaks(node: dict[str, Any], is_root: bool) -> Iterator[tuple[str, Any, ErrorCode]]:
    """Wrong values for one place: what is wrong, the value, the code."""
    type_code = ErrorCode.FormationViolation if is_root else ErrorCode.TypeConstraintViolation
    for value in WRONG_TYPES[node["type"]]:
        yield f"type {json.dumps(value)}", value, type_code
    if "enum" in node:
        for text in ("", node["enum"][0].lower(), node["enum"][0] + " "):
            yield "enum", text, ErrorCode.PropertyConstraintViolation
    if "maxLength" in node:
        yield "too long", "x" * (node["maxLength"] + 1), ErrorCode.PropertyConstraintViolation
    if node.get("format") == "date-time":
        for text in ("", "yesterday", "2025-02-30T00:00:00Z", "2025-06-02", "2025-06-02T07:00:00Z\n"):
            yield "date", text, ErrorCode.PropertyConstraintViolation
    if node["type"] == "number":
        yield "decimals", 8.15, ErrorCode.PropertyConstraintViolation
    if node.get("minItems"):
        yield "empty", [], ErrorCode.OccurenceConstraintViolation
