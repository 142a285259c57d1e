"""From the start of the face `control` to its end, whatever carries the channel."""

import asyncio
import sys
from collections.abc import Awaitable

from desktop_sim.app.station_host import StationHost
from desktop_sim.app.workspace import Workspace
from desktop_sim.cli.stopping import Stopping

FLUSH_TIME = 2.0
"""Seconds that a slow reader gets at the end for what was said last."""


def remark(workspace: Workspace, host: StationHost) -> None:
    """Say on stderr what a person may want to know at the start."""
    if workspace.central is not None:
        print(f"The built-in central system listens on {workspace.central.url}", file=sys.stderr)
    for sentence in host.remarks():
        print(sentence, file=sys.stderr)


async def until_the_end(host: StationHost, stopping: Stopping, *works: Awaitable[None]) -> None:
    """Until the end comes from anywhere: a client, a signal, or the station itself."""
    tasks = [asyncio.ensure_future(one) for one in (host.wait(), stopping.wait(), *works)]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def within(work: Awaitable[None], seconds: float) -> None:
    """Do something, if it does not take longer."""
    try:
        await asyncio.wait_for(work, seconds)
    except TimeoutError:
        pass
