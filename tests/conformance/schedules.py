"""Charging profiles written short, for the worked examples and the brute-force check."""

from collections.abc import Sequence
from typing import Any

import msgspec

from desktop_sim.protocol import decode_request, parse_time
from desktop_sim.protocol.smart_charging import SetChargingProfileRequest
from desktop_sim.protocol.types import ChargingRateUnitType
from desktop_sim.station.composite_schedule import SECOND, Hardware, Installed, compose, periods

PURPOSES = {"Max": "ChargePointMaxProfile", "Def": "TxDefaultProfile", "Tx": "TxProfile"}
T = "2025-06-02T00:00:00Z"
"""A Monday."""


def plain(
    purpose: str,
    rows: Sequence[tuple[float, ...]],
    *,
    id: int = 1,  # noqa: A002
    level: int = 0,
    kind: str = "Absolute",
    unit: str = "A",
    start: str | None = T,
    duration: int | None = None,
    recurrency: str | None = None,
    **more: Any,
) -> dict[str, Any]:
    """A charging profile as plain JSON data; rows are (start, limit[, phases])."""
    schedule: dict[str, Any] = {
        "chargingRateUnit": unit,
        "chargingSchedulePeriod": [
            {"startPeriod": int(row[0]), "limit": row[1]}
            | ({"numberPhases": int(row[2])} if len(row) > 2 else {})
            for row in rows
        ],
    }
    if start is not None and kind != "Relative":
        schedule["startSchedule"] = start
    if duration is not None:
        schedule["duration"] = duration
    profile = {
        "chargingProfileId": id,
        "stackLevel": level,
        "chargingProfilePurpose": PURPOSES[purpose],
        "chargingProfileKind": kind,
        "chargingSchedule": schedule,
        **more,
    }
    return profile | ({"recurrencyKind": recurrency} if recurrency else {})


def installed(connector: int, profile: dict[str, Any], order: int = 1, received: str = T) -> Installed:
    """The profile as the engine sees it."""
    raw = msgspec.json.encode({"connectorId": connector, "csChargingProfiles": profile})
    request = decode_request("SetChargingProfile", raw)
    assert isinstance(request, SetChargingProfileRequest)
    return Installed(request.cs_charging_profiles, connector, parse_time(received), order)


def composite(
    profiles: Sequence[Installed],
    at: str,
    duration: int,
    unit: str = "A",
    *,
    connector: int = 1,
    hardware: Hardware | None = None,
    since: str | None = None,
) -> str:
    """The periods of the composite schedule, in the notation of the worked examples: `0:16@3, 3600:32`."""
    hardware = hardware or Hardware(32_000)
    start = parse_time(at) // SECOND
    decisions = compose(
        profiles,
        connector,
        hardware,
        start,
        start + duration,
        transaction_start=None if since is None else parse_time(since) // SECOND,
    )
    rows = periods(decisions, ChargingRateUnitType(unit), hardware)
    return ", ".join(
        f"{row.start}:{row.limit.normalize():f}" + ("" if row.phases is None else f"@{row.phases}")
        for row in rows
    )
