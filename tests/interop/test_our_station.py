"""Our station at a foreign central system: the npm package `ocpp-rpc`, whose strict mode validates every frame."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from desktop_sim.protocol import ACTIONS, FeatureProfile, parse_time
from tests.e2e.processes import console
from tests.interop.node import Node, node

pytestmark = pytest.mark.interop

SPEED = 20

REQUESTS: dict[str, dict[str, Any]] = {
    "CancelReservation": {"reservationId": 1},
    "CertificateSigned": {"certificateChain": "none"},
    "ClearChargingProfile": {},
    "DeleteCertificate": {
        "certificateHashData": {
            "hashAlgorithm": "SHA256",
            "issuerNameHash": "00",
            "issuerKeyHash": "00",
            "serialNumber": "1",
        }
    },
    "ExtendedTriggerMessage": {"requestedMessage": "Heartbeat"},
    "GetCompositeSchedule": {"connectorId": 1, "duration": 60},
    "GetDiagnostics": {"location": "ftp://127.0.0.1:9/"},
    "GetInstalledCertificateIds": {"certificateType": "CentralSystemRootCertificate"},
    "GetLocalListVersion": {},
    "GetLog": {"logType": "SecurityLog", "requestId": 1, "log": {"remoteLocation": "ftp://127.0.0.1:9/"}},
    "InstallCertificate": {"certificateType": "CentralSystemRootCertificate", "certificate": "none"},
    "ReserveNow": {
        "connectorId": 1,
        "expiryDate": "2040-01-01T00:00:00Z",
        "idTag": "USER001",
        "reservationId": 1,
    },
    "SendLocalList": {"listVersion": 1, "updateType": "Full"},
    "SetChargingProfile": {
        "connectorId": 1,
        "csChargingProfiles": {
            "chargingProfileId": 1,
            "stackLevel": 0,
            "chargingProfilePurpose": "TxDefaultProfile",
            "chargingProfileKind": "Relative",
            "chargingSchedule": {
                "chargingRateUnit": "A",
                "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 10.1}],
            },
        },
    },
    "SignedUpdateFirmware": {
        "requestId": 1,
        "firmware": {
            "location": "ftp://127.0.0.1:9/",
            "retrieveDateTime": "2040-01-01T00:00:00Z",
            "signingCertificate": "none",
            "signature": "none",
        },
    },
    "UpdateFirmware": {"location": "ftp://127.0.0.1:9/", "retrieveDate": "2040-01-01T00:00:00Z"},
}
"""A CALL for every action beyond Core and RemoteTrigger."""


@asynccontextmanager
async def station(directory: Path, *options: str) -> AsyncIterator[tuple[Node, asyncio.subprocess.Process]]:
    """A foreign central system and our console at it, booted and Available; in the end the console quits."""
    async with node("central.mjs") as central:
        await central.until(lambda: central.said)
        url = f"ws://127.0.0.1:{central.said[0]['port']}"
        given = ("--speed", str(SPEED), "--state-dir", str(directory), *options)
        async with console(url, *given) as process:
            await _is_told(central, "Available")
            yield central, process
            output, _ = await process.communicate(b"quit\n")
            assert process.returncode == 0, output.decode()


async def _is_told(central: Node, status: str) -> None:
    """Wait until this is what connector 1 has told last."""
    await central.until(lambda: _statuses(central)[-1:] == [status])


async def _is_sent(central: Node, action: str, count: int) -> None:
    """Wait until so many calls of an action have come."""
    await central.until(lambda: central.actions().count(action) >= count)


def _statuses(central: Node, connector: int = 1) -> list[str]:
    return [p["status"] for p in central.payloads("StatusNotification") if p["connectorId"] == connector]


def _values(central: Node) -> list[tuple[int, int, float]]:
    """Time (µs), register (Wh) and power (W) of each MeterValues."""
    found = []
    for payload in central.payloads("MeterValues"):
        (value,) = payload["meterValue"]
        by_name = {sample["measurand"]: float(sample["value"]) for sample in value["sampledValue"]}
        register, power = by_name["Energy.Active.Import.Register"], by_name["Power.Active.Import"]
        found.append((parse_time(value["timestamp"]), int(register), power))
    return found


async def test_a_whole_session(tmp_path: Path) -> None:
    """A.24, DESIGN § 6: RemoteStart alone leads to Charging, the slider shows in the values, RemoteStop ends it."""
    async with station(tmp_path, "--driver", "present") as (central, process):
        started = await central.call("RemoteStartTransaction", {"idTag": "USER001", "connectorId": 1})
        assert started == {"status": "Accepted"}
        await central.until(lambda: len(_values(central)) >= 2)
        assert process.stdin is not None
        process.stdin.write(b"current 32\n")
        await central.until(lambda: len(_values(central)) >= 5)
        assert await central.call("RemoteStopTransaction", {"transactionId": 1}) == {"status": "Accepted"}
        await central.until(
            lambda: _statuses(central)[-1] == "Available" and "Finishing" in _statuses(central)
        )
    values = _values(central)
    assert [line for line in central.actions() if line not in ("StatusNotification", "Heartbeat")] == [
        "BootNotification",
        "Authorize",
        "StartTransaction",
        *["MeterValues"] * len(values),
        "StopTransaction",
    ]
    assert _statuses(central) == ["Available", "Preparing", "Charging", "Finishing", "Available"]
    assert all(later[0] - earlier[0] == 10_000_000 for earlier, later in pairwise(values))
    assert values[-1][2] > 1.5 * values[0][2] > 0
    (start,), (stop,) = central.payloads("StartTransaction"), central.payloads("StopTransaction")
    registers = [start["meterStart"], *(register for _, register, _ in values), stop["meterStop"]]
    assert registers == sorted(registers)
    assert registers[0] < registers[-1]
    assert stop["reason"] == "Remote"
    assert central.said[-1] == {"closed": 1001}


async def test_what_the_central_system_can_ask(tmp_path: Path) -> None:
    """Every CALL of Core and RemoteTrigger: its answer, and what follows from it, both accepted by the strict peer."""
    async with station(tmp_path, "--driver", "absent") as (central, _):
        call = central.call
        everything = await call("GetConfiguration")
        assert {"key": "HeartbeatInterval", "readonly": False, "value": "300"} in everything[
            "configurationKey"
        ]
        some = await call("GetConfiguration", {"key": ["MeterValueSampleInterval", "Nonsense"]})
        assert some == {
            "configurationKey": [{"key": "MeterValueSampleInterval", "readonly": False, "value": "10"}],
            "unknownKey": ["Nonsense"],
        }
        for key, value, status in (
            ("HeartbeatInterval", "600", "Accepted"),
            ("NumberOfConnectors", "7", "Rejected"),
            ("HeartbeatInterval", "often", "Rejected"),
            ("Nonsense", "1", "NotSupported"),
        ):
            assert await call("ChangeConfiguration", {"key": key, "value": value}) == {"status": status}
        assert (await call("ClearCache"))["status"] in ("Accepted", "Rejected")
        assert await call("DataTransfer", {"vendorId": "nobody"}) == {"status": "UnknownVendorId"}
        assert await call("UnlockConnector", {"connectorId": 1}) == {"status": "Unlocked"}
        assert await call("UnlockConnector", {"connectorId": 9}) == {"status": "NotSupported"}
        for type_, status in (("Inoperative", "Unavailable"), ("Operative", "Available")):
            answer = await call("ChangeAvailability", {"connectorId": 1, "type": type_})
            assert answer == {"status": "Accepted"}
            await _is_told(central, status)
        assert await call("RemoteStopTransaction", {"transactionId": 4711}) == {"status": "Rejected"}
        for message in ("BootNotification", "Heartbeat", "StatusNotification", "MeterValues"):
            before = central.actions().count(message)
            answer = await call("TriggerMessage", {"requestedMessage": message, "connectorId": 1})
            assert answer == {"status": "Accepted"}
            await _is_sent(central, message, before + 1)


@pytest.mark.parametrize("type_", ["Soft", "Hard"])
async def test_reset(tmp_path: Path, type_: str) -> None:
    """CORE-RST: a session is ended for the reset, the socket comes back, the station boots again."""
    async with station(tmp_path, "--driver", "absent") as (central, process):
        assert process.stdin is not None
        process.stdin.write(b"start\n")
        await _is_told(central, "Charging")
        assert await central.call("Reset", {"type": type_}) == {"status": "Accepted"}
        await _is_sent(central, "BootNotification", 2)
        await _is_sent(central, "StopTransaction", 1)
        boots = [number for number, action in enumerate(central.actions()) if action == "BootNotification"]
        await central.until(lambda: central.actions()[boots[1] :].count("StatusNotification") == 2)
    (stop,) = central.payloads("StopTransaction")
    assert stop["reason"] == f"{type_}Reset"
    assert _statuses(central)[-1] == "Finishing"


async def test_what_is_not_advertised_is_not_supported(tmp_path: Path) -> None:
    """DESIGN § 7: actions of a profile that SupportedFeatureProfiles leaves out answer NotSupported, others do not.

    Security is no profile of that list: its actions do whatever they do, as long as the strict peer takes the answer.
    """
    async with station(tmp_path, "--driver", "absent") as (central, _):
        answer = await central.call("GetConfiguration", {"key": ["SupportedFeatureProfiles"]})
        advertised = answer["configurationKey"][0]["value"].split(",")
        assert {"Core", "RemoteTrigger"} <= set(advertised)
        for action, payload in REQUESTS.items():
            answer = await central.call(action, payload)
            if ACTIONS[action].profile.value in advertised:
                assert isinstance(answer, dict), (action, answer)
            elif ACTIONS[action].profile is not FeatureProfile.Security or not isinstance(answer, dict):
                assert answer == "NotSupported", (action, answer)


async def test_the_judge_is_awake(tmp_path: Path) -> None:
    """What breaks the schema, sent by hand, is complained about: silence means something."""
    async with station(tmp_path) as (central, process):
        assert process.stdin is not None
        process.stdin.write(b'send Heartbeat {"surplus": 1} force=true\nsend_raw [2,17]\n')
        await central.until(lambda: len(central.complaints) == 2)
        assert "Heartbeat.req, ours: data must NOT have additional properties" in central.complaints
        central.complaints.clear()


def test_every_call_is_covered() -> None:
    """Nothing that a central system can send was forgotten here."""
    core = {"Core", "RemoteTrigger"}
    calls = {a.name for a in ACTIONS.values() if a.from_central_system and a.profile.value not in core}
    assert calls == set(REQUESTS)
