"""The rows of the traffic list: once a frame, in slices, for as long as the log keeps them."""

import pytest
from pytestqt.qtbot import QtBot

from desktop_sim.ui import log_store
from desktop_sim.ui.docks.log_filter import read_filter
from desktop_sim.ui.docks.log_model import SLICE, LogModel
from desktop_sim.ui.log_store import LogStore
from tests.ui.docks.frames import answer, call, frame, many
from tests.ui.docks.hands import column

ACTION, LATENCY = 2, 6


@pytest.fixture
def store() -> LogStore:
    return LogStore()


@pytest.fixture
def model(store: LogStore, qtbot: QtBot) -> LogModel:
    return LogModel(store)


def test_a_batch_is_one_insertion(store: LogStore, model: LogModel) -> None:
    batches: list[tuple[int, int]] = []
    model.rowsInserted.connect(lambda parent, first, last: batches.append((first, last)))
    for first in (0, 300):
        store.append(many(300, first))
        model.catch_up()
    model.catch_up()
    assert batches == [(0, 299), (300, 599)]
    assert model.rowCount() == 600


def test_a_call_and_its_answer_know_each_other(store: LogStore, model: LogModel) -> None:
    store.append([call(0), call(1, "Authorize"), answer(2, 1, "Authorize"), answer(3, 0)])
    model.catch_up()
    assert [model.partner_row(row) for row in range(4)] == [3, 2, 1, 0]
    assert column(model, ACTION) == ["Heartbeat", "Authorize", "↳ Authorize.conf", "↳ Heartbeat.conf"]
    assert column(model, LATENCY) == ["", "", "14 ms", "14 ms"]


def test_a_call_without_answer_waits(store: LogStore, model: LogModel) -> None:
    store.append([call(0)])
    model.catch_up()
    assert column(model, LATENCY) == ["…"]
    assert model.partner_row(0) is None
    store.append([answer(1, 0)])
    model.catch_up()
    assert column(model, LATENCY) == ["", "14 ms"]


def test_a_filter_is_applied_to_old_and_new(store: LogStore, model: LogModel) -> None:
    store.append([call(0), call(1, "Authorize")])
    model.catch_up()
    model.set_filter(read_filter("action:Authorize"))
    assert column(model, ACTION) == ["Authorize"]
    store.append([call(2), call(3, "Authorize")])
    model.catch_up()
    assert [model.number(row) for row in range(model.rowCount())] == [1, 3]
    assert model.row_of(3) == 1
    assert model.row_of(2) is None
    assert model.row_of(None) is None
    model.set_filter(read_filter(""))
    assert model.rowCount() == 4


def test_a_long_log_is_filtered_in_slices(store: LogStore, model: LogModel, qtbot: QtBot) -> None:
    store.append(many(2 * SLICE + 10))
    model.set_filter(read_filter("type:call"))
    assert model.rowCount() == SLICE // 2
    assert model.waiting == SLICE + 10
    qtbot.waitUntil(lambda: model.waiting == 0)
    assert model.rowCount() == SLICE + 5


def test_a_hundred_thousand_rows_with_one_filter_after_the_other(
    store: LogStore, model: LogModel, qtbot: QtBot
) -> None:
    for first in range(0, 100_000, 1000):
        store.append(many(1000, first))
        model.catch_up()
    assert model.rowCount() == 100_000
    model.set_filter(read_filter("nothing of the kind"))
    model.set_filter(read_filter("dir:in"))
    qtbot.waitUntil(lambda: model.waiting == 0)
    assert model.rowCount() == 50_000


def test_rows_go_with_their_frames(store: LogStore, model: LogModel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_store, "MOST_FRAMES", 100)
    gone: list[int] = []
    model.dropped.connect(gone.append)
    for first in range(0, 300, 10):
        store.append(many(10, first))
        model.catch_up()
    assert model.rowCount() == len(store) <= 100
    assert model.number(0) == store.first
    assert model.number(0) + model.rowCount() == 300
    assert sum(gone) == store.first


def test_rows_of_given_up_frames_are_harmless(
    store: LogStore, model: LogModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between two looks, while nobody sees the list, it may name frames that are gone."""
    store.append(many(20))
    model.catch_up()
    store.clear()
    assert model.cell(0, ACTION).text == "…"
    assert model.partner_row(0) is None
    model.catch_up()
    assert model.rowCount() == 0


def test_pausing_holds_the_rows_not_the_log(store: LogStore, model: LogModel) -> None:
    store.append(many(4))
    model.catch_up()
    model.set_paused(True)
    store.append(many(6, 4))
    model.catch_up()
    assert (model.rowCount(), model.waiting) == (4, 6)
    model.set_paused(False)
    assert (model.rowCount(), model.waiting) == (10, 0)


def test_a_filter_counts_while_paused_too(store: LogStore, model: LogModel) -> None:
    store.append([call(0), call(1, "Authorize")])
    model.catch_up()
    model.set_paused(True)
    model.set_filter(read_filter("Authorize"))
    assert column(model, ACTION) == ["Authorize"]
    assert model.paused


def test_clearing_hides_and_show_all_brings_back(store: LogStore, model: LogModel) -> None:
    store.append(many(4))
    model.catch_up()
    model.clear()
    assert (model.rowCount(), model.cleared) == (0, 4)
    store.append(many(2, 4))
    model.catch_up()
    assert model.rowCount() == 2
    model.set_filter(read_filter("type:call"))
    assert model.rowCount() == 1
    model.show_all()
    assert (model.rowCount(), model.cleared) == (3, 0)


def test_only_the_latest_of_each_kind(store: LogStore, model: LogModel) -> None:
    store.append(many(10))
    model.catch_up()
    model.set_latest(True)
    assert column(model, ACTION) == ["MeterValues  ×5", "↳ MeterValues.conf  ×5"]
    store.append([*many(4, 10), call(99)])
    model.catch_up()
    assert column(model, ACTION) == ["MeterValues  ×7", "↳ MeterValues.conf  ×7", "Heartbeat  ×1"]
    assert [model.number(row) for row in range(3)] == [12, 13, 14]
    assert model.row_of(14) == 2
    assert model.row_of(0) is None
    model.set_latest(False)
    assert model.rowCount() == 15


def test_the_latest_of_each_kind_outlive_the_log(
    store: LogStore, model: LogModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_store, "MOST_FRAMES", 50)
    model.set_latest(True)
    store.append([call(0, "Authorize")])
    model.catch_up()
    for first in range(0, 200, 10):
        store.append(many(10, first))
        model.catch_up()
    kinds = {kind.split("  ")[0] for kind in column(model, ACTION)}
    assert kinds == {"MeterValues", "↳ MeterValues.conf"}


def test_what_a_row_says(store: LogStore, model: LogModel) -> None:
    store.append(
        [
            call(0, "StatusNotification", {"connectorId": 2, "status": "Charging", "errorCode": "NoError"}),
            frame(
                1,
                type="error",
                direction="in",
                message_id="m0",
                action="StatusNotification",
                text='[4,"m0","InternalError","out of order",{}]',
                latency=2_000_000,
            ),
            frame(2, type="invalid", direction="in", action="", message_id="", text="[2", verdict="not JSON"),
            call(3, by_hand=True),
        ]
    )
    model.catch_up()
    rows = [[model.cell(row, place).text for place in (1, 2, 3, 4, 6, 7)] for row in range(4)]
    assert rows == [
        ["Sent", "StatusNotification", "2", "Charging · NoError", "", "valid"],
        ["Received", "↳ StatusNotification error", "2", "InternalError: out of order", "2.0 s", "error"],
        ["Received", "no frame", "", "[2", "", "not JSON"],
        ["Sent", "Heartbeat", "", "", "…", "by hand"],
    ]
    assert model.tooltip(2, 7) == "not JSON"
    assert model.tooltip(0, 4) == ""
