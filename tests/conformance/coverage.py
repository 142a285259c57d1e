"""Which test proves which requirement.

`@covers("CORE-BOOT-1", …)` names the requirements a test would fail without. The ids and what they ask for, in a few
words, stand in `requirements.toml`; tests in other folders that prove one are named in `elsewhere.py`, requirements
that cannot be tested here in `not_applicable.py`. `generate_table` makes a page of it all.
"""

import ast
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

from tests.conformance.elsewhere import ELSEWHERE
from tests.conformance.not_applicable import NOT_APPLICABLE

HERE = Path(__file__).parent
ROOT = HERE.parents[1]

Test = TypeVar("Test", bound=Callable[..., object])


def covers(*ids: str) -> Callable[[Test], Test]:
    """The test fails if one of these requirements is not kept. The ids are read from the source, so write them out."""

    def mark(test: Test) -> Test:
        test.__dict__["covers"] = ids
        return test

    return mark


@dataclass(frozen=True, slots=True)
class Requirement:
    """One row: M mandatory, S recommended, O optional, D decided by us, AMB open to interpretation."""

    id: str
    section: str
    level: str
    words: str


@dataclass(frozen=True, slots=True)
class Proof:
    """A test: its file from the root of the project, and its name."""

    file: str
    test: str


def requirements() -> dict[str, Requirement]:
    """Every requirement by its id, in the order of the sections."""
    document = tomllib.loads((HERE / "requirements.toml").read_text(encoding="utf-8"))
    return {
        id_: Requirement(id_, section, *text.split(" ", 1))
        for section, rows in document.items()
        for id_, text in rows.items()
    }


def proofs() -> dict[str, list[Proof]]:
    """The tests of every covered id, those of this folder first."""
    found: dict[str, list[Proof]] = {}
    for path in sorted(HERE.glob("test_*.py")):
        for name, ids in _marked(path):
            for id_ in ids:
                found.setdefault(id_, []).append(Proof(path.relative_to(ROOT).as_posix(), name))
    for id_, tests in ELSEWHERE.items():
        for test in tests:
            found.setdefault(id_, []).append(Proof(*test.split("::")))
    return found


def not_applicable() -> dict[str, str]:
    """Why a requirement has no test."""
    return NOT_APPLICABLE


def exists(proof: Proof) -> bool:
    """Whether there is a test of this name."""
    path = ROOT / proof.file
    return path.is_file() and any(function.name == proof.test for function in _functions(path))


def _marked(path: Path) -> Iterator[tuple[str, list[str]]]:
    for function in _functions(path):
        for decorator in function.decorator_list:
            if isinstance(decorator, ast.Call) and getattr(decorator.func, "id", "") == "covers":
                yield function.name, [ast.literal_eval(argument) for argument in decorator.args]


@cache
def _functions(path: Path) -> tuple[ast.FunctionDef | ast.AsyncFunctionDef, ...]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    return tuple(function for function in functions if function.name.startswith("test"))
