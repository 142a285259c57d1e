"""The drawing of the scope: curves, grid, axes and flags. Imports pyqtgraph, so it is itself imported late.

Paint rules (measured): a fixed x range with shifted data, no grid of pyqtgraph's, lines of one pixel where they are
smooth, nothing recomputed that is not seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from desktop_sim.ui import history as h
from desktop_sim.ui.history import Flag, Floats
from desktop_sim.ui.texts import _, number
from desktop_sim.ui.theme import Tokens, scaled_font, theme

ROWS = 3
"""Words of flags stand in so many rows before one is left out."""

pg.setConfigOptions(antialias=True, useOpenGL=False)


@dataclass(frozen=True, slots=True)
class Quantity:
    """What the scope shows: columns of the history, a factor, digits, and the least height of the axis."""

    key: str
    unit: str
    drawn: int
    offered: int | None
    limit: int | None
    factor: float
    least: float
    digits: int = 0


QUANTITIES: dict[str, Quantity] = {
    "kW": Quantity("kW", "kW", h.WATTS, h.OFFERED_W, h.LIMIT_W, 0.001, 1.0),
    "A": Quantity("A", "A", h.AMPERES, h.OFFERED_A, h.LIMIT_A, 1.0, 8.0),
    "V": Quantity("V", "V", h.VOLTS, None, None, 1.0, 250.0),
    "SoC": Quantity("SoC", "%", h.SOC, None, None, 1.0, 100.0),
}


class ScopePlot(pg.PlotWidget):
    """One plot, the time from −span to now. It is told when to draw; it never asks."""

    def __init__(self) -> None:
        super().__init__()
        self._span = 60.0
        self._quantity = QUANTITIES["kW"]
        self._top = 0.0
        item = self.getPlotItem()
        item.setMenuEnabled(False)
        item.hideButtons()
        item.setMouseEnabled(x=False, y=False)
        item.disableAutoRange()
        item.setContentsMargins(0, 4, 16, 0)
        self._grid = _Grid()
        self._flags = _Flags()
        self._limit = pg.PlotCurveItem(skipFiniteCheck=True)
        self._offered = pg.PlotCurveItem(skipFiniteCheck=True)
        self._drawn = pg.PlotCurveItem(skipFiniteCheck=True)
        for depth, part in enumerate((self._grid, self._drawn, self._offered, self._limit, self._flags)):
            part.setZValue(depth)
            item.addItem(part, ignoreBounds=True)
        for side in ("left", "bottom"):
            axis = item.getAxis(side)
            axis.setStyle(tickLength=0, autoExpandTextSpace=False, hideOverlappingLabels=False)
            axis.setTickFont(scaled_font(0.85))
        self.setFrameShape(pg.PlotWidget.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setViewportUpdateMode(pg.PlotWidget.ViewportUpdateMode.FullViewportUpdate)
        self.paint_theme()
        self._fit(0.0)

    # --- how it looks ---

    def paint_theme(self) -> None:
        """Take the colours in force."""
        tokens = theme().tokens
        self.setBackground(tokens.surface)
        item = self.getPlotItem()
        for side in ("left", "bottom"):
            axis = item.getAxis(side)
            axis.setPen(pg.mkPen(tokens.border))
            axis.setTextPen(pg.mkPen(tokens.muted))
        soft = QColor(tokens.accent)
        soft.setAlphaF(0.16)
        self._drawn.setPen(pg.mkPen(tokens.accent, width=1.4))
        self._drawn.setBrush(pg.mkBrush(soft))
        self._drawn.setFillLevel(0.0)
        self._offered.setPen(pg.mkPen(tokens.good, width=1, style=Qt.PenStyle.DashLine))
        self._limit.setPen(pg.mkPen(tokens.warn, width=1, style=Qt.PenStyle.DotLine))
        self._grid.pen = pg.mkPen(tokens.grid, width=1)
        self._flags.tokens = tokens
        self.update()

    def set_span(self, seconds: float) -> None:
        """How far back the picture goes."""
        self._span = seconds
        self._fit(self._top, anew=True)

    def set_quantity(self, key: str) -> None:
        """What is drawn."""
        self._quantity = QUANTITIES[key]
        self._top = 0.0
        self._offered.setVisible(self._quantity.offered is not None)
        self._limit.setVisible(self._quantity.limit is not None)

    # --- what it shows ---

    def draw(self, rows: Floats, flags: Sequence[tuple[float, Flag]]) -> None:
        """Draw these rows (times counted back from now) and flags."""
        quantity = self._quantity
        times = rows[:, h.TIME]
        drawn = rows[:, quantity.drawn] * quantity.factor
        highest = _highest(drawn)
        self._drawn.setData(times, drawn, connect="finite" if quantity.drawn == h.SOC else "all")
        for column, curve in ((quantity.offered, self._offered), (quantity.limit, self._limit)):
            if column is not None:
                values = rows[:, column] * quantity.factor
                highest = max(highest, _highest(values))
                curve.setData(times, values)
        self._fit(highest)
        self._flags.put(flags)

    def _fit(self, highest: float, *, anew: bool = False) -> None:
        """A calm axis: its top is a round number and only moves when it must."""
        top = max(self._quantity.least, round_up(highest * 1.06))
        if top == self._top and not anew:
            return
        self._top = top
        item = self.getPlotItem()
        item.setRange(xRange=(-self._span, 0), yRange=(0, top), padding=0, disableAutoRange=True)
        marks = [place * top / 4 for place in range(5)]
        digits = 0 if all(mark == int(mark) for mark in marks) else (1 if top >= 2 else 2)
        item.getAxis("left").setTicks([[(mark, number(mark, digits)) for mark in marks]])
        widest = max(len(number(mark, digits)) for mark in marks)
        item.getAxis("left").setWidth(14 + round(self.fontMetrics().horizontalAdvance("0") * widest * 0.9))
        times = [-self._span * place / 6 for place in range(7)]
        item.getAxis("bottom").setTicks([[(moment, _ago(moment)) for moment in times]])
        item.getAxis("bottom").setHeight(round(self.fontMetrics().height() * 1.35))
        self._grid.put(times[1:-1], marks)

    @property
    def columns(self) -> list[int]:
        """The columns of the history that are drawn now."""
        quantity = self._quantity
        return [column for column in (quantity.drawn, quantity.offered, quantity.limit) if column is not None]

    @property
    def width_of_second(self) -> float:
        """Pixels a second takes."""
        return max(1.0, float(self.getPlotItem().getViewBox().width())) / self._span


def _ago(moment: float) -> str:
    if moment == 0:
        return _("now")
    seconds = round(-moment)
    return f"−{seconds // 60}:{seconds % 60:02}" if seconds >= 120 else f"−{seconds} s"


def _highest(values: Floats) -> float:
    finite = values[values == values]
    return float(finite.max()) if len(finite) else 0.0


def round_up(value: float) -> float:
    """The next of 1, 2, 4, 8 and their decades and halves, so that a quarter of it is a round number, too."""
    if value <= 0:
        return 0.0
    decade = 1.0
    while decade * 10 <= value:
        decade *= 10
    while decade > value:
        decade /= 10
    return next(step * decade for step in (1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8, 10) if step * decade >= value)


class _Item(pg.GraphicsObject):
    """Something drawn over the whole plot, by its own hand."""

    def boundingRect(self) -> QRectF:
        box = self.getViewBox()
        return QRectF() if box is None else QRectF(box.viewRect())

    def viewRangeChanged(self, *_arguments: Any) -> None:
        self.prepareGeometryChange()


class _Grid(_Item):
    """Hairlines at the marks of both axes."""

    def __init__(self) -> None:
        super().__init__()
        self.pen = QPen()
        self._times: Sequence[float] = ()
        self._marks: Sequence[float] = ()

    def put(self, times: Sequence[float], marks: Sequence[float]) -> None:
        """Where the lines are."""
        self._times, self._marks = times, marks
        self.update()

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Straight lines, without smoothing."""
        view = self.boundingRect()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(self.pen)
        for mark in self._marks:
            painter.drawLine(QPointF(view.left(), mark), QPointF(view.right(), mark))
        for moment in self._times:
            painter.drawLine(QPointF(moment, view.top()), QPointF(moment, view.bottom()))


class _Flags(_Item):
    """A thin line and a word for each event; a word that has no room is left out, its line is not."""

    def __init__(self) -> None:
        super().__init__()
        self.tokens: Tokens = theme().tokens
        self._flags: Sequence[tuple[float, Flag]] = ()
        self._font: QFont = scaled_font(0.8)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)

    def put(self, flags: Sequence[tuple[float, Flag]]) -> None:
        """Which events, and when."""
        if flags or self._flags:
            self._flags = flags
            self.update()

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """In pixels, so that words are not stretched."""
        view, transform = self.boundingRect(), painter.transform()
        painter.resetTransform()
        painter.setFont(self._font)
        box = transform.mapRect(view)
        places = [(round(transform.map(QPointF(moment, 0)).x()) + 0.5, flag) for moment, flag in self._flags]
        for x, flag in places:
            self._paint_mark(painter, box, x, QColor(getattr(self.tokens, flag.ink)))
        self._paint_words(painter, box, places)
        painter.setTransform(transform)

    def _paint_words(self, painter: QPainter, box: QRectF, places: list[tuple[float, Flag]]) -> None:
        """Each word in the first row where it meets no other word, and in the topmost no other mark."""
        free_from = [box.left() - 1e6] * ROWS
        metrics = painter.fontMetrics()
        ground = QColor(self.tokens.surface)
        ground.setAlphaF(0.85)
        for place, (x, flag) in enumerate(places):
            text = metrics.elidedText(flag.text, Qt.TextElideMode.ElideRight, 190)
            width = metrics.horizontalAdvance(text)
            left = x + 10 if x + 10 + width <= box.right() else x - 4 - width
            crossed = any(left - 8 < other < left + width for other, _flag in places[place + 1 :])
            rows = range(1 if crossed else 0, ROWS)
            row = next((row for row in rows if left > free_from[row]), None)
            if row is None:
                continue
            top = box.top() + 1 + metrics.height() * row
            painter.setPen(Qt.PenStyle.NoPen)
            painter.fillRect(QRectF(left - 1, top, width + 2, metrics.height() - 2), ground)
            painter.setPen(QColor(getattr(self.tokens, flag.ink)))
            painter.drawText(QPointF(left, top + metrics.ascent() - 1), text)
            free_from[row] = max(x, left + width) + 6

    def _paint_mark(self, painter: QPainter, box: QRectF, x: float, ink: QColor) -> None:
        painter.setPen(QPen(ink, 1, Qt.PenStyle.DotLine))
        painter.drawLine(QPointF(x, box.top() + 4), QPointF(x, box.bottom()))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        top = box.top() + 1
        painter.drawPolygon(QPolygonF([QPointF(x, top), QPointF(x + 7, top + 4), QPointF(x, top + 8)]))
