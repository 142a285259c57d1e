"""Error codes of a CALLERROR and the one exception a schema violation raises (conformance D.3).

The codes are spelled as OCPP 1.6 spells them on the wire, its two oddities included (RPC-20).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

ErrorStyle = Literal["precise", "formation"]
"""Values of the switch SW-ERR-STYLE."""


class ErrorCode(StrEnum):
    """The ten error codes of OCPP-J 1.6, spelled as on the wire."""

    NotImplemented = "NotImplemented"
    NotSupported = "NotSupported"
    InternalError = "InternalError"
    ProtocolError = "ProtocolError"
    SecurityError = "SecurityError"
    FormationViolation = "FormationViolation"
    PropertyConstraintViolation = "PropertyConstraintViolation"
    OccurenceConstraintViolation = "OccurenceConstraintViolation"
    TypeConstraintViolation = "TypeConstraintViolation"
    GenericError = "GenericError"


OTHER_SPELLINGS = {
    "OccurrenceConstraintViolation": ErrorCode.OccurenceConstraintViolation,
    "FormatViolation": ErrorCode.FormationViolation,
}
"""How OCPP 2.0.1 and some central systems write two of the codes."""

SCHEMA_CODES = frozenset(
    {
        ErrorCode.ProtocolError,
        ErrorCode.FormationViolation,
        ErrorCode.PropertyConstraintViolation,
        ErrorCode.OccurenceConstraintViolation,
        ErrorCode.TypeConstraintViolation,
    }
)
"""The codes that say a payload breaks its schema."""


@dataclass(frozen=True)
class Violation:
    """One way in which a payload breaks its schema.

    `path` is a JSON path from the payload (`$.meterValue[0].timestamp`), `sentence` is for a developer to read.
    """

    code: ErrorCode
    path: str
    sentence: str


class ViolationError(Exception):
    """A payload breaks its schema; carries the violation that decides the answer (RPC-23)."""

    def __init__(self, violation: Violation) -> None:
        super().__init__(f"{violation.code}: {violation.sentence}")
        self.violation = violation


def parse_error_code(text: str) -> ErrorCode:
    """The code a received CALLERROR means: either spelling is accepted (RPC-20), unknown text is GenericError."""
    if text in OTHER_SPELLINGS:
        return OTHER_SPELLINGS[text]
    try:
        return ErrorCode(text)
    except ValueError:
        return ErrorCode.GenericError


def wire_code(code: ErrorCode, style: ErrorStyle = "precise", misspell: bool = True) -> str:
    """The text that goes into a CALLERROR for `code`.

    `style` is SW-ERR-STYLE: "formation" answers FormationViolation for every schema error (RPC-24).
    `misspell` is SW-MISSPELL: true sends the 1.6 spelling with one r (RPC-20), false the corrected one.
    """
    if style == "formation" and code in SCHEMA_CODES:
        return ErrorCode.FormationViolation.value
    if code is ErrorCode.OccurenceConstraintViolation and not misspell:
        return "OccurrenceConstraintViolation"
    return code.value
