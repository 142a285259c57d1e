"""A connector's status is a function of facts, never assigned (CONFORMANCE B, STM-1 to STM-3)."""

import msgspec

from desktop_sim.protocol.types import ChargePointStatus as S


class Facts(msgspec.Struct, frozen=True):
    """All that decides a connector's status.

    `finishing`: a transaction ended or the time-out passed, and the cable is still in (F, B6).
    `offered`: the station offers current. `wanted`: the car would draw it. `cable`: one is in, and says that somebody
    prepares; in a reserved connector it says nothing until the right tag comes (G2).
    """

    faulted: bool = False
    operative: bool = True
    transaction: bool = False
    offered: bool = True
    wanted: bool = True
    cable: bool = False
    finishing: bool = False
    authorized: bool = False
    reserved: bool = False


def status_of(facts: Facts) -> S:
    """The status these facts mean, in the order of STM-1; SuspendedEVSE wins over SuspendedEV (CORE-STAT-4)."""
    if facts.faulted:
        return S.Faulted
    if facts.transaction:
        if not facts.offered:
            return S.SuspendedEVSE
        return S.Charging if facts.wanted else S.SuspendedEV
    if not facts.operative:
        return S.Unavailable
    if facts.finishing:
        return S.Finishing
    if facts.authorized or facts.cable:
        return S.Preparing
    return S.Reserved if facts.reserved else S.Available


_CHARGING = (S.Charging, S.SuspendedEV, S.SuspendedEVSE)
_TARGETS: dict[S, tuple[S, ...]] = {
    S.Available: (S.Preparing, *_CHARGING, S.Reserved, S.Unavailable, S.Faulted),
    S.Preparing: (S.Available, *_CHARGING, S.Finishing, S.Faulted),
    S.Charging: (S.Available, S.SuspendedEV, S.SuspendedEVSE, S.Finishing, S.Unavailable, S.Faulted),
    S.SuspendedEV: (S.Available, S.Charging, S.SuspendedEVSE, S.Finishing, S.Unavailable, S.Faulted),
    S.SuspendedEVSE: (S.Available, S.Charging, S.SuspendedEV, S.Finishing, S.Unavailable, S.Faulted),
    S.Finishing: (S.Available, S.Preparing, S.Unavailable, S.Faulted),
    S.Reserved: (S.Available, S.Preparing, S.Unavailable, S.Faulted),
    S.Unavailable: (S.Available, S.Preparing, *_CHARGING, S.Faulted),
    S.Faulted: tuple(status for status in S if status is not S.Faulted),
}

TRANSITIONS = frozenset((source, target) for source, targets in _TARGETS.items() for target in targets)
"""The 53 changes a connector may report directly."""

_DETOURS: dict[tuple[S, S], S] = {
    (S.Available, S.Finishing): S.Preparing,
    (S.Preparing, S.Reserved): S.Available,
    (S.Preparing, S.Unavailable): S.Available,
    **{(source, S.Preparing): S.Finishing for source in _CHARGING},
    **{(source, S.Reserved): S.Available for source in _CHARGING},
    **{(source, target): S.Preparing for source in (S.Finishing, S.Reserved) for target in _CHARGING},
    (S.Finishing, S.Reserved): S.Available,
    (S.Reserved, S.Finishing): S.Preparing,
    (S.Unavailable, S.Finishing): S.Preparing,
    (S.Unavailable, S.Reserved): S.Available,
}


def path(source: S, target: S) -> tuple[S, ...]:
    """The statuses to go through from one to another, legally (STM-2); empty if they are the same."""
    if source is target:
        return ()
    if (source, target) in TRANSITIONS:
        return (target,)
    return (_DETOURS[source, target], target)
