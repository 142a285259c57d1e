"""The central system of the tests: what it records and how it can be asked."""

import pytest

from desktop_sim.runtime.scripted_peer import ScriptedPeer
from desktop_sim.station.turn import Now

NOW = Now(1_748_847_600_000_000, 1_748_847_600_000_000)


def answer(peer: ScriptedPeer, text: str) -> list[str]:
    peer.receive(text, NOW)
    return peer.frames()


def test_it_takes_every_station_in() -> None:
    peer = ScriptedPeer(interval=60)
    assert answer(peer, '[2,"1","BootNotification",{"chargePointVendor":"v"}]') == [
        '[3,"1",{"status":"Accepted","currentTime":"2025-06-02T07:00:00.000Z","interval":60}]'
    ]
    assert '"transactionId":1' in answer(peer, '[2,"2","StartTransaction",{}]')[0]
    assert '"transactionId":2' in answer(peer, '[2,"3","StartTransaction",{}]')[0]
    assert answer(peer, '[2,"4","AnythingElse",{}]') == ['[3,"4",{}]']


def test_answers_can_look_at_the_request() -> None:
    peer = ScriptedPeer({"DataTransfer": lambda payload: {"status": "Accepted", "data": payload["data"]}})
    assert answer(peer, '[2,"1","DataTransfer",{"data":"x"}]') == ['[3,"1",{"status":"Accepted","data":"x"}]']


def test_everything_is_on_record() -> None:
    peer = ScriptedPeer()
    call = peer.call("Reset", {"type": "Hard"}, id="mine")
    peer.frames()
    answer(peer, '[3,"mine",{"status":"Accepted"}]')
    answer(peer, '[4,"mine","InternalError","oh",{"a":1}]')
    answer(peer, '[4,"mine","InternalError","no details"]')
    answer(peer, "rubbish")
    answer(peer, '{"not": "a list"}')
    types = [(m.type, m.received, m.action) for m in peer.messages]
    assert types == [
        ("call", False, "Reset"),
        ("result", True, "Reset"),
        ("error", True, "Reset"),
        ("error", True, "Reset"),
        ("invalid", True, ""),
        ("invalid", True, ""),
    ]
    error = peer.answer_to(call)
    assert (error.code, error.description, error.payload) == ("InternalError", "no details", None)
    peer.clear()
    assert peer.messages == []


def test_what_was_not_said_is_missed_with_a_sentence() -> None:
    peer = ScriptedPeer()
    with pytest.raises(LookupError, match="sent no Heartbeat; it sent nothing"):
        peer.last("Heartbeat")
    answer(peer, '[2,"1","Authorize",{"idTag":"A"}]')
    answer(peer, '[2,"2","Authorize",{"idTag":"B"}]')
    with pytest.raises(LookupError, match="it sent Authorize, Authorize"):
        peer.last("Heartbeat")
    assert peer.last("Authorize") == {"idTag": "B"}
    assert peer.payloads("Authorize") == [{"idTag": "A"}, {"idTag": "B"}]
