"""What every test stands on: no screen, no personal settings, the same dice on every run."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

# Before anything can import Qt.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["QT_API"] = "pyside6"
os.environ["PYTEST_QT_API"] = "pyside6"

# The same examples on every run; run_tests.sh says how many.
for profile, examples in {"quick": 25, "all": 100, "interop": 100, "long": 2000}.items():
    settings.register_profile(profile, deadline=None, derandomize=True, max_examples=examples)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "all"))


@pytest.fixture(autouse=True)
def _a_home_of_its_own(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or writes the settings and stations of the person who runs it."""
    home: Path = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(home / name.lower()))
