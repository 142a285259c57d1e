"""The workers behind the station's transfers: firmware is fetched and looked into, diagnostics are packed and sent.

They run beside the station's turns and never stall one (FW-UPD, FW-DIAG, FW-FT).
"""

import asyncio
import json
import re
import ssl
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

import msgspec

from desktop_sim.runtime.job_runner import Progress, Worker
from desktop_sim.station.events import AnyEvent, LogEvent
from desktop_sim.station.jobs import Job, Outcome
from desktop_sim.transport.files.place import Place, TransferFailed, place_of

MANIFEST_BYTES = 64 * 1024

Events = Callable[[], Iterable[AnyEvent]]
"""What happened at the station, the oldest first."""

_SECRET = re.compile(r'(\\?"AuthorizationKey\\?"\s*,\s*\\?"value\\?"\s*:\s*\\?")[^"\\]*')


def transfer_workers(events: Events, trust: Callable[[], ssl.SSLContext | None]) -> Mapping[str, Worker]:
    """The workers by job kind. `trust` gives the certificates believed in HTTPS and FTPS; None: the system's."""

    async def download(job: Job, progress: Progress) -> Outcome:
        return await _fetch(job, progress, trust())

    async def upload(job: Job, progress: Progress) -> Outcome:
        return await _send(job, progress, trust(), list(events()))

    return {"download": download, "upload diagnostics": upload}


async def _fetch(job: Job, progress: Progress, trust: ssl.SSLContext | None) -> Outcome:
    from desktop_sim.transport.files.transfer import download

    try:
        place = place_of(job.arguments["url"], trust)
        with tempfile.TemporaryDirectory(prefix="firmware-") as folder:
            target = Path(folder) / "image"
            size = await download(place, target)
            progress("fetched", f"{size} bytes from {place.shown}")
            return Outcome(ok=True, result={"size": size, **await asyncio.to_thread(manifest, target, place)})
    except TransferFailed as failed:
        return Outcome(ok=False, sentence=failed.sentence, result={"kind": failed.kind})


def manifest(image: Path, place: Place) -> dict[str, Any]:
    """What an image says of itself: a JSON manifest may name `firmwareVersion` and `"install": "fail"` (FW-UPD-8).

    Without one the version is the name of the file.
    """
    with image.open("rb") as file:
        beginning = file.read(MANIFEST_BYTES)
    try:
        says = json.loads(beginning)
    except ValueError:
        says = {}
    if not isinstance(says, dict):
        says = {}
    version = says.get("firmwareVersion") or PurePosixPath(place.path).stem
    return {"version": str(version)[:50], "fails": says.get("install") == "fail"}


async def _send(
    job: Job, progress: Progress, trust: ssl.SSLContext | None, events: list[AnyEvent]
) -> Outcome:
    from desktop_sim.transport.files.transfer import upload

    try:
        place = place_of(job.arguments["url"], trust)
        with tempfile.TemporaryDirectory(prefix="diagnostics-") as folder:
            archive = Path(folder) / "diagnostics.zip"
            await asyncio.to_thread(pack, archive, job.arguments, events)
            await upload(place, archive, job.arguments["file_name"])
            progress("sent", f"{job.arguments['file_name']} to {place.shown}")
    except TransferFailed as failed:
        return Outcome(ok=False, sentence=failed.sentence, result={"kind": failed.kind})
    return Outcome(ok=True)


def pack(archive: Path, arguments: Mapping[str, Any], events: Iterable[AnyEvent]) -> None:
    """Trace, log and configuration as one zip; secrets are masked (FW-DIAG-3, FW-FT-10)."""
    oldest, newest = arguments.get("oldest"), arguments.get("newest")
    wanted = [
        event
        for event in events
        if (oldest is None or event.time >= oldest) and (newest is None or event.time <= newest)
    ]
    encode = msgspec.json.encode
    trace = [masked(encode(event).decode()) for event in wanted]
    log = [masked(f"{event.level}: {event.text}") for event in wanted if isinstance(event, LogEvent)]
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("trace.jsonl", "\n".join(trace) + "\n")
        file.writestr("log.txt", "\n".join(log) + "\n")
        for name in ("configuration", "switches"):
            file.writestr(f"{name}.json", json.dumps(arguments.get(name, {}), indent=2))


def masked(text: str) -> str:
    """The text without the value of AuthorizationKey."""
    return _SECRET.sub(r"\1***", text)
