"""What a commit costs until it is safe from a power cut, beside bare SQLite on the same disk."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from desktop_sim.station.records import Record
from desktop_sim.storage.session_store import SessionStore
from tests.bench.measure import Row, in_turns

SAMPLE = (
    Record("queue", "000000000001", b'{"number":1,"payload":"' + b"x" * 700 + b'"}'),
    Record("world", "1", b'{"vehicleEnd":true,"anchor":"' + b"x" * 300 + b'"}'),
    Record("driver", "sim", b"1748847600000000"),
)
"""What a turn stores in which a sample is taken."""


def bare(path: Path) -> tuple[sqlite3.Connection, Callable[[], None]]:
    """A database without anything of ours, as safe as ours, and what commits one sample to it."""
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = FULL")
    database.execute("CREATE TABLE record (kind TEXT, key TEXT, value BLOB, PRIMARY KEY (kind, key))")
    rows = [(record.kind, record.key, record.value) for record in SAMPLE]

    def commit() -> None:
        database.execute("BEGIN IMMEDIATE")
        database.executemany("INSERT OR REPLACE INTO record VALUES (?, ?, ?)", rows)
        database.execute("COMMIT")

    return database, commit


def rows() -> Iterator[Row]:
    """One commit after the other, then many that wait for each other."""
    with TemporaryDirectory() as folder, closing(SessionStore.open(Path(folder, "ours"))) as store:
        database, commit = bare(Path(folder, "bare"))
        with closing(database):
            spent, floor = in_turns(
                lambda: store.commit("CP001", SAMPLE).result(), commit, rounds=300, clock=time.perf_counter
            )
            yield Row("commit of a sample, until it is safe", spent * 1e6, "µs", floor * 1e6, "SQLite, FULL")
            spent, floor = in_turns(
                lambda: _together(store), commit, rounds=9, times=3, clock=time.perf_counter
            )
            yield Row(
                "the same, 100 at a time, each", spent * 1e4, "µs", floor * 1e6, "SQLite, FULL, one by one"
            )


def _together(store: SessionStore) -> None:
    for promise in [store.commit("CP001", SAMPLE) for _ in range(100)]:
        promise.result()
