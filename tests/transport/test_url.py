"""Addresses as people type them."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from websockets.uri import parse_uri

from desktop_sim.transport.endpoint import address
from desktop_sim.transport.url import AddressProblem, parse, redacted


@pytest.mark.parametrize(
    "url, text",
    [
        ("ws://localhost:9000", "ws://localhost:9000/"),
        ("  WSS://CSMS.Example.com/ocpp\n", "wss://csms.example.com/ocpp"),
        ("ws://[::1]:9000/x", "ws://[::1]:9000/x"),
        ("ws://under_score:1/", "ws://under_score:1/"),
        ("ws://h/a%20b/ü?q=ü%C3%BC&x=1", "ws://h/a%20b/%C3%BC?q=%C3%BC%C3%BC&x=1"),
        ("ws://bücher.example/", "ws://xn--bcher-kva.example/"),
        ("ws://user:pass@h:80/x", "ws://h:80/x"),
        ("ws://h:65535", "ws://h:65535/"),
    ],
)
def test_a_sound_address_is_kept(url: str, text: str) -> None:
    assert parse(url).text == text


@pytest.mark.parametrize(
    "url, origin",
    [("ws://h", ("ws", "h", 80)), ("wss://h", ("wss", "h", 443)), ("wss://h:80", ("wss", "h", 80))],
)
def test_the_origin_knows_the_default_port(url: str, origin: tuple[str, str, int]) -> None:
    assert parse(url).origin == origin


@pytest.mark.parametrize(
    "url, words",
    [
        ("", "There is no address"),
        ("   ", "There is no address"),
        ("localhost:9000", "did you mean ws://localhost:9000?"),
        ("csms.example.com/ocpp", "did you mean ws://csms.example.com/ocpp?"),
        ("csms.example.com:443/ocpp", "did you mean wss://csms.example.com:443/ocpp?"),
        ("csms.example.com:8443", "did you mean wss://csms.example.com:8443?"),
        ("192.168.1.5", "did you mean ws://192.168.1.5?"),
        ("//localhost:9000", "did you mean ws://localhost:9000?"),
        ("://localhost:9000", "did you mean ws://localhost:9000?"),
        ("ws:localhost:9000", "did you mean ws://localhost:9000?"),
        ("ws:/localhost:9000", "did you mean ws://localhost:9000?"),
        ("https:/csms.example.com", "did you mean wss://csms.example.com?"),
        ("ws:9000", "did you mean ws://ws:9000?"),
        ("http://localhost:9000", "did you mean ws://localhost:9000?"),
        ("HTTPS://csms.example.com/x", "did you mean wss://csms.example.com/x?"),
        ("mqtt://localhost", '"mqtt" does not work here'),
        ("ws://", "There is no host"),
        ("ws:///ocpp", "There is no host"),
        ("ws://:9000", "There is no host"),
        ("ws://local host:9000", "There is a space"),
        ("ws://localhost:9000/CP 1", "write %20"),
        ("ws://localhost:9000/\nx", "line break"),
        ("ws://localhost\\ocpp", "ws://localhost/ocpp"),
        ("ws://<host>:9000", "Replace the placeholder"),
        ("ws://localhost/{cp_id}", "only {identity} is filled in"),
        ("ws://localhost:0", "from 1 to 65535"),
        ("ws://localhost:65536", "from 1 to 65535"),
        ("ws://localhost:9000x/", "from 1 to 65535"),
        ("ws://localhost:-1/", "from 1 to 65535"),
        ("ws://user:pa/ss@localhost", "In a password, write %2F"),
        ("ws://localhost/x#y", "write %23"),
        ("ws://localhost/x#", "write %23"),
        ("ws://::1:9000", "in brackets, as in ws://[::1]:9000"),
        ("ws://[::g]:9000", "do not hold an IPv6 address"),
        ("ws://[::1:9000", "do not hold an IPv6 address"),
        ("ws://a..b/", "empty or too long"),
        (f"ws://{'a' * 64}.example/", "empty or too long"),
        ("ws://ho$t/", "is no host name"),
    ],
)
def test_a_wrong_address_gets_a_sentence(url: str, words: str) -> None:
    with pytest.raises(AddressProblem) as caught:
        parse(url)
    sentence = caught.value.sentence
    assert words in sentence
    assert sentence.endswith((".", "?", "/ocpp")), sentence


@pytest.mark.parametrize(
    "url",
    [
        "ws://user:secret@host/x",
        "ws://user:secret@host:9000/a@b:c",
        "ws://user:sec@secret@host",
        "user:secret@host",
        "http://user:secret@host",
        "ws://user:se/secret@host",
        "ws://user:?secret@host",
        "ws://:secret@host",
    ],
)
def test_ws_13_a_password_never_shows(url: str) -> None:
    assert "secret" not in redacted(url)
    assert "***" in redacted(url)
    try:
        parse(url)
    except AddressProblem as problem:
        assert "secret" not in problem.sentence  # noqa: PT017


@pytest.mark.parametrize(
    "url", ["ws://host:9000/a@b", "ws://[::1]:9000/a@b", "localhost:9000", "ws://host/{identity}"]
)
def test_what_holds_no_password_stays(url: str) -> None:
    assert redacted(url) == url


PIECES = st.sampled_from(
    [
        "ws",
        "wss",
        "http",
        "://",
        ":",
        "//",
        "/",
        "[",
        "]",
        "::1",
        "@",
        "user",
        "%",
        "%zz",
        "?",
        "#",
        "{identity}",
        ".",
        "9000",
    ]
)


@given(url=st.lists(PIECES | st.text(max_size=4), max_size=8).map("".join), identity=st.text(max_size=6))
@example(url="ws://\u2100", identity="x")
@example(url="ws://h:\u0663", identity="x")
def test_every_text_is_an_address_or_gets_a_sentence(url: str, identity: str) -> None:
    try:
        result = address(url, identity)
    except AddressProblem:
        return
    assert result.isascii()
    assert parse(result).text == result
    assert parse_uri(result).host == parse(result).host  # the library reads it the same way
