"""The built-in central system: calls, transactions, tags, behaviour."""

from PySide6.QtCore import Signal

from desktop_sim.ui.docks.view import DockView


class CentralDock(DockView):
    """The built-in central system: calls, transactions, tags, behaviour."""

    built_in_wished = Signal()
    """A person wants this station connected to the built-in central system."""
