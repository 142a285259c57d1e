"""The card reader: what a presented idTag does (CORE-AUTH-5 to CORE-AUTH-13, A.24).

One reader serves all connectors unless the person says which one is meant. In this order: the tag of a running
transaction stops it, a waiting tag presented again cancels, a tag that keeps a lock closed opens it, otherwise a
transaction is to start, or another tag of the same group is to stop one.
"""

from desktop_sim.protocol.types import ChargePointStatus, Reason
from desktop_sim.station.authorization import Authorization, Verdict
from desktop_sim.station.cable import Cable
from desktop_sim.station.commands import CommandRefused, RefusalCode
from desktop_sim.station.configuration import Configuration
from desktop_sim.station.connectors import Connector, Connectors, Grant, Tag
from desktop_sim.station.events import AuthorizationEvent
from desktop_sim.station.kernel import Kernel
from desktop_sim.station.timers import Timer
from desktop_sim.station.transactions import Transactions

_FREE = (ChargePointStatus.Preparing, ChargePointStatus.Finishing, ChargePointStatus.Available)


class Reader:
    """The reader of a station, and the permission that waits for the first plug (CORE-AUTH-13)."""

    def __init__(
        self,
        kernel: Kernel,
        connectors: Connectors,
        configuration: Configuration,
        authorization: Authorization,
        transactions: Transactions,
        cable: Cable,
    ) -> None:
        self._kernel = kernel
        self._connectors = connectors
        self._configuration = configuration
        self._authorization = authorization
        self._transactions = transactions
        self._cable = cable
        self._floating: Grant | None = None
        self._patience: Timer | None = None

    def power_up(self) -> None:
        """A boot: permissions are lost with the power."""
        self._floating = self._patience = None
        for connector in self._connectors:
            connector.grant = None
            connector.asking.clear()

    # --- presenting ---

    def present(self, id_tag: str, connector: Connector | None) -> None:
        """Hold a card to the reader. Raises CommandRefused where a reader would show red at once."""
        if not 1 <= len(id_tag) <= 20:
            raise CommandRefused(RefusalCode.INVALID, "An idTag has 1 to 20 characters.")
        places = [connector] if connector else list(self._connectors)
        if self._stop_own(id_tag, places) or self._cancel(id_tag, places) or self._open_lock(id_tag, places):
            return
        self.need_registration()
        target = self._target(places)
        if target is None and not any(place.transaction for place in places):
            raise CommandRefused(RefusalCode.REFUSED, _why_not(places))
        self._tell("presented", id_tag, target or connector)
        if target:
            target.asking.add(id_tag.casefold())
        self._authorization.ask(id_tag, lambda verdict: self._decided(verdict, target, places))

    def need_registration(self) -> None:
        """Raises CommandRefused while nobody may charge here at all (CORE-BOOT-12, CORE-BOOT-14)."""
        if not self._authorization.charging_allowed:
            raise CommandRefused(
                RefusalCode.REFUSED,
                "The central system has not accepted this station yet, so nobody can charge. Connect it first.",
            )

    def plugged(self, connector: Connector) -> None:
        """A car was connected: a permission that floats belongs to this plug."""
        if (
            self._floating
            and connector.transaction is None
            and connector.grant is None
            and connector.operative
        ):
            grant, self._floating = self._floating, None
            self._stop_waiting()
            self._transactions.grant(connector, grant)
        else:
            self._transactions.start_if_ready(connector)

    # --- what a known tag does at once ---

    def _stop_own(self, id_tag: str, places: list[Connector]) -> bool:
        for connector in places:
            if connector.transaction and connector.transaction.tag.is_same(id_tag):
                self._tell("presented", id_tag, connector)
                self._transactions.stop(connector, Reason.Local, id_tag)
                return True
        return False

    def _cancel(self, id_tag: str, places: list[Connector]) -> bool:
        """The same tag again while it waits for the plug takes the wish back (CORE-TX-7)."""
        for connector in places:
            if connector.grant and connector.grant.tag.is_same(id_tag):
                connector.grant = None
                self._tell("cancelled", id_tag, connector)
                return True
        if self._floating and self._floating.tag.is_same(id_tag):
            self._floating = None
            self._stop_waiting()
            self._tell("cancelled", id_tag, None)
            return True
        return False

    def _open_lock(self, id_tag: str, places: list[Connector]) -> bool:
        for connector in places:
            held = connector.world.held_for
            parent = self._authorization.known_parent(id_tag)
            if held and (held.is_same(id_tag) or Tag(id_tag=id_tag, parent=parent).in_group_of(held)):
                self._tell("presented", id_tag, connector)
                self._cable.unlock(connector)
                return True
        return False

    # --- what the verdict does ---

    def _decided(self, verdict: Verdict, target: Connector | None, places: list[Connector]) -> None:
        tag = verdict.tag
        if target:
            target.asking.discard(tag.id_tag.casefold())
        if not verdict.accepted:
            self._tell("refused", tag.id_tag, target, verdict)
            return
        waiting = target is not None and target.cable_in and target.transaction is None
        member = None if waiting else self._same_group(tag, places)
        if member:
            self._tell("granted", tag.id_tag, member, verdict)
            self._transactions.stop(member, Reason.Local, tag.id_tag)
        elif target is None:
            self._tell("refused", tag.id_tag, None, verdict)
        elif target.transaction is None and target.grant is None:
            self._start(target, tag, verdict, places)

    def _start(self, target: Connector, tag: Tag, verdict: Verdict, places: list[Connector]) -> None:
        if not target.cable_in and sum(place.status is ChargePointStatus.Available for place in places) > 1:
            self._tell("granted", tag.id_tag, None, verdict)
            self._float(Grant(tag))
            return
        self._tell("granted", tag.id_tag, target, verdict)
        target.world.finishing = False
        self._transactions.grant(target, Grant(tag))

    def _float(self, grant: Grant) -> None:
        self._stop_waiting()
        self._floating = grant
        seconds = self._configuration.number("ConnectionTimeOut")
        if seconds:
            self._patience = self._kernel.after(seconds, self._tired)

    def _tired(self) -> None:
        if self._floating:
            self._tell("expired", self._floating.tag.id_tag, None)
            self._floating = None

    def _stop_waiting(self) -> None:
        if self._patience:
            self._patience.cancel()
            self._patience = None

    # --- choosing ---

    def _target(self, places: list[Connector]) -> Connector | None:
        """The connector a new transaction would be on: one with a cable first, then any free one."""
        for status in _FREE:
            for connector in places:
                if connector.status is status and connector.transaction is None and connector.grant is None:
                    return connector
        return None

    def _same_group(self, tag: Tag, places: list[Connector]) -> Connector | None:
        for connector in places:
            if connector.transaction and tag.in_group_of(connector.transaction.tag):
                return connector
        return None

    def _tell(
        self, what: str, id_tag: str, connector: Connector | None, verdict: Verdict | None = None
    ) -> None:
        self._kernel.emit(
            AuthorizationEvent,
            connector=connector.id if connector else None,
            what=what,
            id_tag=id_tag,
            status=verdict.status.value if verdict else "",
            source=verdict.source if verdict else "",
        )


def _why_not(places: list[Connector]) -> str:
    states = ", ".join(f"connector {place.id} is {place.status.value}" for place in places)
    return f"Nobody can start charging here now: {states}."
