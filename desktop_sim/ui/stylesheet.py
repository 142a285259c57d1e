"""The style sheet (`resources/desktop/style.qss`), filled with the colours and icons of a palette."""

from string import Template

from desktop_sim.storage.resources import resource
from desktop_sim.ui.icons import tinted_file
from desktop_sim.ui.theme import Tokens

RADIUS = 6


def style_sheet(tokens: Tokens) -> str:
    """The sheet of the whole application in that palette."""
    colours = {name: getattr(tokens, name) for name in Tokens.__slots__}
    files = {
        "chevron_down": tinted_file("chevron-down", tokens.muted),
        "chevron_up": tinted_file("chevron-up", tokens.muted),
        "chevron_off": tinted_file("chevron-down", tokens.disabled),
        "chevron_left": tinted_file("chevron-left", tokens.muted),
        "chevron_right": tinted_file("chevron-right", tokens.muted),
        "check": tinted_file("check", tokens.on_accent),
        "check_menu": tinted_file("check", tokens.accent),
        "close_icon": tinted_file("close", tokens.muted),
        "float_icon": tinted_file("float", tokens.muted),
    }
    sheet = Template(resource("desktop/style.qss").read_text(encoding="utf-8"))
    return sheet.substitute(colours, **files, radius=RADIUS)
