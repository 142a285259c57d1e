"""What must hold before Qt is touched: a sound pair of Qt and Python, and a screen that answers.

Qt does not raise here, it aborts the process. So both questions are answered beforehand and without importing it.
"""

import ctypes
import importlib.metadata
import os
import re
import socket
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

_SOUND = "PySide6-Essentials>=6.8,<6.11"

# What Qt loads from the system, and the Debian package that brings it. run_simulator.sh installs the same.
LIBRARIES_ANY: Mapping[str, str] = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libxkbcommon.so.0": "libxkbcommon0",
}
LIBRARIES_X11: Mapping[str, str] = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libX11-xcb.so.1": "libx11-xcb1",
}
LIBRARIES_WAYLAND: Mapping[str, str] = {
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
}


def broken_pair() -> str | None:
    """Why this Qt does not work with this Python, and what to do about it; None when all is well."""
    try:
        installed = importlib.metadata.version("PySide6-Essentials")
    except importlib.metadata.PackageNotFoundError:
        return f'The window needs PySide6, which is not installed here: pip install "{_SOUND}"'
    match = re.match(r"(\d+)\.(\d+)", installed)
    if match is None:
        return None
    qt = (int(match[1]), int(match[2]))
    python = ".".join(map(str, sys.version_info[:2]))
    if qt >= (6, 12) and sys.version_info < (3, 12):
        return (
            f"PySide6 {installed} crashes on Python {python} after some hundred signals: use Python 3.12 or later, "
            f'or put a sound version in its place: pip install "{_SOUND}"'
        )
    if qt >= (6, 11):
        return (
            f"PySide6 {installed} breaks the export of plots as SVG: "
            f'put a sound version in its place: pip install "{_SOUND}"'
        )
    return None


def display_problem(environment: Mapping[str, str] | None = None) -> str | None:
    """Why no window can be shown here; None when one can.

    `QT_QPA_PLATFORM` set to something that draws without a screen counts as a display. Otherwise the X or the
    Wayland socket must really answer, and the libraries Qt needs to speak to it must load.
    """
    env = os.environ if environment is None else environment
    if not sys.platform.startswith(("linux", "freebsd")):
        return None
    # "wayland;xcb:option" asks for the first that works.
    asked = [part.partition(":")[0] for part in env.get("QT_QPA_PLATFORM", "").split(";") if part]
    reasons: list[str] = []
    for platform in asked or ["wayland", "xcb"]:
        if platform.startswith("wayland"):
            problem = _wayland_problem(env) or _missing(LIBRARIES_ANY, LIBRARIES_WAYLAND)
        elif platform == "xcb":
            problem = _x11_problem(env)
            if env.get("DISPLAY"):
                problem = _missing(LIBRARIES_ANY, LIBRARIES_X11) or problem
        else:
            problem = _missing(LIBRARIES_ANY)
        if problem is None:
            return None
        if problem not in reasons:
            reasons.append(problem)
    reasons = [reason for reason in reasons if reason not in (_NO_X11, _NO_WAYLAND)] or reasons
    if not asked and reasons == [_NO_WAYLAND, _NO_X11]:
        return "there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)"
    return "; ".join(reasons)


_NO_X11 = "DISPLAY is not set"
_NO_WAYLAND = "WAYLAND_DISPLAY is not set"
_PATIENCE = 2.0  # seconds for the socket of a screen


def _x11_problem(env: Mapping[str, str]) -> str | None:
    display = env.get("DISPLAY", "")
    if not display:
        return _NO_X11
    match = re.fullmatch(
        r"(?:(?P<path>/.*)|(?:(?P<scheme>\w+)/)?(?P<host>.*)):(?P<number>\d+)(?:\.\d+)?", display
    )
    if match is None:
        return f"DISPLAY={display} is not the name of a display"
    number, host = int(match["number"]), match["host"] or ""
    silent = f"the X display {display} does not answer"
    if match["path"]:
        local = [f"{match['path']}:{number}"]
    elif host in ("", "unix") or match["scheme"] == "unix":
        # Linux servers listen on an abstract name too, which needs no folder in /tmp.
        local = [f"/tmp/.X11-unix/X{number}", f"\0/tmp/.X11-unix/X{number}"]
    else:
        local = []
        if not _answers_tcp(host.strip("[]"), 6000 + number):  # its own library would wait for minutes
            return silent
    if _lets_in(display):
        return None
    if local and not any(map(_answers_unix, local)):
        return silent
    return f"the X display {display} does not let this user in (xauth)"


_held: list[int] = []  # connections to X servers


def _lets_in(display: str) -> bool:
    """Asks the server through its own library, which knows of cookies and transports.

    The connection stays open: a server whose last client leaves starts over, as the one of xvfb-run does, and Qt, which
    comes next, would be turned away meanwhile.
    """
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return False
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connect.argtypes = [ctypes.c_char_p, ctypes.c_void_p]
    xcb.xcb_connection_has_error.argtypes = [ctypes.c_void_p]
    xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(display.encode(), None)
    if xcb.xcb_connection_has_error(connection):
        xcb.xcb_disconnect(connection)
        return False
    _held.append(connection)
    return True


def _wayland_problem(env: Mapping[str, str]) -> str | None:
    display = env.get("WAYLAND_DISPLAY", "")
    if not display:
        return _NO_WAYLAND
    if not os.path.isabs(display):
        display = str(Path(env.get("XDG_RUNTIME_DIR", "") or "/nonexistent") / display)
    return None if _answers_unix(display) else f"the Wayland display {display} does not answer"


def _answers_unix(name: str) -> bool:
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
            probe.settimeout(_PATIENCE)
            probe.connect(name)
    except (OSError, ValueError):
        return False
    return True


def _answers_tcp(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host, port), timeout=_PATIENCE):
            return True
    except (OSError, ValueError):
        return False


def _missing(*groups: Mapping[str, str]) -> str | None:
    missing = [
        (library, package) for group in groups for library, package in group.items() if not _loads(library)
    ]
    if not missing:
        return None
    return (
        f"Qt needs system libraries that are missing ({_list(library for library, _ in missing)}); "
        f"on Debian and Ubuntu: apt-get install {' '.join(package for _, package in missing)}"
    )


def _list(words: Iterable[str]) -> str:
    return ", ".join(words)


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
