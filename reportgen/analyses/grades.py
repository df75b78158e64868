"""Patients by their worst grade, of every term, category and over all: counted as tables of groups by grades."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from reportgen.cohort.distinct import slices

OVERALL = "any"
# The columns of a table: no toxicity, one or more but none with a grade, and worst grade 1 … 5.
NONE, UNGRADED, FIRST_GRADE, COLUMNS = 0, 1, 2, 7


@dataclass(frozen=True)
class Graded:
    """Toxicities as whole numbers, and the patients assessed for them.

    patient: position among the patients; term, category: positions in terms and categories; column: that of
    the row's own grade; related; during: it is known to have begun on treatment. assessed: per patient.
    unknown_patient, unknown_variable: pairs of a patient and a variable, numbered in the order in which they are
    counted, of which it is not known whether it occurred; who had it all the same counts.
    """

    patient: np.ndarray
    term: np.ndarray
    terms: tuple[str, ...]
    category: np.ndarray
    categories: tuple[str, ...]
    column: np.ndarray
    related: np.ndarray
    during: np.ndarray
    assessed: np.ndarray
    unknown_patient: np.ndarray
    unknown_variable: np.ndarray


def column_of(grade: np.ndarray) -> np.ndarray:
    """The column of a grade; nan is no grade."""
    column = np.full(len(grade), UNGRADED, np.int8)
    for part in slices(len(grade)):
        known = ~np.isnan(grade[part])
        column[part][known] = grade[part][known] + (FIRST_GRADE - 1)
    return column


def of_patients(graded: Graded, start: int, stop: int) -> Graded:
    """Of the patients from one position up to another, with their rows; these must be in the patients' order."""
    cut = _rows(graded, slice(*np.searchsorted(graded.patient, (start, stop))))
    mine = (graded.unknown_patient >= start) & (graded.unknown_patient < stop)
    return replace(
        cut, patient=cut.patient - np.int32(start), assessed=graded.assessed[start:stop],
        unknown_patient=graded.unknown_patient[mine] - start, unknown_variable=graded.unknown_variable[mine],
    )  # fmt: skip


def in_patients_order(graded: Graded) -> Graded:
    """The same rows, those of the first patient first."""
    if (graded.patient[1:] >= graded.patient[:-1]).all():
        return graded
    return _rows(graded, np.argsort(graded.patient, kind="stable"))


def _rows(graded: Graded, rows: slice | np.ndarray) -> Graded:
    columns = ("patient", "term", "category", "column", "related", "during")
    return replace(graded, **{name: getattr(graded, name)[rows] for name in columns})


def counted(graded: Graded, group: np.ndarray, groups: int) -> dict[tuple[str, ...], np.ndarray]:
    """("worst", variable, "" or "related") → groups + 1 × COLUMNS, patients by their worst grade: the assessed
    ones, without those of whom the variable is not known;
    ("during", variable) → groups + 1, rows that began on treatment; ("categories",) → terms × categories, rows.

    group: per patient, 0 for those in none. The first line of a table is that of patients in no group.
    """
    own = group[graded.assessed]
    place = np.cumsum(graded.assessed, dtype=np.int32) - np.int32(1)  # all rows belong to assessed patients
    patient = place[graded.patient]
    found = {}
    for number, (variable, rows) in enumerate(_variables(graded)):
        counts = np.ones(len(own), bool)
        counts[place[graded.unknown_patient[graded.unknown_variable == number]]] = False
        counts[patient[rows]] = True
        for name, mine in (("", rows), ("related", rows[graded.related[rows]])):
            worst = np.zeros(len(own), np.int8)
            np.maximum.at(worst, patient[mine], graded.column[mine])
            found["worst", variable, name] = table(own[counts], worst[counts], groups + 1, COLUMNS)
        during = rows[graded.during[rows]]
        found["during", variable] = np.bincount(own[patient[during]], minlength=groups + 1)
    shape = len(graded.terms), len(graded.categories)
    found["categories",] = table(graded.term, graded.category, *shape)
    return found


def totals(tables: Mapping, variable: str, line: slice | int, related: bool = False) -> np.ndarray:
    """(COLUMNS,) of one variable: of everybody with slice(None), of a group with its number."""
    found = tables["worst", variable, "related" if related else ""][line]
    return found.sum(axis=0) if found.ndim > 1 else found


def table(line: np.ndarray, column: np.ndarray, lines: int, columns: int) -> np.ndarray:
    """How often each line and column go together: lines × columns."""
    cells = line.astype(np.int64) * columns + column
    return np.bincount(cells, minlength=lines * columns).reshape(lines, columns)


def _variables(graded: Graded) -> Iterator[tuple[str, np.ndarray]]:
    """The rows of all, of each category and of each term, as positions."""
    yield OVERALL, np.arange(len(graded.patient), dtype=np.int32)
    yield from _by(graded.category, [f"category: {category}" for category in graded.categories])
    yield from _by(graded.term, graded.terms)


def _by(code: np.ndarray, names) -> Iterator[tuple[str, np.ndarray]]:
    order = np.argsort(code, kind="stable").astype(np.int32)
    ends = np.concatenate([[0], np.cumsum(np.bincount(code, minlength=len(names)))])
    for name, start, stop in zip(names, ends[:-1], ends[1:], strict=True):
        yield name, order[start:stop]
