"""What the station lets flow at a connector: contactor and offer follow from the facts (DESIGN § 7)."""

from desktop_sim.physics.battery import NANOJOULES_PER_WH
from desktop_sim.station.configuration import Configuration
from desktop_sim.station.connectors import Connector, Connectors
from desktop_sim.station.events import LimitEvent, MeterEvent
from desktop_sim.station.kernel import Kernel

ANCHOR_SECONDS = 10


class Supply:
    """Opens and closes contactors, sets offers, tells changes of power, anchors the registers."""

    def __init__(self, kernel: Kernel, connectors: Connectors, configuration: Configuration) -> None:
        self._kernel = kernel
        self._connectors = connectors
        self._configuration = configuration
        self._milliwatts = {connector.id: 0 for connector in connectors}
        self._limits: dict[int, tuple[float, str]] = {}
        self._anchored = {connector.id: kernel.now.sim for connector in connectors}
        self._anchoring = False

    def power_up(self) -> None:
        """A boot: timers are gone."""
        self._anchoring = False

    def refresh(self) -> None:
        """Let what may flow flow, and no more; called whenever a fact may have changed."""
        for connector in self._connectors:
            self._offer(connector)
            self._switch(connector)
            self._tell(connector)

    def reason(self, connector: Connector) -> str:
        """What decides the offer, in words."""
        transaction = connector.transaction
        if transaction and transaction.suspended:
            return "idTag refused by the central system"
        if connector.world.evse_paused:
            return "paused by the station"
        return connector.limit.reason if connector.limit else "rating of cable and connector"

    def _switch(self, connector: Connector) -> None:
        closed = connector.energised and not self._connectors.premises.emergency
        if closed != connector.outlet.contactor_closed:
            change = connector.outlet.close_contactor if closed else connector.outlet.open_contactor
            change(self._kernel.now.sim)

    def _offer(self, connector: Connector) -> None:
        transaction = connector.transaction
        held_back = connector.world.evse_paused or (transaction is not None and transaction.suspended)
        offer = (0, None, connector.offer[2]) if held_back else self._allowed(connector)
        if offer != connector.offer:
            connector.offer = offer
            connector.outlet.offer(self._kernel.now.sim, offer[0], offer[1])
            connector.outlet.offered_phases(self._kernel.now.sim, offer[2])
        told = (connector.outlet.offered_milliamps / 1000, self.reason(connector))
        if self._limits.get(connector.id) != told:
            self._limits[connector.id] = told
            self._kernel.emit(LimitEvent, connector=connector.id, limit_a=told[0], reason=told[1])

    def _allowed(self, connector: Connector) -> tuple[int | None, int | None, int]:
        """What the charging profiles allow: mA per phase, mW, phases; these change only while nothing is switched on,
        unless the station can change them under way (ConnectorSwitch3to1PhaseSupported)."""
        limit = connector.limit
        if limit is None:
            return (None, None, 3)
        lines = 3 if limit.phases is None else limit.phases
        if connector.outlet.contactor_closed and not self._configuration.flag(
            "ConnectorSwitch3to1PhaseSupported"
        ):
            lines = connector.offer[2]
        if limit.milliwatts is not None:
            return (None, limit.milliwatts, lines)
        return (limit.milliamps if limit.decided else None, None, lines)

    def _tell(self, connector: Connector) -> None:
        """A change of power is an event and an anchor; while power flows, an anchor at least every 10 s."""
        outlet = connector.outlet
        milliwatts = outlet.milliwatts
        if milliwatts != self._milliwatts[connector.id]:
            self._milliwatts[connector.id] = milliwatts
            self._emit(connector)
            self._anchor(connector)
        if milliwatts and not self._anchoring:
            self._anchoring = True
            self._kernel.after(ANCHOR_SECONDS, self._anchor_all)

    def _emit(self, connector: Connector) -> None:
        outlet = connector.outlet
        self._kernel.emit(
            MeterEvent,
            connector=connector.id,
            milliwatts=outlet.milliwatts,
            register=outlet.register_nanojoules,
            energy_wh=outlet.register_wh,
            amperes=max(outlet.milliamps) / 1000,
            volts=max(outlet.millivolts) / 1000,
            watts=outlet.milliwatts / 1000,
            soc=outlet.soc_percent,
            transaction_id=connector.transaction.transaction_id if connector.transaction else None,
        )

    def _anchor(self, connector: Connector) -> None:
        self._anchored[connector.id] = self._kernel.now.sim
        self._connectors.keep_world(connector)

    def _anchor_all(self) -> None:
        self._anchoring = False
        due = self._kernel.now.sim - ANCHOR_SECONDS * 1_000_000
        for connector in self._connectors:
            if connector.outlet.milliwatts and self._anchored[connector.id] <= due:
                self._anchor(connector)
        flowing = [self._anchored[c.id] for c in self._connectors if c.outlet.milliwatts]
        if flowing:
            self._anchoring = True
            self._kernel.at(min(flowing) + ANCHOR_SECONDS * 1_000_000, self._anchor_all)


def session_wh(connector: Connector) -> float | None:
    """The energy of the running transaction, Wh with its fraction; None without one."""
    transaction = connector.transaction
    if transaction is None:
        return None
    return max(0.0, connector.outlet.register_nanojoules / NANOJOULES_PER_WH - transaction.meter_start)
