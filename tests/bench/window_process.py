"""A window in a process of its own, which says on stdout when it was painted first (seconds, monotonic clock).

`ours` with the program's own arguments, or `bare`: a plain window of Qt's with as many words.
"""

import sys
import time

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow


class Eye(QObject):
    """Looks at everything that happens until something was painted."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            QApplication.instance().removeEventFilter(self)  # type: ignore[union-attr]
            QTimer.singleShot(0, lambda: print(f"painted {time.monotonic()}", flush=True))
        return False


def ours(arguments: list[str]) -> int:
    """The real window, from the real command line."""
    from desktop_sim.__main__ import main
    from desktop_sim.ui.application import make_application

    eye = Eye()
    make_application().installEventFilter(eye)
    return main(arguments)


def bare() -> int:
    """Nothing of ours."""
    app, eye = QApplication(sys.argv[:1]), Eye()
    app.installEventFilter(eye)
    window = QMainWindow()
    window.setCentralWidget(QLabel("words " * 100))
    window.resize(1200, 800)
    window.show()
    return app.exec()


if __name__ == "__main__":
    sys.exit(ours(sys.argv[2:]) if sys.argv[1] == "ours" else bare())
