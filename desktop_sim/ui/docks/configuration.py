"""The configuration keys: looked at, searched, set."""

from desktop_sim.ui.docks.view import DockView


class ConfigurationDock(DockView):
    """The configuration keys: looked at, searched, set."""
