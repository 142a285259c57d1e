"""What a frame says, in one line: the values that matter, without brackets and quotation marks."""

from collections.abc import Iterator
from typing import Any

import msgspec

from desktop_sim.station.events import FrameEvent
from desktop_sim.ui.texts import _n, duration, number

LONGEST = 200
"""Characters; nobody reads further in a table."""

MOST_READ = 64 * 1024
"""A frame longer than this is not read for one line of a table."""

_LEFT_OUT = frozenset({"connectorId", "timestamp", "currentTime"})
_ALONE = frozenset({"status", "idTag", "errorCode", "requestedMessage", "type", "reason", "unit"})
"""Fields whose value says enough without their name."""


def summary(event: FrameEvent) -> str:
    """One line about the frame; its text if it cannot be read."""
    payload = frame_payload(event)
    if payload is None:
        return event.text[:LONGEST]
    if event.type == "error":
        return _clip(": ".join(str(part) for part in payload if part and not isinstance(part, dict)))
    if event.action == "MeterValues" and isinstance(payload, dict) and event.type == "call":
        return _clip(_meter_values(payload))
    if event.action == "SetChargingProfile" and event.type == "call" and (line := _charging_profile(payload)):
        return _clip(line)
    return _clip(" · ".join(_leaves(payload)))


def frame_payload(event: FrameEvent) -> Any:
    """The payload of a call or result, code and description of an error; None if the frame cannot be read."""
    if len(event.text) > MOST_READ:
        return None
    try:
        frame = msgspec.json.decode(event.text)
        match event.type:
            case "call":
                return frame[3]
            case "result":
                return frame[2]
            case "error":
                return frame[2:4]
    except (msgspec.DecodeError, LookupError, TypeError):
        pass
    return None


def _clip(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _leaves(value: Any, name: str = "") -> Iterator[str]:
    match value:
        case dict():
            for key, inner in value.items():
                if key not in _LEFT_OUT:
                    yield from _leaves(inner, key)
        case list() if any(isinstance(item, dict | list) for item in value):
            yield from _leaves(value[0], name)
            if len(value) > 1:
                yield _n("and %n more", len(value) - 1)
        case list():
            yield f"{name} {', '.join(map(_scalar, value))}".strip()
        case _:
            yield _scalar(value) if name in _ALONE or not name else f"{name} {_scalar(value)}"


def _scalar(value: Any) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _meter_values(payload: dict[str, Any]) -> str:
    readings = payload.get("meterValue")
    if not isinstance(readings, list) or not readings or not isinstance(readings[-1], dict):
        return " · ".join(_leaves(payload))
    sampled = readings[-1].get("sampledValue")
    parts = [_sample(one) for one in sampled if isinstance(one, dict)] if isinstance(sampled, list) else []
    if "transactionId" in payload:
        parts.append(f"transactionId {payload['transactionId']}")
    if len(readings) > 1:
        parts.append(_n("and %n more", len(readings) - 1))
    return " · ".join(parts)


def _charging_profile(payload: Any) -> str:
    """Its purpose and what it allows when; empty if it is not what it should be."""
    try:
        profile = payload["csChargingProfiles"]
        schedule = profile["chargingSchedule"]
        unit, periods = schedule["chargingRateUnit"], schedule["chargingSchedulePeriod"]
        limits = [f"{_scalar(one['limit'])} {unit} +{duration(one['startPeriod'])}" for one in periods]
        return f"{profile['chargingProfilePurpose']} {profile['stackLevel']}: {', '.join(limits)}"
    except (LookupError, TypeError, ValueError):
        return ""


def _sample(sample: dict[str, Any]) -> str:
    measurand = str(sample.get("measurand", "Energy")).split(".")[0]
    phase = f" {sample['phase']}" if "phase" in sample else ""
    unit = sample.get("unit", "Wh" if measurand == "Energy" else "")
    return f"{measurand}{phase} {sample.get('value', '')} {unit}".rstrip()


def size(characters: int) -> str:
    """How long a text is."""
    return f"{characters} B" if characters < 1000 else f"{number(characters / 1000, 1)} kB"
