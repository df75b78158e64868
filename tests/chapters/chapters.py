"""One chapter of a small workbook, as a reader meets it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from reportgen.cohort.cohort import Cohort
from reportgen.cohort.load import load_cohort
from reportgen.report import Figure, Notice, Paragraph, Section, Table, Value, plain
from reportgen.stats.results import Results
from tests.workbooks import write_workbook

START = date(2020, 1, 1)
HOSTILE = (
    "<script>alert(1)</script>",
    "{{7*7}}",
    "=cmd|' /C calc'!A0",
    "$\\frac{1}$",
    "_leading",
    "a|b",
    "🙂 {name}",
)


def day(number: int | None) -> date | None:
    """A day counted from the common start of treatment."""
    return None if number is None else START + timedelta(days=number)


def patient(name: str, **columns) -> dict:
    """A patient seen alive on day 1000; a whole number in a date column is a day since the start."""
    dates = ("treatment_stop", "response_date", "relapse_date", "death_date", "last_contact")
    row = {
        "patient_id": name,
        "treatment_start": START,
        "last_contact": 1000,
        "vital_status": "alive",
    } | columns
    return {
        key: day(value) if key in dates and isinstance(value, int) else value for key, value in row.items()
    }


@dataclass(frozen=True)
class Chapter:
    cohort: Cohort
    results: Results
    section: Section

    @property
    def text(self) -> str:
        return "\n".join(plain(b.text) for b in self.section.every if isinstance(b, Paragraph | Notice))

    @property
    def notices(self) -> list[str]:
        """The sentences of all its notices."""
        said = (plain(b.text) for b in self.section.every if isinstance(b, Notice))
        return [sentence for text in said for sentence in re.split(r"(?<=\.) (?=[A-Z0-9])", text)]

    def figures(self) -> list[Figure]:
        return [b for b in self.section.every if isinstance(b, Figure)]

    def table(self, id: str) -> list[list[str]]:
        """The cells of a table as plain text."""
        found = next(b for b in self.section.every if isinstance(b, Table) and b.id == id)
        return [[plain(cell) for cell in row.cells] for row in found.rows]

    def caption(self, id: str) -> str:
        return next(plain(b.caption) for b in self.section.every if isinstance(b, Table) and b.id == id)

    def has(self, id: str) -> bool:
        return any(getattr(b, "id", None) == id for b in self.section.every)


def chapter(module, folder: Path, *, overrides: dict | None = None, **sheets) -> Chapter:
    """The chapter of a workbook with these sheets, checked against what holds for every chapter."""
    cohort = load_cohort(write_workbook(folder / "cohort.xlsx", **sheets), overrides=overrides or {})
    return of(module, cohort)


def of(module, cohort: Cohort) -> Chapter:
    results = module.analyse(cohort)
    section = module.present(results)
    _check(section, results)
    return Chapter(cohort, results, section)


def _check(section: Section, results: Results) -> None:
    known = {row.id for row in (*results.estimates, *results.curves)}
    for block in section.every:
        if isinstance(block, Figure):
            assert block.alt and block.drawing.marks
        if isinstance(block, Table):
            assert all(row.head or len(row.cells) == len(block.columns) for row in block.rows), block.id
    for text in _texts(section):
        words = plain(text)
        assert not re.search(r"\bnan\b|\bNone\b|\binf\b|Estimate\(", words), words
        lost = [part for part in text if isinstance(part, Value) and part.ref not in known]
        assert not lost, lost


def _texts(section: Section):
    for block in section.every:
        if isinstance(block, Paragraph | Notice):
            yield block.text
        elif isinstance(block, Table):
            yield from (block.caption, *block.notes, *(cell for row in block.rows for cell in row.cells))
        elif isinstance(block, Figure):
            yield block.caption
