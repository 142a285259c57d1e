"""How this central system behaves: plain data, changed at run time."""

from typing import Literal

import msgspec

from desktop_sim.central.difficulty import AnswerRule
from desktop_sim.protocol.types import AuthorizationStatus, DataTransferStatus, RegistrationStatus


class Registration(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """The answer to BootNotification. `times` limits how often it is given; then Accepted every 300 s follows.

    `interval` (s) is the heartbeat interval if accepted, else the time to wait (CORE-BOOT-3, CORE-BOOT-5).
    """

    status: RegistrationStatus = RegistrationStatus.Accepted
    interval: int = 300
    times: int | None = None


ACCEPTED = Registration()


class Policy(msgspec.Struct, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Everything that can be set. The window edits this very object, and the next message already follows it.

    concurrent: `start` refuses a StartTransaction whose tag charges elsewhere (ConcurrentTx), `always` refuses it at
    Authorize too, `never` lets it charge twice. `clock_offset` (s) sets our clock wrong. `call_timeout` is in seconds.
    `data_transfer` gives the answer for each vendorId known here. `identities` are those let in (None: everyone, others
    get 404); `refuse_with` is an HTTP status with which everyone is turned away.
    """

    registration: Registration = ACCEPTED
    registrations: dict[str, Registration] = {}
    unknown_tags: AuthorizationStatus = AuthorizationStatus.Invalid
    concurrent: Literal["start", "always", "never"] = "start"
    call_timeout: float = 30.0
    clock_offset: float = 0.0
    data_transfer: dict[str, DataTransferStatus] = {}
    rules: list[AnswerRule] = []
    identities: list[str] | None = None
    refuse_with: int | None = None


def next_registration(policy: Policy, identity: str) -> Registration:
    """The registration the next BootNotification of this charge point gets; a limited one is used up by it."""
    own = policy.registrations.get(identity)
    chosen = own or policy.registration
    if chosen.times is None:
        return chosen
    left = msgspec.structs.replace(chosen, times=chosen.times - 1) if chosen.times > 1 else ACCEPTED
    if own is None:
        policy.registration = left
    else:
        policy.registrations[identity] = left
    return chosen if chosen.times > 0 else ACCEPTED
