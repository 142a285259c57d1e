"""GetDiagnostics (FW-DIAG). Uploads are played from a script; real ones stand in tests/transport/files."""

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from desktop_sim.runtime.transfer_jobs import masked, pack
from desktop_sim.runtime.virtual_jobs import JobScript
from desktop_sim.station.events import FrameEvent, JobEvent, LogEvent
from desktop_sim.station.jobs import Outcome
from tests.conformance.coverage import covers
from tests.conformance.world import World

GOOD = Outcome(ok=True)
BAD = Outcome(ok=False, sentence="Nothing listens there.")


def station(*outcomes: Outcome, seconds: float = 5, **options: Any) -> World:
    left = list(outcomes or (GOOD,))
    world = World(**options)
    world.driver._jobs._scripts = lambda kind: JobScript(left.pop(0) if len(left) > 1 else left[0], seconds)
    return world


def get(world: World, **fields: Any) -> Any:
    return world.ask("GetDiagnostics", {"location": "ftp://files.example/inbox/", **fields})


def steps(world: World) -> list[str]:
    return [payload["status"] for payload in world.peer.payloads("DiagnosticsStatusNotification")]


@covers("FW-DIAG-1", "FW-DIAG-2", "FW-DIAG-6")
def test_a_file_is_named_and_uploaded() -> None:
    """TC_045_1."""
    world = station()
    answer = get(world)
    assert answer == {"fileName": "CP001-20250602T070000.zip"}
    world.run(10)
    assert steps(world) == ["Uploading", "Uploaded"]
    world.run(1)
    assert get(world) != answer


@covers("FW-DIAG-2", "FW-DIAG-4", "FW-FT-9")
def test_a_failure_is_told_once_after_all_tries() -> None:
    """TC_045_2."""
    world = station(BAD)
    get(world, retries=2, retryInterval=10)
    world.run(60)
    assert steps(world) == ["Uploading", "UploadFailed"]
    assert sum(event.state == "started" for event in world.events(JobEvent)) == 3


@covers("FW-DIAG-5")
def test_a_second_request_gives_the_first_one_up() -> None:
    world = station(seconds=20)
    get(world)
    world.run(5)
    get(world)
    world.run(60)
    assert steps(world) == ["Uploading", "UploadFailed", "Uploading", "Uploaded"]


@covers("RT-6")
def test_a_trigger_tells_what_goes_on() -> None:
    world = station(seconds=20)
    ask = {"requestedMessage": "DiagnosticsStatusNotification"}
    world.ask("TriggerMessage", ask)
    get(world)
    world.ask("TriggerMessage", ask)
    world.run(30)
    world.ask("TriggerMessage", ask)
    assert steps(world) == ["Idle", "Uploading", "Uploading", "Uploaded", "Idle"]


def test_it_goes_on_after_a_restart() -> None:
    """A.1 row 4."""
    world = station(seconds=20)
    get(world)
    world.run(5)
    world.driver.restart()
    world.run(60)
    assert steps(world) == ["Uploading", "Uploaded"]


@pytest.mark.parametrize("where, end", [("upload", "UploadFailed"), ("none", "Uploaded")])
def test_a_failure_can_be_chosen(where: str, end: str) -> None:
    """SW-DIAGNOSTICS-FAIL."""
    world = station(switches={"SW-DIAGNOSTICS-FAIL": where})
    get(world)
    world.run(60)
    assert steps(world)[-1] == end


@covers("FW-DIAG-3", "FW-FT-10")
def test_the_archive_holds_what_helps_and_no_secrets(tmp_path: Path) -> None:
    world = World(keys={"AuthorizationKey": "topsecret123"})
    world.change("AuthorizationKey", "othersecret4")
    world.run(5)
    get(world)
    job = world.driver._jobs.started[0]
    archive = tmp_path / "diagnostics.zip"
    log = LogEvent(seq=1, time=2, level="warning", text="something")
    pack(archive, job.arguments, [*world.driver.events, log])
    with zipfile.ZipFile(archive) as file:
        texts = {name: file.read(name).decode() for name in file.namelist()}
    assert set(texts) == {"trace.jsonl", "log.txt", "configuration.json", "switches.json"}
    assert "warning: something" in texts["log.txt"]
    assert json.loads(texts["configuration.json"])["HeartbeatInterval"] == "300"
    assert all(json.loads(line) for line in texts["trace.jsonl"].splitlines())
    assert "secret" not in "".join(texts.values())


@covers("FW-DIAG-3")
def test_only_the_times_asked_for(tmp_path: Path) -> None:
    frames = [
        FrameEvent(seq=second, time=second, direction="in", type="call", text=f"frame {second}")
        for second in range(5)
    ]
    archive = tmp_path / "diagnostics.zip"
    pack(archive, {"oldest": 1, "newest": 3}, frames)
    with zipfile.ZipFile(archive) as file:
        assert file.read("trace.jsonl").decode().count("frame ") == 3


@covers("FW-FT-10")
def test_a_key_is_masked_in_plain_and_in_quoted_json() -> None:
    plain = '[2,"1","ChangeConfiguration",{"key":"AuthorizationKey","value":"geheim"}]'
    assert "geheim" not in masked(plain)
    assert "geheim" not in masked(json.dumps({"text": plain}))
