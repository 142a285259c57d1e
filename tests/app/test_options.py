"""Options on top of a profile make a station; what cannot be is refused with a sentence."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_sim.app.defaults import default_profile, demo_profile
from desktop_sim.app.options import (
    OptionProblem,
    StationOptions,
    build_profile,
    check_identity,
    factory_configuration,
    parse_speed,
    rate_of,
)
from desktop_sim.app.plan import plan_station
from desktop_sim.station.profile import SecretReference
from desktop_sim.storage.profiles import load_profile, save_profile
from desktop_sim.storage.vehicles import vehicle_library


class TestTheStationWithoutAProfile:
    """DESIGN § 6, the public contract."""

    def test_one_connector_of_one_phase_with_a_detachable_cable(self) -> None:
        (connector,) = default_profile().connectors
        assert (connector.current, connector.phases, connector.max_amperes) == ("AC", 1, 32.0)
        assert (connector.fixed_cable, connector.slider_amperes) == (False, 16.0)
        assert default_profile().supply.volts == 230.0

    def test_a_car_of_60_kwh_at_30_percent_that_takes_32_amperes(self) -> None:
        car = vehicle_library()[default_profile().connectors[0].vehicle]
        assert (car.battery_wh, car.soc, car.ac_max_amperes) == (60_000, 30.0, 32.0)

    def test_the_tag_and_the_keys(self) -> None:
        profile = default_profile()
        assert profile.tags == ("USER001",)
        assert profile.configuration["MeterValueSampleInterval"] == "10"
        assert profile.configuration["AuthorizeRemoteTxRequests"] == "true"
        assert set(profile.configuration["MeterValuesSampledData"].split(",")) == {
            "Energy.Active.Import.Register",
            "Power.Active.Import",
            "Current.Import",
            "Voltage",
        }

    def test_the_reading_trembles_a_little(self) -> None:
        assert 1.0 <= default_profile().meter.current_noise <= 2.0

    def test_the_demo_has_two_connectors(self) -> None:
        assert len(demo_profile().connectors) == 2
        assert build_profile(StationOptions(), demo_profile()) == demo_profile()


def test_options_lie_on_top_of_the_profile_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.station.json"
    save_profile(path, demo_profile())
    profile = build_profile(
        StationOptions(
            profile=path, charge_point_id="X", url="ws://h:1", vendor="V", model="M", serial="S", charge_box_serial="B",
            firmware_version="F", security_profile=1, authorization_key="secret-secret-16", verify_host_name=False,
        )
    )  # fmt: skip
    identity, connection = profile.identity, profile.connection
    assert (identity.charge_point_id, identity.vendor, identity.model) == ("X", "V", "M")
    assert (identity.charge_point_serial_number, identity.charge_box_serial_number) == ("S", "B")
    assert identity.firmware_version == "F"
    assert (connection.url, connection.security_profile, connection.verify_host_name) == (
        "ws://h:1",
        1,
        False,
    )
    assert len(profile.connectors) == 2
    assert load_profile(path) == demo_profile()


@pytest.mark.parametrize("count, phases", [(1, (1,)), (2, (1, 3)), (4, (1, 3, 3, 3))])
def test_more_connectors_are_like_the_last(count: int, phases: tuple[int, ...]) -> None:
    profile = build_profile(StationOptions(connectors=count), demo_profile())
    assert tuple(connector.phases for connector in profile.connectors) == phases


def test_fixed_cables_are_named_by_connector() -> None:
    profile = build_profile(StationOptions(connectors=3, fixed_cable=(1, 3)))
    assert [connector.fixed_cable for connector in profile.connectors] == [True, False, True]


def test_a_key_in_a_file_is_kept_by_reference(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("secret-secret-16\n")
    plan = plan_station(StationOptions(authorization_key_file=file, ephemeral=True))
    assert plan.profile.connection.authorization_key == SecretReference(file=str(file))


@pytest.mark.parametrize(
    "options, words",
    [
        ({"connectors": 0}, "from 1 to 64"),
        ({"connectors": 65}, "from 1 to 64"),
        ({"fixed_cable": (2,)}, "connector 2"),
        ({"vendor": "x" * 21}, "20 characters"),
        ({"url": "localhost:9000"}, "ws://localhost:9000"),
        ({"charge_point_id": ""}, "CP001"),
        ({"charge_point_id": "ws://x"}, "comes first"),
        ({"ca_file": Path("/no/such/file")}, "/no/such/file"),
    ],
)
def test_what_cannot_be_is_refused(options: dict[str, Any], words: str) -> None:
    with pytest.raises(OptionProblem, match=words):
        build_profile(StationOptions(**options))


@pytest.mark.parametrize(
    "content, result",
    [
        ('{"A": "1", "B": "true"}', {"A": "1", "B": "true"}),
        ('{"A": 1, "B": true, "C": 1.5}', {"A": "1", "B": "true", "C": "1.5"}),
        ("{}", {}),
    ],
)
def test_configuration_for_the_first_start(tmp_path: Path, content: str, result: dict[str, str]) -> None:
    file = tmp_path / "config.json"
    file.write_text(content)
    assert factory_configuration(StationOptions(ocpp_config=file)) == result


@pytest.mark.parametrize("content", ["", "[]", "{", '{"A": []}', '{"A": null}'])
def test_a_configuration_file_out_of_shape_is_refused(tmp_path: Path, content: str) -> None:
    file = tmp_path / "config.json"
    file.write_text(content)
    with pytest.raises(OptionProblem, match=r"config\.json"):
        factory_configuration(StationOptions(ocpp_config=file))


@pytest.mark.parametrize(
    "text, rate", [("1", 1.0), ("x60", 60.0), ("×2.5", 2.5), ("pause", 0.0), ("0", 0.0), ("MAX", 1000.0)]
)
def test_speeds(text: str, rate: float) -> None:
    assert rate_of(parse_speed(text)) == rate


@pytest.mark.parametrize("text", ["", "fast", "-1", "nan", "inf", "1001"])
def test_what_is_no_speed(text: str) -> None:
    with pytest.raises(OptionProblem, match="pause or max"):
        parse_speed(text)


@given(st.text(max_size=30))
def test_an_identity_is_taken_or_refused(text: str) -> None:
    try:
        assert check_identity(text) == text
    except OptionProblem as problem:
        assert "CP001" in str(problem)  # noqa: PT017


class TestWhereTheStateLives:
    """DESIGN § 3: by (CP_ID, URL) or by the profile's path."""

    def test_by_who_and_where(self) -> None:
        def place(identity: str, url: str | None) -> Path | None:
            return plan_station(StationOptions(charge_point_id=identity, url=url)).directory

        assert place("A", "ws://h:1") == place("A", "ws://h:1")
        assert (
            len({place("A", "ws://h:1"), place("B", "ws://h:1"), place("A", "ws://h:2"), place("A", None)})
            == 4
        )

    def test_by_the_profile(self, tmp_path: Path) -> None:
        path = tmp_path / "a.station.json"
        save_profile(path, default_profile())
        plain = plan_station(StationOptions(profile=path))
        other_url = plan_station(StationOptions(profile=path, url="ws://elsewhere:1"))
        assert plain.directory == other_url.directory != plan_station(StationOptions()).directory

    def test_as_told_or_nowhere(self, tmp_path: Path) -> None:
        assert plan_station(StationOptions(state_dir=tmp_path)).directory == tmp_path
        assert plan_station(StationOptions(ephemeral=True)).directory is None


@pytest.mark.parametrize(
    "option, default, present",
    [("present", False, True), ("absent", True, False), (None, True, True), (None, False, False)],
)
def test_who_stands_at_the_station(option: Any, default: bool, present: bool) -> None:
    plan = plan_station(StationOptions(driver=option, ephemeral=True), driver_by_default=default)
    assert plan.person is present


def test_without_a_seed_one_is_settled_for_good() -> None:
    options = StationOptions(ephemeral=True)
    assert plan_station(options).seed != plan_station(options).seed
    assert plan_station(StationOptions(ephemeral=True, seed=7)).seed == 7
