"""Why no connection came about, in words a technician can act on."""

from __future__ import annotations

import errno
import re
import socket
import ssl

from websockets.exceptions import (
    InvalidHandshake,
    InvalidHeader,
    InvalidMessage,
    InvalidProxy,
    InvalidStatus,
    NegotiationError,
    ProxyError,
)

from desktop_sim.transport.attempt import Attempt
from desktop_sim.transport.http_refusals import refused_by_status
from desktop_sim.transport.link import LinkRefused
from desktop_sim.transport.tls_refusals import refused_by_tls


def refusal(problem: BaseException, attempt: Attempt) -> LinkRefused:
    """The refusal that an exception of the attempt means."""
    if isinstance(problem, InvalidStatus):
        return refused_by_status(problem.response, attempt)
    if isinstance(problem, ssl.SSLError):
        return refused_by_tls(problem, attempt)
    if isinstance(problem, (ProxyError, InvalidProxy, ImportError)):
        return _by_proxy(problem, attempt)
    if isinstance(problem, socket.gaierror):
        return _by_name(problem, attempt)
    if isinstance(problem, TimeoutError):
        return _by_silence(attempt)
    if isinstance(problem, OSError):
        return _by_network(problem, attempt)
    return _by_handshake(problem, attempt)


def missing_subprotocol(attempt: Attempt) -> LinkRefused:
    """The server accepted, but agreed on no sub-protocol (WS-3)."""
    return LinkRefused(
        f"The server at {attempt.place} does not agree to {attempt.offered}: it named no sub-protocol. Is this the "
        f"OCPP 1.6 JSON address? If the server just forgets the header, tolerate the missing sub-protocol.",
        "subprotocol",
        101,
    )


def _by_proxy(problem: BaseException, attempt: Attempt) -> LinkRefused:
    if isinstance(problem, ImportError):
        return LinkRefused(
            f"The proxy {attempt.proxy} is a SOCKS proxy, which needs the Python package python-socks: install it, or "
            f"exempt {attempt.host} with the environment variable no_proxy.",
            "proxy",
        )
    if isinstance(problem, InvalidProxy):
        return LinkRefused(
            f'"{attempt.proxy}" is not the address of a proxy ({problem.msg}): it looks like http://proxy.example:3128.',
            "proxy",
        )
    response = getattr(problem, "response", None)
    answer = (
        f"refused the connection to {attempt.place} with status {response.status_code}"
        if response
        else (f"did not open the connection to {attempt.place}")
    )
    return LinkRefused(
        f"The proxy {attempt.proxy} {answer}. Correct the proxy settings, or exempt {attempt.host} with the "
        f"environment variable no_proxy.",
        "proxy",
        response.status_code if response else None,
    )


def _by_name(problem: socket.gaierror, attempt: Attempt) -> LinkRefused:
    if attempt.proxy:
        return _proxy_unreachable(attempt, "its name cannot be resolved")
    if problem.errno == getattr(socket, "EAI_AGAIN", None):
        sentence = (
            f'No name server answers, so "{attempt.host}" cannot be found: check the network connection.'
        )
    else:
        sentence = f'There is no host named "{attempt.host}": check the spelling, or write its IP address.'
    return LinkRefused(sentence, "dns")


def _by_silence(attempt: Attempt) -> LinkRefused:
    limit = f"{attempt.open_timeout:g} s"
    if attempt.reached:
        return LinkRefused(
            f"{attempt.place} takes the connection but does not answer the WebSocket request within {limit}: "
            f"the server is overloaded, or something else listens on this port.",
            "timeout",
        )
    if attempt.proxy:
        return _proxy_unreachable(attempt, f"no connection within {limit}")
    tls = ", whether the port speaks TLS," if attempt.secure else ""
    return LinkRefused(
        f"{attempt.place} does not answer within {limit}: check host and port{tls} and whether a firewall blocks it.",
        "timeout",
    )


def _by_network(problem: OSError, attempt: Attempt) -> LinkRefused:
    numbers = _error_numbers(problem)
    if attempt.proxy and not attempt.reached:
        return _proxy_unreachable(attempt, problem.strerror or str(problem))
    if errno.ECONNREFUSED in numbers:
        return LinkRefused(
            f"Nothing listens on {attempt.place}: start the central system, or check the port.", "refused"
        )
    if numbers & {
        errno.ENETUNREACH,
        errno.EHOSTUNREACH,
        errno.ENETDOWN,
        errno.EHOSTDOWN,
        errno.EADDRNOTAVAIL,
    }:
        return LinkRefused(
            f"There is no way to {attempt.place}: check the network connection and the host.", "refused"
        )
    if isinstance(problem, (ConnectionResetError, ConnectionAbortedError, BrokenPipeError)):
        return _hung_up(attempt)
    return LinkRefused(f"The connection to {attempt.place} failed: {problem.strerror or problem}.", "refused")


def _proxy_unreachable(attempt: Attempt, why: str) -> LinkRefused:
    return LinkRefused(
        f"The proxy {attempt.proxy} cannot be reached ({why}). Correct the proxy settings, or exempt {attempt.host} "
        f"with the environment variable no_proxy.",
        "proxy",
    )


def _error_numbers(problem: OSError) -> set[int]:
    """The error numbers of all addresses tried; asyncio hands several of them over as one text."""
    found = {int(number) for number in re.findall(r"\[Errno (\d+)\]", str(problem))}
    return found | ({problem.errno} if problem.errno else set())


def _hung_up(attempt: Attempt) -> LinkRefused:
    if attempt.secure and not attempt.reached:
        return LinkRefused(
            f"{attempt.place} hung up during the TLS handshake, without a word. Either the port does not speak TLS "
            f"(then write ws://), or it wants another TLS version, cipher suite or client certificate: see its log.",
            "tls",
        )
    hint = (
        "It may want a client certificate, or another one."
        if attempt.secure
        else "If the port speaks TLS, write wss:// instead of ws://."
    )
    return LinkRefused(f"{attempt.place} hung up during the handshake, without a word. {hint}", "http")


def _by_handshake(problem: BaseException, attempt: Attempt) -> LinkRefused:
    if isinstance(problem, InvalidMessage):
        if isinstance(problem.__cause__, EOFError):
            return _hung_up(attempt)
        hint = "" if attempt.secure else " If it speaks TLS, write wss:// instead of ws://."
        return LinkRefused(
            f"What listens on {attempt.place} does not speak HTTP: check the port.{hint}", "http"
        )
    if _about_subprotocol(problem):
        return LinkRefused(
            f"The server at {attempt.place} chose a sub-protocol that was not offered ({problem}); the station offered "
            f"{attempt.offered}. Is this the OCPP 1.6 JSON address?",
            "subprotocol",
            101,
        )
    if isinstance(problem, InvalidHandshake):
        return LinkRefused(
            f"The server at {attempt.place} does not speak WebSocket properly ({problem}): something between it and "
            f"the station, such as a proxy, may spoil the handshake.",
            "http",
            101,
        )
    return LinkRefused(
        f"The connection to {attempt.place} failed: {str(problem) or type(problem).__name__}.", "http"
    )


def _about_subprotocol(problem: BaseException) -> bool:
    if isinstance(problem, NegotiationError):
        return "subprotocol" in str(problem)
    return isinstance(problem, InvalidHeader) and problem.name == "Sec-WebSocket-Protocol"
