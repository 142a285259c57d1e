"""One way to fetch and to send a file, whatever its URL says."""

from collections.abc import Awaitable
from pathlib import Path
from typing import TypeVar

import asyncssh
import httpx

from desktop_sim.transport.files import ftp, ssh, web
from desktop_sim.transport.files.place import Place, TransferFailed, plainly

T = TypeVar("T")


async def download(place: Place, target: Path) -> int:
    """Fetch the file at a place into `target`; returns its size in bytes. Raises TransferFailed."""
    way = {"http": web, "https": web, "ftp": ftp, "ftps": ftp, "sftp": ssh}[place.scheme]
    return await _plainly(way.download(place, target), place)


async def upload(place: Place, source: Path, name: str) -> None:
    """Send a file; where the place is a directory it goes in under this name. Raises TransferFailed."""
    way = {"http": web, "https": web, "ftp": ftp, "ftps": ftp, "sftp": ssh}[place.scheme]
    await _plainly(way.upload(place, source, name), place)


async def _plainly(transfer: Awaitable[T], place: Place) -> T:
    try:
        return await transfer
    except asyncssh.PermissionDenied:
        raise TransferFailed(f"{place.host} wants another user or password.", "permission") from None
    except httpx.TimeoutException:
        raise TransferFailed(f"{place.shown} does not answer in time.", "stalled") from None
    except (OSError, httpx.HTTPError, asyncssh.Error, EOFError) as error:
        raise plainly(_root(error), place) from None


def _root(error: BaseException) -> BaseException:
    """The error of the network behind those of the libraries, if there is one."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, OSError):
            return cause
        cause = cause.__cause__ or cause.__context__
    return error
