"""Windows that ask or tell: the profile editor, the crash report, questions."""

import sys
import threading
from pathlib import Path

import msgspec
import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_sim.app.defaults import default_profile, demo_profile
from desktop_sim.station.profile import SecretReference, StationProfile
from desktop_sim.ui.crashes import Crashes
from desktop_sim.ui.diagnostics import diagnostics
from desktop_sim.ui.dialogs.composer import templates
from desktop_sim.ui.dialogs.crash_report import CrashReport
from desktop_sim.ui.dialogs.profile_editor import ProfileEditor
from tests.ui.person import click, sentences


@pytest.fixture
def editor(qtbot: QtBot) -> ProfileEditor:
    """The demo station in the editor."""
    made = ProfileEditor(demo_profile())
    qtbot.addWidget(made)
    made.show()
    return made


def test_nothing_changed_is_the_same_profile(editor: ProfileEditor) -> None:
    assert editor.profile() == demo_profile()


def test_every_field_gets_into_the_profile(editor: ProfileEditor) -> None:
    editor.identity.identity.setText("CP 9")
    editor.identity.vendor.setText("Acme")
    editor.connection.url.setText("wss://example.org/ocpp")
    editor.connection.security.setCurrentIndex(2)
    editor.connection.key.setText("secret-secret-16")
    editor.connectors.list.setCurrentRow(1)
    editor.connectors.amperes.setValue(16)
    editor.tags.text.setPlainText("ONE\n\n two \n")
    editor.configuration.text.setPlainText("HeartbeatInterval = 60")
    editor.configuration.noise.setValue(0)
    profile = editor.profile()
    assert profile.identity.charge_point_id == "CP 9"
    assert profile.identity.vendor == "Acme"
    assert profile.connection.url == "wss://example.org/ocpp"
    assert profile.connection.security_profile == 2
    assert profile.connection.authorization_key == "secret-secret-16"
    assert [one.max_amperes for one in profile.connectors] == [32, 16]
    assert profile.tags == ("ONE", "two")
    assert profile.configuration == {"HeartbeatInterval": "60"}
    assert profile.meter.current_noise == 0


def test_connectors_come_and_go(editor: ProfileEditor) -> None:
    page = editor.connectors
    page.list.setCurrentRow(1)
    page.phases.setValue(2)
    page.add()
    assert page.list.count() == 3
    assert [one.phases for one in editor.profile().connectors] == [1, 2, 2]
    for _ in range(5):
        page.remove()
    assert len(editor.profile().connectors) == 1
    for _ in range(100):
        page.add()
    assert len(editor.profile().connectors) == 64


def test_a_secret_kept_elsewhere_stays_there(qtbot: QtBot) -> None:
    base = default_profile()
    reference = SecretReference(env="KEY")
    connection = msgspec.structs.replace(base.connection, authorization_key=reference)
    editor = ProfileEditor(msgspec.structs.replace(base, connection=connection))
    qtbot.addWidget(editor)
    assert editor.profile().connection.authorization_key == reference
    assert "KEY" in editor.connection.key.placeholderText()


@pytest.mark.parametrize(
    "field, value, word",
    [
        ("identity", "", "empty"),
        ("url", "http://example.org", "ws"),
        ("tags", "x" * 21, "20"),
        ("configuration", "nonsense", "Key = value"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_chosen(
    editor: ProfileEditor, qtbot: QtBot, field: str, value: str, word: str
) -> None:
    chosen: list[StationProfile] = []
    editor.chosen.connect(chosen.append)
    {
        "identity": editor.identity.identity.setText,
        "url": editor.connection.url.setText,
        "tags": editor.tags.text.setPlainText,
        "configuration": editor.configuration.text.setPlainText,
    }[field](value)
    click(editor.apply)
    assert editor.isVisible()
    assert any(word in text for text in sentences(editor)), sentences(editor)
    assert chosen == []


def test_a_sound_profile_is_chosen(editor: ProfileEditor) -> None:
    chosen: list[StationProfile] = []
    editor.chosen.connect(chosen.append)
    QTest.keyClicks(editor.identity.name, "!")
    click(editor.apply)
    assert [profile.name for profile in chosen] == ["Demo!"]
    assert not editor.isVisible()


# --- mistakes of the program ---


def mistake() -> ZeroDivisionError:
    """One with a trace."""
    try:
        _ = 1 // 0
    except ZeroDivisionError as error:
        return error
    raise AssertionError


def test_a_mistake_is_shown_written_and_can_be_copied(qtbot: QtBot, tmp_path: Path) -> None:
    crashes = Crashes(tmp_path / "crashes")
    crashes.take_over()
    try:
        error = mistake()
        sys.excepthook(type(error), error, error.__traceback__)
        thread = threading.Thread(target=lambda: 1 // 0)
        thread.start()
        thread.join()
        QTest.qWait(50)
    finally:
        crashes.give_back()
    [report] = [widget for widget in QApplication.topLevelWidgets() if isinstance(widget, CrashReport)]
    assert report.isVisible()
    assert report.text.count("ZeroDivisionError") == 2, "the second one joins the first"
    report.copy()
    assert "ZeroDivisionError" in QApplication.clipboard().text()
    assert "ocpp-desktop-sim" in report.text
    files = list((tmp_path / "crashes").glob("crash-*.txt"))
    assert files
    assert "ZeroDivisionError" in files[0].read_text()
    report.close()


def test_old_reports_are_thrown_away(qtbot: QtBot, tmp_path: Path) -> None:
    for number in range(40):
        (tmp_path / f"crash-20200101-0000{number:02}.txt").write_text("old")
    crashes = Crashes(tmp_path)
    crashes.tell(mistake())
    assert len(list(tmp_path.glob("crash-*.txt"))) == 20
    for widget in QApplication.topLevelWidgets():
        if isinstance(widget, CrashReport):
            widget.close()


def test_the_loop_tells_as_well(qtbot: QtBot, tmp_path: Path) -> None:
    crashes = Crashes(tmp_path)
    told: list[BaseException] = []
    crashes._came.disconnect()
    crashes._came.connect(told.append)
    crashes.from_loop(None, {"message": "no exception here"})
    crashes.from_loop(None, {"exception": mistake()})
    assert [type(error) for error in told] == [ZeroDivisionError]


def test_diagnostics_name_no_address_and_no_secret(qtbot: QtBot) -> None:
    text = diagnostics()
    assert "PySide6-Essentials 6" in text
    assert "ws://" not in text


def test_templates_of_the_composer_keep_the_schema() -> None:
    from desktop_sim.protocol.actions import ACTIONS
    from desktop_sim.protocol.codec import decode_request

    senders = {name for name, action in ACTIONS.items() if action.from_charge_point}
    made = templates("2025-06-02T07:00:00Z", "USER001")
    assert set(made) <= senders
    for name, payload in made.items():
        decode_request(name, msgspec.json.encode(payload))
