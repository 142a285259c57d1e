"""What stations stored, kept in memory: for `--ephemeral`, for virtual runs and for tests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from concurrent.futures import Future

from desktop_sim.station.records import Record, Stored
from desktop_sim.storage.session_store import SessionStore

Tables = dict[str, dict[str, bytes]]
"""Stored values that can still change: kind → key → JSON."""


def apply_records(tables: MutableMapping[str, dict[str, bytes]], records: Iterable[Record]) -> None:
    """Put each record into `tables`, in order; a value of None forgets the key (DESIGN: durability)."""
    for record in records:
        if record.value is None:
            tables.get(record.kind, {}).pop(record.key, None)
        else:
            tables.setdefault(record.kind, {})[record.key] = record.value


def copy_tables(stored: Stored) -> Tables:
    """A copy that shares nothing that could change with `stored`."""
    return {kind: dict(values) for kind, values in stored.items() if values}


class MemoryStore(SessionStore):
    """A session store that keeps nothing past the end of the process; every commit is done at once."""

    def __init__(self, stored: Mapping[str, Stored] | None = None) -> None:
        super().__init__()
        self._stations: dict[str, Tables] = {
            name: copy_tables(tables) for name, tables in (stored or {}).items()
        }

    def load(self, station: str) -> Stored:
        return copy_tables(self._stations.get(station, {}))

    def commit(self, station: str, records: Sequence[Record]) -> Future[None]:
        apply_records(self._stations.setdefault(station, {}), records)
        done: Future[None] = Future()
        done.set_result(None)
        return done

    def forget(self, station: str) -> None:
        self._stations.pop(station, None)

    def close(self) -> None:
        pass
