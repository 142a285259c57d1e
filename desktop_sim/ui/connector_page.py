"""One connector: its status, its controls, its readings and its scope."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QSizePolicy, QWidget

from desktop_sim.storage.vehicles import vehicle_library
from desktop_sim.ui.controls import Controls
from desktop_sim.ui.kit import GAP, card, fill, horizontal, vertical
from desktop_sim.ui.lcd import LcdBar, tiles
from desktop_sim.ui.scope import Scope
from desktop_sim.ui.session import Changes, StationSession
from desktop_sim.ui.state_badge import StateBadge
from desktop_sim.ui.texts import _, amperes, duration

LEFT_WIDTH = 324
WIDEST = 440
"""So wide the left side may become for long words."""
SCROLL_BAR = 14
COUNT_MS = 250
"""While energy flows the digits count this often."""

SECOND = 1_000_000


class ConnectorPage(QWidget):
    """Left what one does, right what one sees."""

    acted = Signal(object)
    """A command a person gave."""

    def __init__(self, session: StationSession, number: int) -> None:
        super().__init__()
        self.number = number
        self._session = session
        profile = session.port.profile
        made_of = profile.connectors[number - 1]
        cars = [*(car.name for car in profile.vehicles), *vehicle_library()]
        self.badge = StateBadge()
        self.lcd = LcdBar()
        self.scope = Scope(session, number)
        self.controls = Controls(
            number,
            most=made_of.max_amperes,
            default=made_of.slider_amperes,
            tags=list(profile.tags),
            cars=list(dict.fromkeys(cars)),
        )
        self.controls.acted.connect(self.acted)
        self._story = QLabel()
        self._story.setProperty("muted", True)
        self._story.setTextFormat(Qt.TextFormat.PlainText)
        self._story.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._lay_out()
        session.changed.connect(self._on_changes)

    def _lay_out(self) -> None:
        inside = QWidget()
        inside.setLayout(fill(vertical(margin=10, gap=10), self.badge, self._story, self.controls, 1))
        scroll = QScrollArea()
        scroll.setWidget(inside)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside.setAutoFillBackground(False)
        scroll.viewport().setAutoFillBackground(False)
        left = card()
        left.setLayout(fill(vertical(margin=1), scroll))
        wanted = inside.minimumSizeHint().width() + SCROLL_BAR
        left.setFixedWidth(min(max(LEFT_WIDTH, wanted), WIDEST))
        right = fill(vertical(gap=GAP), self.lcd, self.scope)
        right.setStretch(1, 1)
        self.setLayout(fill(horizontal(margin=GAP, gap=GAP), left, right))

    # --- frames ---

    def _on_changes(self, changes: Changes) -> None:
        if not self.isVisible():
            return
        if changes.concerns(self.number):
            self._show_state()
        self._show_reading()
        self.scope.on_changes(changes)

    def showEvent(self, event: QShowEvent) -> None:
        """Come into sight: everything may have changed."""
        super().showEvent(event)
        self.refresh()

    def refresh(self) -> None:
        """Show what is true now."""
        self._show_state()
        self._show_reading()

    def _show_state(self) -> None:
        info = self._session.connector(self.number)
        if not info:
            return
        powered = self._session.powered
        self.badge.show_status(*self._status())
        self.controls.show_state(info, powered=powered)

    def _status(self) -> tuple[str, str]:
        """The status to show, and what to say about it."""
        info = self._session.connector(self.number)
        if not self._session.powered:
            return _("No power"), _("The mains is cut")
        status, note = str(info["status"]), ""
        if "reported" in info and info["reported"] != status:
            note = _("reported by hand: {status}").format(status=info["reported"])
        elif info.get("info") or info.get("error_code", "NoError") != "NoError":
            note = " · ".join(part for part in (info.get("error_code"), info.get("info")) if part)
        elif status == "Preparing":
            plugged = info.get("plugged", {}).get("vehicle")
            if info.get("granted"):
                note = _("Tag accepted: plug in the car") if not plugged else ""
            elif plugged:
                note = _("Plugged in: present a tag")
        return status, note

    def _show_reading(self) -> None:
        reading = self._session.readings.get(self.number)
        if reading is None:
            return
        self.controls.show_reading(reading)
        amps, volts = max(reading.milliamps, default=0) / 1000, max(reading.millivolts, default=0) / 1000
        energy = reading.session_wh if reading.session_wh is not None else None
        self.lcd.show_tiles(tiles(reading.milliwatts / 1e6 * 1000, energy, amps, volts, reading.soc))
        self._session.pump.wish(self, COUNT_MS if reading.milliwatts else None)
        self._tell_story(reading.sim, reading.decided_by, flowing=reading.milliwatts > 0)

    def _tell_story(self, sim: int, decided_by: str, *, flowing: bool) -> None:
        """One line below the badge: the transaction, or what the meter says."""
        info = self._session.connector(self.number)
        transaction = info.get("transaction")
        if transaction:
            name = transaction["id"] if transaction["id"] is not None else "…"
            parts = [
                _("Transaction {name}").format(name=name),
                str(transaction["id_tag"]),
                duration((sim - int(transaction["start"])) / SECOND),
            ]
        else:
            parts = [_("Meter {wh} Wh").format(wh=info.get("meter_wh", 0))]
        text = " · ".join(parts)
        if text != self._story.text():
            self._story.setText(text)
        hint = decision(decided_by, info.get("limit_a")) if flowing else ""
        if hint != self._story.toolTip():
            self._story.setToolTip(hint)


def decision(decided_by: str, limit: float | None) -> str:
    """What keeps the car from drawing more."""
    sentence = {
        "slider": _("The slider decides how much flows"),
        "vehicle": _("The car takes no more"),
        "soc": _("The battery takes no more at this state of charge"),
        "cable": _("The cable carries no more"),
        "connector": _("The connector carries no more"),
        "offer": _("The station offers no more"),
        "supply": _("The supply gives no more"),
    }.get(decided_by, "")
    return (
        f"{sentence} ({amperes(limit)})"
        if sentence and limit is not None and decided_by == "offer"
        else sentence
    )
