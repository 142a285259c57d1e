"""One client of the control channel at a station in this process: messages, order, filter, description."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from desktop_sim.app import control_session
from desktop_sim.app.control_session import ControlSession, EventFeed
from desktop_sim.app.defaults import default_profile
from desktop_sim.app.json_rpc import Bad, Call, encode, read_message
from desktop_sim.app.open_rpc import discovery
from desktop_sim.app.options import StationOptions
from desktop_sim.app.outgoing import Outgoing
from desktop_sim.app.plain_data import plain
from desktop_sim.app.registry import COMMANDS
from desktop_sim.app.workspace import Workspace
from desktop_sim.station.commands import CommandRefused, RefusalCode
from desktop_sim.station.events import KINDS, LogEvent


class Desk:
    """A session, and what it answered."""

    def __init__(self, session: ControlSession, outgoing: Outgoing, feed: EventFeed) -> None:
        self.session = session
        self.outgoing = outgoing
        self.feed = feed

    async def say(self, *messages: Any) -> list[Any]:
        """Send messages (text, or what becomes JSON) and collect everything that was answered."""
        for message in messages:
            raw = message if isinstance(message, (str, bytes)) else json.dumps(message)
            await self.session.take(raw)
        await self.session.finish()
        self.outgoing.put(b"null")  # so that there is something to take
        said = [json.loads(line) for line in await self.outgoing.take()]
        return [
            one for one in said if one is not None and (isinstance(one, list) or one.get("method") is None)
        ]

    async def code(self, message: Any) -> int:
        (only,) = await self.say(message)
        assert only["error"]["message"].endswith(("?", ".")) or "Usage" in only["error"]["message"]
        return int(only["error"]["code"])


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    workspace = Workspace(driver_by_default=False)
    outgoing = Outgoing()
    feed = EventFeed(outgoing)
    host = await workspace.open(StationOptions(ephemeral=True, seed=1, connectors=2), listen=feed.on_event)
    session = ControlSession(host, outgoing, feed)
    yield Desk(session, outgoing, feed)
    await session.close()
    await workspace.close_all(graceful=False)


def call(number: Any, method: str, /, **params: Any) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": number, "method": method, "params": params}


async def test_a_command_is_answered_with_plain_data(desk: Desk) -> None:
    (info, plugged, clock) = await desk.say(
        call("a", "info"), call(2, "plug_in", connector=1), call(None, "clock", rate="2")
    )
    assert info["id"] == "a"
    assert [connector["id"] for connector in info["result"]["connectors"]][-1] == 2
    assert plugged == {"jsonrpc": "2.0", "id": 2, "result": {"connector": 1, "vehicle": "Compact"}}
    assert (clock["id"], clock["result"]["rate"]) == (None, 2.0)


@pytest.mark.parametrize(
    "message, code",
    [
        ("{", -32700),
        (b'"\xff"', -32700),
        ("[" * 100_000, -32700),
        ("1e999", -32700),
        ("[]", -32600),
        ("1", -32600),
        ({"id": 1, "method": "info"}, -32600),
        ({"jsonrpc": "2.0", "id": 1, "method": 1}, -32600),
        ({"jsonrpc": "2.0", "id": [], "method": "info"}, -32600),
        ({"jsonrpc": "2.0", "id": True, "method": "info"}, -32600),
        ({"jsonrpc": "2.0", "id": 1, "method": "info", "params": None}, -32600),
        ({"jsonrpc": "2.0", "id": 1, "method": "current", "params": [16]}, -32602),
        (call(1, "plug-in"), -32601),
        (call(1, "PlugIn"), -32601),
        (call(1, "exit"), -32601),
        (call(1, "current"), -32602),
        (call(1, "current", amperes="many"), -32602),
        (call(1, "current", ampere=16), -32602),
        (call(1, "send", action="Heartbeat", payload="{"), -32602),
        (call(1, "status", status="Busy"), -32602),
        (call(1, "events", kinds=["smoke"]), -32602),
        (call(1, "events", kind=["link"]), -32602),
        (call(1, "events", kinds="link"), -32602),
        (call(1, "stop", connector=1), -32001),
        (call(1, "plug_in", connector=9), -32002),
        (call(1, "trace", save="/no/such/folder/x.jsonl"), -32003),
        (call(1, "central", action="Nonsense"), -32602),
    ],
)
async def test_each_mistake_has_its_number_and_a_sentence(desk: Desk, message: Any, code: int) -> None:
    assert await desk.code(message) == code
    assert "result" in (await desk.say(call(2, "info")))[0]


async def test_a_mistake_says_what_was_meant_and_what_is_taken(desk: Desk) -> None:
    method, parameter = await desk.say(call(1, "plugin"), call(2, "current", amperes=-1))
    assert "Did you mean plug_in" in method["error"]["message"]
    assert method["error"]["data"]["near"][0] == "plug_in"
    assert parameter["error"]["message"] == "current: amperes must be a number of at least 0, not “-1”."
    assert parameter["error"]["data"] == {"usage": "current [connector] amperes"}


async def test_notifications_are_carried_out_without_an_answer(desk: Desk) -> None:
    plug_in = {"jsonrpc": "2.0", "method": "plug_in", "params": {"connector": 2}}
    nonsense = {"jsonrpc": "2.0", "method": "nonsense"}
    by_position = {"jsonrpc": "2.0", "method": "current", "params": [1]}
    (answer,) = await desk.say(plug_in, nonsense, by_position, [plug_in, nonsense], call(1, "info"))
    assert answer["result"]["connectors"][-1]["plugged"] == {"vehicle": True, "station": True}


async def test_a_batch_is_answered_as_one_array_in_order(desk: Desk) -> None:
    batch = [
        call(1, "plug_in", connector=1),
        {"jsonrpc": "2.0", "method": "info"},
        5,
        call(2, "info"),
        call(3, "x"),
    ]
    (answers,) = await desk.say(batch)
    assert [one["id"] for one in answers] == [1, None, 2, 3]
    assert [one.get("error", {}).get("code") for one in answers] == [None, -32600, None, -32601]
    assert answers[2]["result"]["connectors"][-2]["plugged"]["station"] is True


async def test_answers_keep_their_order_and_only_central_may_be_late(desk: Desk) -> None:
    answers = await desk.say(
        call(1, "central", action="GetLocalListVersion"),
        call(2, "info"),
        call(3, "wait", seconds=0.1),
        call(4, "info"),
    )
    assert [one["id"] for one in answers if one["id"] != 1] == [2, 3, 4]
    assert sorted(one["id"] for one in answers) == [1, 2, 3, 4]


async def test_the_filter_of_events_is_exact(desk: Desk) -> None:
    plug, pull = call(1, "plug_in", connector=1), call(3, "unplug", connector=1)
    for message in (plug, call(2, "events", kinds=[]), pull, call(4, "events", kinds=["status"]), plug):
        await desk.session.take(json.dumps(message))
    await desk.session.finish()
    said = [json.loads(line) for line in await desk.outgoing.take()]
    shown: list[Any] = [
        one["params"]["status"] if "params" in one else one["id"]
        for one in said
        if one.get("params", {}).get("kind", "status") == "status"
    ]
    first, second, third = shown.index(1), shown.index(2), shown.index(4)
    assert shown[first - 1] == "Preparing"
    assert shown[second:third] == [2, 3]
    assert shown[third + 1 :] == ["Preparing", 1]


async def test_events_without_kinds_only_tells(desk: Desk) -> None:
    (told,) = await desk.say(call(1, "events"))
    assert told["result"] == {"kinds": list(KINDS)}
    chosen, told = await desk.say(call(2, "events", kinds=["link", "status"]), call(3, "events"))
    assert chosen["result"] == told["result"] == {"kinds": ["link", "status"]}


async def test_an_event_has_its_instant_and_all_its_fields(desk: Desk) -> None:
    desk.feed.on_event(LogEvent(seq=7, time=1_700_000_000_000_001, level="info", text="Hello."))
    event = json.loads((await desk.outgoing.take())[-1])["params"]
    assert event == {
        "seq": 7,
        "time": "2023-11-14T22:13:20.000001Z",
        "kind": "log",
        "connector": None,
        "level": "info",
        "text": "Hello.",
        "data": {},
    }


async def test_every_command_can_be_called_and_every_event_fits_its_schema(desk: Desk) -> None:
    schemas = {kind: _resolved(schema) for kind, schema in discovery()["components"]["schemas"].items()}
    for number, name in enumerate(sorted(COMMANDS.keys() - {"quit", "wait"})):
        await desk.session.take(json.dumps(call(number, name)))
    await desk.session.take(json.dumps(call(-1, "start", connector=1)))
    await desk.session.finish()
    said = [json.loads(line) for line in await desk.outgoing.take()]
    kinds = set()
    for message in said:
        if message.get("method") == "event":
            event = message["params"]
            kinds.add(event["kind"])
            jsonschema_rs.validate(schemas[event["kind"]], event)
        else:
            assert message.get("error", {}).get("code") in (None, -32001, -32602), message
    assert {"registration", "status", "limit", "fault"} <= kinds


def _resolved(schema: dict[str, Any]) -> dict[str, Any]:
    return {**schema, "additionalProperties": False}


async def test_the_description_names_every_command_with_valid_schemas(desk: Desk) -> None:
    (answer,) = await desk.say(call(1, "rpc.discover"))
    document = answer["result"]
    methods = {method["name"]: method for method in document["methods"]}
    assert set(methods) == {*COMMANDS, "events", "rpc.discover"}
    assert len(methods) == len(document["methods"])
    for method in methods.values():
        required = [parameter["required"] for parameter in method["params"]]
        assert required == sorted(required, reverse=True), "OpenRPC wants required parameters first"
        assert method["summary"]
        for one in [*method["params"], method["result"]]:
            jsonschema_rs.meta.validate(one["schema"])
    assert set(document["components"]["schemas"]) == set(KINDS)
    for schema in document["components"]["schemas"].values():
        jsonschema_rs.meta.validate(schema)
    names = [parameter["name"] for parameter in methods["current"]["params"]]
    assert names == ["amperes", "connector"]


async def test_the_password_of_the_profile_is_not_told(desk: Desk) -> None:
    profile = default_profile()
    connection = replace(profile.connection, authorization_key="secret")
    told = plain(replace(profile, connection=connection))
    assert told["connection"]["authorizationKey"] == "***"
    assert "secret" not in encode(told).decode()


async def test_a_mistake_of_ours_is_answered_too(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(control_session, "discovery", broken)
    assert await desk.code(call(1, "rpc.discover")) == -32603


@pytest.mark.parametrize("code", RefusalCode)
def test_every_reason_to_refuse_has_a_number(code: RefusalCode) -> None:
    assert control_session._error(CommandRefused(code, "No."), "info").code in (
        -32001,
        -32002,
        -32003,
        -32602,
    )


async def test_nothing_is_begun_after_quit(desk: Desk) -> None:
    answers = await desk.say(call(1, "quit"), call(2, "plug_in", connector=1))
    assert [one["id"] for one in answers] == [1]


async def test_closing_gives_up_what_is_not_answered(desk: Desk) -> None:
    waiting = asyncio.ensure_future(desk.session.take(json.dumps(call(1, "wait", seconds=60))))
    await asyncio.sleep(0.05)
    await desk.session.close()
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)


# --- messages ---


def test_an_id_of_any_size_comes_back_as_it_was() -> None:
    for number in (0, -1, 1.5, 2**64 + 1, "ü", ""):
        item = read_message(json.dumps(call(number, "info"))).items[0]
        assert isinstance(item, Call)
        assert json.loads(encode({"id": item.id})) == {"id": number}


@given(st.binary())
def test_any_bytes_are_a_message(raw: bytes) -> None:
    for item in read_message(raw).items:
        assert isinstance(item, (Bad, Call))


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


@given(_JSON, _JSON, _JSON, _JSON)
def test_any_json_is_a_message_and_its_id_can_be_answered(
    number: Any, method: Any, params: Any, version: Any
) -> None:
    content = {"jsonrpc": version, "id": number, "method": method, "params": params}
    for raw in (content, {**content, "jsonrpc": "2.0"}, [content, number]):
        for item in read_message(json.dumps(raw, ensure_ascii=True)).items:
            encode({"id": item.id})


_SOUND = {
    "id_tag": "A",
    "amperes": 1,
    "status": "Available",
    "error_code": "NoError",
    "action": "Heartbeat",
    "text": "x",
}
_ODD: list[Any] = [None, True, -1, 10**30, 1e308, "", "\x00", "9" * 400, [], [1], {}, {"a": {"b": [10**30]}}]


@pytest.mark.parametrize("name", sorted(COMMANDS.keys() - {"quit", "wait", "factory_reset"}))
async def test_garbage_in_a_parameter_never_ends_the_session(desk: Desk, name: str) -> None:
    """Every parameter of every command with values that do not belong there, the others sound."""
    (method,) = (method for method in discovery()["methods"] if method["name"] == name)
    sound = {one["name"]: _SOUND[one["name"]] for one in method["params"] if one["required"]}
    for parameter in method["params"]:
        for value in _ODD if parameter["name"] != "save" else ():
            (answer,) = await desk.say(call(1, name, **{**sound, parameter["name"]: value}))
            assert answer.get("error", {}).get("code") != -32603, (parameter["name"], value, answer)
    assert "result" in (await desk.say(call(1, "info")))[0]


# --- a slow reader ---


async def test_a_reader_too_slow_loses_events_and_is_told_how_many() -> None:
    outgoing = Outgoing(event_limit=10, answer_limit=10)
    outgoing.put_event(b"x" * 20)
    for _ in range(3):
        outgoing.put_event(b"lost")
    outgoing.put(b"answer")
    said = await outgoing.take()
    assert said[:2] == [b"x" * 20, b"answer"]
    assert json.loads(said[2]) == {"jsonrpc": "2.0", "method": "events_lost", "params": {"count": 3}}
    outgoing.put_event(b"again")
    assert await outgoing.take() == [b"again"]


async def test_a_reader_too_slow_holds_up_its_own_commands_only() -> None:
    outgoing = Outgoing(answer_limit=10)
    outgoing.put(b"x" * 20)
    waiting = asyncio.ensure_future(outgoing.room())
    await asyncio.sleep(0)
    assert not waiting.done()
    await outgoing.take()
    await waiting
    outgoing.close()
    assert await outgoing.take() == []
