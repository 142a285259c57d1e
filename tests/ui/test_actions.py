"""One registry of actions: every name is known, every shortcut and mnemonic leads to one thing only."""

import re
from collections import Counter
from collections.abc import Iterator

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget
from pytestqt.qtbot import QtBot

from desktop_sim.ui.actions import LINE, Actions, Menu, menus, specs
from desktop_sim.ui.application import Shell
from desktop_sim.ui.dialogs.command_palette import rank
from desktop_sim.ui.hands import STATION_ACTIONS

SPECS = {spec.id: spec for spec in specs()}


def items(menu: Menu) -> Iterator[str]:
    """The names in a menu and the menus below it."""
    for item in menu.items:
        if isinstance(item, Menu):
            yield from items(item)
        elif item != LINE:
            yield item


def mnemonics(texts: list[str]) -> list[str]:
    """The letters that are underlined."""
    return [match[1].casefold() for text in texts if (match := re.search(r"&(\w)", text.replace("&&", "")))]


def test_ids_are_unique() -> None:
    assert len(SPECS) == len(specs())


def test_menus_name_only_what_there_is_and_everything_is_in_a_menu() -> None:
    named = [name for menu in menus() for name in items(menu)]
    assert set(named) == set(SPECS)
    assert len(named) == len(set(named))


def test_no_shortcut_twice() -> None:
    keys = Counter(spec.keys for spec in specs() if spec.keys)
    assert [key for key, count in keys.items() if count > 1] == []


def test_single_letters_are_for_pages_only() -> None:
    assert all(spec.page for spec in specs() if len(spec.keys) == 1)


@pytest.fixture
def bar(qtbot: QtBot) -> QMenuBar:
    """A menu bar filled from the table."""
    window = QWidget()
    qtbot.addWidget(window)
    made = QMenuBar(window)
    Actions(window).fill(made)
    return made


def test_mnemonics_are_unique_in_each_menu(bar: QMenuBar) -> None:
    groups = [[action.text() for action in bar.actions()]]
    groups += [[action.text() for action in menu.actions()] for menu in bar.findChildren(QMenu)]
    for group in groups:
        letters = Counter(mnemonics(group))
        assert [letter for letter, count in letters.items() if count > 1] == [], group


def test_every_action_has_a_mnemonic_and_a_tooltip(bar: QMenuBar) -> None:
    for menu in bar.findChildren(QMenu):
        for action in menu.actions():
            if not action.isSeparator():
                assert mnemonics([action.text()]), action.text()
                assert action.toolTip(), action.text()


def test_every_action_does_something(shell: Shell) -> None:
    def connected(action: QAction) -> bool:
        return bool(action.receivers("2triggered(bool)"))

    assert [action.objectName() for action in shell.window.actions_ if not connected(action)] == []


def test_station_actions_are_known() -> None:
    assert set(STATION_ACTIONS) <= set(SPECS)


@pytest.mark.parametrize(
    "text, name, expected",
    [("", "Quit", 0), ("qu", "Quit", 0), ("cut", "Power cut", 1), ("ower", "Power cut", 2), ("x", "Quit", 3)],
)
def test_what_is_found_first(text: str, name: str, expected: int) -> None:
    assert rank(text, name) == expected
