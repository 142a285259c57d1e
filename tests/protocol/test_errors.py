"""Error codes and how they are spelled (D.3)."""

from __future__ import annotations

import pytest

from desktop_sim.protocol import ErrorCode, Violation, ViolationError, parse_error_code, wire_code


def test_RPC_20_the_codes_of_1_6_with_their_spelling() -> None:
    assert [code.value for code in ErrorCode] == [
        "NotImplemented",
        "NotSupported",
        "InternalError",
        "ProtocolError",
        "SecurityError",
        "FormationViolation",
        "PropertyConstraintViolation",
        "OccurenceConstraintViolation",
        "TypeConstraintViolation",
        "GenericError",
    ]


@pytest.mark.parametrize("code", ErrorCode)
def test_RPC_20_every_code_is_read(code: ErrorCode) -> None:
    assert parse_error_code(code.value) is code


@pytest.mark.parametrize(
    "text, code",
    [
        ("OccurrenceConstraintViolation", ErrorCode.OccurenceConstraintViolation),
        ("FormatViolation", ErrorCode.FormationViolation),
        ("RpcFrameworkError", ErrorCode.GenericError),
        ("", ErrorCode.GenericError),
    ],
)
def test_RPC_20_other_spellings_are_read_too(text: str, code: ErrorCode) -> None:
    assert parse_error_code(text) is code


@pytest.mark.parametrize(
    "code, precise, formation",
    [
        ("ProtocolError", "ProtocolError", "FormationViolation"),
        ("FormationViolation", "FormationViolation", "FormationViolation"),
        ("PropertyConstraintViolation", "PropertyConstraintViolation", "FormationViolation"),
        ("OccurenceConstraintViolation", "OccurenceConstraintViolation", "FormationViolation"),
        ("TypeConstraintViolation", "TypeConstraintViolation", "FormationViolation"),
        ("NotImplemented", "NotImplemented", "NotImplemented"),
        ("NotSupported", "NotSupported", "NotSupported"),
        ("InternalError", "InternalError", "InternalError"),
        ("SecurityError", "SecurityError", "SecurityError"),
        ("GenericError", "GenericError", "GenericError"),
    ],
)
def test_RPC_24_the_style_of_an_answer(code: str, precise: str, formation: str) -> None:
    assert wire_code(ErrorCode(code)) == precise
    assert wire_code(ErrorCode(code), "formation") == formation


def test_RPC_20_the_corrected_spelling_is_a_switch() -> None:
    assert (
        wire_code(ErrorCode.OccurenceConstraintViolation, misspell=False) == "OccurrenceConstraintViolation"
    )
    assert wire_code(ErrorCode.TypeConstraintViolation, misspell=False) == "TypeConstraintViolation"


def test_a_violation_error_reads_well() -> None:
    violation = Violation(ErrorCode.ProtocolError, "$.idTag", "`idTag` is missing")
    error = ViolationError(violation)
    assert error.violation is violation
    assert str(error) == "ProtocolError: `idTag` is missing"
