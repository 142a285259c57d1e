"""Times on the wire (RPC-16)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_sim.protocol import format_time, has_zone, parse_time
from desktop_sim.protocol.times import TIME_PATTERN

SEVEN = 1_748_847_600_000_000  # 2025-06-02T07:00:00Z
FIRST = -62_167_219_200_000_000  # 0000-01-01T00:00:00Z
LAST = 253_402_300_799_999_999

MICROSECONDS = st.integers(FIRST, LAST)
DATETIMES = st.datetimes(timezones=st.just(UTC))


@pytest.mark.parametrize(
    "text, us",
    [
        ("2025-06-02T07:00:00.000Z", SEVEN),
        ("2025-06-02T07:00:00Z", SEVEN),
        ("2025-06-02t07:00:00z", SEVEN),
        ("2025-06-02T07:00:00", SEVEN),
        ("2025-06-02T09:00:00+02:00", SEVEN),
        ("2025-06-02T09:00:00+0200", SEVEN),
        ("2025-06-02T09:00:00+02", SEVEN),
        ("2025-06-02T01:30:00-05:30", SEVEN),
        ("2025-06-02T07:00:00.5Z", SEVEN + 500_000),
        ("2025-06-02T07:00:00.123456789Z", SEVEN + 123_456),
        ("2025-06-02T07:00:00.000001", SEVEN + 1),
        ("2025-06-02T09:00:00.25+02:00", SEVEN + 250_000),
        ("2025-06-02T06:59:60Z", SEVEN),
        ("1970-01-01T00:00:00Z", 0),
        ("1969-12-31T23:59:59.999Z", -1000),
        ("2024-02-29T00:00:00Z", 1_709_164_800_000_000),
        ("2000-02-29T00:00:00Z", 951_782_400_000_000),
    ],
)
def test_RPC_16_times_that_are_read(text: str, us: int) -> None:
    assert parse_time(text) == us


@pytest.mark.parametrize(
    "text",
    [
        "",
        "now",
        "2025-06-02",
        "07:00:00Z",
        "2025-06-02 07:00:00Z",
        "2025-06-02T07:00Z",
        "2025-6-2T07:00:00Z",
        "2025-06-02T07:00:00.Z",
        "2025-06-02T07:00:00,5Z",
        "2025-06-02T07:00:00+2",
        "2025-06-02T07:00:00+25:00",
        "2025-06-02T07:00:00Z ",
        "2025-06-02T07:00:00Z\n",
        " 2025-06-02T07:00:00Z",
        "2025-13-02T07:00:00Z",
        "2025-00-02T07:00:00Z",
        "2025-06-31T07:00:00Z",
        "2025-02-29T07:00:00Z",
        "1900-02-29T07:00:00Z",
        "2025-06-02T24:00:00Z",
        "2025-06-02T07:60:00Z",
        "2025-06-02T07:00:61Z",
        "12025-06-02T07:00:00Z",
        "-2025-06-02T07:00:00Z",
        "٢٠٢٥-06-02T07:00:00Z",
        "1748847600",
    ],
)
def test_RPC_16_times_that_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not an ISO 8601 time"):
        parse_time(text)


def test_RPC_16_a_time_is_written_in_utc_with_three_digits() -> None:
    assert format_time(SEVEN) == "2025-06-02T07:00:00.000Z"
    assert format_time(SEVEN + 999_999) == "2025-06-02T07:00:00.999Z"
    assert format_time(-1) == "1969-12-31T23:59:59.999Z"
    assert format_time(FIRST) == "0000-01-01T00:00:00.000Z"
    assert format_time(LAST) == "9999-12-31T23:59:59.999Z"


@pytest.mark.parametrize("us", [FIRST - 1, LAST + 1])
def test_a_year_of_more_than_four_digits_cannot_be_written(us: int) -> None:
    with pytest.raises(ValueError, match="four digits"):
        format_time(us)


@pytest.mark.parametrize(
    "text, named",
    [("2025-06-02T07:00:00.5", False), ("2025-06-02T07:00:00Z", True), ("2025-06-02T07:00:00.5+02", True)],
)
def test_RPC_16_a_time_without_zone_can_be_told(text: str, named: bool) -> None:
    assert has_zone(text) is named


@given(MICROSECONDS)
def test_what_is_written_is_read_back_to_the_millisecond(us: int) -> None:
    assert parse_time(format_time(us)) == us // 1000 * 1000


@given(DATETIMES)
def test_writing_agrees_with_datetime(moment: datetime) -> None:
    us = (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    expected = moment.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"
    assert format_time(us) == expected


@given(st.datetimes(), st.integers(-14 * 60, 14 * 60))
def test_reading_agrees_with_datetime(moment: datetime, minutes_east: int) -> None:
    there = moment.replace(tzinfo=timezone(timedelta(minutes=minutes_east)))
    expected = (there - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    assert parse_time(there.isoformat()) == expected


@given(st.text() | st.from_regex(TIME_PATTERN) | st.from_regex(re.compile("[-+:.TZ0-9]{10,30}")))
def test_what_the_pattern_takes_is_read_and_nothing_else(text: str) -> None:
    """Handlers rely on it: a timestamp that passed the schema never fails to parse."""
    if re.search(TIME_PATTERN, text):
        parse_time(text)
    else:
        with pytest.raises(ValueError, match="not an ISO 8601 time"):
            parse_time(text)
