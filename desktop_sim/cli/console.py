"""Face `console`: a prompt for one station. Lines may also come from a pipe; then the output is plain."""

import asyncio
import sys
from dataclasses import dataclass
from typing import cast

from desktop_sim.app.central_host import CentralProblem
from desktop_sim.app.commands import Quit
from desktop_sim.app.completion import Known, complete
from desktop_sim.app.grammar import parse_line
from desktop_sim.app.options import OptionProblem
from desktop_sim.app.places import history_file, settings_file
from desktop_sim.app.settings import SettingsFile
from desktop_sim.app.station_host import StationHost
from desktop_sim.app.workspace import Workspace
from desktop_sim.cli.arguments import EXIT_OK, EXIT_PROBLEM, EXIT_USAGE, Arguments
from desktop_sim.cli.catalogue import Language
from desktop_sim.cli.lines import Lines
from desktop_sim.cli.results import render_result
from desktop_sim.cli.stopping import Stopping
from desktop_sim.cli.terminal import Terminal, open_terminal
from desktop_sim.station.commands import CommandRefused
from desktop_sim.station.events import AnyEvent
from desktop_sim.storage.profiles import ProfileProblem
from desktop_sim.storage.session_store import StoreProblem

START_PROBLEMS = (OptionProblem, ProfileProblem, StoreProblem, CentralProblem, CommandRefused)


@dataclass(slots=True)
class Console:
    """One session at the prompt. `written` counts lines, `refused` commands that were not carried out."""

    terminal: Terminal
    language: Language
    lines: Lines
    written: int = 0
    refused: int = 0

    def write(self, line: str) -> None:
        """Write a line."""
        self.written += 1
        self.terminal.write(line)

    def say(self, key: str, **values: object) -> None:
        """Write a sentence of the catalogue."""
        self.write(self.lines.say(key, **values))

    def on_event(self, event: AnyEvent) -> None:
        """Write the lines an event deserves."""
        for line in self.lines.of(event):
            self.write(line)


async def run_console(arguments: Arguments, *, serve: bool = False) -> int:
    """Run one station until `quit`, the end of input, or a signal. With `serve`, only a signal ends it."""
    stopping = Stopping()
    options = arguments.options
    workspace = Workspace(SettingsFile(settings_file()))
    known = Known()
    terminal = open_terminal(lambda line: complete(line, known), history_file("console"))
    language = cast("Language", options.lang)
    console = Console(terminal, language, Lines(language, level=options.log_level))
    try:
        host = await workspace.open(options, listen=console.on_event)
        known = host.known()
        console.lines.describe(len(host.profile.connectors))
        if workspace.central is not None:
            console.say("built_in", url=workspace.central.url)
        for remark in host.remarks():
            console.write(f"⚠️ {remark}")
        if terminal.interactive:
            console.say("welcome", identity=host.identity)
        return await _live(console, host, stopping, serve=serve)
    except START_PROBLEMS as problem:
        print(f"desktop_sim: {problem}", file=sys.stderr)
        return EXIT_USAGE if isinstance(problem, OptionProblem) else EXIT_PROBLEM
    finally:
        await workspace.close_all()
        terminal.close()
        stopping.release()


async def _live(console: Console, host: StationHost, stopping: Stopping, *, serve: bool) -> int:
    """Until the end comes from anywhere: the prompt, a signal, or the station itself."""
    work = [asyncio.ensure_future(host.wait()), asyncio.ensure_future(stopping.wait())]
    if not serve:
        work.append(asyncio.ensure_future(_converse(console, host)))
    try:
        done, _ = await asyncio.wait(work, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in work:
            task.cancel()
        await asyncio.gather(*work, return_exceptions=True)
    console.lines.ending = True
    console.say("closing")
    return EXIT_PROBLEM if console.refused and not console.terminal.interactive else EXIT_OK


async def _converse(console: Console, host: StationHost) -> None:
    """Line by line, until `quit` or the end of input."""
    while not host.ending.is_set():
        line = await console.terminal.read()
        if line is None:
            await host.submit(Quit())
            return
        await obey(console, host, line)


async def obey(console: Console, host: StationHost, line: str) -> None:
    """Carry out one line and write what came of it."""
    before = console.written
    try:
        command = parse_line(line)
        if command is None:
            return
        result = await host.submit(command)
    except CommandRefused as refused:
        console.refused += 1
        console.write(f"⛔ {refused.sentence}")
        return
    answer = render_result(command, result, console.language)
    if answer:
        console.write(answer)
    elif console.written == before and not isinstance(command, Quit):
        console.say("done")
