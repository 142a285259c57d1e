"""The built-in central system's memory over restarts: tags, transactions and charge points in one file."""

import contextlib
import logging
import os
from pathlib import Path

from desktop_sim.central import (
    AnyCentralEvent,
    CentralState,
    CentralSystem,
    Policy,
    decode_state,
    encode_state,
    restore,
    snapshot,
)
from desktop_sim.central.events import TransactionChanged
from desktop_sim.central.state import StateProblem
from desktop_sim.storage.atomic import write_atomically

FILE_NAME = "central.json"

_log = logging.getLogger(__name__)


def remembered(path: Path | None, seed: int, policy: Policy | None) -> CentralSystem:
    """The central system that goes on from a file; a new one if there is none or it cannot be read."""
    state = CentralState() if path is None else _read(path)
    return restore(state, seed=seed, policy=policy)


def _read(path: Path) -> CentralState:
    try:
        return decode_state(path.read_bytes())
    except FileNotFoundError:
        pass
    except OSError as problem:
        _log.warning("The memory of the central system %s cannot be read: %s.", path, problem.strerror)
    except StateProblem as problem:
        _log.warning("The memory of the central system %s is damaged: %s.", path, problem.sentence)
        with contextlib.suppress(OSError):
            os.replace(path, path.with_suffix(".broken.json"))
    return CentralState()


class Memory:
    """Writes the file whenever a transaction began or ended, and at the end."""

    def __init__(self, path: Path, central: CentralSystem) -> None:
        self._path = path
        self._central = central

    def on_event(self, event: AnyCentralEvent) -> None:
        """Keep what must not be forgotten."""
        if isinstance(event, TransactionChanged) and event.what in ("started", "stopped", "superseded"):
            self.write()

    def write(self) -> None:
        """Write the file; a disk that will not have it is no reason to stop."""
        try:
            write_atomically(self._path, encode_state(snapshot(self._central)))
        except OSError as problem:
            _log.warning(
                "The memory of the central system %s cannot be written: %s.", self._path, problem.strerror
            )
