"""The traffic dock, used as a person would."""

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from desktop_sim.station import commands as c
from desktop_sim.ui.docks.log_cells import COLUMNS, DIRECTION
from desktop_sim.ui.docks.traffic import TrafficDock
from desktop_sim.ui.gallery import World
from tests.ui.docks.frames import many
from tests.ui.docks.hands import CTRL, Hands, column

ACTION = COLUMNS.index("action")
Show = Callable[..., Any]

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def dock(charged: World, show: Show) -> TrafficDock:
    made: TrafficDock = show(TrafficDock, 1100, 420)
    return made


def _actions(dock: TrafficDock) -> list[str]:
    return column(dock.model, ACTION)


def test_everything_said_is_listed(dock: TrafficDock, charged: World) -> None:
    assert len(_actions(dock)) == len(charged.session.log)
    assert _actions(dock)[:2] == ["BootNotification", "↳ BootNotification.conf"]
    assert dock.said.text == f"{len(charged.session.log)} frames"


def test_new_frames_appear_at_the_end_and_are_followed(dock: TrafficDock, charged: World) -> None:
    bar = dock.list.verticalScrollBar()
    assert bar.value() == bar.maximum() > 0
    charged.run(60)
    assert len(_actions(dock)) == len(charged.session.log)
    assert bar.value() == bar.maximum()


def test_whoever_scrolls_up_stays_there(dock: TrafficDock, charged: World, hands: Hands) -> None:
    bar = dock.list.verticalScrollBar()
    bar.setValue(0)
    assert not dock.follow.isChecked()
    charged.run(60)
    assert bar.value() == 0
    hands.click(dock.follow)
    assert bar.value() == bar.maximum()
    charged.run(60)
    assert bar.value() == bar.maximum()
    assert dock.follow.isChecked()


def test_following_can_be_switched_off_at_the_end(dock: TrafficDock, charged: World, hands: Hands) -> None:
    hands.click(dock.follow)
    before = dock.list.verticalScrollBar().value()
    charged.run(60)
    assert dock.list.verticalScrollBar().value() == before


def test_typing_filters(dock: TrafficDock, hands: Hands) -> None:
    hands.type(dock.filter, "action:MeterValues dir:out")
    hands.wait(lambda: set(_actions(dock)) == {"MeterValues"})
    assert dock.filter.property("state") == "good"
    assert dock.said.text.endswith(f"of {len(dock.session.log)} frames")
    hands.key(dock.filter, Qt.Key.Key_Escape)
    hands.wait(lambda: len(_actions(dock)) == len(dock.session.log))
    assert dock.filter.text() == ""


def test_a_wrong_filter_says_why_at_once_and_changes_nothing(dock: TrafficDock, hands: Hands) -> None:
    hands.type(dock.filter, "error")
    hands.key(dock.filter, Qt.Key.Key_Return)
    shown = _actions(dock)
    assert 0 < len(shown) < len(dock.session.log)
    hands.type(dock.filter, " connector:x", instead=False)
    assert dock.said.text == "connector: wants a number, not “x”"
    assert dock.said.kind == "bad"
    assert dock.filter.property("state") == "bad"
    hands.key(dock.filter, Qt.Key.Key_Return)
    dock.session.refresh()
    assert _actions(dock) == shown
    assert dock.said.kind == "bad"


def test_nothing_found_is_said(dock: TrafficDock, hands: Hands) -> None:
    hands.type(dock.filter, "nothing of the kind")
    hands.key(dock.filter, Qt.Key.Key_Return)
    assert _actions(dock) == []
    assert dock.list.empty_text == "No frame passes the filter."


def test_a_chosen_frame_is_looked_at_closely(dock: TrafficDock, hands: Hands) -> None:
    row = _actions(dock).index("RemoteStartTransaction")
    hands.click_row(dock.list, row, ACTION)
    inspector = dock.inspector
    assert '"idTag": "USER001"' in inspector.json.toPlainText()
    assert inspector.raw.toPlainText().startswith('[2,"')
    assert inspector.verdict.text == "Keeps the schema of RemoteStartTransaction"
    assert inspector.pair.text == "Answer: Accepted"
    assert '"status": "Accepted"' in inspector.other.toPlainText()
    assert dock.list.pair == (inspector.number, inspector.partner)


def test_without_a_chosen_frame_the_list_has_all_the_room(dock: TrafficDock, hands: Hands) -> None:
    assert not dock.inspector.isVisible()
    row = _actions(dock).index("RemoteStartTransaction")
    hands.click_row(dock.list, row)
    hands.wait(dock.inspector.isVisible)
    hands.wait(lambda: dock.list.visualRect(dock.model.index(row, 0)).intersects(dock.list.viewport().rect()))
    hands.key(dock.list, Qt.Key.Key_Escape)
    assert not dock.inspector.isVisible()
    assert dock.list.chosen_rows() == []
    assert dock.list.pair is None


def test_the_inspector_that_opens_does_not_end_the_following(
    dock: TrafficDock, charged: World, hands: Hands
) -> None:
    dock.resize(420, 700)
    hands.click_row(dock.list, dock.model.rowCount() - 1)
    hands.wait(dock.inspector.isVisible)
    charged.run(40)
    bar = dock.list.verticalScrollBar()
    hands.wait(lambda: bar.value() == bar.maximum())
    assert dock.follow.isChecked()


def test_a_low_dock_saves_a_line(dock: TrafficDock) -> None:
    said = dock.said
    assert said.mapTo(dock, QPoint()).y() > dock.filter.geometry().bottom()
    dock.resize(700, 160)
    QApplication.sendPostedEvents()
    assert said.mapTo(dock, QPoint()).x() > dock.filter.geometry().right()
    dock.resize(700, 400)
    QApplication.sendPostedEvents()
    assert said.mapTo(dock, QPoint()).x() < 20


def test_the_jump_goes_to_the_other_half_and_back(dock: TrafficDock, hands: Hands) -> None:
    row = _actions(dock).index("BootNotification")
    hands.click_row(dock.list, row)
    hands.click(dock.inspector.jump)
    assert dock.list.currentIndex().row() == row + 1
    assert dock.inspector.pair.text.startswith("Answers, after")
    assert dock.inspector.jump.text() == "Go to the call"
    hands.key(dock.list, Qt.Key.Key_Return)
    assert dock.list.currentIndex().row() == row


def test_the_jump_takes_away_a_filter_that_hides_its_aim(dock: TrafficDock, hands: Hands) -> None:
    hands.type(dock.filter, "dir:out action:BootNotification")
    hands.key(dock.filter, Qt.Key.Key_Return)
    hands.click_row(dock.list, 0)
    hands.click(dock.inspector.jump)
    assert dock.filter.text() == ""
    assert _actions(dock)[dock.list.currentIndex().row()] == "↳ BootNotification.conf"


def test_the_jump_brings_back_what_was_cleared(dock: TrafficDock, charged: World, hands: Hands) -> None:
    hands.click_row(dock.list, 0)
    number = dock.inspector.number
    assert number is not None
    hands.click(dock.clear_button)
    dock.go_to(number)
    assert dock.inspector.number == number


def test_an_answer_that_comes_later_is_found(dock: TrafficDock, charged: World) -> None:
    log = charged.session.log
    first, second = many(2, log.end + log.end % 2)
    log.append([first])
    dock.session.refresh()
    dock.look(None)
    dock.go_to(log.end - 1)
    assert dock.inspector.pair.text == "No answer yet"
    log.append([second])
    dock.look(None)
    assert dock.inspector.pair.text == "Answer after 14 ms: Accepted"


def test_the_chosen_frame_stays_chosen_under_another_filter(dock: TrafficDock, hands: Hands) -> None:
    row = _actions(dock).index("StartTransaction")
    hands.click_row(dock.list, row)
    number = dock.inspector.number
    for words in ("action:StartTransaction", "connector:1", ""):
        hands.type(dock.filter, words)
        hands.key(dock.filter, Qt.Key.Key_Return)
        assert dock.list.chosen_number == number
        assert dock.list.chosen_rows() == [dock.model.row_of(number)]


def test_pausing_holds_the_picture(dock: TrafficDock, charged: World, hands: Hands) -> None:
    shown = _actions(dock)
    hands.click(dock.hold)
    charged.run(20)
    assert _actions(dock) == shown
    assert dock.said.text.startswith("Paused; ")
    hands.click(dock.hold)
    assert len(_actions(dock)) == len(charged.session.log) > len(shown)


def test_clearing_and_showing_all_again(dock: TrafficDock, charged: World, hands: Hands) -> None:
    hands.click_row(dock.list, 0)
    hands.click(dock.clear_button)
    assert _actions(dock) == []
    assert dock.list.empty_text == "Cleared. New frames appear here."
    assert dock.inspector.number is None
    charged.run(11)
    assert len(_actions(dock)) == 2
    hands.click(dock.all_again)
    assert len(_actions(dock)) == len(charged.session.log)
    assert not dock.all_again.isVisible()


def test_only_the_latest_of_each_kind(dock: TrafficDock, charged: World, hands: Hands) -> None:
    hands.click(dock.latest)
    kinds = _actions(dock)
    assert "MeterValues  ×2" in kinds
    charged.run(20)
    assert "MeterValues  ×4" in _actions(dock)
    assert len(_actions(dock)) == len(kinds)


def test_copying_gives_the_frames_as_they_were_sent(dock: TrafficDock, hands: Hands) -> None:
    hands.click_row(dock.list, 0)
    hands.key(dock.list, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    hands.key(dock.list, Qt.Key.Key_C, CTRL)
    lines = hands.clipboard().splitlines()
    assert lines == [dock.model.entry(row).event.text for row in (0, 1)]


def _menu(dock: TrafficDock, row: int) -> QMenu:
    """What a right click on that row offers."""
    place: QPoint = dock.list.visualRect(dock.model.index(row, ACTION)).center()
    viewport = dock.list.viewport()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, viewport.mapToGlobal(place))
    QApplication.sendEvent(viewport, event)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def _pick(menu: QMenu, start: str) -> None:
    action = next(action for action in menu.actions() if action.text().startswith(start))
    assert action.isEnabled(), start
    action.trigger()
    menu.close()


def test_the_menu_copies_json_and_a_wscat_line(dock: TrafficDock, hands: Hands) -> None:
    hands.click_row(dock.list, 0)
    _pick(_menu(dock, 0), "Copy as indented JSON")
    assert hands.clipboard().startswith('[2, "')
    assert '\n  "chargePointModel"' in hands.clipboard()
    _pick(_menu(dock, 0), "Copy as wscat line")
    assert hands.clipboard().startswith(
        "wscat --connect ws://central.example:9000/ocpp/CP001 --subprotocol ocpp1.6 --execute '[2,\""
    )


def test_what_came_from_the_central_system_has_no_wscat_line(dock: TrafficDock, hands: Hands) -> None:
    row = _actions(dock).index("RemoteStartTransaction")
    hands.click_row(dock.list, row)
    menu = _menu(dock, row)
    (action,) = [action for action in menu.actions() if "wscat" in action.text()]
    assert not action.isEnabled()
    menu.close()


def test_the_menu_filters_and_jumps(dock: TrafficDock, hands: Hands) -> None:
    row = _actions(dock).index("StartTransaction")
    hands.click_row(dock.list, row)
    _pick(_menu(dock, row), "Go to the answer")
    assert dock.list.currentIndex().row() == row + 1
    _pick(_menu(dock, row + 1), "Filter: action:StartTransaction")
    assert _actions(dock) == ["StartTransaction", "↳ StartTransaction.conf"]
    assert dock.filter.text() == "action:StartTransaction"


def test_going_to_a_moment(dock: TrafficDock) -> None:
    number = 7
    event = dock.session.log.entry(number).event
    dock.go_to_moment(event.time)
    assert dock.inspector.number is not None
    assert dock.session.log.entry(dock.inspector.number).event.time == event.time
    before = dock.inspector.number
    dock.go_to_moment(event.time + 10**12)
    assert dock.inspector.number == before


def test_while_hidden_nothing_is_taken_over(dock: TrafficDock, charged: World) -> None:
    dock.hide()
    before = dock.model.rowCount()
    charged.run(30)
    assert dock.model.rowCount() == before < len(charged.session.log)
    dock.show()
    assert dock.model.rowCount() == len(charged.session.log)


def test_narrow_lists_show_the_direction_as_an_arrow(dock: TrafficDock) -> None:
    assert dock.model.cell(0, ACTION).icon == ""
    dock.resize(400, 700)
    assert dock.list.isColumnHidden(DIRECTION)
    assert dock.model.cell(0, ACTION).icon == "arrow-out"
    assert "." not in dock.model.cell(0, 0).text
    assert dock.panes.orientation() == Qt.Orientation.Vertical
    dock.resize(1200, 400)
    assert not dock.list.isColumnHidden(DIRECTION)
    assert dock.model.cell(0, ACTION).icon == ""


def test_an_empty_list_says_what_to_do(virtual: World, show: Show, qtbot: QtBot) -> None:
    virtual.session.log.clear()
    dock = show(TrafficDock)
    assert dock.list.empty_text.startswith("Nothing has been said yet.")
    virtual.station.do(c.Send(action="Heartbeat"))
    virtual.session.refresh()
    assert dock.model.rowCount() == 2


@pytest.mark.slow
def test_a_hundred_thousand_frames(dock: TrafficDock, hands: Hands) -> None:
    log = dock.session.log
    for _ in range(100):
        log.append(many(1000, log.end + log.end % 2))
        dock.look(None)
    assert dock.model.rowCount() == len(log) > 100_000
    hands.type(dock.filter, "dir:in -action:MeterValues")
    hands.wait(lambda: dock.model.filtered and not dock.model.waiting)
    assert 0 < dock.model.rowCount() < 100
