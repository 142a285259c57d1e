"""StartTransaction, MeterValues and StopTransaction in the books (A.7, A.8)."""

from typing import Any

from desktop_sim.central import CentralSystem, Policy, Tag
from desktop_sim.central import transactions as book
from desktop_sim.central.events import TransactionChanged
from desktop_sim.protocol.types import AuthorizationStatus
from tests.central.line import NOW, START_TX, Line, meter_values

STOP = {"transactionId": 1, "meterStop": 1500, "timestamp": "2025-06-02T08:00:00.000Z", "reason": "Remote"}


def _line() -> Line:
    line = Line(CentralSystem([Tag(id_tag="USER001", parent_id_tag="FLEET")]))
    line.boot()
    return line


def _changes(line: Line) -> list[tuple[str, float]]:
    return [(event.what, event.energy_wh) for event in line.happened(TransactionChanged)]


def test_a_transaction_from_start_to_stop() -> None:
    line = _line()
    answer = line.ask("StartTransaction", START_TX)
    assert answer == {"transactionId": 1, "idTagInfo": {"status": "Accepted", "parentIdTag": "FLEET"}}
    line.ask("MeterValues", meter_values(1250, seconds=10, transaction=1))
    (running,) = line.central.transactions.running("CP001", 1)
    assert running.energy_wh == 250
    assert line.ask("StopTransaction", STOP) == {}
    transaction = line.central.transactions.get(1)
    assert transaction is running
    assert (transaction.state, transaction.reason, transaction.meter_stop) == ("stopped", "Remote", 1500)
    assert (transaction.start, transaction.stop) == (1_748_847_600_000_000, 1_748_851_200_000_000)
    assert _changes(line) == [("started", 0), ("metered", 250), ("stopped", 500)]
    assert line.central.transactions.running() == []
    assert line.verdicts() == []


def test_ids_rise_over_all_charge_points() -> None:
    central = CentralSystem(first_transaction_id=40)
    answers = [Line(central, name).ask("StartTransaction", START_TX) for name in ("A", "B")]
    assert [answer["transactionId"] for answer in answers] == [40, 41]


def test_the_same_start_again_is_the_same_transaction() -> None:
    """After a kill the station sends it once more, byte for byte, under a new message id (CORE-TXQ-8)."""
    line = _line()
    first = line.ask("StartTransaction", START_TX)
    assert line.ask("StartTransaction", START_TX) == first
    line.ask("StopTransaction", STOP)
    assert line.ask("StartTransaction", START_TX) == first
    assert len(line.central.transactions.all()) == 1
    assert [what for what, _ in _changes(line)] == ["started", "repeated", "stopped", "repeated"]
    assert line.verdicts() == []


def test_the_same_start_again_gets_the_same_verdict_on_the_tag() -> None:
    line = _line()
    line.ask("StartTransaction", START_TX)
    line.central.tags.put(Tag(id_tag="USER001", status=AuthorizationStatus.Blocked))
    assert line.ask("StartTransaction", START_TX)["idTagInfo"]["status"] == "Accepted"


def test_another_time_meter_or_connector_is_another_transaction() -> None:
    line = _line()
    variants: list[dict[str, Any]] = [
        {},
        {"timestamp": "2025-06-02T07:00:01Z"},
        {"meterStart": 1001},
        {"connectorId": 2},
    ]
    ids = [line.ask("StartTransaction", {**START_TX, **variant})["transactionId"] for variant in variants]
    assert ids == [1, 2, 3, 4]
    assert (
        line.ask("StartTransaction", {**START_TX, "timestamp": "2025-06-02T09:00:00+02:00"})["transactionId"]
        == 1
    )


def test_a_new_transaction_on_the_connector_abandons_the_one_never_stopped() -> None:
    line = _line()
    line.ask("StartTransaction", START_TX)
    later = {**START_TX, "timestamp": "2025-06-02T09:00:00Z", "meterStart": 2000}
    assert line.ask("StartTransaction", later)["idTagInfo"]["status"] == "Accepted"
    assert [transaction.id for transaction in line.central.transactions.running()] == [2]
    assert "still runs on connector 1" in line.verdicts()[0]
    line.ask("StopTransaction", STOP)
    assert [transaction.state for transaction in line.central.transactions.all()] == ["stopped", "running"]


def test_a_tag_that_is_refused_still_gets_a_transaction() -> None:
    line = Line(CentralSystem())
    assert line.ask("StartTransaction", START_TX) == {"transactionId": 1, "idTagInfo": {"status": "Invalid"}}
    assert line.central.transactions.running()[0].status == "Invalid"


def test_stop_says_what_the_tag_is_worth_if_there_is_one() -> None:
    line = _line()
    line.ask("StartTransaction", START_TX)
    answer = line.ask("StopTransaction", {**STOP, "idTag": "USER001", "reason": "Local"})
    assert answer["idTagInfo"]["status"] == "Accepted"


def test_stop_again_changes_nothing() -> None:
    line = _line()
    line.ask("StartTransaction", START_TX)
    line.ask("StopTransaction", STOP)
    line.ask("StopTransaction", {**STOP, "meterStop": 9999})
    assert line.central.transactions.all()[0].meter_stop == 1500


def test_unknown_transactions_are_answered_and_remarked_on() -> None:
    line = _line()
    line.ask("StopTransaction", {**STOP, "transactionId": -1})
    line.ask("MeterValues", meter_values(1, transaction=-1))
    assert line.verdicts() == ["transaction -1 is not known"] * 2
    assert [what for what, _ in _changes(line)] == ["unknown", "unknown"]


def test_a_transaction_belongs_to_its_charge_point() -> None:
    line = _line()
    line.ask("StartTransaction", START_TX)
    other = Line(line.central, "CP002")
    other.ask("StopTransaction", STOP)
    assert other.verdicts() == ["transaction 1 is not known"]
    assert line.central.transactions.running() != []


def test_reason_is_local_when_absent() -> None:
    line = _line()
    line.ask("StartTransaction", START_TX)
    line.ask("StopTransaction", {"transactionId": 1, "meterStop": 1000, "timestamp": NOW})
    assert line.central.transactions.all()[0].reason == "Local"


def test_values_of_a_stop_are_kept_beside() -> None:
    line = _line()
    line.ask("StartTransaction", START_TX)
    values = meter_values(1100)["meterValue"]
    line.ask("StopTransaction", {**STOP, "transactionData": values})
    (transaction,) = line.central.transactions.all()
    assert (len(transaction.meter_values), len(transaction.stop_values)) == (0, 1)


def test_energy_in_kwh_and_by_phase() -> None:
    line = _line()
    line.ask("StartTransaction", START_TX)
    payload = meter_values(0, transaction=1)
    payload["meterValue"][0]["sampledValue"] = [{"value": "1.25", "unit": "kWh"}]
    line.ask("MeterValues", payload)
    assert _changes(line)[-1] == ("metered", 250)
    payload["meterValue"][0]["sampledValue"] = [
        {"value": value, "phase": phase} for phase, value in (("L1", "500"), ("L2", "500"), ("L3", "600"))
    ]
    line.ask("MeterValues", payload)
    assert _changes(line)[-1] == ("metered", 600)


def test_the_outlet_counts_before_other_places() -> None:
    line = _line()
    line.ask("StartTransaction", START_TX)
    payload = meter_values(0, transaction=1)
    payload["meterValue"][0]["sampledValue"] = [
        {"value": value, "location": place}
        for value, place in (("9000", "Inlet"), ("8000", "Body"), ("1300", "Outlet"))
    ]
    line.ask("MeterValues", payload)
    assert _changes(line)[-1] == ("metered", 300)
    del payload["meterValue"][0]["sampledValue"][2]
    line.ask("MeterValues", payload)
    assert _changes(line)[-1] == ("metered", 8000)


def test_values_that_are_no_numbers_count_for_nothing() -> None:
    line = _line()
    line.ask("StartTransaction", START_TX)
    payload = meter_values(0, transaction=1)
    for value in ("", "NaN", "Infinity", "12,5", "1e999999999"):
        payload["meterValue"][0]["sampledValue"] = [{"value": value}]
        line.ask("MeterValues", payload)
    payload["meterValue"][0]["sampledValue"] = [{"value": "OCMF|{}", "format": "SignedData"}]
    line.ask("MeterValues", payload)
    assert {energy for _, energy in _changes(line)} <= {0.0}


def test_the_main_meter_and_idle_connectors_keep_their_newest_values() -> None:
    line = _line()
    line.ask("MeterValues", meter_values(5, connector=0))
    line.ask("MeterValues", meter_values(6, connector=0))
    newest = line.central.charge_points["CP001"].connectors[0].meter_value
    assert newest is not None
    assert newest.sampled_value[0].value == "6"
    assert line.central.transactions.all() == []


def test_remarks_on_meter_values() -> None:
    line = _line()
    line.ask("StartTransaction", START_TX)
    line.ask("MeterValues", meter_values(1, transaction=1, connector=0))
    line.ask("MeterValues", meter_values(1, transaction=1, connector=2))
    line.ask("StopTransaction", {**STOP, "meterStop": 999})
    verdicts = line.verdicts()
    assert "main meter" in verdicts[0]
    assert "runs on connector 1" in verdicts[1]
    assert "less than meterStart" in verdicts[2]


def test_a_long_transaction_is_thinned_out(monkeypatch: Any) -> None:
    monkeypatch.setattr(book, "MAX_METER_VALUES", 10)
    line = _line()
    line.ask("StartTransaction", START_TX)
    for minute in range(50):
        line.ask("MeterValues", meter_values(1000 + minute, seconds=60 * minute, transaction=1))
    (transaction,) = line.central.transactions.all()
    kept = [value.sampled_value[0].value for value in transaction.meter_values]
    assert (kept[0], kept[-1], len(kept) <= 10) == ("1000", "1049", True)
    assert transaction.energy_wh == 49


def test_old_transactions_are_forgotten(monkeypatch: Any) -> None:
    monkeypatch.setattr(book, "MAX_FINISHED", 3)
    line = _line()
    for number in range(1, 8):
        line.ask("StartTransaction", {**START_TX, "meterStart": number})
        line.ask("StopTransaction", {**STOP, "transactionId": number})
    assert [transaction.id for transaction in line.central.transactions.all()] == [4, 5, 6, 7]
    assert line.ask("StartTransaction", {**START_TX, "meterStart": 1})["transactionId"] == 8


def test_a_reservation_is_used_up() -> None:
    line = _line()
    reserve = {"connectorId": 1, "expiryDate": NOW, "idTag": "USER001", "reservationId": 7}
    message_id = line.central.call("CP001", "ReserveNow", reserve, line.now)
    line.send(f'[3,"{message_id}",{{"status":"Accepted"}}]')
    assert line.central.charge_points["CP001"].reservations == {7: 1}
    line.ask("StartTransaction", {**START_TX, "reservationId": 7})
    assert line.central.charge_points["CP001"].reservations == {}
    assert line.central.transactions.all()[0].reservation_id == 7


def test_policy_is_not_shared_between_central_systems() -> None:
    one, other = CentralSystem(), CentralSystem()
    one.policy.rules.append(None)  # type: ignore[arg-type]
    one.policy.call_timeout = 1
    assert other.policy == Policy()
