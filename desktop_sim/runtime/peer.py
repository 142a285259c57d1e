"""The other end of the link in a virtual run: what a central system, scripted or built in, offers the driver."""

from typing import Protocol

from desktop_sim.station.links import LinkWanted
from desktop_sim.station.turn import Now


class Peer(Protocol):
    """A central system in the same process and on the same simulated clock.

    `receive` and `frames` are what matters; a class that names `Peer` as its base inherits the rest.
    """

    def receive(self, text: str, now: Now) -> None:
        """A text frame came from the station."""
        ...

    def frames(self) -> list[str]:
        """Take the frames to be delivered to the station now, in order; asking again gives nothing."""
        ...

    def advance(self, now: Now) -> None:
        """Time passes."""
        return

    def next_deadline(self) -> int | None:
        """The link instant (µs) at which the peer wants `advance`; None: no need."""
        return None

    def connected(self, wanted: LinkWanted, now: Now) -> str | None:
        """The station connects. Returns None to let it in, else a sentence why the try fails."""
        return None

    def disconnected(self, now: Now) -> None:
        """The link is gone; what was not taken yet from `frames` never arrives."""
        return

    def cut(self) -> bool:
        """Whether the peer cuts the link now, after its frames; asking again says no."""
        return False
