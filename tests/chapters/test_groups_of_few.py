"""A group of one patient is described, but has no interval and is part of no test; levels come in their order."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from reportgen.report import plain
from reportgen.stats.contingency import odds_ratio
from reportgen.verification.disagreements import disagreements
from tests.chapters.model_cohorts import BY_ARM, arm, patients
from tests.conftest import make
from tests.reading import chapter
from tests.workbooks import minimal_patients, write_workbook

CASES = Path(__file__).parents[1] / "cases"


@pytest.fixture(scope="module")
def made():
    return make(CASES / "group_of_one" / "c.xlsx")


def test_a_group_of_one_has_no_interval(made):
    alone = made.results.select(group="C", statistic="survival")
    assert alone and not any(e.exists for e in alone)
    assert made.results["survival.os.C.survival@365.25"].note == "NE: 1 patient is too few"
    assert made.results["relapse.relapse.C.cumulative_incidence@365.25"].note == "NE: 1 patient is too few"
    bounds = made.results.select(group="C", statistic="extreme_low")
    assert bounds and not any(e.exists for e in bounds)
    assert made.results["survival.os.A.survival@365.25"].low == pytest.approx(0.541, abs=5e-4)


def test_no_estimate_of_one_or_two_patients_has_an_interval(made):
    few = [e for e in made.results.estimates if e.n is not None and e.n <= 2]
    assert len([e for e in few if e.statistic == "proportion" and e.group == "C"]) > 4
    assert [e.id for e in few if e.low is not None or e.high is not None] == []
    share = made.results["relapse.arm.C.proportion"]
    assert (share.value, share.events, share.n) == (1, 1, 1)
    assert share.note == "no interval: 1 patient is too few"
    assert made.results["relapse.arm.A.proportion"].high is not None


@pytest.mark.parametrize("dead", [True, False])
def test_of_a_cohort_of_one_or_two_the_report_says_counts_alone(tmp_path, dead):
    rows = [
        {"patient_id": f"P{k}", "treatment_start": "2020-01-01", "treatment_stop": "2020-06-01",
         "best_response": "CR", "response_date": "2020-03-01", "toxicity_assessed": "yes",
         "vital_status": "dead" if dead else "alive", "death_date": "2021-01-01" if dead else None,
         "last_contact": "2021-01-01", "arm": "AB"[k]}
        for k in range(2)
    ]  # fmt: skip
    for n in (1, 2):
        report = BY_ARM if n == 2 else {}
        book = write_workbook(
            tmp_path / f"{n}.xlsx", patients=rows[:n], **({"report": report} if report else {})
        )
        made = make(book)
        intervals = [e.id for e in made.results.estimates if e.low is not None or e.high is not None]
        assert intervals == []
        assert "95% CI" not in chapter(made.report, "after_stopping") + chapter(made.report, "survival")


def test_an_effect_of_a_group_of_one_is_refused():
    from reportgen.analyses.exact_shares import effect
    from reportgen.stats.proportions import difference

    row = difference((4, 1), (9, 1), method="exact")
    assert row.exists
    assert effect(row, (9, 1)).note == "NE: 1 patient is too few" and not effect(row, (9, 1)).exists
    assert effect(row, (9, 3)) == row
    infinite = odds_ratio([[1, 0], [0, 1]])
    assert infinite.low is not None and effect(infinite, (1, 1)).low is None


@pytest.mark.parametrize("id", ["survival.os.arm", "survival.pfs.arm", "relapse.relapse.arm"])
def test_a_test_of_the_groups_leaves_it_out_and_says_so(made, id):
    test = made.results[f"{id}.p_value"]
    assert test.n == 12 and test.method == "exact permutation log-rank test: A against B"


def test_a_group_of_one_stands_in_the_key_table_but_is_no_end_of_a_range(made):
    table = next(b for b in made.report.sections[0].every if getattr(b, "id", "") == "table-key-results")
    groups = {plain(row.cells[0]): plain(row.cells[3]) for row in table.rows}
    assert [c.head for c in table.columns][3] == "Groups"
    assert groups["PFS at 3 years"] == groups["Relapse by 3 years"] == ""
    assert groups["OS at 3 years"] == "75% to 100%"


def test_what_was_found_by_looking_says_among_how_many(made):
    figure = next(
        b for s in made.report.sections for b in s.every if getattr(b, "id", "") == "figure-patients"
    )
    assert plain(figure.caption).endswith("without: of the 2 features with levels the one that differs most.")


def test_the_sentence_names_the_groups_of_the_test(made):
    assert "exact permutation log-rank test: A against B, p = " in chapter(made.report, "survival")


def test_levels_come_in_the_order_of_the_dictionary_and_counts_belong_to_their_curves():
    ordered = make(CASES / "level_order" / "c.xlsx")
    curves = [c for c in ordered.results.curves if c.endpoint == "os" and c.group != "all"]
    assert [(c.group, int(c.steps.at_risk[0])) for c in curves] == [("medium", 18), ("high", 10), ("low", 8)]
    for days in (182.625, 365.25, 730.5):
        assert ordered.results[f"survival.os.high.survival@{days:g}"].exists


def test_a_second_implementation_finds_the_same_test_without_the_group_of_one(tmp_path):
    rows = patients(arm("A", 30, 14, 3), arm("B", 30, 18, 3, seed=2), arm("C", 1, 0))
    made = make(write_workbook(tmp_path / "a.xlsx", patients=rows, report=BY_ARM))
    assert made.results["survival.pfs.arm.p_value"].method == "log-rank test: A against B"
    findings, _ = disagreements(made.cohort, made.results)
    assert findings == []


def stopped(tmp_path, *in_response: bool):
    """Twelve patients: who stopped, each in response or not, and the others, who go on."""
    rows = minimal_patients(12, best_response="SD", response_date=None, treatment_stop=None, stop_reason=None)
    for row, responded in zip(rows, in_response, strict=False):
        row["treatment_stop"] = row["treatment_start"] + timedelta(days=200)
        row["stop_reason"] = "patient choice"
        if responded:
            row |= {"best_response": "CR", "response_date": row["treatment_start"] + timedelta(days=60)}
    for row in rows:
        row["relapse_date"] = None
    rows[-1]["relapse_date"] = rows[-1]["treatment_start"] + timedelta(days=300)
    return make(write_workbook(tmp_path / "a.xlsx", patients=rows)).report


def test_one_who_stopped_has_no_risk_that_cannot_be_excluded(tmp_path):
    report = stopped(tmp_path, True)
    assert "The one who stopped in response has not relapsed in 2.2 years off treatment." in chapter(
        report, "summary"
    )
    assert "one stopped without recurrence" in chapter(report, "summary")
    assert "Nobody has relapsed or died in 2.2 years off treatment." in chapter(report, "after_stopping")


def test_of_those_who_stopped_in_response_alone_it_is_not_said_that_they_stopped_without_recurrence(tmp_path):
    report = stopped(tmp_path, True, True, True, False)
    assert "three stopped in response, without recurrence" in chapter(report, "summary")
    said = chapter(report, "after_stopping")
    assert (
        "Three patients stopped while in response after" in said and "stopped without recurrence" not in said
    )


def test_page_one_gives_no_share_of_two_patients(tmp_path):
    rows = minimal_patients(2, death_date=None)
    rows[0] |= {"vital_status": "dead", "death_date": rows[0]["last_contact"]}
    report = make(write_workbook(tmp_path / "c.xlsx", patients=rows)).report
    table = next(b for b in report.sections[0].every if getattr(b, "id", "") == "table-key-results")
    (died,) = ([plain(cell) for cell in line.cells] for line in table.rows if plain(line.cells[0]) == "Death")
    assert died[1:3] == ["1/2", ""]
