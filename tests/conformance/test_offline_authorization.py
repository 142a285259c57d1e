"""CORE-OFF: who may charge without the central system, and what happens when it disagrees afterwards."""

from typing import Any

import pytest

from desktop_sim.protocol.times import parse_time
from desktop_sim.runtime.scripted_peer import Later
from desktop_sim.runtime.virtual import START
from desktop_sim.station import commands
from desktop_sim.station.commands import CommandRefused
from desktop_sim.station.turn import SECOND
from tests.conformance.coverage import covers
from tests.conformance.replies import registration, send_list, tag
from tests.conformance.world import TAG, World

# --- the table ---

_UNKNOWN = ["nothing", "cache off", "list off"]
_VALID = ["Accepted", "list Accepted"]
_NOT_VALID = ["Blocked", "Expired", "Invalid", "ConcurrentTx", "over"]
_LIST_NOT_VALID = [f"list {known}" for known in _NOT_VALID]


def _starts(known: str, unknown_may: str, local: str) -> bool:
    """The table of A.5."""
    if known in _VALID:
        return local == "true"
    return known in _UNKNOWN and unknown_may == "true"


@covers("CORE-OFF-1", "C.1/AllowOfflineTxForUnknownId", "C.1/LocalAuthorizeOffline")
@pytest.mark.parametrize("known", [*_UNKNOWN, *_VALID, *_NOT_VALID, *_LIST_NOT_VALID])
@pytest.mark.parametrize("unknown_may", ["true", "false", "absent"])
@pytest.mark.parametrize("local", ["true", "false"])
@pytest.mark.parametrize("why", ["no link", "not registered"])
def test_who_may_start_offline(known: str, unknown_may: str, local: str, why: str) -> None:
    switches = {"SW-ABSENT-KEYS": "AllowOfflineTxForUnknownId"} if unknown_may == "absent" else {}
    world = World(switches=switches)
    if unknown_may != "absent":
        world.change("AllowOfflineTxForUnknownId", unknown_may)
    world.change("LocalAuthorizeOffline", local)
    _teach(world, known)
    if why == "no link":
        world.offline()
    else:
        world.peer.answers["BootNotification"] = None
        world.driver.restart()
    world.do(commands.Start(id_tag=TAG))
    assert (world.status() == "Charging") == _starts(known, unknown_may, local)


def _teach(world: World, known: str) -> None:
    """Let cache or list hold this of the tag."""
    if known.startswith("list "):
        status = known.removeprefix("list ")
        over = status == "over"
        expiry = "2025-06-02T07:00:02Z" if over else None
        entry = tag("Accepted" if status in ("over", "off") else status, expiry=expiry)
        assert send_list(world, user001=entry) == "Accepted"
        if status == "off":
            world.change("LocalAuthListEnabled", "false")
        world.run(5)
    elif known == "over":
        world.peer.answers["Authorize"] = tag(expiry="2025-06-02T07:00:02Z")
        world.do(commands.PresentTag(id_tag=TAG))
        world.do(commands.PresentTag(id_tag=TAG))
        world.run(5)
    elif known == "cache off":
        world.do(commands.Cache(act="add", id_tag=TAG))
        world.change("AuthorizationCacheEnabled", "false")
    elif known != "nothing":
        world.do(commands.Cache(act="add", id_tag=TAG, status=known))


@covers("CORE-OFF-1", "CORE-BOOT-14")
@pytest.mark.parametrize("status", ["Pending", "Rejected"])
@pytest.mark.parametrize("known, starts", [("Accepted", True), ("Blocked", False)])
def test_the_table_also_holds_while_pending_if_charging_is_allowed_then(
    status: str, known: str, starts: bool
) -> None:
    world = World(switches={"SW-CHARGE-BEFORE-ACCEPTED": "on"})
    _teach(world, known)
    world.peer.answers["BootNotification"] = registration(world, status, 1000)
    world.driver.restart()
    world.do(commands.Start(id_tag=TAG))
    assert (world.status() == "Charging") == starts


# --- delivery ---


@covers("CORE-OFF-2", "CORE-TXQ-2", "CORE-TXQ-3", "A.24/offline episode")
def test_an_offline_session_is_told_whole_and_in_order_with_its_own_times() -> None:
    world = World(keys={"AllowOfflineTxForUnknownId": "true", "MeterValueSampleInterval": "60"})
    world.run(9.5)
    world.offline()
    world.run(10)
    world.do(commands.Start(id_tag=TAG))
    world.run(130)
    world.do(commands.Stop())
    world.do(commands.Unplug())
    world.run(500)
    world.online()
    world.run(0)
    assert world.told() == ["StartTransaction", "MeterValues", "MeterValues", "StopTransaction Local"]
    start = world.peer.last("StartTransaction")
    values = world.peer.payloads("MeterValues")
    stop = world.peer.last("StopTransaction")
    stamps = [start["timestamp"], *(v["meterValue"][0]["timestamp"] for v in values), stop["timestamp"]]
    assert [(parse_time(stamp) - START) / SECOND for stamp in stamps] == [20, 80, 140, 150]
    assert {v["transactionId"] for v in values} == {stop["transactionId"]} == {1}
    assert stop["meterStop"] > start["meterStart"]


@covers("CORE-OFF-2", "CORE-STAT-3", "A.24/offline episode")
def test_a_session_that_still_runs_is_told_after_the_status() -> None:
    world = World(keys={"AllowOfflineTxForUnknownId": "true"})
    world.offline()
    world.do(commands.Start(id_tag=TAG))
    world.run(70)
    world.online()
    world.run(0)
    assert world.told()[:3] == ["Status(1) Charging", "StartTransaction", "MeterValues"]
    assert world.connector()["transaction"]["id"] == 1
    world.do(commands.Stop())
    assert world.peer.last("StopTransaction")["transactionId"] == 1


# --- the central system disagrees ---


def refused(status: str = "Invalid", *, offline: bool = False, **more: Any) -> World:
    """A transaction whose tag the central system did not accept."""
    keys = {"AllowOfflineTxForUnknownId": "true", **more.pop("keys", {})}
    world = World(keys=keys, **more)
    world.peer.answers["StartTransaction"] = {
        "transactionId": 7,
        "idTagInfo": {"status": status, "parentIdTag": "FAMILY"},
    }
    if offline:
        world.offline()
    world.do(commands.Start(id_tag=TAG))
    if offline:
        world.run(20)
        world.online()
    world.run(0)
    return world


@covers("CORE-OFF-3", "CORE-TX-4", "C.1/StopTransactionOnInvalidId", "A.24/invalid id after start")
@pytest.mark.parametrize("status", ["Invalid", "Blocked", "Expired", "ConcurrentTx"])
@pytest.mark.parametrize("offline", [True, False])
def test_a_refused_tag_ends_the_transaction(status: str, offline: bool) -> None:
    world = refused(status, offline=offline, keys={"StopTransactionOnInvalidId": "true"})
    assert world.told()[-2:] == ["StopTransaction DeAuthorized", "Status(1) Finishing"]
    stop = world.peer.last("StopTransaction")
    assert (stop["transactionId"], stop["reason"]) == (7, "DeAuthorized")
    assert "idTag" not in stop
    assert world.connector()["watts"] == 0


@covers("CORE-OFF-3", "C.1/StopTransactionOnInvalidId", "A.24/invalid id after start")
@pytest.mark.parametrize("offline", [True, False])
def test_or_it_ends_its_energy_alone(offline: bool) -> None:
    world = refused(offline=offline, keys={"StopTransactionOnInvalidId": "false"})
    assert world.status() == "SuspendedEVSE"
    register = world.connector()["meter_wh"]
    world.run(3600)
    assert world.told(without=("MeterValues", "Heartbeat"))[-1] == "Status(1) SuspendedEVSE"
    assert world.connector()["meter_wh"] == register
    assert world.connector()["transaction"]["id"] == 7


@covers("CORE-OFF-3", "CORE-PWR-3")
def test_a_refused_transaction_that_goes_on_after_a_power_cut_gets_no_energy() -> None:
    world = refused(
        keys={"StopTransactionOnInvalidId": "false"}, switches={"SW-RESUME-AFTER-POWERLOSS": "resume"}
    )
    world.driver.restart()
    world.run(60)
    assert world.status() == "SuspendedEVSE"
    assert world.connector()["watts"] == 0


@covers("CORE-OFF-3")
@pytest.mark.parametrize("presented", [TAG, TAG.lower()])
def test_the_cable_stays_locked_until_the_tag_comes_back(presented: str) -> None:
    world = refused()
    world.do(commands.Unplug())
    assert world.connector()["locked"]
    world.do(commands.PresentTag(id_tag=presented))
    assert not world.connector()["locked"]
    assert world.status() == "Available"
    world.run(5)
    assert world.peer.actions().count("StartTransaction") == 1


@covers("CORE-OFF-3", "CORE-AUTH-5")
@pytest.mark.parametrize(
    "answer, opens",
    [
        (tag(parent="FAMILY"), True),
        (tag(parent="NEIGHBOURS"), False),
        (tag(), False),
        (tag("Blocked", parent="FAMILY"), False),
    ],
)
def test_or_one_of_its_group(answer: Any, opens: bool) -> None:
    world = refused()
    world.do(commands.Unplug())
    world.peer.answers["Authorize"] = answer
    world.do(commands.PresentTag(id_tag="OTHER"))
    assert world.connector()["locked"] != opens
    world.run(5)
    assert world.peer.actions().count("StartTransaction") == 1


@covers("CORE-OFF-3")
def test_nobody_else_charges_where_a_cable_is_held() -> None:
    world = refused()
    world.peer.answers["StartTransaction"] = {"transactionId": 8, "idTagInfo": {"status": "Accepted"}}
    world.do(commands.PresentTag(id_tag="OTHER"))
    world.run(5)
    assert "transaction" not in world.connector()
    assert world.connector()["locked"]


@covers("CORE-OFF-3")
def test_a_held_cable_is_held_over_a_power_cut() -> None:
    world = refused()
    world.driver.restart()
    world.do(commands.Unplug())
    assert world.connector()["locked"]
    world.do(commands.PresentTag(id_tag=TAG))
    assert not world.connector()["locked"]


@covers("CORE-OFF-3", "CORE-TX-4")
def test_a_refusal_that_comes_after_the_end_changes_nothing() -> None:
    world = World()
    world.peer.answers["StartTransaction"] = Later(
        10, {"transactionId": 7, "idTagInfo": {"status": "Invalid"}}
    )
    world.do(commands.Start(id_tag=TAG))
    world.run(5)
    world.do(commands.Stop())
    world.run(10)
    assert world.told()[-2:] == ["StopTransaction Local", "Status(1) Finishing"]
    assert world.peer.last("StopTransaction")["transactionId"] == 7
    assert not world.connector()["locked"]


@covers("CORE-OFF-4", "C.1/MaxEnergyOnInvalidId")
def test_the_energy_of_a_refused_tag_is_not_a_function_of_this_station() -> None:
    world = refused()
    assert world.key("MaxEnergyOnInvalidId") is None
    assert world.change("MaxEnergyOnInvalidId", "500") == "NotSupported"
    assert world.told()[-2:] == ["StopTransaction DeAuthorized", "Status(1) Finishing"]


@covers("CORE-OFF-4", "C.1/MaxEnergyOnInvalidId")
@pytest.mark.parametrize("stop, after", [("true", "Finishing"), ("false", "SuspendedEVSE")])
@pytest.mark.parametrize("pause", [0, 40_000])
def test_unless_it_is_configured_then_so_much_flows_first(stop: str, after: str, pause: int) -> None:
    world = World(keys={"MaxEnergyOnInvalidId": "1000", "StopTransactionOnInvalidId": stop})
    world.peer.answers["StartTransaction"] = Later(
        10, {"transactionId": 7, "idTagInfo": {"status": "Invalid"}}
    )
    world.do(commands.Start(id_tag=TAG))
    world.run(10)
    begin = world.connector()["meter_wh"]
    world.run(60)
    assert world.status() == "Charging"
    if pause:
        world.do(commands.SuspendEv())
        world.run(pause)
        world.do(commands.ResumeEv())
    world.run(3600)
    assert world.status() == after
    assert 1000 <= world.connector()["meter_wh"] - begin <= 1001
    world.run(3600)
    assert 1000 <= world.connector()["meter_wh"] - begin <= 1001


@covers("CORE-OFF-6")
@pytest.mark.parametrize("offline", [True, False])
def test_a_listed_tag_that_is_refused_is_a_conflict(offline: bool) -> None:
    world = World(connectors=2, keys={"LocalPreAuthorize": "true"})
    send_list(world, USER001=tag("Accepted"))
    world.peer.answers["StartTransaction"] = {"transactionId": 7, **tag("Invalid")}
    if offline:
        world.offline()
    world.do(commands.Start(connector=1, id_tag=TAG))
    if offline:
        world.online()
    world.run(0)
    (conflict,) = [
        p for p in world.peer.payloads("StatusNotification") if p["errorCode"] == "LocalListConflict"
    ]
    assert (conflict["connectorId"], conflict["status"]) == (0, "Available")
    assert world.ask("GetLocalListVersion") == {"listVersion": 1}
    assert [entry["status"] for entry in world.do(commands.LocalList())["entries"]] == ["Accepted"]


@covers("CORE-OFF-6", "CORE-STAT-7")
def test_the_conflict_tells_the_status_connector_0_has() -> None:
    world = World(connectors=2, keys={"LocalPreAuthorize": "true"})
    send_list(world, USER001=tag("Accepted"))
    world.peer.answers["StartTransaction"] = Later(10, {"transactionId": 7, **tag("Invalid")})
    world.do(commands.Start(connector=1, id_tag=TAG))
    world.do(commands.Error(connector=0, error_code="OtherError"))
    world.run(11)
    told = [p for p in world.peer.payloads("StatusNotification") if p["errorCode"] == "LocalListConflict"]
    assert [(p["connectorId"], p["status"]) for p in told] == [(0, "Faulted")]


@covers("CORE-OFF-6")
@pytest.mark.parametrize(
    "listed, answer",
    [(None, "Invalid"), ("Blocked", "Invalid"), ("Accepted", "Accepted"), ("Accepted", "ConcurrentTx")],
)
def test_no_conflict_where_there_is_none(listed: str | None, answer: str) -> None:
    world = World(keys={"AllowOfflineTxForUnknownId": "true"})
    if listed:
        send_list(world, USER001=tag(listed))
    world.peer.answers["StartTransaction"] = {"transactionId": 7, **tag(answer)}
    world.do(commands.Start(id_tag=TAG))
    world.run(5)
    assert {p["errorCode"] for p in world.peer.payloads("StatusNotification")} == {"NoError"}


@covers("CORE-OFF-5")
def test_a_refused_transaction_ends_by_its_own_tag() -> None:
    world = refused(keys={"StopTransactionOnInvalidId": "false"})
    world.do(commands.PresentTag(id_tag=TAG))
    assert world.told()[-2:] == ["StopTransaction Local", "Status(1) Finishing"]
    assert world.peer.last("StopTransaction")["idTag"] == TAG
    assert not world.connector()["locked"]


@covers("CORE-OFF-5")
def test_a_refused_transaction_ends_remotely() -> None:
    world = refused(keys={"StopTransactionOnInvalidId": "false"})
    assert world.ask("RemoteStopTransaction", {"transactionId": 7}) == {"status": "Accepted"}
    assert world.told()[-2:] == ["StopTransaction Remote", "Status(1) Finishing"]


# --- stopping offline ---


def charging_offline(**keys: str) -> World:
    """A transaction of USER001 of FAMILY, and no link any more."""
    family = {"transactionId": 1, **tag(parent="FAMILY")}
    world = World(answers={"Authorize": tag(parent="FAMILY"), "StartTransaction": family}, keys=keys)
    world.start()
    world.offline()
    return world


@covers("CORE-OFF-7")
@pytest.mark.parametrize("local", ["true", "false"])
def test_the_tag_that_started_stops_offline_too(local: str) -> None:
    world = charging_offline(LocalAuthorizeOffline=local)
    world.do(commands.PresentTag(id_tag=TAG))
    assert world.status() == "Finishing"


@covers("CORE-OFF-7")
@pytest.mark.parametrize(
    "entry, local, stops",
    [
        ({"parent_id_tag": "FAMILY"}, "true", True),
        ({"parent_id_tag": "family"}, "true", True),
        ({"parent_id_tag": "FAMILY"}, "false", False),
        ({"parent_id_tag": "FAMILY", "status": "Blocked"}, "true", False),
        ({"parent_id_tag": "NEIGHBOURS"}, "true", False),
        ({}, "true", False),
        (None, "true", False),
    ],
)
@pytest.mark.parametrize("unknown_may", ["true", "false"])
def test_another_tag_stops_offline_only_if_its_group_is_known(
    entry: dict[str, str] | None, local: str, stops: bool, unknown_may: str
) -> None:
    world = charging_offline(LocalAuthorizeOffline=local, AllowOfflineTxForUnknownId=unknown_may)
    if entry is not None:
        world.do(commands.Cache(act="add", id_tag="OTHER", **entry))
    world.do(commands.PresentTag(id_tag="OTHER"))
    world.run(5)
    assert (world.status() == "Finishing") == stops
    assert ("transaction" in world.connector()) != stops


@covers("CORE-OFF-7")
@pytest.mark.parametrize(
    "entry, local, stops",
    [
        (tag(parent="FAMILY"), "true", True),
        (tag(parent="FAMILY"), "false", False),
        (tag("Blocked", parent="FAMILY"), "true", False),
        (tag(parent="FAMILY", expiry="2025-01-01T00:00:00Z"), "true", False),
        (tag(), "true", False),
    ],
)
def test_the_list_may_know_the_group_too(entry: dict[str, Any], local: str, stops: bool) -> None:
    world = charging_offline(LocalAuthorizeOffline=local)
    world.online()
    send_list(world, OTHER=entry)
    world.offline()
    world.do(commands.PresentTag(id_tag="OTHER"))
    assert (world.status() == "Finishing") == stops


# --- remote start and a lost link ---


@covers("CORE-OFF-8", "WS-22")
@pytest.mark.parametrize("known, starts", [("Accepted", True), ("Blocked", False), ("nothing", False)])
def test_a_remote_start_that_loses_its_link_follows_the_table(known: str, starts: bool) -> None:
    world = World(keys={"AuthorizeRemoteTxRequests": "true"}, answers={"Authorize": None})
    _teach(world, known)
    world.do(commands.PlugIn())
    world.ask("RemoteStartTransaction", {"connectorId": 1, "idTag": TAG})
    world.run(5)
    world.offline()
    assert (world.status() == "Charging") == starts
    if not starts:
        with pytest.raises(CommandRefused, match="No transaction"):
            world.do(commands.Stop(connector=1))


@covers("CORE-OFF-8")
def test_a_remote_start_that_needs_no_authorization_goes_on_without_a_link() -> None:
    world = World(keys={"AuthorizeRemoteTxRequests": "false"})
    world.ask("RemoteStartTransaction", {"connectorId": 1, "idTag": TAG})
    world.offline()
    world.do(commands.PlugIn())
    assert world.status() == "Charging"
