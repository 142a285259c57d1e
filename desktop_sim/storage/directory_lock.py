"""One process a state directory: a lock that goes away with its process, however that ends."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from desktop_sim.storage.session_store import StateDirectoryInUse, StorageProblem

_NAME = "in-use"


class DirectoryLock:
    """Holds a directory from construction to `release`.

    Raises:
        StateDirectoryInUse: another process, or this one, holds it.
        StorageProblem: the file system will not have it.
    """

    def __init__(self, directory: Path) -> None:
        self._path = directory / _NAME
        try:
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as problem:
            raise StorageProblem(
                f"The state folder {directory} cannot be written ({problem.strerror}). "
                "Give the program write access to it, choose another with --state-dir, or use --ephemeral."
            ) from problem
        try:
            self._take(directory)
        except BaseException:
            os.close(self._file)
            raise
        self._held = True

    def release(self) -> None:
        """Let go. Idempotent. The file stays: removing it would race with the next one who takes it."""
        if self._held:
            self._held = False
            os.ftruncate(self._file, 0)
            os.close(self._file)

    def _take(self, directory: Path) -> None:
        try:
            _lock(self._file)
        except (BlockingIOError, PermissionError):
            holder = os.pread(self._file, 20, 0).decode("ascii", "ignore") if hasattr(os, "pread") else ""
            raise StateDirectoryInUse(
                f"The state folder {directory} is in use by another running simulator"
                f"{f' (process {holder})' if holder.isdigit() else ''}. "
                "Close that one, or start this one with another --state-dir or with --ephemeral."
            ) from None
        except OSError as problem:
            raise StorageProblem(
                f"The state folder {directory} cannot be locked ({problem.strerror}); it may lie on a network "
                "drive without locks. Choose another with --state-dir, or use --ephemeral."
            ) from problem
        os.ftruncate(self._file, 0)
        os.write(self._file, str(os.getpid()).encode())


if sys.platform == "win32":
    import msvcrt

    def _lock(file: int) -> None:
        """Locks one byte far behind the content, which stays readable."""
        os.lseek(file, 1_000_000, os.SEEK_SET)
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        os.lseek(file, 0, os.SEEK_SET)

else:
    import fcntl

    def _lock(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
