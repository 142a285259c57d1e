"""Looking into the station and changing it from inside: keys, cache, queue, switches, messages by hand (DESIGN § 6)."""

from dataclasses import dataclass
from typing import Any

import msgspec

from desktop_sim.protocol.actions import ACTIONS
from desktop_sim.protocol.codec import decode_request
from desktop_sim.protocol.errors import ViolationError
from desktop_sim.protocol.types import AuthorizationStatus
from desktop_sim.station import commands as c
from desktop_sim.station.answer_rules import AnswerRuleProblem, AnswerRules
from desktop_sim.station.authorization_cache import AuthorizationCache, CacheEntry
from desktop_sim.station.commands import CommandRefused, RefusalCode, one_of, refused
from desktop_sim.station.configuration import Configuration, ConfigurationProblem
from desktop_sim.station.kernel import Kernel
from desktop_sim.station.keys import Key
from desktop_sim.station.outbox import Entry, Outbox
from desktop_sim.station.profile import AnswerRule
from desktop_sim.station.rpc import Rpc
from desktop_sim.station.switches import SWITCHES, Switches, SwitchProblem, switch_named


@dataclass(frozen=True, slots=True)
class Inside:
    """What a person sees and does with the station opened. One method a command, as in `operations`."""

    kernel: Kernel
    configuration: Configuration
    switches: Switches
    rpc: Rpc
    answer_rules: AnswerRules
    outbox: Outbox
    cache: AuthorizationCache

    def configuration_(self, command: c.Configuration) -> Any:
        if command.key is None:
            if command.value is not None:
                raise CommandRefused(RefusalCode.INVALID, "Say which key gets this value.")
            return [self._described(key) for key in self.configuration.all()]
        try:
            key = self.configuration.named(command.key)
            if command.value is None:
                return self._described(key)
            status = self.configuration.change_locally(key.name, command.value)
        except ConfigurationProblem as problem:
            raise CommandRefused(RefusalCode.INVALID, str(problem)) from None
        return {"key": key.name, "status": status.value}

    def cache_(self, command: c.Cache) -> Any:
        if command.act == "clear":
            self.cache.clear()
        elif command.act != "list":
            if not command.id_tag:
                raise CommandRefused(RefusalCode.INVALID, f"cache {command.act} needs an id_tag.")
            if command.act == "remove" and not self.cache.remove(command.id_tag):
                raise refused(f"{command.id_tag} is not in the cache.")
            if command.act == "add":
                self._add_to_cache(command, command.id_tag)
        return [msgspec.to_builtins(entry) for entry in self.cache.entries()]

    def queue(self, command: c.Queue) -> Any:
        if command.act != "list":
            entry = self._waiting(command.number)
            if command.act == "drop":
                done = self.outbox.drop(entry.number)
            else:
                done = self.outbox.edit(entry.number, _checked(entry.action, command.payload or {}))
            if not done:
                raise refused(f"Message {entry.number} is on the wire.")
        return [
            {
                "number": entry.number,
                "action": entry.action,
                "connector": entry.connector,
                "attempts": entry.attempts,
                "transaction_id": self.outbox.transaction_id(entry.local_id),
                "payload": msgspec.json.decode(bytes(entry.payload)),
            }
            for entry in self.outbox.entries()
        ]

    def switch(self, command: c.Switch) -> Any:
        try:
            if command.name is None:
                return [
                    {
                        "name": kind.name,
                        "value": self.switches[kind.name],
                        "values": kind.values or kind.form,
                        "does": kind.does,
                    }
                    for kind in SWITCHES.values()
                ]
            if command.value is not None:
                self.switches.set(command.name, command.value)
            name = switch_named(command.name).name
            return {"name": name, "value": self.switches[name]}
        except SwitchProblem as problem:
            raise CommandRefused(RefusalCode.INVALID, str(problem)) from None

    def answer(self, command: c.Answer) -> Any:
        if command.action is not None:
            rule = AnswerRule(
                answer=command.answer, code=command.code, payload=command.payload, delay=command.delay
            )
            try:
                self.answer_rules.set(command.action, rule)
            except AnswerRuleProblem as problem:
                raise CommandRefused(RefusalCode.INVALID, str(problem)) from None
        return {action: msgspec.to_builtins(rule) for action, rule in self.answer_rules.all().items()}

    def send(self, command: c.Send) -> dict[str, Any]:
        if not self.rpc.link_is_up:
            raise refused("There is no connection to send on.")
        if command.force:
            payload = msgspec.json.encode(command.payload)
            return {
                "message_id": self.rpc.call_by_hand(command.action, payload, always=True, verdict="forced")
            }
        action = ACTIONS.get(command.action)
        if action is None or not action.from_charge_point:
            names = ", ".join(name for name, known in ACTIONS.items() if known.from_charge_point)
            raise CommandRefused(
                RefusalCode.INVALID, f"A charge point sends one of: {names}. force=true sends anything."
            )
        if not self.rpc.open and command.action != "BootNotification":
            raise refused(
                "The central system has not accepted the station yet. force=true sends all the same."
            )
        payload = _checked(command.action, command.payload, " force=true sends it all the same.")
        always = command.action == "BootNotification"
        return {"message_id": self.rpc.call_by_hand(command.action, payload, always=always)}

    def send_raw(self, command: c.SendRaw) -> None:
        if not self.rpc.link_is_up:
            raise refused("There is no connection to send on.")
        self.rpc.send_by_hand(command.text)

    # --- helpers ---

    def _waiting(self, number: int | None) -> Entry:
        """The message meant by `queue drop` and `queue edit`."""
        entries = self.outbox.entries()
        found = next((entry for entry in entries if entry.number == number), None)
        if found is None:
            numbers = ", ".join(str(entry.number) for entry in entries) or "none"
            raise refused(f"There is no message {number} in the queue. Waiting: {numbers}.")
        return found

    def _described(self, key: Key) -> dict[str, Any]:
        return {
            "key": key.name,
            "value": self.configuration.shown().get(key.name),
            "readonly": key.access == "R",
            "type": key.form,
            "unit": key.unit,
            "reboot": self.configuration.needs_reboot(key.name),
        }

    def _add_to_cache(self, command: c.Cache, id_tag: str) -> None:
        if self.cache.listed(id_tag):
            raise refused(f"{id_tag} is in the local list, whose tags are never cached.")
        if not 1 <= len(id_tag) <= 20:
            raise CommandRefused(RefusalCode.INVALID, "An idTag has 1 to 20 characters.")
        self.cache.put(
            CacheEntry(
                id_tag=id_tag,
                status=one_of(AuthorizationStatus, command.status, "status"),
                parent=command.parent_id_tag,
                updated=self.kernel.now.sim,
            )
        )


def _checked(action: str, payload: dict[str, Any], hint: str = "") -> bytes:
    """The payload as JSON, if it keeps the schema of the action."""
    raw = msgspec.json.encode(payload)
    try:
        decode_request(action, raw)
    except ViolationError as error:
        violation = error.violation
        sentence = f"{action} {violation.path}: {violation.sentence}{hint}"
        raise CommandRefused(RefusalCode.INVALID, sentence) from None
    return raw
