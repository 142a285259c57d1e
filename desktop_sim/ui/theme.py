"""Colours: two palettes of our own, light and dark, and one accent.

Fusion is drawn from the palette and from a style sheet made of the same tokens. The system says which of the two it
prefers; a person may overrule it. Every text keeps a contrast of 4.5 to the ground it stands on, which a test holds.
"""

from dataclasses import dataclass, fields
from enum import StrEnum

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory


@dataclass(frozen=True, slots=True)
class Tokens:
    """Every colour of one palette, by what it is for."""

    name: str
    window: str
    surface: str
    sunken: str
    hover: str
    border: str
    outline: str
    """Edges of things one can act on: contrast 3 to the surface."""
    text: str
    muted: str
    disabled: str
    accent: str
    accent_hover: str
    accent_pressed: str
    accent_soft: str
    on_accent: str
    selection: str
    good: str
    good_soft: str
    warn: str
    warn_soft: str
    bad: str
    bad_soft: str
    calm: str
    calm_soft: str
    grid: str


LIGHT = Tokens(
    name="light",
    window="#F3F5F7",
    surface="#FFFFFF",
    sunken="#E9EDF1",
    hover="#EEF2F6",
    border="#DCE1E7",
    outline="#87919C",
    text="#171B21",
    muted="#56606C",
    disabled="#98A1AB",
    accent="#2458C8",
    accent_hover="#1D4CB2",
    accent_pressed="#183F96",
    accent_soft="#E4ECFB",
    on_accent="#FFFFFF",
    selection="#DCE7FB",
    good="#17703F",
    good_soft="#E0F3E8",
    warn="#875000",
    warn_soft="#FCEFD6",
    bad="#B4232B",
    bad_soft="#FBE4E5",
    calm="#5E43B0",
    calm_soft="#ECE7FA",
    grid="#E6EAEE",
)

DARK = Tokens(
    name="dark",
    window="#15181C",
    surface="#1C2025",
    sunken="#111417",
    hover="#262B32",
    border="#2D333B",
    outline="#717C88",
    text="#E8EBEF",
    muted="#A3ADB8",
    disabled="#616B76",
    accent="#86ABFF",
    accent_hover="#9DBBFF",
    accent_pressed="#B4CBFF",
    accent_soft="#222F4B",
    on_accent="#0D1830",
    selection="#2A3B60",
    good="#5CC98B",
    good_soft="#19352A",
    warn="#E5B25D",
    warn_soft="#3A2E18",
    bad="#FF8F8F",
    bad_soft="#43232A",
    calm="#B9A2FF",
    calm_soft="#2F2846",
    grid="#272C33",
)

TEXT_PAIRS: tuple[tuple[str, str], ...] = (
    *(
        (ink, ground)
        for ink in ("text", "muted")
        for ground in ("window", "surface", "sunken", "hover", "selection")
    ),
    *((ink, ground) for ink in ("accent", "good", "warn", "bad", "calm") for ground in ("window", "surface")),
    *((ink, f"{ink}_soft") for ink in ("accent", "good", "warn", "bad", "calm")),
    *(("text", f"{ground}_soft") for ground in ("accent", "good", "warn", "bad", "calm")),
    *(("on_accent", ground) for ground in ("accent", "accent_hover", "accent_pressed")),
)
"""Which text colour stands on which ground anywhere in the window."""


class Scheme(StrEnum):
    """What a person asks for."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


def contrast(one: str, other: str) -> float:
    """The contrast of two colours after WCAG 2, from 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


_current: "Theme | None" = None


def theme() -> "Theme":
    """The palette in force. Made once, by the application."""
    assert _current is not None, "the theme is made before the first widget"
    return _current


class Theme(QObject):
    """The palette in force. `changed` is emitted when it became another one."""

    changed = Signal()

    def __init__(self, app: QApplication, scheme: Scheme = Scheme.SYSTEM) -> None:
        global _current  # noqa: PLW0603
        super().__init__()
        _current = self
        self._app = app
        self._scheme = scheme
        self.tokens = LIGHT
        style = QStyleFactory.create("Fusion")
        if style is not None:
            app.setStyle(style)
        _roomy_font(app)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._system_changed)
        self._apply()

    @property
    def scheme(self) -> Scheme:
        """What was asked for."""
        return self._scheme

    @property
    def dark(self) -> bool:
        """Whether light text stands on dark ground now."""
        return self.tokens is DARK

    def choose(self, scheme: Scheme) -> None:
        """Follow the system, or keep to one palette."""
        self._scheme = scheme
        self._apply()

    def colour(self, token: str) -> QColor:
        """The colour with that name in the palette in force."""
        return QColor(getattr(self.tokens, token))

    def _system_changed(self) -> None:
        if self._scheme is Scheme.SYSTEM:
            self._apply()

    def _apply(self) -> None:
        from desktop_sim.ui.stylesheet import style_sheet

        dark = self._scheme is Scheme.DARK
        if self._scheme is Scheme.SYSTEM:
            dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
        self.tokens = DARK if dark else LIGHT
        self._app.setPalette(palette(self.tokens))
        self._app.setStyleSheet(style_sheet(self.tokens))
        self.changed.emit()


def palette(tokens: Tokens) -> QPalette:
    """The roles Qt draws from, filled from the tokens."""
    role = QPalette.ColorRole
    colours = {
        role.Window: tokens.window,
        role.WindowText: tokens.text,
        role.Base: tokens.surface,
        role.AlternateBase: tokens.window,
        role.Text: tokens.text,
        role.PlaceholderText: tokens.muted,
        role.Button: tokens.surface,
        role.ButtonText: tokens.text,
        role.BrightText: tokens.bad,
        role.ToolTipBase: tokens.text,
        role.ToolTipText: tokens.surface,
        role.Highlight: tokens.selection,
        role.HighlightedText: tokens.text,
        role.Link: tokens.accent,
        role.LinkVisited: tokens.calm,
        role.Accent: tokens.accent,
        role.Light: tokens.surface,
        role.Midlight: tokens.hover,
        role.Mid: tokens.border,
        role.Dark: tokens.outline,
        role.Shadow: tokens.outline,
    }
    made = QPalette()
    for each, colour in colours.items():
        made.setColor(each, QColor(colour))
    for each in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
        made.setColor(QPalette.ColorGroup.Disabled, each, QColor(tokens.disabled))
    return made


def fixed_font(size_change: float = 0.0) -> QFont:
    """The system's font with letters of one width, in the size of the other texts plus a change in points."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setPointSizeF(max(6.0, QApplication.font().pointSizeF() + size_change))
    return font


def scaled_font(factor: float, *, bold: bool = False, tabular: bool = False) -> QFont:
    """The window's font, larger or smaller; `tabular` gives all digits one width, so that numbers stand still."""
    font = QFont(QApplication.font())
    font.setPointSizeF(font.pointSizeF() * factor)
    font.setBold(bold)
    if tabular:
        font.setFeature(QFont.Tag("tnum"), 1)
    return font


def token_names() -> list[str]:
    """The names of all colours."""
    return [field.name for field in fields(Tokens) if field.name != "name"]


def _roomy_font(app: QApplication) -> None:
    """Without a desktop Qt falls back to 9 points and a smaller screen's font: never below that."""
    font = app.font()
    if font.pointSizeF() < 9:
        font.setPointSizeF(9)
        app.setFont(font)
