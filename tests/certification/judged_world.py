"""The world of the certification cases: every frame, in both directions, is judged by the foreign schemas."""

import json
from typing import Any

from desktop_sim.protocol import ErrorCode
from desktop_sim.station.events import AnyEvent, FrameEvent
from tests.conformance.world import World
from tests.protocol import foreign


class JudgedWorld(World):
    """A station at the test tool. A frame that no foreign program would take fails the case at once."""

    def __init__(self, **world: Any) -> None:
        self._calls: dict[tuple[str, str], str] = {}
        super().__init__(**world)

    def prepare(self, **keys: str) -> None:
        """Set configuration keys as the tool does before a case; what was said so far is forgotten."""
        for name, value in keys.items():
            assert self.change(name, value) == "Accepted", name
        self.peer.clear()

    def _watch(self, event: AnyEvent) -> None:
        super()._watch(event)
        if isinstance(event, FrameEvent):
            self._judge(event.direction, event.text)

    def _judge(self, direction: str, text: str) -> None:
        match json.loads(text):
            case [2, str(message_id), str(action), payload]:
                self._calls[direction, message_id] = action
                assert foreign.accepts(action, payload), text
            case [3, str(message_id), payload]:
                assert foreign.accepts(f"{self._asked(direction, message_id)}Response", payload), text
            case [4, str(message_id), str(code), str(), dict()]:
                assert self._asked(direction, message_id), text
                assert code in set(ErrorCode), text
            case _:
                raise AssertionError(f"This is no frame: {text}")

    def _asked(self, direction: str, message_id: str) -> str:
        """The action of the call, which went the other way."""
        return self._calls["in" if direction == "out" else "out", message_id]
