"""LocalAuthListManagement: the list of tags the central system leaves with the station (CONFORMANCE A.11).

It goes before the cache, and none of its tags is ever cached (CORE-CACHE-3).
"""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from msgspec import UNSET

from desktop_sim.protocol.actions import FeatureProfile
from desktop_sim.protocol.local_auth_list_management import (
    AuthorizationData,
    GetLocalListVersionRequest,
    GetLocalListVersionResponse,
    SendLocalListRequest,
    SendLocalListResponse,
)
from desktop_sim.protocol.times import parse_time
from desktop_sim.protocol.types import AuthorizationStatus, IdTagInfo, UpdateStatus, UpdateType
from desktop_sim.station.authorization_cache import AuthorizationCache
from desktop_sim.station.commands import CommandRefused, LocalList, RefusalCode
from desktop_sim.station.configuration import Configuration
from desktop_sim.station.events import LocalListEvent
from desktop_sim.station.kernel import Kernel
from desktop_sim.station.known_tag import KnownTag, expiry_of, parent_of, read_expiry
from desktop_sim.station.switches import Switches

Entries = dict[str, KnownTag]
"""The list, by tag without regard to case."""


class _NotTaken(Exception):
    """An update the list does not take, and why."""

    def __init__(self, status: UpdateStatus, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence


class LocalAuthList:
    """The list of one station; SendLocalList and a person change it, nothing else (LAL-8).

    Attributes:
        on_conflict: called with a few words when the central system refuses a tag the list accepts (LAL-10).
    """

    def __init__(
        self, kernel: Kernel, configuration: Configuration, switches: Switches, cache: AuthorizationCache
    ) -> None:
        self._kernel = kernel
        self._configuration = configuration
        self._switches = switches
        self._cache = cache
        self.on_conflict: Callable[[str], None] = _nothing
        self._entries: Entries = kernel.load_all("local list", KnownTag)
        self._version: int = kernel.load("local list version", "list", int, 0)
        cache.listed = self.holds
        configuration.on_change("LocalAuthListEnabled", self._clear_cache)
        self._clear_cache()

    # --- looking ---

    @property
    def exists(self) -> bool:
        """Whether the station has a list at all (LAL-7)."""
        return self._configuration.profile_is_on(FeatureProfile.LocalAuthListManagement)

    @property
    def enabled(self) -> bool:
        """Whether the list counts; its content stays when it does not (LAL-9)."""
        return self.exists and self._configuration.flag("LocalAuthListEnabled")

    @property
    def version(self) -> int:
        """The version GetLocalListVersion tells: 0 for an empty list, -1 for none (LAL-1, LAL-13)."""
        if not self._open():
            return -1
        return self._version if self._entries else 0

    def find(self, id_tag: str) -> KnownTag | None:
        """The entry of a tag; nothing while the list is off."""
        return self._entries.get(id_tag.casefold()) if self.enabled else None

    def holds(self, id_tag: str) -> bool:
        """Whether the list knows a tag, and counts."""
        return self.find(id_tag) is not None

    def info(self) -> dict[str, Any]:
        """The list in short, for `info`."""
        return {"version": self.version, "size": len(self._entries), "enabled": self.enabled}

    def compare(self, id_tag: str, info: IdTagInfo) -> None:
        """The central system spoke of a tag: tell it if the list says otherwise (CORE-OFF-6).

        ConcurrentTx is no judgement of the tag: it is in use, and may well be valid.
        """
        entry = self.find(id_tag)
        if entry is None or info.status in (AuthorizationStatus.Accepted, AuthorizationStatus.ConcurrentTx):
            return
        if entry.status_at(self._kernel.station_time) is AuthorizationStatus.Accepted:
            self._tell("conflict", id_tag=id_tag, status=info.status.value)
            self._kernel.afterwards(lambda: self.on_conflict(f"{id_tag}: {info.status.value}"))

    # --- messages ---

    def on_get_local_list_version(self, request: GetLocalListVersionRequest) -> GetLocalListVersionResponse:
        """Answer GetLocalListVersion."""
        return GetLocalListVersionResponse(list_version=self.version)

    def on_send_local_list(self, request: SendLocalListRequest) -> SendLocalListResponse:
        """Answer SendLocalList: the whole update is taken, or nothing of it (LAL-2 to LAL-7)."""
        full = request.update_type is UpdateType.Full
        sent = () if request.local_authorization_list is UNSET else request.local_authorization_list
        try:
            self._check_version(request.list_version, full=full)
            entries = self._updated(sent, full=full)
        except _NotTaken as problem:
            self._tell("refused", reason=problem.sentence)
            return SendLocalListResponse(status=problem.status)
        self._replace(entries, request.list_version)
        self._tell("replaced" if full else "changed")
        return SendLocalListResponse(status=UpdateStatus.Accepted)

    def _check_version(self, version: int, *, full: bool) -> None:
        if not self._open():
            raise _NotTaken(UpdateStatus.NotSupported, "LocalAuthListEnabled is false.")
        if version < 1:
            raise _NotTaken(UpdateStatus.Failed, f"{version} is no version of a list; the first is 1.")
        if not full and version <= self._version:
            sentence = f"Version {version} does not follow version {self._version}."
            raise _NotTaken(UpdateStatus.VersionMismatch, sentence)

    def _updated(self, sent: Sequence[AuthorizationData], *, full: bool) -> Entries:
        """The list as it would be after the update."""
        most = self._configuration.number("SendLocalListMaxLength")
        if len(sent) > most:
            raise _NotTaken(
                UpdateStatus.Failed, f"{len(sent)} tags in one message; at most {most} are taken."
            )
        if twice := _first_repeated([data.id_tag.casefold() for data in sent]):
            raise _NotTaken(UpdateStatus.Failed, f"{sent[twice].id_tag} stands in the message twice.")
        entries = {} if full else dict(self._entries)
        for data in sent:
            info = data.id_tag_info
            if info is not UNSET:
                entries[data.id_tag.casefold()] = KnownTag(
                    id_tag=data.id_tag,
                    status=info.status,
                    parent=parent_of(info),
                    expires=expiry_of(self._kernel, info),
                )
            elif full:
                raise _NotTaken(UpdateStatus.Failed, f"{data.id_tag} comes without idTagInfo.")
            else:
                entries.pop(data.id_tag.casefold(), None)
        if len(entries) > self._longest:
            sentence = f"That makes {len(entries)} tags; the list holds {self._longest}."
            raise _NotTaken(UpdateStatus.Failed, sentence)
        return entries

    # --- the command ---

    def carry_out(self, command: LocalList) -> dict[str, Any]:
        """Do what a person wants with the list. Raises CommandRefused."""
        if not self.exists:
            raise _refused("This station has no local list: SupportedFeatureProfiles does not name it.")
        if command.act == "clear":
            self._change_by_hand({})
        elif command.act != "list":
            key = _id_tag(command).casefold()
            if command.act == "add":
                self._add_by_hand(command, key)
            elif key not in self._entries:
                raise _refused(f"{command.id_tag} is not in the local list.")
            else:
                self._change_by_hand({k: entry for k, entry in self._entries.items() if k != key})
        utc = self._kernel.station_time
        entries = [
            msgspec.to_builtins(msgspec.structs.replace(entry, status=entry.status_at(utc)))
            for _, entry in sorted(self._entries.items())
        ]
        return self.info() | {"entries": entries}

    def _add_by_hand(self, command: LocalList, key: str) -> None:
        entry = _entry_of(self._kernel, command)
        if key not in self._entries and len(self._entries) >= self._longest:
            raise _refused(f"The local list is full: LocalAuthListMaxLength is {self._longest}.")
        self._change_by_hand(self._entries | {key: entry})

    def _change_by_hand(self, entries: Entries) -> None:
        """The central system's version stays as it was; a list it never sent becomes the first."""
        self._replace(entries, max(self._version, 1) if entries else self._version)
        self._tell("changed")

    # --- inside ---

    @property
    def _longest(self) -> int:
        return self._configuration.number("LocalAuthListMaxLength")

    def _open(self) -> bool:
        """Whether the central system may read and write the list (SW-LAL-DISABLED)."""
        return self.enabled or (self.exists and self._switches["SW-LAL-DISABLED"] == "normal")

    def _replace(self, entries: Entries, version: int) -> None:
        for key in self._entries:
            if key not in entries:
                self._kernel.forget("local list", key)
        for key, entry in entries.items():
            if self._entries.get(key) != entry:
                self._kernel.store("local list", key, entry)
        self._entries = entries
        if version != self._version:
            self._version = version
            self._kernel.store("local list version", "list", version)
        self._clear_cache()

    def _clear_cache(self) -> None:
        """What the list knows is cached no longer (CORE-CACHE-3)."""
        if self.enabled:
            for key in self._entries:
                self._cache.remove(key)

    def _tell(self, what: str, **more: str) -> None:
        version, entries = self.version, len(self._entries)
        self._kernel.emit(LocalListEvent, what=what, version=version, entries=entries, **more)


def _first_repeated(keys: Sequence[str]) -> int:
    """The place of the first that was there before; 0 if none was."""
    seen: set[str] = set()
    for place, key in enumerate(keys):
        if key in seen:
            return place
        seen.add(key)
    return 0


def _id_tag(command: LocalList) -> str:
    if not command.id_tag:
        raise CommandRefused(RefusalCode.INVALID, f"local_list {command.act} needs an id_tag.")
    for text in (command.id_tag, command.parent_id_tag or ""):
        if len(text) > 20:
            raise CommandRefused(RefusalCode.INVALID, "An idTag has 1 to 20 characters.")
    return command.id_tag


def _entry_of(kernel: Kernel, command: LocalList) -> KnownTag:
    """The entry a person wants added."""
    try:
        status = AuthorizationStatus(command.status)
    except ValueError:
        names = ", ".join(AuthorizationStatus)
        sentence = f"There is no status {command.status!r}. There are: {names}."
        raise CommandRefused(RefusalCode.INVALID, sentence) from None
    expires = None
    if command.expiry_date:
        try:
            parse_time(command.expiry_date)
        except ValueError:
            sentence = f"expiry_date is a time such as 2030-12-31T23:59:59Z, not {command.expiry_date!r}."
            raise CommandRefused(RefusalCode.INVALID, sentence) from None
        expires = read_expiry(kernel, command.expiry_date)
    return KnownTag(id_tag=_id_tag(command), status=status, parent=command.parent_id_tag, expires=expires)


def _refused(sentence: str) -> CommandRefused:
    return CommandRefused(RefusalCode.REFUSED, sentence)


def _nothing(words: str) -> None:
    """Nobody has asked to be told."""
