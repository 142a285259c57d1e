"""Jobs in virtual time: what takes time or touches the world is played from a script instead."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from desktop_sim.runtime.job_runner import unknown_kind
from desktop_sim.runtime.port import StationPort
from desktop_sim.station.jobs import Job, Outcome
from desktop_sim.station.turn import SECOND


@dataclass(frozen=True, slots=True)
class JobScript:
    """How a job of one kind goes: steps of (seconds after the start, state, detail), then the outcome after `seconds`.

    `seconds` None: it never ends.
    """

    outcome: Outcome
    seconds: float | None = 0.0
    steps: tuple[tuple[float, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class _Planned:
    due: int
    job: str
    act: Callable[[StationPort], None]


class VirtualJobs:
    """The jobs that run; `scripts` maps a job kind to its script, an unknown kind fails with a sentence."""

    def __init__(self, scripts: Callable[[str], JobScript | None] | None = None) -> None:
        self._scripts = scripts
        self._planned: list[_Planned] = []
        self.started: list[Job] = []

    def start(self, jobs: Iterable[Job], now: int) -> None:
        """Plan the steps of each job from `now` (µs)."""
        for job in jobs:
            self.started.append(job)
            script = self._scripts(job.kind) if self._scripts else None
            self._plan(job, script or JobScript(unknown_kind(job.kind)), now)

    def cancel(self, ids: Iterable[str]) -> None:
        """Nothing more comes of these jobs."""
        gone = frozenset(ids)
        if gone:
            self._planned = [step for step in self._planned if step.job not in gone]

    def forget(self) -> None:
        """The process died and its jobs with it."""
        self._planned.clear()

    def deadlines(self) -> Iterator[int]:
        """When the next step is due (µs)."""
        return (step.due for step in self._planned)

    def due(self, now: int) -> list[Callable[[StationPort], None]]:
        """Take the steps due by `now`, earliest first."""
        due = sorted((step for step in self._planned if step.due <= now), key=lambda step: step.due)
        if due:
            self._planned = [step for step in self._planned if step.due > now]
        return [step.act for step in due]

    def _plan(self, job: Job, script: JobScript, now: int) -> None:
        for seconds, state, detail in script.steps:
            self._planned.append(
                _Planned(now + round(seconds * SECOND), job.id, _progress(job.id, state, detail))
            )
        if script.seconds is not None:
            self._planned.append(
                _Planned(now + round(script.seconds * SECOND), job.id, _done(job.id, script.outcome))
            )


def _progress(job: str, state: str, detail: str) -> Callable[[StationPort], None]:
    return lambda station: station.job_progress(job, state, detail)


def _done(job: str, outcome: Outcome) -> Callable[[StationPort], None]:
    return lambda station: station.job_done(job, outcome)
