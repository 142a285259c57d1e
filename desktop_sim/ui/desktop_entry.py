"""A place in the desktop's menu: the program with its icon, and station profiles that open by a double click."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from desktop_sim.storage.resources import resource

NAME = "ocpp-desktop-sim"
MIME = "application/vnd.ocpp-station+json"


def install(command: list[str] | None = None) -> Path:
    """Write entry, icon and file type for this user; returns the entry. Raises OSError."""
    data = data_home()
    entry = data / "applications" / f"{NAME}.desktop"
    text = resource("desktop/ocpp-desktop-sim.desktop").read_text(encoding="utf-8")
    _write(entry, text.replace("@EXEC@", " ".join(_quoted(word) for word in command or start_command())))
    _write(data / "icons/hicolor/scalable/apps" / f"{NAME}.svg", _read(f"icons/{NAME}.svg"))
    _write(data / "mime/packages" / f"{NAME}.xml", _read("desktop/ocpp-desktop-sim.xml"))
    for tool, folder in (("update-mime-database", "mime"), ("update-desktop-database", "applications")):
        _refresh(tool, data / folder)
    return entry


def data_home() -> Path:
    """Where a desktop looks for what belongs to a user."""
    named = os.environ.get("XDG_DATA_HOME", "")
    return Path(named) if named else Path.home() / ".local/share"


def start_command() -> list[str]:
    """How this very program is started: the script of the checkout, or this Python."""
    script = Path(__file__).resolve().parents[2] / "run_simulator.sh"
    if script.is_file():
        return [str(script)]
    return [sys.executable, "-m", "desktop_sim"]


def _read(name: str) -> str:
    return resource(name).read_text(encoding="utf-8")


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _quoted(word: str) -> str:
    """A word of an Exec line, as the desktop entry specification wants it."""
    if not any(character in word for character in " \t\n\"'\\><~|&;$*?#()`"):
        return word
    for character in '\\"`$':
        word = word.replace(character, f"\\{character}")
    return f'"{word}"'


def _refresh(tool: str, folder: Path) -> None:
    """Tell the desktop; without the tool it notices by itself, later."""
    found = shutil.which(tool)
    if found is not None:
        subprocess.run([found, str(folder)], check=False, capture_output=True, timeout=20)
