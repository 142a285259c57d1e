"""What can be asked of the process around a station: its clock, its trace, its profile, help, the end.

Station commands live in `desktop_sim.station.commands`; both kinds share one registry (`desktop_sim.app.registry`).
"""

from typing import Annotated, Any

import msgspec

from desktop_sim.station.commands import Command

Whole = Annotated[int, msgspec.Meta(ge=1)]
Offset = Annotated[float, msgspec.Meta(description="seconds the clock is ahead of the wall's")]
Drift = Annotated[
    float, msgspec.Meta(ge=-100_000, le=100_000, description="parts per million the clock runs fast")
]


class ProcessCommand(Command, frozen=True, kw_only=True):
    """What all commands to the process share; the station never sees them."""


class Clock(ProcessCommand, frozen=True, kw_only=True):
    """Show the simulated clock, or change it: `rate` is a factor, `pause` or `max`."""

    rate: str | None = None
    offset: Offset | None = None
    drift: Drift | None = None


class Trace(ProcessCommand, frozen=True, kw_only=True):
    """Show the last frames on the wire, or save the whole traffic so far to a file."""

    last: Whole | None = None
    save: str | None = None


class Profile(ProcessCommand, frozen=True, kw_only=True):
    """Show what the station is made of, or save it as a station profile."""

    save: str | None = None


class Central(ProcessCommand, frozen=True, kw_only=True):
    """Let the built-in central system call the station; without an action, show what it knows."""

    action: str | None = None
    payload: dict[str, Any] = msgspec.field(default_factory=dict)


class Wait(ProcessCommand, frozen=True, kw_only=True):
    """Wait so many simulated seconds before the next line; for commands from a pipe."""

    seconds: Annotated[float, msgspec.Meta(ge=0, description="simulated seconds")]


class Help(ProcessCommand, frozen=True, kw_only=True):
    """List the commands, or explain one."""

    name: str | None = None


class Quit(ProcessCommand, frozen=True, kw_only=True):
    """Stop running transactions (reason Reboot), wait up to 5 seconds for answers, and end. Nothing is lost."""


PROCESS_COMMANDS: dict[str, type[Command]] = {
    str(cls.__struct_config__.tag): cls for cls in ProcessCommand.__subclasses__()
}
"""Name → type of every process command."""
