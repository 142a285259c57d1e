"""What the window needs of the world below it, and nothing else.

`desktop_sim.app` fits by shape: StationHost is a StationPort, CentralHost a CentralPort. Tests and the gallery put
stations in virtual time in their place.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from desktop_sim.central import AnyCentralEvent, Policy, Tag
from desktop_sim.central.charge_points import ChargePoint
from desktop_sim.central.events import CallEnded
from desktop_sim.central.transactions import Transaction
from desktop_sim.station.commands import Command
from desktop_sim.station.events import AnyEvent
from desktop_sim.station.profile import StationProfile
from desktop_sim.station.turn import Reading

Unsubscribe = Callable[[], None]


class StationPort(Protocol):
    """One station. Everything happens on the window's loop."""

    @property
    def identity(self) -> str:
        """The charge point id."""

    @property
    def profile(self) -> StationProfile:
        """What it is made of."""

    def info(self) -> dict[str, Any]:
        """The whole state, in the shape of the public contract."""

    def readings(self) -> Sequence[Reading]:
        """The live values of each connector."""

    async def submit(self, command: Command) -> Any:
        """Carry out a command. Raises CommandRefused with a sentence."""

    def subscribe(self, callback: Callable[[AnyEvent], None]) -> Unsubscribe:
        """Call back with every event, in order."""


class CentralPort(Protocol):
    """The built-in central system."""

    @property
    def url(self) -> str:
        """Where it listens."""

    @property
    def connected(self) -> Sequence[str]:
        """The identities that are connected now."""

    @property
    def charge_points(self) -> Mapping[str, ChargePoint]:
        """What it knows of each charge point."""

    @property
    def transactions(self) -> Sequence[Transaction]:
        """Every transaction, the oldest first."""

    @property
    def tags(self) -> Sequence[Tag]:
        """Every tag."""

    @property
    def policy(self) -> Policy:
        """How it behaves."""

    def put_tag(self, tag: Tag) -> None:
        """Enter a tag or replace it. Raises ValueError when it cannot travel on the wire."""

    def remove_tag(self, id_tag: str) -> bool:
        """Forget a tag."""

    def template(self, identity: str, action: str, connector: int | None = None) -> dict[str, Any]:
        """A payload to start from."""

    async def call(
        self, identity: str, action: str, payload: dict[str, Any], *, force: bool = False
    ) -> CallEnded:
        """Send a call and wait for its end. Raises CommandRefused with a sentence."""

    def subscribe(self, callback: Callable[[AnyCentralEvent], None]) -> Unsubscribe:
        """Call back with every event, in order."""
