"""Which face starts, what it imports, and the prompt on a real terminal."""

import asyncio
import os
import pty
import select
import ssl
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from desktop_sim import __main__
from tests.cli.conftest import ROOT
from tests.cli.faces import Start
from tests.cli.foreign import ForeignCentralSystem, serving


def test_console_and_central_import_no_qt_and_nothing_heavy() -> None:
    code = (
        "import sys, desktop_sim.__main__, desktop_sim.cli.console, desktop_sim.cli.central;"
        "print([name for name in sys.modules if name.split('.')[0] in"
        " ('PySide6', 'shiboken6', 'qasync', 'pyqtgraph', 'numpy', 'superqt')])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert found.stdout.strip() == "[]"


async def test_the_window_without_a_screen_goes_on_as_console_until_sigterm(
    foreign: ForeignCentralSystem, start: Start
) -> None:
    face = await start("CP001", foreign.url)
    await face.line("✅ Connected to Central System")
    face.end_input()
    await foreign.said("StatusNotification", connector_id=1)
    await asyncio.sleep(0.3)
    assert face.process.returncode is None
    assert await face.terminate() == 0
    assert "Going on as console." in face.errors
    assert len(face.errors.strip().splitlines()) == 1
    assert foreign.close_codes == [1001]


def test_a_broken_pair_of_qt_and_python_is_said_plainly(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("desktop_sim.cli.guard.broken_pair", lambda: "PySide6 6.12.0 crashes on Python 3.11.")
    assert __main__.main(["CP001", "ws://localhost:9000"]) == 1
    assert capsys.readouterr().err == "desktop_sim: PySide6 6.12.0 crashes on Python 3.11.\n"


async def test_a_certificate_nobody_vouches_for_is_explained(start: Start, tmp_path: Path) -> None:
    certificate, key = _self_signed(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    async with serving(ssl=context) as central:
        url = f"wss://localhost:{central.port}"
        console = await start("console", "CP001", url)
        assert "certificate" in await console.line("❌ Not connected:")
        console.type("quit")
        assert await console.end() == 0
        trusting = await start("console", "CP001", url, "--ca-file", str(certificate))
        await central.said("BootNotification")
        trusting.type("quit")
        assert await trusting.end() == 0


def _self_signed(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    today = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    files = folder / "server.crt", folder / "server.key"
    files[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return files


# The terminal must be the process's own, so that Ctrl-C reaches it even while a line is being printed.
ON_ITS_OWN_TERMINAL = (
    "import fcntl, runpy, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0);"
    "sys.argv[0] = 'desktop_sim'; runpy.run_module('desktop_sim', run_name='__main__')"
)


class Prompt:
    """The console on a terminal of its own."""

    def __init__(self, home: Path, *words: str) -> None:
        self.master, slave = pty.openpty()
        environment = {
            **os.environ,
            "HOME": str(home),
            "XDG_CONFIG_HOME": str(home / "config"),
            "XDG_STATE_HOME": str(home / "state"),
            "TERM": "xterm",
            "PROMPT_TOOLKIT_NO_CPR": "1",
            "COLUMNS": "100",
        }
        self.process = subprocess.Popen(
            [sys.executable, "-c", ON_ITS_OWN_TERMINAL, "console", *words],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=environment,
            cwd=ROOT,
            start_new_session=True,
        )
        os.close(slave)
        self.shown = ""

    def until(self, text: str) -> None:
        """Wait until something is shown, after what was waited for last."""
        ending = time.monotonic() + 20
        while text not in self.shown:
            readable, _, _ = select.select([self.master], [], [], max(0.0, ending - time.monotonic()))
            assert readable, f"“{text}” was never shown: {self.shown[-2000:]!r}"
            try:
                self.shown += os.read(self.master, 65536).decode(errors="replace")
            except OSError:
                break
        assert text in self.shown, self.shown[-2000:]
        self.shown = self.shown.partition(text)[2]

    def type(self, text: str) -> None:
        os.write(self.master, text.encode())

    def end(self) -> int:
        code = self.process.wait(20)
        os.close(self.master)
        return code


def test_the_prompt_completes_remembers_and_prints_above_itself(tmp_path: Path) -> None:
    prompt = Prompt(tmp_path, "--ephemeral")
    prompt.until(">>>")
    prompt.until("Registration: Accepted")
    prompt.type("status char\t")
    prompt.until("Charging")
    prompt.type("\r")
    prompt.until("Status changed: Charging (reported by hand)")
    prompt.type("\x1b[A")  # the arrow up brings the line back
    prompt.until("status Charging")
    prompt.type("\x03")  # Ctrl-C clears it
    prompt.until(">>>")
    prompt.type("\x04")  # Ctrl-D ends
    prompt.until("Ending")
    assert prompt.end() == 0
    assert "status Charging" in (tmp_path / "config" / "ocpp-desktop-sim" / "console.history").read_text()


def test_ctrl_c_on_an_empty_line_ends(tmp_path: Path) -> None:
    prompt = Prompt(tmp_path, "--ephemeral")
    prompt.until("Registration: Accepted")
    prompt.type("\x03")
    prompt.until("Ending")
    assert prompt.end() == 0
