"""The configuration keys' values: who set them, which source wins, who is told (CONFORMANCE A.10, CORE-CFG).

The factory value comes from the key table, then the profile and `--ocpp-config` (first start only), then what was
stored since, then `--set`, which wins at every start (DESIGN § 3).
"""

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Literal

from desktop_sim.protocol.actions import FeatureProfile
from desktop_sim.protocol.core import (
    ChangeConfigurationRequest,
    ChangeConfigurationResponse,
    GetConfigurationRequest,
    GetConfigurationResponse,
    KeyValue,
)
from desktop_sim.protocol.errors import ErrorCode
from desktop_sim.protocol.types import ConfigurationStatus
from desktop_sim.station.events import ConfigurationEvent
from desktop_sim.station.kernel import Kernel
from desktop_sim.station.keys import BadValue, Key, canonical, keys_of
from desktop_sim.station.profile import StationProfile
from desktop_sim.station.refusal import Refusal
from desktop_sim.station.switches import SWITCHES, Switches

By = Literal["central system", "local", "station"]


class ConfigurationProblem(ValueError):
    """A key or value that cannot be; the sentence says what can."""


class Configuration:
    """The keys of one station and their values, which are always text; typed readers beside."""

    def __init__(
        self,
        kernel: Kernel,
        switches: Switches,
        profile: StationProfile,
        factory: Mapping[str, str],
        overrides: Mapping[str, str],
    ) -> None:
        self._kernel = kernel
        self._switches = switches
        self._profile = profile
        self._keys = keys_of(profile)
        self._values = {key.name: key.default for key in self._keys.values()}
        self._waiting: dict[str, str] = {}
        self._listeners: dict[str, list[Callable[[], None]]] = {}
        self._numbers: dict[str, int] = {}
        self._given: frozenset[str] = frozenset()
        self._absent: tuple[str, frozenset[str]] = ("", frozenset())
        named: dict[str, str] = {}
        stored = kernel.load_all("configuration", str)
        if kernel.boot_count == 0:
            named = self._take(profile.configuration) | self._take(factory)
        self._values |= {name: value for name, value in stored.items() if name in self._keys}
        named |= self._take(overrides)
        for name, value in named.items():
            kernel.store("configuration", name, value)
        self._given = frozenset((*named, *stored))

    # --- reading ---

    def text(self, name: str) -> str:
        """The effective value of a key."""
        return self._values[name]

    def number(self, name: str) -> int:
        """The effective value of a whole-number key."""
        known = self._numbers.get(name)
        if known is None:
            known = self._numbers[name] = int(self._values[name])
        return known

    def flag(self, name: str) -> bool:
        """The effective value of a boolean key."""
        return self._values[name] == "true"

    def items(self, name: str) -> tuple[str, ...]:
        """The effective value of a list key."""
        return tuple(item for item in self._values[name].split(",") if item)

    def has(self, name: str) -> bool:
        """Whether the station has this key at all: it may be optional, or of a profile that is off (CORE-CFG-7)."""
        key = self._keys.get(name)
        absent = key is None or (key.optional and name in self._absent_keys())
        return key is not None and not absent and self.profile_is_on(key.profile)

    def profile_is_on(self, profile: FeatureProfile) -> bool:
        """Whether a feature profile is advertised, so that its actions are answered."""
        return profile is FeatureProfile.Core or profile in self.items("SupportedFeatureProfiles")

    def named(self, name: str) -> Key:
        """The key of this name. Raises ConfigurationProblem with those that are alike."""
        key = self.find(name)
        if key is None:
            near = get_close_matches(name, list(self._keys), 3, 0.5)
            hint = f" Did you mean {' or '.join(near)}?" if near else ""
            raise ConfigurationProblem(f"There is no configuration key {name}.{hint}")
        return key

    def needs_reboot(self, name: str) -> bool:
        """Whether a new value of this key takes effect at the next boot only (CORE-CFG-1)."""
        return name in self._switches.items("SW-REBOOT-KEYS")

    def find(self, name: str) -> Key | None:
        """The key of this name, whatever the case (CORE-CFG-2)."""
        lower = name.strip().lower()
        return next(
            (key for key in self._keys.values() if key.name.lower() == lower and self.has(key.name)), None
        )

    def shown(self) -> dict[str, str]:
        """Every readable key and the value GetConfiguration reports."""
        return {
            key.name: self._waiting.get(key.name, self._values[key.name])
            for key in self._keys.values()
            if key.access != "W" and self.has(key.name)
        }

    def all(self) -> tuple[Key, ...]:
        """All keys this station has."""
        return tuple(key for key in self._keys.values() if self.has(key.name))

    # --- changing ---

    def on_change(self, name: str, listener: Callable[[], None]) -> None:
        """Call the listener after the key's effective value has changed."""
        self._listeners.setdefault(name, []).append(listener)

    def change(self, name: str, text: str) -> ConfigurationStatus:
        """What ChangeConfiguration does (CORE-CFG-1)."""
        key = self.find(name)
        if key is None:
            return ConfigurationStatus.NotSupported
        if key.access == "R":
            return ConfigurationStatus.Rejected
        try:
            value = canonical(key, text, self._profile, self._longest(key))
        except BadValue:
            return ConfigurationStatus.Rejected
        return self._set(key, value, "central system")

    def change_locally(self, name: str, text: str) -> ConfigurationStatus:
        """Change a key from the station's own side. Raises ConfigurationProblem with a sentence."""
        key = self.named(name)
        if key.access == "R":
            raise ConfigurationProblem(f"{key.name} tells a fact about the station and cannot be set.")
        try:
            value = canonical(key, text, self._profile, self._longest(key))
        except BadValue as problem:
            raise ConfigurationProblem(str(problem)) from None
        return self._set(key, value, "local")

    def take_over(self, name: str, value: str) -> None:
        """The station itself sets a key, as BootNotification.conf does with HeartbeatInterval (CORE-BOOT-3)."""
        if self._values[name] != value:
            self._set(self._keys[name], value, "station")

    def boot(self) -> None:
        """Values that waited for a restart become effective (CORE-RST-7)."""
        waiting, self._waiting = self._waiting, {}
        for name, value in waiting.items():
            self._make_effective(name, value)

    # --- messages ---

    def on_change_configuration(self, request: ChangeConfigurationRequest) -> ChangeConfigurationResponse:
        """Answer ChangeConfiguration."""
        return ChangeConfigurationResponse(status=self.change(request.key, request.value))

    def on_get_configuration(self, request: GetConfigurationRequest) -> GetConfigurationResponse:
        """Answer GetConfiguration (CORE-CFG-5, -6, -11, -12)."""
        names = request.key or ()
        if self._switches.is_on("SW-ENFORCE-MAX-KEYS") and len(names) > self.number(
            "GetConfigurationMaxKeys"
        ):
            raise Refusal(ErrorCode.OccurenceConstraintViolation, "More keys than GetConfigurationMaxKeys.")
        if not names:
            return GetConfigurationResponse(
                configuration_key=tuple(self._reported(key) for key in self.all() if key.access != "W")
            )
        found = {name.lower(): self.find(name) for name in names}
        known = tuple(self._reported(key) for key in dict.fromkeys(key for key in found.values() if key))
        missing = {name.lower(): name for name in reversed(names) if found[name.lower()] is None}
        unknown = tuple(reversed(missing.values()))
        if unknown:
            return GetConfigurationResponse(configuration_key=known, unknown_key=unknown)
        return GetConfigurationResponse(configuration_key=known)

    # --- inside ---

    def _absent_keys(self) -> frozenset[str]:
        """The keys SW-ABSENT-KEYS names; as long as that stands as delivered, a key that was given a value is there."""
        text, absent = self._absent
        if text != self._switches["SW-ABSENT-KEYS"]:
            text = self._switches["SW-ABSENT-KEYS"]
            absent = self._switches.items("SW-ABSENT-KEYS")
            if text == SWITCHES["SW-ABSENT-KEYS"].factory:
                absent -= self._given
            self._absent = (text, absent)
        return absent

    def _reported(self, key: Key) -> KeyValue:
        if key.access == "W":
            return KeyValue(key=key.name, readonly=False)
        value = self._waiting.get(key.name, self._values[key.name])
        return KeyValue(key=key.name, readonly=key.access == "R", value=value)

    def _take(self, values: Mapping[str, str]) -> dict[str, str]:
        """Read a document's values into place. Raises ConfigurationProblem."""
        taken: dict[str, str] = {}
        for name, text in values.items():
            key = next((key for key in self._keys.values() if key.name.lower() == name.strip().lower()), None)
            if key is None:
                key = self.named(name)
            try:
                taken[key.name] = canonical(key, text, self._profile, self._longest(key))
            except BadValue as problem:
                raise ConfigurationProblem(str(problem)) from None
        self._values |= taken
        self._numbers.clear()
        return taken

    def _longest(self, key: Key) -> int | None:
        name = f"{key.name}MaxLength"
        return int(self._values[name]) if name in self._keys else None

    def _set(self, key: Key, value: str, by: By) -> ConfigurationStatus:
        self._kernel.store("configuration", key.name, value)
        late = self.needs_reboot(key.name) and by != "station"
        shown = "" if key.access == "W" else value
        self._kernel.emit(ConfigurationEvent, key=key.name, value=shown, by=by, reboot_required=late)
        if late:
            self._waiting[key.name] = value
            return ConfigurationStatus.RebootRequired
        self._make_effective(key.name, value)
        return ConfigurationStatus.Accepted

    def _make_effective(self, name: str, value: str) -> None:
        changed = self._values[name] != value
        self._values[name] = value
        self._numbers.pop(name, None)
        if changed:
            for listener in self._listeners.get(name, ()):
                listener()
