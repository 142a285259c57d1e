"""Whether the central system has taken the station in (CONFORMANCE A.2). Plain state, changed by `boot` alone."""

from dataclasses import dataclass

from desktop_sim.protocol.types import RegistrationStatus


@dataclass(slots=True)
class Registration:
    """`status` is None until BootNotification is answered. `ever` is a record: accepted once in its life."""

    status: RegistrationStatus | None = None
    interval: int = 0
    ever: bool = False

    @property
    def accepted(self) -> bool:
        """Ordinary traffic is allowed."""
        return self.status is RegistrationStatus.Accepted

    @property
    def rejected(self) -> bool:
        """Silence is due, in both directions (CORE-BOOT-9)."""
        return self.status is RegistrationStatus.Rejected

    @property
    def pending(self) -> bool:
        """Calls of the central system are answered, most of ours wait (CORE-BOOT-7)."""
        return self.status is RegistrationStatus.Pending
