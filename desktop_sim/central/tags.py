"""The tags this central system knows, and what it says of them (A.3, CORE-AUTH-7)."""

from collections.abc import Iterable

import msgspec

from desktop_sim.protocol.times import format_time
from desktop_sim.protocol.types import AuthorizationStatus, IdTagInfo

MAX_LENGTH = 20


class Tag(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One identification tag. `expiry_date` is in µs since the Unix epoch; past it, the tag is Expired."""

    id_tag: str
    status: AuthorizationStatus = AuthorizationStatus.Accepted
    parent_id_tag: str | None = None
    expiry_date: int | None = None


class TagList:
    """Tags in the order they were entered, found without regard to case (CORE-AUTH-7)."""

    def __init__(self, tags: Iterable[Tag] = ()) -> None:
        self._tags: dict[str, Tag] = {}
        for tag in tags:
            self.put(tag)

    def put(self, tag: Tag) -> None:
        """Enter a tag, or replace the one of that name. Raises ValueError if it cannot travel on the wire."""
        for text in (tag.id_tag, tag.parent_id_tag):
            if text is not None and not 0 < len(text) <= MAX_LENGTH:
                raise ValueError(f"a tag has 1 to {MAX_LENGTH} characters: {text!r}")
        if tag.expiry_date is not None:
            format_time(tag.expiry_date)
        self._tags[tag.id_tag.casefold()] = tag

    def remove(self, id_tag: str) -> bool:
        """Forget a tag; whether there was one."""
        return self._tags.pop(id_tag.casefold(), None) is not None

    def get(self, id_tag: str) -> Tag | None:
        """The tag of that name."""
        return self._tags.get(id_tag.casefold())

    def all(self) -> list[Tag]:
        """Every tag, the oldest entry first."""
        return list(self._tags.values())

    def info(self, id_tag: str, now: int, unknown: AuthorizationStatus) -> IdTagInfo:
        """What the list alone says of a tag at `now` (µs); `unknown` is the answer for one that is not in it."""
        tag = self.get(id_tag)
        if tag is None:
            return IdTagInfo(status=unknown)
        expired = tag.expiry_date is not None and tag.expiry_date <= now
        status = AuthorizationStatus.Expired if expired and tag.status == "Accepted" else tag.status
        return IdTagInfo(
            status=status,
            expiry_date=msgspec.UNSET if tag.expiry_date is None else format_time(tag.expiry_date),
            parent_id_tag=msgspec.UNSET if tag.parent_id_tag is None else tag.parent_id_tag,
        )
