"""Reset (A.10, CORE-RST)."""

import pytest

from desktop_sim.runtime.scripted_peer import Failure, Later
from desktop_sim.station import commands as c
from desktop_sim.station.commands import CommandRefused
from desktop_sim.station.events import LinkEvent
from tests.conformance.coverage import covers
from tests.conformance.world import TAG, World

REASONS = {"Soft": "SoftReset", "Hard": "HardReset"}
KINDS = pytest.mark.parametrize("kind", list(REASONS))


def links(world: World) -> list[str]:
    return [e.state for e in world.events(LinkEvent)]


@covers("CORE-RST-1")
@KINDS
def test_the_answer_leaves_first(kind: str) -> None:
    world = World()
    world.start()
    world.peer.clear()
    assert world.ask("Reset", {"type": kind}) == {"status": "Accepted"}
    world.run(10)
    first, second = [m for m in world.peer.messages if m.received][:2]
    assert (first.type, first.action) == ("result", "Reset")
    assert (second.type, second.action) == ("call", "StopTransaction")


@covers("CORE-RST-2", "CORE-RST-3", "CORE-RST-4")
@KINDS
def test_with_a_transaction(kind: str) -> None:
    """The order of A.24: stop, its answer, status, a new connection, boot, statuses."""
    world = World()
    world.start()
    world.run(30)
    world.peer.clear()
    world.ask("Reset", {"type": kind})
    world.run(10)
    assert world.told() == [
        f"StopTransaction {REASONS[kind]}",
        "Status(1) Finishing",
        "BootNotification",
        "Status(0) Available",
        "Status(1) Finishing",
    ]
    assert world.peer.connections == 2
    answered = [m.time for m in world.peer.messages if m.type == "result" and m.action == "StopTransaction"]
    closed = [e.time for e in world.events(LinkEvent) if e.state in ("down", "offline")]
    assert answered[0] <= closed[-1]


@covers("CORE-RST-4")
@KINDS
def test_without_a_transaction(kind: str) -> None:
    """A second later it is back, on a new socket."""
    world = World()
    world.ask("Reset", {"type": kind})
    world.run(0.5)
    assert world.info()["power"] == "restarting"
    assert world.driver.station.link_wanted().open is False
    world.run(1)
    assert world.told() == ["BootNotification", "Status(0) Available", "Status(1) Available"]
    assert links(world)[-3:] == ["offline", "connecting", "up"]


@covers("CORE-RST-4")
@pytest.mark.parametrize(
    "acts, status",
    [
        ((), "Available"),
        ((c.PlugIn(),), "Preparing"),
        ((c.Start(), c.Stop()), "Finishing"),
        ((c.Start(),), "Finishing"),
        ((c.PresentTag(id_tag=TAG),), "Available"),
    ],
)
def test_afterwards_the_status_is_as_plugged(acts: tuple[c.Command, ...], status: str) -> None:
    """A permission is lost, a cable stays."""
    world = World()
    for act in acts:
        world.do(act)
    world.ask("Reset", {"type": "Soft"})
    world.run(5)
    assert world.statuses()[-1] == world.status() == status


@covers("CORE-RST-2")
@pytest.mark.parametrize("seconds, gone", [(59.9, False), (60.1, True)])
def test_soft_waits_a_minute_for_the_answer(seconds: float, gone: bool) -> None:
    world = World(answers={"StopTransaction": None})
    world.start()
    world.ask("Reset", {"type": "Soft"})
    world.run(seconds)
    assert (world.info()["power"] == "restarting") is gone


@covers("CORE-RST-3")
@pytest.mark.parametrize("seconds, gone", [(4.9, False), (5.1, True)])
def test_hard_waits_five_seconds_and_keeps_the_socket_so_long(seconds: float, gone: bool) -> None:
    world = World(answers={"StopTransaction": None})
    world.start()
    world.ask("Reset", {"type": "Hard"})
    world.run(seconds)
    assert (world.info()["power"] == "restarting") is gone
    assert (world.info()["link"]["state"] == "up") is not gone


@covers("CORE-RST-2", "CORE-RST-3")
@KINDS
def test_what_was_not_answered_comes_after_the_boot_as_it_was(kind: str) -> None:
    world = World(answers={"StopTransaction": None})
    world.start()
    world.run(20)
    world.peer.clear()
    world.ask("Reset", {"type": kind})
    world.run(61)
    world.peer.answers["StopTransaction"] = {}
    world.run(10)
    first, second = world.peer.payloads("StopTransaction")
    assert first == second
    told = world.told()
    assert told.index("BootNotification") < len(told) - 1
    assert told[-1] == f"StopTransaction {REASONS[kind]}"


@covers("CORE-RST-2")
def test_soft_waits_for_all_transactions_and_for_their_starts() -> None:
    world = World(
        connectors=2,
        answers={
            "StartTransaction": Later(8, {"transactionId": 3, "idTagInfo": {"status": "Accepted"}}),
            "StopTransaction": Later(8, {}),
        },
    )
    world.do(c.Start(connector=1))
    world.do(c.Start(connector=2))
    world.ask("Reset", {"type": "Soft"})
    world.run(23)
    assert world.info()["power"] == "on"
    world.run(3)
    assert world.info()["power"] == "on"
    assert world.peer.actions().count("StopTransaction") == 1


@covers("CORE-RST-2")
def test_a_refused_stop_does_not_hold_the_restart_up_for_ever() -> None:
    world = World(answers={"StopTransaction": Failure()})
    world.start()
    world.ask("Reset", {"type": "Soft"})
    world.run(62)
    assert "BootNotification" in world.peer.actions()


@covers("CORE-RST-4", "CORE-RST-2")
def test_a_link_lost_on_the_way_does_not_hold_the_restart_up() -> None:
    world = World(answers={"StopTransaction": None})
    world.start()
    world.ask("Reset", {"type": "Soft"})
    world.run(3)
    world.offline()
    world.run(0)
    assert world.info()["power"] == "restarting"


@covers("CORE-RST-5", "CORE-RST-9")
def test_a_second_one_is_rejected_while_the_first_is_under_way() -> None:
    world = World(answers={"StopTransaction": None})
    world.start()
    assert world.ask("Reset", {"type": "Soft"}) == {"status": "Accepted"}
    assert world.ask("Reset", {"type": "Hard"}) == {"status": "Rejected"}
    world.run(70)
    assert world.ask("Reset", {"type": "Hard"}) == {"status": "Accepted"}


@covers("CORE-RST-9")
def test_nothing_starts_while_it_is_under_way() -> None:
    """Neither locally nor remotely, nor by a permission that waits, nor by itself."""
    world = World(
        connectors=3,
        answers={"StopTransaction": None},
        switches={"SW-FREE-VEND": "off"},
    )
    world.start(1)
    world.do(c.PresentTag(id_tag="WAITING"))
    world.ask("Reset", {"type": "Soft"})
    world.run(1)
    assert world.ask("RemoteStartTransaction", {"connectorId": 2, "idTag": TAG}) == {"status": "Rejected"}
    with pytest.raises(CommandRefused, match="about to restart"):
        world.do(c.PresentTag(id_tag="OTHER"))
    with pytest.raises(CommandRefused, match="about to restart"):
        world.do(c.Start(connector=3))
    world.do(c.PlugIn(connector=2))
    world.do(c.Switch(name="SW-FREE-VEND", value="FREE"))
    world.run(1)
    assert world.peer.actions().count("StartTransaction") == 1


@covers("CORE-RST-9", "CORE-RSTART-1")
def test_a_tag_that_is_being_checked_does_not_start_either() -> None:
    answers = {"Authorize": Later(3, {"idTagInfo": {"status": "Accepted"}}), "StopTransaction": None}
    world = World(connectors=2, answers=answers, keys={"AuthorizeRemoteTxRequests": "true"})
    world.do(c.PlugIn(connector=1))
    world.do(c.PlugIn(connector=2))
    world.do(c.PresentTag(id_tag=TAG, connector=1))
    world.ask("RemoteStartTransaction", {"connectorId": 2, "idTag": "REMOTE"})
    world.ask("Reset", {"type": "Soft"})
    world.run(20)
    assert "StartTransaction" not in world.peer.actions()


@covers("CORE-RST-6", "C.1/ResetRetries")
def test_a_failing_restart_is_retried_and_then_told() -> None:
    """Connector 0 says ResetFailure until a restart succeeds; everything else goes on."""
    world = World(switches={"SW-RESET-FAILS": "2"})
    world.expected_errors = ("The restart failed for good.",)
    world.ask("Reset", {"type": "Soft"})
    world.run(4)
    assert world.told() == []
    world.run(10)
    assert world.told() == ["Status(0) Available"]
    assert world.peer.last("StatusNotification")["errorCode"] == "ResetFailure"
    assert world.info()["station"]["error_code"] == "ResetFailure"
    world.start()
    world.do(c.Stop())
    world.do(c.Switch(name="SW-RESET-FAILS", value="0"))
    assert world.ask("Reset", {"type": "Soft"}) == {"status": "Accepted"}
    world.run(5)
    assert world.info()["station"]["error_code"] == "NoError"


@covers("CORE-RST-8")
@pytest.mark.parametrize(
    "kind, lose, kept", [("Hard", "off", True), ("Hard", "on", False), ("Soft", "on", True)]
)
def test_the_queue_stays_or_is_lost_by_switch(kind: str, lose: str, kept: bool) -> None:
    world = World(switches={"SW-LOSE-QUEUE-ON-HARD-RESET": lose}, answers={"StopTransaction": None})
    world.start()
    world.ask("Reset", {"type": kind})
    world.run(1)
    world.peer.clear()
    world.peer.answers["StopTransaction"] = {}
    world.run(70)
    assert ("StopTransaction" in world.peer.actions()) is kept
    assert world.info()["queue"]["waiting"] == 0


@covers("CORE-RST-4")
@pytest.mark.parametrize("seconds", [0, 30])
def test_a_restart_takes_its_time(seconds: int) -> None:
    world = World(switches={"SW-REBOOT-SECONDS": str(seconds)})
    world.ask("Reset", {"type": "Hard"})
    world.run(max(0, seconds - 1))
    assert ("BootNotification" in world.peer.actions()) is (seconds == 0)
    world.run(2)
    assert world.peer.actions().count("BootNotification") == 1


@covers("CORE-STOP-3", "CORE-RST-2")
def test_a_restart_of_its_own_has_its_own_reason() -> None:
    world = World()
    world.start()
    world.do(c.Reboot())
    with pytest.raises(CommandRefused, match="is restarting"):
        world.do(c.Reboot())
    world.run(10)
    assert "StopTransaction Reboot" in world.told()
    assert world.peer.actions().count("BootNotification") == 1


@covers("CORE-RST-1")
def test_only_soft_and_hard_are_known() -> None:
    assert World().ask("Reset", {"type": "Gentle"}) == "PropertyConstraintViolation"
