"""What a station is built from, settled before it starts: so that a factory reset can build it again."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from msgspec.structs import replace

from desktop_sim.app.options import (
    StationOptions,
    build_profile,
    factory_configuration,
    rate_of,
)
from desktop_sim.station.profile import StationProfile
from desktop_sim.storage.paths import state_directory
from desktop_sim.storage.profiles import resolve_secret

BUILT_IN = "built-in central system"


@dataclass(frozen=True, slots=True, kw_only=True)
class StationPlan:
    """Everything about a station before its first moment.

    `profile` is the document. `seed` is settled here, so that a factory reset begins with the same one. `directory`
    None keeps nothing. `built_in` says that the built-in central system is meant, wherever it listens; `url_given`
    that the address was asked for at this very start.
    """

    profile: StationProfile
    seed: int
    directory: Path | None = None
    factory: Mapping[str, str] = field(default_factory=dict)
    overrides: Mapping[str, str] = field(default_factory=dict)
    rate: float = 1.0
    person: bool = True
    built_in: bool = False
    url_given: bool = False
    forget: bool = False
    profile_path: Path | None = None

    @property
    def identity(self) -> str:
        """The charge point id."""
        return self.profile.identity.charge_point_id


def plan_station(
    options: StationOptions, *, base: StationProfile | None = None, driver_by_default: bool = True
) -> StationPlan:
    """The plan that options and profile make. Raises OptionProblem and ProfileProblem, each with a sentence."""
    profile = build_profile(options, base)
    built_in = not profile.connection.url
    return StationPlan(
        profile=profile,
        seed=secrets.randbits(63) if options.seed is None else options.seed,
        directory=None if options.ephemeral else _directory(options, profile),
        factory=factory_configuration(options),
        overrides=dict(options.overrides),
        rate=rate_of(options.speed),
        person=_person(options, profile, driver_by_default),
        built_in=built_in,
        url_given=options.url is not None,
        forget=options.factory_reset,
        profile_path=options.profile,
    )


def _person(options: StationOptions, profile: StationProfile, by_default: bool) -> bool:
    """Whether somebody stands at the station: the option, else the profile, else what the face wants."""
    wish = options.driver or profile.driver
    return by_default if wish is None else wish == "present"


def _directory(options: StationOptions, profile: StationProfile) -> Path:
    """Where the station's state lives: named, else by its profile file, else by who it is and where it connects."""
    if options.state_dir is not None:
        return options.state_dir
    url = profile.connection.url or BUILT_IN
    return state_directory(profile.identity.charge_point_id, url, options.profile)


def for_the_station(plan: StationPlan) -> StationProfile:
    """The document as the station gets it: with the secret instead of where it is kept. Raises ProfileProblem."""
    connection = plan.profile.connection
    folder = plan.profile_path.parent if plan.profile_path is not None else None
    key = resolve_secret(connection.authorization_key, folder)
    return replace(plan.profile, connection=replace(connection, authorization_key=key))
