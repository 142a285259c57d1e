"""Traces on disk (`*.trace.jsonl`): a header line, then one event a line, capped in size and never synced.

The live trace of a station lies beside its database; losing its tail in a power cut is the price of being quick.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from desktop_sim.station.events import AnyEvent

SUFFIX = ".trace.jsonl"
TRACE_VERSION = 1
DEFAULT_LIMIT = 64 * 1024 * 1024
"""Bytes that the live trace and the older half of it may fill together."""


class TraceProblem(Exception):
    """A trace cannot be read; `sentence` says why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class TraceHeader(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=False):
    """What a trace is of. `seed` makes the run repeatable; `started` is a simulated instant in µs."""

    trace: int = TRACE_VERSION
    identity: str = ""
    seed: int | None = None
    started: int = 0
    program: str = ""
    notes: dict[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Trace:
    """A trace that was read. `skipped` lines were damaged or of a kind this version does not know."""

    header: TraceHeader
    events: list[AnyEvent]
    skipped: int


class TraceFile:
    """Appends events to `path`. Past half the limit the file becomes `….1.trace.jsonl` and a new one begins.

    Trouble with the disk never gets out of here: `problem` holds a sentence while it lasts, and events are lost.
    """

    def __init__(self, path: Path, header: TraceHeader, limit: int = DEFAULT_LIMIT) -> None:
        self.path = path
        self.problem: str | None = None
        self._header = header
        self._half = max(limit // 2, 4096)
        self._encoder = msgspec.json.Encoder()
        self._file: int | None = None
        self._size = 0
        self._torn = False

    @property
    def older(self) -> Path:
        """Where the older half is kept."""
        name = self.path.name
        return self.path.with_name(f"{name.removesuffix(SUFFIX)}.1{SUFFIX if name.endswith(SUFFIX) else ''}")

    def append(self, event: AnyEvent) -> None:
        """Write one event; safe from a kill of the process once this returns, not from a loss of power."""
        line = self._encoder.encode(event) + b"\n"
        try:
            if self._file is None:
                self._open()
            elif self._size + len(line) > self._half:
                self._rotate()
            self._write(line)
            self.problem = None
        except OSError as problem:
            self.problem = (
                f"The trace {self.path} cannot be written ({problem.strerror}); events are missing from it."
            )

    def close(self) -> None:
        """Done. Idempotent."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _open(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._file = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        self._size = os.fstat(self._file).st_size
        self._torn = self._size > 0  # a kill may have left half a line
        self._write(self._encoder.encode(self._header) + b"\n")

    def _rotate(self) -> None:
        self.close()
        os.replace(self.path, self.older)
        self._open()

    def _write(self, line: bytes) -> None:
        assert self._file is not None
        if self._torn:
            line = b"\n" + line
        self._torn = True  # until the whole line is out
        written = os.write(self._file, line)
        self._size += written
        if written < len(line):
            raise OSError(28, "the disk is full")
        self._torn = False


def write_trace(path: Path, header: TraceHeader, events: Iterator[AnyEvent] | list[AnyEvent]) -> None:
    """Write a whole trace to a file of its own. Raises OSError."""
    encoder = msgspec.json.Encoder()
    with path.open("wb") as file:
        file.write(encoder.encode(header) + b"\n")
        for event in events:
            file.write(encoder.encode(event) + b"\n")


def read_trace(path: Path) -> Trace:
    """Read a trace back; damaged lines and unknown kinds of events are skipped and counted.

    Several headers (a file that was appended to) count as one, the first. Raises TraceProblem.
    """
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as problem:
        raise TraceProblem(f"The trace {path} cannot be read ({problem.strerror}).") from None
    headers = msgspec.json.Decoder(TraceHeader)
    events = msgspec.json.Decoder(AnyEvent)
    header: TraceHeader | None = None
    found: list[AnyEvent] = []
    skipped = 0
    for line in lines:
        if not line.strip():
            continue
        try:
            if line.startswith(b'{"trace":'):
                header = header or _header(headers.decode(line), path)
            else:
                found.append(events.decode(line))
        except msgspec.MsgspecError:
            skipped += 1
    if header is None:
        raise TraceProblem(f"{path} is not a trace: its first line is no header.")
    return Trace(header, found, skipped)


def _header(header: TraceHeader, path: Path) -> TraceHeader:
    if header.trace > TRACE_VERSION:
        raise TraceProblem(f"The trace {path} was made by a newer version of this program.")
    return header
