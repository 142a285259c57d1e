"""The faces without a window: console, control channel, play and central system."""
