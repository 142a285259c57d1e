"""The whole window with real stations on the built-in central system, driven as a person would."""

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from desktop_sim.app.options import StationOptions
from desktop_sim.app.settings import SettingsFile
from desktop_sim.app.workspace import Workspace
from desktop_sim.station import commands as c
from desktop_sim.storage.profiles import load_profile
from desktop_sim.ui.application import Shell, end_shell, make_shell
from desktop_sim.ui.connection_bar import built_in
from desktop_sim.ui.connector_page import ConnectorPage
from desktop_sim.ui.crashes import Crashes
from desktop_sim.ui.session import StationSession
from desktop_sim.ui.theme import Scheme, theme
from tests.ui.person import PATIENCE, child, click, sentences

Spin = Callable[[Coroutine[Any, Any, Any]], Any]


def session_of(shell: Shell) -> StationSession:
    """The station that is open."""
    assert shell.desk.session is not None
    return shell.desk.session


def page_of(shell: Shell) -> ConnectorPage:
    """The page that is seen."""
    page = shell.window.tabs.page
    assert page is not None
    return page


def status(shell: Shell, connector: int = 1) -> str:
    """A connector's status."""
    return "" if shell.desk.session is None else str(shell.desk.session.connector(connector).get("status"))


def last_text(shell: Shell, action: str, since: int) -> str:
    """The text of the last frame of that action."""
    log = session_of(shell).log
    events = [log.entry(number).event for number in range(since, log.end)]
    return next((event.text for event in reversed(events) if event.action == action), "")


def online(shell: Shell) -> bool:
    """Connected and accepted."""
    return shell.desk.session is not None and shell.desk.session.registered


@pytest.fixture
def demo(shell: Shell, qtbot: QtBot, spin: Spin) -> Shell:
    """The demo station, Available and online."""
    assert spin(shell.desk.demo())
    qtbot.waitUntil(lambda: online(shell), timeout=PATIENCE)
    return shell


def trigger(shell: Shell, name: str) -> None:
    """Choose an action from the menu."""
    action = shell.window.actions_[name]
    assert action.isEnabled(), name
    action.trigger()


def box(shell: Shell) -> QMessageBox:
    """The question that is asked."""
    found = [box for box in shell.window.findChildren(QMessageBox) if box.isVisible()]
    assert len(found) == 1
    return found[0]


def answer(shell: Shell, qtbot: QtBot, text: str) -> None:
    """Answer the question."""
    qtbot.waitUntil(
        lambda: any(one.isVisible() for one in shell.window.findChildren(QMessageBox)), timeout=PATIENCE
    )
    click(next(button for button in box(shell).buttons() if button.text().replace("&", "") == text))


# --- the welcome page ---


def test_it_begins_with_the_welcome_page(shell: Shell) -> None:
    window = shell.window
    assert window.welcome.isVisible()
    assert window.welcome.demo.hasFocus()
    assert window.windowTitle() == "OCPP desktop simulator"
    assert not window.dock("traffic").isVisible()
    assert not window.actions_["station.connect"].isEnabled()


def test_one_click_leads_to_a_charging_curve(shell: Shell, qtbot: QtBot) -> None:
    click(shell.window.welcome.demo)
    qtbot.waitUntil(lambda: status(shell) == "Charging", timeout=PATIENCE)
    qtbot.waitUntil(lambda: "Power 0.00" not in page_of(shell).lcd.spoken(), timeout=PATIENCE)
    assert shell.window.tabs.tabText(0) == "1  Charging"
    assert shell.window.windowTitle() == "CP001[*] – OCPP desktop simulator"


def test_an_address_that_cannot_be_is_said_to_be(shell: Shell) -> None:
    welcome = shell.window.welcome
    welcome.address.setText("http://example.org")
    click(welcome.connect_button)
    assert shell.desk.session is None

    sentence = "“http://example.org” is no address"
    assert [text for text in sentences(welcome) if "ws://" in text], sentence
    QTest.keyClicks(welcome.address, "x")
    assert not [text for text in sentences(welcome) if "ws://" in text]


def test_ones_own_central_system(shell: Shell, qtbot: QtBot, spin: Spin) -> None:
    central = spin(shell.desk.workspace.start_central(("USER001",)))
    welcome = shell.window.welcome
    welcome.address.setText(central.url)
    welcome.identity.setText("MINE-1")
    QTest.keyClick(welcome.identity, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: online(shell), timeout=PATIENCE)
    assert central.connected == ["MINE-1"]
    assert shell.window.bar.url == central.url


def test_a_central_system_that_is_not_there(shell: Shell, qtbot: QtBot) -> None:
    welcome = shell.window.welcome
    welcome.address.setText("ws://127.0.0.1:1/ocpp")
    click(welcome.connect_button)
    qtbot.waitUntil(
        lambda: shell.desk.session is not None and shell.desk.session.link_state == "down", timeout=PATIENCE
    )
    qtbot.waitUntil(lambda: "127.0.0.1:1" in shell.window.strip.accessibleDescription(), timeout=PATIENCE)


# --- a station ---


def test_disconnect_and_connect_in_the_same_place(demo: Shell, qtbot: QtBot) -> None:
    bar = demo.window.bar
    place = bar.button.geometry()
    assert bar.button.text() == "Disconnect"
    click(bar.button)
    qtbot.waitUntil(lambda: session_of(demo).link_state == "offline", timeout=PATIENCE)
    qtbot.waitUntil(lambda: bar.button.text() == "Connect", timeout=PATIENCE)
    assert bar.button.geometry() == place
    trigger(demo, "station.connect")
    qtbot.waitUntil(lambda: online(demo), timeout=PATIENCE)


def test_single_letters_act_on_the_page_but_not_while_typing(demo: Shell, qtbot: QtBot) -> None:
    window, page = demo.window, page_of(demo)
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window, timeout=PATIENCE)
    page.controls.current.slider.setFocus()
    QTest.keyClick(page.controls.current.slider, Qt.Key.Key_P)
    qtbot.waitUntil(lambda: status(demo) == "Preparing", timeout=PATIENCE)
    line = page.controls.tag.lineEdit()
    assert line is not None
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, "pasx")
    assert line.text() == "pasx"
    qtbot.wait(100)
    assert status(demo) == "Preparing"


def test_remote_start_and_stop_from_the_menu(demo: Shell, qtbot: QtBot) -> None:
    demo.window.tabs.setCurrentIndex(1)
    trigger(demo, "central.start")
    qtbot.waitUntil(lambda: status(demo, 2) == "Charging", timeout=PATIENCE)
    trigger(demo, "central.stop")
    qtbot.waitUntil(lambda: status(demo, 2) == "Finishing", timeout=PATIENCE)


def test_a_power_cut_and_its_end(demo: Shell, qtbot: QtBot) -> None:
    trigger(demo, "station.power")
    qtbot.waitUntil(lambda: not session_of(demo).powered, timeout=PATIENCE)
    qtbot.waitUntil(lambda: page_of(demo).badge.status == "No power", timeout=PATIENCE)
    assert demo.window.actions_["station.power"].isChecked()
    assert not demo.window.bar.button.isEnabled()
    trigger(demo, "station.power")
    qtbot.waitUntil(lambda: online(demo), timeout=PATIENCE)
    assert not demo.window.actions_["station.power"].isChecked()


def test_the_emergency_stop(demo: Shell, qtbot: QtBot) -> None:
    trigger(demo, "station.emergency")
    qtbot.waitUntil(lambda: session_of(demo).emergency, timeout=PATIENCE)
    assert demo.window.actions_["station.emergency"].isChecked()
    trigger(demo, "station.emergency")
    qtbot.waitUntil(lambda: not session_of(demo).emergency, timeout=PATIENCE)


def test_a_refusal_is_a_sentence(demo: Shell, qtbot: QtBot) -> None:
    demo.hands.give(c.Stop(connector=1))
    qtbot.waitUntil(demo.window.notice.isVisible, timeout=PATIENCE)
    assert demo.window.notice.text == "No transaction runs at connector 1."


def test_the_clock_can_be_hurried(demo: Shell, qtbot: QtBot) -> None:
    rate = demo.window.bar.rate
    place = rate.findData("60")
    rate.setCurrentIndex(place)
    rate.activated.emit(place)
    qtbot.waitUntil(lambda: session_of(demo).info["clock"]["rate"] == 60.0, timeout=PATIENCE)
    qtbot.waitUntil(lambda: rate.currentData() == "60", timeout=PATIENCE)


def test_tabs_follow_the_keys(demo: Shell) -> None:
    trigger(demo, "connector.next")
    assert page_of(demo).number == 2
    trigger(demo, "connector.next")
    assert page_of(demo).number == 1
    trigger(demo, "connector.previous")
    assert page_of(demo).number == 2


def test_any_message_can_be_sent(demo: Shell, qtbot: QtBot) -> None:
    from desktop_sim.ui.dialogs.composer import Composer

    trigger(demo, "station.send")
    composer = child(demo.window, Composer)
    before = len(session_of(demo).log)
    assert composer.action.currentText() == "Heartbeat"
    click(composer.send)
    qtbot.waitUntil(lambda: "[3," in last_text(demo, "Heartbeat", before), timeout=PATIENCE)
    composer.payload.setPlainText("{nonsense")
    click(composer.send)
    assert any("JSON" in text for text in sentences(composer))
    composer.tabs.setCurrentIndex(1)
    composer.raw.setPlainText("no frame at all")
    click(composer.send)
    qtbot.waitUntil(lambda: last_text(demo, "", before) == "no frame at all", timeout=PATIENCE)
    composer.close()


def test_the_palette_finds_and_does(demo: Shell, qtbot: QtBot) -> None:
    from desktop_sim.ui.dialogs.command_palette import CommandPalette

    trigger(demo, "tools.palette")
    palette = child(demo.window, CommandPalette)
    QTest.keyClicks(palette.field, "emerg")
    assert palette.list.count() == 1
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: session_of(demo).emergency, timeout=PATIENCE)


def test_state_and_diagnostics_are_copied(demo: Shell) -> None:
    trigger(demo, "edit.copy_info")
    assert '"identity": "CP001"' in QApplication.clipboard().text()
    trigger(demo, "help.diagnostics")
    assert "PySide6-Essentials" in QApplication.clipboard().text()


def test_about_and_shortcuts_open_beside(demo: Shell) -> None:
    from desktop_sim.ui.dialogs.about import About, ShortcutSheet

    trigger(demo, "help.about")
    trigger(demo, "help.keys")
    for kind in (About, ShortcutSheet):
        dialog = child(demo.window, kind)
        assert dialog.isVisible()
        assert not dialog.isModal()
        dialog.close()


# --- documents ---


@pytest.fixture
def opened(shell: Shell, tmp_path: Path, qtbot: QtBot, spin: Spin) -> Shell:
    """A station with a file of its own."""
    from desktop_sim.app.defaults import demo_profile
    from desktop_sim.storage.profiles import save_profile

    path = tmp_path / "garage.station.json"
    save_profile(path, demo_profile())
    assert spin(shell.desk.open_file(path))
    qtbot.waitUntil(lambda: online(shell), timeout=PATIENCE)
    return shell


def edit_vendor(shell: Shell, qtbot: QtBot, vendor: str) -> None:
    """Change the profile in its editor."""
    from desktop_sim.ui.dialogs.profile_editor import ProfileEditor

    trigger(shell, "edit.station")
    editor = child(shell.window, ProfileEditor)
    editor.identity.vendor.setText(vendor)
    click(editor.apply)
    qtbot.waitUntil(lambda: shell.desk.host.profile.identity.vendor == vendor, timeout=PATIENCE)
    qtbot.waitUntil(lambda: online(shell), timeout=PATIENCE)


def test_an_edited_profile_is_marked_and_saved(opened: Shell, tmp_path: Path, qtbot: QtBot) -> None:
    assert opened.window.windowTitle() == "CP001 – garage[*] – OCPP desktop simulator"
    assert not opened.window.isWindowModified()
    edit_vendor(opened, qtbot, "Acme")
    assert opened.window.isWindowModified()
    trigger(opened, "file.save")
    qtbot.waitUntil(lambda: not opened.window.isWindowModified(), timeout=PATIENCE)
    assert load_profile(tmp_path / "garage.station.json").identity.vendor == "Acme"


def test_closing_asks_and_cancel_stays(opened: Shell, qtbot: QtBot) -> None:
    edit_vendor(opened, qtbot, "Acme")
    opened.window.close()
    answer(opened, qtbot, "Cancel")
    qtbot.wait(50)
    assert opened.window.isVisible()
    assert not opened.ended.is_set()


def test_closing_without_saving(opened: Shell, tmp_path: Path, qtbot: QtBot) -> None:
    edit_vendor(opened, qtbot, "Acme")
    opened.window.close()
    answer(opened, qtbot, "Don't save")
    qtbot.waitUntil(opened.ended.is_set, timeout=PATIENCE)
    assert load_profile(tmp_path / "garage.station.json").identity.vendor != "Acme"


def test_closing_with_saving(opened: Shell, tmp_path: Path, qtbot: QtBot) -> None:
    edit_vendor(opened, qtbot, "Acme")
    opened.window.close()
    answer(opened, qtbot, "Save")
    qtbot.waitUntil(opened.ended.is_set, timeout=PATIENCE)
    assert load_profile(tmp_path / "garage.station.json").identity.vendor == "Acme"


def test_what_the_central_system_changes_is_not_unsaved(opened: Shell, qtbot: QtBot, spin: Spin) -> None:
    central = opened.desk.workspace.central
    assert central is not None
    spin(central.call("CP001", "ChangeConfiguration", {"key": "HeartbeatInterval", "value": "60"}))
    qtbot.wait(50)
    assert not opened.window.isWindowModified()


def test_a_profile_is_dropped_on_the_window(shell: Shell, tmp_path: Path, qtbot: QtBot) -> None:
    from desktop_sim.app.defaults import default_profile
    from desktop_sim.storage.profiles import save_profile

    path = tmp_path / "dropped.station.json"
    save_profile(path, default_profile())
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    action, button, plain = (
        Qt.DropAction.CopyAction,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    entering = QDragEnterEvent(QPoint(50, 50), action, data, button, plain)
    QApplication.sendEvent(shell.window, entering)
    assert entering.isAccepted()
    QApplication.sendEvent(shell.window, QDropEvent(QPointF(50, 50), action, data, button, plain))
    qtbot.waitUntil(lambda: online(shell), timeout=PATIENCE)
    assert shell.window.tabs.count() == 1
    assert shell.desk.recent_files == [str(path)]


def test_a_damaged_profile_is_explained(shell: Shell, tmp_path: Path, spin: Spin) -> None:
    path = tmp_path / "bad.station.json"
    path.write_text('{"identity": {"vendorr": "x"}}')
    assert not spin(shell.desk.open_file(path))
    assert shell.window.notice.isVisible()
    assert "vendorr" in shell.window.notice.text
    assert shell.window.welcome.isVisible()


def test_another_identity_starts_the_station_anew(demo: Shell, qtbot: QtBot) -> None:
    bar = demo.window.bar
    bar.identity.selectAll()
    QTest.keyClicks(bar.identity, "CP777")
    assert bar.button.text() == "Reconnect"
    QTest.keyClick(bar.identity, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: session_of(demo).identity == "CP777" and online(demo), timeout=PATIENCE)
    qtbot.waitUntil(lambda: demo.window.windowTitle().startswith("CP777"), timeout=PATIENCE)
    assert demo.window.isWindowModified()


def test_another_address_keeps_the_transaction(demo: Shell, qtbot: QtBot, spin: Spin) -> None:
    trigger(demo, "central.start")
    qtbot.waitUntil(lambda: status(demo) == "Charging", timeout=PATIENCE)
    bar = demo.window.bar
    bar.address.setEditText("ws://127.0.0.1:1/x")
    line = bar.address.lineEdit()
    assert line is not None
    QTest.keyClick(line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: session_of(demo).link_state == "down", timeout=PATIENCE)
    assert status(demo) == "Charging"
    bar.address.setEditText(built_in())
    QTest.keyClick(line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: online(demo), timeout=PATIENCE)
    assert status(demo) == "Charging"


def test_a_wrong_address_in_the_bar_is_refused_in_place(demo: Shell, qtbot: QtBot) -> None:
    bar = demo.window.bar
    bar.address.setEditText("http://x")
    line = bar.address.lineEdit()
    assert line is not None
    QTest.keyClick(line, Qt.Key.Key_Return)
    qtbot.waitUntil(demo.window.notice.isVisible, timeout=PATIENCE)
    assert line.property("state") == "bad"
    assert online(demo)


# --- places ---


def test_docks_are_remembered(
    loop: object, settings: SettingsFile, tmp_path: Path, qtbot: QtBot, spin: Spin
) -> None:
    def shell() -> Shell:
        made = make_shell(Workspace(settings), StationOptions(ephemeral=True), Crashes(tmp_path))
        made.window.show()
        qtbot.waitExposed(made.window)
        assert spin(made.desk.demo())
        return made

    first = shell()
    first.window.dock("traffic").close()
    first.window.close()
    qtbot.waitUntil(first.ended.is_set, timeout=PATIENCE)
    spin(end_shell(first))
    second = shell()
    assert second.window.dock("traffic").isHidden()
    assert not second.window.dock("central").isHidden()
    trigger(second, "view.reset")
    assert not second.window.dock("traffic").isHidden()
    spin(end_shell(second))
    qtbot.wait(1)


def test_the_theme_is_remembered(demo: Shell, settings: SettingsFile) -> None:
    trigger(demo, "view.dark")
    assert theme().dark
    assert SettingsFile(settings.path).settings.theme == "dark"
    assert demo.window.actions_["view.dark"].isChecked()
    trigger(demo, "view.light")
    assert theme().scheme is Scheme.LIGHT


def test_closing_the_station_leads_back_to_the_welcome_page(opened: Shell, qtbot: QtBot) -> None:
    trigger(opened, "file.close")
    qtbot.waitUntil(opened.window.welcome.isVisible, timeout=PATIENCE)
    buttons = [button.text() for button in opened.window.welcome.findChildren(QAbstractButton)]
    assert "garage.station.json" in buttons
    assert not opened.window.dock("traffic").isVisible()


def test_panels_open_and_close_from_the_menu(demo: Shell) -> None:
    menu = demo.window.actions_.open_menus["panels"]
    names = [action.text() for action in menu.actions()]
    assert names == ["Traffic", "Event log", "Central system", "Configuration"]
    action: QAction = menu.actions()[0]
    before = demo.window.dock("traffic").isHidden()
    action.trigger()
    assert demo.window.dock("traffic").isHidden() is not before


def test_at_rest_the_window_wakes_once_a_second_at_most(demo: Shell, qtbot: QtBot) -> None:
    session = session_of(demo)
    qtbot.wait(200)
    frames: list[object] = []
    session.changed.connect(frames.append)
    page_of(demo).scope.hide()
    qtbot.wait(1200)
    assert len(frames) <= 3
