"""Files that are written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def write_atomically(path: Path, content: bytes, *, mode: int = 0o644) -> None:
    """Put `content` into `path`: the old content or the new one is there at any moment, also after a power loss.

    An existing file keeps its permissions, a new one gets `mode` less the umask; a symbolic link stays one. The
    content goes to a neighbouring file first. Raises OSError, and then the old content is untouched.
    """
    target = path.resolve()
    try:
        mode = target.stat().st_mode & 0o7777
    except FileNotFoundError:
        mode &= ~_umask()
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".tmp", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, mode)
        os.replace(name, target)
    except BaseException:
        _remove(name)
        raise
    _sync_directory(target.parent)


def _remove(name: str) -> None:
    try:
        os.unlink(name)
    except OSError:
        pass


def _umask() -> int:
    umask = os.umask(0o022)
    os.umask(umask)
    return umask


def _sync_directory(directory: Path) -> None:
    """Make the new name durable, where a directory can be synced."""
    try:
        handle = os.open(directory, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    except OSError:
        pass
    finally:
        os.close(handle)
