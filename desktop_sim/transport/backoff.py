"""How long to wait before the next attempt to connect (WS-5)."""

from __future__ import annotations

from collections.abc import Callable

LONG_ENOUGH = 60.0
"""Seconds a connection must have lived for the waiting to start anew."""


class Backoff:
    """Waiting times that double from `start` to `cap` seconds, each spread by ± `jitter` of itself (WS-5).

    `uniform` gives a number in [0, 1); it is injected so that a run can be repeated. No waiting time exceeds `cap`.
    """

    def __init__(
        self, uniform: Callable[[], float], start: float = 3.0, cap: float = 300.0, jitter: float = 0.25
    ) -> None:
        self._uniform = uniform
        self._start = start
        self._cap = cap
        self._jitter = jitter
        self._base = start

    def next(self) -> float:
        """Seconds to wait before the next attempt; each call is one failed attempt."""
        share = 1.0 + self._jitter * (2.0 * self._uniform() - 1.0)
        wait = min(self._cap, self._base * share)
        self._base = min(self._cap, self._base * 2.0)
        return wait

    def connection_lived(self, seconds: float) -> None:
        """A connection has ended after so many seconds; one that lived long enough forgives the past (WS-5)."""
        if seconds > LONG_ENOUGH:
            self.reset()

    def reset(self) -> None:
        """Begin with the shortest waiting time again."""
        self._base = self._start
