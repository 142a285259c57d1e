"""A difficult central system on purpose (F201)."""

import pytest

from desktop_sim.central import AnswerRule, CentralSystem
from desktop_sim.central.events import FramePassed
from tests.central.line import SECOND, START_TX, STATUS, Line


def _line(*rules: AnswerRule) -> Line:
    line = Line(CentralSystem())
    line.boot()
    line.central.policy.rules.extend(rules)
    return line


def test_no_answer_though_it_took_effect() -> None:
    line = _line(AnswerRule(action="StartTransaction", answer="none", times=1))
    assert line.call("StartTransaction", START_TX) == []
    assert len(line.central.transactions.running()) == 1
    assert line.ask("StartTransaction", START_TX)["transactionId"] == 1
    assert line.central.policy.rules == []


def test_no_answer_and_no_effect() -> None:
    line = _line(AnswerRule(action="StartTransaction", answer="none", processed=False))
    assert line.call("StartTransaction", START_TX) == []
    assert line.central.transactions.all() == []


def test_a_late_answer() -> None:
    line = _line(AnswerRule(action="Heartbeat", delay=2.5))
    assert line.call("Heartbeat", {}) == []
    assert line.central.next_deadline() == line.now + 2.5 * SECOND
    assert line.wait(2) == []
    ((kind, message_id, _),) = line.wait(0.5)
    assert (kind, message_id) == (3, f"cp-{line.count}")
    assert line.happened(FramePassed)[-1].latency == 2.5 * SECOND
    assert line.central.next_deadline() is None


def test_late_answers_in_the_order_they_are_due_and_remarks_on_impatience() -> None:
    line = _line(AnswerRule(action="Heartbeat", delay=5, times=1), AnswerRule(action="Heartbeat", delay=2))
    line.call("Heartbeat", {})
    line.call("Heartbeat", {})
    assert "RPC-2" in line.verdicts()[0]
    first, second = line.wait(10)
    assert (first[1], second[1]) == ("cp-3", "cp-2")


def test_late_answers_die_with_the_connection() -> None:
    line = _line(AnswerRule(delay=5))
    line.call("Heartbeat", {})
    line.central.disconnected("CP001", line.now)
    line.central.connected("CP001", line.now)
    assert line.wait(10) == []


@pytest.mark.parametrize("code", ["NotSupported", "GenericError", "MadeUp"])
def test_any_error_and_no_effect(code: str) -> None:
    rule = AnswerRule(
        action="StartTransaction", answer="error", code=code, description="no", details={"a": 1}
    )
    line = _line(rule)
    (frame,) = line.call("StartTransaction", START_TX)
    assert frame == [4, f"cp-{line.count}", code, "no", {"a": 1}]
    assert line.central.transactions.all() == []


def test_a_forced_payload_right_or_wrong() -> None:
    line = _line(
        AnswerRule(action="Authorize", answer="payload", payload={"idTagInfo": {"status": "Maybe"}}),
        AnswerRule(
            action="StartTransaction", answer="payload", payload={"transactionId": -7}, processed=False
        ),
    )
    assert line.call("Authorize", {"idTag": "A"})[0][2] == {"idTagInfo": {"status": "Maybe"}}
    assert line.call("StartTransaction", START_TX)[0][2] == {"transactionId": -7}
    assert line.central.transactions.all() == []
    sent = [frame for frame in line.happened(FramePassed) if frame.direction == "out"]
    assert [frame.by_hand for frame in sent] == [True, True]
    assert "$.idTagInfo.status" in sent[0].verdict
    assert "idTagInfo" in sent[1].verdict


def test_any_text_as_the_answer() -> None:
    line = _line(
        AnswerRule(action="Heartbeat", answer="text", text="[3,$ID", times=1),
        AnswerRule(action="Heartbeat", answer="text", text="[3,$ID,{}]"),
    )
    assert line.call("Heartbeat", {}) == [[f'[3,"cp-{line.count}"']]
    assert line.call("Heartbeat", {}) == [[3, f"cp-{line.count}", {}]]


def test_a_dropped_connection() -> None:
    line = _line(AnswerRule(action="StopTransaction"), AnswerRule(action="StatusNotification", answer="drop"))
    assert line.call("StatusNotification", STATUS) == []
    assert line.central.links_to_drop() == ["CP001"]
    assert line.central.links_to_drop() == []


def test_a_connection_dropped_late_or_by_hand() -> None:
    line = _line(AnswerRule(action="StatusNotification", answer="drop", delay=3))
    line.call("StatusNotification", STATUS)
    assert line.central.links_to_drop() == []
    line.wait(3)
    assert line.central.links_to_drop("CP002") == []
    assert line.central.links_to_drop("CP001") == ["CP001"]
    line.central.drop("CP001", line.now)
    line.central.disconnected("CP001", line.now)
    assert line.central.links_to_drop() == []


def test_the_first_rule_that_fits_and_only_so_often() -> None:
    line = _line(
        AnswerRule(action="Authorize", answer="none"),
        AnswerRule(charge_point="CP002", answer="none"),
        AnswerRule(answer="error", times=2),
    )
    answers = [line.call("Heartbeat", {}) for _ in range(3)]
    assert [frames[0][0] for frames in answers] == [4, 4, 3]
    assert len(line.central.policy.rules) == 2
    other = Line(line.central, "CP002")
    assert other.call("Heartbeat", {}) == []


def test_rules_change_while_it_runs() -> None:
    line = _line()
    line.central.policy.rules.append(AnswerRule(answer="none"))
    assert line.call("Heartbeat", {}) == []
    line.central.policy.rules.clear()
    assert line.ask("Heartbeat")


def test_malformed_requests_get_their_errors_rules_or_not() -> None:
    line = _line(AnswerRule(answer="none"))
    assert line.refused("Authorize", {})[0] == "ProtocolError"


def test_who_is_let_in() -> None:
    central = CentralSystem()
    assert central.admission("CP001") is None
    central.policy.identities = ["CP002"]
    assert (central.admission("CP001"), central.admission("CP002")) == (404, None)
    central.policy.refuse_with = 503
    assert central.admission("CP002") == 503
