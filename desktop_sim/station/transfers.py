"""File transfers as the station sees them: a job, tried again so often and so soon as asked (FW-UPD-4, FW-DIAG-4).

The bytes never come in here. With SW-SIMULATED-TRANSFERS no job is asked for either: the transfer takes a moment and
succeeds, for trials without a file server.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from desktop_sim.station.events import JobEvent
from desktop_sim.station.jobs import Job, Outcome
from desktop_sim.station.kernel import Kernel
from desktop_sim.station.switches import Switches
from desktop_sim.station.timers import Timer

RETRIES = 3
RETRY_SECONDS = 30
"""What holds where a request names none."""

SIMULATED_SECONDS = 2.0


@dataclass(slots=True)
class Transfer:
    """One transfer under way; `left` counts the further tries."""

    job: Job
    left: int
    interval: int
    then: Callable[[Outcome], None]
    retry: Timer | None = None


class Transfers:
    """The transfers of a station, by job id."""

    def __init__(self, kernel: Kernel, switches: Switches) -> None:
        self._kernel = kernel
        self._switches = switches
        self._under_way: dict[str, Transfer] = {}

    def power_up(self) -> None:
        """A boot: nothing is under way any more; who needs a transfer begins it again."""
        for job_id in self._under_way:
            self._kernel.cancel(job_id)
        self._under_way.clear()

    def begin(
        self,
        job_id: str,
        kind: str,
        arguments: dict[str, Any],
        *,
        retries: int | None,
        interval: int | None,
        then: Callable[[Outcome], None],
    ) -> None:
        """Start a transfer; `then` is told once how it ended. One of the same id is given up."""
        self.cancel(job_id)
        transfer = Transfer(
            job=Job(job_id, kind, arguments),
            left=max(0, RETRIES if retries is None else retries),
            interval=max(1, RETRY_SECONDS if interval is None else interval),
            then=then,
        )
        self._under_way[job_id] = transfer
        self._try(transfer)

    def cancel(self, job_id: str) -> None:
        """Give a transfer up; nobody is told."""
        transfer = self._under_way.pop(job_id, None)
        if transfer:
            self._kernel.cancel(job_id)
            if transfer.retry:
                transfer.retry.cancel()

    def progress(self, job_id: str, state: str, detail: str) -> None:
        """The runtime tells how far a job is."""
        transfer = self._under_way.get(job_id)
        if transfer:
            self._tell(transfer, state, detail)

    def done(self, job_id: str, outcome: Outcome) -> None:
        """The runtime tells how a job ended: try again, or tell who waits."""
        transfer = self._under_way.get(job_id)
        if transfer is None:
            return
        if outcome.ok or transfer.left == 0:
            del self._under_way[job_id]
            self._tell(transfer, "done" if outcome.ok else "failed", outcome.sentence)
            transfer.then(outcome)
            return
        transfer.left -= 1
        self._tell(transfer, "retry", f"{outcome.sentence} Again in {transfer.interval} s.")
        transfer.retry = self._kernel.after(transfer.interval, lambda: self._try(transfer))

    def _try(self, transfer: Transfer) -> None:
        self._tell(transfer, "started")
        if self._switches.is_on("SW-SIMULATED-TRANSFERS"):
            job_id = transfer.job.id
            self._kernel.after(
                SIMULATED_SECONDS, lambda: self.done(job_id, Outcome(ok=True, result={"size": 1}))
            )
        else:
            self._kernel.start(transfer.job)

    def _tell(self, transfer: Transfer, state: str, detail: str = "") -> None:
        self._kernel.emit(JobEvent, id=transfer.job.id, job=transfer.job.kind, state=state, detail=detail)
