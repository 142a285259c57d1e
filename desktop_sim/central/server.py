"""The built-in central system on a real WebSocket: a thin shell that carries texts, time and events."""

import asyncio
import hmac
import logging
import ssl as ssl_module
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from desktop_sim.central.engine import CentralSystem
from desktop_sim.central.events import AnyCentralEvent
from desktop_sim.transport.link import InvalidMessage, LinkClosed
from desktop_sim.transport.server import Server, ServerLink, Upgrade, serve

SUBPROTOCOL = "ocpp1.6"

T = TypeVar("T")
Callback = Callable[[AnyCentralEvent], None]

_log = logging.getLogger(__name__)


class CentralServer:
    """Serves a central system's engine until it is stopped. Everything runs on the loop that started it.

    `clock` gives µs since the Unix epoch; `delay` gives the real seconds until an instant of that clock, where it does
    not run at rate 1. `password` asks every charge point for Basic authentication with it (SEC-PROF-1); `port` 0 takes
    a free one.
    """

    def __init__(
        self,
        central: CentralSystem,
        clock: Callable[[], int],
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        password: bytes | None = None,
        ssl: ssl_module.SSLContext | None = None,
        delay: Callable[[int], float] | None = None,
    ) -> None:
        self.central = central
        self.host = host
        self.port = port
        self._clock = clock
        self._delay = delay or self._at_rate_one
        self._password = password
        self._ssl = ssl
        self._server: Server | None = None
        self._lines: dict[str, _Line] = {}
        self._listeners: list[Callback] = []
        self._unpublished: deque[AnyCentralEvent] = deque()
        self._publishing = False
        self._timer: asyncio.TimerHandle | None = None

    @property
    def url(self) -> str:
        """Where charge points connect, without their identity."""
        return f"{'ws' if self._ssl is None else 'wss'}://{self.host}:{self.port}"

    @property
    def running(self) -> bool:
        """Whether it listens."""
        return self._server is not None

    async def start(self) -> None:
        """Listen; then `port` is the real one. Raises OSError when the port is taken."""
        self._server = await serve(self._handle, self.host, self.port, ssl=self._ssl, check=self._check)
        self.port = self._server.port

    async def stop(self) -> None:
        """Close every connection (1001) and listen no longer."""
        server, self._server = self._server, None
        if server is not None:
            await server.close()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def subscribe(self, callback: Callback) -> Callable[[], None]:
        """Call `callback` with every event from now on, in order; returns what ends it."""
        self._listeners.append(callback)
        return lambda: self._listeners.remove(callback) if callback in self._listeners else None

    def call(self, identity: str, action: str, payload: dict[str, Any] | str, *, force: bool = False) -> str:
        """Send a call, see `CentralSystem.call`. Raises CallRefused."""
        return self._turn(lambda now: self.central.call(identity, action, payload, now, force=force))

    def send_text(self, identity: str, text: str) -> None:
        """Send any text as a frame. Raises CallRefused when the charge point is not connected."""
        self._turn(lambda now: self.central.send_text(identity, text, now))

    def drop(self, identity: str) -> None:
        """Cut a connection without a close frame. Raises CallRefused when the charge point is not connected."""
        self._turn(lambda now: self.central.drop(identity, now))

    def abandon(self, transaction_id: int) -> None:
        """Give up a running transaction whose end was never told."""
        self._turn(partial(self.central.abandon, transaction_id))

    def refresh(self) -> None:
        """Take notice of a clock or policy that changed: what is due now happens, and the alarm is set anew."""
        self._turn(self.central.advance)

    def _turn(self, verb: Callable[[int], T]) -> T:
        """One input to the engine and its drain."""
        try:
            return verb(self._clock())
        finally:
            for identity, text in self.central.frames_to_send():
                self._put(identity, text)
            for identity in self.central.links_to_drop():
                self._put(identity, None)
            self._unpublished += self.central.events()
            self._publish()
            self._arm()

    def _put(self, identity: str, text: str | None) -> None:
        line = self._lines.get(identity)
        if line is not None:
            line.put(text)

    def _publish(self) -> None:
        """Hand out events in order, also when a listener acts on the engine."""
        if self._publishing:
            return
        self._publishing = True
        while self._unpublished:
            event = self._unpublished.popleft()
            for listener in tuple(self._listeners):
                try:
                    listener(event)
                except Exception:
                    _log.exception("a listener failed on %s", type(event).__name__)
        self._publishing = False

    def _arm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        deadline = self.central.next_deadline()
        if deadline is not None and self._server is not None:
            seconds = max(self._delay(deadline), 0.0)
            self._timer = asyncio.get_running_loop().call_later(seconds, self.refresh)

    def _at_rate_one(self, deadline: int) -> float:
        return (deadline - self._clock()) / 1_000_000

    def _check(self, upgrade: Upgrade) -> int | None:
        """Who gets in: 404 without or with a wrong identity, 401 without or with a wrong password (WS-4, WS-11)."""
        status = 404 if not upgrade.identity else self.central.admission(upgrade.identity)
        if status is not None or self._password is None:
            return status
        given = upgrade.credentials
        if given is None or given.user != upgrade.identity:
            return 401
        return None if hmac.compare_digest(given.password, self._password) else 401

    async def _handle(self, link: ServerLink) -> None:
        """One connection from its beginning to its end."""
        if link.subprotocol != SUBPROTOCOL:
            await link.close(1002, f"the sub-protocol {SUBPROTOCOL} is needed")
            return
        identity = link.identity
        line = _Line(link)
        earlier = self._lines.get(identity)
        self._lines[identity] = line
        self._turn(lambda now: self.central.connected(identity, now))
        if earlier is not None:
            earlier.put(None)
        sender = asyncio.create_task(line.send())
        reason = ""
        try:
            await self._read(link, identity, line)
        except LinkClosed as closed:
            reason = str(closed)
        finally:
            sender.cancel()
            if self._lines.get(identity) is line:
                del self._lines[identity]
                self._turn(lambda now: self.central.disconnected(identity, now, reason))

    async def _read(self, link: ServerLink, identity: str, line: "_Line") -> None:
        while True:
            message = await link.receive()
            if self._lines.get(identity) is not line:
                return
            if isinstance(message, InvalidMessage):
                self._turn(partial(self.central.receive_invalid, identity, message.kind))
            else:
                self._turn(partial(self.central.receive, identity, message))


class _Line:
    """Sends the texts for one charge point in order; None cuts the connection."""

    def __init__(self, link: ServerLink) -> None:
        self._link = link
        self._texts: asyncio.Queue[str | None] = asyncio.Queue()

    def put(self, text: str | None) -> None:
        self._texts.put_nowait(text)

    async def send(self) -> None:
        while (text := await self._texts.get()) is not None:
            try:
                await self._link.send(text)
            except LinkClosed:
                return
        self._link.abort()
