"""Monthly reports of small workbooks, as far as history is concerned: no page is set."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from reportgen.chapters import changes
from reportgen.cohort.cohort import Cohort
from reportgen.cohort.load import load_cohort
from reportgen.history.recording import announce, compare, keep
from reportgen.publish.run_files import results_json
from reportgen.report import Section
from reportgen.run.composing import analyse
from reportgen.stats.results import Results
from tests.workbooks import write_workbook


@dataclass(frozen=True)
class Monthly:
    cohort: Cohort
    results: Results

    @property
    def chapter(self) -> Section | None:
        return changes.present(self.results) if "changes" in self.results.facts else None

    def value(self, id: str) -> float | None:
        return self.results[f"changes.{id}"].value


def month_end(period: str) -> date:
    year, month = map(int, period.split("-"))
    return date(year, month, monthrange(year, month)[1])


def monthly(
    folder: Path, period: str, source: Path | None = None, settings: dict | None = None, **sheets
) -> Monthly:
    """The report of a period, compared with those before it in `folder` and kept there."""
    source = source or write_workbook(folder / "cohort.xlsx", **sheets)
    cohort = load_cohort(source, overrides={"cutoff": month_end(period), **(settings or {})})
    kept = compare(cohort, folder / "output" / "cohort", period)
    results, notices = analyse(kept.cohort)
    assert not notices or "changes" not in notices
    keep(announce(kept, results_json(results, {})))
    return Monthly(kept.cohort, results)


def patient(name: str, start: date, last: date, **columns) -> dict:
    """A patient alive at the last contact, with every column that the main estimates need."""
    row = {
        "patient_id": name, "treatment_start": start, "treatment_stop": None, "stop_reason": None,
        "best_response": "PR", "response_date": start, "relapse_date": None, "vital_status": "alive",
        "death_date": None, "last_contact": last, "stage": "II",
    }  # fmt: skip
    return row | columns
