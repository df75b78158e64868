"""The limits by which a patient is hidden: each value is held from both sides."""

from __future__ import annotations

import numpy as np
import pytest

from reportgen.cohort.load import load_cohort
from reportgen.privacy.protect import protect
from reportgen.privacy.release import released
from reportgen.privacy.steps import Course, Stepped, nested, seen_alike
from tests.workbooks import minimal_patients, write_workbook

AGES = [17.9, 18.0, 39.9, 40.0, 59.9, 60.0, 74.9, 75.0, 88.2, 89.0, 89.9, 90.0, 91.5, 104.0]
KEY = bytes(range(32))


def aged(folder, profile):
    rows = minimal_patients(len(AGES), age_at_start=AGES)
    overrides = {"privacy.profile": profile, "privacy.release_agreed": True}
    return protect(load_cohort(write_workbook(folder / "a.xlsx", patients=rows), overrides=overrides), KEY)


def test_the_board_sees_whole_years_and_nobody_over_89_apart(tmp_path):
    ages = aged(tmp_path, "board").patients.frame["age_at_start"].tolist()
    assert ages == [17, 18, 39, 40, 59, 60, 74, 75, 88, 89, 89, 90, 90, 90]


def test_outside_ages_are_bands(tmp_path):
    bands = aged(tmp_path, "external").patients.frame["age band"].tolist()
    assert bands == [
        "0–17",
        "18–39",
        "18–39",
        "40–59",
        "40–59",
        "60–74",
        "60–74",
        *["75–89"] * 4,
        *["over 89"] * 3,
    ]


@pytest.mark.parametrize(
    "censored, end",
    [([], 0.0), ([30], 30), ([30, 60, 90], 30), ([30, 60, 90, 120], 60), ([30, 60, 90, 120, 150], 90),
     ([30, 60, 90, 120, 150, 180], 120)],
)  # fmt: skip
def test_a_course_is_told_while_four_steps_are_at_risk(censored, end):
    """The day on which only three full steps are left: those who fill none may be events, and would matter too much."""
    assert Stepped(8, np.array([]), np.array(censored, float)).end == end


def test_or_to_its_last_event():
    assert Stepped(8, np.array([170.0]), np.array([30.0, 60, 90, 120])).end == 170


ROWS = np.arange(3)


def course(duration, status, rows=ROWS):
    return Course(np.array(duration, float), np.array(status), rows)


def test_death_lies_within_progression_or_death_even_where_assessments_end_the_latter():
    death = course([100, 200, 300], [1, 0, 0])
    for ended, alike in (([100, 200, 300], True), ([100, 150, 250], False)):
        progression = course(ended, [1, 0, 0])
        assert nested(death, progression) and seen_alike(death, progression) is alike
    assert seen_alike(death, course([100, 200, 50], [1, 0, 1]))
    assert not nested(death, course([100, 200, 301], [1, 0, 0]))
    assert not nested(death, course([100, 200, 300], [0, 0, 0]))
    assert not nested(death, course([100, 200, 300], [1, 0, 0], np.array([0, 1, 3])))


def test_both_curves_go_out_where_assessments_end_the_one():
    cohort = load_cohort("sample_data/two_groups.xlsx", overrides={"privacy.profile": "external"})
    assert cohort.endpoints["pfs"].by_assessment
    assert {curve.endpoint for curve in released(protect(cohort)).curves} >= {"os", "pfs"}
