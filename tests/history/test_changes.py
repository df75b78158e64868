"""What changed between two reports, on cohorts small enough to be counted by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from reportgen.analyses.main_estimates import main_estimates
from reportgen.chapters.changes import trend_blocks
from reportgen.chapters.changes.change_sentences import nothing
from reportgen.cohort.changes.stepwise import ladder
from reportgen.history import recording
from reportgen.report import Table, plain
from reportgen.writing.language import speaking
from reportgen.writing.translation import worded
from tests.conftest import SAMPLE
from tests.history.reports import monthly, patient
from tests.reading import sentences

JAN, JUN = date(2020, 1, 1), date(2020, 6, 15)
PARTS = ("settings", "corrections", "follow_up", "new_patients")


def four(**changes) -> list[dict]:
    """P1–P4, started on one day and seen in June; changes: P1={"last_contact": …}."""
    return [patient(f"P{i}", JAN, JUN) | changes.get(f"P{i}", {}) for i in range(1, 5)]


def toxicity(name: str, term: str, grade: int, onset: date) -> dict:
    return {"patient_id": name, "term": term, "grade": grade, "onset_date": onset}


def table(made, id: str) -> list[list[str]]:
    found = next(b for b in made.chapter.every if isinstance(b, Table) and b.id == id)
    return [[plain(cell) for cell in row.cells] for row in found.rows]


def test_the_first_report_has_no_chapter(tmp_path):
    assert monthly(tmp_path, "2020-06", patients=four()).chapter is None


def test_nothing_changed_is_said(tmp_path):
    monthly(tmp_path, "2020-06", patients=four())
    made = monthly(tmp_path, "2020-07", patients=four())
    assert nothing(made.results)
    assert "Nothing changed since the report for June 2020 (cut-off 30 June 2020)" in sentences(made.chapter)


def test_every_kind_of_event_is_counted_and_named(tmp_path):
    tox = [toxicity("P1", "nausea", 3, date(2020, 3, 1))]
    monthly(tmp_path, "2020-06", patients=four(), toxicities=tox)
    later = four(
        P1={"relapse_date": date(2020, 7, 9), "last_contact": date(2020, 7, 20)},
        P2={"death_date": date(2020, 7, 11), "vital_status": "dead", "last_contact": date(2020, 7, 11)},
        P3={"treatment_stop": date(2020, 7, 1), "stop_reason": "toxicity", "last_contact": date(2020, 7, 20)},
    ) + [patient("P5", date(2020, 7, 2), date(2020, 7, 30))]
    tox += [toxicity("P3", "rash", 4, date(2020, 7, 1)), toxicity("P3", "rash", 1, date(2020, 7, 3))]
    made = monthly(tmp_path, "2020-07", patients=later, toxicities=tox)
    for kind, then, now in (
        ("patients", 4, 5),
        ("relapses", 0, 1),
        ("deaths", 0, 1),
        ("stops", 0, 1),
        ("severe", 1, 2),
    ):
        assert [made.value(f"{kind}.{g}.count") for g in ("2020-06", "2020-07", "new", "gone")] == [
            then,
            now,
            1,
            0,
        ]
    whose = {row[0]: row[-1] for row in table(made, "table-changes-events")}
    assert whose["Patients"] == "P5 (2 July 2020)"
    assert whose["Relapses"] == "P1 (9 July 2020)"
    assert whose["Stops of treatment"] == "P3 (toxicity, 1 July 2020)"
    assert whose["Events of grade ≥ 3"] == "P3 (rash, grade 4, 1 July 2020)"
    assert made.value("corrections.all.count") == 0


def test_the_parts_of_a_move_are_what_can_be_counted_by_hand(tmp_path):
    """Response: 4 of 4, then P1's PR was wrong (3 of 4); P2's NE of June became PR; P5 is new without a response."""
    before = four(P2={"best_response": "NE", "response_date": None})
    monthly(tmp_path, "2020-06", patients=before)
    after = four(P1={"best_response": "SD", "response_date": None}, P2={"last_contact": date(2020, 7, 20)})
    after[1]["response_date"] = date(2020, 7, 10)
    new = patient("P5", date(2020, 7, 2), date(2020, 7, 30), best_response="SD", response_date=None)
    made = monthly(tmp_path, "2020-07", patients=[*after, new])
    assert made.value("response.2020-06.proportion") == 0.75
    assert made.value("response.2020-07.proportion") == 0.6
    parts = [made.value(f"response.{part}.proportion_change") for part in PARTS]
    assert parts == pytest.approx([0, -0.25, 0.25, -0.15])
    cells = table(made, "table-changes-corrections")
    assert ["patients!E2", "P1", "best response", "PR", "SD", "corrected"] in cells
    assert not any(row[1] == "P2" for row in cells)


def test_the_parts_add_up_in_the_numbers_and_in_print(tmp_path):
    for period in ("2016-12", "2017-06", "2018-06"):
        made = monthly(tmp_path, period, source=SAMPLE)
    moved = [
        e
        for e in made.results.select(section="changes", group="all")
        if e.statistic.endswith("_change") and e.exists
    ]
    assert len(moved) >= 10
    for whole in moved:
        parts = made.results.select(section="changes", endpoint=whole.endpoint, variable=whole.variable,
                                    statistic=whole.statistic, time=whole.time)  # fmt: skip
        assert sum(e.value for e in parts if e.group in PARTS) == pytest.approx(whole.value, abs=1e-12)
    for row in table(made, "table-changes-estimates"):
        numbers = [cell.replace("−", "-") for cell in row[3:]]
        if len(row) > 3 and "–" not in numbers:
            total, *parts = map(float, numbers)
            assert sum(parts) == pytest.approx(total, abs=1e-9), row


def test_main_estimates_are_those_of_their_chapters(tmp_path):
    made = monthly(tmp_path, "2018-06", source=SAMPLE)
    found = main_estimates(made.cohort)
    assert len(found) == 14
    for estimate in found:
        assert made.results[estimate.id] == estimate


def test_the_kept_cohort_gives_the_estimates_of_its_own_report(tmp_path):
    first = monthly(tmp_path, "2017-06", source=SAMPLE)
    second = monthly(tmp_path, "2018-06", source=SAMPLE)
    again = {e.id: e for e in main_estimates(ladder(second.cohort).as_it_was)}
    assert again == {e.id: e for e in main_estimates(first.cohort)}


@pytest.mark.parametrize(
    ("change", "kind", "before", "after"),
    [
        ({"treatment_start": date(2019, 12, 30)}, "corrected", "2020-01-01", "2019-12-30"),
        ({"stage": None}, "deleted", "II", ""),
        ({"relapse_date": date(2020, 3, 1)}, "entered late", "", "2020-03-01"),
        ({"last_contact": date(2020, 6, 1)}, "corrected", "2020-06-15", "2020-06-01"),
        ({"best_response": "CR"}, "corrected", "PR", "CR"),
        ({"best_response": "SD", "last_contact": date(2020, 7, 3)}, "corrected", "PR", "SD"),
    ],
)
def test_a_change_of_what_was_known_is_a_correction(tmp_path, change, kind, before, after):
    monthly(tmp_path, "2020-06", patients=four())
    made = monthly(tmp_path, "2020-07", patients=four(P2=change))
    (found,) = made.results.facts["changes"].corrections
    assert (found.kind, found.patient, found.before, found.after) == (kind, "P2", before, after)


@pytest.mark.parametrize(
    "change",
    [
        {"last_contact": date(2020, 7, 9)},
        {"relapse_date": date(2020, 6, 20), "relapse_site": "lung", "last_contact": date(2020, 7, 9)},
        {"best_response": "CR", "last_contact": date(2020, 7, 9)},
        {"vital_status": "dead", "death_date": date(2020, 7, 4), "last_contact": date(2020, 7, 4)},
        {"treatment_stop": date(2020, 7, 4), "stop_reason": "toxicity", "last_contact": date(2020, 7, 4)},
    ],
)
def test_what_came_later_is_follow_up(tmp_path, change):
    rows = [row | {"relapse_site": None} for row in four()]
    monthly(tmp_path, "2020-06", patients=rows)
    rows[1] |= change
    made = monthly(tmp_path, "2020-07", patients=rows)
    assert made.results.facts["changes"].corrections == ()
    assert made.value("response.corrections.proportion_change") == 0


def test_a_response_that_improved_later_is_follow_up(tmp_path):
    stable = {"best_response": "SD", "response_date": None}
    monthly(tmp_path, "2020-06", patients=four(P2=stable))
    better = {"best_response": "PR", "response_date": date(2020, 7, 4), "last_contact": date(2020, 7, 9)}
    made = monthly(tmp_path, "2020-07", patients=four(P2=better))
    assert made.results.facts["changes"].corrections == ()
    assert made.value("response.follow_up.proportion_change") == 0.25


def test_the_dead_who_live_are_a_correction(tmp_path):
    dead = {"vital_status": "dead", "death_date": date(2020, 6, 1), "last_contact": date(2020, 6, 1)}
    monthly(tmp_path, "2020-06", patients=four(P2=dead))
    made = monthly(tmp_path, "2020-07", patients=four(P2={"last_contact": date(2020, 7, 9)}))
    assert {c.column for c in made.results.facts["changes"].corrections} == {
        "death_date",
        "vital_status",
    }
    assert made.value("deaths.gone.count") == 1
    assert "One death recorded then is in the data no longer" in sentences(made.chapter)


def test_rows_and_columns_may_move_and_go(tmp_path):
    tox = [toxicity("P1", "nausea", 2, date(2020, 3, 1)), toxicity("P2", "rash", 1, date(2020, 4, 1))]
    monthly(tmp_path, "2020-06", patients=four(), toxicities=tox)
    moved = [dict(reversed(row.items())) for row in reversed(four())]
    made = monthly(tmp_path, "2020-07", patients=moved, toxicities=tox[1:])
    (found,) = made.results.facts["changes"].corrections
    assert (found.kind, found.before) == ("row deleted", "nausea, grade 2, 2020-03-01")
    without = [{k: v for k, v in row.items() if k != "stage"} for row in four()]
    made = monthly(tmp_path, "2020-08", patients=without, toxicities=tox[1:])
    (found,) = made.results.facts["changes"].corrections
    assert (found.kind, found.column, found.before) == ("column deleted", "stage", "4 filled cells")


def test_a_patient_taken_out_is_a_correction(tmp_path):
    monthly(tmp_path, "2020-06", patients=four(P1={"best_response": "SD", "response_date": None}))
    made = monthly(tmp_path, "2020-07", patients=four()[1:])
    assert made.value("patients.gone.count") == 1
    assert made.value("response.corrections.proportion_change") == pytest.approx(0.25)
    assert "no longer: P1" in table(made, "table-changes-events")[0][-1]


def test_given_durations_that_grow_are_follow_up(tmp_path):
    (tmp_path / "report.toml").write_text(
        '[[endpoint]]\nkey = "ttr"\nlabel = "Time to recurrence"\ntime = "rectime"\nevent = "recurred"\n'
    )
    rows = [row | {"rectime": 100.0 + i, "recurred": 0} for i, row in enumerate(four())]
    monthly(tmp_path, "2020-06", patients=rows)
    rows[0] |= {"rectime": 130.0, "recurred": 1}
    rows[1] |= {"rectime": 90.0}
    made = monthly(tmp_path, "2020-07", patients=rows)
    (found,) = made.results.facts["changes"].corrections
    assert (found.patient, found.before, found.after) == ("P2", "101", "90")


def test_elapsed_times_without_dates_are_compared_in_days(tmp_path):
    def rows(last: int) -> list[dict]:
        return [
            {"patient_id": f"P{i}", "last_contact_days": last + i, "vital_status": "alive"} for i in range(4)
        ]

    monthly(tmp_path, "2020-06", patients=rows(100))
    made = monthly(tmp_path, "2020-07", patients=rows(130))
    assert made.results.facts["changes"].corrections == ()
    made = monthly(tmp_path, "2020-08", patients=rows(120))
    assert {c.before for c in made.results.facts["changes"].corrections} == {
        f"day {130 + i}" for i in range(4)
    }


def test_queries_are_opened_kept_and_closed(tmp_path):
    late = {"relapse_date": date(2020, 6, 20)}
    monthly(tmp_path, "2020-06", patients=four())
    made = monthly(tmp_path, "2020-07", patients=four(P1=late))
    assert [made.value(f"questions.{g}.count") for g in ("opened", "closed", "still_open")] == [1, 0, 0]
    made = monthly(tmp_path, "2020-08", patients=four(P1=late))
    assert [made.value(f"questions.{g}.count") for g in ("opened", "closed", "still_open")] == [0, 0, 1]
    assert table(made, "table-changes-queries")[1][-1] == "31 July 2020"
    made = monthly(tmp_path, "2020-09", patients=four())
    assert [made.value(f"questions.{g}.count") for g in ("opened", "closed", "still_open")] == [0, 1, 0]


def test_settings_and_their_share_of_a_move(tmp_path):
    tox = [toxicity("P1", "nausea", 3, date(2020, 3, 1)) | {"attribution": "possible"}]
    monthly(tmp_path, "2020-06", patients=four(), toxicities=tox)
    made = monthly(tmp_path, "2020-07", patients=four(), toxicities=tox, settings={"landmarks": "0.25, 1"})
    rows = table(made, "table-changes-settings")
    assert ["landmarks", "1, 3", "0.25, 1"] in rows
    assert made.results["changes.os.settings.survival_change@365.25"].note.startswith("NE")


def test_an_earlier_period_is_never_compared_with_a_later_one(tmp_path):
    monthly(tmp_path, "2020-08", patients=four())
    assert monthly(tmp_path, "2020-07", patients=four()).chapter is None


def test_values_that_were_not_kept_are_said_so(tmp_path, monkeypatch):
    monkeypatch.setattr("reportgen.history.recording.MOST_CELLS", 3)
    monthly(tmp_path, "2020-06", patients=four())
    made = monthly(
        tmp_path,
        "2020-07",
        patients=four(P1={"relapse_date": date(2020, 7, 1), "last_contact": date(2020, 7, 2)}),
    )
    assert "were not kept" in sentences(made.chapter)
    assert made.results["changes.pfs.2020-06.survival@365.25"] is not None


def test_in_another_language_every_main_estimate_is_still_there(tmp_path):
    """Its endpoint is a key by which it is found, though it may also be a word that has a translation."""
    months = {"time_unit": "months"}
    monthly(tmp_path, "2020-06", patients=four(), settings=months)
    seen = {f"P{i}": {"last_contact": date(2020, 7, 9)} for i in range(1, 5)}
    made = monthly(tmp_path, "2020-07", patients=four(**seen), settings=months)
    with speaking("de"):
        spoken = replace(made, results=worded(made.results))
        assert spoken.results.facts["changes"].main == made.results.facts["changes"].main
        here = table(spoken, "table-changes-estimates")
        moved = sentences(spoken.chapter)
    there = table(made, "table-changes-estimates")
    assert len(here) == len(there) and here[-1][0] == "Mediane Nachbeobachtung"
    assert " mediane Nachbeobachtung" in moved and " Mediane Nachbeobachtung" not in moved
    for one, other in zip(here, there, strict=True):
        assert [cell == "–" for cell in one] == [cell == "–" for cell in other]


def test_in_another_language_free_text_stays_as_it_is_written(tmp_path):
    """A site of relapse that is letter for letter one of our words, and one that looks like a date."""
    tox = [toxicity("P1", "Übelkeit, grade 4", 3, date(2020, 3, 1))]
    monthly(tmp_path, "2020-06", patients=four(P1={"stage": "1-2-3"}, P4={"relapse_site": None}))
    later = four(
        P1={"stage": "12-13-14", "relapse_date": date(2020, 7, 9), "relapse_site": "other"},
        P2={"death_date": date(2020, 7, 11), "vital_status": "dead", "cause_of_death": "toxicity"},
        P3={"treatment_stop": date(2020, 7, 1), "stop_reason": "toxicity"},
        P4={"death_date": date(2020, 7, 11), "vital_status": "dead", "cause_of_death": "disease"},
    )
    later = [row | {"last_contact": row["death_date"] or date(2020, 7, 20)} for row in later]
    made = monthly(tmp_path, "2020-07", patients=later, toxicities=tox)
    with speaking("de"):
        spoken = replace(made, results=worded(made.results))
        whose = {row[0]: row[-1] for row in table(spoken, "table-changes-events")}
        corrected = table(spoken, "table-changes-corrections")
    assert whose["Rezidive"] == "P1 (other, 9. Juli 2020)"
    assert whose["Todesfälle"] == "P2 (toxicity, 11. Juli 2020); P4 (Erkrankung, 11. Juli 2020)"
    assert whose["Behandlungsenden"] == "P3 (Toxizität, 1. Juli 2020)"
    assert whose["Ereignisse vom Grad ≥ 3"] == "P1 (Übelkeit, grade 4, Grad 3, 1. März 2020)"
    assert ["1-2-3", "12-13-14"] in [row[3:5] for row in corrected]


def test_in_another_language_the_queries_are_asked_in_it(tmp_path):
    monthly(tmp_path, "2020-06", patients=four())
    later = four(P2={"stop_reason": "toxicity", "last_contact": date(2020, 7, 2)})
    made = monthly(tmp_path, "2020-07", patients=later)
    with speaking("de"):
        asked = table(replace(made, results=worded(made.results)), "table-changes-queries")
    assert [row[2] for row in asked[1:]] == ["Es gibt einen Grund des Behandlungsendes, aber kein Datum"]


def test_nothing_changed_is_not_said_where_a_single_cell_did(tmp_path):
    monthly(tmp_path, "2020-06", patients=four())
    made = monthly(tmp_path, "2020-07", patients=four(P1={"last_contact": date(2020, 7, 2)}))
    assert not nothing(made.results)
    text = sentences(made.chapter)
    assert "Of 1 patient known then, more is recorded now" in text
    assert made.value("followed.all.count") == 1


def test_what_moved_less_than_is_printed_did_not_move(tmp_path):
    monthly(tmp_path, "2020-06", patients=four(), settings={"time_unit": "years"})
    later = four(P1={"last_contact": date(2020, 6, 16)})
    text = sentences(monthly(tmp_path, "2020-07", patients=later).chapter)
    assert "None of the main estimates moved by as much as is printed" in text


def test_a_method_that_more_data_made_possible_is_no_change_of_method(tmp_path):
    def cohort(n: int) -> list[dict]:
        rows = [patient(f"P{i:02}", JAN, JUN) for i in range(1, n + 1)]
        for i, row in enumerate(rows):
            if i % 3 == 0:
                day = date(2020, 3, i % 28 + 1)
                row |= {"vital_status": "dead", "death_date": day, "last_contact": day}
        return rows

    monthly(tmp_path, "2020-06", patients=cohort(20), settings={"landmarks": "0.2"})
    made = monthly(tmp_path, "2020-07", patients=cohort(45), settings={"landmarks": "0.2"})
    facts = made.results.facts["changes"]
    then, now = (made.results[f"changes.os.2020-0{month}.survival@73.05"].method for month in (6, 7))
    assert then != now and facts.methods == ()
    assert "Settings, methods and versions are those of the earlier report" in sentences(made.chapter)


def test_the_trend_says_of_which_reports_it_is(tmp_path, monkeypatch):
    monkeypatch.setattr(recording, "MOST_REPORTS", 2)
    for month in range(6, 11):
        made = monthly(tmp_path, f"2020-{month:02}", patients=four())
    figure = trend_blocks.trend(made.results)
    assert plain(figure.caption).startswith("How the main estimates stood at the last three reports")
    assert "3 cut-offs from 31 August 2020 to 31 October 2020" in figure.alt
