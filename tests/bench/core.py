"""The station by itself: frames a second in virtual time, both directions, records kept in memory."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import partial

from desktop_sim.central import CentralPeer, CentralSystem, Tag
from desktop_sim.runtime.peer import Peer
from desktop_sim.runtime.scripted_peer import ScriptedPeer
from desktop_sim.runtime.virtual import VirtualDriver
from desktop_sim.station import commands
from desktop_sim.station.events import FrameEvent
from desktop_sim.station.profile import Connection, StationProfile
from desktop_sim.station.station import Station
from tests.bench.measure import Row, in_turns

FRAMES_A_SECOND = 10_000
CONFIGURATION = {
    "MeterValueSampleInterval": "1",
    "MeterValuesSampledData": "Energy.Active.Import.Register,Power.Active.Import,Current.Import,Voltage",
}
PROFILE = StationProfile(connection=Connection(url="ws://central.example"), configuration=CONFIGURATION)
SIMULATED_SECONDS = 600


def charging(peer: Peer) -> VirtualDriver:
    """A station that charges and samples each second."""
    driver = VirtualDriver(
        lambda now, stored: Station(PROFILE, now=now, seed=1, stored=stored), peer, keep_events=False
    )
    driver.run_for(1)
    driver.submit(commands.Start(connector=1, id_tag="USER001"))
    driver.run_for(30)
    assert driver.submit(commands.Info())["connectors"][0]["status"] == "Charging"
    return driver


def sampling(driver: VirtualDriver) -> int:
    """Let it charge for some time; how many frames passed."""
    count = 0

    def note(event: object) -> None:
        nonlocal count
        count += isinstance(event, FrameEvent)

    unsubscribe = driver.subscribe(note)
    driver.run_for(SIMULATED_SECONDS)
    unsubscribe()
    return count


CALLS = (
    ("GetConfiguration", {"key": ["HeartbeatInterval"]}),
    ("TriggerMessage", {"requestedMessage": "Heartbeat"}),
    ("ChangeConfiguration", {"key": "HeartbeatInterval", "value": "300"}),
    ("UnlockConnector", {"connectorId": 2}),
    ("DataTransfer", {"vendorId": "nobody", "data": "x" * 50}),
)


def asking(driver: VirtualDriver, peer: ScriptedPeer) -> int:
    """Let the central system ask one thing after the other; how many frames passed."""
    peer.clear()
    for number in range(SIMULATED_SECONDS):
        peer.call(*CALLS[number % len(CALLS)])
        driver.settle()
    return len(peer.messages)


def rows() -> Iterator[Row]:
    """The floor is json alone: every frame of the same run read and written once."""
    driver = charging(ScriptedPeer())
    yield _row("charging, MeterValues each second", "ScriptedPeer", driver, partial(sampling, driver))
    central = CentralSystem([Tag(id_tag="USER001")])
    driver = charging(CentralPeer(central))

    def at_central() -> int:
        central.events()
        return sampling(driver)

    yield _row("charging, MeterValues each second", "CentralPeer", driver, at_central)
    peer = ScriptedPeer()
    driver = charging(peer)
    yield _row("CALLs of the central system", "ScriptedPeer", driver, partial(asking, driver, peer))


def _row(what: str, who: str, driver: VirtualDriver, run: Callable[[], int]) -> Row:
    texts: list[str] = []
    unsubscribe = driver.subscribe(lambda e: texts.append(e.text) if isinstance(e, FrameEvent) else None)
    run()
    unsubscribe()
    frames = run()
    spent, floor = in_turns(run, lambda: [json.dumps(json.loads(text)) for text in texts])
    return Row(
        f"virtual time: {what}, {who}",
        frames / spent,
        "frames/s",
        len(texts) / floor,
        "json both ways",
        aim=FRAMES_A_SECOND,
        more_is_better=True,
    )
