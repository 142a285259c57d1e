"""Station profiles as files (`*.station.json`): read with a sentence for every fault, written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from desktop_sim.station.profile import SecretReference, StationProfile
from desktop_sim.storage.atomic import write_atomically
from desktop_sim.storage.json_text import pretty
from desktop_sim.storage.profile_text import TextProblem, contradictions, parse_profile, profile_schema
from desktop_sim.storage.vehicles import vehicle_library

LARGEST = 16 * 1024 * 1024
"""Bytes beyond which a file is no station profile."""


class ProfileProblem(Exception):
    """A profile cannot be read, used or written; `sentence` names the file, the place in it and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def load_profile(path: Path) -> StationProfile:
    """The profile in a file, of this or any earlier version of the program. Raises ProfileProblem."""
    content = _content(path)
    try:
        profile = parse_profile(content)
    except TextProblem as problem:
        raise ProfileProblem(f"{path}: {problem.sentence}") from None
    faults = list(contradictions(profile, vehicle_library()))
    if faults:
        raise ProfileProblem(f"{path}: {' '.join(faults)}")
    return profile


def save_profile(path: Path, profile: StationProfile) -> None:
    """Write a profile, readable and whole or not at all; a file that is there keeps its permissions.

    A new file with a secret in it can be read by its owner only. Raises ProfileProblem; the old content is then
    untouched.
    """
    secret = isinstance(profile.connection.authorization_key, str)
    content = pretty(msgspec.to_builtins(profile)).encode()
    if path.is_dir():
        raise ProfileProblem(f"{path} is a folder. Give the name of a file.")
    try:
        write_atomically(path, content, mode=0o600 if secret else 0o644)
    except OSError as problem:
        raise ProfileProblem(_not_written(path, problem)) from problem


def resolve_secret(secret: str | SecretReference | None, relative_to: Path | None = None) -> str | None:
    """The secret itself, read from where the reference says it is kept; None if there is none.

    A relative file name counts from the folder `relative_to`, else from the current one. Space and line ends around
    a secret in a file do not belong to it. Raises ProfileProblem.
    """
    if secret is None or isinstance(secret, str):
        return secret
    if secret.env:
        value = os.environ.get(secret.env)
        if value is None:
            raise ProfileProblem(
                f"The environment variable {secret.env}, where the profile keeps a secret, is not set. "
                f"Set it before the start, as in {secret.env}=… ./run_simulator.sh"
            )
        return value
    path = Path(secret.file).expanduser()
    path = path if relative_to is None else relative_to / path
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as problem:
        reason = problem.strerror if isinstance(problem, OSError) else "it is not text"
        raise ProfileProblem(
            f"The file {path}, where the profile keeps a secret, cannot be read ({reason})."
        ) from None


def schema_text() -> str:
    """The published JSON Schema as it stands in `resources/schemas/station-profile.schema.json`."""
    return pretty(profile_schema())


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except FileNotFoundError:
        raise ProfileProblem(
            f"There is no file {path}. Look at its name, or save a profile there first."
        ) from None
    except IsADirectoryError:
        raise ProfileProblem(f"{path} is a folder. Give the name of a file in it.") from None
    except PermissionError:
        raise ProfileProblem(
            f"{path} cannot be read: you are not allowed to. Change its permissions."
        ) from None
    except OSError as problem:
        raise ProfileProblem(f"{path} cannot be read ({problem.strerror}).") from None
    if len(content) > LARGEST:
        raise ProfileProblem(f"{path} is too large to be a station profile.")
    return content


def _not_written(path: Path, problem: OSError) -> str:
    match problem:
        case FileNotFoundError():
            return f"There is no folder {path.parent}. Make it first, or choose another."
        case PermissionError():
            return f"{path} cannot be written: you are not allowed to write into {path.parent}. Choose another folder."
        case _:
            return f"{path} cannot be written ({problem.strerror}). What was there before is untouched."


__all__ = [
    "ProfileProblem",
    "load_profile",
    "profile_schema",
    "resolve_secret",
    "save_profile",
    "schema_text",
]
