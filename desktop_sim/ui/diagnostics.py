"""What helps to understand a report: versions, platform, screen. No address, no tag, no secret."""

import platform
import sys
from importlib.metadata import PackageNotFoundError, version

from PySide6.QtCore import qVersion
from PySide6.QtGui import QGuiApplication

from desktop_sim import __version__

PACKAGES = ("PySide6-Essentials", "qasync", "pyqtgraph", "numpy", "websockets", "msgspec")


def diagnostics() -> str:
    """One fact a line."""
    screen = QGuiApplication.primaryScreen()
    size = "none"
    if screen is not None:
        shape = screen.size()
        size = f"{shape.width()}×{shape.height()} at {screen.devicePixelRatio():g}"
    lines = [
        f"ocpp-desktop-sim {__version__}",
        f"Python {platform.python_version()} ({sys.platform}, {platform.machine()})",
        f"Qt {qVersion()} on {QGuiApplication.platformName()}, screen {size}",
        ", ".join(f"{name} {_version(name)}" for name in PACKAGES),
    ]
    return "\n".join(lines)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "?"
