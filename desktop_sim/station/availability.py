"""ChangeAvailability: at once, or when the connector gets free (CORE-AVAIL)."""

from desktop_sim.protocol.core import ChangeAvailabilityRequest, ChangeAvailabilityResponse
from desktop_sim.protocol.types import AvailabilityStatus, AvailabilityType
from desktop_sim.station.connectors import Connector, Connectors
from desktop_sim.station.kernel import Kernel


class Availability:
    """Whether each connector, and the station, may be used."""

    def __init__(self, kernel: Kernel, connectors: Connectors) -> None:
        self._kernel = kernel
        self._connectors = connectors

    def on_change_availability(self, request: ChangeAvailabilityRequest) -> ChangeAvailabilityResponse:
        """Answer ChangeAvailability; the change itself follows the answer."""
        operative = request.type is AvailabilityType.Operative
        if request.connector_id == 0:
            scheduled = self._change_station(operative)
        else:
            connector = self._connectors.get(request.connector_id)
            if connector is None:
                return ChangeAvailabilityResponse(status=AvailabilityStatus.Rejected)
            scheduled = self._change(connector, operative)
        return ChangeAvailabilityResponse(
            status=AvailabilityStatus.Scheduled if scheduled else AvailabilityStatus.Accepted
        )

    def refresh(self) -> None:
        """Do what was scheduled for connectors that have become free (CORE-AVAIL-2)."""
        station = self._connectors
        for connector in station:
            if connector.scheduled is not None and not self._busy(connector):
                self._set(connector, connector.scheduled)
        if station.station_scheduled is not None and all(c.scheduled is None for c in station):
            station.station_operative, station.station_scheduled = station.station_scheduled, None
            station.keep_availability(0, station.station_operative, None)

    def _change_station(self, operative: bool) -> bool:
        """Connector 0 is the station and all connectors; True if something has to wait."""
        waits = [self._change(connector, operative) for connector in self._connectors]
        station = self._connectors
        if any(waits):
            station.station_scheduled = operative
        else:
            station.station_operative, station.station_scheduled = operative, None
        station.keep_availability(0, station.station_operative, station.station_scheduled)
        return any(waits)

    def _change(self, connector: Connector, operative: bool) -> bool:
        """Change now, or when the connector is free; True if it has to wait."""
        if connector.operative == operative:
            self._set(connector, operative)
            return False
        if not operative and self._busy(connector):
            connector.scheduled = False
            self._connectors.keep_availability(connector.id, connector.operative, False)
            return True
        self._set(connector, operative)
        return False

    def _set(self, connector: Connector, operative: bool) -> None:
        connector.operative = operative
        connector.scheduled = None
        if not operative:
            connector.world.forget_end()
            self._connectors.keep_world(connector)
        self._connectors.keep_availability(connector.id, operative, None)

    def _busy(self, connector: Connector) -> bool:
        """A transaction runs, or somebody is about to start one: charging or Preparing (CORE-AVAIL-6)."""
        if connector.transaction is not None or connector.grant is not None:
            return True
        broken = connector.faulted or self._connectors.premises.emergency
        prepares = connector.cable_in and not connector.world.finishing and connector.reservation is None
        return connector.operative and prepares and not broken
