"""Behaviour switches: where real stations differ, each difference has a name, a default and other values.

The names are those of the conformance tables (SW-…). A profile sets them, the `switch` command changes them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from desktop_sim.protocol.types import ChargePointErrorCode
from desktop_sim.station.kernel import Kernel
from desktop_sim.station.keys import keys_of
from desktop_sim.station.profile import StationProfile


@dataclass(frozen=True, slots=True)
class SwitchKind:
    """One switch: `values` are the allowed ones, the first is the default; empty means any text of `form`."""

    name: str
    values: tuple[str, ...]
    does: str
    form: str = ""
    default: str = ""

    @property
    def factory(self) -> str:
        """The value without a profile."""
        return self.values[0] if self.values else self.default


def _kinds() -> dict[str, SwitchKind]:
    table = (
        SwitchKind(
            "SW-BOOT-TRIGGER", ("accept", "reject"), "TriggerMessage(BootNotification) after Accepted (RT-4)"
        ),
        SwitchKind(
            "SW-PENDING-REMOTE", ("reject", "callerror"), "RemoteStart/Stop while Pending (CORE-BOOT-8)"
        ),
        SwitchKind("SW-REJECTED-SOCKET", ("stay-silent", "close"), "the socket while Rejected (CORE-BOOT-9)"),
        SwitchKind(
            "SW-REMOTE-NO-CONN", ("pick", "reject"), "RemoteStart without connectorId (CORE-RSTART-3)"
        ),
        SwitchKind(
            "SW-REMOTE-CONN0", ("Rejected", "callerror"), "RemoteStart for connector 0 (CORE-RSTART-4)"
        ),
        SwitchKind(
            "SW-FINISHING-REMOTE", ("accept", "reject"), "RemoteStart while Finishing (CORE-RSTART-6)"
        ),
        SwitchKind(
            "SW-UNLOCK-FIXED-STOPS",
            ("false", "true"),
            "UnlockConnector on a fixed cable ends the transaction",
        ),
        SwitchKind("SW-ERR-STYLE", ("precise", "formation"), "error codes for schema violations (RPC-24)"),
        SwitchKind("SW-STRICT-OUT", ("on", "off"), "check what we send against its type (RPC-14)"),
        SwitchKind("SW-STRICT-IN", ("on", "lenient-in"), "how strictly what we get is read (RPC-22)"),
        SwitchKind(
            "SW-PASSWORD-FORM", ("auto", "hex", "text"), "how AuthorizationKey becomes a password (WS-14)"
        ),
        SwitchKind(
            "SW-RESUME-AFTER-POWERLOSS",
            ("stop", "resume"),
            "an open transaction after power loss (CORE-PWR-3)",
        ),
        SwitchKind(
            "SW-TXQ-ON-TIMEOUT", ("counts", "does-not-count"), "a time-out uses up an attempt (CORE-TXQ-6)"
        ),
        SwitchKind(
            "SW-MISSPELL",
            ("OccurenceConstraintViolation", "OccurrenceConstraintViolation"),
            "spelling of that error code (RPC-20)",
        ),
        SwitchKind("SW-TEMP-UNIT", ("Celsius", "Celcius"), "spelling of the temperature unit (CORE-MV-16)"),
        SwitchKind(
            "SW-FREE-VEND", (), "start without authorization with this idTag; off", "idTag or off", "off"
        ),
        SwitchKind(
            "SW-NOSTART-ABS", ("tx-start", "reject"), "Absolute profile without startSchedule (SC-SET-17)"
        ),
        SwitchKind("SW-SC-TIE", ("specific", "last-writer"), "profiles of one level on 0 and n (SC-CALC-9)"),
        SwitchKind("SW-SC-MAX-RELATIVE", ("accept", "reject"), "Relative ChargePointMaxProfile (SC-SET-16)"),
        SwitchKind(
            "SW-LAL-DISABLED",
            ("unsupported", "normal"),
            "local list messages while LocalAuthListEnabled is false (LAL-1, LAL-7)",
        ),
        SwitchKind("SW-RESERVATIONS", ("accept", "reject"), "every ReserveNow is Rejected (RES-3)"),
        SwitchKind(
            "SW-RESERVE-AUTHORIZE", ("off", "on"), "Authorize the idTag of a new reservation (RES-12)"
        ),
        SwitchKind("SW-SIMULATED-TRANSFERS", ("off", "on"), "file transfers succeed without a server"),
        SwitchKind("SW-FIRMWARE-FAILS", ("none", "download", "install"), "where a firmware update fails"),
        SwitchKind("SW-DIAGNOSTICS-FAIL", ("none", "upload"), "whether the upload of diagnostics fails"),
        SwitchKind("SW-INSTALL-SECONDS", (), "how long an installation takes", "seconds, 0 to 600", "5"),
        SwitchKind("SW-ALWAYS-BOOT", ("off", "on"), "BootNotification after each reconnect (WS-8)"),
        SwitchKind(
            "SW-STATUS-ALL-ON-RECONNECT",
            ("off", "on"),
            "report every connector after each reconnect (CORE-STAT-3)",
        ),
        SwitchKind(
            "SW-STRICT-HEARTBEAT",
            ("off", "on"),
            "heartbeats at the interval whatever else was sent (CORE-HB-1)",
        ),
        SwitchKind(
            "SW-CHARGE-BEFORE-ACCEPTED",
            ("off", "on"),
            "charging before ever having been accepted (CORE-BOOT-12)",
        ),
        SwitchKind(
            "SW-UNAVAILABLE-UNTIL-ACCEPTED",
            ("off", "on"),
            "connectors Unavailable until accepted (CORE-BOOT-13)",
        ),
        SwitchKind("SW-REMOTE-STOP-TAG", ("start-tag", "none"), "idTag of a remote stop (CORE-STOP-2)"),
        SwitchKind(
            "SW-TOLERATE-NO-SUBPROTOCOL", ("off", "on"), "go on if the server names no sub-protocol (WS-3)"
        ),
        SwitchKind(
            "SW-ENFORCE-MAX-KEYS", ("off", "on"), "refuse more keys than GetConfigurationMaxKeys (CORE-CFG-6)"
        ),
        SwitchKind(
            "SW-LOSE-QUEUE-ON-HARD-RESET", ("off", "on"), "a hard reset loses queued messages (CORE-RST-8)"
        ),
        SwitchKind(
            "SW-PREPARING-TIMEOUT",
            ("finishing", "stay"),
            "plugged in and no idTag within the time-out (B6, F34)",
        ),
        SwitchKind(
            "SW-TRIGGER-OFF-ANSWER",
            ("NotSupported", "NotImplemented"),
            "TriggerMessage when switched off (RT-9)",
        ),
        SwitchKind("SW-REBOOT-SECONDS", (), "how long a restart takes", "seconds, 0 to 600", "1"),
        SwitchKind(
            "SW-RESET-FAILS", (), "so many tries to restart fail (CORE-RST-6)", "number, 0 to 100", "0"
        ),
        SwitchKind(
            "SW-QUEUE-DELAY", (), "pause between queued messages (CORE-TXQ-13)", "seconds, 0 to 600", "0"
        ),
        SwitchKind("SW-QUEUE-SIZE", (), "bound of the queue (CORE-TXQ-12)", "number, 10 to 1000000", "10000"),
        SwitchKind(
            "SW-CACHE-SIZE",
            (),
            "bound of the authorization cache (CORE-CACHE-5)",
            "number, 1 to 100000",
            "1000",
        ),
        SwitchKind(
            "SW-FATAL-FAULTS",
            (),
            "error codes that end a transaction; others suspend it (CORE-STAT-11)",
            "error codes, comma separated",
            "GroundFailure,InternalError,OverCurrentFailure,PowerSwitchFailure",
        ),
        SwitchKind(
            "SW-ABSENT-KEYS",
            (),
            "optional keys the station does not have (CORE-CFG-7)",
            "optional keys, comma separated",
            "MaxEnergyOnInvalidId",
        ),
        SwitchKind(
            "SW-REBOOT-KEYS",
            (),
            "keys that take effect at the next boot only (CORE-CFG-1)",
            "keys that can be set, comma separated",
        ),
    )
    return {kind.name: kind for kind in table}


SWITCHES = _kinds()
"""Every switch this station has, by name."""

_BOUNDS = {
    "SW-REBOOT-SECONDS": (0, 600),
    "SW-INSTALL-SECONDS": (0, 600),
    "SW-RESET-FAILS": (0, 100),
    "SW-QUEUE-DELAY": (0, 600),
    "SW-QUEUE-SIZE": (10, 1_000_000),
    "SW-CACHE-SIZE": (1, 100_000),
}


_KEYS = keys_of(StationProfile())
_LISTS: dict[str, tuple[str, ...]] = {
    "SW-FATAL-FAULTS": tuple(code for code in ChargePointErrorCode if code != "NoError"),
    "SW-ABSENT-KEYS": tuple(key.name for key in _KEYS.values() if key.optional),
    "SW-REBOOT-KEYS": tuple(key.name for key in _KEYS.values() if key.access != "R"),
}
"""What may stand in a switch that is a list."""


class SwitchProblem(ValueError):
    """A switch or a value there is not; the sentence says which there are."""


def switch_named(name: str) -> SwitchKind:
    """The switch of this name, in any case. Raises SwitchProblem."""
    kind = next((kind for kind in SWITCHES.values() if kind.name.lower() == name.strip().lower()), None)
    if kind is None:
        raise SwitchProblem(f"There is no switch {name}. There are: {', '.join(SWITCHES)}.")
    return kind


def checked(name: str, value: str) -> tuple[str, str]:
    """A switch's name and value in canonical spelling. Raises SwitchProblem."""
    kind = switch_named(name)
    value = value.strip()
    if kind.values:
        for known in kind.values:
            if known.lower() == value.lower():
                return kind.name, known
        raise SwitchProblem(f"{kind.name} is one of {', '.join(kind.values)}, not {value!r}.")
    if kind.name in _BOUNDS:
        low, high = _BOUNDS[kind.name]
        if not value.isascii() or not value.isdigit() or not low <= int(value) <= high:
            raise SwitchProblem(f"{kind.name} is {kind.form}, not {value!r}.")
    if kind.name in _LISTS:
        return kind.name, _listed(kind, value)
    if kind.name == "SW-FREE-VEND" and not 1 <= len(value) <= 20:
        raise SwitchProblem("SW-FREE-VEND is an idTag of at most 20 characters, or off.")
    return kind.name, value


def _listed(kind: SwitchKind, value: str) -> str:
    """The items of a list in canonical spelling. Raises SwitchProblem."""
    known = {name.lower(): str(name) for name in _LISTS[kind.name]}
    items = [item.strip() for item in value.split(",") if item.strip()]
    for item in items:
        if item.lower() not in known:
            raise SwitchProblem(f"{kind.name} takes {kind.form}: {', '.join(known.values())}; not {item!r}.")
    return ",".join(dict.fromkeys(known[item.lower()] for item in items))


class Switches:
    """The switches of one station: factory value, then the profile's, then what was stored since."""

    def __init__(self, kernel: Kernel, profile: Mapping[str, str]) -> None:
        self._kernel = kernel
        self._values = {name: kind.factory for name, kind in SWITCHES.items()}
        for name, value in profile.items():
            self._values.update([checked(name, value)])
        self._values.update(
            (name, value) for name, value in kernel.load_all("switch", str).items() if name in SWITCHES
        )

    def __getitem__(self, name: str) -> str:
        return self._values[name]

    def number(self, name: str) -> int:
        """The value of a switch that is a number."""
        return int(self._values[name])

    def items(self, name: str) -> frozenset[str]:
        """The value of a switch that is a list."""
        return frozenset(item.strip() for item in self._values[name].split(",") if item.strip())

    def is_on(self, name: str) -> bool:
        """Whether a switch of the values on/off or true/false is on."""
        return self._values[name] in ("on", "true")

    def set(self, name: str, value: str) -> None:
        """Change a switch for good. Raises SwitchProblem."""
        name, value = checked(name, value)
        self._values[name] = value
        self._kernel.store("switch", name, value)

    def all(self) -> dict[str, str]:
        """Name → value of every switch."""
        return dict(self._values)
