"""The sheet of measurements: what is asked about it, what is counted and drawn, and who sees it."""

from __future__ import annotations

import pytest

from reportgen.analyses.measurement_series import measured
from reportgen.casereview.case import Case, Shared
from reportgen.casereview.parts import measured_values
from reportgen.chapters import patients
from reportgen.figures.axes import time_ticks
from reportgen.privacy.protect import protect
from reportgen.report import plain
from tests.chapters.chapters import HOSTILE, chapter, day, patient

PATIENTS = [patient("ann"), patient("bob", last_contact=20)]


def row(who: str, on: int, name: str, value, unit: str | None = "U/L", lower=None, upper=None) -> dict:
    return {"patient_id": who, "date": day(on), "name": name, "value": value, "unit": unit, "lower": lower,
            "upper": upper}  # fmt: skip


ROWS = [
    row("ann", 10, "LDH", 300, lower=100, upper=200),
    row("ann", -5, "ldh", 400, lower=100, upper=200),
    row("bob", 3, "LDH", 250, lower=100, upper=200),
    row("ann", 0, "CRP", "<0.5", "mg/L"),
    row("ann", 1, "CRP", 7, "mg/L", lower=9, upper=5),
    row("ann", 2, "CRP", 80, "mg/dL"),
    {**row("bob", 0, "CRP", 6, "mg/L"), "date": None},
]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("measured")
    return chapter(patients, folder, overrides=None, patients=PATIENTS, measurements=ROWS)


def test_each_doubt_is_asked_with_its_cell(made):
    asked = {(issue.code, issue.cell) for issue in made.cohort.issues if issue.sheet == "measurements"}
    assert asked >= {
        ("BAD_NUMBER", "D5"),
        ("LIMITS_CROSSED", "F6"),
        ("UNITS_DIFFER", "E7"),
        ("MISSING_VALUE", "B8"),
    }


def test_a_series_has_one_name_and_one_unit_and_its_days_in_order(made):
    found = measured(made.cohort)
    assert [(one.name, one.unit, one.lower, one.upper) for one in found] == [
        ("LDH", "U/L", 100, 200), ("CRP", "mg/L", None, None), ("CRP", "mg/dL", None, None)]  # fmt: skip
    assert found[0].tracks == {0: ((-5, 10), (400, 300)), 1: ((3,), (250,))}
    count = made.results["patients.measurement: LDH (U/L).all.count"]
    assert (count.value, count.n) == (3, 2)


def test_the_report_and_the_case_review_draw_them(made):
    (figure,) = [block for block in made.section.further if getattr(block, "id", "") == "figure-measurements"]
    assert "LDH (U/L), two patients, from 250 to 400" in figure.alt
    assert "reference range" in " ".join(map(plain, figure.notes))
    review = measured_values.present(measured_values.analyse(Case(Shared.of(made.cohort), 1, "bob")))
    assert "LDH (U/L), last 250 after 3 days" in review.blocks[0].alt


def test_nothing_of_them_leaves_for_readers_outside(made):
    from dataclasses import replace

    settings = made.cohort.settings
    outside = replace(settings, privacy=replace(settings.privacy, profile="external"))
    assert protect(replace(made.cohort, settings=outside)).measurements is None
    board = protect(
        replace(made.cohort, settings=replace(settings, privacy=replace(settings.privacy, profile="board"))),
        b"key",
    )
    assert board.measurements is not None and board.measurements.frame["date"].isna().all()
    assert measured(board)[0].tracks[1] == ((3,), (250,))


def test_any_name_can_be_drawn_and_without_the_sheet_nothing_is(tmp_path, sample):
    odd = [
        row("ann", 5 * i, name, value)
        for i, (name, value) in enumerate(zip(HOSTILE, (0, 1, -3, 1e9, 1e-9, 5, 5), strict=True))
    ]
    drawn = chapter(patients, tmp_path, overrides=None, patients=PATIENTS, measurements=odd)
    assert len(measured(drawn.cohort)) == len(HOSTILE)
    assert (
        measured_values.present(measured_values.analyse(Case(Shared.of(sample.cohort), 0, "a"))).blocks == ()
    )


def test_ticks_of_measured_values_stand_at_whole_quarters_of_a_year():
    assert time_ticks(-1.0, 11.0, "months", 4) == (0, 3, 6, 9)
    assert time_ticks(0.0, 3.1, "years", 4) == (0, 1, 2, 3)
