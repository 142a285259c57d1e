"""The built-in central system as the other end of a virtual run: one charge point's link, without sockets.

Fits what the virtual driver of `runtime` asks of a peer, by shape alone. In virtual runs both clocks are equal; the
link instant is taken.
"""

from typing import Protocol

from desktop_sim.central.engine import CentralSystem


class Instant(Protocol):
    """A moment on two clocks; here only the link's counts (µs since the Unix epoch)."""

    @property
    def link(self) -> int:
        """The link instant."""


class Wanted(Protocol):
    """The link a station wants; here only its identity counts."""

    @property
    def identity(self) -> str:
        """The identity in the URL."""


class CentralPeer:
    """One charge point's line into a central system; several may share one."""

    def __init__(self, central: CentralSystem, identity: str = "") -> None:
        self.central = central
        self.identity = identity

    def connected(self, wanted: Wanted, now: Instant) -> str | None:
        """The station connects; returns why it is not let in, None if it is."""
        identity = wanted.identity or self.identity
        status = self.central.admission(identity)
        if status is not None:
            return f"The central system answered HTTP {status}."
        self.identity = identity
        self.central.connected(identity, now.link)
        return None

    def disconnected(self, now: Instant) -> None:
        """The link is gone; what was not taken yet from `frames` never arrives."""
        self.central.disconnected(self.identity, now.link)

    def receive(self, text: str, now: Instant) -> None:
        """A text frame came from the station."""
        self.central.receive(self.identity, text, now.link)

    def advance(self, now: Instant) -> None:
        """Time passes."""
        self.central.advance(now.link)

    def frames(self) -> list[str]:
        """Take the frames for the station, in order; asking again gives nothing."""
        return [text for _, text in self.central.frames_to_send(self.identity)]

    def next_deadline(self) -> int | None:
        """The instant (µs) at which the central system wants `advance`."""
        return self.central.next_deadline()

    def cut(self) -> bool:
        """Whether the central system cuts this link now, after the frames; asking again says no."""
        return bool(self.central.links_to_drop(self.identity))
