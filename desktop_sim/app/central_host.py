"""Hosts the built-in central system on this machine, so that a first run needs no server."""

import asyncio
import errno
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from desktop_sim.app.central_memory import Memory, remembered
from desktop_sim.central import (
    AnyCentralEvent,
    CallRefused,
    CentralServer,
    Policy,
    Tag,
    template,
)
from desktop_sim.central.charge_points import ChargePoint
from desktop_sim.central.events import CallEnded
from desktop_sim.central.transactions import Transaction
from desktop_sim.station.commands import CommandRefused, RefusalCode

LOOPBACK = "127.0.0.1"

_REASONS = {
    errno.EADDRINUSE: "another program listens there already",
    errno.EACCES: "only the administrator may listen there",
    errno.EADDRNOTAVAIL: "this machine has no such address",
}


STANDING_STILL = 3600.0
"""Seconds after which a deadline is looked at again while the clock that it belongs to is paused."""


class CentralProblem(Exception):
    """The built-in central system cannot start. The text is a sentence that says what to do."""


def wall() -> int:
    """This machine's clock, µs since the Unix epoch."""
    return time.time_ns() // 1000


class CentralHost:
    """The built-in central system: starts, listens, calls charge points, and tells what happens.

    It takes the time from `clock` (µs), which `follow` exchanges for that of a station whose time runs differently.
    """

    def __init__(
        self,
        tags: Iterable[str | Tag] = (),
        *,
        host: str = LOOPBACK,
        port: int = 0,
        seed: int = 0,
        password: bytes | None = None,
        policy: Policy | None = None,
        memory: Path | None = None,
    ) -> None:
        """`memory` is the file it goes on from; `remember` is what writes it."""
        self.engine = remembered(memory, seed, policy)
        self.enter(tags)
        self._memory: Memory | None = None
        self._clock: Callable[[], int] = wall
        self._delay: Callable[[int], float | None] | None = None
        self._server = CentralServer(
            self.engine,
            self.now,
            host=host,
            port=port,
            password=password,
            delay=self._seconds_until,
        )

    # --- life ---

    @property
    def url(self) -> str:
        """Where charge points connect, without their identity."""
        return self._server.url

    @property
    def port(self) -> int:
        """The port it listens on; the one asked for until it does."""
        return self._server.port

    @property
    def running(self) -> bool:
        """Whether it listens."""
        return self._server.running

    async def start(self) -> None:
        """Listen. Raises CentralProblem when the port cannot be had."""
        try:
            await self._server.start()
        except (OSError, OverflowError) as problem:
            place = f"{self._server.host}:{self._server.port}"
            reason = _REASONS.get(getattr(problem, "errno", None) or 0, str(problem).rstrip("."))
            raise CentralProblem(
                f"The central system cannot listen on {place}: {reason}. Choose another port: --port 9001"
            ) from None

    async def stop(self) -> None:
        """Close every connection and listen no longer."""
        await self._server.stop()
        if self._memory is not None:
            self._memory.write()

    def remember(self, path: Path) -> None:
        """Keep tags, transactions and charge points in a file from now on."""
        if self._memory is None:
            self._memory = Memory(path, self.engine)
            self.subscribe(self._memory.on_event)

    def follow(
        self, clock: Callable[[], int] | None, delay: Callable[[int], float | None] | None = None
    ) -> None:
        """Take the time from another clock; `delay` gives the real seconds until an instant of it. None: the wall's."""
        self._clock, self._delay = clock or wall, delay
        self.refresh()

    def refresh(self) -> None:
        """Take notice that clock or policy changed."""
        if self.running:
            self._server.refresh()

    def now(self) -> int:
        """The present instant, µs."""
        return self._clock()

    def _seconds_until(self, instant: int) -> float:
        if self._delay is None:
            return (instant - self._clock()) / 1_000_000
        seconds = self._delay(instant)
        return STANDING_STILL if seconds is None else seconds

    # --- what it knows ---

    @property
    def charge_points(self) -> dict[str, ChargePoint]:
        """What it knows of each charge point, connected or not."""
        return self.engine.charge_points

    @property
    def connected(self) -> list[str]:
        """The identities that are connected now."""
        return [identity for identity, point in self.engine.charge_points.items() if point.connected]

    @property
    def transactions(self) -> list[Transaction]:
        """Every transaction, the oldest first."""
        return self.engine.transactions.all()

    @property
    def tags(self) -> list[Tag]:
        """Every tag, the oldest entry first."""
        return self.engine.tags.all()

    @property
    def policy(self) -> Policy:
        """How it behaves; changes hold from the next message on."""
        return self.engine.policy

    def enter(self, tags: Iterable[str | Tag]) -> None:
        """Enter the tags it does not know yet."""
        for tag in tags:
            tag = tag if isinstance(tag, Tag) else Tag(id_tag=tag)
            if self.engine.tags.get(tag.id_tag) is None:
                self.engine.tags.put(tag)

    def put_tag(self, tag: Tag) -> None:
        """Enter a tag or replace it. Raises ValueError when it cannot travel on the wire."""
        self.engine.tags.put(tag)

    def remove_tag(self, id_tag: str) -> bool:
        """Forget a tag; whether there was one."""
        return self.engine.tags.remove(id_tag)

    def template(self, identity: str, action: str, connector: int | None = None) -> dict[str, Any]:
        """A payload to start from. Raises KeyError for an action no central system sends."""
        return template(self.engine, identity, action, self.now(), connector)

    # --- what it does ---

    def send(self, identity: str, action: str, payload: dict[str, Any] | str, *, force: bool = False) -> str:
        """Send a call and do not wait; returns its message id. Raises CommandRefused with a sentence."""
        try:
            return self._server.call(identity, action, payload, force=force)
        except CallRefused as refused:
            raise CommandRefused(RefusalCode.REFUSED, f"{action}: {refused.sentence}.") from None

    async def call(
        self, identity: str, action: str, payload: dict[str, Any], *, force: bool = False
    ) -> CallEnded:
        """Send a call and wait for its end: answer, CALLERROR, time-out or lost connection. Raises CommandRefused."""
        message_id = self.send(identity, action, payload, force=force)
        ended: asyncio.Future[CallEnded] = asyncio.get_running_loop().create_future()

        def listen(event: AnyCentralEvent) -> None:
            if isinstance(event, CallEnded) and event.message_id == message_id and not ended.done():
                ended.set_result(event)

        unsubscribe = self.subscribe(listen)
        try:
            return await ended
        finally:
            unsubscribe()

    def send_text(self, identity: str, text: str) -> None:
        """Send any text as a frame. Raises CommandRefused when the charge point is not connected."""
        try:
            self._server.send_text(identity, text)
        except CallRefused as refused:
            raise CommandRefused(RefusalCode.REFUSED, f"{refused.sentence}.") from None

    def drop(self, identity: str) -> None:
        """Cut the connection of a charge point. Raises CommandRefused when it is not connected."""
        try:
            self._server.drop(identity)
        except CallRefused as refused:
            raise CommandRefused(RefusalCode.REFUSED, f"{refused.sentence}.") from None

    def subscribe(self, callback: Callable[[AnyCentralEvent], None]) -> Callable[[], None]:
        """Call `callback` with every event from now on, in order; returns what ends it."""
        return self._server.subscribe(callback)
