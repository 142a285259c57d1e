"""A server that answers the WebSocket request with an HTTP status: what that means for a station (WS-4)."""

from __future__ import annotations

import re

from websockets.http11 import Response

from desktop_sim.transport.attempt import Attempt
from desktop_sim.transport.link import LinkRefused

_NOT_AUTHENTICATED = "FailedToAuthenticateAtCentralSystem"
_LONGEST_QUOTE = 120  # characters


def refused_by_status(response: Response, attempt: Attempt) -> LinkRefused:
    """The refusal that a status other than 101 means."""
    status = response.status_code
    sentence = _sentence(status, response, attempt)
    event = _NOT_AUTHENTICATED if status in (401, 403) else None
    return LinkRefused(sentence + _quote(response), "http", status, event)


def redirect_refused(response: Response, attempt: Attempt, why: str) -> LinkRefused:
    """The refusal of a redirect that is not followed."""
    target = response.headers.get("Location", "")
    return LinkRefused(
        f"The server at {attempt.place} points to {target} ({response.status_code}), which is not followed because "
        f"{why}. Enter the right address yourself.",
        "http",
        response.status_code,
    )


def _sentence(status: int, response: Response, attempt: Attempt) -> str:
    if status == 401:
        return _unauthorized(attempt)
    if status == 403:
        return (
            f'The server does not admit "{attempt.identity}" (403): see in the central system whether the station is '
            f"registered, released and not blocked."
        )
    if status == 404:
        return (
            f'The server has nothing at {attempt.url} (404): register the station "{attempt.identity}" in the central '
            f"system, or correct the path of the address."
        )
    if 200 <= status < 300 or status == 426:
        return (
            f"{attempt.url} answers as a web page, not as a WebSocket ({status}): check the path of the address; a "
            f"proxy in front of the server must pass WebSockets on."
        )
    if status == 400:
        return _bad_request(response, attempt)
    if 300 <= status < 400:
        return (
            f"The server at {attempt.place} answers with a redirect to nowhere ({status}): check the address."
        )
    if status == 429:
        return f"The server at {attempt.place} has had too many attempts (429): wait a while."
    if status in (502, 503, 504):
        return (
            f"A proxy in front of the central system answers, but the central system behind it does not ({status}): "
            f"wait, or see whether it runs."
        )
    if status >= 500:
        return f"The server at {attempt.place} has a fault of its own ({status}): see its log."
    return f"The server at {attempt.place} refused the connection with status {status}."


def _unauthorized(attempt: Attempt) -> str:
    if attempt.with_credentials:
        return (
            f'The server does not accept the password of "{attempt.identity}" (401): compare identity and '
            f"authorization key with the central system, and whether it takes the key as hexadecimal or as text."
        )
    return "The server asks for a password (401), none was sent: set the authorization key, security profile 1 or 2."


def _bad_request(response: Response, attempt: Attempt) -> str:
    if not attempt.secure and b"https port" in (response.body or b"").lower():
        return f"{attempt.place} speaks TLS: write wss:// instead of ws://."
    return (
        f"The server at {attempt.place} does not understand the request (400): check the path of the address, and "
        f"whether the server speaks {attempt.offered}."
    )


def _quote(response: Response) -> str:
    """The server's own words, if they are short plain text."""
    kind = response.headers.get("Content-Type", "text/plain")
    body = response.body or b""
    if not kind.startswith(("text/plain", "application/json", "application/problem+json")) or not body:
        return ""
    words = re.sub(r"\s+", " ", body[: 4 * _LONGEST_QUOTE].decode(errors="replace")).strip()
    words = "".join(letter for letter in words if letter.isprintable())
    if not words:
        return ""
    return f' It says: "{words if len(words) <= _LONGEST_QUOTE else words[:_LONGEST_QUOTE] + "…"}"'
