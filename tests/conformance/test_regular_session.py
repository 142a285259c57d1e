"""A whole session, message by message (A.24)."""

from desktop_sim.station import commands
from tests.conformance.world import World


def test_remote_start_with_a_person_present_is_a_whole_session() -> None:
    """A.24 remote start, CORE-RSTART-1, CORE-RSTART-6, CORE-MV-1: everything follows by itself."""
    world = World(
        person=True,
        keys={"AuthorizeRemoteTxRequests": "true", "MeterValueSampleInterval": "10"},
    )
    assert world.ask("RemoteStartTransaction", {"connectorId": 1, "idTag": "USER001"}) == {
        "status": "Accepted"
    }
    world.run(35)
    assert world.told() == [
        "Authorize",
        "Status(1) Preparing",
        "StartTransaction",
        "Status(1) Charging",
        "MeterValues",
        "MeterValues",
        "MeterValues",
    ]
    world.peer.clear()
    world.do(commands.Current(amperes=32))
    world.ask("RemoteStopTransaction", {"transactionId": 1})
    world.run(5)
    assert world.told() == ["StopTransaction Remote", "Status(1) Finishing", "Status(1) Available"]
