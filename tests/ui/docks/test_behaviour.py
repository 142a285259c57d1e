"""The behaviour page of the central system's panel, used as a person would."""

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt

from desktop_sim.central import AnswerRule, Policy, Registration
from desktop_sim.protocol.types import AuthorizationStatus, RegistrationStatus
from desktop_sim.station import commands as c
from desktop_sim.ui.docks.behaviour_form import BehaviourForm
from desktop_sim.ui.docks.central import CentralDock
from desktop_sim.ui.docks.rule_form import RuleForm
from desktop_sim.ui.docks.rule_words import ANSWERS, rule_sentence
from desktop_sim.ui.gallery import World
from tests.ui.docks.hands import Hands, column


@pytest.fixture
def page(virtual: World, show: Callable[..., Any]) -> BehaviourForm:
    dock: CentralDock = show(CentralDock, 380, 900)
    dock.tabs.setCurrentWidget(dock.behaviour)
    return dock.behaviour


def _policy(virtual: World) -> Policy:
    return virtual.station.central.policy


def test_the_policy_in_force_is_shown(page: BehaviourForm) -> None:
    assert page.status.currentText() == "Accepted"
    assert page.interval.value() == 300
    assert page.times.text() == "always"
    assert page.unknown.currentText() == "Invalid"
    assert page.rules.table.empty_text
    assert "every 300 s" in page.said.text


def test_the_next_boot_is_answered_as_chosen(page: BehaviourForm, virtual: World, hands: Hands) -> None:
    hands.choose(page.status, "Pending")
    hands.type(page.interval, "30")
    hands.type(page.times, "2")
    assert _policy(virtual).registration == Registration(RegistrationStatus.Pending, 30, 2)
    assert "After that they are accepted." in page.said.text
    virtual.station.do(c.Reboot())
    virtual.run(20)
    assert virtual.session.info["registration"]["status"] == "Pending"
    assert page.times.value() in (1, 2)
    virtual.run(120)
    assert virtual.session.info["registration"]["status"] == "Accepted"
    page.interval.clearFocus()
    virtual.session.refresh()
    assert page.status.currentText() == "Accepted"


def test_turning_stations_away_says_what_that_means(page: BehaviourForm, hands: Hands) -> None:
    hands.choose(page.status, "Rejected")
    assert page.said.text.startswith("Stations are turned away")


def test_tags_are_judged_as_chosen(page: BehaviourForm, virtual: World, hands: Hands) -> None:
    hands.choose(page.unknown, "Accepted")
    hands.choose(page.concurrent, "Allowed")
    assert _policy(virtual).unknown_tags is AuthorizationStatus.Accepted
    assert _policy(virtual).concurrent == "never"
    virtual.station.do(c.Start(connector=1, id_tag="STRANGER"))
    virtual.run(5)
    assert virtual.session.connector(1)["status"] == "Charging"


def test_a_rule_for_one_answer(page: BehaviourForm, virtual: World, hands: Hands) -> None:
    rules = page.rules
    hands.choose(rules.action, "Heartbeat")
    hands.choose(rules.code, "GenericError")
    hands.type(rules.words, "not now")
    hands.type(rules.times, "1")
    page.ensureWidgetVisible(rules.add_button)
    hands.click(rules.add_button)
    assert _policy(virtual).rules == [
        AnswerRule(action="Heartbeat", answer="error", code="GenericError", description="not now", times=1)
    ]
    assert column(rules.rows, 0) == ["Heartbeat"]
    assert column(rules.rows, 1) == ["GenericError: not now, 1 times"]
    assert rules.words.text() == ""
    virtual.station.do(c.Send(action="Heartbeat"))
    virtual.session.refresh()
    assert virtual.session.log.entry(virtual.session.log.end - 1).event.type == "error"
    assert column(rules.rows, 0) == []


def test_a_payload_must_be_json(page: BehaviourForm, virtual: World, hands: Hands) -> None:
    rules = page.rules
    hands.choose(rules.answer, "Another payload")
    hands.type(rules.words, '{"status": ')
    assert rules.said.text == "The payload is no JSON yet"
    assert not rules.add_button.isEnabled()
    hands.key(rules.words, Qt.Key.Key_Return)
    assert _policy(virtual).rules == []
    hands.type(rules.words, '"Blocked"}', instead=False)
    hands.key(rules.words, Qt.Key.Key_Return)
    assert _policy(virtual).rules == [AnswerRule(answer="payload", payload={"status": "Blocked"})]


def test_fields_that_do_not_matter_are_not_there(page: BehaviourForm, hands: Hands) -> None:
    rules = page.rules
    shown = {}
    for place, answer in enumerate(ANSWERS):
        rules.answer.setCurrentIndex(place)
        shown[answer] = (rules.code.isVisible(), rules.words.isVisible())
    assert shown == {
        "normal": (False, False),
        "none": (False, False),
        "error": (True, True),
        "payload": (False, True),
        "text": (False, True),
        "drop": (False, False),
    }


def test_rules_are_taken_away(page: BehaviourForm, virtual: World, hands: Hands) -> None:
    _policy(virtual).rules += [AnswerRule(answer="none"), AnswerRule(action="Authorize", answer="drop")]
    page.show_policy(_policy(virtual))
    page.ensureWidgetVisible(page.rules.remove_button)
    assert not page.rules.remove_button.isEnabled()
    hands.click_row(page.rules.table, 0)
    hands.click(page.rules.remove_button)
    assert _policy(virtual).rules == [AnswerRule(action="Authorize", answer="drop")]


@pytest.mark.parametrize(
    "rule, sentence",
    [
        (AnswerRule(answer="normal", delay=2.5), "The right answer, late, after 2.5 s"),
        (AnswerRule(answer="none"), "No answer"),
        (AnswerRule(answer="error"), "InternalError"),
        (AnswerRule(answer="payload", payload={"a": 1}), '{"a": 1}'),
        (AnswerRule(answer="text", text="[3]", times=2), "[3], 2 times"),
        (AnswerRule(answer="drop"), "The connection is cut"),
    ],
)
def test_every_rule_has_words(rule: AnswerRule, sentence: str) -> None:
    assert rule_sentence(rule) == sentence


def test_a_form_without_a_policy_changes_nothing() -> None:
    form = BehaviourForm()
    form.interval.setValue(7)
    form.unknown.setCurrentIndex(0)
    form.rules.rules_changed.emit([])


def test_the_text_of_a_frame() -> None:
    form = RuleForm()
    heard: list[list[AnswerRule]] = []
    form.rules_changed.connect(heard.append)
    form.answer.setCurrentIndex(ANSWERS.index("text"))
    form.words.setText('[3,"$ID"]')
    form.delay.setValue(1.5)
    form._add()
    assert heard == [[AnswerRule(answer="text", text='[3,"$ID"]', delay=1.5)]]
