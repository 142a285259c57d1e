"""The bench of the certification cases: a station prepared as the test tool prepares it, by messages alone.

Between two cases the tool restores the configuration, ends what runs, empties cache and list, puts everything in
service and resets the station; whatever was left over must not matter.
"""

from collections.abc import Mapping
from typing import Any

from tests.certification.judged_world import JudgedWorld
from tests.conformance.world import World


def prepared(
    keys: Mapping[str, str] | None = None, *, made_with: Mapping[str, str] | None = None, **world: Any
) -> World:
    """A station after those steps, with the configuration a case asks for; its messages begin with the case.

    `made_with` are keys as the station left the factory, read-only ones too.
    """
    station = JudgedWorld(keys=made_with, **world)
    with_list = "LocalAuthListManagement" in (station.key("SupportedFeatureProfiles") or "")
    assert station.ask("ClearCache") == {"status": "Accepted"}
    if with_list and station.key("LocalAuthListEnabled") == "true":
        emptied = station.ask("SendLocalList", {"listVersion": 1, "updateType": "Full"})
        assert emptied == {"status": "Accepted"}
    in_service = station.ask("ChangeAvailability", {"connectorId": 0, "type": "Operative"})
    assert in_service == {"status": "Accepted"}
    assert station.ask("Reset", {"type": "Hard"}) == {"status": "Accepted"}
    station.run(10)
    for name, value in (keys or {}).items():
        assert station.change(name, value) == "Accepted", name
    for number in range(1, len(station.profile.connectors) + 1):
        assert station.status(number) == "Available"
    station.peer.clear()
    return station


def one(station: World, action: str) -> dict[str, Any]:
    """The payload of the only CALL of that action."""
    (payload,) = station.peer.payloads(action)
    return payload
