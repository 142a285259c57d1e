"""Kill −9: the console dies at any moment of any session, again and again, and no promise is broken (DESIGN § 2.2).

The central system must in the end know every transaction that was ever announced, each once, in order, to the byte.
"""

import asyncio
import contextlib
import random
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from desktop_sim.protocol import parse_time
from desktop_sim.runtime.clock import SimulatedClock
from tests.e2e.bookkeeper import QUEUED, Arrival, Bookkeeper, Watch, look_away

SPEED = 30
LONGEST_LIFE = 4.0
"""Seconds after which a station dies whatever it is waiting for."""

CONFIGURATION = {
    "AllowOfflineTxForUnknownId": "true",
    "MeterValueSampleInterval": "7",
    "StopTxnSampledData": "Energy.Active.Import.Register",
    "ClockAlignedDataInterval": "60",
}

STARTED = re.compile(r"Transaction started: idTag (\S+), meter (\d+)Wh")


ANNOUNCED = "the console announced a transaction"


@dataclass(slots=True)
class Witness:
    """What the stations have said to their user: all of it was committed before. `watch`: as the bookkeeper's."""

    lines: list[str] = field(default_factory=list)
    watch: Watch = look_away

    def hear(self, line: str) -> None:
        """A line came out of the console."""
        self.lines.append(line)
        if STARTED.search(line):
            self.watch(ANNOUNCED, False)

    def started(self) -> list[tuple[str, int]]:
        """Tag and meterStart of each transaction that was announced, in order."""
        found = (STARTED.search(line) for line in self.lines)
        return [(match[1], int(match[2])) for match in found if match]


class Life:
    """One process from its start to its end, with somebody at its prompt."""

    def __init__(self, process: asyncio.subprocess.Process, witness: Witness) -> None:
        self.process = process
        self._witness = witness
        self._listening = asyncio.create_task(self._listen())

    @classmethod
    async def begin(cls, url: str, directory: Path, witness: Witness, *options: str) -> "Life":
        """Start the console."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "desktop_sim", "console", "CP001", url),
            *("--state-dir", str(directory), "--connectors", "2", "--speed", str(SPEED)),
            *(f"--set={key}={value}" for key, value in CONFIGURATION.items()),
            *options,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        return cls(process, witness)

    def say(self, line: str) -> None:
        """Type a line. Nobody may be there any more."""
        stdin = self.process.stdin
        assert stdin is not None
        if not stdin.is_closing():
            stdin.write(f"{line}\n".encode())

    def kill(self) -> None:
        """Kill −9."""
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()

    async def end(self) -> int:
        """Wait until it is dead and everything it said was read."""
        code = await self.process.wait()
        await self._listening
        assert self.process.stdin is not None
        self.process.stdin.close()
        with contextlib.suppress(ConnectionError):
            await self.process.stdin.wait_closed()
        return code

    async def _listen(self) -> None:
        assert self.process.stdout is not None
        async for line in self.process.stdout:
            self._witness.hear(line.decode())


@dataclass(frozen=True, slots=True)
class Moment:
    """When to kill: `seconds` after the `number`-th of these signs.

    A sign is an action that came in (`answered`: that was answered just now), or ANNOUNCED. No signs:
    so many seconds after the start.
    """

    signs: tuple[str, ...]
    number: int
    answered: bool
    seconds: float

    @classmethod
    def draw(cls, chance: random.Random) -> "Moment":
        """Any moment, those around the messages of transactions more often than others."""
        if chance.random() < 0.2:
            return cls((), 0, False, chance.uniform(0.05, 2.5))
        signs = chance.choice(
            (*((action,) for action in QUEUED), QUEUED, ("BootNotification",), (ANNOUNCED,))
        )
        return cls(
            signs,
            chance.choice((1, 1, 2, 3)),
            chance.random() < 0.5 and signs != (ANNOUNCED,),
            chance.choice((0.0, 0.0, 0.0005, 0.002, 0.005, 0.02, 0.3)),
        )

    def arm(self, books: Bookkeeper, witness: Witness, kill: Callable[[], None]) -> None:
        """See to it that `kill` is called at this moment."""
        loop = asyncio.get_running_loop()
        left = self.number

        def watch(sign: str, answered: bool) -> None:
            nonlocal left
            if sign in self.signs and answered == self.answered:
                left -= 1
                if left == 0:
                    kill() if self.seconds == 0 else loop.call_later(self.seconds, kill)

        books.watch = witness.watch = watch
        loop.call_later(LONGEST_LIFE if self.signs else self.seconds, kill)


class Fiddler:
    """Somebody at the prompt who starts, stops, plugs and unplugs without rest; each transaction has its own tag."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._tags = 0

    async def fiddle(self, life: Life) -> None:
        """Type lines until the process is gone."""
        chance = self._chance
        while life.process.returncode is None:
            connector = chance.choice((1, 2))
            self._tags += 1
            life.say(
                chance.choice(
                    (
                        f"start {connector} T{self._tags}",
                        f"start {connector} T{self._tags}",
                        f"stop {connector}",
                        f"unplug {connector}",
                        f"current {connector} {chance.choice((0, 6, 10, 32))}",
                    )
                )
            )
            await asyncio.sleep(chance.choice((0.0, 0.02, 0.1, 0.3, 0.6)))


async def _rounds(books: Bookkeeper, directory: Path, witness: Witness, seed: int, rounds: int) -> None:
    """Live and die, again and again. Now and then the central system is not there, or cuts everybody off."""
    chance = random.Random(seed)
    fiddler = Fiddler(chance)
    for _ in range(rounds):
        books.at_home = chance.random() < 0.85
        life = await Life.begin(books.url, directory, witness)
        Moment.draw(chance).arm(books, witness, life.kill)
        if chance.random() < 0.2:
            asyncio.get_running_loop().call_later(chance.uniform(0.8, 2.5), books.hang_up)
        fiddling = asyncio.create_task(fiddler.fiddle(life))
        assert await life.end() == -9
        await fiddling
    books.at_home = True
    books.watch = witness.watch = look_away


async def _peace(books: Bookkeeper, directory: Path, witness: Witness) -> None:
    """Start once more and wait until the queue is empty."""
    life = await Life.begin(books.url, directory, witness)
    async with asyncio.timeout(60):
        while not any(line.startswith("none") for line in witness.lines):
            life.say("queue")
            await asyncio.sleep(0.2)
    life.say("quit")
    assert await life.end() == 0, "".join(witness.lines)


@pytest.mark.parametrize(
    "seed, rounds",
    [
        pytest.param(1, 6, marks=pytest.mark.slow),
        *(pytest.param(seed, 40, marks=pytest.mark.long) for seed in (2, 3)),
    ],
)
async def test_nothing_is_lost_or_doubled(tmp_path: Path, seed: int, rounds: int) -> None:
    """DESIGN § 2.2, CORE-TXQ-2, 3, 8: whenever the process is killed, the books are right in the end."""
    clock = SimulatedClock(rate=SPEED)
    witness = Witness()
    async with Bookkeeper(lambda: clock.now().sim).serving() as books:
        await _rounds(books, tmp_path, witness, seed, rounds)
        await _peace(books, tmp_path, witness)
    said = "".join(witness.lines)
    assert books.verdicts == []
    assert "❌ A mistake" not in said
    assert "Traceback" not in said
    _nothing_lost(books, witness)
    _nothing_doubled(books)
    _in_order(books)
    _registers_rise(books)
    assert len(books.numbers) >= rounds / 2, "too little happened for this to mean anything"


def _nothing_lost(books: Bookkeeper, witness: Witness) -> None:
    """What the console announced is known, in the order it was announced; each transaction came to its end."""
    starts = list(dict.fromkeys(arrival.key for arrival in books.of("StartTransaction")))
    tags = {arrival.key: arrival.payload["idTag"] for arrival in books.of("StartTransaction")}
    known = [(tags[key], key[2]) for key in starts]
    announced = witness.started()
    assert [start for start in known if start in set(announced)] == announced
    stopped = {arrival.payload["transactionId"] for arrival in books.of("StopTransaction")}
    assert stopped == set(books.numbers.values())


def _nothing_doubled(books: Bookkeeper) -> None:
    """Resent messages are the same to the byte, under ids that never repeat; a tag started one transaction only."""
    ids = [arrival.message_id for arrival in books.arrivals]
    assert len(ids) == len(set(ids))
    texts: dict[Any, set[str]] = {}
    for arrival in _queued(books):
        texts.setdefault(_identity(arrival), set()).add(arrival.text)
    assert [same for same in texts.values() if len(same) > 1] == []
    tags = [tag for tag, _ in {(a.payload["idTag"], a.key) for a in books.of("StartTransaction")}]
    assert len(tags) == len(set(tags))


def _in_order(books: Bookkeeper) -> None:
    """One queue, first in, first out: a message comes again only until the next one has come."""
    sequence = [identity for identity, _ in groupby(map(_identity, _queued(books)))]
    assert len(sequence) == len(set(sequence))
    starts = [parse_time(key[1]) for key in books.numbers]
    assert starts == sorted(starts)
    begun: set[int] = set()
    ended: set[int] = set()
    for arrival in _queued(books):
        if arrival.action == "StartTransaction":
            begun.add(books.numbers[arrival.key])
            continue
        number = arrival.payload["transactionId"]
        assert number in begun
        if arrival.action == "StopTransaction":
            ended.add(number)
        else:
            assert number not in ended


def _registers_rise(books: Bookkeeper) -> None:
    """Whatever was told of a connector's register, nothing later lies below it."""
    connectors = {number: key[0] for key, number in books.numbers.items()}
    highest: dict[int, int] = {}
    for arrival in _queued(books):
        number = books.numbers[arrival.key] if arrival.action == "StartTransaction" else None
        connector = connectors[arrival.payload["transactionId"] if number is None else number]
        for register in _told(arrival):
            assert register >= highest.get(connector, 0), arrival
            highest[connector] = register


def _told(arrival: Arrival) -> list[int]:
    """The registers in a message, in order of time."""
    payload = arrival.payload
    values = payload.get("meterValue", payload.get("transactionData", ()))
    told = [
        int(sample["value"])
        for value in values
        for sample in value["sampledValue"]
        if sample["measurand"] == "Energy.Active.Import.Register"
    ]
    ends = [payload[name] for name in ("meterStart", "meterStop") if name in payload]
    return ends if "transactionData" in payload else [*told, *ends]


def _queued(books: Bookkeeper) -> list[Arrival]:
    """All that was ever in the queue: messages of transactions."""
    return [arrival for arrival in books.arrivals if arrival.action in QUEUED and _in_transaction(arrival)]


def _in_transaction(arrival: Arrival) -> bool:
    return arrival.action != "MeterValues" or "transactionId" in arrival.payload


def _identity(arrival: Arrival) -> Any:
    """Which message it is, however often it comes."""
    payload = arrival.payload
    match arrival.action:
        case "StartTransaction":
            return arrival.key
        case "StopTransaction":
            return payload["transactionId"]
    (value,) = payload["meterValue"]
    contexts = {sample["context"] for sample in value["sampledValue"]}
    return payload["transactionId"], value["timestamp"], *contexts
