"""Why a charge point's request is answered by a CALLERROR, and why a call of ours is not sent."""

from dataclasses import dataclass

from desktop_sim.protocol.errors import ErrorCode


@dataclass(frozen=True, slots=True)
class Refusal:
    """The code of the CALLERROR and a sentence for its description."""

    code: ErrorCode
    sentence: str


class Refused(Exception):
    """A request is well formed but cannot be carried out; carries the refusal."""

    def __init__(self, code: ErrorCode, sentence: str) -> None:
        super().__init__(sentence)
        self.refusal = Refusal(code, sentence)


class CallRefused(Exception):
    """We would not send that. `sentence` says why, with the JSON path where a payload is wrong."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def at_least(connector: int, least: int) -> None:
    """Raise Refused (PropertyConstraintViolation) for a connector number below `least`."""
    if connector < least:
        sentence = f"$.connectorId: {connector} is less than {least}"
        raise Refused(ErrorCode.PropertyConstraintViolation, sentence)
