"""What stations stored, over any stop: the interface every store has, and the one function that opens one.

StoreProblem
├── StateDirectoryInUse   another running simulator has the folder
└── StorageProblem        the folder or its database cannot be used
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path

from desktop_sim.station.records import Record, Stored


class StoreProblem(Exception):
    """A store cannot be used; `sentence` tells a person why and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class StateDirectoryInUse(StoreProblem):
    """Another running simulator has this state directory."""


class StorageProblem(StoreProblem):
    """The state directory or the database in it cannot be used. Nothing in it was deleted."""


class SessionStore(ABC):
    """The records of one or more stations, keyed by a name the caller chooses for each station.

    `commit` and `load` may be called from any thread. `problem` is None while all is well, else one sentence that
    says why nothing can be stored just now; commits wait and are tried again each second.
    """

    def __init__(self) -> None:
        self.problem: str | None = None
        self._watchers: list[Callable[[str | None], None]] = []

    @classmethod
    def open(cls, directory: Path | None) -> SessionStore:
        """The store of a state directory, which is made if needed; None keeps everything in memory (--ephemeral).

        Raises:
            StateDirectoryInUse: another process has it.
            StorageProblem: it cannot be written, is damaged, or was made by a newer version of the program.
        """
        if directory is None:
            from desktop_sim.storage.memory import MemoryStore

            return MemoryStore()
        from desktop_sim.storage.sqlite_store import SqliteStore

        return SqliteStore(directory)

    @abstractmethod
    def load(self, station: str) -> Stored:
        """Everything committed for `station`; empty for one never seen. Raises StorageProblem."""

    @abstractmethod
    def commit(self, station: str, records: Sequence[Record]) -> Future[None]:
        """Store the records, all or none, after all earlier commits.

        The future is done when they are safe from kill and power loss. Only closing a store that cannot write ends
        it with StorageProblem.
        """

    @abstractmethod
    def forget(self, station: str) -> None:
        """Drop everything stored for `station`, in order with the commits (factory reset)."""

    @abstractmethod
    def close(self) -> None:
        """Store what waits, if that is possible within a few seconds, and let go of the directory. Idempotent."""

    def watch(self, callback: Callable[[str | None], None]) -> Callable[[], None]:
        """Call `callback` with the sentence when a problem comes up and with None when it is over.

        It is called on the writer's thread. Returns what ends the watching.
        """
        self._watchers.append(callback)
        return lambda: self._watchers.remove(callback) if callback in self._watchers else None

    def _set_problem(self, sentence: str | None) -> None:
        if sentence == self.problem:
            return
        self.problem = sentence
        for callback in tuple(self._watchers):
            callback(sentence)
