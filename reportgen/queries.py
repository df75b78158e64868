"""queries.xlsx: questions to the data manager, each with an id that stays the same from run to run."""

from __future__ import annotations

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date

from reportgen.errors import ERROR, NOTE, WARNING, Issue
from reportgen.workbook import Sheet, workbook_bytes

HEAD = ("id", "severity", "code", "sheet", "cell", "patient", "problem", "hint", "open since", "answer")
WIDTHS = {"problem": 50.0, "hint": 50.0, "open since": 12.0, "answer": 40.0}
ORDER = (ERROR, WARNING, NOTE)


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
    issues: Iterable[Issue], day: date | None = None, open_since: Mapping[str, date] | None = None
) -> bytes:
    """The errors and warnings as a workbook with a column for the answer; notes need none.

    day: when a question that open_since (id → day first asked) does not know was first asked. The same
    arguments always give the same bytes, and no text of the data becomes a formula.
    """
    asked = [issue for issue in issues if issue.severity != NOTE]
    known = open_since or {}
    rows = [
        (name, issue.severity, issue.code, issue.sheet, issue.cell, issue.patient, issue.problem, issue.hint,
         known.get(name, day), None)
        for name, issue in zip(query_ids(asked), asked, strict=True)
    ]  # fmt: skip
    rows.sort(key=lambda row: ORDER.index(row[1]))
    return workbook_bytes([Sheet("queries", HEAD, rows, WIDTHS)])
