"""The station as its drivers see it: the verbs of architecture.md, so that a driver can be tested on a tiny fake."""

from typing import Any, Literal, Protocol

from desktop_sim.station.commands import Command
from desktop_sim.station.jobs import Outcome
from desktop_sim.station.links import LinkWanted
from desktop_sim.station.turn import Deadline, Drain, Now

InvalidKind = Literal["binary", "utf-8", "oversize"]
"""Why a WebSocket message is no text frame of OCPP-J (WS-6)."""


class StationPort(Protocol):
    """What a driver asks of a station; `desktop_sim.station.station.Station` is the real one."""

    def advance(self, now: Now, /) -> None:
        """Time passes: timers fire, energy flows."""

    def set_rate(self, rate: float, /) -> None:
        """At which rate the simulated clock runs; only the central system's time depends on it (DESIGN § 3)."""

    def submit(self, command: Command, /) -> Any:
        """Carry out a command; raises CommandRefused."""

    def link_connecting(self, url: str, /) -> None:
        """The driver tries to connect."""

    def link_up(self, subprotocol: str, /) -> None:
        """The link is open."""

    def link_down(self, reason: str, /) -> None:
        """The link was lost or closed, or a try failed; `reason` is a sentence."""

    def receive(self, text: str, /) -> None:
        """A text frame came in."""

    def receive_invalid(self, kind: InvalidKind, /) -> None:
        """Something came in that is no text frame."""

    def job_progress(self, id: str, state: str, detail: str, /) -> None:  # noqa: A002
        """A job went on."""

    def job_done(self, id: str, outcome: Outcome, /) -> None:  # noqa: A002
        """A job ended."""

    def next_deadline(self) -> Deadline:
        """When the station wants to be woken, on either clock (µs)."""
        ...

    def link_wanted(self) -> LinkWanted:
        """The link the station wants."""
        ...

    def drain(self) -> Drain:
        """Everything that came of the last input; asking again gives nothing."""
        ...
