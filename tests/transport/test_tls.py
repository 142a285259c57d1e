"""TLS between station and central system (SEC-PROF-4 to SEC-PROF-8)."""

from __future__ import annotations

import ssl
import warnings
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from desktop_sim.transport.link import LinkRefused
from desktop_sim.transport.server import ServerLink, serve
from desktop_sim.transport.tls import SUITES, client_context, server_context
from desktop_sim.transport.websocket import connect

from .certificates import Authority, Issued
from .conftest import Pki
from .links import at, listen, over, refused
from .raw import answering, listening, tls_with_alerts

CERTIFICATE = "InvalidCentralSystemCertificate"
FAILED = "FailedToAuthenticateAtCentralSystem"


def shown(issued: Issued) -> dict[str, Any]:
    """A station that shows this certificate."""
    return {"client_certificate_file": issued.certificate_file, "client_key_file": issued.key_file}


async def meet(
    pki: Pki, issued: Issued, host: str = "localhost", ca: Path | None = None, **options: Any
) -> None:
    """Connect to a server with this certificate, trusting the authority of the tests."""
    context = server_context(issued.certificate_file, issued.key_file)
    async with await serve(listen, ssl=context) as server:
        options = {"ca_file": ca or pki.root.file, **options}
        link = await connect(at(server.port, scheme="wss", host=host, **options))
        await link.close()


async def fail(
    pki: Pki, issued: Issued, host: str = "localhost", ca: Path | None = None, **options: Any
) -> LinkRefused:
    """The same in vain."""
    with pytest.raises(LinkRefused) as caught:
        await meet(pki, issued, host, ca, **options)
    assert caught.value.kind == "tls"
    return caught.value


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "LOCALHOST"])
async def test_a_trusted_server_that_names_the_host(pki: Pki, host: str) -> None:
    await meet(pki, pki.server, host)


async def test_profile_2_sends_the_password_over_tls(pki: Pki) -> None:
    seen: list[ServerLink] = []

    async def note(link: ServerLink) -> None:
        seen.append(link)
        await over(link)

    context = server_context(pki.server.certificate_file, pki.server.key_file)
    async with await serve(note, ssl=context) as server:
        endpoint = at(
            server.port,
            scheme="wss",
            security_profile=2,
            password=b"key",
            ca_file=pki.root.file,
            **shown(pki.station),
        )
        await (await connect(endpoint)).close()
    assert seen[0].upgrade.credentials == ("CP001", b"key")
    assert seen[0].upgrade.certificate == ""  # prepared for profile 3, not shown in profile 2


async def test_an_unknown_authority(pki: Pki, tmp_path: Path) -> None:
    other = Authority(tmp_path, "Other Root")
    refusal = await fail(pki, pki.server, ca=other.file)
    assert (
        "issued by an authority that is not trusted: give the authority's certificate as CA file"
        in refusal.sentence
    )
    assert refusal.security_event == CERTIFICATE


async def test_without_a_ca_file_the_system_decides(pki: Pki) -> None:
    context = server_context(pki.server.certificate_file, pki.server.key_file)
    async with await serve(listen, ssl=context) as server:
        refusal = await refused(at(server.port, scheme="wss", host="localhost"))
    assert (refusal.kind, refusal.security_event) == ("tls", CERTIFICATE)


@pytest.mark.parametrize(
    "begins, ends, words", [(-9, -1, "has expired"), (2, 9, "is not valid yet: check this machine's clock")]
)
async def test_sec_prof_4_validity_dates(pki: Pki, begins: int, ends: int, words: str) -> None:
    refusal = await fail(pki, pki.root.issue("localhost", begins=begins, ends=ends))
    assert words in refusal.sentence
    assert refusal.security_event == CERTIFICATE


async def test_a_self_signed_server(pki: Pki) -> None:
    issued = pki.root.issue("localhost", self_signed=True)
    refusal = await fail(pki, issued)
    assert "is self-signed and not trusted: give this very certificate as CA file" in refusal.sentence
    await meet(pki, issued, ca=issued.certificate_file)


async def test_an_issued_certificate_may_end_the_chain(pki: Pki) -> None:
    await meet(pki, pki.server, ca=pki.server.certificate_file)


@pytest.mark.parametrize(
    "common_name, alternatives, options",
    [
        ("localhost", (), {}),
        ("localhost", ("other.example",), {}),
        ("other.example", ("localhost",), {}),
        ("localhost", ("other.example",), {"common_name_only": True}),
        ("other.example", (), {"verify_host_name": False}),
    ],
)
async def test_sec_prof_4_common_name_or_alternative(
    pki: Pki, common_name: str, alternatives: tuple[str, ...], options: dict[str, Any]
) -> None:
    await meet(pki, pki.root.issue(common_name, alternatives), **options)


@pytest.mark.parametrize(
    "common_name, alternatives, options, words",
    [
        (
            "a.example",
            ("b.example", "10.0.0.1"),
            {},
            "is for a.example, b.example, 10.0.0.1, not for localhost",
        ),
        ("a.example", ("localhost",), {"common_name_only": True}, "is for a.example, not for localhost"),
        ("127.0.0.1", (), {}, "not for localhost"),
    ],
)
async def test_sec_prof_4_another_host_name(
    pki: Pki, common_name: str, alternatives: tuple[str, ...], options: dict[str, Any], words: str
) -> None:
    refusal = await fail(pki, pki.root.issue(common_name, alternatives), **options)
    assert words in refusal.sentence
    assert refusal.security_event == CERTIFICATE


async def test_a_host_name_is_checked_before_the_password_is_sent(pki: Pki) -> None:
    issued = pki.root.issue("other.example")
    asked: list[object] = []

    def check(upgrade: object) -> None:
        asked.append(upgrade)

    context = server_context(issued.certificate_file, issued.key_file)
    async with await serve(listen, ssl=context, check=check) as server:
        await refused(at(server.port, scheme="wss", host="localhost", ca_file=pki.root.file, password=b"x"))
    assert not asked


async def test_a_weak_key(pki: Pki) -> None:
    weak = pki.root.issue("localhost", key=rsa.generate_private_key(65537, 1024))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    context.load_cert_chain(weak.certificate_file, weak.key_file)
    async with await serve(listen, ssl=context) as server:
        refusal = await refused(at(server.port, scheme="wss", host="localhost", ca_file=pki.root.file))
    assert refusal.kind == "tls"
    assert "is too weak" in refusal.sentence


def old_server(issued: Issued) -> ssl.SSLContext:
    """A server that was last updated long ago."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(issued.certificate_file, issued.key_file)
    context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    return context


def narrow_server(issued: Issued) -> ssl.SSLContext:
    """A server with a suite that the whitepaper does not know."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(issued.certificate_file, issued.key_file)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("ECDHE-ECDSA-CHACHA20-POLY1305")
    return context


@pytest.mark.parametrize(
    "make, words, event",
    [
        (old_server, "knows no TLS 1.2 or newer", "InvalidTLSVersion"),
        (narrow_server, "share no cipher suite", "InvalidTLSCipherSuite"),
    ],
)
async def test_sec_prof_6_versions_and_suites(pki: Pki, make: Any, words: str, event: str) -> None:
    async with listening(tls_with_alerts(make(pki.server))) as port:
        refusal = await refused(at(port, scheme="wss", ca_file=pki.root.file))
    assert (refusal.kind, refusal.security_event) == ("tls", event)
    assert words in refusal.sentence


@pytest.mark.parametrize("suite", SUITES.split(":"))
def test_sec_prof_7_the_suites_are_known_here(suite: str) -> None:
    names = {entry["name"] for entry in client_context().get_ciphers()}
    assert suite in names


@pytest.mark.parametrize("suite", ["ECDHE-RSA-AES128-GCM-SHA256", "AES128-GCM-SHA256", "AES256-GCM-SHA384"])
async def test_sec_prof_7_an_rsa_server_under_tls_1_2(pki: Pki, suite: str) -> None:
    issued = pki.root.issue("localhost", key=rsa.generate_private_key(65537, 2048))
    context = server_context(issued.certificate_file, issued.key_file)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(suite)
    async with await serve(listen, ssl=context) as server:
        link = await connect(at(server.port, scheme="wss", host="localhost", ca_file=pki.root.file))
        await link.close()


async def test_a_port_without_tls(pki: Pki) -> None:
    async def answer(reader: Any, writer: Any) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await reader.read()

    async with listening(answer) as port:
        refusal = await refused(at(port, scheme="wss", ca_file=pki.root.file))
    assert (refusal.kind, refusal.security_event) == ("tls", None)
    assert "does not speak TLS: write ws:// instead of wss://" in refusal.sentence


async def test_a_server_that_hangs_up_without_saying_why(pki: Pki) -> None:
    async def hang_up(reader: Any, writer: Any) -> None:
        await reader.read(10)

    async with listening(hang_up) as port:
        refusal = await refused(at(port, scheme="wss", ca_file=pki.root.file))
    assert refusal.kind == "tls"
    assert "hung up during the TLS handshake" in refusal.sentence


async def test_a_server_that_keeps_silent(pki: Pki) -> None:
    async def silent(reader: Any, writer: Any) -> None:
        await reader.read()

    async with listening(silent) as port:
        refusal = await refused(at(port, scheme="wss", ca_file=pki.root.file, open_timeout=0.3))
    assert refusal.kind == "timeout"
    assert "whether the port speaks TLS" in refusal.sentence


async def test_an_http_refusal_over_tls(pki: Pki) -> None:
    context = server_context(pki.server.certificate_file, pki.server.key_file)
    async with listening(answering("404 Not Found"), context) as port:
        refusal = await refused(at(port, scheme="wss", ca_file=pki.root.file))
    assert (refusal.kind, refusal.status) == ("http", 404)


async def test_sec_prof_8_profile_3_shows_the_stations_certificate(pki: Pki) -> None:
    seen: list[str] = []

    async def note(link: ServerLink) -> None:
        seen.append(link.upgrade.certificate)
        assert link.upgrade.credentials is None
        await over(link)

    server_side = server_context(
        pki.server.certificate_file, pki.server.key_file, client_ca_file=pki.root.file
    )
    async with await serve(note, ssl=server_side) as server:
        endpoint = at(
            server.port,
            scheme="wss",
            security_profile=3,
            password=b"not sent",
            ca_file=pki.root.file,
            **shown(pki.station),
        )
        await (await connect(endpoint)).close()
    assert seen == ["SN-0001"]


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
async def test_a_server_that_asks_for_a_certificate(
    pki: Pki, tmp_path: Path, version: ssl.TLSVersion
) -> None:
    context = server_context(pki.server.certificate_file, pki.server.key_file, client_ca_file=pki.root.file)
    context.maximum_version = version
    stranger = Authority(tmp_path, "Stranger").issue("SN-0001")
    outdated = pki.root.issue("SN-0001", begins=-9, ends=-1)
    async with listening(tls_with_alerts(context)) as port:
        endpoint: dict[str, Any] = {"scheme": "wss", "ca_file": pki.root.file}
        without = await refused(at(port, **endpoint))
        unknown = await refused(at(port, **endpoint, **shown(stranger)))
        expired = await refused(at(port, **endpoint, **shown(outdated)))
    assert {without.kind, unknown.kind, expired.kind} == {"tls"}
    # TLS 1.2 has no words of its own for a missing certificate.
    assert "asks for a client certificate" in without.sentence
    assert "does not accept the station's certificate: it does not know who issued it" in unknown.sentence
    assert "does not accept the station's certificate: it has expired" in expired.sentence
    assert unknown.security_event == expired.security_event == FAILED
