"""A client of the control channel, as another program would write it."""

import json
from typing import Any

from tests.cli.faces import Face


class Client:
    """Speaks JSON-RPC to a face of ours, line by line."""

    def __init__(self, face: Face) -> None:
        self.face = face
        self._ids = 0

    def send(self, method: str, **params: Any) -> int:
        """Send a call without waiting for its answer; its id."""
        self._ids += 1
        call = {"jsonrpc": "2.0", "id": self._ids, "method": method, "params": params}
        self.face.type(json.dumps(call))
        return self._ids

    async def answer(self, number: int) -> dict[str, Any]:
        """The answer to the call of this id."""
        while True:
            message: Any = json.loads(await self.face.line(""))
            if message.get("id") == number:
                return dict(message)

    async def call(self, method: str, **params: Any) -> Any:
        """The result of a call."""
        return (await self.answer(self.send(method, **params)))["result"]

    def messages(self) -> list[Any]:
        """Everything said so far; each line must be JSON."""
        return [json.loads(line) for line in self.face.lines]

    def events(self) -> list[dict[str, Any]]:
        """The events so far."""
        return [message["params"] for message in self.messages() if message.get("method") == "event"]
