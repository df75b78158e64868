"""Runs in and out of the history. A run of the same cohort and period takes the place of the one before it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from typing import Any

from reportgen.base.message import as_data, from_data
from reportgen.cohort.changes.previous_report import Question
from reportgen.cohort.cohort import Table
from reportgen.history.database_schema import TABLES
from reportgen.history.session import Session
from reportgen.history.shared_texts import drop_unused, estimates_of, put_cells, put_estimates, whole_cells
from reportgen.history.table_codec import Stored, restored, stored

# What stands before the period of a run that is not known to be published.
ANNOUNCED = "announced:"
WHERE = "WHERE cohort = :cohort AND period = :period"


@dataclass(frozen=True)
class Run:
    """What is kept of a run. cohort: the name of its source, without its ending. period: "" where it had none.

    about: settings, versions, program, labels of the columns, source, SHA-256 of results.json. estimates: plain
    rows, as results.json has them. tables: at the cut-off, by name; None where they were not kept.
    """

    cohort: str
    period: str
    cutoff: date | None
    about: Mapping[str, Any]
    estimates: tuple[Mapping[str, Any], ...] = ()
    tables: Mapping[str, Table] | None = None
    questions: tuple[Question, ...] = ()


def save(session: Session, run: Run) -> None:
    """Keep a run in place of an earlier one of its cohort and period."""
    key = {"cohort": run.cohort, "period": run.period}
    for table in TABLES:
        session.write(f"DELETE FROM reportgen_{table} {WHERE}", [key])
    session.write(
        "INSERT INTO reportgen_run (cohort, period, cutoff, about) VALUES (:cohort, :period, :cutoff, :about)",
        [key | {"cutoff": run.cutoff.isoformat() if run.cutoff else None, "about": _text(run.about)}],
    )
    put_estimates(session, key, [_text(row) for row in run.estimates])
    columns = [asdict(column) for column in stored((run.tables or {}).values())]
    session.write(
        "INSERT INTO reportgen_cells (cohort, period, place, table_name, column_name, kind, letter, content) "
        "VALUES (:cohort, :period, :place, :table, :column, :kind, :letter, :content)",
        _placed(key, put_cells(session, key, columns)),
    )
    drop_unused(session, run.cohort)
    session.write(
        "INSERT INTO reportgen_question (cohort, period, place, id, since, content) "
        "VALUES (:cohort, :period, :place, :id, :since, :content)",
        _placed(key, [{"id": q.id, "since": q.since, "content": _question(q)} for q in run.questions]),
    )


def outline(session: Session, cohort: str, period: str) -> Run | None:
    """A run with its estimates, but without tables and questions; None where there is none."""
    key = {"cohort": cohort, "period": period}
    found = session.rows(f"SELECT cutoff, about FROM reportgen_run {WHERE}", **key)
    if not found:
        return None
    (cutoff, about), day = found[0], date.fromisoformat
    estimates = estimates_of(session, key)
    return Run(cohort, period, day(cutoff) if cutoff else None, json.loads(about), estimates)


def load(session: Session, cohort: str, period: str) -> Run | None:
    """A run as it was kept; None where there is none."""
    key = {"cohort": cohort, "period": period}
    run = outline(session, cohort, period)
    if run is None:
        return None
    names = ", ".join(("table_name", "column_name", *[part.name for part in fields(Stored)][2:]))
    columns = session.rows(f"SELECT {names} FROM reportgen_cells {WHERE} ORDER BY place", **key)
    questions = session.rows(f"SELECT content FROM reportgen_question {WHERE} ORDER BY place", **key)
    return replace(
        run,
        tables=restored(whole_cells(session, cohort, [Stored(*c) for c in columns])) if columns else None,
        questions=tuple(_asked(json.loads(content)) for (content,) in questions),
    )


def periods(session: Session, cohort: str) -> tuple[str, ...]:
    """The periods that a cohort was reported for, in order; a run without a period is none."""
    return tuple(sorted(p for p in _all_periods(session, cohort) if p and not p.startswith(ANNOUNCED)))


def announced(session: Session, cohort: str) -> dict[str, str]:
    """The runs that were announced and don't count yet: period → SHA-256 of results.json."""
    found = {}
    for name in _all_periods(session, cohort):
        if name.startswith(ANNOUNCED):
            (about,) = session.rows(f"SELECT about FROM reportgen_run {WHERE}", cohort=cohort, period=name)[0]
            found[name.removeprefix(ANNOUNCED)] = json.loads(about)["results"]
    return found


def promote(session: Session, cohort: str, period: str) -> None:
    """Let an announced run take the place of the one that it was to replace."""
    key = {"cohort": cohort, "period": period}
    for table in TABLES:
        session.write(f"DELETE FROM reportgen_{table} {WHERE}", [key])
        session.write(
            f"UPDATE reportgen_{table} SET period = :period WHERE cohort = :cohort AND period = :announced",
            [key | {"announced": ANNOUNCED + period}],
        )
    drop_unused(session, cohort)


def _all_periods(session: Session, cohort: str) -> list[str]:
    found = session.rows("SELECT period FROM reportgen_run WHERE cohort = :cohort", cohort=cohort)
    return [period for (period,) in found]


def _question(question: Question) -> str:
    """What was asked, in English, and what that was made of, to be said in the language of a later report."""
    return _text({**asdict(question), "said": as_data(question.problem)})


def _asked(kept: dict[str, Any]) -> Question:
    """A question as it was kept; one of an earlier version has its English words alone."""
    said = kept.pop("said", kept["problem"])
    return Question(**{**kept, "problem": from_data(said)})


def _placed(key: Mapping, rows: Iterable[Mapping]) -> list[dict]:
    return [{**key, **row, "place": place} for place, row in enumerate(rows)]


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=_iso)


def _iso(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"the history keeps plain data, not {type(value).__name__}")
