"""Certificates, keys and CA files that cannot be used, and the sentence each of them gets."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from desktop_sim.transport.tls import TlsProblem, client_context, server_context

from .certificates import write_key
from .conftest import Pki
from .links import at, refused


def problem(make: Callable[[], object]) -> str:
    with pytest.raises(TlsProblem) as caught:
        make()
    return caught.value.sentence


def written(folder: Path, content: bytes) -> Path:
    file = folder / "file.pem"
    file.write_bytes(content)
    return file


def test_what_is_not_there(tmp_path: Path) -> None:
    file = tmp_path / "gone.pem"
    assert problem(lambda: client_context(file)) == f"The CA file {file} does not exist: check the path."
    assert "certificate file" in problem(lambda: client_context(None, file))
    assert "is a folder" in problem(lambda: client_context(tmp_path))


def test_what_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = written(tmp_path, b"x")
    for trouble, words in (
        (PermissionError(13, "no"), "may not be read"),
        (OSError(5, "I/O error"), "I/O error."),
    ):

        def fail(_: Path, trouble: OSError = trouble) -> bytes:
            raise trouble

        monkeypatch.setattr(Path, "read_bytes", fail)
        assert words in problem(lambda: client_context(file))


@pytest.mark.parametrize(
    "content, words",
    [
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b"0\x82\x01\x02", "is binary (DER or PKCS#12), not PEM. Turn it into PEM: openssl x509 -inform der"),
        (b"hello", "is not in PEM form"),
        (b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "is damaged"),
        (b"-----BEGIN CERTIFICATE-----\n", "is damaged"),
        (
            b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
            "holds a private key but no certificate",
        ),
    ],
)
def test_a_file_of_the_wrong_form(tmp_path: Path, content: bytes, words: str) -> None:
    assert words in problem(lambda: client_context(written(tmp_path, content)))


def test_a_binary_key(pki: Pki, tmp_path: Path) -> None:
    der = pki.station.key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    sentence = problem(lambda: client_context(None, pki.station.certificate_file, written(tmp_path, der)))
    assert "openssl pkey -inform der -in file.pem" in sentence


def test_a_key_that_is_missing(pki: Pki) -> None:
    sentence = problem(lambda: client_context(None, pki.station.certificate_file))
    assert "holds a certificate but no private key" in sentence


def test_certificate_and_key_in_one_file(pki: Pki, tmp_path: Path) -> None:
    both = pki.station.certificate_file.read_bytes() + pki.station.key_file.read_bytes()
    client_context(None, written(tmp_path, both))


def test_a_key_of_another_certificate(pki: Pki) -> None:
    sentence = problem(lambda: client_context(None, pki.station.certificate_file, pki.server.key_file))
    assert "they are not a pair" in sentence


def test_a_key_with_a_passphrase_is_never_asked_for(pki: Pki, tmp_path: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    file = write_key(tmp_path / "locked.key", key, b"secret")
    sentence = problem(lambda: client_context(None, pki.station.certificate_file, file))
    assert "is protected by a passphrase" in sentence
    assert "openssl pkey -in locked.key -out locked-plain.pem" in sentence


def test_a_damaged_key(pki: Pki, tmp_path: Path) -> None:
    file = written(tmp_path, b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")
    assert "is damaged" in problem(lambda: client_context(None, pki.station.certificate_file, file))


def test_the_server_gets_the_same_sentences(pki: Pki, tmp_path: Path) -> None:
    assert "does not exist" in problem(lambda: server_context(tmp_path / "gone.pem"))
    sentence = problem(
        lambda: server_context(
            pki.server.certificate_file, pki.server.key_file, client_ca_file=written(tmp_path, b"")
        )
    )
    assert "is empty" in sentence


async def test_a_station_with_a_wrong_file_does_not_connect(tmp_path: Path) -> None:
    refusal = await refused(at(9, scheme="wss", ca_file=tmp_path / "gone.pem"))
    assert refusal.kind == "tls"
    assert "does not exist" in refusal.sentence
