"""The last step before the wire, and the first behind it: every frame is told as an event, and counted as traffic."""

from typing import Literal

from desktop_sim.protocol.codec import check
from desktop_sim.protocol.errors import ViolationError
from desktop_sim.protocol.frames import Call, CallError, CallResult
from desktop_sim.protocol.types import Request, Response
from desktop_sim.station.events import FrameEvent
from desktop_sim.station.kernel import Kernel
from desktop_sim.station.switches import Switches


class Wire:
    """Frames out and frames in.

    Attributes:
        last_sent: when the last frame went out, simulated µs (CORE-HB-1).
    """

    def __init__(self, kernel: Kernel, switches: Switches) -> None:
        self._kernel = kernel
        self._switches = switches
        self.last_sent = kernel.now.sim

    def put(
        self,
        type_: Literal["call", "result", "error", "invalid"],
        text: str,
        action: str = "",
        message_id: str = "",
        *,
        verdict: str = "",
        by_hand: bool = False,
    ) -> None:
        """Send a frame."""
        self._kernel.emit(
            FrameEvent,
            direction="out",
            type=type_,
            text=text,
            action=action,
            message_id=message_id,
            verdict=verdict,
            by_hand=by_hand,
        )
        self.last_sent = self._kernel.now.sim
        self._kernel.send(text)

    def note(
        self,
        text: str,
        frame: Call | CallResult | CallError,
        action: str,
        verdict: str = "",
        latency: int | None = None,
    ) -> None:
        """A frame came in; `latency` (µs) is the time since its call, if it is an answer."""
        kind = "call" if isinstance(frame, Call) else "result" if isinstance(frame, CallResult) else "error"
        self._kernel.emit(
            FrameEvent,
            direction="in",
            type=kind,
            text=text,
            action=action,
            message_id=str(frame.message_id),
            verdict=verdict,
            latency=latency,
        )

    def note_broken(self, text: str, verdict: str) -> None:
        """Something came in that is no frame."""
        self._kernel.emit(FrameEvent, direction="in", type="invalid", text=text, verdict=verdict)

    def own_violation(self, message: Request | Response) -> str:
        """What is wrong with a message of ours, with its path; empty if nothing is (SW-STRICT-OUT)."""
        if self._switches["SW-STRICT-OUT"] == "off":
            return ""
        try:
            check(message)
        except ViolationError as error:
            return f"{error.violation.path}: {error.violation.sentence}"
        return ""
