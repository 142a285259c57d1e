"""Power and boot: what is lost, what comes back, and in which order (DESIGN § 3, CORE-PWR, CORE-RST-4)."""

from collections.abc import Callable, Sequence
from typing import Literal, Protocol

from desktop_sim.protocol.types import Reason
from desktop_sim.station.commands import CommandRefused, RefusalCode
from desktop_sim.station.configuration import Configuration
from desktop_sim.station.connectors import Connectors
from desktop_sim.station.events import FaultEvent
from desktop_sim.station.kernel import Kernel
from desktop_sim.station.link import LinkWish
from desktop_sim.station.profile import StationProfile
from desktop_sim.station.reset import Reset
from desktop_sim.station.rpc import Rpc
from desktop_sim.station.switches import Switches
from desktop_sim.station.transactions import Transactions


class Volatile(Protocol):
    """A block that loses something with the power."""

    def power_up(self) -> None:
        """A boot begins: forget what is volatile."""


class Power:
    """The mains and the boots.

    Attributes:
        state: `on`, `off` (no mains), or `restarting`.
        on_booted: called at the end of each boot.
    """

    def __init__(
        self,
        kernel: Kernel,
        connectors: Connectors,
        configuration: Configuration,
        switches: Switches,
        profile: StationProfile,
        rpc: Rpc,
        link: LinkWish,
        reset: Reset,
        transactions: Transactions,
        volatile: Sequence[Volatile],
    ) -> None:
        self._kernel = kernel
        self._connectors = connectors
        self._configuration = configuration
        self._switches = switches
        self._profile = profile
        self._rpc = rpc
        self._link = link
        self._reset = reset
        self._transactions = transactions
        self._volatile = volatile
        self.state: Literal["on", "off", "restarting"] = "off"
        self.on_booted: Callable[[], None] = _nothing
        reset.go_down = self.restart

    def boot(self) -> None:
        """The station starts: volatile state is gone, what was stored is true."""
        self._configuration.boot()
        self._kernel.count_boot()
        self.state = "on"
        for block in self._volatile:
            block.power_up()
        self._transactions.recover(resume=self._switches["SW-RESUME-AFTER-POWERLOSS"] == "resume")
        self.on_booted()

    def restart(self) -> None:
        """Go down and come up again, as after Reset or a watchdog."""
        self.state = "restarting"
        self._link.renew(1001)
        self._lose_everything()
        self._kernel.after(self._switches.number("SW-REBOOT-SECONDS"), self.boot)

    def cut(self) -> None:
        """The mains goes. With backup power the transactions are ended before (CORE-PWR-1)."""
        if self.state == "off":
            raise CommandRefused(RefusalCode.REFUSED, "The power is off already. `power_on` brings it back.")
        if self._reset.under_way is Reason.PowerLoss:
            raise CommandRefused(RefusalCode.REFUSED, "The power is gone; the station is still going down.")
        self._kernel.emit(FaultEvent, what="power cut", active=True)
        if self._profile.backup_power and self.state == "on":
            self._reset.begin(Reason.PowerLoss, self._go_dark)
        else:
            self._go_dark()

    def come_back(self) -> None:
        """The mains comes back and the station boots."""
        if self._reset.under_way is Reason.PowerLoss and self.state == "on":
            raise CommandRefused(
                RefusalCode.REFUSED, "The station is still going down. Try again in a moment."
            )
        if self.state != "off":
            raise CommandRefused(RefusalCode.REFUSED, "The power is on.")
        volts = round(self._profile.supply.volts * 1000)
        for connector in self._connectors:
            connector.outlet.set_supply(self._kernel.now.sim, volts)
        self._kernel.emit(FaultEvent, what="power cut", active=False)
        self.boot()

    def _go_dark(self) -> None:
        self.state = "off"
        self._link.cut()
        for connector in self._connectors:
            self._connectors.keep_world(connector)
            connector.outlet.set_supply(self._kernel.now.sim, 0)
        self._lose_everything()

    def _lose_everything(self) -> None:
        self._kernel.timers.clear()
        self._rpc.power_up()


def _nothing() -> None:
    """Nobody has asked to be told."""
