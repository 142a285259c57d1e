"""The central system's panel, used as a person would."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from desktop_sim.central.events import CallEnded
from desktop_sim.station import commands as c
from desktop_sim.station.commands import CommandRefused, RefusalCode
from desktop_sim.ui.docks.call_form import USUAL, CallForm
from desktop_sim.ui.docks.central import CentralDock
from desktop_sim.ui.docks.sent_calls import CONTENT, MOST, SentCall, SentCalls
from desktop_sim.ui.docks.transaction_list import TransactionList
from desktop_sim.ui.docks.transaction_rows import STATE
from desktop_sim.ui.gallery import World
from desktop_sim.ui.loop import PreciseLoop
from desktop_sim.ui.tasks import Tasks
from desktop_sim.ui.virtual_station import VirtualCentral
from tests.ui.docks.hands import CTRL, Hands, column

Show = Callable[..., Any]
NARROW = (380, 760)


def _fail(error: BaseException) -> None:
    raise error


@pytest.fixture
def dock(virtual: World, show: Show) -> CentralDock:
    made: CentralDock = show(CentralDock, *NARROW)
    return made


def _button(dock: CentralDock, action: str) -> QPushButton:
    (found,) = [one for one in dock.calls.form.buttons.buttons() if one.property("action") == action]
    assert isinstance(found, QPushButton)
    return found


def _written(dock: CentralDock) -> Any:
    return json.loads(dock.calls.form.editor.toPlainText())


def _page(dock: CentralDock, hands: Hands, title: str) -> None:
    """Go to a page by the keyboard."""
    bar = dock.tabs.tabBar()
    bar.setFocus()
    for _ in range(dock.tabs.count()):
        if dock.tabs.tabText(dock.tabs.currentIndex()) == title:
            return
        hands.key(bar, Qt.Key.Key_Right)
    raise AssertionError(f"there is no page {title}")


# --- commands ---


def test_the_station_is_chosen_and_connected(dock: CentralDock, virtual: World) -> None:
    assert dock.identity == virtual.station.identity
    assert dock.said.text == "Connected, accepted"


@pytest.mark.parametrize("action", USUAL)
def test_each_button_writes_a_call_that_can_be_sent(dock: CentralDock, hands: Hands, action: str) -> None:
    hands.click(_button(dock, action))
    form = dock.calls.form
    assert form.said.text == f"Valid, keeps the schema of {action}"
    assert _button(dock, action).isChecked()
    assert form.send_button.text() == "Send"
    hands.click(form.send_button)
    assert dock.calls.answer.word.text() not in ("", "Waiting…")
    assert column(dock.calls.sent, 1) == [action]


def test_ctrl_return_sends_and_the_answer_shows(dock: CentralDock, virtual: World, hands: Hands) -> None:
    hands.click(_button(dock, "ChangeConfiguration"))
    editor = dock.calls.form.editor
    hands.type(editor, '{"key": "HeartbeatInterval", "value": "77"}')
    hands.key(editor, Qt.Key.Key_Return, CTRL)
    answer = dock.calls.answer
    assert (answer.word.text(), answer.word.kind) == ("Accepted", "good")
    assert answer.payload.toPlainText() == '{\n  "status": "Accepted"\n}'
    assert "ChangeConfiguration · 1 ms" in answer.about.text()
    assert virtual.station.do(c.Configuration(key="HeartbeatInterval"))["value"] == "77"


def test_a_remote_start_starts(dock: CentralDock, virtual: World, hands: Hands) -> None:
    hands.click(_button(dock, "RemoteStartTransaction"))
    hands.click(dock.calls.form.send_button)
    virtual.run(5)
    assert virtual.session.connector(1)["status"] == "Charging"
    hands.click(_button(dock, "RemoteStopTransaction"))
    assert _written(dock) == {"transactionId": virtual.station.central.transactions[-1].id}
    hands.click(dock.calls.form.send_button)
    virtual.run(5)
    assert "transaction" not in virtual.session.connector(1)


def test_arrow_keys_lead_from_command_to_command(dock: CentralDock, hands: Hands) -> None:
    start = _button(dock, "RemoteStartTransaction")
    start.setFocus()
    hands.key(start, Qt.Key.Key_Right)
    assert dock.calls.form.action == "RemoteStopTransaction"
    assert _button(dock, "RemoteStopTransaction").hasFocus()


def test_the_template_is_made_for_the_chosen_connector(dock: CentralDock, hands: Hands) -> None:
    hands.choose(dock.calls.form.connector, "Connector 2")
    assert _written(dock)["connectorId"] == 2
    hands.click(_button(dock, "UnlockConnector"))
    assert _written(dock) == {"connectorId": 2}


def test_what_is_no_json_cannot_be_sent_and_the_line_is_named(dock: CentralDock, hands: Hands) -> None:
    form = dock.calls.form
    hands.type(form.editor, '{"connectorId": }')
    assert form.said.text == "Line 1, column 17: a value is missing"
    assert not form.send_button.isEnabled()
    hands.key(form.editor, Qt.Key.Key_Return, CTRL)
    assert dock.calls.sent.rowCount() == 0


def test_what_breaks_the_schema_goes_out_on_purpose(dock: CentralDock, hands: Hands) -> None:
    form = dock.calls.form
    hands.click(_button(dock, "Reset"))
    hands.type(form.editor, '{"type": "Gentle"}')
    assert form.said.kind == "warn"
    assert "$.type" in form.said.text
    assert form.send_button.text() == "Send anyway"
    hands.click(form.send_button)
    assert dock.calls.answer.word.kind == "bad"
    assert dock.calls.answer.said.text.startswith("$.type")


def test_any_other_command(dock: CentralDock, hands: Hands) -> None:
    form = dock.calls.form
    form.other.setCurrentText("GetConfiguration")
    form.other.activated.emit(form.other.currentIndex())
    assert form.action == "GetConfiguration"
    assert not any(button.isChecked() for button in form.buttons.buttons())
    hands.click(form.send_button)
    assert dock.calls.answer.word.text() == "Answered"
    assert '"configurationKey"' in dock.calls.answer.payload.toPlainText()
    form.other.setCurrentIndex(0)
    form.other.activated.emit(0)
    assert form.action == "GetConfiguration"


def test_drafts_survive_a_look_at_other_commands(dock: CentralDock, hands: Hands) -> None:
    form = dock.calls.form
    hands.click(_button(dock, "Reset"))
    hands.type(form.editor, '{"type": "Hard"}')
    hands.click(_button(dock, "UnlockConnector"))
    hands.click(_button(dock, "Reset"))
    assert _written(dock) == {"type": "Hard"}
    hands.click(form.fresh)
    assert _written(dock) == {"type": "Soft"}
    hands.click(_button(dock, "UnlockConnector"))
    hands.click(_button(dock, "Reset"))
    assert _written(dock) == {"type": "Soft"}


def test_what_is_typed_stays_while_things_happen(dock: CentralDock, virtual: World, hands: Hands) -> None:
    editor = dock.calls.form.editor
    hands.type(editor, '{"connectorId": 2')
    virtual.run(30)
    assert editor.toPlainText() == '{"connectorId": 2'


def test_a_refused_call_can_be_forced(dock: CentralDock, virtual: World, hands: Hands) -> None:
    virtual.station.central.charge_points[dock.identity].registration = "Pending"
    hands.click(dock.calls.form.send_button)
    answer = dock.calls.answer
    assert answer.word.text() == "Not sent"
    assert "Pending" in answer.said.text
    hands.click(answer.force)
    assert answer.word.text() in ("Accepted", "Rejected")
    assert column(dock.calls.sent, CONTENT)[1] == "Not sent"
    assert not answer.force.isVisible()


def test_earlier_calls_can_be_looked_at_and_written_again(dock: CentralDock, hands: Hands) -> None:
    for action in ("UnlockConnector", "TriggerMessage"):
        hands.click(_button(dock, action))
        hands.click(dock.calls.form.send_button)
    assert column(dock.calls.sent, 1) == ["TriggerMessage", "UnlockConnector"]
    hands.click_row(dock.calls.history, 1, 1)
    assert dock.calls.answer.about.text().startswith("UnlockConnector")
    hands.key(dock.calls.history, Qt.Key.Key_Return)
    assert dock.calls.form.action == "UnlockConnector"
    assert dock.calls.form.editor.hasFocus()


def test_a_call_waits_for_its_answer(virtual: World, loop: PreciseLoop, qtbot: QtBot, hands: Hands) -> None:
    """Over a real network an answer takes its time; meanwhile other calls may follow."""
    dock = CentralDock(virtual.session, tasks=Tasks(_fail, loop))
    qtbot.addWidget(dock)
    dock.resize(*NARROW)
    dock.show()
    held: list[asyncio.Future[None]] = []
    at_once = VirtualCentral.call_now

    async def later(
        central: VirtualCentral, identity: str, action: str, payload: dict[str, Any], *, force: bool = False
    ) -> CallEnded:
        held.append(loop.create_future())
        await held[-1]
        return at_once(central, identity, action, payload, force=force)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(VirtualCentral, "call", later)
        hands.click(_button(dock, "UnlockConnector"))
        hands.click(dock.calls.form.send_button)
        hands.wait(lambda: len(held) == 1)
        assert dock.calls.answer.word.text() == "Waiting…"
        hands.click(_button(dock, "TriggerMessage"))
        hands.click(dock.calls.form.send_button)
        hands.wait(lambda: len(held) == 2)
        held[0].set_result(None)
        hands.wait(lambda: column(dock.calls.sent, CONTENT) == ["Waiting…", "Unlocked"])
        assert dock.calls.answer.word.text() == "Waiting…"
        held[1].set_result(None)
        hands.wait(lambda: dock.calls.answer.word.text() == "Accepted")
    dock.hide()


@pytest.mark.parametrize(
    "outcome, fields, word, kind",
    [
        ("result", {"payload": {"status": "Accepted"}}, "Accepted", "good"),
        ("result", {"payload": {"status": "RebootRequired"}}, "RebootRequired", "warn"),
        ("result", {"payload": {"status": "Rejected"}}, "Rejected", "bad"),
        ("result", {"payload": {"status": 7}}, "Answered", "good"),
        ("invalid", {"description": "$.status"}, "Breaks the schema", "warn"),
        ("error", {"code": "InternalError"}, "InternalError", "bad"),
        ("timeout", {}, "No answer", "bad"),
        ("lost", {}, "Connection lost", "bad"),
    ],
)
def test_every_end_of_a_call_has_a_word(outcome: Any, fields: dict[str, Any], word: str, kind: str) -> None:
    call = SentCall(0, "CP001", "Reset", {})
    call.ended = CallEnded(
        seq=1, time=0, charge_point="CP001", message_id="m", action="Reset", outcome=outcome, **fields
    )
    assert call.verdict() == (word, kind)


def test_the_list_of_calls_has_an_end() -> None:
    calls = SentCalls()
    first = SentCall(0, "CP001", "Reset", {})
    calls.begin(first)
    for number in range(MOST):
        calls.begin(SentCall(number, "CP001", "Reset", {}))
    assert calls.rowCount() == MOST
    assert calls.row_of(first) is None
    calls.ended(first)


def test_a_form_without_templates() -> None:
    form = CallForm(lambda action, connector: {})
    form.set_obstacle("nobody is there")
    assert form.said.text == "nobody is there"
    assert not form.send_button.isEnabled()
    form.send()


# --- who is there ---


def test_offline_it_says_where_it_listens_and_sends_nothing(dock: CentralDock, virtual: World) -> None:
    virtual.station.do(c.Disconnect())
    virtual.session.refresh()
    assert dock.said.text == "Not connected; it listens on ws://central.example:9000/ocpp"
    assert dock.calls.form.said.text == "CP001 is not connected"
    assert not dock.calls.form.send_button.isEnabled()
    virtual.station.do(c.Connect())
    virtual.run(2)
    assert dock.calls.form.send_button.isEnabled()


def test_other_charge_points_can_be_chosen(dock: CentralDock, virtual: World, hands: Hands) -> None:
    virtual.station.central.engine.connected("CP777", virtual.station.driver.now.link)
    virtual.station.central.publish()
    virtual.session.refresh()
    hands.choose(dock.charge_point, "CP777")
    assert dock.identity == "CP777"
    assert dock.said.text == "Connected, not booted yet"
    virtual.run(5)
    assert dock.identity == "CP777"


def test_a_pending_registration_shows(dock: CentralDock, virtual: World) -> None:
    virtual.station.central.charge_points["CP001"].registration = "Pending"
    dock.look(None)
    assert (dock.said.text, dock.said.kind) == ("Connected, Pending", "warn")


def test_at_a_foreign_central_system_the_panel_says_so(
    virtual: World, show: Show, hands: Hands, qtbot: QtBot
) -> None:
    virtual.session.central = None
    dock = show(CentralDock, *NARROW)
    assert dock.empty.title.text() == "Not connected to the built-in central system"
    assert "ws://central.example:9000/ocpp" in dock.empty.text.text()
    with qtbot.waitSignal(dock.built_in_wished):
        hands.click(dock.empty.button)
    virtual.session.central = virtual.station.central
    virtual.session.refresh()
    assert dock.tabs.isVisible()
    virtual.session.central = None
    virtual.session.refresh()
    assert dock.empty.isVisible()


def test_a_station_set_to_somewhere_else(dock: CentralDock, virtual: World) -> None:
    virtual.station.do(c.Connect(url="ws://foreign.example/ocpp"))
    virtual.station.central.engine.disconnected("CP001", virtual.station.driver.now.link)
    virtual.session.refresh()
    assert dock.empty.isVisible()
    assert "ws://foreign.example/ocpp" in dock.empty.text.text()


# --- transactions ---


def test_transactions_grow_while_one_looks(dock: CentralDock, virtual: World, hands: Hands) -> None:
    _page(dock, hands, "Transactions")
    page = dock.transactions
    assert page.table.empty_text
    virtual.station.do(c.Start(connector=1))
    virtual.run(30)
    rows = page.rows
    assert rows.rowCount() == 1
    assert rows.cell(0, STATE).text == "running"
    before = rows.cell(0, 7).text
    virtual.run(30)
    assert rows.cell(0, 7).text != before
    assert "1 running" in page.sums.text()
    virtual.station.do(c.Stop(connector=1))
    virtual.run(2)
    assert rows.cell(0, STATE).text == "Local"
    assert rows.tooltip(0, 7).startswith("Meter from 0 to ")


def test_the_newest_transaction_is_on_top(dock: CentralDock, virtual: World, hands: Hands) -> None:
    _page(dock, hands, "Transactions")
    for _ in range(3):
        virtual.station.do(c.Start(connector=1))
        virtual.run(5)
        virtual.station.do(c.Stop(connector=1))
        virtual.run(10)
    assert column(dock.transactions.rows, 0) == ["3", "2", "1"]


def test_a_running_transaction_can_be_stopped_from_its_row(
    dock: CentralDock, virtual: World, hands: Hands
) -> None:
    virtual.station.do(c.Start(connector=1))
    virtual.run(5)
    _page(dock, hands, "Transactions")
    assert not dock.transactions.stop.isEnabled()
    hands.click_row(dock.transactions.table, 0)
    hands.click(dock.transactions.stop)
    assert dock.tabs.currentWidget() is dock.calls
    assert dock.calls.form.action == "RemoteStopTransaction"
    hands.click(dock.calls.form.send_button)
    virtual.run(5)
    _page(dock, hands, "Transactions")
    assert dock.transactions.rows.cell(0, STATE).text == "Remote"
    assert not dock.transactions.stop.isEnabled()


def test_transactions_of_another_central_system(qtbot: QtBot, virtual: World) -> None:
    virtual.station.do(c.Start(connector=1))
    virtual.run(5)
    page = TransactionList()
    qtbot.addWidget(page)
    page.show_transactions(virtual.station.central.transactions, 0)
    page.show_transactions([], 0)
    assert page.rows.rowCount() == 0


# --- refusals of others ---


def test_a_refusal_of_the_host_is_shown(
    dock: CentralDock, hands: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(*given: Any, **named: Any) -> CallEnded:
        raise CommandRefused(RefusalCode.REFUSED, "Reset: not today.")

    monkeypatch.setattr(VirtualCentral, "call", refuse)
    hands.click(dock.calls.form.send_button)
    assert dock.calls.answer.said.text == "Reset: not today."


def test_hidden_it_looks_at_nothing(dock: CentralDock, virtual: World, hands: Hands) -> None:
    _page(dock, hands, "Transactions")
    dock.hide()
    virtual.station.do(c.Start(connector=1))
    virtual.run(5)
    assert dock.transactions.rows.rowCount() == 0
    dock.show()
    assert dock.transactions.rows.rowCount() == 1


def test_a_dock_that_is_gone_hears_nothing(virtual: World, tasks: Tasks, qtbot: QtBot) -> None:
    listeners = virtual.station.central._listeners
    before = len(listeners)
    dock = CentralDock(virtual.session, tasks=tasks)
    assert len(listeners) == before + 1
    dock.deleteLater()
    qtbot.waitUntil(lambda: len(listeners) == before)
    virtual.run(2)
