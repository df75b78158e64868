"""Toxicity counted as patients: the worst grade of each, per term, per category and over all.

A patient counts once in each, with the worst grade recorded there, whether related or not; then again
among the related events alone. A row without a grade counts under any grade only, one without a term under
no term of its own. Of whom it is not known whether a term occurred is not among the patients of that term.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from reportgen.analyses import grades
from reportgen.analyses import patient_columns as columns
from reportgen.analyses.grades import OVERALL
from reportgen.analyses.repeated_rows import repeated
from reportgen.base import aside
from reportgen.base.required import required
from reportgen.cohort.cohort import Cohort
from reportgen.cohort.distinct import chosen, narrow, rows_where, slices
from reportgen.cohort.rows import labels

GRADES = (1, 2, 3, 4, 5)
SEVERE = 3
NO_GRADE = 0.5
NO_CATEGORY = "not recorded"
NO_TERM = "term not recorded"
# Days by which two days may differ by rounding alone.
DAY = 0.5


@dataclass(frozen=True)
class Events:
    """The rows of the toxicities table that belong to assessed patients.

    patient: position in the cohort; term and category: positions in terms and categories, the keys in order;
    grade nan where missing; related False where the attribution says no or nothing; onset in days from the
    start, nan where missing. assessed: mask of the cohort's patients. exposure: days per patient of the cohort
    in which an event is one on treatment. unknown: pairs of a patient and the position of a variable (in the order
    of `variables`) of which it is not known whether it occurred. place: where each stands in its table, and row: in
    its sheet. repeats: of each row that says an event again, the event's position and where that row stands in its
    table; what such rows say beyond it is asked by `largest`.
    """

    patient: np.ndarray
    term: np.ndarray
    terms: tuple[str, ...]
    category: np.ndarray
    categories: tuple[str, ...]
    grade: np.ndarray
    related: np.ndarray
    onset: np.ndarray
    assessed: np.ndarray
    exposure: np.ndarray
    unknown: tuple[np.ndarray, np.ndarray]
    names: Mapping[str, str]
    facts: Mapping[str, Any]
    place: np.ndarray
    row: np.ndarray
    repeats: tuple[np.ndarray, np.ndarray]

    def __len__(self) -> int:
        return len(self.patient)


def key_of(text: str | None) -> str:
    """A term or category as it is compared and named in ids: one blank, lower case.

    >>> key_of("  Neutrophil count  Decreased")
    'neutrophil count decreased'
    """
    return " ".join((text or "").split()).lower()


def read(cohort: Cohort) -> Events:
    """The rows that count, and what was left out of them and why. Several chapters ask; they are read once."""
    return cohort.once("toxicities", lambda: _read(cohort))


def _read(cohort: Cohort) -> Events:
    table = required(cohort.toxicities)
    assessed, declared = assessed_for_toxicity(cohort)
    # One after the other, here and below: there may be fifty million rows of each.
    (patient,) = aside.put([columns.positions(cohort, table)])
    (grade,) = aside.put([columns.amounts(table, "grade", copy=False)])
    (onset,) = aside.put([_onsets(cohort, patient)])
    category, categories, named = _keyed(
        *columns.word_codes(table, "category"), lambda word: key_of(word) or NO_CATEGORY
    )
    term, terms, spelled = _keyed(
        *columns.word_codes(table, "term"), lambda word: _reserved(key_of(word)) or NO_TERM
    )
    nameless = chosen(np.array([key == NO_TERM for key in terms], bool), term)
    says = ~nameless | ~np.isnan(grade) | ~np.isnan(onset) | (columns.word_codes(table, "category")[0] >= 0)
    known = (patient >= 0) & says
    attribution, said = columns.word_codes(table, "attribution")
    wanted = {
        word: chosen(np.append(said == word.lower(), False), attribution) for word in cohort.settings.related
    }
    related = np.logical_or.reduce([*wanted.values(), np.zeros(len(table), bool)])
    unattributed = attribution < 0
    counted = known & chosen(assessed, patient) if len(patient) else known
    left_out = known & ~counted
    again, first = repeated(counted, patient, term, category, grade, related, onset)
    counted[again] = False
    repeats = np.cumsum(counted, dtype=np.int32)[first].astype(np.int64) - 1, again
    graded, dated = (int(np.count_nonzero(counted & _known(values))) for values in (grade, onset))
    n = int(np.count_nonzero(counted))
    facts = {
        "declared": declared,
        "related": [word for word, rows in wanted.items() if (rows & counted).any()],
        "has_attribution": "attribution" in table.frame.columns,
        "has_category": "category" in table.frame.columns,
        "has_grade": not n or graded > 0,
        "has_onset": not n or dated > 0,
        "rows_left_out": int(left_out.sum()),
        "severe_left_out": int((left_out & (grade >= SEVERE)).sum()),
        "patients_left_out": int(np.count_nonzero(np.bincount(patient[left_out]))),
        "repeated": len(again),
        "without_term": int((counted & nameless).sum()),
        "empty_rows": int(((patient >= 0) & ~says).sum()),
        "without_grade": n - graded,
        "without_attribution": int((unattributed & counted).sum()),
    }
    named = {f"category: {key}": word for key, word in named.items()}
    term, terms = _present(term[counted], terms)
    category, categories = _present(category[counted], categories)
    place = np.flatnonzero(counted).astype(np.int32)
    (patient,), (grade,) = aside.put([patient[counted]]), aside.put([grade[counted]])
    (onset,) = aside.put([onset[counted]])
    (place,), (row,) = aside.put([place]), aside.put([labels(table.frame.index, counted).to_numpy()])
    term, category, related = aside.put([term, category, related[counted]])
    return Events(
        patient, term, terms, category, categories, grade, related, onset,
        assessed, _days_on_treatment(cohort), _unknown(cohort, (term, terms), (category, categories)),
        spelled | {NO_TERM: "Term not recorded"} | named | {f"category: {NO_CATEGORY}": "Category not recorded"},
        facts, place, row, repeats,
    )  # fmt: skip


def _onsets(cohort: Cohort, patient: np.ndarray) -> np.ndarray:
    """Per row the days from the patient's start of treatment."""
    onset, begun = columns.days(cohort.toxicities, "onset_date"), columns.treatment_days(cohort)
    for part in slices(len(onset)):
        onset[part] -= begun[patient[part]]
    return onset


def _known(values: np.ndarray) -> np.ndarray:
    return rows_where(len(values), lambda rows: ~np.isnan(values[rows]))


def resolved(cohort: Cohort, events: Events) -> np.ndarray:
    """The day on which each event was resolved, counted as a patient's days are; nan where none is recorded. Of several
    rows of one event the latest. Several chapters ask; nobody changes it."""

    def found() -> np.ndarray:
        return aside.put([largest(events, columns.days(cohort.toxicities, "resolved_date", copy=False))])[0]

    return cohort.once("toxicities resolved", found)


def largest(events: Events, said: np.ndarray) -> np.ndarray:
    """(events,) of a number in each row of the table, nan where it says none: the largest of each event's rows."""
    found = chosen(said, events.place)
    np.fmax.at(found, events.repeats[0], said[events.repeats[1]])
    return found


def _unknown(
    cohort: Cohort, terms: tuple[np.ndarray, tuple], categories: tuple[np.ndarray, tuple]
) -> tuple[np.ndarray, np.ndarray]:
    """The pairs of `Events.unknown`: the terms of which nothing is known, and the categories of only such terms."""
    lists, distinct = columns.word_codes(cohort.patients, "toxicity_unknown")
    if not len(distinct):
        return np.zeros(0, int), np.zeros(0, int)
    (term, names), (category, classes) = terms, categories
    place = {key: k for k, key in enumerate(names)}
    lacks = np.zeros((len(distinct) + 1, len(names)), bool)
    for line, cell in enumerate(distinct):
        lacks[line, [place[key] for key in map(key_of, cell.split("|")) if key in place]] = True
    within = np.zeros((len(names), len(classes)), bool)
    within[term, category] = True
    whole = np.zeros((len(lacks), len(classes)), bool)
    for k, name in enumerate(classes):
        whole[:, k] = lacks[:, within[:, k]].all(axis=1) & (name != NO_CATEGORY)
    who, which = np.nonzero(np.hstack([np.zeros((len(lacks), 1), bool), whole, lacks])[lists])
    return who, which


def _reserved(term: str) -> str:
    """A term that would take the name of a total."""
    return f"term: {term}" if term == OVERALL or term.startswith("category: ") else term


def _keyed(
    codes: np.ndarray, distinct: np.ndarray, key: Callable
) -> tuple[np.ndarray, tuple[str, ...], dict[str, str]]:
    """Per row the position of its key, the keys in order, and for each the first way in which it was written."""
    own = [key(word) for word in (*distinct, None)]
    keys = sorted(set(own))
    place = narrow(np.array([keys.index(one) for one in own]), len(keys))
    spelled = {
        k: " ".join(word.split()) for k, word in zip(own[-2::-1], distinct[::-1], strict=True) if key_of(word)
    }
    return chosen(place, codes), tuple(keys), spelled


def _present(codes: np.ndarray, keys: tuple[str, ...]) -> tuple[np.ndarray, tuple[str, ...]]:
    """The same without the keys that no row has."""
    seen = np.bincount(codes, minlength=len(keys)) > 0
    return chosen(narrow(np.cumsum(seen) - 1, len(keys)), codes), tuple(np.array(keys, object)[seen])


def assessed_for_toxicity(cohort: Cohort) -> tuple[np.ndarray, bool]:
    """Who was assessed for toxicity, and whether the data say so; all where they say nothing at all."""
    answers = columns.words(cohort.patients, "toxicity_assessed")
    declared = not columns.empty(answers).all()
    return (answers == "yes") if declared else np.ones(cohort.n, bool), declared


def _days_on_treatment(cohort: Cohort) -> np.ndarray:
    """Per patient the days in which an event counts as one on treatment: to the end of treatment, and the days
    after it that the settings add, as far as the patient was observed; nan where they are not known."""
    stop, end = columns.days(cohort.patients, "treatment_stop"), columns.end_of_observation(cohort)
    longer = np.fmax(stop, np.fmin(stop + cohort.settings.toxicity_window, end))
    longer -= columns.treatment_days(cohort)
    return np.where(np.isnan(stop), columns.exposure_days(cohort), longer)


def graded(events: Events) -> grades.Graded:
    """The rows as whole numbers, as they are counted."""
    patient, variable = events.unknown
    mine = events.assessed[patient]
    return grades.Graded(
        events.patient.astype(np.int32, copy=False), events.term, events.terms, events.category, events.categories,
        grades.column_of(events.grade),
        events.related, on_treatment(events), events.assessed,
        patient[mine].astype(np.int32), variable[mine].astype(np.int32),
    )  # fmt: skip


def before_treatment(events: Events) -> np.ndarray:
    """The events known to have begun before the start of treatment."""
    return events.onset < -DAY


def after_treatment(events: Events) -> np.ndarray:
    """The events known to have begun after the days that count as on treatment."""
    return rows_where(
        len(events), lambda rows: events.onset[rows] > events.exposure[events.patient[rows]] + DAY
    )


def on_treatment(events: Events) -> np.ndarray:
    """The events known to have begun on treatment."""
    return ~np.isnan(events.onset) & ~before_treatment(events) & ~after_treatment(events)


def worst_grades(events: Events, mine: np.ndarray) -> np.ndarray:
    """Per patient of the cohort the worst grade among the rows: 0 none, NO_GRADE where none has a grade."""
    worst = np.zeros(len(events.assessed))
    grade = np.where(np.isnan(events.grade[mine]), NO_GRADE, events.grade[mine])
    np.maximum.at(worst, events.patient[mine], grade)
    return worst


def variables(events: Events) -> Iterator[tuple[str, np.ndarray]]:
    """Each variable of an Estimate with its rows, a mask (rows,): all, then each category, then each term."""
    yield OVERALL, np.ones(len(events), bool)
    for code, category in enumerate(events.categories):
        yield f"category: {category}", events.category == code
    for code, term in enumerate(events.terms):
        yield term, events.term == code


def unknown_of(events: Events, variable: int, mine: np.ndarray) -> np.ndarray:
    """Mask of the patients of whom a variable is not known. variable, mine: its place and rows in `variables`."""
    patient, of = events.unknown
    found = np.zeros(len(events.assessed), bool)
    if len(patient):
        found[patient[of == variable]] = True
        found[events.patient[mine]] = False
    return found


def partly_known(events: Events) -> np.ndarray:
    """Mask of the assessed patients without an event of whom some toxicity is not known."""
    found = np.zeros(len(events.assessed), bool)
    found[events.unknown[0]] = True
    found[events.patient] = False
    return found & events.assessed
