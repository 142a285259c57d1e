"""The certification cases and the tests that play them: `test_TC_001_CS_…` plays TC_001_CS.

The cases, in a few words, stand in `cases.toml`. `generate_table` makes a page of it all.
"""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent

NOT_PLAYED = {"Security": "not there yet"}
"""Profile → why those of its cases that have no test do not apply."""

_TEST = re.compile(r"^(?:async )?def (test_(TC_\d+(?:_\d+)?_CS)_\w+)\(", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Case:
    """One case: M for all stations of the profile, C for those that have what it is about."""

    id: str
    profile: str
    level: str
    words: str


def cases() -> dict[str, Case]:
    """Every case by its id, profile by profile."""
    document = tomllib.loads((HERE / "cases.toml").read_text(encoding="utf-8"))
    return {
        id_: Case(id_, profile, *text.split(" ", 1))
        for profile, rows in document.items()
        for id_, text in rows.items()
    }


def proofs() -> dict[str, list[str]]:
    """Case → the tests that play it, as `file: name`."""
    found: dict[str, list[str]] = {}
    for path in sorted(HERE.glob("test_*.py")):
        for name, id_ in _TEST.findall(path.read_text(encoding="utf-8")):
            found.setdefault(id_, []).append(f"{path.name}: {name}")
    return found
