"""The big readings: power, energy, current, voltage, state of charge, in digits that stand still."""

from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop_sim.ui.texts import _, number
from desktop_sim.ui.theme import scaled_font, theme

RADIUS = 8
PAD = 12
DASH = "–"


@dataclass(frozen=True, slots=True)
class Tile:
    """One reading: what it is called, its digits, its unit."""

    caption: str
    value: str
    unit: str


def tiles(watts: float, energy_wh: float | None, amps: float, volts: float, soc: float | None) -> list[Tile]:
    """The five readings, in kW, kWh, A, V and %."""
    return [
        Tile(_("Power"), number(watts / 1000, 2), "kW"),
        Tile(_("Energy"), DASH if energy_wh is None else number(energy_wh / 1000, 3), "kWh"),
        Tile(_("Current"), number(amps, 1), "A"),
        Tile(_("Voltage"), number(volts, 0), "V"),
        Tile(_("Charge"), DASH if soc is None else number(soc, 1), "%"),
    ]


class LcdBar(QWidget):
    """Painted, not laid out: a number that counts repaints its own tile and moves nothing."""

    def __init__(self) -> None:
        super().__init__()
        self._tiles = tiles(0, None, 0, 0, None)
        self._caption = scaled_font(0.88)
        self._unit = scaled_font(1.0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(_("Readings"))

    def show_tiles(self, shown: list[Tile]) -> None:
        """Show these readings; only what changed is painted."""
        if shown == self._tiles:
            return
        before, self._tiles = self._tiles, shown
        if len(before) != len(shown):
            self.update()
            return
        for place, (old, new) in enumerate(zip(before, shown, strict=True)):
            if old != new:
                self.update(self._place(place))

    def spoken(self) -> str:
        """The readings as a sentence, for screen readers and the clipboard."""
        return ", ".join(f"{tile.caption} {tile.value} {tile.unit}" for tile in self._tiles)

    def sizeHint(self) -> QSize:
        """A caption above a big number."""
        height = QFontMetrics(self._caption).height() + QFontMetrics(scaled_font(2.0)).height()
        return QSize(480, height + 2 * PAD - 6)

    def minimumSizeHint(self) -> QSize:
        """Small enough for the narrowest window; the digits shrink."""
        return QSize(320, self.sizeHint().height())

    def _place(self, index: int) -> QRect:
        left = round(self.width() * index / len(self._tiles))
        right = round(self.width() * (index + 1) / len(self._tiles))
        return QRect(left, 0, right - left, self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """A card with a tile for each reading."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme().colour("border"), 1))
        painter.setBrush(theme().colour("surface"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
        digits = self._digits()
        for index, tile in enumerate(self._tiles):
            place = self._place(index)
            if event.rect().intersects(place):
                self._paint_tile(painter, place, tile, digits, first=index == 0)
        painter.end()

    def _digits(self) -> QFont:
        """The largest font in which every tile finds room."""
        room = self.width() / len(self._tiles) - 2 * PAD + 4
        for factor in (2.0, 1.7, 1.45, 1.2):
            font = scaled_font(factor, bold=factor < 1.6, tabular=True)
            widest = max(
                QFontMetrics(font).horizontalAdvance(tile.value)
                + QFontMetrics(self._unit).horizontalAdvance(f" {tile.unit}")
                for tile in self._tiles
            )
            if widest <= room:
                return font
        return scaled_font(1.0, bold=True, tabular=True)

    def _paint_tile(self, painter: QPainter, place: QRect, tile: Tile, digits: QFont, *, first: bool) -> None:
        if not first:
            painter.setPen(QPen(theme().colour("border"), 1))
            painter.drawLine(place.left(), PAD, place.left(), place.bottom() - PAD + 1)
        inside = place.adjusted(PAD, PAD - 3, -4, -(PAD - 3))
        painter.setFont(self._caption)
        painter.setPen(theme().colour("muted"))
        painter.drawText(inside, Qt.AlignmentFlag.AlignTop, tile.caption)
        baseline = inside.bottom() - QFontMetrics(digits).descent()
        painter.setFont(digits)
        painter.setPen(theme().colour("text"))
        painter.drawText(inside.left(), baseline, tile.value)
        left = inside.left() + QFontMetrics(digits).horizontalAdvance(f"{tile.value}") + 5
        painter.setFont(self._unit)
        painter.setPen(theme().colour("muted"))
        painter.drawText(left, baseline, tile.unit)
