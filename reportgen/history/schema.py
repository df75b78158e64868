"""The tables of the history, and how an older database becomes one of this version.

Each entry of MIGRATIONS leads from the version before it to the next; none is ever changed once released.
"""

from __future__ import annotations

from reportgen.base.errors import MachineFailed
from reportgen.history.session import Session

KEY = "cohort VARCHAR(300) NOT NULL, period VARCHAR(20) NOT NULL"
"""Every table: the cohort (the name of its source) and the period of the run ("" for a run without one)."""

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        # about: the cut-off, settings, versions, labels and source of the run, as JSON
        f"CREATE TABLE reportgen_run ({KEY}, cutoff VARCHAR(10), about {{long_text}} NOT NULL, "
        "PRIMARY KEY (cohort, period))",
        # one estimate a row, as results.json has it; value, low and high also by themselves, to be queried
        f"CREATE TABLE reportgen_estimate ({KEY}, place INTEGER NOT NULL, id VARCHAR(1000) NOT NULL, "
        "value DOUBLE PRECISION, low DOUBLE PRECISION, high DOUBLE PRECISION, content {long_text} NOT NULL, "
        "PRIMARY KEY (cohort, period, place))",
        # one column of a cleaned table a row: its cells as a JSON list, in the order of the table's rows
        f"CREATE TABLE reportgen_cells ({KEY}, place INTEGER NOT NULL, table_name VARCHAR(200) NOT NULL, "
        "column_name VARCHAR(1000) NOT NULL, kind VARCHAR(20) NOT NULL, letter VARCHAR(100) NOT NULL, "
        "content {long_text} NOT NULL, PRIMARY KEY (cohort, period, place))",
        # one question a row. since: the cut-off of the first run that asked it, without a break
        f"CREATE TABLE reportgen_question ({KEY}, place INTEGER NOT NULL, id VARCHAR(100) NOT NULL, "
        "since VARCHAR(10) NOT NULL, content {long_text} NOT NULL, PRIMARY KEY (cohort, period, place))",
    ),
)
TABLES = ("run", "estimate", "cells", "question")


def prepare(session: Session) -> None:
    """Make sure that the database knows its version; 0 where it is new."""
    session.do(
        "CREATE TABLE IF NOT EXISTS reportgen_history (one INTEGER NOT NULL PRIMARY KEY, version INTEGER NOT NULL)"
    )
    if not session.rows("SELECT version FROM reportgen_history WHERE one = 1"):
        session.write("INSERT INTO reportgen_history (one, version) VALUES (1, :version)", [{"version": 0}])


def migrate(session: Session) -> None:
    """Hold the database against other runs until the transaction ends, and bring it to this version.

    Raises MachineFailed where it is ahead of this version: it is then left as it is.
    """
    session.do("UPDATE reportgen_history SET version = version WHERE one = 1")
    (found,) = session.rows("SELECT version FROM reportgen_history WHERE one = 1")[0]
    if found > len(MIGRATIONS):
        raise MachineFailed(
            f"the history has version {found} and was written by a newer reportgen; this one knows version "
            f"{len(MIGRATIONS)}. Update reportgen, or choose another history."
        )
    for step in MIGRATIONS[found:]:
        for statement in step:
            session.do(statement.format(long_text=session.long_text))
    if found < len(MIGRATIONS):
        session.write(
            "UPDATE reportgen_history SET version = :version WHERE one = 1", [{"version": len(MIGRATIONS)}]
        )
