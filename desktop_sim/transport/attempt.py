"""What is known about one attempt to connect, for the sentence when it fails."""

from __future__ import annotations

from dataclasses import dataclass

from desktop_sim.transport.endpoint import Endpoint
from desktop_sim.transport.proxy import proxy_for
from desktop_sim.transport.url import Address, redacted


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt at one address. `proxy_url` may hold a password, `proxy` and `url` are fit for logs; seconds."""

    url: str
    identity: str
    host: str
    port: int
    secure: bool
    proxy_url: str | None
    subprotocols: tuple[str, ...]
    with_credentials: bool
    with_certificate: bool
    open_timeout: float
    reached: bool = False

    @property
    def place(self) -> str:
        """Host and port as one writes them."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def proxy(self) -> str | None:
        """The proxy without its password."""
        return redacted(self.proxy_url) if self.proxy_url else None

    @property
    def offered(self) -> str:
        """The sub-protocols we offer, as a text."""
        return " or ".join(self.subprotocols) or "no sub-protocol"


def attempt_at(target: Address, endpoint: Endpoint, with_credentials: bool) -> Attempt:
    """The attempt to reach `target` on behalf of `endpoint`; decides about the proxy (WS-15)."""
    scheme, host, port = target.origin
    secure = scheme == "wss"
    return Attempt(
        url=target.text,
        identity=endpoint.identity,
        host=host,
        port=port,
        secure=secure,
        proxy_url=proxy_for(endpoint.proxy, secure, host, port),
        subprotocols=endpoint.subprotocols,
        with_credentials=with_credentials,
        with_certificate=shown_certificate(endpoint),
        open_timeout=endpoint.open_timeout,
    )


def shown_certificate(endpoint: Endpoint) -> bool:
    """Does the station show a certificate? Profile 2 knows none, so one that is prepared for profile 3 stays hidden."""
    return endpoint.client_certificate_file is not None and endpoint.security_profile != 2
