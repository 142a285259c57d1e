"""Docks under test: the demo station in virtual time behind them, coroutines that end as soon as they begin."""

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop_sim.ui.docks.view import DockView
from desktop_sim.ui.gallery import World
from desktop_sim.ui.tasks import Job, Tasks
from tests.ui.docks.hands import Hands

Dock = TypeVar("Dock", bound=DockView)


class AtOnce(Tasks):
    """In virtual time nothing has to be waited for: a job is done when it was started."""

    def start(self, job: Job, *, name: str = "") -> Any:
        try:
            job.send(None)
        except StopIteration:
            return
        raise AssertionError(f"{name} waits for something")


@pytest.fixture(autouse=True)
def _qt_runs(qapp: QApplication) -> None:
    """A loop that was stopped leaves Qt unwilling to run another one until the application itself has run once."""
    QTimer.singleShot(0, qapp.quit)
    qapp.exec()


@pytest.fixture
def tasks() -> Tasks:
    """Who runs the docks' coroutines."""

    def fail(error: BaseException) -> None:
        raise error

    return AtOnce(fail)


@pytest.fixture
def hands(qtbot: QtBot) -> Hands:
    """What a person does with."""
    return Hands(qtbot)


@pytest.fixture
def charged(virtual: World) -> World:
    """A station with a transaction behind a remote start, some readings, and an error or two."""
    central, station = virtual.station.central, virtual.station
    central.call_now(station.identity, "RemoteStartTransaction", {"connectorId": 1, "idTag": "USER001"})
    virtual.run(25)
    central.call_now(station.identity, "ReserveNow", {"wrong": 1}, force=True)
    virtual.run(1)
    return virtual


@pytest.fixture
def show(qtbot: QtBot, virtual: World, tasks: Tasks) -> Iterator[Callable[..., Any]]:
    """Make a dock of that class and show it in that size."""
    shown: list[QWidget] = []

    def make(kind: Callable[..., Dock], width: int = 900, height: int = 420) -> Dock:
        dock = kind(virtual.session, tasks=tasks)
        qtbot.addWidget(dock)
        dock.resize(width, height)
        dock.show()
        qtbot.waitExposed(dock)
        shown.append(dock)
        return dock

    yield make
    for dock in shown:
        dock.hide()
