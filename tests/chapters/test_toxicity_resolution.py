"""How long toxicities last, against R (tests/golden/toxicity_resolution.R), and where nothing is said of it."""

from __future__ import annotations

import re

import numpy as np
import pytest

from reportgen.chapters import toxicity
from reportgen.report import plain
from tests.chapters.chapters import chapter, day, patient
from tests.golden_data import load

DATA, ANSWERS = load("toxicity_resolution")


def sheets(resolved: bool = True) -> dict[str, list[dict]]:
    rows = [{key: DATA[key][i] for key in DATA} for i in range(len(DATA["id"]))]
    people = {int(row["id"]): row for row in rows}
    patients = [
        patient(
            f"P{i}", last_contact=int(row["last"]), treatment_stop=int(row["last"]),
            vital_status="dead" if row["dead"] else "alive", death_date=int(row["last"]) if row["dead"] else None,
        )
        for i, row in people.items()
    ]  # fmt: skip
    events = [
        {
            "patient_id": f"P{int(row['id'])}", "term": f"nausea {k}", "grade": int(row["grade"]),
            "onset_date": day(int(row["onset"])),
            "resolved_date": day(int(row["resolved"])) if resolved and np.isfinite(row["resolved"]) else None,
        }
        for k, row in enumerate(rows)
    ]  # fmt: skip
    return {"patients": patients, "toxicities": events}


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    return chapter(toxicity, tmp_path_factory.mktemp("resolution"), **sheets())


@pytest.mark.parametrize(
    ("key", "name"), [("toxicity_resolution", "any"), ("toxicity_grade_3_plus_resolution", "severe")]
)
def test_it_equals_r(told, key, name):
    answer, stem = ANSWERS[name], f"toxicity.{key}.all"
    count, unresolved = (told.results[f"{stem}.{statistic}"] for statistic in ("count", "unresolved"))
    assert (count.n, count.value, unresolved.events) == (
        answer["n"],
        answer["resolved"],
        answer["unresolved"],
    )
    at = [told.results[f"{stem}.cumulative_incidence@{k * 30.4375:.10g}"].value for k in (1, 3, 6)]
    np.testing.assert_allclose(at, answer["at"], atol=1e-12)
    np.testing.assert_allclose([unresolved.low, unresolved.high], answer["exact"], rtol=1e-8)
    assert told.results[f"{stem}.unresolved_at_death"].value == answer["died"]
    onset = [told.results[f"{stem}.onset_{s}"].value for s in ("median", "minimum", "maximum")]
    assert onset == answer["onset"]


def test_it_is_a_table_of_the_supplement_and_says_who_died_with_it(told):
    row = told.table("table-toxicity-resolution")[0]
    assert row[:2] == ["Any grade", "40"] and re.fullmatch(r"\d\.\d \(\d\.\d–\d\.\d\)", row[2])
    (table,) = [b for b in told.section.further if getattr(b, "id", "") == "table-toxicity-resolution"]
    k, high = (ANSWERS[name]["died"] for name in ("any", "severe"))
    notes = [plain(note) for note in table.notes]
    assert f"Not resolved at death: {k} of any grade, {high} of grade ≥ 3." in notes


@pytest.mark.parametrize("column", ["empty", "missing"])
def test_without_a_day_of_resolution_the_onsets_alone_are_said(tmp_path, column):
    data = sheets(resolved=False)
    if column == "missing":
        data["toxicities"] = [
            {k: v for k, v in row.items() if k != "resolved_date"} for row in data["toxicities"]
        ]
    bare = chapter(toxicity, tmp_path, **data)
    assert not bare.results.select(statistic="unresolved") and not bare.has("table-toxicity-resolution")
    for key, name in (("toxicity_resolution", "any"), ("toxicity_grade_3_plus_resolution", "severe")):
        onset = [bare.results[f"toxicity.{key}.all.onset_{s}"] for s in ("median", "minimum", "maximum")]
        assert [e.value for e in onset] == ANSWERS[name]["onset"] and onset[0].n == ANSWERS[name]["n"]
    assert [row[:2] for row in bare.table("table-toxicity-onset")] == [
        ["Any grade", "40"],
        ["Grade ≥ 3", str(onset[0].n)],
    ]


def test_without_onsets_nothing_is_said(tmp_path):
    data = sheets()
    data["toxicities"] = [row | {"onset_date": None, "resolved_date": None} for row in data["toxicities"]]
    bare = chapter(toxicity, tmp_path, **data)
    assert not bare.results.select(statistic="onset_median") and not bare.has("table-toxicity-onset")


@pytest.mark.parametrize(("n", "said"), [(2, False), (3, True)])
def test_from_three_patients_on_it_is_said(tmp_path, n, said):
    data = sheets()
    events = [
        row
        for row in data["toxicities"]
        if row["patient_id"] in [p["patient_id"] for p in data["patients"][:n]]
    ]
    few = chapter(toxicity, tmp_path, patients=data["patients"], toxicities=events)
    assert (
        bool(few.results.select(endpoint="toxicity_resolution", statistic="onset_median", group="all"))
        is said
    )


def test_what_is_resolved_on_the_last_day_is_resolved(tmp_path):
    patients = [patient(f"P{i}", last_contact=400) for i in range(4)]
    events = [
        {
            "patient_id": f"P{i}",
            "term": "nausea",
            "grade": 2,
            "onset_date": day(10),
            "resolved_date": day(last),
        }
        for i, last in enumerate((400, 400, 50, 60))
    ]
    told = chapter(toxicity, tmp_path, patients=patients, toxicities=events)
    count, unresolved = (
        told.results[f"toxicity.toxicity_resolution.all.{statistic}"] for statistic in ("count", "unresolved")
    )
    assert (count.n, count.value, unresolved.events) == (4, 4, 0)
