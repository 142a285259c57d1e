"""The virtual driver: time, the link, commit-then-send, power cuts, jobs."""

from itertools import pairwise

import pytest

from desktop_sim.runtime.scripted_peer import Failure, Later, Raw, ScriptedPeer
from desktop_sim.runtime.virtual import START, NeverHappened, PowerGone, VirtualDriver
from desktop_sim.runtime.virtual_jobs import JobScript
from desktop_sim.runtime.virtual_world import VirtualWorld
from desktop_sim.station.commands import CommandRefused, Connect, Disconnect, Info, SendRaw, Switch
from desktop_sim.station.events import LinkEvent, LogEvent
from desktop_sim.station.jobs import Job, Outcome
from desktop_sim.station.turn import SECOND, Now
from tests.runtime.fake_station import FakeStation


def drive(peer: ScriptedPeer | None = None) -> tuple[VirtualDriver, FakeStation]:
    driver = VirtualDriver(FakeStation, peer)
    driver.settle()
    return driver, station_of(driver)


def station_of(driver: VirtualDriver) -> FakeStation:
    assert isinstance(driver.station, FakeStation)
    return driver.station


def test_connects_and_lets_time_pass() -> None:
    peer = ScriptedPeer()
    driver, station = drive(peer)
    assert station.words() == ["connecting", "up"]
    driver.run_for(35)
    assert driver.now.sim == START + 35 * SECOND
    assert peer.actions() == ["Heartbeat"] * 3
    assert [m.time - START for m in peer.calls()] == [10 * SECOND, 20 * SECOND, 30 * SECOND]
    assert station.words().count("receive") == 3, "each heartbeat was answered"


def test_answers_calls_of_the_peer() -> None:
    peer = ScriptedPeer()
    driver, _ = drive(peer)
    call = peer.call("Reset", {"type": "Soft"})
    driver.settle()
    assert peer.answer_to(call).payload == {}
    with pytest.raises(LookupError, match="has not answered"):
        peer.answer_to("other")


def test_late_answers_errors_silence_and_lists() -> None:
    peer = ScriptedPeer(
        {"Heartbeat": [Later(2.5, {}), Failure("GenericError", "no"), None, Raw('[3,"{id}",{"x":1}]')]}
    )
    driver, station = drive(peer)
    driver.run_for(12)
    assert "receive" not in station.words()
    driver.run_for(0.5)
    driver.run_for(40)
    heard = [entry[1] for entry in station.heard if entry[0] == "receive"]
    assert heard == [
        '[3,"ping-1",{}]',
        '[4,"ping-2","GenericError","no",{}]',
        '[3,"ping-4",{"x":1}]',
        '[3,"ping-5",{"x":1}]',
    ]


def test_run_until() -> None:
    peer = ScriptedPeer()
    driver, _ = drive(peer)
    driver.run_until(lambda: len(peer.calls("Heartbeat")) == 5)
    assert driver.now.sim == START + 50 * SECOND
    with pytest.raises(NeverHappened, match="5 s"):
        driver.run_until(lambda: False, limit=5)
    assert driver.now.sim == START + 55 * SECOND


def test_commands_results_and_refusals() -> None:
    driver, station = drive(ScriptedPeer())
    assert driver.submit(Info()) == 1
    assert driver.stored == {"count": {"commands": b"1"}}
    with pytest.raises(CommandRefused, match="Not here"):
        driver.submit(Switch())
    assert station.commands == 1
    assert [event.text for event in driver.events if isinstance(event, LogEvent)] == ["command 1"]


def test_offline_and_online_again() -> None:
    peer = ScriptedPeer()
    driver, station = drive(peer)
    driver.submit(Disconnect())
    assert not driver.link.is_up()
    driver.run_for(1000)
    assert station.words().count("connecting") == 1
    driver.submit(Connect())
    assert driver.link.is_up()
    assert peer.connections == 2


def test_offline_while_waiting_is_told() -> None:
    peer = ScriptedPeer()
    peer.refusal = "no"
    driver, station = drive(peer)
    driver.run_for(100)
    driver.submit(Disconnect())
    assert station.heard[-1] == ("down", "The station went offline.")
    peer.refusal = None
    driver.submit(Connect())
    assert driver.link.is_up()


def test_lost_link_comes_back_after_three_seconds() -> None:
    peer = ScriptedPeer()
    driver, station = drive(peer)
    driver.drop_link("Gone.")
    assert station.heard[-1] == ("down", "Gone.")
    driver.run_for(2.9)
    assert not driver.link.is_up()
    driver.run_for(0.1)
    assert driver.link.is_up()


def test_the_peer_hangs_up_after_its_last_words() -> None:
    peer = ScriptedPeer()
    driver, station = drive(peer)
    peer.send('[2,"1","Reset",{}]')
    peer.hang_up()
    driver.settle()
    assert station.words()[-2:] == ["receive", "down"]
    driver.run_for(3)
    assert driver.link.is_up()


def test_refused_tries_back_off_to_five_minutes() -> None:
    peer = ScriptedPeer()
    peer.refusal = "The server answered 404."
    driver, station = drive(peer)
    driver.run_for(4000)
    tries = [
        event.time for event in driver.events if isinstance(event, LinkEvent) and event.state == "connecting"
    ]
    gaps = [round((b - a) / SECOND) for a, b in pairwise(tries)]
    assert gaps[:8] == [3, 6, 12, 24, 48, 96, 192, 300]
    assert set(gaps[8:]) == {300}
    assert station.heard[-1] == ("down", "The server answered 404.")
    driver.submit(Connect())
    assert driver.now.sim - START == 4000 * SECOND
    assert station.words()[-2:] == ["connecting", "down"], "a new generation tries at once"


def test_frames_can_be_put_in_by_hand() -> None:
    driver, station = drive(ScriptedPeer())
    driver.receive('[2,"1","Reset",{}]')
    driver.receive_invalid("binary")
    assert station.words()[-2:] == ["receive", "invalid"]


def test_nobody_there() -> None:
    driver, station = drive()
    assert station.heard[-1] == ("down", "Nobody listens there.")
    driver.run_for(2)
    driver.drop_link()
    driver.kill()
    driver.kill()
    assert driver.next_deadline() is None


def test_it_may_happen_at_the_last_moment() -> None:
    driver, _ = drive(ScriptedPeer())
    driver.run_until(lambda: driver.now.sim == START + 7 * SECOND, 7)


def test_a_restart_needs_no_kill() -> None:
    driver, station = drive(ScriptedPeer())
    driver.restart()
    assert driver.station is not station
    assert driver.link.is_up()


def test_no_network() -> None:
    driver, station = drive(ScriptedPeer())
    driver.network(up=False)
    driver.run_for(20)
    assert station.heard[-1] == ("down", "The network is unreachable.")
    driver.network(up=True)
    driver.run_for(300)
    assert driver.link.is_up()


def test_kill_keeps_what_was_committed() -> None:
    peer = ScriptedPeer()
    driver, station = drive(peer)
    driver.submit(Info())
    driver.kill()
    assert not driver.alive
    with pytest.raises(PowerGone):
        _ = driver.station
    driver.run_for(60)
    driver.restart()
    assert station_of(driver) is not station
    assert station_of(driver).commands == 1
    assert driver.link.is_up()
    assert peer.connections == 2
    assert driver.now.sim == START + 60 * SECOND


@pytest.mark.parametrize("before", [True, False])
def test_the_fuse_blows_around_a_commit(before: bool) -> None:
    peer = ScriptedPeer()
    driver, _ = drive(peer)
    driver.fuse, driver.fuse_before_commit = 1, before
    driver.submit(Info())
    with pytest.raises(PowerGone):
        driver.submit(SendRaw(text="never sent"))
    assert not driver.alive
    assert "never sent" not in [m.text for m in peer.messages]
    driver.restart()
    assert station_of(driver).commands == (1 if before else 2)


def test_jobs_follow_their_script() -> None:
    scripts = {"download": JobScript(Outcome(ok=True), 5.0, ((1.0, "Downloading", "half"),))}
    driver = VirtualDriver(FakeStation, ScriptedPeer(), jobs=scripts.get)
    station = station_of(driver)
    for number, kind in enumerate(["download", "strange", "download"]):
        station.start_job(Job(f"job-{number}", kind))
    driver.run_for(1)
    station.cancel_job("job-2")
    driver.run_for(10)
    told = [entry for entry in station.heard if entry[0] in ("progress", "done")]
    assert told[0][:2] == ("done", "job-1")
    assert "strange" in told[0][2].sentence
    assert told[1:] == [
        ("progress", "job-0", "Downloading", "half"),
        ("progress", "job-2", "Downloading", "half"),
        ("done", "job-0", Outcome(ok=True)),
    ]


def test_a_callback_must_not_act() -> None:
    driver, _ = drive(ScriptedPeer())
    stop = driver.subscribe(lambda _: driver.submit(Info()))
    with pytest.raises(RuntimeError, match="must not act"):
        driver.submit(Info())
    stop()
    driver.submit(Info())


def test_a_world_that_never_rests_is_found_out() -> None:
    class Echo(ScriptedPeer):
        def frames(self) -> list[str]:
            return ['[2,"x","Again",{}]']

    with pytest.raises(RuntimeError, match="does not come to rest"):
        drive(Echo())


# --- several stations ---


def test_stations_share_one_time_and_one_central_system() -> None:
    told: list[tuple[str, int]] = []
    one, two = drive(ScriptedPeer())[0], drive(ScriptedPeer())[0]
    world = VirtualWorld([one, two])
    one.subscribe(lambda event: told.append(("one", event.time)))
    two.subscribe(lambda event: told.append(("two", event.time)))
    two.drop_link()
    world.run_for(25)
    assert one.now == two.now == world.now
    assert world.now.sim == START + 25 * SECOND
    one.submit(Info())
    world.run_until(lambda: len(told) >= 4, 10)
    assert told == sorted(told, key=lambda entry: entry[1])
    with pytest.raises(NeverHappened):
        world.run_until(lambda: False, 5)


def test_a_world_is_of_one_time() -> None:
    one, two = drive()[0], drive()[0]
    one.run_for(1)
    for drivers in ([], [one, two]):
        with pytest.raises(ValueError, match="at the same instant"):
            VirtualWorld(drivers)


def test_what_one_station_does_reaches_the_other() -> None:
    class Party(ScriptedPeer):
        """Passes each command text on to the other station."""

        def __init__(self) -> None:
            super().__init__()
            self.other: Party | None = None

        def receive(self, text: str, now: Now) -> None:
            super().receive(text, now)
            if self.other is not None and text.startswith("hello"):
                self.other.call("Reset", {})

    left, right = Party(), Party()
    left.other = right
    one, two = drive(left)[0], drive(right)[0]
    world = VirtualWorld([one, two])
    world.run_for(1)
    one.submit(SendRaw(text="hello"))
    world.settle()
    assert station_of(two).words()[-1] == "receive"
