"""Where the program keeps what is its own: settings and the history of the prompts."""

from pathlib import Path

from desktop_sim.storage.paths import config_directory


def settings_file() -> Path:
    """The file of the settings."""
    return config_directory() / "settings.json"


def history_file(face: str) -> Path:
    """The file that keeps what was typed at the prompt of a face."""
    return config_directory() / f"{face}.history"
