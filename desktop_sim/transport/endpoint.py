"""Where a charging station connects to, and as whom: addresses, credentials, security profiles."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple
from urllib.parse import SplitResult, quote, unquote, unquote_to_bytes, urlsplit

PasswordForm = Literal["auto", "hex", "text"]

_TEMPLATE = "{identity}"
_HEXADECIMAL = re.compile(r"(?:[0-9A-Fa-f]{2}){16,20}")


class AddressProblem(ValueError):
    """The address, or what is to be used with it, cannot work. `sentence` says why and what would."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Credentials(NamedTuple):
    """What stands in a Basic header: the user's name and the raw bytes of the password (WS-11, WS-12)."""

    user: str
    password: bytes


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Everything needed to open one connection to a central system.

    `url` may hold `{identity}` and `user:password@`. `password` is the AuthorizationKey as bytes (see
    `password_bytes`). Times are in seconds; a `ping_interval` of 0 means no pings (WS-20). `proxy` is "environment"
    (the usual variables, never for this machine itself), "none", or the address of a proxy (WS-15).
    """

    url: str
    identity: str
    password: bytes | None = None
    ca_file: Path | None = None
    client_certificate_file: Path | None = None
    client_key_file: Path | None = None
    verify_host_name: bool = True
    security_profile: int = 0
    ping_interval: int = 60
    compression: bool = False
    tolerate_missing_subprotocol: bool = False
    subprotocols: tuple[str, ...] = ("ocpp1.6",)
    open_timeout: float = 20.0
    proxy: str = "environment"
    common_name_only: bool = False
    allow_wildcards: bool = False

    def __repr__(self) -> str:
        return (
            f"Endpoint({redacted(self.url)!r}, {self.identity!r}, security_profile={self.security_profile})"
        )


def address(url: str, identity: str) -> str:
    """The address one station connects to (WS-1): its percent-encoded identity placed, credentials taken out.

    The identity goes where the URL says `{identity}`, else behind the path. Raises `AddressProblem`.
    """
    encoded = quote(identity, safe="")
    parts = _split(url.replace(_TEMPLATE, encoded))
    path = parts.path
    if _TEMPLATE not in url:
        path = f"{path.rstrip('/')}/{encoded}" if path.endswith("/") else f"{path}/{encoded}"
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.scheme}://{_host_and_port(parts)}{path or '/'}{query}"


def credentials(endpoint: Endpoint) -> Credentials | None:
    """What the Basic header will say, or None when there is none to send (SEC-PROF-3, WS-11, WS-13).

    The key of the station wins over a password in the URL, because the central system may have changed the key.
    """
    parts = _split(endpoint.url.replace(_TEMPLATE, quote(endpoint.identity, safe="")))
    in_url = parts.password is not None
    key = None if endpoint.security_profile == 3 else endpoint.password
    if key is None and not in_url:
        return None
    user = unquote(parts.username) if parts.username else endpoint.identity
    return Credentials(user, key if key is not None else unquote_to_bytes(parts.password or ""))


def basic_authorization(user: str, password: bytes) -> str:
    """The value of the Authorization header, built from bytes; the user's name stays as it is (WS-11, WS-12)."""
    return "Basic " + base64.b64encode(user.encode() + b":" + password).decode("ascii")


def password_bytes(key: str, form: PasswordForm = "auto") -> bytes:
    """The bytes that an AuthorizationKey stands for (SEC-PWD-4).

    "auto" decodes 32 to 40 hexadecimal digits and takes everything else as text. Raises `AddressProblem` for a key
    that is said to be hexadecimal and is not.
    """
    if form == "text" or (form == "auto" and not _HEXADECIMAL.fullmatch(key)):
        return key.encode()
    try:
        return bytes.fromhex(key)
    except ValueError:
        raise AddressProblem(
            "The authorization key is said to be hexadecimal, but it is not an even number of the digits 0-9 and A-F."
        ) from None


def redacted(url: str) -> str:
    """The URL without its password, fit for logs (WS-13). Works on wrong URLs too."""
    return re.sub(r"(://[^/?#@\s:]*):[^/?#\s]*@", r"\1:***@", url)


def _split(url: str) -> SplitResult:
    """The parts of a sound URL."""
    parts = urlsplit(url)
    if parts.scheme not in ("ws", "wss") or not parts.hostname:
        raise AddressProblem(f"“{redacted(url)}” is no WebSocket address.")
    return parts


def _host_and_port(parts: SplitResult) -> str:
    """Host and port as they stand in the URL, without user and password."""
    return parts.netloc.rpartition("@")[2]
