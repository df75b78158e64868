"""Patients: the course of each as it was, drawn and listed, and no identity outside the house."""

from __future__ import annotations

import csv
from dataclasses import replace

import pytest

from reportgen.analyses.courses import phases
from reportgen.base.described import Context
from reportgen.chapters import patients
from reportgen.chapters.shared.patient_courses import Course, Courses
from reportgen.chapters.shared.patient_figures import patient_figure
from reportgen.render.pdf.csv_attachments import tables_csv
from reportgen.report import Part, Section, plain
from tests.chapters.chapters import HOSTILE, chapter, day, of, patient

NAN = float("nan")


def made(folder, rows, overrides=None, **sheets):
    return chapter(patients, folder, overrides=overrides, patients=rows, **sheets)


def drawn(told) -> Courses:
    return told.results.facts["patients"].courses


def course(told, label: str) -> Course:
    return next(one for one in drawn(told).patients if one.label == label)


def states(one: Course) -> list[tuple]:
    return [(part.start, part.stop, part.state, part.phase) for part in one.stretches]


def test_the_sample(sample):
    told = of(patients, sample.cohort)
    first = course(told, "S01")
    assert [(event.kind, event.time) for event in first.events] == [
        ("response", 42.0), ("relapse", 183.0), ("stop", 183.0), ("death", 767.0)]  # fmt: skip
    assert first.phases == ((0.0, 183.0, "treatment"), (183.0, 190.0, "off"), (190.0, 767.0, "next_line"))
    assert states(first) == [
        (0.0, 42.0, "", "treatment"), (42.0, 183.0, "CR", "treatment"), (183.0, 190.0, "PD", "off"),
        (190.0, 274.0, "PD", "next_line"), (274.0, 694.0, "PR", "next_line"), (694.0, 767.0, "PD", "next_line"),
    ]  # fmt: skip
    assert [part.line for part in first.stretches] == [0, 0, 0, 2, 0, 0]
    assert first.severe == ((30.0, 3), (75.0, 4)) and first.sizes[:2] == ((-5.0, 1.0), (42.0, 0.0))
    assert not first.ongoing and course(told, "S04").ongoing and course(told, "S04").outcome == "treated"
    assert len(told.figures()) == 1
    assert ["S04", "7", "female", "PR", "0.9+", "–", "–", "0.9", "alive"] in told.table("table-patients")


def test_the_features_that_set_the_relapsed_apart_come_first(sample):
    told = of(patients, sample.cohort)
    first, second = drawn(told).traits[:2]
    assert (first.name, first.having, first.others) == ("critically_ill", (2, 2), (0, 6))
    assert (second.name, second.level) == ("site", "abdomen")
    assert course(told, "S01").cells[:2] == (True, True) and course(told, "S08").cells[:2] == (False, False)
    (figure,) = told.figures()
    assert plain(figure.caption).startswith("2 of 8 patients relapsed or progressed; 2 of 2 with")


def test_who_relapsed_stands_first_where_there_are_no_groups(sample):
    outcomes = [one.outcome for one in drawn(of(patients, sample.cohort)).patients]
    assert outcomes == ["relapsed"] * 2 + ["stopped"] * 5 + ["treated"]


def test_a_relapse_that_did_not_happen_is_not_said(tmp_path):
    told = made(tmp_path, [patient("P1", biopsy="a"), patient("P2", biopsy="b")])
    # No column tells of relapses: that there was none is not said, neither below nor beside the rows.
    figure = told.figures()[0]
    assert plain(figure.caption) == "No death occurred (n = 2)."
    assert "Not known to have died (2)" in figure.drawing.texts and "colour" not in plain(figure.notes[0])


def test_a_response_without_a_date_is_drawn_from_the_start_and_said_to_be(tmp_path):
    told = made(
        tmp_path,
        [
            patient("P1", best_response="PR", treatment_stop=400),
            patient("P2", best_response="SD", treatment_stop=400),
        ],
    )
    assert states(course(told, "P1")) == [(0.0, 400.0, "PR", "treatment"), (400.0, 1000.0, "PR", "off")]
    assert any("A response without a date" in plain(note) for note in told.figures()[0].notes)


@pytest.mark.parametrize(
    ("stop", "lines", "expected"),
    [
        (NAN, [], [(0.0, 100, "treatment")]),
        (40, [], [(0.0, 40, "treatment"), (40, 100, "off")]),
        (150, [], [(0.0, 100, "treatment")]),
        (40, [(40, NAN)], [(0.0, 40, "treatment"), (40, 100, "next_line")]),
        (40, [(10, 60), (50, 70)],
         [(0.0, 40, "treatment"), (40, 60, "next_line"), (60, 70, "next_line"), (70, 100, "off")]),
        (40, [(120, 150)], [(0.0, 40, "treatment"), (40, 100, "off")]),
    ],
)  # fmt: skip
def test_phases_follow_each_other_without_gap_or_overlap(stop, lines, expected):
    found = phases(stop, 100, lines)
    assert found == expected
    assert [a[1] for a in found[:-1]] == [b[0] for b in found[1:]] and found[-1][1] == 100


def test_without_a_column_for_the_stop_no_treatment_is_drawn(tmp_path):
    told = made(tmp_path, [patient("P1")])
    assert course(told, "P1").phases == ((0.0, 1000.0, "off"),)
    assert "The data hold no end of treatment" in told.text
    assert "On treatment" not in [c.head for c in told.section.every[-1].columns]


def test_only_the_columns_there_are_listed(tmp_path):
    told = made(tmp_path, [patient("P1"), patient("P2", last_contact=500)])
    assert told.table("table-patients") == [["P1", "2.7", "alive"], ["P2", "1.4", "alive"]]


def test_groups_are_kept_together(two_groups):
    told = of(patients, two_groups.cohort)
    groups = [one.group for one in drawn(told).patients]
    assert groups == sorted(groups)
    assert len(told.figures()) == 1
    ends = [one.end for one in drawn(told).patients if one.group == groups[0]]
    assert ends == sorted(ends, reverse=True)


def test_many_patients_are_cut_and_the_csv_file_has_them_all(tmp_path, sample):
    told = made(tmp_path, [patient(f"P{i:03}", last_contact=100 + i) for i in range(510)])
    assert len(told.table("table-patients")) == 200
    notes = [note for b in told.section.every if getattr(b, "id", "") == "table-patients" for note in b.notes]
    (note,) = [words for (words,) in notes if words.startswith("The first 200 of 510 patients are listed;")]
    assert note.endswith("the CSV file of this table inside the PDF holds 510.")
    whole = Section("patients", "Patients", told.section.every)
    (file,) = tables_csv(replace(sample.report, parts=(Part("", (whole,)),))).values()
    lines = list(csv.reader(file.decode("utf-8-sig").splitlines()))[1:]
    assert sorted(line[0] for line in lines) == [f"P{i:03}" for i in range(510)]
    assert not told.figures() and "not drawn" in told.text


@pytest.mark.parametrize(
    ("n", "begins"), [(0, ""), (1, "Cut-off"), (30, "A row"), (31, "A bar"), (130, "A bar")]
)
def test_thirty_patients_have_a_row_each_and_more_a_bar(n, begins):
    many = tuple(Course(f"P{i}", "", "treated", 10.0 + i, True, (), ()) for i in range(n))
    facts = Context(unit="years")
    figure = patient_figure("figure-x", Courses(many, cutoff="2020-01-31"), facts)
    assert (figure is None) == (n == 0)
    if figure:
        (note,) = figure.notes
        assert plain(note).startswith(begins) and "31 January 2020" in plain(note) + " ".join(
            figure.drawing.texts
        )


@pytest.mark.parametrize("profile", ["board", "external"])
def test_no_identity_leaves_the_house(tmp_path, profile):
    rows = [patient("SECRET1", age_at_start=91), patient("SECRET2", age_at_start=12)]
    told = made(tmp_path, rows, overrides={"privacy.profile": profile})
    assert "SECRET" not in repr(told.section) and "SECRET" not in repr(told.results.facts)
    assert [line[0] for line in told.table("table-patients")][:1] == ["Patient 1"]
    if profile == "external":
        assert "91" not in repr(told.table("table-patients"))


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_ids_and_causes_stay_text(tmp_path, text):
    died = {"vital_status": "dead", "death_date": day(300), "last_contact": day(300), "cause_of_death": text}
    told = made(tmp_path, [patient(text) | died, patient("P2")])
    assert [text, "0.8", f"dead ({text})"] in told.table("table-patients")


OWN = ["fusion", "pfs", "worst_grade", "remarks", "age", "sex"]


@pytest.mark.parametrize(
    ("profile", "heads", "cells"),
    [
        (
            "internal",
            [
                "Patient",
                "Fusion",
                "Progression-free survival",
                "Worst grade of toxicity",
                "Remarks",
                "Age",
                "Sex",
            ],
            [
                ["ann", "TPM3", "0.5", "3", "lives abroad", "7", "female"],
                ["bob", "ALK", "2.7+", "0", "–", "9", "–"],
            ],
        ),
        ("board", ["Patient", "Progression-free survival", "Worst grade of toxicity", "Sex"], None),
    ],
)
def test_the_table_has_the_columns_that_the_settings_name_as_far_as_the_profile_lets_them_out(
    tmp_path, profile, heads, cells
):
    rows = [
        patient("ann", sex="female", age_at_start=7, fusion="TPM3", relapse_date=183, toxicity_assessed="yes",
                remarks="lives abroad"),
        patient("bob", age_at_start=9, fusion="ALK", toxicity_assessed="yes"),
    ]  # fmt: skip
    events = [{"patient_id": "ann", "term": "pain", "grade": 3, "onset_date": day(3)}]
    told = made(
        tmp_path,
        rows,
        overrides={"patients.columns": OWN, "privacy.profile": profile},
        toxicities=events,
        dictionary=[{"column": "fusion", "role": "feature"}, {"column": "remarks", "type": "text"}],
    )
    table = next(block for block in told.section.every if getattr(block, "id", "") == "table-patients")
    assert [column.head for column in table.columns] == heads
    notes = [plain(note) for note in table.notes]
    assert any(note.startswith("3 columns that were asked for are left out") for note in notes) is not bool(
        cells
    )
    if cells:
        assert [[plain(cell) for cell in one.cells] for one in table.rows] == cells


def test_the_next_treatment_is_listed_with_few_relapses_too_where_the_settings_ask_for_it(tmp_path):
    rows = [patient("ann", relapse_date=183), patient("bob")]
    lines = [{"patient_id": "ann", "treatment": "docetaxel", "start_date": day(190)}]
    asked = {"patients.columns": ["status", "after_relapse"]}
    table = made(tmp_path, rows, overrides=asked, treatments=lines).section.every[-1]
    assert [column.head for column in table.columns] == ["Patient", "Status", "After relapse"]
    assert plain(table.rows[0].cells[2]) == "docetaxel"


def test_rows_of_any_sheet_of_events_are_marked_on_the_courses(tmp_path):
    biopsies = [{"patient_id": "ann", "date": day(70), "name": "Biopsy", "value": k} for k in (1, 2)]
    told = made(
        tmp_path,
        [patient("ann"), patient("bob")],
        overrides={"patients.marks": ["Toxicities: pneumonitis", "measurements: biopsy", "assessments: PD"]},
        toxicities=[{"patient_id": "bob", "term": "Pneumonitis", "grade": 1, "onset_date": day(25)}],
        measurements=biopsies,
        assessments=[{"patient_id": "bob", "date": day(80), "response": "PD"}],
    )
    assert drawn(told).own == ("pneumonitis", "biopsy", "PD")
    own = {label: [(e.time, e.kind) for e in course(told, label).events if e.kind.startswith("own")]
           for label in ("ann", "bob")}  # fmt: skip
    assert own == {"ann": [(70, "own 1")], "bob": [(25, "own 0"), (80, "own 2")]}


def test_events_of_ones_own_are_marked_on_the_courses(tmp_path):
    rows = [patient("ann", graft_date=day(40)), patient("bob", last_contact=90)]
    lines = [
        {"patient_id": "ann", "treatment": "Radiotherapy 50 Gy", "start_date": day(10)},
        {"patient_id": "bob", "treatment": "radiotherapy", "start_date": day(30)},
        {"patient_id": "bob", "treatment": "radiotherapy", "start_date": day(60)},
    ]
    told = made(
        tmp_path,
        rows,
        overrides={"patients.marks": ["graft_date", "treatments: radiotherapy"]},
        treatments=lines,
    )
    assert drawn(told).own == ("graft", "radiotherapy")
    own = {label: [(e.time, e.kind) for e in course(told, label).events if e.kind.startswith("own")]
           for label in ("ann", "bob")}  # fmt: skip
    assert own == {"ann": [(40, "own 0"), (10, "own 1")], "bob": [(30, "own 1"), (60, "own 1")]}
    (figure,) = told.figures()
    assert (
        "graft in 1" in figure.alt and "radiotherapy in 2" in figure.alt and "Graft" in figure.drawing.texts
    )


def test_features_that_set_apart_as_much_are_all_named(sample):
    courses = drawn(of(patients, sample.cohort))
    assert [trait.tied for trait in courses.traits[:3]] == [True, True, False]
    caption = next(
        plain(f.caption) for f in of(patients, sample.cohort).figures() if "without" in plain(f.caption)
    )
    assert "none differs more; as much: “Site of the primary tumour: abdomen”." in caption
