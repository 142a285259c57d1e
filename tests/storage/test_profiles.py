"""Station profiles as files: read, refused with sentences, written, published."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Any

import jsonschema_rs
import msgspec
import pytest
from msgspec.structs import replace

from desktop_sim.physics.vehicle import Vehicle
from desktop_sim.station.profile import (
    PROFILE_VERSION,
    Connection,
    ConnectorProfile,
    MeterProfile,
    SecretReference,
    StationProfile,
)
from desktop_sim.storage import profile_text
from desktop_sim.storage.profile_text import parse_profile
from desktop_sim.storage.profiles import (
    ProfileProblem,
    load_profile,
    profile_schema,
    resolve_secret,
    save_profile,
    schema_text,
)
from desktop_sim.storage.resources import resource
from desktop_sim.storage.vehicles import vehicle_library

SHIPPED = sorted(resource("profiles").glob("*.json"))


def refused(path: Path) -> str:
    with pytest.raises(ProfileProblem) as problem:
        load_profile(path)
    assert str(problem.value) == problem.value.sentence
    assert str(path) in problem.value.sentence
    return problem.value.sentence


def given(tmp_path: Path, content: Any) -> Path:
    path = tmp_path / "a.station.json"
    match content:
        case bytes():
            path.write_bytes(content)
        case str():
            path.write_text(content, encoding="utf-8")
        case _:
            path.write_text(json.dumps(content), encoding="utf-8")
    return path


# --- what comes with the program ---


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_shipped_profiles_are_sound(path: Path) -> None:
    profile = load_profile(path)
    assert profile.name
    assert profile.tags
    plain = json.loads(path.read_text(encoding="utf-8"))
    assert (path.parent / plain["$schema"]).resolve() == resource("schemas/station-profile.schema.json")
    jsonschema_rs.validate(json.loads(schema_text()), plain)


def test_there_are_profiles_to_choose_from() -> None:
    assert {path.name for path in SHIPPED} >= {
        "default.station.json",
        "demo.station.json",
        "dc-150kw.station.json",
        "street-post-2x22kw.station.json",
        "secure-profile-2.station.json",
    }
    assert all(path.name.endswith(".station.json") for path in SHIPPED)


def test_the_station_without_a_profile() -> None:
    """DESIGN § 6: one phase, 230 V, 32 A, a car of 60 kWh at 30 % that takes 32 A, 16 A on the slider."""
    profile = load_profile(resource("profiles/default.station.json"))
    assert profile == StationProfile(
        name="Wallbox",
        connectors=(ConnectorProfile(phases=1, max_amperes=32, cable_amperes=32, slider_amperes=16),),
        meter=MeterProfile(current_noise=1.5),
        tags=("USER001",),
        configuration={
            "MeterValueSampleInterval": "10",
            "MeterValuesSampledData": (
                "Energy.Active.Import.Register,Power.Active.Import,Current.Import,Voltage"
            ),
            "AuthorizeRemoteTxRequests": "true",
        },
    )
    assert profile.supply.volts == 230
    car = vehicle_library()[profile.connectors[0].vehicle]
    assert (car.battery_wh, car.soc) == (60_000, 30)
    assert car.ac_max_amperes >= 32


def test_the_demo_has_two_connectors_and_some_tags() -> None:
    profile = load_profile(resource("profiles/demo.station.json"))
    first, second = profile.connectors
    assert (first.current, first.phases, first.max_amperes, first.fixed_cable) == ("AC", 3, 32, False)
    assert second.current == "DC"
    assert len(profile.tags) > 1


def test_the_library_is_handed_out_as_a_copy() -> None:
    vehicle_library().clear()
    assert "Compact" in vehicle_library()


# --- reading ---


def test_an_empty_object_is_a_profile(tmp_path: Path) -> None:
    assert load_profile(given(tmp_path, {})) == StationProfile()


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    assert load_profile(given(tmp_path, b'\xef\xbb\xbf{"name": "x"}')).name == "x"


@pytest.mark.parametrize(
    "content, says",
    [
        ("", "is empty"),
        ('{\n  "name": "x",\n}', "Line 3, column 1"),
        ("[]", "one JSON object"),
        (b'{"name": "\xff"}', "UTF-8 (byte 11)"),
        ('{"name": "a", "name": "b"}', "“name” stands twice"),
        ('{"supply": {"volts": NaN}}', "NaN is not a number"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_not_json(tmp_path: Path, content: str | bytes, says: str) -> None:
    assert says in refused(given(tmp_path, content))


@pytest.mark.parametrize(
    "content, says",
    [
        ({"conectors": []}, "$.conectors: there is no such field here. Did you mean “connectors”?"),
        ({"supply": {"zzz": 1}}, "$.supply.zzz: there is no such field here. Remove it."),
        ({"volts": 230}, "$.volts: there is no such field here. It belongs to another part of the profile."),
        (
            {"connectors": [{"phases": "3"}]},
            "$.connectors[0].phases: this is to be a whole number, not a text.",
        ),
        ({"connectors": [{}, {"phases": 4}]}, "$.connectors[1].phases: this has to be <= 3."),
        ({"connectors": [{"maxAmperes": 0}]}, "$.connectors[0].maxAmperes: this has to be > 0"),
        ({"connectors": []}, "$.connectors: this has to have at least 1 entries."),
        ({"connectors": [{"current": "XC"}]}, "$.connectors[0].current: 'XC' is not one of the values"),
        ({"tags": ["A" * 21]}, "$.tags[0]: this has to have at most 20 characters."),
        ({"tags": "A"}, "$.tags: this is to be a list […], not a text."),
        ({"vehicles": [{"batteryWh": 60000}]}, "$.vehicles[0]: the field “name” is missing. Add it."),
        ({"vehicles": [{"name": "X", "batteryWh": 60000, "soc": 101}]}, "$.vehicles[0]"),
        ({"connection": {"authorizationKey": 7}}, "$.connection.authorizationKey"),
        ({"configuration": {"HeartbeatInterval": 60}}, "this is to be a text, not a whole number."),
        ({"version": "1"}, "$.version is a whole number"),
        ({"version": True}, "$.version is a whole number"),
        ({"version": 0}, "$.version is a whole number"),
    ],
)
def test_not_a_profile(tmp_path: Path, content: Any, says: str) -> None:
    assert says in refused(given(tmp_path, content))


@pytest.mark.parametrize(
    "content, says",
    [
        (
            {"connectors": [{"vehicle": "Compakt"}]},
            "$.connectors[0].vehicle: there is no vehicle “Compakt”. Did you",
        ),
        ({"connectors": [{"vehicle": "Unicycle 3000"}]}, "There are: "),
        ({"tags": ["abc", "ABC"]}, "the tag “abc” is there twice"),
        ({"identity": {"chargePointId": " "}}, "$.identity.chargePointId"),
        ({"connection": {"authorizationKey": {}}}, "say where the secret is kept"),
        ({"connection": {"authorizationKey": {"env": "A", "file": "b"}}}, "say where the secret is kept"),
        (
            {"vehicles": [{"name": "X", "batteryWh": 60000}, {"name": "X", "batteryWh": 50000}]},
            "two vehicles are called “X”",
        ),
    ],
)
def test_what_does_not_fit_together(tmp_path: Path, content: Any, says: str) -> None:
    assert says in refused(given(tmp_path, content))


def test_own_vehicles_are_known(tmp_path: Path) -> None:
    content = {"vehicles": [{"name": "Mine", "batteryWh": 30000}], "connectors": [{"vehicle": "Mine"}]}
    assert load_profile(given(tmp_path, content)).vehicles == (Vehicle(name="Mine", battery_wh=30_000),)


def test_a_newer_profile_says_so(tmp_path: Path) -> None:
    content = {"version": PROFILE_VERSION + 1, "somethingNew": True}
    assert "made by a newer version of this program" in refused(given(tmp_path, content))


def test_older_profiles_are_brought_up_to_date_step_by_step() -> None:
    def second(plain: dict[str, Any]) -> dict[str, Any]:
        return {**{name: part for name, part in plain.items() if name != "label"}, "title": plain["label"]}

    def third(plain: dict[str, Any]) -> dict[str, Any]:
        return {**{name: part for name, part in plain.items() if name != "title"}, "name": plain["title"]}

    profile = parse_profile(b'{"version": 1, "label": "old"}', migrations={1: second, 2: third}, newest=3)
    assert profile.name == "old"
    assert profile.version == 3


def test_there_is_a_step_for_every_version() -> None:
    assert sorted(profile_text.MIGRATIONS) == list(range(1, PROFILE_VERSION))


def test_no_file_and_a_folder(tmp_path: Path) -> None:
    assert "There is no file" in refused(tmp_path / "missing.station.json")
    assert "is a folder" in refused(tmp_path)


def test_no_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    path = given(tmp_path, {})
    monkeypatch.setattr(Path, "open", denied)
    assert "not allowed" in refused(path)


# --- writing ---


def test_what_was_saved_is_loaded(tmp_path: Path) -> None:
    path = tmp_path / "x.station.json"
    for shipped in SHIPPED:
        profile = load_profile(shipped)
        save_profile(path, profile)
        assert load_profile(path) == profile


def test_it_is_readable(tmp_path: Path) -> None:
    path = tmp_path / "x.station.json"
    save_profile(path, StationProfile(name="Güld", vehicles=(Vehicle(name="V", battery_wh=1000),)))
    text = path.read_text(encoding="utf-8")
    assert text.startswith('{\n  "version": 1,\n  "name": "Güld",\n')
    assert text.endswith("}\n")
    assert '  "supply": {"volts": 230, "hertz": 50},\n' in text
    assert max(len(line) for line in text.splitlines()) < 200


def test_permissions_and_links_are_kept(tmp_path: Path) -> None:
    path, link = tmp_path / "x.station.json", tmp_path / "link.station.json"
    path.write_text("{}")
    path.chmod(0o640)
    link.symlink_to(path)
    save_profile(link, StationProfile(name="through the link"))
    assert link.is_symlink()
    assert load_profile(path).name == "through the link"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_new_file_with_a_secret_is_private(tmp_path: Path) -> None:
    save_profile(tmp_path / "open", StationProfile())
    save_profile(tmp_path / "shut", StationProfile(connection=Connection(authorization_key="secret")))
    assert stat.S_IMODE((tmp_path / "open").stat().st_mode) & 0o444 == 0o444
    assert stat.S_IMODE((tmp_path / "shut").stat().st_mode) == 0o600


def test_a_failed_save_leaves_everything_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = given(tmp_path, {"name": "before"})

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ProfileProblem, match="No space left"):
        save_profile(path, StationProfile(name="after"))
    monkeypatch.undo()
    assert load_profile(path).name == "before"
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def test_a_save_that_cannot_be(tmp_path: Path) -> None:
    with pytest.raises(ProfileProblem, match="There is no folder"):
        save_profile(tmp_path / "missing" / "x", StationProfile())
    with pytest.raises(ProfileProblem, match="is a folder"):
        save_profile(tmp_path, StationProfile())


# --- secrets ---


def test_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEY", "from the environment")
    (tmp_path / "key").write_text("from a file\n")
    assert resolve_secret(None) is None
    assert resolve_secret("plain") == "plain"
    assert resolve_secret(SecretReference(env="KEY")) == "from the environment"
    assert resolve_secret(SecretReference(file=str(tmp_path / "key"))) == "from a file"
    assert resolve_secret(SecretReference(file="key"), tmp_path) == "from a file"


def test_secrets_that_are_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KEY", raising=False)
    with pytest.raises(ProfileProblem, match="variable KEY"):
        resolve_secret(SecretReference(env="KEY"))
    with pytest.raises(ProfileProblem, match="No such file"):
        resolve_secret(SecretReference(file=str(tmp_path / "key")))
    (tmp_path / "key").write_bytes(b"\xff")
    with pytest.raises(ProfileProblem, match="not text"):
        resolve_secret(SecretReference(file=str(tmp_path / "key")))


# --- the schema ---


def test_the_published_schema_is_up_to_date() -> None:
    published = resource("schemas/station-profile.schema.json")
    hint = "write desktop_sim.storage.profiles.schema_text() into it"
    assert published.read_text(encoding="utf-8") == schema_text(), hint


def test_the_schema_refuses_what_we_refuse() -> None:
    schema = profile_schema()
    profile = replace(StationProfile(), vehicles=tuple(vehicle_library().values()))
    jsonschema_rs.validate(schema, msgspec.to_builtins(profile))
    wrongs: tuple[Any, ...] = (
        {"conectors": []},
        {"connectors": []},
        {"tags": [""]},
        {"vehicles": [{"name": "X"}]},
    )
    for wrong in wrongs:
        assert not jsonschema_rs.is_valid(schema, wrong)
        with pytest.raises(profile_text.TextProblem):
            parse_profile(json.dumps(wrong).encode())
