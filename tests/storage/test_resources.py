"""The program finds its own files, and only its own."""

from pathlib import Path

import pytest

from desktop_sim.storage import resources
from desktop_sim.storage.resources import ResourceMissing, resource


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a package would lie: nothing in it, nothing beside it."""
    package = tmp_path / "place" / "desktop_sim"
    package.mkdir(parents=True)
    monkeypatch.setattr(resources, "_PACKAGE", package)
    return package


def _put(folder: Path, text: str) -> None:
    (folder / "icons").mkdir(parents=True)
    (folder / "icons" / "plug.svg").write_text(text)


def test_the_checkout_has_its_resources() -> None:
    assert resource("README.md").read_text().startswith("# Resources")


def test_the_package_comes_before_the_checkout(installed: Path) -> None:
    _put(installed / "resources", "packaged")
    _put(installed.parent / "resources", "checked out")
    (installed.parent / "pyproject.toml").touch()
    assert resource("icons/plug.svg").read_text() == "packaged"


def test_the_checkout_serves_what_the_package_lacks(installed: Path) -> None:
    _put(installed.parent / "resources", "checked out")
    (installed.parent / "pyproject.toml").touch()
    assert resource("icons/plug.svg").read_text() == "checked out"


def test_a_folder_called_resources_in_site_packages_is_somebody_elses(installed: Path) -> None:
    _put(installed.parent / "resources", "foreign")
    with pytest.raises(ResourceMissing):
        resource("icons/plug.svg")


def test_what_is_missing_is_named_with_the_places_looked_at(installed: Path) -> None:
    with pytest.raises(ResourceMissing) as refusal:
        resource("icons/none.svg")
    assert "icons/none.svg" in str(refusal.value)
    assert str(installed / "resources") in str(refusal.value)


def test_folders_are_resources_too(installed: Path) -> None:
    _put(installed / "resources", "packaged")
    assert [file.name for file in resource("icons").iterdir()] == ["plug.svg"]


@pytest.mark.parametrize("name", ["", "/etc/passwd", "../pyproject.toml", "icons/../../x", "icons\\plug.svg"])
def test_names_stay_inside(name: str) -> None:
    with pytest.raises(ValueError, match="named by its path inside"):
        resource(name)
