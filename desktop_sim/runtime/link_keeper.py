"""Makes the wanted link true: connects, waits, renews, closes; one connection at a time (WS-3, WS-5, WS-9, WS-20)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from typing import Any, Protocol

from msgspec.structs import replace

from desktop_sim.runtime.connection import Connection
from desktop_sim.runtime.frame_rules import FrameRules, NoRules
from desktop_sim.runtime.port import InvalidKind
from desktop_sim.station.links import LinkWanted
from desktop_sim.transport.backoff import Backoff
from desktop_sim.transport.endpoint import AddressProblem, Endpoint, address, redacted
from desktop_sim.transport.link import Link, LinkRefused

Connect = Callable[[Endpoint], Awaitable[Link]]
"""Opens a link; raises LinkRefused."""

FLUSH_SECONDS = 2.0
"""How long a wanted close waits for frames that are on their way out."""

CLOSE_SECONDS = 5.0
"""How long closing may take before TCP is cut (WS-9)."""


class LinkListener(Protocol):
    """Who is told of the link: the driver, which makes a turn of each."""

    def connecting(self, url: str) -> None:
        """A try begins; `opened` or `lost` follows."""

    def opened(self, connection: Connection) -> None:
        """The link is open; `lost` follows."""

    def lost(self, reason: str) -> None:
        """The try failed, the link is gone, or nothing is tried any more; `reason` is a sentence."""

    def received(self, text: str) -> None:
        """A text frame came in on the open link."""

    def received_invalid(self, kind: InvalidKind) -> None:
        """Something else came in on the open link."""

    def crashed(self, mistake: Exception) -> None:
        """Something happened that never should."""


class LinkKeeper:
    """Keeps the link as `want` was last told. A changed generation acts at once, any other loss waits (WS-5)."""

    def __init__(
        self,
        listener: LinkListener,
        endpoint: Callable[[LinkWanted], Endpoint],
        connect: Connect,
        uniform: Callable[[], float],
        rules: FrameRules | None = None,
    ) -> None:
        self._listener = listener
        self._endpoint = endpoint
        self._connect = connect
        self._backoff = Backoff(uniform)
        self._rules = rules or NoRules()
        self._wanted = LinkWanted()
        self._changed = asyncio.Event()
        self._offline = asyncio.Event()
        self._stopping = False
        self._connection: Connection | None = None

    def want(self, wanted: LinkWanted) -> None:
        """The link as it is wanted from now on."""
        if self._stopping:
            return
        before, self._wanted = self._wanted, wanted
        if wanted.open != before.open or wanted.generation != before.generation:
            self._changed.set()
        elif self._connection is not None and wanted.ping_interval != before.ping_interval:
            self._connection.link.set_ping_interval(wanted.ping_interval)

    async def stop(self, close_code: int) -> None:
        """Close for good, with this code; returns when that is done or took too long."""
        wanted = replace(
            self._wanted,
            open=False,
            drop=False,
            close_code=close_code,
            generation=self._wanted.generation + 1,
        )
        self.want(wanted)
        self._stopping = True
        await _within(self._offline.wait(), FLUSH_SECONDS + CLOSE_SECONDS)

    async def run(self) -> None:
        """Keep the link until cancelled; an open one is then cut."""
        waiting = False
        while True:
            self._changed.clear()
            wanted = self._wanted
            if not wanted.open:
                if waiting:  # nothing was open, so nobody has told the station yet
                    waiting = False
                    self._listener.lost("The station went offline.")
                    continue
                self._backoff.reset()
                self._offline.set()
                await self._changed.wait()
                self._offline.clear()
                continue
            try:
                renewed = await self._one(wanted)
            except Exception as mistake:
                self._listener.crashed(mistake)
                renewed = False
            waiting = not renewed
            if renewed or await _within(self._changed.wait(), self._backoff.next()):
                self._backoff.reset()

    # --- one connection ---

    async def _one(self, wanted: LinkWanted) -> bool:
        """Try once and live as long as it lasts. True if it ended because something else is wanted."""
        try:
            endpoint = self._endpoint(wanted)
            url = address(endpoint.url, endpoint.identity)
        except Exception as problem:
            if not isinstance(problem, AddressProblem):
                self._listener.crashed(problem)
            self._listener.connecting(redacted(wanted.url))
            self._listener.lost(f"{problem}")
            return False
        self._listener.connecting(url)
        link = await self._open(endpoint)
        if link is None:
            return self._changed.is_set()
        began = asyncio.get_running_loop().time()
        renewed = await self._live(link)
        self._backoff.connection_lived(asyncio.get_running_loop().time() - began)
        return renewed

    async def _open(self, endpoint: Endpoint) -> Link | None:
        """A link, or None after the station was told why there is none."""
        trying = asyncio.ensure_future(self._connect(endpoint))
        try:
            if not await self._unless_changed(trying):
                self._listener.lost("The attempt was given up because another connection is wanted.")
                return None
            return trying.result()
        except LinkRefused as refused:
            self._listener.lost(refused.sentence)
            return None
        except OSError as problem:
            self._listener.lost(f"The connection failed: {problem}.")
            return None
        except Exception as mistake:
            self._listener.crashed(mistake)
            self._listener.lost(f"The connection failed: {mistake}.")
            return None
        finally:
            if not trying.done() or self._changed.is_set():
                await _cancelled(trying)
                if not trying.cancelled() and trying.exception() is None:
                    trying.result().abort()

    async def _live(self, link: Link) -> bool:
        """Carry frames until the link is lost (False) or something else is wanted (True)."""
        listener = self._listener
        connection = Connection(link, self._rules, listener.received, listener.received_invalid)
        reader = _task(connection.read())
        writer = _task(connection.write())
        self._connection = connection
        try:
            link.set_ping_interval(self._wanted.ping_interval)
            listener.opened(connection)
            if await self._unless_changed(reader):
                connection.closed_to_station = True
                listener.lost(reader.result())
                return False
            await self._close(connection)
            return True
        except Exception as mistake:
            listener.crashed(mistake)
            listener.lost(f"The connection broke: {mistake}.")
            return False
        finally:
            self._connection = None
            connection.closed_to_station = True
            link.abort()
            await _cancelled(reader, writer)
            if connection.mistake is not None:
                listener.crashed(connection.mistake)

    async def _close(self, connection: Connection) -> None:
        """Say goodbye as wanted. The reader goes on until the end, for its library's sake, but nothing gets through."""
        wanted = self._wanted
        if not wanted.drop:
            await _within(connection.flushed(), FLUSH_SECONDS)
        connection.closed_to_station = True
        if wanted.drop:
            self._listener.lost("The station cut the connection.")
            connection.link.abort()
        else:
            self._listener.lost(f"The station closed the connection ({wanted.close_code}).")
            await _within(connection.link.close(wanted.close_code), CLOSE_SECONDS)

    async def _unless_changed(self, task: asyncio.Future[Any]) -> bool:
        """Wait for `task`; False as soon as something else is wanted."""
        change = _task(self._changed.wait())
        try:
            await asyncio.wait({task, change}, return_when=asyncio.FIRST_COMPLETED)
            return not self._changed.is_set()
        finally:
            change.cancel()


def _task(work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
    return asyncio.get_running_loop().create_task(work)


async def _within(work: Coroutine[Any, Any, Any], seconds: float) -> bool:
    """Whether it was done in time; it is cancelled otherwise."""
    with suppress(TimeoutError):
        await asyncio.wait_for(work, seconds)
        return True
    return False


async def _cancelled(*tasks: asyncio.Future[Any]) -> None:
    """Cancel and wait until they are gone, whatever they say."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
