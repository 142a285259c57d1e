"""Reset and restart: end what runs, deliver what can be delivered, then boot (CORE-RST)."""

from collections.abc import Callable

from desktop_sim.protocol.core import ResetRequest, ResetResponse
from desktop_sim.protocol.types import Reason, ResetStatus, ResetType
from desktop_sim.station.configuration import Configuration
from desktop_sim.station.connectors import Connectors
from desktop_sim.station.faults import Faults
from desktop_sim.station.kernel import Kernel
from desktop_sim.station.outbox import Outbox
from desktop_sim.station.rpc import Rpc
from desktop_sim.station.switches import Switches
from desktop_sim.station.timers import Timer
from desktop_sim.station.transactions import Transactions

PATIENCE = {Reason.SoftReset: 60.0, Reason.Reboot: 60.0, Reason.HardReset: 5.0, Reason.PowerLoss: 5.0}
"""Seconds to wait for the answer to StopTransaction before going down all the same (CORE-RST-2, CORE-RST-3)."""

TRY_SECONDS = 5.0


class Reset:
    """A restart under way, at most one (CORE-RST-9).

    Attributes:
        go_down: called when it is time to restart.
    """

    def __init__(
        self,
        kernel: Kernel,
        connectors: Connectors,
        configuration: Configuration,
        switches: Switches,
        rpc: Rpc,
        outbox: Outbox,
        transactions: Transactions,
        faults: Faults,
    ) -> None:
        self._kernel = kernel
        self._connectors = connectors
        self._configuration = configuration
        self._switches = switches
        self._rpc = rpc
        self._outbox = outbox
        self._transactions = transactions
        self._faults = faults
        self.go_down: Callable[[], None] = _nothing
        self._then: Callable[[], None] = _nothing
        self._reason: Reason | None = None
        self._awaited: list[str] = []
        self._patience: Timer | None = None

    @property
    def under_way(self) -> Reason | None:
        """Why the station is about to restart; None if it is not."""
        return self._reason

    def power_up(self) -> None:
        """A boot: it is done."""
        self._reason = self._patience = None
        self._awaited = []

    def on_reset(self, request: ResetRequest) -> ResetResponse:
        """The answer leaves first (CORE-RST-1)."""
        if self.under_way:
            return ResetResponse(status=ResetStatus.Rejected)
        hard = request.type is ResetType.Hard
        self._reason = Reason.HardReset if hard else Reason.SoftReset
        reason = self._reason
        self._kernel.afterwards(lambda: self.begin(reason))
        return ResetResponse(status=ResetStatus.Accepted)

    def begin(self, reason: Reason, then: Callable[[], None] | None = None) -> None:
        """End all transactions for this reason, wait a little for the answers, then restart (or do `then`)."""
        self._reason = reason
        self._then = then or self._try_to_restart
        for connector in self._connectors:
            connector.grant = None
            if connector.transaction:
                self._awaited.append(connector.transaction.local_id)
                self._transactions.stop(connector, reason)
        if self._patience:
            self._patience.cancel()
        self._patience = self._kernel.after(PATIENCE[reason], self._proceed)

    def refresh(self) -> None:
        """Go on as soon as every StopTransaction is answered, or cannot be delivered now."""
        if self._patience is None or not self._patience.live:
            return
        if not self._rpc.open or not any(self._outbox.waits_for(local_id) for local_id in self._awaited):
            self._patience.cancel()
            self._kernel.after(0, self._proceed)

    def _proceed(self) -> None:
        self._patience = None
        self._then()

    def _try_to_restart(self, tries: int = 0) -> None:
        """A restart can fail and is then tried again, ResetRetries times (CORE-RST-6)."""
        if tries >= self._switches.number("SW-RESET-FAILS"):
            if self._reason is Reason.HardReset and self._switches.is_on("SW-LOSE-QUEUE-ON-HARD-RESET"):
                self._outbox.clear()
            self._faults.note_reset(failed=False)
            self.go_down()
        elif tries < self._configuration.number("ResetRetries"):
            self._kernel.log("warning", "The restart failed and is tried again.")
            self._kernel.after(TRY_SECONDS, lambda: self._try_to_restart(tries + 1))
        else:
            self._kernel.log("error", "The restart failed for good.")
            self._reason = None
            self._awaited = []
            self._faults.note_reset(failed=True)


def _nothing() -> None:
    """Nobody has asked to be told."""
