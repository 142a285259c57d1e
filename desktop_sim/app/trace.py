"""The traffic so far: what the `trace` command shows and saves."""

from collections import deque
from collections.abc import Iterable
from pathlib import Path

import msgspec

from desktop_sim.app.settings import write_in_one_step
from desktop_sim.station.events import AnyEvent, FrameEvent

KEPT = 20_000
SHOWN = 20


class Traffic:
    """Keeps the newest frames of one station."""

    def __init__(self, kept: int = KEPT) -> None:
        self._frames: deque[FrameEvent] = deque(maxlen=kept)

    def on_event(self, event: AnyEvent) -> None:
        """Keep a frame; anything else passes."""
        if isinstance(event, FrameEvent):
            self._frames.append(event)

    def last(self, count: int | None = None) -> list[FrameEvent]:
        """The newest frames, the oldest of them first."""
        count = SHOWN if count is None else count
        return list(self._frames)[-count:]

    def save(self, path: Path) -> int:
        """Write all kept frames to a file, one JSON object a line; returns how many."""
        write_in_one_step(path, encode_trace(self._frames))
        return len(self._frames)


def encode_trace(frames: Iterable[FrameEvent]) -> bytes:
    """Frames as `*.trace.jsonl`."""
    return msgspec.json.Encoder().encode_lines(list(frames))
