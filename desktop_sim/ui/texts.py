"""Words and numbers as people read them.

Every text a person sees goes through `_()`, so that it can be translated; what stands on the wire (statuses, actions,
keys) is never translated, only explained.
"""

from datetime import UTC, datetime

from PySide6.QtCore import QCoreApplication, QLocale

CONTEXT = "desktop_sim"


def _(text: str) -> str:
    """The text in the language in force."""
    return QCoreApplication.translate(CONTEXT, text)


def _n(text: str, count: int) -> str:
    """The text with `%n` counted, in the plural form the language asks for."""
    return QCoreApplication.translate(CONTEXT, text, None, count)


def number(value: float, digits: int = 0) -> str:
    """A number in the way of the person's country."""
    return QLocale().toString(float(value), "f", digits)


def amperes(value: float) -> str:
    """A current, to a tenth."""
    return f"{number(value, 1)} A"


def power(watts: float) -> str:
    """A power: watts below one kilowatt, kilowatts above."""
    if abs(watts) < 1000:
        return f"{number(watts)} W"
    return f"{number(watts / 1000, 2)} kW"


def energy(watt_hours: float) -> str:
    """An amount of energy."""
    if abs(watt_hours) < 1000:
        return f"{number(watt_hours)} Wh"
    return f"{number(watt_hours / 1000, 3)} kWh"


def duration(seconds: float) -> str:
    """A length of time: `42 s`, `3:07`, `1:02:03`."""
    whole = max(0, int(seconds))
    hours, rest = divmod(whole, 3600)
    minutes, left = divmod(rest, 60)
    if hours:
        return f"{hours}:{minutes:02}:{left:02}"
    return f"{minutes}:{left:02}" if minutes else f"{left} s"


def clock(microseconds: int, *, milliseconds: bool = False) -> str:
    """The local time of day of an instant in µs since the Unix epoch."""
    moment = datetime.fromtimestamp(microseconds / 1_000_000, UTC).astimezone()
    text = f"{moment:%H:%M:%S}"
    return f"{text}.{moment.microsecond // 1000:03}" if milliseconds else text


def date_and_clock(microseconds: int) -> str:
    """The local date and time of an instant in µs since the Unix epoch."""
    moment = datetime.fromtimestamp(microseconds / 1_000_000, UTC).astimezone()
    return f"{moment:%Y-%m-%d %H:%M:%S}"


def latency(microseconds: int) -> str:
    """How long an answer took."""
    if microseconds < 1_000_000:
        return f"{max(1, round(microseconds / 1000))} ms"
    return f"{number(microseconds / 1_000_000, 1)} s"


def plain(text: str) -> str:
    """A text of an action without its mnemonic mark and dots."""
    return text.replace("&&", "\0").replace("&", "").replace("\0", "&").removesuffix("…")
