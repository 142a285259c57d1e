"""Carries out what is asked of the process around a station (`desktop_sim.app.commands`)."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop_sim.app import commands
from desktop_sim.app.options import OptionProblem, parse_speed, rate_of
from desktop_sim.app.registry import COMMANDS, CommandHelp, describe
from desktop_sim.station.commands import CommandRefused, RefusalCode
from desktop_sim.station.events import FrameEvent
from desktop_sim.station.profile import StationProfile
from desktop_sim.station.turn import SECOND, Deadline
from desktop_sim.storage.profiles import ProfileProblem, save_profile

if TYPE_CHECKING:
    from desktop_sim.app.station_host import StationHost


async def carry_out(host: "StationHost", command: commands.ProcessCommand) -> Any:
    """Do it; the result depends on the command. Raises CommandRefused with a sentence."""
    return await _ACTS[type(command)](host, command)


async def _clock(host: "StationHost", command: commands.Clock) -> dict[str, Any]:
    clock = host.clock
    try:
        if command.rate is not None:
            clock.set_rate(rate_of(parse_speed(command.rate)))
        if command.offset is not None:
            clock.set_offset(command.offset)
        if command.drift is not None:
            clock.set_drift(command.drift)
    except (ValueError, OptionProblem) as problem:
        raise CommandRefused(RefusalCode.INVALID, f"clock: {problem}") from None
    if host.central is not None:
        host.central.refresh()
    return {"now": clock.now().sim, "rate": clock.rate, "offset": clock.offset, "drift": clock.drift}


async def _trace(host: "StationHost", command: commands.Trace) -> list[FrameEvent] | Path:
    if command.save is None:
        return host.journal.frames(command.last)
    path = _path(command.save)
    try:
        host.journal.save(path)
    except OSError as problem:
        raise _cannot_write(path, problem) from None
    return path


async def _profile(host: "StationHost", command: commands.Profile) -> StationProfile | Path:
    if command.save is None:
        return host.profile
    path = _path(command.save)
    try:
        save_profile(path, host.profile)
    except ProfileProblem as problem:
        raise CommandRefused(RefusalCode.STORAGE, problem.sentence) from None
    return path


def _path(name: str) -> Path:
    return Path(name).expanduser().absolute()


def _cannot_write(path: Path, problem: OSError) -> CommandRefused:
    sentence = f"{path} cannot be written: {problem.strerror}. Choose another place."
    return CommandRefused(RefusalCode.STORAGE, sentence)


async def _central(host: "StationHost", command: commands.Central) -> Any:
    central = host.central
    if central is None:
        sentence = (
            "The built-in central system is not running here; start it with: desktop_sim central --port 9000"
        )
        raise CommandRefused(RefusalCode.REFUSED, sentence)
    if command.action is None:
        return {
            "url": central.url,
            "connected": central.connected,
            "tags": [tag.id_tag for tag in central.tags],
        }
    try:
        payload = command.payload or central.template(host.identity, command.action)
    except KeyError:
        sentence = f"central: “{command.action}” is no action of a central system."
        raise CommandRefused(RefusalCode.INVALID, sentence) from None
    return await central.call(host.identity, command.action, payload)


async def _help(host: "StationHost", command: commands.Help) -> list[CommandHelp]:
    return [describe(name) for name in ([command.name] if command.name else sorted(COMMANDS))]


async def _wait(host: "StationHost", command: commands.Wait) -> None:
    end = host.clock.now().sim + round(command.seconds * SECOND)
    while host.clock.now().sim < end:
        delay = host.clock.delay(Deadline(sim=end))
        if delay is None:
            raise CommandRefused(
                RefusalCode.REFUSED, "wait: the clock stands still; let it run with: clock 1"
            )
        await asyncio.sleep(min(delay, 0.5))  # the rate may change meanwhile


async def _quit(host: "StationHost", command: commands.Quit) -> None:
    host.ending.set()


_ACTS: dict[type[commands.ProcessCommand], Callable[["StationHost", Any], Awaitable[Any]]] = {
    commands.Clock: _clock,
    commands.Trace: _trace,
    commands.Profile: _profile,
    commands.Central: _central,
    commands.Wait: _wait,
    commands.Help: _help,
    commands.Quit: _quit,
}
