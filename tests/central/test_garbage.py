"""Whatever comes, nothing raises, nothing hangs, and an ordinary call is answered afterwards (RPC-27)."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from desktop_sim.central import AnswerRule, CentralSystem, Policy, Tag
from desktop_sim.central.events import FramePassed
from desktop_sim.protocol import ACTIONS, encode
from tests.central.line import Line
from tests.protocol import foreign
from tests.protocol.strategies import messages

FUZZ = [
    "",
    "[]",
    "{}",
    "[2]",
    '[2,"a"]',
    '[2,"b","Heartbeat"]',
    '[2,"c","Heartbeat",null]',
    '[2,5,"Heartbeat",{}]',
    '[5,"a",{}]',
    '["2","a","Heartbeat",{}]',
    f'[2,"{"x" * 37}","Heartbeat",{{}}]',
    f'[2,"d","DataTransfer",{{"vendorId":"x","data":"{"y" * 1_100_000}"}}]',
    '[2,"e","MeterValues",{"connectorId":NaN}]',
    '[2,"f","Authorize",{"idTag":"a","idTag":"b"}]',
    '[2,"g","DataTransfer",' + '{"a":' * 70 + "1" + "}" * 71,
    "[" * 100_000,
    '[2,"h","DataTransfer",' + "[" * 5000 + "]" * 5000 + "]",
    '[2,"i","Authorize",{"idTag":"\\ud800"}]',
    "\ud800",
    '[2,"\ud800","Heartbeat",{}]',
    "[2," + "9" * 5000 + ',"Heartbeat",{}]',
    '[2,1e999,"Heartbeat",{}]',
    '[2,"j","StartTransaction",{"connectorId":1,"idTag":"A","meterStart":'
    + "9" * 30
    + ',"timestamp":"2025-06-02T07:00:00Z"}]',
    '[2,"k","StartTransaction",{"connectorId":1,"idTag":"A","meterStart":0,"timestamp":"0000-01-01T00:00:00+23:59"}]',
    '[2,"l","StartTransaction",{"connectorId":1,"idTag":"A","meterStart":0,"timestamp":"9999-12-31T23:59:60Z"}]',
    '[3,"a"]',
    "[3,null,{}]",
    '[4,"a"]',
    '[4,"a",5]',
]

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
ACTION_NAMES = st.sampled_from(sorted(ACTIONS)) | st.text()
FRAMES = st.one_of(
    st.text(st.characters(exclude_categories=())),
    JSON.map(json.dumps),
    st.tuples(st.just(2), st.text(max_size=40) | JSON, ACTION_NAMES | JSON, JSON).map(json.dumps),
    st.tuples(st.sampled_from([3, 4]), JSON, JSON, JSON, JSON).map(json.dumps),
)


def _line() -> Line:
    return Line(CentralSystem([Tag(id_tag="USER001")]))


def _still_alive(line: Line) -> None:
    assert line.ask("Heartbeat")
    assert not [
        event
        for event in line.happened(FramePassed)
        if "InternalError" in event.text and event.direction == "out"
    ]


def test_the_fuzz_list() -> None:
    line = _line()
    for text in FUZZ:
        line.send(text)
        _still_alive(line)


@given(st.lists(FRAMES, max_size=5))
def test_any_text(texts: list[str]) -> None:
    line = _line()
    for text in texts:
        line.send(text)
    _still_alive(line)


@given(st.lists(st.sampled_from([a for a in ACTIONS.values() if a.from_charge_point]), max_size=8), st.data())
def test_any_proper_request(actions: list[Any], data: st.DataObject) -> None:
    line = _line()
    for action in actions:
        payload = json.loads(encode(data.draw(messages(action.request))))
        (frame,) = line.call(action.name, payload)
        assert frame[0] == 3 or frame[2] == "PropertyConstraintViolation"
    _still_alive(line)


@given(st.sampled_from([a for a in ACTIONS.values() if a.from_central_system]), JSON)
def test_any_answer_to_a_call(action: Any, answer: Any) -> None:
    line = _line()
    payload = foreign.example(action.name)
    message_id = line.central.call("CP001", action.name, payload, line.now)
    line.send(json.dumps([3, message_id, answer]))
    assert line.central.next_deadline() is None
    _still_alive(line)


@given(st.sampled_from([a for a in ACTIONS.values() if a.from_central_system]), st.data())
def test_any_proper_answer_to_any_proper_call(action: Any, data: st.DataObject) -> None:
    line = _line()
    request = encode(data.draw(messages(action.request))).decode()
    message_id = line.central.call("CP001", action.name, request, line.now)
    line.send(f'[3,"{message_id}",{encode(data.draw(messages(action.response))).decode()}]')
    assert line.verdicts() == []
    _still_alive(line)


RULES = st.builds(
    AnswerRule,
    action=st.sampled_from(["*", "Heartbeat", "Authorize"]),
    answer=st.sampled_from(["normal", "none", "error", "payload", "text", "drop"]),
    delay=st.floats(-1, 100),
    times=st.none() | st.integers(-1, 3),
    processed=st.booleans(),
    code=st.text(max_size=10),
    payload=JSON,
    text=st.text(max_size=20),
)


@given(st.lists(RULES, max_size=3), st.lists(st.sampled_from(["Heartbeat", "Authorize", "wait"]), max_size=8))
def test_any_rules(rules: list[AnswerRule], acts: list[str]) -> None:
    line = Line(CentralSystem(policy=Policy(rules=rules)))
    for act in acts:
        if act == "wait":
            line.wait(7)
        else:
            line.call(act, {"idTag": "A"} if act == "Authorize" else {})
    line.central.policy.rules.clear()
    line.wait(200)
    _still_alive(line)
