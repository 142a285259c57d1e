"""Face `central`: the built-in central system in a terminal, with a small prompt to call charge points."""

import shlex
import sys
from collections.abc import Callable, Iterable

import msgspec

from desktop_sim.app.central_host import CentralHost, CentralProblem
from desktop_sim.app.completion import Candidate
from desktop_sim.app.defaults import DEFAULT_TAG
from desktop_sim.app.parameters import spelling
from desktop_sim.app.places import history_file
from desktop_sim.central import DESCRIPTIONS, Tag
from desktop_sim.central.events import CallEnded
from desktop_sim.cli.arguments import EXIT_OK, EXIT_PROBLEM, Arguments
from desktop_sim.cli.central_lines import line_of
from desktop_sim.cli.state import moment
from desktop_sim.cli.stopping import Stopping
from desktop_sim.cli.terminal import Terminal, open_terminal
from desktop_sim.station.commands import CommandRefused

DEFAULT_PORT = 9000

HELP = """call [CP001] ACTION [{…}]   send a call; without a payload, a sensible one is filled in
list                        the charge points
transactions                what they charged
tags                        the tags and what is said of them
tag USER002 [Blocked]       enter a tag, or change what is said of it; tag USER002 remove
raw [CP001] TEXT            send any text as a frame
drop [CP001]                cut a connection without a close frame
actions                     what can be called
quit                        end (also Ctrl-D)"""


class Refused(Exception):
    """A line cannot be carried out. The text is a sentence that says what to do."""


async def run_central(arguments: Arguments) -> int:
    """Serve until `quit`, the end of input on a terminal, or a signal."""
    stopping = Stopping()
    port = DEFAULT_PORT if arguments.port is None else arguments.port
    host = CentralHost([DEFAULT_TAG], host=arguments.host, port=port, seed=arguments.options.seed or 0)
    try:
        await host.start()
    except CentralProblem as problem:
        print(f"desktop_sim: {problem}", file=sys.stderr)
        return EXIT_PROBLEM
    terminal = open_terminal(lambda line: complete(line, host), history_file("central"))
    unsubscribe = host.subscribe(lambda event: _show(terminal, line_of(event, arguments.options.log_level)))
    try:
        terminal.write(
            f"🏠 Central System listens on {host.url} – connect a charge point to {host.url}/CP001"
        )
        await _serve(host, terminal, stopping)
    finally:
        unsubscribe()
        await host.stop()
        terminal.close()
        stopping.release()
    return EXIT_OK


async def _serve(host: CentralHost, terminal: Terminal, stopping: Stopping) -> None:
    """Carry out lines. The end of a pipe is no reason to stop serving: then a signal is."""
    while True:
        line = await stopping.unless(terminal.read())
        if line is None:
            if not stopping.asked and not terminal.interactive:
                await stopping.wait()
            return
        if line.strip() in ("quit", "exit"):
            return
        try:
            answer = await stopping.unless(carry_out(line.strip(), host))
        except (Refused, CommandRefused) as refused:
            answer = f"⛔ {refused}"
        if answer:
            terminal.write(answer)


def _show(terminal: Terminal, line: str | None) -> None:
    if line:
        terminal.write(line)


async def carry_out(line: str, host: CentralHost) -> str:
    """What a line asks for; the answer is text for people. Raises Refused or CommandRefused."""
    if not line or line.startswith("#"):
        return ""
    word, _, rest = line.partition(" ")
    word, rest = word.lower(), rest.strip()
    if word == "call":
        return await _call(rest, host)
    acts: dict[str, Callable[[str, CentralHost], str]] = {
        "list": _list,
        "transactions": _transactions,
        "tags": _tags,
        "tag": _tag,
        "raw": _raw,
        "drop": _drop,
        "actions": lambda rest, host: "\n".join(f"{name:<28}{about}" for name, about in DESCRIPTIONS.items()),
        "help": lambda rest, host: HELP,
        "?": lambda rest, host: HELP,
    }
    if word not in acts:
        raise Refused(f"There is no command “{word}”. Type help for the list.")
    return acts[word](rest, host)


async def _call(rest: str, host: CentralHost) -> str:
    identity, rest = _identity(rest, host)
    word, _, text = rest.partition(" ")
    action = spelling(tuple(DESCRIPTIONS), word)
    if action is None:
        raise Refused(f"“{word}” is no action of a central system. Type actions for the list.")
    try:
        payload = msgspec.json.decode(text) if text.strip() else host.template(identity, action)
    except msgspec.DecodeError as problem:
        raise Refused(f'The payload is not JSON: {problem}. It looks like {{"connectorId": 1}}') from None
    if not isinstance(payload, dict):
        raise Refused('The payload must be a JSON object like {"connectorId": 1}.')
    return outcome(await host.call(identity, action, payload))


def outcome(ended: CallEnded) -> str:
    """How a call ended, in a line."""
    payload = msgspec.json.encode(ended.payload).decode()
    match ended.outcome:
        case "result":
            return f"✔️ {ended.action}: {payload}"
        case "invalid":
            return f"⚠️ {ended.action}: {payload} ({ended.description})"
        case "error":
            return f"⚠️ {ended.action}: {ended.code} {ended.description}".rstrip()
        case "timeout":
            return f"⌛ {ended.action}: no answer"
        case _:
            return f"❌ {ended.action}: the connection was lost before the answer"


def _identity(rest: str, host: CentralHost) -> tuple[str, str]:
    """The charge point meant, and what follows; it may be left out while only one is connected."""
    word, _, after = rest.partition(" ")
    if word in host.charge_points:
        return word, after.strip()
    connected = host.connected
    if len(connected) == 1 and (spelling(tuple(DESCRIPTIONS), word) or not word or word[0] in "[{"):
        return connected[0], rest
    if not connected:
        raise Refused(f"No charge point is connected. Connect one to {host.url}/CP001 first.")
    raise Refused(f"Say which charge point: {', '.join(connected)}.")


def _list(rest: str, host: CentralHost) -> str:
    lines = []
    for identity, point in host.charge_points.items():
        statuses = ", ".join(f"{number}: {c.status}" for number, c in sorted(point.connectors.items()))
        sign = "●" if point.connected else "○"
        lines.append(f"{sign} {identity}  {point.registration or '–'}  {statuses}".rstrip())
    return "\n".join(lines) or f"No charge point yet. Connect one to {host.url}/CP001"


def _transactions(rest: str, host: CentralHost) -> str:
    lines = [
        f"{transaction.id}  {transaction.charge_point} connector {transaction.connector}  {transaction.id_tag}  "
        f"{moment(transaction.start)}  {transaction.energy_wh:g} Wh  {transaction.state} {transaction.reason}".rstrip()
        for transaction in host.transactions
    ]
    return "\n".join(lines) or "No transaction yet."


def _tags(rest: str, host: CentralHost) -> str:
    return "\n".join(f"{tag.id_tag}  {tag.status}" for tag in host.tags) or "No tag yet: tag USER001"


def _tag(rest: str, host: CentralHost) -> str:
    words = shlex.split(rest) if rest.count('"') % 2 == 0 and "'" not in rest else rest.split()
    if not words or len(words) > 2:
        raise Refused("Say which tag and what of it: tag USER002 Blocked")
    id_tag, status = words[0], words[1] if len(words) == 2 else "Accepted"
    if status.casefold() == "remove":
        if not host.remove_tag(id_tag):
            raise Refused(f"There is no tag {id_tag}.")
        return _tags("", host)
    try:
        host.put_tag(msgspec.convert({"id_tag": id_tag, "status": status.capitalize()}, Tag))
    except msgspec.ValidationError:
        allowed = "Accepted, Blocked, Expired, Invalid, remove"
        raise Refused(f"“{status}” is nothing that can be said of a tag: {allowed}.") from None
    except ValueError as problem:
        raise Refused(f"{problem}.") from None
    return _tags("", host)


def _raw(rest: str, host: CentralHost) -> str:
    identity, text = _identity(rest, host)
    host.send_text(identity, text)
    return ""


def _drop(rest: str, host: CentralHost) -> str:
    identity, _ = _identity(rest, host)
    host.drop(identity)
    return ""


def complete(line: str, host: CentralHost) -> Iterable[Candidate]:
    """What could come next on a half-typed line."""
    words = line.split(" ")
    piece = words[-1]
    if len(words) == 1:
        offered: Iterable[str] = (
            "call",
            "list",
            "transactions",
            "tags",
            "tag",
            "raw",
            "drop",
            "actions",
            "help",
            "quit",
        )
    elif words[0] in ("call", "raw", "drop") and len(words) == 2:
        offered = [*host.charge_points, *(DESCRIPTIONS if words[0] == "call" else ())]
    elif words[0] == "call" and len(words) == 3 and words[1] in host.charge_points:
        offered = DESCRIPTIONS
    elif words[0] == "tag":
        offered = (
            [tag.id_tag for tag in host.tags]
            if len(words) == 2
            else ("Accepted", "Blocked", "Expired", "remove")
        )
    else:
        return
    for word in offered:
        if word.casefold().startswith(piece.casefold()):
            yield Candidate(word, -len(piece), DESCRIPTIONS.get(word, ""))
