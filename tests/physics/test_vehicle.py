"""The car as a document: what is refused, and with which sentence."""

import msgspec
import pytest

from desktop_sim.physics.vehicle import COMPACT, Vehicle, VehicleLibrary


def test_the_default_car_is_the_one_the_design_names() -> None:
    assert (COMPACT.name, COMPACT.battery_wh, COMPACT.ac_max_amperes, COMPACT.soc) == (
        "Compact",
        60_000,
        32.0,
        30.0,
    )
    assert (COMPACT.ac_phases, COMPACT.min_amperes, COMPACT.ramp_amperes_per_second) == (3, 6.0, 8.0)
    assert COMPACT.ac_peak_watts == 22_080
    assert COMPACT.peak_watts == 100_000


@pytest.mark.parametrize(
    "fields, sentence",
    [
        ({"name": " "}, "A vehicle needs a name."),
        ({"battery_wh": 5}, "The battery capacity must be from 100 to 2000000 Wh, not 5."),
        ({"min_amperes": 5.9}, "The smallest AC current must be from 6 to 32 A, not 5.9."),
        ({"soc": 101}, "The state of charge must be from 0 to 100 %, not 101."),
        ({"power_factor": 1.01}, "The power factor must be from 0.1 to 1, not 1.01."),
        ({"power_factor": float("nan")}, "The power factor must be from 0.1 to 1, not nan."),
        ({"ac_max_amperes": 0.0}, "A vehicle needs an AC or a DC maximum above 0."),
        ({"ac_max_amperes": 0.5}, "The AC maximum must be 0 or at least 1 A, not 0.5."),
        ({"dc_max_watts": 900}, "The DC maximum must be 0 or at least 1000 W, not 900."),
        (
            {"dc_volts": (400.0, 350.0)},
            "The battery voltage must rise within 40 to 1500 V, not from 400 to 350 V.",
        ),
        ({"curve": ()}, "The charging curve needs at least one point."),
        (
            {"curve": ((0.0, 1.0), (101.0, 0.5))},
            "A point of the charging curve lies from 0 to 100 %, not at 101 %.",
        ),
        ({"curve": ((50.0, 1.0), (50.0, 0.5))}, "The charging curve must go on from 50 %, not to 50 %."),
        ({"curve": ((0.0, 0.0),)}, "The charging curve must be from 0.01 to 1, not 0 at 0 %."),
    ],
)
def test_a_car_that_cannot_exist_is_refused_with_a_sentence(fields: dict[str, object], sentence: str) -> None:
    with pytest.raises(ValueError) as refusal:  # noqa: PT011 - the whole text is compared
        Vehicle(**{"name": "Odd", "battery_wh": 60_000, **fields})  # type: ignore[arg-type]
    assert str(refusal.value) == sentence


def test_everything_wrong_is_said_at_once() -> None:
    with pytest.raises(ValueError, match=r"needs a name\. The battery capacity .* The state of charge "):
        Vehicle(name="", battery_wh=0, soc=-1)


def test_a_document_says_where_it_is_wrong() -> None:
    with pytest.raises(msgspec.ValidationError, match=r"unknown field `colour`"):
        msgspec.json.decode(b'{"name": "A", "batteryWh": 1000, "colour": "red"}', type=Vehicle)
    with pytest.raises(msgspec.ValidationError, match=r"battery capacity.*\$\.vehicles\[0\]"):
        msgspec.json.decode(b'{"vehicles": [{"name": "A", "batteryWh": 1}]}', type=VehicleLibrary)
    with pytest.raises(msgspec.ValidationError, match=r"\$\.acPhases"):
        msgspec.json.decode(b'{"name": "A", "batteryWh": 1000, "acPhases": 4}', type=Vehicle)


def test_a_car_survives_being_written_and_read() -> None:
    assert msgspec.json.decode(msgspec.json.encode(COMPACT), type=Vehicle) == COMPACT


def test_a_library_knows_each_name_once_and_its_own_version() -> None:
    with pytest.raises(ValueError, match="given twice: Compact"):
        VehicleLibrary(vehicles=(COMPACT, COMPACT))
    with pytest.raises(ValueError, match="has version 2; known is 1"):
        VehicleLibrary(version=2, vehicles=())
