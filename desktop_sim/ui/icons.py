"""Our own drawings, coloured by the palette in force.

The files are drawn in `currentColor` on a grid of 24 × 24; they take the colour they are asked in. A widget that shows
an icon asks again when `Theme.changed` says so.
"""

import atexit
import tempfile
from functools import cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from desktop_sim.storage.resources import resource

SIZES = (16, 24, 48)
APPLICATION_ICON = "ocpp-desktop-sim"


def icon(name: str, colour: str, disabled: str = "") -> QIcon:
    """The icon in that colour; greyed out it is drawn in `disabled`, if that is given."""
    return _icon(name, colour, disabled)


def pixmap(name: str, colour: str, size: int, ratio: float = 1.0) -> QPixmap:
    """The icon as a picture of `size` points for a screen with that many pixels a point."""
    return _pixmap(name, colour, size, ratio)


def tinted_file(name: str, colour: str) -> str:
    """A file with the icon in that colour, for style sheets, which take nothing else."""
    file = _folder() / f"{name}-{colour.lstrip('#')}.svg"
    if not file.exists():
        file.write_bytes(_source(name, colour))
    return file.as_posix()


def application_icon() -> QIcon:
    """The face of the program, in its own colours."""
    return QIcon(str(resource(f"icons/{APPLICATION_ICON}.svg")))


@cache
def _text(name: str) -> str:
    return resource(f"icons/{name}.svg").read_text(encoding="utf-8")


def _source(name: str, colour: str) -> bytes:
    return _text(name).replace("currentColor", colour).encode()


@cache
def _icon(name: str, colour: str, disabled: str) -> QIcon:
    made = QIcon()
    for size in SIZES:
        made.addPixmap(_pixmap(name, colour, size, 1.0))
        if disabled:
            made.addPixmap(_pixmap(name, disabled, size, 1.0), QIcon.Mode.Disabled)
    return made


@cache
def _pixmap(name: str, colour: str, size: int, ratio: float) -> QPixmap:
    drawn = QPixmap(QSize(round(size * ratio), round(size * ratio)))
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    QSvgRenderer(QByteArray(_source(name, colour))).render(painter, QRectF(drawn.rect()))
    painter.end()
    drawn.setDevicePixelRatio(ratio)
    return drawn


@cache
def _keep() -> "tempfile.TemporaryDirectory[str]":
    folder = tempfile.TemporaryDirectory(prefix="desktop-sim-")
    atexit.register(folder.cleanup)
    return folder


def _folder() -> Path:
    return Path(_keep().name)
