"""The hands at one connector: cable, tag, start and stop, current, car, pauses, faults."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QGridLayout,
    QMenu,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from desktop_sim.protocol.types import ChargePointErrorCode
from desktop_sim.station import commands as c
from desktop_sim.station.turn import Reading
from desktop_sim.ui.current_slider import CurrentSlider
from desktop_sim.ui.kit import caption, fill, horizontal, push, tinted, vertical
from desktop_sim.ui.texts import _

Act = Callable[[c.Command], object]


class Controls(QWidget):
    """Every control keeps its place; what it would do now is its text, whether it may is its colour."""

    acted = Signal(object)
    """A command a person gave."""

    def __init__(
        self, connector: int, *, most: float, default: float, tags: list[str], cars: list[str]
    ) -> None:
        super().__init__()
        self._connector = connector
        self._plugged = False
        self._fixed_most = most
        self.plug = push(_("&Plug in"), self.toggle_cable, icon_name="plug")
        self.start = push(_("St&art"), self.start_charging, icon_name="start", ink="on_accent", primary=True)
        self.stop = push(_("St&op"), self.stop_charging, icon_name="stop")
        self.tag = _tag_box(tags)
        self.present = push(_("P&resent"), self.present_tag, icon_name="tag")
        self.current = CurrentSlider(maximum=most, default=default)
        self.car = _car_box(cars)
        self.charge = _charge_field()
        self.pause_car = push(_("Car pauses"), self.toggle_car, icon_name="pause-car")
        self.pause_station = push(_("Station pauses"), self.toggle_station, icon_name="pause-station")
        self.fault = push(_("Fau&lt"), lambda: None, icon_name="fault", menu=True)
        self.clear = push(
            _("Clear"), lambda: self._give(c.ClearFault(connector=connector)), icon_name="check"
        )
        self._lay_out()
        self._explain()
        self.fault.setMenu(self._fault_menu())
        self.current.asked.connect(
            lambda amperes: self._give(c.Current(connector=connector, amperes=amperes))
        )
        self.car.activated.connect(
            lambda: self._give(c.Vehicle(connector=connector, name=self.car.currentText()))
        )
        self.charge.valueChanged.connect(lambda soc: self._give(c.Vehicle(connector=connector, soc=soc)))

    # --- what it is made of ---

    def _lay_out(self) -> None:
        for button in (self.pause_car, self.pause_station):
            button.setCheckable(True)
        buttons = fill(horizontal(gap=6), self.plug, self.start, self.stop)
        for place in range(3):
            buttons.setStretch(place, 1)
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        _row(grid, 0, _("Ta&g"), self.tag, self.present)
        _row(grid, 1, _("Car"), self.car, self.charge)
        troubles = QGridLayout()
        troubles.setSpacing(6)
        for place, button in enumerate((self.pause_car, self.pause_station, self.fault, self.clear)):
            troubles.addWidget(button, place // 2, place % 2)
            troubles.setColumnStretch(place % 2, 1)
        column = vertical(gap=10)
        self.setLayout(fill(column, buttons, self.current, grid, troubles))

    def _explain(self) -> None:
        """Tooltips, and names for those who listen."""
        for widget, name, hint in (
            (self.plug, _("Cable"), _("Put the cable into car and station, or pull it (P)")),
            (self.start, _("Start charging"), _("Plug in if needed and present the tag (S)")),
            (self.stop, _("Stop charging"), _("Press the stop button of the station (X)")),
            (self.tag, _("Tag"), _("idTag on the card, up to 20 characters")),
            (self.present, _("Present the tag"), _("Hold the card to the reader (A)")),
            (self.car, _("Car"), _("Which car comes to this connector")),
            (self.charge, _("State of charge in percent"), _("State of charge of the car, 0 to 100 %")),
            (self.pause_car, _("The car pauses"), _("The car takes no power until it goes on (E)")),
            (self.pause_station, _("The station pauses"), _("The station offers no power until it goes on")),
            (self.fault, _("Raise a fault"), _("Report one of the error codes of OCPP (F)")),
            (self.clear, _("Clear the fault"), _("Everything works again: NoError")),
        ):
            widget.setAccessibleName(name)
            widget.setToolTip(hint)

    def _fault_menu(self) -> QMenu:
        menu = QMenu(self)
        for code in ChargePointErrorCode:
            if code is not ChargePointErrorCode.NoError:
                menu.addAction(code.value, lambda code=code: self.raise_fault(code.value))
        menu.addSeparator()
        self._lock = menu.addAction(_("The cable lock fails"))
        self._lock.setCheckable(True)
        self._lock.triggered.connect(
            lambda on: self._give(c.LockFailure(connector=self._connector, on=bool(on)))
        )
        return menu

    # --- what a person does ---

    def _give(self, command: c.Command) -> None:
        self.acted.emit(command)

    def toggle_cable(self) -> None:
        """Plug in or out."""
        number = self._connector
        self._give(c.Unplug(connector=number) if self._plugged else c.PlugIn(connector=number))

    def start_charging(self) -> None:
        """The short way: cable and tag."""
        self._give(c.Start(connector=self._connector, id_tag=self.tag.currentText().strip() or None))

    def stop_charging(self) -> None:
        """The stop button."""
        self._give(c.Stop(connector=self._connector))

    def present_tag(self) -> None:
        """The card at the reader."""
        self._give(c.PresentTag(id_tag=self.tag.currentText(), connector=self._connector))

    def raise_fault(self, code: str) -> None:
        """Something broke."""
        self._give(c.Error(connector=self._connector, error_code=code))

    def toggle_car(self) -> None:
        """The car pauses or goes on."""
        paused = self.pause_car.isChecked()
        number = self._connector
        self._give(c.SuspendEv(connector=number) if paused else c.ResumeEv(connector=number))

    def toggle_station(self) -> None:
        """The station pauses or goes on."""
        paused = self.pause_station.isChecked()
        number = self._connector
        self._give(c.SuspendEvse(connector=number) if paused else c.ResumeEvse(connector=number))

    # --- what is true ---

    def show_state(self, info: dict[str, Any], *, powered: bool) -> None:
        """Take the connector's state over into the controls."""
        ends = info.get("plugged", {})
        self._plugged = bool(ends.get("vehicle"))
        charging = "transaction" in info
        _retext(self.plug, _("Un&plug") if self._plugged else _("&Plug in"))
        tinted(self.plug, "unplug" if self._plugged else "plug", "text")
        self._swap(powered=powered, charging=charging)
        self.present.setEnabled(powered)
        self.car.setEnabled(not charging)
        self.pause_car.setChecked(bool(info.get("ev_paused")))
        self.pause_station.setChecked(bool(info.get("evse_paused")))
        self.clear.setEnabled(
            info.get("error_code", "NoError") != "NoError" or info.get("status") == "Faulted"
        )
        self._lock.setChecked(bool(info.get("lock_broken")))
        self._show_car(str(info.get("vehicle", "")))
        self.current.set_limit(info.get("limit_a"), str(info.get("limit_reason", "")))

    def _swap(self, *, powered: bool, charging: bool) -> None:
        """Either start or stop; the focus goes along, not somewhere else."""
        on, off = (self.stop, self.start) if charging else (self.start, self.stop)
        on.setEnabled(powered)
        if off.hasFocus():
            on.setFocus()
        off.setEnabled(False)

    def _show_car(self, name: str) -> None:
        if self.car.currentText() != name and not self.car.view().isVisible():
            if self.car.findText(name) < 0:
                self.car.addItem(name)
            self.car.setCurrentText(name)

    def show_reading(self, reading: Reading) -> None:
        """Take the live values over."""
        self.current.set_amperes(reading.slider_a)
        self.charge.setEnabled(reading.soc is not None)
        self.charge.setSpecialValueText("" if reading.soc is not None else "–")
        if reading.soc is not None and not self.charge.hasFocus():
            shown = round(reading.soc, 0)
            if shown != self.charge.value():
                with QSignalBlocker(self.charge):
                    self.charge.setValue(shown)
        elif reading.soc is None:
            with QSignalBlocker(self.charge):
                self.charge.setValue(0)

    def add_tags(self, tags: list[str]) -> None:
        """More tags to choose from; what is typed stays."""
        for tag in tags:
            if self.tag.findText(tag) < 0:
                self.tag.addItem(tag)


def _row(grid: QGridLayout, row: int, text: str, field: QWidget, beside: QWidget) -> None:
    label = caption(text)
    label.setBuddy(field)
    grid.addWidget(label, row, 0)
    grid.addWidget(field, row, 1)
    grid.addWidget(beside, row, 2)


def _retext(button: QPushButton, text: str) -> None:
    if button.text() != text:
        button.setText(text)


def _tag_box(tags: list[str]) -> QComboBox:
    box = QComboBox()
    box.setEditable(True)
    box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
    box.addItems(tags)
    line = box.lineEdit()
    assert line is not None
    line.setMaxLength(20)
    box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    box.setMinimumContentsLength(8)
    return box


def _car_box(cars: list[str]) -> QComboBox:
    box = QComboBox()
    box.addItems(cars)
    box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(8)
    return box


def _charge_field() -> QDoubleSpinBox:
    field = QDoubleSpinBox()
    field.setRange(0, 100)
    field.setDecimals(0)
    field.setSuffix(" %")
    field.setKeyboardTracking(False)
    field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return field
