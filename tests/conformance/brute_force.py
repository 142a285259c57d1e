"""Smart charging evaluated second by second, straight from the rules. It shares nothing with the engine."""

from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

Placed = tuple[int, dict[str, Any]]
"""A connector (0: the station) and a charging profile as plain JSON data; later in a list means installed later."""


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def period_at(profile: dict[str, Any], t: datetime, tx_start: datetime) -> dict[str, Any] | None:
    """The period of a profile that is active at t, if any."""
    if "validFrom" in profile and t < moment(profile["validFrom"]):
        return None
    if "validTo" in profile and t >= moment(profile["validTo"]):
        return None
    schedule = profile["chargingSchedule"]
    kind = profile["chargingProfileKind"]
    anchor = tx_start if kind == "Relative" else moment(schedule["startSchedule"])
    if t < anchor:
        return None
    elapsed = t - anchor
    if kind == "Recurring":
        length = timedelta(days=1 if profile["recurrencyKind"] == "Daily" else 7)
        elapsed = elapsed % length
    seconds = int(elapsed.total_seconds())
    if "duration" in schedule and seconds >= schedule["duration"]:
        return None
    started = [row for row in schedule["chargingSchedulePeriod"] if row["startPeriod"] <= seconds]
    return started[-1] if started else None


def prevailing(
    placed: list[Placed], purpose: str, connector: int, t: datetime, tx_start: datetime
) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """Profile and period that prevail for a purpose at a connector at t."""
    best: tuple[tuple[int, bool, int], dict[str, Any], dict[str, Any]] | None = None
    for order, (at, profile) in enumerate(placed):
        if profile["chargingProfilePurpose"] != purpose or at not in (0, connector):
            continue
        row = period_at(profile, t, tx_start)
        rank = (profile["stackLevel"], at > 0, order)
        if row is not None and (best is None or rank > best[0]):
            best = (rank, profile, row)
    return None if best is None else best[1:]


def limit_at(
    placed: list[Placed],
    connector: int,
    t: datetime,
    tx_start: datetime,
    *,
    amperes: int,
    volts: int,
    phases: int,
) -> tuple[Fraction, int | None]:
    """A per phase that are allowed at t, exact, and the number of phases to report."""
    base = prevailing(placed, "TxProfile", connector, t, tx_start) or prevailing(
        placed, "TxDefaultProfile", connector, t, tx_start
    )
    cap = prevailing(placed, "ChargePointMaxProfile", connector, t, tx_start)
    candidates = [one for one in (base, cap) if one]
    named = [row["numberPhases"] for _, row in candidates if "numberPhases" in row]
    lines = min(named) if named else 3
    limits = [Fraction(amperes)]
    for profile, row in candidates:
        limit = Fraction(str(row["limit"]))
        if profile["chargingSchedule"]["chargingRateUnit"] == "W":
            limit /= volts * lines
        limits.append(limit)
    return min(limits), min(lines, phases) if named else None


def shown(
    limit: Fraction, reported: int | None, unit: str, *, volts: int, phases: int
) -> tuple[Fraction, int | None]:
    """The limit as an answer shows it: in the unit asked for, rounded down to a tenth."""
    value = limit
    if unit == "W":
        value = limit * volts * (min(3, phases) if reported is None else reported)
    return Fraction(int(value * 10), 10), reported
