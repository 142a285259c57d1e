"""Messages of the Reservation profile (conformance A.12)."""

from __future__ import annotations

from msgspec import UNSET, UnsetType

from desktop_sim.protocol.types import (
    CancelReservationStatus,
    IdToken,
    Integer,
    Request,
    ReservationStatus,
    Response,
    Timestamp,
)


class CancelReservationRequest(Request):
    """End a reservation."""

    reservation_id: Integer


class CancelReservationResponse(Response):
    """Whether the reservation was known (RES-8)."""

    status: CancelReservationStatus


class ReserveNowRequest(Request):
    """Keep a connector for a tag until `expiry_date`; connector 0 means any one (RES-4)."""

    connector_id: Integer
    expiry_date: Timestamp
    id_tag: IdToken
    reservation_id: Integer
    parent_id_tag: IdToken | UnsetType = UNSET


class ReserveNowResponse(Response):
    """Whether the connector is kept."""

    status: ReservationStatus
