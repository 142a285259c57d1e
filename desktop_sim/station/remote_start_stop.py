"""RemoteStartTransaction and RemoteStopTransaction (CORE-RSTART, CORE-RSTOP)."""

from msgspec import UNSET

from desktop_sim.protocol.actions import FeatureProfile
from desktop_sim.protocol.core import (
    RemoteStartTransactionRequest,
    RemoteStartTransactionResponse,
    RemoteStopTransactionRequest,
    RemoteStopTransactionResponse,
)
from desktop_sim.protocol.errors import ErrorCode
from desktop_sim.protocol.smart_charging import ChargingProfile
from desktop_sim.protocol.types import ChargePointStatus, Reason, RemoteStartStopStatus
from desktop_sim.station.authorization import Authorization, Verdict
from desktop_sim.station.configuration import Configuration
from desktop_sim.station.connection_time_out import ConnectionTimeOut
from desktop_sim.station.connectors import Connector, Connectors, Grant, Tag
from desktop_sim.station.events import AuthorizationEvent
from desktop_sim.station.kernel import Kernel
from desktop_sim.station.refusal import Refusal
from desktop_sim.station.registration import Registration
from desktop_sim.station.reservation import Reservations
from desktop_sim.station.smart_charging import SmartCharging
from desktop_sim.station.switches import Switches
from desktop_sim.station.transactions import Transactions

ACCEPTED = RemoteStartTransactionResponse(status=RemoteStartStopStatus.Accepted)
REJECTED = RemoteStartTransactionResponse(status=RemoteStartStopStatus.Rejected)
STOP_ACCEPTED = RemoteStopTransactionResponse(status=RemoteStartStopStatus.Accepted)
STOP_REJECTED = RemoteStopTransactionResponse(status=RemoteStartStopStatus.Rejected)

_RANKS = {
    ChargePointStatus.Preparing: 0,
    ChargePointStatus.Available: 1,
    ChargePointStatus.Reserved: 2,
    ChargePointStatus.Finishing: 3,
}


class RemoteStartStop:
    """Starts and stops at the wish of the central system."""

    def __init__(
        self,
        kernel: Kernel,
        connectors: Connectors,
        configuration: Configuration,
        switches: Switches,
        registration: Registration,
        authorization: Authorization,
        transactions: Transactions,
        time_out: ConnectionTimeOut,
        reservations: Reservations,
        smart_charging: SmartCharging,
    ) -> None:
        self._kernel = kernel
        self._connectors = connectors
        self._configuration = configuration
        self._switches = switches
        self._registration = registration
        self._authorization = authorization
        self._transactions = transactions
        self._time_out = time_out
        self._reservations = reservations
        self._smart_charging = smart_charging

    # --- start ---

    def on_remote_start(self, request: RemoteStartTransactionRequest) -> RemoteStartTransactionResponse:
        """Accepted means: will try. The answer leaves before anything else does (CORE-RSTART-1)."""
        self._refuse_while_pending()
        if request.connector_id == 0 and self._switches["SW-REMOTE-CONN0"] == "callerror":
            raise Refusal(
                ErrorCode.PropertyConstraintViolation, "$.connectorId: a connector from 1 is needed."
            )
        connector = self._choose(request) if self._may_start() else None
        if connector is None:
            return REJECTED
        if self._waits_for(connector, request.id_tag):
            self._kernel.afterwards(lambda: self._time_out.restart(connector))
            return ACCEPTED
        profile = self._profile_of(request)
        if profile and not self._smart_charging.may_start_with(connector, profile):
            return REJECTED
        connector.asking.add(request.id_tag.casefold())
        self._kernel.afterwards(lambda: self._try(connector, request.id_tag, profile))
        return ACCEPTED

    def _may_start(self) -> bool:
        """Not while restarting or Pending, nor before ever having been accepted (CORE-BOOT-8, CORE-BOOT-12)."""
        allowed = self._authorization.charging_allowed and not self._registration.pending
        return allowed and not self._transactions.busy()

    def _profile_of(self, request: RemoteStartTransactionRequest) -> ChargingProfile | None:
        """The profile that comes with the request, unless smart charging is off (CORE-RSTART-8)."""
        known = self._configuration.profile_is_on(FeatureProfile.SmartCharging)
        return request.charging_profile if known and request.charging_profile is not UNSET else None

    def _choose(self, request: RemoteStartTransactionRequest) -> Connector | None:
        if request.connector_id is UNSET:
            if self._switches["SW-REMOTE-NO-CONN"] == "reject":
                return None
            return self._pick(request.id_tag)
        connector = self._connectors.get(request.connector_id)
        return connector if connector and self._fits(connector, request.id_tag) else None

    def _pick(self, id_tag: str) -> Connector | None:
        """One with the cable in, else a free one, else one reserved for the tag, else one where a cable was left
        (CORE-RSTART-3)."""
        fitting = [connector for connector in self._connectors if self._fits(connector, id_tag)]
        return min(fitting, key=lambda connector: (_rank(connector), connector.id), default=None)

    def _fits(self, connector: Connector, id_tag: str) -> bool:
        """Not busy, not broken, not waiting for somebody else (CORE-RSTART-5, CORE-RSTART-11)."""
        if self._waits_for(connector, id_tag):
            return True
        if connector.asking or not self._transactions.is_free(connector):
            return False
        if self._reservations.admits(connector, self._tag(id_tag)) is False:
            return False
        if connector.status is ChargePointStatus.Finishing:
            return self._switches["SW-FINISHING-REMOTE"] == "accept"
        return connector.status in _RANKS

    def _waits_for(self, connector: Connector, id_tag: str) -> bool:
        granted = connector.grant is not None and connector.grant.tag.is_same(id_tag)
        return granted or (id_tag.casefold() in connector.asking and self._transactions.is_free(connector))

    def _try(self, connector: Connector, id_tag: str, profile: ChargingProfile | None) -> None:
        self._tell("remote", id_tag, connector)
        tag = self._tag(id_tag)
        unsure = self._reservations.admits(connector, tag) is None
        if unsure or self._configuration.flag("AuthorizeRemoteTxRequests"):
            self._authorization.ask(
                id_tag, lambda verdict: self._decided(connector, verdict, profile), for_parent=unsure
            )
            return
        connector.asking.discard(id_tag.casefold())
        self._transactions.grant(connector, Grant(tag, charging_profile=profile))

    def _tag(self, id_tag: str) -> Tag:
        """The tag with its group, as far as that is known here."""
        return Tag(id_tag=id_tag, parent=self._authorization.known_parent(id_tag))

    def _decided(self, connector: Connector, verdict: Verdict, profile: ChargingProfile | None) -> None:
        connector.asking.discard(verdict.tag.id_tag.casefold())
        free = self._transactions.is_free(connector) and self._reservations.admits(connector, verdict.tag)
        if verdict.accepted and free:
            self._tell("granted", verdict.tag.id_tag, connector, verdict)
            self._transactions.grant(connector, Grant(verdict.tag, charging_profile=profile))
        else:
            self._tell("refused", verdict.tag.id_tag, connector, verdict)

    # --- stop ---

    def on_remote_stop(self, request: RemoteStopTransactionRequest) -> RemoteStopTransactionResponse:
        """A transaction known by this id stops like a local one (CORE-RSTOP-1 to CORE-RSTOP-3)."""
        self._refuse_while_pending()
        connector = None if self._registration.pending else self._connectors.running(request.transaction_id)
        if connector is None:
            return STOP_REJECTED
        self._kernel.afterwards(lambda: self._stop(connector))
        return STOP_ACCEPTED

    def _stop(self, connector: Connector) -> None:
        if connector.transaction:
            with_tag = self._switches["SW-REMOTE-STOP-TAG"] == "start-tag"
            id_tag = connector.transaction.tag.id_tag if with_tag else None
            self._transactions.stop(connector, Reason.Remote, id_tag)

    def _refuse_while_pending(self) -> None:
        if self._registration.pending and self._switches["SW-PENDING-REMOTE"] == "callerror":
            raise Refusal(ErrorCode.SecurityError, "The station is not accepted yet (CORE-BOOT-8).")

    def _tell(self, what: str, id_tag: str, connector: Connector, verdict: Verdict | None = None) -> None:
        self._kernel.emit(
            AuthorizationEvent,
            connector=connector.id,
            what=what,
            id_tag=id_tag,
            status=verdict.status.value if verdict else "",
            source=verdict.source if verdict else "",
        )


def _rank(connector: Connector) -> int:
    """Which connector a remote start without one takes first: one where a car stands and waits."""
    waits = connector.status is ChargePointStatus.Reserved and connector.connected
    return _RANKS[ChargePointStatus.Preparing if waits else connector.status]
