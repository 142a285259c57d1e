"""Everything the command line can say about a station, as plain data, and what it makes of a profile (DESIGN § 6)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import msgspec
from msgspec.structs import replace

from desktop_sim.app.defaults import default_profile
from desktop_sim.station.profile import (
    Connection,
    ConnectorProfile,
    Identity,
    SecretReference,
    StationProfile,
)
from desktop_sim.storage.profile_text import TextProblem, contradictions, parse_profile
from desktop_sim.storage.profiles import load_profile
from desktop_sim.storage.vehicles import vehicle_library
from desktop_sim.transport.endpoint import AddressProblem, placed

Driver = Literal["present", "absent"]
Speed = float | Literal["pause", "max"]

MAX_SPEED = 1000.0
"""Beyond it a station on a real link cannot keep up: what is to be computed comes faster than it is done."""


class OptionProblem(Exception):
    """Something asked for cannot be. The text is a sentence that says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StationOptions:
    """What a station is to be. None or empty: as the profile says."""

    charge_point_id: str | None = None
    url: str | None = None
    profile: Path | None = None
    connectors: int | None = None
    state_dir: Path | None = None
    ephemeral: bool = False
    factory_reset: bool = False
    ocpp_config: Path | None = None
    overrides: Mapping[str, str] = field(default_factory=dict)
    vendor: str | None = None
    model: str | None = None
    serial: str | None = None
    charge_box_serial: str | None = None
    firmware_version: str | None = None
    fixed_cable: tuple[int, ...] = ()
    driver: Driver | None = None
    security_profile: int | None = None
    authorization_key: str | None = None
    authorization_key_file: Path | None = None
    ca_file: Path | None = None
    client_cert: Path | None = None
    client_key: Path | None = None
    verify_host_name: bool = True
    speed: Speed = 1.0
    seed: int | None = None
    log_level: str = "info"
    lang: str = "en"


def build_profile(options: StationOptions, base: StationProfile | None = None) -> StationProfile:
    """The profile file (else `base`, else the default station) with the options on top."""
    if options.profile is not None:
        base = load_profile(options.profile)
    profile = default_profile() if base is None else base
    changed = replace(
        profile,
        identity=_identity(profile.identity, options),
        connectors=_connectors(profile.connectors, options),
        connection=_connection(profile.connection, options),
    )
    try:
        checked = parse_profile(msgspec.json.encode(changed))
    except TextProblem as problem:
        raise OptionProblem(f"The options do not make a station. {problem.sentence}") from None
    faults = list(contradictions(checked, vehicle_library()))
    if faults:
        raise OptionProblem(f"The options do not make a station. {' '.join(faults)}")
    return checked


def _identity(identity: Identity, options: StationOptions) -> Identity:
    given = {
        "charge_point_id": options.charge_point_id,
        "vendor": options.vendor,
        "model": options.model,
        "charge_point_serial_number": options.serial,
        "charge_box_serial_number": options.charge_box_serial,
        "firmware_version": options.firmware_version,
    }
    if options.charge_point_id is not None:
        check_identity(options.charge_point_id)
    return replace(identity, **_present(given))


def _connectors(
    connectors: tuple[ConnectorProfile, ...], options: StationOptions
) -> tuple[ConnectorProfile, ...]:
    count = len(connectors) if options.connectors is None else options.connectors
    if not 1 <= count <= 64:
        raise OptionProblem(f"--connectors must be from 1 to 64, not {count}.")
    wanted = [connectors[min(number, len(connectors) - 1)] for number in range(count)]
    for number in options.fixed_cable:
        if not 1 <= number <= count:
            raise OptionProblem(f"--fixed-cable names connector {number}, but the station has {count}.")
        wanted[number - 1] = replace(wanted[number - 1], fixed_cable=True)
    return tuple(wanted)


def _connection(connection: Connection, options: StationOptions) -> Connection:
    key: str | SecretReference | None = options.authorization_key
    if options.authorization_key_file is not None:
        key = SecretReference(file=str(options.authorization_key_file.absolute()))
    given = {
        "url": None if options.url is None else check_url(options.url),
        "security_profile": options.security_profile,
        "authorization_key": key,
        "ca_file": _path(options.ca_file, "--ca-file"),
        "client_certificate_file": _path(options.client_cert, "--client-cert"),
        "client_key_file": _path(options.client_key, "--client-key"),
        "verify_host_name": None if options.verify_host_name else False,
    }
    return replace(connection, **_present(given))


def _present(given: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if value is not None}


def _path(path: Path | None, option: str) -> str | None:
    if path is None:
        return None
    if not path.is_file():
        raise OptionProblem(f"{option}: there is no file {path}.")
    return str(path.absolute())


def check_identity(identity: str) -> str:
    """A charge point identity that can stand in an address; refused with a sentence otherwise."""
    if re.match(r"wss?://", identity, re.IGNORECASE):
        raise OptionProblem(
            f"“{identity}” is an address, not a charge point id. The id comes first: CP001 {identity}"
        )
    if not identity.strip() or any(ord(character) < 32 for character in identity):
        raise OptionProblem("The charge point id is empty. Give one, for example CP001.")
    return identity


def check_url(url: str) -> str:
    """An address of a central system; refused with a sentence that says what was probably meant."""
    try:
        placed(url, "CP001")
    except AddressProblem as problem:
        raise OptionProblem(problem.sentence) from None
    return url.strip()


def factory_configuration(options: StationOptions) -> dict[str, str]:
    """The configuration values of `--ocpp-config`: a JSON object, key → value."""
    if options.ocpp_config is None:
        return {}
    path = options.ocpp_config
    try:
        content = msgspec.json.decode(path.read_bytes())
    except OSError as problem:
        raise OptionProblem(f"--ocpp-config: {path} cannot be read: {problem.strerror}.") from None
    except ValueError as problem:
        raise OptionProblem(f"--ocpp-config: {path} is not JSON: {problem}.") from None
    if not isinstance(content, dict) or not all(
        isinstance(value, (str, int, float)) for value in content.values()
    ):
        raise OptionProblem(f'--ocpp-config: {path} must be one JSON object {{"key": "value"}}.')
    return {
        key: value if isinstance(value, str) else msgspec.json.encode(value).decode()
        for key, value in content.items()
    }


def parse_speed(text: str) -> Speed:
    """A factor of real time, `pause` or `max`; refused with a sentence otherwise."""
    word = text.strip().casefold()
    if word == "pause":
        return "pause"
    if word == "max":
        return "max"
    try:
        factor = float(word.removeprefix("x").removeprefix("×"))
    except ValueError:
        factor = -1.0
    if not 0 <= factor <= MAX_SPEED:
        raise OptionProblem(f"“{text}” is not a speed: give a factor from 0 to {MAX_SPEED:g}, pause or max.")
    return factor or "pause"


def rate_of(speed: Speed) -> float:
    """The speed as a factor of real time."""
    return {"pause": 0.0, "max": MAX_SPEED}.get(speed, 0.0) if isinstance(speed, str) else speed
