"""What is known of an idTag: its status, its group, and until when. The local list and the cache hold such entries."""

from typing import Final

import msgspec
from msgspec import UNSET

from desktop_sim.protocol.times import has_zone, parse_time
from desktop_sim.protocol.types import AuthorizationStatus, IdTagInfo
from desktop_sim.station.kernel import Kernel

_LAST: Final = parse_time("9999-12-31T23:59:59.999Z")


class KnownTag(msgspec.Struct, frozen=True, kw_only=True):
    """One idTag. `expires` is UTC µs; without it the entry lasts (CORE-CACHE-4, LAL-11)."""

    id_tag: str
    status: AuthorizationStatus
    parent: str | None = None
    expires: int | None = None

    def status_at(self, utc: int) -> AuthorizationStatus:
        """The status then: an entry whose time is over is Expired."""
        over = self.expires is not None and utc >= self.expires
        return (
            AuthorizationStatus.Expired
            if over and self.status is AuthorizationStatus.Accepted
            else self.status
        )


def read_expiry(kernel: Kernel, text: str) -> int:
    """An expiryDate in UTC µs, kept within what can be shown; one without a zone is taken as UTC (RPC-16)."""
    if not has_zone(text):
        kernel.log("info", f"The expiryDate {text} names no zone; it is taken as UTC.")
    return max(0, min(parse_time(text), _LAST))


def parent_of(info: IdTagInfo) -> str | None:
    """The group an idTagInfo names."""
    return None if info.parent_id_tag is UNSET else info.parent_id_tag


def expiry_of(kernel: Kernel, info: IdTagInfo) -> int | None:
    """When what an idTagInfo says ends."""
    return None if info.expiry_date is UNSET else read_expiry(kernel, info.expiry_date)
