"""The driver at the station: a simulated person who plugs in and drives away (DESIGN § 6).

Deterministic and without a clock: told what happened, asked when it wants to act, and then what it does. It acts by
ordinary commands only, as anybody at the window would; a refused one is shrugged off.
"""

from dataclasses import dataclass
from typing import Literal

from desktop_sim.station.commands import Command, PlugIn, Unplug
from desktop_sim.station.events import AnyEvent, AuthorizationEvent, StatusEvent, TransactionEvent

PLUG_IN_AFTER = 1_000_000
"""µs from an accepted RemoteStart or a presented tag to the cable being in."""

UNPLUG_AFTER = 2_000_000
"""µs from the end of the transaction to the cable being out."""


@dataclass(frozen=True, slots=True)
class _Plan:
    due: int
    connector: int | None
    act: Literal["plug_in", "unplug"]


class Person:
    """Plugs in 1 s after an accepted RemoteStart or a presented tag, unplugs 2 s after the transaction ended.

    A plan is given up when somebody else was quicker, the authorization fell through, or the next session began.
    """

    def __init__(self) -> None:
        self._plans: list[_Plan] = []
        self._charging: set[int | None] = set()

    def on_event(self, event: AnyEvent) -> None:
        """Take note of what happened."""
        match event:
            case AuthorizationEvent(what="remote" | "presented" | "granted"):
                self._authorized(event)
            case AuthorizationEvent(what="refused" | "expired" | "cancelled"):
                self._give_up("plug_in", event.connector)
            case TransactionEvent(what="started"):
                self._charging.add(event.connector)
                self._give_up("plug_in", event.connector)
                self._give_up("unplug", event.connector)
            case TransactionEvent(what="stopped"):
                self._charging.discard(event.connector)
                self._give_up("plug_in", event.connector)
                self._plan("unplug", event.connector, event.time + UNPLUG_AFTER)
            case StatusEvent(status="Available", by_hand=False):
                self._give_up("unplug", event.connector)
            case _:
                pass

    def next_deadline(self) -> int | None:
        """The simulated instant (µs) of the next act."""
        return min((plan.due for plan in self._plans), default=None)

    def due(self, now: int) -> list[Command]:
        """Take what the person does by the simulated instant `now` (µs), in order."""
        due = sorted((plan for plan in self._plans if plan.due <= now), key=lambda plan: plan.due)
        if due:
            self._plans = [plan for plan in self._plans if plan.due > now]
        return [_command(plan) for plan in due]

    def refused(self, command: Command) -> None:
        """The station would not do it: shrug."""

    def _authorized(self, event: AuthorizationEvent) -> None:
        if event.connector in self._charging:
            return
        if event.what == "granted" and self._planned("plug_in", event.connector):
            return
        self._give_up("plug_in", event.connector)
        self._plan("plug_in", event.connector, event.time + PLUG_IN_AFTER)

    def _plan(self, act: Literal["plug_in", "unplug"], connector: int | None, due: int) -> None:
        self._plans.append(_Plan(due, connector, act))

    def _planned(self, act: str, connector: int | None) -> bool:
        return any(plan.act == act and plan.connector == connector for plan in self._plans)

    def _give_up(self, act: str, connector: int | None) -> None:
        self._plans = [plan for plan in self._plans if plan.act != act or plan.connector != connector]


def _command(plan: _Plan) -> Command:
    return PlugIn(connector=plan.connector) if plan.act == "plug_in" else Unplug(connector=plan.connector)
