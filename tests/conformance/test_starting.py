"""Starting a transaction (A.7, CORE-TX)."""

import pytest

from desktop_sim.runtime.scripted_peer import Failure, Later
from desktop_sim.station import commands as c
from desktop_sim.station.commands import CommandRefused
from desktop_sim.station.events import AuthorizationEvent, TransactionEvent
from desktop_sim.station.profile import ConnectorProfile
from tests.conformance.coverage import covers
from tests.conformance.world import TAG, World

INVALID = {"idTagInfo": {"status": "Invalid"}}


def authorizations(world: World) -> list[tuple[str, str, int | None]]:
    return [(e.what, e.id_tag, e.connector) for e in world.events(AuthorizationEvent)]


@covers("CORE-TX-1", "CORE-TX-5")
def test_plug_first_then_the_tag() -> None:
    world = World()
    world.do(c.PlugIn())
    world.run(10)
    assert world.told() == ["Status(1) Preparing"]
    world.do(c.PresentTag(id_tag=TAG))
    assert world.told() == [
        "Status(1) Preparing",
        "Authorize",
        "StartTransaction",
        "Status(1) Charging",
    ]
    assert world.peer.last("StartTransaction") == {
        "connectorId": 1,
        "idTag": TAG,
        "meterStart": 0,
        "timestamp": "2025-06-02T07:00:10.500Z",
    }


@covers("CORE-TX-1", "CORE-TX-5")
def test_tag_first_then_the_plug() -> None:
    """Nothing starts on the tag alone; the timestamp is that of the plug."""
    world = World()
    world.do(c.PresentTag(id_tag=TAG))
    world.run(20)
    assert world.told() == ["Authorize", "Status(1) Preparing"]
    world.do(c.PlugIn())
    assert world.told() == ["Authorize", "Status(1) Preparing", "StartTransaction", "Status(1) Charging"]
    assert world.peer.last("StartTransaction")["timestamp"] == "2025-06-02T07:00:20.500Z"


@covers("CORE-TX-1", "CORE-TX-5")
def test_start_at_once_shows_preparing_first() -> None:
    world = World()
    world.do(c.Start())
    assert world.told() == [
        "Status(1) Preparing",
        "Authorize",
        "StartTransaction",
        "Status(1) Charging",
    ]


@covers("CORE-TX-5")
@pytest.mark.parametrize(
    "pause, status", [(c.SuspendEv(), "SuspendedEV"), (c.SuspendEvse(), "SuspendedEVSE")]
)
def test_a_paused_start_goes_straight_to_suspended(pause: c.Command, status: str) -> None:
    world = World()
    world.do(pause)
    world.start()
    assert world.statuses() == ["Preparing", status]
    world.run(60)
    assert world.connector()["meter_wh"] == 0


@covers("CORE-TX-1", "CORE-MV-12")
def test_meter_start_is_the_register_in_whole_wh() -> None:
    """The register goes on where it was: the second transaction begins with the end of the first."""
    world = World()
    for _ in range(2):
        transaction = world.start()
        world.run(100)
        world.ask("RemoteStopTransaction", {"transactionId": transaction})
        world.do(c.Unplug())
        world.run(30)
    starts = [p["meterStart"] for p in world.peer.payloads("StartTransaction")]
    stops = [p["meterStop"] for p in world.peer.payloads("StopTransaction")]
    assert starts == [0, stops[0]]
    assert stops[0] == pytest.approx(100 * 3680 / 3600, abs=3)
    assert all(isinstance(figure, int) for figure in starts + stops)


@covers("CORE-TX-3")
def test_energy_flows_before_the_answer() -> None:
    world = World(answers={"StartTransaction": None})
    world.do(c.Start())
    world.run(10)
    assert world.status() == "Charging"
    assert world.connector()["watts"] == 3680
    assert world.connector()["transaction"]["id"] is None


@covers("CORE-TX-4")
def test_the_answer_gives_the_transaction_its_id_and_the_tag_its_parent() -> None:
    """Another tag of the parent named in StartTransaction.conf may stop (CORE-AUTH-5)."""
    world = World(
        answers={
            "StartTransaction": {
                "transactionId": 4711,
                "idTagInfo": {"status": "Accepted", "parentIdTag": "FAMILY"},
            }
        }
    )
    assert world.start() == 4711
    world.peer.answers["Authorize"] = {"idTagInfo": {"status": "Accepted", "parentIdTag": "family"}}
    world.do(c.PresentTag(id_tag="COUSIN"))
    assert world.peer.last("StopTransaction")["transactionId"] == 4711
    assert world.peer.last("StopTransaction")["idTag"] == "COUSIN"


@covers("CORE-TX-4", "CORE-OFF-3")
@pytest.mark.parametrize("status", ["Invalid", "Blocked", "Expired", "ConcurrentTx"])
def test_a_refused_start_is_stopped_or_starved(status: str) -> None:
    refused = {"transactionId": 5, "idTagInfo": {"status": status}}
    world = World(answers={"StartTransaction": refused})
    world.do(c.Start())
    world.run(1)
    assert world.told()[-2:] == ["StopTransaction DeAuthorized", "Status(1) Finishing"]
    assert world.connector()["locked"]
    world = World(answers={"StartTransaction": refused}, keys={"StopTransactionOnInvalidId": "false"})
    world.do(c.Start())
    world.run(100)
    assert world.status() == "SuspendedEVSE"
    assert "StopTransaction" not in world.peer.actions()
    assert world.connector()["watts"] == 0


@covers("CORE-TX-6", "C.1/ConnectionTimeOut")
def test_no_plug_in_time_takes_the_permission_back() -> None:
    """B1: counted from Preparing, not from Authorize."""
    world = World(
        keys={"ConnectionTimeOut": "30"},
        answers={"Authorize": Later(5, {"idTagInfo": {"status": "Accepted"}})},
    )
    world.do(c.PresentTag(id_tag=TAG))
    world.run(34.9)
    assert world.status() == "Preparing"
    world.run(0.2)
    assert world.statuses() == ["Preparing", "Available"]
    world.do(c.PlugIn())
    world.run(5)
    assert "StartTransaction" not in world.peer.actions()
    assert ("expired", TAG, 1) in authorizations(world)


@covers("CORE-TX-6", "C.1/ConnectionTimeOut")
def test_no_tag_in_time_shows_finishing() -> None:
    """B6; the tag may still come later (F2)."""
    world = World(keys={"ConnectionTimeOut": "30"})
    world.do(c.PlugIn())
    world.run(29)
    assert world.status() == "Preparing"
    world.run(2)
    assert world.statuses() == ["Preparing", "Finishing"]
    world.do(c.PresentTag(id_tag=TAG))
    assert world.statuses() == ["Preparing", "Finishing", "Preparing", "Charging"]


@covers("CORE-TX-6", "C.1/ConnectionTimeOut")
def test_time_out_zero_waits_for_ever() -> None:
    world = World(keys={"ConnectionTimeOut": "0"}, connectors=2)
    world.do(c.PlugIn(connector=1))
    world.do(c.PresentTag(id_tag="OTHER", connector=2))
    world.run(86_400)
    assert (world.status(1), world.status(2)) == ("Preparing", "Preparing")


@covers("CORE-TX-6", "C.1/ConnectionTimeOut")
@pytest.mark.parametrize("seconds, status", [("20", "Available"), ("90", "Preparing"), ("0", "Preparing")])
def test_another_time_out_counts_for_those_who_wait_already(seconds: str, status: str) -> None:
    world = World(keys={"ConnectionTimeOut": "60"})
    world.do(c.PresentTag(id_tag=TAG))
    world.run(30)
    assert world.change("ConnectionTimeOut", seconds) == "Accepted"
    world.run(0)
    assert world.status() == status
    world.run(45)
    assert world.status() == status


@covers("CORE-TX-6", "CORE-AUTH-13")
def test_a_time_out_switched_on_again_counts_from_the_begin() -> None:
    world = World(connectors=2, keys={"ConnectionTimeOut": "0"})
    world.do(c.PresentTag(id_tag=TAG))
    world.run(100)
    world.change("ConnectionTimeOut", "130")
    world.run(29)
    assert ("expired", TAG, None) not in authorizations(world)
    world.run(2)
    assert ("expired", TAG, None) in authorizations(world)


@covers("CORE-TX-7")
def test_the_same_tag_again_takes_the_wish_back() -> None:
    world = World()
    world.do(c.PresentTag(id_tag=TAG))
    assert world.status() == "Preparing"
    world.do(c.PresentTag(id_tag=TAG.lower()))
    assert world.statuses() == ["Preparing", "Available"]
    world.do(c.PlugIn())
    assert "StartTransaction" not in world.peer.actions()
    assert world.peer.actions().count("Authorize") == 1


@covers("CORE-TX-7", "CORE-AUTH-13")
def test_the_same_tag_again_takes_a_floating_wish_back() -> None:
    world = World(connectors=2)
    world.do(c.PresentTag(id_tag=TAG))
    world.do(c.PresentTag(id_tag=TAG))
    assert ("cancelled", TAG, None) in authorizations(world)
    world.do(c.PlugIn(connector=2))
    assert world.status(2) == "Preparing"
    assert "StartTransaction" not in world.peer.actions()


@covers("CORE-TX-8")
def test_one_transaction_a_connector() -> None:
    """Another tag, locally or remotely, finds the only connector busy."""
    world = World()
    world.start()
    world.do(c.PresentTag(id_tag="OTHER"))
    assert world.ask("RemoteStartTransaction", {"idTag": "OTHER"}) == {"status": "Rejected"}
    assert world.peer.actions().count("StartTransaction") == 1
    assert ("refused", "OTHER", None) in authorizations(world)
    with pytest.raises(CommandRefused, match="A transaction runs at connector 1 already"):
        world.do(c.Start(id_tag="OTHER"))


@covers("CORE-TX-8", "CORE-AVAIL-11")
def test_an_unavailable_connector_refuses() -> None:
    world = World()
    world.ask("ChangeAvailability", {"connectorId": 1, "type": "Inoperative"})
    with pytest.raises(CommandRefused, match="connector 1 is Unavailable"):
        world.do(c.PresentTag(id_tag=TAG))
    world.do(c.PlugIn())
    with pytest.raises(CommandRefused, match="connector 1 is Unavailable"):
        world.do(c.PresentTag(id_tag=TAG))
    assert world.ask("RemoteStartTransaction", {"connectorId": 1, "idTag": TAG}) == {"status": "Rejected"}
    assert "Authorize" not in world.peer.actions()


@covers("CORE-TX-8", "CORE-AUTH-8")
def test_what_becomes_unusable_while_the_tag_is_checked_does_not_start() -> None:
    """The verdict finds the connector as it is then."""
    world = World(answers={"Authorize": Later(10, {"idTagInfo": {"status": "Accepted"}})})
    world.do(c.PlugIn())
    world.do(c.PresentTag(id_tag=TAG))
    world.do(c.Error(error_code="GroundFailure"))
    world.run(20)
    world.do(c.ClearFault())
    assert world.statuses() == ["Preparing", "Faulted", "Preparing"]
    assert ("refused", TAG, 1) in authorizations(world)
    assert "granted" not in world.connector()
    assert "StartTransaction" not in world.peer.actions()


@covers("CORE-AUTH-13")
def test_one_reader_waits_for_the_first_plug() -> None:
    world = World(connectors=3)
    world.do(c.PresentTag(id_tag=TAG))
    world.run(5)
    assert {world.status(number) for number in (1, 2, 3)} == {"Available"}
    world.do(c.PlugIn(connector=3))
    assert world.peer.last("StartTransaction")["connectorId"] == 3
    assert world.statuses(3)[-1] == "Charging"


@covers("CORE-AUTH-13")
def test_the_plug_may_come_while_the_tag_is_checked() -> None:
    world = World(connectors=2, answers={"Authorize": Later(3, {"idTagInfo": {"status": "Accepted"}})})
    world.do(c.PresentTag(id_tag=TAG))
    world.run(1)
    world.do(c.PlugIn(connector=2))
    world.run(5)
    assert world.peer.last("StartTransaction")["connectorId"] == 2
    assert world.status(1) == "Available"


@covers("CORE-AUTH-13")
def test_the_next_driver_takes_the_place_of_one_who_never_plugged_in() -> None:
    world = World(connectors=2)
    world.do(c.PresentTag(id_tag="FIRST"))
    world.do(c.PresentTag(id_tag="SECOND"))
    world.do(c.PlugIn(connector=1))
    assert world.peer.last("StartTransaction")["idTag"] == "SECOND"
    assert ("cancelled", "FIRST", None) in authorizations(world)


@covers("CORE-AUTH-13")
def test_a_waiting_car_comes_before_a_free_place() -> None:
    world = World(connectors=2)
    world.do(c.PlugIn(connector=2))
    world.do(c.PresentTag(id_tag=TAG))
    assert world.peer.last("StartTransaction")["connectorId"] == 2


@covers("CORE-AUTH-13")
def test_of_two_waiting_cars_the_one_that_is_not_timed_out_comes_first() -> None:
    world = World(connectors=2, keys={"ConnectionTimeOut": "30"})
    world.do(c.PlugIn(connector=1))
    world.run(40)
    world.do(c.PlugIn(connector=2))
    assert (world.status(1), world.status(2)) == ("Finishing", "Preparing")
    world.do(c.PresentTag(id_tag=TAG))
    assert world.peer.last("StartTransaction")["connectorId"] == 2
    world.do(c.PresentTag(id_tag="OTHER"))
    assert world.peer.last("StartTransaction")["connectorId"] == 1


@covers("CORE-AUTH-13")
def test_another_drivers_cable_is_left_alone() -> None:
    """The first driver's car is still at connector 1: the second one gets connector 2, the first one 1 again."""
    world = World(connectors=2)
    world.start(1, "FIRST")
    world.do(c.PresentTag(id_tag="FIRST"))
    assert world.status(1) == "Finishing"
    world.do(c.PresentTag(id_tag="SECOND"))
    assert (world.status(1), world.status(2)) == ("Finishing", "Preparing")
    world.do(c.PlugIn(connector=2))
    assert world.peer.last("StartTransaction")["idTag"] == "SECOND"
    world.do(c.PresentTag(id_tag="FIRST"))
    assert world.peer.last("StartTransaction") | {"timestamp": ""} == {
        "connectorId": 1,
        "idTag": "FIRST",
        "meterStart": 0,
        "timestamp": "",
    }


@covers("CORE-AUTH-13", "CORE-AUTH-5")
def test_a_tag_of_the_group_stops_rather_than_use_a_strangers_cable() -> None:
    group = {"idTagInfo": {"status": "Accepted", "parentIdTag": "FAMILY"}}
    world = World(connectors=2)
    world.start(2, "STRANGER")
    world.do(c.PresentTag(id_tag="STRANGER"))
    world.peer.answers["Authorize"] = group
    world.start(1, "MOTHER")
    world.do(c.PresentTag(id_tag="FATHER"))
    assert world.peer.last("StopTransaction")["idTag"] == "FATHER"
    assert (world.status(1), world.status(2)) == ("Finishing", "Finishing")


@covers("CORE-AUTH-13", "CORE-AUTH-5")
def test_a_tag_of_the_group_starts_where_its_own_car_waits() -> None:
    world = World(
        connectors=2, answers={"Authorize": {"idTagInfo": {"status": "Accepted", "parentIdTag": "FAMILY"}}}
    )
    world.start(1, "MOTHER")
    world.do(c.PlugIn(connector=2))
    world.do(c.PresentTag(id_tag="FATHER"))
    assert world.status(1) == world.status(2) == "Charging"


@covers("CORE-TX-1")
def test_a_tag_held_twice_while_it_is_checked_is_asked_about_once() -> None:
    world = World(answers={"Authorize": Later(3, {"idTagInfo": {"status": "Accepted", "parentIdTag": "F"}})})
    world.do(c.PlugIn())
    world.do(c.PresentTag(id_tag=TAG))
    with pytest.raises(CommandRefused, match="USER001 is being checked already"):
        world.do(c.PresentTag(id_tag=TAG))
    world.run(10)
    assert world.status() == "Charging"
    assert world.peer.actions().count("Authorize") == 1


@covers("CORE-TX-1")
def test_start_uses_a_permission_that_waits_for_the_plug() -> None:
    world = World()
    world.do(c.PresentTag(id_tag=TAG))
    world.do(c.Start())
    assert world.status() == "Charging"
    assert world.peer.actions().count("StopTransaction") == 0


@covers("CORE-TX-2", "CORE-TX-8")
def test_a_reservation_is_named_by_the_start_that_uses_it() -> None:
    """Once, and only by its tag."""
    world = World()
    wish = {"connectorId": 1, "expiryDate": "2025-06-02T09:00:00Z", "idTag": TAG, "reservationId": 44}
    assert world.ask("ReserveNow", wish) == {"status": "Accepted"}
    with pytest.raises(CommandRefused, match="connector 1 is Reserved"):
        world.do(c.Start(id_tag="OTHER"))
    world.start()
    assert world.peer.last("StartTransaction")["reservationId"] == 44
    world.do(c.Stop())
    world.do(c.Unplug())
    world.start(1, "OTHER")
    assert "reservationId" not in world.peer.last("StartTransaction")


@covers("CORE-TX-4")
def test_an_unanswered_start_is_repeated_and_then_known() -> None:
    world = World(
        answers={"StartTransaction": [Failure(), {"transactionId": 9, "idTagInfo": {"status": "Accepted"}}]}
    )
    world.do(c.Start())
    world.run(61)
    assert world.connector()["transaction"]["id"] == 9
    first, second = world.peer.payloads("StartTransaction")
    assert first == second


@covers("CORE-TX-1")
def test_each_start_tells_what_is_about_to_flow() -> None:
    """16 A on one phase of 230 V; a three-phase outlet gives a two-phase car two of them."""
    world = World()
    world.start()
    (event,) = [e for e in world.events(TransactionEvent) if e.what == "started"]
    assert (event.amperes, event.volts, event.watts) == (16.0, 230.0, 3680.0)
    world = World(connectors=(ConnectorProfile(phases=3),))
    world.start()
    (event,) = [e for e in world.events(TransactionEvent) if e.what == "started"]
    assert (event.amperes, event.volts, event.watts) == (16.0, 230.0, 11_040.0)
