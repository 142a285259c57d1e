"""Files over HTTP and HTTPS (FW-FT-5, FW-FT-7)."""

from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import httpx

from desktop_sim.transport.files.place import (
    CHUNK,
    CONNECT_SECONDS,
    LARGEST,
    STALL_SECONDS,
    Place,
    TransferFailed,
)

REDIRECTS = 5
_OTHER_WAY = (405, 501)


async def download(place: Place, target: Path) -> int:
    """Fetch into `target`; returns the size in bytes. Raises TransferFailed."""
    async with _client(place) as client:
        url = httpx.URL(place.url)
        for _ in range(REDIRECTS + 1):
            async with client.stream("GET", url) as response:
                if response.is_redirect:
                    url = _followed(url, response)
                    continue
                _check(response, place)
                return await _store(response, target)
    raise TransferFailed(f"{place.shown} redirects more than {REDIRECTS} times.")


async def upload(place: Place, source: Path, name: str) -> None:
    """Send by PUT, and where that is not known by POST as a form; a URL ending in / gets the name appended."""
    url = _named(place.url, name)
    async with _client(place) as client:
        response = await client.put(url, content=_chunks(source))
        if response.status_code in (404, *_OTHER_WAY):
            with source.open("rb") as file:
                other = await client.post(place.url, files={"file": (name, file)})
            response = other if other.status_code < 400 or response.status_code in _OTHER_WAY else response
        _check(response, place)


def _client(place: Place) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        verify=place.trust or True,
        timeout=httpx.Timeout(STALL_SECONDS, connect=CONNECT_SECONDS),
        auth=httpx.BasicAuth(place.user, place.password or "") if place.user is not None else None,
        follow_redirects=False,
    )


def _followed(url: httpx.URL, response: httpx.Response) -> httpx.URL:
    target = url.join(response.headers.get("location", ""))
    if url.scheme == "https" and target.scheme != "https":
        raise TransferFailed("The server redirects from https to http; that is not followed.", "tls")
    return target


def _check(response: httpx.Response, place: Place) -> None:
    code = response.status_code
    if code < 300:
        return
    if code in (401, 403):
        raise TransferFailed(f"{place.shown} wants another user or password ({code}).", "permission")
    if code == 404:
        raise TransferFailed(f"There is no {place.shown} (404).", "missing")
    raise TransferFailed(f"{place.shown} answers {code} {response.reason_phrase}.", "failed")


async def _store(response: httpx.Response, target: Path) -> int:
    size = 0
    with target.open("wb") as file:
        async for chunk in response.aiter_bytes(CHUNK):
            size += len(chunk)
            if size > LARGEST:
                raise TransferFailed("The file is larger than 512 MiB.", "size")
            file.write(chunk)
    return size


async def _chunks(source: Path) -> AsyncIterator[bytes]:
    with source.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


def _named(url: str, name: str) -> str:
    parts = urlsplit(url)
    if not parts.path.endswith("/") and parts.path:
        return url
    return urlunsplit(parts._replace(path=(parts.path or "/") + quote(name)))
