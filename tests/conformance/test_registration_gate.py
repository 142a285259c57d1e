"""CORE-BOOT-1, -7, -9 at random: whatever happens, nothing leaves that the registration does not allow."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from desktop_sim.protocol.times import format_time
from desktop_sim.runtime.scripted_peer import Failure, ScriptedPeer
from desktop_sim.runtime.virtual import VirtualDriver
from desktop_sim.station.events import AnyEvent, FrameEvent, RegistrationEvent
from desktop_sim.station.profile import Connection, ConnectorProfile, StationProfile
from desktop_sim.station.station import Station
from tests.conformance.coverage import covers
from tests.station.acts import ACTS, Act, perform

PROFILE = StationProfile(
    connectors=(ConnectorProfile(),) * 2,
    connection=Connection(url="ws://central.example"),
    configuration={"AllowOfflineTxForUnknownId": "true", "ClockAlignedDataInterval": "30"},
)
REGISTRATIONS = st.sampled_from(["Accepted", "Accepted", "Pending", "Rejected", None, Failure()])
STEPS = st.lists(st.one_of(ACTS, st.tuples(REGISTRATIONS, st.sampled_from([0, 20, 300]))), max_size=40)


def play(steps: list[Act | tuple[Any, int]], switches: dict[str, str]) -> list[AnyEvent]:
    """Let it happen; returns every event."""
    peer = ScriptedPeer()
    profile = StationProfile(
        connectors=PROFILE.connectors,
        connection=PROFILE.connection,
        configuration=PROFILE.configuration,
        switches=switches,
    )
    driver = VirtualDriver(lambda now, stored: Station(profile, now=now, seed=3, stored=stored), peer)
    for step in steps:
        if not isinstance(step, tuple):
            perform(driver, peer, step)
            continue
        peer.answers["BootNotification"] = _answer(peer, *step)
    driver.run_for(1000)
    return driver.events


def _answer(peer: ScriptedPeer, status: Any, interval: int) -> Any:
    def conf(request: dict[str, Any]) -> dict[str, Any]:
        return {"status": status, "currentTime": format_time(peer.now.sim), "interval": interval}

    return conf if isinstance(status, str) else status


@covers("CORE-BOOT-1", "CORE-BOOT-7", "CORE-BOOT-9", "CORE-BOOT-14", "RT-5")
@given(STEPS, st.sampled_from([{}, {"SW-CHARGE-BEFORE-ACCEPTED": "on"}, {"SW-REJECTED-SOCKET": "close"}]))
def test_nothing_leaves_that_the_registration_does_not_allow(
    steps: list[Act | tuple[Any, int]], switches: dict[str, str]
) -> None:
    status = "None"
    asked_for: list[str] = []
    for event in play(steps, switches):
        if isinstance(event, RegistrationEvent):
            status = event.status
            if status == "None":
                asked_for.clear()
        if not isinstance(event, FrameEvent):
            continue
        if event.direction == "in" and event.action == "TriggerMessage":
            asked_for.append(json.loads(event.text)[3]["requestedMessage"])
        if event.direction == "out":
            _check(event, status, asked_for)


def _check(event: FrameEvent, status: str, asked_for: list[str]) -> None:
    if event.type != "call":
        assert status != "Rejected", event.text
    elif status != "Accepted" and event.action != "BootNotification":
        assert status == "Pending", event.text
        assert event.action in asked_for, event.text
