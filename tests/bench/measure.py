"""Measuring: a figure and its floor in turns, so that both meet the same noise; the median of each counts.

What only computes is measured in CPU seconds, what waits for a disk or a line in real ones.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

Work = Callable[[], object]
Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table.

    Attributes:
        name: what was measured.
        figure: what it came to, in `unit`.
        floor: the same in the same run with nothing of ours in the way; None where there is none.
        floor_name: what the floor is.
        aim: the bound we want to keep; None where none was set.
        more_is_better: for rates.
    """

    name: str
    figure: float
    unit: str
    floor: float | None = None
    floor_name: str = ""
    aim: float | None = None
    more_is_better: bool = False

    def keeps(self, slack: float) -> bool:
        """Whether the aim is kept, or missed by no more than a factor: machines of tests are busy."""
        if self.aim is None:
            return True
        return self.figure * slack >= self.aim if self.more_is_better else self.figure <= self.aim * slack


def seconds(work: Work, times: int = 1, clock: Clock = time.process_time) -> float:
    """How long it takes, once."""
    began = clock()
    for _ in range(times):
        work()
    return (clock() - began) / times


def in_turns(
    work: Work, floor: Work, *, rounds: int = 9, times: int = 1, clock: Clock = time.process_time
) -> tuple[float, float]:
    """Median seconds of both, each warmed up and then measured so often, one after the other."""
    seconds(work, times)
    seconds(floor, times)
    pairs = [(seconds(work, times, clock), seconds(floor, times, clock)) for _ in range(rounds)]
    return median(one for one, _ in pairs), median(other for _, other in pairs)
