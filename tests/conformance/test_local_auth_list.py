"""The local authorization list (A.11, LAL), and where it is asked (A.3 to A.5)."""

import copy
from typing import Any

import pytest

from desktop_sim.runtime.scripted_peer import Later
from desktop_sim.runtime.virtual import PowerGone
from desktop_sim.station import commands as c
from desktop_sim.station.commands import CommandRefused
from desktop_sim.station.events import AuthorizationEvent, LocalListEvent
from desktop_sim.station.profile import ConnectorProfile
from tests.conformance.asks import entry, gone, later, send_changes, send_full, version
from tests.conformance.coverage import covers
from tests.conformance.replies import registration, tag
from tests.conformance.world import TAG, World

OTHER = "OTHER"


def held(world: World) -> dict[str, str]:
    """The tags of the list and their statuses."""
    return {one["id_tag"]: one["status"] for one in world.do(c.LocalList())["entries"]}


def listed(status: str = "Accepted", parent: str | None = None, **world: Any) -> World:
    """A station whose list holds the usual tag."""
    made = World(**world)
    assert send_full(made, 1, entry(TAG, status, parent)) == "Accepted"
    made.peer.clear()
    return made


# --- the version ---


@covers("LAL-1")
def test_a_station_that_was_never_sent_a_list_has_version_0() -> None:
    assert version(World()) == 0


@covers("LAL-1", "LAL-2")
def test_the_version_is_that_of_the_last_full_list_also_if_it_is_lower() -> None:
    world = World()
    for number in (7, 7, 3, 2_000_000_000):
        assert send_full(world, number, entry(TAG)) == "Accepted"
        assert version(world) == number


@covers("LAL-1", "LAL-2")
@pytest.mark.parametrize("payload", [{}, {"localAuthorizationList": []}])
def test_a_full_list_without_entries_empties_it_and_then_the_version_is_0(payload: dict[str, Any]) -> None:
    world = listed()
    answer = world.ask("SendLocalList", {"listVersion": 5, "updateType": "Full"} | payload)
    assert answer == {"status": "Accepted"}
    assert version(world) == 0
    assert held(world) == {}


@covers("LAL-13", "LAL-4")
def test_a_list_emptied_by_changes_is_version_0_yet_remembers_its_own() -> None:
    world = World()
    send_full(world, 4, entry(TAG))
    assert send_changes(world, 6, gone(TAG)) == "Accepted"
    assert version(world) == 0
    assert send_changes(world, 6, entry(TAG)) == "VersionMismatch"
    assert send_changes(world, 7, entry(TAG)) == "Accepted"
    assert version(world) == 7


@covers("LAL-5")
@pytest.mark.parametrize("number", [0, -1, -7, -(2**40)])
@pytest.mark.parametrize("send", [send_full, send_changes])
def test_versions_below_1_fail(number: int, send: Any) -> None:
    world = listed()
    assert send(world, number, entry(OTHER)) == "Failed"
    assert version(world) == 1
    assert held(world) == {TAG: "Accepted"}


# --- updates ---


@covers("LAL-2")
def test_a_full_list_replaces_everything() -> None:
    world = World()
    send_full(world, 5, entry("A"), entry("B", "Blocked"))
    assert send_full(world, 2, entry("B"), entry("C", "ConcurrentTx")) == "Accepted"
    assert held(world) == {"B": "Accepted", "C": "ConcurrentTx"}


@covers("LAL-3")
def test_changes_add_replace_and_delete() -> None:
    world = World()
    send_full(world, 1, entry("A"), entry("B"), entry("C"))
    assert send_changes(world, 2, entry("b", "Blocked"), gone("c"), entry("D"), gone("NOBODY")) == "Accepted"
    assert held(world) == {"A": "Accepted", "b": "Blocked", "D": "Accepted"}
    assert version(world) == 2


@covers("LAL-3")
def test_changes_without_entries_move_only_the_version() -> None:
    world = listed()
    assert send_changes(world, 9) == "Accepted"
    assert version(world) == 9
    assert held(world) == {TAG: "Accepted"}


@covers("LAL-3")
def test_changes_to_no_list_at_all() -> None:
    world = World()
    assert send_changes(world, 3) == "Accepted"
    assert version(world) == 0
    assert send_changes(world, 4, entry(TAG)) == "Accepted"
    assert version(world) == 4


@covers("LAL-4")
@pytest.mark.parametrize("number", [1, 4, 5])
def test_changes_must_have_a_higher_version(number: int) -> None:
    world = World()
    send_full(world, 5, entry(TAG))
    assert send_changes(world, number, gone(TAG)) == "VersionMismatch"
    assert version(world) == 5
    assert held(world) == {TAG: "Accepted"}
    assert send_changes(world, 6, gone(TAG)) == "Accepted"


@covers("LAL-6")
@pytest.mark.parametrize(
    "send, entries",
    [
        pytest.param(send_full, [entry("A"), gone("B")], id="full without idTagInfo"),
        pytest.param(send_full, [entry("A"), entry("a")], id="full twice"),
        pytest.param(send_changes, [entry("A"), entry("B"), entry("b", "Blocked")], id="changes twice"),
        pytest.param(send_changes, [entry("A"), gone("a")], id="added and deleted"),
        pytest.param(send_full, [entry(f"T{n}") for n in range(4)], id="full too long a message"),
        pytest.param(send_changes, [gone(f"T{n}") for n in range(4)], id="changes too long a message"),
        pytest.param(send_changes, [entry(f"T{n}") for n in range(3)], id="too long a list"),
    ],
)
def test_all_or_nothing(send: Any, entries: list[dict[str, Any]]) -> None:
    keys = {"SendLocalListMaxLength": "3", "LocalAuthListMaxLength": "4"}
    world = World(keys=keys)
    send_full(world, 1, entry(TAG), entry(OTHER, "Blocked"))
    before = copy.deepcopy(world.driver.stored["local list"])
    assert send(world, 2, *entries) == "Failed"
    assert version(world) == 1
    assert held(world) == {TAG: "Accepted", OTHER: "Blocked"}
    assert world.driver.stored["local list"] == before
    assert world.events(LocalListEvent)[-1].what == "refused"


@covers("LAL-6", "C.2/LocalAuthListMaxLength", "C.2/SendLocalListMaxLength")
def test_lists_as_long_as_they_may_be() -> None:
    world = World(keys={"SendLocalListMaxLength": "3", "LocalAuthListMaxLength": "4"})
    assert send_full(world, 1, *(entry(f"T{n}") for n in range(3))) == "Accepted"
    assert send_changes(world, 2, entry("T3")) == "Accepted"
    assert send_changes(world, 3, entry("T4")) == "Failed"
    assert send_changes(world, 3, entry("T4"), gone("T0")) == "Accepted"
    assert sorted(held(world)) == ["T1", "T2", "T3", "T4"]
    assert send_changes(world, 4, entry("t1", "Blocked")) == "Accepted"


@covers("C.2/LocalAuthListMaxLength", "C.2/SendLocalListMaxLength", "C.2/LocalAuthListEnabled")
def test_the_keys_of_the_list() -> None:
    world = World()
    asked = ["LocalAuthListEnabled", "LocalAuthListMaxLength", "sendlocallistmaxlength"]
    rows = world.ask("GetConfiguration", {"key": asked})["configurationKey"]
    assert [(row["key"], row["value"], row["readonly"]) for row in rows] == [
        ("LocalAuthListEnabled", "true", False),
        ("LocalAuthListMaxLength", "1000", True),
        ("SendLocalListMaxLength", "100", True),
    ]
    assert world.change("LocalAuthListEnabled", "no") == "Rejected"
    assert world.change("LocalAuthListEnabled", "FALSE") == "Accepted"
    assert world.change("LocalAuthListMaxLength", "5") == "Rejected"
    assert world.change("SendLocalListMaxLength", "5") == "Rejected"
    for name in ("LocalAuthListMaxLength", "SendLocalListMaxLength"):
        with pytest.raises(ValueError, match=name):
            World(keys={name: "0"})


@covers("LAL-6")
def test_a_thousand_tags_in_ten_messages() -> None:
    world = World()
    for part in range(10):
        entries = [entry(f"T{part}-{n}") for n in range(100)]
        assert send_changes(world, part + 1, *entries) == "Accepted"
    assert send_changes(world, 11, entry("ONE-MORE")) == "Failed"
    assert len(held(world)) == 1000


# --- messages that break the schema ---

MESSAGE: dict[str, Any] = {
    "listVersion": 2,
    "updateType": "Full",
    "localAuthorizationList": [
        {
            "idTag": "A",
            "idTagInfo": {
                "status": "Accepted",
                "expiryDate": "2030-01-01T00:00:00Z",
                "parentIdTag": "P",
            },
        }
    ],
}
ONE = ("localAuthorizationList", 0)
INFO = (*ONE, "idTagInfo")


def broken(path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    """The message with another value at a place; `...` takes the field away."""
    message = copy.deepcopy(MESSAGE)
    place: Any = message
    for step in path[:-1]:
        place = place[step]
    if value is ...:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return message


@covers("LAL-6", "RPC-23")
@pytest.mark.parametrize(
    "path, value, code",
    [
        (("listVersion",), ..., "ProtocolError"),
        (("listVersion",), None, "TypeConstraintViolation"),
        (("listVersion",), "2", "TypeConstraintViolation"),
        (("listVersion",), 2.5, "TypeConstraintViolation"),
        (("listVersion",), True, "TypeConstraintViolation"),
        (("listVersion",), 2**70, "PropertyConstraintViolation"),
        (("updateType",), ..., "ProtocolError"),
        (("updateType",), None, "TypeConstraintViolation"),
        (("updateType",), 1, "TypeConstraintViolation"),
        (("updateType",), "full", "PropertyConstraintViolation"),
        (("localAuthorizationList",), None, "TypeConstraintViolation"),
        (("localAuthorizationList",), {}, "TypeConstraintViolation"),
        (("localAuthorizationList",), "A", "TypeConstraintViolation"),
        (("localAuthorizationList",), ["A"], "TypeConstraintViolation"),
        (("localAuthorizationList",), [None], "TypeConstraintViolation"),
        ((*ONE, "idTag"), ..., "ProtocolError"),
        ((*ONE, "idTag"), None, "TypeConstraintViolation"),
        ((*ONE, "idTag"), 7, "TypeConstraintViolation"),
        ((*ONE, "idTag"), "X" * 21, "PropertyConstraintViolation"),
        ((*ONE, "idTagInfo"), None, "TypeConstraintViolation"),
        ((*ONE, "idTagInfo"), "Accepted", "TypeConstraintViolation"),
        ((*ONE, "idTagInfo"), {}, "ProtocolError"),
        ((*INFO, "status"), None, "TypeConstraintViolation"),
        ((*INFO, "status"), 1, "TypeConstraintViolation"),
        ((*INFO, "status"), "Ok", "PropertyConstraintViolation"),
        ((*INFO, "expiryDate"), None, "TypeConstraintViolation"),
        ((*INFO, "expiryDate"), 5, "TypeConstraintViolation"),
        ((*INFO, "expiryDate"), "soon", "PropertyConstraintViolation"),
        ((*INFO, "expiryDate"), "2025-02-30T00:00:00Z", "PropertyConstraintViolation"),
        ((*INFO, "parentIdTag"), None, "TypeConstraintViolation"),
        ((*INFO, "parentIdTag"), [], "TypeConstraintViolation"),
        ((*INFO, "parentIdTag"), "X" * 21, "PropertyConstraintViolation"),
        (("extra",), 1, "FormationViolation"),
        ((*ONE, "extra"), 1, "FormationViolation"),
        ((*INFO, "extra"), 1, "FormationViolation"),
    ],
)
def test_a_message_that_breaks_its_schema_changes_nothing(
    path: tuple[Any, ...], value: Any, code: str
) -> None:
    world = listed()
    stored = copy.deepcopy(world.driver.stored)
    assert world.ask("SendLocalList", broken(path, value)) == code
    assert world.driver.stored == stored
    assert version(world) == 1
    assert held(world) == {TAG: "Accepted"}


@covers("LAL-1", "RPC-23")
@pytest.mark.parametrize("payload", ['{"x":1}', "[]", '"a"', "5"])
def test_get_local_list_version_takes_no_fields(payload: str) -> None:
    (answer,) = World().raw(f'[2,"a","GetLocalListVersion",{payload}]')
    assert answer.startswith('[4,"a","FormationViolation"')


@covers("LAL-2", "RPC-15")
@pytest.mark.parametrize("id_tag", ["", "X" * 20, "кирилл-ʻ日本", 'quote"\\', "\x7f"])
def test_any_text_of_at_most_20_characters_is_a_tag(id_tag: str) -> None:
    world = World()
    assert send_full(world, 1, entry(id_tag)) == "Accepted"
    assert held(world) == {id_tag: "Accepted"}
    world.driver.restart()
    assert held(world) == {id_tag: "Accepted"}


# --- switched off ---


@covers("LAL-7", "LAL-1")
def test_without_the_profile_nothing_of_it_is_there() -> None:
    world = World(keys={"SupportedFeatureProfiles": "Core,Reservation"})
    assert send_full(world, 1, entry(TAG)) == "NotSupported"
    assert version(world) == "NotSupported"
    assert world.key("LocalAuthListEnabled") is None
    assert world.change("LocalAuthListEnabled", "true") == "NotSupported"
    assert world.info()["local_list"] == {"version": -1, "size": 0, "enabled": False}
    with pytest.raises(CommandRefused, match="SupportedFeatureProfiles"):
        world.do(c.LocalList())


@covers("LAL-7", "LAL-1", "C.2/LocalAuthListEnabled")
def test_a_disabled_list_is_unsupported_and_its_content_stays() -> None:
    world = listed()
    assert world.change("LocalAuthListEnabled", "false") == "Accepted"
    assert version(world) == -1
    assert send_full(world, 2, entry(OTHER)) == "NotSupported"
    assert send_changes(world, 2, entry(OTHER)) == "NotSupported"
    assert held(world) == {TAG: "Accepted"}
    world.change("LocalAuthListEnabled", "true")
    assert version(world) == 1


@covers("LAL-7", "LAL-9")
def test_a_disabled_list_can_be_written_by_switch() -> None:
    world = listed(switches={"SW-LAL-DISABLED": "normal"}, keys={"LocalPreAuthorize": "true"})
    world.change("LocalAuthListEnabled", "false")
    assert version(world) == 1
    assert send_full(world, 2, entry(OTHER)) == "Accepted"
    assert version(world) == 2
    world.do(c.PresentTag(id_tag=OTHER))
    assert world.peer.actions()[0] == "Authorize"


@covers("LAL-9", "CORE-OFF-1", "C.2/LocalAuthListEnabled")
def test_a_disabled_list_is_not_asked() -> None:
    world = listed(keys={"LocalPreAuthorize": "true"})
    world.change("LocalAuthListEnabled", "false")
    world.peer.clear()
    world.do(c.Start())
    assert "Authorize" in world.peer.actions()
    world.do(c.Stop())
    world.do(c.Unplug())
    world.do(c.Cache(act="clear"))
    world.offline()
    world.do(c.Start())
    assert world.status() == "Preparing"


# --- who is asked ---


@covers("LAL-12", "CORE-AUTH-2", "LAL-9")
def test_a_listed_tag_starts_without_asking() -> None:
    world = listed(keys={"LocalPreAuthorize": "true"})
    world.do(c.Start(id_tag=TAG.lower()))
    assert world.told() == ["Status(1) Preparing", "StartTransaction", "Status(1) Charging"]
    assert world.events(AuthorizationEvent)[-1].source == "local list"


@covers("CORE-AUTH-2", "C.2/LocalAuthListEnabled")
def test_without_local_pre_authorize_the_central_system_is_asked_all_the_same() -> None:
    world = listed()
    world.do(c.Start())
    assert "Authorize" in world.peer.actions()
    assert world.status() == "Charging"


@covers("CORE-AUTH-4")
@pytest.mark.parametrize("status", ["Blocked", "Expired", "Invalid", "ConcurrentTx"])
def test_a_tag_listed_as_not_valid_is_refused_at_once(status: str) -> None:
    world = listed(status, keys={"LocalPreAuthorize": "true"})
    world.do(c.Start())
    assert world.told() == ["Status(1) Preparing"]
    assert world.events(AuthorizationEvent)[-1].what == "refused"
    assert world.events(AuthorizationEvent)[-1].status == status


@covers("CORE-AUTH-4", "CORE-AUTH-9")
@pytest.mark.parametrize("status", ["Blocked", "Expired", "Invalid", "ConcurrentTx"])
def test_or_asked_about_without_local_pre_authorize(status: str) -> None:
    world = listed(status)
    world.do(c.Start())
    assert "Authorize" in world.peer.actions()
    assert world.status() == "Charging"


@covers("LAL-11", "CORE-AUTH-4")
def test_an_entry_is_expired_when_its_time_is_over() -> None:
    world = World(keys={"LocalPreAuthorize": "true"})
    send_full(world, 1, entry(TAG, expiry=later(world, 60)))
    world.run(59)
    world.do(c.PresentTag(id_tag=TAG))
    assert world.status() == "Preparing"
    world.do(c.PresentTag(id_tag=TAG))
    world.run(1)
    assert held(world) == {TAG: "Expired"}
    world.do(c.PresentTag(id_tag=TAG))
    assert world.status() == "Available"
    assert world.events(AuthorizationEvent)[-1].status == "Expired"
    assert "Authorize" not in world.peer.actions()


@covers("LAL-11")
def test_expiry_is_in_the_central_systems_time() -> None:
    world = World(keys={"LocalPreAuthorize": "true"}, boot=False)
    world.peer.answers["BootNotification"] = registration(world, "Accepted", ahead=7200)
    world.run(1)
    send_full(world, 1, entry(TAG, expiry=later(world, 3600)))
    world.do(c.PresentTag(id_tag=TAG))
    assert world.events(AuthorizationEvent)[-1].status == "Expired"


@covers("LAL-9", "CORE-AUTH-2")
def test_the_list_goes_before_the_cache() -> None:
    """Blocked in the list, Accepted in the cache before it: the list decides."""
    world = World(keys={"LocalPreAuthorize": "true"})
    world.do(c.Cache(act="add", id_tag=TAG))
    send_full(world, 1, entry(TAG, "Blocked"))
    world.peer.clear()
    world.do(c.PresentTag(id_tag=TAG))
    assert world.told() == []
    assert world.status() == "Available"


@covers("LAL-12", "CORE-RSTART-2")
def test_a_remote_start_asks_the_list_too() -> None:
    world = listed(keys={"LocalPreAuthorize": "true", "AuthorizeRemoteTxRequests": "true"})
    world.do(c.PlugIn())
    assert world.ask("RemoteStartTransaction", {"idTag": TAG, "connectorId": 1}) == {"status": "Accepted"}
    world.run(0)
    assert "Authorize" not in world.peer.actions()
    assert world.status() == "Charging"


@covers("LAL-12", "CORE-RSTART-2", "CORE-AUTH-4")
def test_a_remote_start_of_a_tag_listed_as_blocked() -> None:
    world = listed("Blocked", keys={"LocalPreAuthorize": "true", "AuthorizeRemoteTxRequests": "true"})
    world.do(c.PlugIn())
    world.ask("RemoteStartTransaction", {"idTag": TAG, "connectorId": 1})
    world.run(0)
    assert world.peer.actions() == ["StatusNotification"]
    assert world.status() == "Preparing"


# --- offline ---


@covers("CORE-OFF-1", "LAL-12", "LAL-11")
@pytest.mark.parametrize("unknown_may", ["true", "false"])
@pytest.mark.parametrize("local", ["true", "false"])
@pytest.mark.parametrize("status", ["Accepted", "Blocked", "Expired", "Invalid", "ConcurrentTx", "over"])
@pytest.mark.parametrize("why", ["no link", "not registered"])
def test_the_offline_table_for_listed_tags(unknown_may: str, local: str, status: str, why: str) -> None:
    """Its top rows: a listed tag is never unknown, and only an Accepted one may, if LocalAuthorizeOffline lets it."""
    world = World()
    world.change("AllowOfflineTxForUnknownId", unknown_may)
    world.change("LocalAuthorizeOffline", local)
    expiry = later(world, 5) if status == "over" else None
    send_full(world, 1, entry(TAG, "Accepted" if status == "over" else status, expiry=expiry))
    world.run(6)
    if why == "no link":
        world.offline()
    else:
        world.peer.answers["BootNotification"] = None
        world.driver.restart()
    world.do(c.Start())
    assert (world.status() == "Charging") == (status == "Accepted" and local == "true")


@covers("CORE-OFF-7", "LAL-11")
@pytest.mark.parametrize(
    "second, local, stops",
    [
        (entry(OTHER, parent="fleet"), "true", True),
        (entry(OTHER, parent="FLEET"), "false", False),
        (entry(OTHER, "Blocked", parent="FLEET"), "true", False),
        (entry(OTHER, parent="ELSE"), "true", False),
        (entry(OTHER), "true", False),
    ],
)
def test_offline_a_listed_tag_of_the_group_stops(second: dict[str, Any], local: str, stops: bool) -> None:
    world = World()
    send_full(world, 1, entry(TAG, parent="FLEET"), second)
    world.offline()
    world.do(c.Start())
    assert world.status() == "Charging"
    world.do(c.Configuration(key="LocalAuthorizeOffline", value=local))
    world.do(c.PresentTag(id_tag=OTHER))
    assert (world.status() == "Finishing") == stops


@covers("LAL-11", "CORE-AUTH-5")
def test_online_a_listed_tag_of_the_group_stops_without_asking() -> None:
    world = World(keys={"LocalPreAuthorize": "true"})
    send_full(world, 1, entry(TAG, parent="FLEET"), entry(OTHER, parent="Fleet"))
    world.peer.answers["StartTransaction"] = {"transactionId": 1} | tag(parent="FLEET")
    world.start()
    world.peer.clear()
    world.do(c.PresentTag(id_tag=OTHER))
    assert world.told() == ["StopTransaction Local", "Status(1) Finishing"]
    assert world.peer.last("StopTransaction")["idTag"] == OTHER


# --- the cache ---


def cached(world: World) -> list[str]:
    return [one["id_tag"] for one in world.do(c.Cache())]


@covers("CORE-CACHE-3")
def test_a_listed_tag_is_never_cached() -> None:
    world = listed()
    world.peer.answers["Authorize"] = tag("Accepted", "GROUP")
    world.peer.answers["StopTransaction"] = tag()
    world.start()
    world.do(c.Stop())
    world.run(1)
    assert world.peer.actions().count("Authorize") == 1
    assert cached(world) == []
    assert held(world) == {TAG: "Accepted"}
    with pytest.raises(CommandRefused, match="never cached"):
        world.do(c.Cache(act="add", id_tag=TAG.lower()))


@covers("CORE-CACHE-3")
@pytest.mark.parametrize("send", [send_full, send_changes])
def test_an_update_takes_its_tags_out_of_the_cache(send: Any) -> None:
    world = World()
    world.do(c.Cache(act="add", id_tag=TAG))
    world.do(c.Cache(act="add", id_tag=OTHER))
    assert send(world, 1, entry(TAG.lower())) == "Accepted"
    assert cached(world) == [OTHER]
    world.driver.restart()
    assert cached(world) == [OTHER]


@covers("CORE-CACHE-3", "LAL-9")
def test_the_cache_learns_while_the_list_is_off_and_forgets_when_it_is_on_again() -> None:
    world = listed()
    world.change("LocalAuthListEnabled", "false")
    world.do(c.PresentTag(id_tag=TAG))
    assert cached(world) == [TAG]
    world.change("LocalAuthListEnabled", "true")
    assert cached(world) == []


@covers("CORE-CACHE-3")
def test_a_tag_taken_off_the_list_is_cached_again() -> None:
    world = listed()
    send_changes(world, 2, gone(TAG))
    world.do(c.PresentTag(id_tag=TAG))
    assert cached(world) == [TAG]


@covers("CORE-CACHE-7", "LAL-8")
def test_clear_cache_leaves_the_list_alone() -> None:
    world = listed()
    assert world.ask("ClearCache") == {"status": "Accepted"}
    assert held(world) == {TAG: "Accepted"}


# --- conflicts ---


def conflicts(world: World) -> list[dict[str, Any]]:
    told = world.peer.payloads("StatusNotification")
    return [payload for payload in told if payload["errorCode"] == "LocalListConflict"]


@covers("CORE-OFF-6", "LAL-10")
@pytest.mark.parametrize("status", ["Blocked", "Expired", "Invalid"])
def test_a_listed_tag_refused_at_the_start_is_a_conflict(status: str) -> None:
    world = listed(keys={"LocalPreAuthorize": "true"})
    world.peer.answers["StartTransaction"] = {"transactionId": 7} | tag(status)
    world.do(c.Start())
    world.run(1)
    (told,) = conflicts(world)
    assert told["connectorId"] == 0
    assert told["status"] == "Available"
    assert told["timestamp"] == world.peer.last("StopTransaction")["timestamp"]
    assert world.peer.last("StopTransaction")["reason"] == "DeAuthorized"
    assert held(world) == {TAG: "Accepted"}
    assert world.info()["station"]["error_code"] == "NoError"


@covers("CORE-OFF-6", "LAL-10", "CORE-OFF-2")
def test_so_is_one_refused_after_an_offline_transaction_that_is_over() -> None:
    world = listed()
    world.offline()
    world.do(c.Start())
    world.run(30)
    world.do(c.Stop())
    world.peer.answers["StartTransaction"] = {"transactionId": 7} | tag("Blocked")
    world.online()
    world.run(1)
    assert len(conflicts(world)) == 1


@covers("CORE-OFF-6", "LAL-10")
def test_so_is_one_refused_by_authorize() -> None:
    world = listed()
    world.peer.answers["Authorize"] = tag("Invalid")
    world.do(c.PresentTag(id_tag=TAG))
    world.run(0)
    assert len(conflicts(world)) == 1
    assert world.status() == "Available"


@covers("CORE-OFF-6")
def test_the_conflict_tells_the_status_connector_0_really_has() -> None:
    world = World(connectors=2, keys={"LocalPreAuthorize": "true"})
    send_full(world, 1, entry(TAG))
    world.ask("ChangeAvailability", {"connectorId": 0, "type": "Inoperative"})
    world.ask("ChangeAvailability", {"connectorId": 1, "type": "Operative"})
    world.peer.answers["StartTransaction"] = {"transactionId": 7} | tag("Blocked")
    world.do(c.Start(connector=1))
    world.run(0)
    assert [told["status"] for told in conflicts(world)] == ["Unavailable"]


@covers("CORE-OFF-6")
@pytest.mark.parametrize(
    "in_list, said",
    [
        ("Accepted", "Accepted"),
        ("Accepted", "ConcurrentTx"),
        ("Blocked", "Blocked"),
        ("Blocked", "Accepted"),
        ("over", "Expired"),
        ("nothing", "Blocked"),
        ("off", "Blocked"),
    ],
)
def test_what_is_no_conflict(in_list: str, said: str) -> None:
    world = World()
    expiry = later(world, 1) if in_list == "over" else None
    status = "Accepted" if in_list in ("over", "off", "nothing") else in_list
    send_full(world, 1, entry(OTHER if in_list == "nothing" else TAG, status, expiry=expiry))
    if in_list == "off":
        world.change("LocalAuthListEnabled", "false")
    world.run(2)
    world.peer.answers["Authorize"] = tag(said)
    world.do(c.PresentTag(id_tag=TAG))
    world.run(1)
    assert conflicts(world) == []


@covers("CORE-OFF-6", "RPC-2")
def test_a_conflict_found_while_a_call_is_outstanding_waits_its_turn() -> None:
    world = listed(keys={"LocalPreAuthorize": "true"})
    world.peer.answers["StartTransaction"] = {"transactionId": 7} | tag("Blocked")
    world.peer.answers["StatusNotification"] = Later(2.0, {})
    world.do(c.Start())
    world.run(20)
    assert len(conflicts(world)) == 1


# --- it lasts ---


@covers("LAL-8")
@pytest.mark.parametrize("how", ["kill", "power", "reset", "hard reset"])
def test_the_list_survives(how: str) -> None:
    world = World(keys={"LocalPreAuthorize": "true"})
    send_full(world, 3, entry(TAG, parent="P", expiry="2030-01-01T00:00:00Z"), entry(OTHER, "Blocked"))
    before = world.do(c.LocalList())
    if how == "kill":
        world.driver.restart()
    elif how == "power":
        world.do(c.PowerCut())
        world.run(5)
        world.do(c.PowerOn())
    else:
        world.ask("Reset", {"type": "Soft" if how == "reset" else "Hard"})
    world.run(10)
    assert world.do(c.LocalList()) == before
    assert version(world) == 3
    world.peer.clear()
    world.do(c.Start())
    assert "Authorize" not in world.peer.actions()
    assert world.status() == "Charging"


@covers("LAL-8", "LAL-6")
@pytest.mark.parametrize("before", [True, False])
def test_an_update_cut_off_by_the_power_is_there_as_a_whole_or_not_at_all(before: bool) -> None:
    world = listed()
    world.driver.fuse, world.driver.fuse_before_commit = 0, before
    with pytest.raises(PowerGone):
        send_full(world, 2, entry("A"), entry("B"))
    world.driver.restart()
    world.run(1)
    assert held(world) == ({TAG: "Accepted"} if before else {"A": "Accepted", "B": "Accepted"})
    assert version(world) == (1 if before else 2)


@covers("LAL-8")
def test_a_factory_reset_forgets_it() -> None:
    world = listed()
    world.do(c.FactoryReset())
    world.run(5)
    assert version(world) == 0
    assert held(world) == {}


# --- people ---


@covers("LAL-8", "LAL-11")
def test_a_person_can_look_and_change() -> None:
    world = World(keys={"LocalPreAuthorize": "true", "LocalAuthListMaxLength": "2"})
    assert world.do(c.LocalList()) == {"version": 0, "size": 0, "enabled": True, "entries": []}
    shown = world.do(
        c.LocalList(act="add", id_tag=TAG, parent_id_tag="P", expiry_date="2030-01-01T00:00:00Z")
    )
    assert (shown["version"], shown["size"]) == (1, 1)
    assert shown["entries"] == [
        {"id_tag": TAG, "status": "Accepted", "parent": "P", "expires": 1_893_456_000_000_000}
    ]
    world.do(c.LocalList(act="add", id_tag=OTHER, status="Blocked"))
    world.do(c.LocalList(act="add", id_tag=OTHER.lower(), status="Invalid"))
    assert held(world) == {TAG: "Accepted", "other": "Invalid"}
    assert world.info()["local_list"] == {"version": 1, "size": 2, "enabled": True}
    world.do(c.LocalList(act="remove", id_tag="Other"))
    assert world.do(c.LocalList(act="clear"))["entries"] == []
    assert [event.what for event in world.events(LocalListEvent)] == ["changed"] * 5


@covers("LAL-13")
def test_changes_by_hand_leave_the_central_systems_version_alone() -> None:
    world = World()
    send_full(world, 5, entry(TAG))
    world.do(c.LocalList(act="add", id_tag=OTHER))
    assert version(world) == 5
    world.do(c.LocalList(act="clear"))
    assert version(world) == 0
    world.do(c.LocalList(act="add", id_tag=OTHER))
    assert version(world) == 5


@pytest.mark.parametrize(
    "command, words",
    [
        (c.LocalList(act="add"), "needs an id_tag"),
        (c.LocalList(act="remove"), "needs an id_tag"),
        (c.LocalList(act="add", id_tag="X" * 21), "20 characters"),
        (c.LocalList(act="add", id_tag="A", parent_id_tag="X" * 21), "20 characters"),
        (c.LocalList(act="add", id_tag="A", expiry_date="tomorrow"), "2030-12-31T23:59:59Z"),
        (c.LocalList(act="add", id_tag="A"), "LocalAuthListMaxLength is 1"),
        (c.LocalList(act="remove", id_tag="NOBODY"), "NOBODY is not in the local list"),
    ],
)
def test_refusals_say_why(command: c.LocalList, words: str) -> None:
    world = listed(keys={"LocalAuthListMaxLength": "1"})
    with pytest.raises(CommandRefused, match=words):
        world.do(command)
    assert held(world) == {TAG: "Accepted"}


@covers("LAL-2")
def test_updates_are_events() -> None:
    world = World()
    send_full(world, 2, entry("A"), entry("B"))
    send_changes(world, 3, gone("A"))
    send_changes(world, 3, gone("B"))
    told = [(event.what, event.version, event.entries) for event in world.events(LocalListEvent)]
    assert told == [("replaced", 2, 2), ("changed", 3, 1), ("refused", 3, 1)]
    assert "does not follow" in world.events(LocalListEvent)[-1].reason


@covers("LAL-1", "LAL-2")
def test_pending_stations_answer_too() -> None:
    world = World(boot=False)
    world.peer.answers["BootNotification"] = registration(world, "Pending")
    world.run(1)
    assert send_full(world, 1, entry(TAG)) == "Accepted"
    assert version(world) == 1


@covers("LAL-12")
def test_a_fixed_cable_makes_no_difference() -> None:
    world = listed(connectors=(ConnectorProfile(fixed_cable=True),), keys={"LocalPreAuthorize": "true"})
    world.do(c.Start())
    assert "Authorize" not in world.peer.actions()
    assert world.status() == "Charging"
