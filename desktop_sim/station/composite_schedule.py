"""What all charging profiles together allow, and which of them decided (CONFORMANCE A.13, SC-CALC).

Pure arithmetic in whole seconds and whole thousandths: a profile becomes slices of time, the slices of one purpose are
laid over each other by rank, the purposes are combined to decisions, and decisions become the periods of an answer.
Nothing here knows a station; `smart_charging` feeds it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Literal

from msgspec import UNSET

from desktop_sim.protocol.smart_charging import ChargingProfile
from desktop_sim.protocol.times import parse_time
from desktop_sim.protocol.types import (
    ChargingProfileKindType,
    ChargingProfilePurposeType,
    ChargingRateUnitType,
    RecurrencyKindType,
)

SECOND = 1_000_000
LENGTHS = {RecurrencyKindType.Daily: 86_400, RecurrencyKindType.Weekly: 604_800}
FOREVER = 2**62
Tie = Literal["specific", "last-writer"]
"""SW-SC-TIE: which of two profiles of one rank prevails (SC-CALC-9)."""


@dataclass(frozen=True, slots=True)
class Installed:
    """A charging profile at a connector (0: the station). `received` is station time in µs, `order` rises."""

    profile: ChargingProfile
    connector: int
    received: int
    order: int

    @property
    def purpose(self) -> ChargingProfilePurposeType:
        """What it limits."""
        return self.profile.charging_profile_purpose


@dataclass(frozen=True, slots=True)
class Hardware:
    """What a connector can do without any profile; `millivolts` is the set voltage of a phase (SC-CALC-15)."""

    milliamps: int
    millivolts: int = 230_000
    phases: int = 3


@dataclass(frozen=True, slots=True)
class Slice:
    """In [start, end), whole seconds since the epoch, a profile's period holds: `tenths` of A or W."""

    start: int
    end: int
    tenths: int
    unit: ChargingRateUnitType
    phases: int | None
    source: Installed
    period: int


@dataclass(frozen=True, slots=True)
class Decision:
    """In [start, end) at most `numerator / denominator` mA per phase are allowed.

    `phases` is the smallest number a candidate named, None if none did. `base` is the TxProfile or TxDefaultProfile
    that prevails, `cap` the ChargePointMaxProfile, `decided` the one whose limit it is; None means the hardware.
    """

    start: int
    end: int
    numerator: int
    denominator: int
    phases: int | None
    base: Slice | None
    cap: Slice | None
    decided: Slice | None

    @property
    def milliamps(self) -> int:
        """The limit per phase, rounded down (SC-CALC-17)."""
        return self.numerator // self.denominator


@dataclass(frozen=True, slots=True)
class Period:
    """A period of a composite schedule: seconds from its start, limit with one decimal at most."""

    start: int
    limit: Decimal
    phases: int | None


def compose(
    profiles: Iterable[Installed],
    connector: int,
    hardware: Hardware,
    start: int,
    end: int,
    *,
    transaction_start: int | None,
    tie: Tie = "specific",
) -> list[Decision]:
    """The decisions for a connector in [start, end), seconds; they cover it without a gap (SC-CALC-1 to SC-CALC-13).

    `transaction_start` is in seconds; None means: as if a transaction began at `start` (SC-CALC-4).
    """
    anchor = start if transaction_start is None else transaction_start
    layers: dict[ChargingProfilePurposeType, list[Slice]] = {}
    fitting = [one for one in profiles if one.connector in (0, connector)]
    for purpose in ChargingProfilePurposeType:
        ranked = sorted(
            (one for one in fitting if one.purpose is purpose), key=lambda one: _rank(one, tie), reverse=True
        )
        layers[purpose] = _overlay([list(slices(one, start, end, anchor)) for one in ranked], start, end)
    tx = _overlay(
        [layers[ChargingProfilePurposeType.TxProfile], layers[ChargingProfilePurposeType.TxDefaultProfile]],
        start,
        end,
    )
    return list(
        _decisions(tx, layers[ChargingProfilePurposeType.ChargePointMaxProfile], hardware, start, end)
    )


def together(rows: Sequence[Sequence[Decision]], caps: Sequence[Decision]) -> list[Decision]:
    """The sum of several connectors' decisions, no more than those of the station (SC-GCS-4); all cover one window."""
    edges = sorted({edge for row in (*rows, caps) for one in row for edge in (one.start, one.end)})
    cursors = [0] * len(rows)
    at_cap = 0
    total: list[Decision] = []
    for begins, ends in pairwise(edges):
        amount = Fraction(0)
        named: list[int] = []
        for index, row in enumerate(rows):
            while row[cursors[index]].end <= begins:
                cursors[index] += 1
            one = row[cursors[index]]
            amount += Fraction(one.numerator, one.denominator)
            named += [] if one.phases is None else [one.phases]
        while caps[at_cap].end <= begins:
            at_cap += 1
        cap = caps[at_cap]
        named += [] if cap.phases is None else [cap.phases]
        amount = min(amount, Fraction(cap.numerator, cap.denominator))
        total.append(
            Decision(
                begins,
                ends,
                amount.numerator,
                amount.denominator,
                min(named, default=None),
                None,
                cap.cap,
                cap.decided,
            )
        )
    return total


def slices(installed: Installed, start: int, end: int, transaction_start: int) -> Iterator[Slice]:
    """The times in [start, end) in which a profile is active, period by period (SC-CALC-2 to SC-CALC-7)."""
    profile = installed.profile
    if profile.valid_from is not UNSET:
        start = max(start, -(-parse_time(profile.valid_from) // SECOND))
    if profile.valid_to is not UNSET:
        end = min(end, -(-parse_time(profile.valid_to) // SECOND))
    schedule = profile.charging_schedule
    duration = FOREVER if schedule.duration is UNSET else schedule.duration
    for first, length in _occurrences(installed, start, end, transaction_start):
        yield from _periods(installed, first, min(duration, length), start, end)


def periods(decisions: Sequence[Decision], unit: ChargingRateUnitType, hardware: Hardware) -> list[Period]:
    """The periods of a composite schedule in this unit; equal neighbours are one (SC-CALC-15 to SC-CALC-18)."""
    merged: list[Period] = []
    for decision in decisions:
        lines = min(3 if decision.phases is None else decision.phases, hardware.phases)
        per_tenth = decision.denominator * 100
        if unit is ChargingRateUnitType.A:
            tenths = decision.numerator // per_tenth
        else:
            tenths = decision.numerator * hardware.millivolts * lines // (per_tenth * 1000)
        phases = None if decision.phases is None else lines
        limit = Decimal(tenths).scaleb(-1)
        if not merged or (merged[-1].limit, merged[-1].phases) != (limit, phases):
            merged.append(Period(decision.start - decisions[0].start, limit, phases))
    return merged


def _rank(installed: Installed, tie: Tie) -> tuple[int, int, int]:
    """Higher levels prevail; of equal ones the connector's own, or the last one installed (SC-CALC-8 to -10)."""
    level = installed.profile.stack_level
    if tie == "last-writer":
        return (level, installed.order, 0)
    return (level, int(installed.connector > 0), installed.order)


def _occurrences(
    installed: Installed, start: int, end: int, transaction_start: int
) -> Iterator[tuple[int, int]]:
    """Start and longest length (seconds) of each run of the schedule that can touch [start, end)."""
    profile = installed.profile
    given = profile.charging_schedule.start_schedule
    if profile.charging_profile_kind is ChargingProfileKindType.Recurring:
        assert given is not UNSET
        assert profile.recurrency_kind is not UNSET
        first, length = parse_time(given) // SECOND, LENGTHS[profile.recurrency_kind]
        for number in range(max(0, (start - first) // length), max(0, (end - 1 - first) // length + 1)):
            yield first + number * length, length
        return
    absolute = profile.charging_profile_kind is ChargingProfileKindType.Absolute and given is not UNSET
    if absolute:
        assert given is not UNSET
        yield parse_time(given) // SECOND, FOREVER
    elif installed.purpose is ChargingProfilePurposeType.ChargePointMaxProfile:
        yield installed.received // SECOND, FOREVER
    else:
        yield transaction_start, FOREVER


def _periods(installed: Installed, first: int, length: int, start: int, end: int) -> Iterator[Slice]:
    """One run of a schedule, cut to [start, end)."""
    schedule = installed.profile.charging_schedule
    rows = schedule.charging_schedule_period
    for number, row in enumerate(rows):
        until = rows[number + 1].start_period if number + 1 < len(rows) else length
        begins, ends = max(start, first + row.start_period), min(end, first + min(until, length))
        if begins < ends:
            phases = None if row.number_phases is UNSET else row.number_phases
            tenths = int(row.limit.scaleb(1))
            yield Slice(begins, ends, tenths, schedule.charging_rate_unit, phases, installed, number)


def _overlay(layers: Sequence[Sequence[Slice]], start: int, end: int) -> list[Slice]:
    """Slices of several ranks as one row: each fills what those above it leave open."""
    holes = [(start, end)]
    filled: list[Slice] = []
    for layer in layers:
        if not holes:
            break
        if layer:
            taken = list(_fill(holes, layer))
            filled += taken
            holes = list(_left(holes, taken))
    return sorted(filled, key=lambda piece: piece.start)


def _fill(holes: Sequence[tuple[int, int]], layer: Sequence[Slice]) -> Iterator[Slice]:
    """The parts of a layer that lie in holes; both are in order and do not overlap in themselves."""
    index = 0
    for piece in layer:
        while index < len(holes) and holes[index][1] <= piece.start:
            index += 1
        at = index
        while at < len(holes) and holes[at][0] < piece.end:
            begins, ends = max(piece.start, holes[at][0]), min(piece.end, holes[at][1])
            yield Slice(begins, ends, piece.tenths, piece.unit, piece.phases, piece.source, piece.period)
            at += 1


def _left(holes: Sequence[tuple[int, int]], taken: Sequence[Slice]) -> Iterator[tuple[int, int]]:
    """What stays open of the holes."""
    index = 0
    for begin, end in holes:
        at = begin
        while index < len(taken) and taken[index].start < end:
            if at < taken[index].start:
                yield at, taken[index].start
            at = taken[index].end
            index += 1
        if at < end:
            yield at, end


def _decisions(
    base: Sequence[Slice], caps: Sequence[Slice], hardware: Hardware, start: int, end: int
) -> Iterator[Decision]:
    """Walk both rows at once; wherever one of them changes, decide anew (SC-CALC-11 to SC-CALC-13)."""
    edges = sorted(
        {start, end, *(edge for row in (base, caps) for one in row for edge in (one.start, one.end))}
    )
    at_base = at_cap = 0
    for begins, ends in pairwise(edges):
        while at_base < len(base) and base[at_base].end <= begins:
            at_base += 1
        while at_cap < len(caps) and caps[at_cap].end <= begins:
            at_cap += 1
        prevailing = base[at_base] if at_base < len(base) and base[at_base].start <= begins else None
        cap = caps[at_cap] if at_cap < len(caps) and caps[at_cap].start <= begins else None
        yield _decide(begins, ends, prevailing, cap, hardware)


def _decide(start: int, end: int, base: Slice | None, cap: Slice | None, hardware: Hardware) -> Decision:
    """The smallest of the candidates, all in A per phase (SC-CALC-14, SC-CALC-15)."""
    candidates = [one for one in (base, cap) if one is not None]
    phases = min((one.phases for one in candidates if one.phases is not None), default=None)
    numerator, denominator, decided = hardware.milliamps, 1, None
    for one in candidates:
        above, below = one.tenths * 100, 1
        if one.unit is ChargingRateUnitType.W:
            above, below = one.tenths * 100_000, hardware.millivolts * (3 if phases is None else phases)
        if above * denominator < numerator * below:
            numerator, denominator, decided = above, below, one
    return Decision(start, end, numerator, denominator, phases, base, cap, decided)
