"""The link of a virtual run: makes the station's wish true without sockets and in no time."""

from collections.abc import Iterable, Iterator
from typing import Protocol

from desktop_sim.runtime.peer import Peer
from desktop_sim.station.links import LinkWanted
from desktop_sim.station.turn import SECOND, Now
from desktop_sim.transport.backoff import Backoff

SUBPROTOCOL = "ocpp1.6"


class _Driver(Protocol):
    now: Now

    @property
    def alive(self) -> bool: ...

    @property
    def station(self) -> "_Wishes": ...

    def input(self, verb: str, *arguments: object) -> None: ...


class _Wishes(Protocol):
    def link_wanted(self) -> LinkWanted: ...


class VirtualLink:
    """Connects the driver's station with its peer; back-off as WS-5, without chance."""

    def __init__(self, driver: _Driver, peer: Peer | None) -> None:
        self._up = False
        self._driver = driver
        self._peer = peer
        self._network = True
        self._generation: int | None = None
        self._retry_at: int | None = None
        self._backoff = Backoff(_no_chance)
        self._since = 0

    def is_up(self) -> bool:
        """Whether the link is open."""
        return self._up

    # --- what the world does to it ---

    def drop(self, reason: str) -> None:
        """Lose the link; the next try comes after the back-off."""
        if not self._up:
            return
        self._down(reason)
        self._try_later()

    def network(self, up: bool) -> None:
        """Whether connecting can work at all; a link that is up is lost."""
        self._network = up
        if not up:
            self.drop("The network is unreachable.")

    def forget(self) -> None:
        """The station died: the peer sees the link go, nobody is told here."""
        if self._up:
            self._up = False
            if self._peer is not None:
                self._peer.disconnected(self._driver.now)
        self._generation = self._retry_at = None
        self._backoff.reset()

    # --- what the driver asks ---

    def make_true(self) -> bool:
        """One step towards the wanted link; False when there is nothing to do now."""
        wanted = self._driver.station.link_wanted()
        renewed = wanted.generation != self._generation
        if self._up and (renewed or not wanted.open):
            self._down("The station dropped the link." if wanted.drop else "The station closed the link.")
            self._retry_at = None
            return True
        if not wanted.open:
            return self._give_up()
        if self._up:
            return False
        if not renewed and self._retry_at is not None and self._driver.now.link < self._retry_at:
            return False
        self._try(wanted)
        return True

    def send(self, frames: Iterable[str]) -> None:
        """Frames from the station to the peer; without a link they are lost."""
        if self._up and self._peer is not None:
            for text in frames:
                self._peer.receive(text, self._driver.now)

    def deliver(self) -> bool:
        """Frames from the peer to the station, and perhaps its goodbye; False when there was neither."""
        if not self._up or self._peer is None:
            return False
        frames = self._peer.frames()
        for text in frames:
            if self.is_up() and self._driver.alive:
                self._driver.input("receive", text)
        cut = self._peer.cut()
        if cut and self._driver.alive:
            self.drop("The central system closed the connection.")
        return bool(frames) or cut

    def advance(self) -> None:
        """Time passes at the peer."""
        if self._peer is not None:
            self._peer.advance(self._driver.now)

    def deadlines(self) -> Iterator[int]:
        """When the peer wants to be woken, and when the next try is due."""
        if self._peer is not None and (due := self._peer.next_deadline()) is not None:
            yield due
        if self._retry_at is not None and self._driver.alive and self._driver.station.link_wanted().open:
            yield self._retry_at

    # --- steps ---

    def _try(self, wanted: LinkWanted) -> None:
        if wanted.generation != self._generation:
            self._backoff.reset()
        self._generation = wanted.generation
        self._driver.input("link_connecting", wanted.url)
        refusal = self._refusal(wanted)
        if refusal is None:
            self._up = True
            self._retry_at = None
            self._since = self._driver.now.link
            self._driver.input("link_up", SUBPROTOCOL)
        else:
            self._driver.input("link_down", refusal)
            self._try_later()

    def _give_up(self) -> bool:
        """Offline: there are no more tries; the station is told, for nothing was open."""
        if self._retry_at is None:
            return False
        self._retry_at = None
        self._backoff.reset()
        self._driver.input("link_down", "The station went offline.")
        return True

    def _refusal(self, wanted: LinkWanted) -> str | None:
        if not self._network:
            return "The network is unreachable."
        if self._peer is None:
            return "Nobody listens there."
        return self._peer.connected(wanted, self._driver.now)

    def _down(self, reason: str) -> None:
        self._up = False
        self._backoff.connection_lived((self._driver.now.link - self._since) / SECOND)
        if self._peer is not None:
            self._peer.disconnected(self._driver.now)
        self._driver.input("link_down", reason)

    def _try_later(self) -> None:
        self._retry_at = self._driver.now.link + round(self._backoff.next() * SECOND)


def _no_chance() -> float:
    """The middle of the jitter: virtual runs wait exactly 3, 6, 12 … 300 s."""
    return 0.5
