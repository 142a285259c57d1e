"""May this tag charge? The local list, the cache, the central system, and the rules of being offline (CONFORMANCE A.3,
A.5)."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from desktop_sim.protocol.core import AuthorizeRequest, AuthorizeResponse
from desktop_sim.protocol.types import AuthorizationStatus, IdTagInfo
from desktop_sim.station.authorization_cache import AuthorizationCache
from desktop_sim.station.configuration import Configuration
from desktop_sim.station.connectors import Tag
from desktop_sim.station.kernel import Kernel
from desktop_sim.station.known_tag import KnownTag, parent_of
from desktop_sim.station.local_auth_list import LocalAuthList
from desktop_sim.station.registration import Registration
from desktop_sim.station.rpc import Answer, Answered, Rpc
from desktop_sim.station.switches import Switches


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer. `source` says who decided: `central system`, `local list`, `cache`, `offline local list`,
    `offline cache`, `offline unknown`, `offline` or `not registered`."""

    tag: Tag
    status: AuthorizationStatus
    source: str

    @property
    def accepted(self) -> bool:
        """Only Accepted is a permission (CORE-AUTH-8, CORE-AUTH-9)."""
        return self.status is AuthorizationStatus.Accepted


class Authorization:
    """Asks whoever knows: the local list, the cache, the central system, or the rules for being offline."""

    def __init__(
        self,
        kernel: Kernel,
        rpc: Rpc,
        registration: Registration,
        configuration: Configuration,
        switches: Switches,
        local_list: LocalAuthList,
        cache: AuthorizationCache,
    ) -> None:
        self._kernel = kernel
        self._rpc = rpc
        self._registration = registration
        self._configuration = configuration
        self._switches = switches
        self._list = local_list
        self._cache = cache

    @property
    def charging_allowed(self) -> bool:
        """False before ever having been accepted, and while Pending or Rejected (CORE-BOOT-12, CORE-BOOT-14)."""
        if self._switches.is_on("SW-CHARGE-BEFORE-ACCEPTED"):
            return True
        registration = self._registration
        return registration.ever and not registration.pending and not registration.rejected

    def ask(self, id_tag: str, then: Callable[[Verdict], None], *, for_parent: bool = False) -> None:
        """Find out about a tag and tell `then`, now or later (CORE-AUTH-2 to CORE-AUTH-4, CORE-AUTH-11).

        `for_parent`: the group decides, so that a yes from here without a group is not enough (RES-5).
        """
        if not self._rpc.open:
            then(self._offline(id_tag))
            return
        verdict = self._known_here(id_tag)
        if verdict and not (for_parent and verdict.accepted and not verdict.tag.parent):
            then(verdict)
        else:
            self._rpc.call(AuthorizeRequest(id_tag=id_tag), lambda answer: then(self._read(id_tag, answer)))

    def learn(self, id_tag: str, info: IdTagInfo) -> None:
        """An idTagInfo came in: compared with the list, else news for the cache (CORE-AUTH-10, CORE-OFF-6)."""
        self._list.compare(id_tag, info)
        self._cache.learn(id_tag, info)

    def known_parent(self, id_tag: str) -> str | None:
        """The parent of a tag as far as it is known locally."""
        entry = self._list.find(id_tag) or self._cache.find(id_tag)
        return entry.parent if entry else None

    def _known_here(self, id_tag: str) -> Verdict | None:
        """What LocalPreAuthorize decides without the central system (CORE-AUTH-2, CORE-AUTH-4).

        The list has the last word on its tags; the cache only says yes.
        """
        if not self._configuration.flag("LocalPreAuthorize"):
            return None
        if entry := self._list.find(id_tag):
            return self._verdict(id_tag, entry, "local list")
        if entry := self._cache.find(id_tag):
            verdict = self._verdict(id_tag, entry, "cache")
            return verdict if verdict.accepted else None
        return None

    def _verdict(self, id_tag: str, entry: KnownTag, source: str) -> Verdict:
        tag = Tag(id_tag=id_tag, parent=entry.parent)
        return Verdict(tag, entry.status_at(self._kernel.station_time), source)

    def _read(self, id_tag: str, answer: Answer) -> Verdict:
        if not isinstance(answer, Answered):
            return self._offline(id_tag)
        assert isinstance(answer.response, AuthorizeResponse)
        info = answer.response.id_tag_info
        self.learn(id_tag, info)
        return Verdict(Tag(id_tag=id_tag, parent=parent_of(info)), info.status, "central system")

    def _offline(self, id_tag: str) -> Verdict:
        """The table of A.5, from top to bottom; nobody charges where the registration forbids it (CORE-BOOT-14)."""
        if not self.charging_allowed:
            return Verdict(Tag(id_tag=id_tag), AuthorizationStatus.Invalid, "not registered")
        for source, entry in (
            ("offline local list", self._list.find(id_tag)),
            ("offline cache", self._cache.find(id_tag)),
        ):
            if entry:
                return self._offline_known(self._verdict(id_tag, entry, source))
        has = self._configuration.has("AllowOfflineTxForUnknownId")
        if has and self._configuration.flag("AllowOfflineTxForUnknownId"):
            return Verdict(Tag(id_tag=id_tag), AuthorizationStatus.Accepted, "offline unknown")
        return Verdict(Tag(id_tag=id_tag), AuthorizationStatus.Invalid, "offline")

    def _offline_known(self, verdict: Verdict) -> Verdict:
        """A tag known here may charge offline only if LocalAuthorizeOffline lets it."""
        if verdict.accepted and not self._configuration.flag("LocalAuthorizeOffline"):
            return replace(verdict, status=AuthorizationStatus.Invalid)
        return verdict
