"""`info` and other answers, as people read them."""

import pytest

from desktop_sim.app.registry import describe
from desktop_sim.cli.state import render_help, render_info, render_value

INFO = {
    "identity": "CP001",
    "link": {"state": "up", "url": "ws://localhost:9000/CP001", "subprotocol": "ocpp1.6"},
    "registration": {"status": "Accepted", "interval": 300},
    "clock": {"now": 1_748_847_600_000_000, "rate": 1.0, "offset": 0},
    "queue": {"waiting": 0, "outstanding": 1},
    "connectors": [
        {
            "id": 1,
            "status": "Charging",
            "error_code": "NoError",
            "plugged": {"vehicle": True, "station": True},
            "transaction": {"id": 42, "id_tag": "USER001", "start": 0, "energy_wh": 10},
            "meter_wh": 10,
            "amperes": 16.23,
            "volts": 230.0,
            "watts": 3732.9,
            "soc": 30.0,
            "limit_a": 32.0,
            "limit_reason": "cable",
        }
    ],
}


def test_info_has_the_facts_of_the_small_script() -> None:
    lines = [" ".join(line.split()) for line in render_info(INFO).splitlines()]
    assert "Status: Charging" in lines
    assert "Transaction ID: 42 USER001 10 Wh" in lines
    assert "Meter: 10 Wh" in lines
    assert "Current: 16.23 A" in lines
    assert "Power: 3732.90 W" in lines
    assert "Charging: True" in lines


def test_info_of_a_station_at_rest() -> None:
    shown = render_info(
        {"identity": "CP001", "connectors": [{"id": 1, "status": "Available", "reported": "Faulted"}]}
    )
    lines = [" ".join(line.split()) for line in shown.splitlines()]
    assert "Status: Available (reported by hand: Faulted)" in lines
    assert "Transaction ID: none" in lines
    assert "Charging: False" in lines


def test_info_speaks_uzbek() -> None:
    assert "Holat:" in render_info(INFO, "uz")


def test_help_lists_all_or_explains_one() -> None:
    assert (
        render_help([describe("current"), describe("stop")])
        .splitlines()[0]
        .startswith("current  Move the slider")
    )
    explained = render_help([describe("current")])
    assert explained.splitlines()[0] == "current [connector] amperes"
    assert "amperes: a number of at least 0 – amperes per phase" in explained


@pytest.mark.parametrize(
    "value, text",
    [
        ({"HeartbeatInterval": "60", "A": None}, "HeartbeatInterval  60\nA                  "),
        (["a", "b"], "a\nb"),
        ([{"a": 1}], '{"a":1}'),
        ([], "–"),
        ("word", "word"),
        ({"a": [1]}, '{\n  "a": [\n    1\n  ]\n}'),
    ],
)
def test_any_other_answer_is_readable(value: object, text: str) -> None:
    assert render_value(value) == text
