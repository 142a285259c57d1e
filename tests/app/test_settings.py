"""Settings survive, are written whole or not at all, and a broken file costs nothing but the settings."""

from pathlib import Path

import pytest

from desktop_sim.app.settings import MOST_RECENT, Settings, SettingsFile


def test_settings_come_back(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "settings.json"
    SettingsFile(path).change(language="uz", theme="dark", window={"geometry": "abc"})
    again = SettingsFile(path).settings
    assert (again.language, again.theme, again.window) == ("uz", "dark", {"geometry": "abc"})


def test_recent_files_newest_first_each_once_ten_at_most(tmp_path: Path) -> None:
    file = SettingsFile(tmp_path / "settings.json")
    for number in [*range(12), 5]:
        file.remember_file(tmp_path / str(number))
    assert file.settings.recent_files[0] == str(tmp_path / "5")
    assert len(file.settings.recent_files) == len(set(file.settings.recent_files)) == MOST_RECENT
    file.forget_file(tmp_path / "5")
    assert str(tmp_path / "5") not in file.settings.recent_files


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"theme":"pink"}', b"\xff\xfe", b'{"recent_files":7}']
)
def test_a_broken_file_means_the_defaults_and_is_kept_aside(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(content)
    file = SettingsFile(path)
    assert file.settings == Settings()
    assert file.problem is not None
    assert path.with_suffix(".broken.json").read_bytes() == content
    file.change(theme="dark")
    assert SettingsFile(path).settings.theme == "dark"


def test_settings_of_a_newer_program_are_understood(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text('{"theme":"dark","hologram":true}')
    assert SettingsFile(path).settings.theme == "dark"


def test_a_folder_that_cannot_be_made_is_no_reason_to_fail(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    file = SettingsFile(tmp_path / "file" / "settings.json")
    assert file.change(theme="dark").theme == "dark"
    assert file.problem is not None
