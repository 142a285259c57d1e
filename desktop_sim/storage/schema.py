"""The database of a state directory: how it is opened, its tables, and how older ones are brought up to date."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

from desktop_sim.storage.session_store import StorageProblem

DATABASE = "session.sqlite3"
"""The file in the state directory."""

APPLICATION_ID = 0x4F435050
"""`OCPP`: tells our databases from others."""


def _first(database: sqlite3.Connection) -> None:
    database.execute(
        "CREATE TABLE record (station TEXT NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL,"
        " PRIMARY KEY (station, kind, key)) WITHOUT ROWID"
    )


MIGRATIONS: tuple[Callable[[sqlite3.Connection], None], ...] = (_first,)
"""One step a version: the n-th brings version n - 1 to n. Only ever added to."""

VERSION = len(MIGRATIONS)


def open_database(
    directory: Path, migrations: tuple[Callable[[sqlite3.Connection], None], ...] = MIGRATIONS
) -> sqlite3.Connection:
    """The database of `directory`, sound and up to date, with every commit synced to the disk.

    The connection may be used from any one thread at a time; transactions are begun by hand.

    Raises:
        StorageProblem: damaged, not ours, made by a newer version, or not to be written. Nothing was changed.
    """
    path = directory / DATABASE
    try:
        database = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=5.0)
    except sqlite3.Error as problem:
        raise StorageProblem(explain(problem, directory)) from problem
    try:
        _check(database, path, len(migrations))
        _configure(database)
        _migrate(database, migrations)
    except sqlite3.Error as problem:
        database.close()
        raise StorageProblem(explain(problem, directory)) from problem
    except BaseException:
        database.close()
        raise
    return database


def explain(problem: Exception, directory: Path) -> str:
    """What SQLite's problem means to a person, and what to do."""
    primary = getattr(problem, "sqlite_errorcode", 0) & 0xFF
    match primary:
        case sqlite3.SQLITE_FULL:
            return (
                f"The disk is full: nothing can be stored in {directory}, so the station holds its messages back. "
                "Free some space; it is tried again each second."
            )
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM | sqlite3.SQLITE_CANTOPEN:
            return (
                f"The state folder {directory} cannot be written ({problem}). "
                "Give the program write access to it, choose another with --state-dir, or use --ephemeral."
            )
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return _damaged(directory, str(problem))
        case _:
            return f"Nothing can be stored in {directory} ({problem}); it is tried again each second."


def _damaged(directory: Path, detail: str) -> str:
    return (
        f"The database {directory / DATABASE} is damaged ({detail}). Nothing in it was changed. "
        f"Move the folder aside, for instance to {directory.name}.damaged, and start again: "
        "the station then begins with its profile's settings."
    )


def _check(database: sqlite3.Connection, path: Path, newest: int) -> None:
    """Look before touching anything."""
    version = _pragma(database, "user_version")
    if version > newest:
        raise StorageProblem(
            f"The database {path} was made by a newer version of this program (its format is {version}, "
            f"this program knows {newest}). Use that version, or choose another folder with --state-dir."
        )
    application = _pragma(database, "application_id")
    tables = database.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    if application != APPLICATION_ID and (application or tables):
        raise StorageProblem(
            f"The file {path} is a database of another program. Choose another folder with --state-dir."
        )
    verdict = database.execute("PRAGMA quick_check(1)").fetchone()[0]
    if verdict != "ok":
        raise StorageProblem(_damaged(path.parent, str(verdict)))


def _configure(database: sqlite3.Connection) -> None:
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = FULL")
    database.execute("PRAGMA fullfsync = ON")  # without it, macOS only says that it has written


def _migrate(
    database: sqlite3.Connection, migrations: tuple[Callable[[sqlite3.Connection], None], ...]
) -> None:
    for version, step in enumerate(migrations, start=1):
        if version <= _pragma(database, "user_version"):
            continue
        database.execute("BEGIN IMMEDIATE")
        try:
            step(database)
            database.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            database.execute(f"PRAGMA user_version = {version}")
            database.execute("COMMIT")
        except BaseException:
            if database.in_transaction:
                database.execute("ROLLBACK")
            raise


def _pragma(database: sqlite3.Connection, name: str) -> int:
    return int(database.execute(f"PRAGMA {name}").fetchone()[0])
