"""The built-in central system: an engine without Qt that only knows the wire."""
