"""What a person does to a window, and how long one waits for it."""

from typing import TypeVar

from PySide6.QtCore import QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget

PATIENCE = 30_000
"""Milliseconds a test waits for something that should take no time, on a machine that has other things to do."""

K = TypeVar("K", bound=QObject)


def click(button: QAbstractButton) -> None:
    """The left button; what is greyed out cannot be clicked."""
    assert button.isEnabled(), button.text()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def child(parent: QObject, kind: type[K]) -> K:
    """The one of that kind."""
    found = parent.findChildren(kind)
    assert len(found) == 1, found
    made: K = found[0]
    return made


def sentences(widget: QWidget) -> list[str]:
    """What a person can read on it."""
    return [label.text() for label in widget.findChildren(QLabel) if label.isVisible() and label.text()]
