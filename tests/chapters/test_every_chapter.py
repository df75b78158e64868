"""The contract of every chapter, over cohorts of every kind."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from reportgen.chapters import SECTIONS
from reportgen.report import Dots, Figure, Headline, Link, Notice, Paragraph, Table, Text, Value
from tests.conftest import SAMPLE, make
from tests.reading import chapter, sentences
from tests.workbooks import write_workbook

KEYS = [
    "summary", "cohort", "baseline", "exposure", "response", "follow_up", "survival", "toxicity", "relapse",
    "after_relapse", "after_stopping", "patients", "methods",
]  # fmt: skip

PATIENT = {
    "patient_id": "P1",
    "sex": "female",
    "treatment_start": date(2020, 1, 1),
    "treatment_stop": date(2020, 12, 1),
    "stop_reason": "completed",
    "best_response": "CR",
    "response_date": date(2020, 3, 1),
    "relapse_date": None,
    "vital_status": "alive",
    "death_date": None,
    "last_contact": date(2022, 1, 1),
    "stage": "II",
}


def patients(*changes: dict) -> list[dict]:
    return [PATIENT | {"patient_id": f"P{i}"} | change for i, change in enumerate(changes, 1)]


RELAPSED = {"relapse_date": date(2021, 3, 1), "stage": "III"}
DEAD = {"vital_status": "dead", "death_date": date(2021, 6, 1), "last_contact": date(2021, 6, 1)}

COHORTS = {
    "normal": patients({}, RELAPSED, RELAPSED | DEAD, {}, {"sex": "male"}, {"sex": "male"}),
    "no events": patients({}, {}, {"stage": "I"}),
    "all events": patients(RELAPSED | DEAD, RELAPSED | DEAD, RELAPSED | DEAD),
    "one patient": patients({}),
    "one patient, dead": patients(RELAPSED | DEAD),
    "two patients": patients({}, RELAPSED),
    "one group": patients({}, RELAPSED, {}, {}),
    "only the required columns": [
        {key: p[key] for key in ("patient_id", "treatment_start", "last_contact")} for p in patients({}, {}, {})
    ],
    "nothing recorded": patients(*[dict.fromkeys(("sex", "best_response", "response_date", "stage"))] * 4),
    "everyone on the first day": patients(*[{"last_contact": date(2020, 1, 1), "treatment_stop": None,
                                             "stop_reason": None, "response_date": None}] * 3),
}  # fmt: skip


def texts(section) -> list[Text]:
    found: list[Text] = []
    for block in section.every:
        if isinstance(block, Paragraph | Notice | Headline):
            found.append(block.text)
        elif isinstance(block, Table):
            found += [block.caption, *block.notes, *(cell for row in block.rows for cell in row.cells)]
        elif isinstance(block, Figure):
            found.append(block.caption)
    return found


def check(made) -> None:
    """What must hold for every chapter of every report."""
    assert [section.key for section in made.report.sections] == KEYS
    known = {row.id for row in (*made.results.estimates, *made.results.curves)}
    blocks = [block for section in made.report.sections for block in section.every]
    ids = [block.id for block in blocks if isinstance(block, Table | Figure)]
    assert len(ids) == len(set(ids))
    for section in made.report.sections:
        assert section.every, section.key
        for text in texts(section):
            assert isinstance(text, tuple) and all(
                isinstance(part, str | Value | Link | Dots) for part in text
            ), text
            lost = [v for v in text if isinstance(v, Value) and v.ref is not None and v.ref not in known]
            assert not lost, (section.key, lost)
            words = "".join(str(part) for part in text)
            assert not re.search(r"\bnan\b|\bNone\b(?! of| relapsed)|\binf\b|Estimate\(|\{\w*\}", words), (
                section.key,
                words,
            )
    for block in blocks:
        if isinstance(block, Table):
            wide = {len(row.cells) for row in block.rows if not (row.head and len(row.cells) == 1)}
            assert wide <= {len(block.columns)}, block.id
        if isinstance(block, Figure):
            assert block.alt and block.drawing.marks, block.id


@pytest.mark.parametrize("name", COHORTS)
def test_every_chapter_keeps_its_contract(tmp_path, name):
    source = write_workbook(tmp_path / "cohort.xlsx", patients=COHORTS[name])
    check(make(source))


def test_the_samples_keep_the_contract(sample, two_groups):
    check(sample)
    check(two_groups)


def test_a_group_with_one_level_is_no_comparison(tmp_path):
    report = [{"key": "group", "value": "sex"}]
    source = write_workbook(tmp_path / "cohort.xlsx", patients=COHORTS["one group"], report=report)
    made = make(source)
    check(made)
    assert not made.results.select(section="survival", statistic="p_value")


def test_a_chapter_without_its_columns_is_one_notice_that_names_them(tmp_path):
    source = write_workbook(tmp_path / "cohort.xlsx", patients=COHORTS["only the required columns"])
    made = make(source)
    relapse = next(section for section in made.report.sections if section.key == "relapse")
    assert [type(block) for block in relapse.blocks] == [Notice]
    assert "relapse_date" in sentences(relapse)


def test_no_toxicity_sheet_is_never_read_as_no_toxicity(tmp_path):
    source = write_workbook(tmp_path / "cohort.xlsx", patients=COHORTS["normal"])
    text = chapter(make(source).report, "toxicity")
    assert "toxicities" in text and "no toxicit" not in text.casefold()


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.KEY)
def test_a_chapter_stands_alone_on_its_own_results(sample, section):
    own = section.analyse(sample.cohort)
    presented = section.present(own)
    assert presented.key == section.KEY and presented.title == section.TITLE
    assert all(e.section == section.KEY for e in own.estimates)


def test_present_is_a_function_of_results_alone(sample):
    made = make(SAMPLE)
    assert [s.every for s in made.report.sections] == [s.every for s in sample.report.sections]


def test_given_durations_make_a_report_without_dates(tmp_path):
    rows = [
        {"patient_id": f"P{i}", "arm": "AB"[i % 2], "weeks": 3 + 2 * i, "event": i % 3 % 2} for i in range(12)
    ]
    source = write_workbook(tmp_path / "cohort.xlsx", patients=rows)
    (tmp_path / "report.toml").write_text(
        '[report]\ntime_unit = "months"\nlandmarks = [3]\n'
        '[[endpoint]]\nkey = "ttr"\nlabel = "Time to recurrence"\ntime = "weeks"\nunit = "weeks"\n'
        'event = "event"\nevent_values = [1]\n'
    )
    made = make(source)
    check(made)
    assert "survival.ttr.all.survival@91.3125" in made.results
    assert "Time to recurrence was 0.80 (SE 0.13; " in chapter(made.report, "summary")


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.KEY)
def test_no_chapter_changes_the_cohort(sample, section):
    patients = replace(sample.cohort.patients, frame=sample.cohort.patients.frame.copy(),
                       days=sample.cohort.patients.days.assign(relapse_date=float("nan")))  # fmt: skip
    cohort, before = replace(sample.cohort, patients=patients), patients.days.copy()
    section.analyse(cohort)
    pd.testing.assert_frame_equal(patients.days, before)
    pd.testing.assert_frame_equal(patients.frame, sample.cohort.patients.frame)
