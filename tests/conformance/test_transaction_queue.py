"""CORE-TXQ: transaction messages are delivered once each, in order, whatever happens on the way."""

from collections.abc import Callable
from contextlib import suppress
from itertools import pairwise
from typing import Any

import pytest

from desktop_sim.runtime.scripted_peer import Failure, Later, Message, Raw
from desktop_sim.runtime.virtual import START, PowerGone
from desktop_sim.station import commands
from desktop_sim.station.commands import CommandRefused
from desktop_sim.station.events import TransactionEvent
from desktop_sim.station.turn import SECOND
from tests.conformance.coverage import covers
from tests.conformance.replies import logs, tag, times
from tests.conformance.world import TAG, World

MEMBERS = ("StartTransaction", "MeterValues", "StopTransaction")
STARTED = {"transactionId": 7, "idTagInfo": {"status": "Accepted"}}


def world_with(**more: Any) -> World:
    """A station that samples every minute and lets everybody charge offline."""
    keys = {"AllowOfflineTxForUnknownId": "true", "MeterValueSampleInterval": "60", **more.pop("keys", {})}
    return World(keys=keys, **more)


def members(world: World) -> list[str]:
    """The transaction messages the central system got, in order."""
    return [action for action in world.peer.actions() if action in MEMBERS]


def dropped(world: World) -> list[float]:
    """When messages were given up, seconds since the start of the world."""
    return [(e.time - START) / SECOND for e in world.events(TransactionEvent) if e.what == "dropped"]


def payload(message: Message) -> str:
    """A CALL as it went over the wire, without its message id."""
    return message.text.split(",", 2)[2]


# --- what is a member ---


@covers("CORE-TXQ-1")
def test_values_of_a_transaction_are_kept_and_those_of_an_idle_connector_are_not() -> None:
    world = world_with(
        connectors=2, keys={"ClockAlignedDataInterval": "300", "MeterValueSampleInterval": "0"}
    )
    world.start(1)
    world.peer.clear()
    world.offline()
    world.run(700)
    world.online()
    world.run(0)
    values = [(v["connectorId"], v["transactionId"]) for v in world.peer.payloads("MeterValues")]
    assert set(values) == {(1, 1)}
    assert len(values) >= 2


@covers("CORE-TXQ-1", "CORE-MV-15", "CORE-TXQ-4")
def test_triggered_values_do_not_queue() -> None:
    world = world_with(answers={"StartTransaction": Failure()})
    world.do(commands.Start(id_tag=TAG))
    world.run(10)
    world.ask("TriggerMessage", {"requestedMessage": "MeterValues", "connectorId": 1})
    assert members(world) == ["StartTransaction", "MeterValues"]
    assert "transactionId" not in world.peer.last("MeterValues")
    assert world.info()["queue"]["waiting"] == 1


# --- order ---


@covers("CORE-TXQ-2")
def test_one_queue_over_all_connectors_in_the_order_of_time() -> None:
    world = world_with(connectors=2)
    world.offline()
    world.do(commands.Start(connector=1, id_tag="ANN"))
    world.run(30)
    world.do(commands.Start(connector=2, id_tag="BOB"))
    world.run(45)
    world.do(commands.Stop(connector=1))
    world.run(30)
    world.do(commands.Stop(connector=2))
    world.online()
    world.run(0)
    seen = [
        (m.action, m.payload.get("connectorId"), m.payload.get("transactionId"))
        for m in world.peer.calls()
        if m.action in MEMBERS
    ]
    assert seen == [
        ("StartTransaction", 1, None),
        ("StartTransaction", 2, None),
        ("MeterValues", 1, 1),
        ("StopTransaction", None, 1),
        ("MeterValues", 2, 2),
        ("StopTransaction", None, 2),
    ]


@covers("CORE-TXQ-2", "CORE-TXQ-4", "RPC-2")
def test_a_new_member_waits_until_those_before_it_are_through() -> None:
    world = world_with(connectors=2, answers={"StartTransaction": [Failure(), STARTED]})
    world.do(commands.Start(connector=1, id_tag="ANN"))
    world.run(5)
    world.do(commands.Start(connector=2, id_tag="BOB"))
    world.run(50)
    assert members(world) == ["StartTransaction"]
    world.run(10)
    assert [p["idTag"] for p in world.peer.payloads("StartTransaction")] == ["ANN", "ANN", "BOB"]


@covers("CORE-TXQ-4")
def test_others_may_overtake_a_queue_that_waits() -> None:
    world = world_with(answers={"StartTransaction": Failure()}, interval=20, connectors=2)
    world.do(commands.Start(connector=1, id_tag=TAG))
    world.run(1)
    world.peer.clear()
    world.do(commands.PlugIn(connector=2))
    world.peer.answers["Authorize"] = tag("Blocked")
    world.do(commands.PresentTag(id_tag="OTHER", connector=2))
    world.run(50)
    assert world.told() == ["Status(2) Preparing", "Authorize", "Heartbeat", "Heartbeat"]


@covers("CORE-TXQ-13", "CORE-TXQ-4", "RPC-2")
def test_a_flush_keeps_to_one_call_at_a_time_without_delay() -> None:
    world = world_with()
    world.offline()
    world.do(commands.Start(id_tag=TAG))
    world.run(1200)
    world.do(commands.Stop())
    for action in (*MEMBERS, "StatusNotification", "Heartbeat"):
        given = world.peer.answers.get(action, {})
        world.peer.answers[action] = Later(2, given)
    world.peer.clear()
    world.online()
    world.run(100)
    open_calls = 0
    for message in world.peer.messages:
        open_calls += (message.type == "call") - (message.type == "result")
        assert open_calls <= 1
    sent = [m.time for m in world.peer.calls()]
    assert all(later - earlier == 2 * SECOND for earlier, later in pairwise(sent))
    assert len(sent) == 23


@covers("CORE-TXQ-13")
def test_a_pause_between_queued_messages_can_be_switched_on() -> None:
    world = world_with(switches={"SW-QUEUE-DELAY": "5"})
    world.offline()
    world.do(commands.Start(id_tag=TAG))
    world.run(130)
    world.do(commands.Stop())
    world.online()
    world.peer.messages[:] = [m for m in world.peer.messages if m.action in MEMBERS]
    first = world.peer.calls()[0].time
    world.run(60)
    waits = [(m.time - first) / SECOND for m in world.peer.calls() if m.action in MEMBERS]
    assert waits == [0, 5, 10, 15]


# --- over any stop ---


@covers("CORE-TXQ-3")
@pytest.mark.parametrize("times_killed", [1, 3])
def test_the_queue_survives_a_kill(times_killed: int) -> None:
    world = world_with()
    world.offline()
    world.do(commands.Start(id_tag=TAG))
    world.run(130)
    world.do(commands.Stop())
    for _ in range(times_killed):
        world.driver.kill()
        world.run(100)
        world.driver.restart()
        world.run(10)
    world.online()
    world.run(0)
    assert members(world) == ["StartTransaction", "MeterValues", "MeterValues", "StopTransaction"]


def _session(world: World) -> list[Callable[[], Any]]:
    """A day in the life, step by step."""
    return [
        lambda: world.do(commands.Start(connector=1, id_tag=TAG)),
        lambda: world.run(70),
        world.offline,
        lambda: world.run(70),
        world.online,
        lambda: world.run(5),
        lambda: world.do(commands.Stop(connector=1)),
        lambda: world.run(5),
    ]


@covers("CORE-TXQ-3", "CORE-TXQ-8", "CORE-TXQ-9", "RPC-1")
@pytest.mark.parametrize("committed", [True, False])
def test_no_kill_at_any_commit_loses_a_start_or_a_stop(committed: bool) -> None:
    """The power fails at the n-th commit, for every n there is."""
    for commit in range(60):
        world = world_with()
        numbers: dict[str, int] = {}

        def answer(start: dict[str, Any], numbers: dict[str, int] = numbers) -> dict[str, Any]:
            key = f"{start['timestamp']} {start['meterStart']}"
            return STARTED | {"transactionId": numbers.setdefault(key, 100 + len(numbers))}

        world.peer.answers["StartTransaction"] = answer
        world.driver.fuse, world.driver.fuse_before_commit = commit, not committed
        lived = _live(world, _session(world))
        world.run(400)
        starts = {payload(m) for m in world.peer.calls("StartTransaction")}
        stops = {(p["transactionId"], p["timestamp"]) for p in world.peer.payloads("StopTransaction")}
        assert len(starts) == len(stops) == len(numbers)
        assert {number for number, _ in stops} == set(numbers.values())
        assert world.info()["queue"]["waiting"] == 0
        assert "transaction" not in world.connector()
        ids = [m.id for m in world.peer.calls()]
        assert len(set(ids)) == len(ids)
        if lived:
            break
    else:
        pytest.fail("The session has more commits than were tried.")


def _live(world: World, steps: list[Callable[[], Any]]) -> bool:
    """Whether the power lasted; otherwise it comes back and the world goes on online."""
    try:
        for step in steps:
            step()
    except PowerGone:
        world.driver.restart()
        with suppress(PowerGone):
            world.driver.network(True)
        return False
    return True


# --- failures ---

TABLE = [
    ("3", "60", [0, 60, 180], 180),
    ("1", "60", [0], 0),
    ("4", "10", [0, 10, 30, 60], 60),
    ("2", "0", [0, 1], 1),
    ("0", "60", [0], 0),
    ("3", "0", [0, 1, 2], 2),
]


@covers(
    "CORE-TXQ-5",
    "CORE-TXQ-7",
    "RPC-25",
    "C.1/TransactionMessageAttempts",
    "C.1/TransactionMessageRetryInterval",
    "A.24/retry 3 of 60",
    "A.24/retry 1 of 60",
    "A.24/retry 4 of 10",
    "A.24/retry 2 of 0",
)
@pytest.mark.parametrize("attempts, interval, sends, end", TABLE)
@pytest.mark.parametrize("action", MEMBERS)
def test_when_a_message_is_sent_again_and_when_given_up(
    action: str, attempts: str, interval: str, sends: list[int], end: int
) -> None:
    world = world_with(
        keys={
            "TransactionMessageAttempts": attempts,
            "TransactionMessageRetryInterval": interval,
            "MeterValueSampleInterval": "600",
            "StopTxnSampledData": "",
        }
    )
    world.start()
    if action == "StartTransaction":
        world.do(commands.Stop())
        world.do(commands.Unplug())
        world.run(5)
    world.peer.answers[action] = Failure("GenericError")
    if action == "StartTransaction":
        world.peer.clear()
        world.do(commands.Start(id_tag=TAG))
    elif action == "MeterValues":
        world.peer.clear()
        world.driver.run_until(lambda: members(world) == ["MeterValues"])
    else:
        world.peer.clear()
        world.do(commands.Stop())
    world.run(400)
    first = times(world, action)[0]
    assert [at - first for at in times(world, action)] == sends
    assert [at - first for at in dropped(world)] == [end]


@covers("CORE-TXQ-5")
def test_what_is_given_up_lets_the_next_one_go_at_once() -> None:
    world = world_with(keys={"TransactionMessageAttempts": "2"})
    world.start()
    world.peer.answers["MeterValues"] = Failure()
    world.offline()
    world.run(70)
    world.do(commands.Stop())
    world.online()
    world.peer.clear()
    world.run(60)
    assert members(world) == ["MeterValues", "StopTransaction"]


@covers("CORE-TXQ-5", "CORE-TXQ-6", "WS-22", "A.24/retry and lost link")
def test_a_lost_link_uses_up_no_attempt_and_the_wait_goes_on_meanwhile() -> None:
    world = world_with(answers={"StartTransaction": Failure()}, keys={"MeterValueSampleInterval": "0"})
    world.do(commands.Start(id_tag=TAG))
    world.run(30)
    world.offline()
    world.run(70)
    world.driver.network(True)
    world.driver.run_until(lambda: world.info()["link"]["state"] == "up")
    back = (world.driver.now.sim - START) / SECOND
    world.run(300)
    assert times(world, "StartTransaction") == [0.5, back, back + 120]
    assert dropped(world) == [back + 120]


@covers("CORE-TXQ-5", "CORE-TXQ-6")
def test_a_reconnect_does_not_shorten_the_wait() -> None:
    world = world_with(answers={"StartTransaction": Failure()})
    world.do(commands.Start(id_tag=TAG))
    world.run(10)
    world.driver.drop_link()
    world.run(60)
    assert times(world, "StartTransaction") == [0.5, 60.5]


@covers("CORE-TXQ-6", "WS-22")
def test_a_link_lost_while_the_answer_is_awaited_uses_up_no_attempt() -> None:
    world = world_with(keys={"TransactionMessageAttempts": "1"})
    world.peer.answers["StartTransaction"] = None
    world.do(commands.Start(id_tag=TAG))
    for _ in range(4):
        world.run(15)
        world.driver.drop_link()
        world.driver.run_until(lambda: world.info()["link"]["state"] == "up")
    world.peer.answers["StartTransaction"] = STARTED
    world.driver.drop_link()
    world.run(60)
    assert world.connector()["transaction"]["id"] == 7
    assert dropped(world) == []


@covers("CORE-TXQ-6", "RPC-4")
def test_silence_counts_as_a_failure() -> None:
    world = world_with(answers={"StartTransaction": None})
    world.do(commands.Start(id_tag=TAG))
    world.run(400)
    assert times(world, "StartTransaction") == [0.5, 90.5, 240.5]
    assert dropped(world) == [270.5]


@covers("CORE-TXQ-6")
def test_or_it_does_not_by_switch() -> None:
    world = world_with(answers={"StartTransaction": None}, switches={"SW-TXQ-ON-TIMEOUT": "does-not-count"})
    world.do(commands.Start(id_tag=TAG))
    world.run(2000)
    assert len(times(world, "StartTransaction")) > 20
    assert dropped(world) == []


@covers("CORE-TXQ-14", "RPC-26")
@pytest.mark.parametrize(
    "answer",
    [
        "{}",
        "[]",
        '{"transactionId":"7","idTagInfo":{"status":"Accepted"}}',
        '{"transactionId":7}',
        '{"transactionId":7,"idTagInfo":{"status":"OK"}}',
        '{"transactionId":7.5,"idTagInfo":{"status":"Accepted"}}',
    ],
)
def test_a_wrong_answer_is_a_failed_attempt(answer: str) -> None:
    world = world_with(answers={"StartTransaction": Raw(f'[3,"{{id}}",{answer}]')})
    world.do(commands.Start(id_tag=TAG))
    world.run(400)
    assert times(world, "StartTransaction") == [0.5, 60.5, 180.5]
    assert dropped(world) == [180.5]
    assert world.status() == "Charging"


# --- the same again ---


@covers("CORE-TXQ-8", "RPC-1")
@pytest.mark.parametrize("how", ["error", "silence", "link", "kill"])
def test_sent_again_it_has_another_id_and_the_same_bytes(how: str) -> None:
    world = world_with(answers={"StopTransaction": Failure() if how == "error" else None})
    world.start()
    world.run(61)
    world.do(commands.Stop())
    world.run(5)
    if how == "link":
        world.driver.drop_link()
    elif how == "kill":
        world.driver.restart()
    world.run(100)
    first, second = world.peer.calls("StopTransaction")[:2]
    assert first.id != second.id
    assert payload(first) == payload(second)


# --- transactionId ---


@covers("CORE-TXQ-9")
def test_the_number_is_filled_in_when_it_is_known() -> None:
    world = world_with(
        answers={"StartTransaction": Later(25, STARTED)}, keys={"MeterValueSampleInterval": "5"}
    )
    world.do(commands.Start(id_tag=TAG))
    world.run(12)
    world.do(commands.Stop())
    assert members(world) == ["StartTransaction"]
    world.run(20)
    assert members(world) == ["StartTransaction", "MeterValues", "MeterValues", "StopTransaction"]
    assert {p["transactionId"] for p in world.peer.payloads("MeterValues")} == {7}
    assert world.peer.last("StopTransaction")["transactionId"] == 7


@covers("CORE-TXQ-9", "CORE-RSTOP-2")
def test_if_the_start_was_given_up_the_number_is_minus_one() -> None:
    world = world_with(answers={"StartTransaction": Failure()}, keys={"TransactionMessageAttempts": "1"})
    world.do(commands.Start(id_tag=TAG))
    world.run(61)
    assert world.status() == "Charging"
    assert world.connector()["transaction"]["id"] == -1
    assert world.ask("RemoteStopTransaction", {"transactionId": -1}) == {"status": "Rejected"}
    world.do(commands.Stop())
    assert [p["transactionId"] for p in world.peer.payloads("MeterValues")] == [-1]
    assert world.peer.last("StopTransaction")["transactionId"] == -1


@covers("CORE-TXQ-9", "CORE-TXQ-3")
def test_minus_one_is_remembered_over_a_kill() -> None:
    world = world_with(answers={"StartTransaction": Failure()}, keys={"TransactionMessageAttempts": "1"})
    world.do(commands.Start(id_tag=TAG))
    world.driver.restart()
    world.run(5)
    assert world.peer.last("StopTransaction")["transactionId"] == -1


@covers("CORE-TXQ-9")
def test_a_given_up_start_lets_the_next_transaction_have_its_own_number() -> None:
    world = world_with(
        answers={"StartTransaction": [Failure(), STARTED]}, keys={"TransactionMessageAttempts": "1"}
    )
    world.do(commands.Start(id_tag=TAG))
    world.do(commands.Stop())
    world.do(commands.Unplug())
    world.do(commands.Start(id_tag=TAG))
    world.do(commands.Stop())
    assert [p["transactionId"] for p in world.peer.payloads("StopTransaction")] == [-1, 7]


@covers("CORE-TXQ-10")
def test_a_late_answer_counts_as_long_as_nothing_was_sent_again() -> None:
    world = world_with(answers={"StartTransaction": Later(50, STARTED)})
    world.do(commands.Start(id_tag=TAG))
    world.run(40)
    assert world.connector()["transaction"]["id"] is None
    world.run(60)
    assert world.connector()["transaction"]["id"] == 7
    assert members(world) == ["StartTransaction", "MeterValues"]


@covers("CORE-TXQ-10", "RPC-4", "RPC-7")
def test_a_late_answer_is_ignored_once_it_was_sent_again() -> None:
    late = {"transactionId": 1, "idTagInfo": {"status": "Accepted"}}
    world = world_with(answers={"StartTransaction": [Later(100, late), Later(20, STARTED)]})
    world.do(commands.Start(id_tag=TAG))
    world.run(105)
    assert world.connector()["transaction"]["id"] is None
    world.run(10)
    assert world.connector()["transaction"]["id"] == 7
    assert len(times(world, "StartTransaction")) == 2


@covers("CORE-TXQ-10")
def test_a_late_answer_is_ignored_also_between_two_later_tries() -> None:
    late = {"transactionId": 1, "idTagInfo": {"status": "Accepted"}}
    world = world_with(answers={"StartTransaction": [Later(120, late), Failure(), STARTED]})
    world.do(commands.Start(id_tag=TAG))
    world.run(130)
    assert world.connector()["transaction"]["id"] is None
    world.run(100)
    assert world.connector()["transaction"]["id"] == 7


@covers("CORE-TXQ-10")
def test_a_late_answer_about_a_start_that_was_given_up_is_ignored() -> None:
    world = world_with(
        answers={"StartTransaction": Later(50, STARTED)}, keys={"TransactionMessageAttempts": "1"}
    )
    world.do(commands.Start(id_tag=TAG))
    world.run(100)
    assert world.connector()["transaction"]["id"] == -1


@covers("CORE-TXQ-10")
def test_a_late_answer_about_a_transaction_that_is_over_still_names_it() -> None:
    world = world_with(answers={"StartTransaction": Later(50, STARTED)})
    world.do(commands.Start(id_tag=TAG))
    world.run(40)
    world.do(commands.Stop())
    world.run(20)
    assert members(world) == ["StartTransaction", "StopTransaction"]
    assert world.peer.last("StopTransaction")["transactionId"] == 7


@covers("CORE-TXQ-11")
@pytest.mark.parametrize("number", [0, -1, -5, 1, 2**31 - 1, -(2**31), 2**53])
def test_any_whole_number_is_a_transaction_id(number: int) -> None:
    world = world_with()
    world.peer.answers["StartTransaction"] = {"transactionId": number, "idTagInfo": {"status": "Accepted"}}
    assert world.start() == number
    world.run(61)
    world.do(commands.Stop())
    assert world.peer.last("MeterValues")["transactionId"] == number
    assert world.peer.last("StopTransaction")["transactionId"] == number


@covers("CORE-TXQ-11", "CORE-RSTOP-1")
@pytest.mark.parametrize("number", [0, -5])
def test_and_stops_remotely(number: int) -> None:
    world = world_with()
    world.peer.answers["StartTransaction"] = {"transactionId": number, "idTagInfo": {"status": "Accepted"}}
    world.start()
    assert world.ask("RemoteStopTransaction", {"transactionId": number}) == {"status": "Accepted"}
    assert members(world)[-1] == "StopTransaction"


# --- bounds ---


@covers("CORE-TXQ-12")
def test_a_full_queue_gives_up_values_only() -> None:
    world = world_with(switches={"SW-QUEUE-SIZE": "12"}, keys={"MeterValueSampleInterval": "10"})
    world.offline()
    for _ in range(3):
        world.do(commands.Start(id_tag=TAG))
        world.run(205)
        world.do(commands.Stop())
        world.do(commands.Unplug())
        assert world.info()["queue"]["waiting"] <= 12
    assert logs(world, "The queue is full")
    before = world.do(commands.Queue())
    world.driver.restart()
    assert world.do(commands.Queue()) == before
    world.online()
    world.run(0)
    seen = members(world)
    assert [a for a in seen if a != "MeterValues"] == ["StartTransaction", "StopTransaction"] * 3
    stamps = [p["meterValue"][0]["timestamp"] for p in world.peer.payloads("MeterValues")]
    assert stamps == sorted(stamps)
    assert seen.count("MeterValues") == len(seen) - 6


@covers("CORE-TXQ-12")
def test_a_queue_of_starts_and_stops_alone_grows() -> None:
    world = world_with(switches={"SW-QUEUE-SIZE": "10"}, keys={"MeterValueSampleInterval": "0"})
    world.offline()
    for _ in range(10):
        world.do(commands.Start(id_tag=TAG))
        world.run(5)
        world.do(commands.Stop())
        world.do(commands.Unplug())
    world.online()
    world.run(0)
    assert members(world) == ["StartTransaction", "StopTransaction"] * 10


# --- by hand ---


@covers("CORE-TXQ-12")
def test_a_message_that_is_dropped_by_hand_is_gone_for_good() -> None:
    world = world_with()
    world.offline()
    world.do(commands.Start(id_tag=TAG))
    world.run(70)
    world.do(commands.Stop())
    numbers = [entry["number"] for entry in world.do(commands.Queue())]
    world.do(commands.Queue(act="drop", number=numbers[1]))
    world.driver.restart()
    world.online()
    world.run(0)
    assert members(world) == ["StartTransaction", "StopTransaction"]


@covers("CORE-TXQ-2")
@pytest.mark.parametrize("act", ["drop", "edit"])
def test_nobody_changes_what_is_on_the_wire(act: Any) -> None:
    world = world_with(answers={"StartTransaction": Later(10, STARTED)})
    world.do(commands.Start(id_tag=TAG))
    world.do(commands.Stop())
    first, second = world.do(commands.Queue())
    stop = second["payload"] | {"meterStop": 4711}
    with pytest.raises(CommandRefused, match="on the wire"):
        world.do(commands.Queue(act=act, number=first["number"], payload=first["payload"]))
    world.do(commands.Queue(act=act, number=second["number"], payload=stop))
    world.run(20)
    sent = world.peer.payloads("StopTransaction")
    assert [p["meterStop"] for p in sent] == ([4711] if act == "edit" else [])
    assert members(world)[0] == "StartTransaction"


@covers("CORE-TXQ-3", "CORE-TXQ-11")
def test_the_last_message_of_a_transaction_says_that_it_is_through() -> None:
    world = world_with()
    world.start()
    world.offline()
    world.do(commands.Stop())
    through = [e for e in world.events(TransactionEvent) if e.what == "delivered"]
    assert not through
    world.online()
    world.run(0)
    (through,) = [e for e in world.events(TransactionEvent) if e.what == "delivered"]
    assert through.transaction_id == 1


@covers("CORE-RST-8", "CORE-TXQ-5")
def test_a_queue_lost_in_a_reset_says_so() -> None:
    world = world_with(switches={"SW-LOSE-QUEUE-ON-HARD-RESET": "on"}, answers={"StopTransaction": None})
    world.start()
    world.ask("Reset", {"type": "Hard"})
    world.peer.answers["StopTransaction"] = {}
    world.run(100)
    assert world.peer.actions().count("StopTransaction") == 1
    lost = [event.reason for event in world.events(TransactionEvent) if event.what == "dropped"]
    assert lost == ["StopTransaction"]
    assert not [event for event in world.events(TransactionEvent) if event.what == "delivered"]
    assert not [kind for kind in ("stop tag", "transaction id", "queue") if world.driver.stored.get(kind)]
