"""TriggerMessage: send a message now, after the answer (CONFORMANCE A.14)."""

from collections.abc import Callable, Iterable

from msgspec import UNSET

from desktop_sim.protocol.actions import FeatureProfile
from desktop_sim.protocol.core import MeterValuesRequest
from desktop_sim.protocol.remote_trigger import TriggerMessageRequest, TriggerMessageResponse
from desktop_sim.protocol.types import MessageTrigger, TriggerMessageStatus
from desktop_sim.station.boot import Boot
from desktop_sim.station.configuration import Configuration
from desktop_sim.station.connectors import Connectors
from desktop_sim.station.kernel import Kernel
from desktop_sim.station.metering import Metering
from desktop_sim.station.registration import Registration
from desktop_sim.station.rpc import Rpc
from desktop_sim.station.status_notification import Statuses
from desktop_sim.station.switches import Switches

REJECTED = TriggerMessageResponse(status=TriggerMessageStatus.Rejected)


class RemoteTrigger:
    """What can be triggered, and how.

    Attributes:
        more: further messages and what sends them; they hang on a feature profile.
    """

    def __init__(
        self,
        kernel: Kernel,
        connectors: Connectors,
        configuration: Configuration,
        switches: Switches,
        rpc: Rpc,
        registration: Registration,
        boot: Boot,
        statuses: Statuses,
        metering: Metering,
    ) -> None:
        self._kernel = kernel
        self._connectors = connectors
        self._configuration = configuration
        self._switches = switches
        self._rpc = rpc
        self._registration = registration
        self._boot = boot
        self._statuses = statuses
        self._metering = metering
        self.more: dict[str, Callable[[], None]] = {}

    def on_trigger_message(self, request: TriggerMessageRequest) -> TriggerMessageResponse:
        """Answer TriggerMessage; the message follows (RT-1 to RT-4)."""
        one = None if request.connector_id is UNSET else request.connector_id
        message = request.requested_message
        if message == MessageTrigger.BootNotification:
            if self._registration.accepted and self._switches["SW-BOOT-TRIGGER"] == "reject":
                return REJECTED
            return self._follow(lambda: self._boot.send_boot(triggered=True))
        if message == MessageTrigger.Heartbeat:
            return self._accept(lambda: self._boot.send_heartbeat(triggered=True))
        if message in self.more and self._configuration.profile_is_on(FeatureProfile.FirmwareManagement):
            return self._accept(self.more[message])
        if message not in (MessageTrigger.StatusNotification, MessageTrigger.MeterValues):
            return TriggerMessageResponse(status=TriggerMessageStatus.NotImplemented)
        if one is not None and not 0 <= one <= len(self._connectors):
            return REJECTED
        numbers = range(len(self._connectors) + 1) if one is None else (one,)
        if message == MessageTrigger.StatusNotification:
            return self._accept(lambda: self._report(numbers))
        return self._measure(numbers)

    def _accept(self, act: Callable[[], None]) -> TriggerMessageResponse:
        """Nothing but BootNotification leaves before that is answered, asked for or not (CORE-BOOT-1)."""
        return REJECTED if self._registration.status is None else self._follow(act)

    def _follow(self, act: Callable[[], None]) -> TriggerMessageResponse:
        self._kernel.afterwards(act)
        return TriggerMessageResponse(status=TriggerMessageStatus.Accepted)

    def _report(self, numbers: Iterable[int]) -> None:
        for number in numbers:
            self._statuses.report(number, triggered=True)

    def _measure(self, numbers: Iterable[int]) -> TriggerMessageResponse:
        """Rejected where nothing is configured to be measured: there is no such message."""
        readings = [self._metering.triggered(number) for number in numbers]
        requests = [request for request in readings if request]
        if not requests:
            return REJECTED
        return self._accept(lambda: self._send(requests))

    def _send(self, requests: Iterable[MeterValuesRequest]) -> None:
        for request in requests:
            self._rpc.call(request, always=True)
