"""Frames: many events make one, wishes make the next, and with neither nothing runs."""

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from desktop_sim.ui import frame_pump
from desktop_sim.ui.frame_pump import FramePump
from tests.ui.person import PATIENCE


class Counter:
    """Counts frames."""

    def __init__(self) -> None:
        self.frames = 0

    def __call__(self) -> None:
        self.frames += 1


@pytest.fixture
def counter() -> Counter:
    """Where the frames go."""
    return Counter()


@pytest.fixture
def pump(counter: Callable[[], None], qtbot: QtBot) -> FramePump:
    """A pump."""
    return FramePump(counter)


def test_at_rest_no_timer_runs(pump: FramePump) -> None:
    assert pump.resting


def test_a_thousand_events_make_one_frame(pump: FramePump, counter: Counter, qtbot: QtBot) -> None:
    for _ in range(1000):
        pump.happened()
    qtbot.waitUntil(lambda: pump.resting, timeout=PATIENCE)
    assert counter.frames == 1


def test_a_wish_brings_frames_until_it_is_taken_back(pump: FramePump, counter: Counter, qtbot: QtBot) -> None:
    pump.wish("scope", 40)
    qtbot.waitUntil(lambda: counter.frames >= 3, timeout=PATIENCE)
    pump.wish("scope", None)
    assert pump.resting


def test_the_smallest_wish_counts(pump: FramePump, counter: Counter, qtbot: QtBot) -> None:
    pump.wish("clock", 60_000)
    pump.wish("scope", 35)
    qtbot.waitUntil(lambda: counter.frames >= 2, timeout=PATIENCE)
    pump.wish("scope", None)
    assert not pump.resting, "the clock still goes"


def test_nobody_looking_means_few_frames(
    pump: FramePump, counter: Counter, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(frame_pump, "HIDDEN_MS", 10_000)
    pump.happened()
    qtbot.waitUntil(lambda: counter.frames == 1, timeout=PATIENCE)
    pump.set_visible(False)
    pump.happened()
    qtbot.wait(80)
    assert counter.frames == 1
    pump.set_visible(True)
    qtbot.waitUntil(lambda: counter.frames == 2, timeout=PATIENCE)


def test_a_mistake_in_a_frame_does_not_stop_the_next(qtbot: QtBot) -> None:
    calls: list[int] = []

    def deliver() -> None:
        calls.append(1)
        if len(calls) == 1:
            raise ValueError("one bad frame")

    pump = FramePump(deliver)
    with qtbot.captureExceptions() as exceptions:
        pump.wish("scope", 35)
        qtbot.waitUntil(lambda: len(calls) >= 2, timeout=PATIENCE)
    pump.stop()
    assert len(exceptions) == 1
