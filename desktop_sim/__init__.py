"""A charging station that lives in software: an OCPP 1.6J charge point with a window and a console."""

__version__ = "0.1.0"
