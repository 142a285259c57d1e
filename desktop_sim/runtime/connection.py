"""One open link with its reader and its writer."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

from desktop_sim.runtime.frame_rules import FrameRules
from desktop_sim.runtime.port import InvalidKind
from desktop_sim.transport.link import InvalidMessage, Link, LinkClosed

_BREATH = 64
"""Messages read in a row after which others get their turn."""


class Connection:
    """Carries frames between the station and one open link until the station or the link ends it.

    `closed_to_station` is set as soon as the station takes the link for gone; nothing gets through to it after that.
    `mistake` is the unexpected exception that broke it, if one did.
    """

    def __init__(
        self,
        link: Link,
        rules: FrameRules,
        receive: Callable[[str], None],
        receive_invalid: Callable[[InvalidKind], None],
    ) -> None:
        self.link = link
        self.closed_to_station = False
        self.mistake: Exception | None = None
        self._rules = rules
        self._receive = receive
        self._receive_invalid = receive_invalid
        self._outgoing: deque[str] = deque()
        self._more = asyncio.Event()
        self._empty = asyncio.Event()
        self._empty.set()

    def send(self, text: str) -> None:
        """A frame of the station: through the rules to the link, in order."""
        self._rules.outgoing(text, self._queue)

    async def read(self) -> str:
        """Take in messages until the link is over; returns a sentence that says how it ended."""
        try:
            count = 0
            while True:
                self._take(await self.link.receive())
                count += 1
                if count % _BREATH == 0:
                    await asyncio.sleep(0)
        except LinkClosed as closed:
            return closed.sentence
        except Exception as mistake:
            self.mistake = mistake
            return f"The connection broke: {mistake}."

    async def write(self) -> None:
        """Send what is queued, until the link is over."""
        try:
            while True:
                while self._outgoing:
                    await self.link.send(self._outgoing.popleft())
                self._empty.set()
                self._more.clear()
                await self._more.wait()
        except LinkClosed:
            pass
        except Exception as mistake:
            self.mistake = mistake
            self.link.abort()
        finally:
            self._outgoing.clear()
            self._empty.set()

    async def flushed(self) -> None:
        """Wait until everything queued was handed to the link."""
        await self._empty.wait()

    def _take(self, message: str | InvalidMessage) -> None:
        if isinstance(message, str):
            self._rules.incoming(message, self._deliver)
        elif not self.closed_to_station:
            self._receive_invalid(message.kind)

    def _queue(self, text: str) -> None:
        self._outgoing.append(text)
        self._empty.clear()
        self._more.set()

    def _deliver(self, text: str) -> None:
        if not self.closed_to_station:
            self._receive(text)
