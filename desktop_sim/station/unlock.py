"""UnlockConnector: help for a driver whose cable is stuck (CORE-UNL)."""

from desktop_sim.protocol.core import UnlockConnectorRequest, UnlockConnectorResponse
from desktop_sim.protocol.types import Reason, UnlockStatus
from desktop_sim.station.cable import LOCK_FAILURE, Cable
from desktop_sim.station.connectors import Connector, Connectors
from desktop_sim.station.kernel import Kernel
from desktop_sim.station.switches import Switches
from desktop_sim.station.transactions import Transactions


class Unlock:
    """The cable locks, as the central system sees them."""

    def __init__(
        self,
        kernel: Kernel,
        connectors: Connectors,
        switches: Switches,
        cable: Cable,
        transactions: Transactions,
    ) -> None:
        self._kernel = kernel
        self._connectors = connectors
        self._switches = switches
        self._cable = cable
        self._transactions = transactions

    def on_unlock_connector(self, request: UnlockConnectorRequest) -> UnlockConnectorResponse:
        """The answer leaves first, then the transaction ends (CORE-UNL-2, CORE-UNL-4, CORE-UNL-5)."""
        connector = self._connectors.get(request.connector_id)
        if connector is None:
            return UnlockConnectorResponse(status=UnlockStatus.NotSupported)
        if connector.profile.fixed_cable:
            if self._switches.is_on("SW-UNLOCK-FIXED-STOPS"):
                self._kernel.afterwards(lambda: self._end(connector))
            return UnlockConnectorResponse(status=UnlockStatus.NotSupported)
        self._kernel.afterwards(lambda: self._unlock(connector))
        stuck = connector.world.lock_broken
        return UnlockConnectorResponse(status=UnlockStatus.UnlockFailed if stuck else UnlockStatus.Unlocked)

    def _unlock(self, connector: Connector) -> None:
        self._end(connector)
        self._cable.unlock(connector)
        if connector.world.lock_broken:
            connector.world.warning = LOCK_FAILURE
            self._connectors.keep_world(connector)

    def _end(self, connector: Connector) -> None:
        self._transactions.stop(connector, Reason.UnlockCommand)
