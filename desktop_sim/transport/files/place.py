"""Where a file is, by its URL; what can go wrong on the way, in a sentence (FW-FT-2, FW-FT-8, FW-FT-10)."""

import ssl
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import unquote, urlsplit

Kind = Literal["address", "scheme", "refused", "permission", "missing", "tls", "stalled", "size", "failed"]

LARGEST = 512 * 1024 * 1024
CONNECT_SECONDS = 30.0
STALL_SECONDS = 60.0
CHUNK = 64 * 1024
"""Bounds of every transfer (FW-FT-7)."""

SCHEMES = ("http", "https", "ftp", "ftps", "sftp")


class TransferFailed(Exception):
    """A file did not get through. `sentence` says why, without any password; `kind` sorts it."""

    def __init__(self, sentence: str, kind: Kind = "failed") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.kind: Kind = kind


@dataclass(frozen=True, slots=True)
class Place:
    """A URL taken apart; user and password are percent-decoded. `url` holds the secrets, `shown` does not."""

    url: str
    scheme: str
    host: str
    port: int | None
    user: str | None
    password: str | None
    path: str
    shown: str
    trust: ssl.SSLContext | None = field(default=None, compare=False)


def place_of(url: str, trust: ssl.SSLContext | None = None) -> Place:
    """The place a URL names. `trust` decides which certificates are believed; None: the system's.

    Raises:
        TransferFailed: it is no URL, or of a scheme nobody here speaks.
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        raise TransferFailed(f"{url[:100]!r} is no address.", "address") from None
    scheme = parts.scheme.lower()
    if not scheme or not parts.hostname:
        raise TransferFailed(
            f"{url[:100]!r} is no complete address; one like ftp://host/file is needed.", "address"
        )
    if scheme not in SCHEMES:
        raise TransferFailed(f"{scheme} is not spoken here; {', '.join(SCHEMES)} are.", "scheme")
    host = parts.hostname
    where = f"[{host}]" if ":" in host else host
    shown = f"{scheme}://{where}{f':{port}' if port else ''}{parts.path}"
    return Place(
        url=url.strip(),
        scheme=scheme,
        host=host,
        port=port,
        user=None if parts.username is None else unquote(parts.username),
        password=None if parts.password is None else unquote(parts.password),
        path=unquote(parts.path) or "/",
        shown=shown,
        trust=trust,
    )


def trust_of(ca_file: str) -> ssl.SSLContext | None:
    """The certificates believed: those of a file, or (empty) None for the system's."""
    return ssl.create_default_context(cafile=ca_file) if ca_file else None


def plainly(error: BaseException, place: Place) -> TransferFailed:
    """What an error of the network means, in a sentence."""
    if isinstance(error, TransferFailed):
        return error
    if isinstance(error, ssl.SSLError):
        reason = getattr(error, "verify_message", "") or error.reason or "TLS failed"
        return TransferFailed(f"The certificate of {place.host} is not trusted: {reason}.", "tls")
    if isinstance(error, TimeoutError):
        return TransferFailed(f"{place.shown} does not answer in time.", "stalled")
    if isinstance(error, ConnectionRefusedError):
        return TransferFailed(f"Nothing listens at {place.host}; is the file server running?", "refused")
    if isinstance(error, OSError):
        return TransferFailed(f"{place.shown} cannot be reached: {error.strerror or error}.", "refused")
    return TransferFailed(f"{place.shown}: {error}", "failed")
