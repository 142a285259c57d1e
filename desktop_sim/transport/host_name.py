"""Does a server certificate belong to the host in the address? (SEC-PROF-4)

OpenSSL looks at the common name only if there is no subjectAltName, and accepts wildcards. The security whitepaper
wants the common name to match and discourages the rest, so the names are compared here, inside the TLS handshake.
"""

from __future__ import annotations

import ipaddress
import ssl
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class NameRule:
    """How strictly a certificate must name its host: common name or subjectAltName, wildcards or not."""

    common_name_only: bool = False
    allow_wildcards: bool = False


class HostNameMismatch(ssl.SSLCertVerificationError):
    """The certificate is sound, but issued for other names."""

    def __init__(self, host: str, names: tuple[str, ...], by_wildcard: bool) -> None:
        super().__init__(1, f"certificate is not for {host}")
        self.host = host
        self.names = names
        self.by_wildcard = by_wildcard


class NamedContext(ssl.SSLContext):
    """A client context that compares names by `name_rule`; None compares nothing."""

    name_rule: NameRule | None = None


class _CheckedObject(ssl.SSLObject):
    """Checks the server's names as the last step of the handshake, before a byte of ours goes out."""

    def do_handshake(self) -> None:
        super().do_handshake()
        rule = self.context.name_rule if isinstance(self.context, NamedContext) else None
        if rule is not None:
            check_names(self.getpeercert() or {}, self.server_hostname or "", rule)


def named_context(rule: NameRule | None) -> NamedContext:
    """A client context that requires a trusted certificate, and one that names the host unless `rule` is None."""
    context = NamedContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.name_rule = rule
    context.sslobject_class = _CheckedObject
    return context


def check_names(certificate: Mapping[str, Any], host: str, rule: NameRule) -> None:
    """Raise `HostNameMismatch` unless the certificate, as `getpeercert` gives it, is for this host."""
    names = certificate_names(certificate, rule.common_name_only)
    if any(_matches(name, host, rule.allow_wildcards) for name in names):
        return
    raise HostNameMismatch(host, names, any(_matches(name, host, True) for name in names))


def certificate_names(certificate: Mapping[str, Any], common_name_only: bool = False) -> tuple[str, ...]:
    """The names a certificate is for: its common names first, then the subjectAltNames, each once."""
    names = list(_common_names(certificate))
    if not common_name_only:
        alternatives = certificate.get("subjectAltName", ())
        names += [value for kind, value in alternatives if kind in ("DNS", "IP Address")]
    return tuple(dict.fromkeys(names))


def _common_names(certificate: Mapping[str, Any]) -> Iterable[str]:
    for part in certificate.get("subject", ()):
        for kind, value in part:
            if kind == "commonName":
                yield value


def _matches(name: str, host: str, wildcards: bool) -> bool:
    address = _ip_address(host)
    if address is not None:
        return _ip_address(name) == address
    name, host = name.rstrip(".").lower(), host.rstrip(".").lower()
    if wildcards and name.startswith("*."):
        first, dot, rest = host.partition(".")
        return bool(first and dot) and "." in rest and rest == name[2:]
    return name == host


def _ip_address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None
