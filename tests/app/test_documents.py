"""Profiles as documents: unsaved means that the file says something else, nothing more."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from desktop_sim.app.defaults import default_profile
from desktop_sim.app.documents import Document
from desktop_sim.app.settings import SettingsFile
from desktop_sim.storage.profiles import ProfileProblem, load_profile

OTHER = replace(default_profile(), name="Other")


def test_edit_and_save(tmp_path: Path) -> None:
    settings = SettingsFile(tmp_path / "settings.json")
    document = Document(default_profile(), settings=settings)
    told: list[bool] = []
    unsubscribe = document.subscribe(lambda: told.append(document.unsaved))
    document.edit(OTHER)
    document.save_as(tmp_path / "mine.station.json")
    assert document.title == "mine"
    assert load_profile(tmp_path / "mine.station.json") == OTHER
    assert settings.settings.recent_files == (str(tmp_path / "mine.station.json"),)
    assert told == [True, False]
    unsubscribe()
    document.edit(default_profile())
    assert told == [True, False]


def test_going_back_to_what_the_file_says_is_no_change() -> None:
    document = Document(default_profile())
    document.edit(OTHER)
    document.edit(default_profile())
    assert not document.unsaved


def test_a_name_without_its_ending_gets_it(tmp_path: Path) -> None:
    document = Document(OTHER)
    document.save_as(tmp_path / "mine")
    assert document.path == tmp_path / "mine.station.json"
    assert Document.open(tmp_path / "mine.station.json").profile == OTHER


def test_without_a_file_it_must_be_named() -> None:
    with pytest.raises(ValueError, match="save it under a name"):
        Document(OTHER).save()


def test_a_save_that_fails_leaves_it_unsaved(tmp_path: Path) -> None:
    document = Document(default_profile())
    document.edit(OTHER)
    with pytest.raises(ProfileProblem, match="no folder"):
        document.save_as(tmp_path / "missing" / "mine.station.json")
    assert document.unsaved
    assert document.path is None


def test_the_title_of_a_new_one_is_who_it_is() -> None:
    assert Document(default_profile()).title == "CP001"
