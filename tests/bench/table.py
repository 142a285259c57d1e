"""All benches by name, and their rows as a table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from tests.bench import codec, core, idle, round_trip, storage, window
from tests.bench.measure import Row

BENCHES: dict[str, Callable[[], Iterator[Row]]] = {
    "codec": codec.rows,
    "core": core.rows,
    "storage": storage.rows,
    "round_trip": round_trip.rows,
    "idle": idle.rows,
    "window": window.rows,
}

HEAD = ("", "figure", "floor", "× floor", "aim", "what the floor is")


def rows_of(name: str) -> Iterator[Row]:
    """Measure one bench. Raises KeyError for a name that is none."""
    return BENCHES[name]()


def table(rows: Sequence[Row]) -> str:
    """The rows as Markdown, aligned."""
    cells = [HEAD, *(_cells(row) for row in rows)]
    widths = [max(len(line[place]) for line in cells) for place in range(len(HEAD))]
    lines = [_line(line, widths) for line in cells]
    rule = [
        f"{'-' * (width - 1)}:" if place in range(1, 5) else "-" * width for place, width in enumerate(widths)
    ]
    return "\n".join([lines[0], _line(rule, widths), *lines[1:]])


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    aligned = (
        cell.rjust(width) if place in range(1, 5) else cell.ljust(width)
        for place, (cell, width) in enumerate(zip(cells, widths, strict=True))
    )
    return f"| {' | '.join(aligned)} |"


def _cells(row: Row) -> tuple[str, ...]:
    floor, ratio = "", ""
    if row.floor is not None:
        floor = _number(row.floor, row.unit)
        ratio = f"{row.figure / row.floor:.2f}" if row.floor else ""
    sign = "≥" if row.more_is_better else "≤"
    aim = "" if row.aim is None else f"{sign} {_number(row.aim, row.unit)}"
    return row.name, _number(row.figure, row.unit), floor, ratio, aim, row.floor_name


def _number(value: float, unit: str) -> str:
    """Three digits that matter, more in front of the dot."""
    digits = 0 if value >= 100 else 1 if value >= 10 else 2 if value >= 1 else 3
    return f"{value:,.{digits}f} {unit}".replace(",", "\N{NARROW NO-BREAK SPACE}")
