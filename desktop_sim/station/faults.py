"""Faults, the emergency stop, and what they do to a running transaction (CORE-STAT-5, -6, -10, -11, CORE-PWR-5)."""

from desktop_sim.protocol.types import ChargePointErrorCode as E
from desktop_sim.protocol.types import ChargePointStatus, Reason
from desktop_sim.station.cable import LOCK_FAILURE, Cable
from desktop_sim.station.commands import CommandRefused, RefusalCode
from desktop_sim.station.connectors import Connector, Connectors, Fault
from desktop_sim.station.events import FaultEvent
from desktop_sim.station.kernel import Kernel
from desktop_sim.station.switches import Switches
from desktop_sim.station.transactions import Transactions

WARNINGS = frozenset(
    {E.ReaderFailure, E.WeakSignal, E.LocalListConflict, E.ResetFailure, E.EVCommunicationError}
)
"""Errors that leave the connector in operation (CONFORMANCE B, error codes)."""

_EV_STATES = (
    ChargePointStatus.Preparing,
    ChargePointStatus.Charging,
    ChargePointStatus.SuspendedEV,
    ChargePointStatus.SuspendedEVSE,
    ChargePointStatus.Finishing,
)


class Faults:
    """What is broken at a station."""

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

    def raise_(self, connector: Connector | None, code: E, info: str, vendor_error_code: str) -> None:
        """Something breaks at a connector, or (None) at the station as a whole. NoError clears."""
        if code is E.NoError:
            self.clear(connector)
            return
        fault = Fault(code, info, vendor_error_code)
        if code is E.EVCommunicationError:
            self._need_car(connector)
        if connector is None:
            self._raise_at_station(fault)
        else:
            self._raise_at(connector, fault)
        self._tell(connector, "fault", fault, active=True)

    def clear(self, connector: Connector | None) -> None:
        """It is repaired; what the connector shows then follows from the facts (CORE-STAT-10)."""
        place = connector.world if connector else self._connectors.premises
        fault = place.fault or place.warning
        if fault:
            place.fault = place.warning = None
            self._changed(connector)
            self._tell(connector, "fault", fault, active=False)

    def break_lock(self, connector: Connector, on: bool) -> None:
        """The cable lock breaks or is repaired; a lock that stuck then lets go of a cable nobody charges by."""
        world = connector.world
        if connector.profile.fixed_cable:
            raise CommandRefused(
                RefusalCode.REFUSED, f"Connector {connector.id} has a fixed cable and no lock."
            )
        world.lock_broken = on
        if not on:
            world.fault = None if world.fault == LOCK_FAILURE else world.fault
            world.warning = None if world.warning == LOCK_FAILURE else world.warning
            if connector.transaction is None and world.held_for is None:
                self._cable.unlock(connector)
        self._connectors.keep_world(connector)
        self._tell(connector, "lock failure", LOCK_FAILURE, active=on)

    def emergency_stop(self, on: bool, *, powered: bool) -> None:
        """The red button ends every transaction and keeps the station Faulted until it is released.

        Without power (`powered`) there is nobody to notice: the boot will find it pressed.
        """
        premises = self._connectors.premises
        if on == premises.emergency:
            state = "pressed" if on else "released"
            raise CommandRefused(RefusalCode.REFUSED, f"The emergency stop is {state} already.")
        premises.emergency = on
        self._connectors.keep_premises()
        for connector in self._connectors if on and powered else ():
            connector.grant = None
            self._transactions.stop(connector, Reason.EmergencyStop)
        self._tell(None, "emergency stop", Fault(E.OtherError, "emergency stop"), active=on)

    def note_reset(self, *, failed: bool) -> None:
        """A restart that cannot be done stands at connector 0 until one succeeds (CORE-RST-6)."""
        premises = self._connectors.premises
        if failed:
            self.raise_(None, E.ResetFailure, "", "")
        elif premises.warning and premises.warning.error_code is E.ResetFailure:
            premises.warning = None
            self._connectors.keep_premises()

    def _raise_at_station(self, fault: Fault) -> None:
        premises = self._connectors.premises
        if fault.error_code in WARNINGS:
            premises.warning = fault
        else:
            premises.fault = fault
        self._changed(None)

    def _raise_at(self, connector: Connector, fault: Fault) -> None:
        if fault.error_code in WARNINGS:
            connector.world.warning = fault
        else:
            connector.world.fault = fault
            connector.grant = None
        self._changed(connector)
        if fault.error_code.value in self._switches.items("SW-FATAL-FAULTS"):
            self._transactions.stop(connector, Reason.Other)

    def _need_car(self, connector: Connector | None) -> None:
        """Without a car nobody can fail to talk to it (CORE-STAT-5)."""
        if connector is None or connector.status not in _EV_STATES:
            where = (
                f"Connector {connector.id} is {connector.status.value}"
                if connector
                else "This is no connector"
            )
            raise CommandRefused(RefusalCode.REFUSED, f"{where}: no car talks to it. Plug in first.")

    def _changed(self, connector: Connector | None) -> None:
        """Without the pilot the car draws nothing: SuspendedEV (CORE-STAT-5)."""
        if connector is None:
            self._connectors.keep_premises()
            return
        connector.outlet.pause(self._kernel.now.sim, connector.car_pauses)
        self._connectors.keep_world(connector)

    def _tell(self, connector: Connector | None, what: str, fault: Fault, *, active: bool) -> None:
        self._kernel.emit(
            FaultEvent,
            connector=connector.id if connector else None,
            what=what,
            error_code=fault.error_code.value,
            active=active,
            info=fault.info,
        )
