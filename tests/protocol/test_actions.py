"""The registry of actions (A.1)."""

from __future__ import annotations

from collections import Counter

import pytest

from desktop_sim.protocol import ACTIONS, FeatureProfile, action_of
from desktop_sim.protocol.core import HeartbeatRequest, HeartbeatResponse


def test_there_are_28_actions_and_11_of_the_whitepaper() -> None:
    count = Counter(action.profile is FeatureProfile.Security for action in ACTIONS.values())
    assert (count[False], count[True]) == (28, 11)


def test_who_sends_what() -> None:
    up = {name for name, action in ACTIONS.items() if action.from_charge_point}
    down = {name for name, action in ACTIONS.items() if action.from_central_system}
    assert (len(up), len(down)) == (14, 26)
    assert up & down == {"DataTransfer"}
    assert up | down == set(ACTIONS)


def test_names_and_types_belong_together() -> None:
    for name, action in ACTIONS.items():
        assert action.name == name
        assert action.request.__name__ == f"{name}Request"
        assert action.response.__name__ == f"{name}Response"


def test_an_action_is_found_by_its_request() -> None:
    assert action_of(HeartbeatRequest()) is ACTIONS["Heartbeat"]
    with pytest.raises(KeyError):
        action_of(HeartbeatResponse(current_time="2025-06-02T07:00:00.000Z"))  # type: ignore[arg-type]


def test_RPC_6_names_are_case_sensitive() -> None:
    assert "heartbeat" not in ACTIONS
