"""The live scope of a connector: what is drawn, offered and allowed, with a flag for each event.

It moves while something in the picture changes with time, one pixel at a step, and rests otherwise: a level line
looks the same a second later.
"""

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QPen, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QButtonGroup, QLabel, QSizePolicy, QToolButton, QWidget

from desktop_sim.ui.kit import card, fill, horizontal, vertical
from desktop_sim.ui.session import Changes, StationSession
from desktop_sim.ui.texts import _
from desktop_sim.ui.theme import theme

if TYPE_CHECKING:
    from desktop_sim.ui.scope_plot import ScopePlot

SPANS: dict[str, float] = {"1m": 60.0, "5m": 300.0, "15m": 900.0}
SHOWN = ("kW", "A", "V", "SoC")


class Scope(QWidget):
    """The plot with its choices. The plot itself is made when it is first seen."""

    def __init__(self, session: StationSession, connector: int) -> None:
        super().__init__()
        self._session = session
        self._connector = connector
        self._plot: ScopePlot | None = None
        self._span = SPANS["1m"]
        self._quantity = "kW"
        self._moving = True
        self.setAccessibleName(_("Power over time"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        frame = card()
        self._inside = vertical(margin=8, gap=4)
        frame.setLayout(self._inside)
        self.setLayout(fill(vertical(), frame))
        self._head_row = self._head()
        self._inside.addLayout(self._head_row)
        self._empty = QWidget()
        self._empty.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._inside.addWidget(self._empty, 1)
        theme().changed.connect(self._recolour)

    def _head(self) -> QBoxLayout:
        row = horizontal(gap=2)
        self._quantities = self._segments(SHOWN, self.show_quantity, _("Show {what}"))
        fill(row, *self._quantities.buttons())
        self._legend = [
            _LegendEntry(_("drawn"), "accent", Qt.PenStyle.SolidLine),
            _LegendEntry(_("offered"), "good", Qt.PenStyle.DashLine),
            _LegendEntry(_("limit"), "warn", Qt.PenStyle.DotLine),
        ]
        row.addSpacing(10)
        for entry in self._legend:
            row.addWidget(entry)
        row.addStretch(1)
        self._spans = self._segments(tuple(SPANS), self.show_span, _("The last {what}"))
        return fill(row, *self._spans.buttons())

    def _segments(self, names: tuple[str, ...], choose: object, hint: str) -> QButtonGroup:
        """A row of buttons of which one is down."""
        group = QButtonGroup(self)
        for name in names:
            button = QToolButton()
            button.setText(name)
            button.setCheckable(True)
            button.setProperty("segment", True)
            button.setToolTip(hint.format(what=name))
            button.setAccessibleName(hint.format(what=name))
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            group.addButton(button)
        group.buttons()[0].setChecked(True)
        group.buttonClicked.connect(lambda button: choose(button.text()))  # type: ignore[operator]
        return group

    # --- choices ---

    def show_quantity(self, name: str) -> None:
        """kW, A, V or SoC."""
        self._quantity = name
        self._show_legend()
        self._redraw()

    def _show_legend(self) -> None:
        """What there is a line of, if there is room for the words."""
        row = self._head_row
        needed = row.sizeHint().width() - sum(
            entry.sizeHint().width() for entry in self._legend if entry.isVisible()
        )
        shown = self._legend if self._quantity in ("kW", "A") else self._legend[:1]
        fits = needed + sum(entry.sizeHint().width() + 4 for entry in shown) <= self.width() - 20
        for entry in self._legend:
            entry.setVisible(fits and entry in shown)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Words only where they have room."""
        super().resizeEvent(event)
        self._show_legend()

    def show_span(self, name: str) -> None:
        """1m, 5m or 15m."""
        self._span = SPANS[name]
        self._redraw()

    @property
    def ready(self) -> bool:
        """Whether the plot was made already."""
        return self._plot is not None

    # --- frames ---

    def on_changes(self, changes: Changes) -> None:
        """A frame of the session."""
        if self.isVisible() and (changes.kinds or self._moving):
            self._draw()

    def _redraw(self) -> None:
        if self._plot is not None:
            self._plot.set_quantity(self._quantity)
            self._plot.set_span(self._span)
            self._draw()

    def _draw(self) -> None:
        plot = self._plot
        if plot is None:
            return
        session, sim = self._session, self._session.sim
        past = session.history(self._connector)
        plot.draw(past.window(sim, self._span), past.flags_in(sim, self._span))
        self._moving = past.moves_in(sim, self._span, plot.columns)
        rate = float(session.info.get("clock", {}).get("rate", 1.0)) or 1.0
        step = max(66, round(1000 / plot.width_of_second / rate))
        session.pump.wish(self, step if self._moving else None)

    def showEvent(self, event: QShowEvent) -> None:
        """The first time the plot is made; a window is on the screen before that."""
        super().showEvent(event)
        QTimer.singleShot(0, self, self.make_plot)

    def make_plot(self) -> None:
        """Make the plot, if there is none yet, and draw."""
        if self._plot is None:
            from desktop_sim.ui.scope_plot import ScopePlot

            self._plot = ScopePlot()
            self._plot.setAccessibleName(self.accessibleName())
            self._inside.replaceWidget(self._empty, self._plot)
            self._empty.deleteLater()
        self._redraw()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks: no wishes."""
        super().hideEvent(event)
        self._session.pump.wish(self, None)

    def sizeHint(self) -> QSize:
        """As much as there is."""
        return QSize(480, 260)

    def minimumSizeHint(self) -> QSize:
        """Still a curve."""
        return QSize(260, 120)

    def _recolour(self) -> None:
        if self._plot is not None:
            self._plot.paint_theme()


class _LegendEntry(QWidget):
    """A short piece of line and a word."""

    def __init__(self, text: str, ink: str, style: Qt.PenStyle) -> None:
        super().__init__()
        self._ink, self._style = ink, style
        row = horizontal(gap=4)
        label = QLabel(text)
        label.setProperty("muted", True)
        row.addSpacing(30)
        self.setLayout(fill(row, label))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The piece of line."""
        painter = QPainter(self)
        painter.setPen(QPen(theme().colour(self._ink), 2, self._style))
        middle = self.height() // 2
        painter.drawLine(6, middle, 26, middle)
        painter.end()
