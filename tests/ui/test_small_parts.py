"""Small parts: the line at the bottom, the notice, words and numbers, what is remembered."""

from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray
from pytestqt.qtbot import QtBot

from desktop_sim.app.settings import SettingsFile
from desktop_sim.station import commands as c
from desktop_sim.ui import texts
from desktop_sim.ui.connector_page import decision
from desktop_sim.ui.gallery import World
from desktop_sim.ui.memory import Memory
from desktop_sim.ui.notice import LOOKS, NoticeBar
from desktop_sim.ui.state_badge import StateBadge
from desktop_sim.ui.status_strip import StatusStrip, words
from desktop_sim.ui.statuses import LOOKS as STATUS_LOOKS
from desktop_sim.ui.statuses import link_word, status_sentence
from tests.ui.person import PATIENCE, click


def test_the_line_at_the_bottom(virtual: World) -> None:
    left, right = words(virtual.session)
    assert left == ["Accepted", "ocpp1.6", "queue 0", "heartbeat in 4:57"]
    assert right[1] == "no file"
    virtual.station.do(c.Disconnect())
    virtual.session.refresh()
    assert words(virtual.session)[0][0] == "Offline"
    virtual.station.do(c.PowerCut())
    virtual.session.refresh()
    assert words(virtual.session)[0] == ["No power"]


def test_the_strip_ticks_while_it_is_seen(virtual: World, qtbot: QtBot) -> None:
    strip = StatusStrip()
    qtbot.addWidget(strip)

    def rests() -> bool:
        return virtual.session.pump.resting

    strip.resize(900, 24)
    strip.show_session(virtual.session)
    qtbot.waitUntil(rests, timeout=PATIENCE)
    strip.show()
    assert not rests()
    assert "Accepted" in strip.accessibleDescription()
    assert not strip.grab().isNull()
    strip.hide()
    assert rests()
    strip.show_session(None)
    assert strip.accessibleDescription() == ""


def test_a_notice_goes_when_it_is_closed_and_can_offer_something(qtbot: QtBot) -> None:
    bar = NoticeBar()
    qtbot.addWidget(bar)
    done: list[int] = []
    for kind in LOOKS:
        bar.tell(kind, f"a sentence of kind {kind}")
        assert bar.isVisible()
        assert bar.accessibleName() == f"a sentence of kind {kind}"
    bar.tell("nonsense", "still a sentence", "Do it", lambda: done.append(1))
    from PySide6.QtWidgets import QPushButton

    [act] = [button for button in bar.findChildren(QPushButton) if button.text() == "Do it"]
    click(act)
    assert done == [1]
    assert not bar.isVisible()


@pytest.mark.parametrize("status", [*STATUS_LOOKS, "", "Nonsense"])
def test_every_status_has_a_picture_and_a_sentence(qtbot: QtBot, status: str) -> None:
    badge = StateBadge()
    qtbot.addWidget(badge)
    badge.show_status(status)
    assert badge.sentence
    assert not badge.grab().isNull()
    badge.show_status(status, "a note instead")
    assert badge.accessibleDescription() == "a note instead"


def test_states_of_the_link_have_words() -> None:
    assert len({link_word(state) for state in ("up", "connecting", "down", "offline")}) == 4
    assert link_word("nonsense") == link_word("offline")
    assert status_sentence("nonsense")


def test_numbers_as_people_read_them() -> None:
    assert texts.amperes(16) == "16.0 A"
    assert texts.power(999) == "999 W"
    assert texts.power(3680) == "3.68 kW"
    assert texts.energy(12) == "12 Wh"
    assert texts.energy(3218) == "3.218 kWh"
    assert [texts.duration(seconds) for seconds in (0, 59, 61, 3723)] == ["0 s", "59 s", "1:01", "1:02:03"]
    assert texts.latency(400) == "1 ms"
    assert texts.latency(14_200) == "14 ms"
    assert texts.latency(2_500_000) == "2.5 s"
    assert texts.plain("&Save && quit…") == "Save & quit"
    assert len(texts.clock(1_748_847_600_123_456, milliseconds=True)) == 12


def test_what_decides_the_current() -> None:
    sentences = {
        decision(name, 10.0) for name in ("slider", "vehicle", "soc", "cable", "connector", "offer", "supply")
    }
    assert len(sentences) == 7
    assert decision("offer", 10.0) == "The station offers no more (10.0 A)"
    assert decision("nonsense", None) == ""


def test_what_is_remembered(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    memory = Memory(SettingsFile(file))
    memory.put(geometry=QByteArray(b"\x00\x01\xff"), layout_version=3, word="hello")
    again = Memory(SettingsFile(file))
    assert again.blob("geometry").data() == b"\x00\x01\xff"
    assert again.number("layout_version", 0) == 3
    assert again.text("word") == "hello"
    again.put(word=None)
    assert Memory(SettingsFile(file)).text("word", "gone") == "gone"


def test_damaged_memories_count_as_none(tmp_path: Path) -> None:
    settings = SettingsFile(tmp_path / "settings.json")
    settings.change(window={"geometry": "no base64!", "layout_version": "three", "word": 5})
    memory = Memory(settings)
    assert memory.blob("geometry").isEmpty()
    assert memory.number("layout_version", 7) == 7
    assert memory.text("word", "x") == "x"


def test_without_a_file_nothing_is_kept() -> None:
    memory = Memory()
    memory.put(word="x")
    assert memory.text("word") == "x"
