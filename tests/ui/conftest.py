"""A window under test: the real loop inside pytest-qt's, stations in virtual time, and whole windows on loopback."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_sim.app.options import StationOptions
from desktop_sim.app.settings import SettingsFile
from desktop_sim.app.workspace import Workspace
from desktop_sim.ui.application import Shell, end_shell, make_application, make_shell
from desktop_sim.ui.crashes import Crashes
from desktop_sim.ui.gallery import World, world
from desktop_sim.ui.loop import PreciseLoop
from desktop_sim.ui.theme import Scheme, Theme
from tests.ui.person import PATIENCE


@pytest.fixture(scope="session")
def _theme(qapp: QApplication) -> Theme:
    make_application()
    return Theme(qapp, Scheme.LIGHT)


@pytest.fixture(autouse=True)
def theme(_theme: Theme) -> Theme:
    """The light palette, before any widget is made."""
    if _theme.scheme is not Scheme.LIGHT:
        _theme.choose(Scheme.LIGHT)
    return _theme


@pytest.fixture
def loop(qapp: QApplication, qtbot: QtBot) -> Iterator[PreciseLoop]:
    """The window's loop, running whenever Qt's does."""
    loop = PreciseLoop(qapp, already_running=True)
    yield loop
    tasks = asyncio.all_tasks(loop)
    for task in tasks:
        task.cancel()
    qtbot.waitUntil(lambda: all(task.done() for task in tasks), timeout=PATIENCE)
    asyncio.events._set_running_loop(None)
    # Not stop(): that would make Qt leave every loop it enters from now on.
    loop._QEventLoop__is_running = False
    loop.close()


@pytest.fixture
def spin(loop: PreciseLoop, qtbot: QtBot) -> Callable[[Coroutine[Any, Any, Any]], Any]:
    """Run a coroutine on the window's loop and give its result."""

    def run(work: Coroutine[Any, Any, Any]) -> Any:
        task = loop.create_task(work)
        qtbot.waitUntil(task.done, timeout=PATIENCE)
        return task.result()

    return run


@pytest.fixture
def virtual() -> Iterator[World]:
    """A station that has booted, in virtual time."""
    made = world()
    yield made
    made.session.detach()


@pytest.fixture
def settings(tmp_path: Path) -> SettingsFile:
    """A settings file of this test's own."""
    return SettingsFile(tmp_path / "config" / "settings.json")


@pytest.fixture
def shell(
    loop: PreciseLoop,
    qtbot: QtBot,
    settings: SettingsFile,
    tmp_path: Path,
    spin: Callable[[Coroutine[Any, Any, Any]], Any],
) -> Iterator[Shell]:
    """The whole window, on the welcome page; what it opens keeps nothing."""
    options = StationOptions(ephemeral=True, seed=7)
    made = make_shell(Workspace(settings), options, Crashes(tmp_path / "crashes"))
    made.window.show()
    qtbot.waitExposed(made.window)
    yield made
    spin(end_shell(made))
    qtbot.wait(1)
