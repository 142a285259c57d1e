"""WS: what the station wants of its link. How a socket does it is shown by the tests in tests/transport."""

from itertools import pairwise
from typing import Any

import pytest

from desktop_sim.runtime.scripted_peer import ScriptedPeer
from desktop_sim.runtime.virtual import START, VirtualDriver
from desktop_sim.station import commands
from desktop_sim.station.events import LinkEvent
from desktop_sim.station.links import LinkWanted
from desktop_sim.station.profile import Connection, StationProfile
from desktop_sim.station.station import Station
from desktop_sim.station.turn import SECOND, Now
from tests.conformance.coverage import covers
from tests.conformance.replies import logs, registration, times, unregistered
from tests.conformance.world import TAG, World


def wanted(world: World) -> LinkWanted:
    """What the station wants of its link now."""
    return world.driver.station.link_wanted()


class Doorkeeper(ScriptedPeer):
    """Notes when somebody comes and goes, and that nobody is ever there twice."""

    def __init__(self) -> None:
        super().__init__()
        self.inside = 0
        self.tries: list[float] = []
        self.wishes: list[LinkWanted] = []

    def connected(self, wanted: LinkWanted, now: Now) -> str | None:
        self.tries.append((now.sim - START) / SECOND)
        self.wishes.append(wanted)
        refusal = super().connected(wanted, now)
        self.inside += refusal is None
        assert self.inside <= 1
        return refusal

    def disconnected(self, now: Now) -> None:
        self.inside -= 1
        super().disconnected(now)


def watched(**profile: Any) -> tuple[VirtualDriver, Doorkeeper]:
    """A station whose visits are counted."""
    peer = Doorkeeper()
    document = StationProfile(connection=Connection(url="ws://central.example"), **profile)
    driver = VirtualDriver(lambda now, stored: Station(document, now=now, seed=1, stored=stored), peer)
    return driver, peer


# --- where to, and how ---


@covers("WS-1", "WS-11", "WS-13")
def test_the_station_says_where_and_who_it_is() -> None:
    world = World(
        connection=Connection(url="wss://u:p@central.example/ocpp", security_profile=2),
        keys={"AuthorizationKey": "0001020304050607FFFFFFFFFFFFFFFFFFFFFFFF"},
    )
    wish = wanted(world)
    assert (wish.url, wish.identity, wish.security_profile) == ("wss://u:p@central.example/ocpp", "CP001", 2)
    assert (wish.open, wish.drop, wish.close_code) == (True, False, 1000)
    assert wish.authorization_key == "0001020304050607FFFFFFFFFFFFFFFFFFFFFFFF"


@covers("WS-13")
def test_what_is_told_of_the_link_is_what_the_driver_tries() -> None:
    """The driver takes the credentials out before it says where it tries to connect."""
    world = unregistered(connection=Connection(url="ws://u:secret@central.example"))
    station = world.driver.station
    station.link_connecting("ws://central.example/CP001")
    station.link_up("ocpp1.6")
    station.link_down("Gone.")
    told = [event for event in station.drain().events if isinstance(event, LinkEvent)]
    assert [event.url for event in told] == ["ws://central.example/CP001"] * 3


@covers("WS-3")
@pytest.mark.parametrize(
    "switch, option, tolerate", [("off", False, False), ("on", False, True), ("off", True, True)]
)
def test_a_missing_sub_protocol_is_tolerated_only_if_wanted(
    switch: str, option: bool, tolerate: bool
) -> None:
    connection = Connection(url="ws://central.example", tolerate_missing_subprotocol=option)
    world = World(connection=connection, switches={"SW-TOLERATE-NO-SUBPROTOCOL": switch})
    assert wanted(world).tolerate_missing_subprotocol is tolerate


# --- again and again ---


@covers("WS-4", "WS-5")
def test_a_refused_station_tries_for_ever() -> None:
    driver, peer = watched()
    peer.refusal = "The server does not know this station (404)."
    driver.run_for(10_000)
    waits = [later - earlier for earlier, later in pairwise(peer.tries)]
    assert waits[:8] == [3, 6, 12, 24, 48, 96, 192, 300]
    assert set(waits[7:]) == {300}
    assert driver.submit(commands.Info())["link"]["reason"] == peer.refusal
    peer.refusal = None
    driver.run_for(300)
    assert peer.inside == 1
    assert driver.submit(commands.Info())["registration"]["status"] == "Accepted"


@covers("WS-5")
@pytest.mark.parametrize("lived, wait", [(61, 3), (30, 24)])
def test_only_a_link_that_lived_makes_the_waits_short_again(lived: int, wait: int) -> None:
    driver, peer = watched()
    peer.refusal = "No."
    driver.run_for(20)
    peer.refusal = None
    driver.run_for(1)
    assert peer.inside == 1
    driver.run_for(lived)
    driver.drop_link()
    lost = (driver.now.sim - START) / SECOND
    driver.run_for(30)
    assert peer.tries[-1] - lost == wait


@covers("WS-9", "WS-10")
def test_there_is_one_link_at_a_time() -> None:
    driver, peer = watched()
    driver.run_for(1)
    driver.submit(commands.Connect())
    driver.submit(commands.Connect(url="ws://elsewhere.example"))
    driver.submit(commands.DropLink())
    driver.submit(commands.Configuration(key="AuthorizationKey", value="0123456789abcdef"))
    driver.submit(commands.Reboot())
    driver.run_for(5)
    driver.submit(commands.FactoryReset())
    driver.run_for(5)
    driver.submit(commands.PowerCut())
    driver.submit(commands.PowerOn())
    driver.kill()
    driver.restart()
    driver.run_for(5)
    assert peer.inside == 1
    assert len(peer.tries) == 9
    assert driver.submit(commands.Info())["registration"]["status"] == "Accepted"


@covers("WS-9")
def test_a_factory_reset_always_begins_a_new_link() -> None:
    driver, peer = watched()
    driver.run_for(1)
    for _ in range(3):
        driver.submit(commands.FactoryReset())
        driver.run_for(1)
        assert driver.submit(commands.Info())["registration"]["status"] == "Accepted"
    assert len(peer.tries) == 4
    assert [event.seq for event in driver.events] == list(range(1, len(driver.events) + 1))


@covers("WS-8", "CORE-BOOT-1")
def test_another_central_system_gets_a_boot_notification() -> None:
    world = World()
    world.do(commands.Connect(url="ws://elsewhere.example"))
    world.run(1)
    assert world.told() == ["BootNotification", "Status(0) Available", "Status(1) Available"]
    assert world.peer.wanted is not None
    assert world.peer.wanted.url == "ws://elsewhere.example"


@covers("WS-8")
def test_the_same_central_system_does_not() -> None:
    world = World()
    world.do(commands.Connect(url="ws://central.example"))
    world.run(1)
    assert world.peer.connections == 2
    assert world.told() == []


@covers("WS-8", "WS-9")
def test_another_address_is_kept() -> None:
    world = World()
    world.do(commands.Connect(url="ws://elsewhere.example"))
    world.driver.restart()
    assert wanted(world).url == "ws://elsewhere.example"


# --- how it ends ---


@covers("WS-10")
def test_a_person_who_goes_offline_closes_normally() -> None:
    world = World()
    world.do(commands.Disconnect())
    wish = wanted(world)
    assert (wish.open, wish.drop, wish.close_code) == (False, False, 1000)
    assert world.info()["link"]["state"] == "offline"
    world.run(1000)
    assert world.peer.connections == 1
    world.do(commands.Connect())
    assert world.info()["link"]["state"] == "up"


@covers("WS-10", "CORE-RST-4")
@pytest.mark.parametrize("how", ["Soft", "Hard", "reboot"])
def test_a_restart_goes_away(how: str) -> None:
    world = World(switches={"SW-REBOOT-SECONDS": "10"})
    before = wanted(world).generation
    world.do(commands.Reboot()) if how == "reboot" else world.ask("Reset", {"type": how})
    world.run(5)
    wish = wanted(world)
    assert (wish.open, wish.drop, wish.close_code) == (False, False, 1001)
    assert wish.generation > before
    assert world.info()["link"]["state"] != "up"
    world.run(10)
    assert world.info()["link"]["state"] == "up"


@covers("WS-10", "WS-9")
def test_a_link_that_is_cut_says_no_goodbye() -> None:
    world = World()
    world.do(commands.PowerCut())
    assert (wanted(world).open, wanted(world).drop) == (False, True)


@covers("WS-10")
@pytest.mark.parametrize("before", [commands.DropLink(), commands.Reboot()])
def test_how_one_link_ended_says_nothing_about_the_next(before: commands.Command) -> None:
    world = World(switches={"SW-REJECTED-SOCKET": "close"})
    world.do(before)
    world.run(5)
    world.peer.answers["BootNotification"] = registration(world, "Rejected", 100)
    world.ask("TriggerMessage", {"requestedMessage": "BootNotification"})
    wish = wanted(world)
    assert (wish.open, wish.drop, wish.close_code) == (False, False, 1000)


@covers("WS-10")
def test_why_the_server_closed_is_shown() -> None:
    world = World()
    world.driver.drop_link("The server closed the connection (1008: policy).")
    assert world.info()["link"]["reason"] == "The server closed the connection (1008: policy)."
    assert world.info()["link"]["state"] == "down"
    world.run(3)
    assert "reason" not in world.info()["link"]


# --- what comes in ---


@covers("WS-6")
@pytest.mark.parametrize("kind", ["binary", "utf-8", "oversize"])
def test_what_is_no_text_is_noted_and_changes_nothing(kind: Any) -> None:
    world = World()
    world.driver.receive_invalid(kind)
    assert logs(world, "InvalidMessages")
    assert world.info()["link"]["state"] == "up"
    assert world.ask("ClearCache") == {"status": "Accepted"}
    assert world.told() == []


# --- pings ---


@covers("WS-20", "C.1/WebSocketPingInterval")
def test_the_ping_interval_is_that_of_the_key_and_counts_at_once() -> None:
    world = World()
    generation = wanted(world).generation
    assert wanted(world).ping_interval == 60
    assert world.change("WebSocketPingInterval", "17") == "Accepted"
    assert wanted(world).ping_interval == 17
    assert world.change("WebSocketPingInterval", "-1") == "Rejected"
    assert wanted(world).ping_interval == 17
    assert world.change("WebSocketPingInterval", "0") == "Accepted"
    assert wanted(world).ping_interval == 0
    assert wanted(world).generation == generation
    assert world.peer.connections == 1


@covers("WS-20", "CORE-CFG-7")
def test_without_the_key_there_are_no_pings() -> None:
    world = World(switches={"SW-ABSENT-KEYS": "WebSocketPingInterval"})
    assert wanted(world).ping_interval == 0


# --- a lost link ---


@covers("WS-22")
def test_what_waits_for_an_answer_fails_when_the_link_is_lost() -> None:
    world = World(answers={"Heartbeat": None}, interval=100)
    world.run(100)
    assert world.info()["queue"]["outstanding"] == "Heartbeat"
    world.driver.drop_link()
    assert world.info()["queue"]["outstanding"] is None
    world.run(4)
    assert times(world, "Heartbeat") == [100]


@covers("WS-22")
def test_what_waited_to_be_sent_is_not_sent_later() -> None:
    world = World(answers={"Heartbeat": None}, interval=100, connectors=2)
    world.run(100)
    world.do(commands.Send(action="DataTransfer", payload={"vendorId": "x"}))
    world.do(commands.PlugIn(connector=1))
    world.do(commands.Unplug(connector=1))
    world.do(commands.PlugIn(connector=2))
    world.driver.drop_link()
    world.peer.clear()
    world.run(4)
    assert world.told() == ["Status(1) Available", "Status(2) Preparing"]


@covers("WS-22", "CORE-TXQ-6")
def test_a_transaction_message_goes_back_to_the_head_of_the_queue() -> None:
    world = World(answers={"StartTransaction": None})
    world.do(commands.Start(id_tag=TAG))
    world.run(5)
    world.do(commands.Stop())
    world.driver.drop_link()
    world.peer.answers["StartTransaction"] = {"transactionId": 3, "idTagInfo": {"status": "Accepted"}}
    world.peer.clear()
    world.run(10)
    assert [a for a in world.peer.actions() if a != "StatusNotification"] == [
        "StartTransaction",
        "StopTransaction",
    ]


@covers("WS-22")
def test_a_call_of_the_lost_link_is_not_answered_on_the_next() -> None:
    world = World()
    station = world.driver.station
    station.receive('[2,"old","ClearCache",{}]')
    station.link_down("The connection was lost.")
    station.drain()
    station.link_up("ocpp1.6")
    assert not [frame for frame in station.drain().frames if "old" in frame]


@covers("WS-22", "RPC-7")
def test_an_answer_from_the_lost_link_is_none_on_the_next() -> None:
    world = World(answers={"Authorize": None})
    world.do(commands.Start(id_tag=TAG))
    old = world.peer.calls("Authorize")[0].id
    world.driver.drop_link()
    world.run(5)
    world.raw(f'[3,"{old}",{{"idTagInfo":{{"status":"Accepted"}}}}]')
    assert "transaction" not in world.connector()
