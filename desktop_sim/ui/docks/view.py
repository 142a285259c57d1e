"""What all docks have in common: they look into the session when something happened and somebody can see it."""

import sys

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from desktop_sim.ui.session import Changes, StationSession
from desktop_sim.ui.tasks import Tasks
from desktop_sim.ui.theme import theme


class DockView(QWidget):
    """A widget that follows a session; while it is hidden it does nothing at all.

    Subclasses override `look`, and `recolour` where they keep colours or pictures of the palette.
    """

    def __init__(
        self, session: StationSession, *, tasks: Tasks | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.session = session
        self._tasks = Tasks(_to_the_hook) if tasks is None else tasks
        session.changed.connect(self._session_changed)
        theme().changed.connect(self.recolour)

    @property
    def tasks(self) -> Tasks:
        """Who keeps the coroutines started here."""
        return self._tasks

    def look(self, changes: Changes | None) -> None:
        """Show the session as it is now; None: whatever may have happened since the last look."""

    def recolour(self) -> None:
        """The palette in force became another one."""

    def _session_changed(self, changes: Changes) -> None:
        if self.isVisible():
            self.look(changes)

    # --- Qt ---

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.look(None)


def _to_the_hook(error: BaseException) -> None:
    """A failure nobody else takes is a failure of the program."""
    sys.excepthook(type(error), error, error.__traceback__)
