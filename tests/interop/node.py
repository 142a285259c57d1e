"""A foreign program under Node, led over stdin and stdout, one JSON object a line."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
PACKAGES = HERE.parents[1] / ".venv" / "interop" / "node_modules"
"""Where run_tests.sh puts what the scripts need, unless NODE_PATH says otherwise."""


class Node:
    """One running script.

    Attributes:
        said: everything it said that is no answer, in order.
        complaints: what its strict mode did not like, of ours or of its own; empty is good.
    """

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.said: list[dict[str, Any]] = []
        self.complaints: list[str] = []
        self._process = process
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._news = asyncio.Condition()
        self._reading = asyncio.create_task(self._read())

    def actions(self) -> list[str]:
        """The actions it was called with, in order."""
        return [line["action"] for line in self.said if "action" in line]

    def payloads(self, action: str) -> list[dict[str, Any]]:
        """The payloads of one action it was called with."""
        return [line["payload"] for line in self.said if line.get("action") == action]

    async def call(self, action: str, payload: dict[str, Any] | None = None) -> Any:
        """Let it make a call; the payload of the answer, or the code of a CALLERROR."""
        number = len(self._answers) + 1
        arriving = self._answers[number] = asyncio.get_running_loop().create_future()
        line = {"id": number, "action": action, "payload": payload or {}}
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(line).encode() + b"\n")
        async with asyncio.timeout(30):
            answer = await arriving
        return answer.get("result", answer.get("error"))

    async def until(self, predicate: Callable[[], object], seconds: float = 30.0) -> None:
        """Wait for something to become true of what it has said."""
        async with asyncio.timeout(seconds), self._news:
            await self._news.wait_for(predicate)

    async def leave(self) -> None:
        """Let it close its connection and go."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        async with asyncio.timeout(10):
            assert await self._process.wait() == 0

    async def end(self) -> None:
        """Nothing is left of it."""
        if self._process.returncode is None:
            self._process.kill()
        await self._process.wait()
        await self._reading

    async def _read(self) -> None:
        assert self._process.stdout is not None
        async for text in self._process.stdout:
            line = json.loads(text)
            if "id" in line:
                self._answers[line["id"]].set_result(line)
            else:
                self.said.append(line)
                self.complaints += [line["complaint"]] if "complaint" in line else []
            async with self._news:
                self._news.notify_all()


@asynccontextmanager
async def node(script: str, *arguments: str) -> AsyncIterator[Node]:
    """Run a script of this folder. Whatever it complained about by the end fails the test."""
    program = shutil.which("node")
    packages = os.environ.get("NODE_PATH") or str(PACKAGES)
    if program is None or not (Path(packages) / "ocpp-rpc").is_dir():
        pytest.fail("Node or its package ocpp-rpc is missing: `./run_tests.sh interop` fetches them.")
    process = await asyncio.create_subprocess_exec(
        *(program, str(HERE / script), *arguments),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "NODE_PATH": packages},
    )
    running = Node(process)
    try:
        yield running
        await running.leave()
    finally:
        await running.end()
    assert running.complaints == []
