"""Starting and stopping transactions, and what the central system says to them (CONFORMANCE A.7, CORE-OFF-3)."""

from collections.abc import Callable

from msgspec import UNSET

from desktop_sim.physics.battery import NANOJOULES_PER_WH
from desktop_sim.protocol.core import (
    StartTransactionRequest,
    StartTransactionResponse,
    StopTransactionRequest,
    StopTransactionResponse,
)
from desktop_sim.protocol.types import AuthorizationStatus, Reason
from desktop_sim.station.authorization import Authorization
from desktop_sim.station.cable import LOCK_FAILURE, Cable
from desktop_sim.station.configuration import Configuration
from desktop_sim.station.connectors import Connector, Connectors, Grant, Tag, Transaction, World
from desktop_sim.station.events import AuthorizationEvent, TransactionEvent
from desktop_sim.station.kernel import Kernel
from desktop_sim.station.metering import Metering
from desktop_sim.station.outbox import UNKNOWN, Outbox
from desktop_sim.station.reservation import Reservations
from desktop_sim.station.timers import Timer


class Transactions:
    """The transactions of a station, one a connector (CORE-TX-8).

    Attributes:
        busy: says whether the station has no power or is about to restart, so that nothing may start.
    """

    def __init__(
        self,
        kernel: Kernel,
        connectors: Connectors,
        configuration: Configuration,
        outbox: Outbox,
        metering: Metering,
        cable: Cable,
        authorization: Authorization,
        reservations: Reservations,
    ) -> None:
        self._kernel = kernel
        self._connectors = connectors
        self._configuration = configuration
        self._outbox = outbox
        self._metering = metering
        self._cable = cable
        self._authorization = authorization
        self._reservations = reservations
        self._counter: int = kernel.load("counter", "transaction", int, 0)
        self._tags: dict[str, str] = kernel.load_all("stop tag", str)
        self._alarms: dict[int, Timer] = {}
        self._orphans: list[Transaction] = []
        self.busy: Callable[[], bool] = _never
        outbox.on_started = self._on_start_answered
        outbox.on_start_lost = self._on_start_lost
        outbox.on_stopped = self._on_stop_answered
        for key, transaction in kernel.load_all("transaction", Transaction).items():
            connector = connectors.get(int(key))
            if connector:
                connector.transaction = transaction
            else:
                self._orphans.append(transaction)

    # --- starting ---

    def is_free(self, connector: Connector) -> bool:
        """Whether somebody may be granted this connector (CORE-TX-8, CORE-AVAIL-11, CORE-PWR-5)."""
        taken = connector.transaction is not None or connector.grant is not None
        broken = connector.faulted or self._connectors.premises.emergency
        in_service = connector.operative and not self._connectors.updating
        return not taken and not broken and in_service and not self.busy()

    def grant(self, connector: Connector, grant: Grant) -> None:
        """The connector, which is free, may charge for this tag: now, or when the plug comes."""
        connector.grant = grant
        connector.world.forget_end()
        self.start_if_ready(connector)

    def start_if_ready(self, connector: Connector) -> None:
        """Begin if all preconditions are met (CORE-TX-1)."""
        if connector.grant and connector.connected and not self.busy():
            self._begin(connector)

    def _begin(self, connector: Connector) -> None:
        grant = connector.grant
        assert grant is not None
        connector.grant = None
        connector.starting_profile = grant.charging_profile
        if not self._cable.lock(connector):
            connector.world.fault = LOCK_FAILURE
            self._connectors.keep_world(connector)
            self._kernel.emit(
                AuthorizationEvent,
                connector=connector.id,
                what="refused",
                id_tag=grant.tag.id_tag,
                source="cable lock",
            )
            return
        reservation_id = self._reservations.use(connector, grant.tag)
        self._counter += 1
        self._kernel.store("counter", "transaction", self._counter)
        outlet = connector.outlet
        transaction = Transaction(
            local_id=f"{self._counter:08d}",
            connector=connector.id,
            tag=grant.tag,
            started=self._kernel.now.sim,
            timestamp=self._kernel.station_time,
            meter_start=outlet.register_wh,
            reservation_id=reservation_id,
        )
        connector.transaction = transaction
        connector.world.held_for = None
        self._keep(transaction)
        self._connectors.keep_world(connector)
        self._announce_start(connector, transaction)
        self._outbox.add(
            StartTransactionRequest(
                connector_id=connector.id,
                id_tag=grant.tag.id_tag,
                meter_start=transaction.meter_start,
                timestamp=self._kernel.timestamp(transaction.timestamp),
                reservation_id=UNSET if reservation_id is None else reservation_id,
            ),
            transaction.local_id,
        )
        self._metering.begin(connector)

    def _announce_start(self, connector: Connector, transaction: Transaction) -> None:
        outlet = connector.outlet
        amperes = min(outlet.limit_milliamps.values()) / 1000
        volts = max(outlet.millivolts) / 1000
        lines = min(connector.vehicle.ac_phases, len(outlet.millivolts))
        self._kernel.emit(
            TransactionEvent,
            connector=connector.id,
            what="started",
            local_id=transaction.local_id,
            id_tag=transaction.tag.id_tag,
            meter_wh=transaction.meter_start,
            amperes=amperes,
            volts=volts,
            watts=amperes * volts * lines,
        )

    # --- stopping ---

    def stop(
        self,
        connector: Connector,
        reason: Reason,
        id_tag: str | None = None,
        *,
        reported: Reason | None = None,
        timestamp: int | None = None,
    ) -> None:
        """End the running transaction.

        `reported` is told instead of the reason; `timestamp` (station time, µs): when it was last known to run.
        """
        transaction = connector.transaction
        if transaction is None:
            return
        outlet = connector.outlet
        outlet.open_contactor(self._kernel.now.sim)
        stop_at = max(transaction.meter_start, outlet.register_wh)
        stamp = self._kernel.timestamp(timestamp)
        data = self._metering.end(connector, stamp)
        told = reported or reason
        connector.transaction = None
        self._kernel.forget("transaction", str(connector.id))
        world = connector.world
        world.finishing, world.last_tag = connector.cable_in, transaction.tag.id_tag
        world.ended_at_car = reason is Reason.EVDisconnected
        self._kernel.emit(
            TransactionEvent,
            connector=connector.id,
            what="stopped",
            local_id=transaction.local_id,
            id_tag=transaction.tag.id_tag,
            transaction_id=transaction.transaction_id,
            meter_wh=stop_at,
            energy_wh=stop_at - transaction.meter_start,
            reason=told.value,
        )
        self._outbox.add(
            StopTransactionRequest(
                transaction_id=0,
                meter_stop=stop_at,
                timestamp=stamp,
                id_tag=id_tag or UNSET,
                reason=told,
                transaction_data=data or UNSET,
            ),
            transaction.local_id,
        )
        self._remember_stop_tag(transaction, id_tag)
        self._release_lock(connector, reason, transaction.tag)
        self._connectors.keep_world(connector)

    def _release_lock(self, connector: Connector, reason: Reason, tag: Tag) -> None:
        """After a normal end the cable is free (CORE-STOP-4); not so after DeAuthorized, or at the car's end alone."""
        unlock_at_car = self._configuration.flag("UnlockConnectorOnEVSideDisconnect")
        if connector.profile.fixed_cable:
            return
        if reason is Reason.DeAuthorized or (reason is Reason.EVDisconnected and not unlock_at_car):
            self._cable.hold(connector, tag)
        else:
            self._cable.unlock(connector)

    def recover(self, *, resume: bool) -> None:
        """After a loss of power: end the open transactions as last known, or go on (CORE-PWR-2, CORE-PWR-3)."""
        while self._orphans:
            self._end_orphan(self._orphans.pop())
        for connector in self._connectors:
            if connector.transaction is None:
                if connector.world.locked and connector.world.held_for is None:
                    self._cable.unlock(connector)
                continue
            anchor = connector.world.anchor
            last = (anchor.instant if anchor else connector.transaction.started) + self._kernel.offset
            if resume and connector.connected:
                self._metering.bridge(connector, last)
                self._metering.resume(connector)
            else:
                self.stop(connector, Reason.PowerLoss, timestamp=last)

    def _end_orphan(self, transaction: Transaction) -> None:
        """The profile has lost the connector it ran on; the central system still has to know."""
        key = str(transaction.connector)
        world: World = self._kernel.load("world", key, World, World())
        register = world.anchor.register[0] if world.anchor else 0
        last = world.anchor.instant if world.anchor else transaction.started
        self._kernel.forget("transaction", key)
        self._outbox.add(
            StopTransactionRequest(
                transaction_id=0,
                meter_stop=max(transaction.meter_start, register),
                timestamp=self._kernel.timestamp(last + self._kernel.offset),
                reason=Reason.PowerLoss,
            ),
            transaction.local_id,
        )

    # --- what the central system says ---

    def _on_start_answered(self, local_id: str, id_tag: str, response: StartTransactionResponse) -> None:
        self._authorization.learn(id_tag, response.id_tag_info)
        connector = self._where(local_id)
        if connector is None or connector.transaction is None:
            return
        transaction = connector.transaction
        transaction.transaction_id = response.transaction_id
        accepted = response.id_tag_info.status is AuthorizationStatus.Accepted
        parent = response.id_tag_info.parent_id_tag
        if parent is not UNSET and parent:
            transaction.tag = Tag(id_tag=transaction.tag.id_tag, parent=parent)
        self._keep(transaction)
        self._kernel.emit(
            TransactionEvent,
            connector=connector.id,
            what="confirmed" if accepted else "refused",
            local_id=local_id,
            id_tag=transaction.tag.id_tag,
            transaction_id=response.transaction_id,
            reason="" if accepted else response.id_tag_info.status.value,
        )
        if not accepted:
            transaction.refused_at = connector.outlet.register_wh
            self._keep(transaction)

    def refresh(self) -> None:
        """A refused tag: stop, or stop delivering, perhaps after some energy (CORE-OFF-3, CORE-OFF-4)."""
        for connector in self._connectors:
            transaction = connector.transaction
            if transaction and transaction.refused_at is not None and not transaction.suspended:
                self._limit_energy(connector, transaction, transaction.refused_at)

    def _limit_energy(self, connector: Connector, transaction: Transaction, refused_at: int) -> None:
        outlet = connector.outlet
        allowed = 0
        if self._configuration.has("MaxEnergyOnInvalidId"):
            allowed = self._configuration.number("MaxEnergyOnInvalidId")
        left = (refused_at + allowed) * NANOJOULES_PER_WH - outlet.register_nanojoules
        if left > 0:
            self._look_again(connector, left)
        elif self._configuration.flag("StopTransactionOnInvalidId"):
            self.stop(connector, Reason.DeAuthorized)
        else:
            transaction.suspended = True
            self._keep(transaction)

    def _look_again(self, connector: Connector, left_nanojoules: int) -> None:
        """Come back when the rest has been delivered at the present power; every change of power looks anew."""
        alarm = self._alarms.pop(connector.id, None)
        if alarm:
            alarm.cancel()
        power = connector.outlet.milliwatts
        if power:
            due = self._kernel.now.sim + -(-left_nanojoules // power)
            self._alarms[connector.id] = self._kernel.at(due, _look)

    def _on_start_lost(self, local_id: str) -> None:
        """The central system will never name this transaction (CORE-TXQ-9)."""
        connector = self._where(local_id)
        if connector and connector.transaction:
            connector.transaction.transaction_id = UNKNOWN
            self._keep(connector.transaction)

    def _where(self, local_id: str) -> Connector | None:
        """The connector at which a transaction runs."""
        running = (c for c in self._connectors if c.transaction and c.transaction.local_id == local_id)
        return next(running, None)

    def _on_stop_answered(self, local_id: str, response: StopTransactionResponse | None) -> None:
        """The answer can only update the cache (CORE-STOP-5, CORE-CACHE-8)."""
        tag = self._tags.pop(local_id, None)
        self._kernel.forget("stop tag", local_id)
        if tag and response and response.id_tag_info is not UNSET:
            self._authorization.learn(tag, response.id_tag_info)

    def _remember_stop_tag(self, transaction: Transaction, id_tag: str | None) -> None:
        tag = id_tag or transaction.tag.id_tag
        self._tags[transaction.local_id] = tag
        self._kernel.store("stop tag", transaction.local_id, tag)

    def _keep(self, transaction: Transaction) -> None:
        self._kernel.store("transaction", str(transaction.connector), transaction)


def _look() -> None:
    """Whatever time fires, everything that depends on the facts is looked at afterwards."""


def _never() -> bool:
    return False
