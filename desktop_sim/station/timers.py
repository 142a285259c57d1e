"""Timers on two clocks, fired in order, forgotten when cancelled."""

from collections.abc import Callable
from enum import IntEnum
from heapq import heappop, heappush

from desktop_sim.station.turn import Deadline, Now


class Clock(IntEnum):
    """Which of the two instants of `Now` a timer waits for."""

    SIM = 0
    LINK = 1


class Timer:
    """A callback that waits. `due` is in µs on the timer's clock."""

    __slots__ = ("callback", "due", "live")

    def __init__(self, due: int, callback: Callable[[], None]) -> None:
        self.due = due
        self.callback = callback
        self.live = True

    def cancel(self) -> None:
        """It will not fire. Doing so twice, or after it fired, does no harm."""
        self.live = False


class Timers:
    """All timers of a station. Equal instants fire in the order in which they were armed."""

    def __init__(self) -> None:
        self._heaps: tuple[list[tuple[int, int, Timer]], list[tuple[int, int, Timer]]] = ([], [])
        self._armed = 0

    def arm(self, clock: Clock, due: int, callback: Callable[[], None]) -> Timer:
        """Wait until `due` (µs)."""
        timer = Timer(due, callback)
        self._armed += 1
        heappush(self._heaps[clock], (due, self._armed, timer))
        return timer

    def due(self, clock: Clock) -> int | None:
        """The next instant at which a timer of this clock fires."""
        heap = self._heaps[clock]
        while heap and not heap[0][2].live:
            heappop(heap)
        return heap[0][0] if heap else None

    def take(self, clock: Clock) -> Timer:
        """Remove the next timer of a clock. It is the caller who fires it."""
        timer = heappop(self._heaps[clock])[2]
        timer.live = False
        return timer

    def clear(self) -> None:
        """Forget them all, as a loss of power does."""
        for heap in self._heaps:
            heap.clear()


def next_instant(begin: Now, end: Now, sim_due: int | None, link_due: int | None) -> tuple[Clock, Now] | None:
    """Which of two due instants comes first between `begin` and `end`, and when that is on both clocks.

    Both clocks are taken to run evenly in between. None if neither is due by `end`.
    """
    sim_span, link_span = end.sim - begin.sim, end.link - begin.link
    sim_at = None if sim_due is None or sim_due > end.sim else max(sim_due, begin.sim)
    link_at = None if link_due is None or link_due > end.link else max(link_due, begin.link)
    if sim_at is None and link_at is None:
        return None
    sim_first = link_at is None or (
        sim_at is not None
        and (sim_at - begin.sim) * max(link_span, 1) <= (link_at - begin.link) * max(sim_span, 1)
    )
    if sim_first:
        assert sim_at is not None
        link = begin.link + (link_span * (sim_at - begin.sim) // sim_span if sim_span else 0)
        return Clock.SIM, Now(sim_at, link)
    assert link_at is not None
    sim = begin.sim + (sim_span * (link_at - begin.link) // link_span if link_span else 0)
    return Clock.LINK, Now(sim, link_at)


def earliest(timers: Timers, *others: int | None) -> Deadline:
    """The deadline of all timers and of further simulated instants."""
    sim = timers.due(Clock.SIM)
    for at in others:
        if at is not None and (sim is None or at < sim):
            sim = at
    return Deadline(sim, timers.due(Clock.LINK))
