"""Table 1: shares of what is recorded, what is missing, no p-value, and nothing from after the start in it."""

from __future__ import annotations

import pytest

from reportgen.chapters import baseline
from tests.chapters.chapters import HOSTILE, chapter, of, patient


def made(folder, overrides=None, dictionary=None, **columns):
    n = len(next(iter(columns.values())))
    rows = [
        patient(f"P{i}") | {name: values[i - 1] for name, values in columns.items()} for i in range(1, n + 1)
    ]
    sheets = {"patients": rows} | ({"dictionary": dictionary} if dictionary else {})
    return chapter(baseline, folder, overrides=overrides, **sheets)


def test_the_sample(sample):
    told = of(baseline, sample.cohort)
    assert told.text == ""  # the table and page one say it
    assert ["Sex", "female 4, male 4"] in told.table("table-baseline")
    assert ["Critically ill at the start", "2 of 8"] in told.table("table-baseline")
    assert ["Fusion partner", "RANBP2: 3, TPM3: 2, TPM4: 1, FN1: 1, CLTC: 1"] in told.table("table-baseline")
    assert told.table("table-baseline-later") == [["Surgery", "4/8 (50%)"]]


def test_shares_are_of_what_is_recorded_and_missing_is_counted(tmp_path):
    told = made(tmp_path, stage=["I", "II", "II", None], marker=["yes", None, "no", "yes"])
    estimate = told.results["baseline.stage.II.proportion"]
    assert (estimate.events, estimate.n) == (2, 3)
    assert told.results["baseline.stage.all.missing"].value == 1
    table = told.table("table-baseline")
    assert table == [["Stage", "II 2, I 1; not recorded in 1"], ["Marker", "2 of 3; not recorded in 1"]]
    many = made(tmp_path, stage=[*["I", "II", "II", None] * 9], marker=[*["yes", None, "no", "yes"] * 9])
    table = many.table("table-baseline")
    assert ["II", "18/27 (67%)"] in table and ["Marker", "18/27 (67%)"] in table
    assert table.count(["not recorded", "9"]) == 2


def test_numbers_have_median_quartiles_and_range_and_of_many_the_mean(tmp_path):
    few = made(tmp_path, size=[1.5, 2.5, 3.5, None])
    assert few.results["baseline.size.all.median"].value == 2.5
    rows = [line[0] for line in few.table("table-baseline")]
    assert rows == ["Size"] and few.table("table-baseline")[0][1] == "median 2.5 (1.5–3.5); not recorded in 1"
    many = made(tmp_path, size=[float(k) + 0.5 for k in range(36)])
    rows = [line[0] for line in many.table("table-baseline")]
    assert rows == ["Size", "median (quartiles)", "range", "mean (SD)"]


def test_no_p_value_and_no_test(two_groups):
    told = of(baseline, two_groups.cohort)
    assert not told.results.select(section="baseline", statistic="p_value")
    assert "p =" not in told.text


def test_groups_stand_beside_each_other(two_groups):
    told = of(baseline, two_groups.cohort)
    groups = told.results.facts["baseline"].groups
    counts = [told.results[f"baseline.all.{group}.count"].value for group in groups]
    assert sum(counts) == 120
    parts = [told.results[f"baseline.sex.{group}|female.proportion"].events for group in groups]
    assert sum(parts) == told.results["baseline.sex.female.proportion"].events
    assert "arm" not in [f.name for f in told.results.facts["baseline"].features]


def test_the_table_says_first_in_what_two_groups_differ_most(two_groups, sample):
    told = of(baseline, two_groups.cohort)
    size = max(
        e.value for e in told.results.estimates if e.statistic == "standardised_difference" and e.exists
    )
    said = told.caption("table-baseline")
    assert said.startswith("The groups differ most at the start in ")
    assert said.endswith(f": standardised difference {size:.2f}.")
    assert of(baseline, sample.cohort).caption("table-baseline") == "Patients at the start of treatment."


def test_patients_without_a_group_are_counted(tmp_path):
    told = made(
        tmp_path,
        overrides={"group": "arm"},
        arm=["a", "a", "b", "b", None],
        marker=["yes", "no"] * 2 + ["no"],
    )
    assert "By arm: 2 in a and 2 in b; for 1 it is not recorded." in told.text.replace("Arm", "arm")


def test_a_group_called_all_is_not_the_whole_cohort(tmp_path):
    told = made(tmp_path, overrides={"group": "arm"}, arm=["all", "all", "b"], stage=["I", "II", "I"])
    counts = {group: told.results[f"baseline.all.{group}.count"].value for group in ("all", "“all”", "b")}
    assert counts == {"all": 3, "“all”": 2, "b": 1}


def test_one_group_is_no_grouping(tmp_path):
    told = made(tmp_path, overrides={"group": "arm"}, arm=["a"] * 3)
    assert told.results.facts["baseline"].groups == []
    assert told.results["baseline.arm.a.proportion"].n == 3


def test_what_became_known_later_stands_apart(tmp_path):
    told = made(tmp_path, stage=["I", "II", "I", "I"], surgery=["yes", "no", "no", "yes"])
    assert all(line[0] != "Surgery" for line in told.table("table-baseline"))
    assert told.table("table-baseline-later") == [["Surgery", "2/4 (50%)"]]


def test_a_cohort_without_features_says_so(tmp_path):
    told = chapter(baseline, tmp_path, patients=[patient("P1")])
    assert told.text == "One patient was treated. The data describe no feature of the patients."


def test_a_feature_that_nobody_in_a_group_has_recorded(tmp_path):
    told = made(tmp_path, overrides={"group": "arm"}, arm=["a", "a", "b", "b"], size=[1.0, 2.5, None, None],
                stage=["I", "I", None, None])  # fmt: skip
    row = next(line for line in told.table("table-baseline") if line[0] == "median (quartiles)")
    assert row[-1] == "NE"


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_levels_stay_text(tmp_path, text):
    told = made(
        tmp_path, overrides={"group": "arm"}, stage=[text, "I", text, "I"], arm=[text, text, "b", "b"]
    )
    assert [text, "2/4 (50%)", "1/2 (50%)", "1/2 (50%)"] in told.table("table-baseline")
