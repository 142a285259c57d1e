"""Scenario files and their runner. Nothing is here yet."""
