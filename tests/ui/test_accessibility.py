"""Everybody can use the window: names for those who listen, keys for those who do not point, room for long words."""

import re
from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QCoreApplication, Qt, QTranslator
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from desktop_sim.app.defaults import demo_profile
from desktop_sim.ui.actions import Actions, menus
from desktop_sim.ui.connector_page import ConnectorPage
from desktop_sim.ui.dialogs.about import About, ShortcutSheet
from desktop_sim.ui.dialogs.command_palette import CommandPalette
from desktop_sim.ui.dialogs.composer import Composer
from desktop_sim.ui.dialogs.profile_editor import ProfileEditor
from desktop_sim.ui.gallery import World
from desktop_sim.ui.welcome import WelcomePage
from tests.ui.person import PATIENCE

INTERACTIVE = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
)
MADE: dict[str, Callable[[World], QWidget]] = {
    "page": lambda virtual: ConnectorPage(virtual.session, 1),
    "welcome": lambda virtual: WelcomePage(),
    "editor": lambda virtual: ProfileEditor(demo_profile()),
    "composer": lambda virtual: Composer({}),
    "about": lambda virtual: About(),
}


@pytest.fixture(params=sorted(MADE))
def widget(request: pytest.FixtureRequest, virtual: World, qtbot: QtBot) -> Iterator[QWidget]:
    """Each part of the window."""
    made: QWidget = MADE[request.param](virtual)
    qtbot.addWidget(made)
    made.show()
    yield made
    made.close()


def parts(widget: QWidget) -> list[QWidget]:
    """What one can act on in it; parts of Qt's own widgets stand for their whole."""
    found = [each for each in widget.findChildren(QWidget) if isinstance(each, INTERACTIVE)]
    return [
        each
        for each in found
        if not isinstance(each, QScrollBar)
        and not each.objectName().startswith("qt_")
        and not isinstance(each.parent(), (QAbstractSpinBox, QComboBox, QAbstractItemView))
        and not any(isinstance(up, QComboBox) for up in ancestors(each))
    ]


def ancestors(widget: QWidget) -> Iterator[QWidget]:
    """The widgets it is in."""
    parent = widget.parentWidget()
    while parent is not None:
        yield parent
        parent = parent.parentWidget()


def named(widget: QWidget) -> bool:
    """Whether a screen reader has something to say."""
    text = widget.text() if isinstance(widget, QAbstractButton) else ""
    return bool(widget.accessibleName() or text)


def test_everything_one_acts_on_has_a_name(widget: QWidget) -> None:
    assert [each for each in parts(widget) if not named(each)] == []


def test_everything_one_acts_on_is_reached_by_keys(widget: QWidget) -> None:
    unreachable = [
        each
        for each in parts(widget)
        if not each.focusPolicy() & Qt.FocusPolicy.TabFocus and not isinstance(each, QAbstractItemView)
    ]
    assert unreachable == []


def test_mnemonics_lead_to_one_thing(widget: QWidget) -> None:
    texts = [
        each.text()
        for each in widget.findChildren(QWidget)
        if isinstance(each, QAbstractButton) or (isinstance(each, QLabel) and each.buddy() is not None)
        if each.isVisibleTo(widget)
    ]
    if isinstance(widget, ConnectorPage):
        texts += [menu.title for menu in menus()]  # both are there at once
    letters = Counter(found[1].casefold() for text in texts if (found := re.search(r"&(\w)", text)))
    assert [letter for letter, count in letters.items() if count > 1] == [], texts


def test_tab_goes_through_the_whole_page(virtual: World, qtbot: QtBot) -> None:
    page = ConnectorPage(virtual.session, 1)
    qtbot.addWidget(page)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is page, timeout=PATIENCE)
    page.controls.plug.setFocus()
    seen: list[QWidget] = []
    for _ in range(40):
        focus = QApplication.focusWidget()
        assert focus is not None
        if seen and focus is seen[0]:
            break
        seen.append(focus)
        QTest.keyClick(focus, Qt.Key.Key_Tab)
    assert len(seen) >= 12
    controls = page.controls
    order = [controls.plug, controls.start, controls.current.field, controls.current.slider, controls.tag]
    places = [seen.index(each) for each in order]
    assert places == sorted(places)


class LongWords(QTranslator):
    """Every text half as long again, as in other languages."""

    def isEmpty(self) -> bool:
        return False

    def translate(  # type: ignore[override, unused-ignore]
        self, context: str, text: str, disambiguation: str | None = None, n: int = -1
    ) -> str | None:
        """The text, longer."""
        if context != "desktop_sim":
            return None  # not known; an empty text would be a translation
        return text + "аяёжщ"[: max(1, len(text) // 2)]


@pytest.fixture
def long_words(qapp: QApplication) -> Iterator[None]:
    """Texts of another language."""
    translator = LongWords()
    QCoreApplication.installTranslator(translator)
    yield
    QCoreApplication.removeTranslator(translator)


@pytest.mark.parametrize("width", [960, 1600])
def test_long_words_do_not_widen_the_window(
    long_words: None, virtual: World, qtbot: QtBot, width: int
) -> None:
    page = ConnectorPage(virtual.session, 1)
    qtbot.addWidget(page)
    page.resize(width, 400)
    page.show()
    assert page.minimumSizeHint().width() <= 940


def test_dialogs_stay_small_with_long_words(long_words: None, qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    actions = Actions(window)
    dialogs: list[QDialog] = [
        ProfileEditor(demo_profile()),
        Composer({}),
        ShortcutSheet(actions),
        CommandPalette(actions),
    ]
    for dialog in dialogs:
        qtbot.addWidget(dialog)
        hint = dialog.minimumSizeHint()
        assert hint.width() <= 900
        assert hint.height() <= 600
