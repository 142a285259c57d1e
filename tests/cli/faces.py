"""Our faces as processes of their own."""

import asyncio
import signal
from collections.abc import Awaitable, Callable

PATIENCE = 20.0


class Face:
    """A face of ours as a process: what it says, line by line, and what is typed to it."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.lines: list[str] = []
        self.errors = ""
        self._read = 0
        self._changed = asyncio.Event()
        self._tasks = [asyncio.ensure_future(self._collect()), asyncio.ensure_future(self._complain())]

    async def _collect(self) -> None:
        assert self.process.stdout is not None
        while raw := await self.process.stdout.readline():
            self.lines.append(raw.decode().rstrip("\n"))
            self._changed.set()
        self._changed.set()

    async def _complain(self) -> None:
        assert self.process.stderr is not None
        self.errors = (await self.process.stderr.read()).decode()

    async def line(self, begin: str) -> str:
        """Wait for a line that begins so, after the one found last."""
        async with asyncio.timeout(PATIENCE):
            while True:
                while self._read < len(self.lines):
                    self._read += 1
                    if self.lines[self._read - 1].strip().startswith(begin):
                        return self.lines[self._read - 1].strip()
                assert not self._tasks[0].done(), f"it ended without “{begin}”: {self.lines} {self.errors}"
                self._changed.clear()
                await self._changed.wait()

    def type(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(line.encode() + b"\n")

    def end_input(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()

    async def end(self) -> int:
        """Wait for the end of the process; its exit code."""
        async with asyncio.timeout(PATIENCE):
            code = await self.process.wait()
            await asyncio.gather(*self._tasks)
        return code

    async def terminate(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return await self.end()


Start = Callable[..., Awaitable[Face]]
"""Starts a face with these words; `home` is where its settings and states live, the rest its environment."""
