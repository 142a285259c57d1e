"""TLS as the OCPP security whitepaper wants it: versions, suites, trust, certificates (SEC-PROF-4 to SEC-PROF-8)."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from pathlib import Path

from desktop_sim.transport.host_name import NamedContext, NameRule, named_context

# First and last the four of the whitepaper, of which one pair is the least both sides must know (SEC-PROF-7); between
# them the same strength for servers with an RSA certificate, with forward secrecy.
SUITES = (
    "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES128-GCM-SHA256:"
    "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256:"
    "AES256-GCM-SHA384:AES128-GCM-SHA256"
)
"""Cipher suites offered under TLS 1.2; those of TLS 1.3 come in addition."""


class TlsProblem(ValueError):
    """A certificate, key or CA file cannot be used. `sentence` says which, why, and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def client_context(
    ca_file: Path | None = None,
    certificate_file: Path | None = None,
    key_file: Path | None = None,
    *,
    verify_host_name: bool = True,
    rule: NameRule | None = None,
) -> NamedContext:
    """What a station trusts and shows: TLS 1.2 or newer, a checked server, its own certificate if it has one.

    With `ca_file` only that file is trusted, and any certificate in it may end the chain; without it, what the system
    trusts. The key may stand in the certificate's file. Reads files: call it away from the event loop. Raises
    `TlsProblem`.
    """
    context = named_context((rule or NameRule()) if verify_host_name else None)
    _harden(context)
    if ca_file is None:
        context.load_default_certs(ssl.Purpose.SERVER_AUTH)
    else:
        _trust(context, ca_file)
    if certificate_file is not None:
        _show(context, certificate_file, key_file)
    return context


def server_context(
    certificate_file: Path, key_file: Path | None = None, *, client_ca_file: Path | None = None
) -> ssl.SSLContext:
    """What a central system shows; with `client_ca_file` it admits only stations with a certificate (profile 3).

    Raises `TlsProblem`.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    _harden(context)
    _show(context, certificate_file, key_file)
    if client_ca_file is not None:
        _trust(context, client_ca_file)
        context.verify_mode = ssl.CERT_REQUIRED
    return context


def _harden(context: ssl.SSLContext) -> None:
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(SUITES)
    context.options |= ssl.OP_NO_COMPRESSION


def _trust(context: ssl.SSLContext, ca_file: Path) -> None:
    _read(ca_file, "CA file", b"CERTIFICATE-----")
    _load(lambda: context.load_verify_locations(cafile=ca_file), ca_file, "CA file")
    # An intermediate, or the server's own certificate, may be all a technician was given.
    context.verify_flags |= ssl.VerifyFlags.VERIFY_X509_PARTIAL_CHAIN


def _show(context: ssl.SSLContext, certificate_file: Path, key_file: Path | None) -> None:
    _read(certificate_file, "certificate file", b"CERTIFICATE-----")
    holder = key_file or certificate_file
    _read(holder, "key file", b"PRIVATE KEY-----")
    _load(
        lambda: context.load_cert_chain(certificate_file, holder, password=_refuse_passphrase(holder)),
        certificate_file,
        "certificate file",
        holder,
    )


def _read(file: Path, what: str, wanted: bytes) -> None:
    """See that the file is there and holds the wanted kind of PEM block."""
    try:
        content = file.read_bytes()
    except FileNotFoundError:
        raise TlsProblem(f"The {what} {file} does not exist: check the path.") from None
    except IsADirectoryError:
        raise TlsProblem(f"The {what} {file} is a folder: give the file in it.") from None
    except PermissionError:
        raise TlsProblem(f"The {what} {file} may not be read by this user: check its permissions.") from None
    except OSError as problem:
        raise TlsProblem(f"The {what} {file} cannot be read: {problem.strerror or problem}.") from None
    if wanted not in content:
        raise TlsProblem(_what_it_is(file, what, content, wanted))


def _what_it_is(file: Path, what: str, content: bytes, wanted: bytes) -> str:
    if not content.strip():
        return f"The {what} {file} is empty."
    if content[:1] == b"\x30":
        kind = "private key" if b"PRIVATE" in wanted else "certificate"
        return f"The {what} {file} is binary (DER or PKCS#12), not PEM. {_convert(file, kind)}"
    if b"PRIVATE" in wanted and b"CERTIFICATE-----" in content:
        return f"The {what} {file} holds a certificate but no private key: give the file of the key."
    if b"CERTIFICATE" in wanted and b"PRIVATE KEY-----" in content:
        return f"The {what} {file} holds a private key but no certificate: give the file of the certificate."
    return f"The {what} {file} is not in PEM form: it holds no line with -----BEGIN."


def _convert(file: Path, kind: str) -> str:
    command = "x509" if kind == "certificate" else "pkey"
    return f"Turn it into PEM: openssl {command} -inform der -in {file.name} -out {file.stem}.pem"


def _refuse_passphrase(file: Path) -> Callable[[], str]:
    """OpenSSL would otherwise ask on the terminal and stop the whole program until somebody answers."""

    def refuse() -> str:
        raise TlsProblem(
            f"The key file {file} is protected by a passphrase. Make a copy without one: "
            f"openssl pkey -in {file.name} -out {file.stem}-plain.pem"
        )

    return refuse


def _load(load: Callable[[], None], file: Path, what: str, key_file: Path | None = None) -> None:
    try:
        load()
    except ssl.SSLError as problem:
        raise TlsProblem(_malformed(problem, file, what, key_file)) from None
    except OSError as problem:
        raise TlsProblem(f"The {what} {file} cannot be read: {problem.strerror or problem}.") from None


def _malformed(problem: ssl.SSLError, file: Path, what: str, key_file: Path | None) -> str:
    reason = problem.reason or ""
    if reason == "KEY_VALUES_MISMATCH":
        return f"The key in {key_file} does not belong to the certificate in {file}: they are not a pair."
    if reason in ("EE_KEY_TOO_SMALL", "CA_KEY_TOO_SMALL"):
        return (
            f"The key of the certificate in {file} is too short: at least RSA 2048 or EC 224 bits are needed."
        )
    if reason in ("CA_MD_TOO_WEAK", "EE_MD_TOO_WEAK"):
        return (
            f"The certificate in {file} is signed with a broken digest such as SHA-1: it must be issued anew."
        )
    also = f", or its key in {key_file}," if key_file else ""
    return f"The {what} {file}{also} is damaged: between its BEGIN and END lines stands no sound PEM."
