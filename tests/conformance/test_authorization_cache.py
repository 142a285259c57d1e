"""CORE-CACHE: what the authorization cache holds, for how long, and who goes first."""

from typing import Any

import pytest

from desktop_sim.runtime.virtual import PowerGone
from desktop_sim.station import commands
from desktop_sim.station.commands import CommandRefused
from tests.conformance.coverage import covers
from tests.conformance.replies import send_list, tag
from tests.conformance.world import TAG, World


def entries(world: World) -> dict[str, str]:
    """Tag → status of what the cache holds, oldest news first."""
    return {entry["id_tag"]: entry["status"] for entry in world.do(commands.Cache())}


def present(world: World, id_tag: str, answer: Any) -> None:
    """The central system is asked about a tag and answers so."""
    world.peer.answers["Authorize"] = answer
    world.do(commands.PresentTag(id_tag=id_tag))
    world.run(1)


def offline_start(world: World, id_tag: str) -> bool:
    """Whether the tag starts a transaction without a link."""
    world.offline()
    world.do(commands.Start(connector=1, id_tag=id_tag))
    started = world.status() == "Charging"
    if started:
        world.do(commands.Stop(connector=1))
    world.do(commands.Unplug(connector=1))
    world.online()
    return started


@covers("CORE-CACHE-1", "C.1/AuthorizationCacheEnabled")
def test_it_learns_and_knows_nothing_while_it_is_off() -> None:
    world = World(keys={"AuthorizationCacheEnabled": "false"})
    present(world, "ANN", tag("Blocked"))
    assert entries(world) == {}
    world.change("AuthorizationCacheEnabled", "true")
    present(world, "BOB", tag("Blocked"))
    assert entries(world) == {"BOB": "Blocked"}


@covers("CORE-CACHE-1", "CORE-OFF-1")
def test_what_it_holds_counts_again_when_it_is_switched_on_again() -> None:
    world = World()
    world.start()
    world.do(commands.Stop())
    world.do(commands.Unplug())
    world.change("AuthorizationCacheEnabled", "false")
    assert not offline_start(world, TAG)
    world.change("AuthorizationCacheEnabled", "true")
    assert offline_start(world, TAG)


@covers("CORE-CACHE-1", "CORE-CACHE-7", "CORE-CFG-7")
def test_a_station_without_the_key_has_no_cache() -> None:
    world = World(switches={"SW-ABSENT-KEYS": "AuthorizationCacheEnabled"})
    assert world.key("AuthorizationCacheEnabled") is None
    present(world, "ANN", tag("Blocked"))
    assert entries(world) == {}
    assert world.ask("ClearCache") == {"status": "Rejected"}


@covers("CORE-CACHE-2")
@pytest.mark.parametrize("status", ["Accepted", "Blocked", "Expired", "Invalid", "ConcurrentTx"])
def test_it_holds_whatever_is_said(status: str) -> None:
    world = World()
    present(world, "ANN", tag(status, parent="P"))
    (entry,) = world.do(commands.Cache())
    assert (entry["id_tag"], entry["status"], entry["parent"]) == ("ANN", status, "P")


@covers("CORE-CACHE-2")
def test_the_newest_news_replace_all_of_the_old() -> None:
    world = World()
    present(world, "ANN", tag("Blocked", parent="P", expiry="2030-01-01T00:00:00Z"))
    present(world, "ann", tag("Invalid"))
    (entry,) = world.do(commands.Cache())
    assert (entry["status"], entry["parent"], entry["expires"]) == ("Invalid", None, None)


@covers("CORE-CACHE-2", "CORE-OFF-3")
def test_a_refusal_by_start_transaction_is_held() -> None:
    world = World()
    world.peer.answers["StartTransaction"] = {"transactionId": 1, "idTagInfo": {"status": "Blocked"}}
    world.do(commands.Start(id_tag=TAG))
    assert entries(world) == {TAG: "Blocked"}


@covers("CORE-CACHE-3")
def test_a_listed_tag_is_never_cached() -> None:
    world = World()
    send_list(world, USER001=tag("Accepted"), BOB=tag("Blocked"))
    world.peer.answers["StopTransaction"] = tag("Expired")
    world.start()
    world.do(commands.Stop())
    present(world, "bob", tag("Accepted"))
    assert entries(world) == {}


@covers("CORE-CACHE-3")
def test_a_list_takes_its_tags_out_of_the_cache() -> None:
    world = World()
    for id_tag in ("ANN", "BOB", "CAT"):
        present(world, id_tag, tag("Blocked"))
    send_list(world, ann=tag("Accepted"), BOB=tag("Blocked"))
    assert entries(world) == {"CAT": "Blocked"}
    world.driver.restart()
    assert entries(world) == {"CAT": "Blocked"}


@covers("CORE-CACHE-3")
def test_a_list_that_is_off_keeps_nothing_from_the_cache() -> None:
    world = World()
    send_list(world, ANN=tag("Accepted"))
    world.change("LocalAuthListEnabled", "false")
    present(world, "ANN", tag("Blocked"))
    assert entries(world) == {"ANN": "Blocked"}
    world.change("LocalAuthListEnabled", "true")
    assert entries(world) == {}


@covers("CORE-CACHE-3")
def test_nobody_puts_a_listed_tag_into_the_cache_by_hand() -> None:
    world = World()
    send_list(world, ANN=tag("Accepted"))
    with pytest.raises(CommandRefused, match="local list"):
        world.do(commands.Cache(act="add", id_tag="ann"))


@covers("CORE-CACHE-4")
def test_an_entry_expires_when_its_time_comes() -> None:
    until = tag("Accepted", expiry="2025-06-02T08:00:00Z")
    world = World(answers={"StartTransaction": {"transactionId": 1, **until}})
    present(world, "ANN", until)
    world.run(61)
    assert offline_start(world, "ANN")
    assert entries(world) == {"ANN": "Accepted"}
    world.run(3600)
    assert entries(world) == {"ANN": "Expired"}
    assert not offline_start(world, "ANN")


@covers("CORE-CACHE-4", "CORE-BOOT-4")
def test_the_time_that_counts_is_the_central_systems() -> None:
    world = World()
    present(world, "ANN", tag("Accepted", expiry="2025-06-02T08:00:00Z"))
    world.run(61)
    world.peer.answers["Heartbeat"] = {"currentTime": "2025-06-02T08:00:00+00:00"}
    world.ask("TriggerMessage", {"requestedMessage": "Heartbeat"})
    world.run(0)
    assert entries(world) == {"ANN": "Expired"}


@covers("CORE-CACHE-4")
@pytest.mark.parametrize(
    "expiry", ["2025-06-02T08:00:00.123456Z", "2025-06-02T10:00:00+02:00", "2025-06-02T08:00:00"]
)
def test_a_time_may_be_written_in_many_ways(expiry: str) -> None:
    world = World()
    present(world, "ANN", tag("Accepted", expiry=expiry))
    world.run(3598)
    assert entries(world) == {"ANN": "Accepted"}
    world.run(2)
    assert entries(world) == {"ANN": "Expired"}


@covers("CORE-CACHE-4")
def test_an_entry_without_an_end_lasts() -> None:
    world = World(interval=86_400)
    present(world, "ANN", tag("Accepted"))
    world.run(100 * 86_400)
    assert entries(world) == {"ANN": "Accepted"}


@covers("CORE-CACHE-5")
def test_not_valid_entries_go_before_valid_ones_however_old() -> None:
    world = World(switches={"SW-CACHE-SIZE": "3"})
    for id_tag, answer in [
        ("OLD", tag("Accepted")),
        ("BLOCKED", tag("Blocked")),
        ("OVER", tag("Accepted", expiry="2025-06-02T07:05:00Z")),
    ]:
        present(world, id_tag, answer)
        world.run(61)
    world.run(300)
    present(world, "NEW1", tag("Accepted"))
    assert set(entries(world)) == {"OLD", "OVER", "NEW1"}
    world.run(61)
    present(world, "NEW2", tag("Accepted"))
    assert set(entries(world)) == {"OLD", "NEW1", "NEW2"}
    world.run(61)
    present(world, "NEW3", tag("Accepted"))
    assert set(entries(world)) == {"NEW1", "NEW2", "NEW3"}


@covers("CORE-CACHE-5")
def test_news_of_a_known_tag_push_nobody_out() -> None:
    world = World(switches={"SW-CACHE-SIZE": "2"})
    for id_tag in ("ANN", "BOB", "ANN", "bob"):
        present(world, id_tag, tag("Blocked"))
    assert set(entries(world)) == {"ANN", "bob"}


@covers("CORE-CACHE-5")
def test_news_make_an_entry_young_again() -> None:
    world = World(switches={"SW-CACHE-SIZE": "2"})
    for id_tag in ("ANN", "BOB", "ANN", "CAT"):
        present(world, id_tag, tag("Blocked"))
    assert set(entries(world)) == {"ANN", "CAT"}


@covers("CORE-CACHE-5")
def test_a_smaller_cache_gives_up_what_is_too_much() -> None:
    world = World(switches={"SW-CACHE-SIZE": "5"})
    for number in range(5):
        present(world, f"T{number}", tag("Blocked"))
    world.do(commands.Switch(name="SW-CACHE-SIZE", value="2"))
    present(world, "NEW", tag("Blocked"))
    assert set(entries(world)) == {"T4", "NEW"}


@covers("CORE-CACHE-6")
@pytest.mark.parametrize("how", ["kill", "Soft", "Hard", "power"])
def test_it_survives(how: str) -> None:
    world = World()
    present(world, "ANN", tag("Blocked"))
    if how == "kill":
        world.driver.restart()
    elif how == "power":
        world.do(commands.PowerCut())
        world.do(commands.PowerOn())
    else:
        world.ask("Reset", {"type": how})
    world.run(10)
    assert entries(world) == {"ANN": "Blocked"}


@covers("CORE-CACHE-6")
def test_what_was_learned_is_stored_before_anything_follows_from_it() -> None:
    world = World()
    world.do(commands.PlugIn())
    world.run(1)
    world.driver.fuse = 0
    world.peer.answers["Authorize"] = tag("Accepted")
    with pytest.raises(PowerGone):
        world.do(commands.PresentTag(id_tag="ANN"))
    world.driver.restart()
    world.run(1)
    assert entries(world) == {"ANN": "Accepted"}


@covers("CORE-CACHE-6")
def test_a_removed_entry_stays_away_after_a_restart() -> None:
    world = World()
    present(world, "ANN", tag("Blocked"))
    present(world, "BOB", tag("Blocked"))
    world.do(commands.Cache(act="remove", id_tag="ann"))
    world.driver.restart()
    assert entries(world) == {"BOB": "Blocked"}


@covers("CORE-CACHE-7", "CORE-CC-1")
@pytest.mark.parametrize("enabled", ["true", "false"])
def test_clear_cache_empties_it(enabled: str) -> None:
    world = World()
    present(world, "ANN", tag("Blocked"))
    present(world, "BOB", tag("Blocked"))
    world.change("AuthorizationCacheEnabled", enabled)
    assert world.ask("ClearCache") == {"status": "Accepted"}
    assert entries(world) == {}
    world.driver.restart()
    assert entries(world) == {}


@covers("CORE-CACHE-8", "CORE-STOP-5")
def test_the_answer_to_stop_transaction_is_about_the_tag_that_stopped() -> None:
    world = World(answers={"Authorize": tag(parent="FAMILY")})
    world.start()
    world.peer.answers["StopTransaction"] = tag("Blocked")
    world.do(commands.PresentTag(id_tag="SPOUSE"))
    assert entries(world) == {TAG: "Accepted", "SPOUSE": "Blocked"}


@covers("CORE-CACHE-8")
def test_without_a_tag_in_the_request_it_is_about_the_one_that_started() -> None:
    world = World()
    world.start()
    world.peer.answers["StopTransaction"] = tag("Blocked")
    world.do(commands.Unplug(end="vehicle"))
    assert "idTag" not in world.peer.last("StopTransaction")
    assert entries(world) == {TAG: "Blocked"}


@covers("CORE-CACHE-8", "CORE-TXQ-3")
def test_it_is_remembered_over_a_restart_whom_a_stop_was_about() -> None:
    world = World(answers={"Authorize": tag(parent="FAMILY")})
    world.start()
    world.peer.answers["StopTransaction"] = None
    world.do(commands.PresentTag(id_tag="SPOUSE"))
    world.peer.answers["StopTransaction"] = tag("Invalid")
    world.driver.restart()
    world.run(1)
    assert entries(world) == {TAG: "Accepted", "SPOUSE": "Invalid"}


@covers("CORE-CACHE-8")
def test_a_silent_stop_changes_nothing() -> None:
    world = World()
    world.start()
    world.do(commands.Stop())
    assert entries(world) == {TAG: "Accepted"}


@covers("CORE-CACHE-9")
def test_a_reservation_says_nothing_about_its_tag() -> None:
    world = World()
    payload = {"connectorId": 1, "idTag": "ANN", "expiryDate": "2025-06-02T08:00:00Z", "reservationId": 1}
    assert world.ask("ReserveNow", payload) == {"status": "Accepted"}
    assert entries(world) == {}
