"""Databases: any address that SQLAlchemy knows; one table, view or query for each of our tables."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.base.errors import MachineFailed, UsageError
from reportgen.base.message import message
from reportgen.cohort.mapping.keys import name_key
from reportgen.cohort.mapping.schema import SHEETS
from reportgen.cohort.raw import RawSheet, RawWorkbook, from_records
from reportgen.cohort.readers.gate import MAX_CELLS, refuse
from reportgen.cohort.source import database_of, stem_of
from reportgen.settings.model import Settings

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

INSTALL = "Databases need SQLAlchemy and a driver: pip install 'clinical-reportgen[sql]'."
QUERY = re.compile(r"\s*(select|with|values|table)\s", re.IGNORECASE)
ORDERED = re.compile(r"\border\s+by\b", re.IGNORECASE)
SQLITE = b"SQLite format 3\0"
IN_MEMORY = ("", ":memory:")


def read(url: str, settings: Settings) -> RawWorkbook:
    """The tables that [tables] names, or else those of the database that have the names of ours.

    A name in [tables] is a table or view (`cohort`, `registry.cohort`) or a query that begins with SELECT or
    WITH. Everything is read in one transaction that can't write. Unless the query orders them, rows stand in
    the order of their content, so that the same data give the same report; a cell's place is its column and
    the row from 1. sha256 is that of what was read.

    Nothing of the address but the name of the database is part of any message. Raises UsageError for an address
    that is not understood, MachineFailed where the database or its driver is not within reach, and DataRefused
    where a table or query can't be read.
    """
    try:
        from sqlalchemy import exc
    except ImportError as error:
        raise MachineFailed(INSTALL) from error
    engine = _engine(url)
    try:
        with engine.connect() as connection:
            _read_only(connection)
            names = _wanted(connection, settings.tables)
            sheets = tuple(_sheet(connection, table, name) for table, name in names.items())
            connection.rollback()
    except exc.OperationalError as error:
        raise MachineFailed(f"The database {stem_of(url)} is not within reach: {_reason(error)}") from None
    except exc.SQLAlchemyError as error:
        raise MachineFailed(f"The database {stem_of(url)} can't be read: {type(error).__name__}.") from None
    finally:
        engine.dispose()
    return RawWorkbook(stem_of(url), _sum(sheets), sheets)


def _engine(url: str) -> Engine:
    import sqlalchemy
    from sqlalchemy import exc

    try:
        address = sqlalchemy.make_url(re.sub("^postgres(ql)?://", "postgresql+psycopg://", url))
        if address.get_backend_name() == "sqlite":
            _check_file(database_of(url))
        return sqlalchemy.create_engine(address, poolclass=sqlalchemy.NullPool)
    except ImportError:
        raise MachineFailed(f"The driver for {url.split(':', 1)[0]} is not installed. {INSTALL}") from None
    except (exc.ArgumentError, ValueError):
        example = "postgresql+psycopg://user@host/database or sqlite:///cohort.db"
        if url.casefold().startswith("https:"):
            example = "redcap://PROJECT@redcap.example.org/api/ where it is a REDCap project"
        raise UsageError(f"The address of the database is not understood; write it as {example}.") from None


def _check_file(database: str) -> None:
    """SQLite would make an empty database of any name that does not exist."""
    if database in IN_MEMORY or not Path(database).is_file():
        raise UsageError(f"There is no database file {Path(database).name!r}; check the address.")
    try:
        with Path(database).open("rb") as file:
            start = file.read(len(SQLITE))
    except OSError as error:
        raise MachineFailed(f"{Path(database).name!r} can't be read: {error.strerror}.") from error
    if start != SQLITE:
        raise refuse(
            "NOT_A_DATABASE",
            message("{a} is no SQLite database", a=repr(Path(database).name)),
            message("Check the address"),
        )


def _read_only(connection: Connection) -> None:
    from sqlalchemy import text

    statements = {"sqlite": "PRAGMA query_only = ON", "postgresql": "SET TRANSACTION READ ONLY"}
    if connection.dialect.name in statements:
        connection.execute(text(statements[connection.dialect.name]))


def _wanted(connection: Connection, tables: Mapping[str, str]) -> dict[str, str]:
    """Our table → the table, view or query that is to be read for it."""
    from sqlalchemy import inspect

    if tables:
        return dict(tables)
    inspector = inspect(connection)
    present = [*inspector.get_table_names(), *inspector.get_view_names()]
    found = {}
    for table, others in SHEETS.items():
        named = [name for name in present if name_key(name) in (table, *others)]
        if len(named) > 1:
            raise refuse("AMBIGUOUS_SHEET", message("{a} may both be the table {b}", a=' and '.join(named), b=table),
                         message("Name the right one under [tables] {a} in report.toml", a=table))  # fmt: skip
        if named:
            found[table] = named[0]
    if "patients" not in found:
        raise refuse("MISSING_SHEET", message("The database has no table of patients"),
                     message("Name a table or query under [tables] patients in report.toml"))  # fmt: skip
    return found


def _sheet(connection: Connection, table: str, wanted: str) -> RawSheet:
    import pandas as pd
    from sqlalchemy import exc, text

    query = wanted if QUERY.match(wanted) else f"SELECT * FROM {_quoted(connection, wanted)}"
    name = table if QUERY.match(wanted) else wanted
    try:
        result = connection.execute(text(query.replace(":", r"\:")))
        header = list(result.keys())
        rows = result.fetchmany(MAX_CELLS // max(len(header), 1) + 1)
    except exc.DBAPIError as error:
        what = message("The query") if QUERY.match(wanted) else message("The table {a}", a=repr(wanted))
        raise refuse("MISSING_SHEET", message("{a} for {b} can't be read: {c}", a=what, b=table, c=_reason(error)),
                     message("Correct it under [tables] {a} in report.toml", a=table)) from None  # fmt: skip
    if len(rows) * len(header) > MAX_CELLS:
        raise refuse(
            "TOO_LARGE",
            message("{a} is far larger than a table of patients is", a=name),
            message("Select what is needed"),
        )
    cells = [[_cell(cell) for cell in row] for row in rows]
    if not ORDERED.search(query):
        cells.sort(key=lambda row: [(cell is not None, str(cell)) for cell in row])
    sheet = from_records(name, header, pd.DataFrame(cells, dtype=object, columns=range(len(header))))
    return replace(sheet, table=table)


def _quoted(connection: Connection, name: str) -> str:
    quote = connection.dialect.identifier_preparer.quote
    return ".".join(quote(part) for part in name.split("."))


def _cell(cell: object) -> object:
    """A cell as Python has it; exact decimals as numbers, bytes and what else there is as text."""
    if isinstance(cell, Decimal):
        return float(cell)
    if isinstance(cell, (bytes, memoryview)):
        return bytes(cell).decode("utf-8", "replace")
    if isinstance(cell, timedelta):
        return cell.total_seconds() / 86_400
    return cell


def _reason(error: Exception) -> str:
    """What the driver says in its first line: of statements and connections alone, since others quote values."""
    from sqlalchemy import exc

    lines = str(getattr(error, "orig", "")).strip().splitlines()
    if not lines or not isinstance(error, (exc.OperationalError, exc.ProgrammingError)):
        return f"{type(error).__name__}."
    said = re.sub(r"\S*://\S*|password\s*=\s*\S+", "…", lines[0])
    return said if said.endswith(".") else f"{said}."


def _sum(sheets: tuple[RawSheet, ...]) -> str:
    return hashlib.sha256("".join(_lines(sheets)).encode("utf-8", "surrogatepass")).hexdigest()


def _lines(sheets: tuple[RawSheet, ...]) -> Iterator[str]:
    for sheet in sheets:
        yield f"{sheet.table}\x1f{sheet.header!r}\n"
        yield from (f"{row!r}\n" for row in sheet.frame.itertuples(index=False, name=None))
