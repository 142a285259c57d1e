"""Times on the wire: ISO 8601 text to and from microseconds since the Unix epoch, UTC (RPC-16).

Pure integer arithmetic: no clock, no time zone database, no locale.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_LEAP_YEAR: Final = "(?:[0-9][0-9](?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)"
_DAY: Final = (
    "(?:[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
    "|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
    "|02-(?:0[1-9]|1[0-9]|2[0-8]))"
    f"|{_LEAP_YEAR}-02-29)"
)
_HOUR: Final = "(?:[01][0-9]|2[0-3])"
_MINUTE: Final = "[0-5][0-9]"
_SECOND: Final = "(?:[0-5][0-9]|60)"
_ZONE: Final = f"(?:[Zz]|[+-]{_HOUR}(?::?{_MINUTE})?)"

TIME_PATTERN: Final = f"^{_DAY}[Tt]{_HOUR}:{_MINUTE}:{_SECOND}(?:[.][0-9]+)?{_ZONE}?$(?!\n)"
"""The times `parse_time` understands, as a regular expression: real days only, any fraction, any zone or none."""

_MATCHES: Final = re.compile(TIME_PATTERN).match

MICROSECONDS: Final = 1_000_000
_DAY_SECONDS: Final = 86_400
_EPOCH_DAY: Final = 719_468
_ERA_DAYS: Final = 146_097


def format_time(us: int) -> str:
    """Text for the wire, `2025-06-02T07:00:00.000Z`, from microseconds since the Unix epoch (RPC-16).

    Always UTC and always three fraction digits; what is finer than a millisecond is cut off.
    Raises ValueError outside the years 0000 to 9999.
    """
    seconds, fraction = divmod(us, MICROSECONDS)
    day, second = divmod(seconds, _DAY_SECONDS)
    minute, second = divmod(second, 60)
    hour, minute = divmod(minute, 60)
    return f"{_date_of(day)}T{hour:02d}:{minute:02d}:{second:02d}.{fraction // 1000:03d}Z"


def parse_time(text: str) -> int:
    """Microseconds since the Unix epoch of an ISO 8601 time (RPC-16).

    Takes a fraction of any length (digits beyond the microsecond are cut off), `Z`, `+02:00`, and leniently
    `+0200` and `+02`; no zone at all means UTC. A leap second counts as the first of the next minute.
    Raises ValueError for anything else.
    """
    if _MATCHES(text) is None:
        raise ValueError(f"not an ISO 8601 time: {text[:40]!r}")
    seconds = _day_of(int(text[0:4]), int(text[5:7]), int(text[8:10])) * _DAY_SECONDS
    seconds += int(text[11:13]) * 3600 + int(text[14:16]) * 60 + int(text[17:19])
    fraction, zone = _split_tail(text[19:])
    return (seconds - _offset_of(zone)) * MICROSECONDS + int(fraction[:6].ljust(6, "0"))


def has_zone(text: str) -> bool:
    """Whether a time that `parse_time` accepts names its zone; one without is taken as UTC and worth a log line."""
    return _split_tail(text[19:])[1] != ""


def _split_tail(tail: str) -> tuple[str, str]:
    """Fraction digits and zone of what follows the seconds: `.250+02:00` gives `250` and `+02:00`."""
    if not tail.startswith("."):
        return "", tail
    zone = tail[1:].lstrip("0123456789")
    return tail[1 : len(tail) - len(zone)], zone


def _offset_of(zone: str) -> int:
    """Seconds east of UTC of a zone: `Z`, `+02:00`, `+0200`, `+02` or nothing."""
    if zone in ("Z", "z", ""):
        return 0
    seconds = int(zone[1:3]) * 3600 + int(zone[3:].lstrip(":") or 0) * 60
    return -seconds if zone[0] == "-" else seconds


def _day_of(year: int, month: int, day: int) -> int:
    """Days since 1970-01-01 of a Gregorian date; the year is counted from March so that the leap day is its last."""
    year -= month <= 2
    era, year_of_era = divmod(year, 400)
    day_of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    return (
        era * _ERA_DAYS + year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year - _EPOCH_DAY
    )


@lru_cache(maxsize=64)
def _date_of(days: int) -> str:
    """`2025-06-02` from days since 1970-01-01; remembered, for most times of a run fall on few days."""
    era, day_of_era = divmod(days + _EPOCH_DAY, _ERA_DAYS)
    year_of_era = (day_of_era - day_of_era // 1460 + day_of_era // 36_524 - day_of_era // 146_096) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    shifted_month = (5 * day_of_year + 2) // 153
    day = day_of_year - (153 * shifted_month + 2) // 5 + 1
    month = shifted_month + 3 if shifted_month < 10 else shifted_month - 9
    year = year_of_era + era * 400 + (month <= 2)
    if not 0 <= year <= 9999:
        raise ValueError(f"the year {year} cannot be written in four digits")
    return f"{year:04d}-{month:02d}-{day:02d}"
