"""Relapses of which a column of yes and no tells, against the dates of relapse."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from reportgen.base.errors import ERROR, WARNING, Issue
from reportgen.base.message import message
from reportgen.cohort.checks.rule import Tables, days_of, each, values_of
from reportgen.cohort.cohort import Table
from reportgen.cohort.mapping.dates_of_all import (
    ANSWERS,
    MOST_CODES,
    is_date_of_all,
    values_that_deny,
    written,
)
from reportgen.cohort.mapping.keys import word_key
from reportgen.cohort.mapping.names.words import spoken
from reportgen.cohort.mapping.pair_names import says_who_relapsed
from reportgen.cohort.mapping.schema import YES_NO, columns_of, spellings
from reportgen.cohort.mapping.word_lists import plain_words
from reportgen.settings.model import Settings

RELAPSE = "relapse_date"
# A relapse is found at a visit, which few patients have none after.
FEWEST_OF_ALL, MOST_ON_LAST_VISIT = 5, 0.25


def relapse_without_date(tables: Tables, settings: Settings) -> Iterator[Issue]:
    """RELAPSE_WITHOUT_DATE: a column that is called as a relapse says yes, and there is no date of one."""
    patients = tables["patients"]
    if RELAPSE not in patients.frame:
        return
    dated = _dated(patients)
    for name in patients.frame.columns:
        said = None if name in columns_of("patients") else _told(name, patients.frame[name])
        if said is None:
            continue
        yield from each(patients, (said == "yes") & ~dated, name, WARNING, "RELAPSE_WITHOUT_DATE",
                         message("{a} says yes, but there is no date of relapse", a=name),
                         message("Enter the date of relapse or progression; until then the patient counts as free "
                                 "of it"))  # fmt: skip


def relapse_denied(tables: Tables, settings: Settings) -> Iterator[Issue]:
    """RELAPSE_DENIED: a date of relapse in a patient of whom another column says that there was none.

    A time, which may be that to the last contact, is an error. Where a date or time stands whatever is said, it ends at
    the relapse or at the last visit: one error, for all of them would count as relapsed.
    """
    patients = tables["patients"]
    dated = _dated(patients)
    if "relapse_observed" in patients.frame or not dated.any():
        return
    for name in patients.frame.columns.difference([*columns_of("patients")]):
        if not says_who_relapsed(name) or patients.frame[name].nunique() > MOST_CODES:
            continue
        said = patients.frame[name].map(written, na_action="ignore")
        cell = patients.address(int(patients.frame.index[0]), RELAPSE)
        deny = values_that_deny(name, said)
        if is_date_of_all(name, said, dated):
            problem = message(
                "relapse_date is filled in whatever {name} says: it ends at the relapse or at the last visit, and "
                "all {n} patients would count as relapsed",
                name=name, n=int(dated.sum()),
            )  # fmt: skip
            hint = message(
                'Write relapse_observed = "{name}" under [columns.patients] in report.toml, if {name} says who '
                "relapsed; or let `reportgen map SOURCE` ask",
                name=name,
            )
            if not deny:
                hint = message(
                    'If {name} says who relapsed, write relapse_observed = "{name}" under [columns.patients] in '
                    "report.toml, and which of its values say so: yes = […] and no = […] under "
                    "[values.relapse_observed]",
                    name=name,
                )
            yield Issue(ERROR, "RELAPSE_DENIED", patients.sheet, cell, None, problem, hint)
            continue
        denied = said.isin(deny or ()) & dated
        timed = patients.frame[RELAPSE].isna()
        yield from each(
            patients, denied & ~timed, RELAPSE, WARNING, "RELAPSE_DENIED",
            message("There is a date of relapse, but {name} says that there was none", name=name),
            message("Correct one of the two; until then the relapse counts"),
        )  # fmt: skip
        yield from each(
            patients, denied & timed, RELAPSE, ERROR, "RELAPSE_DENIED",
            message("There is a time to relapse, but {name} says that there was none", name=name),
            message("Leave the time empty of who had none, or correct {name}", name=name),
        )  # fmt: skip


def relapse_of_all(tables: Tables, settings: Settings) -> Iterator[Issue]:
    """RELAPSE_UNSAID: all have a date of relapse, which for many living ones is the last contact ("relapse or last
    visit"), and no column says who relapsed.
    """
    patients = tables["patients"]
    if "relapse_observed" in patients.frame or RELAPSE not in patients.frame or len(patients) < FEWEST_OF_ALL:
        return
    relapse = days_of(patients, RELAPSE)
    lives = ~values_of(patients, "vital_status").eq("dead")
    same = lives & relapse.notna() & (relapse == days_of(patients, "last_contact"))
    if relapse.notna().all() and same.sum() > MOST_ON_LAST_VISIT * lives.sum():
        problem = message(
            "All patients have a date of relapse, and that of {n} of the {k} living ones is the last contact: it may "
            "be the relapse or the last visit",
            n=int(same.sum()), k=int(lives.sum()),
        )  # fmt: skip
        hint = message(
            "Leave it empty of who had no relapse, or add a column relapse_observed (yes, no), which says yes of all "
            "if all relapsed"
        )
        cell = patients.address(int(patients.frame.index[same][0]), RELAPSE)
        yield Issue(ERROR, "RELAPSE_UNSAID", patients.sheet, cell, None, problem, hint)


def relapse_unsaid(tables: Tables, settings: Settings) -> Iterator[Issue]:
    """RELAPSE_UNSAID: nothing says whether a patient relapsed, or a relapse without its date."""
    patients = tables["patients"]
    if "relapse_observed" not in patients.frame:
        return
    said = values_of(patients, "relapse_observed")
    yield from each(
        patients, said.isna(), "relapse_observed", WARNING, "RELAPSE_UNSAID",
        message("Nothing says whether the patient relapsed"),
        message("Enter yes or no; until then no relapse counts"),
    )  # fmt: skip
    yield from each(
        patients, said.eq("yes") & ~_dated(patients), RELAPSE, WARNING, "RELAPSE_UNSAID",
        message("The patient relapsed, but there is no date of relapse"),
        message("Enter the date; until then no relapse counts"),
    )  # fmt: skip


def _told(name: str, column: pd.Series) -> pd.Series | None:
    """ "yes" or "no" of each patient by a column of these that is called as a relapse; None where a column is not."""
    meanings = spoken(plain_words(ANSWERS.sub("", name)))
    if not meanings or not all("relapse" in meaning for meaning in meanings):
        return None
    known, filled = {"1": "yes", "0": "no", **spellings(YES_NO)}, column.dropna()
    told = {cell: known.get(word_key(cell)) for cell in filled.unique()}
    if not told or not all(told.values()):
        return None
    return column.map(told)


def _dated(patients: Table) -> pd.Series:
    return values_of(patients, RELAPSE).notna() | days_of(patients, RELAPSE).notna()
