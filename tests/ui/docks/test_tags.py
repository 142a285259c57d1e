"""The tags page of the central system's panel, used as a person would."""

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt

from desktop_sim.central import Tag
from desktop_sim.protocol.types import AuthorizationStatus
from desktop_sim.station import commands as c
from desktop_sim.ui.docks.central import CentralDock
from desktop_sim.ui.docks.tag_editor import TagEditor
from desktop_sim.ui.gallery import World
from tests.ui.docks.hands import Hands, column

TAG, STATUS, GROUP, EXPIRES = range(4)


@pytest.fixture
def page(virtual: World, show: Callable[..., Any]) -> TagEditor:
    dock: CentralDock = show(CentralDock, 380, 640)
    dock.tabs.setCurrentWidget(dock.tags)
    return dock.tags


def _known(virtual: World) -> dict[str, Tag]:
    return {tag.id_tag: tag for tag in virtual.station.central.tags}


def test_the_tags_of_the_station_are_known_already(page: TagEditor) -> None:
    assert column(page.rows, TAG) == ["USER001", "USER002"]
    assert set(column(page.rows, STATUS)) == {"Accepted"}
    assert set(column(page.rows, EXPIRES)) == {"never"}


def test_a_new_tag(page: TagEditor, virtual: World, hands: Hands) -> None:
    hands.type(page.tag, "GUEST")
    assert page.put_button.text() == "Add"
    hands.choose(page.status, "Blocked")
    hands.type(page.group, "FLEET")
    hands.type(page.expiry, "+2 h")
    hands.click(page.put_button)
    tag = _known(virtual)["GUEST"]
    assert tag.status is AuthorizationStatus.Blocked
    assert tag.parent_id_tag == "FLEET"
    assert tag.expiry_date == virtual.session.sim + 7200 * 1_000_000
    assert column(page.rows, GROUP)[-1] == "FLEET"
    assert page.put_button.text() == "Change"


def test_a_change_holds_for_the_next_request(page: TagEditor, virtual: World, hands: Hands) -> None:
    hands.click_row(page.table, 0)
    assert page.tag.text() == "USER001"
    hands.choose(page.status, "Blocked")
    hands.key(page.tag, Qt.Key.Key_Return)
    assert column(page.rows, STATUS)[0] == "Blocked"
    virtual.station.do(c.PresentTag(id_tag="USER001", connector=1))
    virtual.run(2)
    assert any("refused" in line.text for line in virtual.session.lines)


def test_a_tag_can_be_forgotten(page: TagEditor, virtual: World, hands: Hands) -> None:
    hands.type(page.tag, "user002")
    hands.click(page.remove_button)
    assert list(_known(virtual)) == ["USER001"]
    assert not page.remove_button.isEnabled()


def test_an_expired_tag_says_so(page: TagEditor, virtual: World, hands: Hands) -> None:
    hands.type(page.tag, "OLD")
    hands.type(page.expiry, "2020-01-01")
    hands.click(page.put_button)
    assert column(page.rows, STATUS)[-1] == "Expired"
    assert column(page.rows, EXPIRES)[-1] == "2020-01-01 00:00:00"


def test_what_is_no_time_is_said_while_typing(page: TagEditor, hands: Hands) -> None:
    hands.type(page.tag, "GUEST")
    hands.type(page.expiry, "tomorrow")
    assert page.said.kind == "bad"
    assert "2027-12-31" in page.said.text
    assert page.expiry.property("state") == "bad"
    assert not page.put_button.isEnabled()
    hands.key(page.expiry, Qt.Key.Key_Return)
    hands.type(page.expiry, "")
    assert page.said.text == ""
    assert page.put_button.isEnabled()


def test_without_a_name_there_is_nothing_to_add(page: TagEditor, virtual: World, hands: Hands) -> None:
    assert not page.put_button.isEnabled()
    hands.key(page.tag, Qt.Key.Key_Return)
    assert len(_known(virtual)) == 2


def test_a_refusal_stands_beside_the_button(
    page: TagEditor, virtual: World, hands: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(tag: Tag) -> None:
        raise ValueError("that cannot travel")

    monkeypatch.setattr(virtual.station.central, "put_tag", refuse)
    hands.type(page.tag, "GUEST")
    hands.click(page.put_button)
    assert page.said.text == "that cannot travel"


def test_broad_pages_put_the_form_beside_the_table(page: TagEditor, hands: Hands) -> None:
    assert page.tag.mapTo(page, QPoint()).y() > page.table.geometry().bottom()
    page.window().resize(1000, 400)
    hands.wait(lambda: page.tag.mapTo(page, QPoint()).x() > page.table.geometry().right())
