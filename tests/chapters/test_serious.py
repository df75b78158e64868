"""Serious adverse events: patients, of those assessed, whatever the grade."""

from __future__ import annotations

import pytest

from reportgen.analyses import patient_columns as columns
from reportgen.analyses import toxicities
from reportgen.chapters import toxicity
from reportgen.writing.language import speaking
from tests.chapters.chapters import chapter, day, patient

EVENTS = [("A", "nausea", 1, "yes"), ("A", "nausea", 3, "yes"), ("B", "syncope", 2, "yes"), ("B", "nausea", 4, "no"),
          ("C", "rash", 1, ""), ("D", "rash", 2, "yes")]  # fmt: skip


def sheets(serious: bool = True) -> dict[str, list[dict]]:
    people = [patient(who, treatment_stop=300, arm="XY"[k % 2], toxicity_assessed="no" if who == "D" else "yes")
              for k, who in enumerate("ABCDE")]  # fmt: skip
    rows = [{"patient_id": who, "term": term, "grade": grade, "onset_date": day(9), "serious": said * serious or None}
            for who, term, grade, said in EVENTS]  # fmt: skip
    return {"patients": people, "toxicities": rows}


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    folder = tmp_path_factory.mktemp("serious")
    return chapter(toxicity, folder, overrides={"report.group": "arm"}, **sheets())


def test_patients_count_once_per_term_and_only_the_assessed(told):
    total = told.results["toxicity.any.all.serious"]
    assert (total.events, total.n) == (2, 4)
    assert (round(total.low, 4), round(total.high, 4)) == (0.0676, 0.9324)  # R: binom.test(2, 4)
    of_x = told.results["toxicity.any.X.serious"]
    assert (of_x.events, of_x.n, told.results["toxicity.nausea.all.serious"].events) == (1, 3, 1)
    assert "toxicity.rash.all.serious" not in {e.id for e in told.results.estimates}
    assert str(total.note) == "events for which this is not recorded count as not serious: 1"


def test_it_is_a_sentence_and_a_table_by_group(told):
    assert (
        "recorded in two of four patients assessed (50%; 95% CI 7–93): nausea in one and syncope in one."
        in told.text
    )
    assert told.table("table-toxicity-serious")[0] == [
        "Any serious event",
        "2/4 (50%)",
        "1/3 (33%)",
        "1/1 (100%)",
    ]


@pytest.mark.parametrize(
    ("language", "remark"),
    [
        ("en", "syncope in one. Events for which this is not recorded count as not serious: 1."),
        ("de", " Ereignisse ohne Angabe dazu zählen als nicht schwerwiegend: 1."),
    ],
)
def test_without_a_table_the_sentence_says_of_how_many_it_is_not_recorded(tmp_path, language, remark):
    with speaking(language):
        told = chapter(toxicity, tmp_path, **sheets())
    assert remark in told.text
    assert not told.has("table-toxicity-serious")


def test_where_nobody_says_what_was_serious_nothing_is(tmp_path):
    assert not chapter(toxicity, tmp_path, **sheets(serious=False)).results.select(statistic="serious")


@pytest.mark.parametrize(
    ("said", "had"), [(("no", "yes"), 1), (("yes", "no"), 1), ((None, "no"), 0), ((None, "yes", None), 1)]
)
@pytest.mark.parametrize("onset", [9, None])
def test_rows_of_one_event_are_serious_if_any_says_so(tmp_path, said, had, onset):
    """By hand: A's rows fall together; B's event of another grade, serious, is one of its own; C's is never said."""
    rows = [
        {"patient_id": "A", "term": "nausea", "grade": 2, "onset_date": day(onset), "serious": one}
        for one in said
    ]
    rows.insert(
        1, {"patient_id": "B", "term": "nausea", "grade": 3, "onset_date": day(onset), "serious": "yes"}
    )
    rows.append({"patient_id": "C", "term": "nausea", "grade": 2, "onset_date": day(onset), "serious": None})
    people = [patient(who, treatment_stop=300) for who in "ABCD"]
    made = chapter(toxicity, tmp_path, patients=people, toxicities=rows)
    total = made.results["toxicity.any.all.serious"]
    assert (total.events, total.n) == (1 + had, 4)
    assert str(total.note) == "events for which this is not recorded count as not serious: 1"
    assert toxicities.read(made.cohort).facts["repeated"] == len(said) - 1


def test_an_event_is_resolved_on_the_latest_day_of_its_rows(tmp_path):
    rows = [{"patient_id": who, "term": "nausea", "grade": 2, "onset_date": day(9), "resolved_date": day(over)}
            for who, over in (("B", 15), ("A", 12), ("A", 30), ("A", None), ("C", None), ("C", 11))]  # fmt: skip
    people = [patient(who, treatment_stop=300) for who in "ABCD"]
    cohort = chapter(toxicity, tmp_path, patients=people, toxicities=rows).cohort
    events = toxicities.read(cohort)
    over = toxicities.resolved(cohort, events) - columns.treatment_days(cohort)[events.patient]
    assert dict(zip(events.patient.tolist(), over.tolist(), strict=True)) == {1: 15.0, 0: 30.0, 2: 11.0}
