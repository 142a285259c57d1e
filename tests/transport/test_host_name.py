"""Names in certificates (SEC-PROF-4)."""

from __future__ import annotations

import pytest

from desktop_sim.transport.host_name import HostNameMismatch, NameRule, certificate_names, check_names

CERTIFICATE = {
    "subject": ((("organizationName", "CPO"),), (("commonName", "csms.example.com"),)),
    "subjectAltName": (
        ("DNS", "alt.example.com"),
        ("DNS", "*.wild.example.com"),
        ("IP Address", "10.0.0.1"),
        ("IP Address", "0:0:0:0:0:0:0:1"),
        ("URI", "https://uri.example.com"),
    ),
}
ANY, CN, WILD = NameRule(), NameRule(common_name_only=True), NameRule(allow_wildcards=True)


def test_all_names_are_listed() -> None:
    assert certificate_names(CERTIFICATE) == (
        "csms.example.com",
        "alt.example.com",
        "*.wild.example.com",
        "10.0.0.1",
        "0:0:0:0:0:0:0:1",
    )
    assert certificate_names({}) == ()


@pytest.mark.parametrize(
    "host, rule",
    [
        ("csms.example.com", ANY),
        ("CSMS.Example.com.", ANY),
        ("alt.example.com", ANY),
        ("10.0.0.1", ANY),
        ("::1", ANY),
        ("csms.example.com", CN),
        ("a.wild.example.com", WILD),
    ],
)
def test_a_name_that_fits(host: str, rule: NameRule) -> None:
    check_names(CERTIFICATE, host, rule)


@pytest.mark.parametrize(
    "host, rule",
    [
        ("example.com", ANY),
        ("x.csms.example.com", ANY),
        ("uri.example.com", ANY),
        ("10.0.0.2", ANY),
        ("alt.example.com", CN),
        ("a.wild.example.com", ANY),
        ("a.b.wild.example.com", WILD),
        ("wild.example.com", WILD),
        (".wild.example.com", WILD),
        ("", ANY),
    ],
)
def test_a_name_that_does_not(host: str, rule: NameRule) -> None:
    with pytest.raises(HostNameMismatch):
        check_names(CERTIFICATE, host, rule)


@pytest.mark.parametrize("name", ["*", "*.", "*.com"])
def test_a_wildcard_for_everything_is_none(name: str) -> None:
    with pytest.raises(HostNameMismatch):
        check_names({"subject": ((("commonName", name),),)}, "example.com", WILD)


def test_a_name_that_only_a_wildcard_would_fit_is_told_apart() -> None:
    with pytest.raises(HostNameMismatch) as caught:
        check_names(CERTIFICATE, "a.wild.example.com", ANY)
    assert caught.value.by_wildcard
