"""ChangeAvailability (A.10, CORE-AVAIL)."""

import pytest

from desktop_sim.station import commands as c
from desktop_sim.station.commands import CommandRefused
from desktop_sim.station.profile import ConnectorProfile
from tests.conformance.coverage import covers
from tests.conformance.world import TAG, World

FIXED = (ConnectorProfile(fixed_cable=True),)


def change(world: World, kind: str, connector: int = 1) -> str:
    return str(world.ask("ChangeAvailability", {"connectorId": connector, "type": kind})["status"])


@covers("CORE-AVAIL-1", "CORE-AVAIL-4")
def test_one_connector_and_back() -> None:
    world = World(connectors=2)
    assert change(world, "Inoperative", 2) == "Accepted"
    assert change(world, "Operative", 2) == "Accepted"
    assert world.told() == ["Status(2) Unavailable", "Status(2) Available"]


@covers("CORE-AVAIL-1", "CORE-AVAIL-4", "STM-7")
def test_connector_0_is_the_station_and_all_connectors() -> None:
    world = World(connectors=2)
    assert change(world, "Inoperative", 0) == "Accepted"
    assert world.told() == ["Status(0) Unavailable", "Status(1) Unavailable", "Status(2) Unavailable"]
    assert change(world, "Operative", 0) == "Accepted"
    assert world.told()[3:] == ["Status(0) Available", "Status(1) Available", "Status(2) Available"]


@covers("CORE-AVAIL-1")
def test_one_connector_may_work_again_while_the_station_does_not() -> None:
    world = World(connectors=2)
    change(world, "Inoperative", 0)
    world.peer.clear()
    assert change(world, "Operative", 2) == "Accepted"
    assert world.told() == ["Status(2) Available"]
    assert world.status(0) == "Unavailable"


@covers("CORE-AVAIL-1", "CORE-RST-1")
def test_the_answer_leaves_before_the_status() -> None:
    world = World()
    change(world, "Inoperative")
    kinds = [(m.type, m.action) for m in world.peer.messages if m.received]
    assert kinds == [("result", "ChangeAvailability"), ("call", "StatusNotification")]


@covers("CORE-AVAIL-2")
@pytest.mark.parametrize(
    "pause, status", [(None, "Charging"), (c.SuspendEv(), "SuspendedEV"), (c.SuspendEvse(), "SuspendedEVSE")]
)
def test_a_running_transaction_is_awaited(pause: c.Command | None, status: str) -> None:
    """C8, D8, E8: the change comes when the transaction has finished, not when the cable is out."""
    world = World()
    world.start()
    if pause:
        world.do(pause)
    world.peer.clear()
    assert change(world, "Inoperative") == "Scheduled"
    assert world.connector()["scheduled"] == "Inoperative"
    world.run(100)
    assert world.status() == status
    world.do(c.Stop())
    assert world.told(without=("MeterValues",)) == ["StopTransaction Local", "Status(1) Unavailable"]
    world.do(c.Unplug())
    assert world.status() == "Unavailable"


@covers("CORE-AVAIL-2")
def test_of_a_station_the_idle_ones_change_at_once() -> None:
    """The station itself follows with the last of its connectors."""
    world = World(connectors=3)
    world.start(2)
    world.do(c.PlugIn(connector=3))
    world.peer.clear()
    assert change(world, "Inoperative", 0) == "Scheduled"
    assert world.told() == ["Status(1) Unavailable"]
    world.do(c.Stop(connector=2))
    assert world.told()[1:] == ["StopTransaction Local", "Status(2) Unavailable"]
    world.do(c.Unplug(connector=3))
    assert world.told()[3:] == ["Status(0) Unavailable", "Status(3) Available", "Status(3) Unavailable"]


@covers("CORE-AVAIL-3")
@pytest.mark.parametrize("connector", [0, 1])
def test_nothing_to_change_is_accepted_and_silent(connector: int) -> None:
    world = World()
    assert change(world, "Operative", connector) == "Accepted"
    assert world.told() == []
    change(world, "Inoperative", connector)
    world.peer.clear()
    assert change(world, "Inoperative", connector) == "Accepted"
    assert world.told() == []


@covers("CORE-AVAIL-5", "CORE-STAT-8", "CORE-PWR-4")
@pytest.mark.parametrize("how", ["reboot", "power", "kill"])
def test_unavailable_survives_any_stop(how: str) -> None:
    world = World(connectors=2)
    change(world, "Inoperative", 2)
    world.peer.clear()
    if how == "reboot":
        world.do(c.Reboot())
    elif how == "power":
        world.do(c.PowerCut())
        world.run(60)
        world.do(c.PowerOn())
    else:
        world.driver.kill()
        world.driver.restart()
    world.run(5)
    assert [line for line in world.told() if line.startswith("Status")] == [
        "Status(0) Available",
        "Status(1) Available",
        "Status(2) Unavailable",
    ]
    assert world.ask("RemoteStartTransaction", {"connectorId": 2, "idTag": TAG}) == {"status": "Rejected"}


@covers("CORE-AVAIL-5", "CORE-AVAIL-2")
@pytest.mark.parametrize("resume", ["stop", "resume"])
def test_a_scheduled_change_survives_a_kill(resume: str) -> None:
    """It comes when the transaction is ended, at the boot or later."""
    world = World(connectors=2, switches={"SW-RESUME-AFTER-POWERLOSS": resume})
    world.start(1)
    assert change(world, "Inoperative", 0) == "Scheduled"
    world.driver.kill()
    world.run(60)
    world.driver.restart()
    world.run(1)
    if resume == "resume":
        assert (world.status(0), world.status(1), world.status(2)) == ("Available", "Charging", "Unavailable")
        world.do(c.Stop(connector=1))
    assert (world.status(0), world.status(1), world.status(2)) == ("Unavailable",) * 3


@covers("CORE-AVAIL-5", "CORE-AVAIL-2", "CORE-RST-4")
@pytest.mark.parametrize("kind", ["Soft", "Hard"])
def test_a_reset_ends_the_transaction_and_so_brings_the_change(kind: str) -> None:
    world = World()
    world.start()
    assert change(world, "Inoperative") == "Scheduled"
    world.ask("Reset", {"type": kind})
    world.run(5)
    assert world.statuses()[-2:] == ["Unavailable", "Unavailable"]
    assert world.peer.actions().count("BootNotification") == 1


@covers("CORE-AVAIL-5")
def test_a_change_that_waits_in_preparing_survives_a_kill() -> None:
    world = World()
    world.do(c.PlugIn())
    assert change(world, "Inoperative") == "Scheduled"
    world.driver.kill()
    world.driver.restart()
    world.run(1)
    assert world.status() == "Preparing"
    world.do(c.Unplug())
    assert world.status() == "Unavailable"


@covers("CORE-AVAIL-6")
def test_preparing_waits() -> None:
    """A cable or a tag: somebody is about to charge, and may."""
    world = World()
    world.do(c.PlugIn())
    assert change(world, "Inoperative") == "Scheduled"
    world.do(c.PresentTag(id_tag=TAG))
    assert world.status() == "Charging"
    world.do(c.Stop())
    assert world.status() == "Unavailable"


@covers("CORE-AVAIL-6", "STM-2")
def test_preparing_waits_until_the_permission_runs_out() -> None:
    world = World(keys={"ConnectionTimeOut": "30"})
    world.do(c.PresentTag(id_tag=TAG))
    assert change(world, "Inoperative") == "Scheduled"
    world.run(31)
    assert world.statuses() == ["Preparing", "Available", "Unavailable"]


@covers("CORE-AVAIL-6", "STM-2")
def test_preparing_waits_until_nobody_came_with_a_tag() -> None:
    world = World(keys={"ConnectionTimeOut": "30"})
    world.do(c.PlugIn())
    assert change(world, "Inoperative") == "Scheduled"
    world.run(31)
    assert world.statuses() == ["Preparing", "Available", "Unavailable"]


@covers("CORE-AVAIL-6")
def test_finishing_does_not_wait() -> None:
    """F8; when it works again the cable is still in (H2), also after a restart."""
    world = World()
    world.start()
    world.do(c.Stop())
    world.peer.clear()
    assert change(world, "Inoperative") == "Accepted"
    assert world.told() == ["Status(1) Unavailable"]
    world.driver.kill()
    world.driver.restart()
    world.run(1)
    change(world, "Operative")
    assert world.statuses() == ["Unavailable", "Unavailable", "Preparing"]


@covers("CORE-AVAIL-7")
@pytest.mark.parametrize("connector", [2, 99, -1])
def test_an_unknown_connector_is_rejected(connector: int) -> None:
    world = World()
    assert change(world, "Inoperative", connector) == "Rejected"
    assert change(world, "Operative", connector) == "Rejected"
    assert world.told() == []


@covers("CORE-AVAIL-8")
@pytest.mark.parametrize("connector", [0, 1])
def test_a_reservation_ends(connector: int) -> None:
    """G8; the next driver finds it free when it works again."""
    world = World()
    wish = {"connectorId": 1, "expiryDate": "2025-06-02T09:00:00Z", "idTag": TAG, "reservationId": 4}
    assert world.ask("ReserveNow", wish) == {"status": "Accepted"}
    assert change(world, "Inoperative", connector) == "Accepted"
    assert world.statuses() == ["Reserved", "Unavailable"]
    assert world.ask("CancelReservation", {"reservationId": 4}) == {"status": "Rejected"}
    change(world, "Operative", connector)
    assert world.statuses() == ["Reserved", "Unavailable", "Available"]


@covers("CORE-AVAIL-11")
def test_unavailable_cannot_be_reserved() -> None:
    world = World()
    change(world, "Inoperative")
    wish = {"connectorId": 1, "expiryDate": "2025-06-02T09:00:00Z", "idTag": TAG, "reservationId": 4}
    assert world.ask("ReserveNow", wish) == {"status": "Unavailable"}


@covers("CORE-AVAIL-9")
@pytest.mark.parametrize("connector", [0, 1])
def test_operative_takes_a_scheduled_inoperative_back(connector: int) -> None:
    world = World()
    world.start()
    assert change(world, "Inoperative", connector) == "Scheduled"
    assert change(world, "Operative", connector) == "Accepted"
    world.do(c.Stop())
    world.do(c.Unplug())
    assert (world.status(0), world.status(1)) == ("Available", "Available")


@covers("CORE-AVAIL-10")
def test_faulted_shows_first_and_unavailable_after_the_repair() -> None:
    world = World()
    world.do(c.Error(error_code="GroundFailure"))
    assert change(world, "Inoperative") == "Accepted"
    assert world.statuses() == ["Faulted"]
    world.do(c.ClearFault())
    assert world.statuses() == ["Faulted", "Unavailable"]


@covers("CORE-AVAIL-10")
def test_a_fault_frees_a_connector_that_was_awaited() -> None:
    world = World()
    world.do(c.PlugIn())
    assert change(world, "Inoperative") == "Scheduled"
    world.do(c.Error(error_code="GroundFailure"))
    assert "scheduled" not in world.connector()
    world.do(c.ClearFault())
    assert world.statuses() == ["Preparing", "Faulted", "Unavailable"]


@covers("CORE-AVAIL-11")
@pytest.mark.parametrize("connector", [0, 1])
def test_unavailable_refuses_every_start(connector: int) -> None:
    world = World(switches={"SW-FREE-VEND": "FREE"})
    change(world, "Inoperative", connector)
    assert world.ask("RemoteStartTransaction", {"idTag": TAG}) == {"status": "Rejected"}
    assert world.ask("RemoteStartTransaction", {"connectorId": 1, "idTag": TAG}) == {"status": "Rejected"}
    for command in (c.PresentTag(id_tag=TAG), c.Start()):
        with pytest.raises(CommandRefused, match="Unavailable"):
            world.do(command)
    assert not world.connector()["plugged"]["vehicle"]
    world.do(c.PlugIn())
    world.run(100)
    assert {"Authorize", "StartTransaction"}.isdisjoint(world.peer.actions())


@covers("CORE-AVAIL-11", "CORE-AUTH-13")
def test_the_shared_reader_serves_the_connectors_that_work() -> None:
    world = World(connectors=2)
    change(world, "Inoperative", 1)
    world.do(c.PresentTag(id_tag=TAG))
    assert (world.status(1), world.status(2)) == ("Unavailable", "Preparing")
