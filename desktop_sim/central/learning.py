"""What the answers to our own calls tell about a charge point."""

from msgspec import UNSET

from desktop_sim.central.books import Session
from desktop_sim.central.charge_points import ChargePoint, KnownValue
from desktop_sim.protocol import core, local_auth_list_management, remote_trigger, reservation, security
from desktop_sim.protocol.types import Request, Response

SECRETS = ("AuthorizationKey",)
"""Write-only keys: what we set is not kept."""

_ALSO_SENDS = {
    "SignChargePointCertificate": "SignCertificate",
    "FirmwareStatusNotification": "SignedFirmwareStatusNotification",
}


def learn(session: Session, request: Request, response: Response, now: int) -> None:
    """Enter what a proper answer says; `now` in µs."""
    point = session.point
    match request, response:
        case core.GetConfigurationRequest(), core.GetConfigurationResponse():
            _configuration(point, response, now)
        case core.ChangeConfigurationRequest(key=key, value=value), core.ChangeConfigurationResponse(
            status="Accepted" | "RebootRequired"
        ):
            point.configuration[key] = KnownValue(value=None if key in SECRETS else value, read=now)
        case (
            local_auth_list_management.GetLocalListVersionRequest(),
            local_auth_list_management.GetLocalListVersionResponse(list_version=version),
        ):
            point.local_list_version = version
        case (
            local_auth_list_management.SendLocalListRequest(list_version=version),
            local_auth_list_management.SendLocalListResponse(status="Accepted"),
        ):
            point.local_list_version = version
        case (
            reservation.ReserveNowRequest(reservation_id=number, connector_id=connector),
            reservation.ReserveNowResponse(status="Accepted"),
        ):
            point.reservations[number] = connector
        case (
            reservation.CancelReservationRequest(reservation_id=number),
            reservation.CancelReservationResponse(status="Accepted"),
        ):
            point.reservations.pop(number, None)
        case (
            (
                remote_trigger.TriggerMessageRequest(requested_message=message)
                | security.ExtendedTriggerMessageRequest(requested_message=message)
            ),
            (
                remote_trigger.TriggerMessageResponse(status="Accepted")
                | security.ExtendedTriggerMessageResponse(status="Accepted")
            ),
        ):
            session.triggered |= {message, _ALSO_SENDS.get(message, message)}


def _configuration(point: ChargePoint, response: core.GetConfigurationResponse, now: int) -> None:
    for known in () if response.configuration_key is UNSET else response.configuration_key:
        value = None if known.value is UNSET else known.value
        point.configuration[known.key] = KnownValue(value=value, readonly=known.readonly, read=now)
    for unknown in () if response.unknown_key is UNSET else response.unknown_key:
        point.configuration.pop(unknown, None)
        if unknown not in point.unknown_keys:
            point.unknown_keys.append(unknown)
