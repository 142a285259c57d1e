"""A session: what happened at a station, kept for those who look later."""

from pytestqt.qtbot import QtBot

from desktop_sim.station import commands as c
from desktop_sim.station.events import FrameEvent
from desktop_sim.ui import log_store
from desktop_sim.ui.gallery import LIMIT, World
from desktop_sim.ui.log_store import LogStore
from desktop_sim.ui.session import Changes, StationSession, flag_text


def frame(number: int, *, type_: str = "call", text: str = "{}", id_: str = "") -> FrameEvent:
    """A frame for the store."""
    direction = "out" if type_ == "call" else "in"
    return FrameEvent(
        seq=number,
        time=number,
        direction=direction,  # type: ignore[arg-type]
        type=type_,  # type: ignore[arg-type]
        text=text,
        message_id=id_ or str(number),
    )


# --- the store of frames ---


def test_numbers_stay_and_the_oldest_go(monkeypatch: object) -> None:
    store = LogStore()
    store.append([frame(number) for number in range(log_store.MOST_FRAMES + 1)])
    assert store.first == (log_store.MOST_FRAMES + 1) // log_store.GIVE_UP
    assert store.entry(store.first).event.seq == store.first
    assert store.end == log_store.MOST_FRAMES + 1


def test_long_frames_go_sooner() -> None:
    store = LogStore()
    text = "x" * (8 * 1024 * 1024)
    for number in range(20):
        store.append([frame(number, text=text)])
    assert len(store) * len(text) <= log_store.MOST_CHARACTERS
    assert store.end == 20


def test_call_and_answer_find_each_other() -> None:
    store = LogStore()
    store.append(
        [frame(0, id_="a", text='{"connectorId": 2}'), frame(1, id_="b"), frame(2, type_="result", id_="a")]
    )
    assert store.partner(0) == 2
    assert store.partner(2) == 0
    assert store.partner(1) is None
    assert store.entry(2).connector == 2, "an answer is about the connector of its call"
    assert store.entry(1).connector == -1


def test_a_cleared_store_goes_on_counting() -> None:
    store = LogStore()
    store.append([frame(0), frame(1)])
    store.clear()
    store.append([frame(2)])
    assert (store.first, store.end, len(store)) == (2, 3, 1)


# --- the session ---


def test_one_signal_a_frame_says_what_happened(virtual: World, qtbot: QtBot) -> None:
    told: list[Changes] = []
    virtual.session.changed.connect(told.append)
    virtual.station.do(c.PlugIn(connector=1))
    assert told == []
    virtual.session.refresh()
    assert len(told) == 1
    assert {"status", "frame"} <= told[0].kinds
    assert told[0].concerns(1)
    assert not told[0].concerns(2) or 0 in told[0].connectors


def test_the_pump_delivers_by_itself(virtual: World, qtbot: QtBot) -> None:
    with qtbot.waitSignal(virtual.session.changed, timeout=30_000):
        virtual.station.do(c.PlugIn(connector=1))
    assert virtual.session.connector(1)["status"] == "Preparing"


def test_flags_mark_what_bends_the_curve(virtual: World) -> None:
    station = virtual.station
    station.central.call_now("CP001", "RemoteStartTransaction", {"connectorId": 1, "idTag": "USER001"})
    virtual.run(5)
    station.central.call_now("CP001", "SetChargingProfile", LIMIT)
    station.central.call_now("CP001", "TriggerMessage", {"requestedMessage": "Heartbeat"})
    station.do(c.Error(connector=1, error_code="GroundFailure"))
    virtual.run(1)
    flags = [flag.text for flag in virtual.session.history(1).flags]
    assert flags[:2] == ["RemoteStart", "Preparing"]
    assert "SetChargingProfile 10.0 A" in flags
    assert "GroundFailure" in flags
    assert "TriggerMessage" not in flags
    assert virtual.session.history(2).flags == []


def test_an_act_without_an_event_is_seen(virtual: World, qtbot: QtBot) -> None:
    virtual.station.do(c.Vehicle(connector=1, name="Estate"))
    assert virtual.session.connector(1)["vehicle"] == "Compact"
    virtual.session.acted()
    virtual.session.refresh()
    assert virtual.session.connector(1)["vehicle"] == "Estate"


def test_lines_are_forgotten_oldest_first(virtual: World, qtbot: QtBot) -> None:
    from desktop_sim.ui import session

    virtual.session.lines[:] = virtual.session.lines[:1] * session.MOST_LINES
    virtual.station.do(c.PlugIn(connector=1))
    virtual.session.refresh()
    assert len(virtual.session.lines) <= session.MOST_LINES


def test_a_session_without_a_station_waits(qtbot: QtBot) -> None:
    session = StationSession()
    session.hear(frame(1))
    session.refresh()
    assert not session.attached
    assert len(session.log) == 0
    session.detach()


def test_words_on_flags() -> None:
    assert flag_text("RemoteStopTransaction", {"transactionId": 1}) == "RemoteStop"
    assert flag_text("ChangeConfiguration", {"key": "A", "value": "1"}) == "A = 1"
    assert flag_text("SetChargingProfile", {"csChargingProfiles": "nonsense"}) == "SetChargingProfile"
    assert flag_text("ClearCache", {}) == "ClearCache"
