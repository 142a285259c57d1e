"""Face `control`: one station in the hands of another program, over JSON-RPC on stdin and stdout or a WebSocket."""

import asyncio
import logging
import sys

from desktop_sim.app.commands import Quit
from desktop_sim.app.control_session import ControlSession, EventFeed
from desktop_sim.app.options import OptionProblem
from desktop_sim.app.outgoing import Outgoing
from desktop_sim.app.station_host import StationHost
from desktop_sim.app.workspace import Workspace
from desktop_sim.cli.arguments import EXIT_OK, EXIT_PROBLEM, EXIT_USAGE, Arguments
from desktop_sim.cli.console import START_PROBLEMS
from desktop_sim.cli.control_life import FLUSH_TIME, remark, until_the_end, within
from desktop_sim.cli.control_pipes import ReaderGone, lines, take_stdout, watched, write
from desktop_sim.cli.control_socket import over_socket
from desktop_sim.cli.stopping import Stopping

STDIN = 0

# What happens is told by events. The log is for what goes wrong, as few programs read our stderr.
_LEVELS = {"debug": "DEBUG", "info": "WARNING", "warning": "WARNING", "error": "ERROR"}


async def run_control(arguments: Arguments) -> int:
    """Run one station until `quit`, the end of input, a reader that has left, or a signal."""
    if arguments.control.listen is None and (sys.stdin is None or sys.stdout is None):
        print("desktop_sim: stdin or stdout is closed: open them, or use --listen.", file=sys.stderr)
        return EXIT_PROBLEM
    log = logging.StreamHandler(sys.stderr)
    log.setLevel(_LEVELS[arguments.options.log_level])  # here, as some loggers have levels of their own
    logging.basicConfig(handlers=[log], level=log.level)
    stopping = Stopping()
    workspace = Workspace(driver_by_default=False)
    try:
        channel = _over_pipes if arguments.control.listen is None else over_socket
        return await channel(arguments, workspace, stopping)
    except START_PROBLEMS as problem:
        print(f"desktop_sim: {problem}", file=sys.stderr)
        return EXIT_USAGE if isinstance(problem, OptionProblem) else EXIT_PROBLEM
    finally:
        await workspace.close_all()
        stopping.release()


async def _over_pipes(arguments: Arguments, workspace: Workspace, stopping: Stopping) -> int:
    """The channel on stdin and stdout."""
    stdout = take_stdout()
    outgoing = Outgoing()
    feed = EventFeed(outgoing)
    with watched(stdout, stopping.ask):
        writing = asyncio.create_task(_write(stdout, outgoing, stopping), name="stdout")
        try:
            host = await workspace.open(arguments.options, listen=feed.on_event)
            remark(workspace, host)
            session = ControlSession(host, outgoing, feed)
            try:
                await until_the_end(host, stopping, _converse(session, host))
                await within(session.finish(), FLUSH_TIME)
            finally:
                await session.close()
            await workspace.close_all()
            outgoing.close()
            await asyncio.wait({writing}, timeout=FLUSH_TIME)
        finally:
            writing.cancel()
            await asyncio.gather(writing, return_exceptions=True)
    return EXIT_OK


async def _converse(session: ControlSession, host: StationHost) -> None:
    """Line by line, until the end of input; then everything is answered before the end."""
    async for line in lines(STDIN):
        await session.take(line)
    await session.finish()
    await host.submit(Quit())


async def _write(descriptor: int, outgoing: Outgoing, stopping: Stopping) -> None:
    """Pass on what is said, until nobody reads it any more."""
    try:
        while said := await outgoing.take():
            await write(descriptor, b"\n".join([*said, b""]))
    except ReaderGone:
        outgoing.abandon()
        stopping.ask()
