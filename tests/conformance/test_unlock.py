"""UnlockConnector (A.10, CORE-UNL)."""

import pytest

from desktop_sim.runtime.scripted_peer import Later
from desktop_sim.station import commands as c
from desktop_sim.station.profile import ConnectorProfile
from tests.conformance.coverage import covers
from tests.conformance.world import TAG, World

FIXED = (ConnectorProfile(fixed_cable=True),)
REFUSED = {"transactionId": 1, "idTagInfo": {"status": "Invalid"}}


def unlock(world: World, connector: int = 1) -> str:
    return str(world.ask("UnlockConnector", {"connectorId": connector})["status"])


@covers("CORE-UNL-1")
@pytest.mark.parametrize("plugged", [True, False])
def test_without_a_session(plugged: bool) -> None:
    """TC_017_1; a lock that is open already is unlocked as well."""
    world = World()
    if plugged:
        world.do(c.PlugIn())
    world.peer.clear()
    assert unlock(world) == "Unlocked"
    assert world.told() == []


@covers("CORE-UNL-1")
def test_a_cable_that_is_held_comes_free() -> None:
    world = World(answers={"StartTransaction": REFUSED})
    world.do(c.Start())
    world.run(1)
    world.do(c.Unplug())
    assert world.connector()["locked"]
    assert unlock(world) == "Unlocked"
    assert (world.status(), world.connector()["locked"]) == ("Available", False)


@covers("CORE-UNL-1")
@pytest.mark.parametrize("connector", [0, 2, -1])
def test_no_such_connector(connector: int) -> None:
    """TC_031."""
    assert unlock(World(), connector) == "NotSupported"


@covers("CORE-UNL-1", "CORE-UNL-4")
def test_a_lock_that_does_not_work() -> None:
    """TC_030: told as a warning until it is repaired."""
    world = World()
    world.do(c.LockFailure(on=True))
    assert unlock(world) == "UnlockFailed"
    status = world.peer.last("StatusNotification")
    assert (status["status"], status["errorCode"]) == ("Available", "ConnectorLockFailure")
    world.do(c.LockFailure(on=False))
    assert world.peer.last("StatusNotification")["errorCode"] == "NoError"
    assert unlock(world) == "Unlocked"


@covers("CORE-UNL-2", "CORE-STOP-3")
def test_with_a_session_that_ends_first() -> None:
    """TC_018_1: the answer leaves first, then the transaction ends."""
    world = World()
    world.start()
    world.peer.clear()
    assert unlock(world) == "Unlocked"
    sent = [(m.type, m.action) for m in world.peer.messages if m.received]
    assert sent == [
        ("result", "UnlockConnector"),
        ("call", "StopTransaction"),
        ("call", "StatusNotification"),
    ]
    assert world.told() == ["StopTransaction UnlockCommand", "Status(1) Finishing"]
    world.do(c.Unplug())
    assert world.status() == "Available"


@covers("CORE-UNL-2")
def test_a_start_that_is_not_answered_yet_ends_too() -> None:
    answer = Later(5, {"transactionId": 8, "idTagInfo": {"status": "Accepted"}})
    world = World(answers={"StartTransaction": answer})
    world.do(c.Start())
    assert unlock(world) == "Unlocked"
    world.run(10)
    assert world.peer.last("StopTransaction")["transactionId"] == 8


@covers("CORE-UNL-3")
def test_it_is_the_lock_of_the_cable_that_opens() -> None:
    """The cable can be pulled afterwards, and only then."""
    world = World(keys={"StopTransactionOnEVSideDisconnect": "false"})
    world.start()
    with pytest.raises(c.CommandRefused, match="locked at connector 1"):
        world.do(c.Unplug(end="station"))
    unlock(world)
    world.do(c.Unplug(end="station"))
    assert world.connector()["plugged"] == {"vehicle": False, "station": False}


@covers("CORE-UNL-4")
def test_a_lock_that_fails_ends_the_session_too() -> None:
    world = World()
    world.start()
    world.do(c.LockFailure(on=True))
    world.peer.clear()
    assert unlock(world) == "UnlockFailed"
    assert world.told() == ["StopTransaction UnlockCommand", "Status(1) Finishing"]
    assert world.peer.last("StatusNotification")["errorCode"] == "ConnectorLockFailure"
    assert world.connector()["locked"]


@covers("CORE-UNL-5", "CORE-UNL-1")
@pytest.mark.parametrize(
    "stops, told", [("false", []), ("true", ["StopTransaction UnlockCommand", "Status(1) Finishing"])]
)
def test_a_fixed_cable_has_no_lock(stops: str, told: list[str]) -> None:
    """TC_017_2, TC_018_2; by switch the session ends all the same."""
    world = World(connectors=FIXED, switches={"SW-UNLOCK-FIXED-STOPS": stops})
    assert unlock(world) == "NotSupported"
    world.start()
    world.peer.clear()
    assert unlock(world) == "NotSupported"
    assert world.told() == told


@covers("CORE-UNL-6")
@pytest.mark.parametrize("remote", [True, False])
def test_the_lock_fails_at_the_start(remote: bool) -> None:
    """TC_024: Faulted, no transaction, no energy; repaired it can be tried again."""
    world = World()
    world.do(c.PlugIn())
    world.do(c.LockFailure(on=True))
    if remote:
        world.ask("RemoteStartTransaction", {"connectorId": 1, "idTag": TAG})
    else:
        world.do(c.PresentTag(id_tag=TAG))
    status = world.peer.last("StatusNotification")
    assert (status["status"], status["errorCode"]) == ("Faulted", "ConnectorLockFailure")
    world.run(60)
    assert "StartTransaction" not in world.peer.actions()
    assert world.connector()["meter_wh"] == 0
    world.do(c.LockFailure(on=False))
    assert world.status() == "Preparing"
    world.start()
    assert world.status() == "Charging"


@covers("CORE-UNL-6")
def test_a_fixed_cable_has_no_lock_to_fail() -> None:
    with pytest.raises(c.CommandRefused, match="fixed cable and no lock"):
        World(connectors=FIXED).do(c.LockFailure(on=True))
