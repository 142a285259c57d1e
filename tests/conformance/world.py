"""The world of the conformance tests: one station in virtual time, a scripted central system, ways to look."""

from collections.abc import Mapping
from typing import Any

from desktop_sim.protocol.types import ChargePointStatus
from desktop_sim.runtime.person import Person
from desktop_sim.runtime.scripted_peer import Answer, ScriptedPeer
from desktop_sim.runtime.virtual import VirtualDriver
from desktop_sim.station import commands
from desktop_sim.station.events import AnyEvent, LogEvent, StatusEvent
from desktop_sim.station.profile import AnswerRule, Connection, ConnectorProfile, StationProfile
from desktop_sim.station.station import Station

TAG = "USER001"


class World:
    """A station that has booted and been accepted, unless told otherwise.

    Attributes:
        peer: the central system; `peer.answers[action]` may be set at any time.
        driver: virtual time; `driver.run_for(seconds)`.
        expected_errors: texts of error logs a test provokes on purpose; any other one fails the test.
    """

    def __init__(
        self,
        *,
        connectors: int | tuple[ConnectorProfile, ...] = 1,
        keys: Mapping[str, str] | None = None,
        switches: Mapping[str, str] | None = None,
        answers: Mapping[str, Answer] | None = None,
        rules: Mapping[str, AnswerRule] | None = None,
        person: bool = False,
        interval: int = 300,
        boot: bool = True,
        seed: int = 1,
        **profile: Any,
    ) -> None:
        parts = (ConnectorProfile(),) * connectors if isinstance(connectors, int) else connectors
        self.profile = StationProfile(
            connectors=parts,
            connection=profile.pop("connection", Connection(url="ws://central.example")),
            configuration=dict(keys or {}),
            switches=dict(switches or {}),
            answers=dict(rules or {}),
            **profile,
        )
        self.seed = seed
        self.peer = ScriptedPeer(answers, interval=interval)
        self.driver = VirtualDriver(
            lambda now, stored: Station(self.profile, now=now, seed=seed, stored=stored),
            self.peer,
            person=Person() if person else None,
        )
        self.expected_errors: tuple[str, ...] = ()
        self.driver.subscribe(self._watch)
        if boot:
            self.run(0.5)
            self.peer.clear()

    # --- acting ---

    def run(self, seconds: float) -> None:
        """Let simulated time pass."""
        self.driver.run_for(seconds)

    def do(self, command: commands.Command) -> Any:
        """Submit a command."""
        return self.driver.submit(command)

    def ask(self, action: str, payload: dict[str, Any] | None = None) -> Any:
        """Send a CALL and return the payload of the answer; a CALLERROR comes back as its code, text."""
        message_id = self.peer.call(action, payload)
        self.driver.run_for(0)
        answer = self.peer.answer_to(message_id)
        return answer.code if answer.type == "error" else answer.payload

    def raw(self, text: str) -> list[str]:
        """Send any text; returns what the station sent because of it."""
        before = len(self.peer.messages)
        self.peer.send(text)
        self.driver.run_for(0)
        return [m.text for m in self.peer.messages[before:] if m.received]

    def start(self, connector: int = 1, id_tag: str = TAG) -> int:
        """Plug in, present the tag, and come to a running transaction; returns its transactionId."""
        self.do(commands.Start(connector=connector, id_tag=id_tag))
        self.run(0)
        transaction = self.connector(connector)["transaction"]
        return int(transaction["id"])

    def offline(self) -> None:
        """The network goes away."""
        self.driver.network(False)

    def online(self) -> None:
        """The network comes back and the station has connected again."""
        self.driver.network(True)
        self.driver.run_until(lambda: self.info()["link"]["state"] == "up", 900)

    # --- looking ---

    def info(self) -> dict[str, Any]:
        """What `info` shows."""
        result: dict[str, Any] = self.do(commands.Info())
        return result

    def connector(self, number: int = 1) -> dict[str, Any]:
        """What `info` shows of one connector."""
        found: dict[str, Any] = self.info()["connectors"][number - 1]
        return found

    def status(self, connector: int = 1) -> str:
        """The computed status."""
        if connector == 0:
            return str(self.info()["station"]["status"])
        return str(self.connector(connector)["status"])

    def statuses(self, connector: int = 1) -> list[str]:
        """The statuses the central system was told, in order."""
        return [
            p["status"] for p in self.peer.payloads("StatusNotification") if p["connectorId"] == connector
        ]

    def told(self, *, without: tuple[str, ...] = ()) -> list[str]:
        """What the central system received, in order: actions, StatusNotification with connector and status."""
        lines = []
        for message in self.peer.calls():
            if message.action in without:
                continue
            payload = message.payload
            line = message.action
            if line == "StatusNotification":
                line = f"Status({payload['connectorId']}) {payload['status']}"
            elif line == "StopTransaction":
                line = f"StopTransaction {payload.get('reason', '')}"
            lines.append(line)
        return lines

    def computed(self, connector: int = 1) -> list[ChargePointStatus]:
        """Every status the connector ever had, reported or not, without those set by hand."""
        return [
            ChargePointStatus(event.status)
            for event in self.events(StatusEvent)
            if event.connector == connector and not event.by_hand
        ]

    def key(self, name: str) -> str | None:
        """The value GetConfiguration reports; None if the key is unknown."""
        answer = self.ask("GetConfiguration", {"key": [name]})
        found = answer.get("configurationKey", [])
        return found[0].get("value") if found else None

    def change(self, name: str, value: str) -> str:
        """The status ChangeConfiguration answers."""
        return str(self.ask("ChangeConfiguration", {"key": name, "value": value})["status"])

    def events(self, kind: type[AnyEvent]) -> list[Any]:
        """All events of a kind so far."""
        return [event for event in self.driver.events if isinstance(event, kind)]

    def _watch(self, event: AnyEvent) -> None:
        if isinstance(event, LogEvent) and event.level == "error":
            assert any(text in event.text for text in self.expected_errors), event.text
