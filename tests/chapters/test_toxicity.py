"""Toxicity: patients and not events, worst grades, the right denominator, and no "no toxicity" from no rows."""

from __future__ import annotations

import pytest

from reportgen.analyses.toxicities import key_of
from reportgen.chapters import toxicity
from reportgen.chapters.toxicity.terms import MOST_BARS
from reportgen.report import plain
from tests.chapters.chapters import HOSTILE, chapter, day, of, patient


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
    assert told.notices[:2] == [
        "Two toxicity rows of one patient not recorded as assessed for toxicity are not counted, one of grade ≥ 3.",
        "Not recorded as assessed for toxicity: one of four patients.",
    ]


def test_without_a_column_for_it_all_are_taken_as_assessed_and_it_is_said(tmp_path):
    patients = [patient(f"P{i}", treatment_stop=100) for i in range(1, 4)]
    told = made(tmp_path, [row("P1", "Nausea", 2)], patients)
    assert counts(told.results, "nausea", "any_grade") == (1, 3)
    assert "all patients are taken as assessed" in told.section.every[0].text


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


def test_of_one_patient_it_is_known_what_was_related(tmp_path):
    told = made(tmp_path, [row("P1", "Nausea", 3)], assessed(1))
    assert "is not recorded" not in told.text
    assert "Toxicity held to be related to treatment" in told.text


def test_the_figure_of_some_terms_says_which_it_draws(tmp_path):
    severe = [row("P1", f"Term {k}", 3) for k in range(MOST_BARS)]
    told = made(tmp_path, [*severe, row("P1", "Nausea", 1), row("P2", "Nausea", 1)])
    figure = next(figure for figure in told.figures() if figure.id == "figure-toxicity")
    assert plain(figure.notes[0]).startswith(
        "The 15 terms with the most patients of grade ≥ 3, then of any grade"
    )
    # The most frequent term has no bar.
    said = "Most frequent of grade ≥ 3: term 0 (1 of 4). As often of grade ≥ 3: 14 others."
    assert plain(figure.caption) == said


def test_terms_that_are_as_frequent_of_grade_3_are_named(tmp_path):
    events = [row(f"P{k}", term, grade) for k in (1, 2) for term, grade in (("Nausea", 3), ("Rash", 3))]
    told = made(tmp_path, [*events, row("P3", "Nausea", 1), row("P3", "Fever", 2)])
    figure = next(figure for figure in told.figures() if figure.id == "figure-toxicity")
    assert plain(figure.caption).endswith("also of grade ≥ 3 (2 of 4). As often of grade ≥ 3: rash.")


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
    assert "No event was recorded among eight patients assessed" in told.text and "0–37%" in told.text


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
    assert rate.events == 2 and rate.value == pytest.approx(2 / (4 * (100 + 30) / 365.25))
    assert told.results["toxicity.any.all.began_after_treatment"].value == 1
    assert "Not counted in the rate: 1 that began after its end and 1 without a date of onset." in told.text
    assert "until 30 days after the end of treatment is one on treatment" in told.section.every[0].text


def test_the_window_after_the_end_of_treatment_is_a_setting(tmp_path):
    rows = [row("P1", "Nausea", 1, onset_date=day(110)), row("P2", "Nausea", 1, onset_date=day(131))]
    wide, none = (made(tmp_path, rows, overrides={"toxicity_window": w}).results for w in (30, 0))
    assert wide["toxicity.any.all.rate"].events == 1
    assert none["toxicity.any.all.rate"].events == 0
    assert none["toxicity.any.all.rate"].n == 4 and none["toxicity.any.all.began_after_treatment"].value == 2


def test_worst_grades_without_a_day_have_no_rate(tmp_path):
    told = made(tmp_path, [row("P1", "Nausea", 1), row("P2", "Rash", 3)])
    assert told.results["toxicity.any.all.rate"].value is None
    assert "No rate is given: no onset is recorded." in told.text
    assert "On treatment" not in told.text


def test_rows_that_say_the_same_count_once(tmp_path):
    told = made(tmp_path, [row("P1", "Nausea", 2, onset_date=day(10))] * 3)
    assert told.results["toxicity.any.all.rate"].events == 1
    assert "Two toxicity rows repeat others and are counted once." in told.notices


def test_a_row_without_a_term_counts_as_a_toxicity_and_leads_no_list(tmp_path):
    rows = [row("P1", None, 4), row("P2", None, 3), row("P3", "Nausea", 1)]
    told = made(tmp_path, [*rows, {"patient_id": "P4"}])
    assert counts(told.results, "any", "any_grade") == (3, 4)
    assert counts(told.results, "any", "grade_3_plus") == (2, 4)
    assert "The most frequent toxicity was nausea" in told.text
    assert told.table("table-toxicity")[-1][:2] == ["Term not recorded", "2/4 (50%)"]
    assert "One toxicity row with nothing but a patient: not counted." in told.notices


def test_without_grades_patients_with_any_event_are_counted_and_it_is_said(tmp_path):
    rows = [{"patient_id": "P1", "term": "Nausea", "severity": "mild"},
            {"patient_id": "P2", "term": "Neutropenia", "severity": "severe"},
            {"patient_id": "P2", "term": "Nausea", "severity": "moderate"}]  # fmt: skip
    told = made(tmp_path, rows)
    assert counts(told.results, "any", "any_grade") == (2, 4)
    assert told.results["toxicity.any.all.grade_3_plus"].value is None
    assert "A toxicity was recorded in two of four patients assessed (50%; 95% CI 7–93)." in told.text
    assert "≥ 3" not in told.text and "No grade is recorded" in told.text
    assert told.table("table-toxicity")[0] == ["Any toxicity", "2/4 (50%)"]
    assert [issue.code for issue in told.cohort.issues if issue.severity == "warning"] == ["GRADES_MISSING"]


def test_severity_in_words_is_a_grade_where_the_settings_say_so(tmp_path):
    rows = [{"patient_id": "P1", "term": "Nausea", "severity": "mild"},
            {"patient_id": "P2", "term": "Neutropenia", "severity": "Severe"}]  # fmt: skip
    words = {"1": ("mild",), "2": ("moderate",), "3": ("severe",)}
    (tmp_path / "report.toml").write_text(
        '[columns.toxicities]\ngrade = "severity"\n[values.grade]\n'
        + "".join(f'{k} = ["{v[0]}"]\n' for k, v in words.items())
    )
    told = made(tmp_path, rows)
    assert counts(told.results, "any", "grade_3_plus") == (1, 4)


def test_a_term_is_counted_among_those_of_whom_it_is_known(tmp_path):
    """Cells 0, empty, -, n/a, unknown, 1, 3, 0, 0, 0: two of the six with a grade, and four without."""
    cells = [0, None, "-", "n/a", "unknown", 1, 3, 0, 0, 0]
    patients = [patient(f"P{i}", tox_rash=cell) for i, cell in enumerate(cells)]
    told = chapter(toxicity, tmp_path, patients=patients, overrides={"source.toxicity_prefix": "tox_"})
    assert counts(told.results, "rash", "any_grade") == (2, 6)
    assert counts(told.results, "rash", "grade_3_plus") == (1, 6)
    assert "Not recorded as assessed for toxicity: four of 10 patients." in told.notices
    assert "Whether it occurred is not recorded: rash in four of 10 patients." in told.notices
    assert "No rate is given" in told.text


def test_terms_have_denominators_of_their_own(tmp_path):
    cells = {"tox_rash": [0, 1, None, 2], "tox_nausea": [3, None, None, 0], "tox_fever": [0, 0, 0, 0]}
    patients = [
        patient(f"P{i}", **{name: column[i] for name, column in cells.items()}, arm="AB"[i % 2])
        for i in range(4)
    ]
    made_of = {"source.toxicity_prefix": "tox_", "group": "arm"}
    told = chapter(toxicity, tmp_path, patients=patients, overrides=made_of)
    assert counts(told.results, "rash", "any_grade") == (2, 3)
    assert counts(told.results, "rash", "any_grade", "A") == (0, 1)
    assert counts(told.results, "rash", "any_grade", "B") == (2, 2)
    assert counts(told.results, "nausea", "any_grade") == (1, 2)
    assert counts(told.results, "any", "any_grade") == (3, 4)
    assert told.results["toxicity.nausea.all.not_known"].value == 2
    assert (
        "One patient without an event, of whom some toxicities are not known, counts as without any."
        in told.notices
    )


def test_an_unknown_term_of_a_sheet_of_events_can_be_said(tmp_path):
    patients = assessed(4)
    patients[3]["toxicity_unknown"] = "rash | neuropathy"
    told = made(tmp_path, [row("P1", "Rash", 2), row("P2", "Nausea", 1)], patients)
    assert counts(told.results, "rash", "any_grade") == (1, 3)
    assert counts(told.results, "nausea", "any_grade") == (1, 4)


def test_the_trap_of_toxicity(tmp_path):
    """Rows that repeat, without a grade, of patients not assessed, and long after the end of treatment."""
    patients = [*assessed(5), patient("P6", toxicity_assessed="no"), patient("P7"), patient("P8")]
    rows = [{"patient_id": "P1", "term": "Nausea", "grade": 2, "onset_date": day(10)}] * 3
    rows += [{"patient_id": "P2", "term": "Nausea"},
             {"patient_id": "P6", "term": "Nausea", "grade": 3, "onset_date": day(5)},
             {"patient_id": "P7", "term": "Fatigue", "grade": 4, "onset_date": day(5)},
             {"patient_id": "P3", "term": "Rash", "grade": 3, "onset_date": day(460)}]  # fmt: skip
    told = made(tmp_path, rows, patients)
    assert counts(told.results, "nausea", "any_grade") == (2, 5)
    assert counts(told.results, "any", "grade_3_plus") == (1, 5)
    assert "fatigue" not in told.text.casefold()
    assert told.notices[:2] == [
        "Two toxicity rows of two patients not recorded as assessed for toxicity are not counted, two of grade ≥ 3.",
        "Not recorded as assessed for toxicity: three of eight patients.",
    ]
    assert "On treatment 1 event began" in told.text
    assert "Not counted in the rate: 1 that began after its end and 1 without a date of onset." in told.text


def test_without_a_stop_there_is_no_rate_and_the_reason_is_said(tmp_path):
    told = made(tmp_path, [row("P1", "Nausea", 1)], [patient("P1"), patient("P2")])
    assert told.results["toxicity.any.all.rate"].value is None
    assert "No rate is given" in told.text


def test_grade_5_has_its_column_only_where_it_occurred(tmp_path):
    died = {"vital_status": "dead", "death_date": day(90), "last_contact": day(90), "treatment_stop": day(90)}
    patients = [*assessed(3), patient("P4", toxicity_assessed="yes") | died]
    told = made(tmp_path, [row("P4", "Sepsis", 5, onset_date=day(80))], patients)
    heads = [
        c.head for b in told.section.every if getattr(b, "id", "") == "table-toxicity" for c in b.columns
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
    assert "The version of CTCAE was not declared." in made(tmp_path, rows).section.every[0].text
    declared = made(tmp_path, rows, overrides={"ctcae_version": "5.0"})
    assert "Graded by CTCAE version 5.0." in declared.section.every[0].text


def test_groups_stand_beside_each_other_without_a_test(two_groups):
    told = of(toxicity, two_groups.cohort)
    arms = told.results.facts["toxicity"].groups
    assert len(arms) == 2
    assert (
        "By regimen, toxicity of grade ≥ 3 was recorded in 35 of 57 (61%; 95% CI 48–74) in regimen A and "
        in (told.text)
    )
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
