"""A sensible payload to start from for every command a central system has, filled from what is known."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from desktop_sim.central.charge_points import ChargePoint
from desktop_sim.central.engine import CentralSystem
from desktop_sim.protocol.times import format_time

_HOUR: Final = 3600
_SECOND: Final = 1_000_000
_PEM: Final = "-----BEGIN CERTIFICATE-----\n…\n-----END CERTIFICATE-----\n"
_ZEROS: Final = "0" * 64

DESCRIPTIONS: Final[dict[str, str]] = {
    "CancelReservation": "End a reservation.",
    "CertificateSigned": "Hand over the charge point's signed certificate.",
    "ChangeAvailability": "Take a connector, or with 0 the whole charge point, in or out of service.",
    "ChangeConfiguration": "Set one configuration key.",
    "ClearCache": "Empty the authorization cache.",
    "ClearChargingProfile": "Remove the charging profiles that fit all fields given; none given removes all.",
    "DataTransfer": "Send vendor-specific data.",
    "DeleteCertificate": "Remove a root certificate, named by its hashes.",
    "ExtendedTriggerMessage": "Ask for a message now, those of the Security Whitepaper included.",
    "GetCompositeSchedule": "Ask what will limit a connector during the next seconds.",
    "GetConfiguration": "Read configuration keys; no key named reads all.",
    "GetDiagnostics": "Have diagnostics uploaded.",
    "GetInstalledCertificateIds": "List the installed root certificates of one kind.",
    "GetLocalListVersion": "Ask which version of the local authorization list is installed.",
    "GetLog": "Have the diagnostics or security log uploaded.",
    "InstallCertificate": "Install a root certificate.",
    "RemoteStartTransaction": "Start charging for a tag.",
    "RemoteStopTransaction": "Stop a running transaction.",
    "ReserveNow": "Keep a connector for a tag.",
    "Reset": "Restart the charge point; Soft ends transactions first.",
    "SendLocalList": "Replace (Full) or change (Differential) the local authorization list.",
    "SetChargingProfile": "Limit the power of a connector, or with 0 of the whole charge point.",
    "SignedUpdateFirmware": "Have signed firmware downloaded, verified and installed.",
    "TriggerMessage": "Ask for a message now.",
    "UnlockConnector": "Release the cable lock.",
    "UpdateFirmware": "Have firmware downloaded and installed.",
}
"""One line about each command, by action, in alphabetical order."""


@dataclass(frozen=True, slots=True)
class _Facts:
    """What a template is filled from; `now` in µs."""

    point: ChargePoint
    now: int
    connector: int
    id_tag: str
    transaction: int | None
    tags: list[dict[str, Any]]

    def later(self, seconds: int) -> str:
        """A time for the wire, so many seconds from now."""
        return format_time(self.now + seconds * _SECOND)


def template(
    central: CentralSystem, identity: str, action: str, now: int, connector: int | None = None
) -> dict[str, Any]:
    """A valid payload of that action for that charge point, to be edited and sent; `now` in µs.

    `connector`: the one chosen, else one with a running transaction, else the first. Raises KeyError for an action no
    central system sends.
    """
    return _BUILDERS[action](_facts(central, identity, now, connector))


def template_text(
    central: CentralSystem, identity: str, action: str, now: int, connector: int | None = None
) -> str:
    """The same as indented JSON text."""
    return msgspec.json.format(
        msgspec.json.encode(template(central, identity, action, now, connector)), indent=2
    ).decode()


def _facts(central: CentralSystem, identity: str, now: int, connector: int | None) -> _Facts:
    point = central.charge_points.get(identity) or ChargePoint(identity=identity)
    running = central.transactions.running(identity, connector)
    chosen = (
        connector if connector is not None else running[-1].connector if running else _first_connector(point)
    )
    tags = central.tags.all()
    return _Facts(
        point=point,
        now=now,
        connector=chosen,
        id_tag=tags[0].id_tag if tags else "USER001",
        transaction=running[-1].id if running else None,
        tags=[{"idTag": tag.id_tag, "idTagInfo": {"status": tag.status}} for tag in tags],
    )


def _first_connector(point: ChargePoint) -> int:
    return min((number for number in point.connectors if number > 0), default=1)


def _schedule(facts: _Facts) -> dict[str, Any]:
    """A TxProfile for a running transaction, else a TxDefaultProfile."""
    profile: dict[str, Any] = {
        "chargingProfileId": 1,
        "stackLevel": 0,
        "chargingProfilePurpose": "TxDefaultProfile" if facts.transaction is None else "TxProfile",
        "chargingProfileKind": "Relative",
        "chargingSchedule": {
            "chargingRateUnit": "A",
            "chargingSchedulePeriod": [
                {"startPeriod": 0, "limit": 16.0},
                {"startPeriod": _HOUR, "limit": 10.0},
            ],
        },
    }
    if facts.transaction is not None:
        profile["transactionId"] = facts.transaction
    return {"connectorId": facts.connector, "csChargingProfiles": profile}


def _log(facts: _Facts) -> dict[str, Any]:
    location = "http://localhost:8080/logs/"
    return {"logType": "DiagnosticsLog", "requestId": 1, "log": {"remoteLocation": location}}


def _signed_firmware(facts: _Facts) -> dict[str, Any]:
    return {
        "requestId": 1,
        "firmware": {
            "location": "http://localhost:8080/firmware.bin",
            "retrieveDateTime": facts.later(0),
            "signingCertificate": _PEM,
            "signature": "",
        },
    }


def _reserve(facts: _Facts) -> dict[str, Any]:
    return {
        "connectorId": facts.connector,
        "expiryDate": facts.later(_HOUR),
        "idTag": facts.id_tag,
        "reservationId": max(facts.point.reservations, default=0) + 1,
    }


def _local_list(facts: _Facts) -> dict[str, Any]:
    known = facts.point.local_list_version
    return {
        "listVersion": max(known or 0, 0) + 1,
        "updateType": "Full",
        "localAuthorizationList": facts.tags
        or [{"idTag": facts.id_tag, "idTagInfo": {"status": "Accepted"}}],
    }


def _configuration_key(facts: _Facts) -> dict[str, Any]:
    known = facts.point.configuration.get("MeterValueSampleInterval")
    return {
        "key": "MeterValueSampleInterval",
        "value": known.value if known and known.value is not None else "10",
    }


_BUILDERS: Final[dict[str, Callable[[_Facts], dict[str, Any]]]] = {
    "CancelReservation": lambda facts: {"reservationId": max(facts.point.reservations, default=1)},
    "CertificateSigned": lambda facts: {"certificateChain": _PEM},
    "ChangeAvailability": lambda facts: {"connectorId": facts.connector, "type": "Inoperative"},
    "ChangeConfiguration": _configuration_key,
    "ClearCache": lambda facts: {},
    "ClearChargingProfile": lambda facts: {"connectorId": facts.connector},
    "DataTransfer": lambda facts: {"vendorId": "org.example", "messageId": "hello", "data": "text"},
    "DeleteCertificate": lambda facts: {
        "certificateHashData": {
            "hashAlgorithm": "SHA256",
            "issuerNameHash": _ZEROS,
            "issuerKeyHash": _ZEROS,
            "serialNumber": "1",
        }
    },
    "ExtendedTriggerMessage": lambda facts: {"requestedMessage": "LogStatusNotification"},
    "GetCompositeSchedule": lambda facts: {
        "connectorId": facts.connector,
        "duration": _HOUR,
        "chargingRateUnit": "A",
    },
    "GetConfiguration": lambda facts: {},
    "GetDiagnostics": lambda facts: {"location": "http://localhost:8080/diagnostics/"},
    "GetInstalledCertificateIds": lambda facts: {"certificateType": "CentralSystemRootCertificate"},
    "GetLocalListVersion": lambda facts: {},
    "GetLog": _log,
    "InstallCertificate": lambda facts: {
        "certificateType": "CentralSystemRootCertificate",
        "certificate": _PEM,
    },
    "RemoteStartTransaction": lambda facts: {"connectorId": facts.connector, "idTag": facts.id_tag},
    "RemoteStopTransaction": lambda facts: {"transactionId": facts.transaction or 1},
    "ReserveNow": _reserve,
    "Reset": lambda facts: {"type": "Soft"},
    "SendLocalList": _local_list,
    "SetChargingProfile": _schedule,
    "SignedUpdateFirmware": _signed_firmware,
    "TriggerMessage": lambda facts: {
        "requestedMessage": "StatusNotification",
        "connectorId": facts.connector,
    },
    "UnlockConnector": lambda facts: {"connectorId": facts.connector},
    "UpdateFirmware": lambda facts: {
        "location": "http://localhost:8080/firmware.bin",
        "retrieveDate": facts.later(0),
    },
}
