"""What every test stands on: no screen, no personal settings, the same dice on every run, nothing left behind."""

import itertools
import os
import sys
import threading
from collections.abc import Iterator

import pytest
from hypothesis import settings

# Before anything can import Qt. A test of the real window starts a process of its own.
os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["QT_API"] = os.environ["PYTEST_QT_API"] = "pyside6"

# The same examples on every run; run_tests.sh says how many.
for profile, examples in {"quick": 25, "all": 100, "interop": 100, "long": 2000}.items():
    settings.register_profile(profile, deadline=None, derandomize=True, max_examples=examples)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "all"))

_homes = itertools.count()


@pytest.fixture(autouse=True)
def _a_home_of_its_own(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or writes the settings and stations of the person who runs it."""
    home = tmp_path_factory.getbasetemp() / f"home-{next(_homes)}"
    monkeypatch.setenv("HOME", str(home))
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"):
        monkeypatch.setenv(name, str(home / name.lower()))
    monkeypatch.setenv("LANGUAGE", "en")


@pytest.fixture(autouse=True)
def _nothing_left_behind() -> Iterator[None]:
    """A thread that goes on or a window that stays open would spoil a later test, far from its cause."""
    before = set(threading.enumerate())
    yield
    for thread in set(threading.enumerate()) - before:
        if not thread.daemon:
            thread.join(timeout=2)
            assert not thread.is_alive(), f"{thread.name} is still running"
    widgets = sys.modules.get("PySide6.QtWidgets")
    if widgets is not None and (application := widgets.QApplication.instance()) is not None:
        windows = [window for window in application.topLevelWidgets() if window.isVisible()]
        for window in windows:
            window.close()
        assert not windows, f"still open: {windows}"
