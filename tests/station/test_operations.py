"""Each command of a person at the station: what it does, and the sentence when it will not (DESIGN § 6)."""

from typing import Any

import pytest

from desktop_sim.physics.vehicle import Vehicle
from desktop_sim.runtime.scripted_peer import Failure
from desktop_sim.station import commands as c
from desktop_sim.station.commands import Command, CommandRefused, RefusalCode
from desktop_sim.station.events import LinkEvent
from desktop_sim.station.profile import Connection, ConnectorProfile
from tests.conformance.world import TAG, World

FIXED = (ConnectorProfile(fixed_cable=True),)
SMALL = Vehicle(name="Small", battery_wh=20_000, ac_max_amperes=10, soc=20)


def refusal(world: World, command: Command) -> tuple[RefusalCode, str]:
    with pytest.raises(CommandRefused) as caught:
        world.do(command)
    assert caught.value.sentence == str(caught.value)
    return caught.value.code, caught.value.sentence


def refused(world: World, command: Command) -> str:
    code, sentence = refusal(world, command)
    assert code is RefusalCode.REFUSED
    return sentence


def invalid(world: World, command: Command) -> str:
    code, sentence = refusal(world, command)
    assert code is RefusalCode.INVALID
    return sentence


# --- which connector is meant ---

WITH_CONNECTOR: dict[str, dict[str, Any]] = {
    "plug_in": {},
    "unplug": {},
    "present_tag": {"id_tag": TAG},
    "start": {},
    "stop": {},
    "current": {"amperes": 10.0},
    "vehicle": {},
    "suspend_ev": {},
    "resume_ev": {},
    "suspend_evse": {},
    "resume_evse": {},
    "status": {"status": "Charging"},
    "error": {"error_code": "GroundFailure"},
    "raise_fault": {"error_code": "GroundFailure"},
    "clear_fault": {},
    "lock_failure": {},
}


@pytest.mark.parametrize("name", WITH_CONNECTOR)
@pytest.mark.parametrize(
    "connectors, there_is", [(1, "There is only connector 1."), (2, "There are 1 to 2.")]
)
def test_a_connector_there_is_not(name: str, connectors: int, there_is: str) -> None:
    world = World(connectors=connectors)
    command = c.STATION_COMMANDS[name](**WITH_CONNECTOR[name], connector=9)
    assert refusal(world, command) == (RefusalCode.NO_SUCH_CONNECTOR, f"There is no connector 9. {there_is}")


@pytest.mark.parametrize(
    "command, sentence",
    [
        (c.PlugIn(), "Which connector? 1 or 2 is free to plug in."),
        (c.Unplug(), "No connector has a cable in."),
        (c.Start(), "Which connector? 1 or 2 can start."),
        (c.Stop(), "No connector is charging."),
        (c.Current(amperes=10), "No connector is charging."),
        (c.Vehicle(soc=10), "No connector has a car."),
        (c.SuspendEv(), "No connector is charging."),
        (c.ResumeEvse(), "No connector is charging."),
        (c.Status(status="Charging"), "Which connector? 1 or 2 can report a status."),
        (c.Error(error_code="GroundFailure"), "Which connector? 1 or 2 can break."),
        (c.ClearFault(), "No connector is broken."),
        (c.LockFailure(), "Which connector? 1 or 2 has a lock."),
    ],
)
def test_without_a_connector_the_candidates_are_named(command: Command, sentence: str) -> None:
    assert refused(World(connectors=2), command) == sentence


def test_without_a_connector_the_only_one_that_fits_is_meant() -> None:
    world = World(connectors=3)
    world.start(2)
    assert world.do(c.Current(amperes=9))["connector"] == 2
    assert world.do(c.Vehicle(soc=40))["connector"] == 2
    world.do(c.SuspendEv())
    assert world.status(2) == "SuspendedEV"
    assert world.do(c.Stop())["connector"] == 2
    assert world.do(c.Unplug())["connector"] == 2
    world.do(c.Error(connector=3, error_code="OverVoltage"))
    assert world.do(c.ClearFault()) == {"connector": 3}
    world.do(c.PlugIn(connector=1))
    world.do(c.PlugIn(connector=2))
    assert world.do(c.PlugIn())["connector"] == 3
    world.do(c.Unplug(connector=1))
    world.do(c.Unplug(connector=2))
    world.do(c.Unplug(end="vehicle"))
    assert world.do(c.Unplug())["connector"] == 3
    world.ask("ChangeAvailability", {"connectorId": 1, "type": "Inoperative"})
    world.do(c.Error(connector=3, error_code="OverVoltage"))
    assert world.do(c.Start())["connector"] == 2


# --- link ---


def test_connect_needs_to_know_where_to() -> None:
    world = World(connection=Connection(url=""), boot=False)
    assert refused(world, c.Connect()).startswith("No central system is known. Say where: connect ws://")
    world.do(c.Connect(url="ws://elsewhere.example"))
    world.run(1)
    assert world.peer.actions()[0] == "BootNotification"
    assert world.info()["link"]["url"] == "ws://elsewhere.example"


def test_disconnect_stays_away_until_connect() -> None:
    world = World()
    world.do(c.Disconnect())
    world.do(c.Disconnect())
    world.run(10_000)
    assert (world.info()["link"]["state"], world.peer.connections) == ("offline", 1)
    world.do(c.Connect())
    assert (world.info()["link"]["state"], world.peer.connections) == ("up", 2)


def test_drop_link_cuts_and_comes_back() -> None:
    world = World()
    before = world.peer.connections
    world.do(c.DropLink())
    assert world.peer.connections == before + 1
    assert [e.state for e in world.events(LinkEvent)][-3:] == ["down", "connecting", "up"]
    world.do(c.Disconnect())
    assert refused(world, c.DropLink()) == "There is no connection to drop."


# --- cable and car ---


def test_plug_in_and_unplug() -> None:
    world = World()
    assert world.do(c.PlugIn()) == {"connector": 1, "vehicle": "Compact"}
    assert refused(world, c.PlugIn()) == "A car is plugged in at connector 1 already."
    assert world.do(c.Unplug(end="vehicle")) == {"connector": 1, "locked": False}
    assert refused(world, c.Unplug(end="vehicle")) == "The car's end is out at connector 1 already."
    assert world.connector()["plugged"] == {"vehicle": False, "station": True}
    world.do(c.Unplug(end="station"))
    assert refused(world, c.Unplug()) == "No cable is in at connector 1."
    world.do(c.PlugIn())
    world.do(c.Unplug(end="station"))
    assert world.connector()["plugged"] == {"vehicle": False, "station": False}


def test_a_locked_cable_does_not_come_out() -> None:
    world = World()
    world.start()
    assert refused(world, c.Unplug(end="station")) == (
        "The cable is locked at connector 1; stop the transaction or unlock it."
    )


def test_a_fixed_cable_does_not_come_out_of_the_station() -> None:
    world = World(connectors=FIXED)
    assert refused(world, c.Unplug()) == "No cable is in at connector 1."
    world.do(c.PlugIn())
    assert refused(world, c.Unplug(end="station")) == (
        "The cable of connector 1 is fixed to the station: pull it at the car."
    )
    assert world.do(c.Unplug()) == {"connector": 1, "locked": False}
    assert world.connector()["plugged"] == {"vehicle": False, "station": True}


def test_cars_come_by_name() -> None:
    world = World(vehicles=(SMALL,))
    assert world.do(c.PlugIn(vehicle="small")) == {"connector": 1, "vehicle": "Small"}
    assert world.connector()["soc"] == 20
    world.start()
    world.run(10)
    assert world.connector()["amperes"] == 10
    assert refused(world, c.Vehicle(name="Compact")) == (
        "Connector 1 is charging; another car can come when it is done."
    )
    assert world.do(c.Vehicle(name="SMALL", soc=80))["soc"] == 80
    world.do(c.Stop())
    assert world.do(c.Vehicle(name="Compact"))["vehicle"] == "Compact"
    world.do(c.Unplug())
    assert invalid(world, c.PlugIn(vehicle="Spaceship")) == (
        "There is no car 'Spaceship'. There are: Compact, Small."
    )
    assert invalid(world, c.Vehicle(connector=1, name="Spaceship")).startswith("There is no car")


def test_a_car_may_be_charged_before_it_comes() -> None:
    world = World()
    assert world.do(c.Vehicle(soc=90)) == {"connector": 1, "vehicle": "Compact", "soc": None}
    world.do(c.PlugIn())
    assert world.connector()["soc"] == 90
    assert world.do(c.Vehicle()) == {"connector": 1, "vehicle": "Compact", "soc": 90}


def test_a_car_that_was_paused_is_followed_by_one_that_pauses_too() -> None:
    """It is the driver who pauses, whatever the car."""
    world = World(vehicles=(SMALL,))
    world.do(c.PlugIn())
    world.do(c.SuspendEv())
    world.do(c.Vehicle(name="Small"))
    world.do(c.PresentTag(id_tag=TAG))
    assert world.status() == "SuspendedEV"


def test_the_slider_counts_per_phase_and_stays() -> None:
    world = World(connectors=(ConnectorProfile(phases=3),))
    assert world.do(c.Current(amperes=12.5)) == {"connector": 1, "amperes": 12.5}
    world.start()
    world.run(10)
    assert world.connector()["watts"] == 12.5 * 230 * 3
    world.do(c.Current(amperes=0))
    assert world.status() == "SuspendedEV"


def test_both_sides_can_pause() -> None:
    world = World()
    world.start()
    for pause, resume, status in (
        (c.SuspendEv(), c.ResumeEv(), "SuspendedEV"),
        (c.SuspendEvse(), c.ResumeEvse(), "SuspendedEVSE"),
    ):
        world.do(pause)
        assert (world.status(), world.connector()["watts"]) == (status, 0)
        world.do(resume)
        world.run(10)
        assert (world.status(), world.connector()["watts"]) == ("Charging", 3680)


# --- card and buttons ---


def test_a_tag_has_1_to_20_characters() -> None:
    world = World()
    for tag in ("", "  ", "x" * 21):
        assert invalid(world, c.PresentTag(id_tag=tag)) == "An idTag has 1 to 20 characters."
    assert invalid(world, c.Start(id_tag="x" * 21)) == "An idTag has 1 to 20 characters."
    world.do(c.PresentTag(id_tag=" 04AB "))
    assert world.peer.last("Authorize") == {"idTag": "04AB"}


def test_start_plugs_in_and_presents_the_first_tag_of_the_profile() -> None:
    world = World(tags=("FIRST", "SECOND"))
    assert world.do(c.Start()) == {"connector": 1, "id_tag": "FIRST"}
    assert refused(world, c.Start()) == "A transaction runs at connector 1 already. `stop` ends it."
    world = World(tags=())
    assert refused(world, c.Start()) == "The profile has no idTag. Say which: start id_tag=USER001"
    assert world.do(c.Start(id_tag="ANY"))["id_tag"] == "ANY"


def test_start_refuses_before_it_plugs_in() -> None:
    world = World()
    world.ask("ChangeAvailability", {"connectorId": 1, "type": "Inoperative"})
    assert refused(world, c.Start()) == "Nobody can start charging here now: connector 1 is Unavailable."
    world.ask("ChangeAvailability", {"connectorId": 1, "type": "Operative"})
    world.do(c.PresentTag(id_tag="OTHER"))
    assert refused(world, c.Start()) == (
        "Nobody can start charging here now: connector 1 waits for the plug of OTHER."
    )
    assert not world.connector()["plugged"]["vehicle"]


def test_before_the_first_acceptance_nobody_charges() -> None:
    world = World(boot=False)
    sentence = "The central system has not accepted this station yet, so nobody can charge. Connect it first."
    assert refused(world, c.PresentTag(id_tag=TAG)) == sentence
    assert refused(world, c.Start()) == sentence


def test_stop_needs_a_transaction_and_a_reason_there_is() -> None:
    world = World()
    assert refused(world, c.Stop()) == "No transaction runs at connector 1."
    world.start()
    assert invalid(world, c.Stop(reason="Boredom")).startswith(
        "There is no reason 'Boredom'. There are: DeAuth"
    )
    assert world.do(c.Stop(reason="powerloss")) == {"connector": 1, "reason": "PowerLoss"}


# --- faults ---


def test_a_status_by_hand() -> None:
    world = World()
    assert invalid(world, c.Status(status="Broken")).startswith(
        "There is no status 'Broken'. There are: Avail"
    )
    assert world.do(c.Status(status="faulted", connector=0)) == {
        "connector": 0,
        "status": "Faulted",
        "sent": True,
    }
    assert world.status(0) == "Available"


def test_faults_by_both_names() -> None:
    world = World()
    assert invalid(world, c.Error(error_code="Mode3Error")).startswith("There is no error code 'Mode3Error'.")
    fault = c.RaiseFault(error_code="groundfailure", info="earth", vendor_error_code="E7")
    assert world.do(fault) == {"connector": 1, "error_code": "GroundFailure"}
    status = world.peer.last("StatusNotification")
    assert (status["info"], status["vendorErrorCode"]) == ("earth", "E7")
    world.do(c.Error(error_code="noerror"))
    assert world.status() == "Available"
    assert world.do(c.ClearFault()) == {"connector": 1}
    assert world.do(c.Error(connector=0, error_code="WeakSignal")) == {
        "connector": 0,
        "error_code": "WeakSignal",
    }
    assert world.do(c.ClearFault(connector=0)) == {"connector": 0}


def test_a_lock_needs_a_socket() -> None:
    assert refused(World(connectors=FIXED), c.LockFailure()) == "Connector 1 has a fixed cable and no lock."
    world = World(connectors=(*FIXED, ConnectorProfile()))
    assert world.do(c.LockFailure()) == {"connector": 2, "on": True}
    assert world.connector(2)["lock_broken"]


# --- power ---


def test_power_goes_and_comes() -> None:
    world = World(switches={"SW-REBOOT-SECONDS": "10"})
    assert refused(world, c.PowerOn()) == "The power is on."
    world.do(c.Reboot())
    world.run(1)
    for command in (c.Reboot(), c.PresentTag(id_tag=TAG), c.Start(), c.FactoryReset()):
        assert "restarting" in refused(world, command)
    world.do(c.PowerCut())
    assert refused(world, c.PowerCut()) == "The power is off already. `power_on` brings it back."
    assert refused(world, c.Reboot()) == "The station has no power. `power_on` brings it back."
    world.do(c.PowerOn())
    assert world.info()["power"] == "on"


def test_a_restart_under_way_is_not_begun_twice() -> None:
    world = World(answers={"StopTransaction": None})
    world.start()
    world.do(c.Reboot())
    assert refused(world, c.Reboot()) == "The station is restarting already."


# --- inside ---


def test_the_cache_by_hand() -> None:
    world = World()
    world.do(c.Cache(act="add", id_tag="A", status="blocked", parent_id_tag="P"))
    world.run(1)
    rows = world.do(c.Cache(act="add", id_tag="B"))
    assert [(row["id_tag"], row["status"], row["parent"]) for row in rows] == [
        ("A", "Blocked", "P"),
        ("B", "Accepted", None),
    ]
    assert invalid(world, c.Cache(act="add")) == "cache add needs an id_tag."
    assert invalid(world, c.Cache(act="add", id_tag="x" * 21)) == "An idTag has 1 to 20 characters."
    assert invalid(world, c.Cache(act="add", id_tag="C", status="Nice")).startswith(
        "There is no status 'Nice'."
    )
    assert refused(world, c.Cache(act="remove", id_tag="C")) == "C is not in the cache."
    assert [row["id_tag"] for row in world.do(c.Cache(act="remove", id_tag="a"))] == ["B"]
    assert world.do(c.Cache(act="clear")) == []


def test_the_queue_by_hand() -> None:
    world = World(answers={"StartTransaction": Failure()}, keys={"TransactionMessageRetryInterval": "600"})
    assert refused(world, c.Queue(act="drop")) == "There is no message None in the queue. Waiting: none."
    world.do(c.Start())
    world.run(1)
    world.do(c.Stop())
    rows = world.do(c.Queue())
    assert [(row["number"], row["action"], row["attempts"]) for row in rows] == [
        (1, "StartTransaction", 1),
        (2, "StopTransaction", 0),
    ]
    assert refused(world, c.Queue(act="drop", number=9)) == (
        "There is no message 9 in the queue. Waiting: 1, 2."
    )
    edited = rows[1]["payload"] | {"reason": "Other"}
    assert world.do(c.Queue(act="edit", number=2, payload=edited))[1]["payload"]["reason"] == "Other"
    assert invalid(world, c.Queue(act="edit", number=2, payload=edited | {"reason": "Fun"})).startswith(
        "StopTransaction $.reason: "
    )
    assert invalid(world, c.Queue(act="edit", number=2)).startswith("StopTransaction $")
    world.do(c.Queue(act="drop", number=1))
    world.run(1)
    stop = world.peer.last("StopTransaction")
    assert (stop["transactionId"], stop["reason"]) == (-1, "Other")


def test_what_is_on_the_wire_cannot_be_changed_any_more() -> None:
    world = World(answers={"StartTransaction": None})
    world.do(c.Start())
    payload = world.do(c.Queue())[0]["payload"]
    assert refused(world, c.Queue(act="drop", number=1)) == "Message 1 is on the wire."
    assert refused(world, c.Queue(act="edit", number=1, payload=payload)) == "Message 1 is on the wire."


def test_messages_by_hand() -> None:
    world = World()
    answer = world.do(c.Send(action="DataTransfer", payload={"vendorId": "x"}))
    assert world.peer.calls("DataTransfer")[0].id == answer["message_id"]
    assert invalid(world, c.Send(action="Reset")).startswith("A charge point sends one of: Authorize,")
    sentence = invalid(world, c.Send(action="DataTransfer", payload={"vendorId": 5}))
    assert sentence.startswith("DataTransfer $.vendorId: ")
    assert sentence.endswith("force=true sends it all the same.")
    world.do(c.Send(action="Nonsense", payload={"a": 1}, force=True))
    assert world.peer.last("Nonsense") == {"a": 1}
    world.do(c.SendRaw(text="this is no frame"))
    assert world.peer.messages[-1].text == "this is no frame"


def test_messages_need_a_connection_and_an_acceptance() -> None:
    pending = {"status": "Pending", "currentTime": "2025-06-02T07:00:00Z", "interval": 600}
    world = World(answers={"BootNotification": pending})
    assert refused(world, c.Send(action="Heartbeat")) == (
        "The central system has not accepted the station yet. force=true sends all the same."
    )
    world.do(c.Send(action="Heartbeat", force=True))
    assert world.peer.actions() == ["Heartbeat"]
    world.do(c.Disconnect())
    for command in (c.Send(action="Heartbeat"), c.SendRaw(text="x")):
        assert refused(world, command) == "There is no connection to send on."


def test_configuration_by_hand() -> None:
    world = World()
    assert invalid(world, c.Configuration(value="5")) == "Say which key gets this value."
    assert invalid(world, c.Configuration(key="Nonsens", value="5")).startswith(
        "There is no configuration key Nons"
    )
    shown = world.do(c.Configuration(key="heartbeatinterval"))
    assert shown == {
        "key": "HeartbeatInterval",
        "value": "300",
        "readonly": False,
        "type": "int",
        "unit": "s",
        "reboot": False,
    }
    assert world.do(c.Configuration(key="resetretries", value="2")) == {
        "key": "ResetRetries",
        "status": "Accepted",
    }


# --- the whole ---


def test_a_factory_reset_forgets_and_goes_on() -> None:
    """The register too; the link is a new one, and no message id comes twice."""
    world = World()
    world.change("ConnectionTimeOut", "7")
    world.do(c.Reboot())
    world.run(5)
    world.start()
    world.run(100)
    world.do(c.FactoryReset())
    world.run(5)
    assert world.key("ConnectionTimeOut") == "60"
    assert (world.status(), world.connector()["meter_wh"]) == ("Available", 0)
    assert world.info()["link"]["state"] == "up"
    assert world.info()["queue"] == {"waiting": 0, "outstanding": None}
    ids = [message.id for message in world.peer.calls()]
    assert len(ids) == len(set(ids))
    world.start()
    assert world.status() == "Charging"
    world.driver.kill()
    world.driver.restart()
    world.run(5)
    assert world.key("ConnectionTimeOut") == "60"


def test_a_command_of_somebody_else_is_refused() -> None:
    class Juggle(Command, frozen=True, kw_only=True):
        """No station can."""

    assert invalid(World(), Juggle()) == "Juggle is no command for a station."


def test_info_is_plain_data_and_changes_nothing() -> None:
    world = World(connectors=2)
    world.start(1)
    world.do(c.PresentTag(id_tag="WAITING", connector=2))
    stored = {kind: dict(rows) for kind, rows in world.driver.stored.items()}
    first, second = world.info(), world.info()
    assert first == second
    assert {kind: dict(rows) for kind, rows in world.driver.stored.items()} == stored
    assert first["registration"] == {"status": "Accepted", "interval": 300}
    assert first["connectors"][0]["transaction"]["id_tag"] == TAG
    assert first["connectors"][1]["granted"] == "WAITING"
