"""What the tests of the faces share: a foreign central system, and a way to start a face."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.cli.faces import Face, Start
from tests.cli.foreign import ForeignCentralSystem, serving

ROOT = Path(__file__).parents[2]


@pytest.fixture
async def foreign() -> AsyncIterator[ForeignCentralSystem]:
    """A foreign central system that listens."""
    async with serving() as central:
        yield central


@pytest.fixture
async def start(tmp_path: Path) -> AsyncIterator[Start]:
    """Starts a face; its home is a folder of this test."""
    faces: list[Face] = []

    async def begin(*words: str, home: Path = tmp_path, **environment: str) -> Face:
        names = {"HOME": str(home), "PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"], **environment}
        names |= {
            f"XDG_{name}_HOME": str(home / name.lower()) for name in ("STATE", "CONFIG", "DATA", "CACHE")
        }
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "desktop_sim",
            *words,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=names,
            cwd=home,
        )
        faces.append(Face(process))
        return faces[-1]

    yield begin
    for face in faces:
        if face.process.returncode is None:
            face.process.kill()
        await face.end()
