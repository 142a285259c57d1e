"""Writes the page of what is proven: `python -m tests.conformance.generate_table`."""

from itertools import groupby

from tests.conformance.coverage import ROOT, Proof, Requirement, not_applicable, proofs, requirements

PAGE = ROOT / "resources" / "docs" / "conformance.md"

HEAD = """\
# Conformance

What OCPP 1.6J asks of a charge point, in a few words, and which test proves it. Level: M mandatory, S recommended,
O optional, D decided by us, AMB the texts leave it open. Written by `python -m tests.conformance.generate_table`.

"""


def page() -> str:
    """The whole page."""
    proven, without = proofs(), not_applicable()
    rows = requirements().values()
    parts = [HEAD + _summary(list(rows), proven, without)]
    for section, group in groupby(rows, key=lambda row: row.section):
        lines = [f"\n## {section}\n\n| id | level | requirement | proof |\n|---|---|---|---|\n"]
        lines += [_line(row, proven, without) for row in group]
        parts.append("".join(lines))
    return "".join(parts)


def _summary(rows: list[Requirement], proven: dict[str, list[Proof]], without: dict[str, str]) -> str:
    tested = sum(row.id in proven for row in rows)
    not_here = sum(row.id in without for row in rows)
    left = len(rows) - tested - not_here
    return f"{len(rows)} requirements: {tested} tested, {not_here} not applicable, {left} open.\n"


def _line(row: Requirement, proven: dict[str, list[Proof]], without: dict[str, str]) -> str:
    level = "–" if row.level == "-" else row.level
    return f"| {row.id} | {level} | {row.words} | {_proof(row, proven, without)} |\n"


def _proof(row: Requirement, proven: dict[str, list[Proof]], without: dict[str, str]) -> str:
    if row.id in proven:
        return "<br>".join(f"{proof.file.removeprefix('tests/')}: {proof.test}" for proof in proven[row.id])
    return f"not applicable: {without[row.id]}" if row.id in without else "**open**"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
