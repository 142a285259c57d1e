"""What happens when a person acts: from an action, a page or a bar to the desk, with the questions in between."""

from collections.abc import Callable, Coroutine
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
from PySide6.QtCore import QObject, QStandardPaths
from PySide6.QtGui import QGuiApplication

from desktop_sim.app import commands as process
from desktop_sim.app.defaults import default_profile
from desktop_sim.app.documents import SUFFIX
from desktop_sim.station import commands as c
from desktop_sim.station.profile import StationProfile
from desktop_sim.ui.connector_page import ConnectorPage
from desktop_sim.ui.desk import Desk
from desktop_sim.ui.diagnostics import diagnostics
from desktop_sim.ui.dialogs.asking import Answer, ask_for_file, ask_to_save, confirm
from desktop_sim.ui.dialogs.opener import Dialogs
from desktop_sim.ui.main_window import MainWindow
from desktop_sim.ui.session import Changes
from desktop_sim.ui.tasks import Tasks, slot_task, until
from desktop_sim.ui.texts import _
from desktop_sim.ui.theme import Scheme, theme

STATION_ACTIONS = (
    *("file.save", "file.save_as", "file.export", "file.close", "edit.copy_info", "edit.station"),
    *("station.connect", "station.drop", "station.reboot", "station.power", "station.emergency"),
    *("station.send", "station.reset", "connector.plug", "connector.tag", "connector.start"),
    *("connector.stop", "connector.pause", "connector.fault", "connector.next", "connector.previous"),
    *("central.start", "central.stop", "view.reset"),
)
REGISTRATION_SECONDS = 8.0
"""The demo begins to charge when it is registered; after so long it is left to the person."""

SCHEMES = {"view.system": Scheme.SYSTEM, "view.light": Scheme.LIGHT, "view.dark": Scheme.DARK}


class Hands(QObject):
    """Connects a window with its desk."""

    def __init__(self, window: MainWindow, desk: Desk, tasks: Tasks, ended: Callable[[], None]) -> None:
        super().__init__(window)
        self.window_, self.desk, self._tasks, self._ended = window, desk, tasks, ended
        self.dialogs = Dialogs(window, window.actions_)
        self._connect_actions()
        self._connect_parts()
        desk.session_changed.connect(self._session_changed)
        self._session_changed()

    @property
    def tasks(self) -> Tasks:
        """Who keeps what is started here."""
        return self._tasks

    # --- wiring ---

    def _connect_actions(self) -> None:
        on = self.window_.actions_.on
        tabs = self.window_.tabs
        table: dict[str, Callable[[], object]] = {
            "file.new": self.new_station,
            "file.demo": self.demo,
            "file.open": self.open_file,
            "file.save": self.save,
            "file.save_as": self.save_as,
            "file.export": self.export_traffic,
            "file.close": self.close_station,
            "file.quit": self.quit,
            "edit.copy_info": self.copy_info,
            "edit.station": self.edit_station,
            "station.connect": self.window_.bar.toggle,
            "station.drop": partial(self.give, c.DropLink()),
            "station.reboot": partial(self.give, c.Reboot()),
            "station.power": self.toggle_power,
            "station.emergency": self.toggle_emergency,
            "station.send": self.compose,
            "station.reset": self.factory_reset,
            "connector.next": partial(tabs.step, 1),
            "connector.previous": partial(tabs.step, -1),
            "connector.plug": lambda: self._on_page(lambda page: page.controls.toggle_cable()),
            "connector.tag": lambda: self._on_page(lambda page: page.controls.present_tag()),
            "connector.start": lambda: self._on_page(lambda page: page.controls.start_charging()),
            "connector.stop": lambda: self._on_page(lambda page: page.controls.stop_charging()),
            "connector.pause": lambda: self._on_page(lambda page: page.controls.pause_car.click()),
            "connector.fault": lambda: self._on_page(lambda page: page.controls.fault.click()),
            "central.start": partial(self.remote, "RemoteStartTransaction"),
            "central.stop": partial(self.remote, "RemoteStopTransaction"),
            "view.reset": self.window_.reset_layout,
            "view.fullscreen": self.toggle_full_screen,
            "tools.palette": self.dialogs.find_command,
            "tools.desktop": self.install_desktop,
            "help.keys": self.dialogs.show_keys,
            "help.diagnostics": self.copy_diagnostics,
            "help.about": self.dialogs.show_about,
        }
        for name, handler in table.items():
            on(name, handler)
        for name, scheme in SCHEMES.items():
            on(name, partial(self.choose_scheme, scheme))
        self._show_scheme()

    def _connect_parts(self) -> None:
        window = self.window_
        window.close_wished.connect(self.quit)
        window.file_dropped.connect(self.open_path)
        window.tabs.acted.connect(self.give)
        window.bar.connect_wished.connect(self.go_online)
        window.bar.disconnect_wished.connect(partial(self.give, c.Disconnect()))
        window.bar.rate_wished.connect(lambda rate: self.give(process.Clock(rate=rate)))
        window.welcome.demo_wished.connect(self.demo)
        window.welcome.connect_wished.connect(self.connect_to)
        window.welcome.open_wished.connect(self.open_file)
        window.welcome.new_wished.connect(self.new_station)
        window.welcome.file_wished.connect(self.open_path)
        window.actions_.open_menus["recent"].aboutToShow.connect(self._fill_recent)

    def _session_changed(self) -> None:
        session = self.desk.session
        self.window_.actions_.enable(session is not None, *STATION_ACTIONS)
        if session is not None:
            session.changed.connect(self._on_changes)
            self._show_switches()

    def _on_changes(self, changes: Changes) -> None:
        if changes.kinds:
            self._show_switches()

    def _show_switches(self) -> None:
        """What is pressed and what can be pressed follows the station."""
        session, actions = self.desk.session, self.window_.actions_
        if session is None:
            return
        actions["station.power"].setChecked(not session.powered)
        actions["station.emergency"].setChecked(session.emergency)
        actions["station.connect"].setText(
            _("&Disconnect") if session.link_state != "offline" else _("&Connect")
        )
        actions.enable(session.link_state == "up", "station.drop")
        actions.enable(session.powered, "station.reboot")
        actions.enable(session.central is not None, "central.start", "central.stop")

    # --- commands ---

    def give(self, command: c.Command) -> None:
        """Let the station do something."""
        self._tasks.start(self.desk.submit(command))

    def _on_page(self, act: Callable[[ConnectorPage], object]) -> None:
        page = self.window_.tabs.page
        if page is not None:
            act(page)

    def _after(self, work: Coroutine[Any, Any, Any]) -> None:
        """Run it, then show what is pressed as it really is: a refused switch springs back."""

        async def run() -> None:
            await work
            self._show_switches()

        self._tasks.start(run())

    def compose(self) -> None:
        """Any message of the station."""
        if self.desk.session is not None:
            self.dialogs.compose(self.desk.session, self.give)

    def toggle_power(self) -> None:
        """Mains off or on."""
        off = self.window_.actions_["station.power"].isChecked()
        self._after(self.desk.submit(c.PowerCut() if off else c.PowerOn()))

    def toggle_emergency(self) -> None:
        """The red button."""
        pressed = self.window_.actions_["station.emergency"].isChecked()
        self._after(self.desk.submit(c.EmergencyStop(on=pressed)))

    def remote(self, action: str) -> None:
        """Let the built-in central system act on the connector that is seen."""
        page = self.window_.tabs.page
        self._tasks.start(self.desk.call(action, None if page is None else page.number))

    @slot_task
    async def go_online(self, url: str, identity: str) -> None:
        """Connect to what the bar says."""
        if not await self.desk.go_online(url, identity):
            self.window_.bar.refuse()

    @slot_task
    async def factory_reset(self) -> None:
        """Forget everything, after a question."""
        text = _("The station forgets configuration, transactions and queue, and starts from its profile.")
        if await confirm(self.window_, _("Factory reset"), text, _("&Forget everything")):
            await self.desk.submit(c.FactoryReset())

    # --- stations and files ---

    async def _may_leave(self) -> bool:
        """Whether the document may be given up: saved, not wanted, or nothing to lose."""
        document = self.desk.document
        if document is None or not document.unsaved:
            return True
        answer = await ask_to_save(self.window_, document.title)
        if answer is Answer.SAVE:
            return await self._save(anew=False)
        return answer is Answer.DROP

    async def _save(self, *, anew: bool) -> bool:
        document = self.desk.document
        if document is None:
            return False
        if document.path is not None and not anew:
            return self.desk.save()
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        start = document.path or Path(folder) / f"{document.title}{SUFFIX}"
        path = await ask_for_file(self.window_, _("Save the station"), str(start), _filters(), saving=True)
        return path is not None and self.desk.save(path)

    @slot_task
    async def save(self) -> None:
        """To its file."""
        await self._save(anew=False)

    @slot_task
    async def save_as(self) -> None:
        """To another file."""
        await self._save(anew=True)

    @slot_task
    async def demo(self) -> None:
        """The demo, charging by itself."""
        if not (await self._may_leave() and await self.desk.demo()):
            return
        session = self.desk.session
        assert session is not None
        if await until(session.changed, lambda: session.registered, REGISTRATION_SECONDS):
            await self.desk.call("RemoteStartTransaction", 1)

    @slot_task
    async def connect_to(self, url: str, identity: str) -> None:
        """One's own central system, from the welcome page."""
        if await self._may_leave():
            await self.desk.connect_to(url, identity)

    @slot_task
    async def open_file(self) -> None:
        """Ask for a profile and open it."""
        path = await ask_for_file(self.window_, _("Open a station"), "", _filters())
        if path is not None and await self._may_leave():
            await self.desk.open_file(path)

    @slot_task
    async def open_path(self, name: str) -> None:
        """Open this profile."""
        if await self._may_leave():
            await self.desk.open_file(Path(name))

    @slot_task
    async def close_station(self) -> None:
        """End the station; the welcome page comes back."""
        if await self._may_leave():
            await self.desk.close()

    @slot_task
    async def quit(self) -> None:
        """End the station, then the program."""
        if not await self._may_leave():
            return
        self.window_.remember()
        self.window_.hide()
        await self.desk.shut_down()
        self._ended()

    def new_station(self) -> None:
        """Describe a new one."""
        self.dialogs.edit(default_profile(), self._start_new, new=True)

    def edit_station(self) -> None:
        """Change this one."""
        document = self.desk.document
        if document is not None:
            self.dialogs.edit(document.profile, self._apply, new=False)

    @slot_task
    async def _start_new(self, profile: StationProfile) -> None:
        if await self._may_leave():
            await self.desk.new(profile)

    @slot_task
    async def _apply(self, profile: StationProfile) -> None:
        await self.desk.apply(profile)

    @slot_task
    async def export_traffic(self) -> None:
        """All frames as JSON lines."""
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        start = Path(folder) / f"{self.desk.host.identity}.trace.jsonl"
        title = _("Save the traffic")
        path = await ask_for_file(self.window_, title, str(start), "*.trace.jsonl", saving=True)
        if path is not None and await self.desk.submit(process.Trace(save=str(path))) is not None:
            self.window_.notice.tell("good", _("Saved as {name}").format(name=path.name))

    def _fill_recent(self) -> None:
        menu = self.window_.actions_.open_menus["recent"]
        menu.clear()
        for name in self.desk.recent_files:
            action = menu.addAction(Path(name).name, partial(self.open_path, name))
            action.setToolTip(name)
            action.setEnabled(Path(name).exists())
        if menu.isEmpty():
            menu.addAction(_("Nothing yet")).setEnabled(False)

    # --- the window itself ---

    def copy_diagnostics(self) -> None:
        """Versions to the clipboard."""
        QGuiApplication.clipboard().setText(diagnostics())
        self.window_.notice.tell("good", _("Copied."))

    def copy_info(self) -> None:
        """The state to the clipboard, as JSON."""
        session = self.desk.session
        if session is not None:
            text = msgspec.json.format(msgspec.json.encode(session.info), indent=2).decode()
            QGuiApplication.clipboard().setText(text)
            self.window_.notice.tell("good", _("Copied."))

    def install_desktop(self) -> None:
        """A place in the desktop's menu."""
        from desktop_sim.ui.desktop_entry import install

        try:
            place = install()
        except OSError as problem:
            self.window_.notice.tell("bad", str(problem))
            return
        self.window_.notice.tell("good", _("Installed: {place}").format(place=place))

    def toggle_full_screen(self) -> None:
        """The whole screen, or a window."""
        if self.window_.isFullScreen():
            self.window_.showNormal()
        else:
            self.window_.showFullScreen()

    def choose_scheme(self, scheme: Scheme) -> None:
        """Light, dark, or as the system."""
        theme().choose(scheme)
        settings = self.desk.workspace.settings
        if settings is not None:
            settings.change(theme=scheme.value)
        self._show_scheme()

    def _show_scheme(self) -> None:
        for name, scheme in SCHEMES.items():
            self.window_.actions_[name].setChecked(theme().scheme is scheme)


def _filters() -> str:
    return f"{_('Stations')} (*{SUFFIX});;{_('JSON files')} (*.json);;{_('All files')} (*)"
