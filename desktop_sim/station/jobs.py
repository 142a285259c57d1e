"""What takes time or touches the world (download, upload, keys): asked for by the station, done by the runtime."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Job:
    """Something to be done outside the station's turn. `kind` names the worker, `arguments` is plain data."""

    id: str
    kind: str
    arguments: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a job ended: `ok`, a sentence when it did not, and plain result data."""

    ok: bool
    sentence: str = ""
    result: dict[str, Any] = field(default_factory=dict)
