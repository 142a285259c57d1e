"""Calls from the central system: read, handed to who answers, answered exactly as D.3 says (RPC-3, RPC-8 to RPC-12)."""

from collections import OrderedDict
from collections.abc import Callable
from hashlib import blake2b
from typing import Literal

import msgspec

from desktop_sim.protocol.actions import ACTIONS, FeatureProfile
from desktop_sim.protocol.codec import decode_request
from desktop_sim.protocol.errors import ErrorCode, ErrorStyle, ViolationError, parse_error_code, wire_code
from desktop_sim.protocol.frames import Call, FrameError, encode_error, encode_result
from desktop_sim.protocol.types import Request, Response
from desktop_sim.station.answer_rules import AnswerRules
from desktop_sim.station.configuration import Configuration
from desktop_sim.station.kernel import Kernel
from desktop_sim.station.refusal import Refusal
from desktop_sim.station.registration import Registration
from desktop_sim.station.switches import Switches
from desktop_sim.station.wire import Wire

MessageId = str | int
Handler = Callable[..., Response]

REMEMBERED = 500
"""So many ids of the central system are remembered on a connection to notice a repeated one (RPC-12)."""


class IncomingCalls:
    """Who answers what, and which ids were seen on this connection."""

    def __init__(
        self,
        kernel: Kernel,
        wire: Wire,
        configuration: Configuration,
        switches: Switches,
        registration: Registration,
        rules: AnswerRules,
    ) -> None:
        self._kernel = kernel
        self._wire = wire
        self._configuration = configuration
        self._switches = switches
        self._registration = registration
        self._rules = rules
        self._handlers: dict[str, Handler] = {}
        self._answers: OrderedDict[MessageId, tuple[bytes, str]] = OrderedDict()
        self._in_progress: set[MessageId] = set()
        self._line = 0

    def handle(self, action: str, handler: Handler) -> None:
        """`handler(request) -> Response` answers this action; it may raise Refusal."""
        self._handlers[action] = handler

    def new_line(self) -> None:
        """Another connection, or none: ids begin anew, and what is late for the old one is dropped."""
        self._answers.clear()
        self._in_progress.clear()
        self._line += 1

    def broken(self, text: str, error: FrameError) -> None:
        """A text that is no frame; it is answered if it was a CALL with an id (RPC-10, RPC-11)."""
        self._wire.note_broken(text, error.sentence)
        if error.answerable and error.message_id is not None and not self._registration.rejected:
            self._answer_error(error.message_id, "", ErrorCode.FormationViolation, error.sentence)

    def receive(self, text: str, call: Call, *, lenient: bool) -> None:
        """A CALL came in."""
        if self._registration.rejected:
            self._wire.note(text, call, call.action, "not answered while Rejected (CORE-BOOT-9)")
            return
        if isinstance(call.message_id, int):
            self._kernel.log(
                "info", f"The message id {call.message_id} is an integer, not text; it is echoed."
            )
        if call.message_id in self._in_progress:
            self._wire.note(text, call, call.action, "this message id is being handled")
            self._answer_error(
                call.message_id, call.action, ErrorCode.GenericError, "This call is being handled."
            )
            return
        known = self._answers.get(call.message_id)
        if known is not None:
            self._wire.note(text, call, call.action, "this message id was used before")
            self._on_repeated(call, *known)
            return
        self._serve_by_rule(text, call, lenient=lenient)

    def _serve_by_rule(self, text: str, call: Call, *, lenient: bool) -> None:
        """Serve a call as its rule says: at once, late, or not at all."""
        rule = self._rules.of(call.action)
        if rule.answer == "silence":
            self._wire.note(text, call, call.action, "not answered, as a rule says")
        elif rule.delay:
            self._in_progress.add(call.message_id)
            line = self._line
            self._kernel.after_on_link(
                rule.delay, lambda: self._serve_late(text, call, line, lenient=lenient)
            )
        else:
            self._serve(text, call, lenient=lenient)

    def _serve_late(self, text: str, call: Call, line: int, *, lenient: bool) -> None:
        if line == self._line:
            self._in_progress.discard(call.message_id)
            self._serve(text, call, lenient=lenient)

    def _serve(self, text: str, call: Call, *, lenient: bool) -> None:
        try:
            request = self._read_call(call, lenient=lenient)
        except Refusal as refusal:
            self._wire.note(text, call, call.action, refusal.sentence)
            self._remember(
                call, self._answer_error(call.message_id, call.action, refusal.code, refusal.sentence)
            )
            return
        self._wire.note(text, call, call.action)
        self._remember(call, self._answer(call, request))
        self._kernel.run_afterwards()

    def _read_call(self, call: Call, *, lenient: bool) -> Request:
        """The checks in the order of RPC-23: action known, profile on, then the payload."""
        action = ACTIONS.get(call.action)
        if action is None:
            raise Refusal(ErrorCode.NotImplemented, f"There is no action {call.action}.")
        rule = self._rules.of(call.action)
        if rule.answer == "error":
            raise Refusal(parse_error_code(rule.code), "answered with an error, as a rule says")
        if rule.answer == "unsupported":
            raise Refusal(ErrorCode.NotSupported, f"{call.action} is switched off.")
        if call.action not in self._handlers or not self._configuration.profile_is_on(action.profile):
            if action.profile is FeatureProfile.RemoteTrigger:
                raise Refusal(
                    ErrorCode(self._switches["SW-TRIGGER-OFF-ANSWER"]), "RemoteTrigger is switched off."
                )
            raise Refusal(ErrorCode.NotSupported, f"{call.action} is not supported by this station.")
        try:
            return decode_request(call.action, call.payload, lenient=lenient)
        except ViolationError as error:
            violation = error.violation
            raise Refusal(violation.code, f"{violation.path}: {violation.sentence}") from None

    def _answer(self, call: Call, request: Request) -> str:
        rule = self._rules.of(call.action)
        if rule.answer == "forced":
            text = encode_result(call.message_id, msgspec.json.encode(rule.payload))
            self._wire.put(
                "result", text, call.action, str(call.message_id), verdict="forced by a rule", by_hand=True
            )
            return text
        try:
            response = self._handlers[call.action](request)
        except Refusal as refusal:
            return self._answer_error(call.message_id, call.action, refusal.code, refusal.sentence)
        except Exception as error:  # the station must live (RPC-27); it is told, and tests fail on it
            self._kernel.log(
                "error", f"{call.action} failed inside the station: {type(error).__name__}: {error}"
            )
            return self._answer_error(call.message_id, call.action, ErrorCode.InternalError, "internal error")
        text = encode_result(call.message_id, response)
        self._wire.put(
            "result", text, call.action, str(call.message_id), verdict=self._wire.own_violation(response)
        )
        return text

    def _answer_error(self, message_id: MessageId, action: str, code: ErrorCode, sentence: str) -> str:
        style: ErrorStyle = "formation" if self._switches["SW-ERR-STYLE"] == "formation" else "precise"
        misspell = self._switches["SW-MISSPELL"] == ErrorCode.OccurenceConstraintViolation
        text = encode_error(message_id, wire_code(code, style, misspell), sentence[:255])
        self._wire.put("error", text, action, str(message_id))
        return text

    def _remember(self, call: Call, answer: str) -> None:
        self._answers[call.message_id] = (_fingerprint(call), answer)
        if len(self._answers) > REMEMBERED:
            self._answers.popitem(last=False)

    def _on_repeated(self, call: Call, before: bytes, answer: str) -> None:
        """The same content gets the same answer again, any other a GenericError (RPC-12)."""
        if _fingerprint(call) == before:
            kind: Literal["result", "error"] = "error" if answer.startswith("[4,") else "result"
            self._wire.put(kind, answer, call.action, str(call.message_id), verdict="the stored answer again")
            return
        self._kernel.log(
            "warning", f"AttemptedReplayAttacks: message id {call.message_id} came with other content."
        )
        self._answer_error(
            call.message_id, call.action, ErrorCode.GenericError, "This message id was used before."
        )


def _fingerprint(call: Call) -> bytes:
    """What a call said, in few bytes: a payload may be a mebibyte, and hundreds are remembered."""
    return blake2b(call.action.encode() + b"\0" + call.payload, digest_size=16).digest()
