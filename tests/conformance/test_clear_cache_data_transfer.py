"""ClearCache and DataTransfer (A.10, CORE-CC, CORE-DT)."""

from typing import Any

import pytest

from desktop_sim.station import commands as c
from desktop_sim.station.commands import CommandRefused
from desktop_sim.station.profile import DataTransferRule
from tests.conformance.coverage import covers
from tests.conformance.world import TAG, World

RULES = (
    DataTransferRule(vendor_id="com.example", data="whatever"),
    DataTransferRule(vendor_id="com.example", message_id="Price", data='{"price":0.42}'),
    DataTransferRule(vendor_id="com.example", message_id="Never", status="Rejected"),
    DataTransferRule(vendor_id="org.strict", message_id="Only"),
)


def transfer(world: World, vendor: str, message: str | None = None, data: str | None = None) -> Any:
    payload = {"vendorId": vendor, "messageId": message, "data": data}
    return world.ask("DataTransfer", {key: value for key, value in payload.items() if value is not None})


@covers("CORE-CC-1", "CORE-CACHE-7")
@pytest.mark.parametrize("enabled", ["true", "false"])
def test_clear_cache_empties_it_also_while_it_is_off(enabled: str) -> None:
    world = World(keys={"LocalPreAuthorize": "true"})
    world.do(c.Cache(act="add", id_tag=TAG))
    world.change("AuthorizationCacheEnabled", enabled)
    assert world.ask("ClearCache") == {"status": "Accepted"}
    world.change("AuthorizationCacheEnabled", "true")
    world.do(c.PresentTag(id_tag=TAG))
    assert world.told() == ["Authorize", "Status(1) Preparing"]


@covers("CORE-CC-1", "CORE-CACHE-7")
def test_a_station_without_a_cache_rejects() -> None:
    world = World(switches={"SW-ABSENT-KEYS": "AuthorizationCacheEnabled"})
    assert world.ask("ClearCache") == {"status": "Rejected"}


@covers("CORE-DT-1", "CORE-DT-4")
def test_without_a_table_every_vendor_is_unknown() -> None:
    """TC_062."""
    assert transfer(World(), "com.example", "Price", "?") == {"status": "UnknownVendorId"}


@covers("CORE-DT-1", "CORE-DT-4")
@pytest.mark.parametrize(
    "vendor, message, answer",
    [
        ("com.example", "Price", {"status": "Accepted", "data": '{"price":0.42}'}),
        ("com.example", "Never", {"status": "Rejected"}),
        ("com.example", "Anything", {"status": "Accepted", "data": "whatever"}),
        ("com.example", None, {"status": "Accepted", "data": "whatever"}),
        ("org.strict", "Only", {"status": "Accepted"}),
        ("org.strict", "Other", {"status": "UnknownMessageId"}),
        ("org.strict", None, {"status": "UnknownMessageId"}),
        ("org.other", "Only", {"status": "UnknownVendorId"}),
    ],
)
def test_the_table_decides(vendor: str, message: str | None, answer: dict[str, str]) -> None:
    """A rule for one message goes before the rule for all messages of its vendor."""
    assert transfer(World(data_transfer=RULES), vendor, message) == answer


@covers("CORE-DT-5")
def test_vendors_and_messages_in_any_case() -> None:
    world = World(data_transfer=RULES)
    assert transfer(world, "COM.Example", "PRICE")["data"] == '{"price":0.42}'


@covers("CORE-DT-2")
def test_the_vendor_goes_out_as_it_was_given() -> None:
    world = World()
    payload = {"vendorId": "COM.Example.Vendor", "messageId": "Hello", "data": "x"}
    world.do(c.Send(action="DataTransfer", payload=payload))
    assert world.peer.last("DataTransfer") == payload


@covers("CORE-DT-3")
def test_data_is_text_and_json_in_it_stays_text() -> None:
    world = World(data_transfer=RULES)
    assert transfer(world, "com.example", "Price", '{"a": [1, 2]}')["status"] == "Accepted"
    broken = {"vendorId": "com.example", "data": {"a": 1}}
    assert world.ask("DataTransfer", broken) == "TypeConstraintViolation"
    with pytest.raises(CommandRefused, match="data"):
        world.do(c.Send(action="DataTransfer", payload=broken))


@covers("CORE-DT-3")
@pytest.mark.parametrize("size, taken", [(900_000, True), (1_100_000, False)])
def test_data_may_be_as_long_as_a_mebibyte(size: int, taken: bool) -> None:
    world = World(data_transfer=RULES)
    message = world.peer.call("DataTransfer", {"vendorId": "com.example", "data": "x" * size})
    world.run(0)
    answers = [m.type for m in world.peer.messages if m.received and m.id == message]
    assert ("result" in answers) is taken
