"""The command line of every face, and what it says to mistakes."""

from pathlib import Path

import pytest

from desktop_sim.__main__ import main
from desktop_sim.cli.arguments import UsageProblem, parse_arguments


def parse(line: str) -> object:
    return parse_arguments(line.split())


def test_the_bare_form_is_the_window() -> None:
    arguments = parse_arguments(["CP001", "ws://localhost:9000"])
    assert arguments.face == "window"
    assert (arguments.options.charge_point_id, arguments.options.url) == ("CP001", "ws://localhost:9000")


@pytest.mark.parametrize("line", ["", "window", "--lang uz"])
def test_without_words_it_is_the_window_too(line: str) -> None:
    arguments = parse_arguments(line.split())
    assert arguments.face == "window"
    assert arguments.options.url is None


@pytest.mark.parametrize(
    "line",
    [
        "console CP001 ws://h:9000 --lang uz --connectors 2",
        "--lang uz --connectors 2 console CP001 ws://h:9000",
        "console --lang uz CP001 --connectors 2 ws://h:9000",
    ],
)
def test_options_may_stand_anywhere(line: str) -> None:
    arguments = parse_arguments(line.split())
    assert arguments.face == "console"
    assert (arguments.options.charge_point_id, arguments.options.url) == ("CP001", "ws://h:9000")
    assert (arguments.options.lang, arguments.options.connectors) == ("uz", 2)


def test_a_profile_may_stand_in_the_place_of_the_id(tmp_path: Path) -> None:
    file = tmp_path / "wallbox.station.json"
    file.write_text("{}")
    for words in ([str(file)], ["console", str(file)]):
        options = parse_arguments(words).options
        assert (options.profile, options.charge_point_id) == (file, None)


def test_the_gallery_gets_its_folder() -> None:
    assert parse_arguments(["gallery", "pictures"]).directory == Path("pictures")


def test_every_option_of_the_contract(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("{}")
    line = (
        f"console --profile {file} --connectors 2 --state-dir {tmp_path} --factory-reset --ocpp-config {file} "
        f"--set A=1 --set B=x=y --vendor V --model M --serial S --charge-box-serial B --firmware-version 2 "
        f"--fixed-cable 1,2 --driver absent --security-profile 2 --authorization-key-file {file} --ca-file {file} "
        f"--client-cert {file} --client-key {file} --no-verify-hostname --speed 60 --seed 7 --log-level debug --lang ru"
    )
    options = parse_arguments(line.split()).options
    assert options.overrides == {"A": "1", "B": "x=y"}
    assert options.fixed_cable == (1, 2)
    assert (options.driver, options.security_profile, options.speed, options.seed) == ("absent", 2, 60.0, 7)
    assert (options.verify_host_name, options.factory_reset, options.log_level) == (False, True, "debug")


@pytest.mark.parametrize(
    "line, words",
    [
        ("CP001 localhost:9000", ["ws://localhost:9000"]),
        ("CP001 http://localhost:9000", ["did you mean ws://localhost:9000"]),
        ("CP001 https://h/x", ["wss://h/x"]),
        ("CP001 ws://h:99999", ["port", "65535"]),
        ("CP001 ws://", ["ws://localhost:9000"]),
        ("ws://localhost:9000 CP001", ["The id comes first", "CP001"]),
        ("CP001 ws://h more", ["“more”", "too many"]),
        ("console --port 9000", ["--port", "central"]),
        ("central CP001", ["“CP001”", "central --port 9000"]),
        ("play file.scenario.yaml --junit out.xml", ["not part of this version yet"]),
        ("--lang uz play file.scenario.yaml", ["not part of this version yet"]),
        ("gallery", ["one folder"]),
        ("gallery a b", ["one folder"]),
        ("missing.station.json", ["missing.station.json"]),
        ("fleet", ["not part of this version yet"]),
        ("--profile /no/such/file", ["no file", "/no/such/file"]),
        ("--set HeartbeatInterval", ["KEY=VALUE"]),
        ("--fixed-cable one", ["connector numbers"]),
        ("--speed fast", ["“fast”", "pause or max"]),
        ("--speed -1", ["pause or max"]),
        ("--connectors two", ["--connectors", "--help"]),
        ("--lang fr", ["--lang"]),
        ("--frobnicate", ["--frobnicate"]),
        ("--ephemeral --state-dir /tmp", ["leave one out"]),
        ("--client-cert /etc/hostname", ["belong together"]),
        ("--authorization-key a --authorization-key-file b", ["not both"]),
    ],
)
def test_mistakes_are_answered_with_what_to_do(line: str, words: list[str]) -> None:
    with pytest.raises(UsageProblem) as problem:
        parse(line)
    for word in words:
        assert word in str(problem.value)


def test_a_mistake_goes_to_stderr_and_ends_with_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["CP001", "http://localhost:9000"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("desktop_sim: ")


@pytest.mark.parametrize("word", ["--help", "--version"])
def test_help_and_version(word: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main([word])
    assert left.value.code == 0
    assert "desktop_sim" in capsys.readouterr().out


def test_the_menu_entry_is_installed_from_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from desktop_sim.__main__ import main

    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert main(["--install-desktop"]) == 0
    entry = tmp_path / "applications" / "ocpp-desktop-sim.desktop"
    assert str(entry) in capsys.readouterr().out
    assert entry.is_file()
