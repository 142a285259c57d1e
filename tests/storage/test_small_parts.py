"""Paths, JSON for people, atomic files, traces."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_sim.station.events import AnyEvent, FrameEvent, LogEvent
from desktop_sim.storage.atomic import write_atomically
from desktop_sim.storage.json_text import pretty
from desktop_sim.storage.paths import config_directory, state_directory
from desktop_sim.storage.trace_file import (
    TraceFile,
    TraceHeader,
    TraceProblem,
    read_trace,
    write_trace,
)

HEADER = TraceHeader(identity="CP001", seed=7, started=123, program="0.1")


def frame(number: int, text: str = "[]") -> AnyEvent:
    return FrameEvent(seq=number, time=number, direction="out", type="call", text=text)


# --- paths ---


def test_a_station_has_its_own_place(tmp_path: Path) -> None:
    places = {
        state_directory("CP001", "ws://a"),
        state_directory("CP001", "ws://b"),
        state_directory("CP002", "ws://a"),
        state_directory("CP001", "ws://a", tmp_path / "x.station.json"),
        state_directory("CP001", "ws://a", tmp_path / "y.station.json"),
    }
    assert len(places) == 5
    assert state_directory("CP001", "ws://a") in places
    assert state_directory("B", "c", tmp_path / "x.station.json") in places, "the file decides alone"
    assert all(str(place).startswith(os.environ["XDG_STATE_HOME"]) for place in places)


def test_the_settings_have_a_place() -> None:
    assert str(config_directory()).startswith(os.environ["XDG_CONFIG_HOME"])
    assert not config_directory().exists()


# --- JSON ---

PLAIN: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(PLAIN)
def test_pretty_says_the_same(value: Any) -> None:
    assert json.loads(pretty(value)) == value


def test_pretty_is_pretty() -> None:
    assert pretty({"a": [1, 2.0, 2.5], "b": {"c": {}, "d": [{"e": "ў"}]}}) == (
        '{\n  "a": [1, 2, 2.5],\n  "b": {\n    "c": {},\n    "d": [\n      {"e": "ў"}\n    ]\n  }\n}\n'
    )
    with pytest.raises(ValueError, match="not JSON compliant"):
        pretty({"a": float("nan")})


# --- atomic files ---


def test_nothing_is_left_lying_about(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file"
    write_atomically(path, b"one")

    def broken(*_: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "replace", broken)
    with pytest.raises(OSError, match="Input/output"):
        write_atomically(path, b"two")
    assert path.read_bytes() == b"one"
    assert list(tmp_path.iterdir()) == [path]


# --- traces ---


def test_a_trace_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "run.trace.jsonl"
    events = [
        frame(1, '[2,"1","Heartbeat",{}]'),
        LogEvent(seq=2, time=9, level="info", text="ў", data={"a": 1}),
    ]
    write_trace(path, HEADER, events)
    trace = read_trace(path)
    assert (trace.header, trace.events, trace.skipped) == (HEADER, events, 0)


def test_a_live_trace_goes_on_after_a_kill_in_the_middle_of_a_line(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "run.trace.jsonl"
    live = TraceFile(path, HEADER)
    live.append(frame(1))
    live.close()
    live.close()
    with path.open("ab") as file:
        file.write(b'{"kind":"frame","seq":2,"ti')
    again = TraceFile(path, HEADER)
    again.append(frame(3))
    again.close()
    trace = read_trace(path)
    assert [event.seq for event in trace.events] == [1, 3]
    assert trace.skipped == 1


def test_a_live_trace_stays_within_its_limit(tmp_path: Path) -> None:
    path = tmp_path / "run.trace.jsonl"
    live = TraceFile(path, HEADER, limit=20_000)
    for number in range(1000):
        live.append(frame(number, "x" * 100))
    live.close()
    assert sorted(file.name for file in tmp_path.iterdir()) == ["run.1.trace.jsonl", "run.trace.jsonl"]
    assert sum(file.stat().st_size for file in tmp_path.iterdir()) <= 20_000
    older, newer = read_trace(live.older), read_trace(path)
    numbers = [event.seq for event in older.events + newer.events]
    assert numbers == list(range(numbers[0], 1000)), "the last ones, without a gap"
    assert older.header == newer.header == HEADER


def test_trouble_with_the_disk_stays_inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "run.trace.jsonl"
    live = TraceFile(path, HEADER)
    live.append(frame(1))
    whole = os.write

    def full(file: int, line: bytes) -> int:
        return whole(file, line[:10])

    monkeypatch.setattr(os, "write", full)
    live.append(frame(2))
    assert "cannot be written" in (live.problem or "")
    monkeypatch.undo()
    live.append(frame(3))
    assert live.problem is None
    live.close()
    assert [event.seq for event in read_trace(path).events] == [1, 3]


def test_traces_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(TraceProblem, match="cannot be read"):
        read_trace(tmp_path / "missing")
    (tmp_path / "other").write_text('{"kind":"log"}\n')
    with pytest.raises(TraceProblem, match="not a trace"):
        read_trace(tmp_path / "other")
    (tmp_path / "new").write_text('{"trace":99}\n')
    with pytest.raises(TraceProblem, match="newer version"):
        read_trace(tmp_path / "new")
