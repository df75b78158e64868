"""The cohort: flow, completeness of those of whom a value is expected, overdue follow-up, issues, matches."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from reportgen.base.errors import Issue
from reportgen.base.message import message
from reportgen.chapters import cohort
from reportgen.cohort.cohort import FlowStep
from reportgen.report import plain
from tests.chapters.chapters import HOSTILE, chapter, day, of, patient

CUTOFF = {"cutoff": date(2024, 1, 1)}


def made(folder, rows, overrides=None, **sheets):
    return chapter(cohort, folder, overrides=overrides, patients=rows, **sheets)


def share(told, column: str) -> tuple[int, int]:
    estimate = told.results[f"cohort.{column}.all.proportion"]
    return estimate.events, estimate.n


def test_the_sample(sample):
    told = of(cohort, sample.cohort)
    assert "gave 8 patients, 16 toxicity rows, 10 treatment rows and 47 assessment rows." in told.text
    assert "Treatment started between 1 December 2012 and 2 August 2017." in told.text
    assert "Nobody was left out: eight patients are analysed." in told.text
    assert told.results["cohort.overdue.all.count"].value == 1
    assert "Days from the last contact to the cut-off: S07: 250." in told.text
    assert share(told, "death_date") == (1, 1) and share(told, "relapse_date") == (2, 8)


def test_completeness_is_of_those_of_whom_a_value_is_expected(tmp_path):
    rows = [
        patient("P1", treatment_stop=100, stop_reason="completed", stage="I"),
        patient("P2", treatment_stop=200, stop_reason=None, stage=None),
        patient("P3", treatment_stop=None, stop_reason=None, stage="II"),
    ]
    told = made(tmp_path, rows)
    assert share(told, "stop_reason") == (1, 2)
    assert share(told, "stage") == (2, 3)
    assert "Two of six fields are incomplete; least often recorded: " in told.text
    table = {line[0]: line[1:] for line in told.table("table-completeness")}
    assert table["Reason for stopping"] == ["who stopped treatment", "1/2 (50%)", "1"]
    assert table["End of treatment"][-1] == "–"


def test_elapsed_times_count_as_recorded(tmp_path):
    rows = [{"patient_id": "P1", "treatment_start_days": 0, "last_contact_days": 50, "vital_status": "alive"}]
    told = made(tmp_path, rows)
    assert share(told, "last_contact") == (1, 1)
    assert "Overdue follow-up cannot be listed: the data hold no dates" in told.text
    assert "no cut-off applies" in told.section.every[0].text


def test_overdue_are_the_living_alone(tmp_path):
    dead = {"vital_status": "dead", "death_date": day(10), "last_contact": day(10)}
    rows = [
        patient("P1", last_contact=100) | dead,
        patient("P2", last_contact=1400),
        patient("P3", last_contact=1100),
    ]
    told = made(tmp_path, rows, CUTOFF)
    assert "Of two living patients, one was last seen more than 183 days before the cut-off." in told.text
    assert "Days from the last contact to the cut-off: P3: 361." in told.text


def test_nobody_overdue(tmp_path):
    told = made(tmp_path, [patient("P1", last_contact=1400)], CUTOFF)
    assert "Of one living patient, none was last seen more than 183 days before the cut-off." in told.text
    assert "Days from" not in told.text and not told.has("table-overdue")


def test_many_overdue_stand_in_a_table(tmp_path):
    told = made(tmp_path, [patient(f"P{i}", last_contact=1000 + i) for i in range(9)], CUTOFF)
    assert len(told.table("table-overdue")) == 9 and told.table("table-overdue")[0][0] == "P0"


def test_all_dead(tmp_path):
    dead = {"vital_status": "dead", "death_date": day(10), "last_contact": day(10)}
    told = made(tmp_path, [patient("P1") | dead], CUTOFF)
    assert told.results["cohort.overdue.all.count"].note == "NE: nobody is alive"


def test_who_left_is_counted_with_the_reason_and_drawn(sample):
    steps = (FlowStep("Patients in the source", 11), FlowStep("Valid", 9, 2, "dates in an impossible order"),
             FlowStep("Started by the cut-off", 8, 1, "started later"), FlowStep("Patients analysed", 8))  # fmt: skip
    told = of(cohort, replace(sample.cohort, flow=steps))
    assert (
        "Left out: 2 (dates in an impossible order) and 1 (started later); eight patients are analysed."
        in told.text
    )
    assert told.results["cohort.flow.Valid.left_out"].value == 2
    assert [figure.id for figure in told.figures()] == ["figure-flow"]


def test_steps_of_one_name_are_told_apart(sample):
    steps = (FlowStep("Valid", 9, 1, "a"), FlowStep("Valid", 8, 1, "b"))
    told = of(cohort, replace(sample.cohort, flow=steps))
    assert told.results["cohort.flow.Valid (2).count"].value == 8


def test_every_issue_is_listed_with_its_cell(sample):
    issue = Issue(
        "warning",
        "DATE_ORDER",
        "patients",
        "C7",
        "S06",
        message("The stop is before the start"),
        message("Correct one of them"),
    )
    told = of(cohort, replace(sample.cohort, issues=(issue,)))
    assert "The checks of the data found one warning." in told.text
    assert told.table("table-issues") == [
        ["warning", "DATE_ORDER", "The stop is before the start. Correct one of them.", "patients!C7 (S06)"]
    ]


def test_no_issue(sample):
    told = of(cohort, replace(sample.cohort, issues=()))
    assert "The checks of the data found nothing to question." in told.text


def test_many_issues_are_cut_and_it_is_said(sample):
    alike = Issue("note", "CODE", "patients", "C7", None, message("Something"), message(""))
    others = tuple(replace(alike, code=f"CODE_{k}") for k in range(250))
    told = of(cohort, replace(sample.cohort, issues=(alike,) * 532))
    assert told.table("table-issues") == [
        ["note", "CODE", "Something.", ", ".join(["patients!C7"] * 10) + " and 522 more"]
    ]
    various = tuple(replace(alike, problem=message("Something {k}", k=str(k))) for k in range(532))
    told = of(cohort, replace(sample.cohort, issues=various))
    assert len(told.table("table-issues")) == 10
    (note,) = [note for b in told.section.every if getattr(b, "id", "") == "table-issues" for note in b.notes]
    assert plain(note) == (
        "The first 10 of each code are shown. Further rows: CODE 522. queries.xlsx has every error and warning; "
        "reportgen check says every note."
    )
    told = of(cohort, replace(sample.cohort, issues=others))
    assert len(told.table("table-issues")) == 200
    notes = [note for b in told.section.every if getattr(b, "id", "") == "table-issues" for note in b.notes]
    assert ("The first 200 of 250 rows are shown; the others are in queries.xlsx.",) in notes


@pytest.mark.parametrize("profile", ["board", "external"])
def test_outside_the_house_no_patient_is_named(sample, profile):
    settings = replace(
        sample.cohort.settings, privacy=replace(sample.cohort.settings.privacy, profile=profile)
    )
    issue = Issue(
        "warning", "DATE_ORDER", "patients", "C7", "S06", message("S06 did something"), message("Ask")
    )
    told = of(cohort, replace(sample.cohort, settings=settings, issues=(issue,)))
    assert (
        "S07" not in repr(told.section)
        and "S06" not in repr(told.section)
        and "S06" not in repr(told.results.facts)
    )
    assert told.table("table-issues") == [["warning", "DATE_ORDER", "1"]]
    if profile == "external":
        assert "2012" not in repr(told.section)


def test_every_column_says_what_it_was_taken_for(tmp_path):
    rows = [
        {
            "Pt ID": "P1",
            "treatment_start": day(0),
            "last_contact": day(9),
            "vital_status": "alive",
            "stage": "I",
        }
    ]
    lines = made(tmp_path, rows).table("table-matches")
    assert lines == [
        ["patients", ""],
        ["known synonym", "Pt ID (A1: patient_id)"],
        ["same name", "treatment_start, last_contact, vital_status"],
        ["own column", "stage"],
    ]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_headers_and_issues_stay_text(sample, text):
    issue = Issue("note", "CODE", "patients", "C7", text, message(text), message(text))
    told = of(
        cohort, replace(sample.cohort, issues=(issue,), flow=(FlowStep(text, 9, 1, text), FlowStep("b", 8)))
    )
    assert told.table("table-issues")[0][3] == f"patients!C7 ({text})"
    assert text in told.text


def test_who_has_no_vital_status_is_not_called_living_and_is_in_no_analysis_of_time(tmp_path):
    rows = [
        patient("P1", last_contact=1100),
        patient("P2", vital_status=None),
        patient("P3", vital_status=None),
    ]
    told = made(tmp_path, rows, CUTOFF)
    assert "Of three patients not known to have died, three were last seen more than 183 days" in told.text
    assert "Of two of them the vital status is not recorded; these are in no analysis of time." in told.text
    first = made(tmp_path, rows[:2], CUTOFF)
    assert (
        "Of one of them the vital status is not recorded; that one is in no analysis of time." in first.text
    )
    assert "vital status is not recorded" not in made(tmp_path, rows[:1], CUTOFF).text
