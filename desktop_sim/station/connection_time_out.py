"""ConnectionTimeOut: a connector does not stay in Preparing for ever (CORE-TX-6, B1, B6)."""

from desktop_sim.protocol.types import ChargePointStatus
from desktop_sim.station.configuration import Configuration
from desktop_sim.station.connectors import Connector, Connectors
from desktop_sim.station.events import AuthorizationEvent
from desktop_sim.station.kernel import Kernel
from desktop_sim.station.switches import Switches
from desktop_sim.station.timers import Timer


class ConnectionTimeOut:
    """Counts from entering Preparing; what is still missing then is waited for no longer."""

    def __init__(
        self, kernel: Kernel, connectors: Connectors, configuration: Configuration, switches: Switches
    ) -> None:
        self._kernel = kernel
        self._connectors = connectors
        self._configuration = configuration
        self._switches = switches
        self._timers: dict[int, Timer] = {}

    def power_up(self) -> None:
        """A boot: timers are gone."""
        self._timers.clear()

    def refresh(self) -> None:
        """Start counting for those that entered Preparing, stop for those that left."""
        for connector in self._connectors:
            preparing = connector.status is ChargePointStatus.Preparing
            if preparing and connector.id not in self._timers:
                self._start(connector)
            elif not preparing and connector.id in self._timers:
                self._timers.pop(connector.id).cancel()

    def restart(self, connector: Connector) -> None:
        """Count anew, as for a repeated RemoteStartTransaction (CORE-RSTART-11)."""
        timer = self._timers.pop(connector.id, None)
        if timer:
            timer.cancel()
            self._start(connector)

    def _start(self, connector: Connector) -> None:
        seconds = self._configuration.number("ConnectionTimeOut")
        if seconds:
            self._timers[connector.id] = self._kernel.after(seconds, lambda: self._over(connector))

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
        if connector.cable_in and self._switches["SW-PREPARING-TIMEOUT"] == "finishing":
            connector.world.finishing = True
            self._connectors.keep_world(connector)
