"""Reservation: a connector, or any one of the station, is kept for a tag for a while (CONFORMANCE A.12).

A reservation of connector 0 shows nowhere: of the free connectors so many stay free as are kept that way (RES-4).
"""

from collections.abc import Callable, Sequence
from typing import Any

from msgspec import UNSET

from desktop_sim.protocol.actions import FeatureProfile
from desktop_sim.protocol.reservation import (
    CancelReservationRequest,
    CancelReservationResponse,
    ReserveNowRequest,
    ReserveNowResponse,
)
from desktop_sim.protocol.types import CancelReservationStatus, ChargePointStatus, ReservationStatus
from desktop_sim.station import commands as c
from desktop_sim.station.authorization import Authorization, Verdict
from desktop_sim.station.commands import CommandRefused, RefusalCode
from desktop_sim.station.configuration import Configuration
from desktop_sim.station.connectors import Connector, Connectors, Reservation, Tag
from desktop_sim.station.events import ReservationEvent
from desktop_sim.station.kernel import Kernel
from desktop_sim.station.known_tag import read_expiry
from desktop_sim.station.switches import Switches
from desktop_sim.station.timers import Timer

ANY = 0
"""The connector of a reservation that keeps any one."""


class Reservations:
    """All reservations of a station, by their ids, over any stop (RES-10).

    Attributes:
        floating: the tag that has a permission and waits for any plug, if one does (CORE-AUTH-13).
    """

    def __init__(
        self,
        kernel: Kernel,
        connectors: Connectors,
        configuration: Configuration,
        switches: Switches,
        authorization: Authorization,
    ) -> None:
        self._kernel = kernel
        self._connectors = connectors
        self._configuration = configuration
        self._switches = switches
        self._authorization = authorization
        self.floating: Callable[[], Tag | None] = _nobody
        self._all: dict[int, Reservation] = {}
        self._timers: dict[int, Timer] = {}
        for reservation in kernel.load_all("reservation", Reservation).values():
            self._put(reservation)

    # --- what happens ---

    def power_up(self) -> None:
        """A boot: what ran out meanwhile is over, the rest is waited for again (RES-10)."""
        for reservation in self.all():
            if not self._configuration.profile_is_on(FeatureProfile.Reservation):
                self._end(reservation, "ended", reason="reservations are switched off")
            elif reservation.connector != ANY and self._connectors.get(reservation.connector) is None:
                self._end(reservation, "ended", reason=f"there is no connector {reservation.connector}")
        self.watch_clock()

    def watch_clock(self) -> None:
        """The clock may have moved: what is over ends, the rest is waited for anew (RES-7, RES-13)."""
        for reservation in self.all():
            if reservation.expires <= self._kernel.station_time:
                self._end(reservation, "expired")
            else:
                self._arm(reservation)

    def refresh(self) -> None:
        """End what a fault, or going out of service, has made impossible (RES-7, CORE-AVAIL-8)."""
        for reservation in self.all():
            reason = self._impossible(reservation)
            if reason:
                self._end(reservation, "ended", reason=reason)

    # --- looking ---

    def all(self) -> list[Reservation]:
        """Every reservation, by its id."""
        return [self._all[number] for number in sorted(self._all)]

    def admits(self, connector: Connector, tag: Tag) -> bool | None:
        """Whether a tag may use this connector; None: only its parent, not known here, could tell (RES-4, RES-5)."""
        if connector.reservation:
            return connector.reservation.admits(tag)
        kept = self._kept()
        others = sum(_is_free(one) for one in self._connectors if one is not connector)
        if others >= len(kept):
            return True
        answers = [reservation.admits(tag) for reservation in kept]
        return True if True in answers else None if None in answers else False

    def info(self, connector: int) -> list[dict[str, Any]]:
        """The reservations of a connector (0: of any one), as plain data."""
        return [_plain(reservation) for reservation in self.all() if reservation.connector == connector]

    # --- using ---

    def use(self, connector: Connector, tag: Tag) -> int | None:
        """A transaction starts: the id of the reservation it uses, which is over with that (RES-6, RES-14)."""
        own = connector.reservation
        reservation = own if own and own.admits(tag) else _first(self._kept(), tag)
        if reservation is None:
            return None
        self._end(reservation, "used", connector=connector.id)
        return reservation.id

    # --- messages ---

    def on_reserve_now(self, request: ReserveNowRequest) -> ReserveNowResponse:
        """Answer ReserveNow; a known id is replaced (RES-1 to RES-4, RES-9)."""
        wish = Reservation(
            id=request.reservation_id,
            connector=request.connector_id,
            tag=Tag(
                id_tag=request.id_tag,
                parent=None if request.parent_id_tag is UNSET else request.parent_id_tag or None,
            ),
            expires=read_expiry(self._kernel, request.expiry_date),
        )
        status = self._judge(wish, self._all.get(wish.id))
        if status is ReservationStatus.Accepted:
            self._make(wish)
            if self._switches.is_on("SW-RESERVE-AUTHORIZE"):
                self._kernel.afterwards(lambda: self._check(wish))
        return ReserveNowResponse(status=status)

    def on_cancel_reservation(self, request: CancelReservationRequest) -> CancelReservationResponse:
        """Answer CancelReservation (RES-8)."""
        reservation = self._all.get(request.reservation_id)
        if reservation is None:
            return CancelReservationResponse(status=CancelReservationStatus.Rejected)
        self._end(reservation, "cancelled")
        return CancelReservationResponse(status=CancelReservationStatus.Accepted)

    # --- the command ---

    def carry_out(self, command: c.Reservations) -> list[dict[str, Any]]:
        """Show the reservations, or end one at the station's own side. Raises CommandRefused."""
        if command.act == "cancel":
            self._end(self._named(command.reservation_id), "cancelled", reason="by hand")
        return [_plain(reservation) for reservation in self.all()]

    def _named(self, number: int | None) -> Reservation:
        if not self._all:
            raise CommandRefused(RefusalCode.REFUSED, "Nothing is reserved.")
        if number is None and len(self._all) == 1:
            return self.all()[0]
        numbers = " or ".join(str(known) for known in sorted(self._all))
        if number is None:
            raise CommandRefused(RefusalCode.REFUSED, f"Which reservation? There is {numbers}.")
        if number not in self._all:
            raise CommandRefused(RefusalCode.REFUSED, f"There is no reservation {number}, but {numbers}.")
        return self._all[number]

    # --- judging ---

    def _judge(self, wish: Reservation, before: Reservation | None) -> ReservationStatus:
        """How a wish is answered; `before` is the reservation it would replace."""
        if self._switches["SW-RESERVATIONS"] == "reject" or wish.expires <= self._kernel.station_time:
            return ReservationStatus.Rejected
        if wish.connector == ANY:
            return self._judge_any(wish, before)
        connector = self._connectors.get(wish.connector)
        return self._judge_one(connector, wish, before) if connector else ReservationStatus.Rejected

    def _judge_one(
        self, connector: Connector, wish: Reservation, before: Reservation | None
    ) -> ReservationStatus:
        if connector.faulted or self._station_broken():
            return ReservationStatus.Faulted
        if connector.status is ChargePointStatus.Unavailable:
            return ReservationStatus.Unavailable
        if before and connector.reservation is before:
            holder = connector.grant is None or wish.admits(connector.grant.tag)
            return ReservationStatus.Accepted if holder else ReservationStatus.Occupied
        others = sum(self._could_keep(one, before) for one in self._connectors if one is not connector)
        enough = self._could_keep(connector, before) and others >= self._needed(before)
        return ReservationStatus.Accepted if enough else ReservationStatus.Occupied

    def _judge_any(self, wish: Reservation, before: Reservation | None) -> ReservationStatus:
        name = "ReserveConnectorZeroSupported"
        if not self._configuration.has(name) or not self._configuration.flag(name):
            return ReservationStatus.Rejected
        if self._station_broken():
            return ReservationStatus.Faulted
        if not self._connectors.station_operative:
            return ReservationStatus.Unavailable
        free = sum(self._could_keep(connector, before) for connector in self._connectors)
        if free > self._needed(before) or self._waits_for_plug(wish, before):
            return ReservationStatus.Accepted
        statuses = {connector.status for connector in self._connectors}
        if statuses == {ChargePointStatus.Faulted}:
            return ReservationStatus.Faulted
        if statuses <= {ChargePointStatus.Faulted, ChargePointStatus.Unavailable}:
            return ReservationStatus.Unavailable
        return ReservationStatus.Occupied

    def _could_keep(self, connector: Connector, before: Reservation | None) -> bool:
        """Whether a connector is free and nobody is being asked about, or kept by what is to be replaced."""
        replaced = before is not None and connector.reservation is before
        freed = replaced and connector.status is ChargePointStatus.Reserved and not connector.cable_in
        return (_is_free(connector) and not connector.asking) or freed

    def _waits_for_plug(self, wish: Reservation, before: Reservation | None) -> bool:
        """Whether the holder of a reservation of any connector, which only gets another end, has chosen one."""
        same = before is not None and before.connector == ANY and before.tag == wish.tag
        return same and before not in self._kept()

    def _needed(self, without: Reservation | None) -> int:
        """How many free connectors are spoken for: kept, or for whoever has a permission and looks for a plug."""
        kept = self._kept(without=without)
        tag = self.floating()
        looking = tag is not None and not any(reservation.admits(tag) for reservation in kept)
        return len(kept) + looking

    def _kept(self, without: Reservation | None = None) -> list[Reservation]:
        """The reservations of any connector whose holders have not chosen one yet."""
        kept = [one for one in self.all() if one.connector == ANY and one is not without]
        for connector in self._connectors:
            if connector.grant and connector.reservation is None:
                chosen = _first(kept, connector.grant.tag)
                if chosen:
                    kept.remove(chosen)
        return kept

    def _impossible(self, reservation: Reservation) -> str:
        """Why a reservation cannot be kept; empty if it can."""
        if self._station_broken():
            return "the station is Faulted"
        connector = self._connectors.get(reservation.connector)
        if connector is None:
            return "" if any(map(self._works, self._connectors)) else "no connector can be used"
        state = "Faulted" if connector.faulted else "Unavailable"
        return "" if self._works(connector) else f"connector {connector.id} is {state}"

    def _works(self, connector: Connector) -> bool:
        """Whether a connector is neither broken nor out of service, nor kept free for new firmware."""
        return connector.operative and not connector.faulted and not self._connectors.updating

    def _station_broken(self) -> bool:
        premises = self._connectors.premises
        return premises.emergency or premises.fault is not None

    # --- inside ---

    def _make(self, reservation: Reservation) -> None:
        before = self._all.get(reservation.id)
        if before:
            self._forget(before)
        self._put(reservation)
        self._kernel.store("reservation", str(reservation.id), reservation)
        self._arm(reservation)
        self._tell(reservation, "replaced" if before else "reserved")

    def _put(self, reservation: Reservation) -> None:
        self._all[reservation.id] = reservation
        connector = self._connectors.get(reservation.connector)
        if connector:
            connector.reservation = reservation

    def _end(
        self, reservation: Reservation, what: str, *, connector: int | None = None, reason: str = ""
    ) -> None:
        self._forget(reservation)
        self._kernel.forget("reservation", str(reservation.id))
        self._tell(reservation, what, connector=connector, reason=reason)

    def _forget(self, reservation: Reservation) -> None:
        del self._all[reservation.id]
        timer = self._timers.pop(reservation.id, None)
        if timer:
            timer.cancel()
        connector = self._connectors.get(reservation.connector)
        if connector and connector.reservation is reservation:
            connector.reservation = None

    def _arm(self, reservation: Reservation) -> None:
        """Wait for the end: an absolute time, so it moves when the offset to the central system's clock does."""
        timer = self._timers.pop(reservation.id, None)
        if timer:
            timer.cancel()
        due = reservation.expires - self._kernel.offset
        self._timers[reservation.id] = self._kernel.at(due, lambda: self._end(reservation, "expired"))

    def _check(self, reservation: Reservation) -> None:
        """Ask about the tag ahead of time (RES-12); it is asked about again when it is presented."""

        def on_verdict(verdict: Verdict) -> None:
            if not verdict.accepted:
                sentence = f"{verdict.tag.id_tag}, for whom reservation {reservation.id} is, would be refused"
                self._kernel.log("warning", f"{sentence}: {verdict.status.value}.")

        self._authorization.ask(reservation.tag.id_tag, on_verdict)

    def _tell(
        self, reservation: Reservation, what: str, *, connector: int | None = None, reason: str = ""
    ) -> None:
        self._kernel.emit(
            ReservationEvent,
            connector=connector or reservation.connector or None,
            what=what,
            reservation_id=reservation.id,
            id_tag=reservation.tag.id_tag,
            parent_id_tag=reservation.tag.parent or "",
            expires=reservation.expires,
            reason=reason,
        )


def _is_free(connector: Connector) -> bool:
    """Whether anybody could start there now; what has changed in this very turn counts too."""
    taken = connector.transaction or connector.grant or connector.reservation
    return not taken and connector.status is ChargePointStatus.Available


def _first(reservations: Sequence[Reservation], tag: Tag) -> Reservation | None:
    """The reservation a tag uses: one of its own before one of its group."""
    fitting = [one for one in reservations if one.admits(tag)]
    return min(fitting, key=lambda one: (not one.tag.is_same(tag.id_tag), one.id), default=None)


def _plain(reservation: Reservation) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "id": reservation.id,
        "connector": reservation.connector,
        "id_tag": reservation.tag.id_tag,
        "expires": reservation.expires,
    }
    if reservation.tag.parent:
        plain["parent_id_tag"] = reservation.tag.parent
    return plain


def _nobody() -> Tag | None:
    return None
