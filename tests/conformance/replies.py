"""Answers of the central system that many tests need, and when messages came."""

from collections.abc import Callable
from typing import Any

from desktop_sim.protocol.times import format_time
from desktop_sim.runtime.virtual import START
from desktop_sim.station.events import LogEvent
from desktop_sim.station.turn import SECOND
from tests.conformance.world import World

Reply = Callable[[dict[str, Any]], dict[str, Any]]


def registration(world: World, status: str, interval: int = 300, *, ahead: float = 0.0) -> Reply:
    """BootNotification.conf; the central system's clock is so many seconds ahead."""
    return lambda _: {
        "status": status,
        "currentTime": format_time(world.peer.now.sim + round(ahead * SECOND)),
        "interval": interval,
    }


def tag(status: str = "Accepted", parent: str | None = None, expiry: str | None = None) -> dict[str, Any]:
    """What is said of an idTag."""
    info = {"status": status}
    if parent is not None:
        info["parentIdTag"] = parent
    if expiry is not None:
        info["expiryDate"] = expiry
    return {"idTagInfo": info}


def send_list(world: World, **tags: dict[str, Any] | None) -> str:
    """Send a whole local list, tag → idTagInfo; returns the status."""
    entries = [{"idTag": id_tag, **(answer or {})} for id_tag, answer in tags.items()]
    payload = {"listVersion": 1, "updateType": "Full", "localAuthorizationList": entries}
    return str(world.ask("SendLocalList", payload)["status"])


def unregistered(**world: Any) -> World:
    """A station that is about to boot: set its answers, then let time pass."""
    return World(boot=False, **world)


def times(world: World, action: str) -> list[float]:
    """When the central system got the CALLs of an action, seconds since the start of the world."""
    return [(message.time - START) / SECOND for message in world.peer.calls(action)]


def logs(world: World, text: str) -> list[str]:
    """The sentences of the log that hold a text."""
    return [event.text for event in world.events(LogEvent) if text in event.text]
