"""The files that come with the program, wherever it was installed."""

from pathlib import Path, PurePosixPath

_PACKAGE = Path(__file__).resolve().parents[1]


class ResourceMissing(FileNotFoundError):
    """A file that comes with the program is not there."""


def resource(name: str) -> Path:
    """The file or folder `name` (as `icons/plug.svg`) among the program's own resources.

    A wheel carries them inside the package; a checkout, and an editable install of it, keeps them beside.
    """
    wanted = PurePosixPath(name)
    if not name or wanted.is_absolute() or ".." in wanted.parts or "\\" in name:
        raise ValueError(f"a resource is named by its path inside the resources folder, not {name!r}")
    places = _places()
    for place in places:
        found = place / wanted
        if found.exists():
            return found
    looked = " and ".join(str(place) for place in places)
    raise ResourceMissing(f"The program's own file {name} is missing (looked in {looked}); install it again.")


def _places() -> list[Path]:
    places = [_PACKAGE / "resources"]
    checkout = _PACKAGE.parent
    # In site-packages a folder called "resources" would be somebody else's.
    if (checkout / "pyproject.toml").is_file():
        places.append(checkout / "resources")
    return places
