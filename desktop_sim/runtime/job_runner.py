"""Jobs: what takes time or touches the world, done beside the station's turns."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from desktop_sim.station.jobs import Job, Outcome

Progress = Callable[[str, str], None]
"""Tells the station how far a job is: state and detail."""

Worker = Callable[[Job, Progress], Awaitable[Outcome]]
"""Does jobs of one kind. What it raises becomes a failed outcome."""


def unknown_kind(kind: str) -> Outcome:
    """The outcome of a job nobody knows how to do."""
    return Outcome(ok=False, sentence=f"This program does not know how to do a job of the kind '{kind}'.")


class JobRunner:
    """Runs jobs as tasks of the running loop, by `workers` (kind → worker)."""

    def __init__(self, workers: Mapping[str, Worker] | None = None) -> None:
        self._workers = dict(workers or {})
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._progress: Callable[[str, str, str], None] = lambda *_: None
        self._done: Callable[[str, Outcome], None] = lambda *_: None
        self._crashed: Callable[[Exception], None] = lambda _: None

    def bind(
        self,
        progress: Callable[[str, str, str], None],
        done: Callable[[str, Outcome], None],
        crashed: Callable[[Exception], None],
    ) -> None:
        """Say whom to tell: (id, state, detail), (id, outcome), and of a worker's mistake."""
        self._progress, self._done, self._crashed = progress, done, crashed

    def start(self, job: Job) -> None:
        """Begin a job; a running one of the same id is cancelled first."""
        self.cancel(job.id)
        task = asyncio.get_running_loop().create_task(self._run(job), name=f"job {job.kind} {job.id}")
        self._tasks[job.id] = task

    def cancel(self, job_id: str) -> None:
        """Give a job up; nothing more comes of it. Unknown ids do no harm."""
        task = self._tasks.pop(job_id, None)
        if task is not None:
            task.cancel()

    async def stop(self) -> None:
        """Give all jobs up and wait until they are gone."""
        tasks = list(self._tasks.values())
        self._tasks.clear()
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=5.0)

    async def _run(self, job: Job) -> None:
        task = asyncio.current_task()

        def progress(state: str, detail: str = "") -> None:
            if self._tasks.get(job.id) is task:
                self._progress(job.id, state, detail)

        outcome = await self._outcome(job, progress)
        if self._tasks.get(job.id) is task:
            del self._tasks[job.id]
            self._done(job.id, outcome)

    async def _outcome(self, job: Job, progress: Progress) -> Outcome:
        worker = self._workers.get(job.kind)
        if worker is None:
            return unknown_kind(job.kind)
        try:
            return await worker(job, progress)
        except Exception as mistake:
            self._crashed(mistake)
            return Outcome(ok=False, sentence=f"The job '{job.kind}' failed: {mistake}.")
