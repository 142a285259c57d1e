"""Every requirement is proven by a test, or there is a reason why not; the page that says so is up to date."""

from tests.conformance.coverage import exists, not_applicable, proofs, requirements
from tests.conformance.generate_table import PAGE, page

LEVELS = {"M", "S", "O", "D", "AMB", "M/AMB", "M/O", "M/S", "-"}


def test_every_id_is_a_requirement() -> None:
    unknown = (set(proofs()) | set(not_applicable())) - set(requirements())
    assert not unknown


def test_every_requirement_has_a_level_and_words() -> None:
    for row in requirements().values():
        assert row.level in LEVELS, row.id
        assert row.words, row.id


def test_every_test_that_is_named_is_there() -> None:
    missing = {proof for found in proofs().values() for proof in found if not exists(proof)}
    assert not missing


def test_nothing_is_both_proven_and_not_applicable() -> None:
    assert not set(proofs()) & set(not_applicable())


def test_nothing_is_open() -> None:
    left = set(requirements()) - set(proofs()) - set(not_applicable())
    assert not left


def test_the_page_is_up_to_date() -> None:
    hint = "run: python -m tests.conformance.generate_table"
    assert PAGE.read_text(encoding="utf-8") == page(), hint
