"""The charging station's side of a WebSocket."""

from __future__ import annotations

import asyncio
import logging
import ssl
from dataclasses import dataclass, replace
from typing import Any, cast
from urllib.parse import urljoin

from websockets.asyncio.client import ClientConnection
from websockets.asyncio.client import connect as open_websocket
from websockets.exceptions import InvalidMessage, InvalidStatus
from websockets.http11 import Response
from websockets.typing import Subprotocol

from desktop_sim.transport.attempt import Attempt, attempt_at, shown_certificate
from desktop_sim.transport.endpoint import (
    Credentials,
    Endpoint,
    basic_authorization,
    check_security,
    credentials,
    placed,
)
from desktop_sim.transport.host_name import NameRule
from desktop_sim.transport.http_refusals import redirect_refused, refused_by_status
from desktop_sim.transport.link import LinkRefused
from desktop_sim.transport.refusals import missing_subprotocol, refusal
from desktop_sim.transport.socket_link import CLOSE_TIMEOUT, MAX_SIZE, SocketLink
from desktop_sim.transport.tls import TlsProblem, client_context
from desktop_sim.transport.url import Address, AddressProblem, parse

# At debug level the library would log the headers of each request, the password among them (SEC-PWD-2).
LIBRARY_LOG = logging.getLogger("desktop_sim.transport.library")
LIBRARY_LOG.setLevel(logging.INFO)

_REDIRECTS = (301, 302, 303, 307, 308)


class ClientLink(SocketLink):
    """The station's end of one connection. `address` is where it leads, `proxy` through what, both fit for logs."""

    def __init__(self, connection: ClientConnection, endpoint: Endpoint, attempt: Attempt) -> None:
        super().__init__(
            connection, "server", ping_interval=endpoint.ping_interval, pong_timeout=endpoint.pong_timeout
        )
        self.address = attempt.url
        self.proxy = attempt.proxy


async def connect(endpoint: Endpoint) -> ClientLink:
    """Open a connection to the central system (WS-1 to WS-4, WS-11, SEC-PROF-3 to SEC-PROF-7).

    Credentials go out with the first request. One redirect within the same scheme is followed, without credentials if
    it leads to another host or port. Raises `LinkRefused`, whatever goes wrong.
    """
    try:
        check_security(endpoint)
        target = placed(endpoint.url, endpoint.identity)
    except AddressProblem as problem:
        raise LinkRefused(problem.sentence, "address") from None
    context = await _context(endpoint) if target.scheme == "wss" else None
    first = await _open(endpoint, target, context, True)
    if isinstance(first, ClientLink):
        return first
    onward = _onward(first, target)
    second = await _open(endpoint, onward, context, onward.origin == target.origin)
    if isinstance(second, ClientLink):
        return second
    raise redirect_refused(second.response, second.attempt, "it is the second one in a row")


@dataclass(frozen=True, slots=True)
class _Redirect:
    """The server pointed elsewhere."""

    response: Response
    attempt: Attempt


class _Opening(open_websocket):
    """Opens one connection and follows no redirect. `opened` is the connection as soon as TCP and TLS stand."""

    def __init__(
        self,
        endpoint: Endpoint,
        target: Address,
        proxy: str | None,
        known: Credentials | None,
        context: ssl.SSLContext | None,
    ) -> None:
        super().__init__(
            target.text,
            subprotocols=[Subprotocol(name) for name in endpoint.subprotocols] or None,
            additional_headers={"Authorization": basic_authorization(*known)} if known else None,
            compression="deflate" if endpoint.compression else None,
            proxy=proxy,
            open_timeout=endpoint.open_timeout,
            ping_interval=None,
            close_timeout=CLOSE_TIMEOUT,
            max_size=MAX_SIZE,
            logger=LIBRARY_LOG,
            create_connection=cast("type[ClientConnection]", self._make),
            ssl=context,
        )
        self._made: ClientConnection | None = None

    @property
    def opened(self) -> ClientConnection | None:
        return self._made if hasattr(self._made, "transport") else None

    def _make(self, *arguments: Any, **options: Any) -> ClientConnection:
        self._made = ClientConnection(*arguments, **options)
        return self._made

    def process_redirect(self, exc: Exception) -> Exception | str:
        return exc


async def _open(
    endpoint: Endpoint, target: Address, context: ssl.SSLContext | None, trusted: bool
) -> ClientLink | _Redirect:
    """One attempt. The credentials go only to a trusted target."""
    known = credentials(endpoint) if trusted else None
    attempt = attempt_at(target, endpoint, known is not None)
    opening: _Opening | None = None
    try:
        opening = _Opening(endpoint, target, attempt.proxy_url, known, context)
        connection = await opening
    except Exception as problem:
        if isinstance(problem, InvalidStatus) and problem.response.status_code in _REDIRECTS:
            return _Redirect(problem.response, attempt)
        opened = opening.opened if opening else None
        raise refusal(_root(problem, opened), replace(attempt, reached=opened is not None)) from problem
    return await _agreed(ClientLink(connection, endpoint, attempt), endpoint, attempt)


async def _agreed(link: ClientLink, endpoint: Endpoint, attempt: Attempt) -> ClientLink:
    """The link, if the server agreed to a sub-protocol; the library only refuses a wrong one (WS-3)."""
    if link.subprotocol or endpoint.tolerate_missing_subprotocol:
        return link
    await link.close(1002, "no sub-protocol agreed on")
    raise missing_subprotocol(attempt)


async def _context(endpoint: Endpoint) -> ssl.SSLContext:
    """What to trust and show, read in a thread because files and certificates take a while."""
    shown = shown_certificate(endpoint)
    try:
        return await asyncio.to_thread(
            client_context,
            endpoint.ca_file,
            endpoint.client_certificate_file if shown else None,
            endpoint.client_key_file if shown else None,
            verify_host_name=endpoint.verify_host_name,
            rule=NameRule(endpoint.common_name_only, endpoint.allow_wildcards),
        )
    except TlsProblem as problem:
        raise LinkRefused(problem.sentence, "tls") from None


def _root(problem: Exception, opened: ClientConnection | None) -> BaseException:
    """The trouble with TCP or TLS behind an answer that broke off, if the connection knows of one."""
    if opened is None or not isinstance(problem, InvalidMessage):
        return problem
    # The library has renamed the attribute over time.
    return getattr(opened, "connection_exc", None) or getattr(opened, "recv_exc", None) or problem


def _onward(redirect: _Redirect, target: Address) -> Address:
    """Where a redirect leads, if we may go there (WS-4)."""
    response, attempt = redirect.response, redirect.attempt
    location = response.headers.get("Location", "")
    if not location:
        raise refused_by_status(response, attempt)
    url = urljoin("http" + target.text.removeprefix("ws"), location)
    try:
        onward = parse("ws" + url.removeprefix("http") if url.startswith("http") else url)
    except AddressProblem:
        raise redirect_refused(response, attempt, "that is no WebSocket address") from None
    if onward.scheme != target.scheme:
        raise redirect_refused(response, attempt, f"it leaves {target.scheme}://")
    return onward
