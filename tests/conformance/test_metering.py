"""Meter values: when, from where, and the figures in them (A.8, CORE-MV)."""

from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest

from desktop_sim.physics.vehicle import Vehicle
from desktop_sim.protocol.times import format_time
from desktop_sim.runtime.scripted_peer import Later
from desktop_sim.station import commands as c
from desktop_sim.station.events import MeterEvent
from desktop_sim.station.profile import ConnectorProfile, MeterProfile
from tests.conformance.coverage import covers
from tests.conformance.world import TAG, World

ENERGY = "Energy.Active.Import.Register"
USUAL = f"{ENERGY},Power.Active.Import,Current.Import,Voltage"
INSTANT_CAR = Vehicle(
    name="Instant",
    battery_wh=60_000,
    ac_phases=3,
    ac_max_amperes=32,
    dc_max_watts=50_000,
    ramp_amperes_per_second=10_000,
)
"""Draws its full current at once, so that the figures are round."""
THREE = ConnectorProfile(phases=3, vehicle="Instant")
ONE = ConnectorProfile(vehicle="Instant")
DC = ConnectorProfile(
    current="DC",
    max_amperes=200,
    max_watts=50_000,
    fixed_cable=True,
    cable_amperes=200,
    vehicle="Instant",
    slider_amperes=200,
)


def charging(*connectors: ConnectorProfile, seconds: float = 0, **world: Any) -> World:
    made = World(connectors=connectors or (ONE,), vehicles=(INSTANT_CAR,), **world)
    made.start()
    made.peer.clear()
    made.run(seconds)
    return made


def values(message: dict[str, Any], element: int = 0) -> list[tuple[str, str | None, str, str | None]]:
    """Measurand, phase, value and unit of each sampled value."""
    return [
        (v["measurand"], v.get("phase"), v["value"], v.get("unit"))
        for v in message["meterValue"][element]["sampledValue"]
    ]


def contexts(elements: list[dict[str, Any]]) -> list[str]:
    return [element["sampledValue"][0]["context"] for element in elements]


def data(world: World) -> list[dict[str, Any]]:
    """The transactionData of the last StopTransaction."""
    found: list[dict[str, Any]] = world.peer.last("StopTransaction")["transactionData"]
    return found


def second(message: dict[str, Any]) -> str:
    return str(message["meterValue"][0]["timestamp"])[11:23]


# --- when ---


@covers("CORE-MV-1", "C.1/MeterValueSampleInterval", "CORE-MV-14")
def test_periodic_values_count_from_the_start_of_the_transaction() -> None:
    world = World(keys={"MeterValueSampleInterval": "10"})
    world.run(3)
    world.start()
    world.run(31)
    sent = world.peer.payloads("MeterValues")
    assert [second(m) for m in sent] == ["07:00:13.500", "07:00:23.500", "07:00:33.500"]
    assert {m["meterValue"][0]["sampledValue"][0]["context"] for m in sent} == {"Sample.Periodic"}
    assert {(m["connectorId"], m["transactionId"]) for m in sent} == {(1, 1)}


@covers("CORE-MV-1", "C.1/MeterValueSampleInterval")
def test_interval_zero_sends_none() -> None:
    world = charging(seconds=3600, keys={"MeterValueSampleInterval": "0"})
    assert "MeterValues" not in world.peer.actions()


@covers("CORE-MV-20", "C.1/MeterValueSampleInterval")
def test_another_interval_counts_at_once_on_the_same_grid() -> None:
    world = charging(seconds=25, keys={"MeterValueSampleInterval": "60"})
    world.change("MeterValueSampleInterval", "10")
    world.run(20)
    assert [second(m) for m in world.peer.payloads("MeterValues")] == ["07:00:30.500", "07:00:40.500"]
    world.change("MeterValueSampleInterval", "0")
    world.run(600)
    assert len(world.peer.payloads("MeterValues")) == 2


@covers("CORE-MV-2", "C.1/ClockAlignedDataInterval", "C.1/MeterValuesAlignedData", "CORE-MV-14")
def test_aligned_values_come_on_the_grid_of_the_day_from_all_meters() -> None:
    world = World(connectors=2, keys={"ClockAlignedDataInterval": "900", "MeterValueSampleInterval": "0"})
    world.run(120)
    world.start(2)
    world.run(1800)
    sent = world.peer.payloads("MeterValues")
    assert [(m["connectorId"], m.get("transactionId"), second(m)) for m in sent] == [
        (0, None, "07:15:00.000"),
        (1, None, "07:15:00.000"),
        (2, 1, "07:15:00.000"),
        (0, None, "07:30:00.000"),
        (1, None, "07:30:00.000"),
        (2, 1, "07:30:00.000"),
    ]
    assert {v["context"] for m in sent for v in m["meterValue"][0]["sampledValue"]} == {"Sample.Clock"}


@covers("CORE-MV-2", "C.1/ClockAlignedDataInterval")
def test_aligned_values_can_be_switched_on_and_off_while_running() -> None:
    world = World()
    world.run(2000)
    assert "MeterValues" not in world.peer.actions()
    world.change("ClockAlignedDataInterval", "60")
    world.run(60)
    assert [m["connectorId"] for m in world.peer.payloads("MeterValues")] == [0, 1]
    world.change("ClockAlignedDataInterval", "0")
    world.run(600)
    assert len(world.peer.payloads("MeterValues")) == 2


@covers("CORE-MV-3")
def test_a_grid_that_does_not_divide_the_day_begins_anew_at_midnight() -> None:
    """7 hours: 07:00, 14:00, 21:00, then 00:00 and 07:00."""
    world = World(keys={"ClockAlignedDataInterval": "25200"})
    world.run(86_400 + 10)
    stamps = [
        m["meterValue"][0]["timestamp"] for m in world.peer.payloads("MeterValues") if m["connectorId"] == 0
    ]
    assert stamps == [
        "2025-06-02T14:00:00.000Z",
        "2025-06-02T21:00:00.000Z",
        "2025-06-03T00:00:00.000Z",
        "2025-06-03T07:00:00.000Z",
    ]


@covers("CORE-MV-2", "CORE-BOOT-4", "CORE-MV-3")
def test_the_grid_is_that_of_the_central_systems_clock() -> None:
    """Five minutes ahead, and a day later: 23:58 here is 00:03 of the next day there."""
    ahead = 16 * 3600 + 5 * 60
    world = World(
        keys={"ClockAlignedDataInterval": "900"},
        answers={
            "BootNotification": lambda _: {
                "status": "Accepted",
                "currentTime": format_time(world.driver.now.sim + ahead * 1_000_000),
                "interval": 0,
            },
            "Heartbeat": lambda _: {"currentTime": format_time(world.driver.now.sim + ahead * 1_000_000)},
        },
        boot=False,
    )
    world.run(3600)
    stamps = [
        m["meterValue"][0]["timestamp"] for m in world.peer.payloads("MeterValues") if m["connectorId"] == 0
    ]
    assert stamps[:4] == [
        "2025-06-02T23:15:00.000Z",
        "2025-06-02T23:30:00.000Z",
        "2025-06-02T23:45:00.000Z",
        "2025-06-03T00:00:00.000Z",
    ]
    arrived = [m.time for m in world.peer.calls("MeterValues")]
    assert format_time(arrived[0]) == "2025-06-02T07:10:00.000Z"


@covers("CORE-MV-2", "CORE-HB-2")
def test_the_grid_moves_when_the_clock_is_corrected() -> None:
    world = World(keys={"ClockAlignedDataInterval": "900"}, interval=60)
    world.peer.answers["Heartbeat"] = lambda _: {
        "currentTime": format_time(world.driver.now.sim + 600 * 1_000_000)
    }
    world.run(400)
    sent = world.peer.calls("MeterValues")
    assert [format_time(m.time)[11:16] for m in sent] == ["07:05", "07:05"]
    assert {m.payload["meterValue"][0]["timestamp"] for m in sent} == {"2025-06-02T07:15:00.000Z"}


@covers("CORE-MV-23")
def test_sampled_and_aligned_at_one_instant_stay_apart() -> None:
    world = World(keys={"ClockAlignedDataInterval": "60", "MeterValueSampleInterval": "30"})
    world.run(59.5)
    world.peer.clear()
    world.start()
    world.run(60)
    last = [m for m in world.peer.payloads("MeterValues") if m["connectorId"] == 1][-2:]
    assert sorted(m["meterValue"][0]["sampledValue"][0]["context"] for m in last) == [
        "Sample.Clock",
        "Sample.Periodic",
    ]
    assert {second(m) for m in last} == {"07:02:00.000"}


# --- from where ---


@covers("CORE-MV-4")
def test_values_belong_to_the_transaction_that_ran_when_they_were_taken() -> None:
    """StartTransaction.conf is late and the next transaction runs already: each value still has its own id."""
    world = World(
        keys={"MeterValueSampleInterval": "10", "LocalPreAuthorize": "true"},
        answers={
            "StartTransaction": [
                Later(29, {"transactionId": 71, "idTagInfo": {"status": "Accepted"}}),
                {"transactionId": 72, "idTagInfo": {"status": "Accepted"}},
            ]
        },
    )
    world.do(c.Start())
    world.run(12)
    world.do(c.PresentTag(id_tag=TAG))
    world.do(c.Unplug())
    world.run(3)
    world.do(c.Start())
    world.run(30)
    tagged = [(m["transactionId"], second(m)) for m in world.peer.payloads("MeterValues")]
    assert tagged == [
        (71, "07:00:10.500"),
        (72, "07:00:25.500"),
        (72, "07:00:35.500"),
        (72, "07:00:45.500"),
    ]


@covers("CORE-MV-4", "CORE-MV-19")
def test_the_main_meter_adds_the_connectors_up() -> None:
    world = World(
        connectors=(ONE, ONE),
        vehicles=(INSTANT_CAR,),
        keys={"ClockAlignedDataInterval": "900", "MeterValuesAlignedData": USUAL},
    )
    world.start(1)
    world.start(2)
    world.do(c.Current(connector=2, amperes=10))
    world.run(900)
    main, one, two = (
        m
        for m in world.peer.payloads("MeterValues")
        if m["meterValue"][0]["sampledValue"][0]["context"] == "Sample.Clock"
    )
    assert "transactionId" not in main
    assert [v[2] for v in values(main)[1:]] == ["5980", "26", "230"]
    assert [v[2] for v in values(one)[1:]] == ["3680", "16", "230"]
    assert [v[2] for v in values(two)[1:]] == ["2300", "10", "230"]
    assert int(values(main)[0][2]) == int(values(one)[0][2]) + int(values(two)[0][2])


# --- what ---


@covers("CORE-MV-5", "CORE-MV-13", "CORE-MV-17", "C.1/MeterValuesSampledData")
def test_one_phase_in_figures() -> None:
    """16 A at 230 V for 36 s are 3680 W and 36.8 Wh."""
    world = charging(seconds=36, keys={"MeterValueSampleInterval": "36", "MeterValuesSampledData": USUAL})
    (message,) = world.peer.payloads("MeterValues")
    assert values(message) == [
        (ENERGY, None, "36", "Wh"),
        ("Power.Active.Import", None, "3680", "W"),
        ("Current.Import", None, "16", "A"),
        ("Voltage", None, "230", "V"),
    ]


@covers("CORE-MV-5", "CORE-MV-19")
def test_three_phases_in_figures() -> None:
    """Each phase its own value; the power also as their sum."""
    world = charging(
        THREE, seconds=60, keys={"MeterValueSampleInterval": "60", "MeterValuesSampledData": USUAL}
    )
    (message,) = world.peer.payloads("MeterValues")
    assert values(message) == [
        (ENERGY, None, "184", "Wh"),
        ("Power.Active.Import", None, "11040", "W"),
        ("Power.Active.Import", "L1", "3680", "W"),
        ("Power.Active.Import", "L2", "3680", "W"),
        ("Power.Active.Import", "L3", "3680", "W"),
        ("Current.Import", "L1", "16", "A"),
        ("Current.Import", "L2", "16", "A"),
        ("Current.Import", "L3", "16", "A"),
        ("Voltage", "L1", "230", "V"),
        ("Voltage", "L2", "230", "V"),
        ("Voltage", "L3", "230", "V"),
    ]


@covers("CORE-MV-5", "CORE-MV-19")
def test_a_car_on_fewer_phases_leaves_the_others_at_nothing() -> None:
    single = Vehicle(
        name="Single", battery_wh=40_000, ac_phases=1, ac_max_amperes=32, ramp_amperes_per_second=10_000
    )
    world = World(
        connectors=(ConnectorProfile(phases=3, vehicle="Single", slider_amperes=20),),
        vehicles=(single,),
        keys={
            "MeterValueSampleInterval": "60",
            "MeterValuesSampledData": "Current.Import,Power.Active.Import",
        },
    )
    world.start()
    world.run(60)
    (message,) = world.peer.payloads("MeterValues")
    assert [(phase, value) for _, phase, value, _ in values(message)] == [
        ("L1", "20"),
        ("L2", "0"),
        ("L3", "0"),
        (None, "4600"),
        ("L1", "4600"),
        ("L2", "0"),
        ("L3", "0"),
    ]


@covers("CORE-MV-5", "CORE-MV-18", "CORE-MV-17")
def test_direct_current_in_figures() -> None:
    """50 kW; the state of charge is the only value with location EV."""
    world = charging(
        DC,
        seconds=60,
        keys={
            "MeterValueSampleInterval": "60",
            "MeterValuesSampledData": "Power.Active.Import,Current.Import,Voltage,SoC",
        },
    )
    (message,) = world.peer.payloads("MeterValues")
    power, current, voltage, charge = values(message)
    assert (power[1], current[1], voltage[1]) == (None, None, None)
    assert float(power[2]) == pytest.approx(50_000, rel=0.001)
    assert float(current[2]) * float(voltage[2]) == pytest.approx(float(power[2]), rel=1e-6)
    assert charge[3] == "Percent"
    assert 31 < float(charge[2]) < 32
    locations = {v["measurand"]: v.get("location") for v in message["meterValue"][0]["sampledValue"]}
    assert locations == {
        "Power.Active.Import": None,
        "Current.Import": None,
        "Voltage": None,
        "SoC": "EV",
    }


@covers("CORE-MV-6")
def test_a_phase_named_in_the_key() -> None:
    """Just that phase, without the sum; on a single phase L1 is the one there is."""
    named = "Power.Active.Import.L1,Voltage.L3,Current.Import.L2"
    world = charging(
        THREE, seconds=60, keys={"MeterValueSampleInterval": "60", "MeterValuesSampledData": named}
    )
    (message,) = world.peer.payloads("MeterValues")
    assert values(message) == [
        ("Power.Active.Import", "L1", "3680", "W"),
        ("Voltage", "L3", "230", "V"),
        ("Current.Import", "L2", "16", "A"),
    ]
    world = charging(
        seconds=60, keys={"MeterValueSampleInterval": "60", "MeterValuesSampledData": "Voltage.L1"}
    )
    (message,) = world.peer.payloads("MeterValues")
    assert values(message) == [("Voltage", "L1", "230", "V")]
    assert world.change("MeterValuesSampledData", "Voltage.L2") == "Rejected"
    assert world.change("MeterValuesSampledData", f"{ENERGY}.L1") == "Rejected"


@covers("CORE-MV-6")
def test_direct_current_has_no_phases_even_where_another_connector_has() -> None:
    world = World(
        connectors=(THREE, DC),
        vehicles=(INSTANT_CAR,),
        keys={"MeterValueSampleInterval": "60", "MeterValuesSampledData": "Voltage.L1,Voltage"},
    )
    world.start(2)
    world.run(60)
    (message,) = world.peer.payloads("MeterValues")
    assert [(name, phase) for name, phase, _, _ in values(message)] == [("Voltage", None)]


@covers("CORE-MV-16", "CORE-MV-17")
def test_units_and_their_spelling() -> None:
    every = (
        "Energy.Active.Export.Register,Energy.Reactive.Import.Register,Power.Reactive.Import,Power.Offered,"
        "Current.Offered,Power.Factor,Frequency,SoC,Temperature,Power.Active.Export,Current.Export"
    )
    world = charging(seconds=60, keys={"MeterValueSampleInterval": "60", "MeterValuesSampledData": every})
    (message,) = world.peer.payloads("MeterValues")
    units = {name: unit for name, _, _, unit in values(message)}
    assert units == {
        "Energy.Active.Export.Register": "Wh",
        "Energy.Reactive.Import.Register": "varh",
        "Power.Reactive.Import": "var",
        "Power.Offered": "W",
        "Current.Offered": "A",
        "Power.Factor": None,
        "Frequency": None,
        "SoC": "Percent",
        "Temperature": "Celsius",
        "Power.Active.Export": "W",
        "Current.Export": "A",
    }
    figures = {name: value for name, _, value, _ in values(message)}
    assert figures["Frequency"] == "50"
    assert figures["Power.Factor"] == "1"
    assert figures["Power.Active.Export"] == figures["Current.Export"] == "0"


@covers("CORE-MV-13")
def test_values_are_text_without_exponent_or_needless_zeros() -> None:
    every = f"{USUAL},SoC,Temperature,Power.Factor,Frequency,Current.Offered,Power.Offered"
    world = charging(
        THREE,
        keys={"MeterValueSampleInterval": "7", "MeterValuesSampledData": every},
        meter=MeterProfile(current_noise=1.5, voltage_noise=1.0),
        seconds=300,
    )
    texts = [v[2] for m in world.peer.payloads("MeterValues") for v in values(m)]
    for text in texts:
        assert isinstance(text, str)
        number = Decimal(text)
        assert text == f"{number:f}" == f"{number.normalize():f}"


@covers("CORE-MV-12", "CORE-MV-19")
def test_registers_rise_with_the_power_and_never_fall() -> None:
    """The amount between two samples is the power times the time, also over transactions and a restart."""
    world = World(
        connectors=(ONE,),
        vehicles=(INSTANT_CAR,),
        keys={"MeterValueSampleInterval": "30", "MeterValuesSampledData": f"{ENERGY},Power.Active.Import"},
    )
    for amperes in (16, 10, 32):
        world.start()
        world.do(c.Current(amperes=amperes))
        world.run(3600)
        world.do(c.PresentTag(id_tag=TAG))
        world.do(c.Unplug())
        world.driver.kill()
        world.driver.restart()
        world.run(1)
    readings = [[float(v[2]) for v in values(m)] for m in world.peer.payloads("MeterValues")]
    assert len(readings) == 360
    for (before, _), (after, power) in pairwise(readings):
        assert after >= before
        assert after - before == pytest.approx(power * 30 / 3600, abs=3)


@covers("CORE-MV-19")
def test_nothing_is_drawn_while_suspended() -> None:
    world = charging(seconds=60, keys={"MeterValueSampleInterval": "10", "MeterValuesSampledData": USUAL})
    world.do(c.SuspendEv())
    world.peer.clear()
    world.run(60)
    rows = [[v[2] for v in values(m)] for m in world.peer.payloads("MeterValues")]
    assert len(rows) == 6
    assert len({row[0] for row in rows}) == 1
    assert {tuple(row[1:]) for row in rows} == {("0", "0", "230")}


@covers("CORE-MV-19")
def test_noise_is_the_same_for_everybody_who_looks_at_one_instant() -> None:
    """U times I is P, message, transactionData and event agree, the register knows no noise."""
    world = charging(
        keys={
            "MeterValueSampleInterval": "10",
            "MeterValuesSampledData": "Power.Active.Import,Current.Import,Voltage",
            "StopTxnSampledData": "Power.Active.Import,Current.Import,Voltage",
        },
        meter=MeterProfile(current_noise=5, voltage_noise=5),
        seconds=60,
    )
    sent = [[float(v[2]) for v in values(m)] for m in world.peer.payloads("MeterValues")]
    shown = [e for e in world.events(MeterEvent) if e.context == "Sample.Periodic"]
    assert [[e.watts, e.amperes, e.volts] for e in shown] == sent
    world.do(c.Stop())
    kept = [[float(v["value"]) for v in element["sampledValue"]] for element in data(world)[1:-1]]
    assert kept == sent
    assert len({tuple(row) for row in sent}) == 6
    for watts, amperes, volts in sent:
        assert watts == pytest.approx(amperes * volts, abs=0.5)
        assert 15.2 <= amperes <= 16.8
        assert 218.5 <= volts <= 241.5
    assert world.connector()["meter_wh"] == 61


@covers("CORE-MV-21")
def test_interval_amounts_are_those_since_the_sample_before() -> None:
    """A triggered reading in between is none of the same kind."""
    world = charging(
        seconds=30,
        keys={
            "MeterValueSampleInterval": "20",
            "MeterValuesSampledData": f"{ENERGY},Energy.Active.Import.Interval",
        },
    )
    world.ask("TriggerMessage", {"requestedMessage": "MeterValues", "connectorId": 1})
    world.run(50)
    periodic = [
        m
        for m in world.peer.payloads("MeterValues")
        if m["meterValue"][0]["sampledValue"][0]["context"] == "Sample.Periodic"
    ]
    registers = [int(values(m)[0][2]) for m in periodic]
    amounts = [int(values(m)[1][2]) for m in periodic]
    assert amounts == [after - before for before, after in zip([0, *registers], registers, strict=False)]
    assert sum(amounts) == registers[-1]


@covers("CORE-MV-21", "CORE-MV-4")
def test_interval_amounts_of_the_main_meter_are_those_of_all_connectors() -> None:
    world = World(
        connectors=(ONE, ONE),
        vehicles=(INSTANT_CAR,),
        keys={"ClockAlignedDataInterval": "900", "MeterValuesAlignedData": "Energy.Active.Import.Interval"},
    )
    world.run(899)
    world.start(1)
    world.start(2)
    world.run(1801)
    amounts = {
        (m["connectorId"], m["meterValue"][0]["timestamp"][11:16]): int(values(m)[0][2])
        for m in world.peer.payloads("MeterValues")
        if m["meterValue"][0]["sampledValue"][0]["context"] == "Sample.Clock"
    }
    assert [amounts[number, "07:30"] for number in (0, 1, 2)] == [1840, 920, 920]
    assert [amounts[number, "07:45"] for number in (0, 1, 2)] == [1840, 920, 920]


@covers("CORE-MV-22")
def test_what_is_offered_is_the_present_limit() -> None:
    keys = {"MeterValueSampleInterval": "60", "MeterValuesSampledData": "Current.Offered,Power.Offered"}
    world = charging(THREE, seconds=60, keys=keys)
    world.do(c.SuspendEvse())
    world.run(60)
    first, second_ = ([v[2] for v in values(m)] for m in world.peer.payloads("MeterValues"))
    assert first == ["32", "22080"]
    assert second_ == ["0", "0"]


# --- the lists ---


@covers("CORE-MV-7", "C.1/MeterValuesSampledData", "C.1/MeterValuesAlignedData")
@pytest.mark.parametrize(
    "key", ["MeterValuesSampledData", "MeterValuesAlignedData", "StopTxnSampledData", "StopTxnAlignedData"]
)
def test_one_unsupported_measurand_rejects_the_whole_list(key: str) -> None:
    world = World()
    before = world.key(key)
    for value in ("Voltage,RPM", "Voltage,Nonsense", "Voltage,Energy.Reactive.Import.Interval", "Voltage,,x"):
        assert world.change(key, value) == "Rejected"
        assert world.key(key) == before
    assert world.change(key, " voltage , current.IMPORT,Voltage") == "Accepted"
    assert world.key(key) == "Voltage,Current.Import"
    assert world.change(key, "") == "Accepted"
    assert world.key(key) == ""


@covers("CORE-MV-7")
def test_what_can_be_measured_follows_from_the_outlets() -> None:
    """Direct current has no frequency; a mixed station measures what any of its connectors can."""
    assert (
        World(connectors=(DC,), vehicles=(INSTANT_CAR,)).change("MeterValuesSampledData", "Frequency")
        == "Rejected"
    )
    mixed = World(connectors=(DC, ONE), vehicles=(INSTANT_CAR,))
    assert mixed.change("MeterValuesSampledData", "Frequency,SoC") == "Accepted"
    assert mixed.change("MeterValuesSampledData", "Voltage.L2") == "Rejected"


@covers("CORE-MV-1", "CORE-MV-2", "CORE-MV-15")
def test_an_empty_list_sends_nothing() -> None:
    world = charging(
        seconds=1000,
        keys={
            "MeterValueSampleInterval": "10",
            "ClockAlignedDataInterval": "60",
            "MeterValuesSampledData": "",
            "MeterValuesAlignedData": "",
        },
    )
    assert "MeterValues" not in world.peer.actions()
    assert world.ask("TriggerMessage", {"requestedMessage": "MeterValues"}) == {"status": "Rejected"}


@covers("CORE-MV-7", "C.1/MeterValuesSampledData", "C.1/StopTxnSampledData")
def test_another_list_counts_at_once() -> None:
    world = charging(seconds=10, keys={"MeterValueSampleInterval": "20", "StopTxnSampledData": ENERGY})
    world.run(15)
    world.change("MeterValuesSampledData", "Voltage")
    world.change("StopTxnSampledData", "SoC")
    world.run(20)
    names = [[v[0] for v in values(m)] for m in world.peer.payloads("MeterValues")]
    assert names == [[ENERGY], ["Voltage"]]
    world.do(c.Stop())
    kept = [element["sampledValue"][0]["measurand"] for element in data(world)]
    assert kept == [ENERGY, ENERGY, "SoC", "SoC"]


# --- triggered ---


@covers("CORE-MV-15", "CORE-MV-14", "RT-8")
def test_triggered_values_are_the_sampled_list_and_fresh() -> None:
    world = charging(seconds=36, keys={"MeterValueSampleInterval": "0", "MeterValuesSampledData": USUAL})
    assert world.ask("TriggerMessage", {"requestedMessage": "MeterValues", "connectorId": 1}) == {
        "status": "Accepted"
    }
    (message,) = world.peer.payloads("MeterValues")
    assert message["transactionId"] == 1
    assert [v[2] for v in values(message)] == ["36", "3680", "16", "230"]
    assert contexts(message["meterValue"]) == ["Trigger"]
    assert second(message) == "07:00:36.500"


# --- transactionData ---


@covers("CORE-MV-9", "C.1/StopTxnSampledData", "CORE-MV-14")
def test_transaction_data_holds_begin_samples_and_end() -> None:
    world = charging(
        keys={"StopTxnSampledData": f"{ENERGY},Voltage", "MeterValueSampleInterval": "20"}, seconds=45
    )
    world.do(c.Stop())
    elements = data(world)
    assert contexts(elements) == [
        "Transaction.Begin",
        "Sample.Periodic",
        "Sample.Periodic",
        "Transaction.End",
    ]
    assert [e["timestamp"][14:19] for e in elements] == ["00:00", "00:20", "00:40", "00:45"]
    assert [e["sampledValue"][0]["value"] for e in elements] == ["0", "20", "40", "46"]
    assert {v["measurand"] for e in elements for v in e["sampledValue"]} == {ENERGY, "Voltage"}
    stop = world.peer.last("StopTransaction")
    assert int(elements[-1]["sampledValue"][0]["value"]) == stop["meterStop"]


@covers("CORE-MV-9", "C.1/StopTxnAlignedData", "CORE-MV-14")
def test_transaction_data_holds_aligned_values() -> None:
    world = charging(
        keys={
            "StopTxnAlignedData": "Voltage",
            "ClockAlignedDataInterval": "60",
            "MeterValuesAlignedData": "",
        },
        seconds=200,
    )
    world.do(c.Stop())
    elements = data(world)
    assert contexts(elements) == ["Sample.Clock"] * 3
    assert [e["timestamp"][14:23] for e in elements] == ["01:00.000", "02:00.000", "03:00.000"]


@covers("CORE-MV-9")
def test_without_a_list_there_is_no_transaction_data() -> None:
    world = charging(seconds=100, keys={"MeterValueSampleInterval": "10"})
    world.do(c.Stop())
    assert "transactionData" not in world.peer.last("StopTransaction")


@covers("CORE-MV-9", "CORE-MV-10")
def test_transaction_data_survives_a_restart() -> None:
    world = charging(keys={"StopTxnSampledData": ENERGY, "MeterValueSampleInterval": "20"}, seconds=45)
    world.driver.kill()
    world.run(100)
    world.driver.restart()
    world.run(1)
    stop = world.peer.last("StopTransaction")
    elements = stop["transactionData"]
    assert contexts(elements) == [
        "Transaction.Begin",
        "Sample.Periodic",
        "Sample.Periodic",
        "Transaction.End",
    ]
    assert elements[-1]["timestamp"] == stop["timestamp"]
    assert elements[-1]["sampledValue"][0]["value"] == str(stop["meterStop"])
    world.start()
    world.do(c.Stop())
    assert contexts(data(world)) == ["Transaction.Begin", "Transaction.End"]


@covers("CORE-MV-10", "CORE-MV-11", "C.1/StopTransactionMaxMeterValues")
@pytest.mark.parametrize("most", [2, 3, 5, 8, 20])
def test_too_many_samples_lose_every_second_one_but_never_begin_and_end(most: int) -> None:
    """The samples left are spread over the whole transaction."""
    world = charging(
        keys={
            "StopTxnSampledData": ENERGY,
            "MeterValueSampleInterval": "10",
            "StopTransactionMaxMeterValues": str(most),
        },
        seconds=605,
    )
    world.do(c.Stop())
    elements = data(world)
    assert len(elements) <= most
    assert (contexts(elements)[0], contexts(elements)[-1]) == ("Transaction.Begin", "Transaction.End")
    stamps = [e["timestamp"] for e in elements]
    assert stamps == sorted(stamps)
    assert len(elements) >= most // 2


@covers("CORE-MV-11", "CORE-MV-10")
def test_samples_that_were_dropped_stay_dropped_over_a_restart() -> None:
    keys = {
        "StopTxnSampledData": ENERGY,
        "StopTxnAlignedData": ENERGY,
        "ClockAlignedDataInterval": "60",
        "MeterValueSampleInterval": "10",
        "StopTransactionMaxMeterValues": "6",
    }
    world = charging(keys=keys, seconds=605)
    world.driver.kill()
    world.driver.restart()
    world.run(1)
    assert len(data(world)) <= 6
    assert contexts(data(world))[0] == "Transaction.Begin"
    assert not world.driver.stored.get("sample")


@covers("CORE-MV-14", "CORE-PWR-3")
def test_an_interruption_is_told_with_both_its_ends() -> None:
    """The register of the begin is what was stored, nothing else is known of it."""
    world = charging(
        keys={"MeterValuesSampledData": USUAL, "MeterValueSampleInterval": "3600"},
        switches={"SW-RESUME-AFTER-POWERLOSS": "resume"},
        seconds=100,
    )
    world.do(c.PowerCut())
    world.run(600)
    world.do(c.PowerOn())
    world.run(1)
    (message,) = world.peer.payloads("MeterValues")
    assert contexts(message["meterValue"]) == ["Interruption.Begin", "Interruption.End"]
    assert [e["timestamp"][11:23] for e in message["meterValue"]] == ["07:01:40.500", "07:11:40.500"]
    assert values(message, 0) == [(ENERGY, None, "102", "Wh")]
    assert [v[0] for v in values(message, 1)] == USUAL.split(",")
    assert values(message, 1)[0] == (ENERGY, None, "102", "Wh")
    assert message["transactionId"] == 1
