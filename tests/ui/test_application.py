"""The program with a window, as a process: it starts, lives, and ends when it is told to."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from desktop_sim.app.options import StationOptions
from desktop_sim.ui.application import first_station

PATIENCE = 60.0


def start(tmp_path: Path, *words: str) -> "subprocess.Popen[str]":
    """The program, without a screen."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONFAULTHANDLER": "1"}
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-m", "desktop_sim", "window", "--ephemeral", *words],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).resolve().parents[2],
    )


def wait_until_it_listens(process: "subprocess.Popen[str]") -> None:
    """Until the program handles SIGTERM by itself: it is up."""
    status = Path(f"/proc/{process.pid}/status")
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        assert process.poll() is None, process.communicate()
        caught = next(line for line in status.read_text().splitlines() if line.startswith("SigCgt"))
        if int(caught.split()[1], 16) & 1 << (signal.SIGTERM - 1):
            time.sleep(1)
            return
        time.sleep(0.1)
    pytest.fail("the program did not come up")


@pytest.mark.parametrize(
    "number, words",
    [
        (signal.SIGTERM, ()),
        (signal.SIGTERM, ("--connectors", "2")),
        (signal.SIGINT, ("CP7", "ws://127.0.0.1:1/x")),
    ],
)
def test_it_ends_in_peace(tmp_path: Path, words: tuple[str, ...], number: signal.Signals) -> None:
    process = start(tmp_path, *words)
    settings = Path(os.environ["XDG_CONFIG_HOME"])
    try:
        wait_until_it_listens(process)
        process.send_signal(number)
        out, err = process.communicate(timeout=PATIENCE)
    finally:
        process.kill()
    lines = [line for line in err.splitlines() if "propagateSizeHints" not in line]
    assert lines == []
    assert out == ""
    assert process.returncode == 0
    assert list(settings.rglob("settings.json")), "the window's place is remembered"


def test_nothing_asked_for_is_the_welcome_page() -> None:
    assert first_station(StationOptions()) is None
    assert first_station(StationOptions(lang="ru", log_level="debug", ephemeral=True)) is None


def test_what_is_asked_for_is_opened() -> None:
    asked = StationOptions(charge_point_id="CP1", url="ws://localhost:9000")
    assert first_station(asked) == asked
    assert first_station(StationOptions(connectors=2)) == StationOptions(connectors=2)


def test_a_file_in_the_place_of_the_id_is_a_profile(tmp_path: Path) -> None:
    file = tmp_path / "garage.station.json"
    file.write_text("{}")
    opened = first_station(StationOptions(charge_point_id=str(file)))
    assert opened is not None
    assert opened.profile == file
    assert opened.charge_point_id is None
    missing = StationOptions(charge_point_id="missing.json")
    assert first_station(missing) == missing
