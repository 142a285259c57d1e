"""Waiting for what other tasks are about to do."""

import asyncio
from collections.abc import Callable


async def until(condition: Callable[[], object]) -> None:
    """Look again and again until the condition holds; five seconds are enough for anything."""
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110 - the condition is about state, nobody sets an event
            await asyncio.sleep(0.005)
