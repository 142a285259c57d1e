"""The configuration keys of the station: type, bounds, access, default (CONFORMANCE C.1)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from desktop_sim.physics.meter import measurands
from desktop_sim.physics.supply import OutletRating, Supply
from desktop_sim.protocol.actions import FeatureProfile
from desktop_sim.protocol.types import Measurand, Phase
from desktop_sim.station.profile import StationProfile

ROTATIONS = ("NotApplicable", "Unknown", "RST", "RTS", "SRT", "STR", "TRS", "TSR")
IMPLEMENTED_PROFILES = (
    "Core",
    "FirmwareManagement",
    "LocalAuthListManagement",
    "Reservation",
    "SmartCharging",
    "RemoteTrigger",
)
"""Only what works is advertised (DESIGN § 7)."""

PHASED = frozenset(
    {
        Measurand.CurrentExport,
        Measurand.CurrentImport,
        Measurand.PowerActiveExport,
        Measurand.PowerActiveImport,
        Measurand.PowerReactiveExport,
        Measurand.PowerReactiveImport,
        Measurand.Voltage,
    }
)
"""What is measured on each phase."""


class BadValue(ValueError):
    """A value a key does not take; the sentence says what it takes."""


@dataclass(frozen=True, slots=True)
class Key:
    """One configuration key. `form` decides how its text is read; bounds are for numbers, both ends included.

    A station that does not advertise the feature profile does not have the key.
    """

    name: str
    form: Literal["bool", "int", "measurands", "rotation", "units", "profiles", "text", "password"]
    default: str
    access: Literal["RW", "R", "W"] = "RW"
    low: int = 0
    high: int = 2**31 - 1
    optional: bool = False
    unit: str = ""
    profile: FeatureProfile = FeatureProfile.Core


def _bool(name: str, default: str, *, optional: bool = False) -> Key:
    return Key(name, "bool", default, optional=optional)


def _number(
    name: str, default: int, high: int, unit: str = "s", *, low: int = 0, optional: bool = False
) -> Key:
    return Key(name, "int", str(default), low=low, high=high, unit=unit, optional=optional)


def _fact(name: str, default: int, *, optional: bool = True) -> Key:
    return Key(name, "int", str(default), "R", low=1, optional=optional)


def _of(profile: FeatureProfile, key: Key) -> Key:
    return replace(key, profile=profile)


def keys_of(profile: StationProfile) -> dict[str, Key]:
    """All keys of a station of this profile, by name, in alphabetical order."""
    count = len(profile.connectors)
    fixed = all(part.fixed_cable for part in profile.connectors)
    rotation = ",".join(
        ["0.Unknown"]
        + [
            f"{number}.{'Unknown' if part.current == 'AC' and part.phases == 3 else 'NotApplicable'}"
            for number, part in enumerate(profile.connectors, 1)
        ]
    )
    energy = Measurand.EnergyActiveImportRegister.value
    lists, reserving = FeatureProfile.LocalAuthListManagement, FeatureProfile.Reservation
    charging = FeatureProfile.SmartCharging
    table = (
        _bool("AllowOfflineTxForUnknownId", "false", optional=True),
        _bool("AuthorizationCacheEnabled", "true", optional=True),
        Key("AuthorizationKey", "password", "", "W", optional=True),
        _bool("AuthorizeRemoteTxRequests", "false"),
        _number("BlinkRepeat", 3, 100, "times", optional=True),
        _of(charging, Key("ChargeProfileMaxStackLevel", "int", "10", "R")),
        _of(charging, Key("ChargingScheduleAllowedChargingRateUnit", "units", "Current,Power", "R")),
        _of(charging, _fact("ChargingScheduleMaxPeriods", 100, optional=False)),
        _number("ClockAlignedDataInterval", 0, 86_400),
        _number("ConnectionTimeOut", 60, 3600),
        Key("ConnectorPhaseRotation", "rotation", rotation),
        _fact("ConnectorPhaseRotationMaxLength", count + 1),
        _of(charging, Key("ConnectorSwitch3to1PhaseSupported", "bool", "false", "R", optional=True)),
        _fact("GetConfigurationMaxKeys", 100, optional=False),
        _number("HeartbeatInterval", 300, 86_400),
        _number("LightIntensity", 100, 100, "%", optional=True),
        _of(lists, _bool("LocalAuthListEnabled", "true")),
        _of(lists, _fact("LocalAuthListMaxLength", 1000, optional=False)),
        _bool("LocalAuthorizeOffline", "true"),
        _bool("LocalPreAuthorize", "false"),
        _of(charging, _fact("MaxChargingProfilesInstalled", 50, optional=False)),
        _number("MaxEnergyOnInvalidId", 0, 2**31 - 1, "Wh", optional=True),
        _number("MessageTimeout", 30, 600, low=1, optional=True),
        Key("MeterValuesAlignedData", "measurands", energy),
        _fact("MeterValuesAlignedDataMaxLength", 22),
        Key("MeterValuesSampledData", "measurands", energy),
        _fact("MeterValuesSampledDataMaxLength", 22),
        _number("MeterValueSampleInterval", 60, 86_400),
        _number("MinimumStatusDuration", 0, 3600, optional=True),
        _fact("NumberOfConnectors", count, optional=False),
        _of(reserving, Key("ReserveConnectorZeroSupported", "bool", "true", "R", optional=True)),
        _number("ResetRetries", 1, 10, "times"),
        _of(lists, _fact("SendLocalListMaxLength", 100, optional=False)),
        Key("StopTransactionMaxMeterValues", "int", "500", "R", low=2, optional=True),
        _bool("StopTransactionOnEVSideDisconnect", "true", optional=True),
        _bool("StopTransactionOnInvalidId", "true"),
        Key("StopTxnAlignedData", "measurands", ""),
        _fact("StopTxnAlignedDataMaxLength", 22),
        Key("StopTxnSampledData", "measurands", ""),
        _fact("StopTxnSampledDataMaxLength", 22),
        Key("SupportedFileTransferProtocols", "text", "FTP,FTPS,HTTP,HTTPS", "R", optional=True),
        Key("SupportedFeatureProfiles", "profiles", ",".join(IMPLEMENTED_PROFILES), "R"),
        _fact("SupportedFeatureProfilesMaxLength", 6),
        _number("TransactionMessageAttempts", 3, 100, "times"),
        _number("TransactionMessageRetryInterval", 60, 3600),
        Key(
            "UnlockConnectorOnEVSideDisconnect", "bool", "false" if fixed else "true", "R" if fixed else "RW"
        ),
        Key("WebSocketPingInterval", "int", "60", unit="s", high=86_400, optional=True),
    )
    return {key.name: key for key in sorted(table, key=lambda key: key.name.lower())}


def canonical(key: Key, text: str, profile: StationProfile, longest: int | None) -> str:
    """The value in canonical spelling (CORE-CFG-3, CORE-MV-7). `longest` bounds the items of a list (CORE-MV-8).

    Raises:
        BadValue: what the key takes instead.
    """
    text = text.strip() if key.form != "password" else text
    if key.form == "bool":
        if text.lower() not in ("true", "false"):
            raise BadValue(f"{key.name} is true or false, not {text!r}.")
        return text.lower()
    if key.form == "int":
        return _canonical_number(key, text)
    if key.form == "password":
        if text and not 8 <= len(text.encode()) <= 40:
            raise BadValue(f"{key.name} has 8 to 40 characters.")
        return text
    if key.form == "text":
        return text
    items = [item.strip() for item in text.split(",") if item.strip()]
    if key.form == "measurands":
        items = [_measurand(key, item, profile) for item in items]
    elif key.form == "units":
        items = [_one_of(key, item, UNITS) for item in items]
    elif key.form == "rotation":
        items = _rotations(key, items, len(profile.connectors))
    else:
        items = [_one_of(key, item, IMPLEMENTED_PROFILES) for item in items]
    items = list(dict.fromkeys(items))
    if longest is not None and len(items) > longest:
        raise BadValue(f"{key.name} holds at most {longest} items, not {len(items)}.")
    if len(",".join(items)) > 500:
        raise BadValue(f"{key.name} holds at most 500 characters.")
    return ",".join(items)


def split_measurand(item: str) -> tuple[Measurand, Phase | None]:
    """A list item such as `Voltage.L1` as measurand and phase (CORE-MV-6). Raises ValueError."""
    lower = item.lower()
    for measurand in Measurand:
        name = measurand.value.lower()
        if lower == name:
            return measurand, None
        if lower.startswith(name + "."):
            rest = lower[len(name) + 1 :]
            for phase in Phase:
                if phase.value.lower() == rest:
                    return measurand, phase
    raise ValueError(item)


UNITS = ("Current", "Power")
"""Values of ChargingScheduleAllowedChargingRateUnit."""


def measurable(profile: StationProfile) -> frozenset[str]:
    """The measurands at least one connector of this station can measure."""
    kinds = {part.current for part in profile.connectors}
    names = {name for kind in kinds for name in measurands(OutletRating(supply=Supply(kind=kind)))}
    return frozenset(names | {Measurand.EnergyActiveImportInterval.value})


def lines_of(profile: StationProfile) -> int:
    """The most phases any AC connector of this station meters."""
    return max((part.phases for part in profile.connectors if part.current == "AC"), default=0)


def _canonical_number(key: Key, text: str) -> str:
    digits = text[1:] if text[:1] in ("+", "-") else text
    if not digits.isascii() or not digits.isdigit() or len(digits) > 12:
        raise BadValue(f"{key.name} is a whole number{_unit(key)}, not {text!r}.")
    number = int(text)
    if not key.low <= number <= key.high:
        raise BadValue(f"{key.name} is {key.low} to {key.high}{_unit(key)}, not {number}.")
    return str(number)


def _unit(key: Key) -> str:
    return f" ({key.unit})" if key.unit else ""


def _measurand(key: Key, item: str, profile: StationProfile) -> str:
    try:
        measurand, phase = split_measurand(item)
    except ValueError:
        raise BadValue(f"{key.name}: there is no measurand {item!r}.") from None
    names = (Phase.L1, Phase.L2, Phase.L3)[: lines_of(profile)]
    if measurand.value not in measurable(profile) or (
        phase is not None and (measurand not in PHASED or phase not in names)
    ):
        raise BadValue(f"{key.name}: this station cannot measure {item!r}.")
    return measurand.value if phase is None else f"{measurand.value}.{phase.value}"


def _rotations(key: Key, items: Sequence[str], count: int) -> list[str]:
    known: dict[str, str] = {}
    for item in items:
        number, _, value = _rotation(key, item, count).partition(".")
        if known.setdefault(number, value) != value:
            raise BadValue(f"{key.name}: connector {number} stands there twice.")
    return [f"{number}.{value}" for number, value in known.items()]


def _rotation(key: Key, item: str, count: int) -> str:
    number, dot, value = item.partition(".")
    known = next((rotation for rotation in ROTATIONS if rotation.lower() == value.strip().lower()), None)
    number = number.strip()
    if not dot or known is None or not number.isascii() or not number.isdigit() or int(number) > count:
        raise BadValue(f"{key.name}: {item!r} is not of the form 1.RST with a connector from 0 to {count}.")
    return f"{int(number)}.{known}"


def _one_of(key: Key, item: str, names: Sequence[str]) -> str:
    known = next((name for name in names if name.lower() == item.lower()), None)
    if known is None:
        raise BadValue(f"{key.name}: {item!r} is not one of {', '.join(names)}.")
    return known
