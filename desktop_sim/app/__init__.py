"""The workspace: stations, documents, settings and the one registry of commands."""
