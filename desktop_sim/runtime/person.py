"""The driver at the station: a simulated person who plugs in and drives away (DESIGN § 6).

Deterministic and without a clock: told what happened, asked when it wants to act, and then what it does. It acts by
ordinary commands only, as anybody at the window would; a refused one is shrugged off.
"""

from desktop_sim.station.commands import Command, PlugIn, Unplug
from desktop_sim.station.events import AnyEvent, AuthorizationEvent, StatusEvent, TransactionEvent

PLUG_IN_AFTER = 1_000_000
"""µs from an accepted RemoteStart or a presented tag to the cable being in."""

UNPLUG_AFTER = 2_000_000
"""µs from the end of the transaction to the cable being out."""


class Person:
    """Plugs in 1 s after an accepted RemoteStart or a presented tag, unplugs 2 s after the transaction ended.

    A plan is given up when somebody else was quicker, the authorization fell through, or the next session began.
    """

    def __init__(self) -> None:
        self._plug_in: dict[str, tuple[int, int]] = {}
        """Tag → (when, connector)."""
        self._unplug: dict[int, int] = {}
        """Connector → when."""
        self._charging: set[int] = set()
        self._finishing: set[int] = set()

    def on_event(self, event: AnyEvent) -> None:
        """Take note of what happened."""
        match event:
            case AuthorizationEvent(connector=int(connector), what="remote" | "presented"):
                self._authorizing(event, connector)
            case AuthorizationEvent(connector=int(connector), what="granted") if connector in self._charging:
                self._plug_in.pop(event.id_tag, None)  # another card of the group: this is a stop
            case AuthorizationEvent(what="refused" | "expired" | "cancelled"):
                self._plug_in.pop(event.id_tag, None)
            case TransactionEvent(connector=int(connector), what="started"):
                self._started(connector)
            case TransactionEvent(connector=int(connector), what="stopped"):
                self._stopped(connector, event.time)
            case StatusEvent(connector=int(connector), by_hand=False):
                self._status(connector, event.status)
            case _:
                pass

    def next_deadline(self) -> int | None:
        """The simulated instant (µs) of the next act."""
        dues = [due for due, _ in self._plug_in.values()]
        return min((*dues, *self._unplug.values()), default=None)

    def due(self, now: int) -> list[Command]:
        """Take what the person does by the simulated instant `now` (µs), in order."""
        acts: list[tuple[int, int, Command]] = []
        for tag, (due, connector) in list(self._plug_in.items()):
            if due <= now:
                del self._plug_in[tag]
                acts.append((due, connector, PlugIn(connector=connector)))
        for connector, due in list(self._unplug.items()):
            if due <= now:
                del self._unplug[connector]
                acts.append((due, connector, Unplug(connector=connector)))
        return [command for _, _, command in sorted(acts, key=lambda act: act[:2])]

    def refused(self, command: Command) -> None:
        """The station would not do it: shrug."""

    def _authorizing(self, event: AuthorizationEvent, connector: int) -> None:
        """Somebody wants to charge here. Not so where a session runs, or its cable is still in."""
        if connector not in self._charging and connector not in self._finishing:
            self._plug_in[event.id_tag] = (event.time + PLUG_IN_AFTER, connector)

    def _started(self, connector: int) -> None:
        self._charging.add(connector)
        self._unplug.pop(connector, None)
        self._give_up_plugging(connector)

    def _stopped(self, connector: int, now: int) -> None:
        self._charging.discard(connector)
        self._give_up_plugging(connector)
        self._unplug[connector] = now + UNPLUG_AFTER

    def _status(self, connector: int, status: str) -> None:
        if status == "Finishing":
            self._finishing.add(connector)
        else:
            self._finishing.discard(connector)
        if status == "Available":  # somebody has pulled the cable already
            self._unplug.pop(connector, None)

    def _give_up_plugging(self, connector: int) -> None:
        self._plug_in = {tag: plan for tag, plan in self._plug_in.items() if plan[1] != connector}
