"""Certification cases of the LocalAuthListManagement profile, by their ids."""

import pytest

from desktop_sim.station import commands as c
from tests.certification.bench import one, prepared
from tests.conformance.asks import entry, gone, send_changes, send_full, version
from tests.conformance.world import TAG, World

LISTED = {"LocalAuthListEnabled": "true", "LocalPreAuthorize": "true"}
WITHOUT = {"SupportedFeatureProfiles": "Core,RemoteTrigger"}


def with_the_tag(**keys: str) -> World:
    """A station whose list holds the tag of the case."""
    station = prepared(LISTED | keys)
    assert send_full(station, 2, entry(TAG)) == "Accepted"
    station.peer.clear()
    return station


def test_TC_008_1_CS_a_listed_tag_starts_a_regular_session() -> None:
    """Before: LocalPreAuthorize is true, the tag is Accepted in the local list.

    Steps: plug in, present the tag. Passes when no Authorize is sent, StartTransaction names tag and connector, and
    the connector goes Preparing, Charging.
    """
    station = with_the_tag()
    station.do(c.PlugIn(connector=1))
    station.do(c.PresentTag(id_tag=TAG, connector=1))
    station.run(1)
    assert "Authorize" not in station.peer.actions()
    assert one(station, "StartTransaction")["idTag"] == TAG
    assert one(station, "StartTransaction")["connectorId"] == 1
    assert station.statuses() == ["Preparing", "Charging"]


def test_TC_008_1_CS_offline_too() -> None:
    """Before: as above, LocalAuthorizeOffline is true, the connection is lost.

    Steps: plug in, present the tag, reconnect. Passes when the session runs and StartTransaction follows.
    """
    station = with_the_tag(LocalAuthorizeOffline="true")
    station.offline()
    station.do(c.PlugIn(connector=1))
    station.do(c.PresentTag(id_tag=TAG, connector=1))
    assert station.status() == "Charging"
    station.online()
    station.run(1)
    assert "Authorize" not in station.peer.actions()
    assert one(station, "StartTransaction")["idTag"] == TAG


def test_TC_008_2_CS_a_listed_tag_starts_a_remote_session() -> None:
    """Before: as TC_008_1_CS, and AuthorizeRemoteTxRequests is true.

    Steps: RemoteStartTransaction with the tag, plug in. Passes when it is Accepted, no Authorize is sent, and the
    session starts.
    """
    station = with_the_tag(AuthorizeRemoteTxRequests="true")
    answer = station.ask("RemoteStartTransaction", {"idTag": TAG, "connectorId": 1})
    assert answer == {"status": "Accepted"}
    station.run(1)
    station.do(c.PlugIn(connector=1))
    station.run(1)
    assert "Authorize" not in station.peer.actions()
    assert one(station, "StartTransaction")["idTag"] == TAG
    assert station.statuses() == ["Preparing", "Charging"]


def test_TC_042_1_CS_the_version_where_lists_are_not_supported() -> None:
    """Before: the station does not support local lists.

    Steps: GetLocalListVersion. Passes when the version is -1, or the answer is the error NotSupported.
    """
    assert version(prepared(made_with=WITHOUT)) in (-1, "NotSupported")
    assert version(prepared({"LocalAuthListEnabled": "false"})) in (-1, "NotSupported")


def test_TC_042_2_CS_the_version_of_an_empty_list() -> None:
    """Before: the list has entries.

    Steps: SendLocalList Full without entries, GetLocalListVersion. Passes when the version is 0.
    """
    station = with_the_tag()
    assert send_full(station, 3) == "Accepted"
    assert version(station) == 0


def test_TC_043_CS_lists_are_sent() -> None:
    """Steps: SendLocalList Full, then Differential with the next version; GetLocalListVersion after each.

    Passes when both are Accepted and the versions follow.
    """
    station = prepared(LISTED)
    assert send_full(station, 2, entry(TAG), entry("SECOND")) == "Accepted"
    assert version(station) == 2
    assert send_changes(station, 3, entry("THIRD", "Blocked"), gone("SECOND")) == "Accepted"
    assert version(station) == 3


def test_TC_043_1_CS_lists_are_not_supported() -> None:
    """Before: the station does not support local lists.

    Steps: SendLocalList. Passes when the status, or the error, is NotSupported.
    """
    assert send_full(prepared(made_with=WITHOUT), 1, entry(TAG)) == "NotSupported"
    assert send_full(prepared({"LocalAuthListEnabled": "false"}), 1, entry(TAG)) == "NotSupported"


def test_TC_043_2_CS_the_versions_do_not_match() -> None:
    """Steps: SendLocalList Full 2, Full 5, Differential 4, GetLocalListVersion.

    Passes when the last update is a VersionMismatch and the version stays 5.
    """
    station = prepared(LISTED)
    assert send_full(station, 2, entry(TAG)) == "Accepted"
    assert send_full(station, 5, entry(TAG)) == "Accepted"
    assert send_changes(station, 4, entry("SECOND")) == "VersionMismatch"
    assert version(station) == 5


@pytest.mark.parametrize("fault", ["twice", "too many"])
def test_TC_043_3_CS_a_list_that_cannot_be_taken(fault: str) -> None:
    """Steps: SendLocalList Full with a tag that stands in it twice, or with more tags than SendLocalListMaxLength.

    Passes when the status is Failed and the version stays.
    """
    station = with_the_tag()
    most = int(station.key("SendLocalListMaxLength") or 0)
    doubled = [entry("SECOND"), entry("second")]
    entries = doubled if fault == "twice" else [entry(f"T{number}") for number in range(most + 1)]
    assert send_full(station, 3, *entries) == "Failed"
    assert version(station) == 2
