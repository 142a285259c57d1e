"""JSON-RPC 2.0 messages: what came in, told apart from garbage, and what goes out. Knows nothing of stations."""

import json
from dataclasses import dataclass, field
from typing import Any

import msgspec

PARSE_ERROR = -32700
INVALID_REQUEST = -32600
UNKNOWN_METHOD = -32601
INVALID_PARAMS = -32602
INTERNAL_ERROR = -32603

NESTED_TOO_DEEP = "The JSON is nested too deep to be read."

Id = str | int | float | None
"""What a caller may use to tell its calls apart."""


class RpcError(Exception):
    """A call that failed: its code, a sentence for people, and what a program may want to know besides."""

    def __init__(self, code: int, sentence: str, data: dict[str, Any] | None = None) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.data = data


@dataclass(frozen=True, slots=True)
class Call:
    """A valid request. `answered` is False for a notification: it is carried out and never answered."""

    id: Id
    method: str
    params: dict[str, Any] = field(default_factory=dict)
    answered: bool = True


@dataclass(frozen=True, slots=True)
class Bad:
    """Something that is no request, or one that cannot be carried out: it is answered with `error`."""

    id: Id
    error: RpcError
    answered: bool = True


@dataclass(frozen=True, slots=True)
class Message:
    """What one line held. A batch is answered by one array."""

    items: list[Call | Bad]
    batch: bool = False


def read_message(raw: bytes | str) -> Message:
    """What a line says; never raises."""
    try:
        content = msgspec.json.decode(raw)
    except RecursionError:
        return _only(PARSE_ERROR, NESTED_TOO_DEEP)
    except (ValueError, msgspec.MsgspecError) as problem:
        return _only(PARSE_ERROR, f"This is not JSON: {problem}.")
    if not isinstance(content, list):
        return Message([_item(content)])
    if not content:
        return _only(INVALID_REQUEST, "A batch needs at least one request.")
    return Message([_item(one) for one in content], batch=True)


def answer(call_id: Id, result: Any) -> bytes:
    """The answer to a call, without its line end."""
    return encode({"jsonrpc": "2.0", "id": call_id, "result": result})


def failure(call_id: Id, error: RpcError) -> bytes:
    """The answer to a call that failed."""
    content: dict[str, Any] = {"code": error.code, "message": error.sentence}
    if error.data is not None:
        content["data"] = error.data
    return encode({"jsonrpc": "2.0", "id": call_id, "error": content})


def notification(method: str, params: dict[str, Any]) -> bytes:
    """A message that nobody answers."""
    return encode({"jsonrpc": "2.0", "method": method, "params": params})


def together(answers: list[bytes]) -> bytes:
    """The answers to a batch, as one array."""
    return b"[" + b",".join(answers) + b"]"


def encode(value: Any) -> bytes:
    """JSON on one line; what JSON does not know becomes text."""
    try:
        return msgspec.json.encode(value, enc_hook=str)
    except OverflowError:  # a whole number beyond 64 bits
        return json.dumps(value, separators=(",", ":"), default=str).encode()


def _only(code: int, sentence: str) -> Message:
    return Message([Bad(None, RpcError(code, sentence))])


def _item(content: object) -> Call | Bad:
    """One request of a message, or what is wrong with it."""
    if not isinstance(content, dict):
        return _invalid(None, "A request is a JSON object.")
    answered = "id" in content
    call_id = content.get("id")
    if isinstance(call_id, (bool, list, dict)):
        return _invalid(None, "The id of a request is a string, a number or null.")
    if content.get("jsonrpc") != "2.0":
        return _invalid(call_id, 'A request says "jsonrpc":"2.0".')
    method, params = content.get("method"), content.get("params", {})
    if not isinstance(method, str):
        return _invalid(call_id, "A request names its method: a string.")
    if isinstance(params, list):
        sentence = f"{method}: params are given by name, as an object, not by position."
        return Bad(call_id, RpcError(INVALID_PARAMS, sentence), answered)
    if not isinstance(params, dict):
        return _invalid(call_id, "The params of a request are an object.")
    return Call(call_id, method, params, answered)


def _invalid(call_id: Id, sentence: str) -> Bad:
    return Bad(call_id, RpcError(INVALID_REQUEST, sentence))
