"""What the program remembers of its user: recent files, language, theme, and where the window stood.

One JSON file in the configuration folder, replaced in one step. A missing or broken file means: the defaults.
"""

import contextlib
import os
from pathlib import Path
from typing import Any, Literal

import msgspec
from msgspec.structs import replace

from desktop_sim.storage.atomic import write_atomically

MOST_RECENT = 10


class Settings(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """All settings. `window` is the window's own: geometry, docks and the like, under names of its choice."""

    recent_files: tuple[str, ...] = ()
    recent_centrals: tuple[str, ...] = ()
    language: Literal["", "en", "uz", "ru"] = ""
    theme: Literal["system", "light", "dark"] = "system"
    window: dict[str, Any] = {}


class SettingsFile:
    """The settings on disk. Changing them writes the file; a folder that cannot be written is no reason to fail."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.problem: str | None = None
        self.settings = self._load()

    def _load(self) -> Settings:
        try:
            return msgspec.json.decode(self.path.read_bytes(), type=Settings)
        except FileNotFoundError:
            return Settings()
        except OSError as problem:
            self.problem = (
                f"The settings {self.path} cannot be read: {problem.strerror}. The defaults are used."
            )
        except msgspec.MsgspecError as problem:
            self._keep_aside()
            self.problem = f"The settings {self.path} are damaged ({problem}). The defaults are used."
        return Settings()

    def _keep_aside(self) -> None:
        with contextlib.suppress(OSError):
            os.replace(self.path, self.path.with_suffix(".broken.json"))

    def change(self, **values: Any) -> Settings:
        """Set some of them and write the file."""
        self.settings = replace(self.settings, **values)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(self.path, msgspec.json.format(msgspec.json.encode(self.settings), indent=2))
        except OSError as problem:
            self.problem = f"The settings {self.path} cannot be written: {problem.strerror}."
        return self.settings

    def remember_file(self, path: Path) -> None:
        """Put a file first in the list of recent ones."""
        self.change(recent_files=_first(str(path.absolute()), self.settings.recent_files))

    def forget_file(self, path: Path) -> None:
        """Take a file out of the list of recent ones."""
        kept = tuple(name for name in self.settings.recent_files if name != str(path.absolute()))
        self.change(recent_files=kept)

    def remember_central(self, url: str) -> None:
        """Put the address of a central system first in the list of recent ones."""
        self.change(recent_centrals=_first(url, self.settings.recent_centrals))


def _first(name: str, names: tuple[str, ...]) -> tuple[str, ...]:
    return (name, *(other for other in names if other != name))[:MOST_RECENT]
