"""The control channel over a WebSocket: several clients, one station, a token at the door."""

import asyncio
import contextlib
import secrets
import sys
from urllib.parse import quote

from desktop_sim.app.control_session import ControlSession, EventFeed
from desktop_sim.app.outgoing import Outgoing
from desktop_sim.app.station_host import StationHost
from desktop_sim.app.workspace import Workspace
from desktop_sim.cli.arguments import EXIT_OK, EXIT_PROBLEM, Arguments
from desktop_sim.cli.control_life import FLUSH_TIME, remark, until_the_end, within
from desktop_sim.cli.stopping import Stopping
from desktop_sim.transport.link import Link, LinkClosed
from desktop_sim.transport.token_server import ANY_INTERFACE, LOOPBACK, TokenServer


async def over_socket(arguments: Arguments, workspace: Workspace, stopping: Stopping) -> int:
    """Run one station for whoever brings the token. Raises what `Workspace.open` raises."""
    wanted = arguments.control
    token = wanted.token or secrets.token_urlsafe(24)
    clients = Clients()
    server = TokenServer(clients.serve, token)
    try:
        await server.listen(ANY_INTERFACE if wanted.any_interface else LOOPBACK, wanted.listen or 0)
    except OSError as problem:
        sentence = f"The control channel cannot listen on port {wanted.listen}: {problem.strerror}."
        print(f"desktop_sim: {sentence}", file=sys.stderr)
        return EXIT_PROBLEM
    try:
        host = await workspace.open(arguments.options)
        remark(workspace, host)
        clients.welcome(host)
        shown = "…" if wanted.token else quote(token)
        print(f"Control channel: ws://127.0.0.1:{server.port}/?token={shown}", file=sys.stderr, flush=True)
        await until_the_end(host, stopping)
        await within(clients.finish(), FLUSH_TIME)
        await workspace.close_all()
        await within(clients.flush(), FLUSH_TIME)
    finally:
        await server.close()
    return EXIT_OK


class Clients:
    """Everybody who is connected. Who comes before the station is there waits for it."""

    def __init__(self) -> None:
        self._host: asyncio.Future[StationHost] = asyncio.get_running_loop().create_future()
        self._sessions: set[ControlSession] = set()
        self._writing: dict[Outgoing, asyncio.Task[None]] = {}

    def welcome(self, host: StationHost) -> None:
        """The station is there."""
        self._host.set_result(host)

    async def serve(self, link: Link) -> None:
        """One client, until it leaves."""
        host = await asyncio.shield(self._host)
        outgoing = Outgoing()
        feed = EventFeed(outgoing)
        session = ControlSession(host, outgoing, feed)
        unsubscribe = host.subscribe(feed.on_event)
        writing = asyncio.create_task(_write(link, outgoing))
        self._sessions.add(session)
        self._writing[outgoing] = writing
        try:
            while True:
                message = await link.receive()
                await session.take(message if isinstance(message, str) else b"\x00")
        finally:
            unsubscribe()
            self._sessions.discard(session)
            del self._writing[outgoing]
            writing.cancel()
            await session.close()

    async def finish(self) -> None:
        """Wait until everybody is answered."""
        await asyncio.gather(*(session.finish() for session in self._sessions))

    async def flush(self) -> None:
        """Wait until everybody has what was said last."""
        tasks = list(self._writing.values())
        for outgoing in self._writing:
            outgoing.close()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _write(link: Link, outgoing: Outgoing) -> None:
    """Pass on what is said, until the client leaves."""
    with contextlib.suppress(LinkClosed):
        while said := await outgoing.take():
            for line in said:
                await link.send(line.decode())
    outgoing.abandon()
