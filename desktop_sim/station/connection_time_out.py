"""ConnectionTimeOut: nobody stays in Preparing, or waits for a plug, for ever (CORE-TX-6, CORE-AUTH-13, B1, B6)."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from desktop_sim.protocol.types import ChargePointStatus
from desktop_sim.station.configuration import Configuration
from desktop_sim.station.connectors import Connector, Connectors
from desktop_sim.station.events import AuthorizationEvent
from desktop_sim.station.kernel import Kernel
from desktop_sim.station.switches import Switches
from desktop_sim.station.timers import Timer
from desktop_sim.station.turn import SECOND


@dataclass(slots=True)
class Wait:
    """Something that is waited for: since when (simulated µs), and what to do when that was too long."""

    since: int
    too_long: Callable[[], None]
    timer: Timer | None = None


class ConnectionTimeOut:
    """Counts from entering Preparing; what is still missing then is waited for no longer."""

    def __init__(
        self, kernel: Kernel, connectors: Connectors, configuration: Configuration, switches: Switches
    ) -> None:
        self._kernel = kernel
        self._connectors = connectors
        self._configuration = configuration
        self._switches = switches
        self._waits: dict[int, Wait] = {}
        configuration.on_change("ConnectionTimeOut", self._recount)

    def power_up(self) -> None:
        """A boot: timers are gone."""
        self._waits.clear()

    def refresh(self) -> None:
        """Start counting for those that entered Preparing, stop for those that left."""
        for connector in self._connectors:
            preparing = connector.status is ChargePointStatus.Preparing
            if preparing and connector.id not in self._waits:
                self.begin(connector.id, partial(self._over, connector))
            elif not preparing:
                self.end(connector.id)

    def restart(self, connector: Connector) -> None:
        """Count anew, as for a repeated RemoteStartTransaction (CORE-RSTART-11)."""
        self.end(connector.id)
        self.refresh()

    def begin(self, number: int, too_long: Callable[[], None]) -> None:
        """Wait for a connector (0: for any plug), and do `too_long` when that was in vain."""
        self.end(number)
        self._waits[number] = Wait(self._kernel.now.sim, too_long)
        self._arm(self._waits[number])

    def end(self, number: int) -> None:
        """It came, or is waited for no longer."""
        wait = self._waits.pop(number, None)
        if wait and wait.timer:
            wait.timer.cancel()

    def _arm(self, wait: Wait) -> None:
        if wait.timer:
            wait.timer.cancel()
        seconds = self._configuration.number("ConnectionTimeOut")
        due = max(wait.since + seconds * SECOND, self._kernel.now.sim)
        wait.timer = self._kernel.at(due, wait.too_long) if seconds else None

    def _recount(self) -> None:
        """Another ConnectionTimeOut counts at once, also for those that wait already."""
        for wait in self._waits.values():
            if wait.timer is None or wait.timer.live:
                self._arm(wait)

    def _over(self, connector: Connector) -> None:
        if connector.grant:
            self._kernel.emit(
                AuthorizationEvent,
                connector=connector.id,
                what="expired",
                id_tag=connector.grant.tag.id_tag,
                source="ConnectionTimeOut",
            )
            connector.grant = None
        left_in = connector.cable_in and connector.reservation is None
        if left_in and self._switches["SW-PREPARING-TIMEOUT"] == "finishing":
            connector.world.finishing = True
            self._connectors.keep_world(connector)
