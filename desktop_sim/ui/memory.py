"""What the window remembers between two starts: where it stood, its docks, its choices.

It lies in the program's settings file under `window`, whose place is given from outside: tests and a temporary
profile never touch a person's own.
"""

import base64
import binascii
from typing import Any

from PySide6.QtCore import QByteArray

from desktop_sim.app.settings import SettingsFile

LAYOUT_VERSION = 1
"""Raised when docks change so that a remembered layout would no longer fit."""


class Memory:
    """Named values of the window; without a settings file it forgets them at the end."""

    def __init__(self, file: SettingsFile | None = None) -> None:
        self._file = file
        self._values: dict[str, Any] = {} if file is None else dict(file.settings.window)

    def text(self, name: str, default: str = "") -> str:
        """A word; anything else counts as the default."""
        value = self._values.get(name, default)
        return value if isinstance(value, str) else default

    def number(self, name: str, default: int) -> int:
        """A whole number; anything else counts as the default."""
        value = self._values.get(name, default)
        return value if isinstance(value, int) and not isinstance(value, bool) else default

    def blob(self, name: str) -> QByteArray:
        """What Qt gave to keep: a geometry or a layout; empty if there is none."""
        try:
            return QByteArray(base64.b64decode(self.text(name), validate=True))
        except (binascii.Error, ValueError):
            return QByteArray()

    def put(self, **values: str | int | QByteArray | None) -> None:
        """Remember values, and write the file once; None forgets one."""
        for name, value in values.items():
            if value is None:
                self._values.pop(name, None)
            elif isinstance(value, QByteArray):
                self._values[name] = base64.b64encode(value.data()).decode()
            else:
                self._values[name] = value
        if self._file is not None:
            self._file.change(window=dict(self._values))
