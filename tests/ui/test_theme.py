"""Colours one can read, icons that take them, a style sheet without holes."""

import re

import pytest
from PySide6.QtGui import QColor

from desktop_sim.storage.resources import resource
from desktop_sim.ui.actions import specs
from desktop_sim.ui.icons import icon, pixmap
from desktop_sim.ui.statuses import LINK_LOOKS, LOOKS, UNKNOWN
from desktop_sim.ui.stylesheet import style_sheet
from desktop_sim.ui.theme import (
    DARK,
    LIGHT,
    TEXT_PAIRS,
    Scheme,
    Theme,
    Tokens,
    contrast,
    palette,
    token_names,
)

BOTH = pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=lambda tokens: tokens.name)
ICONS = sorted(resource("icons").glob("*.svg"))


def test_contrast_knows_black_and_white() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#777777") == pytest.approx(1)


@BOTH
@pytest.mark.parametrize("pair", TEXT_PAIRS, ids="-on-".join)
def test_every_text_can_be_read(tokens: Tokens, pair: tuple[str, str]) -> None:
    ink, ground = (getattr(tokens, name) for name in pair)
    assert contrast(ink, ground) >= 4.5


@BOTH
def test_edges_of_what_one_acts_on_are_seen(tokens: Tokens) -> None:
    assert contrast(tokens.outline, tokens.surface) >= 3


@BOTH
def test_every_colour_is_one(tokens: Tokens) -> None:
    assert all(QColor(getattr(tokens, name)).isValid() for name in token_names())


@BOTH
def test_the_sheet_is_whole(tokens: Tokens) -> None:
    sheet = style_sheet(tokens)
    assert "$" not in sheet
    assert sheet.count("{") == sheet.count("}")
    for name in re.findall(r"url\((.*?)\)", sheet):
        assert resource("icons").exists()
        with open(name, encoding="utf-8") as file:
            assert "<svg" in file.read()


@BOTH
def test_the_palette_says_what_the_tokens_say(tokens: Tokens) -> None:
    made = palette(tokens)
    assert made.window().color().name().upper() == tokens.window
    assert made.text().color().name().upper() == tokens.text


def test_choosing_a_scheme_tells_everybody(theme: Theme) -> None:
    told: list[str] = []
    theme.changed.connect(lambda: told.append(theme.tokens.name))
    theme.choose(Scheme.DARK)
    theme.choose(Scheme.LIGHT)
    assert told == ["dark", "light"]
    assert not theme.dark


def test_the_system_decides_unless_overruled(theme: Theme) -> None:
    theme.choose(Scheme.SYSTEM)
    assert theme.tokens in (LIGHT, DARK)
    assert theme.scheme is Scheme.SYSTEM


@pytest.mark.parametrize("file", ICONS, ids=lambda file: file.stem)
def test_an_icon_is_drawn_and_takes_the_colour(file: object, theme: Theme) -> None:
    name = getattr(file, "stem", "")
    text = resource(f"icons/{name}.svg").read_text(encoding="utf-8")
    if name == "ocpp-desktop-sim":
        return
    assert "currentColor" in text
    assert not re.search(r"#[0-9a-fA-F]{3,8}", text), "an icon has no colour of its own"
    drawn = pixmap(name, "#FF0000", 24).toImage()
    inks = {
        drawn.pixelColor(x, y).name()
        for x in range(24)
        for y in range(24)
        if drawn.pixelColor(x, y).alpha() > 200
    }
    assert inks <= {"#ff0000"}
    assert inks


def test_every_icon_that_is_named_exists() -> None:
    looks = [*LOOKS.values(), *LINK_LOOKS.values(), UNKNOWN]
    names = {shown.icon for shown in looks} | {spec.icon for spec in specs() if spec.icon}
    assert names <= {file.stem for file in ICONS}


def test_states_differ_by_shape() -> None:
    assert len({shown.icon for shown in LOOKS.values()}) == len(LOOKS)
    assert len({shown.icon for shown in LINK_LOOKS.values()}) == len(LINK_LOOKS)


def test_an_icon_has_a_grey_version(theme: Theme) -> None:
    made = icon("plug", "#FF0000", "#777777")
    assert not made.isNull()
    assert len(made.availableSizes()) == 3
