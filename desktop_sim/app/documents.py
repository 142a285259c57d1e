"""Station profiles as documents: opened, edited, saved, with an unsaved mark.

The document is what the file says, never what the station has become since: a change made by the central system or
by charging leaves it as it is (DESIGN § 3).
"""

from collections.abc import Callable
from pathlib import Path

from desktop_sim.app.settings import SettingsFile
from desktop_sim.station.profile import StationProfile
from desktop_sim.storage.profiles import load_profile, save_profile

SUFFIX = ".station.json"


class Document:
    """One profile with the file it came from, if any."""

    def __init__(
        self, profile: StationProfile, path: Path | None = None, settings: SettingsFile | None = None
    ) -> None:
        self.profile = profile
        self.path = path
        self._saved: StationProfile | None = profile
        self._settings = settings
        self._listeners: list[Callable[[], None]] = []

    @classmethod
    def open(cls, path: Path, settings: SettingsFile | None = None) -> "Document":
        """Read a profile from a file. Raises ProfileProblem with a sentence."""
        document = cls(load_profile(path), path, settings)
        if settings is not None:
            settings.remember_file(path)
        return document

    @property
    def unsaved(self) -> bool:
        """Whether the file, if there is one, says something else."""
        return self.profile != self._saved

    @property
    def title(self) -> str:
        """What to call it: the name of the file, else of the profile, else the charge point id."""
        if self.path is not None:
            return self.path.name.removesuffix(SUFFIX)
        return self.profile.identity.charge_point_id or self.profile.name

    def edit(self, profile: StationProfile) -> None:
        """Put another version of the profile in its place."""
        self.profile = profile
        self._tell()

    def save(self) -> None:
        """Write it to its file. Raises ValueError when it has none, ProfileProblem when it cannot be written."""
        if self.path is None:
            raise ValueError("The profile has no file yet: save it under a name.")
        self.save_as(self.path)

    def save_as(self, path: Path) -> None:
        """Write it to a file, which is its file from now on."""
        if not path.name.endswith(".json"):
            path = path.with_name(path.name + SUFFIX)
        save_profile(path, self.profile)
        self.path = path
        self._saved = self.profile
        if self._settings is not None:
            self._settings.remember_file(path)
        self._tell()

    def subscribe(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call `callback` whenever title, content or unsaved mark may have changed; returns what ends it."""
        self._listeners.append(callback)
        return lambda: self._listeners.remove(callback) if callback in self._listeners else None

    def _tell(self) -> None:
        for listener in tuple(self._listeners):
            listener()
