"""One client of the control channel: its commands in order, its answers in order, the events it wants."""

import asyncio
import logging
from collections.abc import Awaitable
from difflib import get_close_matches
from typing import Any

import msgspec

from desktop_sim.app.commands import Quit, Wait
from desktop_sim.app.json_rpc import (
    INTERNAL_ERROR,
    INVALID_PARAMS,
    UNKNOWN_METHOD,
    Bad,
    Call,
    RpcError,
    answer,
    failure,
    notification,
    read_message,
    together,
)
from desktop_sim.app.open_rpc import DISCOVER, EVENTS, discovery
from desktop_sim.app.outgoing import Outgoing
from desktop_sim.app.plain_data import kind_of, plain, plain_event
from desktop_sim.app.registry import COMMANDS, name_of, parse, usage
from desktop_sim.app.station_host import StationHost
from desktop_sim.station.commands import Command, CommandRefused, RefusalCode
from desktop_sim.station.events import KINDS, AnyEvent

REFUSED = -32001
NO_SUCH_CONNECTOR = -32002
STORAGE = -32003

CODES = {
    RefusalCode.REFUSED: REFUSED,
    RefusalCode.NO_SUCH_CONNECTOR: NO_SUCH_CONNECTOR,
    RefusalCode.INVALID: INVALID_PARAMS,
    RefusalCode.STORAGE: STORAGE,
}

IN_FLIGHT = 256
"""Messages of a client that are carried out at a time; the next ones wait to be read."""

LEAVE_TIME = 5.0
"""Seconds that calls of the built-in central system get to end when the client leaves."""

_SLOW = ("central",)  # waits for the station's answer on the wire, so its own answer may come out of turn

_log = logging.getLogger(__name__)


class EventFeed:
    """The events that a client wants, at first all of them."""

    def __init__(self, outgoing: Outgoing) -> None:
        self.kinds: tuple[str, ...] = KINDS
        self._outgoing = outgoing

    def on_event(self, event: AnyEvent) -> None:
        """Send an event if it is wanted."""
        if kind_of(event) in self.kinds:
            self._outgoing.put_event(notification("event", plain_event(event)))

    def choose(self, params: dict[str, Any]) -> dict[str, Any]:
        """Carry out the method `events`. Raises RpcError."""
        for name in params:
            if name != "kinds":
                raise RpcError(INVALID_PARAMS, f"events has no parameter “{name}”; it takes kinds.")
        kinds = params.get("kinds", list(self.kinds))
        if not isinstance(kinds, list):
            raise RpcError(INVALID_PARAMS, f"events: kinds must be a list of: {', '.join(KINDS)}.")
        for kind in kinds:
            if kind not in KINDS:
                sentence = f"events: kinds has no “{kind}”; there are: {', '.join(KINDS)}."
                raise RpcError(INVALID_PARAMS, sentence)
        self.kinds = tuple(kind for kind in KINDS if kind in kinds)
        return {"kinds": list(self.kinds)}


class ControlSession:
    """Takes the messages of one client. Commands begin in the order they come and are answered in it.

    `events`, `wait` and `quit` hold up what comes after them: a filter is exact, a script can take its time, and after
    the end nothing is begun.
    """

    def __init__(self, host: StationHost, outgoing: Outgoing, feed: EventFeed) -> None:
        self._host = host
        self._outgoing = outgoing
        self._feed = feed
        self._under_way: set[asyncio.Task[bytes | None]] = set()
        self._late: set[asyncio.Task[None]] = set()
        self._turn: asyncio.Queue[Awaitable[bytes | None]] = asyncio.Queue(IN_FLIGHT)
        self._answering = asyncio.create_task(self._answer(), name="control answers")

    async def take(self, raw: bytes | str) -> None:
        """Begin what a message asks for; waits while too much is under way. Blank lines mean nothing."""
        if self._host.ending.is_set() or not raw.strip():
            return
        message = read_message(raw)
        begun = [await self._begin(item) for item in message.items]
        work = asyncio.ensure_future(_joined(begun)) if message.batch else begun[0]
        if any(isinstance(item, Call) and item.method in _SLOW for item in message.items):
            self._answer_late(work)
        else:
            await self._turn.put(work)

    async def finish(self) -> None:
        """Wait until everything is answered."""
        await self._turn.join()
        if self._late:
            await asyncio.wait(self._late, timeout=LEAVE_TIME)

    async def close(self) -> None:
        """Give up what is not answered yet. What was begun at the station stays done."""
        tasks = [self._answering, *self._late, *self._under_way]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    # --- answers ---

    async def _answer(self) -> None:
        """One answer after the other, in the order of the messages."""
        while True:
            work = await self._turn.get()
            await self._send(work)
            self._turn.task_done()

    async def _send(self, work: Awaitable[bytes | None]) -> None:
        text = await work
        if text is not None:
            await self._outgoing.room()
            self._outgoing.put(text)

    def _answer_late(self, work: Awaitable[bytes | None]) -> None:
        task = asyncio.create_task(self._send(work))
        self._late.add(task)
        task.add_done_callback(self._late.discard)

    # --- calls ---

    async def _begin(self, item: Call | Bad) -> "asyncio.Task[bytes | None]":
        """Begin one request of a message; the task ends with its answer, if it gets one."""
        method = item.method if isinstance(item, Call) else ""
        if method == EVENTS and self._under_way:
            await asyncio.wait(self._under_way)
        task = asyncio.create_task(self._carried_out(item))
        if method not in _SLOW:
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)
        if method in _BARRIERS:
            await asyncio.wait({task})
        return task

    async def _carried_out(self, item: Call | Bad) -> bytes | None:
        """Carry out a request; its answer, None for a notification."""
        try:
            if isinstance(item, Bad):
                raise item.error
            text = answer(item.id, await self._result(item))
        except RpcError as error:
            text = failure(item.id, error)
        except Exception as mistake:
            _log.exception("a command of the control channel failed")
            sentence = f"The simulator made a mistake ({type(mistake).__name__}); the station goes on."
            text = failure(item.id, RpcError(INTERNAL_ERROR, sentence))
        return text if item.answered else None

    async def _result(self, call: Call) -> Any:
        if call.method == EVENTS:
            return self._feed.choose(call.params)
        if call.method == DISCOVER:
            return discovery()
        command = _command(call)
        try:
            return plain(await self._host.submit(command))
        except CommandRefused as refused:
            raise _error(refused, call.method) from None


_BARRIERS = (EVENTS, name_of(Wait(seconds=0)), name_of(Quit()))


def _command(call: Call) -> Command:
    """The command that is called. Raises RpcError."""
    name = call.method
    if name not in COMMANDS:
        near = get_close_matches(name.casefold(), [*COMMANDS, EVENTS, DISCOVER], 3)
        hint = f"Did you mean {' or '.join(near)}?" if near else f"{DISCOVER} tells which there are."
        raise RpcError(UNKNOWN_METHOD, f"There is no method “{name}”. {hint}", {"near": near})
    try:
        return parse(name, call.params)
    except CommandRefused as refused:
        raise _error(refused, name) from None
    except (OverflowError, RecursionError, msgspec.MsgspecError):
        sentence = f"{name}: a parameter is not what it must be. Usage: {usage(name)}"
        raise RpcError(INVALID_PARAMS, sentence, {"usage": usage(name)}) from None


def _error(refused: CommandRefused, name: str) -> RpcError:
    code = CODES[refused.code]
    return RpcError(code, refused.sentence, {"usage": usage(name)} if code == INVALID_PARAMS else None)


async def _joined(begun: "list[asyncio.Task[bytes | None]]") -> bytes | None:
    """The answer to a batch, in the order of its requests; none if nothing in it wants one."""
    answers = [text for text in await asyncio.gather(*begun) if text is not None]
    return together(answers) if answers else None
