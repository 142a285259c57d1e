"""Messages of the SmartCharging profile and the data a charging profile is made of (conformance A.13)."""

from __future__ import annotations

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from desktop_sim.protocol.types import (
    ChargingProfileKindType,
    ChargingProfilePurposeType,
    ChargingProfileStatus,
    ChargingRateUnitType,
    ClearChargingProfileStatus,
    GetCompositeScheduleStatus,
    Integer,
    Rate,
    RecurrencyKindType,
    Request,
    Response,
    Timestamp,
    WireObject,
)

StackLevel = Annotated[int, Meta(ge=0, le=2**63 - 1)]
"""Rank of a charging profile, from 0 (SC-SET-8)."""


class ChargingSchedulePeriod(WireObject):
    """From `start_period` seconds after the start of the schedule on, `limit` holds; number_phases absent means 3."""

    start_period: Integer
    limit: Rate
    number_phases: Integer | UnsetType = UNSET


class ChargingSchedule(WireObject):
    """Limits over time; `duration` is in seconds. At least one period (SC-SET-10)."""

    charging_rate_unit: ChargingRateUnitType
    charging_schedule_period: Annotated[tuple[ChargingSchedulePeriod, ...], Meta(min_length=1)]
    duration: Integer | UnsetType = UNSET
    start_schedule: Timestamp | UnsetType = UNSET
    min_charging_rate: Rate | UnsetType = UNSET


class ChargingProfile(WireObject):
    """A schedule with its purpose, its rank among others (SC-SET-8) and its time of validity."""

    charging_profile_id: Integer
    stack_level: StackLevel
    charging_profile_purpose: ChargingProfilePurposeType
    charging_profile_kind: ChargingProfileKindType
    charging_schedule: ChargingSchedule
    transaction_id: Integer | UnsetType = UNSET
    recurrency_kind: RecurrencyKindType | UnsetType = UNSET
    valid_from: Timestamp | UnsetType = UNSET
    valid_to: Timestamp | UnsetType = UNSET


class ClearChargingProfileRequest(Request):
    """Remove the profiles that fit all the fields given; none given means all (SC-CLR-1)."""

    id: Integer | UnsetType = UNSET
    connector_id: Integer | UnsetType = UNSET
    charging_profile_purpose: ChargingProfilePurposeType | UnsetType = UNSET
    stack_level: Integer | UnsetType = UNSET


class ClearChargingProfileResponse(Response):
    """Whether any profile was removed."""

    status: ClearChargingProfileStatus


class GetCompositeScheduleRequest(Request):
    """What will limit a connector during the next `duration` seconds?"""

    connector_id: Integer
    duration: Integer
    charging_rate_unit: ChargingRateUnitType | UnsetType = UNSET


class GetCompositeScheduleResponse(Response):
    """The limits that follow from all profiles together."""

    status: GetCompositeScheduleStatus
    connector_id: Integer | UnsetType = UNSET
    schedule_start: Timestamp | UnsetType = UNSET
    charging_schedule: ChargingSchedule | UnsetType = UNSET


class SetChargingProfileRequest(Request):
    """Install a charging profile; an unknown connector is for the handler to refuse (SC-SET-2)."""

    connector_id: Integer
    cs_charging_profiles: ChargingProfile


class SetChargingProfileResponse(Response):
    """Whether the profile was installed."""

    status: ChargingProfileStatus
