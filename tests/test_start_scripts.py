"""The scripts people start things with: what they pass on, what they ask for, what they never do unasked."""

import os
import resource
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout in a folder with a space in its name, set up already; its Python only says what it was told."""
    checkout = tmp_path / "a checkout"
    bin_folder = checkout / ".venv" / "bin"
    bin_folder.mkdir(parents=True)
    shutil.copy(ROOT / "run_simulator.sh", checkout)
    (checkout / "pyproject.toml").write_text('[project]\nname = "x"\n# --- tests ---\n[tool.x]\n')
    python = bin_folder / "python"
    python.write_text('#!/bin/sh\nprintf "<%s>" "${HOME-none}" "$@"\n')
    python.chmod(0o755)
    stamp = _bash(checkout, "wanted run")
    (checkout / ".venv" / ".ready-run").write_text(stamp.stdout)
    return checkout


def _bash(checkout: Path, script: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Runs `script` among the functions of run_simulator.sh, in a bare environment."""
    return subprocess.run(
        ["bash", "-c", f'. "$1"; {script}', "test", str(checkout / "run_simulator.sh")],
        env={"PATH": os.environ["PATH"], "HOME": str(checkout), **env},
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
    )


def _start(command: Path, *arguments: str, home: str = "/home/x", cwd: Path | None = None) -> str:
    done = subprocess.run(
        [command, *arguments],
        env={"PATH": os.environ["PATH"], "HOME": home},
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


def test_arguments_are_passed_on_as_they_are(checkout: Path) -> None:
    said = _start(checkout / "run_simulator.sh", "console", "a b", "*", "")
    assert said == "</home/x><-P><-m><desktop_sim><console><a b><*><>"


def test_from_another_folder_through_links(checkout: Path, tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    first = tmp_path / "bin" / "first link"
    first.symlink_to("../a checkout/run_simulator.sh")
    second = tmp_path / "second"
    second.symlink_to(first)
    assert _start(second, "console", cwd=tmp_path / "bin").endswith("<console>")


def test_an_empty_home_counts_as_none(checkout: Path) -> None:
    assert _start(checkout / "run_simulator.sh", "console", home="").startswith("<none>")


def test_a_second_start_takes_no_set_up_time(checkout: Path) -> None:
    """The script itself, with everything in place: 8 ms. Processor time, so that a busy machine does not matter."""
    taken = []
    for _ in range(10):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        _start(checkout / "run_simulator.sh", "console")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        taken.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    assert min(taken) < 0.05, taken


@pytest.mark.parametrize(
    "change",
    [
        "sed -i s/name/names/ \"$root/pyproject.toml\"",  # another dependency, say
        "touch \"$venv/.setting-up\"",  # an interrupted set-up
        "rm \"$venv/bin/python\"",  # its Python is gone
        "ln -sf /bin/true \"$venv/bin/python\"",  # its Python was replaced
        "root=/elsewhere",  # the folder was moved
        "rm \"$venv/.ready-run\"",
    ],
)  # fmt: skip
def test_what_makes_a_set_up_stale(checkout: Path, change: str) -> None:
    assert _bash(checkout, "ready run").returncode == 0
    assert _bash(checkout, f"{change}; ready run").returncode != 0


def test_settings_of_the_tools_do_not_make_it_stale(checkout: Path) -> None:
    with (checkout / "pyproject.toml").open("a") as project:
        project.write("more = 1\n")
    assert _bash(checkout, "ready run").returncode == 0


WINDOW = {"DISPLAY": ":0"}
WAYLAND = {"WAYLAND_DISPLAY": "wayland-0"}
SERVER: dict[str, str] = {}


@pytest.mark.parametrize(
    "arguments, env, groups",
    [
        ("", WINDOW, ["any x11"]),
        ("CP001 ws://localhost:9000", WINDOW, ["any x11"]),
        ("window", WINDOW, ["any x11"]),
        ("window CP001 ws://localhost/console", WINDOW, ["any x11"]),
        ("", WAYLAND, ["any wayland"]),
        ("", WINDOW | WAYLAND, ["any wayland", "any x11"]),
        ("", SERVER, []),  # it will be the console
        ("", {"QT_QPA_PLATFORM": "offscreen"}, ["any"]),
        ("gallery shots", SERVER, ["any"]),
        ("console CP001 ws://localhost:9000", WINDOW, []),
        ("--seed 1 control", WINDOW, []),
        ("play a.scenario.yaml", WINDOW, []),
        ("central --port 9000", WINDOW, []),
        ("--help", WINDOW, []),
    ],
)
def test_only_the_face_that_needs_them_asks_for_libraries(
    checkout: Path, arguments: str, env: dict[str, str], groups: list[str]
) -> None:
    said = _bash(checkout, f"is_root() {{ false; }}; libraries_for {arguments}", **env)
    assert said.stdout.splitlines() == groups


def test_root_gets_the_libraries_even_before_there_is_a_screen(checkout: Path) -> None:
    assert _bash(checkout, "is_root() { true; }; libraries_for").stdout.split() == ["any", "x11"]


FAKES = """
is_root() { false; }
apt-get() { echo "apt-get $*"; }
sudo() { echo "sudo $*"; }
compgen() { true; }
check_libraries() { lacks libegl1 mesa glvnd; lacks libxcb-cursor0 cursor cursor; lacks libegl1 mesa glvnd; }
"""


def test_an_ordinary_user_is_told_the_exact_line_and_nothing_runs(checkout: Path) -> None:
    said = _bash(checkout, FAKES + "main", DISPLAY=":0")
    assert said.returncode == 3
    assert said.stdout == ""
    assert "\n    sudo apt-get install --no-install-recommends libegl1 libxcb-cursor0\n" in said.stderr
    assert "console does not" in said.stderr


def test_root_installs_without_asking(checkout: Path) -> None:
    said = _bash(
        checkout, FAKES + "is_root() { true; }; apt_install() { echo installs $*; }; main CP1 ws://x"
    )
    assert said.stdout == f"installs libegl1 libxcb-cursor0\n<{checkout}><-P><-m><desktop_sim><CP1><ws://x>"
    assert said.stderr == "Installing packages of the system: libegl1 libxcb-cursor0\n"


def test_without_a_screen_the_console_goes_on_when_they_cannot_be_had(checkout: Path) -> None:
    said = _bash(checkout, FAKES + "is_root() { true; }; apt_install() { false; }; main CP1 ws://x")
    assert said.returncode == 0
    assert said.stdout.endswith("<desktop_sim><CP1><ws://x>")
    assert "Going on without the window's libraries." in said.stderr


def test_other_distributions_are_told_their_own_names(checkout: Path) -> None:
    only = "command() { [[ $2 == dnf ]]; }; "
    said = _bash(checkout, FAKES + only + "main", DISPLAY=":0")
    assert said.returncode == 3
    assert "\n    dnf install mesa cursor\n" in said.stderr


def test_no_python_that_fits(checkout: Path, tmp_path: Path) -> None:
    (tmp_path / "old").write_text("#!/bin/sh\necho unfit 3.9\n")
    (tmp_path / "old").chmod(0o755)
    only = 'command() { [[ $3 == "$PYTHON" || $2 == "$PYTHON" ]] && echo "$PYTHON"; }; '
    said = _bash(checkout, f"{only} find_python", PYTHON=str(tmp_path / "old"))
    assert said.returncode == 3
    assert (
        f"needs CPython 3.11, 3.12, 3.13 or 3.14 (with ssl, sqlite3 and ctypes); {tmp_path}/old is 3.9"
        in said.stderr
    )


def test_a_place_that_cannot_be_written_to_is_named(checkout: Path) -> None:
    said = _bash(checkout, "venv=/proc/nowhere/.venv; make_environment run")
    assert said.returncode == 1
    assert "/proc/nowhere/.venv, but that folder cannot be written to" in said.stderr


@pytest.mark.parametrize("script", ["run_simulator.sh", "run_tests.sh", ".ci/run"])
def test_scripts_can_be_started(script: str) -> None:
    assert os.access(ROOT / script, os.X_OK)
