"""The worked composite schedules G-01 … G-31; the figures stand in the tests."""

from typing import Any, cast

import pytest

from desktop_sim.protocol import parse_time
from desktop_sim.station.composite_schedule import SECOND, Hardware, Installed, Tie, compose
from tests.conformance.coverage import covers
from tests.conformance.schedules import T, composite, installed, plain

ONE_PHASE = Hardware(32_000, phases=1)
NEW_YEAR = "2023-01-01T00:00:00Z"


def at(hours: str, day: str = "2025-06-02") -> str:
    return f"{day}T{hours}:00Z" if hours.count(":") == 1 else f"{day}T{hours}Z"


def profile(purpose: str, connector: int, *rows: tuple[float, ...], **options: Any) -> Installed:
    order = options.pop("order", 1)
    return installed(connector, plain(purpose, rows, id=order, **options), order)


DAILY = profile(
    "Def",
    1,
    (0, 11000, 3),
    (28800, 6000, 3),
    (72000, 11000, 3),
    kind="Recurring",
    recurrency="Daily",
    unit="W",
    start="2013-01-01T00:00:00Z",
    duration=86400,
)
MAX_16 = profile("Max", 0, (0, 16, 3), start=NEW_YEAR)
MAX_STEP = profile("Max", 0, (0, 16, 3), (3600, 20, 3), start=NEW_YEAR)
MAX_DAILY = profile(
    "Max", 0, (0, 16, 3), (3600, 20, 3), kind="Recurring", recurrency="Daily", start=NEW_YEAR, duration=7200
)
MAX_WEEKLY = profile(
    "Max",
    0,
    (0, 10, 3),
    (3600, 12, 3),
    kind="Recurring",
    recurrency="Weekly",
    start=NEW_YEAR,
    duration=7200,
    level=1,
    order=2,
)
DEF_24 = profile("Def", 1, (0, 24, 3), kind="Relative", order=2)
TX_20 = profile("Tx", 1, (0, 20, 1), kind="Relative", order=2)
WEEK = profile("Def", 0, (0, 8), (432000, 20), kind="Recurring", recurrency="Weekly", duration=604800)
NOON = [
    profile("Max", 0, (0, 20, 3), (1200, 12, 3), (2400, 20, 3), start=at("12:00"), duration=3600),
    profile(
        "Def",
        0,
        (0, 16, 3),
        (45000, 10, 3),
        kind="Recurring",
        recurrency="Daily",
        start="2025-01-01T00:00:00Z",
        duration=86400,
        order=2,
    ),
    profile("Tx", 1, (0, 13, 3), (900, 18, 3), kind="Relative", level=1, duration=2100, order=3),
]
RELATIVE = profile("Def", 0, (0, 6, 3), (120, 16, 3), kind="Relative")


@covers(
    "SC-CALC-1",
    "SC-CALC-2",
    "SC-CALC-3",
    "SC-CALC-4",
    "SC-CALC-5",
    "SC-CALC-6",
    "SC-CALC-7",
    "SC-CALC-8",
    "SC-CALC-10",
    "SC-CALC-11",
    "SC-CALC-12",
    "SC-CALC-13",
    "SC-CALC-14",
    "SC-CALC-15",
    "SC-CALC-16",
    "SC-CALC-17",
    "SC-CALC-18",
    "SC-CALC-20",
)
@pytest.mark.parametrize(
    "name, profiles, when, duration, unit, since, expected",
    [
        ("G-01a", [], T, 3600, "A", None, "0:32"),
        ("G-01b", [], T, 3600, "W", None, "0:22080"),
        ("G-02a", [DAILY], at("07:00"), 14400, "W", None, "0:11000@3, 3600:6000@3"),
        ("G-02b", [DAILY], at("07:00"), 14400, "A", None, "0:15.9@3, 3600:8.6@3"),
        ("G-03", [DAILY], at("19:30"), 18000, "W", None, "0:6000@3, 1800:11000@3"),
        ("G-04a", [MAX_16, DEF_24], at("08:00", "2023-01-01"), 600, "A", at("07:55", "2023-01-01"), "0:16@3"),
        ("G-04b", [DEF_24], at("08:00", "2023-01-01"), 600, "A", at("07:55", "2023-01-01"), "0:24@3"),
        ("G-05a", [MAX_STEP], NEW_YEAR, 86400, "A", None, "0:16@3, 3600:20@3"),
        ("G-05b", [MAX_STEP], at("00:30", "2023-01-01"), 86400, "A", None, "0:16@3, 1800:20@3"),
        ("G-05c", [MAX_STEP], at("01:00", "2023-01-01"), 86400, "A", None, "0:20@3"),
        ("G-05d", [MAX_STEP], at("00:59:59", "2023-01-01"), 60, "A", None, "0:16@3, 1:20@3"),
        ("G-06a", [MAX_DAILY], NEW_YEAR, 86401, "A", None, "0:16@3, 3600:20@3, 7200:32, 86400:16@3"),
        ("G-06b", [MAX_DAILY], NEW_YEAR, 86400, "A", None, "0:16@3, 3600:20@3, 7200:32"),
        ("G-07a", [MAX_DAILY, MAX_WEEKLY], NEW_YEAR, 10800, "A", None, "0:10@3, 3600:12@3, 7200:32"),
        (
            "G-07b",
            [MAX_DAILY, MAX_WEEKLY],
            at("00:00", "2023-01-03"),
            10800,
            "A",
            None,
            "0:16@3, 3600:20@3, 7200:32",
        ),
        (
            "G-07c",
            [MAX_DAILY, MAX_WEEKLY],
            at("00:00", "2023-01-22"),
            10800,
            "A",
            None,
            "0:10@3, 3600:12@3, 7200:32",
        ),
        ("G-08", [MAX_16, TX_20], at("01:00", "2023-01-01"), 600, "A", at("00:50", "2023-01-01"), "0:16@1"),
        (
            "G-09a",
            [profile("Max", 0, (0, 5000, 3), unit="W", start=NEW_YEAR), TX_20],
            at("01:00", "2023-01-01"),
            600,
            "A",
            at("00:50", "2023-01-01"),
            "0:20@1",
        ),
        (
            "G-09b",
            [profile("Max", 0, (0, 5000, 3), unit="W", start=NEW_YEAR), TX_20],
            at("01:00", "2023-01-01"),
            600,
            "W",
            at("00:50", "2023-01-01"),
            "0:4600@1",
        ),
        (
            "G-10",
            [
                profile("Def", 1, (0, 10)),
                profile("Def", 1, (0, 25), (1800, 16), start=at("01:00"), duration=3600, level=2, order=2),
            ],
            at("00:30"),
            7200,
            "A",
            None,
            "0:10, 1800:25, 3600:16, 5400:10",
        ),
        (
            "G-11",
            [
                profile("Def", 1, (0, 16)),
                profile("Def", 1, (0, 6), level=1, order=2, validFrom=at("01:00"), validTo=at("02:00")),
            ],
            T,
            10800,
            "A",
            None,
            "0:16, 3600:6, 7200:16",
        ),
        ("G-12", [profile("Def", 1, (0, 8), validFrom=at("01:00"))], T, 7200, "A", None, "0:32, 3600:8"),
        (
            "G-13",
            [profile("Tx", 1, (0, 6), (600, 16), (1800, 10), kind="Relative")],
            at("00:20"),
            1800,
            "A",
            T,
            "0:16, 600:10",
        ),
        (
            "G-14a",
            [profile("Tx", 1, (0, 20), duration=900), profile("Def", 1, (0, 8), order=2)],
            at("00:05"),
            1800,
            "A",
            at("00:01"),
            "0:20, 600:8",
        ),
        (
            "G-14b",
            [profile("Tx", 1, (0, 20), duration=900)],
            at("00:05"),
            1800,
            "A",
            at("00:01"),
            "0:20, 600:32",
        ),
        (
            "G-15",
            [profile("Def", 0, (0, 10), level=2), profile("Def", 1, (0, 16), level=1, order=2)],
            at("01:00"),
            600,
            "A",
            None,
            "0:10",
        ),
        (
            "G-17",
            [
                profile(
                    "Def",
                    1,
                    (0, 10),
                    (50000, 20),
                    (90000, 30),
                    kind="Recurring",
                    recurrency="Daily",
                    start=at("06:00", "2025-06-01"),
                    duration=200000,
                )
            ],
            at("06:00"),
            100000,
            "A",
            None,
            "0:10, 50000:20, 86400:10",
        ),
        (
            "G-18",
            [profile("Def", 1, (0, 16), (1800, 12), (7200, 6), duration=3600)],
            T,
            9000,
            "A",
            None,
            "0:16, 1800:12, 3600:32",
        ),
        (
            "G-19",
            [
                profile(
                    "Def",
                    1,
                    (0, 10),
                    kind="Recurring",
                    recurrency="Daily",
                    start=at("00:00", "2025-06-03"),
                    duration=3600,
                )
            ],
            at("23:30"),
            7200,
            "A",
            None,
            "0:32, 1800:10, 5400:32",
        ),
        ("G-20a", [WEEK], at("23:00", "2025-06-13"), 7200, "A", None, "0:8, 3600:20"),
        ("G-20b", [WEEK], at("23:00", "2025-06-15"), 7200, "A", None, "0:20, 3600:8"),
        ("G-21a", [profile("Def", 1, (0, 3680, 1), unit="W")], T, 600, "A", None, "0:16@1"),
        ("G-21b", [profile("Def", 1, (0, 3680, 1), unit="W")], T, 600, "W", None, "0:3680@1"),
        ("G-21c", [profile("Def", 1, (0, 10))], T, 600, "W", None, "0:6900"),
        ("G-21d", [profile("Def", 1, (0, 7.4, 1))], T, 600, "W", None, "0:1702@1"),
        ("G-21e", [profile("Def", 1, (0, 11000), unit="W")], T, 600, "A", None, "0:15.9"),
        ("G-21f", [profile("Def", 1, (0, 8.1))], T, 600, "W", None, "0:5589"),
        ("G-21g", [profile("Def", 1, (0, 11000), unit="W")], T, 600, "W", None, "0:11000"),
        ("G-21h", [profile("Def", 1, (0, 16, 2))], T, 600, "W", None, "0:7360@2"),
        (
            "G-22a",
            [profile("Max", 0, (0, 11000), unit="W"), profile("Def", 1, (0, 16, 1), order=2)],
            T,
            600,
            "A",
            None,
            "0:16@1",
        ),
        (
            "G-22b",
            [profile("Max", 0, (0, 11000), unit="W"), profile("Def", 1, (0, 16, 1), order=2)],
            T,
            600,
            "W",
            None,
            "0:3680@1",
        ),
        (
            "G-24",
            [
                profile("Max", 0, (0, 16)),
                profile("Max", 0, (0, 0), start=at("10:00"), duration=1800, level=1, order=2),
            ],
            at("09:30"),
            5400,
            "A",
            None,
            "0:16, 1800:0, 3600:16",
        ),
        ("G-25", [profile("Def", 1, (0, 63, 3))], T, 600, "A", None, "0:32@3"),
        ("G-26", [profile("Tx", 1, (0, 6), (300, 16), start=None)], at("00:04"), 600, "A", T, "0:6, 60:16"),
        (
            "G-27",
            [profile("Def", 1, (0, 12), (3600, 18), start="2025-06-02T02:00:00+02:00")],
            at("00:15"),
            7200,
            "A",
            None,
            "0:12, 2700:18",
        ),
        ("G-28a", NOON, at("12:00"), 5400, "A", at("12:00"), "0:13@3, 900:18@3, 1200:12@3, 2100:10@3"),
        ("G-28c", NOON, at("12:10"), 1800, "A", at("12:00"), "0:13@3, 300:18@3, 600:12@3, 1500:10@3"),
        ("G-29a", [RELATIVE], at("12:00"), 600, "A", None, "0:6@3, 120:16@3"),
        ("G-29b", [RELATIVE], at("12:00"), 600, "A", at("11:59"), "0:6@3, 60:16@3"),
        ("G-29c", [RELATIVE], at("12:00"), 600, "A", at("11:00"), "0:16@3"),
        (
            "G-31",
            [
                profile("Def", 1, (0, 16, 3)),
                profile(
                    "Def", 1, (0, 16, 3), (600, 10, 3), start=at("00:05"), duration=900, level=1, order=2
                ),
            ],
            T,
            1800,
            "A",
            None,
            "0:16@3, 900:10@3, 1200:16@3",
        ),
    ],
)
def test_worked_example(
    name: str,
    profiles: list[Installed],
    when: str,
    duration: int,
    unit: str,
    since: str | None,
    expected: str,
) -> None:
    """SC-CALC-1 to SC-CALC-18 on connector 1 of the three-phase reference station."""
    assert composite(profiles, when, duration, unit, since=since) == expected, name


@covers("SC-CALC-9")
@pytest.mark.parametrize("connector, expected", [(1, "0:16"), (2, "0:10")])
def test_g_16_of_equal_levels_the_connectors_own_prevails(connector: int, expected: str) -> None:
    """SC-CALC-9."""
    profiles = [profile("Def", 0, (0, 10), level=1), profile("Def", 1, (0, 16), level=1, order=2)]
    assert composite(profiles, T, 600, connector=connector) == expected


@covers("SC-CALC-14", "SC-CALC-15")
@pytest.mark.parametrize(
    "profiles, unit, expected",
    [
        ([profile("Def", 1, (0, 16, 3))], "A", "0:16@1"),
        ([profile("Def", 1, (0, 16, 3))], "W", "0:3680@1"),
        ([profile("Def", 1, (0, 11040), unit="W")], "A", "0:16"),
        ([profile("Def", 1, (0, 11040), unit="W")], "W", "0:3680"),
        ([], "W", "0:7360"),
    ],
)
def test_g_23_a_one_phase_station(profiles: list[Installed], unit: str, expected: str) -> None:
    """SC-CALC-14, SC-CALC-15: a limit in A is used as it is on the phases there are."""
    assert composite(profiles, T, 600, unit, hardware=ONE_PHASE) == expected


def test_g_28b_another_connector_without_a_transaction() -> None:
    assert composite(NOON, at("12:00"), 5400, connector=2) == "0:16@3, 1200:12@3, 1800:10@3"


@covers("SC-CALC-21")
def test_the_least_rate_does_not_change_the_schedule() -> None:
    plan = plain("Def", [(0, 6), (60, 16)])
    plan["chargingSchedule"]["minChargingRate"] = 10
    assert composite([installed(1, plan)], T, 600) == "0:6, 60:16"


@covers("SC-CALC-9")
def test_by_switch_the_last_one_installed_prevails() -> None:
    """SW-SC-TIE."""
    profiles = [profile("Def", 1, (0, 16), level=1), profile("Def", 0, (0, 10), level=1, order=2)]
    begin = parse_time(T) // SECOND
    for tie, expected in (("specific", 16_000), ("last-writer", 10_000)):
        (decision,) = compose(
            profiles, 1, Hardware(32_000), begin, begin + 60, transaction_start=None, tie=cast("Tie", tie)
        )
        assert decision.milliamps == expected
