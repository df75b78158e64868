"""Until when each patient was assessed: progression that nobody looked for was not ruled out.

An assessment is adequate where it has a date and a response other than NE; where no response is recorded in the whole
sheet, where a tumour size was measured. An assessment that says progression shows nobody free of it. The usual interval
is the median of the days between the adequate assessments of a patient, over all patients; two were missed before an
event where more than two intervals and fourteen days lie between the event and the adequate assessment before it
(US FDA, Clinical Trial Endpoints for the Approval of Cancer Drugs and Biologics, 2018, asks for both to be looked at).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from reportgen.base.errors import NOTE, WARNING, Issue
from reportgen.base.message import message
from reportgen.cohort.checks.rule import DAY, Tables, days_of, each, values_of
from reportgen.cohort.clean.timing import rows_of
from reportgen.settings.model import Settings

LAST_ASSESSMENT, LAST_CONTACT = "last_assessment", "last_contact"
NOT_EVALUABLE, PROGRESSION = "NE", "PD"
TOLERANCE = 14
FEWEST_INTERVALS = 5


@dataclass(frozen=True)
class Assessed:
    """The adequate assessments of the patients. patient: the row of each among the patients; day: since the start.

    first_progression: per row of the patients the first day after the start that shows progression, nan where none.
    usual: the usual interval in days; None where too few intervals are known.
    """

    patient: np.ndarray
    day: np.ndarray
    first_progression: pd.Series
    usual: float | None

    @cached_property
    def last(self) -> pd.Series:
        """Per row of the patients, the last day of an assessment that showed no progression, and none before it."""
        first = self.first_progression.reindex(self.patient).to_numpy()
        free = ~(self.day >= first)
        found = pd.Series(self.day[free], index=self.patient[free]).groupby(level=0).max()
        return found.reindex(self.first_progression.index)

    def missed(self, event: pd.Series) -> pd.Series:
        """Per row of the patients, whether two assessments or more were missed before the day of the event."""
        if self.usual is None:
            return pd.Series(False, index=event.index)
        limit = event.reindex(self.patient).to_numpy()
        before = self.day < limit - DAY
        last = pd.Series(self.day[before], index=self.patient[before]).groupby(level=0).max()
        last = last.reindex(event.index).fillna(0.0).clip(lower=0.0)
        return event - last > 2 * self.usual + TOLERANCE + DAY


def assessed(tables: Tables) -> Assessed | None:
    """The adequate assessments; None where the source has none, so that nobody was assessed by them."""
    patients, table = tables["patients"], tables.get("assessments")
    if table is None or "date" not in table.days or not {"response", "tumour_size"} & set(table.frame):
        return None
    response = values_of(table, "response")
    adequate = response.notna() & ~response.eq(NOT_EVALUABLE)
    if not response.notna().any():
        adequate = values_of(table, "tumour_size").notna()
    row = rows_of(patients, table)
    day = table.days["date"]
    adequate &= day.notna() & row.notna()
    if not adequate.any():
        return None
    after = adequate & response.eq(PROGRESSION) & (day > DAY)
    first = day[after].groupby(row[after]).min().reindex(patients.frame.index)
    rows, days = row[adequate].astype("int64").to_numpy(), day[adequate].to_numpy(float)
    return Assessed(rows, days, first, _usual(rows, days))


def _usual(rows: np.ndarray, days: np.ndarray) -> float | None:
    order = np.lexsort((days, rows))
    rows, days = rows[order], days[order]
    gaps = np.diff(days)[(np.diff(rows) == 0)]
    gaps = gaps[gaps > DAY]
    return float(np.median(gaps)) if len(gaps) >= FEWEST_INTERVALS else None


def progression_without_date(tables: Tables, settings: Settings) -> Iterator[Issue]:
    """An assessment that says progression, of a patient without a date of relapse: the first one of each."""
    patients, table, found = tables["patients"], tables.get("assessments"), assessed(tables)
    if found is None or table is None or "relapse_date" not in patients.frame:
        return
    undated = days_of(patients, "relapse_date").isna() & patients.frame["relapse_date"].isna()
    first = found.first_progression.where(undated)
    rows = rows_of(patients, table)
    here = values_of(table, "response").eq(PROGRESSION) & (days_of(table, "date") == rows.map(first))
    hint = message(
        "Enter the date of relapse or progression, or correct the response; until then the patient counts as free "
        "of it up to the assessment before"
    )
    yield from each(
        table,
        here,
        "response",
        WARNING,
        "PROGRESSION_WITHOUT_DATE",
        message("The assessment says progression, but the patient has no date of relapse"),
        hint,
    )


def never_assessed(tables: Tables, settings: Settings) -> Iterator[Issue]:
    """Patients without an event whom no adequate assessment after the start showed free of progression."""
    patients, found = tables["patients"], assessed(tables)
    if found is None or settings.pfs_censor != LAST_ASSESSMENT or "relapse_date" not in patients.frame:
        return
    if any(rule.key == "pfs" and rule.time for rule in settings.endpoint):
        return
    event = days_of(patients, "relapse_date").notna() | days_of(patients, "death_date").notna()
    never = ~event & ~(found.last > DAY)
    problem = message(
        "No adequate assessment after the start shows the patient free of progression; without an event "
        "progression-free survival ends on day 0"
    )
    hint = message('Enter the assessments, or set pfs_censor = "last_contact" under [report] of report.toml')
    yield from each(patients, never, "patient_id", WARNING, "NEVER_ASSESSED", problem, hint)


def missed_assessments(tables: Tables, settings: Settings) -> Iterator[Issue]:
    """Relapses, and deaths without one, so long after the last adequate assessment that two of them were missed."""
    patients, found = tables["patients"], assessed(tables)
    if found is None or found.usual is None or "relapse_date" not in patients.frame:
        return
    relapse, death = days_of(patients, "relapse_date"), days_of(patients, "death_date")
    problem = message(
        "Two or more assessments were missed before the event (usual interval {n} days)", n=round(found.usual)
    )
    hint = message("Enter the assessments that are lacking; the event may have come earlier than its date")
    for column, event in (("relapse_date", relapse), ("death_date", death.where(relapse.isna()))):
        yield from each(patients, found.missed(event), column, NOTE, "MISSED_ASSESSMENTS", problem, hint)
