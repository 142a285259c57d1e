"""Files over FTP and FTPS: passive, binary, directories told from files by trying (FW-FT-3, FW-FT-4, FW-FT-6)."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import Literal

import aioftp

from desktop_sim.transport.files.place import (
    CHUNK,
    CONNECT_SECONDS,
    LARGEST,
    STALL_SECONDS,
    Place,
    TransferFailed,
)

PORT = 21
IMPLICIT_PORT = 990


class Client(aioftp.Client):
    """The library's client; it forgets the data connection of a command that is refused, this one closes it."""

    def __init__(self, trust: ssl.SSLContext | None) -> None:
        super().__init__(
            socket_timeout=STALL_SECONDS,
            connection_timeout=CONNECT_SECONDS,
            path_timeout=STALL_SECONDS,
            ssl=trust,
        )
        self._data: list[asyncio.StreamWriter] = []

    async def get_passive_connection(
        self, conn_type: Literal["I", "A", "E", "L"] = "I", commands: Sequence[str] | None = None
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """As the library's; the connection is remembered."""
        reader, writer = await super().get_passive_connection(conn_type, commands)
        self._data.append(writer)
        return reader, writer

    def close(self) -> None:
        """Close everything."""
        for writer in self._data:
            writer.close()
        super().close()


async def download(place: Place, target: Path) -> int:
    """Fetch into `target`; returns the size in bytes. Raises TransferFailed."""
    size = 0
    async with _logged_in(place) as client, client.download_stream(_path(place)) as stream:
        with target.open("wb") as file:
            async for chunk in stream.iter_by_block(CHUNK):
                size += len(chunk)
                if size > LARGEST:
                    raise TransferFailed("The file is larger than 512 MiB.", "size")
                file.write(chunk)
    return size


async def upload(place: Place, source: Path, name: str) -> None:
    """Send; a path that is a directory, or ends in /, gets the name appended."""
    async with _logged_in(place) as client:
        path = _path(place)
        if place.path.endswith("/") or await _is_directory(client, path):
            path = path / name
        async with client.upload_stream(path) as stream:
            with source.open("rb") as file:
                while chunk := file.read(CHUNK):
                    await stream.write(chunk)


async def _is_directory(client: aioftp.Client, path: PurePosixPath) -> bool:
    before = await client.get_current_directory()
    try:
        await client.change_directory(path)
    except aioftp.StatusCodeError:
        return False
    await client.change_directory(before)
    return True


@asynccontextmanager
async def _logged_in(place: Place) -> AsyncIterator[aioftp.Client]:
    client = await _connected(place)
    try:
        await client.login(place.user or "anonymous", place.password or "anon@")
        yield client
    except aioftp.StatusCodeError as error:
        raise _said(error, place) from None
    finally:
        with suppress(Exception):
            await asyncio.wait_for(client.quit(), 2)
        client.close()


async def _connected(place: Place) -> aioftp.Client:
    """FTP as it is; FTPS the implicit or the explicit way, whichever the port suggests first."""
    if place.scheme == "ftp":
        return await _open(place, place.port or PORT, None)
    trust = place.trust or ssl.create_default_context()
    implicit_first = place.port in (None, IMPLICIT_PORT)
    ways = (True, False) if implicit_first else (False, True)
    failure: Exception = TransferFailed(f"{place.shown} cannot be reached.", "refused")
    for implicit in ways:
        port = place.port or (IMPLICIT_PORT if implicit else PORT)
        try:
            client = await _open(place, port, trust if implicit else None)
            return client if implicit else await _upgraded(client, trust)
        except ssl.SSLCertVerificationError:
            raise
        except (OSError, aioftp.AIOFTPException, asyncio.IncompleteReadError, EOFError) as error:
            failure = error
    raise failure


async def _upgraded(client: aioftp.Client, trust: ssl.SSLContext) -> aioftp.Client:
    try:
        await client.upgrade_to_tls(trust)
    except BaseException:
        client.close()
        raise
    return client


async def _open(place: Place, port: int, trust: ssl.SSLContext | None) -> aioftp.Client:
    client = Client(trust)
    try:
        await asyncio.wait_for(
            client.connect(place.host, port), 5 if place.scheme == "ftps" else CONNECT_SECONDS
        )
    except BaseException:
        client.close()
        raise
    return client


def _path(place: Place) -> PurePosixPath:
    return PurePosixPath(place.path.lstrip("/") or ".")


def _said(error: aioftp.StatusCodeError, place: Place) -> TransferFailed:
    code = str(error.received_codes[-1]) if error.received_codes else ""
    if code in ("530", "532"):
        return TransferFailed(f"{place.host} wants another user or password ({code}).", "permission")
    if code == "550":
        return TransferFailed(f"{place.shown} does not exist or may not be used ({code}).", "missing")
    return TransferFailed(
        f"{place.host} answers {code} {' '.join(error.info).strip()}".strip() + ".", "failed"
    )
