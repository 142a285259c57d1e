"""What must hold before Qt is touched is found out without Qt, and said in a sentence."""

import importlib.metadata
import re
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_sim.cli import guard
from desktop_sim.cli.guard import broken_pair, display_problem

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def on_linux(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")


@pytest.fixture
def libraries(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Names of libraries this machine lacks; none of them at first."""
    absent: set[str] = set()
    monkeypatch.setattr(guard, "_loads", lambda library: library not in absent)
    return absent


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Path]:
    """A socket that accepts and says nothing."""
    path = tmp_path / "answers"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()
        yield path


class TestPair:
    @pytest.mark.parametrize(
        "qt, python, says",
        [
            ("6.8.3", (3, 11), None),
            ("6.10.3", (3, 11), None),
            ("6.10.3", (3, 14), None),
            ("6.11.3", (3, 11), "breaks the export of plots"),
            ("6.11.3", (3, 13), "breaks the export of plots"),
            ("6.12.0", (3, 11), "crashes on Python 3.11"),
            ("6.12.1", (3, 13), "breaks the export of plots"),
            ("unreadable", (3, 11), None),
        ],
    )
    def test_verdict(
        self, qt: str, python: tuple[int, int], says: str | None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(importlib.metadata, "version", lambda name: qt)
        monkeypatch.setattr(sys, "version_info", (*python, 0, "final", 0))
        sentence = broken_pair()
        if says is None:
            assert sentence is None
        else:
            assert sentence is not None
            assert says in sentence
            assert 'pip install "PySide6-Essentials>=6.8,<6.11"' in sentence

    def test_no_qt_at_all(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def version(name: str) -> str:
            raise importlib.metadata.PackageNotFoundError(name)

        monkeypatch.setattr(importlib.metadata, "version", version)
        assert "not installed" in str(broken_pair())

    def test_the_advice_is_what_the_project_asks_for(self) -> None:
        assert f'"{guard._SOUND}"' in (ROOT / "pyproject.toml").read_text()

    def test_neither_question_imports_qt(self) -> None:
        script = """
import sys
from desktop_sim.cli.guard import broken_pair, display_problem
broken_pair()
display_problem()
sys.exit("PySide6" in sys.modules)
"""
        subprocess.run([sys.executable, "-c", script], check=True)


class TestDisplay:
    def test_none_at_all(self, libraries: set[str]) -> None:
        assert display_problem({}) == "there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)"

    @pytest.mark.parametrize("platform", ["offscreen", "minimal", "vnc:size=800x600", "xcb;offscreen"])
    def test_drawing_without_a_screen_counts(self, platform: str, libraries: set[str]) -> None:
        assert display_problem({"QT_QPA_PLATFORM": platform}) is None

    def test_even_then_the_libraries_must_load(self, libraries: set[str]) -> None:
        libraries.add("libEGL.so.1")
        assert "apt-get install libegl1" in str(display_problem({"QT_QPA_PLATFORM": "offscreen"}))

    def test_other_systems_always_have_one(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sys, "platform", "darwin")
        assert display_problem({}) is None

    def test_x_that_does_not_answer(self, libraries: set[str]) -> None:
        assert display_problem({"DISPLAY": ":4242"}) == "the X display :4242 does not answer"

    def test_x_over_tcp_that_does_not_answer(self, libraries: set[str]) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            free = taken.getsockname()[1]
        display = f"127.0.0.1:{free - 6000}"
        assert display_problem({"DISPLAY": display}) == f"the X display {display} does not answer"

    @pytest.mark.parametrize("display", ["nonsense", "host:", ":one"])
    def test_x_that_is_no_name(self, display: str, libraries: set[str]) -> None:
        assert "is not the name of a display" in str(display_problem({"DISPLAY": display}))

    def test_x_that_answers(self, server: Path, libraries: set[str], monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(guard, "_lets_in", lambda display: True)
        server.rename(server.with_name("answers:3"))
        assert display_problem({"DISPLAY": f"{server}:3"}) is None

    def test_x_over_tcp_that_answers(self, libraries: set[str], monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(guard, "_lets_in", lambda display: True)
        with socket.create_server(("127.0.0.1", 0)) as listener:
            number = listener.getsockname()[1] - 6000
            assert display_problem({"DISPLAY": f"127.0.0.1:{number}.0"}) is None

    def test_x_that_turns_away(self, libraries: set[str]) -> None:
        """Whatever hangs up during the handshake is no display, though it accepted."""
        with socket.create_server(("127.0.0.1", 0)) as listener:

            def hang_up() -> None:
                for _ in range(2):
                    listener.accept()[0].close()

            caller = threading.Thread(target=hang_up)
            caller.start()
            number = listener.getsockname()[1] - 6000
            sentence = display_problem({"DISPLAY": f"127.0.0.1:{number}"})
            caller.join()
        assert "does not let this user in" in str(sentence)

    def test_x_without_its_libraries(
        self, server: Path, libraries: set[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(guard, "_lets_in", lambda display: True)
        libraries |= {"libxcb-cursor.so.0", "libxcb-xkb.so.1"}
        server.rename(server.with_name("answers:3"))
        sentence = str(display_problem({"DISPLAY": f"{server}:3"}))
        assert "libxcb-cursor.so.0, libxcb-xkb.so.1" in sentence
        assert sentence.endswith("apt-get install libxcb-cursor0 libxcb-xkb1")

    def test_wayland_that_answers(self, server: Path, libraries: set[str]) -> None:
        assert display_problem({"WAYLAND_DISPLAY": str(server)}) is None
        assert (
            display_problem({"WAYLAND_DISPLAY": server.name, "XDG_RUNTIME_DIR": str(server.parent)}) is None
        )

    def test_wayland_that_does_not_answer(self, tmp_path: Path, libraries: set[str]) -> None:
        problem = display_problem({"WAYLAND_DISPLAY": "wayland-0", "XDG_RUNTIME_DIR": str(tmp_path)})
        assert problem == f"the Wayland display {tmp_path}/wayland-0 does not answer"

    def test_only_what_was_asked_for_counts(self, server: Path, libraries: set[str]) -> None:
        assert (
            display_problem({"QT_QPA_PLATFORM": "xcb", "WAYLAND_DISPLAY": str(server)})
            == "DISPLAY is not set"
        )

    @pytest.mark.skipif(shutil.which("Xvfb") is None, reason="needs Xvfb")
    def test_a_real_x_server_lets_the_next_client_in(self) -> None:
        """The question must not make the server start over just when Qt comes."""
        with subprocess.Popen(
            ["Xvfb", "-displayfd", "1", "-nolisten", "tcp"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        ) as xvfb:
            try:
                assert xvfb.stdout is not None
                display = f":{xvfb.stdout.readline().decode().strip()}"
                assert [guard._x11_problem({"DISPLAY": display}) for _ in range(5)] == [None] * 5
            finally:
                xvfb.terminate()


def test_the_start_script_knows_the_same_libraries() -> None:
    """Two languages, one list."""
    script = (ROOT / "run_simulator.sh").read_text()
    table = dict(re.findall(r"^ *(lib[\w.+-]+\.so\.\d+) +(lib[\w.+-]+) ", script, re.MULTILINE))
    assert table == {**guard.LIBRARIES_ANY, **guard.LIBRARIES_X11, **guard.LIBRARIES_WAYLAND}
