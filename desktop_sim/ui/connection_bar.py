"""The bar at the top: online or not, where to, as whom; the mains."""

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QLineEdit, QSizePolicy, QToolButton, QWidget

from desktop_sim.ui.actions import Actions
from desktop_sim.ui.kit import caption, fill, horizontal, mark, push, tinted, tool
from desktop_sim.ui.session import Changes, StationSession
from desktop_sim.ui.texts import _

RATES = ("1", "2", "5", "10", "60", "600")


def built_in() -> str:
    """How the built-in central system is called in the address field."""
    return _("Built-in central system")


class ConnectionBar(QFrame):
    """Connect stays where it is, whatever the state; the address can be changed at any time."""

    connect_wished = Signal(str, str)
    """Address (empty: the built-in central system) and charge point id."""
    disconnect_wished = Signal()
    rate_wished = Signal(str)

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self.setProperty("bar", True)
        self._session: StationSession | None = None
        self._online = False
        self.button = push(_("Connect"), self.toggle, icon_name="connect", ink="on_accent", primary=True)
        self.address = _address_box()
        self.identity = QLineEdit()
        self.rate = QComboBox()
        self.power = _action_button(actions, "station.power")
        self.restart = _action_button(actions, "station.reboot")
        palette = tool(_("Find a command (Ctrl+K)"), "search", actions["tools.palette"].trigger)
        self._lay_out(palette)
        line = self.address.lineEdit()
        assert line is not None
        line.returnPressed.connect(self._go)
        line.textEdited.connect(self._edited)
        self.address.activated.connect(self._edited)
        self.identity.returnPressed.connect(self._go)
        self.identity.textEdited.connect(self._edited)
        self.rate.activated.connect(lambda: self.rate_wished.emit(self.rate.currentData()))

    def _lay_out(self, palette: QWidget) -> None:
        widest = max(_("Connect"), _("Disconnect"), _("Reconnect"), key=len)
        self.button.setFixedWidth(self.button.fontMetrics().horizontalAdvance(widest) + 62)
        self.identity.setMaxLength(48)
        self.identity.setFixedWidth(self.identity.fontMetrics().horizontalAdvance("M" * 9) + 20)
        self.identity.setPlaceholderText(_("Id"))
        for rate in RATES:
            self.rate.addItem(f"×{rate}", rate)
        self.rate.addItem(_("stop"), "pause")
        for widget, name, hint in (
            (self.button, _("Connect or disconnect"), _("Go online or offline (Ctrl+Return)")),
            (self.address, _("Address of the central system"), _("ws:// or wss://, the id is appended")),
            (self.identity, _("Charge point id"), _("Last part of the address, and who the station is")),
            (self.rate, _("Speed of the clock"), _("Simulated seconds in a real one")),
        ):
            widget.setAccessibleName(name)
            widget.setToolTip(hint)
        row = horizontal(gap=8)
        row.setContentsMargins(10, 7, 10, 7)
        at = caption(_("as"))
        self.setLayout(
            fill(
                row,
                self.button,
                self.address,
                at,
                self.identity,
                self.restart,
                self.power,
                self.rate,
                palette,
            )
        )
        row.setStretch(1, 1)

    # --- what is true ---

    def show_session(self, session: StationSession | None, recent: list[str]) -> None:
        """Follow another station, or none."""
        if self._session is not None:
            self._session.changed.disconnect(self._on_changes)
        self._session = session
        with QSignalBlocker(self.address):
            self.address.clear()
            self.address.addItem(built_in())
            self.address.addItems(recent)
        for widget in (self.button, self.address, self.identity, self.rate):
            widget.setEnabled(session is not None)
        self.setVisible(session is not None)
        if session is not None:
            session.changed.connect(self._on_changes)
            self.show_target()
            self._look()

    def show_target(self) -> None:
        """Take address and id from the profile again."""
        if self._session is None or self._session.document is None:
            return
        profile = self._session.document.profile
        self.address.setEditText(profile.connection.url or built_in())
        self.identity.setText(profile.identity.charge_point_id)
        line = self.address.lineEdit()
        if line is not None:
            line.setCursorPosition(0)  # the beginning of a long address says more than its end
        self._mark(bad=False)
        self._look()

    def refuse(self) -> None:
        """The address or the id cannot be: mark where."""
        self._mark(bad=True)
        self.address.setFocus()

    def _mark(self, *, bad: bool) -> None:
        line = self.address.lineEdit()
        if line is not None:
            mark(line, state="bad" if bad else "")

    def _on_changes(self, changes: Changes) -> None:
        if changes.kinds & {"link", "registration", "status", "fault", "log"}:
            self._look()

    def _look(self) -> None:
        if self._session is None:
            return
        self._online = self._session.link_state != "offline"
        text = _("Disconnect") if self._online else _("Connect")
        if self._online and self._changed():
            text = _("Reconnect")
        if self.button.text() != text:
            self.button.setText(text)
        primary = not self._online or self._changed()
        mark(self.button, primary=primary)
        self.button.setEnabled(self._session.powered)
        tinted(self.button, "connect" if primary else "disconnect", "on_accent" if primary else "text")
        clock = self._session.info.get("clock", {})
        self._show_rate(float(clock.get("rate", 1.0)))

    def _show_rate(self, rate: float) -> None:
        place = self.rate.findData("pause" if rate == 0 else f"{rate:g}")
        if place >= 0 and place != self.rate.currentIndex() and not self.rate.view().isVisible():
            self.rate.setCurrentIndex(place)

    # --- what a person does ---

    @property
    def url(self) -> str:
        """The address as it stands, empty for the built-in central system."""
        text = self.address.currentText().strip()
        return "" if text == built_in() else text

    def _changed(self) -> bool:
        """Whether address or id differ from the profile's."""
        document = None if self._session is None else self._session.document
        if document is None:
            return False
        wanted = (self.url, self.identity.text().strip())
        return wanted != (document.profile.connection.url, document.profile.identity.charge_point_id)

    def _edited(self) -> None:
        self._mark(bad=False)
        self._look()

    def toggle(self) -> None:
        """Connect, with what the fields say; or disconnect."""
        if self._online and not self._changed():
            self.disconnect_wished.emit()
        else:
            self._go()

    def _go(self) -> None:
        self.connect_wished.emit(self.url, self.identity.text().strip())


def _address_box() -> QComboBox:
    box = QComboBox()
    box.setEditable(True)
    box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
    box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    box.setMinimumContentsLength(18)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    return box


def _action_button(actions: Actions, name: str) -> QToolButton:
    """A framed button that is an action."""
    button = QToolButton()
    button.setProperty("framed", True)
    button.setDefaultAction(actions[name])
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    button.setAccessibleName(actions[name].text().replace("&", ""))
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
