"""Everything that is open: stations, and the built-in central system when one is wanted."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from desktop_sim.app.central_host import CentralHost
from desktop_sim.app.central_memory import FILE_NAME
from desktop_sim.app.defaults import demo_profile
from desktop_sim.app.documents import Document
from desktop_sim.app.options import StationOptions
from desktop_sim.app.plan import StationPlan, plan_station
from desktop_sim.app.settings import SettingsFile
from desktop_sim.app.station_host import StationHost
from desktop_sim.station.events import AnyEvent
from desktop_sim.station.profile import StationProfile

Listener = Callable[[AnyEvent], None]


class Workspace:
    """The open stations, in the order they were opened, each with its document."""

    def __init__(self, settings: SettingsFile | None = None, *, driver_by_default: bool = True) -> None:
        self.settings = settings
        self.stations: list[StationHost] = []
        self.documents: dict[StationHost, Document] = {}
        self.central: CentralHost | None = None
        self._driver_by_default = driver_by_default
        self._listeners: list[Callable[[], None]] = []

    async def open(
        self, options: StationOptions, profile: StationProfile | None = None, listen: Listener | None = None
    ) -> StationHost:
        """Start a station as the options say; one without a URL goes to the built-in central system.

        `listen` gets its events from the very first. Raises OptionProblem, ProfileProblem, StoreProblem and
        CentralProblem, each with a sentence.
        """
        plan = plan_station(options, base=profile, driver_by_default=self._driver_by_default)
        return await self.start(plan, listen)

    async def demo(
        self, options: StationOptions | None = None, listen: Listener | None = None
    ) -> StationHost:
        """The station for a first look, on the built-in central system."""
        return await self.open(options or StationOptions(), demo_profile(), listen)

    async def start(self, plan: StationPlan, listen: Listener | None = None) -> StationHost:
        """Start the station of a plan."""
        memory = plan.directory / FILE_NAME if plan.directory is not None and not plan.forget else None
        central = await self.start_central(plan.profile.tags, memory) if plan.built_in else self.central
        host = StationHost(plan, central=central)
        if listen is not None:
            host.subscribe(listen)
        await host.start()
        if plan.built_in and central is not None and plan.directory is not None:
            central.remember(plan.directory / FILE_NAME)  # ours alone, since the station holds the folder
        self.stations.append(host)
        self.documents[host] = Document(plan.profile, plan.profile_path, self.settings)
        if self.settings is not None and plan.profile_path is not None:
            self.settings.remember_file(plan.profile_path)
        if self.settings is not None and plan.profile.connection.url:
            self.settings.remember_central(plan.profile.connection.url)
        self._tell()
        return host

    async def start_central(self, tags: tuple[str, ...] = (), memory: Path | None = None) -> CentralHost:
        """The built-in central system, started if it is not running; the tags are entered where they are new."""
        if self.central is None:
            central = CentralHost(memory=memory)
            await central.start()
            self.central = central
            self._tell()
        self.central.enter(tags)
        return self.central

    async def stop_central(self) -> None:
        """End the built-in central system."""
        central, self.central = self.central, None
        if central is not None:
            await central.stop()
            self._tell()

    async def close(self, host: StationHost, *, graceful: bool = True) -> None:
        """End one station."""
        await host.stop(graceful=graceful)
        if host in self.stations:
            self.stations.remove(host)
            del self.documents[host]
            self._tell()

    async def close_all(self, *, graceful: bool = True) -> None:
        """End every station, then the built-in central system."""
        for host in tuple(self.stations):
            await self.close(host, graceful=graceful)
        await self.stop_central()

    async def rebuild(self, host: StationHost, profile: StationProfile) -> None:
        """Put another version of the profile into a station: it ends gracefully and begins again with it.

        A profile that cannot be leaves the station as it was. Raises as `open`.
        """
        if not profile.connection.url:
            host.central = await self.start_central(profile.tags)
        before = replace(host.plan, forget=False)
        await host.stop()
        host.replan(replace(before, profile=profile, built_in=not profile.connection.url))
        try:
            await host.start()
        except BaseException:
            host.replan(before)
            await host.start()
            raise
        self.documents[host].edit(profile)

    def document(self, host: StationHost) -> Document:
        """The document of a station."""
        return self.documents[host]

    def save(self, host: StationHost, path: Path | None = None) -> None:
        """Save a station's document, to its file or another. Raises ProfileProblem; ValueError without any file."""
        document = self.documents[host]
        if path is None:
            document.save()
        else:
            document.save_as(path)

    def subscribe(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call `callback` whenever a station or the central system came or went; returns what ends it."""
        self._listeners.append(callback)
        return lambda: self._listeners.remove(callback) if callback in self._listeners else None

    def _tell(self) -> None:
        for listener in tuple(self._listeners):
            listener()
