"""Files over SFTP (FW-FT-1). The host's key is taken as it is: nobody has told the station which one to expect."""

from pathlib import Path
from typing import Any

import asyncssh

from desktop_sim.transport.files.place import CONNECT_SECONDS, LARGEST, Place, TransferFailed


async def download(place: Place, target: Path) -> int:
    """Fetch into `target`; returns the size in bytes. Raises TransferFailed."""
    async with (
        asyncssh.connect(place.host, **_options(place)) as connection,
        connection.start_sftp_client() as client,
    ):
        try:
            size = (await client.stat(place.path)).size or 0
            if size > LARGEST:
                raise TransferFailed("The file is larger than 512 MiB.", "size")
            await client.get(place.path, str(target))
            return size
        except asyncssh.SFTPError as error:
            raise _said(error, place) from None


async def upload(place: Place, source: Path, name: str) -> None:
    """Send; a path that is a directory, or ends in /, gets the name appended."""
    async with (
        asyncssh.connect(place.host, **_options(place)) as connection,
        connection.start_sftp_client() as client,
    ):
        path = place.path
        try:
            if path.endswith("/") or await client.isdir(path):
                path = f"{path.rstrip('/')}/{name}"
            await client.put(str(source), path)
        except asyncssh.SFTPError as error:
            raise _said(error, place) from None


def _options(place: Place) -> dict[str, Any]:
    return {
        "port": place.port or 22,
        "username": place.user or "anonymous",
        "password": place.password,
        "known_hosts": None,
        "client_keys": None,
        "config": None,
        "connect_timeout": CONNECT_SECONDS,
    }


def _said(error: asyncssh.SFTPError, place: Place) -> TransferFailed:
    if isinstance(error, asyncssh.SFTPNoSuchFile | asyncssh.SFTPNoSuchPath):
        return TransferFailed(f"There is no {place.shown}.", "missing")
    if isinstance(error, asyncssh.SFTPPermissionDenied):
        return TransferFailed(f"{place.shown} may not be used.", "permission")
    return TransferFailed(f"{place.shown}: {error.reason}.", "failed")
