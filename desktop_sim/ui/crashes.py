"""Where mistakes of the program end up: a file, a line on stderr, and a dialog one can copy from."""

import contextlib
import logging
import sys
import threading
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from desktop_sim.storage.paths import config_directory
from desktop_sim.ui.dialogs.crash_report import CrashReport, report

MOST_FILES = 20

_log = logging.getLogger(__name__)


class Crashes(QObject):
    """Takes over the hooks of interpreter, threads and loop while the window lives."""

    _came = Signal(object)

    def __init__(self, folder: Path | None = None) -> None:
        super().__init__()
        self.parent_window: QWidget | None = None
        self._folder = folder or config_directory() / "crashes"
        self._dialog: CrashReport | None = None
        self._hooks = (sys.excepthook, threading.excepthook)
        self._came.connect(self._show)

    def take_over(self) -> None:
        """Be told of every mistake from now on."""
        sys.excepthook = self._from_interpreter
        threading.excepthook = self._from_thread

    def give_back(self) -> None:
        """Leave the hooks as they were."""
        sys.excepthook, threading.excepthook = self._hooks

    def tell(self, error: BaseException) -> None:
        """A mistake. May be called from any thread."""
        _log.error("unexpected: %s", error, exc_info=(type(error), error, error.__traceback__))
        self._came.emit(error)

    def from_loop(self, loop: Any, context: dict[str, Any]) -> None:
        """The exception handler of the loop."""
        error = context.get("exception")
        if isinstance(error, BaseException):
            self.tell(error)
        else:
            _log.warning("loop: %s", context.get("message"))

    def _from_interpreter(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            self._hooks[0](kind, error, trace)
        else:
            self.tell(error.with_traceback(trace))

    def _from_thread(self, told: threading.ExceptHookArgs) -> None:
        if told.exc_value is not None:
            self.tell(told.exc_value)

    def _show(self, error: BaseException) -> None:
        with contextlib.suppress(OSError):
            self._write(error)
        if self._dialog is not None:
            self._dialog.add(error)
            return
        self._dialog = CrashReport(error, self.parent_window)
        self._dialog.finished.connect(self._closed)
        self._dialog.show()

    def _closed(self, result: int) -> None:
        if self._dialog is not None:
            self._dialog.deleteLater()
        self._dialog = None

    def _write(self, error: BaseException) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        for old in sorted(self._folder.glob("crash-*.txt"))[: -MOST_FILES + 1]:
            old.unlink()
        name = f"crash-{datetime.now().astimezone():%Y%m%d-%H%M%S}.txt"
        (self._folder / name).write_text(report(error), encoding="utf-8")
