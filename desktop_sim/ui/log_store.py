"""The traffic of one station in memory: frames in order, with numbers that never change, the oldest given up."""

import re
from array import array
from collections.abc import Sequence
from dataclasses import dataclass

from desktop_sim.station.events import FrameEvent

MOST_FRAMES = 200_000
MOST_CHARACTERS = 96 * 1024 * 1024
GIVE_UP = 20
"""When it is full, one part in so many goes at once."""

_CONNECTOR = re.compile(r'"connectorId"\s*:\s*(\d+)')


@dataclass(frozen=True, slots=True)
class Entry:
    """One frame. `connector` is -1 where none is named, `answer` marks results and errors."""

    number: int
    event: FrameEvent
    connector: int

    @property
    def answer(self) -> bool:
        """Whether it answers a call."""
        return self.event.type in ("result", "error")


class LogStore:
    """Frames by number. Numbers rise by one and stay; `first` is the number of the oldest that is still there."""

    def __init__(self) -> None:
        self.first = 0
        self._events: list[FrameEvent] = []
        self._connectors = array("h")
        self._characters = 0
        self._by_id: dict[str, list[int]] = {}

    def __len__(self) -> int:
        return len(self._events)

    @property
    def end(self) -> int:
        """The number the next frame gets."""
        return self.first + len(self._events)

    def append(self, frames: Sequence[FrameEvent]) -> None:
        """Add frames; when there are too many, the oldest go."""
        for event in frames:
            number = self.end
            self._events.append(event)
            self._connectors.append(self._connector_of(event))
            self._characters += len(event.text)
            if event.message_id:
                self._by_id.setdefault(event.message_id, []).append(number)
        while len(self._events) > MOST_FRAMES or self._characters > MOST_CHARACTERS:
            self._give_up(max(1, len(self._events) // GIVE_UP))

    def clear(self) -> None:
        """Forget all frames; numbers go on."""
        self._give_up(len(self._events))

    def _give_up(self, count: int) -> None:
        for event in self._events[:count]:
            self._characters -= len(event.text)
            numbers = self._by_id.get(event.message_id)
            if numbers:
                numbers.pop(0)
                if not numbers:
                    del self._by_id[event.message_id]
        del self._events[:count]
        del self._connectors[:count]
        self.first += count

    def _connector_of(self, event: FrameEvent) -> int:
        """The connector a frame is about; an answer takes it from its call."""
        if event.connector is not None:
            return event.connector
        found = _CONNECTOR.search(event.text)
        if found is not None:
            return min(int(found[1]), 32767)
        numbers = self._by_id.get(event.message_id) if event.type in ("result", "error") else None
        return self._connectors[numbers[-1] - self.first] if numbers else -1

    def entry(self, number: int) -> Entry:
        """The frame of that number. Raises IndexError when it is not there any more."""
        if number < self.first:
            raise IndexError(number)
        place = number - self.first
        return Entry(number, self._events[place], self._connectors[place])

    def partner(self, number: int) -> int | None:
        """The answer of a call, the call of an answer; None while there is none."""
        entry = self.entry(number)
        for other in self._by_id.get(entry.event.message_id, ()):
            if other != number and other >= self.first:
                partner = self.entry(other)
                if partner.answer != entry.answer and partner.event.direction != entry.event.direction:
                    return other
        return None
