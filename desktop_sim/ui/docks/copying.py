"""Frames for the clipboard: as they went over the wire, readable, or as a command to send them again."""

import shlex
from collections.abc import Sequence

from desktop_sim.station.events import FrameEvent
from desktop_sim.ui.docks.json_text import pretty_frame

SUBPROTOCOL = "ocpp1.6"


def frames(events: Sequence[FrameEvent]) -> str:
    """One frame a line, byte by byte."""
    return "\n".join(event.text for event in events)


def readable(events: Sequence[FrameEvent]) -> str:
    """Indented JSON, frame after frame."""
    return "\n".join(pretty_frame(event.text) for event in events)


def wscat(events: Sequence[FrameEvent], url: str) -> str:
    """For each frame sent a command line that connects as this station and sends it again; empty if there is none."""
    sent = [event.text for event in events if event.direction == "out"]
    start = f"wscat --connect {shlex.quote(url)} --subprotocol {SUBPROTOCOL} --execute"
    return "\n".join(f"{start} {shlex.quote(text)}" for text in sent) if url else ""
