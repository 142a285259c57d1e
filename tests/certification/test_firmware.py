"""The certification cases of firmware and diagnostics. The transfers themselves are played."""

from typing import Any

from desktop_sim.runtime.virtual_jobs import JobScript
from desktop_sim.station.jobs import Outcome
from tests.certification.judged_world import JudgedWorld
from tests.conformance.asks import later
from tests.conformance.world import World

MISSING = Outcome(ok=False, sentence="There is no such file.")
NOBODY = Outcome(ok=False, sentence="Nothing listens there.")


def station(outcome: Outcome) -> JudgedWorld:
    """A station whose transfers take five seconds and end so."""
    world = JudgedWorld()
    world.driver._jobs._scripts = lambda kind: JobScript(outcome, 5)
    return world


def steps(world: World, action: str) -> list[str]:
    return [payload["status"] for payload in world.peer.payloads(action)]


def update(world: World, name: str) -> list[str]:
    """Ask for an update ten seconds from now; the steps it takes."""
    request: dict[str, Any] = {
        "location": f"ftp://files.example/{name}",
        "retrieveDate": later(world, 10),
        "retries": 0,
    }
    assert world.ask("UpdateFirmware", request) == {}
    world.run(9)
    assert world.told() == []
    world.run(60)
    return steps(world, "FirmwareStatusNotification")


def test_TC_044_1_CS_firmware_is_installed() -> None:
    world = station(Outcome(ok=True, result={"size": 1000, "version": "2.0"}))
    assert update(world, "firmware.bin") == ["Downloading", "Downloaded", "Installing", "Installed"]
    assert world.told().count("BootNotification") == 1
    assert world.peer.last("BootNotification")["firmwareVersion"] == "2.0"
    assert world.told()[-2:] == ["Status(1) Available", "FirmwareStatusNotification"]


def test_TC_044_2_CS_firmware_download_fails() -> None:
    world = station(MISSING)
    assert update(world, "does_not_exist.bin") == ["Downloading", "DownloadFailed"]
    assert set(world.told()) == {"FirmwareStatusNotification"}
    assert world.status() == "Available"


def test_TC_044_3_CS_firmware_installation_fails() -> None:
    world = station(Outcome(ok=True, result={"size": 0}))
    found = update(world, "empty.bin")
    assert found == ["Downloading", "Downloaded", "Installing", "InstallationFailed"]
    assert world.statuses()[-1] == "Available"
    assert world.status() == "Available"


def diagnostics(world: World) -> list[str]:
    """Ask for diagnostics; the steps the upload takes."""
    request = {"location": "ftp://files.example/inbox/", "retries": 0, "retryInterval": 10}
    assert world.ask("GetDiagnostics", request)["fileName"]
    world.run(60)
    assert set(world.told()) == {"DiagnosticsStatusNotification"}
    return steps(world, "DiagnosticsStatusNotification")


def test_TC_045_1_CS_get_diagnostics() -> None:
    assert diagnostics(station(Outcome(ok=True))) == ["Uploading", "Uploaded"]


def test_TC_045_2_CS_get_diagnostics_upload_fails() -> None:
    assert diagnostics(station(NOBODY)) == ["Uploading", "UploadFailed"]
