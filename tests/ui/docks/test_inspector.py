"""One frame, looked at closely."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop_sim.ui.docks.inspector import BROAD, Inspector
from desktop_sim.ui.log_store import LogStore
from desktop_sim.ui.theme import Scheme, Theme
from tests.ui.docks.frames import answer, call, frame
from tests.ui.docks.hands import Hands


@pytest.fixture
def store() -> LogStore:
    made = LogStore()
    made.append(
        [
            call(0, "Authorize", {"idTag": "USER001"}),
            answer(1, 0, "Authorize", latency=140_000),
            call(2, "Heartbeat", by_hand=True),
            frame(3, type="invalid", direction="in", action="", message_id="", text="[2", verdict="not JSON"),
            call(4, "ReserveNow", {"connectorId": 1}, direction="in"),
            frame(
                5,
                type="error",
                message_id="m4",
                action="ReserveNow",
                text='[4,"m4","NotSupported","not here",{}]',
            ),
        ]
    )
    return made


@pytest.fixture
def inspector(store: LogStore, qtbot: QtBot) -> Inspector:
    made = Inspector(store)
    qtbot.addWidget(made)
    made.resize(400, 500)
    made.show()
    return made


def _colours(inspector: Inspector) -> list[str]:
    """The colours of the second line of the JSON."""
    block = inspector.json.document().findBlockByNumber(1)
    return [part.format.foreground().color().name().upper() for part in block.layout().formats()]


def test_nothing_chosen_asks_for_a_choice(inspector: Inspector) -> None:
    assert inspector._hint.isVisible()
    assert not inspector.json.isVisible()


def test_a_call_with_its_answer(inspector: Inspector) -> None:
    inspector.show_number(0)
    assert inspector.json.toPlainText() == '[2, "m0", "Authorize", {\n  "idTag": "USER001"\n}]'
    assert inspector.raw.toPlainText() == '[2, "m0", "Authorize", {"idTag": "USER001"}]'
    assert (inspector.verdict.text, inspector.verdict.kind) == ("Keeps the schema of Authorize", "good")
    assert inspector.pair.text == "Answer after 140 ms: Accepted"
    assert inspector.jump.text() == "Go to the answer"


def test_sent_by_hand_is_said(inspector: Inspector) -> None:
    inspector.show_number(2)
    assert inspector.verdict.text == "Keeps the schema of Heartbeat; sent by hand"
    assert inspector.pair.text == "No answer yet"
    assert not inspector.jump.isVisible()
    assert not inspector.other.isVisible()


def test_no_frame_at_all(inspector: Inspector) -> None:
    inspector.show_number(3)
    assert (inspector.verdict.text, inspector.verdict.kind) == ("not JSON", "warn")
    assert inspector.json.toPlainText() == inspector.raw.toPlainText() == "[2"
    assert inspector.pair.text == ""


def test_a_callerror(inspector: Inspector) -> None:
    inspector.show_number(5)
    assert inspector.verdict.text == "A CALLERROR: NotSupported: not here"
    assert inspector.verdict.kind == "bad"
    assert inspector.pair.text == "Answers: {}"
    inspector.show_number(4)
    assert inspector.pair.text == "Answer: NotSupported: not here"
    assert inspector.pair.kind == "bad"


def test_the_jump_names_its_aim(inspector: Inspector, qtbot: QtBot, hands: Hands) -> None:
    inspector.show_number(1)
    with qtbot.waitSignal(inspector.partner_wished) as wished:
        hands.click(inspector.jump)
    assert wished.args == [0]


def test_the_frame_can_be_copied(inspector: Inspector, hands: Hands) -> None:
    inspector.show_number(3)
    hands.click(inspector._copy)
    assert hands.clipboard() == "[2"


def test_a_frame_given_up_by_the_log_is_no_frame(inspector: Inspector, store: LogStore) -> None:
    inspector.show_number(0)
    store.clear()
    inspector.look_for_partner()
    inspector._paint_sign()
    inspector.show_number(0)
    assert inspector.number is None
    inspector._copy_frame()


def test_broad_inspectors_put_both_halves_beside_each_other(inspector: Inspector) -> None:
    inspector.show_number(0)
    inspector.resize(400, 250)
    assert not inspector.other.isVisible()
    inspector.resize(BROAD, 250)
    assert inspector.other.isVisible()
    assert inspector._panes.orientation() == Qt.Orientation.Horizontal
    inspector.resize(400, 500)
    assert inspector.other.isVisible()
    assert inspector._panes.orientation() == Qt.Orientation.Vertical


def test_json_is_coloured_in_both_palettes(inspector: Inspector, theme: Theme) -> None:
    inspector.show_number(0)
    for scheme in (Scheme.LIGHT, Scheme.DARK):
        theme.choose(scheme)
        tokens = theme.tokens
        assert {tokens.accent.upper(), tokens.good.upper()} <= set(_colours(inspector))


def test_a_very_long_frame_is_shown_in_one_colour(
    inspector: Inspector, store: LogStore, hands: Hands
) -> None:
    store.append([call(9, "DataTransfer", {"data": "x" * 200_000})])
    inspector.show_number(store.end - 1)
    assert len(inspector.json.toPlainText()) > 200_000
    inspector.show_number(0)
    hands.wait(lambda: _colours(inspector))
