"""Charging profiles at work in a station: installed, cleared, steering what flows (SC-SET, SC-CLR, SC-GCS, SC-RS)."""

from typing import Any

import pytest

from desktop_sim.station import commands
from desktop_sim.station.profile import ConnectorProfile
from tests.conformance.coverage import covers
from tests.conformance.schedules import plain
from tests.conformance.world import World

START = "2025-06-02T07:00:00Z"
"""The station of these tests begins at this instant."""

THREE_PHASES = ConnectorProfile(phases=3, slider_amperes=32)
AMPERES = "ChargingScheduleAllowedChargingRateUnit"


def station(*, connectors: int = 1, keys: dict[str, str] | None = None, **options: Any) -> World:
    return World(connectors=(THREE_PHASES,) * connectors, keys=keys, **options)


def put(world: World, connector: int, profile: dict[str, Any]) -> Any:
    """The status SetChargingProfile answers, or the code of its error."""
    answer = world.ask("SetChargingProfile", {"connectorId": connector, "csChargingProfiles": profile})
    return answer if isinstance(answer, str) else answer["status"]


def clear(world: World, **fields: Any) -> str:
    return str(world.ask("ClearChargingProfile", fields)["status"])


def schedule(world: World, connector: int = 1, duration: int = 600, unit: str | None = None) -> str:
    request: dict[str, Any] = {"connectorId": connector, "duration": duration}
    answer = world.ask("GetCompositeSchedule", request | ({"chargingRateUnit": unit} if unit else {}))
    rows = answer["chargingSchedule"]["chargingSchedulePeriod"]
    return ", ".join(f"{row['startPeriod']}:{row['limit']:g}" for row in rows)


def amperes(world: World, connector: int = 1) -> float:
    world.run(4)
    return float(world.connector(connector)["amperes"])


# --- SetChargingProfile ---


@covers("SC-SET-1")
def test_without_the_profile_nothing_is_supported() -> None:
    world = station(keys={"SupportedFeatureProfiles": "Core,RemoteTrigger"})
    assert put(world, 1, plain("Def", [(0, 16)])) == "NotSupported"
    assert world.ask("ClearChargingProfile", {}) == "NotSupported"
    assert world.ask("GetCompositeSchedule", {"connectorId": 1, "duration": 60}) == "NotSupported"


@covers("SC-SET-2", "SC-SET-3", "SC-SET-8", "SC-SET-10", "SC-SET-12")
@pytest.mark.parametrize(
    "connector, change, code",
    [
        (7, {}, "PropertyConstraintViolation"),
        (1, {"stackLevel": -1}, "PropertyConstraintViolation"),
        (1, {"unit": "kW"}, "PropertyConstraintViolation"),
        (1, {"rows": []}, "OccurenceConstraintViolation"),
        (1, {"rows": [(0, 8.15)]}, "PropertyConstraintViolation"),
        (1, {"rows": [(0, -1)]}, "PropertyConstraintViolation"),
    ],
)
def test_what_breaks_the_message_is_an_error(connector: int, change: dict[str, Any], code: str) -> None:
    """G-S9, G-S10."""
    world = station()
    profile = plain("Def", change.pop("rows", [(0, 16)]), unit=change.pop("unit", "A")) | change
    assert put(world, connector, profile) == code
    assert clear(world) == "Unknown"


@covers("SC-SET-4", "SC-SET-6", "SC-SET-8", "SC-SET-11", "SC-SET-13", "SC-SET-14", "SC-SET-15")
@pytest.mark.parametrize(
    "connector, profile",
    [
        (1, plain("Max", [(0, 16)])),
        (0, plain("Tx", [(0, 16)])),
        (1, plain("Tx", [(0, 16)])),
        (1, plain("Def", [(0, 16)], level=11)),
        (1, plain("Def", [(10, 16)])),
        (1, plain("Def", [(0, 16), (20, 8), (20, 6)])),
        (1, plain("Def", [(0, 16)], kind="Recurring")),
        (1, plain("Def", [(0, 16)], kind="Recurring", recurrency="Daily", start=None)),
        (1, plain("Def", [(0, 16, 4)])),
        (1, plain("Def", [(0, 16)], validFrom="2025-06-03T00:00:00Z", validTo="2025-06-02T00:00:00Z")),
    ],
)
def test_what_cannot_be_installed_is_rejected(connector: int, profile: dict[str, Any]) -> None:
    """G-S3, G-S6, G-S9, G-S10."""
    world = station()
    assert put(world, connector, profile) == "Rejected"
    assert clear(world) == "Unknown"


@covers("SC-SET-12", "SC-SET-15", "SC-SET-8")
@pytest.mark.parametrize(
    "profile",
    [
        plain("Def", [(0, 8.1)]),
        plain("Def", [(0, 16)], level=10),
        plain("Def", [(0, 16)], validTo="2020-01-01T00:00:00Z"),
    ],
)
def test_what_is_sound_is_accepted(profile: dict[str, Any]) -> None:
    assert put(station(), 1, profile) == "Accepted"


@covers("SC-SET-3")
@pytest.mark.parametrize(
    "allowed, amps, watts", [("Current", "Accepted", "Rejected"), ("Power", "Rejected", "Accepted")]
)
def test_only_allowed_units_are_taken(allowed: str, amps: str, watts: str) -> None:
    world = station(keys={AMPERES: allowed})
    assert put(world, 1, plain("Def", [(0, 16)])) == amps
    assert put(world, 1, plain("Def", [(0, 3680)], unit="W")) == watts


@covers("SC-SET-5")
def test_a_default_at_0_is_for_all_and_at_n_for_one() -> None:
    world = station(connectors=2)
    put(world, 0, plain("Def", [(0, 20)], start=START))
    assert (schedule(world, 1), schedule(world, 2)) == ("0:20", "0:20")
    put(world, 2, plain("Def", [(0, 10)], id=2, start=START))
    assert (schedule(world, 1), schedule(world, 2)) == ("0:20", "0:10")


@covers("SC-SET-6", "SC-SET-19")
def test_a_tx_profile_belongs_to_its_transaction() -> None:
    """G-S3, G-S4."""
    world = station()
    assert put(world, 1, plain("Tx", [(0, 10)], transactionId=123)) == "Rejected"
    number = world.start()
    assert put(world, 1, plain("Tx", [(0, 10)], transactionId=number + 1)) == "Rejected"
    assert put(world, 1, plain("Tx", [(0, 10)], kind="Relative", transactionId=number)) == "Accepted"
    assert amperes(world) == 10
    world.do(commands.Stop(connector=1))
    assert clear(world, id=1) == "Unknown"


@covers("SC-SET-7", "SC-CLR-1", "SC-CLR-2")
def test_one_profile_replaces_another() -> None:
    """G-S1, G-S2."""
    world = station()
    put(world, 1, plain("Def", [(0, 16)], level=0))
    put(world, 1, plain("Def", [(0, 10)], level=1))
    assert (clear(world), clear(world)) == ("Accepted", "Unknown")
    put(world, 1, plain("Def", [(0, 16)], id=1))
    put(world, 1, plain("Def", [(0, 10)], id=2))
    assert (clear(world, id=1), clear(world, id=2)) == ("Unknown", "Accepted")


@covers("SC-SET-9")
def test_a_full_station_still_replaces() -> None:
    """G-S5, twice with the same result."""
    world = station(keys={"MaxChargingProfilesInstalled": "3"})
    for level in range(3):
        assert put(world, 1, plain("Def", [(0, 16)], id=level, level=level)) == "Accepted"
    for _ in range(2):
        assert put(world, 1, plain("Def", [(0, 10)], id=1, level=1)) == "Accepted"
        assert put(world, 1, plain("Def", [(0, 10)], id=9, level=9)) == "Rejected"


@covers("SC-SET-10")
def test_the_number_of_periods_is_bounded() -> None:
    """G-S7."""
    world = station(keys={"ChargingScheduleMaxPeriods": "24"})
    rows = [(hour * 3600, 16) for hour in range(25)]
    assert put(world, 1, plain("Def", rows[:24])) == "Accepted"
    assert put(world, 1, plain("Def", rows)) == "Rejected"


@covers("SC-SET-16")
def test_a_relative_maximum_counts_from_its_receipt_or_is_rejected() -> None:
    world = station()
    assert put(world, 0, plain("Max", [(0, 16), (300, 10)], kind="Relative")) == "Accepted"
    world.run(100)
    assert schedule(world) == "0:16, 200:10"
    strict = station(switches={"SW-SC-MAX-RELATIVE": "reject"})
    assert put(strict, 0, plain("Max", [(0, 16)], kind="Relative")) == "Rejected"


@covers("SC-SET-17")
def test_absolute_without_a_start_counts_from_the_transaction_or_is_rejected() -> None:
    """G-26."""
    world = station()
    world.start()
    assert put(world, 1, plain("Tx", [(0, 6), (300, 16)], start=None)) == "Accepted"
    world.run(240)
    assert schedule(world) == "0:6, 60:16"
    strict = station(switches={"SW-NOSTART-ABS": "reject"})
    assert put(strict, 1, plain("Def", [(0, 6)], start=None)) == "Rejected"


@covers("SC-SET-18", "SC-CLR-4")
def test_a_changed_default_steers_at_once() -> None:
    """G-S11: offered 16, 10, 32 within a second, and the transaction goes on."""
    world = station()
    world.start()
    for change, expected in (
        (lambda: put(world, 1, plain("Def", [(0, 16)], start=START)), 16),
        (lambda: put(world, 1, plain("Def", [(0, 10)], start=START)), 10),
        (lambda: clear(world, id=1), 32),
    ):
        assert change() == "Accepted"
        world.run(1)
        assert world.connector()["limit_a"] == expected
    assert world.statuses()[-1] == "Charging"
    assert "StopTransaction" not in world.peer.actions()


@covers("SC-SET-19", "SC-CALC-4")
def test_profiles_survive_a_restart() -> None:
    """G-S8."""
    world = station()
    put(world, 1, plain("Def", [(0, 16)], start=START))
    world.do(commands.Reboot())
    world.run(5)
    assert schedule(world) == "0:16"
    world.driver.restart()
    world.run(5)
    assert schedule(world) == "0:16"


@covers("SC-SET-20", "SC-SET-22")
def test_a_profile_begins_and_ends_by_itself() -> None:
    world = station()
    world.start()
    put(
        world,
        1,
        plain(
            "Tx", [(0, 8)], kind="Relative", validFrom="2025-06-02T07:01:00Z", validTo="2025-06-02T07:02:00Z"
        ),
    )
    seen = []
    for _ in range(3):
        world.run(50)
        seen.append(world.connector()["amperes"])
    assert seen == [32, 8, 32]


@covers("SC-SET-21")
def test_profiles_go_on_while_offline() -> None:
    world = station()
    world.start()
    put(world, 1, plain("Tx", [(0, 16), (60, 8)], kind="Relative"))
    world.offline()
    assert amperes(world) == 16
    world.run(60)
    assert amperes(world) == 8


@covers("SC-SET-23")
@pytest.mark.parametrize("limit", [0, 5.9])
def test_too_little_suspends_and_charging_comes_back(limit: float) -> None:
    """G-24."""
    world = station()
    world.start()
    put(world, 1, plain("Tx", [(0, limit), (60, 16)], kind="Relative"))
    assert world.statuses()[-1] == "SuspendedEVSE"
    world.run(61)
    assert world.statuses()[-1] == "Charging"


# --- ClearChargingProfile ---


@covers("SC-CLR-1", "SC-CLR-3")
def test_all_given_fields_must_fit() -> None:
    """G-S12."""
    world = station()
    put(world, 1, plain("Def", [(0, 20)], id=1, level=0, start=START))
    put(world, 1, plain("Def", [(0, 10)], id=2, level=1, start=START))
    put(world, 0, plain("Max", [(0, 16)], id=3, level=1, start=START))
    assert clear(world, chargingProfilePurpose="TxDefaultProfile", stackLevel=1) == "Accepted"
    assert schedule(world) == "0:16"
    assert clear(world, connectorId=0, stackLevel=0) == "Unknown"
    assert clear(world, connectorId=0) == "Accepted"
    assert schedule(world) == "0:20"
    assert clear(world, id=1, stackLevel=7, connectorId=9) == "Accepted"


# --- GetCompositeSchedule ---


@covers("SC-GCS-1", "SC-GCS-6")
def test_the_window_begins_with_the_request() -> None:
    world = station()
    put(world, 1, plain("Def", [(0, 16), (60, 10)], start=START))
    world.run(30)
    answer = world.ask("GetCompositeSchedule", {"connectorId": 1, "duration": 100})
    assert answer["scheduleStart"] == "2025-06-02T07:00:30.000Z"
    assert answer["connectorId"] == 1
    assert answer["chargingSchedule"] == {
        "chargingRateUnit": "A",
        "duration": 100,
        "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 16.0}, {"startPeriod": 30, "limit": 10.0}],
    }


@covers("SC-GCS-2", "SC-GCS-5")
def test_what_cannot_be_scheduled() -> None:
    world = station()
    for number, duration in ((5, 60), (1, -1)):
        request = {"connectorId": number, "duration": duration}
        assert world.ask("GetCompositeSchedule", request) == {"status": "Rejected"}
    wrong = {"connectorId": 1, "duration": 60, "chargingRateUnit": "kW"}
    assert world.ask("GetCompositeSchedule", wrong) == "PropertyConstraintViolation"
    assert schedule(world, duration=0) == "0:32"
    assert schedule(world, duration=10**9) == "0:32"


@covers("SC-GCS-3")
@pytest.mark.parametrize("allowed, expected", [("Current,Power", "0:16"), ("Power,Current", "0:11040")])
def test_the_first_allowed_unit_is_the_default(allowed: str, expected: str) -> None:
    world = station(keys={AMPERES: allowed})
    put(world, 1, plain("Def", [(0, 16)], start=START))
    assert schedule(world) == expected
    assert schedule(world, unit="W") == "0:11040"


@covers("SC-GCS-4")
def test_connector_0_is_all_together() -> None:
    """G-30: min(Max, 16 + 32)."""
    world = station(connectors=2)
    put(world, 0, plain("Max", [(0, 40), (600, 20)], id=1, start=START, duration=1200))
    put(world, 1, plain("Def", [(0, 16)], id=2, start=START))
    assert schedule(world, 0, 1800) == "0:40, 600:20, 1200:48"


# --- sharing ---


@covers("SC-CALC-19", "SC-CALC-12")
def test_the_stations_limit_is_shared() -> None:
    world = station(connectors=2)
    world.start(1)
    world.start(2)
    put(world, 0, plain("Max", [(0, 40)], start=START))
    assert [amperes(world, 1), amperes(world, 2)] == [20, 20]
    world.do(commands.Current(connector=1, amperes=8))
    assert [amperes(world, 1), amperes(world, 2)] == [8, 32]
    world.do(commands.SuspendEv(connector=1))
    assert [amperes(world, 1), amperes(world, 2)] == [0, 32]


@covers("SC-CALC-19")
def test_who_gets_too_little_pauses_in_turn() -> None:
    world = station(connectors=2)
    world.start(1)
    world.start(2)
    put(world, 0, plain("Max", [(0, 10)], start=START))
    seen = set()
    for _ in range(4):
        first, second = amperes(world, 1), amperes(world, 2)
        assert sorted((first, second)) == [0, 10]
        seen.add(first)
        world.run(900)
    assert seen == {0, 10}


# --- RemoteStart ---


@covers("SC-RS-1", "SC-RS-2")
def test_a_profile_that_comes_with_remote_start() -> None:
    world = station(person=True)
    put(world, 1, plain("Def", [(0, 24)], id=5, start=START))
    profile = plain("Tx", [(0, 10)], id=7, kind="Relative", duration=600)
    request = {"connectorId": 1, "idTag": "USER001", "chargingProfile": profile}
    assert world.ask("RemoteStartTransaction", request) == {"status": "Accepted"}
    world.run(2)
    assert amperes(world) == 10
    put(world, 1, plain("Tx", [(0, 8)], id=8, kind="Relative", level=1, duration=300))
    assert amperes(world) == 8
    world.run(300)
    assert amperes(world) == 10
    put(world, 1, plain("Tx", [(0, 12)], id=9, kind="Relative", duration=600))
    assert amperes(world) == 12
    world.run(600)
    assert amperes(world) == 24


@covers("CORE-RSTART-7", "CORE-RSTART-9")
@pytest.mark.parametrize(
    "profile",
    [
        plain("Def", [(0, 10)]),
        plain("Tx", [(0, 10)], transactionId=3),
        plain("Tx", [(5, 10)], kind="Relative"),
    ],
)
def test_a_wrong_profile_rejects_the_remote_start(profile: dict[str, Any]) -> None:
    world = station(person=True)
    request = {"connectorId": 1, "idTag": "USER001", "chargingProfile": profile}
    assert world.ask("RemoteStartTransaction", request) == {"status": "Rejected"}
    world.run(10)
    assert world.status() == "Available"


@covers("CORE-RSTART-9")
def test_a_profile_goes_with_the_attempt() -> None:
    world = station(keys={"ConnectionTimeOut": "30"})
    profile = plain("Tx", [(0, 10)], id=7, kind="Relative")
    world.ask("RemoteStartTransaction", {"connectorId": 1, "idTag": "USER001", "chargingProfile": profile})
    world.run(31)
    assert clear(world) == "Unknown"
    world.start()
    assert amperes(world) == 32
