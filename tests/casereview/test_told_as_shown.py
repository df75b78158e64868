"""What a case review says of its tables is true of them: what is listed, what is shared, where marks stand."""

from __future__ import annotations

import re

import pytest

from reportgen.casereview.case import Case, Shared, seen_later
from reportgen.casereview.parts import assessments, context
from reportgen.cohort.load import load_cohort
from reportgen.figures.axes import Axis
from reportgen.figures.timeline import Course, _placed
from reportgen.report import Table, plain
from reportgen.writing.language import speaking
from tests.conftest import SAMPLE, TWO_GROUPS


def shared_of(path) -> Shared:
    cohort = load_cohort(path)
    return Shared.of(cohort, seen_later(cohort))


@pytest.fixture(scope="module")
def two_groups():
    return shared_of(TWO_GROUPS)


def review_of(shared, who: str, dense: bool, part) -> list:
    ids = list(shared.cohort.patients.frame["patient_id"])
    case = Case(shared, ids.index(who), who, "", dense=dense)
    return list(part.present(part.analyse(case)).blocks)


@pytest.mark.parametrize("dense", (True, False))
def test_characteristics_that_were_counted_are_told_from_those_shown(two_groups, dense):
    blocks = review_of(two_groups, "L002", dense, context)
    said = next(plain(block.text) for block in blocks if not isinstance(block, Table))
    table = next(block for block in blocks if isinstance(block, Table) and block.id == "comparable")
    notes = " ".join(map(plain, table.notes))
    rows = sum(bool(plain(row.cells[2])) and "(" not in plain(row.cells[2]) for row in table.rows)
    assert "eight categorical characteristics known at the start" in said
    assert ("(four shown)" in said) == dense == ("Not shown here: histology" in notes)
    assert rows == (4 if dense else 8)


@pytest.mark.parametrize(("dense", "listed", "latest"), ((True, "Four", "two"), (False, "Seven", "five")))
def test_assessments_are_said_as_they_are_listed(two_groups, dense, listed, latest):
    (table,) = review_of(two_groups, "L002", dense, assessments)
    caption = plain(table.caption)
    assert caption.startswith(
        "Sum of diameters 79\u202fmm at first, 17\u202fmm at its smallest, 28\u202fmm at last."
    )
    assert f"{listed} of nine assessments listed." in caption
    assert f"Listed: the first and the smallest size and the {latest} latest;" in plain(table.notes[0])


def test_marks_of_one_day_stand_below_one_another_at_their_day():
    course = Course(
        (), ((10.0, "stop"), (10.0, "relapse"), (11.0, "death"), (90.0, "response")), (), (), 100, False
    )
    placed = {kind: (x, level) for kind, x, level in _placed(course, Axis(0, 100, 0, 300, ()), 1.0)}
    assert placed == {"stop": (30, 0), "relapse": (30, 1), "death": (33, 2), "response": (270, 0)}


def test_a_share_has_its_sign_as_the_language_has_it():
    shared = shared_of(SAMPLE)
    with speaking("de"):
        blocks = review_of(shared, "S01", False, context)
    said = " ".join(plain(c) for b in blocks if isinstance(b, Table) for row in b.rows for c in row.cells)
    assert re.search(r"0–41\s%", said) and not re.search(r"\d%", said)
