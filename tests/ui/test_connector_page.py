"""A connector's page, used as a person would: what is done at it happens at the station, and shows."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox
from pytestqt.qtbot import QtBot

from desktop_sim.station import commands as c
from desktop_sim.station.commands import CommandRefused
from desktop_sim.ui.connector_page import ConnectorPage
from desktop_sim.ui.gallery import World
from desktop_sim.ui.lcd import tiles
from desktop_sim.ui.theme import Scheme, Theme
from tests.ui.person import PATIENCE


@pytest.fixture
def page(virtual: World, qtbot: QtBot) -> Iterator[ConnectorPage]:
    """Connector 1 of the demo station."""
    made = ConnectorPage(virtual.session, 1)
    qtbot.addWidget(made)

    def act(command: c.Command) -> None:
        try:
            virtual.station.do(command)
        except CommandRefused:
            refused.append(command)
        virtual.session.acted()
        virtual.session.refresh()

    refused: list[c.Command] = []
    made.acted.connect(act)
    made.resize(980, 520)
    made.show()
    qtbot.waitExposed(made)
    qtbot.waitUntil(lambda: made.scope.ready, timeout=PATIENCE)
    yield made
    made.hide()
    assert refused == []


@pytest.fixture
def click(qtbot: QtBot) -> Callable[[QAbstractButton], None]:
    """A click with the left button; greyed-out buttons cannot be clicked."""

    def act(button: QAbstractButton) -> None:
        assert button.isEnabled(), button.text()
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    return act


Click = Callable[[QAbstractButton], None]


def test_a_free_connector_says_so(page: ConnectorPage) -> None:
    assert page.badge.status == "Available"
    assert page.controls.start.isEnabled()
    assert not page.controls.stop.isEnabled()
    assert "Power 0.00 kW" in page.lcd.spoken()


def test_start_charges_and_stop_ends_it(page: ConnectorPage, virtual: World, click: Click) -> None:
    click(page.controls.start)
    virtual.run(10)
    assert page.badge.status == "Charging"
    assert "Power 3.68 kW" in page.lcd.spoken()
    assert "Current 16.0 A" in page.lcd.spoken()
    assert not page.controls.start.isEnabled()
    click(page.controls.stop)
    virtual.run(1)
    assert page.badge.status == "Finishing"
    virtual.run(4)
    assert page.badge.status == "Available", "the driver has taken the cable out"


def test_the_focus_goes_from_start_to_stop(
    page: ConnectorPage, virtual: World, qtbot: QtBot, click: Click
) -> None:
    page.controls.start.setFocus()
    click(page.controls.start)
    virtual.run(5)
    assert page.controls.stop.hasFocus()


def test_cable_and_tag_one_after_the_other(page: ConnectorPage, virtual: World, click: Click) -> None:
    click(page.controls.plug)
    virtual.run(1)
    assert page.badge.status == "Preparing"
    assert page.badge.sentence == "Plugged in: present a tag"
    assert page.controls.plug.text() == "Un&plug"
    click(page.controls.present)
    virtual.run(5)
    assert page.badge.status == "Charging"


def test_a_tag_that_is_typed(page: ConnectorPage, virtual: World, qtbot: QtBot, click: Click) -> None:
    line = page.controls.tag.lineEdit()
    assert line is not None
    line.selectAll()
    QTest.keyClicks(line, "USER002")
    click(page.controls.start)
    virtual.run(5)
    assert virtual.session.connector(1)["transaction"]["id_tag"] == "USER002"


def test_the_slider_changes_what_flows(
    page: ConnectorPage, virtual: World, qtbot: QtBot, click: Click
) -> None:
    click(page.controls.start)
    virtual.run(10)
    for _ in range(4):
        QTest.keyClick(page.controls.current.slider, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: virtual.session.connector(1)["slider_a"] == 12, timeout=PATIENCE)
    virtual.run(5)
    assert "Current 12.0 A" in page.lcd.spoken()


def choose(qtbot: QtBot, box: QComboBox, text: str) -> None:
    """Choose an entry by typing."""
    place = box.findText(text)
    assert place >= 0, text
    box.setCurrentIndex(place)
    box.activated.emit(place)


def test_another_car_and_its_charge(page: ConnectorPage, virtual: World, qtbot: QtBot, click: Click) -> None:
    choose(qtbot, page.controls.car, "Estate")
    assert virtual.session.connector(1)["vehicle"] == "Estate"
    click(page.controls.plug)
    virtual.run(1)
    page.controls.charge.selectAll()
    QTest.keyClicks(page.controls.charge, "77")
    QTest.keyClick(page.controls.charge, Qt.Key.Key_Return)
    assert round(virtual.session.readings[1].soc or 0) == 77


def test_pauses_of_car_and_station(page: ConnectorPage, virtual: World, click: Click) -> None:
    click(page.controls.start)
    virtual.run(5)
    click(page.controls.pause_car)
    virtual.run(2)
    assert page.badge.status == "SuspendedEV"
    click(page.controls.pause_car)
    click(page.controls.pause_station)
    virtual.run(2)
    assert page.badge.status == "SuspendedEVSE"
    click(page.controls.pause_station)
    virtual.run(5)
    assert page.badge.status == "Charging"


def test_a_fault_from_the_menu_and_its_end(page: ConnectorPage, virtual: World, click: Click) -> None:
    menu = page.controls.fault.menu()
    assert menu is not None
    names = [action.text() for action in menu.actions()]
    assert "NoError" not in names
    assert len(names) == 17, "fifteen codes, a line, the lock"
    next(action for action in menu.actions() if action.text() == "GroundFailure").trigger()
    virtual.run(1)
    assert page.badge.status == "Faulted"
    assert page.badge.sentence == "GroundFailure"
    click(page.controls.clear)
    virtual.run(1)
    assert page.badge.status == "Available"


def test_without_power_there_is_nothing_to_start(page: ConnectorPage, virtual: World) -> None:
    virtual.station.do(c.PowerCut())
    virtual.session.refresh()
    assert page.badge.status == "No power"
    assert not page.controls.start.isEnabled()
    assert "Voltage 0 V" in page.lcd.spoken()


def test_a_status_reported_by_hand_is_told_apart(page: ConnectorPage, virtual: World) -> None:
    virtual.station.do(c.Status(connector=1, status="Charging"))
    virtual.session.refresh()
    assert page.badge.status == "Available"
    assert page.badge.sentence == "reported by hand: Charging"


def test_the_scope_shows_every_quantity_and_span(page: ConnectorPage, virtual: World, click: Click) -> None:
    click(page.controls.start)
    virtual.run(10)
    pictures = set()
    for button in page.scope.findChildren(QAbstractButton):
        click(button)
        pictures.add(bytes(page.scope.grab().toImage().constBits()))
    assert len(pictures) >= 6


def test_the_scope_rests_when_nothing_moves(page: ConnectorPage, virtual: World) -> None:
    virtual.run(70)
    virtual.session.refresh()
    assert virtual.session.pump.resting


def test_both_palettes(page: ConnectorPage, theme: Theme) -> None:
    light = page.grab().toImage().pixelColor(2, 2)
    theme.choose(Scheme.DARK)
    dark = page.grab().toImage().pixelColor(2, 2)
    assert light.lightness() > 200 > 60 > dark.lightness()


def test_tiles_of_nothing() -> None:
    shown = tiles(0, None, 0, 230, None)
    assert [tile.value for tile in shown] == ["0.00", "–", "0.0", "230", "–"]
