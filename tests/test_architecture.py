"""The rules a reader may rely on: which way the arrows point, how code looks, that types agree."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "desktop_sim"
PURE = ("station", "physics", "protocol")
LIMIT = 700  # lines; the typical file has 100 to 250
TABLES = {"protocol"}  # packages of message tables, which may be longer


def _sources(folder: Path = PACKAGE) -> list[Path]:
    return sorted(file for file in folder.rglob("*.py") if "__pycache__" not in file.parts)


def _run(*command: str) -> None:
    """A tool's verdict is the test's."""
    done = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if done.returncode != 0:
        pytest.fail(f"{' '.join(command)}\n{done.stdout}", pytrace=False)


def test_arrows_point_down_only() -> None:
    _run("-c", "from importlinter.cli import lint_imports_command as check; check()", "--no-logo")


def test_style() -> None:
    _run("-m", "ruff", "check", "--quiet", "--output-format", "concise")


def test_format() -> None:
    _run("-m", "ruff", "format", "--check", "--quiet")


def test_types() -> None:
    _run("-m", "mypy", "--no-error-summary")


def test_no_file_is_too_long() -> None:
    long = {
        str(file.relative_to(ROOT)): lines
        for file in _sources()
        if file.relative_to(PACKAGE).parts[0] not in TABLES
        and (lines := len(file.read_text().splitlines())) > LIMIT
    }
    assert not long, f"past 400 lines a file wants to be two; past {LIMIT} it has to be"


def test_init_files_hand_names_on_and_hold_no_logic() -> None:
    plain = (ast.Import, ast.ImportFrom, ast.Assign, ast.AnnAssign)
    for file in _sources():
        if file.name != "__init__.py":
            continue
        body = ast.parse(file.read_text()).body
        assert ast.get_docstring(ast.Module(body, [])), (
            f"{file.relative_to(ROOT)} says what the package is for"
        )
        for statement in body[1:]:
            assert isinstance(statement, plain), f"{file.relative_to(ROOT)}:{statement.lineno} holds logic"


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        str(file.relative_to(ROOT))
        for file in _sources()
        if not ast.get_docstring(ast.parse(file.read_text()))
    ]
    assert not silent


def _calls(file: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name):
                yield node.lineno, node.func.id
            elif isinstance(node.func, ast.Attribute):
                yield node.lineno, "." + node.func.attr


@pytest.mark.parametrize("package", PURE)
def test_pure_packages_call_no_builtin_that_touches_the_world(package: str) -> None:
    """Ruff bans modules there; builtins it cannot. `hash` differs from run to run, `id` too."""
    banned = {"open", "print", "input", "breakpoint", "eval", "exec", "__import__", "hash", "id"}
    found = [
        f"{file.relative_to(ROOT)}:{line} {name}()"
        for file in _sources(PACKAGE / package)
        for line, name in _calls(file)
        if name in banned
    ]
    assert not found


def test_the_window_never_blocks_its_loop() -> None:
    """A nested event loop inside a coroutine loses tasks for ever; a dialog is opened, not executed."""
    banned = {".exec", ".exec_", ".processEvents", "asyncClose", ".asyncClose"}
    found = [
        f"{file.relative_to(ROOT)}:{line} {name}()"
        for file in _sources(PACKAGE / "ui")
        for line, name in _calls(file)
        if name in banned
    ]
    assert not found


@pytest.mark.parametrize("module", ["desktop_sim.cli", "desktop_sim.app", "desktop_sim.scenario"])
def test_faces_without_a_window_start_without_qt(module: str) -> None:
    """Not even indirectly: it costs 0.8 s and needs libraries a server lacks."""
    script = f"""
import importlib, pkgutil, sys
package = importlib.import_module({module!r})
for found in pkgutil.walk_packages(package.__path__, {module!r} + "."):
    importlib.import_module(found.name)
print(*sorted(set(sys.modules) & {{"PySide6", "shiboken6", "qasync", "pyqtgraph", "superqt", "numpy"}}))
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == []
