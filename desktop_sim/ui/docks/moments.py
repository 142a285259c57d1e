"""Instants as people type them: a date, a date and a time of day, or so long from now."""

import re
from datetime import UTC, datetime

from desktop_sim.ui.texts import _

SECOND = 1_000_000
FORMS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d")
UNITS = {"s": 1, "min": 60, "m": 60, "h": 3600, "d": 86_400}
_SOON = re.compile(r"\+\s*(\d{1,6})\s*([a-z]+)", re.IGNORECASE)


class NoMoment(ValueError):
    """The text names no instant; it says what would."""


def read_moment(text: str, now: int) -> int | None:
    """The instant (µs since the Unix epoch) a text means, in local time; None for an empty one. Raises NoMoment."""
    text = text.strip()
    if not text:
        return None
    soon = _SOON.fullmatch(text)
    if soon is not None and soon[2].lower() in UNITS:
        return now + int(soon[1]) * UNITS[soon[2].lower()] * SECOND
    for form in FORMS:
        try:
            moment = datetime.strptime(text, form).astimezone()
        except (ValueError, OverflowError):
            continue
        return round(moment.timestamp()) * SECOND
    raise NoMoment(_("Expires: a time such as 2027-12-31 18:00 or +2 h, or nothing"))


def write_moment(instant: int | None) -> str:
    """The text that means that instant; empty for None."""
    if instant is None:
        return ""
    moment = datetime.fromtimestamp(instant / SECOND, UTC).astimezone()
    return f"{moment:%Y-%m-%d %H:%M:%S}".removesuffix(":00")
