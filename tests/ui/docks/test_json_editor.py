"""Typing JSON."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop_sim.ui.docks.json_editor import JsonEditor
from tests.ui.docks.hands import CTRL, Hands


@pytest.fixture
def editor(qtbot: QtBot) -> Iterator[JsonEditor]:
    box = QWidget()
    layout = QVBoxLayout(box)
    made = JsonEditor("Payload")
    layout.addWidget(made)
    layout.addWidget(QLineEdit())
    qtbot.addWidget(box)
    box.show()
    qtbot.waitExposed(box)
    made.setFocus()
    yield made
    box.hide()


def test_return_keeps_the_indentation(editor: JsonEditor, hands: Hands) -> None:
    hands.type(editor, "{}")
    hands.key(editor, Qt.Key.Key_Left)
    hands.key(editor, Qt.Key.Key_Return)
    hands.type(editor, '"a": 1,', instead=False)
    hands.key(editor, Qt.Key.Key_Return)
    hands.type(editor, '"b": [', instead=False)
    hands.key(editor, Qt.Key.Key_Return)
    assert editor.toPlainText() == '{\n  "a": 1,\n  "b": [\n    \n}'


def test_ctrl_return_sends_and_types_nothing(editor: JsonEditor, hands: Hands, qtbot: QtBot) -> None:
    editor.fill_in("{}")
    with qtbot.waitSignal(editor.send_wished):
        hands.key(editor, Qt.Key.Key_Return, CTRL)
    assert editor.toPlainText() == "{}"


def test_tab_leaves_the_editor(editor: JsonEditor, hands: Hands) -> None:
    hands.key(editor, Qt.Key.Key_Tab)
    assert isinstance(hands.focused(), QLineEdit)


def test_filled_in_is_not_edited(editor: JsonEditor, hands: Hands) -> None:
    editor.fill_in("{}")
    assert not editor.edited
    hands.type(editor, "x", instead=False)
    assert editor.edited


def test_the_wrong_line_stands_out(editor: JsonEditor) -> None:
    editor.fill_in("{\n  1\n}")
    editor.mark_line(1, bad=True)
    (marked,) = editor.extraSelections()
    assert marked.cursor.blockNumber() == 1
    assert editor.property("state") == "bad"
    editor.mark_line(-1, bad=False)
    assert editor.extraSelections() == []
    editor.mark_line(99, bad=True)
    assert editor.extraSelections() == []
