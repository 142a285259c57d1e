"""The event log, used as a person would."""

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop_sim.station import commands as c
from desktop_sim.ui import session as session_module
from desktop_sim.ui.docks import line_model
from desktop_sim.ui.docks.event_log import EventLogDock, line_text
from desktop_sim.ui.docks.line_model import CONNECTOR, TEXT, LineModel
from desktop_sim.ui.event_lines import Line
from desktop_sim.ui.gallery import World
from tests.ui.docks.hands import CTRL, Hands, column

LEVEL = 1
Show = Callable[..., Any]


@pytest.fixture
def dock(charged: World, show: Show) -> EventLogDock:
    charged.station.do(c.Error(connector=2, error_code="GroundFailure"))
    charged.session.refresh()
    made: EventLogDock = show(EventLogDock, 700, 240)
    return made


def _texts(dock: EventLogDock) -> list[str]:
    return column(dock.model, TEXT)


def test_what_happened_is_told(dock: EventLogDock) -> None:
    assert _texts(dock) == [line.text for line in dock.session.lines]
    assert "Connected to central system" in _texts(dock)
    assert any("GroundFailure" in text for text in _texts(dock))


def test_levels_are_words_and_shapes_not_only_colours(dock: EventLogDock) -> None:
    levels = column(dock.model, LEVEL)
    assert set(levels) == {"Info", "Warning", "Error"}
    icons = {dock.model.cell(row, LEVEL).icon for row in range(len(levels))}
    assert icons == {"info", "warning", "fault"}


def test_statuses_and_limits_are_no_warnings(dock: EventLogDock) -> None:
    levels = dict(zip(_texts(dock), column(dock.model, LEVEL), strict=True))
    assert levels["Status changed: Preparing"] == "Info"
    assert levels["Status changed: Faulted (GroundFailure)"] == "Error"


def test_new_lines_are_followed(dock: EventLogDock, charged: World, hands: Hands) -> None:
    bar = dock.list.verticalScrollBar()
    assert bar.value() == bar.maximum() > 0
    charged.run(40)
    assert bar.value() == bar.maximum()
    bar.setValue(0)
    charged.run(40)
    assert bar.value() == 0
    assert not dock.follow.isChecked()
    hands.click(dock.follow)
    assert bar.value() == bar.maximum()


def test_words_search(dock: EventLogDock, hands: Hands) -> None:
    hands.type(dock.search, "METER wh")
    hands.wait(lambda: _texts(dock) and all("Wh" in text for text in _texts(dock)))
    hands.type(dock.search, "no such thing")
    hands.key(dock.search, Qt.Key.Key_Return)
    assert _texts(dock) == []
    assert dock.list.empty_text == "No line fits the search."


def test_a_search_holds_for_new_lines(dock: EventLogDock, charged: World, hands: Hands) -> None:
    hands.type(dock.search, "meter")
    hands.key(dock.search, Qt.Key.Key_Return)
    before = len(_texts(dock))
    charged.run(20)
    assert len(_texts(dock)) == before + 2
    assert all("meter" in text.lower() for text in _texts(dock))


def test_levels_choose(dock: EventLogDock, hands: Hands) -> None:
    hands.choose(dock.least, "Warning and above")
    assert set(column(dock.model, LEVEL)) == {"Warning", "Error"}
    hands.choose(dock.least, "Errors only")
    assert set(column(dock.model, LEVEL)) == {"Error"}
    hands.choose(dock.least, "All lines")
    assert len(_texts(dock)) == len(dock.session.lines)


def test_the_word_of_a_level_can_be_searched(dock: EventLogDock, hands: Hands) -> None:
    hands.type(dock.search, "warning")
    hands.key(dock.search, Qt.Key.Key_Return)
    assert set(column(dock.model, LEVEL)) == {"Warning"}


def test_clearing_empties_the_list_and_new_lines_come(
    dock: EventLogDock, charged: World, hands: Hands
) -> None:
    hands.click(dock.clear_button)
    assert _texts(dock) == []
    assert dock.list.empty_text == "Cleared. New lines appear here."
    charged.station.do(c.ClearFault(connector=2))
    charged.session.refresh()
    assert _texts(dock)[0].startswith("Cleared: ")
    hands.type(dock.search, "cleared")
    hands.key(dock.search, Qt.Key.Key_Return)
    assert len(_texts(dock)) == 1


def test_copying_the_chosen_lines_or_all(dock: EventLogDock, hands: Hands) -> None:
    dock.list.choose(1)
    hands.key(dock.list, Qt.Key.Key_C, CTRL)
    assert hands.clipboard() == line_text(dock.model.line(1))
    dock.list.clearSelection()
    hands.click(dock.copy_button)
    assert len(hands.clipboard().splitlines()) == len(_texts(dock))


def test_a_line_for_a_mail() -> None:
    line = Line(1_748_847_600_000_000, 2, "fault", "bad", "Fault: GroundFailure")
    assert line_text(line).endswith("  ERROR   connector 2  Fault: GroundFailure")
    assert line_text(line).startswith("2025-06-0")


def test_a_double_click_wishes_for_its_moment(dock: EventLogDock, hands: Hands, qtbot: QtBot) -> None:
    with qtbot.waitSignal(dock.moment_wished) as wished:
        hands.click_row(dock.list, 3, TEXT, twice=True)
    assert wished.args == [dock.model.line(3).sim]


def test_hidden_it_reads_nothing_and_shown_everything(dock: EventLogDock, charged: World) -> None:
    dock.hide()
    before = len(_texts(dock))
    charged.run(30)
    assert len(_texts(dock)) == before
    dock.show()
    assert len(_texts(dock)) == len(charged.session.lines) > before


def test_narrow_lists_name_the_connector_in_the_text(dock: EventLogDock) -> None:
    dock.resize(260, 300)
    assert dock.list.isColumnHidden(CONNECTOR)
    assert any(text.startswith("2 · ") for text in _texts(dock))


def test_an_empty_log_says_so(virtual: World, show: Show) -> None:
    virtual.session.lines.clear()
    assert show(EventLogDock).list.empty_text == "Nothing has happened yet."


def test_the_oldest_lines_go(monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> None:
    monkeypatch.setattr(line_model, "MOST_LINES", 100)
    assert session_module.MOST_LINES > 100
    model = LineModel()
    gone: list[int] = []
    model.dropped.connect(gone.append)
    for number in range(30):
        model.append([Line(number, None, "info", "muted", f"line {number}.{part}") for part in range(5)])
    assert 80 <= model.rowCount() <= 100
    assert sum(gone) == 150 - model.rowCount()
    assert column(model, TEXT)[-1] == "line 29.4"
    model.append([])
