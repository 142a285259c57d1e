"""Scenario files, their runner and recorder, verdicts, reports and the pytest plugin."""
