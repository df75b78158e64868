"""Codes and calendar years are no measurements, few whole numbers are levels, and a thing's id is no person's."""

from __future__ import annotations

import pandas as pd

from reportgen.cohort.checks.identifiers import identifies
from reportgen.cohort.load import load_cohort
from reportgen.cohort.mapping.codes import are_levels, measures_nothing
from tests.workbooks import minimal_patients, write_workbook

N = 24


def load(tmp_path, rows, dictionary=None, **overrides):
    sheets = {"patients": rows} | ({"dictionary": dictionary} if dictionary else {})
    return load_cohort(write_workbook(tmp_path / "a.xlsx", **sheets), overrides=overrides)


def by_name(cohort):
    return {feature.name: feature for feature in cohort.features}


def said(cohort, code):
    return [issue.problem.split()[0] for issue in cohort.issues if issue.code == code]


def test_codes_years_and_forms_are_no_features_and_scores_are_levels(tmp_path):
    rows = minimal_patients(
        N, ecog=[0, 1, 2] * 8, tumour_grade=[1, 2, 3] * 8, nodes_positive=[k % 12 for k in range(N)],
        zip3=[800 + k for k in range(N)], hospital_code=[101, 102, 103] * 8, year_dx=[2016, 2017, 2018] * 8,
        mrn=[900000 + k for k in range(N)], case_no=[9000 + 7 * k for k in range(N)], base_complete=[0, 2] * 12,
        all_no=[0] * N,
    )  # fmt: skip
    cohort = load(tmp_path, rows)
    found = by_name(cohort)
    assert set(found) == {"ecog", "tumour_grade", "nodes_positive"}
    assert found["ecog"].levels == ("0", "1", "2") and found["tumour_grade"].levels == ("1", "2", "3")
    assert found["nodes_positive"].kind == "number"
    assert said(cohort, "COLUMN_NOT_USED") == ["zip3", "hospital_code", "year_dx", "base_complete"]
    assert said(cohort, "DIRECT_IDENTIFIER") == ["mrn", "case_no"]
    assert [i.problem for i in cohort.issues if i.code == "CONSTANT_COLUMN"] == [
        "The same in all patients, and not examined: all no"
    ]


def test_ids_and_names_of_things_are_categories(tmp_path):
    rows = minimal_patients(N, site_id=["A", "B", "C"] * 8, drug_name=["x", "y"] * 12, gene_name=["K", "N", "none"] * 8,
                            complication_no=[0, 1, 2, 3] * 6, trial_arm_id=[0, 1] * 12)  # fmt: skip
    assert set(by_name(load(tmp_path, rows))) == {
        "site_id",
        "drug_name",
        "gene_name",
        "complication_no",
        "trial_arm_id",
    }


def test_a_person_is_identified_however_many_patients_share_the_name():
    shared = pd.Series(["Miller", "Smith"] * 12)
    assert identifies("doctor_name", shared) and identifies("patient_name", shared)
    assert identifies("mrn", shared) and not identifies("gene_name", shared)
    assert identifies("case_no", pd.Series(range(20))) and not identifies("complication_no", shared)


def test_measurements_stay_what_they_are():
    assert measures_nothing("cap", pd.Series([20121.0, 20122, 30010]))
    assert not measures_nothing("ldh", pd.Series([200.0, 310, 1950]))
    assert not measures_nothing("number_of_nodes", pd.Series([0, 12, 30]))
    assert not measures_nothing("site_id", pd.Series([1, 2, 3]))
    assert not are_levels("ldh", pd.Series([1, 2, 3.5] * 10))
    assert not are_levels("nodes", pd.Series(range(10)))
    assert are_levels("ecog", pd.Series([0, 1, 2, 1, 0, 1, None]))


def test_a_category_of_many_values_is_named(tmp_path):
    centre = [f"Centre {k % 25:02}" for k in range(120)]
    diagnosis, remark = [f"Entity {k % 30}" for k in range(120)], [f"text {k}" for k in range(120)]
    rows = minimal_patients(120, centre=centre, diagnosis=diagnosis, remark=remark)
    cohort = load(tmp_path, rows)
    assert not by_name(cohort)
    assert set(said(cohort, "MANY_LEVELS")) == {"centre", "diagnosis"}
    wanted = load(tmp_path, rows, [{"column": "centre", "role": "feature"}])
    assert len(by_name(wanted)["centre"].levels) == 25


def test_many_numbers_among_words_are_asked_about(tmp_path):
    rows = minimal_patients(
        12, crp=["pos", "neg", "pos", "neg", "pos", "neg", 5.1, 8, 12.3, 30, 44, 7],
        stage=["1", "2", "3", "4a", "4b", "x"] * 2, remark=["a", "b c", "d e", "f", "g", "h", *range(10, 16)],
    )  # fmt: skip
    cohort = load(tmp_path, rows)
    assert said(cohort, "MIXED_VALUES") == ["crp", "remark"]
    told = load(tmp_path, rows, [{"column": name, "type": "number"} for name in ("crp", "remark")])
    assert not said(told, "MIXED_VALUES") and by_name(told)["crp"].kind == "number"


def test_groups_that_nobody_can_tell_apart_are_not_drawn(tmp_path):
    from reportgen.analyses.groups import comparable, grouping

    rows = minimal_patients(120, centre=[f"Centre {k % 25:02}" for k in range(120)])
    cohort = load(tmp_path, rows, group="centre")
    assert [issue.severity for issue in cohort.issues if issue.code == "MANY_GROUPS"] == ["warning"]
    assert grouping(cohort, cohort.patients.frame.index.to_numpy()) == {} and not comparable(cohort)
    assert "centre" in by_name(cohort)
