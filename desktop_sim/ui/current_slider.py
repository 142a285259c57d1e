"""The current the car asks for: a slider in tenths of an ampere, a field for the exact value, a mark at the limit."""

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSignalBlocker, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF, QWheelEvent
from PySide6.QtWidgets import QDoubleSpinBox, QLabel, QSizePolicy, QSlider, QWidget

from desktop_sim.ui.kit import caption, fill, horizontal, vertical
from desktop_sim.ui.texts import _, amperes, number
from desktop_sim.ui.theme import scaled_font, theme

TENTHS = 10
HANDLE = 9
GROOVE = 5
SEND_MS = 60
"""While the handle is dragged a value is passed on this often."""


class TenthSlider(QSlider):
    """A slider that counts tenths. Arrows move it by 0.1, with Shift by 1; the wheel only when it has the focus."""

    defaulted = Signal()

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._limit: float | None = None
        self._labels = scaled_font(0.85)
        self.setRange(0, 320)
        self.setPageStep(20)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_limit(self, limit: float | None) -> None:
        """Where the station's limit is, in amperes."""
        if limit != self._limit:
            self._limit = limit
            self.update()

    def sizeHint(self) -> QSize:
        """The handle, and the scale below it."""
        return QSize(200, 2 * HANDLE + 8 + self.fontMetrics().height())

    minimumSizeHint = sizeHint

    # --- geometry ---

    def _left(self) -> int:
        return HANDLE + 2

    def _x(self, value: float) -> float:
        span = max(1, self.maximum() - self.minimum())
        return self._left() + (self.width() - 2 * self._left()) * (value - self.minimum()) / span

    def _value_at(self, point: QPoint) -> int:
        span = self.maximum() - self.minimum()
        share = (point.x() - self._left()) / max(1, self.width() - 2 * self._left())
        return self.minimum() + round(min(1.0, max(0.0, share)) * span)

    # --- hands ---

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The handle comes to where one clicks."""
        if event.button() is Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self.setValue(self._value_at(event.position().toPoint()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """And follows."""
        if self.isSliderDown():
            self.setValue(self._value_at(event.position().toPoint()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Until it is let go."""
        if event.button() is Qt.MouseButton.LeftButton:
            self.setSliderDown(False)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Back to the value of the profile."""
        self.setSliderDown(False)
        self.defaulted.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Half an ampere a notch, and only here if one meant it."""
        if not self.hasFocus():
            event.ignore()
            return
        self.setValue(self.value() + (5 if event.angleDelta().y() > 0 else -5))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows: a tenth, with Shift a whole ampere."""
        steps = {
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: 1,
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Down: -1,
        }.get(Qt.Key(event.key()))
        if steps is None:
            super().keyPressEvent(event)
            return
        many = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        self.setValue(self.value() + steps * (TENTHS if many else 1))

    def changeEvent(self, event: QEvent) -> None:
        """Greyed out is painted, too."""
        super().changeEvent(event)
        self.update()

    # --- picture ---

    def paintEvent(self, event: QPaintEvent) -> None:
        """Groove, what is asked for, what is beyond the limit, scale, handle."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = HANDLE + 2.0
        self._paint_groove(painter, middle)
        self._paint_scale(painter, middle)
        self._paint_limit(painter, middle)
        self._paint_handle(painter, middle)
        painter.end()

    def _paint_groove(self, painter: QPainter, middle: float) -> None:
        ink = "accent" if self.isEnabled() else "disabled"
        left, right, here = self._x(self.minimum()), self._x(self.maximum()), self._x(self.value())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().colour("border"))
        painter.drawRoundedRect(QRectF(left, middle - GROOVE / 2, right - left, GROOVE), 2.5, 2.5)
        painter.setBrush(theme().colour(ink))
        painter.drawRoundedRect(QRectF(left, middle - GROOVE / 2, here - left, GROOVE), 2.5, 2.5)
        if self._limit is None:
            return
        stop = self._x(self._limit * TENTHS)
        if stop < here:  # more is asked for than the station gives
            painter.setBrush(theme().colour("warn"))
            painter.drawRect(QRectF(stop, middle - GROOVE / 2, here - stop, GROOVE))

    def _paint_scale(self, painter: QPainter, middle: float) -> None:
        painter.setFont(self._labels)
        painter.setPen(theme().colour("muted"))
        top = round(middle + HANDLE + 3)
        for value in scale_marks(self.maximum() / TENTHS):
            text = number(value)
            width = painter.fontMetrics().horizontalAdvance(text)
            x = min(max(0.0, self._x(value * TENTHS) - width / 2), self.width() - width)
            painter.drawText(QPointF(x, top + painter.fontMetrics().ascent()), text)

    def _paint_limit(self, painter: QPainter, middle: float) -> None:
        if self._limit is None or not self.minimum() <= self._limit * TENTHS <= self.maximum():
            return
        x = self._x(self._limit * TENTHS)
        painter.setPen(QPen(theme().colour("warn"), 2))
        painter.drawLine(QPointF(x, middle - HANDLE + 1), QPointF(x, middle + HANDLE))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().colour("warn"))
        below = middle + HANDLE + 2
        painter.drawPolygon(
            QPolygonF([QPointF(x, below - 5), QPointF(x - 4, below + 1), QPointF(x + 4, below + 1)])
        )

    def _paint_handle(self, painter: QPainter, middle: float) -> None:
        tokens = theme()
        ink = tokens.colour("accent" if self.isEnabled() else "disabled")
        centre = QPointF(self._x(self.value()), middle)
        if self.hasFocus():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(tokens.colour("selection"))
            painter.drawEllipse(centre, HANDLE + 2, HANDLE + 2)
        painter.setPen(QPen(ink, 2))
        painter.setBrush(tokens.colour("surface"))
        painter.drawEllipse(centre, HANDLE - 1.5, HANDLE - 1.5)


class CurrentSlider(QWidget):
    """The slider with its field. `asked` brings amperes per phase whenever a person chose others."""

    asked = Signal(float)

    def __init__(self, *, maximum: float, default: float) -> None:
        super().__init__()
        self._default = default
        self._sent: float | None = None
        self.slider = TenthSlider()
        self.slider.setRange(0, round(maximum * TENTHS))
        self.field = QDoubleSpinBox()
        self._limit_text = caption("")
        self._limit_text.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(SEND_MS)
        self._pause.timeout.connect(self._send)
        self._lay_out(maximum)
        self.set_amperes(default)

    def _lay_out(self, maximum: float) -> None:
        label = QLabel(_("C&urrent"))
        label.setBuddy(self.field)
        hint = _("Amperes per phase the car asks for, 0 to {most} (arrows 0.1 A, with Shift 1 A)").format(
            most=amperes(maximum)
        )
        for widget in (self.slider, self.field):
            widget.setToolTip(hint)
            widget.setAccessibleName(_("Current asked for, amperes per phase"))
        self.field.setRange(0, maximum)
        self.field.setDecimals(1)
        self.field.setSingleStep(0.1)
        self.field.setSuffix(" A")
        self.field.setKeyboardTracking(False)
        self.field.setFixedWidth(self.field.fontMetrics().horizontalAdvance("888.8 A") + 44)
        self.field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        row = fill(horizontal(), label, self._limit_text, self.field)
        row.setStretch(1, 1)
        self.setLayout(fill(vertical(gap=4), row, self.slider))
        self.slider.valueChanged.connect(self._slid)
        self.slider.sliderReleased.connect(self._send)
        self.slider.defaulted.connect(lambda: self._choose(self._default))
        self.field.valueChanged.connect(self._typed)

    @property
    def amperes(self) -> float:
        """What the slider says."""
        return self.slider.value() / TENTHS

    def set_amperes(self, value: float) -> None:
        """Show what the station knows; a hand on the slider or in the field has precedence."""
        if self.slider.isSliderDown() or self._pause.isActive() or self._typing():
            return
        self._show(value)
        self._sent = value

    def set_limit(self, limit: float | None, reason: str = "") -> None:
        """Show what the station gives at most, and why."""
        self.slider.set_limit(limit)
        text = "" if limit is None else _("limit {limit}").format(limit=amperes(limit))
        if text != self._limit_text.text():
            self._limit_text.setText(text)
        if reason != self._limit_text.toolTip():
            self._limit_text.setToolTip(reason)

    def _typing(self) -> bool:
        line = self.field.lineEdit()
        return self.field.hasFocus() and line.isModified()

    def _choose(self, value: float) -> None:
        self._show(value)
        self._send()

    def _show(self, value: float) -> None:
        with QSignalBlocker(self.slider), QSignalBlocker(self.field):
            self.slider.setValue(round(value * TENTHS))
            self.field.setValue(value)
        self.slider.update()

    def _slid(self, tenths: int) -> None:
        with QSignalBlocker(self.field):
            self.field.setValue(tenths / TENTHS)
        if not self._pause.isActive():
            self._pause.start()

    def _typed(self, value: float) -> None:
        with QSignalBlocker(self.slider):
            self.slider.setValue(round(value * TENTHS))
        self.slider.update()
        self._send()

    def _send(self) -> None:
        self._pause.stop()
        if self.amperes != self._sent:
            self._sent = self.amperes
            self.asked.emit(self.amperes)


def scale_marks(maximum: float) -> list[float]:
    """Numbers for the scale: four to six of them, round, the ends included."""
    step = next((step for step in (1, 2, 4, 5, 8, 10, 16, 20, 25, 50, 100, 125) if maximum / step <= 5), 250)
    marks = [float(step * place) for place in range(int(maximum / step) + 1)]
    if maximum - marks[-1] < step * 0.4:
        marks.pop()
    return [*marks, maximum]
