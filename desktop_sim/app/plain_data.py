"""Events and results as plain data for other programs: wire spellings, SI units, times in ISO 8601, no secrets."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from msgspec.structs import asdict, replace

from desktop_sim.station.events import AnyEvent, Event
from desktop_sim.station.profile import StationProfile

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def instant(microseconds: int) -> str:
    """An instant as ISO 8601 in UTC, to the microsecond."""
    moment = _EPOCH + timedelta(microseconds=microseconds)
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")


def plain_event(event: AnyEvent | Event) -> dict[str, Any]:
    """An event with all its fields: `seq`, `time`, `kind` and `connector` (null: the station as a whole) first."""
    fields = asdict(event)
    head = {"seq": fields.pop("seq"), "time": instant(fields.pop("time")), "kind": kind_of(event)}
    return {**head, "connector": fields.pop("connector"), **fields}


def kind_of(event: AnyEvent | Event) -> str:
    """The kind of an event, as clients name it."""
    return str(event.__struct_config__.tag)


def plain(result: Any) -> Any:
    """What a command answered, as JSON can say it."""
    match result:
        case Event():
            return plain_event(result)
        case StationProfile():
            return msgspec.to_builtins(_without_key(result), enc_hook=str)
        case list():
            return [plain(one) for one in result]
        case None | bool() | int() | float() | str() | dict():
            return result
    return msgspec.to_builtins(result, enc_hook=str)


def _without_key(profile: StationProfile) -> StationProfile:
    """The profile with three asterisks for a password that stands in it."""
    connection = profile.connection
    if not isinstance(connection.authorization_key, str):
        return profile
    return replace(profile, connection=replace(connection, authorization_key="***"))
