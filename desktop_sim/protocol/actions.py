"""Registry of the 39 actions of OCPP 1.6 with the Security Whitepaper (conformance A.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from desktop_sim.protocol import (
    core,
    firmware_management,
    local_auth_list_management,
    remote_trigger,
    reservation,
    security,
    smart_charging,
)
from desktop_sim.protocol.types import Request, Response


class FeatureProfile(StrEnum):
    """The feature profiles, spelled as in SupportedFeatureProfiles; Security is the whitepaper and no value there."""

    Core = "Core"
    FirmwareManagement = "FirmwareManagement"
    LocalAuthListManagement = "LocalAuthListManagement"
    Reservation = "Reservation"
    SmartCharging = "SmartCharging"
    RemoteTrigger = "RemoteTrigger"
    Security = "Security"


@dataclass(frozen=True)
class Action:
    """One action: its name on the wire, who may send it, and the types of its two payloads."""

    name: str
    profile: FeatureProfile
    from_charge_point: bool
    from_central_system: bool
    request: type[Request]
    response: type[Response]


def _actions() -> Mapping[str, Action]:
    up, down, both = (True, False), (False, True), (True, True)
    table = {
        (FeatureProfile.Core, core): {
            "Authorize": up,
            "BootNotification": up,
            "ChangeAvailability": down,
            "ChangeConfiguration": down,
            "ClearCache": down,
            "DataTransfer": both,
            "GetConfiguration": down,
            "Heartbeat": up,
            "MeterValues": up,
            "RemoteStartTransaction": down,
            "RemoteStopTransaction": down,
            "Reset": down,
            "StartTransaction": up,
            "StatusNotification": up,
            "StopTransaction": up,
            "UnlockConnector": down,
        },
        (FeatureProfile.FirmwareManagement, firmware_management): {
            "DiagnosticsStatusNotification": up,
            "FirmwareStatusNotification": up,
            "GetDiagnostics": down,
            "UpdateFirmware": down,
        },
        (FeatureProfile.LocalAuthListManagement, local_auth_list_management): {
            "GetLocalListVersion": down,
            "SendLocalList": down,
        },
        (FeatureProfile.Reservation, reservation): {
            "CancelReservation": down,
            "ReserveNow": down,
        },
        (FeatureProfile.SmartCharging, smart_charging): {
            "ClearChargingProfile": down,
            "GetCompositeSchedule": down,
            "SetChargingProfile": down,
        },
        (FeatureProfile.RemoteTrigger, remote_trigger): {
            "TriggerMessage": down,
        },
        (FeatureProfile.Security, security): {
            "CertificateSigned": down,
            "DeleteCertificate": down,
            "ExtendedTriggerMessage": down,
            "GetInstalledCertificateIds": down,
            "GetLog": down,
            "InstallCertificate": down,
            "LogStatusNotification": up,
            "SecurityEventNotification": up,
            "SignCertificate": up,
            "SignedFirmwareStatusNotification": up,
            "SignedUpdateFirmware": down,
        },
    }
    return MappingProxyType(
        {
            name: Action(
                name, profile, *senders, getattr(module, f"{name}Request"), getattr(module, f"{name}Response")
            )
            for (profile, module), names in table.items()
            for name, senders in names.items()
        }
    )


ACTIONS: Final = _actions()
"""Every action by its name, which is case-sensitive (RPC-6)."""

_ACTION_OF: Final = {action.request: action for action in ACTIONS.values()}


def action_of(request: Request) -> Action:
    """The action whose request this is. Raises KeyError for what is no request of an action."""
    return _ACTION_OF[type(request)]
