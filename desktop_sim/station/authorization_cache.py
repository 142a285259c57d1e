"""The authorization cache (CONFORMANCE A.4): every idTagInfo received, newest wins, durable."""

from collections.abc import Callable

import msgspec

from desktop_sim.protocol.core import ClearCacheRequest, ClearCacheResponse
from desktop_sim.protocol.types import AuthorizationStatus, ClearCacheStatus, IdTagInfo
from desktop_sim.station.configuration import Configuration
from desktop_sim.station.kernel import Kernel
from desktop_sim.station.known_tag import KnownTag, expiry_of, parent_of
from desktop_sim.station.switches import Switches


class CacheEntry(KnownTag, frozen=True, kw_only=True):
    """What was told of an idTag; `updated` is the simulated instant of the news."""

    updated: int = 0


class AuthorizationCache:
    """The cache of one station, keyed without regard to case.

    Attributes:
        listed: says whether the local list holds a tag; such a tag is never cached (CORE-CACHE-3).
    """

    def __init__(self, kernel: Kernel, configuration: Configuration, switches: Switches) -> None:
        self._kernel = kernel
        self._configuration = configuration
        self._switches = switches
        self.listed: Callable[[str], bool] = _never
        self._entries: dict[str, CacheEntry] = kernel.load_all("cache", CacheEntry)

    @property
    def enabled(self) -> bool:
        """Whether the cache counts (CORE-CACHE-1)."""
        return self._configuration.has("AuthorizationCacheEnabled") and self._configuration.flag(
            "AuthorizationCacheEnabled"
        )

    def find(self, id_tag: str) -> CacheEntry | None:
        """What is known of an idTag; nothing while the cache is off."""
        return self._entries.get(id_tag.casefold()) if self.enabled else None

    def learn(self, id_tag: str, info: IdTagInfo) -> None:
        """An idTagInfo came in (CORE-CACHE-2)."""
        if not self.enabled or self.listed(id_tag):
            return
        self.put(
            CacheEntry(
                id_tag=id_tag,
                status=info.status,
                parent=parent_of(info),
                expires=expiry_of(self._kernel, info),
                updated=self._kernel.now.sim,
            )
        )

    def put(self, entry: CacheEntry) -> None:
        """Keep an entry; a full cache first gives up not-valid ones, then the oldest (CORE-CACHE-5)."""
        key = entry.id_tag.casefold()
        if key not in self._entries:
            self._make_room(self._switches.number("SW-CACHE-SIZE") - 1)
        self._entries[key] = entry
        self._kernel.store("cache", key, entry)

    def remove(self, id_tag: str) -> bool:
        """Forget an idTag; False if it was not known."""
        key = id_tag.casefold()
        if self._entries.pop(key, None) is None:
            return False
        self._kernel.forget("cache", key)
        return True

    def clear(self) -> None:
        """Forget all."""
        for key in list(self._entries):
            self.remove(key)

    def entries(self) -> list[CacheEntry]:
        """All that is known, with the status it has now, oldest news first."""
        utc = self._kernel.station_time
        return [
            msgspec.structs.replace(entry, status=entry.status_at(utc))
            for entry in sorted(self._entries.values(), key=lambda entry: (entry.updated, entry.id_tag))
        ]

    def on_clear_cache(self, request: ClearCacheRequest) -> ClearCacheResponse:
        """Answer ClearCache: emptied also when switched off, Rejected where there is none (CORE-CACHE-7)."""
        if not self._configuration.has("AuthorizationCacheEnabled"):
            return ClearCacheResponse(status=ClearCacheStatus.Rejected)
        self.clear()
        return ClearCacheResponse(status=ClearCacheStatus.Accepted)

    def _make_room(self, most: int) -> None:
        while len(self._entries) > most:
            self.remove(self._least_useful())

    def _least_useful(self) -> str:
        utc = self._kernel.station_time
        accepted = AuthorizationStatus.Accepted
        entry = min(
            self._entries.values(),
            key=lambda entry: (entry.status_at(utc) is accepted, entry.updated, entry.id_tag),
        )
        return entry.id_tag


def _never(id_tag: str) -> bool:
    return False
