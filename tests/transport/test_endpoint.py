"""Address, credentials and security profile of a station."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from desktop_sim.transport.endpoint import (
    AddressProblem,
    Credentials,
    Endpoint,
    PasswordForm,
    address,
    basic_authorization,
    check_security,
    credentials,
    password_bytes,
    remarks,
)


@pytest.mark.parametrize(
    "url, identity, expected",
    [
        ("ws://localhost:9000", "CP001", "ws://localhost:9000/CP001"),
        ("ws://localhost:9000/", "CP001", "ws://localhost:9000/CP001"),
        ("ws://h/ocpp", "RDAM 123", "ws://h/ocpp/RDAM%20123"),
        ("ws://h/ocpp/", "RDAM 123", "ws://h/ocpp/RDAM%20123"),
        ("ws://h/ocpp?a=1&b=/", "CP", "ws://h/ocpp/CP?a=1&b=/"),
        ("ws://h/", "a/b", "ws://h/a%2Fb"),
        ("ws://h/", "AZaz09-._~", "ws://h/AZaz09-._~"),
        (
            "ws://h/",
            "%20+:@!$&'()*,;=?#[]",
            "ws://h/%2520%2B%3A%40%21%24%26%27%28%29%2A%2C%3B%3D%3F%23%5B%5D",
        ),
        ("ws://h/", "Säule", "ws://h/S%C3%A4ule"),
        ("ws://h/{identity}/ocpp", "a b", "ws://h/a%20b/ocpp"),
        ("ws://h/x?id={identity}&v=1", "a/b", "ws://h/x?id=a%2Fb&v=1"),
        ("ws://{identity}.example/x", "cp1", "ws://cp1.example/x"),
        ("wss://u:p@h/x", "CP", "wss://h/x/CP"),
        ("ws://h//x//", "CP", "ws://h//x//CP"),
    ],
)
def test_ws_1_the_identity_is_placed_and_encoded(url: str, identity: str, expected: str) -> None:
    assert address(url, identity) == expected


@pytest.mark.parametrize("identity", ["", "\ud800"])
def test_an_identity_that_cannot_be_sent_is_refused(identity: str) -> None:
    with pytest.raises(AddressProblem, match="identity"):
        address("ws://h", identity)


def test_ws_12_the_example_of_the_specification() -> None:
    key = password_bytes("0001020304050607FFFFFFFFFFFFFFFFFFFFFFFF")
    assert basic_authorization("AL1000", key) == "Basic QUwxMDAwOgABAgMEBQYH////////////////"


def test_ws_11_the_user_name_is_not_percent_encoded() -> None:
    header = basic_authorization("RDAM 123/ä", b"x")
    assert base64.b64decode(header.removeprefix("Basic ")) == "RDAM 123/ä:x".encode()


@pytest.mark.parametrize(
    "key, form, expected",
    [
        ("4F43415F4F4354545F61646D696E5F74657374", "auto", b"OCA_OCTT_admin_test"),
        ("0001020304050607FFFFFFFFFFFFFFFFFFFFFFFF", "text", b"0001020304050607FFFFFFFFFFFFFFFFFFFFFFFF"),
        ("a1" * 16, "auto", b"\xa1" * 16),
        ("a1" * 15, "auto", b"a1" * 15),  # too short to be a key of bytes
        ("a1" * 21, "auto", b"a1" * 21),
        ("a" * 33, "auto", b"a" * 33),
        ("secret-ü", "auto", "secret-ü".encode()),
        ("a1b2", "hex", b"\xa1\xb2"),
    ],
)
def test_sec_pwd_4_what_the_key_stands_for(key: str, form: PasswordForm, expected: bytes) -> None:
    assert password_bytes(key, form) == expected


@pytest.mark.parametrize("key", ["", "abc", "zz", "a1 b2"])
def test_a_key_that_is_not_hexadecimal_is_refused(key: str) -> None:
    with pytest.raises(AddressProblem, match="hexadecimal"):
        password_bytes(key, "hex")


def test_ws_13_credentials_in_the_address_are_used() -> None:
    endpoint = Endpoint("ws://us%20er:p%C3%A4ss%2F@h", "CP")
    assert credentials(endpoint) == Credentials("us er", "päss/".encode())
    assert credentials(Endpoint("ws://user@h", "CP", password=b"key")) == Credentials("user", b"key")


def test_the_key_wins_over_the_address() -> None:
    """The central system may have changed the key since the address was written (SEC-PWD-1)."""
    assert credentials(Endpoint("ws://user:old@h", "CP", password=b"new")) == Credentials("user", b"new")


def test_without_a_password_there_are_no_credentials() -> None:
    assert credentials(Endpoint("ws://h", "CP")) is None
    assert credentials(Endpoint("ws://user@h", "CP")) is None
    assert credentials(Endpoint("wss://h", "CP", password=b"key", security_profile=3)) is None


CERTIFICATE = Path("station.pem")


@pytest.mark.parametrize(
    "endpoint",
    [
        Endpoint("ws://h", "CP"),
        Endpoint("wss://h", "CP"),
        Endpoint("ws://h", "CP", password=b"key", security_profile=1),
        Endpoint("ws://u:p@h", "CP", security_profile=1),
        Endpoint("wss://h", "CP", password=b"key", security_profile=2),
        Endpoint("wss://h", "CP", client_certificate_file=CERTIFICATE, security_profile=3),
    ],
)
def test_what_fits_its_security_profile(endpoint: Endpoint) -> None:
    check_security(endpoint)


@pytest.mark.parametrize(
    "endpoint, words",
    [
        (Endpoint("wss://h", "CP", password=b"key", security_profile=1), "profile 1 is without TLS"),
        (Endpoint("ws://h", "CP", security_profile=1), "set the authorization key"),
        (Endpoint("ws://h", "CP", password=b"key", security_profile=2), "profile 2 needs TLS"),
        (Endpoint("wss://h", "CP", security_profile=2), "set the authorization key"),
        (
            Endpoint("ws://h", "CP", client_certificate_file=CERTIFICATE, security_profile=3),
            "profile 3 needs TLS",
        ),
        (Endpoint("wss://h", "CP", password=b"key", security_profile=3), "needs a client certificate"),
        (Endpoint("wss://h", "CP", security_profile=4), "no security profile 4"),
        (Endpoint("wss://h", "CP", client_key_file=CERTIFICATE), "without a client certificate"),
    ],
)
def test_what_contradicts_its_security_profile(endpoint: Endpoint, words: str) -> None:
    with pytest.raises(AddressProblem, match=words):
        check_security(endpoint)


def test_sec_pwd_2_nothing_shows_a_password() -> None:
    endpoint = Endpoint("ws://user:secret@h", "CP", password=b"secret")
    assert "secret" not in f"{endpoint} {endpoint!r} {credentials(endpoint)} {credentials(endpoint)!r}"


def test_remarks_about_what_is_probably_not_meant() -> None:
    assert remarks(Endpoint("ws://h/ocpp", "CP")) == ()
    assert "colon" in remarks(Endpoint("ws://h", "C:P", password=b"key"))[0]
    assert remarks(Endpoint("ws://h", "C:P")) == ()
    assert "ws://h/CP/CP" in remarks(Endpoint("ws://h/CP", "CP"))[0]
    assert remarks(Endpoint("ws://h/{identity}", "CP")) == ()
