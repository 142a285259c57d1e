"""The vehicle library that is shipped."""

from pathlib import Path

import msgspec
import pytest

from desktop_sim.physics import COMPACT, Vehicle
from desktop_sim.physics.vehicle import VehicleLibrary
from tests.physics.outlets import HOUR, outlet, run_out

FILE = Path(__file__).parents[2] / "resources" / "vehicles" / "library.json"
VEHICLES = msgspec.json.decode(FILE.read_bytes(), type=VehicleLibrary).vehicles
ON_AC = [vehicle for vehicle in VEHICLES if vehicle.ac_max_amperes]
ON_DC = [vehicle for vehicle in VEHICLES if vehicle.dc_max_watts]


def test_it_holds_a_good_choice_and_the_default_car_first() -> None:
    assert len(VEHICLES) >= 12
    assert VEHICLES[0] == COMPACT
    assert all(vehicle.note for vehicle in VEHICLES)
    assert {vehicle.ac_phases for vehicle in VEHICLES} == {1, 2, 3}
    assert len(ON_AC) < len(VEHICLES) > len(ON_DC)
    assert any(vehicle.dc_volts[1] > 700 for vehicle in VEHICLES)


@pytest.mark.parametrize("vehicle", ON_AC, ids=lambda vehicle: vehicle.name)
def test_every_car_becomes_full_on_its_wallbox(vehicle: Vehicle) -> None:
    one = outlet(phases=3, milliamps=63_000)
    one.connect_vehicle(0, vehicle)
    one.close_contactor(0)
    run_out(one)
    assert one.full
    assert one.soc_percent == 100
    needed = vehicle.battery_wh * (100 - vehicle.soc) / 100 / vehicle.ac_efficiency
    assert one.register_wh == pytest.approx(needed, abs=1)
    assert 0.5 * HOUR < one.now < 16 * HOUR


@pytest.mark.parametrize("vehicle", ON_DC, ids=lambda vehicle: vehicle.name)
def test_every_car_that_can_becomes_full_on_a_fast_charger(vehicle: Vehicle) -> None:
    one = outlet("DC", milliamps=500_000, milliwatts=400_000_000)
    one.connect_vehicle(0, vehicle, soc=10)
    one.close_contactor(0)
    peak = 0
    while (instant := one.next_change()) is not None and (one.soc_percent or 0) < 80:
        one.advance(instant)
        peak = max(peak, one.milliwatts)
    assert 0.9 * vehicle.dc_max_watts * 1000 <= peak <= vehicle.dc_max_watts * 1000
    assert 0.25 * HOUR < one.now < 3 * HOUR, "10 to 80 %"
    run_out(one)
    assert one.full
