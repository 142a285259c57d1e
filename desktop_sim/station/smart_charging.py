"""SmartCharging: SetChargingProfile, ClearChargingProfile, GetCompositeSchedule, and what flows because of them.

The limits are worked out when they can change: a profile came or went, a transaction began or ended, a period begins,
the clock was corrected, or somebody's wish changed while a limit of the whole station is shared (SC-CALC-19).
"""

from fractions import Fraction
from typing import Any

from msgspec import UNSET

from desktop_sim.protocol.smart_charging import (
    ChargingProfile,
    ChargingSchedule,
    ChargingSchedulePeriod,
    ClearChargingProfileRequest,
    ClearChargingProfileResponse,
    GetCompositeScheduleRequest,
    GetCompositeScheduleResponse,
    SetChargingProfileRequest,
    SetChargingProfileResponse,
)
from desktop_sim.protocol.types import ChargingProfilePurposeType as Purpose
from desktop_sim.protocol.types import (
    ChargingProfileStatus,
    ChargingRateUnitType,
    ClearChargingProfileStatus,
    GetCompositeScheduleStatus,
)
from desktop_sim.station.charging_profiles import UNIT_NAMES, ChargingProfiles
from desktop_sim.station.composite_schedule import (
    Decision,
    Hardware,
    Installed,
    Slice,
    compose,
    periods,
    together,
)
from desktop_sim.station.configuration import Configuration
from desktop_sim.station.connectors import Connector, Connectors, Limit
from desktop_sim.station.kernel import Kernel
from desktop_sim.station.load_sharing import Demand, share
from desktop_sim.station.switches import Switches
from desktop_sim.station.timers import Timer
from desktop_sim.station.turn import SECOND

AHEAD = 3600
"""Seconds looked ahead for the next change of a limit."""

LONGEST = 31_536_000
"""Seconds of the longest composite schedule that is answered (SC-GCS-5)."""

ROTATION = 900
"""Seconds after which another connector is the one that pauses for want of power (SC-CALC-19)."""

SMALLEST = 6_000
"""Below this, mA per phase, no car charges on AC (SC-SET-23)."""


class SmartCharging:
    """The charging profiles at work."""

    def __init__(
        self,
        kernel: Kernel,
        connectors: Connectors,
        configuration: Configuration,
        switches: Switches,
        profiles: ChargingProfiles,
    ) -> None:
        self._kernel = kernel
        self._connectors = connectors
        self._configuration = configuration
        self._switches = switches
        self._profiles = profiles
        self._limits: dict[int, Limit] = {}
        self._running = self._transactions()
        self._wishes: tuple[Any, ...] = ()
        self._stale = True
        self._next: Timer | None = None
        profiles.on_change = self.outdated

    # --- what happens ---

    def power_up(self) -> None:
        """A boot: timers are gone."""
        self._next = None
        self.outdated()

    def outdated(self) -> None:
        """Something changed that the limits depend on."""
        self._stale = True

    def refresh(self) -> None:
        """Bring the limits up to date if they can have changed; called at the end of every input."""
        running = self._transactions()
        if running != self._running:
            before, self._running = self._running, running
            self._follow(before)
        wishes = self._present_wishes()
        if self._stale or wishes != self._wishes:
            self._stale, self._wishes = False, wishes
            self._work_out()

    def may_start_with(self, connector: Connector, profile: ChargingProfile) -> bool:
        """Whether a profile that comes with RemoteStartTransaction is acceptable (CORE-RSTART-7, CORE-RSTART-9)."""
        return self._profiles.accepts(connector.id, profile, starting=True)

    # --- messages ---

    def on_set_charging_profile(self, request: SetChargingProfileRequest) -> SetChargingProfileResponse:
        """Answer SetChargingProfile."""
        if not self._profiles.accepts(request.connector_id, request.cs_charging_profiles):
            return SetChargingProfileResponse(status=ChargingProfileStatus.Rejected)
        self._profiles.install(request.connector_id, request.cs_charging_profiles)
        return SetChargingProfileResponse(status=ChargingProfileStatus.Accepted)

    def on_clear_charging_profile(self, request: ClearChargingProfileRequest) -> ClearChargingProfileResponse:
        """Answer ClearChargingProfile."""
        cleared = self._profiles.clear(request)
        status = ClearChargingProfileStatus.Accepted if cleared else ClearChargingProfileStatus.Unknown
        return ClearChargingProfileResponse(status=status)

    def on_get_composite_schedule(self, request: GetCompositeScheduleRequest) -> GetCompositeScheduleResponse:
        """Answer GetCompositeSchedule (SC-GCS-1 to SC-GCS-6)."""
        number = request.connector_id
        if request.duration < 0 or (number != 0 and self._connectors.get(number) is None):
            return GetCompositeScheduleResponse(status=GetCompositeScheduleStatus.Rejected)
        start, unit = self._now(), self._unit(request)
        length = min(request.duration, LONGEST)
        rows = self.schedule(number, start, start + max(1, length), unit)
        return GetCompositeScheduleResponse(
            status=GetCompositeScheduleStatus.Accepted,
            connector_id=number,
            schedule_start=self._kernel.timestamp(start * SECOND),
            charging_schedule=ChargingSchedule(
                charging_rate_unit=unit, charging_schedule_period=rows, duration=request.duration
            ),
        )

    # --- looking ahead ---

    def schedule(
        self, number: int, start: int, end: int, unit: ChargingRateUnitType
    ) -> tuple[ChargingSchedulePeriod, ...]:
        """The composite schedule of a connector (0: the station) in [start, end), seconds of station time."""
        connector = self._connectors.get(number)
        if connector is not None:
            hardware = hardware_of(connector)
            decisions = self._compose(connector, start, end, self._profiles.all())
        else:
            hardware, decisions = self._station(start, end)
        return tuple(
            ChargingSchedulePeriod(
                start_period=row.start,
                limit=row.limit,
                number_phases=UNSET if row.phases is None else row.phases,
            )
            for row in periods(decisions, unit, hardware)
        )

    def explain(self, connector: Connector) -> list[dict[str, Any]]:
        """The stack at a connector now, the profile that decides first: what each allows, in words of the wire."""
        now = self._now()
        limit = self._limits.get(connector.id)
        rows = []
        for one in self._profiles.all():
            if one.connector in (0, connector.id):
                (decision,) = self._compose(connector, now, now + 1, [one])
                piece = decision.base or decision.cap
                decides = bool(limit and limit.decided and limit.decided.source is one)
                rows.append(_row(one, piece, decides=decides))
        return sorted(rows, key=lambda row: (not row["decides"], row["purpose"], -row["stack_level"]))

    # --- the limits now ---

    def _transactions(self) -> dict[int, str]:
        return {c.id: c.transaction.local_id for c in self._connectors if c.transaction}

    def _follow(self, before: dict[int, str]) -> None:
        """A TxProfile dies with its transaction; one that came with RemoteStartTransaction begins with it."""
        for connector in self._connectors:
            number = connector.id
            if before.get(number) != self._running.get(number):
                self._profiles.end_of_transaction(number)
                if connector.starting_profile and number in self._running:
                    self._profiles.install(number, connector.starting_profile)
                connector.starting_profile = None
        self.outdated()

    def _work_out(self) -> None:
        now = self._now()
        running = [connector for connector in self._connectors if connector.transaction]
        decisions = {c.id: self._compose(c, now, now + AHEAD, self._profiles.all()) for c in running}
        self._limits = {
            connector.id: _limit_of(connector, decisions[connector.id][0]) for connector in running
        }
        ends = [rows[0].end for rows in decisions.values()]
        caps = [rows[0].cap for rows in decisions.values() if rows[0].cap]
        if len(running) > 1 and caps:
            self._share(running, caps[0])
            ends.append((now // ROTATION + 1) * ROTATION)
        for connector in self._connectors:
            connector.limit = self._limits.get(connector.id)
        self._wake_at(min(ends, default=None))

    def _share(self, running: list[Connector], cap: Slice) -> None:
        """The station's limit is for all together (SC-CALC-19)."""
        demands, scales = {}, {}
        for connector in running:
            hardware, limit = hardware_of(connector), self._limits[connector.id]
            lines = min(hardware.phases, 3 if limit.phases is None else limit.phases)
            in_watts = cap.unit is ChargingRateUnitType.W
            scale = Fraction(hardware.millivolts * lines, 1000) if in_watts else Fraction(1)
            scales[connector.id] = scale
            wanted = min(limit.milliamps, self._wish(connector))
            demands[connector.id] = Demand(int(wanted * scale), int(self._least(connector) * scale))
        shares = share(cap.tenths * 100, demands, self._now() // ROTATION)
        for number, granted in shares.items():
            milliamps = int(granted / scales[number])
            if milliamps < self._limits[number].milliamps:
                before = self._limits[number]
                milliwatts = None if before.milliwatts is None else granted
                self._limits[number] = Limit(milliamps, milliwatts, before.phases, cap, shared=True)

    def _wake_at(self, second: int | None) -> None:
        if self._next:
            self._next.cancel()
            self._next = None
        if second is not None:
            self._next = self._kernel.at(second * SECOND - self._kernel.offset, self.outdated)

    def _present_wishes(self) -> tuple[Any, ...]:
        """What the limits depend on beside the profiles."""
        running = tuple(c.transaction.local_id for c in self._connectors if c.transaction)
        if len(running) > 1 and any(
            one.purpose is Purpose.ChargePointMaxProfile for one in self._profiles.all()
        ):
            return running + tuple(self._wish(c) for c in self._connectors if c.transaction)
        return running

    def _wish(self, connector: Connector) -> int:
        """What would flow without any profile, mA per phase; nothing where the car does not want energy."""
        if not connector.outlet.wants_energy and connector.outlet.offered_milliamps:
            return 0
        limits = connector.outlet.limit_milliamps
        return min(value for name, value in limits.items() if name != "offer")

    def _least(self, connector: Connector) -> int:
        """The least a connector can do anything with: 6 A on AC, or the profile's minChargingRate."""
        limit = self._limits[connector.id]
        least = SMALLEST if connector.profile.current == "AC" else 1
        if limit.decided:
            rate = limit.decided.source.profile.charging_schedule.min_charging_rate
            if rate is not UNSET and limit.decided.unit is ChargingRateUnitType.A:
                least = max(least, int(rate * 1000))
        return least

    # --- inside ---

    def _compose(
        self, connector: Connector, start: int, end: int, profiles: list[Installed]
    ) -> list[Decision]:
        transaction = connector.transaction
        return compose(
            profiles,
            connector.id,
            hardware_of(connector),
            start,
            end,
            transaction_start=transaction.timestamp // SECOND if transaction else None,
            tie="specific" if self._switches["SW-SC-TIE"] == "specific" else "last-writer",
        )

    def _station(self, start: int, end: int) -> tuple[Hardware, list[Decision]]:
        """Connector 0: what all connectors may have, but no more than the station (SC-GCS-4)."""
        everything = self._profiles.all()
        own = [one for one in everything if one.purpose is not Purpose.ChargePointMaxProfile]
        rows = [self._compose(connector, start, end, own) for connector in self._connectors]
        parts = [hardware_of(connector) for connector in self._connectors]
        hardware = Hardware(
            milliamps=sum(part.milliamps for part in parts),
            millivolts=parts[0].millivolts,
            phases=max(part.phases for part in parts),
        )
        caps = [one for one in everything if one.purpose is Purpose.ChargePointMaxProfile]
        top = compose(caps, 0, hardware, start, end, transaction_start=None)
        return hardware, together(rows, top)

    def _unit(self, request: GetCompositeScheduleRequest) -> ChargingRateUnitType:
        if request.charging_rate_unit is not UNSET:
            return request.charging_rate_unit
        first = next(iter(self._configuration.items("ChargingScheduleAllowedChargingRateUnit")), "Current")
        return next(unit for unit, name in UNIT_NAMES.items() if name == first)

    def _now(self) -> int:
        return self._kernel.station_time // SECOND


def hardware_of(connector: Connector) -> Hardware:
    """What a connector can do by itself: the smaller of connector and cable, per phase (SC-CALC-13)."""
    part = connector.profile
    rating = connector.outlet.rating
    milliamps = round(min(part.max_amperes, part.cable_amperes) * 1000)
    if part.current == "DC":
        return Hardware(milliamps, DC_MILLIVOLTS, 1)
    return Hardware(milliamps, rating.supply.millivolts, rating.supply.phases)


DC_MILLIVOLTS = 400_000
"""Set voltage for A ↔ W on DC."""


def _limit_of(connector: Connector, decision: Decision) -> Limit:
    decided = decision.decided
    in_watts = (
        decided is not None and decided.unit is ChargingRateUnitType.W and connector.profile.current == "DC"
    )
    milliwatts = decided.tenths * 100 if decided and in_watts else None
    return Limit(decision.milliamps, milliwatts, decision.phases, decided)


def _row(installed: Installed, piece: Slice | None, *, decides: bool) -> dict[str, Any]:
    profile = installed.profile
    row: dict[str, Any] = {
        "id": profile.charging_profile_id,
        "purpose": profile.charging_profile_purpose.value,
        "connector": installed.connector,
        "stack_level": profile.stack_level,
        "active": piece is not None,
        "decides": decides,
    }
    if piece is not None:
        row |= {"limit": piece.tenths / 10, "unit": piece.unit.value, "period": piece.period}
    return row
