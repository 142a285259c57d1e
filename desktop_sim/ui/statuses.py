"""What each status looks like and means: a shape, a colour, and a sentence beside the word of the wire."""

from dataclasses import dataclass

from desktop_sim.ui.texts import _


@dataclass(frozen=True, slots=True)
class Look:
    """How a status is shown. `ink` and `ground` are tokens of the theme."""

    icon: str
    ink: str
    ground: str


LOOKS: dict[str, Look] = {
    "Available": Look("state-available", "good", "good_soft"),
    "Preparing": Look("state-preparing", "warn", "warn_soft"),
    "Charging": Look("state-charging", "accent", "accent_soft"),
    "SuspendedEV": Look("state-suspended-ev", "calm", "calm_soft"),
    "SuspendedEVSE": Look("state-suspended-evse", "calm", "calm_soft"),
    "Finishing": Look("state-finishing", "good", "good_soft"),
    "Reserved": Look("state-reserved", "calm", "calm_soft"),
    "Unavailable": Look("state-unavailable", "muted", "sunken"),
    "Faulted": Look("state-faulted", "bad", "bad_soft"),
}
UNKNOWN = Look("state-unknown", "muted", "sunken")

LINK_LOOKS: dict[str, Look] = {
    "up": Look("link-up", "good", "good_soft"),
    "connecting": Look("link-connecting", "warn", "warn_soft"),
    "down": Look("link-down", "bad", "bad_soft"),
    "offline": Look("link-offline", "muted", "sunken"),
}


def look(status: str) -> Look:
    """How that status is shown."""
    return LOOKS.get(status, UNKNOWN)


def link_look(state: str) -> Look:
    """How that state of the link is shown."""
    return LINK_LOOKS.get(state, LINK_LOOKS["offline"])


def status_sentence(status: str) -> str:
    """What the status means for the person in front of the station."""
    return {
        "Available": _("Free: plug in or present a tag"),
        "Preparing": _("Getting ready: cable or tag is missing"),
        "Charging": _("The car draws power"),
        "SuspendedEV": _("The car takes no power"),
        "SuspendedEVSE": _("The station offers no power"),
        "Finishing": _("Done: pull the cable"),
        "Reserved": _("Kept for somebody"),
        "Unavailable": _("Out of service"),
        "Faulted": _("A fault keeps it from charging"),
    }.get(status, _("Not known yet"))


def link_word(state: str) -> str:
    """The state of the link in a word or two."""
    return {
        "up": _("Connected"),
        "connecting": _("Connecting…"),
        "down": _("No connection"),
        "offline": _("Offline"),
    }.get(state, _("Offline"))
