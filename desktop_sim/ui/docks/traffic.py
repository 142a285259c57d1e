"""The frames of the session: list, filter, and the chosen frame beside it."""

from desktop_sim.ui.docks.view import DockView


class TrafficDock(DockView):
    """The frames of the session: list, filter, and the chosen frame beside it."""
