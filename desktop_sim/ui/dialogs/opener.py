"""Opens the dialogs of a window. Each is imported when it is first wanted, and there is one of a kind at a time."""

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QWidget

from desktop_sim.protocol.times import format_time
from desktop_sim.station.commands import Command
from desktop_sim.station.profile import StationProfile
from desktop_sim.ui.actions import Actions
from desktop_sim.ui.session import StationSession

BELOW_THE_TOP = 70
"""Pixels from the top of the window to the command palette."""


class Dialogs(QObject):
    """Shown beside everything else; nothing waits for them."""

    def __init__(self, window: QWidget, actions: Actions) -> None:
        super().__init__(window)
        self._window = window
        self._actions = actions
        self._open: dict[str, QDialog] = {}

    def show(self, dialog: QDialog) -> None:
        """Show a dialog; another one of its kind makes room for it."""
        kind = type(dialog).__name__
        old = self._open.pop(kind, None)
        if old is not None:
            old.close()
        self._open[kind] = dialog
        dialog.finished.connect(lambda result: self._forget(kind, dialog))
        dialog.show()

    def _forget(self, kind: str, dialog: QDialog) -> None:
        if self._open.get(kind) is dialog:
            del self._open[kind]
        dialog.deleteLater()

    def edit(self, profile: StationProfile, then: Callable[[StationProfile], None], *, new: bool) -> None:
        """The settings of a station, of a new one or of the one that is open."""
        from desktop_sim.ui.dialogs.profile_editor import ProfileEditor

        editor = ProfileEditor(profile, self._window, new=new)
        editor.chosen.connect(then)
        self.show(editor)

    def compose(self, session: StationSession, give: Callable[[Command], None]) -> None:
        """Any message of the station."""
        from desktop_sim.ui.dialogs.composer import Composer, templates

        tags = session.port.profile.tags
        composer = Composer(templates(format_time(session.sim), tags[0] if tags else "USER001"), self._window)
        composer.wished.connect(give)
        self.show(composer)

    def find_command(self) -> None:
        """The command palette, in the middle of the window's top."""
        from desktop_sim.ui.dialogs.command_palette import CommandPalette

        palette = CommandPalette(self._actions, self._window)
        place = self._window.mapToGlobal(self._window.rect().topLeft())
        palette.move(place.x() + (self._window.width() - palette.width()) // 2, place.y() + BELOW_THE_TOP)
        self.show(palette)
        palette.field.setFocus()

    def show_keys(self) -> None:
        """The sheet of shortcuts."""
        from desktop_sim.ui.dialogs.about import ShortcutSheet

        self.show(ShortcutSheet(self._actions, self._window))

    def show_about(self) -> None:
        """Who we are."""
        from desktop_sim.ui.dialogs.about import About

        self.show(About(self._window))
