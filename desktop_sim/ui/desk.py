"""What lies on the desk: the station of this window, its document, and what can be done with both.

No widgets here. Everything that takes time is a coroutine; everything that goes wrong is told in a sentence.
"""

import logging
from collections.abc import Awaitable
from dataclasses import replace as change
from pathlib import Path
from typing import Any

from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal

from desktop_sim.app.central_host import CentralProblem
from desktop_sim.app.documents import Document
from desktop_sim.app.options import OptionProblem, StationOptions, check_identity, check_url
from desktop_sim.app.station_host import StationHost
from desktop_sim.app.workspace import Workspace
from desktop_sim.station import commands as c
from desktop_sim.station.commands import Command, CommandRefused
from desktop_sim.station.profile import StationProfile
from desktop_sim.storage.profiles import ProfileProblem
from desktop_sim.storage.session_store import StoreProblem
from desktop_sim.ui.session import StationSession
from desktop_sim.ui.texts import _

PROBLEMS = (OptionProblem, ProfileProblem, StoreProblem, CentralProblem, CommandRefused, OSError)
"""What is told to the person, not to the crash dialog."""

_log = logging.getLogger(__name__)


class Desk(QObject):
    """One window's station. At most one is open at a time."""

    session_changed = Signal()
    """Another station, or none."""
    rebuilt = Signal()
    """The same station, made of something else."""
    document_changed = Signal()
    """Title, content or unsaved mark."""
    told = Signal(str, str)
    """A notice: good, info, warn or bad, and a sentence."""

    def __init__(self, workspace: Workspace, options: StationOptions | None = None) -> None:
        super().__init__()
        self.workspace = workspace
        self.session: StationSession | None = None
        self._options = options or StationOptions()
        self._host: StationHost | None = None

    @property
    def host(self) -> StationHost:
        """The station. Raises CommandRefused while there is none."""
        if self._host is None:
            raise CommandRefused(c.RefusalCode.REFUSED, _("No station is open."))
        return self._host

    @property
    def document(self) -> Document | None:
        """Its profile as a document."""
        return None if self.session is None else self.session.document

    @property
    def recent_files(self) -> list[str]:
        """The files opened last."""
        settings = self.workspace.settings
        return [] if settings is None else list(settings.settings.recent_files)

    @property
    def recent_centrals(self) -> list[str]:
        """The addresses used last."""
        settings = self.workspace.settings
        return [] if settings is None else list(settings.settings.recent_centrals)

    # --- opening and closing ---

    async def open(self, options: StationOptions, profile: StationProfile | None = None) -> bool:
        """Close what is open and start another station; False and a notice when it cannot be."""
        return await self._open(self._started(options, profile))

    async def open_file(self, path: Path) -> bool:
        """Start the station of a profile file."""
        return await self.open(change(self._plain(), profile=path))

    async def new(self, profile: StationProfile) -> bool:
        """Start a station that has no file yet."""
        return await self.open(self._plain(), profile)

    async def connect_to(self, url: str, identity: str) -> bool:
        """Start the station without a profile, on that central system."""
        return await self.open(change(self._plain(), url=url, charge_point_id=identity))

    async def demo(self) -> bool:
        """The station for a first look; it keeps nothing, so that every first look is one."""
        from desktop_sim.app.defaults import demo_profile

        return await self.open(change(self._plain(), ephemeral=True), demo_profile())

    def _plain(self) -> StationOptions:
        """What the command line said, without what named the station."""
        return change(self._options, charge_point_id=None, url=None, profile=None, factory_reset=False)

    async def _started(
        self, options: StationOptions, profile: StationProfile | None
    ) -> tuple[StationHost, StationSession]:
        session = StationSession()
        host = await self.workspace.open(options, profile, listen=session.hear)
        return host, session

    async def _open(self, starting: Awaitable[tuple[StationHost, StationSession]]) -> bool:
        await self.close()
        try:
            host, session = await starting
        except PROBLEMS as problem:
            self.told.emit("bad", str(problem))
            return False
        self._host = host
        self.session = session
        self._attach()
        self.workspace.document(host).subscribe(self.document_changed.emit)
        self.session_changed.emit()
        return True

    def _attach(self) -> None:
        assert self.session is not None
        self.session.attach(self.host, self.workspace.document(self.host), self.workspace.central)

    def show(self, session: StationSession | None) -> None:
        """Show a station that others look after: in virtual time, in the gallery."""
        self.session = session
        self.session_changed.emit()

    async def close(self, *, graceful: bool = True) -> None:
        """End the station; its transactions are stopped, what is unanswered stays queued."""
        host, self._host = self._host, None
        session, self.session = self.session, None
        if host is None or session is None:
            return
        session.detach()
        self.session_changed.emit()
        await self.workspace.close(host, graceful=graceful)
        session.deleteLater()

    async def shut_down(self) -> None:
        """End everything."""
        await self.close()
        await self.workspace.close_all()

    # --- the profile ---

    async def apply(self, profile: StationProfile) -> bool:
        """Make the station of another profile: it ends gracefully and begins again."""
        host = self.host
        if profile == host.profile:
            return True
        try:
            if not profile.connection.url:
                host.central = await self.workspace.start_central(profile.tags)
            await self.workspace.rebuild(host, profile)
        except PROBLEMS as problem:
            self.told.emit("bad", str(problem))
            return False
        self._attach()
        self.rebuilt.emit()
        return True

    async def go_online(self, url: str, identity: str) -> bool:
        """Connect to that address (empty: the built-in central system) as that charge point."""
        profile = self.host.profile
        try:
            check_identity(identity)
            url = check_url(url) if url else ""
        except OptionProblem as problem:
            self.told.emit("bad", str(problem))
            return False
        if identity != profile.identity.charge_point_id:
            return await self.apply(_addressed(profile, url, identity))
        try:
            await self._redirect(_addressed(profile, url, identity))
        except PROBLEMS as problem:
            self.told.emit("bad", str(problem))
            return False
        return True

    async def _redirect(self, profile: StationProfile) -> None:
        """Another address for a station that goes on: transactions and queue stay."""
        host, url = self.host, profile.connection.url
        if not url:
            host.central = await self.workspace.start_central(profile.tags)
        await host.submit(c.Connect(url=url or (host.central.url if host.central else None)))
        host.replan(change(host.plan, profile=profile, built_in=not url))
        self.workspace.document(host).edit(profile)
        if url and self.workspace.settings is not None:
            self.workspace.settings.remember_central(url)
        self._attach()

    async def use_built_in(self) -> bool:
        """Connect to the built-in central system."""
        return await self.go_online("", self.host.identity)

    def save(self, path: Path | None = None) -> bool:
        """Write the profile; False and a notice when it cannot be."""
        try:
            self.workspace.save(self.host, path)
        except (*PROBLEMS, ValueError) as problem:
            self.told.emit("bad", str(problem))
            return False
        document = self.document
        if document is not None and document.path is not None:
            self.host.replan(change(self.host.plan, profile_path=document.path))
            self.told.emit("good", _("Saved as {name}").format(name=document.path.name))
        return True

    # --- commands ---

    async def submit(self, command: Command) -> Any:
        """Let the station do something; a refusal is a notice and None."""
        try:
            return await self.host.submit(command)
        except CommandRefused as refused:
            self.told.emit("warn", refused.sentence)
        except OSError as problem:
            self.told.emit("bad", str(problem))
        finally:
            if self.session is not None:
                self.session.acted()
        return None

    async def call(self, action: str, connector: int | None = None) -> bool:
        """Let the built-in central system send a call, filled by itself."""
        central = self.workspace.central
        if central is None:
            self.told.emit("warn", _("The station is not on the built-in central system."))
            return False
        identity = self.host.identity
        try:
            ended = await central.call(identity, action, central.template(identity, action, connector))
        except CommandRefused as refused:
            self.told.emit("warn", refused.sentence)
            return False
        answer = ended.payload.get("status", ended.code or ended.outcome)
        if ended.outcome != "result" or answer != "Accepted":
            self.told.emit("warn", _("{action} was answered: {answer}").format(action=action, answer=answer))
            return False
        return True


def _addressed(profile: StationProfile, url: str, identity: str) -> StationProfile:
    return replace(
        profile,
        identity=replace(profile.identity, charge_point_id=identity),
        connection=replace(profile.connection, url=url),
    )
