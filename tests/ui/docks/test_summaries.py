"""Frames in a line, and for the clipboard."""

import json
from typing import Any

import pytest
from PySide6.QtCore import QLocale

from desktop_sim.station.events import FrameEvent
from desktop_sim.ui.docks import copying
from desktop_sim.ui.docks.json_text import pretty, pretty_frame
from desktop_sim.ui.docks.summaries import LONGEST, MOST_READ, size, summary
from tests.ui.docks.frames import call, frame

SAMPLE = {
    "connectorId": 1,
    "transactionId": 42,
    "meterValue": [
        {
            "timestamp": "2025-06-02T07:00:00Z",
            "sampledValue": [
                {"value": "10", "measurand": "Energy.Active.Import.Register", "unit": "Wh"},
                {"value": "16.1", "measurand": "Current.Import", "unit": "A", "phase": "L1"},
                {"value": "34", "measurand": "SoC"},
                {"value": "12"},
            ],
        }
    ],
}


PROFILE = {
    "connectorId": 1,
    "csChargingProfiles": {
        "chargingProfileId": 1,
        "stackLevel": 0,
        "chargingProfilePurpose": "TxProfile",
        "chargingSchedule": {
            "chargingRateUnit": "A",
            "chargingSchedulePeriod": [
                {"startPeriod": 0, "limit": 16.0},
                {"startPeriod": 3600, "limit": 10},
            ],
        },
    },
}


def _result(action: str, payload: Any) -> FrameEvent:
    return frame(1, type="result", action=action, text=json.dumps([3, "m0", payload]))


@pytest.mark.parametrize(
    "event, line",
    [
        (call(0, "Heartbeat"), ""),
        (
            call(0, "StatusNotification", {"connectorId": 1, "errorCode": "NoError", "status": "Available"}),
            "NoError · Available",
        ),
        (call(0, "Authorize", {"idTag": "USER001"}), "USER001"),
        (
            _result("Authorize", {"idTagInfo": {"status": "Accepted", "parentIdTag": "FLEET"}}),
            "Accepted · parentIdTag FLEET",
        ),
        (_result("Heartbeat", {"currentTime": "2025-06-02T07:00:00Z"}), ""),
        (
            call(0, "MeterValues", SAMPLE),
            "Energy 10 Wh · Current L1 16.1 A · SoC 34 · Energy 12 Wh · transactionId 42",
        ),
        (call(0, "MeterValues", {"connectorId": 1, "meterValue": []}), "meterValue"),
        (call(0, "MeterValues", {"connectorId": 1, "meterValue": "none"}), "meterValue none"),
        (call(0, "GetConfiguration", {"key": ["A", "B"]}), "key A, B"),
        (
            call(
                0,
                "SendLocalList",
                {"listVersion": 2, "localAuthorizationList": [{"idTag": "A"}, {"idTag": "B"}]},
            ),
            "listVersion 2 · A · and 1 more",
        ),
        (
            call(0, "DataTransfer", {"vendorId": "x", "data": None, "flag": True}),
            "vendorId x · data null · flag true",
        ),
        (
            frame(0, type="error", text='[4,"m0","NotSupported","ReserveNow is not supported.",{}]'),
            "NotSupported: ReserveNow is not supported.",
        ),
        (frame(0, type="error", text='[4,"m0","GenericError","",{}]'), "GenericError"),
        (call(0, "SetChargingProfile", PROFILE), "TxProfile 0: 16.0 A +0 s, 10 A +1:00:00"),
        (call(0, "SetChargingProfile", {"csChargingProfiles": {"stackLevel": 1}}), "stackLevel 1"),
        (frame(0, type="invalid", text="what is this"), "what is this"),
        (frame(0, type="call", text="[2]"), "[2]"),
        (frame(0, type="call", text='[2,"a","b",7]'), "7"),
        (frame(0, type="call", text=""), ""),
    ],
)
def test_one_line(event: FrameEvent, line: str) -> None:
    assert summary(event) == line


def test_a_line_has_an_end() -> None:
    assert len(summary(call(0, "DataTransfer", {"data": "x" * 5000}))) == LONGEST
    assert len(summary(call(0, "DataTransfer", {"data": "x" * MOST_READ}))) == LONGEST
    assert len(summary(frame(0, type="invalid", text="y" * 5000))) == LONGEST


def test_sizes() -> None:
    QLocale.setDefault(QLocale.c())
    assert [size(characters) for characters in (0, 999, 1500)] == ["0 B", "999 B", "1.5 kB"]


def test_frames_are_indented_below_their_head() -> None:
    assert pretty_frame('[2,"m1","Reset",{"type":"Soft"}]') == '[2, "m1", "Reset", {\n  "type": "Soft"\n}]'
    assert pretty_frame('[4,"m1","GenericError","",{}]') == '[4, "m1", "GenericError", "", {}]'


@pytest.mark.parametrize("text", ["", "no json", "[2", "{", "[" * 5000])
def test_what_is_no_json_stays_as_it_is(text: str) -> None:
    assert pretty(text) == text
    assert pretty_frame(text) == text


def test_numbers_keep_their_digits() -> None:
    assert "16.0" in pretty('{"limit":16.0}')
    assert "1E400" in pretty('{"limit":1E400}')


def test_wscat_lines_survive_a_shell() -> None:
    event = call(0, "DataTransfer", {"vendorId": "it's"})
    line = copying.wscat([event], "ws://host/CP 1")
    assert line.startswith("wscat --connect 'ws://host/CP 1' --subprotocol ocpp1.6 --execute '")
    assert "it'\"'\"'s" in line
    assert copying.wscat([event], "") == ""
    assert copying.wscat([frame(0, direction="in")], "ws://host") == ""
    assert copying.wscat([event, event], "ws://host").count("\n") == 1
