"""How a handler says no with a CALLERROR instead of a status."""

from desktop_sim.protocol.errors import ErrorCode


class Refusal(Exception):
    """Answer the CALL with this error code and sentence (CONFORMANCE D.3)."""

    def __init__(self, code: ErrorCode, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
