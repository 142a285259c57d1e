"""Commit, then send: turns are released in order, each once its records are safe (DESIGN, decision 2)."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

from desktop_sim.station.links import LinkWanted
from desktop_sim.station.turn import Drain
from desktop_sim.storage.session_store import SessionStore


@dataclass(slots=True)
class Turn:
    """One input's outcome, waiting to be released.

    `connection` is the one that was open during the turn: its frames belong there and nowhere else. `waiter` is who
    waits for `result` or `error`.
    """

    drain: Drain
    wanted: LinkWanted
    connection: Any = None
    result: Any = None
    error: Exception | None = None
    waiter: asyncio.Future[Any] | None = None
    commit: Future[None] | None = None


class TurnQueue:
    """Hands turns to `release` in order; one without records waits only for those before it.

    `failed` gets a turn whose records could not be stored for good (the store was closed over a full disk).
    """

    def __init__(
        self,
        store: SessionStore,
        station_key: str,
        release: Callable[[Turn], None],
        failed: Callable[[Turn, BaseException], None],
    ) -> None:
        self._store = store
        self._key = station_key
        self._release = release
        self._failed = failed
        self._waiting: deque[Turn] = deque()
        self._releasing = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._idle = asyncio.Event()
        self._idle.set()

    def put(self, turn: Turn) -> None:
        """Begin to store a turn's records; release it at once if nothing is in its way."""
        if turn.drain.records:
            turn.commit = self._store.commit(self._key, turn.drain.records)
            if not turn.commit.done():
                self._loop = asyncio.get_running_loop()
                turn.commit.add_done_callback(self._committed)
        self._waiting.append(turn)
        self._pump()

    async def drained(self) -> None:
        """Wait until every turn was released."""
        await self._idle.wait()

    def _committed(self, _: Future[None]) -> None:
        """On the writer's thread."""
        assert self._loop is not None
        try:
            self._loop.call_soon_threadsafe(self._pump)
        except RuntimeError:  # the loop is closed: nobody waits any more
            pass

    def _pump(self) -> None:
        if self._releasing:  # a release caused another turn; it comes after
            return
        self._releasing = True
        try:
            while self._waiting:
                commit = self._waiting[0].commit
                if commit is not None and not commit.done():
                    self._idle.clear()
                    return
                turn = self._waiting.popleft()
                problem = commit.exception() if commit is not None else None
                if problem is None:
                    self._release(turn)
                else:
                    self._failed(turn, problem)
            self._idle.set()
        finally:
            self._releasing = False
