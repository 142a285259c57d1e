"""Plug and lock: both ends of the cable, and when the lock lets go (CONFORMANCE A.7, CORE-EV, CORE-UNL)."""

from collections.abc import Callable

from desktop_sim.physics.vehicle import Vehicle
from desktop_sim.protocol.types import ChargePointErrorCode
from desktop_sim.station.connectors import Connector, Connectors, Fault, Tag
from desktop_sim.station.kernel import Kernel

LOCK_FAILURE = Fault(ChargePointErrorCode.ConnectorLockFailure, "the cable lock does not work")


class Cable:
    """The cables of a station.

    Attributes:
        on_connected: a car is connected through to the station.
        on_vehicle_gone: the car's end was pulled.
    """

    def __init__(self, kernel: Kernel, connectors: Connectors) -> None:
        self._kernel = kernel
        self._connectors = connectors
        self.on_connected: Callable[[Connector], None] = _nothing
        self.on_vehicle_gone: Callable[[Connector], None] = _nothing

    def plug_in(self, connector: Connector, vehicle: Vehicle) -> None:
        """The cable goes into car and station."""
        world = connector.world
        replugged = world.finishing and not world.vehicle_end
        connector.vehicle = vehicle
        world.vehicle, world.vehicle_end = vehicle.name, True
        world.station_end = world.station_end or not connector.profile.fixed_cable
        connector.pulling = False
        if replugged and world.held_for is None:
            self._forget_end(connector)
        connector.outlet.connect_vehicle(self._kernel.now.sim, vehicle)
        connector.outlet.pause(self._kernel.now.sim, connector.car_pauses)
        self._connectors.keep_world(connector)
        self.on_connected(connector)

    def pull_at_vehicle(self, connector: Connector) -> None:
        """The car's end comes out."""
        if not connector.world.vehicle_end:
            return
        connector.world.vehicle_end = False
        connector.outlet.disconnect_vehicle(self._kernel.now.sim)
        if connector.profile.fixed_cable:
            self._forget_end(connector)
        self._connectors.keep_world(connector)
        self.on_vehicle_gone(connector)

    def pull_at_station(self, connector: Connector) -> None:
        """The station's end comes out as soon as the lock lets go."""
        if connector.profile.fixed_cable or not connector.world.station_end:
            return
        connector.pulling = True
        self._let_go(connector)

    def lock(self, connector: Connector) -> bool:
        """Lock the cable for a transaction; False if the lock does not close (CORE-UNL-6)."""
        if connector.profile.fixed_cable:
            return True
        if connector.world.lock_broken:
            return False
        connector.world.locked = True
        self._connectors.keep_world(connector)
        return True

    def unlock(self, connector: Connector) -> bool:
        """Open the lock; False if it stays closed. An open one stays open (CORE-UNL-1, CORE-STOP-4)."""
        connector.world.held_for = None
        if connector.world.locked and connector.world.lock_broken:
            connector.world.warning = LOCK_FAILURE
            self._connectors.keep_world(connector)
            return False
        connector.world.locked = False
        self._connectors.keep_world(connector)
        self._let_go(connector)
        return True

    def hold(self, connector: Connector, tag: Tag) -> None:
        """Keep the lock closed until this tag, or one of its group, is presented (CORE-OFF-3, CORE-EV-2)."""
        connector.world.held_for = tag
        self._connectors.keep_world(connector)

    def _let_go(self, connector: Connector) -> None:
        world = connector.world
        if not connector.pulling or world.locked:
            return
        connector.pulling = False
        world.station_end = False
        self._forget_end(connector)
        if world.vehicle_end:
            self.pull_at_vehicle(connector)
        self._connectors.keep_world(connector)

    def _forget_end(self, connector: Connector) -> None:
        connector.world.forget_end()
        connector.world.held_for = None


def _nothing(connector: Connector) -> None:
    """Nobody has asked to be told."""
