"""What outlives a central system."""

import json

import pytest

from desktop_sim.central import (
    CentralState,
    CentralSystem,
    Policy,
    Tag,
    decode_state,
    encode_state,
    restore,
    snapshot,
)
from desktop_sim.central.state import StateProblem
from tests.central.line import START_TX, STATUS, Line, meter_values


def _lived() -> Line:
    """A central system that has seen something of everything."""
    line = Line(CentralSystem([Tag(id_tag="USER001", parent_id_tag="FLEET", expiry_date=2 * 10**15)]))
    line.boot()
    line.ask("StatusNotification", STATUS)
    line.ask("StartTransaction", START_TX)
    line.ask("MeterValues", meter_values(1000.5, transaction=1))
    line.ask("SecurityEventNotification", {"type": "X", "timestamp": "2025-06-02T07:00:00Z"})
    line.central.charge_points["CP001"].reservations[3] = 1
    message_id = line.central.call("CP001", "GetConfiguration", {}, line.now)
    line.send(f'[3,"{message_id}",{{"configurationKey":[{{"key":"A","readonly":true}}],"unknownKey":["B"]}}]')
    return line


def test_it_goes_on_where_it_was() -> None:
    line = _lived()
    document = encode_state(snapshot(line.central))
    again = restore(decode_state(document), seed=1, policy=Policy(call_timeout=1))
    assert again.policy.call_timeout == 1
    assert again.tags.all() == line.central.tags.all()
    assert again.transactions.all() == line.central.transactions.all()
    assert not again.charge_points["CP001"].connected
    other = Line(again)
    assert again.charge_points == line.central.charge_points
    assert other.ask("StartTransaction", START_TX)["transactionId"] == 1
    assert other.ask("StartTransaction", {**START_TX, "connectorId": 2})["transactionId"] == 2
    assert (
        other.ask(
            "StopTransaction", {"transactionId": 1, "meterStop": 2000, "timestamp": "2025-06-02T08:00:00Z"}
        )
        == {}
    )
    assert again.transactions.all()[0].energy_wh == 1000


def test_the_document_is_plain_json_and_stable() -> None:
    line = _lived()
    document = encode_state(snapshot(line.central))
    assert json.loads(document)["tags"][0]["id_tag"] == "USER001"
    state = decode_state(document)
    assert encode_state(state).replace(b'"connected": true', b"") == document.replace(
        b'"connected": true', b""
    )


def test_nothing_is_a_state_too() -> None:
    assert decode_state(encode_state(snapshot(CentralSystem()))) == CentralState()
    assert restore(CentralState()).transactions.all() == []


@pytest.mark.parametrize(
    "document", [b"", b"[]", b"{", b"\xff", b'{"surplus":1}', b'{"tags":[{"id_tag":5}]}', b'{"version":2}']
)
def test_other_documents_are_refused_with_a_sentence(document: bytes) -> None:
    with pytest.raises(StateProblem) as problem:
        decode_state(document)
    assert problem.value.sentence


def test_tags_that_cannot_travel_are_no_state() -> None:
    with pytest.raises(StateProblem, match="1 to 20"):
        restore(decode_state(b'{"tags":[{"id_tag":""}]}'))
