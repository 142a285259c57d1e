"""What a command answered, as text for people in the console's language."""

from pathlib import Path
from typing import Any

from desktop_sim.app import commands as process
from desktop_sim.central.events import CallEnded
from desktop_sim.cli.catalogue import Language, text
from desktop_sim.cli.central import outcome
from desktop_sim.cli.state import moment, render_help, render_info, render_value
from desktop_sim.station import commands
from desktop_sim.station.events import FrameEvent


def render_result(command: commands.Command, result: Any, language: Language = "en") -> str:
    """The text for a result; empty when there is nothing to say beyond what the events say."""
    if isinstance(command, commands.Current):
        return text(language, "current_set", amperes=command.amperes)
    if isinstance(result, Path):
        return text(language, "saved", path=result)
    if result is None:
        return ""
    if isinstance(command, commands.Info):
        return render_info(result, language)
    if isinstance(command, process.Help):
        return render_help(result)
    if isinstance(command, process.Clock):
        return text(language, "speed", now=moment(result["now"]), rate=result["rate"])
    if isinstance(command, process.Trace):
        return "\n".join(_frame(frame) for frame in result) or text(language, "none")
    if isinstance(result, CallEnded):
        return outcome(result)
    return render_value(result)


def _frame(frame: FrameEvent) -> str:
    return f"{moment(frame.time)} {'→' if frame.direction == 'out' else '←'} {frame.text}"
