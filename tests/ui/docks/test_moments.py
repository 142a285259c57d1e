"""Instants as people type them."""

from datetime import datetime

import pytest

from desktop_sim.ui.docks.moments import SECOND, NoMoment, read_moment, write_moment

NOW = 1_748_847_600 * SECOND


def _local(*parts: int) -> int:
    return round(datetime(*parts).astimezone().timestamp()) * SECOND  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text, instant",
    [
        ("", None),
        ("  ", None),
        ("2027-12-31", _local(2027, 12, 31)),
        ("2027-12-31 18:00", _local(2027, 12, 31, 18)),
        (" 2027-12-31 18:00:07 ", _local(2027, 12, 31, 18, 0, 7)),
        ("+2 h", NOW + 7200 * SECOND),
        ("+90min", NOW + 5400 * SECOND),
        ("+1 D", NOW + 86_400 * SECOND),
    ],
)
def test_what_is_meant(text: str, instant: int | None) -> None:
    assert read_moment(text, NOW) == instant


@pytest.mark.parametrize("text", ["tomorrow", "+2", "+2 years", "2027-13-01", "18:00", "2027-12-31T18:00Z"])
def test_what_names_no_instant(text: str) -> None:
    with pytest.raises(NoMoment, match="2027-12-31 18:00"):
        read_moment(text, NOW)


@pytest.mark.parametrize("instant", [None, NOW, NOW + 7 * SECOND])
def test_there_and_back(instant: int | None) -> None:
    assert read_moment(write_moment(instant), 0) == instant
