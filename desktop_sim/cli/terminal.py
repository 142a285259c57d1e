"""Where lines come from and go to: a prompt with history and completion on a terminal, plain lines anywhere else."""

import asyncio
import codecs
import contextlib
import os
import sys
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from prompt_toolkit.completion import Completer

    from desktop_sim.app.completion import Candidate

PROMPT = ">>> "


class Terminal(Protocol):
    """Reads lines and writes lines."""

    interactive: bool

    async def read(self) -> str | None:
        """The next line; None at the end of input."""

    def write(self, text: str) -> None:
        """Write a line, above the prompt where there is one."""

    def close(self) -> None:
        """Give the terminal back."""


Complete = Callable[[str], "Iterable[Candidate]"]


def open_terminal(complete: Complete, history: Path | None) -> Terminal:
    """The terminal this process has."""
    if sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty():
        return PromptTerminal(complete, history)
    return PlainTerminal()


class PromptTerminal:
    """A prompt that stays at the bottom while lines pass above it."""

    interactive = True

    def __init__(self, complete: Complete, history: Path | None) -> None:
        from prompt_toolkit import PromptSession
        from prompt_toolkit.history import FileHistory, InMemoryHistory
        from prompt_toolkit.patch_stdout import patch_stdout

        usable = history is not None and _can_write(history)
        self._session: PromptSession[str] = PromptSession(
            history=FileHistory(str(history)) if usable else InMemoryHistory(),
            completer=_completer(complete),
            complete_while_typing=False,
        )
        self._patch = contextlib.ExitStack()
        self._patch.enter_context(patch_stdout(raw=True))

    async def read(self) -> str | None:
        """The next line. Ctrl-C clears a line; on an empty one it ends, as Ctrl-D does."""
        while True:
            try:
                return await self._session.prompt_async(PROMPT, handle_sigint=False)
            except EOFError:
                return None
            except KeyboardInterrupt:
                if not self._session.default_buffer.text:
                    return None

    def write(self, text: str) -> None:
        """Write above the prompt."""
        print(text, flush=True)

    def close(self) -> None:
        """Give the terminal back."""
        self._patch.close()


class PlainTerminal:
    """Lines from a pipe or a file, lines to wherever stdout leads."""

    interactive = False

    def __init__(self) -> None:
        self._lines: asyncio.Queue[str | None] = asyncio.Queue()
        self._reader: threading.Thread | None = None

    async def read(self) -> str | None:
        """The next line; None at the end of input."""
        if self._reader is None:
            loop = asyncio.get_running_loop()
            self._reader = threading.Thread(target=self._feed, args=(loop,), name="stdin", daemon=True)
            self._reader.start()
        return await self._lines.get()

    def _feed(self, loop: asyncio.AbstractEventLoop) -> None:
        """Runs in a thread of its own: a read that blocks must not keep the process alive."""
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
            for line in _lines_of(0):
                loop.call_soon_threadsafe(self._lines.put_nowait, line)
            loop.call_soon_threadsafe(self._lines.put_nowait, None)

    def write(self, text: str) -> None:
        """Write a line. When nobody reads any more, the input is taken to be at its end too."""
        try:
            print(text, flush=True)
        except BrokenPipeError:
            with contextlib.suppress(OSError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            self._lines.put_nowait(None)

    def close(self) -> None:
        """Nothing to give back."""


def _lines_of(descriptor: int) -> Iterable[str]:
    """The lines of a file descriptor, read without the lock that a blocked `sys.stdin` would hold at the end."""
    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    rest = ""
    while True:
        try:
            piece = os.read(descriptor, 65536)
        except OSError:
            piece = b""
        rest += decoder.decode(piece, final=not piece)
        *lines, rest = rest.split("\n")
        yield from lines
        if not piece:
            if rest:
                yield rest
            return


def _completer(complete: Complete) -> "Completer":
    from prompt_toolkit.completion import Completer, Completion
    from prompt_toolkit.document import Document

    class Candidates(Completer):
        """Our candidates as prompt_toolkit wants them."""

        def get_completions(self, document: Document, complete_event: object) -> Iterable[Completion]:
            for candidate in complete(document.text_before_cursor):
                yield Completion(
                    candidate.text, start_position=candidate.start, display_meta=candidate.meaning
                )

    return Candidates()


def _can_write(path: Path) -> bool:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    except OSError:
        return False
    return True
