"""A payload to start from for every command, valid by our own and by foreign judgement."""

import json

import pytest

from desktop_sim.central import DESCRIPTIONS, CentralSystem, Tag, template, template_text
from desktop_sim.protocol import ACTIONS
from tests.central.line import START_TX, STATUS, Line
from tests.protocol import foreign

COMMANDS = [action.name for action in ACTIONS.values() if action.from_central_system]


def test_every_command_has_one_line_about_it() -> None:
    assert sorted(DESCRIPTIONS) == sorted(COMMANDS)
    assert list(DESCRIPTIONS) == sorted(DESCRIPTIONS)
    assert all(text.endswith(".") and "\n" not in text for text in DESCRIPTIONS.values())


@pytest.mark.parametrize("charging", [False, True])
@pytest.mark.parametrize("action", COMMANDS)
def test_every_template_can_be_sent_as_it_is(action: str, charging: bool) -> None:
    line = Line(CentralSystem([Tag(id_tag="A"), Tag(id_tag="B")]))
    line.boot()
    if charging:
        line.ask("StartTransaction", START_TX)
    text = template_text(line.central, "CP001", action, line.now)
    assert "\n" in text or text == "{}"
    assert foreign.accepts(action, json.loads(text))
    line.central.call("CP001", action, text, line.now)
    assert line.frames()[0][3] == template(line.central, "CP001", action, line.now)
    assert line.verdicts() == []


def test_templates_are_filled_from_what_is_known() -> None:
    line = Line(CentralSystem([Tag(id_tag="CARD")], first_transaction_id=77))
    line.ask("StatusNotification", {**STATUS, "connectorId": 3})
    assert template(line.central, "CP001", "RemoteStartTransaction", line.now) == {
        "connectorId": 3,
        "idTag": "CARD",
    }
    line.ask("StartTransaction", {**START_TX, "connectorId": 2})
    assert template(line.central, "CP001", "RemoteStopTransaction", line.now) == {"transactionId": 77}
    assert template(line.central, "CP001", "UnlockConnector", line.now) == {"connectorId": 2}
    assert template(line.central, "CP001", "UnlockConnector", line.now, connector=1) == {"connectorId": 1}
    profile = template(line.central, "CP001", "SetChargingProfile", line.now)["csChargingProfiles"]
    assert (profile["chargingProfilePurpose"], profile["transactionId"]) == ("TxProfile", 77)
    idle = template(line.central, "CP001", "SetChargingProfile", line.now, connector=1)["csChargingProfiles"]
    assert idle["chargingProfilePurpose"] == "TxDefaultProfile"
    point = line.central.charge_points["CP001"]
    point.local_list_version = 4
    point.reservations[9] = 1
    assert template(line.central, "CP001", "SendLocalList", line.now)["listVersion"] == 5
    assert template(line.central, "CP001", "CancelReservation", line.now) == {"reservationId": 9}
    assert template(line.central, "CP001", "ReserveNow", line.now)["reservationId"] == 10


def test_templates_for_a_charge_point_nobody_has_seen() -> None:
    assert template(CentralSystem(), "?", "UnlockConnector", 0) == {"connectorId": 1}


def test_there_is_no_template_for_what_charge_points_send() -> None:
    with pytest.raises(KeyError):
        template(CentralSystem(), "CP001", "Heartbeat", 0)
