"""The language of the filter line."""

import pytest

from desktop_sim.ui.docks.log_filter import FilterProblem, read_filter
from desktop_sim.ui.log_store import Entry
from tests.ui.docks.frames import answer, call, frame

ENTRIES = {
    "beat": Entry(0, call(0), -1),
    "beat.conf": Entry(1, answer(1, 0, latency=14_000), -1),
    "meter": Entry(2, call(2, "MeterValues", {"connectorId": 1, "unit": "Wh"}), 1),
    "meter.conf": Entry(3, answer(3, 2, "MeterValues", latency=250_000), 1),
    "status": Entry(4, call(4, "StatusNotification", {"connectorId": 2}), 2),
    "refused": Entry(5, answer(5, 4, "StatusNotification", type="error", latency=3000), 2),
    "broken": Entry(6, frame(6, type="invalid", text='[2,"x"', action="", message_id="", verdict="no"), -1),
    "unlock": Entry(7, call(7, "UnlockConnector", {"connectorId": 0}, direction="in"), 0),
}
ALL = set(ENTRIES)


@pytest.mark.parametrize(
    "text, shown",
    [
        ("", ALL),
        ("   ", ALL),
        ("wh", {"meter"}),
        ("METERVALUES", {"meter", "meter.conf"}),
        ('"connectorId" metervalues', {"meter"}),
        ('"no such words"', ALL - ALL),
        ("action:meter", {"meter", "meter.conf"}),
        ("action:Meter,Unlock", {"meter", "meter.conf", "unlock"}),
        ("connector:1", {"meter", "meter.conf"}),
        ("connector:0,2", {"unlock", "status", "refused"}),
        ("connector:none", {"beat", "beat.conf", "broken"}),
        ("dir:in", {"beat.conf", "meter.conf", "refused", "unlock"}),
        ("dir:sent connector:2", {"status"}),
        ("type:call", {"beat", "meter", "status", "unlock"}),
        ("type:answer,error", {"beat.conf", "meter.conf", "refused"}),
        ("error", {"refused", "broken"}),
        ("-error", ALL - {"refused", "broken"}),
        ("rtt>200", {"meter.conf"}),
        ("rtt<14", {"refused"}),
        ("rtt<=14", {"refused", "beat.conf"}),
        ("rtt>=0,5ms", {"beat.conf", "meter.conf", "refused"}),
        ("id:m2", {"meter", "meter.conf"}),
        ("-action:Heartbeat dir:out", {"meter", "status", "broken"}),
        ("-", ALL - ALL),
    ],
)
def test_what_is_shown(text: str, shown: set[str]) -> None:
    chosen = read_filter(text)
    assert {name for name, entry in ENTRIES.items() if chosen(entry)} == shown


def test_nothing_chosen_is_no_test_at_all() -> None:
    assert not read_filter("")
    assert read_filter("x")


@pytest.mark.parametrize(
    "text, words",
    [
        ("connector:x", ["connector", "number", "“x”"]),
        ("colour:red", ["colour", "action, connector, dir, type, id"]),
        ("dir:up", ["dir", "in", "out", "“up”"]),
        ("type:frame", ["type", "call", "answer"]),
        ("rtt>soon", ["rtt>200", "milliseconds"]),
        ("action:", ["action:", "nothing yet"]),
        ("-connector:x", ["number"]),
        ("fine connector:?", ["number"]),
    ],
)
def test_what_cannot_be_understood_gets_a_sentence(text: str, words: list[str]) -> None:
    with pytest.raises(FilterProblem) as problem:
        read_filter(text)
    for word in words:
        assert word in str(problem.value)
