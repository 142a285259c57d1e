"""Every certification case that applies has its test, and the page that says so is up to date."""

from collections import Counter

from tests.certification.cases import cases, proofs
from tests.certification.generate_table import PAGE, page


def test_there_are_107_cases() -> None:
    assert Counter(case.profile for case in cases().values()) == {
        "Core": 51,
        "LocalAuthListManagement": 8,
        "FirmwareManagement": 5,
        "Reservation": 16,
        "RemoteTrigger": 2,
        "SmartCharging": 10,
        "Security": 15,
    }
    assert {case.level for case in cases().values()} == {"M", "C"}


def test_every_test_is_of_a_case() -> None:
    assert set(proofs()) <= set(cases())


def test_a_profile_that_is_begun_has_no_open_case() -> None:
    begun = {cases()[id_].profile for id_ in proofs()}
    left = {case.id for case in cases().values() if case.profile in begun} - set(proofs())
    assert not left


def test_the_page_is_up_to_date() -> None:
    hint = "run: python -m tests.certification.generate_table"
    assert PAGE.read_text(encoding="utf-8") == page(), hint
