"""Our calls: checked, queued, one outstanding, answered, late, lost (RPC-2, RPC-4, RPC-7, RPC-26)."""

import json
from typing import Any

import pytest

from desktop_sim.central import AnswerRule, CallRefused, CentralSystem, Policy, Registration
from desktop_sim.central.events import CallEnded, FramePassed
from desktop_sim.protocol.types import RegistrationStatus
from tests.central.line import BOOT, SECOND, Line

RESET = {"type": "Soft"}


def _call(line: Line, action: str, payload: dict[str, Any] | str, *, force: bool = False) -> str:
    return line.central.call("CP001", action, payload, line.now, force=force)


def _answer(line: Line, message_id: str, payload: dict[str, Any]) -> list[list[Any]]:
    return line.send(json.dumps([3, message_id, payload]))


def test_a_call_and_its_answer() -> None:
    line = Line(CentralSystem())
    message_id = _call(line, "Reset", RESET)
    assert line.frames() == [[2, message_id, "Reset", RESET]]
    line.wait(0.25)
    _answer(line, message_id, {"status": "Accepted"})
    (ended,) = line.happened(CallEnded)
    assert (ended.message_id, ended.action, ended.outcome) == (message_id, "Reset", "result")
    assert (ended.payload, ended.latency) == ({"status": "Accepted"}, 250_000)
    frames = [
        (frame.direction, frame.type, frame.action, frame.latency) for frame in line.happened(FramePassed)
    ]
    assert frames == [("out", "call", "Reset", None), ("in", "result", "Reset", 250_000)]


def test_text_goes_out_as_it_was_written_but_compact() -> None:
    line = Line(CentralSystem())
    message_id = _call(line, "DataTransfer", '{\n  "vendorId": "x",\n  "data": "a  b"\n}')
    line.history += line.central.events()
    assert line.central.frames_to_send() == [
        ("CP001", f'[2,"{message_id}","DataTransfer",{{"vendorId":"x","data":"a  b"}}]')
    ]


def test_one_outstanding_and_the_rest_in_order() -> None:
    line = Line(CentralSystem())
    ids = [_call(line, action, {}) for action in ("ClearCache", "GetLocalListVersion", "GetConfiguration")]
    assert [frame[1] for frame in line.frames()] == ids[:1]
    assert [frame[1] for frame in _answer(line, ids[0], {"status": "Accepted"})] == ids[1:2]
    assert line.ask("Heartbeat")  # the other direction is independent
    assert [frame[1] for frame in line.send(f'[4,"{ids[1]}","InternalError","no",{{"a":1}}]')] == ids[2:]
    outcomes = [
        (ended.outcome, ended.code, ended.description, ended.payload) for ended in line.happened(CallEnded)
    ]
    assert outcomes == [
        ("result", "", "", {"status": "Accepted"}),
        ("error", "InternalError", "no", {"a": 1}),
    ]


def test_charge_points_do_not_wait_for_each_other() -> None:
    central = CentralSystem()
    lines = Line(central, "A"), Line(central, "B")
    for line in lines:
        central.call(line.identity, "ClearCache", {}, line.now)
    assert [identity for identity, _ in central.frames_to_send()] == ["A", "B"]


def test_message_ids_are_uuids_from_the_seed() -> None:
    def ids(seed: int) -> list[str]:
        line = Line(CentralSystem(seed=seed))
        return [_call(line, "ClearCache", {}) for _ in range(50)]

    assert ids(1) == ids(1)
    assert not set(ids(1)) & set(ids(2))
    assert len(set(ids(1))) == 50


@pytest.mark.parametrize(
    "action, payload, sentence",
    [
        ("Reset", {"type": "Medium"}, "$.type"),
        ("Reset", {}, "type"),
        ("Reset", "[]", "$"),
        ("Reset", "{", "not JSON"),
        ("Reset", {"type": object()}, "cannot be written as JSON"),
        ("reset", RESET, "no action reset"),
        ("Heartbeat", {}, "sent by charge points only"),
        ("Reset", '{"type":"Soft","type":"Hard"}', "key twice"),
        ("DataTransfer", {"vendorId": "x", "data": "x" * 2_000_000}, "larger than"),
        ("DataTransfer", '{"vendorId":"\ud800"}', "UTF-8"),
        ("\ud800", {}, "UTF-8"),
    ],
)
def test_wrong_calls_are_refused_with_the_place(action: str, payload: Any, sentence: str) -> None:
    line = Line(CentralSystem())
    with pytest.raises(CallRefused) as refused:
        _call(line, action, payload)
    assert sentence in refused.value.sentence
    assert line.frames() == []


def test_nobody_to_call() -> None:
    central = CentralSystem()
    with pytest.raises(CallRefused, match="CP001 is not connected"):
        central.call("CP001", "ClearCache", {}, 0)
    with pytest.raises(CallRefused, match="CP001 is not connected"):
        central.send_text("CP001", "[]", 0)
    with pytest.raises(CallRefused, match="CP001 is not connected"):
        central.drop("CP001", 0)


@pytest.mark.parametrize(
    "action, payload, sent",
    [
        ("Reset", {"type": "Medium"}, '"Reset",{"type":"Medium"}'),
        ("FooBar", {"a": 1}, '"FooBar",{"a":1}'),
        ("Reset", "{broken", '"Reset",{broken'),
        ("Heartbeat", {}, '"Heartbeat",{}'),
    ],
)
def test_force_sends_anything_and_says_what_is_wrong(action: str, payload: Any, sent: str) -> None:
    line = Line(CentralSystem())
    message_id = _call(line, action, payload, force=True)
    assert line.central.frames_to_send() == [("CP001", f'[2,"{message_id}",{sent}]')]
    (frame,) = line.happened(FramePassed)
    assert frame.by_hand
    assert frame.verdict
    _answer(line, message_id, {"status": "Rejected"})
    assert line.happened(CallEnded)[0].message_id == message_id


def test_force_needs_a_text_all_the_same() -> None:
    line = Line(CentralSystem())
    with pytest.raises(CallRefused):
        _call(line, "Reset", {"type": object()}, force=True)


def test_remote_start_is_forbidden_while_pending() -> None:
    line = Line(CentralSystem(policy=Policy(registration=Registration(RegistrationStatus.Pending, 5))))
    line.ask("BootNotification", BOOT)
    with pytest.raises(CallRefused, match="Pending"):
        _call(line, "RemoteStartTransaction", {"idTag": "A"})
    _call(line, "GetConfiguration", {})
    _call(line, "RemoteStartTransaction", {"idTag": "A"}, force=True)


def test_nothing_is_sent_after_rejected() -> None:
    line = Line(CentralSystem(policy=Policy(registration=Registration(RegistrationStatus.Rejected, 5))))
    line.ask("BootNotification", BOOT)
    with pytest.raises(CallRefused, match="Rejected"):
        _call(line, "GetConfiguration", {})


def test_no_answer_in_time() -> None:
    line = Line(CentralSystem(policy=Policy(call_timeout=5)))
    ids = [_call(line, "ClearCache", {}) for _ in range(2)]
    line.frames()
    assert line.central.next_deadline() == line.now + 5 * SECOND
    assert line.wait(4.9) == []
    assert [frame[1] for frame in line.wait(0.1)] == ids[1:]
    (ended,) = line.happened(CallEnded)
    assert (ended.message_id, ended.outcome, ended.description) == (ids[0], "timeout", "no answer within 5 s")
    _answer(line, ids[0], {"status": "Accepted"})
    assert line.verdicts() == ["late: the call had been given up"]
    assert line.happened(FramePassed)[-1].latency == 5 * SECOND


def test_time_outs_happen_at_their_own_instants_in_one_long_step() -> None:
    line = Line(CentralSystem(policy=Policy(call_timeout=5)))
    start = line.now
    for _ in range(3):
        _call(line, "ClearCache", {})
    line.wait(60)
    assert [ended.time - start for ended in line.happened(CallEnded)] == [
        5 * SECOND,
        10 * SECOND,
        15 * SECOND,
    ]
    assert line.central.next_deadline() is None


def test_a_clock_set_back_leaves_everything_the_time_it_had() -> None:
    line = Line(CentralSystem(policy=Policy(call_timeout=5, rules=[AnswerRule(delay=3)])))
    line.call("Heartbeat", {})
    _call(line, "ClearCache", {})
    line.frames()
    line.wait(1)
    line.wait(-86_400)
    assert line.wait(1.9) == []
    ((kind, _, payload),) = line.wait(0.1)
    assert (kind, payload) == (3, {"currentTime": "2025-06-02T07:00:00.000Z"})
    assert line.happened(FramePassed)[-1].latency == 3 * SECOND
    line.wait(2)
    assert [ended.outcome for ended in line.happened(CallEnded)] == ["timeout"]
    assert line.central.next_deadline() is None


def test_a_lost_connection_loses_the_calls() -> None:
    line = Line(CentralSystem())
    ids = [_call(line, "ClearCache", {}) for _ in range(3)]
    line.central.disconnected("CP001", line.now, "gone")
    assert line.frames() == []
    assert [(ended.message_id, ended.outcome) for ended in line.happened(CallEnded)] == [
        (message_id, "lost") for message_id in ids
    ]
    line.central.connected("CP001", line.now)
    assert line.central.next_deadline() is None
    _answer(line, ids[0], {"status": "Accepted"})
    assert line.verdicts() == ["no call of ours has this id"]


@pytest.mark.parametrize(
    "payload, sentence",
    [({"status": "Maybe"}, "$.status"), ({}, "status"), ({"status": "Accepted", "x": 1}, "x"), ([], "$")],
)
def test_a_wrong_answer_ends_the_call_as_invalid(payload: Any, sentence: str) -> None:
    line = Line(CentralSystem())
    message_id = _call(line, "ClearCache", {})
    line.frames()
    assert line.send(json.dumps([3, message_id, payload])) == []
    (ended,) = line.happened(CallEnded)
    assert ended.outcome == "invalid"
    assert sentence in ended.description
    assert line.verdicts() == [ended.description]


def test_error_codes_of_other_versions_are_understood_but_unknown_ones_remarked_on() -> None:
    line = Line(CentralSystem())
    for code in ("OccurrenceConstraintViolation", "NotSupported", "Nonsense"):
        line.send(json.dumps([4, _call(line, "ClearCache", {}), code, "", {}]))
    assert line.verdicts() == ["Nonsense is no error code of OCPP 1.6"]


def test_text_by_hand_passes_the_queue_and_its_answer_is_known() -> None:
    line = Line(CentralSystem())
    _call(line, "ClearCache", {})
    line.frames()
    line.central.send_text("CP001", '[2,"mine","Reset",{"type":"Hard"}]', line.now)
    line.central.send_text("CP001", "nonsense", line.now)
    assert line.frames() == [[2, "mine", "Reset", {"type": "Hard"}], ["nonsense"]]
    line.send('[3,"mine",{"status":"Rejected"}]')
    (ended,) = line.happened(CallEnded)
    assert (ended.action, ended.outcome) == ("Reset", "result")
    with pytest.raises(CallRefused, match="UTF-8"):
        line.central.send_text("CP001", "\ud800", line.now)


def test_what_answers_tell_is_kept() -> None:
    line = Line(CentralSystem())
    point = line.central.charge_points["CP001"]

    def exchange(action: str, payload: dict[str, Any], answer: dict[str, Any]) -> None:
        _answer(line, _call(line, action, payload), answer)

    keys = [{"key": "HeartbeatInterval", "readonly": False, "value": "300"}, {"key": "X", "readonly": True}]
    exchange("GetConfiguration", {}, {"configurationKey": keys, "unknownKey": ["Y"]})
    assert {key: (known.value, known.readonly) for key, known in point.configuration.items()} == {
        "HeartbeatInterval": ("300", False),
        "X": (None, True),
    }
    assert point.unknown_keys == ["Y"]
    exchange("ChangeConfiguration", {"key": "HeartbeatInterval", "value": "60"}, {"status": "Rejected"})
    assert point.configuration["HeartbeatInterval"].value == "300"
    exchange("ChangeConfiguration", {"key": "HeartbeatInterval", "value": "60"}, {"status": "RebootRequired"})
    assert point.configuration["HeartbeatInterval"].value == "60"
    exchange("ChangeConfiguration", {"key": "AuthorizationKey", "value": "secret"}, {"status": "Accepted"})
    assert point.configuration["AuthorizationKey"].value is None
    exchange("GetLocalListVersion", {}, {"listVersion": 4})
    assert point.local_list_version == 4
    exchange("SendLocalList", {"listVersion": 5, "updateType": "Full"}, {"status": "Failed"})
    assert point.local_list_version == 4
    exchange("SendLocalList", {"listVersion": 5, "updateType": "Full"}, {"status": "Accepted"})
    assert point.local_list_version == 5
    point.reservations[3] = 1
    exchange("CancelReservation", {"reservationId": 3}, {"status": "Accepted"})
    assert point.reservations == {}
