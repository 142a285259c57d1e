"""What must be so of each dock: names, all by keyboard, both palettes, any width, rest while hidden."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QLabel,
    QTabBar,
    QTabWidget,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from desktop_sim.ui.docks.central import CentralDock
from desktop_sim.ui.docks.configuration import ConfigurationDock
from desktop_sim.ui.docks.event_log import EventLogDock
from desktop_sim.ui.docks.traffic import TrafficDock
from desktop_sim.ui.docks.view import DockView
from desktop_sim.ui.gallery import World
from desktop_sim.ui.session import StationSession
from desktop_sim.ui.tasks import Tasks
from desktop_sim.ui.theme import Scheme, Theme
from tests.ui.docks.hands import Hands

DOCKS = (TrafficDock, ConfigurationDock, CentralDock, EventLogDock)
Show = Callable[..., Any]

pytestmark = pytest.mark.parametrize("kind", DOCKS)


def _pages(dock: QWidget) -> list[Callable[[], None]]:
    """What turns to each page there is."""
    return [
        partial(tabs.setCurrentIndex, place)
        for tabs in dock.findChildren(QTabWidget)
        for place in range(tabs.count())
    ]


def _interactive(dock: QWidget) -> list[QWidget]:
    """What the keyboard can reach, without the inner parts of Qt's own widgets and the lists that pop up."""
    return [
        widget
        for widget in dock.findChildren(QWidget)
        if Qt.FocusPolicy.TabFocus in widget.focusPolicy()
        and not isinstance(widget.parentWidget(), QAbstractSpinBox | QComboBox | QTabBar)
        and not (isinstance(widget, QAbstractItemView) and widget.window() is not dock)
        and not isinstance(widget, QLabel)
    ]


def _by_arrows(widget: QWidget) -> bool:
    """Whether arrow keys lead to it, from the one of its group that is chosen."""
    return isinstance(widget, QAbstractButton) and widget.group() is not None and not widget.isChecked()


def test_everything_one_can_act_on_has_a_name(kind: type[DockView], charged: World, show: Show) -> None:
    dock = show(kind)
    nameless = []
    for widget in _interactive(dock):
        spoken = QAccessible.queryAccessibleInterface(widget)
        name = spoken.text(QAccessible.Text.Name)
        if not name and not widget.property("text"):
            nameless.append(f"{type(widget).__name__} in {type(widget.parentWidget()).__name__}")
    assert _interactive(dock)
    assert [name for name in nameless if "EmptyPage" not in name] == []


def test_icon_buttons_say_what_they_do(kind: type[DockView], charged: World, show: Show) -> None:
    dock = show(kind)
    reached = _interactive(dock)
    silent = [
        button.accessibleName()
        for button in dock.findChildren(QToolButton)
        if button in reached and not button.text() and not button.toolTip()
    ]
    assert silent == []


def test_the_keyboard_reaches_everything(
    kind: type[DockView], charged: World, show: Show, hands: Hands
) -> None:
    dock = show(kind)
    dock.activateWindow()
    hands.wait(dock.isActiveWindow)
    wanted = {widget for widget in _interactive(dock) if widget.isVisible() and widget.isEnabled()}
    wanted -= {widget for widget in wanted if widget.focusProxy() is not None or _by_arrows(widget)}
    first = next(iter(wanted))
    first.setFocus()
    reached = {hands.focused()}
    for _ in range(3 * len(wanted)):
        hands.key(hands.focused(), Qt.Key.Key_Tab)
        reached.add(hands.focused())
    missed = {f"{type(one).__name__} {one.accessibleName()}" for one in wanted - reached}
    assert missed == set()


def test_it_is_drawn_in_both_palettes_at_any_width(
    kind: type[DockView], charged: World, show: Show, theme: Theme
) -> None:
    dock = show(kind)
    for scheme in (Scheme.LIGHT, Scheme.DARK):
        theme.choose(scheme)
        for turn in _pages(dock) or [lambda: None]:
            turn()
            for width in (260, 380, 800, 1600):
                dock.resize(width, 420)
                assert not dock.grab().isNull()


def test_it_is_not_wider_than_a_panel_at_the_side(kind: type[DockView], charged: World, show: Show) -> None:
    assert show(kind).minimumSizeHint().width() <= 380


def test_without_a_station_it_waits_for_one(kind: type[DockView], tasks: Tasks, qtbot: QtBot) -> None:
    session = StationSession()
    dock = kind(session, tasks=tasks)
    qtbot.addWidget(dock)
    dock.show()
    dock.grab()
    dock.hide()


def test_it_goes_on_after_the_station_was_detached(kind: type[DockView], charged: World, show: Show) -> None:
    dock = show(kind)
    charged.session.detach()
    dock.look(None)
    dock.grab()


def test_hidden_it_does_not_look(
    kind: type[DockView], charged: World, show: Show, monkeypatch: pytest.MonkeyPatch
) -> None:
    dock = show(kind)
    dock.hide()
    looks: list[object] = []
    monkeypatch.setattr(kind, "look", lambda dock, changes: looks.append(changes))
    charged.run(5)
    assert looks == []
    dock.show()
    assert looks == [None]
    charged.run(1)
    assert len(looks) > 1


def test_without_tasks_of_the_window_a_failure_reaches_the_hook(
    kind: type[DockView], virtual: World, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    caught: list[BaseException] = []
    monkeypatch.setattr("sys.excepthook", lambda kind, error, trace: caught.append(error))
    dock = kind(virtual.session)
    qtbot.addWidget(dock)
    error = RuntimeError("oh")
    dock.tasks._on_error(error)
    assert caught == [error]
