"""Where a charging station connects to, and as whom: the address, the credentials, the security profile."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple
from urllib.parse import quote, unquote, unquote_to_bytes

from desktop_sim.transport.url import TEMPLATE, Address, AddressProblem, parse, redacted

__all__ = [
    "AddressProblem",
    "Credentials",
    "Endpoint",
    "PasswordForm",
    "address",
    "basic_authorization",
    "check_security",
    "credentials",
    "password_bytes",
    "placed",
    "redacted",
    "remarks",
]

PasswordForm = Literal["auto", "hex", "text"]

_HEXADECIMAL = re.compile(r"(?:[0-9A-Fa-f]{2}){16,20}")


class Credentials(NamedTuple):
    """What stands in a Basic header: the user's name and the raw bytes of the password (WS-11, WS-12)."""

    user: str
    password: bytes

    def __repr__(self) -> str:
        return f"Credentials({self.user!r}, ***)"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Everything needed to open one connection to a central system.

    `url` may hold `{identity}` and `user:password@`. `password` is the AuthorizationKey as bytes (`password_bytes`).
    Times are in seconds; `ping_interval` 0 means no pings, and a pong is due within min(interval, `pong_timeout`)
    (WS-20). `open_timeout` covers everything from the first packet to the accepted handshake. `proxy` is
    "environment" (the usual variables, never for this machine itself), "none", or the address of a proxy (WS-15).
    The last two fields say how strictly the server's certificate must name the host (SEC-PROF-4).
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
    pong_timeout: float = 10.0
    open_timeout: float = 20.0
    proxy: str = "environment"
    common_name_only: bool = False
    allow_wildcards: bool = False

    def __repr__(self) -> str:
        """Without the password, so that a log may show it (SEC-PWD-2)."""
        return (
            f"Endpoint({redacted(self.url)!r}, {self.identity!r}, security_profile={self.security_profile})"
        )


def address(url: str, identity: str) -> str:
    """The address one station connects to: its percent-encoded identity placed, credentials taken out (WS-1, WS-13).

    The identity goes where the URL says `{identity}`, else behind the path. Raises `AddressProblem`.
    """
    return placed(url, identity).text


def placed(url: str, identity: str) -> Address:
    """The URL's parts with the percent-encoded identity in its place (WS-1). Raises `AddressProblem`."""
    if not identity:
        raise AddressProblem("The station has no identity: the central system could not tell who it is.")
    try:
        encoded = quote(identity, safe="")
    except UnicodeEncodeError:
        raise AddressProblem("The identity holds a character that cannot be written in an address.") from None
    parts = parse(url.replace(TEMPLATE, encoded))
    if TEMPLATE in url:
        return parts
    return parts._replace(
        path=f"{parts.path}{encoded}" if parts.path.endswith("/") else f"{parts.path}/{encoded}"
    )


def credentials(endpoint: Endpoint) -> Credentials | None:
    """What the Basic header will say, or None when there is none to send (SEC-PROF-3, WS-11, WS-13).

    The station's key wins over a password in the URL, because the central system may have changed the key. Profile 3
    does not send the key (SEC-PWD-7). Raises `AddressProblem` for a wrong URL.
    """
    parts = placed(endpoint.url, endpoint.identity)
    key = None if endpoint.security_profile == 3 else endpoint.password
    if key is None and parts.password is not None:
        key = unquote_to_bytes(parts.password)
    if key is None:
        return None
    return Credentials(unquote(parts.user) if parts.user else endpoint.identity, key)


def basic_authorization(user: str, password: bytes) -> str:
    """The Authorization header, built from bytes; the user's name stays as it is (WS-11, WS-12)."""
    return "Basic " + base64.b64encode(user.encode() + b":" + password).decode("ascii")


def password_bytes(key: str, form: PasswordForm = "auto") -> bytes:
    """The bytes that an AuthorizationKey stands for (SEC-PWD-4).

    "auto" decodes 32 to 40 hexadecimal digits and takes everything else as text. Raises `AddressProblem` for a key
    that is said to be hexadecimal and is not.
    """
    if form == "text" or (form == "auto" and not _HEXADECIMAL.fullmatch(key)):
        return key.encode()
    if not re.fullmatch(r"(?:[0-9A-Fa-f]{2})+", key):
        raise AddressProblem(
            "The authorization key is said to be hexadecimal, but is not an even number of the digits 0-9 and A-F."
        )
    return bytes.fromhex(key)


def check_security(endpoint: Endpoint) -> None:
    """See that address, key and certificate fit the security profile. Raises `AddressProblem` if they contradict it."""
    parts = placed(endpoint.url, endpoint.identity)
    profile, secure = endpoint.security_profile, parts.scheme == "wss"
    if profile not in (0, 1, 2, 3):
        raise AddressProblem(f"There is no security profile {profile}: choose 0, 1, 2 or 3.")
    if profile == 1 and secure:
        raise AddressProblem(
            "Security profile 1 is without TLS, but the address begins with wss://: use profile 2, or ws://."
        )
    if profile in (2, 3) and not secure:
        raise AddressProblem(
            f"Security profile {profile} needs TLS, but the address begins with ws://: write wss://."
        )
    if profile in (1, 2) and credentials(endpoint) is None:
        raise AddressProblem(f"Security profile {profile} needs a password: set the authorization key.")
    if profile == 3 and endpoint.client_certificate_file is None:
        raise AddressProblem(
            "Security profile 3 needs a client certificate: give its file, and the file of its key."
        )
    if endpoint.client_key_file is not None and endpoint.client_certificate_file is None:
        raise AddressProblem(
            "There is a client key without a client certificate: give the file of the certificate too."
        )


def remarks(endpoint: Endpoint) -> tuple[str, ...]:
    """Sentences about what will work but is probably not meant. Raises `AddressProblem` for a wrong URL."""
    found = []
    known = credentials(endpoint)
    if known is not None and ":" in known.user:
        found.append(
            f'The user name "{known.user}" holds a colon: a server cannot tell where the password begins.'
        )
    encoded = quote(endpoint.identity, safe="")
    if TEMPLATE not in endpoint.url and parse(endpoint.url).path.rstrip("/").rpartition("/")[2] == encoded:
        found.append(
            f"The address ends with the identity already, which is put behind it again: "
            f"{address(endpoint.url, endpoint.identity)}. Write {TEMPLATE} in its place if that is not meant."
        )
    return tuple(found)
