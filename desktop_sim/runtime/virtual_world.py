"""Several stations in one virtual time, for instance at one built-in central system."""

from collections.abc import Callable, Sequence

from desktop_sim.runtime.virtual import RESTLESS, NeverHappened, VirtualDriver
from desktop_sim.station.turn import SECOND, Now


class VirtualWorld:
    """Moves its drivers through time together; at equal instants in their order.

    Once a driver belongs to a world, time passes through the world only.
    """

    def __init__(self, drivers: Sequence[VirtualDriver]) -> None:
        """Raises ValueError when the drivers do not stand at the same instant."""
        instants = {driver.now for driver in drivers}
        if len(instants) != 1:
            raise ValueError("A world needs drivers, and all of them at the same instant.")
        self.drivers = tuple(drivers)
        self.now: Now = instants.pop()

    def run_for(self, seconds: float) -> None:
        """Let so many seconds pass and everything happen that falls into them."""
        end = self.now.sim + round(seconds * SECOND)
        self.settle()
        while (due := self.next_deadline()) is not None and due <= end:
            self.wake(due)
        self.wake(end)

    def run_until(self, predicate: Callable[[], object], limit: float = 3600.0) -> None:
        """As VirtualDriver.run_until. Raises NeverHappened."""
        end = self.now.sim + round(limit * SECOND)
        self.settle()
        while not predicate():
            due = self.next_deadline()
            if due is None or due > end:
                self.wake(end)
                if predicate():
                    return
                raise NeverHappened(f"It did not happen within {limit:g} s of simulated time.")
            self.wake(due)

    def next_deadline(self) -> int | None:
        """The next instant (µs) at which something happens by itself."""
        dues = (driver.next_deadline() for driver in self.drivers)
        return min((due for due in dues if due is not None), default=None)

    def wake(self, instant: int) -> None:
        """Go to `instant` (µs; never backward) everywhere."""
        instant = max(self.now.sim, instant)
        self.now = Now(instant, instant)
        for driver in self.drivers:
            driver.wake(instant)
        self.settle()

    def settle(self) -> None:
        """Let everything happen that happens at this instant, also what one station causes at another.

        Raises:
            RuntimeError: the world does not come to rest.
        """
        for _ in range(RESTLESS):
            if not any(driver.settle() for driver in self.drivers):
                return
        raise RuntimeError(f"The world does not come to rest at {self.now.sim} µs.")
