"""The certification cases of smart charging."""

from typing import Any

import pytest

from desktop_sim.station import commands as c
from desktop_sim.station.profile import ConnectorProfile
from tests.certification.judged_world import JudgedWorld
from tests.conformance.schedules import plain
from tests.conformance.world import TAG, World

START = "2025-06-02T07:00:00Z"
"""The world begins at this instant; the cases go on ten seconds later, on a whole second."""


def station(*, transaction: bool = False) -> JudgedWorld:
    """A station of three phases and 32 A, ten seconds old; the transaction, number 1, begins then."""
    world = JudgedWorld(connectors=(ConnectorProfile(phases=3, slider_amperes=32),))
    world.run(9.5)
    if transaction:
        assert world.start() == 1
    world.peer.clear()
    return world


def install(world: World, profile: dict[str, Any], connector: int = 1) -> Any:
    """The status SetChargingProfile answers."""
    request = {"connectorId": connector, "csChargingProfiles": profile}
    return world.ask("SetChargingProfile", request)["status"]


def clear(world: World, **fields: Any) -> Any:
    return world.ask("ClearChargingProfile", fields)["status"]


def composite(world: World, duration: int, connector: int = 1) -> str:
    """The composite schedule in amperes, as `start:limit`."""
    request = {"connectorId": connector, "duration": duration, "chargingRateUnit": "A"}
    answer = world.ask("GetCompositeSchedule", request)
    assert (answer["status"], answer["connectorId"]) == ("Accepted", connector)
    assert answer["chargingSchedule"]["chargingRateUnit"] == "A"
    assert answer["chargingSchedule"]["duration"] == duration
    rows = answer["chargingSchedule"]["chargingSchedulePeriod"]
    return ", ".join(f"{row['startPeriod']}:{row['limit']:g}" for row in rows)


def amperes(world: World) -> float:
    """What flows, once the car has followed."""
    world.run(10)
    return float(world.connector()["amperes"])


def test_TC_056_CS_tx_default_profile() -> None:
    world = station()
    assert (
        install(world, plain("Def", [(0, 8), (60, 16), (120, 12)], start=START, duration=300)) == "Accepted"
    )
    assert composite(world, 350) == "0:8, 50:16, 110:12, 290:32"
    world.start()
    assert amperes(world) == 8
    assert composite(world, 350) == "0:8, 40:16, 100:12, 280:32"


def test_TC_057_CS_tx_profile() -> None:
    world = station(transaction=True)
    profile = plain("Tx", [(0, 6), (60, 10), (120, 8)], start=START, duration=300, transactionId=1)
    assert install(world, profile) == "Accepted"
    assert composite(world, 350) == "0:6, 50:10, 110:8, 290:32"
    assert amperes(world) == 6


def test_TC_058_1_CS_tx_profile_without_transaction() -> None:
    world = station()
    assert install(world, plain("Tx", [(0, 6)], start=START, transactionId=1)) == "Rejected"
    assert composite(world, 60) == "0:32"


def test_TC_058_2_CS_tx_profile_of_another_transaction() -> None:
    world = station(transaction=True)
    assert install(world, plain("Tx", [(0, 6)], start=START, transactionId=2)) == "Rejected"
    assert composite(world, 60) == "0:32"


def remote_start(world: World, profile: dict[str, Any]) -> Any:
    request = {"connectorId": 1, "idTag": TAG, "chargingProfile": profile}
    return world.ask("RemoteStartTransaction", request)["status"]


def test_TC_059_CS_remote_start_with_profile() -> None:
    world = station()
    world.do(c.PlugIn())
    assert remote_start(world, plain("Tx", [(0, 6), (60, 10)], kind="Relative", duration=300)) == "Accepted"
    assert world.told() == ["Status(1) Preparing", "StartTransaction", "Status(1) Charging"]
    assert composite(world, 350) == "0:6, 60:10, 300:32"
    assert amperes(world) == 6


@pytest.mark.parametrize("purpose", ["Def", "Max"])
def test_TC_060_CS_remote_start_with_wrong_purpose(purpose: str) -> None:
    world = station()
    world.do(c.PlugIn())
    world.peer.clear()
    assert remote_start(world, plain(purpose, [(0, 6)], start=START)) == "Rejected"
    world.run(10)
    assert world.told() == []


def test_TC_066_CS_three_purposes_combined() -> None:
    world = station(transaction=True)
    maximum = plain("Max", [(0, 20), (400, 15)], id=1, start=START, duration=3600)
    default = plain("Def", [(0, 10), (100, 18), (200, 14)], id=2, start=START, duration=350)
    own = plain("Tx", [(0, 12), (60, 24), (160, 9), (220, 30)], id=3, start=START, duration=260)
    assert install(world, maximum, 0) == "Accepted"
    assert install(world, default) == "Accepted"
    assert install(world, own | {"transactionId": 1}) == "Accepted"
    # the transaction's own profile while it lasts, then the default, then the maximum alone; never above that
    assert composite(world, 600) == "0:12, 50:20, 150:9, 210:20, 250:14, 340:20, 390:15"


def three_installed() -> JudgedWorld:
    """Two defaults, ids 1 and 2 at levels 0 and 1, and a maximum with id 3."""
    world = station()
    for level in (0, 1):
        profile = plain("Def", [(0, 16 - 2 * level)], id=level + 1, level=level, start=START)
        assert install(world, profile) == "Accepted"
    assert install(world, plain("Max", [(0, 20)], id=3, start=START), 0) == "Accepted"
    assert composite(world, 60) == "0:14"
    return world


def test_TC_067_CS_clear_charging_profile_by_id() -> None:
    world = three_installed()
    assert clear(world, id=2) == "Accepted"
    assert composite(world, 60) == "0:16"
    assert clear(world, id=2) == "Unknown"


def test_TC_067_CS_clear_charging_profile_by_filter() -> None:
    world = three_installed()
    fields = {"connectorId": 1, "chargingProfilePurpose": "TxDefaultProfile", "stackLevel": 1}
    assert clear(world, **fields) == "Accepted"
    assert composite(world, 60) == "0:16"
    assert clear(world, **fields) == "Unknown"
    assert clear(world, chargingProfilePurpose="TxDefaultProfile") == "Accepted"
    assert composite(world, 60) == "0:20"
    assert clear(world) == "Accepted"
    assert composite(world, 60) == "0:32"
    assert clear(world) == "Unknown"


def test_TC_072_CS_stacking() -> None:
    world = station(transaction=True)
    low = plain("Def", [(0, 16), (200, 10)], id=1, level=0, start=START, duration=600)
    high = plain("Def", [(0, 6), (60, 8)], id=2, level=1, start="2025-06-02T07:01:00Z", duration=120)
    assert install(world, low) == "Accepted"
    assert install(world, high) == "Accepted"
    assert composite(world, 400) == "0:16, 50:6, 110:8, 170:16, 190:10"


def test_TC_082_CS_tx_default_profile_during_a_transaction() -> None:
    world = station(transaction=True)
    assert install(world, plain("Def", [(0, 16)], start=START)) == "Accepted"
    assert amperes(world) == 16
    assert install(world, plain("Def", [(0, 8)], start=START)) == "Accepted"
    assert composite(world, 60) == "0:8"
    assert amperes(world) == 8
    assert "StopTransaction" not in world.told()
