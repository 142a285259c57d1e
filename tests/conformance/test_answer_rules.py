"""Answers on purpose: switched off, forced, with an error, late, or none at all; the station's state stays true."""

import pytest

from desktop_sim.station import commands
from desktop_sim.station.commands import CommandRefused
from desktop_sim.station.profile import AnswerRule
from tests.conformance.coverage import covers
from tests.conformance.world import World

KEYS = {"key": ["HeartbeatInterval"]}


@pytest.mark.parametrize(
    "rule, expected",
    [
        (AnswerRule(), {"status": "Accepted"}),
        (AnswerRule(answer="unsupported"), "NotSupported"),
        (AnswerRule(answer="error", code="SecurityError"), "SecurityError"),
        (AnswerRule(answer="forced", payload={"status": "Rejected"}), {"status": "Rejected"}),
        (AnswerRule(answer="forced", payload={"nonsense": 1}), {"nonsense": 1}),
    ],
)
def test_an_action_is_answered_as_its_rule_says(rule: AnswerRule, expected: object) -> None:
    world = World()
    world.do(commands.Answer(action="reset", answer=rule.answer, code=rule.code, payload=rule.payload))
    assert world.ask("Reset", {"type": "Soft"}) == expected
    world.run(3)
    assert ("BootNotification" in world.told()) is (rule.answer == "normal")


def test_silence_and_delay() -> None:
    world = World()
    world.do(commands.Answer(action="GetConfiguration", answer="silence"))
    silent = world.peer.call("GetConfiguration", KEYS)
    world.run(100)
    with pytest.raises(LookupError):
        world.peer.answer_to(silent)
    world.do(commands.Answer(action="GetConfiguration", delay=20))
    late = world.peer.call("GetConfiguration", KEYS)
    world.run(19)
    with pytest.raises(LookupError):
        world.peer.answer_to(late)
    world.run(2)
    assert world.peer.answer_to(late).type == "result"


@covers("RPC-12")
def test_a_repeated_id_while_the_first_is_being_handled() -> None:
    world = World()
    world.do(commands.Answer(action="GetConfiguration", delay=20))
    world.peer.call("GetConfiguration", KEYS, id="one")
    world.run(1)
    world.peer.call("GetConfiguration", KEYS, id="one")
    world.run(1)
    assert world.peer.answer_to("one").code == "GenericError"
    world.run(20)
    assert world.peer.answer_to("one").type == "result"


def test_a_late_answer_does_not_cross_to_another_connection() -> None:
    world = World()
    world.do(commands.Answer(action="GetConfiguration", delay=20))
    late = world.peer.call("GetConfiguration", KEYS)
    world.run(1)
    world.driver.drop_link()
    world.run(60)
    with pytest.raises(LookupError):
        world.peer.answer_to(late)


def test_rules_come_from_the_profile_and_are_kept() -> None:
    world = World(rules={"ClearCache": AnswerRule(answer="unsupported")})
    assert world.ask("ClearCache") == "NotSupported"
    world.do(commands.Answer(action="ClearCache"))
    world.driver.restart()
    world.run(5)
    assert world.ask("ClearCache") == {"status": "Accepted"}
    assert world.do(commands.Answer()) == {}


@pytest.mark.parametrize(
    "command, words",
    [
        (commands.Answer(action="Heartbeat"), "sends no Heartbeat"),
        (commands.Answer(action="Reset", answer="forced"), "needs a payload"),
    ],
)
def test_what_is_no_rule(command: commands.Answer, words: str) -> None:
    with pytest.raises(CommandRefused, match=words):
        World().do(command)
