"""What happened, in lines for people."""

from desktop_sim.ui.docks.view import DockView


class EventLogDock(DockView):
    """What happened, in lines for people."""
