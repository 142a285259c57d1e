"""Everything the window can do, as data: one registry of actions, and the menus made of their names.

Menus, toolbar, shortcuts, the command palette and the sheet of shortcuts all read the same table.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from desktop_sim.ui.icons import icon
from desktop_sim.ui.texts import _, plain
from desktop_sim.ui.theme import theme

LINE = "—"


@dataclass(frozen=True, slots=True)
class Spec:
    """One action. `page`: its shortcut acts only inside the connector pages, where no text is typed."""

    id: str
    text: str
    icon: str = ""
    keys: str = ""
    hint: str = ""
    check: bool = False
    page: bool = False


@dataclass(frozen=True, slots=True)
class Menu:
    """A menu: names of actions, lines, and other menus. `open_menu` ids are filled by the window."""

    title: str
    items: tuple["str | Menu", ...]
    id: str = ""


def specs() -> tuple[Spec, ...]:
    """All actions. A function, because the language may change."""
    return (
        Spec("file.new", _("&New station…"), "new", "Ctrl+N", _("Describe a new station and start it")),
        Spec("file.demo", _("Try the &demo"), "demo", "", _("A station on the built-in central system")),
        Spec("file.open", _("&Open…"), "open", "Ctrl+O", _("Open a station profile")),
        Spec("file.save", _("&Save"), "save", "Ctrl+S", _("Write the profile to its file")),
        Spec("file.save_as", _("Save &as…"), "", "Ctrl+Shift+S", _("Write the profile to another file")),
        Spec("file.export", _("Save the &traffic…"), "traffic", "", _("All frames so far as JSON lines")),
        Spec("file.close", _("&Close station"), "close", "Ctrl+W", _("End the station gracefully")),
        Spec("file.quit", _("&Quit"), "power", "Ctrl+Q", _("End the station gracefully, then the program")),
        Spec("edit.copy_info", _("&Copy the state"), "copy", "Ctrl+Shift+I", _("The whole state as JSON")),
        Spec(
            "edit.station",
            _("Station &settings…"),
            "settings",
            "Ctrl+E",
            _("Identity, connectors, tags, address"),
        ),
        Spec("station.connect", _("&Connect"), "connect", "Ctrl+Return", _("Go online or offline")),
        Spec("station.drop", _("&Drop the connection"), "drop-link", "", _("Cut TCP without a close frame")),
        Spec("station.reboot", _("&Restart"), "reset", "", _("The station restarts by itself")),
        Spec("station.power", _("&Power cut"), "power", "", _("Mains gone, or back again"), check=True),
        Spec("station.emergency", _("&Emergency stop"), "emergency", "", _("The red button"), check=True),
        Spec(
            "station.send", _("Send a &message…"), "send", "Ctrl+M", _("Any call of the station, or any text")
        ),
        Spec(
            "station.reset", _("&Factory reset…"), "trash", "", _("Forget everything stored and start anew")
        ),
        Spec("connector.plug", _("&Plug in or out"), "plug", "P", _("The cable"), page=True),
        Spec("connector.tag", _("Present the &tag"), "tag", "A", _("Hold the card to the reader"), page=True),
        Spec(
            "connector.start", _("&Start charging"), "start", "S", _("Plug in and present the tag"), page=True
        ),
        Spec("connector.stop", _("Stop charg&ing"), "stop", "X", _("The stop button"), page=True),
        Spec("connector.pause", _("The &car pauses"), "pause-car", "E", _("Or goes on"), page=True),
        Spec("connector.fault", _("&Fault…"), "fault", "F", _("Raise one of the faults of OCPP"), page=True),
        Spec("connector.next", _("&Next connector"), "chevron-right", "Ctrl+Tab", ""),
        Spec("connector.previous", _("Pre&vious connector"), "", "Ctrl+Shift+Tab", ""),
        Spec(
            "central.start",
            _("Remote s&tart"),
            "start",
            "Ctrl+R",
            _("The built-in central system starts charging"),
        ),
        Spec("central.stop", _("Remote st&op"), "stop", "Ctrl+Shift+R", _("And stops it")),
        Spec("view.reset", _("&Reset layout"), "reset", "", _("Every panel back to its place")),
        Spec("view.system", _("As the s&ystem"), "", "", "", check=True),
        Spec("view.light", _("&Light"), "sun", "", "", check=True),
        Spec("view.dark", _("&Dark"), "moon", "", "", check=True),
        Spec("view.fullscreen", _("&Full screen"), "", "F11", "", check=True),
        Spec("tools.palette", _("&Find a command…"), "search", "Ctrl+K", _("Everything the window can do")),
        Spec(
            "tools.desktop",
            _("&Install on this desktop"),
            "station",
            "",
            _("Start it from the menu, open files"),
        ),
        Spec("help.keys", _("&Shortcuts"), "", "Ctrl+/", ""),
        Spec("help.diagnostics", _("Copy &diagnostics"), "copy", "", _("Versions and state, for a report")),
        Spec("help.about", _("&About"), "info", "", ""),
    )


def menus() -> tuple[Menu, ...]:
    """The menu bar."""
    theme_menu = Menu(_("&Theme"), ("view.system", "view.light", "view.dark"))
    return (
        Menu(
            _("&File"),
            (
                *("file.new", "file.demo", "file.open", Menu(_("Open &recent"), (), "recent"), LINE),
                *("file.save", "file.save_as", "file.export", LINE, "file.close", "file.quit"),
            ),
        ),
        Menu(_("&Edit"), ("edit.copy_info", LINE, "edit.station")),
        Menu(
            _("&Station"),
            (
                *("station.connect", "station.drop", LINE, "station.reboot", "station.power"),
                *("station.emergency", LINE, "station.send", LINE, "station.reset"),
            ),
        ),
        Menu(
            _("&Connector"),
            (
                *("connector.plug", "connector.tag", "connector.start", "connector.stop", LINE),
                *("connector.pause", "connector.fault", LINE, "connector.next", "connector.previous"),
            ),
        ),
        Menu(_("Ce&ntral system"), ("central.start", "central.stop")),
        Menu(
            _("&View"),
            (Menu(_("&Panels"), (), "panels"), "view.reset", LINE, theme_menu, "view.fullscreen"),
        ),
        Menu(_("&Tools"), ("tools.palette", LINE, "tools.desktop")),
        Menu(_("&Help"), ("help.keys", LINE, "help.diagnostics", "help.about")),
    )


class Actions(QObject):
    """The actions of one window, by id."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._all: dict[str, QAction] = {}
        self._specs = {spec.id: spec for spec in specs()}
        self.open_menus: dict[str, QMenu] = {}
        for spec in self._specs.values():
            self._all[spec.id] = self._make(spec)
        theme().changed.connect(self._paint)
        self._paint()

    def _make(self, spec: Spec) -> QAction:
        action = QAction(spec.text, self)
        action.setObjectName(spec.id)
        action.setCheckable(spec.check)
        if spec.keys:
            action.setShortcut(QKeySequence(spec.keys))
        keys = (
            f" ({QKeySequence(spec.keys).toString(QKeySequence.SequenceFormat.NativeText)})"
            if spec.keys
            else ""
        )
        action.setToolTip((spec.hint or plain(spec.text)) + keys)
        if spec.page:
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        else:
            self._window.addAction(action)
        return action

    def _paint(self) -> None:
        tokens = theme().tokens
        for name, action in self._all.items():
            if self._specs[name].icon:
                action.setIcon(icon(self._specs[name].icon, tokens.muted, tokens.disabled))

    def __getitem__(self, name: str) -> QAction:
        return self._all[name]

    def __iter__(self) -> Iterator[QAction]:
        return iter(self._all.values())

    def on(self, name: str, handler: Callable[[], object]) -> None:
        """Let an action do something."""
        self._all[name].triggered.connect(lambda checked=False: handler())

    def enable(self, enabled: bool, *names: str) -> None:
        """Whether these actions may be used now."""
        for name in names:
            self._all[name].setEnabled(enabled)

    def on_page(self, page: QWidget) -> None:
        """Let the single letters act inside this widget."""
        page.addActions([self._all[name] for name, spec in self._specs.items() if spec.page])

    def fill(self, bar: QMenuBar) -> None:
        """Make the menus."""
        bar.clear()
        for menu in menus():
            self._fill(bar.addMenu(menu.title), menu)

    def _fill(self, made: QMenu, menu: Menu) -> None:
        made.setToolTipsVisible(True)
        if menu.id:
            self.open_menus[menu.id] = made
        for item in menu.items:
            if isinstance(item, Menu):
                self._fill(made.addMenu(item.title), item)
            elif item == LINE:
                made.addSeparator()
            else:
                made.addAction(self._all[item])
