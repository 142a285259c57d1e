"""Everything a person can do at the station, as typed values with one name in every face (DESIGN § 6).

Console, window, control channel, scenarios and tests all submit these. The docstring is the help text, the fields are
the parameters, and schemas and completion are generated from both. `connector` may be left out where the station can
tell which one is meant: the only one, else the only one the command fits.
"""

from enum import StrEnum
from typing import Annotated, Any, Literal, TypeVar

import msgspec

E = TypeVar("E", bound=StrEnum)

Amperes = Annotated[float, msgspec.Meta(ge=0, description="amperes per phase")]
Percent = Annotated[float, msgspec.Meta(ge=0, le=100, description="percent")]


class RefusalCode(StrEnum):
    """Why a command was refused; the control channel maps these to its error numbers."""

    REFUSED = "refused"
    NO_SUCH_CONNECTOR = "no such connector"
    INVALID = "invalid"
    STORAGE = "storage"


class CommandRefused(Exception):
    """The station would not do it. `sentence` says why and what to do instead."""

    def __init__(self, code: RefusalCode, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


def refused(sentence: str) -> CommandRefused:
    """It cannot be done in this state."""
    return CommandRefused(RefusalCode.REFUSED, sentence)


def one_of(kind: type[E], text: str, what: str) -> E:
    """The member of this spelling, in any case. Raises CommandRefused with those there are."""
    for member in kind:
        if member.value.lower() == text.strip().lower():
            return member
    names = ", ".join(member.value for member in kind)
    raise CommandRefused(RefusalCode.INVALID, f"There is no {what} {text!r}. There are: {names}.")


def _snake(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")


class Command(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="command", tag=_snake
):
    """A typed command; its tag is the name people type."""


class Info(Command, frozen=True, kw_only=True):
    """Show the whole state: link, registration, clock, queue, connectors."""


class Connect(Command, frozen=True, kw_only=True):
    """Go online. With a URL, that becomes the central system from now on."""

    url: str | None = None


class Disconnect(Command, frozen=True, kw_only=True):
    """Go offline and stay so until `connect`."""


class DropLink(Command, frozen=True, kw_only=True):
    """Cut the TCP connection without a close frame; the station reconnects by itself."""


class PlugIn(Command, frozen=True, kw_only=True):
    """Put the cable into car and station."""

    connector: int | None = None
    vehicle: str | None = None


class Unplug(Command, frozen=True, kw_only=True):
    """Pull the cable: at the car first, at the station as soon as the lock lets go."""

    connector: int | None = None
    end: Literal["both", "vehicle", "station"] = "both"


class PresentTag(Command, frozen=True, kw_only=True):
    """Hold a card to the reader. The tag of a running transaction stops it."""

    id_tag: str
    connector: int | None = None


class Start(Command, frozen=True, kw_only=True):
    """Plug in if needed, then present the tag (the profile's first one unless named)."""

    connector: int | None = None
    id_tag: str | None = None


class Stop(Command, frozen=True, kw_only=True):
    """Press the stop button. Another `reason` only changes the one reported."""

    connector: int | None = None
    reason: str | None = None


class Current(Command, frozen=True, kw_only=True):
    """Move the slider: amperes per phase the car asks for."""

    amperes: Amperes
    connector: int | None = None


class Vehicle(Command, frozen=True, kw_only=True):
    """Choose another car, or another state of charge (percent)."""

    connector: int | None = None
    name: str | None = None
    soc: Percent | None = None


class SuspendEv(Command, frozen=True, kw_only=True):
    """The car pauses charging."""

    connector: int | None = None


class ResumeEv(Command, frozen=True, kw_only=True):
    """The car goes on charging."""

    connector: int | None = None


class SuspendEvse(Command, frozen=True, kw_only=True):
    """The station pauses charging."""

    connector: int | None = None


class ResumeEvse(Command, frozen=True, kw_only=True):
    """The station goes on charging."""

    connector: int | None = None


class Status(Command, frozen=True, kw_only=True):
    """Report a status by hand, true or not. The computed status stays as it is."""

    status: str
    connector: int | None = None


class Error(Command, frozen=True, kw_only=True):
    """Raise a fault with an OCPP error code; `NoError` clears it."""

    error_code: str
    connector: int | None = None
    info: str | None = None
    vendor_error_code: str | None = None


class RaiseFault(Command, frozen=True, kw_only=True):
    """The same as `error`."""

    error_code: str
    connector: int | None = None
    info: str | None = None
    vendor_error_code: str | None = None


class ClearFault(Command, frozen=True, kw_only=True):
    """Clear the fault."""

    connector: int | None = None


class LockFailure(Command, frozen=True, kw_only=True):
    """Break (on) or repair (off) the cable lock."""

    connector: int | None = None
    on: bool = True


class EmergencyStop(Command, frozen=True, kw_only=True):
    """Press (on) or release (off) the red button."""

    on: bool = True


class PowerCut(Command, frozen=True, kw_only=True):
    """The mains is gone: everything volatile is lost."""


class PowerOn(Command, frozen=True, kw_only=True):
    """The mains comes back and the station boots."""


class Reboot(Command, frozen=True, kw_only=True):
    """Restart the station by itself (reason Reboot)."""


class Configuration(Command, frozen=True, kw_only=True):
    """Show the configuration keys, one key, or set one."""

    key: str | None = None
    value: str | None = None


class Cache(Command, frozen=True, kw_only=True):
    """Look into the authorization cache, or change it."""

    act: Literal["list", "add", "remove", "clear"] = "list"
    id_tag: str | None = None
    status: str = "Accepted"
    parent_id_tag: str | None = None


class LocalList(Command, frozen=True, kw_only=True):
    """Look into the local authorization list, or change it past the central system."""

    act: Literal["list", "add", "remove", "clear"] = "list"
    id_tag: str | None = None
    status: Literal["Accepted", "Blocked", "Expired", "Invalid", "ConcurrentTx"] = "Accepted"
    parent_id_tag: str | None = None
    expiry_date: str | None = None


class Reservations(Command, frozen=True, kw_only=True):
    """Show the reservations, or cancel one at the station."""

    act: Literal["list", "cancel"] = "list"
    reservation_id: int | None = None


class Queue(Command, frozen=True, kw_only=True):
    """Look into the queue of undelivered transaction messages, or change it."""

    act: Literal["list", "drop", "edit"] = "list"
    number: int | None = None
    payload: dict[str, Any] | None = None


class Switch(Command, frozen=True, kw_only=True):
    """Show the behaviour switches, one switch, or set one."""

    name: str | None = None
    value: str | None = None


class Answer(Command, frozen=True, kw_only=True):
    """Show or set how calls of the central system are answered: normal, unsupported, silence, error or forced."""

    action: Annotated[str, msgspec.Meta(description="an action of the central system, as Reset")] | None = (
        None
    )
    answer: Literal["normal", "unsupported", "silence", "error", "forced"] = "normal"
    code: Annotated[str, msgspec.Meta(description="error code of the answer `error`")] = "InternalError"
    payload: Annotated[dict[str, Any], msgspec.Meta(description="payload of the answer `forced`")] | None = (
        None
    )
    delay: Annotated[float, msgspec.Meta(ge=0, le=3600, description="seconds")] = 0.0


class Send(Command, frozen=True, kw_only=True):
    """Send any CALL; it is checked against its type unless forced."""

    action: str
    payload: dict[str, Any] = {}
    force: bool = False


class SendRaw(Command, frozen=True, kw_only=True):
    """Send any text as a frame, broken ones too."""

    text: str


class FactoryReset(Command, frozen=True, kw_only=True):
    """Forget everything stored and start again from the profile."""


STATION_COMMANDS: dict[str, type[Command]] = {
    str(cls.__struct_config__.tag): cls for cls in Command.__subclasses__()
}
"""Name → type of every station command."""
