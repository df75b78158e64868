"""queries.xlsx: questions to the data manager, each with an id that stays the same from run to run."""

from __future__ import annotations

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from reportgen.errors import ERROR, NOTE, WARNING, DataRefused, Issue
from reportgen.language import NC_, _, _c, languages, speaking
from reportgen.present.doubts import doubt
from reportgen.settings import Settings
from reportgen.workbook import Link, Sheet, workbook_bytes

NAME = "queries.xlsx"
SHEET = "queries"
HEAD = (NC_("queries", "id"), NC_("queries", "severity"), NC_("queries", "code"), NC_("queries", "sheet"),
        NC_("queries", "cell"), NC_("queries", "patient"), NC_("queries", "problem"), NC_("queries", "hint"),
        NC_("queries", "open since"), NC_("queries", "answer"))  # fmt: skip
READ = ("id", "open since", "answer")
WIDTHS = {"problem": 50.0, "hint": 50.0, "open since": 12.0, "answer": 40.0}
ORDER = (ERROR, WARNING, NOTE)
WORKBOOKS = (".xlsx", ".xlsm")


@dataclass(frozen=True)
class Asked:
    """What is known of earlier questions, by id: since when each is open, and the answer written beside it."""

    since: Mapping[str, date] = field(default_factory=dict)
    answers: Mapping[str, object] = field(default_factory=dict)


def query_ids(issues: Iterable[Issue]) -> list[str]:
    """One id per issue, made from what it says of which patient, column and event, never from where these are.

    Rows and columns may move without a new question arising, and so may the spelling of the patient's id.
    Issues that can't be told apart are numbered in their order: "Q-1f0a77c2e6", "Q-1f0a77c2e6-2".

    >>> row, moved = (Issue("error", "X", "patients", cell, "P1", "no stop", "") for cell in ("C7", "D9"))
    >>> query_ids([row]) == query_ids([moved])
    True
    """
    seen: Counter[str] = Counter()
    ids = []
    for issue in issues:
        patient = unicodedata.normalize("NFKC", issue.patient or "").strip().casefold()
        said = "\x1f".join((issue.code, issue.sheet or "", patient, issue.about, issue.problem))
        stem = "Q-" + hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:10]
        seen[stem] += 1
        ids.append(stem if seen[stem] == 1 else f"{stem}-{seen[stem]}")
    return ids


def queries_xlsx(
    issues: Iterable[Issue], day: date | None = None, asked: Asked | None = None, source: str = ""
) -> bytes:
    """The errors and warnings as a workbook with a column for the answer; notes need none.

    day: when a question that `asked` does not know was first asked. source: the file name of the workbook
    in question, to which each cell links; the links lead there once both lie in one folder. The same
    arguments always give the same bytes in one language, and no text of the data becomes a formula.
    """
    questions = [issue for issue in issues if issue.severity != NOTE]
    known = asked or Asked()
    named = sorted(
        zip(query_ids(questions), questions, strict=True), key=lambda pair: ORDER.index(pair[1].severity)
    )
    rows = [
        (name, _(issue.severity), issue.code, issue.sheet, _place(issue, source), issue.patient, doubt(issue.problem),
         doubt(issue.hint), known.since.get(name, day), known.answers.get(name))
        for name, issue in named
    ]  # fmt: skip
    heads = {name: _c("queries", name) for name in HEAD}
    widths = {heads[name]: width for name, width in WIDTHS.items()}
    return workbook_bytes([Sheet(SHEET, tuple(heads.values()), rows, widths)])


def read_asked(folder: Path) -> Asked:
    """What the queries.xlsx of an earlier run, or a data manager's copy of it, says; nothing without one.

    It may speak any language that reports do.
    A file that can't be read counts as none: it is about to be replaced by one that can.
    """
    from reportgen.cohort.readers import excel

    path = Path(folder) / NAME
    if not path.is_file():
        return Asked()
    try:
        sheets, _issues = excel.read(NAME, path.read_bytes(), Settings())
    except DataRefused:
        return Asked()
    since, answers = {}, {}
    for sheet in sheets:
        heads = next((heads for heads in _heads() if set(heads) <= set(sheet.header)), None)
        if sheet.name == SHEET and heads:
            places = [sheet.header.index(name) for name in heads]
            for name, day, answer in sheet.frame[places].itertuples(index=False):
                if isinstance(day, date):
                    since[str(name)] = day.date() if isinstance(day, datetime) else day
                if answer is not None:
                    answers[str(name)] = answer if isinstance(answer, (int, float, date)) else str(answer)
    return Asked(since, answers)


def _heads() -> Iterator[tuple[str, ...]]:
    """Those of the columns that are read again, in every language."""
    for code in languages():
        with speaking(code):
            yield tuple(_c("queries", name) for name in READ)


def _place(issue: Issue, source: str) -> str | Link | None:
    if issue.sheet is None or not source.lower().endswith(WORKBOOKS):
        return issue.cell
    return Link(issue.cell or issue.sheet, source, issue.sheet, issue.cell or "")
