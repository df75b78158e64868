"""Toxicity: patients and not events, worst grades, the right denominator, and no "no toxicity" from no rows."""

from __future__ import annotations

import pytest

from reportgen.analyses.toxicities import key_of
from reportgen.sections import toxicity
from tests.sections.chapters import HOSTILE, chapter, day, of, patient


def row(who: str, term: str, grade: int | None, attribution: str | None = "possible", **more) -> dict:
    return {
        "patient_id": who,
        "category": "Blood",
        "term": term,
        "grade": grade,
        "attribution": attribution,
    } | more


def assessed(n: int, **columns) -> list[dict]:
    return [patient(f"P{i}", toxicity_assessed="yes", treatment_stop=100, **columns) for i in range(1, n + 1)]


def made(folder, rows, patients=None, **options):
    return chapter(toxicity, folder, patients=patients or assessed(4), toxicities=rows, **options)


def counts(results, variable: str, statistic: str, group: str = "all") -> tuple[int, int]:
    estimate = results[f"toxicity.{variable}.{group}.{statistic}"]
    return estimate.events, estimate.n


def test_the_sample_states_the_major_toxicity(sample):
    told = of(toxicity, sample.cohort)
    assert (
        "The major toxicity was neutropenia (neutrophil count decreased): 5 of 8 patients (63%; 95% CI 24–91) any "
        "grade, 3 of 8 (38%; 95% CI 9–76) grade ≥ 3."
    ) in told.text
    assert counts(told.results, "neutrophil count decreased", "any_grade") == (5, 8)
    assert counts(told.results, "neutrophil count decreased", "grade_3_plus") == (3, 8)
    assert counts(told.results, "any", "any_grade") == (7, 8)
    assert counts(told.results, "any", "related_grade_3_plus") == (3, 8)
    assert counts(told.results, "nausea", "any_grade") == (2, 8)
    interval = told.results["toxicity.neutrophil count decreased.all.any_grade"]
    assert (interval.low, interval.high) == pytest.approx((0.245, 0.915), abs=5e-4)


def test_a_patient_counts_once_with_the_worst_grade_whatever_the_spelling(tmp_path):
    rows = [row("P1", "Nausea", 1), row("P1", " nausea ", 3), row("P2", "NAUSEA", 2)]
    told = made(tmp_path, rows)
    assert counts(told.results, "nausea", "any_grade") == (2, 4)
    assert counts(told.results, "nausea", "grade_3_plus") == (1, 4)
    assert [counts(told.results, "nausea", f"worst_grade_{g}")[0] for g in (1, 2, 3)] == [0, 1, 1]


def test_a_category_counts_patients_and_is_no_sum(tmp_path):
    rows = [row("P1", "Anaemia", 3), row("P1", "Neutropenia", 3), row("P2", "Anaemia", 1)]
    told = made(tmp_path, rows)
    assert counts(told.results, "category: blood", "any_grade") == (2, 4)
    assert counts(told.results, "category: blood", "grade_3_plus") == (1, 4)
    assert told.table("table-toxicity")[1][:2] == ["Blood", "2/4 (50%)"]


def test_the_denominator_is_the_patients_assessed(tmp_path):
    patients = [*assessed(3), patient("P4", toxicity_assessed="no", treatment_stop=100)]
    told = made(tmp_path, [row("P1", "Nausea", 2)], patients)
    assert counts(told.results, "nausea", "any_grade") == (1, 3)


def test_rows_of_patients_not_assessed_are_left_out_and_said(tmp_path):
    patients = [*assessed(3), patient("P4", treatment_stop=100)]
    told = made(tmp_path, [row("P1", "Nausea", 2), row("P4", "Nausea", 4), row("P4", "Rash", 1)], patients)
    assert counts(told.results, "any", "any_grade") == (1, 3)
    assert (
        "Two toxicity rows of one patient not recorded as assessed for toxicity are not counted."
        in told.notices
    )


def test_without_a_column_for_it_all_are_taken_as_assessed_and_it_is_said(tmp_path):
    patients = [patient(f"P{i}", treatment_stop=100) for i in range(1, 4)]
    told = made(tmp_path, [row("P1", "Nausea", 2)], patients)
    assert counts(told.results, "nausea", "any_grade") == (1, 3)
    assert "all patients are taken as assessed" in told.section.blocks[0].text


def test_related_is_beside_all_causes(tmp_path):
    rows = [
        row("P1", "Nausea", 3, "unrelated"),
        row("P1", "Nausea", 1, "probable"),
        row("P2", "Nausea", 2, None),
    ]
    told = made(tmp_path, rows)
    assert counts(told.results, "nausea", "grade_3_plus") == (1, 4)
    assert counts(told.results, "nausea", "related_any_grade") == (1, 4)
    assert counts(told.results, "nausea", "related_grade_3_plus") == (0, 4)
    assert "One toxicity row without an attribution: not counted as related." in told.notices


def test_without_attributions_nothing_is_called_related(tmp_path):
    rows = [{"patient_id": "P1", "term": "Nausea", "grade": 2}]
    told = made(tmp_path, rows)
    estimate = told.results["toxicity.nausea.all.related_any_grade"]
    assert estimate.value is None and estimate.note.startswith("NE")
    assert "Whether an event was related to treatment is not recorded." in told.text
    assert not told.has("figure-toxicity")


def test_a_missing_grade_counts_under_any_grade_only(tmp_path):
    told = made(tmp_path, [row("P1", "Nausea", None), row("P2", "Nausea", 3)])
    assert counts(told.results, "nausea", "any_grade") == (2, 4)
    assert counts(told.results, "nausea", "grade_3_plus") == (1, 4)
    assert counts(told.results, "nausea", "worst_grade_missing") == (1, 4)
    assert any("without a grade" in notice for notice in told.notices)


def test_no_rows_are_not_read_as_no_toxicity(tmp_path):
    head = [["patient_id", "term", "grade"]]
    silent = made(tmp_path, head, [patient("P1"), patient("P2")])
    assert silent.notices == [
        "The sheet of toxicities holds no row, and the data do not say who was assessed: nothing is concluded."
    ]
    told = made(tmp_path, head, assessed(8))
    assert "No event was recorded among eight patients assessed" in told.text and "is 37%" in told.text


def test_nobody_assessed_gives_no_denominator(tmp_path):
    patients = [patient("P1", toxicity_assessed="no"), patient("P2", toxicity_assessed="no")]
    told = made(tmp_path, [["patient_id", "term", "grade"]], patients)
    assert "nothing is concluded" in told.text
    assert told.results["toxicity.any.all.any_grade"].value is None


def test_the_rate_counts_events_on_treatment_over_time_on_treatment(tmp_path):
    rows = [row("P1", "Nausea", 1, onset_date=day(10)), row("P1", "Nausea", 1, onset_date=day(50)),
            row("P2", "Rash", 1, onset_date=day(500)), row("P3", "Rash", 1)]  # fmt: skip
    told = made(tmp_path, rows)
    rate = told.results["toxicity.any.all.rate"]
    assert rate.events == 3 and rate.value == pytest.approx(3 / (400 / 365.25))
    assert told.results["toxicity.any.all.began_after_treatment"].value == 1
    assert "1 that began after its end are not in the rate" in told.text


def test_without_a_stop_there_is_no_rate_and_the_reason_is_said(tmp_path):
    told = made(tmp_path, [row("P1", "Nausea", 1)], [patient("P1"), patient("P2")])
    assert told.results["toxicity.any.all.rate"].value is None
    assert "No rate is given" in told.text


def test_grade_5_has_its_column_only_where_it_occurred(tmp_path):
    died = {"vital_status": "dead", "death_date": day(90), "last_contact": day(90), "treatment_stop": day(90)}
    patients = [*assessed(3), patient("P4", toxicity_assessed="yes") | died]
    told = made(tmp_path, [row("P4", "Sepsis", 5, onset_date=day(80))], patients)
    heads = [
        c.head for b in told.section.blocks if getattr(b, "id", "") == "table-toxicity" for c in b.columns
    ]
    assert "Grade 5" in heads
    assert "of grade 5 in one" in told.text


def test_the_term_that_leads_at_grade_3_and_the_one_that_leads_at_any_are_both_named(tmp_path):
    rows = [row(f"P{i}", "Fatigue", 1) for i in (1, 2, 3)] + [row("P4", "Platelet count decreased", 4)]
    text = made(tmp_path, rows).text
    assert "The most frequent toxicity was fatigue: 3 of 4 patients" in text
    assert (
        "The most frequent toxicity of grade ≥ 3 was thrombocytopenia (platelet count decreased): 1 of 4"
        in text
    )


def test_the_version_of_ctcae_is_said_or_its_absence(tmp_path):
    rows = [row("P1", "Nausea", 1)]
    assert "The version of CTCAE was not declared." in made(tmp_path, rows).section.blocks[0].text
    declared = made(tmp_path, rows, overrides={"ctcae_version": "5.0"})
    assert "Graded by CTCAE version 5.0." in declared.section.blocks[0].text


def test_groups_stand_beside_each_other_without_a_test(two_groups):
    told = of(toxicity, two_groups.cohort)
    arms = told.results.facts["toxicity"]["groups"]
    assert len(arms) == 2
    totals = [counts(told.results, "any", "any_grade", arm) for arm in arms]
    assert tuple(map(sum, zip(*totals, strict=True))) == counts(told.results, "any", "any_grade")
    assert told.has("table-toxicity-groups")
    assert not told.results.select(section="toxicity", statistic="p_value")


def test_a_term_cannot_take_the_place_of_the_total(tmp_path):
    told = made(tmp_path, [row("P1", "any", 1), row("P2", "Nausea", 2)])
    assert counts(told.results, "any", "any_grade") == (2, 4)
    assert counts(told.results, "term: any", "any_grade") == (1, 4)


def test_long_lists_are_cut_and_it_is_said(tmp_path):
    rows = [row("P1", f"term number {i}", 1) for i in range(150)]
    told = made(tmp_path, rows)
    assert len(told.table("table-toxicity")) == 120
    assert len(told.results.select(section="toxicity", statistic="any_grade")) == 152


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_terms_stay_text(tmp_path, text):
    told = made(tmp_path, [row("P1", text, 3) | {"category": text}])
    assert counts(told.results, key_of(text), "any_grade") == (1, 4)
    assert any(text.strip() in line[0] for line in told.table("table-toxicity"))
