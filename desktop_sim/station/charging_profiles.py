"""The installed charging profiles: which are taken, which replace which, which are cleared (SC-SET, SC-CLR)."""

from collections.abc import Callable
from itertools import pairwise

import msgspec
from msgspec import UNSET

from desktop_sim.protocol.codec import decode_request, encode
from desktop_sim.protocol.errors import ErrorCode
from desktop_sim.protocol.smart_charging import (
    ChargingProfile,
    ClearChargingProfileRequest,
    SetChargingProfileRequest,
)
from desktop_sim.protocol.times import parse_time
from desktop_sim.protocol.types import ChargingProfileKindType as Kind
from desktop_sim.protocol.types import ChargingProfilePurposeType as Purpose
from desktop_sim.protocol.types import ChargingRateUnitType
from desktop_sim.station.composite_schedule import Installed
from desktop_sim.station.configuration import Configuration
from desktop_sim.station.connectors import Connectors
from desktop_sim.station.kernel import Kernel
from desktop_sim.station.refusal import Refusal
from desktop_sim.station.switches import Switches

UNIT_NAMES = {ChargingRateUnitType.A: "Current", ChargingRateUnitType.W: "Power"}
"""How ChargingScheduleAllowedChargingRateUnit spells the units."""


class ProfileRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A charging profile on record: the request it came with, and when."""

    request: msgspec.Raw
    received: int
    order: int


class ChargingProfiles:
    """The store of charging profiles, over any stop (SC-SET-19).

    Attributes:
        on_change: called after a profile was installed or removed.
    """

    def __init__(
        self, kernel: Kernel, connectors: Connectors, configuration: Configuration, switches: Switches
    ) -> None:
        self._kernel = kernel
        self._connectors = connectors
        self._configuration = configuration
        self._switches = switches
        self.on_change: Callable[[], None] = _nothing
        self._installed: dict[int, Installed] = {}
        for record in kernel.load_all("charging profile", ProfileRecord).values():
            request = decode_request("SetChargingProfile", bytes(record.request))
            assert isinstance(request, SetChargingProfileRequest)
            profile = request.cs_charging_profiles
            self._installed[profile.charging_profile_id] = Installed(
                profile, request.connector_id, record.received, record.order
            )
        self._order = max((one.order for one in self._installed.values()), default=0)

    def all(self) -> list[Installed]:
        """Every installed profile, the oldest first."""
        return sorted(self._installed.values(), key=lambda one: one.order)

    # --- installing ---

    def accepts(self, connector_id: int, profile: ChargingProfile, *, starting: bool = False) -> bool:
        """Whether the profile may be installed there; `starting`: it came with RemoteStartTransaction.

        Raises:
            Refusal: for an unknown connector (SC-SET-2).
        """
        if connector_id != 0 and self._connectors.get(connector_id) is None:
            raise Refusal(
                ErrorCode.PropertyConstraintViolation, f"$.connectorId: there is no connector {connector_id}."
            )
        if starting:
            fits = profile.charging_profile_purpose is Purpose.TxProfile and profile.transaction_id is UNSET
        else:
            fits = self._fits_purpose(connector_id, profile)
        return fits and self._is_sound(profile) and self._has_room(connector_id, profile)

    def install(self, connector_id: int, profile: ChargingProfile) -> None:
        """Take it in; the same id, or the same purpose and level at the connector, is replaced (SC-SET-7)."""
        for other in self._replaced_by(connector_id, profile):
            self._remove(other)
        self._order += 1
        installed = Installed(profile, connector_id, self._kernel.station_time, self._order)
        self._installed[profile.charging_profile_id] = installed
        request = SetChargingProfileRequest(connector_id=connector_id, cs_charging_profiles=profile)
        self._kernel.store(
            "charging profile",
            str(profile.charging_profile_id),
            ProfileRecord(
                request=msgspec.Raw(encode(request)), received=installed.received, order=installed.order
            ),
        )
        self.on_change()

    # --- removing ---

    def clear(self, request: ClearChargingProfileRequest) -> bool:
        """Remove what fits all given fields, or the one id; whether anything did (SC-CLR-1 to SC-CLR-3)."""
        fitting = [one for one in self._installed.values() if _matches(one, request)]
        for one in fitting:
            self._remove(one)
        if fitting:
            self.on_change()
        return bool(fitting)

    def end_of_transaction(self, connector_id: int) -> None:
        """A TxProfile dies with its transaction (SC-SET-19)."""
        gone = [
            one
            for one in self._installed.values()
            if one.connector == connector_id and one.purpose is Purpose.TxProfile
        ]
        for one in gone:
            self._remove(one)
        if gone:
            self.on_change()

    def _remove(self, installed: Installed) -> None:
        del self._installed[installed.profile.charging_profile_id]
        self._kernel.forget("charging profile", str(installed.profile.charging_profile_id))

    # --- the rules ---

    def _fits_purpose(self, connector_id: int, profile: ChargingProfile) -> bool:
        """SC-SET-4 to SC-SET-6."""
        if profile.charging_profile_purpose is Purpose.ChargePointMaxProfile:
            return connector_id == 0
        if profile.charging_profile_purpose is Purpose.TxDefaultProfile:
            return True
        connector = self._connectors.get(connector_id)
        if connector is None or connector.transaction is None:
            return False
        wanted = profile.transaction_id
        return wanted is UNSET or wanted == connector.transaction.transaction_id

    def _is_sound(self, profile: ChargingProfile) -> bool:
        """SC-SET-3, SC-SET-8 to SC-SET-17."""
        schedule = profile.charging_schedule
        rows = schedule.charging_schedule_period
        starts = [row.start_period for row in rows]
        allowed = self._configuration.items("ChargingScheduleAllowedChargingRateUnit")
        return (
            profile.stack_level <= self._configuration.number("ChargeProfileMaxStackLevel")
            and len(rows) <= self._configuration.number("ChargingScheduleMaxPeriods")
            and UNIT_NAMES[schedule.charging_rate_unit] in allowed
            and starts[0] == 0
            and all(one < other for one, other in pairwise(starts))
            and all(row.number_phases is UNSET or 1 <= row.number_phases <= 3 for row in rows)
            and (schedule.duration is UNSET or schedule.duration >= 0)
            and self._kind_is_sound(profile)
            and _validity_is_sound(profile)
        )

    def _kind_is_sound(self, profile: ChargingProfile) -> bool:
        given = profile.charging_schedule.start_schedule
        station_wide = profile.charging_profile_purpose is Purpose.ChargePointMaxProfile
        if profile.charging_profile_kind is Kind.Recurring:
            return given is not UNSET and profile.recurrency_kind is not UNSET
        if profile.charging_profile_kind is Kind.Relative:
            return not station_wide or self._switches["SW-SC-MAX-RELATIVE"] == "accept"
        return given is not UNSET or self._switches["SW-NOSTART-ABS"] == "tx-start"

    def _has_room(self, connector_id: int, profile: ChargingProfile) -> bool:
        """A replacement always fits (SC-SET-9)."""
        if self._replaced_by(connector_id, profile):
            return True
        return len(self._installed) < self._configuration.number("MaxChargingProfilesInstalled")

    def _replaced_by(self, connector_id: int, profile: ChargingProfile) -> list[Installed]:
        place = (connector_id, profile.charging_profile_purpose, profile.stack_level)
        return [
            one
            for one in self._installed.values()
            if one.profile.charging_profile_id == profile.charging_profile_id
            or (one.connector, one.purpose, one.profile.stack_level) == place
        ]


def _validity_is_sound(profile: ChargingProfile) -> bool:
    """SC-SET-15: an end before the beginning is refused, a past one is harmless."""
    if profile.valid_from is UNSET or profile.valid_to is UNSET:
        return True
    return parse_time(profile.valid_from) <= parse_time(profile.valid_to)


def _matches(installed: Installed, request: ClearChargingProfileRequest) -> bool:
    if request.id is not UNSET:
        return installed.profile.charging_profile_id == request.id
    return (
        request.connector_id in (UNSET, installed.connector)
        and request.charging_profile_purpose in (UNSET, installed.purpose)
        and request.stack_level in (UNSET, installed.profile.stack_level)
    )


def _nothing() -> None:
    """Nobody has asked to be told."""
