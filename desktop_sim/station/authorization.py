"""May this tag charge? Local knowledge, the central system, and the rules of being offline (CONFORMANCE A.3, A.5)."""

from collections.abc import Callable
from dataclasses import dataclass

from msgspec import UNSET

from desktop_sim.protocol.core import AuthorizeRequest, AuthorizeResponse
from desktop_sim.protocol.types import AuthorizationStatus
from desktop_sim.station.authorization_cache import AuthorizationCache
from desktop_sim.station.configuration import Configuration
from desktop_sim.station.connectors import Tag
from desktop_sim.station.kernel import Kernel
from desktop_sim.station.registration import Registration
from desktop_sim.station.rpc import Answer, Answered, Rpc
from desktop_sim.station.switches import Switches


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer. `source` is `central system`, `cache`, `offline cache`, `offline unknown` or `offline`."""

    tag: Tag
    status: AuthorizationStatus
    source: str

    @property
    def accepted(self) -> bool:
        """Only Accepted is a permission (CORE-AUTH-8, CORE-AUTH-9)."""
        return self.status is AuthorizationStatus.Accepted


class Authorization:
    """Asks whoever knows: the cache, the central system, or the rules for being offline."""

    def __init__(
        self,
        kernel: Kernel,
        rpc: Rpc,
        registration: Registration,
        configuration: Configuration,
        switches: Switches,
        cache: AuthorizationCache,
    ) -> None:
        self._kernel = kernel
        self._rpc = rpc
        self._registration = registration
        self._configuration = configuration
        self._switches = switches
        self._cache = cache

    @property
    def charging_allowed(self) -> bool:
        """False before ever having been accepted, and while Pending or Rejected (CORE-BOOT-12, CORE-BOOT-14)."""
        if self._switches.is_on("SW-CHARGE-BEFORE-ACCEPTED"):
            return True
        registration = self._registration
        return registration.ever and not registration.pending and not registration.rejected

    def ask(self, id_tag: str, then: Callable[[Verdict], None]) -> None:
        """Find out about a tag and tell `then`, now or later (CORE-AUTH-2 to CORE-AUTH-4, CORE-AUTH-11)."""
        if not self._rpc.open:
            then(self._offline(id_tag))
            return
        entry = self._cache.find(id_tag)
        if entry and self._configuration.flag("LocalPreAuthorize"):
            status = entry.status_at(self._kernel.station_time)
            if status is AuthorizationStatus.Accepted:
                then(Verdict(Tag(id_tag=id_tag, parent=entry.parent), status, "cache"))
                return
        self._rpc.call(AuthorizeRequest(id_tag=id_tag), lambda answer: then(self._read(id_tag, answer)))

    def known_parent(self, id_tag: str) -> str | None:
        """The parent of a tag as far as it is known locally."""
        entry = self._cache.find(id_tag)
        return entry.parent if entry else None

    def _read(self, id_tag: str, answer: Answer) -> Verdict:
        if not isinstance(answer, Answered):
            return self._offline(id_tag)
        assert isinstance(answer.response, AuthorizeResponse)
        info = answer.response.id_tag_info
        self._cache.learn(id_tag, info)
        parent = None if info.parent_id_tag is UNSET else info.parent_id_tag
        return Verdict(Tag(id_tag=id_tag, parent=parent), info.status, "central system")

    def _offline(self, id_tag: str) -> Verdict:
        """The table of A.5, from top to bottom."""
        entry = self._cache.find(id_tag)
        if entry:
            tag = Tag(id_tag=id_tag, parent=entry.parent)
            status = entry.status_at(self._kernel.station_time)
            if status is AuthorizationStatus.Accepted and not self._configuration.flag(
                "LocalAuthorizeOffline"
            ):
                status = AuthorizationStatus.Invalid
            return Verdict(tag, status, "offline cache")
        has = self._configuration.has("AllowOfflineTxForUnknownId")
        if has and self._configuration.flag("AllowOfflineTxForUnknownId"):
            return Verdict(Tag(id_tag=id_tag), AuthorizationStatus.Accepted, "offline unknown")
        return Verdict(Tag(id_tag=id_tag), AuthorizationStatus.Invalid, "offline")
