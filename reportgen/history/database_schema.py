"""The tables of the history, and how an older database becomes one of this version.

Each entry of MIGRATIONS leads from the version before it to the next; none is ever changed once released.
"""

from __future__ import annotations

from collections.abc import Callable

from reportgen.base.errors import MachineFailed
from reportgen.history.session import Session
from reportgen.history.shared_texts import pack_all

KEY = "cohort VARCHAR(300) NOT NULL, period VARCHAR(20) NOT NULL"
"""Every table: the cohort (the name of its source) and the period of the run ("" for a run without one)."""

Step = str | Callable[[Session], None]
MIGRATIONS: tuple[tuple[Step, ...], ...] = (
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
    (
        # a question that was ever asked. since, closed: the first day it was asked, and that it no longer was, or "";
        # content: its row in queries.xlsx as JSON. The row without an id has the last day that anything was asked.
        "CREATE TABLE reportgen_story (cohort VARCHAR(300) NOT NULL, id VARCHAR(100) NOT NULL, "
        "since VARCHAR(10) NOT NULL, closed VARCHAR(10) NOT NULL, content {long_text} NOT NULL, "
        "PRIMARY KEY (cohort, id))",
        # an answer that was ever written, the first of a question with number 0. taken: the day it was taken in
        "CREATE TABLE reportgen_answer (cohort VARCHAR(300) NOT NULL, id VARCHAR(100) NOT NULL, "
        "number INTEGER NOT NULL, taken VARCHAR(10) NOT NULL, content {long_text} NOT NULL, "
        "PRIMARY KEY (cohort, id, number))",
    ),
    (
        # text that runs share, packed; sha: SHA-256 of what was packed
        "CREATE TABLE reportgen_part (cohort VARCHAR(300) NOT NULL, sha VARCHAR(64) NOT NULL, "
        "content {long_text} NOT NULL, PRIMARY KEY (cohort, sha))",
        # which parts a run needs. kind: "estimates" (all rows of results.json) or "cells" (those of some column)
        f"CREATE TABLE reportgen_held ({KEY}, kind VARCHAR(20) NOT NULL, sha VARCHAR(64) NOT NULL, "
        "PRIMARY KEY (cohort, period, kind, sha))",
        pack_all,
    ),
    (
        # a report for readers outside. results: SHA-256 of its results.json; reason: why it was forgotten, or "";
        # content: what it tells (no patient), packed
        "CREATE TABLE reportgen_release (cohort VARCHAR(300) NOT NULL, number INTEGER NOT NULL, "
        "made VARCHAR(10) NOT NULL, period VARCHAR(20) NOT NULL, results VARCHAR(64) NOT NULL, "
        "reason VARCHAR(1000) NOT NULL, content {long_text} NOT NULL, PRIMARY KEY (cohort, number))",
    ),
)
TABLES = ("run", "estimate", "cells", "question", "held")


def prepare(session: Session) -> None:
    """Make sure that the database knows its version; 0 where it is new."""
    session.do(
        "CREATE TABLE IF NOT EXISTS reportgen_history (one INTEGER NOT NULL PRIMARY KEY, version INTEGER NOT NULL)"
    )
    if not session.rows("SELECT version FROM reportgen_history WHERE one = 1"):
        session.write("INSERT INTO reportgen_history (one, version) VALUES (1, :version)", [{"version": 0}])


def migrate(session: Session) -> bool:
    """Hold the database against other runs until the transaction ends, and bring it to this version.

    Whether an older version had left something in it.

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
            if isinstance(statement, str):
                session.do(statement.format(long_text=session.long_text))
            else:
                statement(session)
    if found < len(MIGRATIONS):
        session.write(
            "UPDATE reportgen_history SET version = :version WHERE one = 1", [{"version": len(MIGRATIONS)}]
        )
    return 0 < found < len(MIGRATIONS)
