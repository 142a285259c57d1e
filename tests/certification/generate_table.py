"""Writes the page of the certification cases: `python -m tests.certification.generate_table`."""

from itertools import groupby

from tests.certification.cases import HERE, NOT_PLAYED, Case, cases, proofs

PAGE = HERE.parents[1] / "resources" / "docs" / "certification.md"

HEAD = """\
# Certification cases

The cases a charge point is put through when it is certified for OCPP 1.6, by the numbers of the OCA's test tool and in
our own words, and the test that plays each. Level: M whoever declares the profile must pass it, C only a station that
has what it is about. The tests run in virtual time, and the JSON schemas of a foreign program judge every frame; the
tool itself has not been run. Written by `python -m tests.certification.generate_table`.

"""


def page() -> str:
    """The whole page."""
    rows, played = list(cases().values()), proofs()
    parts = [HEAD, "| profile | cases | tested | does not apply | open |\n|---|---|---|---|---|\n"]
    groups = {profile: list(group) for profile, group in groupby(rows, key=lambda case: case.profile)}
    parts += [_count(name, group, played) for name, group in {**groups, "all": rows}.items()]
    for profile, group in groups.items():
        parts.append(f"\n## {profile}\n\n| case | level | what happens | tested by |\n|---|---|---|---|\n")
        parts += [_line(case, played) for case in group]
    return "".join(parts)


def _count(name: str, group: list[Case], played: dict[str, list[str]]) -> str:
    tested = sum(case.id in played for case in group)
    without = sum(case.id not in played and case.profile in NOT_PLAYED for case in group)
    return f"| {name} | {len(group)} | {tested} | {without} | {len(group) - tested - without} |\n"


def _line(case: Case, played: dict[str, list[str]]) -> str:
    if case.id in played:
        proof = "<br>".join(played[case.id])
    elif case.profile in NOT_PLAYED:
        proof = f"does not apply: {NOT_PLAYED[case.profile]}"
    else:
        proof = "**open**"
    return f"| {case.id} | {case.level} | {case.words} | {proof} |\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
