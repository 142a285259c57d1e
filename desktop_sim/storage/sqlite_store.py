"""The session store on disk: one SQLite database, one writer thread, commits in order and shared where they wait."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue

from desktop_sim.station.records import Record, Stored
from desktop_sim.storage.directory_lock import DirectoryLock
from desktop_sim.storage.schema import explain, open_database
from desktop_sim.storage.session_store import SessionStore, StorageProblem

RETRY_SECONDS = 1.0
"""How long a failed commit waits for its next try."""

_PATIENCE = 5.0
_LARGEST_BATCH = 512


@dataclass(slots=True)
class _Work:
    """A commit, or with `records` None the forgetting of a station."""

    station: str
    records: Sequence[Record] | None
    done: Future[None] = field(default_factory=Future)


@dataclass(slots=True)
class Figures:
    """What the writer did: promises kept, transactions needed for them, seconds spent in transactions."""

    commits: int = 0
    transactions: int = 0
    seconds: float = 0.0


class SqliteStore(SessionStore):
    """See SessionStore. Raises StateDirectoryInUse and StorageProblem at construction.

    Attributes:
        directory: the state directory.
        figures: how much was written; commits that waited share a transaction.
    """

    def __init__(
        self,
        directory: Path,
        *,
        connect: Callable[[Path], sqlite3.Connection] = open_database,
        retry_seconds: float = RETRY_SECONDS,
    ) -> None:
        super().__init__()
        self.directory = directory
        self.figures = Figures()
        _make(directory)
        self._lock = DirectoryLock(directory)
        try:
            self._database = connect(directory)
        except BaseException:
            self._lock.release()
            raise
        self._retry_seconds = retry_seconds
        self._queue: SimpleQueue[_Work | None] = SimpleQueue()
        self._access = threading.Lock()
        self._closing = threading.Event()
        self._give_up_at = float("inf")
        self._writer = threading.Thread(target=self._write, name="session-store", daemon=True)
        self._writer.start()

    def load(self, station: str) -> Stored:
        try:
            self._put(_Work(station, ())).result(_PATIENCE)  # whatever was promised before is to be seen
        except FutureTimeout:
            raise StorageProblem(
                self.problem or f"The database in {self.directory} does not answer."
            ) from None
        try:
            with self._access:
                rows = self._database.execute(
                    "SELECT kind, key, value FROM record WHERE station = ? ORDER BY kind, key", (station,)
                ).fetchall()
        except sqlite3.Error as problem:
            raise StorageProblem(explain(problem, self.directory)) from problem
        tables: dict[str, dict[str, bytes]] = {}
        for kind, key, value in rows:
            tables.setdefault(kind, {})[key] = value
        return tables

    def commit(self, station: str, records: Sequence[Record]) -> Future[None]:
        return self._put(_Work(station, tuple(records)))

    def forget(self, station: str) -> None:
        self._put(_Work(station, None))

    def close(self) -> None:
        if not self._closing.is_set():
            self._give_up_at = time.monotonic() + _PATIENCE
            self._closing.set()
            self._queue.put(None)
        self._writer.join()

    def _put(self, work: _Work) -> Future[None]:
        work.done.set_running_or_notify_cancel()  # a promise: nobody can cancel it
        if self._closing.is_set():
            work.done.set_exception(StorageProblem(f"The store of {self.directory} is closed."))
        else:
            self._queue.put(work)
        return work.done

    # --- on the writer's thread ---

    def _write(self) -> None:
        """Take what waits, commit it together, keep the promises; until the store is closed."""
        open_ = True
        while open_:
            batch, open_ = self._take()
            if batch:
                self._settle(batch)
        with self._access:
            self._database.close()
        self._lock.release()

    def _take(self) -> tuple[list[_Work], bool]:
        """All work that waits, at least one piece; False with it when the store is being closed."""
        batch: list[_Work] = []
        work = self._queue.get()
        while work is not None:
            batch.append(work)
            if len(batch) == _LARGEST_BATCH:
                return batch, True
            try:
                work = self._queue.get_nowait()
            except Empty:
                return batch, True
        return batch, False

    def _settle(self, batch: list[_Work]) -> None:
        """Commit until it works; turns wait meanwhile (DESIGN, decision 2)."""
        while True:
            try:
                self._transact(batch)
            except (sqlite3.Error, OSError) as problem:
                sentence = explain(problem, self.directory)
                self._set_problem(sentence)
                if time.monotonic() >= self._give_up_at:
                    return _break(batch, StorageProblem(sentence))
                self._pause()
            except Exception as mistake:  # a value SQLite cannot hold: not a matter of trying again
                return self._apart(batch, mistake)
            else:
                self._set_problem(None)
                for work in batch:
                    work.done.set_result(None)
                return None

    def _apart(self, batch: list[_Work], mistake: Exception) -> None:
        """One bad value must not take other promises with it."""
        if len(batch) == 1:
            return _break(batch, mistake)
        for work in batch:
            self._settle([work])
        return None

    def _pause(self) -> None:
        """Wait for the next try; while closing, not so long."""
        if self._closing.wait(self._retry_seconds):
            time.sleep(min(0.1, self._retry_seconds))

    def _transact(self, batch: list[_Work]) -> None:
        forgotten, values = _collapse(batch)
        puts = [(*place, value) for place, value in values.items() if value is not None]
        drops = [place for place, value in values.items() if value is None]
        began = time.perf_counter()
        if forgotten or values:
            with self._access:
                self._in_transaction(forgotten, puts, drops)
            self.figures.transactions += 1
        self.figures.seconds += time.perf_counter() - began
        self.figures.commits += len(batch)

    def _in_transaction(
        self,
        forgotten: list[str],
        puts: list[tuple[str, str, str, bytes]],
        drops: list[tuple[str, str, str]],
    ) -> None:
        database = self._database
        if database.in_transaction:  # an earlier rollback failed
            database.execute("ROLLBACK")
        try:
            database.execute("BEGIN IMMEDIATE")
            for station in forgotten:
                database.execute("DELETE FROM record WHERE station = ?", (station,))
            if puts:
                database.executemany("INSERT OR REPLACE INTO record VALUES (?, ?, ?, ?)", puts)
            if drops:
                database.executemany("DELETE FROM record WHERE station = ? AND kind = ? AND key = ?", drops)
            database.execute("COMMIT")
        except BaseException:
            if database.in_transaction:
                database.execute("ROLLBACK")
            raise


def _collapse(batch: list[_Work]) -> tuple[list[str], dict[tuple[str, str, str], bytes | None]]:
    """What a batch comes to: stations to forget first, then the last value of each key."""
    forgotten: list[str] = []
    values: dict[tuple[str, str, str], bytes | None] = {}
    for work in batch:
        if work.records is None:
            forgotten.append(work.station)
            values = {place: value for place, value in values.items() if place[0] != work.station}
        else:
            for record in work.records:
                values[work.station, record.kind, record.key] = record.value
    return forgotten, values


def _break(batch: list[_Work], problem: Exception) -> None:
    for work in batch:
        work.done.set_exception(problem)


def _make(directory: Path) -> None:
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)  # keys may be in there
    except OSError as problem:
        raise StorageProblem(
            f"The state folder {directory} cannot be made ({problem.strerror}). "
            "Choose another with --state-dir, or use --ephemeral."
        ) from problem
