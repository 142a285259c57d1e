"""Addresses as people type them: taken apart, or refused with a sentence that says what was probably meant."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import SplitResult, quote, urlsplit

TEMPLATE = "{identity}"
"""What stands in a URL for the identity of the station (WS-1)."""

_EXAMPLE = "It looks like ws://localhost:9000 or wss://csms.example.com/ocpp."
_MEANT = {"http": "ws", "https": "wss"}
_KEPT = "%/:@!$&'()*+,;=?-._~[]"
_HOST = re.compile(r"[\w.-]+")
# The password is everything up to the last @ of the host part; failing that, a colon which no port follows gives away
# a password with a slash in it.
_IN_HOST_PART = re.compile(r"(^(?!\w+:/)|//)([^/?#@:\[\s]*):[^/?#]*@")
_WITH_SLASHES = re.compile(r"(^(?!\w+:/)|//)([^/?#@:\[\s]*):(?!\d+(?:[/?#]|$)).*@")


class AddressProblem(ValueError):
    """The address, or what is to be used with it, cannot work. `sentence` says why and what would."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Address(NamedTuple):
    """A sound WebSocket URL in its parts; everything still percent-encoded, the host in its ASCII form."""

    scheme: str
    user: str | None
    password: str | None
    host: str
    port: int | None
    path: str
    query: str

    @property
    def origin(self) -> tuple[str, str, int]:
        """Scheme, host and port, the port also when the URL leaves it out."""
        return self.scheme, self.host, self.port or (443 if self.scheme == "wss" else 80)

    @property
    def text(self) -> str:
        """The URL without user and password (WS-13)."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port is None else f":{self.port}"
        query = f"?{self.query}" if self.query else ""
        return f"{self.scheme}://{host}{port}{self.path or '/'}{query}"


def redacted(url: str) -> str:
    """The URL without its password, fit for logs (WS-13). Works on wrong URLs too."""
    if _IN_HOST_PART.search(url):
        return _IN_HOST_PART.sub(r"\1\2:***@", url, count=1)
    return _WITH_SLASHES.sub(r"\1\2:***@", url, count=1)


def parse(url: str) -> Address:
    """Take a WebSocket URL apart. Raises `AddressProblem` for all that cannot be connected to."""
    url = url.strip()
    _check_characters(url)
    _check_scheme(url)
    try:
        parts = urlsplit(url)
    except ValueError:
        wrong = (
            "the brackets do not hold an IPv6 address"
            if "[" in url or "]" in url
            else "the host is malformed"
        )
        raise AddressProblem(f'"{redacted(url)}" cannot be read: {wrong}.') from None
    if parts.fragment or url.endswith("#"):
        raise AddressProblem(f'An address has no # part: write %23 for a # in "{redacted(url)}".')
    host = _host(parts, url)
    return Address(
        scheme=parts.scheme,
        user=parts.username,
        password=parts.password,
        host=host,
        port=_port(parts, url),
        path=quote(parts.path, safe=_KEPT),
        query=quote(parts.query, safe=_KEPT),
    )


def _check_characters(url: str) -> None:
    if not url:
        raise AddressProblem(f"There is no address. {_EXAMPLE}")
    if any(ord(letter) < 32 or ord(letter) == 127 for letter in url):
        raise AddressProblem(f"There is a line break or control character in the address. {_EXAMPLE}")
    if any(letter.isspace() for letter in url):
        raise AddressProblem(
            f'There is a space in "{redacted(url)}". Take it out, or write %20 where it belongs.'
        )
    if "\\" in url:
        raise AddressProblem(
            f'There is a \\ in "{redacted(url)}". Addresses use /: {redacted(url).replace(chr(92), "/")}'
        )
    if strange := re.search(r"[{}<>]", url):
        raise AddressProblem(
            f'There is a {strange[0]} in "{redacted(url)}". Replace the placeholder; only {TEMPLATE} is filled in here.'
        )


def _check_scheme(url: str) -> None:
    scheme, separator, rest = url.partition("://")
    scheme = scheme.lower()
    if separator and scheme in ("ws", "wss"):
        return
    if separator and scheme in _MEANT:
        meant = f"{_MEANT[scheme]}://{rest}"
        raise AddressProblem(
            f'"{redacted(url)}" is the address of a web page: did you mean {redacted(meant)}?'
        )
    if separator and re.fullmatch(r"[a-z][a-z0-9+.-]*", scheme):
        raise AddressProblem(
            f'"{scheme}" does not work here: the address begins with ws:// or wss://. {_EXAMPLE}'
        )
    if short := re.match(r"(wss?|https?):/*(?!\d+(?:/|$))(.+)", url, re.IGNORECASE):
        name = short[1].lower()
        meant = f"{_MEANT.get(name, name)}://{short[2]}"
    else:
        bare = url.lstrip(":/")
        meant = f"{'wss' if re.search(r':8?443(?:/|$)', bare) else 'ws'}://{bare}"
    raise AddressProblem(
        f'"{redacted(url)}" does not begin with ws:// or wss://: did you mean {redacted(meant)}?'
    )


def _host(parts: SplitResult, url: str) -> str:
    if "[" not in parts.netloc and parts.netloc.rpartition("@")[2].count(":") > 1:
        raise AddressProblem(
            f'Write an IPv6 address in brackets, as in ws://[::1]:9000, not "{redacted(url)}".'
        )
    host = parts.hostname or ""
    if not host:
        raise AddressProblem(f'There is no host in "{redacted(url)}". {_EXAMPLE}')
    if ":" in host:
        return host
    if not _HOST.fullmatch(host):
        raise AddressProblem(f'"{host}" is no host name: letters, digits, dots and hyphens only. {_EXAMPLE}')
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        raise AddressProblem(
            f'"{host}" is no host name: a part between the dots is empty or too long.'
        ) from None


def _port(parts: SplitResult, url: str) -> int | None:
    try:
        port = parts.port
    except ValueError:
        port = 0
    if port == 0:
        hint = (
            " In a password, write %2F for / and %3F for ?." if "@" in url and "@" not in parts.netloc else ""
        )
        raise AddressProblem(f'The port in "{redacted(url)}" must be a number from 1 to 65535.{hint}')
    return port
