"""JSON for people: indented, with short values kept on one line, ending in a newline."""

from __future__ import annotations

import json
from typing import Any

WIDTH = 110
"""Columns a list or object may fill before it is spread over lines."""


def pretty(value: Any) -> str:
    """`value` (plain data) as a readable JSON text: 32.0 as 32. Raises ValueError for NaN and infinities."""
    return _lines(_short_numbers(value), 0, 0) + "\n"


def _lines(value: Any, depth: int, taken: int) -> str:
    flat = json.dumps(value, ensure_ascii=False, allow_nan=False)
    inside = list(value.values()) if isinstance(value, dict) else value
    short = depth * 2 + taken + len(flat) <= WIDTH
    if (
        not isinstance(value, dict | list | tuple)
        or not value
        or (short and depth > 0 and not _nested(inside))
    ):
        return flat
    margin = "  " * (depth + 1)
    if isinstance(value, dict):
        parts = [_member(str(name), part, depth + 1) for name, part in value.items()]
        opening, closing = "{", "}"
    else:
        parts = [_lines(part, depth + 1, 0) for part in value]
        opening, closing = "[", "]"
    body = ",\n".join(margin + part for part in parts)
    return f"{opening}\n{body}\n{'  ' * depth}{closing}"


def _member(name: str, value: Any, depth: int) -> str:
    label = json.dumps(name, ensure_ascii=False) + ": "
    return label + _lines(value, depth, len(label))


def _nested(parts: Any) -> bool:
    """Whether there are objects inside, which read better on lines of their own."""
    return any(isinstance(part, dict) or (isinstance(part, list | tuple) and _nested(part)) for part in parts)


def _short_numbers(value: Any) -> Any:
    match value:
        case dict():
            return {name: _short_numbers(part) for name, part in value.items()}
        case list() | tuple():
            return [_short_numbers(part) for part in value]
        case float() if value.is_integer():
            return int(value)
        case _:
            return value
