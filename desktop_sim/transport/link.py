"""One open connection to the other side, whatever carries it: a WebSocket or memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

RefusalKind = Literal["address", "dns", "refused", "timeout", "tls", "http", "subprotocol", "proxy"]
Ending = Literal["us", "them", "network"]


@dataclass(frozen=True, slots=True)
class InvalidMessage:
    """A message that is no text, and that therefore never becomes a frame of ours (WS-6).

    `kind` says why: "binary" leaves the link open; after "utf-8" (close code 1007) and "oversize" (1009) the next
    `receive` raises `LinkClosed`.
    """

    kind: Literal["binary", "utf-8", "oversize"]


class LinkClosed(Exception):
    """The link is over.

    `code` is the WebSocket close code (1006: no close frame was seen), `reason` the words of whoever closed, `by`
    tells who ended it and `sentence` says it to a person.
    """

    def __init__(self, code: int, sentence: str, reason: str = "", by: Ending = "network") -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.reason = reason
        self.by: Ending = by


class LinkRefused(Exception):
    """No link came about.

    `sentence` tells a technician what happened and what to do; `kind` sorts it; `status` is the HTTP status, if the
    server gave one. `security_event` names the security event that belongs to it (SEC-PROF-5, SEC-PROF-6, WS-4):
    InvalidCentralSystemCertificate, InvalidTLSVersion, InvalidTLSCipherSuite or FailedToAuthenticateAtCentralSystem.
    """

    def __init__(
        self,
        sentence: str,
        kind: RefusalKind,
        status: int | None = None,
        security_event: str | None = None,
    ) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.kind: RefusalKind = kind
        self.status = status
        self.security_event = security_event


class Link(Protocol):
    """One open connection. Everything runs on the event loop it was made on; one reader at a time."""

    @property
    def subprotocol(self) -> str:
        """The sub-protocol both sides agreed on; empty if the server named none and that is tolerated (WS-3)."""

    async def send(self, text: str) -> None:
        """Send one text message (WS-6). Raises `LinkClosed` when the link is over."""

    async def receive(self) -> str | InvalidMessage:
        """Wait for the next message. Raises `LinkClosed` when the link is over and all before it has been read."""

    def set_ping_interval(self, seconds: int) -> None:
        """Ping every so many seconds from now on; 0 for never (WS-20)."""

    async def close(self, code: int = 1000, reason: str = "") -> None:
        """Say goodbye and wait until the connection is gone; never longer than a few seconds (WS-9)."""

    def abort(self) -> None:
        """Cut the connection at once, without a close frame."""
