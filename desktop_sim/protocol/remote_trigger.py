"""Messages of the RemoteTrigger profile (conformance A.14)."""

from __future__ import annotations

from msgspec import UNSET, UnsetType

from desktop_sim.protocol.types import CiString50, Integer, Request, Response, TriggerMessageStatus


class TriggerMessageRequest(Request):
    """Send a message now. An unknown one reaches the handler, which answers NotImplemented (RT-2)."""

    requested_message: CiString50
    connector_id: Integer | UnsetType = UNSET


class TriggerMessageResponse(Response):
    """Whether the message will be sent."""

    status: TriggerMessageStatus
