"""A station of a few lines, to test the drivers without the real one.

`ping` every ten seconds while the link is up, an answer to each CALL, one record for each command.
"""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec.structs import replace

from desktop_sim.station.commands import (
    Command,
    CommandRefused,
    Connect,
    Disconnect,
    RefusalCode,
    SendRaw,
    Switch,
)
from desktop_sim.station.events import LinkEvent, LogEvent
from desktop_sim.station.jobs import Job, Outcome
from desktop_sim.station.links import LinkWanted
from desktop_sim.station.records import Record, Stored
from desktop_sim.station.turn import SECOND, Deadline, Drain, Now

PERIOD = 10 * SECOND


class FakeStation:
    """Knows the verbs; what it is told is in `heard`."""

    def __init__(self, now: Now, stored: Stored | None = None, *, online: bool = True) -> None:
        self.now = now
        self.heard: list[tuple[Any, ...]] = []
        self.commands = int(((stored or {}).get("count") or {}).get("commands", b"0"))
        self.wanted = LinkWanted(open=online, url="ws://central", identity="CP001", ping_interval=60)
        self.explode = False
        self.rate = 1.0
        self.up = False
        self._ping_at: int | None = None
        self._pings = 0
        self._seq = 0
        self._drain = Drain()

    def advance(self, now: Now) -> None:
        assert now.sim >= self.now.sim, "simulated time ran backward"
        self.now = now
        while self._ping_at is not None and self._ping_at <= now.sim:
            self._pings += 1
            self.send([2, f"ping-{self._pings}", "Heartbeat", {}])
            self._ping_at += PERIOD

    def set_rate(self, rate: float) -> None:
        self.rate = rate

    def submit(self, command: Command) -> Any:
        self.heard.append(("submit", command))
        if self.explode:
            raise ZeroDivisionError("a mistake in the station")
        if isinstance(command, Switch):
            raise CommandRefused(RefusalCode.REFUSED, "Not here.")
        self.commands += 1
        self.store("count", "commands", str(self.commands).encode())
        match command:
            case Connect():
                self.wanted = replace(self.wanted, open=True, generation=self.wanted.generation + 1)
            case Disconnect():
                self.wanted = replace(self.wanted, open=False, generation=self.wanted.generation + 1)
            case SendRaw():
                self._drain.frames.append(command.text)
            case _:
                pass
        self.say(f"command {self.commands}")
        return self.commands

    def link_connecting(self, url: str) -> None:
        self.heard.append(("connecting", url))
        self.emit_link("connecting")

    def link_up(self, subprotocol: str) -> None:
        self.heard.append(("up", subprotocol))
        self.up = True
        self._ping_at = self.now.sim + PERIOD
        self.emit_link("up")

    def link_down(self, reason: str) -> None:
        self.heard.append(("down", reason))
        self.up = False
        self._ping_at = None
        self.emit_link("down", reason)

    def receive(self, text: str) -> None:
        assert self.up, "a frame without a link"
        self.heard.append(("receive", text))
        frame = msgspec.json.decode(text)
        if frame[0] == 2:
            if frame[2] == "Record":
                self.store("calls", frame[1], b"1")
            self.send([3, frame[1], {}])

    def receive_invalid(self, kind: str) -> None:
        self.heard.append(("invalid", kind))

    def job_progress(self, id: str, state: str, detail: str) -> None:  # noqa: A002
        self.heard.append(("progress", id, state, detail))

    def job_done(self, id: str, outcome: Outcome) -> None:  # noqa: A002
        self.heard.append(("done", id, outcome))

    def next_deadline(self) -> Deadline:
        return Deadline(self._ping_at, None)

    def link_wanted(self) -> LinkWanted:
        return self.wanted

    def drain(self) -> Drain:
        drain, self._drain = self._drain, Drain()
        return drain

    # --- for the tests ---

    def send(self, frame: list[Any]) -> None:
        self._drain.frames.append(msgspec.json.encode(frame).decode())

    def store(self, kind: str, key: str, value: bytes | None) -> None:
        self._drain.records.append(Record(kind, key, value))

    def start_job(self, job: Job) -> None:
        self._drain.jobs.append(job)

    def cancel_job(self, id: str) -> None:  # noqa: A002
        self._drain.jobs_to_cancel.append(id)

    def say(self, text: str) -> None:
        self._seq += 1
        self._drain.events.append(LogEvent(seq=self._seq, time=self.now.sim, level="info", text=text))

    def emit_link(self, state: Any, reason: str = "") -> None:
        self._seq += 1
        self._drain.events.append(LinkEvent(seq=self._seq, time=self.now.sim, state=state, reason=reason))

    def words(self) -> list[str]:
        """What was heard, without the details."""
        return [str(entry[0]) for entry in self.heard]
