"""The options that only the face `control` has: where it listens, and for whom."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from desktop_sim.app.options import OptionProblem

_LISTEN = "--listen"


@dataclass(frozen=True, slots=True)
class ControlOptions:
    """Where commands come from. `listen`: a port (0: any free one) instead of stdin; `token` None: make one."""

    listen: int | None = None
    token: str | None = None
    any_interface: bool = False


def add_control(group: argparse._ArgumentGroup) -> None:
    """Enter the options."""
    group.add_argument(
        _LISTEN,
        nargs="?",
        type=int,
        const=0,
        metavar="PORT",
        help="a WebSocket on this computer instead of stdin and stdout; no PORT: a free one",
    )
    group.add_argument("--token", metavar="T", help="what its clients have to know (default: made at random)")
    group.add_argument("--token-file", type=Path, metavar="F", help="file that holds the token")
    group.add_argument("--any-interface", action="store_true", help="let other computers in, too")


def with_port(argv: Sequence[str]) -> list[str]:
    """The command line with a port behind each `--listen`, lest it takes the charge point id for one."""
    return [
        f"{_LISTEN}=0" if word == _LISTEN and not "".join(argv[place + 1 : place + 2]).isdecimal() else word
        for place, word in enumerate(argv)
    ]


def control_options(given: argparse.Namespace, face: str) -> ControlOptions:
    """The options as data. Raises OptionProblem."""
    extras = {
        "--token": given.token,
        "--token-file": given.token_file,
        "--any-interface": given.any_interface or None,
    }
    used = [name for name, value in {_LISTEN: given.listen, **extras}.items() if value is not None]
    if used and face != "control":
        raise OptionProblem(f"{used[0]} belongs to `control`: control CP001 ws://localhost:9000 --listen")
    if used and given.listen is None:
        raise OptionProblem(f"{used[0]} has a use beside --listen only: control --listen 9100")
    if given.listen is not None and not 0 <= given.listen <= 65535:
        raise OptionProblem(f"--listen takes a port up to 65535, not {given.listen}")
    if given.token is not None and given.token_file is not None:
        raise OptionProblem("Give --token or --token-file, not both")
    return ControlOptions(given.listen, _token(given), given.any_interface)


def _token(given: argparse.Namespace) -> str | None:
    token: str | None = given.token
    if given.token_file is not None:
        try:
            token = given.token_file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            raise OptionProblem(f"--token-file: {given.token_file} cannot be read") from None
    if token is not None and (not token or not token.isprintable()):
        raise OptionProblem("The token is empty or holds characters that cannot be seen")
    return token
