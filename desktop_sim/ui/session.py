"""One open station as the window sees it: its state, its past, and one signal a frame.

Views hold no state of their own: they look into the session when `changed` says that something happened, or when they
come into sight.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from desktop_sim.app.documents import Document
from desktop_sim.station import events as e
from desktop_sim.station.commands import CommandRefused
from desktop_sim.station.turn import Reading
from desktop_sim.ui.event_lines import EventLines, Line, call_line, payload_of
from desktop_sim.ui.frame_pump import FramePump
from desktop_sim.ui.log_store import LogStore
from desktop_sim.ui.ports import CentralPort, StationPort
from desktop_sim.ui.statuses import look

if TYPE_CHECKING:
    from desktop_sim.ui.history import History

FLOWING_MS = 500
"""While energy flows the histories are written this often, whoever looks."""

MOST_LINES = 20_000

CALLS_WITHOUT_FLAG = frozenset({"TriggerMessage", "GetConfiguration", "ExtendedTriggerMessage"})


@dataclass(slots=True)
class Changes:
    """What one frame brought: kinds of events (`act`: somebody acted), connectors concerned, new lines of the log."""

    kinds: set[str] = field(default_factory=set)
    connectors: set[int] = field(default_factory=set)
    lines: list[Line] = field(default_factory=list)

    def concerns(self, connector: int) -> bool:
        """Whether anything happened at that connector, or to the station as a whole."""
        return bool(self.kinds) and (connector in self.connectors or 0 in self.connectors)


class StationSession(QObject):
    """State and past of one station; made before the station, so that it hears its first event."""

    changed = Signal(object)
    """Changes, at most 30 times a second."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.pump = FramePump(self.refresh, self)
        self.log = LogStore()
        self.lines: list[Line] = []
        self.histories: dict[int, History] = {}
        self.info: dict[str, Any] = {}
        self.readings: dict[int, Reading] = {}
        self.document: Document | None = None
        self.central: CentralPort | None = None
        self._port: StationPort | None = None
        self._event_lines = EventLines()
        self._statuses: dict[int, str] = {}
        self._waiting: list[e.AnyEvent] = []
        self._acted = False
        self._unsubscribe: Callable[[], None] | None = None

    # --- the station ---

    def attach(
        self, port: StationPort, document: Document | None = None, central: CentralPort | None = None
    ) -> None:
        """The station is there. `hear` was its listener from the first event, or becomes it by `listen`."""
        self._port = port
        self.document = document or Document(port.profile)
        self.central = central
        self._look(always=True)
        self._statuses = {one["id"]: str(one["status"]) for one in self.info.get("connectors", ())}
        self.refresh()

    def listen(self) -> None:
        """Hear the station's events from now on, where nobody passes them to `hear`."""
        self._unsubscribe = self.port.subscribe(self.hear)

    def detach(self) -> None:
        """The station is gone; the past stays to be looked at."""
        if self._unsubscribe is not None:
            self._unsubscribe()
            self._unsubscribe = None
        self.pump.stop()

    @property
    def port(self) -> StationPort:
        """The station. Raises CommandRefused while there is none."""
        if self._port is None:
            raise RuntimeError("the session has no station yet")
        return self._port

    @property
    def attached(self) -> bool:
        """Whether there is a station."""
        return self._port is not None

    @property
    def identity(self) -> str:
        """The charge point id."""
        return self.port.identity

    # --- what happens ---

    def hear(self, event: e.AnyEvent) -> None:
        """An event; it waits for the next frame."""
        self._waiting.append(event)
        self.pump.happened()

    def acted(self) -> None:
        """Somebody acted at the station; not everything that changes by it is an event."""
        self._acted = True
        self.pump.happened()

    def refresh(self) -> None:
        """A frame: take in what waited, look at the station, tell the views."""
        if self._port is None:
            return
        events, self._waiting = self._waiting, []
        acted, self._acted = self._acted, False
        self._look(always=bool(events) or acted or not self.info)
        changes = self._take_in(events)
        if acted:
            changes.kinds.add("act")
            changes.connectors.add(0)
        flowing = any(reading.milliwatts for reading in self.readings.values())
        self.pump.wish("flow", FLOWING_MS if flowing else None)
        self.changed.emit(changes)

    def _look(self, *, always: bool) -> None:
        """Read state and live values; while the station restarts there are none, and the last ones stay."""
        try:
            if always:
                self.info = self.port.info()
            self.readings = {reading.connector: reading for reading in self.port.readings()}
        except CommandRefused:
            return
        for number, reading in self.readings.items():
            self.history(number).put(reading, offering="transaction" in self.connector(number))

    def _take_in(self, events: list[e.AnyEvent]) -> Changes:
        changes = Changes()
        frames: list[e.FrameEvent] = []
        for event in events:
            changes.kinds.add(str(event.__struct_config__.tag))
            changes.connectors.add(event.connector or 0)
            if isinstance(event, e.FrameEvent):
                frames.append(event)
            changes.lines += self._event_lines.of(event)
            self._flag(event)
        if frames:
            self.log.append(frames)
        if changes.lines:
            self.lines += changes.lines
            if len(self.lines) > MOST_LINES:
                del self.lines[: MOST_LINES // 10]
        return changes

    def _flag(self, event: e.AnyEvent) -> None:
        """Mark on the curves what may bend them."""
        match event:
            case e.FrameEvent(direction="in", type="call") if event.action not in CALLS_WITHOUT_FLAG:
                payload = payload_of(event.text, 3)
                number = payload.get("connectorId", event.connector)
                self._put_flag(event, number, flag_text(event.action, payload), "accent")
            case e.FaultEvent():
                name = event.what if event.error_code == "NoError" else event.error_code
                text = name if event.active else f"{name} ✓"
                self._put_flag(event, event.connector, text, "bad" if event.active else "good")
            case e.StatusEvent(by_hand=False) if event.connector:
                before = self._statuses.get(event.connector)
                self._statuses[event.connector] = event.status
                if before != event.status:
                    self._put_flag(event, event.connector, event.status, look(event.status).ink)

    def _put_flag(self, event: e.AnyEvent, number: object, text: str, ink: str) -> None:
        numbers = [number] if isinstance(number, int) and number > 0 else list(self.histories)
        for each in numbers:
            if each in self.histories:
                self.histories[each].flag(event.time, text, ink)

    # --- what is known ---

    def history(self, connector: int) -> "History":
        """The past of a connector."""
        if connector not in self.histories:
            from desktop_sim.ui.history import History  # brings numpy, which the first picture can do without

            self.histories[connector] = History()
        return self.histories[connector]

    def connector(self, number: int) -> dict[str, Any]:
        """What `info` says of a connector; empty if there is none."""
        return next((one for one in self.info.get("connectors", ()) if one["id"] == number), {})

    @property
    def connectors(self) -> list[int]:
        """The numbers of the connectors."""
        return [one["id"] for one in self.info.get("connectors", ())]

    @property
    def sim(self) -> int:
        """The simulated instant of the last look."""
        reading = next(iter(self.readings.values()), None)
        return reading.sim if reading else int(self.info.get("clock", {}).get("now", 0))

    @property
    def link_state(self) -> str:
        """connecting, up, down or offline."""
        return str(self.info.get("link", {}).get("state", "offline"))

    @property
    def registered(self) -> bool:
        """Whether the central system accepted the station."""
        return str(self.info.get("registration", {}).get("status")) == "Accepted"

    @property
    def powered(self) -> bool:
        """Whether the mains is there."""
        return str(self.info.get("power", "on")) != "off"

    @property
    def emergency(self) -> bool:
        """Whether the red button is pressed."""
        return any(one.get("info") == "emergency stop" for one in self.info.get("connectors", ()))


def flag_text(action: str, payload: dict[str, Any]) -> str:
    """A call of the central system, short enough for a flag."""
    if action == "SetChargingProfile":
        profile = payload.get("csChargingProfiles", {})
        schedule = profile.get("chargingSchedule", {}) if isinstance(profile, dict) else {}
        periods = schedule.get("chargingSchedulePeriod", [{}])
        limit = periods[0].get("limit", "") if periods and isinstance(periods[0], dict) else ""
        return f"{action} {limit} {schedule.get('chargingRateUnit', '')}".rstrip()
    if action in ("RemoteStartTransaction", "RemoteStopTransaction"):
        return action.removesuffix("Transaction")
    if action == "ChangeConfiguration":
        return f"{payload.get('key', '')} = {payload.get('value', '')}"
    return action if payload else call_line(action, {}).split(" ")[0]
