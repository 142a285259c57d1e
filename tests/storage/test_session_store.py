"""The session store: promises kept over kills, full disks and second instances (DESIGN, decision 2)."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from desktop_sim.station.records import Record
from desktop_sim.storage import schema
from desktop_sim.storage.memory import MemoryStore
from desktop_sim.storage.schema import DATABASE, open_database
from desktop_sim.storage.session_store import SessionStore, StateDirectoryInUse, StorageProblem
from desktop_sim.storage.sqlite_store import SqliteStore

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(params=["disk", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SessionStore]:
    store = SessionStore.open(tmp_path / "state" if request.param == "disk" else None)
    yield store
    store.close()


def put(key: str, value: bytes | None, kind: str = "kind") -> Record:
    return Record(kind, key, value)


# --- what every store does ---


def test_the_last_value_counts(store: SessionStore) -> None:
    assert store.load("A") == {}
    store.commit("A", [put("x", b"1"), put("y", b"2"), put("x", b"3")])
    store.commit("A", [put("y", None), put("z", b"4"), put("never", None)])
    store.commit("B", [put("x", b"other")]).result(5)
    assert store.load("A") == {"kind": {"x": b"3", "z": b"4"}}
    assert store.load("B") == {"kind": {"x": b"other"}}


def test_forgetting_keeps_its_place_in_the_order(store: SessionStore) -> None:
    store.commit("A", [put("x", b"1")])
    store.commit("B", [put("x", b"1")])
    store.forget("A")
    store.commit("A", [put("y", b"2")])
    assert store.load("A") == {"kind": {"y": b"2"}}
    assert store.load("B") == {"kind": {"x": b"1"}}


def test_what_was_loaded_does_not_change(store: SessionStore) -> None:
    store.commit("A", [put("x", b"1")]).result(5)
    before = store.load("A")
    store.commit("A", [put("x", b"2")]).result(5)
    assert before == {"kind": {"x": b"1"}}


# --- the one on disk ---


def test_everything_is_there_the_next_time(tmp_path: Path) -> None:
    store = SessionStore.open(tmp_path / "a" / "b")
    store.commit("A", [put("ключ", b'{"v": 1}')])
    store.close()
    store.close()
    again = SessionStore.open(tmp_path / "a" / "b")
    assert again.load("A") == {"kind": {"ключ": b'{"v": 1}'}}
    again.close()
    with pytest.raises(StorageProblem, match="closed"):
        again.commit("A", []).result(1)


def test_promises_are_kept_in_order(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path)
    futures = [store.commit("A", [put(str(n), b"")]) for n in range(2000)]
    for number in (7, 500, 1999):
        futures[number].result(20)
        assert all(future.done() for future in futures[:number])
    store.close()
    assert store.figures.commits == 2000
    assert store.figures.transactions < 1000, "commits that wait share a transaction"


def test_many_threads(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path)

    def work(station: str) -> None:
        for number in range(100):
            store.commit(station, [put("n", str(number).encode())])
        store.commit(station, [put("end", b"1")]).result(10)

    threads = [threading.Thread(target=work, args=(f"CP{n}",)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(store.load(f"CP{n}")["kind"] == {"n": b"99", "end": b"1"} for n in range(8))
    store.close()


def test_a_promise_cannot_be_cancelled_and_a_bad_value_harms_nobody_else(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path)
    assert not store.commit("A", [put("x", b"1")]).cancel()
    bad = store.commit("A", [put("\ud800", b"1")])
    good = store.commit("A", [put("y", b"2")])
    good.result(5)
    with pytest.raises(UnicodeEncodeError):
        bad.result(5)
    assert store.load("A") == {"kind": {"x": b"1", "y": b"2"}}
    store.close()


def test_kill_keeps_every_promise(tmp_path: Path) -> None:
    dice = random.Random(1)
    promised = 0
    for _ in range(5):
        promised = _killed_writer(tmp_path, promised, dice.uniform(0.01, 0.2))
        store = SessionStore.open(tmp_path)
        stored = store.load("CP001")
        store.close()
        last = int(stored.get("number", {}).get("last", b"0"))
        assert promised <= last <= promised + 1, "what was promised is there; one more may be"
        assert stored.get("number", {}).get("same", b"0") == str(last).encode(), (
            "all records of a turn or none"
        )
        assert len(stored.get("all", {})) == last
        promised = last
    assert promised > 20


def _killed_writer(directory: Path, start: int, after: float) -> int:
    """Let a writer run, kill it with SIGKILL, and return the last number it promised."""
    command = [sys.executable, "-m", "tests.storage.writer", str(directory), str(start)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        time.sleep(after)
        process.kill()
        lines = process.stdout.read().splitlines(keepends=True)
    whole = [int(line) for line in lines if line.endswith("\n")]
    return whole[-1] if whole else start


# --- one process a directory ---


def test_a_second_instance_is_refused_with_a_sentence(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.storage.writer", str(tmp_path), "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        with pytest.raises(StateDirectoryInUse) as refused:
            SessionStore.open(tmp_path)
        process.kill()
        process.stdout.read()
    assert str(tmp_path) in refused.value.sentence
    assert f"process {process.pid}" in refused.value.sentence
    assert "--ephemeral" in refused.value.sentence
    SessionStore.open(tmp_path).close()


def test_a_second_one_in_the_same_process_is_refused_too(tmp_path: Path) -> None:
    store = SessionStore.open(tmp_path)
    with pytest.raises(StateDirectoryInUse):
        SessionStore.open(tmp_path)
    store.close()
    SessionStore.open(tmp_path).close()


# --- trouble ---


class FullDisk:
    """A database whose disk can be filled: SQLite itself then says SQLITE_FULL."""

    def __init__(self) -> None:
        self.database: sqlite3.Connection | None = None

    def open(self, directory: Path) -> sqlite3.Connection:
        self.database = open_database(directory)
        return self.database

    def limit(self, pages: int) -> None:
        assert self.database is not None
        self.database.execute(f"PRAGMA max_page_count = {pages}")


def until(condition: Callable[[], object], seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.005)


def test_a_full_disk_holds_the_commits_and_lets_go(tmp_path: Path) -> None:
    disk = FullDisk()
    store = SqliteStore(tmp_path, connect=disk.open, retry_seconds=0.02)
    said: list[str | None] = []
    stop = store.watch(said.append)
    store.commit("A", [put("small", b"1")]).result(5)
    disk.limit(1)
    big = store.commit("A", [put("big", b"x" * 100_000)])
    after = store.commit("A", [put("after", b"2")])
    until(lambda: store.problem)
    time.sleep(0.1)
    assert not big.done()
    assert not after.done()
    assert store.problem is not None
    assert "full" in store.problem
    assert str(tmp_path) in store.problem
    disk.limit(1_000_000)
    big.result(5)
    after.result(5)
    assert len(said) == 2, "one sentence for the trouble, one word for its end"
    assert said[1] is None
    stop()
    assert set(store.load("A")["kind"]) == {"small", "big", "after"}
    store.close()


def test_closing_over_a_full_disk_gives_up_with_the_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop_sim.storage.sqlite_store._PATIENCE", 0.2)
    disk = FullDisk()
    store = SqliteStore(tmp_path, connect=disk.open, retry_seconds=0.02)
    disk.limit(1)
    lost = store.commit("A", [put("big", b"x" * 100_000)])
    until(lambda: store.problem)
    with pytest.raises(StorageProblem, match="full"):
        store.load("A")
    store.close()
    with pytest.raises(StorageProblem, match="full"):
        lost.result(0)
    SessionStore.open(tmp_path).close()


def test_trouble_in_the_middle_of_a_transaction_leaves_nothing_half(tmp_path: Path) -> None:
    """A busy database (another program looks into it) is one more kind of trouble."""
    store = SqliteStore(tmp_path, retry_seconds=0.02)
    store._database.execute("PRAGMA busy_timeout = 10")
    other = sqlite3.connect(tmp_path / DATABASE, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    waiting = store.commit("A", [put("x", b"1")])
    until(lambda: store.problem)
    assert "locked" in (store.problem or "")
    other.execute("ROLLBACK")
    other.close()
    waiting.result(5)
    store.close()


def test_a_damaged_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / DATABASE
    path.write_bytes(b"This is no database at all, whatever its name says. " * 100)
    before = path.read_bytes()
    with pytest.raises(StorageProblem) as refused:
        SessionStore.open(tmp_path)
    assert "damaged" in refused.value.sentence
    assert "aside" in refused.value.sentence
    assert path.read_bytes() == before


def test_a_database_with_damaged_pages_is_found_out(tmp_path: Path) -> None:
    store = SessionStore.open(tmp_path)
    store.commit("A", [put(str(n), b"x" * 500) for n in range(500)])
    store.close()
    path = tmp_path / DATABASE
    content = bytearray(path.read_bytes())
    content[3 * 4096 : 6 * 4096] = b"\xff" * (3 * 4096)
    path.write_bytes(content)
    with pytest.raises(StorageProblem, match="damaged"):
        SessionStore.open(tmp_path)
    assert path.read_bytes() == content


def test_a_newer_database_is_left_alone(tmp_path: Path) -> None:
    SessionStore.open(tmp_path).close()
    database = sqlite3.connect(tmp_path / DATABASE)
    database.execute(f"PRAGMA user_version = {schema.VERSION + 1}")
    database.close()
    before = (tmp_path / DATABASE).read_bytes()
    with pytest.raises(StorageProblem, match="newer version of this program"):
        SessionStore.open(tmp_path)
    assert (tmp_path / DATABASE).read_bytes() == before


def test_another_programs_database_is_left_alone(tmp_path: Path) -> None:
    database = sqlite3.connect(tmp_path / DATABASE)
    database.execute("CREATE TABLE recipes (cake TEXT)")
    database.close()
    with pytest.raises(StorageProblem, match="another program"):
        SessionStore.open(tmp_path)


def test_an_older_database_is_brought_up_to_date(tmp_path: Path) -> None:
    store = SessionStore.open(tmp_path)
    store.commit("A", [put("x", b"1")])
    store.close()

    def second(database: sqlite3.Connection) -> None:
        database.execute("ALTER TABLE record ADD COLUMN note TEXT NOT NULL DEFAULT ''")

    newer = open_database(tmp_path, (*schema.MIGRATIONS, second))
    assert newer.execute("SELECT key, value, note FROM record").fetchall() == [("x", b"1", "")]
    assert newer.execute("PRAGMA user_version").fetchone() == (schema.VERSION + 1,)
    newer.close()


def test_a_step_that_fails_changes_nothing(tmp_path: Path) -> None:
    SessionStore.open(tmp_path).close()

    def second(database: sqlite3.Connection) -> None:
        database.execute("CREATE TABLE half (done TEXT)")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        open_database(tmp_path, (*schema.MIGRATIONS, second))
    database = open_database(tmp_path)
    assert database.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'half'").fetchone() == (0,)
    database.close()


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageProblem, match="--state-dir"):
        SessionStore.open(tmp_path / "file" / "state")


@pytest.mark.parametrize("name", [DATABASE, "in-use"])
def test_a_folder_that_cannot_be_written(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    with pytest.raises(StorageProblem, match=r"cannot be written .* --ephemeral"):
        SessionStore.open(tmp_path)


def test_a_file_system_without_locks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unsupported(_: int) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr("desktop_sim.storage.directory_lock._lock", unsupported)
    with pytest.raises(StorageProblem, match="cannot be locked"):
        SessionStore.open(tmp_path)


def test_others_may_not_look(tmp_path: Path) -> None:
    """The records hold the AuthorizationKey."""
    store = SessionStore.open(tmp_path / "state")
    assert (tmp_path / "state").stat().st_mode & 0o077 == 0
    store.close()


def test_durability_is_on(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path)
    assert store._database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert store._database.execute("PRAGMA synchronous").fetchone() == (2,)
    store.close()


def test_memory_starts_with_what_it_is_given() -> None:
    store = MemoryStore({"A": {"kind": {"x": b"1"}}})
    assert store.load("A") == {"kind": {"x": b"1"}}
