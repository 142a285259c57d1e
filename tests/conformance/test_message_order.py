"""The canonical order of messages, flow by flow (A.24)."""

from typing import Any

import pytest

from desktop_sim.protocol.times import format_time
from desktop_sim.runtime.scripted_peer import Failure
from desktop_sim.station import commands as c
from tests.conformance.coverage import covers
from tests.conformance.world import TAG, World

REFUSED = {"transactionId": 3, "idTagInfo": {"status": "Invalid"}}


def seconds(world: World, action: str, since: int) -> list[float]:
    """When an action came, in seconds."""
    return [(m.time - since) / 1_000_000 for m in world.peer.calls(action)]


def both_ways(world: World) -> list[str]:
    """Everything on the wire, `>` from the station and `<` to it, answers to the station's calls left out."""
    lines = []
    for message in world.peer.messages:
        if message.received and message.type == "call":
            lines.append(f"> {message.action}")
        elif message.received:
            lines.append(f"> {message.payload['status']}")
        elif message.type == "call":
            lines.append(f"< {message.action}")
    return lines


@covers("A.24/boot", "CORE-BOOT-6", "CORE-HB-1")
def test_boot() -> None:
    """connect · BootNotification · statuses · what was queued, oldest first · Heartbeat."""
    world = World(connectors=2, keys={"MeterValueSampleInterval": "30"})
    world.start(2)
    world.offline()
    world.run(70)
    world.do(c.Stop(connector=2))
    world.driver.kill()
    world.driver.network(True)
    world.peer.clear()
    world.driver.restart()
    world.run(303)
    assert world.told() == [
        "BootNotification",
        "Status(0) Available",
        "Status(1) Available",
        "Status(2) Finishing",
        "MeterValues",
        "MeterValues",
        "StopTransaction Local",
        "Heartbeat",
    ]


@covers("A.24/plug first")
def test_plug_first() -> None:
    world = World(keys={"MeterValueSampleInterval": "10"})
    world.do(c.PlugIn())
    world.run(5)
    world.do(c.PresentTag(id_tag=TAG))
    world.run(25)
    assert world.told() == [
        "Status(1) Preparing",
        "Authorize",
        "StartTransaction",
        "Status(1) Charging",
        "MeterValues",
        "MeterValues",
    ]


@covers("A.24/id first")
def test_id_first() -> None:
    world = World()
    world.do(c.PresentTag(id_tag=TAG))
    world.run(5)
    world.do(c.PlugIn())
    assert world.told() == ["Authorize", "Status(1) Preparing", "StartTransaction", "Status(1) Charging"]


@covers("A.24/remote start")
@pytest.mark.parametrize("authorize", ["true", "false"])
def test_remote_start(authorize: str) -> None:
    world = World(keys={"AuthorizeRemoteTxRequests": authorize})
    world.ask("RemoteStartTransaction", {"connectorId": 1, "idTag": TAG})
    world.run(5)
    world.do(c.PlugIn())
    asks = ["> Authorize"] if authorize == "true" else []
    assert both_ways(world) == [
        "< RemoteStartTransaction",
        "> Accepted",
        *asks,
        "> StatusNotification",
        "> StartTransaction",
        "> StatusNotification",
    ]
    assert world.statuses() == ["Preparing", "Charging"]


@covers("A.24/local stop")
def test_local_stop() -> None:
    world = World()
    world.start()
    world.peer.clear()
    world.do(c.PresentTag(id_tag=TAG))
    assert not world.connector()["locked"]
    world.run(5)
    world.do(c.Unplug())
    assert world.told() == ["StopTransaction Local", "Status(1) Finishing", "Status(1) Available"]


@covers("A.24/local stop", "CORE-AUTH-5")
def test_local_stop_by_another_tag_of_the_group() -> None:
    world = World(answers={"Authorize": {"idTagInfo": {"status": "Accepted", "parentIdTag": "FAMILY"}}})
    world.start()
    world.peer.clear()
    world.do(c.PresentTag(id_tag="COUSIN"))
    assert world.told() == ["Authorize", "StopTransaction Local", "Status(1) Finishing"]


@covers("A.24/remote stop")
def test_remote_stop() -> None:
    world = World()
    transaction = world.start()
    world.peer.clear()
    world.ask("RemoteStopTransaction", {"transactionId": transaction})
    world.do(c.Unplug())
    assert both_ways(world) == [
        "< RemoteStopTransaction",
        "> Accepted",
        "> StopTransaction",
        "> StatusNotification",
        "> StatusNotification",
    ]
    assert world.told() == ["StopTransaction Remote", "Status(1) Finishing", "Status(1) Available"]


@covers("A.24/EV pulled")
def test_ev_pulled() -> None:
    world = World()
    world.start()
    world.peer.clear()
    world.do(c.Unplug(end="vehicle"))
    world.run(5)
    world.do(c.Unplug(end="station"))
    assert world.told() == ["StopTransaction EVDisconnected", "Status(1) Finishing", "Status(1) Available"]


@covers("A.24/unlock in tx")
def test_unlock_in_a_transaction() -> None:
    world = World()
    world.start()
    world.peer.clear()
    world.ask("UnlockConnector", {"connectorId": 1})
    world.do(c.Unplug())
    assert both_ways(world) == [
        "< UnlockConnector",
        "> Unlocked",
        "> StopTransaction",
        "> StatusNotification",
        "> StatusNotification",
    ]
    assert world.told() == ["StopTransaction UnlockCommand", "Status(1) Finishing", "Status(1) Available"]


@covers("A.24/soft reset in tx")
def test_soft_reset_in_a_transaction() -> None:
    world = World()
    world.start()
    world.peer.clear()
    world.ask("Reset", {"type": "Soft"})
    world.run(5)
    assert both_ways(world)[:2] == ["< Reset", "> Accepted"]
    assert world.told() == [
        "StopTransaction SoftReset",
        "Status(1) Finishing",
        "BootNotification",
        "Status(0) Available",
        "Status(1) Finishing",
    ]
    assert world.peer.connections == 2


@covers("A.24/invalid id after start")
@pytest.mark.parametrize(
    "stops, follows",
    [
        ("true", ["StopTransaction DeAuthorized", "Status(1) Finishing"]),
        ("false", ["Status(1) SuspendedEVSE"]),
    ],
)
def test_invalid_id_after_the_start(stops: str, follows: list[str]) -> None:
    world = World(keys={"StopTransactionOnInvalidId": stops}, answers={"StartTransaction": REFUSED})
    world.do(c.Start())
    world.run(1)
    assert world.told() == [
        "Status(1) Preparing",
        "Authorize",
        "StartTransaction",
        "Status(1) Charging",
        *follows,
    ]


@covers("A.24/offline episode", "CORE-BOOT-11")
def test_offline_episode() -> None:
    """No boot; what changed, then everything that was stored, in order and with its own times."""
    world = World(keys={"MeterValueSampleInterval": "60"})
    world.do(c.Cache(act="add", id_tag=TAG))
    world.offline()
    world.do(c.Start())
    world.run(130)
    world.do(c.Stop())
    world.run(600)
    world.online()
    world.run(1)
    assert world.told() == [
        "Status(1) Finishing",
        "StartTransaction",
        "MeterValues",
        "MeterValues",
        "StopTransaction Local",
    ]
    messages = [m.payload for m in world.peer.calls() if m.action != "StatusNotification"]
    stamps = [m.get("timestamp") or m["meterValue"][0]["timestamp"] for m in messages]
    assert [stamp[14:19] for stamp in stamps] == ["00:00", "01:00", "02:00", "02:10"]
    assert [m.get("transactionId") for m in messages] == [None, 1, 1, 1]


@covers("A.24/trigger")
def test_trigger() -> None:
    world = World()
    world.ask("TriggerMessage", {"requestedMessage": "Heartbeat"})
    assert both_ways(world) == ["< TriggerMessage", "> Accepted", "> Heartbeat"]


def refused_start(attempts: int, interval: int) -> tuple[World, list[float]]:
    keys = {"TransactionMessageAttempts": str(attempts), "TransactionMessageRetryInterval": str(interval)}
    world = World(answers={"StartTransaction": Failure("GenericError")}, keys=keys)
    begin = world.driver.now.sim
    world.do(c.Start())
    world.run(400)
    assert world.info()["queue"]["waiting"] == 0
    return world, seconds(world, "StartTransaction", begin)


@covers("A.24/retry 3 of 60", "CORE-TXQ-5")
def test_retry_3_of_60() -> None:
    assert refused_start(3, 60)[1] == [0, 60, 180]


@covers("A.24/retry 1 of 60", "CORE-TXQ-5")
def test_retry_1_of_60() -> None:
    assert refused_start(1, 60)[1] == [0]


@covers("A.24/retry 4 of 10", "CORE-TXQ-5")
def test_retry_4_of_10() -> None:
    assert refused_start(4, 10)[1] == [0, 10, 30, 60]


@covers("A.24/retry 2 of 0", "CORE-TXQ-7")
def test_retry_2_of_0() -> None:
    assert refused_start(2, 0)[1] == [0, 1]


@covers("A.24/retry and lost link", "CORE-TXQ-6")
def test_retry_and_a_lost_link() -> None:
    """The waiting time passes while the link is down; the loss uses up no attempt."""
    world = World(
        answers={"StartTransaction": Failure("GenericError")},
        keys={"TransactionMessageAttempts": "3", "TransactionMessageRetryInterval": "60"},
    )
    begin = world.driver.now.sim
    world.do(c.Start())
    world.run(30)
    world.offline()
    world.run(60)
    world.online()
    world.run(300)
    back = seconds(world, "StartTransaction", begin)
    assert back[0] == 0
    assert back[1] == pytest.approx(100, abs=40)
    assert back[2] - back[1] == pytest.approx(120)
    assert len(back) == 3


@covers("A.24/boot", "CORE-BOOT-6", "CORE-BOOT-13")
def test_boot_tells_each_status_once() -> None:
    """Also where acceptance itself changes it."""

    def accept(_: Any) -> Any:
        return {"status": "Accepted", "currentTime": format_time(world.driver.now.sim), "interval": 300}

    world = World(
        connectors=2,
        switches={"SW-UNAVAILABLE-UNTIL-ACCEPTED": "on"},
        answers={"BootNotification": accept},
        boot=False,
    )
    world.run(1)
    assert world.told() == [
        "BootNotification",
        "Status(0) Available",
        "Status(1) Available",
        "Status(2) Available",
    ]
