"""Who may charge where something is reserved, and on which connector (A.12, RES-4 to RES-6, RES-11)."""

from typing import Any

import pytest

from desktop_sim.runtime.scripted_peer import Later
from desktop_sim.station import commands as c
from desktop_sim.station.commands import CommandRefused
from desktop_sim.station.events import AuthorizationEvent
from tests.conformance.asks import (
    GROUND_FAILURE,
    OTHER,
    cancel,
    ends,
    entry,
    numbers,
    refused,
    remote_start,
    reserve,
    reserved,
    send_full,
)
from tests.conformance.coverage import covers
from tests.conformance.replies import tag
from tests.conformance.world import TAG, World

# --- who may charge ---


@covers("RES-5", "CORE-TX-8", "CORE-AUTH-3")
@pytest.mark.parametrize("plugged", [False, True])
def test_another_tag_is_refused_without_asking(plugged: bool) -> None:
    world = reserved()
    if plugged:
        world.do(c.PlugIn())
    assert "This tag cannot start charging here now: connector 1 is Reserved." in refused(world)
    assert "Reserved" in refused(world, OTHER, 1)
    assert remote_start(world, OTHER) == "Rejected"
    assert remote_start(world, OTHER, None) == "Rejected"
    with pytest.raises(CommandRefused):
        world.do(c.Start(id_tag=OTHER))
    assert world.told() == []
    assert world.status() == "Reserved"
    assert world.connector()["plugged"]["vehicle"] is plugged


@covers("RES-5", "RES-6", "CORE-TX-2", "STM-3")
def test_the_right_tag_starts_in_any_case_and_names_the_reservation() -> None:
    world = reserved(77)
    world.do(c.PresentTag(id_tag=TAG.lower()))
    assert world.told() == ["Authorize", "Status(1) Preparing"]
    assert numbers(world) == [77]
    world.do(c.PlugIn())
    world.run(0)
    assert world.told()[2:] == ["StartTransaction", "Status(1) Charging"]
    assert world.peer.last("StartTransaction")["reservationId"] == 77
    assert numbers(world) == []
    assert ends(world) == [("used", 77)]
    world.do(c.Stop())
    world.do(c.Unplug())
    assert world.statuses()[-1] == "Available"


@covers("RES-5", "CORE-AUTH-8")
@pytest.mark.parametrize("status", ["Invalid", "Blocked", "Expired", "ConcurrentTx"])
def test_the_right_tag_must_be_accepted_too(status: str) -> None:
    world = reserved(answers={"Authorize": tag(status)})
    world.do(c.PresentTag(id_tag=TAG))
    assert world.told() == ["Authorize"]
    assert world.status() == "Reserved"
    assert numbers(world) == [1]


@covers("RES-5")
@pytest.mark.parametrize("remote", [False, True])
def test_an_unknown_tag_is_asked_about_when_a_group_may_charge(remote: bool) -> None:
    world = reserved(parent="FLEET", answers={"Authorize": tag(parent="fleet")})
    world.do(c.PlugIn())
    if remote:
        assert remote_start(world, OTHER) == "Accepted"
    else:
        world.do(c.PresentTag(id_tag=OTHER))
        world.run(0)
    assert world.told() == [
        "Authorize",
        "StartTransaction",
        "Status(1) Preparing",
        "Status(1) Charging",
    ]
    assert world.peer.last("StartTransaction") | {"timestamp": ""} == {
        "connectorId": 1,
        "idTag": OTHER,
        "meterStart": 0,
        "timestamp": "",
        "reservationId": 1,
    }


@covers("RES-5", "CORE-RSTART-5")
@pytest.mark.parametrize("answer", [tag(parent="ELSE"), tag(), tag(parent=""), tag("Blocked", "FLEET")])
@pytest.mark.parametrize("remote", [False, True])
def test_and_refused_if_it_is_not_of_the_group(answer: dict[str, Any], remote: bool) -> None:
    world = reserved(parent="FLEET", answers={"Authorize": answer})
    world.do(c.PlugIn())
    if remote:
        assert remote_start(world, OTHER) == "Accepted"
    else:
        world.do(c.PresentTag(id_tag=OTHER))
        world.run(0)
    assert world.told() == ["Authorize"]
    assert world.status() == "Reserved"
    assert world.events(AuthorizationEvent)[-1].what == "refused"
    assert numbers(world) == [1]


@covers("RES-5")
@pytest.mark.parametrize("place", ["list", "cache"])
@pytest.mark.parametrize("ahead", ["true", "false"])
@pytest.mark.parametrize("remote", [False, True])
def test_a_parent_known_here_need_not_be_asked_for(place: str, ahead: str, remote: bool) -> None:
    """With LocalPreAuthorize nothing is asked; without it Authorize goes out as for any tag."""
    world = World(
        keys={"LocalPreAuthorize": ahead, "AuthorizeRemoteTxRequests": "true"},
        answers={"Authorize": tag(parent="FLEET")},
    )
    _teach(world, place, OTHER, "FLEET")
    reserve(world, parent="fleet")
    world.do(c.PlugIn())
    world.peer.clear()
    if remote:
        assert remote_start(world, OTHER) == "Accepted"
    else:
        world.do(c.PresentTag(id_tag=OTHER))
        world.run(0)
    assert ("Authorize" in world.peer.actions()) == (ahead == "false")
    assert world.status() == "Charging"
    assert world.peer.last("StartTransaction")["reservationId"] == 1


@covers("RES-5")
@pytest.mark.parametrize("place", ["list", "cache"])
def test_a_remote_start_of_a_known_member_is_not_asked_about_if_the_key_says_so(place: str) -> None:
    world = World(keys={"AuthorizeRemoteTxRequests": "false"})
    _teach(world, place, OTHER, "FLEET")
    reserve(world, parent="FLEET")
    world.do(c.PlugIn())
    world.peer.clear()
    assert remote_start(world, OTHER) == "Accepted"
    assert "Authorize" not in world.peer.actions()
    assert world.status() == "Charging"


@covers("RES-5", "CORE-RSTART-5")
@pytest.mark.parametrize("place", ["list", "cache"])
def test_a_tag_known_to_be_of_another_group_is_refused_at_once(place: str) -> None:
    world = World()
    _teach(world, place, OTHER, "ELSE")
    reserve(world, parent="FLEET")
    world.peer.clear()
    refused(world)
    assert remote_start(world, OTHER) == "Rejected"
    assert world.told() == []


@covers("RES-5")
@pytest.mark.parametrize("place", ["list", "cache"])
@pytest.mark.parametrize("remote", [False, True])
def test_a_known_tag_of_unknown_parent_is_asked_about_also_with_local_pre_authorize(
    place: str, remote: bool
) -> None:
    world = World(keys={"LocalPreAuthorize": "true"}, answers={"Authorize": tag(parent="FLEET")})
    _teach(world, place, OTHER, None)
    reserve(world, parent="FLEET")
    world.do(c.PlugIn())
    world.peer.clear()
    if remote:
        assert remote_start(world, OTHER) == "Accepted"
    else:
        world.do(c.PresentTag(id_tag=OTHER))
        world.run(0)
    assert world.peer.actions()[0] == "Authorize"
    assert world.status() == "Charging"


@covers("RES-5", "CORE-AUTH-4")
def test_a_tag_listed_as_blocked_need_not_be_asked_about() -> None:
    world = World(keys={"LocalPreAuthorize": "true"})
    send_full(world, 1, entry(OTHER, "Blocked"))
    reserve(world, parent="FLEET")
    world.peer.clear()
    world.do(c.PresentTag(id_tag=OTHER))
    assert world.told() == []
    assert world.events(AuthorizationEvent)[-1].status == "Blocked"


def _teach(world: World, place: str, id_tag: str, parent: str | None) -> None:
    if place == "list":
        send_full(world, 1, entry(id_tag, parent=parent))
    else:
        world.do(c.Cache(act="add", id_tag=id_tag, parent_id_tag=parent))


@covers("RES-5", "CORE-AUTH-6")
def test_a_tag_that_reads_like_the_parent_is_not_of_the_group() -> None:
    world = reserved(parent="FLEET")
    world.do(c.PresentTag(id_tag="FLEET"))
    world.run(0)
    assert world.told() == ["Authorize"]
    assert world.status() == "Reserved"


@covers("RES-5", "CORE-OFF-1")
@pytest.mark.parametrize(
    "id_tag, known, starts",
    [
        (TAG, None, True),
        (OTHER, "FLEET", True),
        (OTHER, "ELSE", False),
        (OTHER, None, False),
    ],
)
def test_offline_what_is_known_here_decides(id_tag: str, known: str | None, starts: bool) -> None:
    world = World(keys={"AllowOfflineTxForUnknownId": "true"})
    if known:
        send_full(world, 1, entry(id_tag, parent=known))
    reserve(world, parent="FLEET")
    world.offline()
    world.do(c.PlugIn())
    if known == "ELSE":
        refused(world, id_tag)
    else:
        world.do(c.PresentTag(id_tag=id_tag))
    world.run(0)
    assert (world.status() == "Charging") == starts
    world.online()
    world.run(1)
    sent = world.peer.payloads("StartTransaction")
    assert [payload["reservationId"] for payload in sent] == ([1] if starts else [])


@covers("RES-5")
def test_what_is_reserved_while_a_tag_is_being_checked_wins_over_the_answer() -> None:
    world = World(connectors=2, answers={"Authorize": Later(5.0, tag())})
    world.do(c.PlugIn(connector=2))
    world.do(c.PresentTag(id_tag=OTHER, connector=1))
    assert reserve(world, 1, 1) == "Occupied"
    world.do(c.PresentTag(id_tag="THIRD", connector=1))
    world.run(5)
    assert reserve(world, 1, 1) == "Occupied"
    world.do(c.PresentTag(id_tag=OTHER, connector=1))
    assert reserve(world, 1, 1) == "Occupied"


@covers("RES-5", "RES-2")
def test_a_reservation_that_changes_hands_while_its_tag_is_checked() -> None:
    world = reserved(answers={"Authorize": Later(5.0, tag())})
    world.do(c.PlugIn())
    world.do(c.PresentTag(id_tag=TAG))
    assert reserve(world, 1, 1, OTHER) == "Accepted"
    world.run(6)
    assert world.status() == "Reserved"
    assert world.events(AuthorizationEvent)[-1].what == "refused"
    assert "StartTransaction" not in world.peer.actions()


@covers("RES-5", "RES-7")
def test_a_reservation_that_ends_while_a_tag_is_checked() -> None:
    world = reserved(parent="FLEET", seconds=3, answers={"Authorize": Later(5.0, tag())})
    world.do(c.PlugIn())
    world.do(c.PresentTag(id_tag=OTHER))
    world.run(6)
    assert world.status() == "Charging"
    assert "reservationId" not in world.peer.last("StartTransaction")


@covers("RES-5")
def test_a_free_station_does_not_give_away_what_is_reserved() -> None:
    world = reserved(switches={"SW-FREE-VEND": "FREE"})
    world.do(c.PlugIn())
    assert world.status() == "Reserved"
    assert cancel(world) == "Accepted"
    assert world.status() == "Charging"
    kept = reserved(1, 0, switches={"SW-FREE-VEND": "FREE"})
    kept.do(c.PlugIn())
    kept.run(0)
    assert kept.status() == "Preparing"


@covers("RES-6", "RES-5")
def test_a_cable_without_a_tag_leaves_it_reserved() -> None:
    """AMB in the state machine, G2: somebody plugs in and presents nothing."""
    world = reserved(keys={"ConnectionTimeOut": "10"})
    world.do(c.PlugIn())
    world.run(60)
    assert world.status() == "Reserved"
    world.do(c.Unplug())
    assert world.told() == []


@covers("RES-7", "STM-2")
def test_it_shows_the_cable_when_the_reservation_is_over() -> None:
    world = reserved()
    world.do(c.PlugIn())
    cancel(world)
    assert world.told() == ["Status(1) Preparing"]


# --- which connector ---


@covers("RES-6", "CORE-AUTH-13")
def test_the_reader_of_several_connectors_takes_the_reserved_one() -> None:
    world = reserved(1, 2, connectors=3)
    world.do(c.PlugIn(connector=1))
    world.do(c.PresentTag(id_tag=TAG))
    assert [world.status(number) for number in (1, 2, 3)] == ["Preparing", "Preparing", "Available"]
    assert world.connector(2)["granted"] == TAG


@covers("RES-5", "CORE-AUTH-13")
def test_another_tag_takes_one_that_is_free() -> None:
    world = reserved(1, 1, connectors=3)
    world.do(c.PresentTag(id_tag=OTHER))
    assert world.status(1) == "Reserved"
    world.do(c.PlugIn(connector=1))
    world.run(0)
    assert world.status(1) == "Reserved"
    world.do(c.PlugIn(connector=3))
    world.run(0)
    assert world.connector(3)["transaction"]["id_tag"] == OTHER


@covers("RES-5", "CORE-AUTH-13")
def test_a_member_of_the_group_takes_a_free_one_before_the_reserved_one() -> None:
    world = reserved(1, 1, connectors=2, parent="FLEET", answers={"Authorize": tag(parent="FLEET")})
    world.do(c.PresentTag(id_tag=OTHER))
    assert [world.status(number) for number in (1, 2)] == ["Reserved", "Preparing"]
    world.do(c.PlugIn(connector=2))
    world.run(0)
    world.do(c.PresentTag(id_tag="THIRD"))
    world.run(0)
    assert world.status(2) == "Finishing"


@covers("RES-5", "CORE-AUTH-13")
def test_a_floating_member_may_plug_in_where_the_group_has_reserved() -> None:
    world = reserved(1, 1, connectors=3, parent="FLEET", answers={"Authorize": tag(parent="FLEET")})
    world.do(c.PresentTag(id_tag=OTHER))
    world.do(c.PlugIn(connector=1))
    world.run(0)
    assert world.peer.last("StartTransaction")["reservationId"] == 1


@covers("RES-6", "CORE-AUTH-5")
def test_who_has_reserved_starts_rather_than_stops_another_of_the_group() -> None:
    world = World(connectors=2, answers={"Authorize": tag(parent="FLEET")})
    world.start(2, OTHER)
    reserve(world, 1, 1)
    world.do(c.PresentTag(id_tag=TAG))
    assert world.status(1) == "Preparing"
    assert world.status(2) == "Charging"


@covers("RES-5")
def test_start_finds_the_connector_the_tag_may_use() -> None:
    world = World(connectors=2)
    reserve(world, 1, 1, OTHER)
    assert world.do(c.Start(id_tag=TAG))["connector"] == 2
    world.run(0)
    assert world.do(c.Start(id_tag=OTHER))["connector"] == 1


@covers("CORE-RSTART-3", "RES-11")
def test_a_remote_start_without_a_connector() -> None:
    """One with a cable, else a free one, else the one reserved for it."""
    world = reserved(1, 1, connectors=3)
    world.do(c.PlugIn(connector=3))
    assert remote_start(world, TAG, None) == "Accepted"
    assert world.status(3) == "Charging"
    assert remote_start(world, TAG, None) == "Accepted"
    assert world.connector(2)["granted"] == TAG
    world.do(c.PlugIn(connector=2))
    world.run(0)
    assert remote_start(world, TAG, None) == "Accepted"
    assert world.connector(1)["granted"] == TAG
    full = reserved(1, 1, connectors=1)
    assert remote_start(full, OTHER, None) == "Rejected"


@covers("CORE-RSTART-3", "RES-11")
def test_a_car_that_waits_at_the_reserved_one_goes_first() -> None:
    world = reserved(1, 2, connectors=3)
    world.do(c.PlugIn(connector=2))
    assert remote_start(world, TAG, None) == "Accepted"
    assert world.peer.last("StartTransaction")["reservationId"] == 1


# --- remote ---


@covers("RES-11", "CORE-RSTART-5", "CORE-RSTART-6")
@pytest.mark.parametrize("asks", ["true", "false"])
@pytest.mark.parametrize("connector", [0, 1])
def test_a_remote_start_uses_the_reservation(asks: str, connector: int) -> None:
    world = reserved(8, connector, keys={"AuthorizeRemoteTxRequests": asks})
    assert remote_start(world) == "Accepted"
    assert world.told() == (["Authorize"] if asks == "true" else []) + ["Status(1) Preparing"]
    world.do(c.PlugIn())
    world.run(0)
    assert world.peer.last("StartTransaction")["reservationId"] == 8
    assert ends(world) == [("used", 8)]


@covers("RES-11", "CORE-RSTART-11")
def test_the_same_remote_start_again_starts_the_time_out_anew() -> None:
    world = reserved(keys={"ConnectionTimeOut": "30"})
    assert remote_start(world) == "Accepted"
    world.run(20)
    assert remote_start(world) == "Accepted"
    assert remote_start(world, OTHER) == "Rejected"
    world.run(20)
    assert world.status() == "Preparing"
    world.run(10)
    assert world.status() == "Reserved"


@covers("CORE-RSTART-11", "CORE-RSTART-5")
def test_a_remote_start_that_is_being_checked_when_the_connector_breaks() -> None:
    world = reserved(answers={"Authorize": Later(9.0, tag())}, keys={"AuthorizeRemoteTxRequests": "true"})
    assert remote_start(world) == "Accepted"
    world.do(GROUND_FAILURE)
    assert remote_start(world) == "Rejected"
    assert remote_start(world, TAG, None) == "Rejected"
    world.run(10)
    assert world.status() == "Faulted"
