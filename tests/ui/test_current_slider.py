"""The slider: tenths by arrows, amperes with Shift, the wheel only when meant, and never against a hand."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_sim.ui.current_slider import CurrentSlider, scale_marks
from tests.ui.person import PATIENCE


class Asked(list[float]):
    """What the slider asked for, in order."""


@pytest.fixture
def asked() -> Asked:
    """Empty at first."""
    return Asked()


@pytest.fixture
def widget(qtbot: QtBot, asked: Asked) -> Iterator[CurrentSlider]:
    """0 to 32 A, 16 by default, on the screen."""
    made = CurrentSlider(maximum=32, default=16)
    qtbot.addWidget(made)
    made.asked.connect(asked.append)
    made.resize(320, 80)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.hide()


def press(widget: CurrentSlider, key: Qt.Key, *, shift: bool = False) -> None:
    """A key on the slider."""
    modifier = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
    QTest.keyClick(widget.slider, key, modifier)


@pytest.mark.parametrize(
    "key, shift, amperes",
    [
        (Qt.Key.Key_Right, False, 16.1),
        (Qt.Key.Key_Left, False, 15.9),
        (Qt.Key.Key_Up, True, 17.0),
        (Qt.Key.Key_Down, True, 15.0),
        (Qt.Key.Key_Home, False, 0.0),
        (Qt.Key.Key_End, False, 32.0),
    ],
)
def test_keys(
    qtbot: QtBot, widget: CurrentSlider, asked: Asked, key: Qt.Key, shift: bool, amperes: float
) -> None:
    press(widget, key, shift=shift)
    qtbot.waitUntil(lambda: asked == [amperes], timeout=PATIENCE)
    assert widget.field.value() == amperes


def test_many_keys_are_few_wishes(qtbot: QtBot, widget: CurrentSlider, asked: Asked) -> None:
    for _ in range(20):
        press(widget, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: bool(asked) and asked[-1] == 18.0, timeout=PATIENCE)
    assert len(asked) < 10


def test_the_handle_comes_to_the_pointer_and_follows(
    qtbot: QtBot, widget: CurrentSlider, asked: Asked
) -> None:
    slider = widget.slider
    end = QPoint(slider.width() - 2, 10)
    QTest.mousePress(slider, Qt.MouseButton.LeftButton, pos=QPoint(4, 10))
    assert slider.value() == 0
    QTest.mouseMove(slider, end)
    QTest.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=end)
    qtbot.waitUntil(lambda: bool(asked) and asked[-1] == 32.0, timeout=PATIENCE)


def test_a_double_click_goes_back_to_the_default(qtbot: QtBot, widget: CurrentSlider, asked: Asked) -> None:
    press(widget, Qt.Key.Key_End)
    qtbot.waitUntil(lambda: asked == [32.0], timeout=PATIENCE)
    QTest.mouseDClick(widget.slider, Qt.MouseButton.LeftButton, pos=QPoint(20, 10))
    assert widget.amperes == 16
    assert asked[-1] == 16


def wheel(widget: CurrentSlider, notches: int) -> None:
    """Turn the wheel over the slider."""
    slider = widget.slider
    middle = QPointF(slider.rect().center())
    event = QWheelEvent(
        middle,
        QPointF(slider.mapToGlobal(middle.toPoint())),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(slider, event)


def test_the_wheel_only_with_the_focus(qtbot: QtBot, widget: CurrentSlider) -> None:
    widget.field.setFocus()
    wheel(widget, 1)
    assert widget.amperes == 16
    widget.slider.setFocus()
    qtbot.waitUntil(widget.slider.hasFocus, timeout=PATIENCE)
    wheel(widget, 1)
    assert widget.amperes == 16.5
    wheel(widget, -1)
    assert widget.amperes == 16


def test_an_exact_value_is_typed(qtbot: QtBot, widget: CurrentSlider, asked: Asked) -> None:
    widget.field.setFocus()
    widget.field.selectAll()
    QTest.keyClicks(widget.field, "9.7")
    assert not asked, "not while one is typing"
    QTest.keyClick(widget.field, Qt.Key.Key_Return)
    assert asked == [9.7]
    assert widget.slider.value() == 97


def test_the_station_moves_the_slider_but_not_out_of_a_hand(
    qtbot: QtBot, widget: CurrentSlider, asked: Asked
) -> None:
    widget.set_amperes(10)
    assert widget.amperes == 10
    QTest.mousePress(widget.slider, Qt.MouseButton.LeftButton, pos=QPoint(4, 10))
    widget.set_amperes(20)
    assert widget.amperes == 0
    QTest.mouseRelease(widget.slider, Qt.MouseButton.LeftButton, pos=QPoint(4, 10))
    assert asked == [0.0]


def test_what_the_station_says_is_not_asked_for_again(widget: CurrentSlider, asked: Asked) -> None:
    widget.set_amperes(10)
    widget.set_amperes(12)
    assert asked == []


def test_it_is_painted_in_every_state(qtbot: QtBot, widget: CurrentSlider) -> None:
    for limit in (None, 0.0, 10.0, 32.0, 99.0):
        widget.set_limit(limit, "because")
        assert not widget.grab().isNull()
    widget.setEnabled(False)
    assert not widget.grab().isNull()


@pytest.mark.parametrize("most", [6, 10, 13, 16, 20, 32, 40, 63, 80, 125, 250, 500])
def test_the_scale_is_round_and_ends_at_the_end(most: float) -> None:
    marks = scale_marks(most)
    assert marks[0] == 0
    assert marks[-1] == most
    assert 3 <= len(marks) <= 7
    assert marks == sorted(set(marks))
