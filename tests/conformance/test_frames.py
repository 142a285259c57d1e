"""RPC: frames in, frames out, who answers what, and that nothing a peer can send ends anything."""

import json
import re
from typing import Any

import pytest

from desktop_sim.protocol import ACTIONS
from desktop_sim.runtime.scripted_peer import Answer, Failure, Later, Message, Raw
from desktop_sim.station import commands
from desktop_sim.station.events import FrameEvent
from desktop_sim.station.profile import ConnectorProfile, Identity
from desktop_sim.station.turn import SECOND
from tests.conformance.coverage import covers
from tests.conformance.replies import logs, registration, times
from tests.conformance.world import TAG, World
from tests.protocol.foreign import accepts


def sent(world: World, text: str) -> list[Any]:
    """What the station sends because of a text, as JSON."""
    return [json.loads(frame) for frame in world.raw(text)]


def error(world: World, text: str) -> tuple[Any, str]:
    """Message id and code of the CALLERROR a text is answered with."""
    ((kind, message_id, code, description, details),) = sent(world, text)
    assert (kind, details) == (4, {})
    assert isinstance(description, str)
    return message_id, code


def busy_day(**more: Any) -> World:
    """A station that does nearly everything it can do, at two connectors."""
    world = World(
        connectors=(
            ConnectorProfile(phases=3),
            ConnectorProfile(current="DC", fixed_cable=True, max_amperes=125),
        ),
        keys={
            "MeterValueSampleInterval": "60",
            "ClockAlignedDataInterval": "300",
            "MeterValuesSampledData": "Energy.Active.Import.Register,Power.Active.Import,Current.Import,Voltage,SoC",
            "StopTxnSampledData": "Energy.Active.Import.Register",
            "StopTxnAlignedData": "Energy.Active.Import.Register",
            "AuthorizeRemoteTxRequests": "true",
            "LocalPreAuthorize": "false",
        },
        interval=100,
        **more,
    )
    world.start(1)
    world.ask("RemoteStartTransaction", {"idTag": "REMOTE", "connectorId": 2})
    world.do(commands.PlugIn(connector=2))
    world.run(700)
    for message in ("BootNotification", "Heartbeat", "MeterValues", "StatusNotification"):
        world.ask("TriggerMessage", {"requestedMessage": message})
    world.do(commands.Error(connector=1, error_code="WeakSignal", info="a" * 60, vendor_error_code="E1"))
    world.ask("ChangeAvailability", {"connectorId": 0, "type": "Inoperative"})
    world.ask("GetConfiguration")
    world.ask("GetConfiguration", {"key": ["HeartbeatInterval", "Nonsense"]})
    world.ask("UnlockConnector", {"connectorId": 1})
    world.ask("RemoteStopTransaction", {"transactionId": 2})
    world.ask("DataTransfer", {"vendorId": "nobody"})
    world.ask("ClearCache")
    world.ask("ChangeConfiguration", {"key": "HeartbeatInterval", "value": "50"})
    world.ask("Reset", {"type": "Soft"})
    world.run(120)
    return world


@covers("RPC-7", "RPC-10")
def test_every_frame_is_told_as_it_was() -> None:
    world = World(answers={"Authorize": Later(2, {"idTagInfo": {"status": "Accepted"}})})
    world.peer.clear()
    world.do(commands.Start(id_tag=TAG))
    world.ask("ClearCache")
    world.raw("what?")
    world.run(5)
    seen = [event for event in world.events(FrameEvent) if event.time >= world.peer.messages[0].time]
    assert [event.text for event in seen] == [message.text for message in world.peer.messages]
    for event, message in zip(seen, world.peer.messages, strict=True):
        assert event.direction == ("out" if message.received else "in")
        assert (event.type, event.action, event.message_id) == (message.type, message.action, message.id)
        assert bool(event.verdict) == (message.type == "invalid")
    assert [e.latency for e in seen if e.action == "Authorize"] == [None, 2 * SECOND]


# --- message ids ---


@covers("RPC-1")
def test_our_ids_are_text_of_36_characters_and_never_come_twice() -> None:
    world = busy_day(boot=True)
    world.driver.drop_link()
    world.run(300)
    world.do(commands.PowerCut())
    world.do(commands.PowerOn())
    world.run(300)
    world.driver.restart()
    world.run(300)
    world.do(commands.FactoryReset())
    world.run(300)
    ids = [message.id for message in world.peer.calls()]
    assert len(ids) > 40
    assert len(set(ids)) == len(ids)
    assert {len(id_) for id_ in ids} == {36}


@covers("RPC-1")
def test_two_stations_do_not_share_their_ids() -> None:
    one, two = World(seed=1), World(seed=2)
    other = World(identity=Identity(charge_point_id="CP002"))
    for world in (one, two, other):
        world.run(1000)
    ids = [{message.id for message in world.peer.calls()} for world in (one, two, other)]
    assert all(ids)
    assert not ids[0] & ids[1]
    assert not ids[0] & ids[2]


@covers("RPC-1")
@pytest.mark.parametrize(
    "message_id", ["1", "007", "", " ", "a" * 36, "Zürich", "{}", '"', "\\u0000", "1e400", "null"]
)
def test_their_ids_may_be_any_text(message_id: str) -> None:
    world = World()
    call = json.dumps([2, message_id, "ClearCache", {}])
    assert sent(world, call) == [[3, message_id, {"status": "Accepted"}]]


@covers("RPC-1")
@pytest.mark.parametrize("message_id", [0, 5, -7, 2**63, 10**35])
def test_an_integer_is_echoed_as_it_came_and_noted(message_id: int) -> None:
    world = World()
    assert sent(world, f'[2,{message_id},"ClearCache",{{}}]') == [[3, message_id, {"status": "Accepted"}]]
    assert logs(world, "integer")
    assert error(world, f'[2,{message_id + 1},"Nonsense",{{}}]') == (message_id + 1, "NotImplemented")


@covers("RPC-1", "RPC-12")
def test_an_integer_and_its_text_are_two_ids() -> None:
    world = World()
    assert sent(world, '[2,5,"ClearCache",{}]') == [[3, 5, {"status": "Accepted"}]]
    assert sent(world, '[2,"5","Reset",{}]')[0][:3] == [4, "5", "ProtocolError"]


# --- one call at a time ---


@covers("RPC-2")
def test_calls_are_answered_while_ours_waits() -> None:
    world = World(answers={"Authorize": None})
    world.do(commands.Start(id_tag=TAG))
    assert world.info()["queue"]["outstanding"] == "Authorize"
    assert world.ask("ClearCache") == {"status": "Accepted"}
    assert world.ask("GetConfiguration", {"key": ["HeartbeatInterval"]})["configurationKey"]
    assert world.ask("TriggerMessage", {"requestedMessage": "Heartbeat"}) == {"status": "Accepted"}
    assert world.told() == ["Status(1) Preparing", "Authorize"]
    assert world.info()["queue"]["outstanding"] == "Authorize"


@covers("RPC-2", "RPC-4")
def test_our_next_call_waits_for_the_answer_to_the_one_before() -> None:
    world = World(connectors=2, answers={"StatusNotification": Later(3, {})})
    world.run(10)
    world.peer.clear()
    before = world.driver.now.sim
    world.do(commands.PlugIn(connector=1))
    world.do(commands.PlugIn(connector=2))
    world.ask("TriggerMessage", {"requestedMessage": "Heartbeat"})
    world.run(20)
    assert world.told() == ["Status(1) Preparing", "Status(2) Preparing", "Heartbeat"]
    assert [(m.time - before) / SECOND for m in world.peer.calls()] == [0, 3, 6]


@covers("RPC-2", "RPC-4")
def test_a_silent_central_system_does_not_make_the_station_hoard() -> None:
    world = World(connectors=3, keys={"ClockAlignedDataInterval": "10"})
    world.peer.answers["MeterValues"] = None
    world.run(20_000)
    assert world.driver.station._rpc.waiting <= 200  # type: ignore[attr-defined]
    assert logs(world, "messages wait")
    world.peer.answers["MeterValues"] = {}
    world.run(40)
    world.do(commands.PlugIn(connector=1))
    assert world.told()[-1] == "Status(1) Preparing"


@covers("RPC-3")
def test_several_calls_at_once_are_answered_in_order() -> None:
    world = World()
    ids = [world.peer.call("GetConfiguration", {"key": [f"k{number}"]}) for number in range(20)]
    world.run(0)
    assert [m.id for m in world.peer.messages if m.type == "result" and m.received] == ids


@covers("RPC-4", "C.1/MessageTimeout")
@pytest.mark.parametrize("seconds", [30, 5])
def test_without_an_answer_the_next_call_goes_after_the_time_out(seconds: int) -> None:
    world = World(answers={"Heartbeat": None}, interval=100, keys={"MessageTimeout": str(seconds)})
    world.run(100)
    world.do(commands.PlugIn())
    world.run(40)
    assert times(world, "Heartbeat") == [100]
    assert times(world, "StatusNotification") == [100 + seconds]
    assert logs(world, f"No answer to Heartbeat within {seconds} s")


@covers("RPC-4", "RPC-7")
def test_a_late_answer_is_dropped() -> None:
    world = World(interval=100)
    world.peer.answers["Heartbeat"] = Later(31, {"currentTime": "2031-01-01T00:00:00Z"})
    world.run(140)
    assert world.info()["clock"]["offset"] == 0
    (late,) = [e for e in world.events(FrameEvent) if "2031" in e.text]
    assert late.verdict


@covers("RPC-4")
def test_a_late_answer_does_not_answer_the_next_call() -> None:
    world = World(keys={"MessageTimeout": "5"}, connectors=2, answers={"Authorize": None})
    world.do(commands.Start(connector=1, id_tag="ANN"))
    late = world.peer.calls("Authorize")[0].id
    world.run(6)
    world.do(commands.Start(connector=2, id_tag="BOB"))
    world.raw(f'[3,"{late}",{{"idTagInfo":{{"status":"Accepted"}}}}]')
    assert "transaction" not in world.connector(2)
    assert world.info()["queue"]["outstanding"] == "Authorize"


# --- payloads ---


@covers("RPC-5")
def test_an_empty_payload_is_sent_as_an_object() -> None:
    world = World(interval=100)
    world.run(100)
    assert world.peer.calls("Heartbeat")[0].text.endswith(',"Heartbeat",{}]')


@covers("RPC-5")
def test_null_is_an_empty_payload() -> None:
    world = World(
        answers={"StatusNotification": Raw('[3,"{id}",null]'), "StopTransaction": Raw('[3,"{id}",null]')}
    )
    assert sent(world, '[2,"a","ClearCache",null]') == [[3, "a", {"status": "Accepted"}]]
    assert error(world, '[2,"b","Reset",null]') == ("b", "ProtocolError")
    world.start()
    world.do(commands.Stop())
    assert world.info()["queue"] == {"waiting": 0, "outstanding": None}


@covers("RPC-6", "D.3/NotImplemented")
@pytest.mark.parametrize("action", ["clearCache", "CLEARCACHE", "ClearCache ", "", "ClearCache\\u0000"])
def test_action_names_keep_their_case(action: str) -> None:
    assert error(World(), f'[2,"a","{action}",{{}}]') == ("a", "NotImplemented")


@covers("RPC-7")
@pytest.mark.parametrize(
    "text",
    ['[3,"nobody",{}]', '[4,"nobody","GenericError","",{}]', '[3,5,{"status":"Accepted"}]', '[3,"",null]'],
)
def test_an_answer_nobody_waits_for_is_ignored_and_noted(text: str) -> None:
    world = World()
    assert world.raw(text) == []
    assert world.events(FrameEvent)[-1].verdict
    assert world.info()["link"]["state"] == "up"


@covers("RPC-7", "RPC-2")
def test_an_answer_to_another_call_leaves_ours_waiting() -> None:
    world = World(answers={"Authorize": None})
    world.do(commands.Start(id_tag=TAG))
    world.raw('[3,"nobody",{"idTagInfo":{"status":"Accepted"}}]')
    world.raw('[4,"nobody","InternalError","",{}]')
    assert world.info()["queue"]["outstanding"] == "Authorize"
    assert "transaction" not in world.connector()


@covers("RPC-7")
def test_an_answer_counts_once() -> None:
    world = World(answers={"Authorize": None})
    world.do(commands.Start(id_tag=TAG))
    message_id = world.peer.calls("Authorize")[0].id
    world.raw(f'[3,"{message_id}",{{"idTagInfo":{{"status":"Blocked"}}}}]')
    world.raw(f'[3,"{message_id}",{{"idTagInfo":{{"status":"Accepted"}}}}]')
    assert "transaction" not in world.connector()


@covers("RPC-8")
@pytest.mark.parametrize(
    "action, payload, status",
    [
        ("RemoteStopTransaction", {"transactionId": 99}, "Rejected"),
        ("RemoteStartTransaction", {"idTag": TAG, "connectorId": 9}, "Rejected"),
        ("ChangeConfiguration", {"key": "HeartbeatInterval", "value": "soon"}, "Rejected"),
        ("ChangeConfiguration", {"key": "Nonsense", "value": "1"}, "NotSupported"),
        ("ChangeAvailability", {"connectorId": 9, "type": "Operative"}, "Rejected"),
        ("UnlockConnector", {"connectorId": 9}, "NotSupported"),
        ("DataTransfer", {"vendorId": "nobody"}, "UnknownVendorId"),
        ("TriggerMessage", {"requestedMessage": "Nonsense"}, "NotImplemented"),
    ],
)
def test_a_defined_no_is_a_result(action: str, payload: dict[str, Any], status: str) -> None:
    world = World()
    message_id = world.peer.call(action, payload)
    world.run(0)
    answer = world.peer.answer_to(message_id)
    assert (answer.type, answer.payload) == ("result", {"status": status})


# --- broken frames ---

IGNORED = [
    "",
    " ",
    "null",
    "7",
    '"text"',
    "[]",
    "{}",
    "[2]",
    "[2,null]",
    '[2,["a"],"ClearCache",{}]',
    '[2,1.5,"ClearCache",{}]',
    '[2,true,"ClearCache",{}]',
    '[2,"a","ClearCache",{}',
    '[2,"a","DataTransfer",{"vendorId":NaN}]',
    '[2,"a","DataTransfer",{"vendorId":Infinity}]',
    '[2,"a","DataTransfer",{"vendorId":"\ud800"}]'.encode(errors="replace").decode() + "x",
    "[3]",
    '[3,"a"]',
    '[4,"a"]',
    '[4,"a",5]',
]


@covers("RPC-10", "RPC-27")
@pytest.mark.parametrize("text", IGNORED)
def test_what_is_no_frame_and_names_no_call_is_ignored_and_noted(text: str) -> None:
    world = World()
    assert world.raw(text) == []
    assert world.events(FrameEvent)[-1].verdict
    _still_works(world)


@covers("RPC-9", "RPC-27")
@pytest.mark.parametrize("kind", ["1", "5", "0", "-2", '"2"', "2.0", "null", "[2]", "22", "true"])
def test_an_unknown_message_type_is_ignored(kind: str) -> None:
    world = World()
    assert world.raw(f'[{kind},"a","ClearCache",{{}}]') == []
    assert world.events(FrameEvent)[-1].verdict
    _still_works(world)


@covers("RPC-10", "RPC-27", "D.3/FormationViolation")
@pytest.mark.parametrize(
    "text",
    [
        '[2,"a"]',
        '[2,"a","Reset"]',
        '[2,"a","Reset",{"type":"Soft"},{}]',
        '[2,"a",5,{}]',
        '[2,"a",null,{}]',
        '[2,"a","Reset",{"type":"Soft","type":"Hard"}]',
        '[2,"a","DataTransfer",' + '{"x":' * 70 + "1" + "}" * 70 + "]",
        '[2,"a","DataTransfer",' + "[" * 100_000 + "]" * 100_000 + "]",
        '[2,"a","DataTransfer",{"vendorId":"x","data":"' + "x" * 1024 * 1024 + '"}]',
    ],
)
def test_a_broken_call_whose_id_can_be_read_is_answered(text: str) -> None:
    world = World()
    assert error(world, text) == ("a", "FormationViolation")
    _still_works(world)
    assert "transaction" not in world.connector()


@covers("RPC-11", "RPC-27")
@pytest.mark.parametrize("length", [37, 500])
def test_an_id_that_is_too_long_is_echoed(length: int) -> None:
    world = World()
    assert error(world, f'[2,"{"i" * length}","ClearCache",{{}}]') == ("i" * length, "FormationViolation")
    _still_works(world)


@covers("RPC-27", "CORE-DT-3")
def test_a_mebibyte_is_just_right() -> None:
    head, tail = '[2,"a","DataTransfer",{"vendorId":"x","data":"', '"}]'
    text = head + "x" * (1024 * 1024 - len(head) - len(tail)) + tail
    assert sent(World(), text) == [[3, "a", {"status": "UnknownVendorId"}]]


@covers("RPC-27")
def test_64_levels_are_just_right() -> None:
    world = World()
    text = '[2,"a","ClearCache",' + '{"x":' * 63 + "1" + "}" * 63 + "]"
    ((_, _, code, description, _),) = sent(world, text)
    assert code == "FormationViolation"
    assert "no field of the message" in description
    lenient = World(switches={"SW-STRICT-IN": "lenient-in"})
    assert sent(lenient, text) == [[3, "a", {"status": "Accepted"}]]


@covers("RPC-27")
@pytest.mark.parametrize("state", ["Accepted", "Pending", "Rejected"])
@pytest.mark.parametrize("waiting", [True, False])
def test_no_text_ends_anything_in_any_state(state: str, waiting: bool) -> None:
    world = World()
    world.start()
    if state != "Accepted":
        world.peer.answers["BootNotification"] = registration(world, state, 10_000)
        world.ask("TriggerMessage", {"requestedMessage": "BootNotification"})
    if waiting:
        world.peer.answers["Heartbeat"] = None
        world.do(commands.Send(action="Heartbeat", force=True))
    for text in (*IGNORED, '[2,"b"]', '[2,5,"Reset",{"type":5}]', '["2","a","Reset",{}]', '[5,"a",{}]'):
        world.raw(text)
    world.driver.receive_invalid("utf-8")
    assert world.info()["link"]["state"] == "up"
    assert world.connector()["transaction"]["id"] == 1


@covers("RPC-27")
def test_an_integer_id_of_the_fuzz_list_is_a_call_like_any_other() -> None:
    world = World()
    assert sent(world, '[2,5,"Reset",{"type":"Soft"}]')[0] == [3, 5, {"status": "Accepted"}]
    world.run(10)
    assert world.peer.actions()[0] == "BootNotification"


def _still_works(world: World) -> None:
    assert world.info()["link"]["state"] == "up"
    assert world.ask("ClearCache") == {"status": "Accepted"}
    assert world.peer.connections == 1


# --- the same id again ---


@covers("RPC-12")
def test_the_same_call_again_gets_the_same_answer_and_is_done_once() -> None:
    world = World()
    text = '[2,"same","Reset",{"type":"Soft"}]'
    assert sent(world, text)[0] == [3, "same", {"status": "Accepted"}]
    world = World(connectors=2)
    text = '[2,"same","RemoteStartTransaction",{"idTag":"ANN"}]'
    assert sent(world, text)[0] == [3, "same", {"status": "Accepted"}]
    world.run(5)
    assert sent(world, text) == [[3, "same", {"status": "Accepted"}]]
    assert [world.status(1), world.status(2)] == ["Preparing", "Available"]


@covers("RPC-12")
def test_the_stored_answer_may_be_an_error_and_stays_what_it_was() -> None:
    world = World()
    first = sent(world, '[2,"same","Nonsense",{}]')
    assert sent(world, '[2,"same","Nonsense",{}]') == first
    assert [e.type for e in world.events(FrameEvent)[-1:]] == ["error"]


@covers("RPC-12", "D.3/GenericError")
def test_the_same_id_with_other_content_is_refused_and_noted() -> None:
    world = World()
    sent(world, '[2,"same","ClearCache",{}]')
    assert error(world, '[2,"same","Reset",{"type":"Hard"}]') == ("same", "GenericError")
    assert error(world, '[2,"same","ClearCache",{"x":1}]') == ("same", "GenericError")
    assert logs(world, "AttemptedReplayAttacks")
    world.run(10)
    assert "BootNotification" not in world.told()


@covers("RPC-12")
def test_the_last_five_hundred_ids_are_remembered() -> None:
    world = World()
    for number in range(600):
        world.peer.call("GetConfiguration", {"key": ["x"]}, id=f"n{number}")
    world.run(0)
    assert error(world, '[2,"n100","Reset",{"type":"Hard"}]') == ("n100", "GenericError")
    assert error(world, '[2,"n599","GetConfiguration",{}]') == ("n599", "GenericError")
    assert sent(world, '[2,"n99","ClearCache",{}]') == [[3, "n99", {"status": "Accepted"}]]


@covers("RPC-12")
def test_a_new_link_begins_with_new_ids() -> None:
    world = World()
    sent(world, '[2,"1","ClearCache",{}]')
    world.driver.drop_link()
    world.run(4)
    assert sent(world, '[2,"1","GetConfiguration",{"key":["x"]}]')[0][0] == 3


# --- answers that are not quite right ---


@covers("RPC-13")
@pytest.mark.parametrize("text", ['[3,"{id}",{},"more"]', '[3,"{id}",{},{},{},5]'])
def test_surplus_elements_of_a_result_are_tolerated(text: str) -> None:
    world = World(answers={"StopTransaction": Raw(text)})
    world.start()
    world.do(commands.Stop())
    assert world.info()["queue"] == {"waiting": 0, "outstanding": None}


@covers("RPC-13", "RPC-25")
@pytest.mark.parametrize(
    "text",
    [
        '[4,"{id}","InternalError"]',
        '[4,"{id}","InternalError","what"]',
        '[4,"{id}","InternalError",null,null]',
        '[4,"{id}","NoSuchCode","",{"a":1},7]',
    ],
)
def test_a_short_or_long_error_is_an_error(text: str) -> None:
    world = World(
        answers={"StartTransaction": [Raw(text), {"transactionId": 4, "idTagInfo": {"status": "Accepted"}}]}
    )
    world.do(commands.Start(id_tag=TAG))
    assert world.info()["queue"] == {"waiting": 1, "outstanding": None}
    world.run(61)
    assert world.connector()["transaction"]["id"] == 4


# --- what we send ---


@covers("RPC-14", "RPC-16", "CORE-BOOT-2")
def test_a_foreign_judge_finds_nothing_wrong_with_what_is_sent() -> None:
    world = busy_day(boot=True)
    seen = set()
    for message in world.peer.messages:
        if message.received and message.type in ("call", "result"):
            name = message.action if message.type == "call" else f"{message.action}Response"
            assert accepts(name, message.payload), message.text
            seen.add(name)
    assert len(seen) >= 17


def _leaves(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [leaf for item in value.values() for leaf in _leaves(item)]
    if isinstance(value, list):
        return [leaf for item in value for leaf in _leaves(item)]
    return [value]


def _ours(world: World) -> list[Message]:
    return [message for message in world.peer.messages if message.received]


@covers("RPC-15", "CORE-MV-13")
def test_numbers_are_whole_and_nothing_is_null() -> None:
    leaves = [leaf for message in _ours(busy_day()) for leaf in _leaves(message.payload)]
    assert {type(leaf) for leaf in leaves} == {str, int, bool}


@covers("RPC-15")
def test_a_whole_number_may_come_with_a_point() -> None:
    world = World()
    assert sent(world, '[2,"a","UnlockConnector",{"connectorId":1.0}]')[0] == [3, "a", {"status": "Unlocked"}]
    assert error(world, '[2,"b","UnlockConnector",{"connectorId":1.5}]') == ("b", "TypeConstraintViolation")


@covers("RPC-15")
def test_a_whole_number_may_come_with_a_point_in_an_answer_too() -> None:
    answer = Raw('[3,"{id}",{"transactionId":12.0,"idTagInfo":{"status":"Accepted"}}]')
    assert World(answers={"StartTransaction": answer}).start() == 12


@covers("RPC-16")
def test_our_times_are_utc_with_milliseconds() -> None:
    texts = [message.text for message in _ours(busy_day())]
    found = [stamp for text in texts for stamp in re.findall(r'"timestamp":"([^"]*)"', text)]
    assert len(found) > 30
    for stamp in found:
        assert re.fullmatch(r"2025-06-02T\d\d:\d\d:\d\d\.\d{3}Z", stamp)


@covers("RPC-16", "CORE-HB-2")
@pytest.mark.parametrize(
    "text, offset, noted",
    [
        ("2025-06-02T07:00:05Z", 5.0, False),
        ("2025-06-02T07:00:05.5Z", 5.5, False),
        ("2025-06-02T07:00:05.123456789Z", 5.123456, False),
        ("2025-06-02T09:00:05+02:00", 5.0, False),
        ("2025-06-02T01:30:05-05:30", 5.0, False),
        ("2025-06-02T09:00:05+0200", 5.0, False),
        ("2025-06-02T07:00:05", 5.0, True),
    ],
)
def test_times_are_read_in_many_forms(text: str, offset: float, noted: bool) -> None:
    world = World(boot=False)
    world.peer.answers["BootNotification"] = {"status": "Accepted", "currentTime": text, "interval": 300}
    world.run(0)
    assert world.info()["clock"]["offset"] == round(offset * SECOND)
    assert bool(logs(world, "no zone")) is noted


@covers("RPC-17")
@pytest.mark.parametrize("waiting", [True, False])
def test_every_call_is_answered_at_once(waiting: bool) -> None:
    world = World(answers={"Heartbeat": None} if waiting else {}, interval=100)
    world.run(100)
    assert (world.info()["queue"]["outstanding"] is not None) is waiting
    for action in ACTIONS.values():
        if action.from_central_system:
            message_id = world.peer.call(action.name, {})
            world.run(0)
            assert world.peer.answer_to(message_id).time == world.driver.now.sim


@covers("RPC-18")
def test_all_but_natural_language_is_ascii() -> None:
    for message in _ours(busy_day()):
        assert message.text.isascii(), message.text


@covers("RPC-18")
def test_natural_language_need_not_be() -> None:
    world = World()
    world.do(commands.Error(error_code="OtherError", info="Überhitzung am Stecker"))
    assert world.peer.last("StatusNotification")["info"] == "Überhitzung am Stecker"


# --- strict and lenient ---

READINGS = [
    ('{"key":"HeartbeatInterval","value":"70","extra":1}', "FormationViolation", "Accepted"),
    ('{"key":"HeartbeatInterval","value":70}', "TypeConstraintViolation", "Accepted"),
    ('{"key":"HeartbeatInterval","value":null}', "TypeConstraintViolation", "TypeConstraintViolation"),
    ('{"key":"HeartbeatInterval","value":true}', "TypeConstraintViolation", "TypeConstraintViolation"),
    ('{"key":"HeartbeatInterval"}', "ProtocolError", "ProtocolError"),
    ('{"key":"HeartbeatInterval","value":"70","value":"80"}', "FormationViolation", "Accepted"),
]


@covers("RPC-22", "RPC-21")
@pytest.mark.parametrize("payload, strict, lenient", READINGS)
@pytest.mark.parametrize("switch", ["on", "lenient-in"])
def test_strict_and_lenient_reading(payload: str, strict: str, lenient: str, switch: str) -> None:
    world = World(switches={"SW-STRICT-IN": switch})
    (frame,) = sent(world, f'[2,"a","ChangeConfiguration",{payload}]')
    answer = frame[2]["status"] if frame[0] == 3 else frame[2]
    assert answer == (strict if switch == "on" else lenient)


@covers("RPC-22")
@pytest.mark.parametrize(
    "payload, strict, lenient",
    [
        ('{"connectorId":"1","type":"Operative"}', "TypeConstraintViolation", "Accepted"),
        ('{"connectorId":"one","type":"Operative"}', "TypeConstraintViolation", "TypeConstraintViolation"),
        (
            '{"connectorId":1,"type":"operative"}',
            "PropertyConstraintViolation",
            "PropertyConstraintViolation",
        ),
    ],
)
@pytest.mark.parametrize("switch", ["on", "lenient-in"])
def test_only_what_is_safe_is_converted(payload: str, strict: str, lenient: str, switch: str) -> None:
    world = World(switches={"SW-STRICT-IN": switch})
    (frame,) = sent(world, f'[2,"a","ChangeAvailability",{payload}]')
    answer = frame[2]["status"] if frame[0] == 3 else frame[2]
    assert answer == (strict if switch == "on" else lenient)


@covers("RPC-22")
@pytest.mark.parametrize(
    "payload", ['{"idTag":"ANN","connectorId":null}', '{"idTag":"ANN","chargingProfile":null}']
)
@pytest.mark.parametrize("switch", ["on", "lenient-in"])
def test_an_optional_null_is_absent_only_to_the_lenient(payload: str, switch: str) -> None:
    world = World(switches={"SW-STRICT-IN": switch})
    frame = sent(world, f'[2,"a","RemoteStartTransaction",{payload}]')[0]
    assert frame[2] == ("TypeConstraintViolation" if switch == "on" else {"status": "Accepted"})


@covers("RPC-22", "RPC-26")
@pytest.mark.parametrize("switch, number", [("on", None), ("lenient-in", 7)])
def test_answers_are_read_as_strictly_as_calls(switch: str, number: int | None) -> None:
    answer = Raw(
        '[3,"{id}",{"transactionId":"7","idTagInfo":{"status":"Accepted","parentIdTag":null},"x":1}]'
    )
    world = World(switches={"SW-STRICT-IN": switch}, answers={"StartTransaction": answer})
    world.do(commands.Start(id_tag=TAG))
    assert world.connector()["transaction"]["id"] == number


@covers("RPC-22", "RPC-14")
@pytest.mark.parametrize("switch", ["on", "off"])
def test_what_a_person_sends_is_checked_unless_forced(switch: str) -> None:
    world = World(switches={"SW-STRICT-OUT": switch})
    with pytest.raises(commands.CommandRefused, match="nonsense"):
        world.do(commands.Send(action="Heartbeat", payload={"nonsense": 1}))
    world.do(commands.Send(action="Heartbeat", payload={"nonsense": 1}, force=True))
    world.run(0)
    assert world.peer.last("Heartbeat") == {"nonsense": 1}


@covers("RPC-22", "RPC-14")
@pytest.mark.parametrize("switch, leaves", [("on", False), ("off", True)])
def test_what_the_station_itself_sends_is_checked_by_switch(switch: str, leaves: bool) -> None:
    world = World(boot=False, identity=Identity(vendor="x" * 21), switches={"SW-STRICT-OUT": switch})
    world.expected_errors = ("breaks its schema",)
    world.run(5)
    assert bool(world.peer.calls("BootNotification")) is leaves
    assert bool(logs(world, "breaks its schema")) is not leaves


# --- errors to our calls ---


@covers("RPC-25", "RPC-26", "RPC-4")
@pytest.mark.parametrize("action", ["StatusNotification", "Heartbeat", "DataTransfer", "MeterValues"])
@pytest.mark.parametrize(
    "answer",
    [Failure("NotSupported", "no"), Failure("OccurrenceConstraintViolation"), Raw('[3,"{id}",[]]'), None],
)
def test_a_failed_call_of_no_consequence_is_let_go(action: str, answer: Answer) -> None:
    world = World(interval=1000)
    world.peer.answers[action] = answer
    if action == "StatusNotification":
        world.do(commands.PlugIn())
    elif action == "DataTransfer":
        world.do(commands.Send(action="DataTransfer", payload={"vendorId": "x"}))
    else:
        world.ask("TriggerMessage", {"requestedMessage": action, "connectorId": 1})
    world.run(35)
    assert world.info()["queue"] == {"waiting": 0, "outstanding": None}
    assert times(world, action) == [0.5]
    _still_works(world)


@covers("RPC-26")
def test_a_wrong_result_is_noted_and_never_answered() -> None:
    world = World(answers={"Heartbeat": Raw('[3,"{id}",{"currentTime":"soon"}]')}, interval=100)
    world.run(100)
    assert [m for m in world.peer.messages if m.received][-1].action == "Heartbeat"
    assert world.events(FrameEvent)[-1].verdict.startswith("$.currentTime")
    assert world.info()["clock"]["offset"] == 0
