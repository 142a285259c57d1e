"""StatusNotification: every change of status or error is told, none is invented (CONFORMANCE A.9).

The computed status comes from `status.status_of`; a status reported by hand is an overlay that ends when the computed
one changes.
"""

from dataclasses import dataclass, field

import msgspec
from msgspec import UNSET

from desktop_sim.protocol.core import StatusNotificationRequest
from desktop_sim.protocol.types import ChargePointErrorCode, ChargePointStatus
from desktop_sim.station.configuration import Configuration
from desktop_sim.station.connectors import Connector, Connectors, Fault
from desktop_sim.station.events import StatusEvent
from desktop_sim.station.kernel import Kernel
from desktop_sim.station.registration import Registration
from desktop_sim.station.rpc import Answer, Failed, Rpc
from desktop_sim.station.status import Facts, path, status_of
from desktop_sim.station.switches import Switches
from desktop_sim.station.timers import Timer

EV_GONE = "EV side disconnected"
_EV_ERROR_STATES = frozenset(
    {
        ChargePointStatus.Preparing,
        ChargePointStatus.SuspendedEV,
        ChargePointStatus.SuspendedEVSE,
        ChargePointStatus.Finishing,
    }
)


class Shown(msgspec.Struct, frozen=True):
    """What a StatusNotification says, its time left out."""

    status: ChargePointStatus
    error_code: ChargePointErrorCode = ChargePointErrorCode.NoError
    info: str = ""
    vendor_error_code: str = ""


@dataclass(slots=True)
class Line:
    """One connector id's status: what holds, since when (simulated µs), and what was last told.

    `overlay` is a status reported by hand at `overlaid`.
    """

    number: int
    shown: Shown = field(default_factory=lambda: Shown(ChargePointStatus.Available))
    since: int = 0
    told: Shown | None = None
    overlay: ChargePointStatus | None = None
    overlaid: int = 0
    delay: Timer | None = None


class Statuses:
    """The statuses of connector 0 and of all connectors."""

    def __init__(
        self,
        kernel: Kernel,
        connectors: Connectors,
        rpc: Rpc,
        registration: Registration,
        configuration: Configuration,
        switches: Switches,
        vendor_id: str,
    ) -> None:
        self._kernel = kernel
        self._connectors = connectors
        self._rpc = rpc
        self._registration = registration
        self._configuration = configuration
        self._switches = switches
        self._vendor_id = vendor_id
        self._lines = {number: Line(number) for number in range(len(connectors) + 1)}

    # --- what happens ---

    def power_up(self) -> None:
        """A boot: nothing has been told yet, overlays are gone; statuses are computed afresh, without history."""
        for number, line in self._lines.items():
            line.told = line.overlay = line.delay = None
            line.shown = self._compute(number)
            line.since = self._kernel.now.sim
            self._announce(line)

    def refresh(self) -> None:
        """Compute all statuses anew and tell what changed; called at the end of every input."""
        for line in self._lines.values():
            for step in self._steps(line, self._compute(line.number)):
                self._enter(line, step)
                self._tell_when_it_lasts(line)

    def report_all(self) -> None:
        """After Accepted: connector 0 and every connector, also if unchanged (CORE-BOOT-6)."""
        for line in self._lines.values():
            for step in self._steps(line, self._compute(line.number)):
                self._enter(line, step)
            self._tell(line)

    def report_changed(self) -> None:
        """After a reconnect: those that changed while offline and last, no history (CORE-STAT-3)."""
        everything = self._switches.is_on("SW-STATUS-ALL-ON-RECONNECT")
        for line in self._lines.values():
            lasts = line.delay is None or not line.delay.live
            if everything or (lasts and line.told != line.shown):
                self._tell(line)

    def report(self, number: int, *, triggered: bool = False) -> None:
        """Tell one status again (TriggerMessage, RT-3)."""
        self._tell(self._lines[number], triggered=triggered)

    def report_by_hand(self, number: int, status: ChargePointStatus) -> None:
        """Send a status that need not be true, and keep saying so until the computed one changes (DESIGN § 6)."""
        line = self._lines[number]
        line.overlay, line.overlaid = status, self._kernel.now.sim
        line.told = None
        self._kernel.emit(StatusEvent, connector=number, status=status.value, by_hand=True)
        self._tell_if_open(line)

    def tell_error(self, number: int, error_code: ChargePointErrorCode, info: str) -> None:
        """Tell an error that is an event and no state, once; the status stays as it is (CORE-STAT-6, CORE-OFF-6)."""
        if self._rpc.open:
            line = self._lines[number]
            passing = Shown(line.overlay or line.shown.status, error_code, info)
            self._rpc.call(self._request(line, passing, since=self._kernel.now.sim))

    # --- what holds ---

    def shown(self, number: int) -> Shown:
        """The computed status with its error."""
        return self._lines[number].shown

    def overlay(self, number: int) -> ChargePointStatus | None:
        """The status reported by hand, as long as it stands."""
        return self._lines[number].overlay

    def facts(self, connector: Connector) -> Facts:
        """All that decides a connector's status now."""
        outlet = connector.outlet
        held_back = self._switches.is_on("SW-UNAVAILABLE-UNTIL-ACCEPTED") and not self._registration.ever
        return Facts(
            faulted=connector.faulted or self._connectors.premises.emergency,
            operative=connector.operative and not held_back and not self._connectors.updating,
            transaction=connector.transaction is not None,
            offered=outlet.offered_milliamps > 0,
            wanted=outlet.wants_energy,
            cable=(connector.cable_in or connector.world.vehicle_end) and connector.reservation is None,
            finishing=connector.world.finishing,
            authorized=connector.grant is not None,
            reserved=connector.reservation is not None,
        )

    # --- inside ---

    def _compute(self, number: int) -> Shown:
        if number == 0:
            return self._compute_station()
        connector = self._connectors.get(number)
        assert connector is not None
        status = status_of(self.facts(connector))
        connector.status = status
        return self._with_error(status, connector)

    def _compute_station(self) -> Shown:
        premises = self._connectors.premises
        if premises.emergency:
            return Shown(ChargePointStatus.Faulted, ChargePointErrorCode.OtherError, "emergency stop")
        operative = self._connectors.station_operative
        status = ChargePointStatus.Available if operative else ChargePointStatus.Unavailable
        if premises.fault:
            status = ChargePointStatus.Faulted
        return _described(status, premises.fault or premises.warning)

    def _with_error(self, status: ChargePointStatus, connector: Connector) -> Shown:
        world = connector.world
        if self._connectors.premises.emergency and not connector.faulted:
            return Shown(status, ChargePointErrorCode.OtherError, "emergency stop")
        fault = world.fault or world.warning
        if (
            fault
            and fault.error_code is ChargePointErrorCode.EVCommunicationError
            and status not in _EV_ERROR_STATES
        ):
            fault = None
        if fault:
            return _described(status, fault)
        parted = status is ChargePointStatus.SuspendedEV or (world.finishing and world.ended_at_car)
        return Shown(status, info=EV_GONE if parted and not world.vehicle_end else "")

    def _steps(self, line: Line, shown: Shown) -> list[Shown]:
        """The way from what a line shows to what it is to show; empty if that is the same (STM-2)."""
        if shown == line.shown:
            return []
        way = path(line.shown.status, shown.status)[:-1] if line.number else ()
        return [*(Shown(status) for status in way), shown]

    def _enter(self, line: Line, shown: Shown) -> None:
        if shown.status is not line.shown.status:
            line.overlay = None
        line.shown = shown
        line.since = self._kernel.now.sim
        self._announce(line)

    def _tell_when_it_lasts(self, line: Line) -> None:
        """At once, or when the status has held for MinimumStatusDuration (CORE-STAT-1, STM-4)."""
        seconds = self._configuration.number("MinimumStatusDuration")
        if line.delay:
            line.delay.cancel()
        if seconds == 0:
            self._tell_if_open(line)
        else:
            line.delay = self._kernel.after(seconds, lambda: self._tell_if_news(line))

    def _announce(self, line: Line) -> None:
        shown = line.shown
        self._kernel.emit(
            StatusEvent,
            connector=line.number,
            status=shown.status.value,
            error_code=shown.error_code.value,
            info=shown.info,
            vendor_error_code=shown.vendor_error_code,
        )

    def _tell_if_news(self, line: Line) -> None:
        if line.told != line.shown:
            self._tell_if_open(line)

    def _tell_if_open(self, line: Line) -> None:
        if self._rpc.open:
            self._tell(line)

    def _tell(self, line: Line, *, triggered: bool = False) -> None:
        shown = line.shown
        line.told = shown

        def on_answer(answer: Answer) -> None:
            if isinstance(answer, Failed) and answer.why == "lost":
                line.told = None

        request = self._request(line, shown)
        if line.overlay:
            request = self._request(line, Shown(line.overlay), since=line.overlaid)
        self._rpc.call(request, on_answer, always=triggered)

    def _request(self, line: Line, shown: Shown, since: int | None = None) -> StatusNotificationRequest:
        code = shown.vendor_error_code
        since = line.since if since is None else since
        return StatusNotificationRequest(
            connector_id=line.number,
            error_code=shown.error_code,
            status=shown.status,
            timestamp=self._kernel.timestamp(since + self._kernel.offset),
            info=shown.info[:50] or UNSET,
            vendor_id=self._vendor_id or UNSET if code else UNSET,
            vendor_error_code=code[:50] or UNSET,
        )


def _described(status: ChargePointStatus, fault: Fault | None) -> Shown:
    return Shown(status, fault.error_code, fault.info, fault.vendor_error_code) if fault else Shown(status)
