"""Patients: the course of each as it was, drawn and listed, and no identity outside the house."""

from __future__ import annotations

import csv
from dataclasses import replace

import pytest

from reportgen.analyses.courses import phases
from reportgen.chapters import patients
from reportgen.chapters.shared.swimmer_figures import swimmer_figures
from reportgen.render.pdf.csv_attachments import tables_csv
from tests.chapters.chapters import HOSTILE, chapter, day, of, patient

NAN = float("nan")


def made(folder, rows, overrides=None, **sheets):
    return chapter(patients, folder, overrides=overrides, patients=rows, **sheets)


def swim(told, label: str) -> dict:
    return next(s for s in told.results.facts["patients"]["swims"] if s["label"] == label)


def test_the_sample(sample):
    told = of(patients, sample.cohort)
    first = swim(told, "S01")
    assert [(kind, time) for time, kind in first["marks"]] == [
        ("response", 42.0), ("relapse", 183.0), ("stop", 183.0), ("death", 767.0)]  # fmt: skip
    assert first["phases"] == [(0.0, 183.0, "treatment"), (183.0, 190.0, "off"), (190.0, 767.0, "next_line")]
    assert not first["ongoing"] and swim(told, "S04")["ongoing"]
    assert len(told.figures()) == 1
    assert ["S04", "7", "female", "PR", "0.9+", "–", "–", "0.9", "alive"] in told.table("table-patients")


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
    assert swim(told, "P1")["phases"] == [(0.0, 1000.0, "off")]
    assert "The data hold no end of treatment" in told.text
    assert "On treatment" not in [c.head for c in told.section.blocks[-1].columns]


def test_only_the_columns_there_are_listed(tmp_path):
    told = made(tmp_path, [patient("P1"), patient("P2", last_contact=500)])
    assert told.table("table-patients") == [["P1", "2.7", "alive"], ["P2", "1.4", "alive"]]


def test_groups_are_kept_together(two_groups):
    told = of(patients, two_groups.cohort)
    swims = told.results.facts["patients"]["swims"]
    assert [s["group"] for s in swims] == sorted(s["group"] for s in swims)
    assert len(told.figures()) == 6
    ends = [s["end"] for s in swims if s["group"] == swims[0]["group"]]
    assert ends == sorted(ends, reverse=True)


def test_many_patients_are_cut_and_the_csv_file_has_them_all(tmp_path, sample):
    told = made(tmp_path, [patient(f"P{i:03}", last_contact=100 + i) for i in range(250)])
    assert len(told.table("table-patients")) == 200
    notes = [
        note for b in told.section.blocks if getattr(b, "id", "") == "table-patients" for note in b.notes
    ]
    (note,) = [words for (words,) in notes if words.startswith("The first 200 of 250 patients are listed;")]
    assert note.endswith("the CSV file of this table inside the PDF holds 250.")
    (file,) = tables_csv(replace(sample.report, sections=(told.section,))).values()
    lines = list(csv.reader(file.decode("utf-8-sig").splitlines()))[1:]
    assert sorted(line[0] for line in lines) == [f"P{i:03}" for i in range(250)]
    assert not told.figures() and "not drawn" in told.text


@pytest.mark.parametrize(("n", "figures"), [(0, 0), (1, 1), (30, 1), (31, 2), (130, 7)])
def test_figures_hold_thirty_patients_or_parts_of_twenty(n, figures):
    swims = [{"label": f"P{i}", "group": "", "end": 10.0 + i, "ongoing": True, "marks": [],
              "phases": [(0.0, 10.0 + i, "treatment")]} for i in range(n)]  # fmt: skip
    drawn = swimmer_figures("figure-x", swims, "years", "2020-01-31")
    assert len(drawn) == figures
    assert len({figure.id for figure in drawn}) == figures
    assert all("31 January 2020" in figure.svg for figure in drawn)


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
