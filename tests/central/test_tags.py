"""Authorize from the list of tags (A.3)."""

import pytest

from desktop_sim.central import CentralSystem, Policy, Tag
from desktop_sim.central.events import TagChecked
from desktop_sim.central.tags import TagList
from desktop_sim.protocol.types import AuthorizationStatus
from tests.central.line import START, START_TX, Line

HOUR = 3_600_000_000


def _status(line: Line, id_tag: str) -> str:
    return str(line.ask("Authorize", {"idTag": id_tag})["idTagInfo"]["status"])


@pytest.mark.parametrize("status", list(AuthorizationStatus))
def test_the_list_decides(status: AuthorizationStatus) -> None:
    line = Line(CentralSystem([Tag(id_tag="USER001", status=status)]))
    assert _status(line, "user001") == status
    (event,) = line.happened(TagChecked)
    assert (event.action, event.id_tag, event.status) == ("Authorize", "user001", status)


def test_unknown_tags_as_the_policy_says() -> None:
    assert _status(Line(CentralSystem()), "GUEST") == "Invalid"
    lenient = Policy(unknown_tags=AuthorizationStatus.Accepted)
    assert _status(Line(CentralSystem(policy=lenient)), "GUEST") == "Accepted"


def test_parent_and_expiry_go_along() -> None:
    line = Line(CentralSystem([Tag(id_tag="A", parent_id_tag="FLEET", expiry_date=START + HOUR)]))
    assert line.ask("Authorize", {"idTag": "A"})["idTagInfo"] == {
        "status": "Accepted",
        "expiryDate": "2025-06-02T08:00:00.000Z",
        "parentIdTag": "FLEET",
    }
    line.wait(3600)
    assert _status(line, "A") == "Expired"


def test_a_blocked_tag_stays_blocked_when_it_expires() -> None:
    line = Line(CentralSystem([Tag(id_tag="A", status=AuthorizationStatus.Blocked, expiry_date=START)]))
    assert _status(line, "A") == "Blocked"


def test_tags_change_at_run_time() -> None:
    line = Line(CentralSystem())
    line.central.tags.put(Tag(id_tag="a"))
    assert _status(line, "A") == "Accepted"
    line.central.tags.put(Tag(id_tag="A", status=AuthorizationStatus.Blocked))
    assert [tag.id_tag for tag in line.central.tags.all()] == ["A"]
    assert _status(line, "A") == "Blocked"
    assert line.central.tags.remove("a")
    assert not line.central.tags.remove("a")
    assert _status(line, "A") == "Invalid"


@pytest.mark.parametrize("id_tag", ["", "x" * 21])
def test_tags_that_cannot_travel_are_refused(id_tag: str) -> None:
    with pytest.raises(ValueError, match="1 to 20 characters"):
        TagList([Tag(id_tag=id_tag)])
    with pytest.raises(ValueError, match="1 to 20 characters"):
        TagList([Tag(id_tag="A", parent_id_tag=id_tag)])


def test_an_expiry_beyond_all_calendars_is_refused() -> None:
    with pytest.raises(ValueError, match="four digits"):
        TagList([Tag(id_tag="A", expiry_date=10**18)])


def _twice(policy: Policy) -> tuple[str, str]:
    """USER001 charges at CP001 and shows up at CP002: what Authorize and StartTransaction say there."""
    central = CentralSystem([Tag(id_tag="USER001")], policy=policy)
    Line(central, "CP001").ask("StartTransaction", START_TX)
    other = Line(central, "CP002")
    authorized = _status(other, "user001")
    return authorized, other.ask("StartTransaction", START_TX)["idTagInfo"]["status"]


def test_a_tag_that_charges_elsewhere_is_concurrent() -> None:
    assert _twice(Policy()) == ("Accepted", "ConcurrentTx")
    assert _twice(Policy(concurrent="always")) == ("ConcurrentTx", "ConcurrentTx")
    assert _twice(Policy(concurrent="never")) == ("Accepted", "Accepted")


def test_a_refused_transaction_does_not_make_a_tag_concurrent() -> None:
    central = CentralSystem([Tag(id_tag="USER001", status=AuthorizationStatus.Blocked)])
    Line(central, "CP001").ask("StartTransaction", START_TX)
    central.tags.put(Tag(id_tag="USER001"))
    assert Line(central, "CP002").ask("StartTransaction", START_TX)["idTagInfo"]["status"] == "Accepted"


def test_a_transaction_given_up_by_hand_frees_its_tag() -> None:
    central = CentralSystem([Tag(id_tag="USER001")])
    line = Line(central, "CP001")
    number = line.ask("StartTransaction", START_TX)["transactionId"]
    central.abandon(number, line.now)
    central.abandon(number, line.now)
    central.abandon(4711, line.now)
    assert Line(central, "CP002").ask("StartTransaction", START_TX)["idTagInfo"]["status"] == "Accepted"
