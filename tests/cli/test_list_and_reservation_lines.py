"""Local list and reservations as lines, in `info`, and as answers of their commands."""

import re

import pytest

from desktop_sim.app.grammar import parse_line
from desktop_sim.cli.catalogue import LANGUAGES, Language
from desktop_sim.cli.lines import Lines
from desktop_sim.cli.results import render_result
from desktop_sim.station import commands as c
from desktop_sim.station import events as e
from tests.conformance.asks import OTHER, cancel, entry, reserve, send_changes, send_full
from tests.conformance.replies import tag
from tests.conformance.world import TAG, World


def _busy_world() -> World:
    """Everything there is to say about lists and reservations has happened here."""
    world = World(connectors=2, keys={"LocalPreAuthorize": "true"})
    send_full(world, 3, entry(TAG), entry(OTHER, "Blocked", "FLEET", "2030-01-01T00:00:00Z"))
    send_changes(world, 4, entry("THIRD"))
    send_changes(world, 4, entry("FOURTH"))
    reserve(world, 7, 1, seconds=60)
    reserve(world, 7, 2, parent="FLEET")
    reserve(world, 9, 1, "NINTH")
    cancel(world, 9)
    reserve(world, 8, 0, OTHER, 30)
    world.run(31)
    reserve(world, 10, 1, "TENTH")
    world.do(c.Error(connector=1, error_code="GroundFailure"))
    world.peer.answers["StartTransaction"] = {"transactionId": 5} | tag("Invalid")
    world.do(c.Start(connector=2))
    world.run(1)
    return world


def _told(world: World, language: Language = "en") -> list[str]:
    speaker = Lines(language, connectors=2)
    kinds = (e.LocalListEvent, e.ReservationEvent)
    speaker.of(e.LinkEvent(seq=0, time=0, state="down"))
    return [line for event in world.driver.events if isinstance(event, kinds) for line in speaker.of(event)]


def test_each_event_is_a_line() -> None:
    assert _told(_busy_world()) == [
        "📒 Local list replaced: version 3, 2 tags",
        "📒 Local list changed: version 4, 3 tags",
        "📒 Local list stays as it is: Version 4 does not follow version 4.",
        "📌 Reserved for USER001 until 2025-06-02 07:01:00Z: reservation 7 (connector 1)",
        "📌 Reservation 7 is now for USER001 until 2025-06-02 08:00:00Z (connector 2)",
        "📌 Reserved for NINTH until 2025-06-02 08:00:00Z: reservation 9 (connector 1)",
        "📌 Reservation 9 of NINTH was cancelled (connector 1)",
        "📌 Reserved for OTHER until 2025-06-02 07:00:30Z: reservation 8",
        "⌛ Reservation 8 of OTHER ran out",
        "📌 Reserved for TENTH until 2025-06-02 08:00:31Z: reservation 10 (connector 1)",
        "⚠️ Reservation 10 of TENTH has ended: connector 1 is Faulted (connector 1)",
        "📌 Reservation 7 is used: USER001 (connector 2)",
        "⚠️ USER001 is Accepted in the local list, but Invalid for Central System",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_the_same(language: Language) -> None:
    told, english = _told(_busy_world(), language), _told(_busy_world())
    assert [line[0] for line in told] == [line[0] for line in english]
    for line, meant in zip(told, english, strict=True):
        facts = re.findall(r"[A-Z]{4,}[0-9]*|[0-9]{4}-[0-9-]+ [0-9:]+Z", meant)
        assert all(fact in line for fact in facts), line


def test_info_shows_them() -> None:
    world = World(connectors=2)
    send_full(world, 3, entry(TAG), entry(OTHER))
    reserve(world, 7, 2)
    reserve(world, 8, 0, OTHER)
    shown = render_result(c.Info(), world.info())
    lines = [" ".join(line.split()) for line in shown.splitlines()]
    assert "Local list: version 3, 2 tags" in lines
    assert lines.count("Reserved for: USER001 until 2025-06-02 08:00:00Z") == 1
    assert lines.count("Reserved for: OTHER until 2025-06-02 08:00:00Z") == 1
    assert lines.index("Status: Reserved") + 1 == lines.index(
        "Reserved for: USER001 until 2025-06-02 08:00:00Z"
    )
    plain = render_result(c.Info(), World().info())
    assert "Local list" not in plain
    assert "Reserved for" not in plain


@pytest.mark.parametrize(
    "line, answer",
    [
        (
            "local_list",
            "version 3, 2 tags\nOTHER  Blocked  parent FLEET  until 2030-01-01 00:00:00Z\nUSER001  Accepted",
        ),
        ("local_list remove other", "version 3, 1 tags\nUSER001  Accepted"),
        ("local_list clear", "version 0, 0 tags"),
        (
            "reservations",
            (
                "7  connector 2  USER001  parent FLEET  until 2025-06-02 08:00:00Z\n"
                "8  connector any  OTHER  until 2025-06-02 08:00:00Z"
            ),
        ),
        ("reservations cancel 7", "8  connector any  OTHER  until 2025-06-02 08:00:00Z"),
    ],
)
def test_the_commands_answer_with_a_table(line: str, answer: str) -> None:
    world = World(connectors=2)
    send_full(world, 3, entry(TAG), entry(OTHER, "Blocked", "FLEET", "2030-01-01T00:00:00Z"))
    reserve(world, 7, 2, parent="FLEET")
    reserve(world, 8, 0, OTHER)
    command = parse_line(line)
    assert command is not None
    assert render_result(command, world.do(command)) == answer


def test_a_list_that_is_off_says_so() -> None:
    world = World(keys={"LocalAuthListEnabled": "false"})
    command = c.LocalList()
    assert "LocalAuthListEnabled = false" in render_result(command, world.do(command))
    assert render_result(c.Reservations(), world.do(c.Reservations())) == "none"
