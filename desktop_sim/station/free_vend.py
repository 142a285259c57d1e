"""Charging without authorization: plug in and it starts (SW-FREE-VEND, transitions A3–A5 and H3–H5)."""

from collections.abc import Callable

from desktop_sim.station.authorization import Authorization
from desktop_sim.station.connectors import Connector, Connectors, Grant, Tag
from desktop_sim.station.switches import Switches
from desktop_sim.station.transactions import Transactions


class FreeVend:
    """Grants the switch's idTag to whoever plugs in."""

    def __init__(
        self,
        connectors: Connectors,
        switches: Switches,
        authorization: Authorization,
        transactions: Transactions,
        busy: Callable[[], bool],
    ) -> None:
        self._connectors = connectors
        self._switches = switches
        self._authorization = authorization
        self._transactions = transactions
        self._busy = busy

    def refresh(self) -> None:
        """Start wherever a car is connected and nothing forbids it."""
        id_tag = self._switches["SW-FREE-VEND"]
        if id_tag == "off" or self._busy() or not self._authorization.charging_allowed:
            return
        for connector in self._connectors:
            if connector.connected and _idle(connector):
                self._transactions.grant(connector, Grant(Tag(id_tag=id_tag)))


def _idle(connector: Connector) -> bool:
    waits = connector.grant is None and connector.transaction is None and not connector.world.finishing
    return waits and connector.operative and not connector.faulted and not connector.reserved
