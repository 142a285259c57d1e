"""Hands events to whoever listens, in order; a listener that breaks disturbs neither the others nor the station."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Callable
from typing import Any, Literal

from desktop_sim.station.events import AnyEvent, LogEvent

Listener = Callable[[AnyEvent], None]


class EventHub:
    """The way out for events, and for the driver's own sentences: LogEvents with seq 0.

    `now` gives the simulated instant in µs. `on_crash` gets every unexpected exception; without it the loop's
    exception handler does.
    """

    def __init__(self, now: Callable[[], int], on_crash: Callable[[Exception], None] | None = None) -> None:
        self._now = now
        self._on_crash = on_crash
        self._listeners: list[Listener] = []

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` with every event from now on; returns what ends it, harmless to call twice."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    def publish(self, event: AnyEvent) -> None:
        """Tell everybody."""
        for listener in tuple(self._listeners):
            try:
                listener(event)
            except Exception as mistake:
                self._hand_on(mistake)

    def say(self, level: Literal["debug", "info", "warning", "error"], text: str, **data: Any) -> None:
        """A sentence of the driver's own."""
        self.publish(LogEvent(seq=0, time=self._now(), level=level, text=text, data=data))

    def crashed(self, mistake: Exception) -> None:
        """Something happened that never should: tell everybody, hand it on; life goes on."""
        trace = "".join(traceback.format_exception(mistake))
        self.say("error", f"A mistake in this program: {mistake!r}. The station goes on.", traceback=trace)
        self._hand_on(mistake)

    def _hand_on(self, mistake: Exception) -> None:
        if self._on_crash is not None:
            self._on_crash(mistake)
        else:
            context = {"message": "A mistake in this program", "exception": mistake}
            asyncio.get_running_loop().call_exception_handler(context)
