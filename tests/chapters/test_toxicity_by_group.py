"""Toxicity of groups: grade ≥ 3 by their difference, events per 100 patient-years, and follow-up of each group."""

from __future__ import annotations

import pytest

from reportgen.chapters import follow_up, toxicity
from reportgen.report import plain
from tests.chapters.chapters import chapter, day, of, patient

ROWS = [
    ("A1", "Nausea", 3), ("A2", "Nausea", 1), ("B1", "Nausea", 3), ("B2", "Nausea", 4), ("B3", "Nausea", 3),
    ("B1", "Rash", 1),
]  # fmt: skip


def made(folder, arms=("A", "B"), **settings):
    """Three patients in each arm, 100 days on treatment in the first and 200 in the others, all assessed."""
    patients = [
        patient(f"{arm}{k}", arm=arm, treatment_stop=100 if arm == arms[0] else 200, toxicity_assessed="yes",
                last_contact=300 * k)
        for arm in arms
        for k in (1, 2, 3)
    ]  # fmt: skip
    rows = [
        {"patient_id": who, "term": term, "grade": grade, "onset_date": day(10)} for who, term, grade in ROWS
    ]
    return {"overrides": {"group": "arm"}, "patients": patients, "toxicities": rows} | settings


def test_shares_with_grade_3_are_set_against_each_other(tmp_path):
    told = chapter(toxicity, tmp_path, **made(tmp_path))
    row = told.results["toxicity.nausea.arm.risk_difference"]
    assert row.value == pytest.approx(3 / 3 - 1 / 3)
    assert row.low is not None and row.low < row.value < required_high(row)
    assert "Chan–Zhang" in str(row.method) and str(row.method).endswith("B minus A")
    (nausea,) = [line for line in told.table("table-toxicity-groups") if line[0] == "Nausea"]
    assert nausea[-1].startswith("+67 (")
    assert told.results["toxicity.any.arm.risk_difference"].events == 4


def required_high(row) -> float:
    assert row.high is not None
    return row.high


def test_rates_stand_per_hundred_patient_years_and_as_their_ratio(tmp_path):
    told = chapter(toxicity, tmp_path, **made(tmp_path))
    ratio = told.results["toxicity.any.arm.rate_ratio"]
    # The 30 days after the end of treatment count as well.
    assert ratio.value == pytest.approx((4 / 690) / (2 / 390))
    lines = {line[0]: line for line in told.table("table-toxicity-rates")}
    # Two events in 390 days are 187 in 100 patient-years.
    assert lines["Any toxicity"][1] == "2 (187.3)" and lines["Any toxicity"][-2] == "1.13"
    # None in one group: no ratio that could be printed, but the rates stand.
    assert lines["Rash"][1] == "0 (0.0)" and lines["Rash"][-2] == "NE"
    assert told.results["toxicity.any.B.person_time"].value == 690
    assert [line[-1] for line in told.table("table-toxicity")][0] == "6 (202.9)"


def test_without_two_groups_there_is_neither(tmp_path, sample):
    assert not of(toxicity, sample.cohort).has("table-toxicity-rates")
    three = chapter(toxicity, tmp_path, **made(tmp_path, arms=("A", "B", "C")))
    assert not three.has("table-toxicity-rates")
    assert not three.results.select(statistic="risk_difference")
    assert not three.results.select(statistic="rate_ratio")


def test_groups_known_later_are_not_set_against_each_other(tmp_path):
    (tmp_path / "report.toml").write_text('[features]\nlater = ["arm"]\n')
    told = chapter(toxicity, tmp_path, **made(tmp_path))
    assert not told.has("table-toxicity-rates")
    assert not told.results.select(statistic="risk_difference")


def test_each_group_has_its_own_median_follow_up(tmp_path):
    told = chapter(follow_up, tmp_path, **made(tmp_path))
    lines = {line[0]: line for line in told.table("table-follow-up")}
    assert lines["Arm A, reverse Kaplan–Meier"][1] == "3"
    assert told.results["follow_up.reverse.A.median_time"].value == 600
    few = made(tmp_path)
    few["patients"] = [row for row in few["patients"] if row["patient_id"] not in ("A1", "A2")]
    few["toxicities"] = [row for row in few["toxicities"] if row["patient_id"] not in ("A1", "A2")]
    row = chapter(follow_up, tmp_path, **few).results["follow_up.reverse.A.median_time"]
    assert (row.n, row.low, row.high) == (1, None, None)


def test_worst_grades_and_related_toxicity_stand_by_group(two_groups):
    """Two groups stand beside each other, every term in one line; whoever has a toxicity has one worst grade."""
    section = next(s for s in two_groups.report.sections if s.key == "toxicity")
    table = next(b for b in section.every if getattr(b, "id", "") == "table-toxicity-grades")
    assert len(table.rows) == 36  # any toxicity and 35 terms
    first = [plain(cell) for cell in table.rows[0].cells]
    assert first[0] == "Any toxicity"
    numbers = [int(cell) for cell in first[1:]]
    half = len(numbers) // 2
    for group, line in (("regimen A", numbers[:half]), ("regimen B", numbers[half:])):
        had = two_groups.results[f"toxicity.any.{group}.any_grade"]
        missing = two_groups.results[f"toxicity.any.{group}.worst_grade_missing"]
        assert any(f"{group} (n = {had.n}), worst grade" == column.over for column in table.columns)
        assert sum(line[:-2]) + missing.events == had.events
        assert line[-2] == two_groups.results[f"toxicity.any.{group}.related_any_grade"].events


def test_worst_grades_of_more_groups_stand_below_all_patients(tmp_path):
    """So they do of two where not all patients are in one of them."""
    rows = made(tmp_path)
    for k in range(2):
        rows["patients"][k]["arm"] = None
    told = chapter(toxicity, tmp_path, **rows)
    lines = told.table("table-toxicity-grades")
    assert [line[0] for line in lines[:3]] == ["Any toxicity", "A", "B"]
    whole, *groups = (int(line[1]) for line in lines[:3])
    assert sum(groups) == whole - 2
