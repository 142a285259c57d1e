"""Files over real servers: pyftpdlib for FTP and FTPS, the standard library for HTTP, asyncssh for SFTP (FW-FT)."""

import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import asyncssh
import pytest

from desktop_sim.transport.files.place import TransferFailed, place_of, trust_of
from desktop_sim.transport.files.transfer import download, upload
from tests.transport.conftest import Pki

CONTENT = b"image " * 20_000


@pytest.fixture
def served(tmp_path: Path) -> Path:
    """The folder the servers serve."""
    folder = tmp_path / "served"
    (folder / "inbox").mkdir(parents=True)
    (folder / "image.bin").write_bytes(CONTENT)
    return folder


@pytest.fixture
def source(tmp_path: Path) -> Path:
    file = tmp_path / "diagnostics.zip"
    file.write_bytes(CONTENT)
    return file


@contextmanager
def ftp_server(folder: Path, certificate: Path | None = None) -> Iterator[int]:
    script = Path(__file__).with_name("ftp_server.py")
    command = [sys.executable, str(script), str(folder), *([str(certificate)] if certificate else [])]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.kill()


class Handler(BaseHTTPRequestHandler):
    """GET from a folder, redirects, PUT (unless `refuses`) and POST."""

    folder: Path
    refuses: bool = False
    posted: bytes = b""

    def do_GET(self) -> None:
        if self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", "/image.bin")
        elif self.path == "/round":
            self.send_response(302)
            self.send_header("Location", "/round")
        elif self.path == "/secret":
            self.send_response(401)
        elif self.path == "/image.bin":
            self.send_response(200)
            self.send_header("Content-Length", str(len(CONTENT)))
            self.end_headers()
            self.wfile.write(CONTENT)
            return
        else:
            self.send_response(404)
        self.end_headers()

    def do_PUT(self) -> None:
        body = self._body()
        if not type(self).refuses:
            (type(self).folder / self.path.lstrip("/")).write_bytes(body)
        self.send_response(405 if type(self).refuses else 201)
        self.end_headers()

    def do_POST(self) -> None:
        type(self).posted = self._body()
        self.send_response(200)
        self.end_headers()

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") == "chunked":
            body = b""
            while size := int(self.rfile.readline(), 16):
                body += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
            return body
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def log_message(self, *arguments: Any) -> None:
        """Silence."""


@contextmanager
def http_server(
    folder: Path, context: ssl.SSLContext | None = None, *, refuses: bool = False
) -> Iterator[tuple[int, type[Handler]]]:
    handler = type("OneHandler", (Handler,), {"folder": folder, "refuses": refuses})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        if context:
            server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server.server_address[1], handler
        server.shutdown()


def server_pem(pki: Pki, folder: Path) -> Path:
    """Certificate and key in one file."""
    file = folder / "server.pem"
    file.write_bytes(pki.server.certificate_file.read_bytes() + pki.server.key_file.read_bytes())
    return file


@pytest.fixture
def unused_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


# --- FTP ---


async def test_ftp_fetches_and_sends(served: Path, source: Path, tmp_path: Path) -> None:
    """FW-FT-2, FW-FT-3, FW-FT-6: user and password decoded, a directory told from a file."""
    with ftp_server(served) as port:
        base = f"ftp://user:p%40ss%2Fword@127.0.0.1:{port}"
        target = tmp_path / "got"
        assert await download(place_of(f"{base}/image.bin"), target) == len(CONTENT)
        assert target.read_bytes() == CONTENT
        await upload(place_of(f"{base}/inbox"), source, "one.zip")
        await upload(place_of(f"{base}/inbox/"), source, "two.zip")
        await upload(place_of(f"{base}/inbox/three.zip"), source, "ignored.zip")
        assert sorted(path.name for path in (served / "inbox").iterdir()) == [
            "one.zip",
            "three.zip",
            "two.zip",
        ]
        with pytest.raises(TransferFailed) as missing:
            await download(place_of(f"ftp://127.0.0.1:{port}/does_not_exist_1"), target)
        assert missing.value.kind == "missing"
        with pytest.raises(TransferFailed) as refused:
            await download(place_of(f"ftp://user:wrong@127.0.0.1:{port}/image.bin"), target)
        assert refused.value.kind == "permission"
        assert "wrong" not in refused.value.sentence


async def test_ftps_encrypts_and_checks(served: Path, source: Path, tmp_path: Path, pki: Pki) -> None:
    """FW-FT-4: explicit TLS on another port, data protected, the certificate checked."""
    certificate = server_pem(pki, tmp_path)
    with ftp_server(served, certificate) as port:
        url = f"ftps://localhost:{port}/image.bin"
        trust = trust_of(str(pki.root.file))
        assert await download(place_of(url, trust), tmp_path / "got") == len(CONTENT)
        base = f"ftps://user:p%40ss%2Fword@localhost:{port}"
        await upload(place_of(f"{base}/inbox/", trust), source, "one.zip")
        assert (served / "inbox" / "one.zip").read_bytes() == CONTENT
        with pytest.raises(TransferFailed) as untrusted:
            await download(place_of(url), tmp_path / "got")
        assert untrusted.value.kind == "tls"


# --- HTTP ---


async def test_http_fetches_puts_and_posts(served: Path, source: Path, tmp_path: Path) -> None:
    """FW-FT-5, FW-FT-7."""
    target = tmp_path / "got"
    with http_server(served) as (port, _):
        base = f"http://127.0.0.1:{port}"
        assert await download(place_of(f"{base}/moved"), target) == len(CONTENT)
        await upload(place_of(f"{base}/inbox/"), source, "one.zip")
        assert (served / "inbox" / "one.zip").read_bytes() == CONTENT
        for path, kind in (("missing", "missing"), ("secret", "permission"), ("round", "failed")):
            with pytest.raises(TransferFailed) as failed:
                await download(place_of(f"{base}/{path}"), target)
            assert failed.value.kind == kind
    with http_server(served, refuses=True) as (port, handler):
        await upload(place_of(f"http://127.0.0.1:{port}/upload"), source, "one.zip")
        assert b'name="file"; filename="one.zip"' in handler.posted
        assert CONTENT in handler.posted


async def test_https_checks_the_certificate(served: Path, tmp_path: Path, pki: Pki) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(server_pem(pki, tmp_path))
    with http_server(served, context) as (port, _):
        url = f"https://localhost:{port}/image.bin"
        assert await download(place_of(url, trust_of(str(pki.root.file))), tmp_path / "got") == len(CONTENT)
        with pytest.raises(TransferFailed) as untrusted:
            await download(place_of(url), tmp_path / "got")
        assert untrusted.value.kind == "tls"


# --- SFTP ---


class OneUser(asyncssh.SSHServer):
    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == ("user", "secret")


@pytest.fixture
async def sftp_port(served: Path) -> AsyncIterator[int]:
    def files(channel: "asyncssh.SSHServerChannel[bytes]") -> asyncssh.SFTPServer:
        return asyncssh.SFTPServer(channel, chroot=str(served).encode())

    key = asyncssh.generate_private_key("ssh-ed25519")
    server = await asyncssh.create_server(OneUser, "127.0.0.1", 0, server_host_keys=[key], sftp_factory=files)
    yield server.get_port()
    server.close()
    await server.wait_closed()


async def test_sftp_fetches_and_sends(sftp_port: int, served: Path, source: Path, tmp_path: Path) -> None:
    """FW-FT-1."""
    base = f"sftp://user:secret@127.0.0.1:{sftp_port}"
    assert await download(place_of(f"{base}/image.bin"), tmp_path / "got") == len(CONTENT)
    await upload(place_of(f"{base}/inbox"), source, "one.zip")
    assert (served / "inbox" / "one.zip").read_bytes() == CONTENT
    with pytest.raises(TransferFailed) as missing:
        await download(place_of(f"{base}/nothing"), tmp_path / "got")
    assert missing.value.kind == "missing"
    with pytest.raises(TransferFailed) as refused:
        await download(place_of(f"sftp://user:wrong@127.0.0.1:{sftp_port}/image.bin"), tmp_path / "got")
    assert refused.value.kind == "permission"


# --- addresses ---


@pytest.mark.parametrize(
    "url, kind",
    [
        ("", "address"),
        ("file.bin", "address"),
        ("/etc/passwd", "address"),
        ("gopher://x/y", "scheme"),
        ("http://[::1", "address"),
    ],
)
def test_what_is_no_place(url: str, kind: str) -> None:
    """FW-FT-8."""
    with pytest.raises(TransferFailed) as failed:
        place_of(url)
    assert failed.value.kind == kind


@pytest.mark.parametrize("scheme", ["http", "https", "ftp", "sftp"])
async def test_nobody_listens(scheme: str, unused_port: int, tmp_path: Path) -> None:
    """FW-FT-9, FW-FT-10: told plainly, and without the password."""
    with pytest.raises(TransferFailed) as failed:
        await download(place_of(f"{scheme}://user:hidden@127.0.0.1:{unused_port}/file"), tmp_path / "got")
    assert failed.value.kind == "refused"
    assert "hidden" not in failed.value.sentence
