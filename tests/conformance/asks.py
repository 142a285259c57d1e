"""What the central system asks in the tests of the local list and of reservations."""

from typing import Any

import pytest

from desktop_sim.protocol.times import format_time
from desktop_sim.station import commands as c
from desktop_sim.station.commands import CommandRefused
from desktop_sim.station.events import ReservationEvent
from desktop_sim.station.turn import SECOND
from tests.conformance.world import TAG, World

Entry = dict[str, Any]

OTHER = "OTHER"
"""A tag beside the usual one."""

GROUND_FAILURE = c.Error(connector=1, error_code="GroundFailure")


def entry(
    id_tag: str, status: str = "Accepted", parent: str | None = None, expiry: str | None = None
) -> Entry:
    """A tag of the local list."""
    info = {"status": status}
    if parent is not None:
        info["parentIdTag"] = parent
    if expiry is not None:
        info["expiryDate"] = expiry
    return {"idTag": id_tag, "idTagInfo": info}


def gone(id_tag: str) -> Entry:
    """A tag a Differential update deletes."""
    return {"idTag": id_tag}


def send_full(world: World, version: int, *entries: Entry) -> Any:
    """The status of SendLocalList, Full."""
    return _send(world, version, "Full", entries)


def send_changes(world: World, version: int, *entries: Entry) -> Any:
    """The status of SendLocalList, Differential."""
    return _send(world, version, "Differential", entries)


def _send(world: World, version: int, kind: str, entries: tuple[Entry, ...]) -> Any:
    payload: dict[str, Any] = {"listVersion": version, "updateType": kind}
    if entries:
        payload["localAuthorizationList"] = list(entries)
    return _status(world.ask("SendLocalList", payload))


def version(world: World) -> Any:
    """What GetLocalListVersion tells."""
    answer = world.ask("GetLocalListVersion")
    return answer if isinstance(answer, str) else answer["listVersion"]


def later(world: World, seconds: float) -> str:
    """A time on the wire, so many seconds from now."""
    return format_time(world.driver.now.sim + round(seconds * SECOND))


def reserve(
    world: World,
    number: int = 1,
    connector: int = 1,
    id_tag: str = "USER001",
    seconds: float = 3600,
    parent: str | None = None,
) -> Any:
    """The status of ReserveNow."""
    return _status(world.ask("ReserveNow", wish(world, number, connector, id_tag, seconds, parent)))


def wish(
    world: World,
    number: int = 1,
    connector: int = 1,
    id_tag: str = "USER001",
    seconds: float = 3600,
    parent: str | None = None,
) -> dict[str, Any]:
    """The payload of ReserveNow."""
    payload = {
        "connectorId": connector,
        "expiryDate": later(world, seconds),
        "idTag": id_tag,
        "reservationId": number,
    }
    return payload if parent is None else payload | {"parentIdTag": parent}


def cancel(world: World, number: int = 1) -> Any:
    """The status of CancelReservation."""
    return _status(world.ask("CancelReservation", {"reservationId": number}))


def _status(answer: Any) -> Any:
    return answer if isinstance(answer, str) else answer["status"]


def reserved(
    number: int = 1, connector: int = 1, *, seconds: float = 3600, parent: str | None = None, **world: Any
) -> World:
    """A station on which a connector is kept for the usual tag for an hour."""
    made = World(**world)
    assert reserve(made, number, connector, seconds=seconds, parent=parent) == "Accepted"
    made.peer.clear()
    return made


def numbers(world: World) -> list[int]:
    """The ids of all reservations."""
    return [one["id"] for one in world.do(c.Reservations())]


def ends(world: World) -> list[tuple[str, int]]:
    """How reservations ended."""
    over = [event for event in world.events(ReservationEvent) if event.what not in ("reserved", "replaced")]
    return [(event.what, event.reservation_id) for event in over]


def refused(world: World, id_tag: str = OTHER, connector: int | None = None) -> str:
    """Present a tag where a reader shows red at once; the sentence."""
    with pytest.raises(CommandRefused) as caught:
        world.do(c.PresentTag(id_tag=id_tag, connector=connector))
    return caught.value.sentence


def remote_start(world: World, id_tag: str = TAG, connector: int | None = 1) -> Any:
    """The status of RemoteStartTransaction."""
    payload: dict[str, Any] = {"idTag": id_tag}
    if connector is not None:
        payload["connectorId"] = connector
    answer = world.ask("RemoteStartTransaction", payload)
    world.run(0)
    return answer["status"]


def availability(world: World, kind: str, connector: int = 1) -> Any:
    """The status of ChangeAvailability."""
    return world.ask("ChangeAvailability", {"connectorId": connector, "type": kind})["status"]
