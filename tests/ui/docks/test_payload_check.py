"""Whether what a person typed can be sent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_sim.central import DESCRIPTIONS, CentralSystem, template_text
from desktop_sim.ui.docks.payload_check import check_payload


@pytest.mark.parametrize("action", sorted(DESCRIPTIONS))
def test_every_template_can_be_sent(action: str) -> None:
    text = template_text(CentralSystem(), "CP001", action, 1_748_847_600_000_000)
    check = check_payload(action, text)
    assert (check.kind, check.sentence) == ("good", f"Valid, keeps the schema of {action}")


@pytest.mark.parametrize(
    "text, sentence, line",
    [
        ("", "Line 1, column 1: a value is missing", 0),
        ('{\n  "type": "Soft"\n  "x": 1\n}', "Line 3, column 3: a comma or a closing bracket is missing", 2),
        ('{"type" "Soft"}', "Line 1, column 9: a colon is missing", 0),
        ('{"type": "Soft}', "Line 1, column 10: the closing quotation mark is missing", 0),
        ("{type: 1}", "Line 1, column 2: a name in double quotation marks is missing", 0),
        ("{} {}", "Line 1, column 4: something stands behind the end", 0),
        ('{"limit": NaN}', "NaN is no number in JSON", -1),
        ('{"type": "Soft", "type": "Hard"}', "The field type stands there twice", -1),
        ("[1]", "A payload is an object: { … }", -1),
        ('"Soft"', "A payload is an object: { … }", -1),
    ],
)
def test_what_is_no_payload(text: str, sentence: str, line: int) -> None:
    check = check_payload("Reset", text)
    assert (check.kind, check.sentence, check.payload, check.line) == ("bad", sentence, None, line)


@pytest.mark.parametrize(
    "action, text, word",
    [
        ("Reset", '{"type": "Gentle"}', "$.type"),
        ("Reset", "{}", "type"),
        ("Heartbeat", "{}", "charge points only"),
        ("MakeCoffee", "{}", "no action MakeCoffee"),
        ("Reset", '{"type": ' + "1" * 200 + "}", "$.type"),
    ],
)
def test_what_breaks_the_rules_can_be_sent_on_purpose(action: str, text: str, word: str) -> None:
    check = check_payload(action, text)
    assert check.kind == "warn"
    assert word in check.sentence
    assert check.payload is not None


def test_too_deep() -> None:
    assert check_payload("Reset", "[" * 100_000).kind == "bad"


@given(st.text(max_size=60) | st.recursive(st.none() | st.floats() | st.text(), st.lists).map(repr))
def test_anything_typed_gets_a_verdict(text: str) -> None:
    for typed in (text, f'{{"type": {text}}}', f'{{"{text}": 1}}'):
        check = check_payload("Reset", typed)
        assert check.sentence
        assert (check.payload is None) == (check.kind == "bad")
