"""Where things live on this platform. Nothing here makes a folder; who writes does."""

from __future__ import annotations

import hashlib
from pathlib import Path

import platformdirs

APPLICATION = "ocpp-desktop-sim"


def state_directory(identity: str, url: str = "", profile_path: Path | None = None) -> Path:
    """The default state directory of a station (DESIGN § 3).

    One folder for each profile file, if the station has one, else for each pair of identity and URL: a station that
    connects elsewhere is another one.
    """
    name = (
        _digest("profile", str(profile_path.resolve())) if profile_path else _digest("station", identity, url)
    )
    return states_directory() / name


def states_directory() -> Path:
    """The folder of all default state directories."""
    return platformdirs.user_state_path(APPLICATION, appauthor=False) / "stations"


def config_directory() -> Path:
    """The folder of what people set: window, language, recent files, history of the prompts."""
    return platformdirs.user_config_path(APPLICATION, appauthor=False)


def _digest(*words: str) -> str:
    return hashlib.sha256("\0".join(words).encode("utf-8", "surrogateescape")).hexdigest()[:16]
