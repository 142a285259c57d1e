"""The description of the control channel for programs (OpenRPC), made from the registry of commands."""

from functools import cache
from typing import Any

import msgspec

from desktop_sim import __version__
from desktop_sim.app.registry import COMMANDS, describe, json_schema, parameters
from desktop_sim.station.events import KINDS, AnyEvent

EVENTS = "events"
DISCOVER = "rpc.discover"

_ERRORS = [
    {"code": -32001, "message": "Refused in this state"},
    {"code": -32002, "message": "There is no such connector"},
    {"code": -32003, "message": "It could not be stored"},
]
_HEAD = ("seq", "time", "kind", "connector")


@cache
def discovery() -> dict[str, Any]:
    """The OpenRPC document: every method with its parameters. What the station tells by itself: `x-notifications`."""
    return {
        "openrpc": "1.3.2",
        "info": {
            "title": "Control channel of an OCPP 1.6J charge point simulator",
            "description": "JSON-RPC 2.0, one message a line; parameters by name; batches accepted.",
            "version": __version__,
        },
        "methods": [*(_command(name) for name in COMMANDS), _events(), _discover()],
        "components": {"schemas": _event_schemas()},
        "x-notifications": [
            {
                "name": "event",
                "summary": "Something happened at the station.",
                "params": {"oneOf": [{"$ref": f"#/components/schemas/{kind}"} for kind in KINDS]},
            },
            {
                "name": "events_lost",
                "summary": "The reader was too slow: so many events were left out here.",
                "params": _object({"count": {"type": "integer", "minimum": 1}}),
            },
        ],
    }


def _command(name: str) -> dict[str, Any]:
    text = describe(name).text
    schemas = json_schema(name)["properties"]
    return {
        "name": name,
        "summary": text.partition("\n")[0],
        "description": text,
        "paramStructure": "by-name",
        "params": [
            {
                "name": parameter.name,
                "required": parameter.required,
                **({"description": parameter.text} if parameter.text else {}),
                "schema": schemas[parameter.name],
            }
            for parameter in sorted(parameters(name), key=lambda one: not one.required)
        ],
        "result": {"name": "result", "description": "plain data; null where there is none", "schema": {}},
        "errors": _ERRORS,
    }


def _events() -> dict[str, Any]:
    kinds = {"type": "array", "items": {"enum": list(KINDS)}}
    text = "kinds of events wanted from now on; [] for none; left out: nothing changes"
    return {
        "name": EVENTS,
        "summary": "Choose the kinds of events to be told; at first all of them.",
        "paramStructure": "by-name",
        "params": [{"name": "kinds", "required": False, "description": text, "schema": kinds}],
        "result": {"name": "chosen", "schema": _object({"kinds": kinds})},
    }


def _discover() -> dict[str, Any]:
    reference = "https://raw.githubusercontent.com/open-rpc/meta-schema/master/schema.json"
    return {
        "name": DISCOVER,
        "summary": "This description.",
        "params": [],
        "result": {"name": "OpenRPC Schema", "schema": {"$ref": reference}},
    }


def _event_schemas() -> dict[str, Any]:
    """The schema of each kind of event, as it is told: all fields are always there."""
    schemas, named = msgspec.json.schema_components(
        AnyEvent.__args__, ref_template="#/components/schemas/{name}"
    )
    assert len(schemas) == len(KINDS)
    made = {}
    for schema in named.values():
        properties = schema["properties"]
        properties["time"] = {"type": "string", "format": "date-time"}
        for field in properties.values():
            field.pop("default", None)
        ordered = {key: properties[key] for key in (*_HEAD, *sorted(properties.keys() - set(_HEAD)))}
        kind = properties["kind"]["enum"][0]
        made[kind] = {"title": kind, "description": schema.get("description", ""), **_object(ordered)}
    return made


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}
