"""The configuration dock, used as a person would."""

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLineEdit

from desktop_sim.station import commands as c
from desktop_sim.station.keys import keys_of
from desktop_sim.ui.docks.configuration import ConfigurationDock
from desktop_sim.ui.docks.key_meanings import meaning, type_words
from desktop_sim.ui.docks.key_model import FLASH_MS, HIDDEN, KEY, RESTART, TYPE, VALUE, KeyModel
from desktop_sim.ui.gallery import World
from tests.ui.docks.hands import CTRL, Hands, column

Show = Callable[..., Any]


@pytest.fixture
def dock(virtual: World, show: Show) -> ConfigurationDock:
    made: ConfigurationDock = show(ConfigurationDock, 800, 500)
    return made


def _value(dock: ConfigurationDock, key: str) -> str:
    row = dock.model.place_of(key)
    assert row is not None
    return dock.model.cell(row, VALUE).text


def _open(dock: ConfigurationDock, hands: Hands, key: str) -> QLineEdit | QComboBox:
    """Open the value of a key by a double click."""
    row = dock.model.place_of(key)
    assert row is not None
    hands.click_row(dock.table, row, VALUE, twice=True)
    editor = hands.focused()
    assert isinstance(editor, QLineEdit | QComboBox)
    return editor


def _set(dock: ConfigurationDock, hands: Hands, key: str, value: str) -> None:
    editor = _open(dock, hands, key)
    hands.type(editor, value)
    hands.key(editor, Qt.Key.Key_Return)
    hands.wait(lambda: dock.callout.text or _value(dock, key) == value)


def test_all_keys_are_listed_with_what_they_take(dock: ConfigurationDock, virtual: World) -> None:
    described = virtual.station.do(c.Configuration())
    assert column(dock.model, KEY) == [one["key"] for one in described]
    row = dock.model.place_of("HeartbeatInterval")
    assert row is not None
    assert dock.model.cell(row, TYPE).text == "number, s"
    assert _value(dock, "AuthorizationKey") == HIDDEN
    row = dock.model.place_of("NumberOfConnectors")
    assert row is not None
    assert dock.model.key_row(row).access == "read only"


def test_every_key_of_the_station_has_a_meaning(virtual: World) -> None:
    silent = [key for key in keys_of(virtual.station.profile) if not meaning(key)]
    assert silent == []


def test_a_new_value_reaches_the_station(dock: ConfigurationDock, virtual: World, hands: Hands) -> None:
    _set(dock, hands, "HeartbeatInterval", "120")
    assert virtual.station.do(c.Configuration(key="HeartbeatInterval"))["value"] == "120"
    assert dock.callout.text == ""
    assert dock.table.hasFocus()


def test_what_changed_is_lit_for_a_moment(dock: ConfigurationDock, hands: Hands) -> None:
    _set(dock, hands, "HeartbeatInterval", "120")
    row = dock.model.place_of("HeartbeatInterval")
    assert row is not None
    assert dock.model.cell(row, KEY).ground == "accent_soft"
    assert dock.model.cell(row + 1, KEY).ground == ""
    assert FLASH_MS < 5000
    hands.wait(lambda: dock.model.cell(row or 0, KEY).ground == "")


def test_a_refusal_stands_at_the_cell_with_what_was_typed(
    dock: ConfigurationDock, virtual: World, hands: Hands
) -> None:
    _set(dock, hands, "HeartbeatInterval", "soon")
    assert dock.callout.text == "HeartbeatInterval is a whole number (s), not 'soon'."
    editor = hands.focused()
    assert isinstance(editor, QLineEdit)
    assert editor.text() == "soon"
    assert editor.property("state") == "bad"
    hands.type(editor, "90")
    assert dock.callout.text == ""
    assert editor.property("state") == ""
    hands.key(editor, Qt.Key.Key_Return)
    hands.wait(lambda: _value(dock, "HeartbeatInterval") == "90")


def test_escape_gives_up_and_the_old_value_stays(dock: ConfigurationDock, hands: Hands) -> None:
    _set(dock, hands, "HeartbeatInterval", "soon")
    hands.key(hands.focused(), Qt.Key.Key_Escape)
    assert dock.callout.text == ""
    assert _value(dock, "HeartbeatInterval") == "300"
    editor = _open(dock, hands, "HeartbeatInterval")
    assert isinstance(editor, QLineEdit)
    assert editor.text() == "300"
    hands.key(editor, Qt.Key.Key_Escape)


def test_true_or_false_is_a_choice(dock: ConfigurationDock, virtual: World, hands: Hands) -> None:
    before = _value(dock, "LocalPreAuthorize")
    editor = _open(dock, hands, "LocalPreAuthorize")
    assert isinstance(editor, QComboBox)
    assert editor.currentText() == before == "false"
    hands.choose(editor, "true")
    assert _value(dock, "LocalPreAuthorize") == "false"
    hands.key(editor, Qt.Key.Key_Return)
    hands.wait(lambda: _value(dock, "LocalPreAuthorize") == "true")


def test_a_list_gets_a_field_of_some_length(dock: ConfigurationDock, hands: Hands) -> None:
    dock.resize(380, 500)
    editor = _open(dock, hands, "MeterValuesSampledData")
    assert editor.width() >= 240
    assert editor.accessibleName() == "New value of MeterValuesSampledData"
    hands.key(editor, Qt.Key.Key_Escape)


def test_a_secret_is_typed_unseen_and_never_shown(dock: ConfigurationDock, hands: Hands) -> None:
    editor = _open(dock, hands, "AuthorizationKey")
    assert isinstance(editor, QLineEdit)
    assert editor.text() == ""
    assert editor.echoMode() == QLineEdit.EchoMode.Password
    hands.type(editor, "0123456789abcdef")
    hands.key(editor, Qt.Key.Key_Return)
    hands.wait(dock.table.hasFocus)
    assert _value(dock, "AuthorizationKey") == HIDDEN


def test_a_fact_says_that_it_is_one(dock: ConfigurationDock, hands: Hands) -> None:
    row = dock.model.place_of("NumberOfConnectors")
    assert row is not None
    dock.table.choose(row)
    hands.key(dock.table, Qt.Key.Key_Return)
    assert dock.callout.text == "NumberOfConnectors tells a fact about the station and cannot be set."
    dock.table.verticalScrollBar().setValue(3)
    assert dock.callout.text == ""
    hands.key(dock.table, Qt.Key.Key_Return)
    assert dock.callout.text
    hands.key(dock.table, Qt.Key.Key_Down)
    assert dock.callout.text == ""


def test_the_same_value_again_is_no_change(dock: ConfigurationDock, virtual: World, hands: Hands) -> None:
    heard: list[Any] = []
    virtual.station.subscribe(heard.append)
    editor = _open(dock, hands, "HeartbeatInterval")
    hands.key(editor, Qt.Key.Key_Return)
    hands.wait(dock.table.hasFocus)
    assert heard == []


def test_what_the_central_system_sets_shows_and_is_lit(dock: ConfigurationDock, virtual: World) -> None:
    virtual.station.central.call_now(
        virtual.station.identity, "ChangeConfiguration", {"key": "ConnectionTimeOut", "value": "45"}
    )
    virtual.session.refresh()
    row = dock.model.place_of("ConnectionTimeOut")
    assert row is not None
    assert _value(dock, "ConnectionTimeOut") == "45"
    assert dock.model.cell(row, VALUE).strong


def test_a_key_that_needs_a_restart_says_so(dock: ConfigurationDock, virtual: World, hands: Hands) -> None:
    virtual.station.do(c.Switch(name="SW-REBOOT-KEYS", value="ConnectionTimeOut"))
    dock.read_again()
    row = dock.model.place_of("ConnectionTimeOut")
    assert row is not None
    assert dock.model.cell(row, RESTART).text == "needed"
    _set(dock, hands, "ConnectionTimeOut", "45")
    hands.wait(lambda: dock.callout.text.startswith("Stored. It takes effect after a restart"))


def test_searching_hits_keys_values_and_meanings(dock: ConfigurationDock, hands: Hands) -> None:
    hands.type(dock.search, "cable")
    hands.key(dock.search, Qt.Key.Key_Return)
    assert "UnlockConnectorOnEVSideDisconnect" in column(dock.model, KEY)
    assert dock.said.text == f"{dock.model.rowCount()} of {dock.model.count} keys"
    hands.type(dock.search, "no such key")
    hands.wait(lambda: column(dock.model, KEY) == [])
    assert dock.table.empty_text == "No key fits the search."
    hands.key(dock.search, Qt.Key.Key_Escape)
    hands.wait(lambda: dock.model.rowCount() == dock.model.count)


def test_choosing_with_the_mouse_is_enough(dock: ConfigurationDock, hands: Hands) -> None:
    editor = _open(dock, hands, "LocalPreAuthorize")
    assert isinstance(editor, QComboBox)
    editor.setCurrentText("true")
    editor.activated.emit(editor.currentIndex())  # what a click into the list does
    hands.wait(lambda: _value(dock, "LocalPreAuthorize") == "true")


def test_a_refusal_of_a_key_out_of_sight_is_said_below(dock: ConfigurationDock, hands: Hands) -> None:
    dock.model.search("nothing fits")
    dock._wish("HeartbeatInterval", "oops")
    hands.wait(lambda: dock.said.kind == "bad")
    assert "whole number" in dock.said.text


def test_the_chosen_key_is_explained(dock: ConfigurationDock, hands: Hands) -> None:
    row = dock.model.place_of("ConnectionTimeOut")
    assert row is not None
    hands.click_row(dock.table, row)
    assert dock.said.text == "How long a presented tag waits for the cable."
    tip = dock.model.tooltip(row, VALUE)
    assert "How long a presented tag waits" in tip
    assert "number, s" in tip


def test_copying_gives_what_the_command_line_takes(dock: ConfigurationDock, hands: Hands) -> None:
    row = dock.model.place_of("ConnectionTimeOut")
    assert row is not None
    hands.click_row(dock.table, row)
    hands.key(dock.table, Qt.Key.Key_C, CTRL)
    assert hands.clipboard() == "ConnectionTimeOut=60"


def test_without_power_the_station_says_why_nothing_can_be_read(
    dock: ConfigurationDock, virtual: World, hands: Hands
) -> None:
    keys = dock.model.count
    virtual.station.do(c.PowerCut())
    hands.click(dock.read_button)
    assert dock.model.count == keys
    virtual.station.do(c.PowerOn())
    virtual.run(30)
    assert dock.said.kind == "info"


def test_hidden_it_asks_for_nothing(dock: ConfigurationDock, virtual: World) -> None:
    dock.hide()
    virtual.station.do(c.Configuration(key="ConnectionTimeOut", value="45"))
    virtual.session.refresh()
    assert _value(dock, "ConnectionTimeOut") == "60"
    dock.show()
    assert _value(dock, "ConnectionTimeOut") == "45"


def test_keys_that_come_and_go() -> None:
    model = KeyModel()
    one = {"key": "A", "value": "1", "readonly": False, "type": "int", "unit": "s", "reboot": False}
    model.show_keys([one])
    model.show_keys([one, {"key": "B", "value": ""}])
    assert column(model, VALUE) == ["1", "empty"]
    assert model.place_of("C") is None


@pytest.mark.parametrize(
    "form", ["bool", "int", "measurands", "rotation", "profiles", "text", "password", "new"]
)
def test_every_form_has_words(form: str) -> None:
    assert type_words(form, "")
    assert type_words(form, "times").endswith("times")
