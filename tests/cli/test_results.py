"""What commands answer, as people read it."""

from pathlib import Path
from typing import Any

import pytest

from desktop_sim.app.grammar import parse_line
from desktop_sim.app.registry import describe
from desktop_sim.central.events import CallEnded
from desktop_sim.cli.catalogue import Language
from desktop_sim.cli.results import render_result
from desktop_sim.station.events import FrameEvent

KEY = {
    "key": "HeartbeatInterval",
    "value": "300",
    "readonly": False,
    "type": "int",
    "unit": "s",
    "reboot": False,
}
ENDED = CallEnded(seq=1, time=0, charge_point="CP001", message_id="1", action="Reset", outcome="result")


def shown(line: str, result: Any, language: Language = "en") -> str:
    command = parse_line(line)
    assert command is not None
    return render_result(command, result, language)


@pytest.mark.parametrize(
    "line, result, text",
    [
        ("current 2 32", {"connector": 2, "amperes": 32.0}, "🎚️ Current set to 32.0A"),
        ("configuration HeartbeatInterval", KEY, "HeartbeatInterval = 300"),
        ("configuration", [KEY | {"readonly": True}], "HeartbeatInterval = 300  (read-only)"),
        ("configuration AuthorizationKey", KEY | {"key": "AuthorizationKey", "value": None}, "AuthorizationKey = ***"),
        ("configuration A 1", {"key": "A", "status": "RebootRequired"}, "A: RebootRequired"),
        ("configuration A 1", {"key": "A", "status": "Accepted"}, ""),
        ("switch SW-A", {"name": "SW-A", "value": "on"}, "SW-A = on"),
        (
            "switch",
            [{"name": "SW-A", "value": "on", "values": ("on", "off"), "does": "something"}],
            "SW-A = on  (on | off)  something",
        ),
        ("queue", [], "none"),
        (
            "queue",
            [{"number": 1, "action": "StopTransaction", "attempts": 2, "payload": {"meterStop": 5}}],
            '1  StopTransaction  attempts 2  {"meterStop":5}',
        ),
        ("cache", [{"id_tag": "A", "status": "Accepted", "parent": "P"}], "A  Accepted  parent P"),
        ("clock", {"now": 0, "rate": 60.0}, "🕒 Clock: 1970-01-01 00:00:00Z ×60"),
        ("trace save=x", Path("/tmp/x"), "💾 Saved: /tmp/x"),
        ("trace", [], "none"),
        (
            "trace 1",
            [FrameEvent(seq=1, time=0, direction="out", type="call", text="[2]")],
            "1970-01-01 00:00:00Z → [2]",
        ),
        ("central Reset", ENDED, "✔️ Reset: {}"),
        ("answer Reset error", {"Reset": {"answer": "error"}}, 'Reset: {"answer":"error"}'),
        ("plug_in 1", {"connector": 1}, ""),
        ("stop", None, ""),
        ("help stop", [describe("stop")], "stop [connector] [reason]"),
    ],
)  # fmt: skip
def test_answers(line: str, result: Any, text: str) -> None:
    assert shown(line, result).splitlines()[:1] == text.splitlines()


@pytest.mark.parametrize(
    "outcome, text",
    [("timeout", "no answer"), ("lost", "connection was lost"), ("error", "GenericError why"), ("invalid", "why")],
)  # fmt: skip
def test_a_call_that_came_to_nothing(outcome: Any, text: str) -> None:
    ended = CallEnded(
        seq=1,
        time=0,
        charge_point="CP001",
        message_id="1",
        action="Reset",
        outcome=outcome,
        code="GenericError",
        description="why",
    )
    assert text in shown("central Reset", ended)


def test_answers_speak_the_language() -> None:
    assert shown("current 32", None, "uz") == "🎚️ Tok oʻrnatildi: 32.0A"
