"""The journal of a station: its newest events at hand, all of them in a file beside its state."""

from collections import deque
from pathlib import Path

from desktop_sim import __version__
from desktop_sim.station.events import AnyEvent, FrameEvent
from desktop_sim.storage.trace_file import TraceFile, TraceHeader, write_trace

KEPT = 50_000
SHOWN = 20
FILE_NAME = "events.trace.jsonl"


class Journal:
    """Keeps what happened: the newest events in memory, and with a folder all of them in a size-capped file."""

    def __init__(self, header: TraceHeader, directory: Path | None = None, kept: int = KEPT) -> None:
        self.events: deque[AnyEvent] = deque(maxlen=kept)
        self._header = header
        self._file = None if directory is None else TraceFile(directory / FILE_NAME, header)

    @property
    def problem(self) -> str | None:
        """Why the file cannot be written just now."""
        return None if self._file is None else self._file.problem

    def on_event(self, event: AnyEvent) -> None:
        """Keep an event."""
        self.events.append(event)
        if self._file is not None:
            self._file.append(event)

    def frames(self, count: int | None = None) -> list[FrameEvent]:
        """The newest frames, the oldest of them first."""
        frames = [event for event in self.events if isinstance(event, FrameEvent)]
        return frames[-(SHOWN if count is None else count) :]

    def save(self, path: Path) -> None:
        """Write everything still at hand to a trace file. Raises OSError."""
        write_trace(path, self._header, list(self.events))

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            self._file.close()


def header_of(identity: str, seed: int, started: int) -> TraceHeader:
    """The header of a station's trace; the seed makes its run repeatable."""
    return TraceHeader(
        identity=identity, seed=seed, started=started, program=f"ocpp-desktop-sim {__version__}"
    )
