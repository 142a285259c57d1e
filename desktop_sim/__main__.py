"""Chooses the face: window, console, control, central. Those without a window never import Qt."""

import asyncio
import contextlib
import io
import os
import sys
from collections.abc import Coroutine, Sequence
from typing import Any

from desktop_sim.cli.arguments import (
    EXIT_OK,
    EXIT_PROBLEM,
    EXIT_USAGE,
    Arguments,
    UsageProblem,
    parse_arguments,
)

EXIT_INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """The whole program; returns its exit code."""
    _speak_utf8()
    try:
        arguments = parse_arguments(sys.argv[1:] if argv is None else argv)
    except UsageProblem as problem:
        print(f"desktop_sim: {problem}", file=sys.stderr)
        return EXIT_USAGE
    try:
        return _run(arguments)
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output is gone; nobody is left to tell.
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return EXIT_OK


def _run(arguments: Arguments) -> int:
    if arguments.install_desktop:
        return _install_desktop()
    if arguments.face == "central":
        from desktop_sim.cli.central import run_central

        return _asyncio(run_central(arguments))
    if arguments.face == "control":
        from desktop_sim.cli.control import run_control

        return _asyncio(run_control(arguments))
    if arguments.face == "window":
        return _window(arguments)
    if arguments.face == "gallery":
        return _gallery(arguments)
    return _console(arguments)


def _console(arguments: Arguments, *, serve: bool = False) -> int:
    from desktop_sim.cli.console import run_console

    return _asyncio(run_console(arguments, serve=serve))


def _window(arguments: Arguments) -> int:
    """The window; where there is no screen, the console. Without a terminal that runs until SIGTERM."""
    from desktop_sim.cli.guard import broken_pair, display_problem

    broken = broken_pair()
    if broken is not None:
        print(f"desktop_sim: {broken}", file=sys.stderr)
        return EXIT_PROBLEM
    problem = display_problem()
    if problem is not None:
        print(f"No window can be shown: {problem}. Going on as console.", file=sys.stderr)
        return _console(arguments, serve=not _is_terminal())
    from desktop_sim.ui.application import run_window

    return run_window(arguments.options)


def _install_desktop() -> int:
    """The menu entry of this user, and profiles that open by a double click."""
    from desktop_sim.ui.desktop_entry import install

    try:
        print(f"Installed: {install()}")
    except OSError as trouble:
        print(f"desktop_sim: the menu entry cannot be written: {trouble}.", file=sys.stderr)
        return EXIT_PROBLEM
    return EXIT_OK


def _gallery(arguments: Arguments) -> int:
    """Pictures of the window; they need no screen."""
    from desktop_sim.cli.guard import broken_pair, display_problem

    broken = broken_pair()
    if broken is None:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        broken = display_problem()
    if broken is not None:
        print(f"desktop_sim: {broken}", file=sys.stderr)
        return EXIT_PROBLEM
    from desktop_sim.ui.gallery import render_gallery

    assert arguments.directory is not None
    try:
        for file in render_gallery(arguments.directory):
            print(file)
    except OSError as trouble:
        print(f"desktop_sim: {arguments.directory} cannot be written: {trouble.strerror}.", file=sys.stderr)
        return EXIT_PROBLEM
    return EXIT_OK


def _asyncio(work: Coroutine[Any, Any, int]) -> int:
    return asyncio.run(work)


def _is_terminal() -> bool:
    return sys.stdin is not None and sys.stdin.isatty()


def _speak_utf8() -> None:
    """Emoji must not end the program where the locale knows none."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


if __name__ == "__main__":
    sys.exit(main())
