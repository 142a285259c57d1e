"""RemoteStartTransaction and RemoteStopTransaction (A.10, CORE-RSTART, CORE-RSTOP)."""

from typing import Any

import pytest

from desktop_sim.protocol.times import format_time
from desktop_sim.runtime.scripted_peer import Later
from desktop_sim.station import commands as c
from desktop_sim.station.events import AuthorizationEvent
from desktop_sim.station.profile import ConnectorProfile
from tests.conformance.coverage import covers
from tests.conformance.world import TAG, World

ACCEPTED, REJECTED = {"status": "Accepted"}, {"status": "Rejected"}
LATER = Later(10, {"idTagInfo": {"status": "Accepted"}})


def start(world: World, connector: int | None = None, id_tag: str = TAG, **more: Any) -> Any:
    where = {} if connector is None else {"connectorId": connector}
    return world.ask("RemoteStartTransaction", {"idTag": id_tag, **where, **more})


def profile(purpose: str = "TxProfile", **more: Any) -> dict[str, Any]:
    """A charging profile of 10 A."""
    return {
        "chargingProfileId": 1,
        "stackLevel": 0,
        "chargingProfilePurpose": purpose,
        "chargingProfileKind": "Relative",
        "chargingSchedule": {
            "chargingRateUnit": "A",
            "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 10.0}],
        },
        **more,
    }


# --- start ---


@covers("CORE-RSTART-1")
@pytest.mark.parametrize("authorize", ["true", "false"])
def test_the_answer_leaves_before_anything_follows(authorize: str) -> None:
    world = World(keys={"AuthorizeRemoteTxRequests": authorize})
    world.do(c.PlugIn())
    world.peer.clear()
    assert start(world) == ACCEPTED
    assert world.peer.messages[1].action == "RemoteStartTransaction"
    assert world.peer.messages[1].type == "result"
    follows = ["Authorize", "StartTransaction"] if authorize == "true" else ["StartTransaction"]
    assert world.peer.actions()[: len(follows)] == follows


@covers("CORE-RSTART-2")
@pytest.mark.parametrize("status", ["Invalid", "Blocked", "Expired", "ConcurrentTx"])
def test_a_tag_that_is_refused_starts_nothing(status: str) -> None:
    """TC_023_5: accepted, then dropped; the connector stays as it is."""
    world = World(
        keys={"AuthorizeRemoteTxRequests": "true"}, answers={"Authorize": {"idTagInfo": {"status": status}}}
    )
    assert start(world) == ACCEPTED
    world.do(c.PlugIn())
    world.run(10)
    assert world.told() == ["Authorize", "Status(1) Preparing"]
    assert [e.what for e in world.events(AuthorizationEvent)] == ["remote", "refused"]


@covers("CORE-RSTART-2")
def test_a_cached_tag_is_authorized_at_once() -> None:
    """TC_007_2."""
    world = World(keys={"AuthorizeRemoteTxRequests": "true", "LocalPreAuthorize": "true"})
    world.do(c.Cache(act="add", id_tag=TAG))
    world.do(c.PlugIn())
    assert start(world) == ACCEPTED
    assert "Authorize" not in world.peer.actions()
    assert world.status() == "Charging"


@covers("CORE-RSTART-2", "CORE-OFF-8")
def test_the_link_lost_on_the_way_is_offline_authorization() -> None:
    world = World(keys={"AuthorizeRemoteTxRequests": "true"}, answers={"Authorize": LATER})
    world.do(c.Cache(act="add", id_tag=TAG))
    world.do(c.PlugIn())
    start(world)
    world.offline()
    assert world.status() == "Charging"


@covers("CORE-RSTART-3")
def test_without_a_connector_one_with_the_cable_in_is_chosen() -> None:
    world = World(connectors=3)
    world.do(c.PlugIn(connector=3))
    assert start(world) == ACCEPTED
    assert world.peer.last("StartTransaction")["connectorId"] == 3


@covers("CORE-RSTART-3")
def test_else_a_free_one_rather_than_one_with_an_old_cable() -> None:
    world = World(connectors=3)
    world.start(1)
    world.do(c.Stop(connector=1))
    world.ask("ChangeAvailability", {"connectorId": 2, "type": "Inoperative"})
    assert start(world) == ACCEPTED
    assert [world.status(number) for number in (1, 2, 3)] == ["Finishing", "Unavailable", "Preparing"]
    assert start(world, id_tag="NEXT") == ACCEPTED
    assert world.peer.last("StartTransaction")["connectorId"] == 1


@covers("CORE-RSTART-3")
def test_else_none() -> None:
    world = World(connectors=2, switches={"SW-FINISHING-REMOTE": "reject"})
    world.start(1)
    world.do(c.Stop(connector=1))
    world.do(c.Error(connector=2, error_code="GroundFailure"))
    assert start(world) == REJECTED


@covers("CORE-RSTART-3")
def test_a_station_may_insist_on_a_connector() -> None:
    world = World(switches={"SW-REMOTE-NO-CONN": "reject"})
    assert start(world) == REJECTED
    assert start(world, 1) == ACCEPTED


@covers("CORE-RSTART-4")
@pytest.mark.parametrize("connector", [0, 2, -1, 99])
def test_no_such_connector(connector: int) -> None:
    assert start(World(), connector) == REJECTED


@covers("CORE-RSTART-4")
def test_connector_0_may_be_an_error() -> None:
    """TC_027."""
    world = World(switches={"SW-REMOTE-CONN0": "callerror"})
    assert start(world, 0) == "PropertyConstraintViolation"
    assert start(world, 2) == REJECTED


@covers("CORE-RSTART-5", "CORE-TX-8")
def test_a_busy_connector_is_rejected() -> None:
    """TC_026."""
    world = World()
    world.start()
    assert start(world, 1) == REJECTED
    assert start(world) == REJECTED
    assert start(world, 1, "OTHER") == REJECTED


@covers("CORE-RSTART-5", "CORE-AVAIL-11", "CORE-PWR-5")
@pytest.mark.parametrize(
    "act",
    [
        c.Error(error_code="GroundFailure"),
        c.Error(error_code="HighTemperature"),
        c.EmergencyStop(),
    ],
)
def test_a_broken_connector_is_rejected(act: c.Command) -> None:
    world = World()
    world.do(act)
    assert start(world, 1) == REJECTED
    assert start(world) == REJECTED


@covers("CORE-RSTART-5", "CORE-RSTART-3")
def test_what_is_reserved_is_for_its_tag_only() -> None:
    world = World()
    wish = {"connectorId": 1, "expiryDate": "2025-06-02T09:00:00Z", "idTag": TAG, "reservationId": 4}
    world.ask("ReserveNow", wish)
    assert start(world, 1, "OTHER") == REJECTED
    assert start(world, id_tag="OTHER") == REJECTED
    assert start(world) == ACCEPTED


@covers("CORE-RSTART-5")
def test_a_warning_does_not_matter() -> None:
    world = World()
    world.do(c.Error(error_code="WeakSignal"))
    assert start(world, 1) == ACCEPTED


@covers("CORE-RSTART-6", "C.1/ConnectionTimeOut")
def test_without_a_cable_it_waits_for_the_plug() -> None:
    """TC_011_1, TC_011_2."""
    world = World(keys={"ConnectionTimeOut": "30"})
    start(world, 1)
    world.run(29)
    world.do(c.PlugIn())
    assert world.told() == ["Status(1) Preparing", "StartTransaction", "Status(1) Charging"]
    world = World(keys={"ConnectionTimeOut": "30"})
    start(world, 1)
    world.run(31)
    assert world.told() == ["Status(1) Preparing", "Status(1) Available"]


@covers("CORE-RSTART-6")
def test_with_a_cable_it_starts_at_once() -> None:
    """TC_010."""
    world = World()
    world.do(c.PlugIn())
    start(world, 1)
    assert world.told() == ["Status(1) Preparing", "StartTransaction", "Status(1) Charging"]
    assert world.peer.last("StartTransaction")["idTag"] == TAG


@covers("CORE-RSTART-6")
@pytest.mark.parametrize("value, answer", [("accept", ACCEPTED), ("reject", REJECTED)])
def test_while_finishing_it_is_a_matter_of_taste(value: str, answer: dict[str, str]) -> None:
    world = World(switches={"SW-FINISHING-REMOTE": value})
    world.start()
    world.do(c.Stop())
    world.peer.clear()
    assert start(world, 1) == answer
    expected = ["StartTransaction", "Status(1) Preparing", "Status(1) Charging"]
    assert world.told() == (expected if answer == ACCEPTED else [])


@covers("CORE-RSTART-7")
@pytest.mark.parametrize(
    "wrong", [profile("TxDefaultProfile"), profile("ChargePointMaxProfile"), profile(transactionId=5)]
)
def test_only_a_tx_profile_without_a_transaction_can_come_along(wrong: dict[str, Any]) -> None:
    """TC_060."""
    world = World()
    assert start(world, 1, chargingProfile=wrong) == REJECTED
    assert world.status() == "Available"


@covers("CORE-RSTART-8")
def test_a_station_without_smart_charging_ignores_the_profile() -> None:
    world = World(keys={"SupportedFeatureProfiles": "Core,RemoteTrigger"})
    world.do(c.PlugIn())
    assert start(world, 1, chargingProfile=profile("TxDefaultProfile")) == ACCEPTED
    world.run(10)
    assert world.connector()["watts"] == 3680


@covers("CORE-RSTART-9")
def test_the_profile_lives_with_the_transaction() -> None:
    world = World()
    world.do(c.PlugIn())
    assert start(world, 1, chargingProfile=profile()) == ACCEPTED
    world.run(10)
    assert world.connector()["amperes"] == 10
    world.do(c.Stop())
    world.start()
    world.run(10)
    assert world.connector()["amperes"] == 16


@covers("CORE-RSTART-9")
def test_the_profile_of_an_attempt_that_timed_out_is_gone() -> None:
    world = World(keys={"ConnectionTimeOut": "10"})
    start(world, 1, chargingProfile=profile())
    world.run(11)
    world.start()
    world.run(10)
    assert world.connector()["amperes"] == 16


@covers("CORE-RSTART-10", "CORE-BOOT-8")
@pytest.mark.parametrize("value, answer", [("reject", REJECTED), ("callerror", "SecurityError")])
def test_while_pending_it_is_refused(value: str, answer: Any) -> None:
    pending = {"status": "Pending", "currentTime": format_time(0), "interval": 600}
    world = World(switches={"SW-PENDING-REMOTE": value}, answers={"BootNotification": pending})
    assert start(world, 1) == answer
    assert world.ask("RemoteStopTransaction", {"transactionId": 1}) == answer


@covers("CORE-RSTART-11")
def test_again_for_the_same_tag_is_accepted_and_counts_anew() -> None:
    world = World(keys={"ConnectionTimeOut": "30"})
    start(world, 1)
    world.run(20)
    assert start(world, 1, TAG.lower()) == ACCEPTED
    assert start(world) == ACCEPTED
    assert start(world, 1, "OTHER") == REJECTED
    world.run(20)
    assert world.status() == "Preparing"
    world.run(11)
    assert world.statuses() == ["Preparing", "Available"]


@covers("CORE-RSTART-11")
def test_again_while_the_tag_is_being_checked() -> None:
    world = World(keys={"AuthorizeRemoteTxRequests": "true"}, answers={"Authorize": LATER})
    world.do(c.PlugIn())
    assert start(world, 1) == ACCEPTED
    assert start(world, 1) == ACCEPTED
    assert start(world, 1, "OTHER") == REJECTED
    world.run(11)
    assert world.peer.actions().count("Authorize") == 1
    assert world.peer.actions().count("StartTransaction") == 1


@covers("CORE-RSTART-5")
def test_what_breaks_while_the_tag_is_being_checked_does_not_start() -> None:
    world = World(keys={"AuthorizeRemoteTxRequests": "true"}, answers={"Authorize": LATER})
    start(world, 1)
    world.do(c.Error(error_code="GroundFailure"))
    world.run(11)
    world.do(c.ClearFault())
    world.do(c.PlugIn())
    assert world.status() == "Preparing"
    assert "StartTransaction" not in world.peer.actions()


@covers("CORE-RSTART-3")
def test_direct_current_starts_just_so() -> None:
    world = World(
        connectors=(ConnectorProfile(current="DC", max_amperes=200, fixed_cable=True, cable_amperes=200),)
    )
    start(world)
    world.do(c.PlugIn())
    assert world.status() == "Charging"


# --- stop ---


@covers("CORE-RSTOP-1", "CORE-RSTOP-3")
def test_a_running_transaction_stops_as_if_locally() -> None:
    """TC_012: the same messages, with the reason Remote; the cable comes free."""
    world = World(connectors=2)
    world.start(1)
    transaction = world.start(2)
    world.peer.clear()
    assert world.ask("RemoteStopTransaction", {"transactionId": transaction}) == ACCEPTED
    assert world.peer.messages[1].type == "result"
    assert world.told() == ["StopTransaction Remote", "Status(2) Finishing"]
    assert (world.status(1), world.connector(2)["locked"]) == ("Charging", False)


@covers("CORE-RSTOP-1")
@pytest.mark.parametrize("transaction", [0, 2, 99, -1])
def test_an_unknown_id_is_rejected_and_nothing_ends(transaction: int) -> None:
    """TC_028."""
    world = World()
    world.start()
    assert world.ask("RemoteStopTransaction", {"transactionId": transaction}) == REJECTED
    world.run(5)
    assert world.status() == "Charging"


@covers("CORE-RSTOP-1", "CORE-TXQ-11")
@pytest.mark.parametrize("transaction", [0, -5, 2**31])
def test_any_number_is_an_id(transaction: int) -> None:
    answer = {"transactionId": transaction, "idTagInfo": {"status": "Accepted"}}
    world = World(answers={"StartTransaction": answer})
    world.start()
    assert world.ask("RemoteStopTransaction", {"transactionId": transaction}) == ACCEPTED
    assert world.peer.last("StopTransaction")["transactionId"] == transaction


@covers("CORE-RSTOP-2")
def test_before_the_id_is_known_nothing_can_be_stopped_by_it() -> None:
    world = World(
        answers={"StartTransaction": Later(10, {"transactionId": 1, "idTagInfo": {"status": "Accepted"}})}
    )
    world.do(c.Start())
    assert world.ask("RemoteStopTransaction", {"transactionId": 1}) == REJECTED
    world.run(11)
    assert world.ask("RemoteStopTransaction", {"transactionId": 1}) == ACCEPTED
    assert world.ask("RemoteStopTransaction", {"transactionId": 1}) == REJECTED


@covers("CORE-RSTOP-2")
def test_minus_one_is_nobodys_id() -> None:
    world = World(answers={"StartTransaction": {"transactionId": -1, "idTagInfo": {"status": "Accepted"}}})
    world.start()
    assert world.ask("RemoteStopTransaction", {"transactionId": -1}) == REJECTED
    assert world.status() == "Charging"
