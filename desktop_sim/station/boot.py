"""BootNotification and Heartbeat: registration, waiting times, the clock of the central system (CONFORMANCE A.2)."""

from collections.abc import Callable

from msgspec import UNSET

from desktop_sim.protocol.core import (
    BootNotificationRequest,
    BootNotificationResponse,
    HeartbeatRequest,
    HeartbeatResponse,
)
from desktop_sim.protocol.times import has_zone, parse_time
from desktop_sim.protocol.types import RegistrationStatus
from desktop_sim.station.configuration import Configuration
from desktop_sim.station.events import RegistrationEvent
from desktop_sim.station.kernel import Kernel
from desktop_sim.station.profile import Identity
from desktop_sim.station.registration import Registration
from desktop_sim.station.rpc import Answer, Answered, Rpc
from desktop_sim.station.switches import Switches
from desktop_sim.station.timers import Timer
from desktop_sim.station.turn import SECOND

OWN_WAIT = 60.0
OWN_WAIT_CAP = 600.0
DAY = 86_400
BELIEVABLE = range(250_000_000_000 * SECOND)
"""Instants (µs) a central system's clock may show, 1970 to 9892; others could not be written on the wire."""


class Boot:
    """The registration of the station and its heartbeat.

    Attributes:
        on_accepted: called when the central system has taken the station in, after a boot.
        on_resumed: called when the link is back and the registration still holds (CORE-BOOT-11).
        on_clock: called when the offset to the central system's clock has changed.
        firmware_version: what BootNotification reports; an update changes it.
        wants_socket: False while a rejected station keeps its socket closed (SW-REJECTED-SOCKET).
    """

    def __init__(
        self,
        kernel: Kernel,
        rpc: Rpc,
        registration: Registration,
        configuration: Configuration,
        switches: Switches,
        identity: Identity,
    ) -> None:
        self._kernel = kernel
        self._rpc = rpc
        self._registration = registration
        self._configuration = configuration
        self._switches = switches
        self._identity = identity
        self.firmware_version = identity.firmware_version
        self.on_accepted: Callable[[], None] = _nothing
        self.on_resumed: Callable[[], None] = _nothing
        self.on_clock: Callable[[], None] = _nothing
        self.wants_socket = True
        self._announced: BootNotificationRequest | None = None
        self._waiting: Timer | None = None
        self._may_boot_at = 0
        self._own_wait = OWN_WAIT
        self._clock_set = False
        self._heartbeat: Timer | None = None
        self._clock_asked = kernel.now.sim
        self._asking = self._beating = False
        registration.ever = kernel.load("registration", "ever", bool, False)
        configuration.on_change("HeartbeatInterval", self._arm_heartbeat)

    # --- what happens to the station ---

    def power_up(self) -> None:
        """A (re)boot: the registration is gone, BootNotification is due (CORE-BOOT-1)."""
        self.forget()

    def forget(self) -> None:
        """The registration is gone, also when another central system is to be connected to."""
        self._registration.status = None
        self._registration.interval = 0
        self._announced = None
        self._stop_waiting()
        self._stop_heartbeat()
        self._may_boot_at = self._kernel.now.sim
        self._own_wait = OWN_WAIT
        self._asking = self._beating = False
        self.wants_socket = True
        self._kernel.emit(RegistrationEvent, status="None")

    def link_up(self) -> None:
        """The connection stands: boot, or go on where the registration still holds (CORE-BOOT-11)."""
        still_valid = self._registration.accepted and self._announced == self._request()
        if still_valid and not self._switches.is_on("SW-ALWAYS-BOOT"):
            self._arm_heartbeat()
            self.on_resumed()
        elif self._kernel.now.sim >= self._may_boot_at:
            self.send_boot()
        else:
            self._wait_until(self._may_boot_at)

    def link_down(self) -> None:
        """Nothing can be sent. A waiting time of the central system goes on, one for want of an answer is over."""
        self._asking = False
        if self._registration.status is None:
            self._own_wait = OWN_WAIT
        if self.wants_socket:
            self._stop_waiting()

    def send_boot(self, *, triggered: bool = False) -> None:
        """Send BootNotification; `triggered` also before the waiting time is over (CORE-BOOT-5)."""
        if self._asking and not triggered:
            return
        self._stop_waiting()
        self._asking = True
        request = self._request()
        self._rpc.call(request, lambda answer: self._on_boot_answer(request, answer), always=True)

    def send_heartbeat(self, *, triggered: bool = False) -> None:
        """Send Heartbeat; in Pending only a triggered one goes out (CORE-BOOT-7)."""
        self._rpc.call(HeartbeatRequest(), self._on_heartbeat_answer, always=triggered)

    def heartbeat_due(self) -> int | None:
        """When the next heartbeat goes out, simulated µs."""
        return self._heartbeat.due if self._heartbeat and self._heartbeat.live else None

    # --- BootNotification ---

    def _request(self) -> BootNotificationRequest:
        who = self._identity
        return BootNotificationRequest(
            charge_point_vendor=who.vendor,
            charge_point_model=who.model,
            charge_point_serial_number=who.charge_point_serial_number or UNSET,
            charge_box_serial_number=who.charge_box_serial_number or UNSET,
            firmware_version=self.firmware_version or UNSET,
            iccid=who.iccid or UNSET,
            imsi=who.imsi or UNSET,
            meter_serial_number=who.meter_serial_number or UNSET,
            meter_type=who.meter_type or UNSET,
        )

    def _on_boot_answer(self, request: BootNotificationRequest, answer: Answer) -> None:
        self._asking = False
        if not isinstance(answer, Answered):
            if answer.why != "lost" or self._rpc.link_is_up:
                self._kernel.log(
                    "warning", f"BootNotification: {answer.sentence}. It is repeated (CORE-BOOT-10)."
                )
                self._wait_until(max(self._own_waiting_time(), self._may_boot_at))
            return
        response = answer.response
        assert isinstance(response, BootNotificationResponse)
        self._take_time(response.current_time, booting=True)
        was_accepted = self._registration.accepted
        self._registration.status = response.status
        self._registration.interval = response.interval
        self._kernel.emit(RegistrationEvent, status=response.status.value, interval=response.interval)
        if response.status is RegistrationStatus.Accepted:
            self._accepted(request, response.interval)
            return
        if was_accepted:
            self._kernel.log("warning", f"The central system withdrew the registration: {response.status}.")
        self._stop_heartbeat()
        self._rpc.withdraw()
        if response.interval > 0:
            self._may_boot_at = self._kernel.now.sim + response.interval * SECOND
        else:
            self._may_boot_at = self._own_waiting_time()
        self._wait_until(self._may_boot_at)
        if self._registration.rejected and self._switches["SW-REJECTED-SOCKET"] == "close":
            self.wants_socket = False

    def _accepted(self, request: BootNotificationRequest, interval: int) -> None:
        self._announced = request
        self._own_wait = OWN_WAIT
        if not self._registration.ever:
            self._registration.ever = True
            self._kernel.store("registration", "ever", True)
        if interval > 0:
            self._configuration.take_over("HeartbeatInterval", str(min(interval, DAY)))
        self._arm_heartbeat()
        self.on_accepted()

    def _own_waiting_time(self) -> int:
        """Until when to wait by oneself: 60 s ± 10 %, doubled up to 10 minutes (CORE-BOOT-5, CORE-BOOT-10)."""
        jitter = 0.9 + 0.2 * self._kernel.chance(f"boot wait {self._kernel.now.sim}").uniform()
        seconds, self._own_wait = self._own_wait * jitter, min(self._own_wait * 2, OWN_WAIT_CAP)
        return self._kernel.now.sim + round(seconds * SECOND)

    def _stop_waiting(self) -> None:
        if self._waiting:
            self._waiting.cancel()
            self._waiting = None

    def _wait_until(self, sim: int) -> None:
        self._stop_waiting()
        self._waiting = self._kernel.at(sim, self._waited)

    def _waited(self) -> None:
        if not self.wants_socket:
            self.wants_socket = True
        elif self._rpc.link_is_up:
            self.send_boot()

    # --- Heartbeat ---

    def _arm_heartbeat(self) -> None:
        self._stop_heartbeat()
        if self._registration.accepted:
            self._heartbeat = self._kernel.at(self._next_heartbeat(), self._heartbeat_due)

    def _stop_heartbeat(self) -> None:
        if self._heartbeat:
            self._heartbeat.cancel()
            self._heartbeat = None

    def _next_heartbeat(self) -> int:
        """HeartbeatInterval after the last message (CORE-HB-1), at least once a day (CORE-HB-3, CORE-HB-4)."""
        daily = self._clock_asked + DAY * SECOND
        interval = self._configuration.number("HeartbeatInterval")
        if interval == 0:
            return max(daily, self._kernel.now.sim)
        anew = self._beating or self._switches.is_on("SW-STRICT-HEARTBEAT")
        since = self._kernel.now.sim if anew else self._rpc.last_sent
        return max(min(since + interval * SECOND, daily), self._kernel.now.sim)

    def _heartbeat_due(self) -> None:
        if not self._rpc.open:
            return
        due = self._next_heartbeat()
        if due > self._kernel.now.sim and not self._switches.is_on("SW-STRICT-HEARTBEAT"):
            self._heartbeat = self._kernel.at(due, self._heartbeat_due)
            return
        self._clock_asked = self._kernel.now.sim
        if not self._beating:
            self._beating = True
            self._rpc.call(HeartbeatRequest(), self._on_beat_answer)
        self._arm_heartbeat()

    def _on_beat_answer(self, answer: Answer) -> None:
        """The next Heartbeat waits for this, so that they never pile up where answers take their time."""
        self._beating = False
        self._on_heartbeat_answer(answer)
        if self._rpc.open and not self._switches.is_on("SW-STRICT-HEARTBEAT"):
            self._arm_heartbeat()

    def _on_heartbeat_answer(self, answer: Answer) -> None:
        if isinstance(answer, Answered):
            assert isinstance(answer.response, HeartbeatResponse)
            self._take_time(answer.response.current_time)

    # --- the clock ---

    def _take_time(self, text: str, *, booting: bool = False) -> None:
        """Follow the central system's clock by an offset (CORE-BOOT-4, CORE-HB-2; other rates: DESIGN § 3)."""
        self._clock_asked = self._kernel.now.sim
        instant = parse_time(text)
        if not has_zone(text):
            self._kernel.log("info", f"The central system's time {text} names no zone; it is taken as UTC.")
        if instant not in BELIEVABLE:
            self._kernel.log("warning", f"The central system's time {text} is not believed.")
            return
        offset = instant - self._kernel.now.sim
        if self._kernel.rate != 1.0 and not (booting and not self._clock_set):
            self._kernel.log(
                "debug",
                "The time of the central system is ignored: the simulated clock runs at its own rate.",
            )
            return
        self._clock_set = True
        if offset == self._kernel.offset:
            return
        correction = offset - self._kernel.offset
        self._kernel.offset = offset
        self._kernel.store("clock", "offset", offset)
        if abs(correction) > 60 * SECOND:
            self._kernel.log(
                "info", f"SettingSystemTime: the clock was corrected by {correction / SECOND:.1f} s."
            )
        self.on_clock()


def _nothing() -> None:
    """Nobody has asked to be told."""
