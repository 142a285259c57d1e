"""Random acts at a station and its central system, for the property tests."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from desktop_sim.protocol.times import format_time
from desktop_sim.runtime.scripted_peer import Failure, ScriptedPeer
from desktop_sim.runtime.virtual import VirtualDriver
from desktop_sim.station import commands as c
from desktop_sim.station.commands import Command, CommandRefused


@dataclass(frozen=True)
class Run:
    """Let simulated time pass."""

    seconds: float


@dataclass(frozen=True)
class Ask:
    """The central system sends a CALL."""

    action: str
    payload: Any


@dataclass(frozen=True)
class Reserve:
    """The central system reserves a connector (0: any) for so many seconds."""

    number: int
    connector: int
    id_tag: str
    seconds: float
    parent: str | None = None


@dataclass(frozen=True)
class Garbage:
    """The central system sends text that may be anything."""

    text: str


@dataclass(frozen=True)
class Answer:
    """From now on the central system answers an action so."""

    action: str
    answer: Any


@dataclass(frozen=True)
class Network:
    """The network goes or comes back."""

    up: bool


@dataclass(frozen=True)
class Kill:
    """The process dies and is started again after some seconds."""

    seconds: float


@dataclass(frozen=True)
class DropLink:
    """The connection breaks."""


Act = Run | Ask | Reserve | Garbage | Answer | Network | Kill | DropLink | Command

TAGS = ("USER001", "user001", "OTHER", "GROUP-A", "GROUP-B", "BLOCKED")
CONNECTORS = st.sampled_from((1, 2))
NUMBERS = st.sampled_from((1, 2, 3))
SECONDS = st.sampled_from((0.0, 0.3, 1.0, 5.0, 12.0, 61.0, 400.0, 3700.0))

_commands: st.SearchStrategy[Command] = st.one_of(
    st.builds(c.PlugIn, connector=CONNECTORS),
    st.builds(c.PlugIn, connector=CONNECTORS),
    st.builds(c.Unplug, connector=CONNECTORS, end=st.sampled_from(("both", "vehicle", "station"))),
    st.builds(c.Unplug, connector=CONNECTORS),
    st.builds(c.PresentTag, id_tag=st.sampled_from(TAGS), connector=st.none() | CONNECTORS),
    st.builds(c.Start, connector=CONNECTORS, id_tag=st.none() | st.sampled_from(TAGS)),
    st.builds(c.Start, connector=CONNECTORS),
    st.builds(c.Stop, connector=CONNECTORS),
    st.builds(c.Current, connector=CONNECTORS, amperes=st.sampled_from((0.0, 5.0, 6.0, 10.5, 16.0, 32.0))),
    st.builds(c.Vehicle, connector=CONNECTORS, soc=st.sampled_from((0.0, 50.0, 97.0, 99.9, 100.0))),
    st.builds(c.SuspendEv, connector=CONNECTORS),
    st.builds(c.ResumeEv, connector=CONNECTORS),
    st.builds(c.SuspendEvse, connector=CONNECTORS),
    st.builds(c.ResumeEvse, connector=CONNECTORS),
    st.builds(
        c.Error,
        connector=CONNECTORS,
        error_code=st.sampled_from(
            ("GroundFailure", "HighTemperature", "WeakSignal", "EVCommunicationError", "NoError")
        ),
    ),
    st.builds(c.ClearFault, connector=CONNECTORS),
    st.builds(c.LockFailure, connector=CONNECTORS, on=st.booleans()),
    st.builds(c.EmergencyStop, on=st.booleans()),
    st.just(c.PowerCut()),
    st.just(c.PowerOn()),
    st.just(c.Reboot()),
    st.just(c.Disconnect()),
    st.just(c.Connect()),
    st.builds(
        c.Switch,
        name=st.just("SW-FREE-VEND"),
        value=st.sampled_from(("off", "FREE")),
    ),
    st.builds(c.Configuration, key=st.just("MinimumStatusDuration"), value=st.sampled_from(("0", "3"))),
    st.builds(
        c.LocalList,
        act=st.sampled_from(("add", "add", "remove", "clear")),
        id_tag=st.sampled_from(TAGS),
        status=st.sampled_from(("Accepted", "Blocked")),
        parent_id_tag=st.sampled_from((None, "GROUP")),
    ),
    st.builds(c.Reservations, act=st.just("cancel"), reservation_id=st.none() | NUMBERS),
)

_TRIGGERS = ("BootNotification", "Heartbeat", "MeterValues", "StatusNotification", "Nonsense")

_list_entries = st.lists(
    st.fixed_dictionaries(
        {"idTag": st.sampled_from(TAGS)},
        optional={
            "idTagInfo": st.fixed_dictionaries(
                {"status": st.sampled_from(("Accepted", "Accepted", "Invalid"))},
                optional={"parentIdTag": st.sampled_from(("GROUP", "ELSE"))},
            )
        },
    ),
    max_size=3,
)

_asks = st.one_of(
    st.builds(
        Ask,
        st.just("SendLocalList"),
        st.fixed_dictionaries(
            {
                "listVersion": st.integers(min_value=-1, max_value=8),
                "updateType": st.sampled_from(("Full", "Differential")),
            },
            optional={"localAuthorizationList": _list_entries},
        ),
    ),
    st.builds(Ask, st.just("GetLocalListVersion"), st.just({})),
    st.builds(Ask, st.just("CancelReservation"), st.fixed_dictionaries({"reservationId": NUMBERS})),
    st.builds(
        Ask,
        st.just("RemoteStartTransaction"),
        st.fixed_dictionaries(
            {"idTag": st.sampled_from(TAGS)}, optional={"connectorId": st.sampled_from((0, 1, 2, 3))}
        ),
    ),
    st.builds(
        Ask,
        st.just("RemoteStopTransaction"),
        st.fixed_dictionaries({"transactionId": st.sampled_from((-1, 1, 2, 3, 4, 9))}),
    ),
    st.builds(Ask, st.just("Reset"), st.fixed_dictionaries({"type": st.sampled_from(("Soft", "Hard"))})),
    st.builds(
        Ask,
        st.just("ChangeAvailability"),
        st.fixed_dictionaries(
            {
                "connectorId": st.sampled_from((0, 1, 2, 7)),
                "type": st.sampled_from(("Operative", "Inoperative")),
            }
        ),
    ),
    st.builds(
        Ask, st.just("UnlockConnector"), st.fixed_dictionaries({"connectorId": st.sampled_from((0, 1, 2))})
    ),
    st.builds(Ask, st.just("ClearCache"), st.just({})),
    st.builds(Ask, st.just("GetConfiguration"), st.just({})),
    st.builds(
        Ask,
        st.just("TriggerMessage"),
        st.fixed_dictionaries(
            {
                "requestedMessage": st.sampled_from(
                    ("BootNotification", "Heartbeat", "MeterValues", "StatusNotification")
                )
            }
        ),
    ),
    st.builds(
        Ask,
        st.just("ChangeConfiguration"),
        st.sampled_from(
            [
                {"key": "MeterValueSampleInterval", "value": "7"},
                {"key": "ClockAlignedDataInterval", "value": "60"},
                {"key": "ConnectionTimeOut", "value": "5"},
                {"key": "StopTransactionOnInvalidId", "value": "false"},
                {"key": "StopTransactionOnEVSideDisconnect", "value": "false"},
                {"key": "UnlockConnectorOnEVSideDisconnect", "value": "false"},
                {"key": "StopTxnSampledData", "value": "Energy.Active.Import.Register,Voltage"},
                {"key": "LocalPreAuthorize", "value": "true"},
                {"key": "LocalAuthListEnabled", "value": "false"},
                {"key": "LocalAuthListEnabled", "value": "true"},
                {"key": "AuthorizeRemoteTxRequests", "value": "true"},
                {"key": "AllowOfflineTxForUnknownId", "value": "true"},
                {"key": "TransactionMessageRetryInterval", "value": "3"},
                {"key": "HeartbeatInterval", "value": "30"},
            ]
        ),
    ),
)

RESERVES = st.builds(
    Reserve,
    NUMBERS,
    st.sampled_from((0, 1, 1, 2, 2)),
    st.sampled_from(TAGS),
    st.sampled_from((3600.0, 30.0, 3.0, 86_400.0, -1.0)),
    st.sampled_from((None, None, "GROUP")),
)

_garbage = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        (
            '[2,"a","Reset"]',
            '[2,"a","Reset",{"type":1}]',
            "[3]",
            '[3,"x",{}]',
            '[4,"x","y"]',
            '[2,5,"Reset",{}]',
            "{}",
            "null",
        )
    ),
)

_info = st.sampled_from(("Accepted", "Accepted", "Invalid", "Blocked", "ConcurrentTx"))
_answers = st.one_of(
    st.builds(
        lambda status: Answer("Authorize", {"idTagInfo": {"status": status, "parentIdTag": "GROUP"}}), _info
    ),
    st.builds(lambda status: Answer("StartTransaction", status), _info),
    st.just(Answer("StartTransaction", Failure())),
    st.just(Answer("StartTransaction", None)),
    st.just(Answer("StopTransaction", Failure("GenericError"))),
    st.just(Answer("StopTransaction", {})),
    st.just(Answer("MeterValues", Failure())),
    st.just(Answer("MeterValues", {})),
    st.just(Answer("Heartbeat", None)),
)

ACTS: st.SearchStrategy[Act] = st.one_of(
    st.builds(Run, SECONDS),
    st.builds(Run, SECONDS),
    _commands,
    _commands,
    _commands,
    _asks,
    RESERVES,
    st.builds(Garbage, _garbage),
    _answers,
    st.builds(Network, st.booleans()),
    st.builds(Kill, SECONDS),
    st.just(DropLink()),
)


def perform(driver: VirtualDriver, peer: ScriptedPeer, act: Act) -> None:
    """Do it; a refusal is as good as a success."""
    match act:
        case Run(seconds):
            driver.run_for(seconds)
        case Ask(action, payload):
            peer.call(action, payload)
            driver.run_for(0)
        case Reserve(number, connector, id_tag, seconds, parent):
            payload = {
                "reservationId": number,
                "connectorId": connector,
                "idTag": id_tag,
                "expiryDate": format_time(driver.now.sim + round(seconds * 1_000_000)),
            }
            peer.call("ReserveNow", payload if parent is None else payload | {"parentIdTag": parent})
            driver.run_for(0)
        case Garbage(text):
            peer.send(text)
            driver.run_for(0)
        case Answer(action, answer):
            peer.answers[action] = _starting(answer) if action == "StartTransaction" else answer
        case Network(up):
            driver.network(up)
        case Kill(seconds):
            driver.kill()
            driver.run_for(seconds)
            driver.restart()
        case DropLink():
            driver.drop_link()
        case Command():
            with suppress(CommandRefused):
                driver.submit(act)


def _starting(answer: Any) -> Any:
    """A StartTransaction.conf with this status, equal starts getting equal numbers."""
    if not isinstance(answer, str):
        return answer
    seen: dict[tuple[Any, ...], int] = {}

    def reply(request: dict[str, Any]) -> dict[str, Any]:
        key = (request["connectorId"], request["timestamp"], request["meterStart"])
        number = seen.setdefault(key, 100 + len(seen))
        return {"transactionId": number, "idTagInfo": {"status": answer}}

    return reply
