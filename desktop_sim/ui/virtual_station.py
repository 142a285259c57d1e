"""A station and its central system in virtual time, for the gallery and for tests of views.

The real engine of both, without sockets, disk or waiting: time goes on only when it is told to.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from desktop_sim.app.defaults import demo_profile
from desktop_sim.central import (
    AnyCentralEvent,
    CallRefused,
    CentralPeer,
    CentralSystem,
    Policy,
    Tag,
    template,
)
from desktop_sim.central.charge_points import ChargePoint
from desktop_sim.central.events import CallEnded
from desktop_sim.central.transactions import Transaction
from desktop_sim.runtime.person import Person
from desktop_sim.runtime.virtual import START, VirtualDriver
from desktop_sim.station.commands import Command, CommandRefused, RefusalCode
from desktop_sim.station.events import AnyEvent
from desktop_sim.station.profile import StationProfile
from desktop_sim.station.records import Stored
from desktop_sim.station.station import Station
from desktop_sim.station.turn import Now, Reading
from desktop_sim.storage.vehicles import vehicle_library

URL = "ws://central.example:9000/ocpp"


class VirtualStation:
    """One station, as `desktop_sim.ui.ports.StationPort` wants it."""

    def __init__(self, profile: StationProfile | None = None, *, seed: int = 7, person: bool = True) -> None:
        self.profile = profile or demo_profile()
        self.central = VirtualCentral(self, self.profile.tags)
        self._seed = seed
        self.driver = VirtualDriver(
            self._build,
            CentralPeer(self.central.engine),
            person=Person() if person else None,
            keep_events=False,
        )

    def _build(self, now: Now, stored: Stored) -> Station:
        from msgspec.structs import replace

        connection = replace(self.profile.connection, url=self.profile.connection.url or URL)
        profile = replace(self.profile, connection=connection)
        return Station(profile, now=now, seed=self._seed, stored=stored, vehicles=vehicle_library())

    @property
    def identity(self) -> str:
        """The charge point id."""
        return self.profile.identity.charge_point_id

    @property
    def station(self) -> Station:
        """The engine."""
        station = self.driver.station
        assert isinstance(station, Station)
        return station

    def info(self) -> dict[str, Any]:
        """The whole state."""
        return self.station.info()

    def readings(self) -> Sequence[Reading]:
        """The live values of each connector."""
        return self.station.readings(self.driver.now)

    async def submit(self, command: Command) -> Any:
        """Carry out a command."""
        return self.do(command)

    def do(self, command: Command) -> Any:
        """The same at once."""
        result = self.driver.submit(command)
        self.central.publish()
        return result

    def subscribe(self, callback: Callable[[AnyEvent], None]) -> Callable[[], None]:
        """Call back with every event."""
        return self.driver.subscribe(callback)

    def run_for(self, seconds: float, look: Callable[[], None] | None = None, step: float = 0.1) -> None:
        """Let time pass; `look` is called every `step` seconds of it."""
        if look is None:
            self.driver.run_for(seconds)
            self.central.publish()
            return
        for _ in range(round(seconds / step)):
            self.driver.run_for(step)
            self.central.publish()
            look()


class VirtualCentral:
    """The built-in central system beside it, as `desktop_sim.ui.ports.CentralPort` wants it."""

    def __init__(self, station: VirtualStation, tags: Sequence[str]) -> None:
        self.engine = CentralSystem([Tag(id_tag=tag) for tag in tags], seed=1)
        self._station = station
        self._listeners: list[Callable[[AnyCentralEvent], None]] = []
        self._ended: dict[str, CallEnded] = {}

    @property
    def url(self) -> str:
        """Where it would listen."""
        return URL

    @property
    def connected(self) -> Sequence[str]:
        """The identities that are connected now."""
        return [identity for identity, point in self.engine.charge_points.items() if point.connected]

    @property
    def charge_points(self) -> Mapping[str, ChargePoint]:
        """What it knows of each charge point."""
        return self.engine.charge_points

    @property
    def transactions(self) -> Sequence[Transaction]:
        """Every transaction."""
        return self.engine.transactions.all()

    @property
    def tags(self) -> Sequence[Tag]:
        """Every tag."""
        return self.engine.tags.all()

    @property
    def policy(self) -> Policy:
        """How it behaves."""
        return self.engine.policy

    def put_tag(self, tag: Tag) -> None:
        """Enter a tag or replace it."""
        self.engine.tags.put(tag)

    def remove_tag(self, id_tag: str) -> bool:
        """Forget a tag."""
        return self.engine.tags.remove(id_tag)

    def template(self, identity: str, action: str, connector: int | None = None) -> dict[str, Any]:
        """A payload to start from."""
        return template(self.engine, identity, action, self._now, connector)

    @property
    def _now(self) -> int:
        return self._station.driver.now.link if hasattr(self._station, "driver") else START

    async def call(
        self, identity: str, action: str, payload: dict[str, Any], *, force: bool = False
    ) -> CallEnded:
        """Send a call; in virtual time the answer is there at once."""
        return self.call_now(identity, action, payload, force=force)

    def call_now(
        self, identity: str, action: str, payload: dict[str, Any], *, force: bool = False
    ) -> CallEnded:
        """The same without waiting."""
        try:
            message_id = self.engine.call(identity, action, payload, self._now, force=force)
        except CallRefused as refused:
            raise CommandRefused(RefusalCode.REFUSED, f"{action}: {refused.sentence}.") from None
        self._station.driver.settle()
        self.publish()
        return self._ended.pop(message_id)

    def subscribe(self, callback: Callable[[AnyCentralEvent], None]) -> Callable[[], None]:
        """Call back with every event."""
        self._listeners.append(callback)
        return lambda: self._listeners.remove(callback) if callback in self._listeners else None

    def publish(self) -> None:
        """Tell the listeners what happened since."""
        for event in self.engine.events():
            if isinstance(event, CallEnded):
                self._ended[event.message_id] = event
            for listener in tuple(self._listeners):
                listener(event)
