"""Faults, the emergency stop, and what they do to a running transaction (CORE-STAT-5, -6, -10, -11, CORE-PWR-5)."""

from desktop_sim.protocol.types import ChargePointErrorCode as E
from desktop_sim.protocol.types import ChargePointStatus, Reason
from desktop_sim.station.cable import LOCK_FAILURE
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
        self, kernel: Kernel, connectors: Connectors, switches: Switches, transactions: Transactions
    ) -> None:
        self._kernel = kernel
        self._connectors = connectors
        self._switches = switches
        self._transactions = transactions

    def raise_(self, connector: Connector | None, code: E, info: str, vendor_error_code: str) -> None:
        """Something breaks at a connector, or (None) at the station as a whole. NoError clears."""
        if code is E.NoError:
            self.clear(connector)
            return
        fault = Fault(code, info, vendor_error_code, blocking=code not in WARNINGS)
        if connector is None:
            self._raise_at_station(fault)
        else:
            self._raise_at(connector, fault)
        self._tell(connector, "fault", fault, active=True)

    def clear(self, connector: Connector | None) -> None:
        """It is repaired; what the connector shows then follows from the facts (CORE-STAT-10)."""
        if connector is None:
            fault = self._connectors.station_fault or self._connectors.station_warning
            self._connectors.station_fault = self._connectors.station_warning = None
        else:
            fault = connector.fault or connector.warning
            connector.fault = connector.warning = None
            self._let_talk(connector)
        self._tell(connector, "fault", fault or Fault(E.NoError), active=False)

    def break_lock(self, connector: Connector, on: bool) -> None:
        """The cable lock breaks or is repaired."""
        if connector.profile.fixed_cable:
            raise CommandRefused(
                RefusalCode.REFUSED, f"Connector {connector.id} has a fixed cable and no lock."
            )
        connector.world.lock_broken = on
        self._connectors.keep_world(connector)
        if not on:
            if connector.fault == LOCK_FAILURE:
                connector.fault = None
            if connector.warning == LOCK_FAILURE:
                connector.warning = None
        self._tell(connector, "lock failure", LOCK_FAILURE, active=on)

    def emergency_stop(self, on: bool) -> None:
        """The red button ends every transaction and keeps the station Faulted until it is released."""
        if on == self._connectors.emergency:
            state = "pressed" if on else "released"
            raise CommandRefused(RefusalCode.REFUSED, f"The emergency stop is {state} already.")
        self._connectors.emergency = on
        if on:
            for connector in self._connectors:
                connector.grant = None
                self._transactions.stop(connector, Reason.EmergencyStop)
        self._tell(None, "emergency stop", Fault(E.OtherError, "emergency stop"), active=on)

    def _raise_at_station(self, fault: Fault) -> None:
        if fault.blocking:
            self._connectors.station_fault = fault
        else:
            self._connectors.station_warning = fault

    def _raise_at(self, connector: Connector, fault: Fault) -> None:
        if fault.error_code is E.EVCommunicationError:
            self._break_talk(connector)
        if not fault.blocking:
            connector.warning = fault
            return
        connector.fault = fault
        connector.reserved = False
        connector.grant = None
        if fault.error_code.value in self._switches.items("SW-FATAL-FAULTS"):
            self._transactions.stop(connector, Reason.Other)

    def _break_talk(self, connector: Connector) -> None:
        """Without the pilot the car draws nothing: SuspendedEV (CORE-STAT-5)."""
        if connector.status not in _EV_STATES:
            raise CommandRefused(
                RefusalCode.REFUSED,
                f"Connector {connector.id} is {connector.status.value}: no car talks to it. Plug in first.",
            )
        connector.outlet.pause(self._kernel.now.sim, True)

    def _let_talk(self, connector: Connector) -> None:
        connector.outlet.pause(self._kernel.now.sim, connector.world.ev_paused)

    def _tell(self, connector: Connector | None, what: str, fault: Fault, *, active: bool) -> None:
        self._kernel.emit(
            FaultEvent,
            connector=connector.id if connector else None,
            what=what,
            error_code=fault.error_code.value,
            active=active,
            info=fault.info,
        )
