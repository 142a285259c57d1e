"""The card reader: what a presented idTag does (CORE-AUTH-5 to CORE-AUTH-13, A.24).

One reader serves all connectors unless the person says which one is meant. In this order: the tag of a running
transaction stops it, a waiting tag presented again cancels, a tag that keeps a lock closed opens it, otherwise a
transaction is to start, or another tag of the same group is to stop one. What is reserved admits only its tag (RES-5).
"""

from desktop_sim.protocol.types import ChargePointErrorCode, ChargePointStatus, Reason
from desktop_sim.station.authorization import Authorization, Verdict
from desktop_sim.station.cable import Cable
from desktop_sim.station.commands import CommandRefused, RefusalCode
from desktop_sim.station.connection_time_out import ConnectionTimeOut
from desktop_sim.station.connectors import Connector, Connectors, Fault, Grant, Tag
from desktop_sim.station.events import AuthorizationEvent
from desktop_sim.station.kernel import Kernel
from desktop_sim.station.reservation import Reservations
from desktop_sim.station.transactions import Transactions

ANY_PLUG = 0
"""Where ConnectionTimeOut counts for a permission that waits for the first plug."""


class Reader:
    """The reader of a station, and the permission that waits for the first plug (CORE-AUTH-13)."""

    def __init__(
        self,
        kernel: Kernel,
        connectors: Connectors,
        authorization: Authorization,
        transactions: Transactions,
        cable: Cable,
        time_out: ConnectionTimeOut,
        reservations: Reservations,
    ) -> None:
        self._kernel = kernel
        self._connectors = connectors
        self._authorization = authorization
        self._transactions = transactions
        self._cable = cable
        self._time_out = time_out
        self._reservations = reservations
        self._floating: Grant | None = None

    def power_up(self) -> None:
        """A boot: permissions are lost with the power."""
        self._floating = None
        for connector in self._connectors:
            connector.grant = None
            connector.asking.clear()

    def floating(self) -> Tag | None:
        """The tag whose permission waits for the first plug."""
        return self._floating.tag if self._floating else None

    # --- presenting ---

    def present(self, id_tag: str, connector: Connector | None) -> None:
        """Hold a card to the reader. Raises CommandRefused where a reader would show red at once."""
        places = self._read(id_tag, connector)
        if self._stop_own(id_tag, places) or self._cancel(id_tag, places) or self._open_lock(id_tag, places):
            return
        self._need_start(id_tag, places)
        tag = self._tag(id_tag)
        target = self._target(tag, places)
        self._tell("presented", id_tag, target or connector)
        unsure = target is not None and self._reservations.admits(target, tag) is None
        if target:
            target.asking.add(id_tag.casefold())
        self._authorization.ask(
            id_tag, lambda verdict: self._decided(verdict, target, places), for_parent=unsure
        )

    def check(self, id_tag: str, connector: Connector) -> None:
        """Raises CommandRefused where this card could not start anything."""
        self._need_start(id_tag, self._read(id_tag, connector))

    def plugged(self, connector: Connector) -> None:
        """A car was connected: a permission that floats belongs to this plug."""
        floating = self._floating
        free = self._transactions.is_free(connector)
        if floating and free and self._reservations.admits(connector, floating.tag):
            grant, self._floating = floating, None
            self._time_out.end(ANY_PLUG)
            self._transactions.grant(connector, grant)
        else:
            self._transactions.start_if_ready(connector)

    def _read(self, id_tag: str, connector: Connector | None) -> list[Connector]:
        """The connectors a card is for: the one named, else all whose reader works (ReaderFailure)."""
        if not 1 <= len(id_tag) <= 20:
            raise CommandRefused(RefusalCode.INVALID, "An idTag has 1 to 20 characters.")
        places = [connector] if connector else list(self._connectors)
        works = [place for place in places if not _reader_broken(place.world.warning)]
        if not works or _reader_broken(self._connectors.premises.warning):
            raise CommandRefused(
                RefusalCode.REFUSED,
                "The card reader is broken (ReaderFailure). A remote start works; clear_fault repairs it.",
            )
        return works

    def _need_start(self, id_tag: str, places: list[Connector]) -> None:
        if not self._authorization.charging_allowed:
            raise CommandRefused(
                RefusalCode.REFUSED,
                "The central system has not accepted this station yet, so nobody can charge. Connect it first.",
            )
        if self._transactions.busy():
            raise CommandRefused(
                RefusalCode.REFUSED, "The station is about to restart. Try again in a moment."
            )
        if any(id_tag.casefold() in place.asking for place in places):
            raise CommandRefused(RefusalCode.REFUSED, f"{id_tag} is being checked already.")
        useful = any(place.transaction or place.world.held_for for place in places)
        if not useful and self._target(self._tag(id_tag), places) is None:
            raise CommandRefused(RefusalCode.REFUSED, self._why_not(places))

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
            self._forget_floating("cancelled")
            return True
        return False

    def _open_lock(self, id_tag: str, places: list[Connector]) -> bool:
        """A lock that waits for this very tag opens (CORE-OFF-3, CORE-EV-2)."""
        for connector in places:
            held = connector.world.held_for
            if held and held.is_same(id_tag):
                self._tell("presented", id_tag, connector)
                self._cable.unlock(connector)
                return True
        return False

    # --- what the verdict does ---

    def _decided(self, verdict: Verdict, asked: Connector | None, places: list[Connector]) -> None:
        tag = verdict.tag
        if asked:
            asked.asking.discard(tag.id_tag.casefold())
        target = self._target(tag, places, sure=True)
        member = self._same_group(tag, places)
        if not verdict.accepted or (target is None and member is None):
            self._tell("refused", tag.id_tag, asked, verdict)
        elif member and (target is None or not self._waits(target, tag)):
            self._tell("granted", tag.id_tag, member, verdict)
            self._end_for_group(member, tag.id_tag)
        elif target:
            self._start(target, tag, verdict, places)

    def _end_for_group(self, member: Connector, id_tag: str) -> None:
        """Another tag of the group stops the transaction, or opens the lock it left closed."""
        if member.transaction:
            self._transactions.stop(member, Reason.Local, id_tag)
        else:
            self._cable.unlock(member)

    def _start(self, target: Connector, tag: Tag, verdict: Verdict, places: list[Connector]) -> None:
        anywhere = sum(place.status is ChargePointStatus.Available for place in places) > 1
        if anywhere and not target.cable_in and target.reservation is None:
            self._tell("granted", tag.id_tag, None, verdict)
            self._float(Grant(tag))
            return
        self._tell("granted", tag.id_tag, target, verdict)
        self._transactions.grant(target, Grant(tag))

    def _float(self, grant: Grant) -> None:
        self._forget_floating("cancelled")
        self._floating = grant
        self._time_out.begin(ANY_PLUG, lambda: self._forget_floating("expired"))

    def _forget_floating(self, why: str) -> None:
        if self._floating:
            self._tell(why, self._floating.tag.id_tag, None)
            self._floating = None
            self._time_out.end(ANY_PLUG)

    # --- choosing ---

    def _tag(self, id_tag: str) -> Tag:
        """The tag with its group, as far as that is known here."""
        return Tag(id_tag=id_tag, parent=self._authorization.known_parent(id_tag))

    def _target(self, tag: Tag, places: list[Connector], *, sure: bool = False) -> Connector | None:
        """The connector a new transaction would be on (CORE-AUTH-13); `sure`: not one whose group is still unknown."""
        refusals = (False, None) if sure else (False,)
        free = [
            (_rank(place, tag.id_tag), place.id, place)
            for place in places
            if self._transactions.is_free(place) and self._reservations.admits(place, tag) not in refusals
        ]
        return min((choice for choice in free if choice[0] <= _ELSE), default=(0, 0, None))[2]

    def _waits(self, connector: Connector, tag: Tag) -> bool:
        """Whether this tag is awaited there, by a car or a reservation: it starts rather than stops another's."""
        rank = _rank(connector, tag.id_tag)
        return rank == _OWN or (connector.cable_in and rank < _ELSE)

    def _same_group(self, tag: Tag, places: list[Connector]) -> Connector | None:
        """Where a transaction runs, or a lock waits, that this tag of the same group may end (CORE-AUTH-5)."""
        for connector in places:
            whose = connector.transaction.tag if connector.transaction else connector.world.held_for
            if whose and tag.in_group_of(whose):
                return connector
        return None

    def _why_not(self, places: list[Connector]) -> str:
        """Why nobody can start here, or nobody but somebody else (RES-5)."""
        states = []
        for place in places:
            state = f"is {place.status.value}"
            if place.grant:
                state = f"waits for the plug of {place.grant.tag.id_tag}"
            elif place.reservation is None and self._transactions.is_free(place):
                state = "is kept by a reservation"
            states.append(f"connector {place.id} {state}")
        who = "This tag cannot" if any(map(self._transactions.is_free, places)) else "Nobody can"
        return f"{who} start charging here now: {', '.join(states)}."

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


_OWN = 0
"""The rank of a connector reserved for the tag itself."""

_ELSE = 5
"""The rank of a connector where somebody else's cable is still in."""


def _rank(connector: Connector, id_tag: str) -> int:
    """How well a connector suits a tag: reserved for it, a car that waits, one it charged before, a free one, one
    reserved for its group, any other cable."""
    match connector.status:
        case ChargePointStatus.Reserved if connector.reservation:
            return _OWN if connector.reservation.tag.is_same(id_tag) else 4
        case ChargePointStatus.Preparing:
            return 1
        case ChargePointStatus.Finishing if connector.world.held_for:
            return _ELSE + 1
        case ChargePointStatus.Finishing:
            return 2 if connector.world.last_tag.casefold() in ("", id_tag.casefold()) else _ELSE
        case ChargePointStatus.Available:
            return 3
        case _:
            return _ELSE + 1


def _reader_broken(warning: Fault | None) -> bool:
    return warning is not None and warning.error_code is ChargePointErrorCode.ReaderFailure
