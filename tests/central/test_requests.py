"""Requests of charge points: every action answered, every fault named (A.1, D.2, D.3)."""

import json
from typing import Any

import pytest

from desktop_sim.central import CentralSystem, Policy
from desktop_sim.central.books import REMEMBERED_IDS
from desktop_sim.central.events import (
    DataReceived,
    FramePassed,
    LinkChanged,
    ProgressReported,
    SecurityReported,
    StatusReported,
)
from desktop_sim.protocol import ACTIONS
from desktop_sim.protocol.types import DataTransferStatus
from tests.central.line import BOOT, NOW, START_TX, STATUS, Line
from tests.protocol import foreign

FROM_CHARGE_POINT = [action.name for action in ACTIONS.values() if action.from_charge_point]
FROM_US = [action.name for action in ACTIONS.values() if not action.from_charge_point]


@pytest.mark.parametrize("action", FROM_CHARGE_POINT)
def test_every_action_is_answered_by_its_schema(action: str) -> None:
    line = Line(CentralSystem())
    line.ask(action, foreign.example(action))
    assert [frame.verdict for frame in line.happened(FramePassed) if frame.direction == "out"] == [""]


@pytest.mark.parametrize("action", FROM_CHARGE_POINT)
def test_every_fault_gets_its_code(action: str) -> None:
    line = Line(CentralSystem())
    for mutation in foreign.mutations(action):
        if mutation.payload is None:  # stands for {} (RPC-5)
            continue
        code, _ = line.refused(action, mutation.payload)
        assert code == mutation.code, mutation
    assert all(line.verdicts())


@pytest.mark.parametrize("action", FROM_US)
def test_our_own_actions_are_not_for_charge_points(action: str) -> None:
    assert Line(CentralSystem()).refused(action, {})[0] == "NotSupported"


def test_unknown_actions_and_a_wrong_case() -> None:
    line = Line(CentralSystem())
    assert line.refused("FooBar", {}) == ("NotImplemented", "there is no action FooBar")
    assert line.refused("heartbeat", {})[0] == "NotImplemented"


def test_the_description_names_the_place() -> None:
    line = Line(CentralSystem())
    _, description = line.refused("Authorize", {"idTag": "x" * 21})
    assert description.startswith("$.idTag")
    assert line.verdicts() == [description]


@pytest.mark.parametrize(
    "action, payload",
    [
        ("StatusNotification", {**STATUS, "connectorId": -1}),
        ("StartTransaction", {**START_TX, "connectorId": 0}),
        ("MeterValues", {**foreign.example("MeterValues"), "connectorId": -1}),
    ],
)
def test_impossible_connectors(action: str, payload: dict[str, Any]) -> None:
    assert Line(CentralSystem()).refused(action, payload)[0] == "PropertyConstraintViolation"


@pytest.mark.parametrize(
    "text, verdict",
    [
        ("", "not JSON"),
        ("{}", "not an array"),
        ("[]", "message type"),
        ('["2","a","Heartbeat",{}]', "message type"),
        ('[5,"a",{}]', "message type"),
        ('[3,"unknown",{}]', "no call of ours"),
        ('[4,"unknown","GenericError","",{}]', "no call of ours"),
    ],
)
def test_what_cannot_be_answered_is_ignored(text: str, verdict: str) -> None:
    line = Line(CentralSystem())
    assert line.send(text) == []
    assert verdict in line.verdicts()[0]
    assert line.ask("Heartbeat")


@pytest.mark.parametrize(
    "text", ['[2,"a"]', '[2,"a","Heartbeat"]', f'[2,"{"a" * 37}","Heartbeat",{{}}]', '[2,"a",3,{}]']
)
def test_broken_calls_with_an_id_get_formation_violation(text: str) -> None:
    line = Line(CentralSystem())
    ((kind, message_id, code, _, _),) = line.send(text)
    assert (kind, message_id, code) == (4, json.loads(text)[1], "FormationViolation")


def test_an_integer_id_comes_back_as_it_came() -> None:
    line = Line(CentralSystem())
    assert line.send('[2,17,"StatusNotification",' + json.dumps(STATUS) + "]") == [[3, 17, {}]]
    assert line.verdicts() == ["the message id is no text (RPC-1)"]


def test_a_repeated_id_gets_the_same_answer_or_an_error() -> None:
    line = Line(CentralSystem())
    call = '[2,"a","Heartbeat",{}]'
    first = line.send(call)
    line.wait(1)
    assert line.send(call) == first
    ((_, _, code, _, _),) = line.send('[2,"a","StatusNotification",' + json.dumps(STATUS) + "]")
    assert code == "GenericError"
    assert len(line.verdicts()) == 2
    line.central.disconnected("CP001", line.now)
    line.central.connected("CP001", line.now)
    assert line.send(call) != first


def test_only_the_last_ids_are_remembered() -> None:
    line = Line(CentralSystem())
    first = '[2,"first","Heartbeat",{}]'
    line.send(first)
    for _ in range(REMEMBERED_IDS):
        line.ask("Heartbeat")
    line.send(first)
    assert line.verdicts() == []


def test_a_mistake_of_ours_is_an_internal_error(monkeypatch: pytest.MonkeyPatch) -> None:
    line = Line(CentralSystem())
    monkeypatch.setattr(line.central.policy, "clock_offset", 1e12)
    assert line.refused("Heartbeat", {})[0] == "InternalError"
    assert line.ask("DataTransfer", {"vendorId": "x"})


def test_status_is_kept_by_connector() -> None:
    line = Line(CentralSystem())
    line.ask(
        "StatusNotification", {**STATUS, "status": "Faulted", "errorCode": "GroundFailure", "info": "leak"}
    )
    line.ask("StatusNotification", {"connectorId": 0, "errorCode": "NoError", "status": "Available"})
    connectors = line.central.charge_points["CP001"].connectors
    assert (connectors[1].status, connectors[1].error_code, connectors[1].info) == (
        "Faulted",
        "GroundFailure",
        "leak",
    )
    assert (connectors[0].status, connectors[0].since) == ("Available", line.now)
    assert [event.connector for event in line.happened(StatusReported)] == [1, 0]
    assert line.verdicts() == []


def test_remarks_on_statuses() -> None:
    line = Line(CentralSystem())
    line.ask("StatusNotification", {**STATUS, "connectorId": 0, "status": "Charging"})
    line.ask("StatusNotification", {**STATUS, "errorCode": "EVCommunicationError"})
    line.ask("StatusNotification", {**STATUS, "timestamp": "2025-06-02T07:00:00"})
    assert [
        "STAT-7" in line.verdicts()[0],
        "STAT-5" in line.verdicts()[1],
        "RPC-16" in line.verdicts()[2],
    ] == [True] * 3


def test_data_transfer_knows_the_vendors_of_the_policy() -> None:
    line = Line(CentralSystem(policy=Policy(data_transfer={"us": DataTransferStatus.Accepted})))
    assert line.ask("DataTransfer", {"vendorId": "us", "data": "x"}) == {"status": "Accepted"}
    assert line.ask("DataTransfer", {"vendorId": "them"}) == {"status": "UnknownVendorId"}
    assert [(event.vendor_id, event.data) for event in line.happened(DataReceived)] == [
        ("us", "x"),
        ("them", ""),
    ]


def test_progress_of_firmware_diagnostics_and_log() -> None:
    line = Line(CentralSystem())
    line.ask("FirmwareStatusNotification", {"status": "Downloading"})
    line.ask("DiagnosticsStatusNotification", {"status": "Uploaded"})
    line.ask("LogStatusNotification", {"status": "Uploading", "requestId": 3})
    point = line.central.charge_points["CP001"]
    assert (point.firmware_status, point.diagnostics_status, point.log_status) == (
        "Downloading",
        "Uploaded",
        "Uploading",
    )
    line.ask("SignedFirmwareStatusNotification", {"status": "InvalidSignature", "requestId": 4})
    assert point.firmware_status == "InvalidSignature"
    assert [event.request_id for event in line.happened(ProgressReported)] == [None, None, 3, 4]


def test_security_events_are_kept() -> None:
    line = Line(CentralSystem())
    line.ask("SecurityEventNotification", {"type": "InvalidMessages", "timestamp": NOW, "techInfo": "x"})
    (event,) = line.happened(SecurityReported)
    assert (event.type, event.happened, event.tech_info) == ("InvalidMessages", line.now, "x")
    assert line.central.charge_points["CP001"].security_events[0].type == "InvalidMessages"


def test_there_is_no_certificate_authority() -> None:
    assert Line(CentralSystem()).ask("SignCertificate", {"csr": "x"}) == {"status": "Rejected"}


def test_connections_come_and_go() -> None:
    line = Line(CentralSystem())
    line.ask("BootNotification", BOOT)
    line.central.connected("CP001", line.now)
    line.central.disconnected("CP001", line.now, "enough")
    line.central.disconnected("CP001", line.now, "twice")
    assert [(event.state, event.reason) for event in line.happened(LinkChanged)] == [
        ("up", ""),
        ("down", "the charge point connected anew"),
        ("up", ""),
        ("down", "enough"),
    ]
    assert not line.central.charge_points["CP001"].connected
    assert line.send('[2,"a","Heartbeat",{}]') == []
    assert line.verdicts() == ["the charge point is not connected"]


def test_what_is_no_text_is_noted() -> None:
    line = Line(CentralSystem())
    line.central.receive_invalid("CP001", "binary", line.now)
    assert line.verdicts() == ["no text frame: binary"]


def test_events_are_numbered_without_a_gap() -> None:
    line = Line(CentralSystem())
    line.ask("BootNotification", BOOT)
    line.ask("Heartbeat")
    assert [event.seq for event in line.history] == list(range(1, len(line.history) + 1))
