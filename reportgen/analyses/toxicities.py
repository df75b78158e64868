"""Toxicity counted as patients: the worst grade of each, per term, per category and over all.

A patient counts once in each, with the worst grade recorded there, whether related or not; then again
among the related events alone. A row without a grade counts under any grade only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import pandas as pd

from reportgen.analyses import columns, grades
from reportgen.analyses.grades import OVERALL
from reportgen.cohort.cohort import Cohort
from reportgen.stats.proportions import proportion
from reportgen.stats.rates import rate
from reportgen.stats.results import Estimate

GRADES = (1, 2, 3, 4, 5)
NO_GRADE = 0.5
NO_CATEGORY = "not recorded"
NO_ATTRIBUTION = "NE: the data lack toxicities.attribution"
NO_EXPOSURE = "NE: the time on treatment of a patient is not known"


@dataclass(frozen=True)
class Events:
    """The rows of the toxicities table that belong to assessed patients.

    patient: position in the cohort; term and category: positions in terms and categories, the keys in order;
    grade nan where missing; related False where the attribution says no or nothing; onset in days from the
    start, nan where missing. assessed: mask of the cohort's patients. exposure: days on treatment per patient
    of the cohort. row: where each stands in its sheet.
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
    names: Mapping[str, str]
    facts: Mapping[str, object]
    row: np.ndarray

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
    table = cohort.toxicities
    assessed, declared = _assessed(cohort)
    patient = _positions(cohort)
    written = columns.words(table, "term")
    term, terms, spelled = _keyed(written, lambda word: _reserved(key_of(word)))
    category, categories, named = _keyed(
        columns.words(table, "category"), lambda word: key_of(word) or NO_CATEGORY
    )
    known = (patient >= 0) & np.array([bool(key) for key in terms], bool)[term]
    counted = known & assessed[patient] if len(patient) else known
    attribution = columns.words(table, "attribution")
    wanted = {word: attribution == word.lower() for word in cohort.settings.related}
    related = np.logical_or.reduce([*wanted.values(), np.zeros(len(table), bool)])
    left_out = known & ~counted
    facts = {
        "declared": declared,
        "related": [word for word, rows in wanted.items() if (rows & counted).any()],
        "has_attribution": "attribution" in table.frame.columns,
        "has_category": "category" in table.frame.columns,
        "rows_left_out": int(left_out.sum()),
        "patients_left_out": int(np.unique(patient[left_out]).size),
        "without_term": int(((patient >= 0) & ~known).sum()),
        "without_grade": int(np.isnan(columns.amounts(table, "grade")[counted]).sum()),
        "without_attribution": int(columns.empty(attribution[counted]).sum()),
    }
    named = {f"category: {key}": word for key, word in named.items()}
    return Events(
        patient[counted],
        *_present(term[counted], terms),
        *_present(category[counted], categories),
        columns.amounts(table, "grade")[counted],
        related[counted],
        columns.days(table, "onset_date")[counted],
        assessed,
        columns.exposure_days(cohort),
        spelled | named | {f"category: {NO_CATEGORY}": "Category not recorded"},
        facts,
        table.frame.index.to_numpy()[counted],
    )


def _reserved(term: str) -> str:
    """A term that would take the name of a total."""
    return f"term: {term}" if term == OVERALL or term.startswith("category: ") else term


def _positions(cohort: Cohort) -> np.ndarray:
    """For each row of the table its patient's position in the cohort; -1 where the cohort has none of that id."""
    ids = pd.Index(cohort.patients.frame["patient_id"], dtype=object)
    last = ~ids.duplicated(keep="last")
    found = ids[last].get_indexer(pd.Index(cohort.toxicities.frame["patient_id"], dtype=object))
    return np.append(np.flatnonzero(last), -1)[found]


def _keyed(written: np.ndarray, key: Callable) -> tuple[np.ndarray, tuple[str, ...], dict[str, str]]:
    """Per row the position of its key, the keys in order, and for each the first way in which it was written."""
    codes, distinct = pd.factorize(written)
    own = [key(word) for word in (*distinct, None)]
    keys = sorted(set(own))
    place = np.array([keys.index(one) for one in own])
    spelled = {
        k: " ".join(word.split()) for k, word in zip(own[-2::-1], distinct[::-1], strict=True) if key_of(word)
    }
    return place[codes], tuple(keys), spelled


def _present(codes: np.ndarray, keys: tuple[str, ...]) -> tuple[np.ndarray, tuple[str, ...]]:
    """The same without the keys that no row has."""
    seen = np.bincount(codes, minlength=len(keys)) > 0
    return (np.cumsum(seen) - 1)[codes], tuple(np.array(keys, object)[seen])


def _assessed(cohort: Cohort) -> tuple[np.ndarray, bool]:
    """Who was assessed for toxicity, and whether the data say so; all where they say nothing at all."""
    answers = columns.words(cohort.patients, "toxicity_assessed")
    declared = not columns.empty(answers).all()
    return (answers == "yes") if declared else np.ones(cohort.n, bool), declared


def graded(events: Events) -> grades.Graded:
    """The rows as whole numbers, as they are counted."""
    return grades.Graded(
        events.patient.astype(np.int32), events.term.astype(np.int32), events.terms,
        events.category.astype(np.int32), events.categories, grades.column_of(events.grade),
        events.related, ~_after_treatment(events), events.assessed,
    )  # fmt: skip


def terms(events: Events, tables: Mapping) -> list[dict]:
    """Every term with its category (the most frequent one), by frequency: grade ≥ 3, then any, then name.

    tables: as `grades.counted` gives them.
    """
    found = []
    for term, rows in zip(events.terms, tables["categories",], strict=True):
        worst = grades.totals(tables, term, slice(None))
        found.append(
            {"key": term, "name": events.names[term], "category": events.categories[rows.argmax()],
             "any": int(worst[grades.UNGRADED :].sum()), "high": int(worst[_from_grade(3)].sum())}
        )  # fmt: skip
    return sorted(found, key=lambda t: (-t["high"], -t["any"], t["key"]))


def worst_grades(events: Events, mine: np.ndarray) -> np.ndarray:
    """Per patient of the cohort the worst grade among the rows: 0 none, NO_GRADE where none has a grade."""
    worst = np.zeros(len(events.assessed))
    grade = np.where(np.isnan(events.grade[mine]), NO_GRADE, events.grade[mine])
    np.maximum.at(worst, events.patient[mine], grade)
    return worst


def estimates(
    section: str, events: Events, groups: Mapping[str, np.ndarray], tables: Mapping
) -> tuple[Estimate, ...]:
    """For the total, each category and each term, for all and per group: patients by worst grade, and rate.

    groups: "all", and masks of the patients. tables: as `grades.counted` gives them, with these groups in this order.
    """
    later = int(_after_treatment(events).sum())
    found = [
        Estimate("began_after_treatment", section=section, variable=OVERALL, value=later, n=len(events),
                 method="events that began after the end of treatment")
    ]  # fmt: skip
    lines = {name: slice(None) if name == "all" else number for number, name in enumerate(groups)}
    times = {name: exposure(events, mask) for name, mask in groups.items()}
    for variable in (OVERALL, *(f"category: {category}" for category in events.categories), *events.terms):
        for group, line in lines.items():
            worst, related = (grades.totals(tables, variable, line, only) for only in (False, True))
            rows = [
                *_patients(worst, ""),
                *_related(related, bool(events.facts["has_attribution"])),
                _rate(int(tables["during", variable][line].sum()), *times[group]),
            ]
            rows += _by_grade(worst, related) if group == "all" else []
            found += [replace(e, section=section, variable=variable, group=group) for e in rows]
    return tuple(found)


def variables(events: Events) -> Iterator[tuple[str, np.ndarray]]:
    yield OVERALL, np.ones(len(events), bool)
    for code, category in enumerate(events.categories):
        yield f"category: {category}", events.category == code
    for code, term in enumerate(events.terms):
        yield term, events.term == code


@cache
def _share(k: int, n: int) -> Estimate:
    return proportion(k, n)


def _from_grade(grade: int) -> slice:
    return slice(grades.FIRST_GRADE + grade - 1, None)


def _patients(worst: np.ndarray, prefix: str) -> list[Estimate]:
    n = int(worst.sum())
    counts = {"any_grade": worst[grades.UNGRADED :], "grade_3_plus": worst[_from_grade(3)]}
    counts |= {} if prefix else {"grade_5": worst[_from_grade(5)]}
    return [replace(_share(int(k.sum()), n), statistic=prefix + name) for name, k in counts.items()]


def _related(worst: np.ndarray, known: bool) -> list[Estimate]:
    rows = _patients(worst, "related_")
    if known:
        return rows
    return [replace(e, value=None, low=None, high=None, events=None, note=NO_ATTRIBUTION) for e in rows]


def _by_grade(worst: np.ndarray, related: np.ndarray) -> list[Estimate]:
    """How many patients have each grade as their worst: the parts of a bar, so without intervals."""
    n, rows = int(worst.sum()), []
    for prefix, values in (("", worst), ("related_", related)):
        counts = {f"worst_grade_{g}": int(k) for g, k in zip(GRADES, values[_from_grade(1)], strict=True)}
        counts["worst_grade_missing"] = int(values[grades.UNGRADED])
        rows += [
            Estimate(prefix + name, value=k / n if n else None, n=n, events=k, method="worst grade per patient",
                     note="" if n else "NE: no patients")
            for name, k in counts.items()
        ]  # fmt: skip
    return rows


def _after_treatment(events: Events) -> np.ndarray:
    """The events known to have begun after the end of treatment."""
    return events.onset > events.exposure[events.patient]


def exposure(events: Events, mask: np.ndarray) -> tuple[float, int]:
    """Days on treatment of the assessed patients among some, nan where those of one are not known; their number."""
    days = events.exposure[events.assessed & mask]
    return float(days.sum()), len(days)


def _rate(number: int, days: float, patients: int) -> Estimate:
    """Events per patient-year on treatment; those known to have begun after its end are not counted."""
    method = "events that began on treatment; exact Poisson (Garwood) 95% CI, taking events as independent"
    if not patients or np.isnan(days):
        return Estimate("rate", method=method, note=NO_EXPOSURE if patients else "NE: no patients")
    if not days:
        return Estimate("rate", method=method, note="NE: no person-time")
    return replace(rate(number, days), method=method, n=patients)
