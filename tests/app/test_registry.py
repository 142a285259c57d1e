"""The registry knows every command, and everything generated from it is complete."""

import jsonschema_rs
import msgspec
import pytest

from desktop_sim.app import registry
from desktop_sim.app.commands import PROCESS_COMMANDS
from desktop_sim.app.grammar import parse_line
from desktop_sim.station.commands import STATION_COMMANDS, Command, CommandRefused

CONTRACT = {
    "info",
    "connect",
    "disconnect",
    "drop_link",
    "plug_in",
    "unplug",
    "present_tag",
    "start",
    "stop",
    "current",
    "vehicle",
    "suspend_ev",
    "resume_ev",
    "suspend_evse",
    "resume_evse",
    "status",
    "error",
    "clear_fault",
    "raise_fault",
    "lock_failure",
    "emergency_stop",
    "power_cut",
    "power_on",
    "reboot",
    "clock",
    "configuration",
    "cache",
    "queue",
    "switch",
    "send",
    "send_raw",
    "trace",
    "factory_reset",
    "quit",
}


def test_every_command_of_the_public_contract_is_there() -> None:
    assert not CONTRACT - set(registry.COMMANDS)


def test_station_and_process_commands_share_one_registry() -> None:
    assert set(registry.COMMANDS) == set(STATION_COMMANDS) | set(PROCESS_COMMANDS)
    assert not set(STATION_COMMANDS) & set(PROCESS_COMMANDS)


@pytest.mark.parametrize("name", sorted(registry.COMMANDS))
class TestEveryCommand:
    def test_has_help_with_a_sentence_and_its_parameters(self, name: str) -> None:
        entry = registry.describe(name)
        assert entry.text.endswith(".")
        assert entry.usage.startswith(name)
        fields = [field.name for field in msgspec.structs.fields(registry.COMMANDS[name])]
        assert [parameter.name for parameter in entry.parameters] == fields

    def test_explains_each_parameter(self, name: str) -> None:
        for parameter in registry.parameters(name):
            assert (
                parameter.text
                or parameter.choices
                or parameter.suggestions
                or parameter.name in ("on", "value", "name")
            ), f"{name}: {parameter.name}"

    def test_has_a_sound_json_schema(self, name: str) -> None:
        schema = registry.json_schema(name)
        jsonschema_rs.validator_for(schema)
        assert list(schema["properties"]) == [parameter.name for parameter in registry.parameters(name)]

    def test_is_found_by_its_name_in_any_spelling(self, name: str) -> None:
        assert registry.canonical_name(name.upper().replace("_", "-")) == name

    def test_is_typed_back_to_the_name(self, name: str) -> None:
        values = {
            parameter.name: _sample(parameter.kind, parameter.choices)
            for parameter in registry.parameters(name)
            if parameter.required
        }
        command = registry.parse(name, values)
        assert isinstance(command, registry.COMMANDS[name])
        assert registry.name_of(command) == name
        assert jsonschema_rs.validator_for(registry.json_schema(name)).is_valid(values)


def _sample(kind: str, choices: tuple[str, ...]) -> object:
    return (
        choices[0]
        if choices
        else {"text": "x", "number": 1.0, "integer": 1, "boolean": True, "object": {}}[kind]
    )


def test_typed_values_are_taken_as_they_are() -> None:
    command = registry.parse("current", {"amperes": 16, "connector": 1})
    assert command == parse_line("current 1 16")


def test_left_out_and_null_are_the_same() -> None:
    assert registry.parse("send", {"action": "Heartbeat", "payload": None}) == parse_line("send Heartbeat")


@pytest.mark.parametrize(
    "values", [{"amperes": True}, {"amperes": "x"}, {"amperes": [1]}, {"amperes": None}, {}]
)
def test_a_wrong_value_is_refused_by_name(values: dict[str, object]) -> None:
    with pytest.raises(CommandRefused, match="amperes"):
        registry.parse("current", values)


def test_the_command_types_are_plain_data() -> None:
    for name, kind in registry.COMMANDS.items():
        assert issubclass(kind, Command)
        assert kind.__struct_config__.frozen, name
