"""Frame rules: what happens to frames between the station and the link (delay, drop, duplicate, edit, hold).

The station stays true; misbehaviour on purpose lives here (DESIGN § 7).
"""

from collections.abc import Callable
from typing import Protocol

Pass = Callable[[str], None]
"""Lets a frame go on, now or later, as often as wanted; one of a lost connection goes nowhere."""


class FrameRules(Protocol):
    """Sees each frame of either direction and decides what goes on."""

    def outgoing(self, text: str, pass_on: Pass) -> None:
        """A frame leaves the station."""

    def incoming(self, text: str, pass_on: Pass) -> None:
        """A frame arrived for the station."""


class NoRules:
    """Lets every frame through as it is."""

    def outgoing(self, text: str, pass_on: Pass) -> None:
        """Straight on."""
        pass_on(text)

    def incoming(self, text: str, pass_on: Pass) -> None:
        """Straight on."""
        pass_on(text)
