"""Secrets stay out of journal, trace and window: what is shown of a frame that carries one."""

import re

from msgspec.structs import replace

from desktop_sim.station.events import AnyEvent, FrameEvent
from desktop_sim.transport.endpoint import AddressProblem, address, redacted

_SECRET_KEY = "authorizationkey"
_VALUE = re.compile(r'("value"\s*:\s*)"(?:[^"\\]|\\.)*"?', re.IGNORECASE)


def without_secrets(event: AnyEvent) -> AnyEvent:
    """The event, with three asterisks for the password in a frame that sets AuthorizationKey (SEC-PWD-2)."""
    if not isinstance(event, FrameEvent) or _SECRET_KEY not in event.text.casefold():
        return event
    return replace(event, text=_VALUE.sub(r'\1"***"', event.text))


def shown_address(url: str, identity: str) -> str:
    """Where a station connects, with its identity in place and without a password."""
    try:
        return address(url, identity) if url else ""
    except AddressProblem:
        return redacted(url)
