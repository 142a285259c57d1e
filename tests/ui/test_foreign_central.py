"""The window at a foreign central system: a whole session, the current moved with the mouse on the slider (A.24)."""

from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from ocpp.v16 import call
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from desktop_sim.ui.application import Shell
from desktop_sim.ui.current_slider import TenthSlider
from tests.e2e.foreign_central import ForeignCentral, foreign_server
from tests.ui.person import click

Spin = Callable[[Coroutine[Any, Any, Any]], Any]


def amperes(central: ForeignCentral) -> float:
    """The current of the newest MeterValues."""
    (value,) = central.meter_values[-1]["meter_value"]
    return next(float(v["value"]) for v in value["sampled_value"] if v["measurand"] == "Current.Import")


@pytest.mark.slow
def test_a_session_steered_with_the_slider(shell: Shell, spin: Spin) -> None:
    opening = foreign_server()
    server = spin(opening.__aenter__())
    welcome = shell.window.welcome
    welcome.address.clear()
    QTest.keyClicks(welcome.address, server.url)
    click(welcome.connect_button)
    central = spin(server.station())
    spin(central.until(lambda: (1, "Available") in central.statuses))
    spin(central.call(call.ChangeConfiguration(key="MeterValueSampleInterval", value="1")))
    assert (
        spin(central.call(call.RemoteStartTransaction(id_tag="USER001", connector_id=1))).status == "Accepted"
    )
    spin(central.until(lambda: (1, "Charging") in central.statuses))
    spin(central.until(lambda: central.meter_values and amperes(central) > 15))
    slider = next(s for s in shell.window.findChildren(TenthSlider) if s.isVisible())
    middle = slider.height() // 2
    QTest.mousePress(slider, Qt.MouseButton.LeftButton, pos=QPoint(slider.width() // 2, middle))
    QTest.mouseMove(slider, QPoint(slider.width() - 2, middle))
    QTest.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=QPoint(slider.width() - 2, middle))
    spin(central.until(lambda: amperes(central) > 30))
    spin(central.call(call.RemoteStopTransaction(transaction_id=1)))
    spin(central.until(lambda: central.statuses[-1] == (1, "Available")))
    told = [status for connector, status in central.statuses if connector == 1]
    assert told == ["Available", "Preparing", "Charging", "Finishing", "Available"]
    assert central.stops[0]["reason"] == "Remote"
    assert central.wire.verdicts == []
    spin(opening.__aexit__(None, None, None))
