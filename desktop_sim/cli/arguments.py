"""The command line of every face (DESIGN § 6), and what is wrong with it in a sentence."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

from desktop_sim import __version__
from desktop_sim.app.options import OptionProblem, StationOptions, check_identity, check_url, parse_speed
from desktop_sim.cli.catalogue import LANGUAGES
from desktop_sim.cli.control_arguments import ControlOptions, add_control, control_options, with_port

FACES = ("window", "console", "control", "central", "play", "gallery", "fleet")
STATION_FACES = ("window", "console", "control")
NOT_YET = ("play", "fleet")

EXIT_OK = 0
EXIT_PROBLEM = 1
EXIT_USAGE = 2

_FORMS = """
faces:
  window  [CP_ID URL]     the window (also without the word: CP001 ws://localhost:9000)
  console [CP_ID URL]     a prompt in this terminal; commands may also come from a pipe
  control [CP_ID URL]     JSON-RPC on stdin and stdout, for other programs
  central [--port N]      the built-in central system in this terminal
  gallery DIR             pictures of the window, put into a folder

A profile (*.station.json) may stand in the place of CP_ID. Without CP_ID and URL the station starts on the built-in
central system.

exit codes: 0 all went well · 1 something went wrong while running · 2 the command line is wrong
"""


class UsageProblem(Exception):
    """The command line cannot be understood. The text is a sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class Arguments:
    """What was asked for: a face, the station's options, and what only one face takes."""

    face: str
    options: StationOptions
    port: int | None = None
    host: str = "127.0.0.1"
    directory: Path | None = None
    control: ControlOptions = field(default_factory=ControlOptions)
    install_desktop: bool = False


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageProblem(f"{message}. Try --help.")


def parse_arguments(argv: Sequence[str]) -> Arguments:
    """The command line as data. Raises UsageProblem; `--help` and `--version` print and leave (SystemExit 0)."""
    _refuse_not_yet(argv[:1])
    given = _parser().parse_intermixed_args(with_port(argv))
    words: list[str] = given.words
    _refuse_not_yet(words[:1])
    face = words.pop(0) if words and words[0] in FACES else "window"
    if given.port is not None and face != "central":
        raise UsageProblem(
            "--port belongs to `central`; the station takes the port from its URL: ws://localhost:9000"
        )
    if given.host is not None and face != "central":
        raise UsageProblem(
            "--host belongs to `central`; the station takes the host from its URL: ws://localhost:9000"
        )
    directory = _directory(words) if face == "gallery" else None
    try:
        if len(words) == 1 and words[0].endswith(".json"):
            given.profile = Path(words.pop())
        identity, url = _station_words(face, words)
        options = _options(given, identity, url)
        control = control_options(given, face)
    except OptionProblem as problem:
        raise UsageProblem(str(problem)) from None
    return Arguments(
        face, options, given.port, given.host or "127.0.0.1", directory, control, given.install_desktop
    )


def _refuse_not_yet(words: Sequence[str]) -> None:
    """What is promised but not there yet is said plainly, before its options are found fault with."""
    for word in words:
        if word in NOT_YET:
            raise UsageProblem(
                f"“{word}” is not part of this version yet. There are: window, console, control, central"
            )


def _directory(words: list[str]) -> Path:
    """The folder that pictures of the window go to."""
    if len(words) != 1:
        raise UsageProblem("`gallery` takes one folder, which the pictures go to: gallery pictures")
    return Path(words.pop())


def _station_words(face: str, words: list[str]) -> tuple[str | None, str | None]:
    """Identity and URL. Only two words make sense, in this order."""
    if face == "central" and words:
        raise UsageProblem(f"`central` takes no “{words[0]}”, only options: central --port 9000")
    if len(words) > 2:
        raise UsageProblem(
            f"“{words[2]}” is one word too many: give a charge point id and a URL, CP001 ws://localhost:9000"
        )
    identity = check_identity(words[0]) if words else None
    return identity, check_url(words[1]) if len(words) == 2 else None


def _options(given: argparse.Namespace, identity: str | None, url: str | None) -> StationOptions:
    if given.authorization_key is not None and given.authorization_key_file is not None:
        raise UsageProblem("Give --authorization-key or --authorization-key-file, not both")
    if (given.client_cert is None) != (given.client_key is None):
        raise UsageProblem("--client-cert and --client-key belong together")
    if given.ephemeral and given.state_dir is not None:
        raise UsageProblem("--ephemeral keeps nothing, so --state-dir has no use beside it: leave one out")
    return StationOptions(
        charge_point_id=identity,
        url=url,
        profile=_readable(given.profile, "--profile"),
        connectors=given.connectors,
        state_dir=given.state_dir,
        ephemeral=given.ephemeral,
        factory_reset=given.factory_reset,
        ocpp_config=_readable(given.ocpp_config, "--ocpp-config"),
        overrides=dict(_assignment(word) for word in given.set),
        vendor=given.vendor,
        model=given.model,
        serial=given.serial,
        charge_box_serial=given.charge_box_serial,
        firmware_version=given.firmware_version,
        fixed_cable=_numbers(given.fixed_cable),
        driver=given.driver,
        security_profile=given.security_profile,
        authorization_key=given.authorization_key,
        authorization_key_file=_readable(given.authorization_key_file, "--authorization-key-file"),
        ca_file=given.ca_file,
        client_cert=given.client_cert,
        client_key=given.client_key,
        verify_host_name=not given.no_verify_hostname,
        speed=parse_speed(given.speed),
        seed=given.seed,
        log_level=given.log_level,
        lang=given.lang,
    )


def _readable(path: Path | None, option: str) -> Path | None:
    if path is not None and not path.is_file():
        raise UsageProblem(f"{option}: there is no file {path}")
    return path


def _assignment(word: str) -> tuple[str, str]:
    key, sign, value = word.partition("=")
    if not sign or not key:
        raise UsageProblem(f"--set takes KEY=VALUE, for example --set HeartbeatInterval=60, not “{word}”")
    return key, value


def _numbers(text: str) -> tuple[int, ...]:
    words = [word for word in text.replace(" ", ",").split(",") if word]
    if not all(word.isdecimal() for word in words):
        raise UsageProblem(
            f"--fixed-cable takes connector numbers, for example --fixed-cable 1,2, not “{text}”"
        )
    return tuple(int(word) for word in words)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="desktop_sim",
        usage="%(prog)s [window | console | control] [CP_ID URL] [options]   ·   %(prog)s central [--port N]",
        description="A charging station that lives in software: OCPP 1.6J, exact on the wire.",
        epilog=_FORMS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("words", nargs="*", help=argparse.SUPPRESS)
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    parser.add_argument(
        "--install-desktop",
        action="store_true",
        help="add a menu entry and the file type *.station.json, then leave",
    )
    _add_station(parser.add_argument_group("the station"))
    _add_connection(parser.add_argument_group("the connection"))
    _add_running(parser.add_argument_group("running"))
    add_control(parser.add_argument_group("control"))
    central = parser.add_argument_group("central")
    central.add_argument(
        "--port", type=int, metavar="N", help="port of the built-in central system (default 9000)"
    )
    central.add_argument("--host", metavar="ADDRESS", help="address it listens on (default 127.0.0.1)")
    return parser


def _add_station(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--profile", type=Path, metavar="FILE", help="station profile (*.station.json)")
    group.add_argument("--connectors", type=int, metavar="N", help="how many connectors")
    group.add_argument("--vendor", metavar="TEXT", help="chargePointVendor of BootNotification")
    group.add_argument("--model", metavar="TEXT", help="chargePointModel")
    group.add_argument("--serial", metavar="TEXT", help="chargePointSerialNumber")
    group.add_argument("--charge-box-serial", metavar="TEXT", help="chargeBoxSerialNumber")
    group.add_argument("--firmware-version", metavar="TEXT", help="firmwareVersion")
    group.add_argument(
        "--fixed-cable", default="", metavar="1,2", help="connectors whose cable is fixed to the station"
    )
    group.add_argument(
        "--ocpp-config", type=Path, metavar="FILE", help="configuration keys for the first start (JSON)"
    )
    group.add_argument(
        "--set", action="append", default=[], metavar="KEY=VALUE", help="set a key at every start"
    )
    group.add_argument(
        "--driver", choices=("present", "absent"), help="a simulated person plugs the car in and out"
    )


def _add_connection(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--security-profile",
        type=int,
        choices=range(4),
        help="0 none, 1 password, 2 TLS, 3 client certificate",
    )
    group.add_argument("--authorization-key", metavar="K", help="password of security profiles 1 and 2")
    group.add_argument(
        "--authorization-key-file", type=Path, metavar="F", help="file that holds the password"
    )
    group.add_argument("--ca-file", type=Path, metavar="F", help="root certificates to trust (PEM)")
    group.add_argument("--client-cert", type=Path, metavar="F", help="client certificate (PEM)")
    group.add_argument("--client-key", type=Path, metavar="F", help="its private key (PEM)")
    group.add_argument(
        "--no-verify-hostname", action="store_true", help="accept a certificate for another host"
    )


def _add_running(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--state-dir", type=Path, metavar="DIR", help="where the station keeps its state")
    group.add_argument("--ephemeral", action="store_true", help="keep nothing")
    group.add_argument("--factory-reset", action="store_true", help="forget what was kept, then start")
    group.add_argument("--speed", default="1", metavar="X", help="factor of real time, pause or max")
    group.add_argument("--seed", type=int, metavar="N", help="same seed and inputs, same bytes")
    group.add_argument("--log-level", choices=("debug", "info", "warning", "error"), default="info")
    group.add_argument("--lang", choices=LANGUAGES, default="en", help="language of the console's lines")
