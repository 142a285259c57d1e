"""Wheel, editable install and plain checkout: the same program, with the same resources."""

import email
import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

PROBE = """
import json, sys
if sys.argv[1:]:
    sys.path.insert(0, sys.argv[1])
import desktop_sim
from desktop_sim.storage.resources import resource
found = resource("README.md")
print(json.dumps([desktop_sim.__file__, str(found), found.read_text()]))
"""


def _seen(cwd: Path, *place: Path) -> tuple[Path, Path, str]:
    """Where a fresh interpreter finds the package and its resources, and what it reads there."""
    command = [sys.executable, "-P", "-c", PROBE, *map(str, place)]
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    package, found, text = json.loads(done.stdout)
    return Path(package).parent, Path(found), text


def _build(what: str, source: Path, into: Path) -> Path:
    """Without network and without isolation: hatchling is among the test tools."""
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", what, "--directory", str(into)],
        cwd=source,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = into.iterdir()
    return built


def _files(folder: Path) -> set[str]:
    ours = (file for file in folder.rglob("*") if file.is_file() and "__pycache__" not in file.parts)
    return {str(file.relative_to(ROOT)) for file in ours}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _build("wheel", ROOT, tmp_path_factory.mktemp("wheel"))


@pytest.mark.slow
def test_the_wheel_works_where_there_is_no_checkout(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    package, found, text = _seen(tmp_path, tmp_path / "site")
    assert package == tmp_path / "site" / "desktop_sim"
    assert found == package / "resources" / "README.md"
    assert text == (ROOT / "resources" / "README.md").read_text()


@pytest.mark.slow
def test_the_wheel_holds_every_module_and_every_resource(wheel: Path) -> None:
    packed = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    expected = _files(ROOT / "desktop_sim") | {f"desktop_sim/{name}" for name in _files(ROOT / "resources")}
    assert packed == expected


@pytest.mark.slow
def test_the_wheel_says_what_it_is(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (info,) = {name.split("/")[0] for name in archive.namelist() if ".dist-info/" in name}
        metadata = email.message_from_bytes(archive.read(f"{info}/METADATA"))
        entries = archive.read(f"{info}/entry_points.txt").decode()
        licence = archive.read(f"{info}/licenses/LICENSE").decode()
    assert metadata["Name"] == "ocpp-desktop-sim"
    assert metadata["License-Expression"] == "Apache-2.0"
    assert metadata["Requires-Python"] == "<3.15,>=3.11"
    assert "ocpp-desktop-sim = desktop_sim.__main__:main" in entries
    assert "Apache License" in licence


@pytest.mark.slow
def test_the_source_archive_makes_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    archive = _build("sdist", ROOT, tmp_path / "sdist")
    (tmp_path / "source").mkdir()
    subprocess.run(["tar", "-xf", str(archive), "-C", str(tmp_path / "source")], check=True)
    (source,) = (tmp_path / "source").iterdir()
    again = _build("wheel", source, tmp_path / "again")
    assert sorted(zipfile.ZipFile(again).namelist()) == sorted(zipfile.ZipFile(wheel).namelist())


def test_a_plain_checkout_needs_no_installation(tmp_path: Path) -> None:
    checkout = tmp_path / "a checkout"
    for folder in ("desktop_sim", "resources"):
        shutil.copytree(ROOT / folder, checkout / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", checkout)
    package, found, _ = _seen(tmp_path, checkout)
    assert package == checkout / "desktop_sim"
    assert found == checkout / "resources" / "README.md"


def test_this_environment_has_the_checkout_installed(tmp_path: Path) -> None:
    """Editable, as run_simulator.sh installs it: found from any folder, resources read where they are edited."""
    package, found, _ = _seen(tmp_path)
    assert package == ROOT / "desktop_sim"
    assert found == ROOT / "resources" / "README.md"
