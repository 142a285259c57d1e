"""The window's program: application, loop, theme, window; from the first picture to the last answer."""

import asyncio
import contextlib
import signal
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import replace as change
from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication

from desktop_sim.app.options import StationOptions
from desktop_sim.app.places import settings_file
from desktop_sim.app.settings import SettingsFile
from desktop_sim.app.workspace import Workspace
from desktop_sim.ui.crashes import Crashes
from desktop_sim.ui.desk import Desk
from desktop_sim.ui.desktop_entry import NAME
from desktop_sim.ui.hands import Hands
from desktop_sim.ui.icons import application_icon
from desktop_sim.ui.loop import PreciseLoop
from desktop_sim.ui.main_window import MainWindow
from desktop_sim.ui.memory import Memory
from desktop_sim.ui.tasks import Tasks
from desktop_sim.ui.theme import Scheme, Theme

SIGNALS = (signal.SIGINT, signal.SIGTERM)


def run_window(options: StationOptions | None = None, *, settings: Path | None = None) -> int:
    """Show the window until it is closed; returns the exit code."""
    file = SettingsFile(settings or settings_file())
    app = make_application()
    theme = Theme(app, Scheme(file.settings.theme))
    with asyncio.Runner(loop_factory=lambda: PreciseLoop(app)) as runner:
        code = runner.run(_live(options or StationOptions(), file))
    # In this order: Qt's objects must be gone before its application is.
    del theme
    app.sendPostedEvents()
    return code


def make_application() -> QApplication:
    """Qt's application, named; the one that is there already, if any."""
    there = QCoreApplication.instance()
    app = there if isinstance(there, QApplication) else QApplication(sys.argv[:1])
    app.setApplicationName(NAME)
    app.setApplicationDisplayName("")
    app.setDesktopFileName(NAME)
    app.setWindowIcon(application_icon())
    app.setQuitOnLastWindowClosed(False)
    return app


@dataclass(frozen=True, slots=True)
class Shell:
    """The window with everything that belongs to it."""

    window: MainWindow
    desk: Desk
    hands: Hands
    tasks: Tasks
    ended: asyncio.Event
    """Set when everything is closed and the window may go."""


def make_shell(workspace: Workspace, options: StationOptions, crashes: Crashes) -> Shell:
    """Build the window on the running loop; nothing is shown yet."""
    ended = asyncio.Event()
    tasks = Tasks(crashes.tell)
    desk = Desk(workspace, options)
    memory = Memory(workspace.settings)
    window = MainWindow(desk, tasks, memory)
    crashes.parent_window = window
    return Shell(window, desk, Hands(window, desk, tasks, ended.set), tasks, ended)


async def _live(options: StationOptions, file: SettingsFile) -> int:
    """Until the person, a signal or the session manager wants the end."""
    crashes = Crashes(file.path.parent / "crashes")
    shell = make_shell(Workspace(file), options, crashes)
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(crashes.from_loop)
    crashes.take_over()
    try:
        with _signals(loop, shell):
            shell.window.show()
            if file.problem is not None:
                shell.window.notice.tell("warn", file.problem)
            wanted = first_station(options)
            if wanted is not None:
                shell.tasks.start(shell.desk.open(wanted))
            await shell.ended.wait()
    finally:
        crashes.give_back()
        await end_shell(shell)
    return 0


async def end_shell(shell: Shell) -> None:
    """Take everything down that is still up."""
    await shell.tasks.end()
    await shell.desk.shut_down()
    shell.window.may_close = True
    shell.window.close()
    shell.window.deleteLater()


def first_station(options: StationOptions) -> StationOptions | None:
    """What to open at the start; None: nothing was asked for, so the welcome page.

    A file name in the place of the charge point id is a profile: that is what a double click brings.
    """
    name = options.charge_point_id
    if name is not None and options.url is None and name.endswith(".json") and Path(name).is_file():
        return change(options, charge_point_id=None, profile=Path(name))
    described = change(options, log_level="info", lang="en", ephemeral=False, state_dir=None, seed=None)
    return None if described == StationOptions() else options


@contextlib.contextmanager
def _signals(loop: asyncio.AbstractEventLoop, shell: Shell) -> Iterator[None]:
    """End gracefully on SIGINT and SIGTERM, without a question nobody may be there to answer."""

    def end() -> None:
        shell.window.remember()
        shell.window.hide()
        shell.ended.set()

    for number in SIGNALS:
        with contextlib.suppress(NotImplementedError, ValueError):
            loop.add_signal_handler(number, end)
    try:
        yield
    finally:
        for number in SIGNALS:
            with contextlib.suppress(NotImplementedError, ValueError):
                loop.remove_signal_handler(number)
