"""UpdateFirmware, step by step (FW-UPD). Transfers are played from a script; real ones: tests/transport/files."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from desktop_sim.runtime.transfer_jobs import manifest
from desktop_sim.runtime.virtual_jobs import JobScript
from desktop_sim.station import commands
from desktop_sim.station.events import JobEvent
from desktop_sim.station.jobs import Job, Outcome
from desktop_sim.transport.files.place import place_of
from tests.conformance.coverage import covers
from tests.conformance.world import World

URL = "ftp://files.example/firmware-2.0.bin"
NOW = "2025-06-02T07:00:00Z"
GOOD = Outcome(ok=True, result={"size": 1000, "version": "2.0"})
BAD = Outcome(ok=False, sentence="There is no such file.")


def station(*outcomes: Outcome, seconds: float = 5, **options: Any) -> World:
    """A station whose downloads end so, one after the other; the last outcome stays."""
    left = list(outcomes or (GOOD,))
    world = World(**options)
    world.driver._jobs._scripts = lambda kind: JobScript(left.pop(0) if len(left) > 1 else left[0], seconds)
    return world


def update(world: World, **fields: Any) -> Any:
    return world.ask("UpdateFirmware", {"location": URL, "retrieveDate": NOW, **fields})


def steps(world: World) -> list[str]:
    return [payload["status"] for payload in world.peer.payloads("FirmwareStatusNotification")]


def started(world: World) -> list[Job]:
    return world.driver._jobs.started


@covers("FW-UPD-1", "FW-UPD-3", "A.24/firmware")
def test_an_update_from_end_to_end() -> None:
    """TC_044_1: the new version is in the BootNotification, Installed comes after Accepted."""
    world = station()
    assert update(world) == {}
    world.run(30)
    assert steps(world) == ["Downloading", "Downloaded", "Installing", "Installed"]
    assert world.peer.last("BootNotification")["firmwareVersion"] == "2.0"
    told = world.told()
    assert told.index("BootNotification") < told.index("Status(1) Available") < len(told) - 1
    assert told[-1] == "FirmwareStatusNotification"
    world.do(commands.Reboot())
    world.run(5)
    assert world.peer.last("BootNotification")["firmwareVersion"] == "2.0"


@covers("FW-UPD-2")
def test_it_waits_for_the_date_also_over_a_restart() -> None:
    world = station()
    update(world, retrieveDate="2025-06-02T07:10:00Z")
    world.run(300)
    world.driver.restart()
    world.run(200)
    assert steps(world) == []
    world.run(150)
    assert steps(world)[0] == "Downloading"


@covers("FW-UPD-3", "FW-UPD-4", "FW-FT-9")
@pytest.mark.parametrize("retries, tries", [(0, 1), (2, 3), (None, 4)])
def test_tries_and_failure(retries: int | None, tries: int) -> None:
    """TC_044_2: one Downloading, one DownloadFailed, so many tries at the interval."""
    world = station(BAD)
    update(world, retryInterval=10, **({} if retries is None else {"retries": retries}))
    world.run(100)
    assert steps(world) == ["Downloading", "DownloadFailed"]
    begun = [e.time // 1_000_000 for e in world.events(JobEvent) if e.state == "started"]
    assert len(begun) == tries
    assert {later - earlier for earlier, later in pairwise(begun)} <= {15}


@covers("FW-UPD-4")
def test_a_second_try_can_succeed() -> None:
    world = station(BAD, GOOD)
    update(world, retryInterval=10)
    world.run(60)
    assert steps(world)[-1] == "Installed"


@covers("FW-UPD-3", "FW-UPD-8")
@pytest.mark.parametrize(
    "outcome", [Outcome(ok=True, result={"size": 0}), Outcome(ok=True, result={"size": 9, "fails": True})]
)
def test_a_bad_image_is_not_installed(outcome: Outcome) -> None:
    """TC_044_3."""
    world = station(outcome)
    update(world)
    world.run(60)
    assert steps(world) == ["Downloading", "Downloaded", "Installing", "InstallationFailed"]
    assert "BootNotification" not in world.told()
    assert world.status() == "Available"


@covers("FW-UPD-3")
@pytest.mark.parametrize(
    "where, end", [("download", "DownloadFailed"), ("install", "InstallationFailed"), ("none", "Installed")]
)
def test_a_failure_can_be_chosen(where: str, end: str) -> None:
    """SW-FIRMWARE-FAILS."""
    world = station(switches={"SW-FIRMWARE-FAILS": where, "SW-INSTALL-SECONDS": "20"})
    update(world)
    world.run(60)
    assert steps(world)[-1] == end


@covers("FW-UPD-5")
def test_the_installation_waits_and_keeps_the_others_away() -> None:
    world = station(connectors=2)
    world.start(1)
    update(world)
    world.run(60)
    assert steps(world) == ["Downloading", "Downloaded"]
    assert (world.status(1), world.status(2)) == ("Charging", "Unavailable")
    assert world.ask("RemoteStartTransaction", {"connectorId": 2, "idTag": "X"}) == {"status": "Rejected"}
    world.do(commands.Stop(connector=1))
    world.run(1)
    assert (steps(world)[-1], world.status(1)) == ("Installing", "Unavailable")
    world.run(30)
    assert steps(world)[-1] == "Installed"
    assert (world.status(1), world.status(2)) == ("Finishing", "Available")


@covers("FW-UPD-6", "RT-6")
def test_a_trigger_tells_what_goes_on() -> None:
    world = station(seconds=50)
    ask = {"requestedMessage": "FirmwareStatusNotification"}
    world.ask("TriggerMessage", ask)
    update(world)
    world.ask("TriggerMessage", ask)
    world.run(100)
    world.ask("TriggerMessage", ask)
    assert steps(world) == [
        "Idle",
        "Downloading",
        "Downloading",
        "Downloaded",
        "Installing",
        "Installed",
        "Idle",
    ]


@covers("FW-UPD-7")
def test_a_new_request_replaces_one_that_downloads() -> None:
    world = station(seconds=20)
    update(world)
    world.run(5)
    update(world, location="ftp://files.example/other.bin")
    world.run(60)
    assert [job.arguments["url"] for job in started(world)] == [URL, "ftp://files.example/other.bin"]
    assert steps(world) == ["Downloading", "Downloading", "Downloaded", "Installing", "Installed"]


@covers("FW-UPD-7")
def test_a_new_request_follows_one_that_installs() -> None:
    world = station(switches={"SW-INSTALL-SECONDS": "20"})
    update(world)
    world.run(10)
    assert steps(world)[-1] == "Installing"
    update(world, location="ftp://files.example/other.bin")
    world.run(100)
    assert steps(world).count("Installed") == 2


@pytest.mark.parametrize(
    "interrupt",
    [
        lambda world: world.driver.restart(),
        lambda world: (world.do(commands.PowerCut()), world.do(commands.PowerOn())),
        lambda world: world.do(commands.Reboot()),
    ],
)
@pytest.mark.parametrize("after", [2, 7, 12])
def test_it_survives_any_stop(interrupt: Callable[[World], Any], after: float) -> None:
    """A.1 row 5, DESIGN § 3: whatever stops the station, in the end the firmware is installed."""
    world = station(switches={"SW-INSTALL-SECONDS": "10"})
    update(world)
    world.run(after)
    interrupt(world)
    world.run(100)
    assert steps(world)[-1] == "Installed"
    assert world.peer.last("BootNotification")["firmwareVersion"] == "2.0"


def test_what_could_not_be_told_is_told_later() -> None:
    """A.1 row 5: the newest status, after the reconnect."""
    world = station()
    world.start()
    update(world, retrieveDate="2025-06-02T07:00:10Z")
    world.offline()
    world.run(60)
    world.peer.clear()
    world.online()
    assert steps(world) == ["Downloaded"]


@covers("FW-FT-8")
@pytest.mark.parametrize("location", ["", "no address", "gopher://x/y"])
def test_a_location_that_is_none_fails(location: str) -> None:
    """The worker refuses it; here its outcome is played."""
    world = station(BAD)
    update(world, location=location, retries=0)
    world.run(20)
    assert steps(world) == ["Downloading", "DownloadFailed"]


@covers("FW-UPD-8")
@pytest.mark.parametrize(
    "content, version, fails",
    [
        (b"\x00binary", "firmware-2.0", False),
        (b'{"firmwareVersion": "3.1"}', "3.1", False),
        (b'{"install": "fail"}', "firmware-2.0", True),
        (b"[1]", "firmware-2.0", False),
    ],
)
def test_what_an_image_says_of_itself(tmp_path: Path, content: bytes, version: str, fails: bool) -> None:
    image = tmp_path / "image"
    image.write_bytes(content)
    assert manifest(image, place_of(URL)) == {"version": version, "fails": fails}


def test_without_a_server_transfers_can_be_simulated() -> None:
    """SW-SIMULATED-TRANSFERS: off by default, on it needs no job."""
    world = World(switches={"SW-SIMULATED-TRANSFERS": "on"})
    update(world)
    world.run(30)
    assert steps(world)[-1] == "Installed"
    assert started(world) == []
