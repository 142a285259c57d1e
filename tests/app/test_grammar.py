"""The console's grammar: what people type becomes the command they mean, or a sentence that helps."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_sim.app import commands as process
from desktop_sim.app.grammar import parse_line, tokens
from desktop_sim.app.registry import COMMANDS
from desktop_sim.station import commands as c
from desktop_sim.station.commands import Command, CommandRefused


@pytest.mark.parametrize(
    "line, command",
    [
        # The habits of the small script.
        ("info", c.Info()),
        ("status charging", c.Status(status="Charging")),
        ("current 32", c.Current(amperes=32.0)),
        ("stop", c.Stop()),
        ("error GroundFailure", c.Error(error_code="GroundFailure")),
        ("error groundfailure", c.Error(error_code="GroundFailure")),
        ("quit", process.Quit()),
        # The connector first, others by order or by name, in any case.
        ("current 2 32", c.Current(connector=2, amperes=32.0)),
        ("current amperes=32 connector=2", c.Current(connector=2, amperes=32.0)),
        ("STATUS 1 suspended_ev", c.Status(connector=1, status="SuspendedEV")),
        (
            'error 2 highTemperature info="too hot"',
            c.Error(connector=2, error_code="HighTemperature", info="too hot"),
        ),
        ("plug-in 1 vehicle='City car'", c.PlugIn(connector=1, vehicle="City car")),
        ("unplug vehicle", c.Unplug(end="vehicle")),
        ("start 1 USER001", c.Start(connector=1, id_tag="USER001")),
        ("stop emergencystop", c.Stop(reason="EmergencyStop")),
        ("vehicle 1 Compact soc=55", c.Vehicle(connector=1, name="Compact", soc=55.0)),
        ("lock_failure off", c.LockFailure(on=False)),
        ("present_tag 12345678", c.PresentTag(id_tag="12345678")),
        ("present_tag 1 12345678", c.PresentTag(connector=1, id_tag="12345678")),
        # Keys and switches may be written as assignments.
        ("configuration HeartbeatInterval 60", c.Configuration(key="HeartbeatInterval", value="60")),
        ("configuration HeartbeatInterval=60", c.Configuration(key="HeartbeatInterval", value="60")),
        ('configuration CpoName "a=b c"', c.Configuration(key="CpoName", value="a=b c")),
        ("switch SW-ERR-STYLE=formation", c.Switch(name="SW-ERR-STYLE", value="formation")),
        ("connect ws://host:9000/ocpp?a=b", c.Connect(url="ws://host:9000/ocpp?a=b")),
        # JSON is one word, and a raw frame is whatever was typed.
        ('send datatransfer {"vendorId": "a b"}', c.Send(action="DataTransfer", payload={"vendorId": "a b"})),
        ("send Odd {} force=on", c.Send(action="Odd", payload={}, force=True)),
        ('send_raw [2,"a", "x" ', c.SendRaw(text='[2,"a", "x"')),
        ('queue edit 1 payload={"meterStart": 5}', c.Queue(act="edit", number=1, payload={"meterStart": 5})),
        ("clock rate=60", process.Clock(rate="60")),
        ("clock MAX", process.Clock(rate="max")),
        ("exit", process.Quit()),
        ("?", process.Help()),
        ("help current", process.Help(name="current")),
    ],
)
def test_a_line_becomes_a_command(line: str, command: Command) -> None:
    assert parse_line(line) == command


@pytest.mark.parametrize("line", ["", "   ", "# a remark"])
def test_nothing_is_asked_for(line: str) -> None:
    assert parse_line(line) is None


@pytest.mark.parametrize(
    "line, words",
    [
        ("curent 3", ["curent", "current"]),
        ("xyzzy", ["xyzzy", "help"]),
        ("current", ["amperes", "missing", "current [connector] amperes"]),
        ("current -5", ["amperes", "at least 0", "-5"]),
        ("current lots", ["amperes", "a number", "lots"]),
        ("current nan", ["amperes", "nan"]),
        ("current 1 2 3", ["“3”", "too many"]),
        ("current 1 connector=1 2", ["“2”", "too many"]),
        ("current 3 amperes=4 amperes=5", ["amperes", "twice"]),
        ("status chargin", ["status", "SuspendedEVSE", "Did you mean Charging?"]),
        ("error groundf", ["Did you mean GroundFailure?"]),
        ("status colour=red", ["colour", "status, connector"]),
        ("vehicle soc=120", ["soc", "from 0 to 100", "120"]),
        ("plug_in connector=first", ["connector", "a whole number", "first"]),
        ('start "USER', ["quote", "closed"]),
        ("send DataTransfer [1]", ["payload", "a JSON object", "[1]"]),
        ("lock_failure perhaps", ["on must be on or off", "perhaps"]),
    ],
)
def test_a_bad_line_is_answered_with_a_helpful_sentence(line: str, words: list[str]) -> None:
    with pytest.raises(CommandRefused) as refused:
        parse_line(line)
    for word in words:
        assert word in refused.value.sentence


def parsed(line: str) -> Command | str | None:
    """The command, or the sentence of the refusal."""
    try:
        return parse_line(line)
    except CommandRefused as refused:
        return refused.sentence


@given(st.text())
def test_whatever_is_typed_is_parsed_or_refused_with_a_sentence(line: str) -> None:
    command = parsed(line)
    assert command is None or isinstance(command, (str, Command))


@given(st.sampled_from(sorted(COMMANDS)), st.lists(st.text(min_size=1, max_size=12), max_size=4))
def test_whatever_follows_a_name_is_parsed_or_refused_with_a_sentence(name: str, words: list[str]) -> None:
    command = parsed(f"{name} {' '.join(words)}")
    assert isinstance(command, (str, COMMANDS[name]))
    assert command != ""


@given(
    st.integers(1, 99),
    st.floats(0, 1000, allow_nan=False),
    st.permutations(["connector", "amperes"]),
)
def test_options_by_name_may_stand_in_any_order(connector: int, amperes: float, order: list[str]) -> None:
    values = {"connector": connector, "amperes": repr(amperes)}
    by_name = parse_line("current " + " ".join(f"{name}={values[name]}" for name in order))
    assert (
        by_name
        == parse_line(f"current {connector} {amperes!r}")
        == c.Current(connector=connector, amperes=amperes)
    )


@given(
    st.lists(
        st.text(st.characters(exclude_characters="\"'", exclude_categories=["Cs"]), max_size=10), max_size=5
    )
)
def test_quotes_keep_any_text_together(words: list[str]) -> None:
    assert [token.text for token in tokens(" ".join(f'"{word}"' for word in words))] == words
