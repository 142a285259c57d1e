"""Certification cases of the Reservation profile, by their ids."""

from collections.abc import Callable
from typing import Any

import pytest

from desktop_sim.station import commands as c
from desktop_sim.station.commands import CommandRefused
from tests.certification.bench import one, prepared
from tests.conformance.asks import OTHER, availability, cancel, remote_start, reserve
from tests.conformance.replies import tag
from tests.conformance.world import TAG, World

PARENT = "PARENT"
ANY = 0


def present(station: World, id_tag: str, connector: int | None = None) -> None:
    """Hold a card to the reader; one that shows red at once is part of the case."""
    try:
        station.do(c.PresentTag(id_tag=id_tag, connector=connector))
    except CommandRefused:
        pass
    station.run(1)


def test_TC_046_1_CS_a_reserved_connector_and_a_local_start() -> None:
    """Steps: ReserveNow for a tag; another tag is presented with the cable in; then the tag itself.

    Passes when the connector is Reserved, the other tag brings about neither Authorize nor StartTransaction, and the
    tag itself is authorized and starts with the reservationId.
    """
    station = prepared()
    assert reserve(station, 46) == "Accepted"
    assert station.statuses() == ["Reserved"]
    station.do(c.PlugIn(connector=1))
    present(station, OTHER)
    assert station.peer.actions() == ["StatusNotification"]
    present(station, TAG)
    assert one(station, "Authorize") == {"idTag": TAG}
    started = one(station, "StartTransaction")
    assert (started["connectorId"], started["idTag"], started["reservationId"]) == (1, TAG, 46)
    assert station.statuses() == ["Reserved", "Preparing", "Charging"]


def test_TC_046_1_CS_with_the_tag_before_the_cable() -> None:
    """Steps: as above, but the cable comes last. Passes when nothing else differs."""
    station = prepared()
    assert reserve(station, 46) == "Accepted"
    present(station, OTHER)
    present(station, TAG)
    station.do(c.PlugIn(connector=1))
    station.run(1)
    assert one(station, "Authorize") == {"idTag": TAG}
    assert one(station, "StartTransaction")["reservationId"] == 46
    assert station.statuses() == ["Reserved", "Preparing", "Charging"]


@pytest.mark.parametrize("authorize", ["true", "false"])
def test_TC_046_2_CS_a_reserved_connector_and_a_remote_start(authorize: str) -> None:
    """Steps: ReserveNow for a tag, RemoteStartTransaction with it, plug in.

    Passes when it is Accepted, and StartTransaction names the tag and the reservation.
    """
    station = prepared({"AuthorizeRemoteTxRequests": authorize})
    assert reserve(station, 46) == "Accepted"
    assert remote_start(station) == "Accepted"
    station.do(c.PlugIn(connector=1))
    station.run(1)
    assert ("Authorize" in station.peer.actions()) == (authorize == "true")
    started = one(station, "StartTransaction")
    assert (started["idTag"], started["reservationId"]) == (TAG, 46)
    assert station.statuses() == ["Reserved", "Preparing", "Charging"]


def test_TC_047_CS_a_reservation_runs_out() -> None:
    """Steps: ReserveNow with an expiryDate close by; wait. Passes when Available follows Reserved by itself."""
    station = prepared()
    assert reserve(station, 47, seconds=30) == "Accepted"
    station.run(29)
    assert station.statuses() == ["Reserved"]
    station.run(2)
    assert station.statuses() == ["Reserved", "Available"]


def test_TC_048_1_CS_the_connector_is_faulted() -> None:
    """Before: the connector is Faulted. Steps: ReserveNow. Passes when the answer is Faulted."""
    station = prepared()
    station.do(c.Error(connector=1, error_code="GroundFailure"))
    assert reserve(station) == "Faulted"


@pytest.mark.parametrize(
    "occupy",
    [
        lambda station: station.do(c.PlugIn(connector=1)),
        lambda station: station.start(),
        lambda station: (station.start(), station.do(c.Stop())),
        lambda station: reserve(station, 1, 1, OTHER),
    ],
    ids=["Preparing", "Charging", "Finishing", "Reserved"],
)
def test_TC_048_2_CS_the_connector_is_occupied(occupy: Callable[[World], Any]) -> None:
    """Before: the connector is in use. Steps: ReserveNow. Passes when the answer is Occupied."""
    station = prepared()
    occupy(station)
    assert reserve(station, 2) == "Occupied"


def test_TC_048_3_CS_the_connector_is_unavailable() -> None:
    """Before: ChangeAvailability Inoperative. Steps: ReserveNow. Passes when the answer is Unavailable."""
    station = prepared()
    assert availability(station, "Inoperative") == "Accepted"
    assert reserve(station) == "Unavailable"


def test_TC_048_4_CS_the_station_does_not_reserve() -> None:
    """Before: the station is set to take no reservations. Steps: ReserveNow. Passes when the answer is Rejected."""
    assert reserve(prepared(switches={"SW-RESERVATIONS": "reject"})) == "Rejected"


@pytest.mark.parametrize("connectors", [1, 2])
@pytest.mark.parametrize("remote", [False, True])
def test_TC_049_CS_connector_0_is_reserved_and_used(connectors: int, remote: bool) -> None:
    """Before: ReserveConnectorZeroSupported is true.

    Steps: ReserveNow for connector 0, start with its tag. Passes when it is Accepted, and StartTransaction names the
    reservation.
    """
    station = prepared(connectors=connectors)
    assert station.key("ReserveConnectorZeroSupported") == "true"
    assert reserve(station, 49, ANY) == "Accepted"
    station.do(c.PlugIn(connector=1))
    if remote:
        assert remote_start(station) == "Accepted"
    else:
        present(station, TAG)
    station.run(1)
    started = one(station, "StartTransaction")
    assert (started["connectorId"], started["idTag"], started["reservationId"]) == (1, TAG, 49)


def test_TC_050_1_CS_connector_0_is_faulted() -> None:
    """Before: all connectors are Faulted. Steps: ReserveNow for connector 0. Passes when the answer is Faulted."""
    station = prepared(connectors=2)
    for connector in (1, 2):
        station.do(c.Error(connector=connector, error_code="GroundFailure"))
    assert reserve(station, 50, ANY) == "Faulted"


def test_TC_050_2_CS_connector_0_is_occupied() -> None:
    """Before: all connectors are in use. Steps: ReserveNow for connector 0. Passes when the answer is Occupied."""
    station = prepared(connectors=2)
    station.start(1)
    station.start(2, OTHER)
    assert reserve(station, 50, ANY) == "Occupied"


def test_TC_050_3_CS_connector_0_is_unavailable() -> None:
    """Before: ChangeAvailability Inoperative for connector 0. Steps: ReserveNow for connector 0.

    Passes when the answer is Unavailable.
    """
    station = prepared(connectors=2)
    assert availability(station, "Inoperative", ANY) == "Accepted"
    assert reserve(station, 50, ANY) == "Unavailable"


def test_TC_050_4_CS_connector_0_cannot_be_reserved() -> None:
    """Before: ReserveConnectorZeroSupported is false. Steps: ReserveNow for connector 0. Passes when it is Rejected."""
    station = prepared(made_with={"ReserveConnectorZeroSupported": "false"})
    assert reserve(station, 50, ANY) == "Rejected"
    assert reserve(station, 50, 1) == "Accepted"


def test_TC_051_CS_a_reservation_is_cancelled() -> None:
    """Before: a connector is reserved. Steps: CancelReservation with its id. Passes when Available follows."""
    station = prepared()
    assert reserve(station, 51) == "Accepted"
    assert cancel(station, 51) == "Accepted"
    assert station.statuses() == ["Reserved", "Available"]


def test_TC_052_CS_an_unknown_reservation_is_cancelled() -> None:
    """Steps: CancelReservation with an id nobody has. Passes when it is Rejected, and what is reserved stays so."""
    station = prepared()
    assert reserve(station, 51) == "Accepted"
    assert cancel(station, 52) == "Rejected"
    assert station.statuses() == ["Reserved"]


def test_TC_053_1_CS_another_tag_of_the_group_starts() -> None:
    """Steps: ReserveNow with a parentIdTag; another tag is presented whose Authorize names that parent.

    Passes when it is asked about, and StartTransaction names that tag and the reservation.
    """
    station = prepared(answers={"Authorize": tag(parent=PARENT)})
    assert reserve(station, 53, parent=PARENT) == "Accepted"
    station.do(c.PlugIn(connector=1))
    present(station, OTHER)
    assert one(station, "Authorize") == {"idTag": OTHER}
    started = one(station, "StartTransaction")
    assert (started["idTag"], started["reservationId"]) == (OTHER, 53)
    assert station.statuses() == ["Reserved", "Preparing", "Charging"]


@pytest.mark.parametrize("authorize", ["true", "false"])
def test_TC_053_2_CS_another_tag_of_the_group_starts_remotely(authorize: str) -> None:
    """Steps: as TC_053_1_CS, with RemoteStartTransaction. Passes when it is Accepted, asked about, and started."""
    station = prepared({"AuthorizeRemoteTxRequests": authorize}, answers={"Authorize": tag(parent=PARENT)})
    assert reserve(station, 53, parent=PARENT) == "Accepted"
    station.do(c.PlugIn(connector=1))
    assert remote_start(station, OTHER) == "Accepted"
    station.run(1)
    assert one(station, "Authorize") == {"idTag": OTHER}
    started = one(station, "StartTransaction")
    assert (started["idTag"], started["reservationId"]) == (OTHER, 53)
