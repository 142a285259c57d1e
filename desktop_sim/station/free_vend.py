"""Charging without authorization: plug in and it starts (SW-FREE-VEND, transitions A3–A5 and H3–H5)."""

from desktop_sim.station.authorization import Authorization
from desktop_sim.station.connectors import Connectors, Grant, Tag
from desktop_sim.station.reservation import Reservations
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
        reservations: Reservations,
    ) -> None:
        self._connectors = connectors
        self._switches = switches
        self._authorization = authorization
        self._transactions = transactions
        self._reservations = reservations

    def refresh(self) -> None:
        """Start wherever a car is connected and nothing forbids it."""
        id_tag = self._switches["SW-FREE-VEND"]
        if id_tag == "off" or not self._authorization.charging_allowed:
            return
        tag = Tag(id_tag=id_tag)
        for connector in self._connectors:
            waits = connector.connected and not connector.world.finishing
            if waits and self._transactions.is_free(connector) and self._reservations.admits(connector, tag):
                self._transactions.grant(connector, Grant(tag))
