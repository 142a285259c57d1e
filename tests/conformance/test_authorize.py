"""CORE-AUTH: who may charge, who is asked, and what a second card does."""

from typing import Any

import pytest

from desktop_sim.runtime.scripted_peer import Answer, Failure, Later, Raw
from desktop_sim.station import commands
from desktop_sim.station.commands import CommandRefused
from desktop_sim.station.events import AuthorizationEvent
from tests.conformance.coverage import covers
from tests.conformance.replies import send_list, tag
from tests.conformance.world import TAG, World

REFUSALS = ["Invalid", "Blocked", "Expired", "ConcurrentTx"]


def known(world: World, id_tag: str, **entry: Any) -> None:
    """Put a tag into the cache, as some earlier answer did."""
    world.do(commands.Cache(act="add", id_tag=id_tag, **entry))


def verdicts(world: World) -> list[tuple[str, str]]:
    """What happened to tags, and who decided."""
    return [(event.what, event.source) for event in world.events(AuthorizationEvent)]


# --- energy ---


@covers("CORE-AUTH-1")
def test_a_plug_alone_draws_nothing() -> None:
    world = World()
    world.do(commands.PlugIn())
    before = world.connector()["meter_wh"]
    world.run(3600)
    assert world.connector()["watts"] == 0
    assert world.connector()["meter_wh"] == before


@covers("CORE-AUTH-1", "CORE-AUTH-8")
@pytest.mark.parametrize("answer", [Later(20, tag("Accepted")), Later(20, tag("Invalid"))])
def test_nothing_flows_before_the_verdict(answer: Answer) -> None:
    world = World(answers={"Authorize": answer})
    world.do(commands.Start(id_tag=TAG))
    world.run(19)
    assert world.connector()["watts"] == 0
    assert "StartTransaction" not in world.told()
    world.run(60)
    accepted = answer == Later(20, tag("Accepted"))
    assert (world.connector()["watts"] > 0) == accepted
    assert ("StartTransaction" in world.told()) == accepted


# --- who is asked ---


@covers("CORE-AUTH-2", "C.1/LocalPreAuthorize")
def test_a_known_tag_starts_at_once_if_the_key_allows_it() -> None:
    world = World(keys={"LocalPreAuthorize": "true"})
    known(world, TAG)
    world.start()
    assert "Authorize" not in world.told()
    assert ("granted", "cache") in verdicts(world)


@covers("CORE-AUTH-2", "C.1/LocalPreAuthorize")
def test_a_known_tag_is_asked_about_if_the_key_does_not() -> None:
    world = World(keys={"LocalPreAuthorize": "false"})
    known(world, TAG)
    world.start()
    assert world.peer.payloads("Authorize") == [{"idTag": TAG}]


@covers("CORE-AUTH-2", "CORE-CACHE-1")
def test_a_known_tag_counts_for_nothing_while_the_cache_is_off() -> None:
    world = World(keys={"LocalPreAuthorize": "true"})
    known(world, TAG)
    world.change("AuthorizationCacheEnabled", "false")
    world.start()
    assert "Authorize" in world.told()


@covers("CORE-AUTH-2")
@pytest.mark.parametrize("pre, asked", [("true", False), ("false", True)])
def test_a_listed_tag_is_asked_about_only_if_the_key_wants_it(pre: str, asked: bool) -> None:
    world = World(keys={"LocalPreAuthorize": pre})
    send_list(world, USER001=tag("Accepted"))
    world.start()
    assert ("Authorize" in world.told()) is asked
    assert verdicts(world)[-1] == ("granted", "central system" if asked else "local list")


@covers("CORE-AUTH-2", "CORE-AUTH-4")
@pytest.mark.parametrize("status", REFUSALS)
@pytest.mark.parametrize("pre, starts", [("true", False), ("false", True)])
def test_a_tag_the_list_refuses_is_asked_about_only_if_the_key_wants_it(
    status: str, pre: str, starts: bool
) -> None:
    world = World(keys={"LocalPreAuthorize": pre})
    send_list(world, USER001=tag(status))
    world.do(commands.Start(id_tag=TAG))
    assert ("Authorize" in world.told()) is starts
    assert (world.status() == "Charging") is starts


@covers("CORE-AUTH-2")
def test_the_list_goes_before_the_cache() -> None:
    world = World(keys={"LocalPreAuthorize": "true", "LocalAuthListEnabled": "false"})
    known(world, TAG, status="Accepted")
    world.change("LocalAuthListEnabled", "true")
    send_list(world, USER001=tag("Blocked"))
    world.do(commands.Start(id_tag=TAG))
    assert verdicts(world)[-1] == ("refused", "local list")


@covers("CORE-AUTH-5", "CORE-AUTH-2")
def test_the_list_may_know_the_group() -> None:
    world = World(keys={"LocalPreAuthorize": "true"})
    send_list(world, USER001=tag(parent="FAMILY"), SPOUSE=tag(parent="family"), OTHER=tag(parent="X"))
    world.start()
    world.do(commands.PresentTag(id_tag="OTHER"))
    assert world.status() == "Charging"
    world.do(commands.PresentTag(id_tag="SPOUSE"))
    assert "Authorize" not in world.told()
    assert world.told()[-2:] == ["StopTransaction Local", "Status(1) Finishing"]


@covers("CORE-AUTH-3")
@pytest.mark.parametrize("pre", ["true", "false"])
def test_an_unknown_tag_is_always_asked_about(pre: str) -> None:
    world = World(keys={"LocalPreAuthorize": pre, "AllowOfflineTxForUnknownId": "true"})
    world.start()
    assert world.told()[1] == "Authorize"


@covers("CORE-AUTH-4")
@pytest.mark.parametrize("status", REFUSALS)
def test_a_tag_known_as_not_valid_is_asked_about_again(status: str) -> None:
    world = World(keys={"LocalPreAuthorize": "true"})
    known(world, TAG, status=status)
    world.start()
    assert "Authorize" in world.told()
    assert world.status() == "Charging"


@covers("CORE-AUTH-4", "CORE-CACHE-4")
def test_a_tag_whose_time_is_over_is_asked_about_again() -> None:
    world = World(keys={"LocalPreAuthorize": "true"})
    world.peer.answers["Authorize"] = tag(expiry="2025-06-02T08:00:00Z")
    world.peer.answers["StartTransaction"] = {
        "transactionId": 1,
        "idTagInfo": {"status": "Accepted", "expiryDate": "2025-06-02T08:00:00Z"},
    }
    world.start()
    world.do(commands.Stop())
    world.do(commands.Unplug())
    world.run(3000)
    world.peer.clear()
    world.start()
    assert "Authorize" not in world.told()
    world.do(commands.Stop())
    world.do(commands.Unplug())
    world.run(3600)
    world.peer.clear()
    world.start()
    assert "Authorize" in world.told()


# --- how a transaction is ended ---


@covers("CORE-AUTH-5", "CORE-AUTH-7")
@pytest.mark.parametrize("presented", ["USER001", "user001", "User001"])
def test_the_tag_that_started_stops_without_being_asked_about(presented: str) -> None:
    world = World()
    world.start()
    world.peer.clear()
    world.do(commands.PresentTag(id_tag=presented))
    assert world.told() == ["StopTransaction Local", "Status(1) Finishing"]


def charging_for_a_group(**more: Any) -> World:
    """A transaction of USER001, whose parent is FAMILY."""
    world = World(answers={"Authorize": tag(parent="FAMILY")}, **more)
    world.start()
    world.peer.clear()
    return world


@covers("CORE-AUTH-5", "CORE-AUTH-6")
@pytest.mark.parametrize("parent", ["FAMILY", "family"])
def test_another_tag_of_the_group_stops_after_being_asked_about(parent: str) -> None:
    world = charging_for_a_group()
    world.peer.answers["Authorize"] = tag(parent=parent)
    world.do(commands.PresentTag(id_tag="SPOUSE"))
    assert world.told() == ["Authorize", "StopTransaction Local", "Status(1) Finishing"]
    assert world.peer.last("StopTransaction")["idTag"] == "SPOUSE"


@covers("CORE-AUTH-5")
def test_the_parent_may_come_with_start_transaction() -> None:
    world = World()
    world.peer.answers["StartTransaction"] = {
        "transactionId": 1,
        "idTagInfo": {"status": "Accepted", "parentIdTag": "FAMILY"},
    }
    world.start()
    world.peer.answers["Authorize"] = tag(parent="FAMILY")
    world.do(commands.PresentTag(id_tag="SPOUSE"))
    assert world.told()[-2:] == ["StopTransaction Local", "Status(1) Finishing"]


@covers("CORE-AUTH-5", "CORE-AUTH-6", "CORE-AUTH-9")
@pytest.mark.parametrize(
    "presented, answer",
    [
        ("OTHER", tag("Accepted")),
        ("OTHER", tag("Accepted", parent="NEIGHBOURS")),
        ("OTHER", tag("Blocked", parent="FAMILY")),
        ("OTHER", tag("Expired", parent="FAMILY")),
        ("OTHER", tag("Invalid", parent="FAMILY")),
        ("OTHER", tag("ConcurrentTx", parent="FAMILY")),
        ("FAMILY", tag("Accepted")),
        ("OTHER", tag("Accepted", parent=TAG)),
    ],
)
def test_nobody_else_stops_it(presented: str, answer: Any) -> None:
    world = charging_for_a_group()
    world.peer.answers["Authorize"] = answer
    world.do(commands.PresentTag(id_tag=presented))
    world.run(5)
    assert world.told() == ["Authorize"]
    assert world.status() == "Charging"
    assert verdicts(world)[-1] == ("refused", "central system")


@covers("CORE-AUTH-6")
def test_two_tags_without_a_parent_are_no_group() -> None:
    world = World(answers={"Authorize": tag(parent="")})
    world.peer.answers["StartTransaction"] = {
        "transactionId": 1,
        "idTagInfo": {"status": "Accepted", "parentIdTag": ""},
    }
    world.start()
    world.do(commands.PresentTag(id_tag="OTHER"))
    world.run(5)
    assert world.status() == "Charging"


@covers("CORE-AUTH-6")
def test_a_confirmation_without_a_parent_does_not_forget_it() -> None:
    world = charging_for_a_group()
    world.do(commands.PresentTag(id_tag="SPOUSE"))
    assert world.told()[-2:] == ["StopTransaction Local", "Status(1) Finishing"]


# --- what a tag may be ---


@covers("CORE-AUTH-7")
@pytest.mark.parametrize("id_tag", ["A", "abc", "D0431F35F", "not-hex!", "{'x':1}", "x" * 20])
def test_a_tag_is_opaque(id_tag: str) -> None:
    world = World()
    world.start(id_tag=id_tag)
    assert world.peer.last("Authorize") == {"idTag": id_tag}
    assert world.peer.last("StartTransaction")["idTag"] == id_tag


@covers("CORE-AUTH-7")
@pytest.mark.parametrize("id_tag", ["x" * 21, "", "   "])
def test_a_tag_that_cannot_be_is_never_sent(id_tag: str) -> None:
    world = World()
    world.do(commands.PlugIn())
    world.peer.clear()
    with pytest.raises(CommandRefused, match="1 to 20"):
        world.do(commands.PresentTag(id_tag=id_tag))
    world.run(5)
    assert world.told() == []


@covers("CORE-AUTH-7")
def test_the_cache_knows_a_tag_in_any_case() -> None:
    world = World(keys={"LocalPreAuthorize": "true"})
    known(world, "usEr001")
    world.start(id_tag="USer001")
    assert "Authorize" not in world.told()
    assert world.peer.last("StartTransaction")["idTag"] == "USer001"


# --- refusals ---


@covers("CORE-AUTH-8", "CORE-AUTH-9")
@pytest.mark.parametrize("status", REFUSALS)
@pytest.mark.parametrize("cable, before", [(True, "Preparing"), (False, "Available")])
def test_a_refused_tag_changes_nothing(status: str, cable: bool, before: str) -> None:
    world = World(answers={"Authorize": tag(status)})
    if cable:
        world.do(commands.PlugIn())
    world.peer.clear()
    world.do(commands.PresentTag(id_tag=TAG))
    world.run(5)
    assert world.told() == ["Authorize"]
    assert world.status() == before
    world.do(commands.Unplug() if cable else commands.PlugIn())
    world.run(5)
    assert "StartTransaction" not in world.told()


@covers("CORE-AUTH-8")
def test_a_refused_tag_can_be_presented_again() -> None:
    world = World(answers={"Authorize": [tag("Blocked"), tag("Accepted")]})
    world.do(commands.PlugIn())
    world.do(commands.PresentTag(id_tag=TAG))
    world.do(commands.PresentTag(id_tag=TAG))
    assert world.status() == "Charging"


@covers("CORE-AUTH-10", "CORE-CACHE-2")
def test_every_answer_about_a_tag_reaches_the_cache() -> None:
    world = World(
        answers={
            "Authorize": tag("Accepted", parent="P1"),
            "StartTransaction": {
                "transactionId": 5,
                "idTagInfo": {"status": "Accepted", "parentIdTag": "P2"},
            },
            "StopTransaction": tag("Expired", parent="P3"),
        }
    )
    seen = []
    world.do(commands.PresentTag(id_tag=TAG))
    seen += world.do(commands.Cache())
    world.do(commands.PlugIn())
    seen += world.do(commands.Cache())
    world.do(commands.PresentTag(id_tag=TAG))
    seen += world.do(commands.Cache())
    assert [(entry["id_tag"], entry["status"], entry["parent"]) for entry in seen] == [
        (TAG, "Accepted", "P1"),
        (TAG, "Accepted", "P2"),
        (TAG, "Expired", "P3"),
    ]


# --- no answer ---


@covers("CORE-AUTH-11", "RPC-25", "RPC-26")
@pytest.mark.parametrize(
    "answer", [None, Failure("InternalError"), Raw('[3,"{id}",{}]'), Raw('[3,"{id}",{"idTagInfo":{}}]')]
)
@pytest.mark.parametrize("unknown_may", ["true", "false"])
def test_without_an_answer_the_offline_rules_decide(answer: Answer, unknown_may: str) -> None:
    world = World(answers={"Authorize": answer}, keys={"AllowOfflineTxForUnknownId": unknown_may})
    world.do(commands.Start(id_tag=TAG))
    world.run(40)
    assert ("StartTransaction" in world.told()) == (unknown_may == "true")


@covers("CORE-AUTH-11", "CORE-OFF-1")
@pytest.mark.parametrize("status, starts", [("Accepted", True), ("Blocked", False)])
def test_without_an_answer_the_cache_decides(status: str, starts: bool) -> None:
    world = World(answers={"Authorize": None}, keys={"AllowOfflineTxForUnknownId": "true"})
    known(world, TAG, status=status)
    world.do(commands.Start(id_tag=TAG))
    world.run(40)
    assert ("StartTransaction" in world.told()) == starts


@covers("CORE-AUTH-11", "WS-22")
@pytest.mark.parametrize("unknown_may", ["true", "false"])
def test_a_link_lost_while_asking_decides_at_once(unknown_may: str) -> None:
    world = World(answers={"Authorize": None}, keys={"AllowOfflineTxForUnknownId": unknown_may})
    world.do(commands.Start(id_tag=TAG))
    world.run(10)
    world.offline()
    assert (world.status() == "Charging") == (unknown_may == "true")
    world.online()
    world.run(60)
    assert world.peer.actions().count("Authorize") == 1
    assert world.peer.actions().count("StartTransaction") == (unknown_may == "true")


@covers("CORE-AUTH-11", "RPC-4")
def test_an_answer_that_comes_too_late_starts_nothing() -> None:
    world = World(answers={"Authorize": Later(35, tag("Accepted"))})
    world.do(commands.Start(id_tag=TAG))
    world.run(60)
    assert "StartTransaction" not in world.told()


@covers("CORE-AUTH-12")
@pytest.mark.parametrize("state", ["Unavailable", "Faulted", "restarting"])
def test_nobody_is_asked_where_nobody_can_charge(state: str) -> None:
    world = World(answers={"StopTransaction": None})
    if state == "Unavailable":
        world.ask("ChangeAvailability", {"connectorId": 1, "type": "Inoperative"})
    elif state == "Faulted":
        world.do(commands.Error(error_code="GroundFailure"))
    else:
        world.start()
        world.ask("Reset", {"type": "Soft"})
    world.peer.clear()
    with pytest.raises(CommandRefused):
        world.do(commands.PresentTag(id_tag="ANOTHER"))
    world.run(0)
    assert world.told() == []


# --- one reader, several connectors ---


@covers("CORE-AUTH-13")
@pytest.mark.parametrize("plugged", [1, 2])
def test_the_first_plug_gets_the_permission(plugged: int) -> None:
    world = World(connectors=2)
    world.do(commands.PresentTag(id_tag=TAG))
    world.run(30)
    assert [world.status(1), world.status(2)] == ["Available", "Available"]
    world.do(commands.PlugIn(connector=plugged))
    assert world.status(plugged) == "Charging"
    world.do(commands.PlugIn(connector=3 - plugged))
    world.run(5)
    assert world.status(3 - plugged) == "Preparing"


@covers("CORE-AUTH-13", "CORE-TX-6")
def test_nobody_waits_for_a_plug_for_ever() -> None:
    world = World(connectors=2, keys={"ConnectionTimeOut": "40"})
    world.do(commands.PresentTag(id_tag=TAG))
    world.run(41)
    world.do(commands.PlugIn(connector=2))
    world.run(5)
    assert world.status(2) == "Preparing"
    assert ("expired", "") in verdicts(world)


@covers("CORE-AUTH-13", "CORE-TX-7")
def test_the_same_tag_takes_a_waiting_permission_back() -> None:
    world = World(connectors=2)
    world.do(commands.PresentTag(id_tag=TAG))
    world.do(commands.PresentTag(id_tag=TAG))
    world.do(commands.PlugIn(connector=2))
    world.run(5)
    assert world.status(2) == "Preparing"


@covers("CORE-TX-7")
def test_the_same_tag_takes_the_permission_of_one_connector_back() -> None:
    world = World()
    world.do(commands.PresentTag(id_tag=TAG))
    world.do(commands.PresentTag(id_tag=TAG.lower()))
    assert verdicts(world)[-1] == ("cancelled", "")
    assert world.status() == "Available"
    world.do(commands.PlugIn())
    assert world.status() == "Preparing"


@covers("CORE-AUTH-13")
def test_the_car_that_has_waited_less_than_the_time_out_is_meant() -> None:
    world = World(connectors=2)
    world.do(commands.PlugIn(connector=1))
    world.run(50)
    world.do(commands.PlugIn(connector=2))
    world.run(20)
    assert [world.status(1), world.status(2)] == ["Finishing", "Preparing"]
    world.do(commands.PresentTag(id_tag=TAG))
    assert [world.status(1), world.status(2)] == ["Finishing", "Charging"]


@covers("CORE-AUTH-13")
def test_of_two_cars_that_wait_the_first_connector_is_meant() -> None:
    world = World(connectors=2)
    world.do(commands.PlugIn(connector=2))
    world.do(commands.PlugIn(connector=1))
    world.do(commands.PresentTag(id_tag=TAG))
    assert [world.status(1), world.status(2)] == ["Charging", "Preparing"]


@covers("CORE-AUTH-13")
def test_a_named_connector_is_meant() -> None:
    world = World(connectors=2)
    world.do(commands.PlugIn(connector=1))
    world.do(commands.PlugIn(connector=2))
    world.do(commands.PresentTag(id_tag=TAG, connector=2))
    assert [world.status(1), world.status(2)] == ["Preparing", "Charging"]


@covers("CORE-AUTH-13")
def test_another_driver_does_not_charge_the_car_of_one_who_has_finished() -> None:
    world = World(connectors=2)
    world.start(1)
    world.do(commands.Stop(connector=1))
    world.do(commands.PresentTag(id_tag="OTHER"))
    world.run(1)
    assert [world.status(1), world.status(2)] == ["Finishing", "Preparing"]
    world.do(commands.PlugIn(connector=2))
    assert [world.status(1), world.status(2)] == ["Finishing", "Charging"]


@covers("CORE-AUTH-13")
def test_the_same_driver_goes_on_where_the_car_stands() -> None:
    world = World(connectors=2)
    world.start(2)
    world.do(commands.Stop(connector=2))
    world.do(commands.PresentTag(id_tag=TAG))
    world.run(1)
    assert [world.status(1), world.status(2)] == ["Available", "Charging"]


@covers("CORE-AUTH-13")
def test_two_drivers_at_one_reader() -> None:
    world = World(connectors=2)
    world.peer.answers["Authorize"] = Later(3, tag("Accepted"))
    world.do(commands.PlugIn(connector=1))
    world.do(commands.PlugIn(connector=2))
    world.do(commands.PresentTag(id_tag="ANN"))
    world.do(commands.PresentTag(id_tag="BOB"))
    world.run(10)
    assert [p["idTag"] for p in world.peer.payloads("StartTransaction")] == ["ANN", "BOB"]
    assert [world.status(1), world.status(2)] == ["Charging", "Charging"]


@covers("CORE-AUTH-13")
def test_a_tag_presented_twice_while_it_is_checked_starts_once() -> None:
    world = World(connectors=2, answers={"Authorize": Later(3, tag("Accepted"))})
    world.do(commands.PlugIn(connector=1))
    world.do(commands.PlugIn(connector=2))
    world.do(commands.PresentTag(id_tag=TAG))
    with pytest.raises(CommandRefused, match="being checked"):
        world.do(commands.PresentTag(id_tag=TAG))
    world.run(10)
    assert [world.status(1), world.status(2)] == ["Charging", "Preparing"]


# --- something happens while the answer is awaited ---


def asking(seconds: float = 5.0, **more: Any) -> World:
    """A car is plugged in, and the central system thinks about its tag."""
    world = World(answers={"Authorize": Later(seconds, tag("Accepted"))}, **more)
    world.do(commands.Start(connector=1, id_tag=TAG))
    world.run(1)
    return world


@covers("CORE-AUTH-1", "CORE-RST-2")
def test_a_reset_while_asking_starts_nothing() -> None:
    world = asking()
    world.ask("Reset", {"type": "Soft"})
    world.run(30)
    assert "StartTransaction" not in world.told()
    assert world.status() == "Preparing"


@covers("CORE-AUTH-1", "CORE-AVAIL-11")
def test_a_connector_that_fails_while_asking_starts_nothing() -> None:
    world = asking()
    world.do(commands.Error(error_code="GroundFailure"))
    world.run(10)
    assert "StartTransaction" not in world.told()
    world.do(commands.ClearFault())
    world.run(10)
    assert world.status() in ("Preparing", "Finishing")
    assert "StartTransaction" not in world.told()


@covers("CORE-AUTH-1", "CORE-TX-1")
def test_a_car_that_leaves_while_asking_may_come_back() -> None:
    world = asking()
    world.do(commands.Unplug())
    world.run(10)
    assert world.status() == "Preparing"
    world.do(commands.PlugIn())
    assert world.status() == "Charging"


@covers("CORE-AUTH-13", "CORE-RSTART-5")
def test_a_remote_start_finds_the_connector_taken_while_asking() -> None:
    world = asking()
    assert world.ask("RemoteStartTransaction", {"connectorId": 1, "idTag": "OTHER"}) == {"status": "Rejected"}
    world.run(10)
    assert world.peer.last("StartTransaction")["idTag"] == TAG


@covers("CORE-AUTH-1")
def test_a_power_cut_while_asking_forgets_the_tag() -> None:
    world = asking()
    world.do(commands.PowerCut())
    world.run(10)
    world.do(commands.PowerOn())
    world.run(20)
    assert world.status() in ("Preparing", "Finishing")
    assert "StartTransaction" not in world.told()
