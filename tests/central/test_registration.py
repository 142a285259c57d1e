"""BootNotification, Heartbeat and what may be said before registration (A.2)."""

from desktop_sim.central import CentralSystem, Policy, Registration
from desktop_sim.central.charge_points import overdue, silent_for
from desktop_sim.central.events import Registered
from desktop_sim.protocol.types import RegistrationStatus
from tests.central.line import BOOT, NOW, SECOND, STATUS, Line

PENDING = Registration(RegistrationStatus.Pending, 10)
REJECTED = Registration(RegistrationStatus.Rejected, 20)


def test_everyone_is_accepted_unless_the_policy_says_otherwise() -> None:
    line = Line(CentralSystem())
    assert line.ask("BootNotification", BOOT) == {"status": "Accepted", "currentTime": NOW, "interval": 300}
    (event,) = line.happened(Registered)
    assert (event.status, event.interval, event.boot) == ("Accepted", 300, BOOT)
    point = line.central.charge_points["CP001"]
    assert (point.registration, point.boots, point.heartbeat_interval) == ("Accepted", 1, 300)
    assert point.boot == BOOT


def test_a_policy_of_its_own_for_one_charge_point() -> None:
    policy = Policy(registrations={"CP002": REJECTED})
    central = CentralSystem(policy=policy)
    assert Line(central, "CP001").ask("BootNotification", BOOT)["status"] == "Accepted"
    answer = Line(central, "CP002").ask("BootNotification", BOOT)
    assert (answer["status"], answer["interval"]) == ("Rejected", 20)


def test_pending_a_number_of_times_and_then_accepted() -> None:
    policy = Policy(registration=Registration(RegistrationStatus.Pending, 7, times=2))
    line = Line(CentralSystem(policy=policy))
    statuses = [line.ask("BootNotification", BOOT)["status"] for _ in range(4)]
    assert statuses == ["Pending", "Pending", "Accepted", "Accepted"]


def test_each_charge_point_uses_up_its_own_number() -> None:
    policy = Policy(registrations={"CP001": Registration(RegistrationStatus.Rejected, 7, times=1)})
    central = CentralSystem(policy=policy)
    lines = Line(central, "CP001"), Line(central, "CP002")
    assert [[line.ask("BootNotification", BOOT)["status"] for _ in range(2)] for line in lines] == [
        ["Rejected", "Accepted"],
        ["Accepted", "Accepted"],
    ]


def test_pending_answers_and_remarks_on_what_was_not_asked_for() -> None:
    line = Line(CentralSystem(policy=Policy(registration=PENDING)))
    line.boot()
    line.ask("Heartbeat")
    assert "CORE-BOOT-7" in line.verdicts()[-1]


def test_pending_expects_what_was_triggered() -> None:
    line = Line(CentralSystem(policy=Policy(registration=PENDING)))
    line.boot()
    message_id = line.central.call(
        "CP001", "TriggerMessage", {"requestedMessage": "StatusNotification"}, line.now
    )
    line.send(f'[3,"{message_id}",{{"status":"Accepted"}}]')
    line.ask("StatusNotification", STATUS)
    assert line.verdicts() == []
    line.ask("Heartbeat")
    assert line.verdicts() != []


def test_rejected_answers_nothing_but_boot() -> None:
    line = Line(CentralSystem(policy=Policy(registration=REJECTED)))
    line.boot()
    assert line.refused("Heartbeat", {})[0] == "SecurityError"
    assert line.ask("BootNotification", BOOT)["status"] == "Rejected"


def test_a_charge_point_that_never_booted_here_may_go_on() -> None:
    """A reconnect needs no boot, and this central system may be younger than the charge point (CORE-BOOT-11)."""
    line = Line(CentralSystem())
    line.ask("StatusNotification", STATUS)
    assert line.verdicts() == []


def test_registration_outlives_the_connection() -> None:
    line = Line(CentralSystem())
    line.boot()
    line.central.disconnected("CP001", line.now)
    line.central.connected("CP001", line.now)
    assert line.central.charge_points["CP001"].registration == "Accepted"


def test_heartbeats_are_counted_and_missed() -> None:
    line = Line(CentralSystem(policy=Policy(registration=Registration(interval=10))))
    point = line.central.charge_points["CP001"]
    assert silent_for(point, line.now) is None
    line.boot()
    line.wait(10)
    assert line.ask("Heartbeat") == {"currentTime": "2025-06-02T07:00:10.000Z"}
    assert (point.heartbeats, point.last_heartbeat) == (1, line.now)
    assert not overdue(point, line.now + 15 * SECOND)
    assert overdue(point, line.now + 16 * SECOND)
    line.central.disconnected("CP001", line.now)
    assert not overdue(point, line.now + 16 * SECOND)


def test_a_wrong_clock_on_purpose() -> None:
    line = Line(CentralSystem(policy=Policy(clock_offset=-3600.5)))
    assert line.ask("Heartbeat") == {"currentTime": "2025-06-02T05:59:59.500Z"}
