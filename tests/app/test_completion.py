"""Completion offers what fits, and everything it offers can be typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_sim.app.completion import Known, complete
from desktop_sim.app.registry import COMMANDS

KNOWN = Known(
    connectors=(1, 2),
    tags=("USER001", "USER002"),
    vehicles=("Compact", "City car"),
    keys=("HeartbeatInterval", "MeterValueSampleInterval"),
    switches=("SW-ERR-STYLE",),
)


def words(line: str) -> list[str]:
    return [candidate.text for candidate in complete(line, KNOWN)]


@pytest.mark.parametrize(
    "line, expected",
    [
        ("pl", ["plug_in"]),
        ("status ch", ["Charging"]),
        ("status 1 susp", ["SuspendedEVSE", "SuspendedEV"]),
        ("error ground", ["GroundFailure"]),
        ("configuration he", ["HeartbeatInterval"]),
        ("switch sw", ["SW-ERR-STYLE"]),
        ("plug_in 1 ci", ['"City car"']),
        ("plug_in vehicle=co", ["Compact"]),
        ("send meter", ["MeterValues"]),
        ("unplug end=v", ["vehicle"]),
        ("help cl", ["clear_fault", "clock"]),
        ("emergency_stop ", ["on", "off", "on="]),
        ("nonsense ", []),
        ('start "', ["USER001", "USER002"]),
    ],
)
def test_what_could_come_next(line: str, expected: list[str]) -> None:
    assert words(line) == expected


def test_the_connector_comes_first_then_the_values() -> None:
    assert words("status ")[:3] == ["1", "2", "Available"]
    assert words("start 1 ")[:2] == ["USER001", "USER002"]


def test_every_command_is_offered_with_its_meaning() -> None:
    offered = complete("", KNOWN)
    assert {candidate.text for candidate in offered} == set(COMMANDS)
    assert all(candidate.meaning for candidate in offered)


@given(st.text(max_size=40))
def test_a_half_typed_line_never_fails(line: str) -> None:
    complete(line, KNOWN)


@given(st.sampled_from(sorted(COMMANDS)), st.text(max_size=20))
def test_candidates_replace_only_what_was_typed(name: str, rest: str) -> None:
    line = f"{name} {rest}"
    for candidate in complete(line, KNOWN):
        assert -len(line) <= candidate.start <= 0
