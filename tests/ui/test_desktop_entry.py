"""A place in the desktop's menu."""

import configparser
import shlex
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from desktop_sim.ui import desktop_entry
from desktop_sim.ui.desktop_entry import MIME, NAME, install


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A person's data folder."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    return tmp_path


def entry_of(path: Path) -> configparser.SectionProxy:
    """The entry as a desktop reads it."""
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read(path, encoding="utf-8")
    return parser["Desktop Entry"]


def test_everything_is_in_its_place(home: Path) -> None:
    entry = install(["/opt/my sim/run_simulator.sh"])
    assert entry == home / "applications" / f"{NAME}.desktop"
    read = entry_of(entry)
    assert shlex.split(read["Exec"]) == ["/opt/my sim/run_simulator.sh", "window", "%f"]
    assert read["MimeType"] == f"{MIME};"
    assert read["Terminal"] == "false"
    assert read["Icon"] == NAME
    assert (home / "icons/hicolor/scalable/apps" / f"{NAME}.svg").read_text().startswith("<svg")
    kind = ET.parse(home / "mime/packages" / f"{NAME}.xml").getroot()[0]
    assert kind.get("type") == MIME
    assert [child.get("pattern") for child in kind if child.tag.endswith("glob")] == ["*.station.json"]


def test_again_is_no_trouble(home: Path) -> None:
    assert install() == install()


def test_it_starts_what_runs_now(home: Path) -> None:
    command = desktop_entry.start_command()
    assert Path(command[0]).is_absolute()
    assert Path(command[0]).exists()


def test_without_the_variable_it_is_the_usual_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    assert desktop_entry.data_home() == Path.home() / ".local/share"
