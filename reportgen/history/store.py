"""The database of runs: SQLite from the standard library, or whatever SQLAlchemy can reach.

One statement text serves both, with :named parameters. Every write is one transaction that begins by taking
the one row of the table of versions, so that two runs at once wait for each other, whatever the database.
"""

from __future__ import annotations

import binascii
import json
import os
import sqlite3
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from reportgen.base.errors import MachineFailed, reason
from reportgen.base.message import message
from reportgen.history.database_schema import MIGRATIONS, migrate, prepare
from reportgen.history.session import Session

WAIT = 60.0
SUFFIX = ".history.sqlite"
# No database of SQLite is smaller. An empty file is taken for a new one by SQLite itself.
LEAST_BYTES = 512
DAMAGED = " Put a copy of it back, or move it away: the next report then begins a new history."
# What reading a damaged content raises.
ROTTEN = (json.JSONDecodeError, UnicodeDecodeError, binascii.Error, zlib.error)
LONG_TEXT = {"mysql": "LONGTEXT", "mariadb": "LONGTEXT", "oracle": "CLOB", "mssql": "VARCHAR(MAX)"}


class _Sqlite:
    long_text = "TEXT"
    migrated = False

    def __init__(self, connection: sqlite3.Connection):
        self._connection = connection

    def do(self, sql: str) -> None:
        self._connection.execute(sql)

    def rows(self, sql: str, **parameters) -> list[tuple]:
        return self._connection.execute(sql, parameters).fetchall()

    def write(self, sql: str, rows: Sequence[Mapping]) -> None:
        self._connection.executemany(sql, rows)


class _Alchemy:
    def __init__(self, connection):
        self._connection = connection
        self.long_text = LONG_TEXT.get(connection.dialect.name, "TEXT")

    def do(self, sql: str) -> None:
        self._connection.exec_driver_sql(sql)

    def rows(self, sql: str, **parameters) -> list[tuple]:
        from sqlalchemy import text

        return [tuple(row) for row in self._connection.execute(text(sql), parameters)]

    def write(self, sql: str, rows: Sequence[Mapping]) -> None:
        from sqlalchemy import text

        if rows:
            self._connection.execute(text(sql), list(rows))


def place_of(root: Path) -> Path:
    """The history file of the reports in `root`: beside that folder, which publishing exchanges as a whole.

    >>> place_of(Path("output/cohort")).as_posix()
    'output/cohort.history.sqlite'
    """
    return root.with_name(f"{root.name}{SUFFIX}")


@contextmanager
def reading(place: Path | str) -> Iterator[Session | None]:
    """The database as it is, or None where there is none yet. place: a file, or the address of a database.

    A file of this version is not touched: it may lie where nothing can be written.
    """
    if not isinstance(place, Path):
        with writing(place) as session:
            yield session
    elif not place.is_file():
        yield None
    elif _current(place):
        with _sqlite(place, "ro") as session:
            yield session
    else:
        with writing(place) as session:
            yield session


def _current(path: Path) -> bool:
    """Whether a file needs no migration, which a new and empty one does, nor to be mended after a crash."""
    try:
        with _sqlite(path, "ro") as session:
            return session.rows("SELECT version FROM reportgen_history") == [(len(MIGRATIONS),)]
    except MachineFailed:
        return False


@contextmanager
def writing(place: Path | str) -> Iterator[Session]:
    """A transaction that holds the database against other runs, with the tables of this version.

    A new file is readable by its owner only. What was written counts when the block ends without an error.
    Raises MachineFailed where the database can't be reached, or belongs to a newer version of the program.
    """
    with _sqlite(place) if isinstance(place, Path) else _alchemy(place) as session:
        if migrate(session) and isinstance(session, _Sqlite):
            session.migrated = True
        yield session


@contextmanager
def _sqlite(path: Path, mode: str = "rw") -> Iterator[Session]:
    """A transaction on a file. mode: "rw", which makes the file if need be, or "ro"."""
    try:
        if _cut_off(path):
            raise MachineFailed(
                message(
                    "the history {path} was cut off: it is empty, though there are earlier reports.{damaged}",
                    path=path,
                    damaged=DAMAGED,
                )
            )
        if mode == "rw":
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        address = f"{path.absolute().as_uri()}?mode={mode}"
        with closing(sqlite3.connect(address, timeout=WAIT, isolation_level=None, uri=True)) as connection:
            connection.execute("BEGIN IMMEDIATE" if mode == "rw" else "BEGIN")
            try:
                session = _Sqlite(connection)
                if mode == "rw":
                    _whole(session)
                    prepare(session)
                yield session
            except BaseException:
                connection.rollback()
                raise
            connection.commit()
            if session.migrated:
                connection.execute("VACUUM")  # what an older version had kept takes no room any more
    except OSError as failure:
        raise MachineFailed(
            message(
                "the history {path} could not be used: {why}. There, or where [history] says, must be a file that can "
                "be written.",
                path=path,
                why=reason(failure),
            )
        ) from failure
    except ROTTEN as failure:
        raise MachineFailed(
            message(
                "the history {path} could not be used: what it holds is damaged.{damaged}",
                path=path,
                damaged=DAMAGED,
            )
        ) from failure
    except sqlite3.Error as failure:
        why = "what it holds is damaged" if _undecodable(failure) else str(failure)
        raise MachineFailed(
            message("the history {path} could not be used: {why}.{c}", path=path, why=why, c=_remedy(failure))
        ) from failure


def _cut_off(path: Path) -> bool:
    """Whether a file of a source that has reports holds nothing: it would be begun anew, and all of it lost in
    silence. A first run that is killed leaves an empty one, too, but no report.
    """
    if not path.is_file() or path.stat().st_size >= LEAST_BYTES:
        return False
    root = path.with_name(path.name.removesuffix(SUFFIX))
    return any(True for pattern in ("", "*/", "*/*/") for _ in root.glob(f"{pattern}results.json"))


def _whole(session: _Sqlite) -> None:
    """sqlite3.DatabaseError where a page is damaged, also one that is not asked for: nothing is added to it then."""
    ((found,),) = session.rows("PRAGMA quick_check(1)")
    if found != "ok":
        failure = sqlite3.DatabaseError("database disk image is malformed")
        failure.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
        raise failure


def _undecodable(failure: sqlite3.Error) -> bool:
    """Whether a text can't be decoded, of which Python's words quote the beginning: the one fault of reading that has
    no code of SQLite's.
    """
    return isinstance(failure, sqlite3.OperationalError) and not hasattr(failure, "sqlite_errorcode")


def _remedy(failure: sqlite3.Error) -> str:
    code = getattr(failure, "sqlite_errorcode", 0) & 0xFF
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return " Another run has held it for a minute; try again when it is done."
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB) or _undecodable(failure):
        return DAMAGED
    return ""


@contextmanager
def _alchemy(url: str) -> Iterator[Session]:
    try:
        from sqlalchemy import create_engine
        from sqlalchemy.exc import ArgumentError, SQLAlchemyError
    except ImportError as failure:
        raise MachineFailed(
            message("[history] url needs SQLAlchemy and a driver: pip install 'clinical-reportgen[sql]'.")
        ) from failure
    try:
        engine = create_engine(url)
        if (
            engine.dialect.name == "sqlite"
            and engine.url.database
            and Path(engine.url.database).parent.is_dir()
        ):
            os.close(os.open(engine.url.database, os.O_RDWR | os.O_CREAT, 0o600))
        try:
            _prepare(engine)
            with engine.begin() as connection:
                yield _Alchemy(connection)
        finally:
            engine.dispose()
    except OSError as failure:
        raise MachineFailed(
            message("the history in [history] url could not be used: {why}.", why=reason(failure))
        ) from failure
    except ROTTEN as failure:
        raise MachineFailed(
            message(
                "the history in [history] url could not be used: what it holds is damaged. Put a copy of "
                "it back."
            )
        ) from failure
    except ArgumentError as failure:
        raise MachineFailed(
            message("[history] url is no address of a database, such as postgresql+psycopg://host/name.")
        ) from failure
    except (SQLAlchemyError, ImportError) as failure:
        # Its message may quote the address, and with it a password.
        kind = type(getattr(failure, "orig", None) or failure).__name__
        raise MachineFailed(
            message("the history in [history] url could not be used ({kind}).", kind=kind)
        ) from None


def _prepare(engine) -> None:
    """Make the table of versions in a transaction of its own: two first runs at once may both try to."""
    from sqlalchemy.exc import DBAPIError

    for last in (False, False, True):
        try:
            with engine.begin() as connection:
                prepare(_Alchemy(connection))
            return
        except DBAPIError:
            if last:
                raise
