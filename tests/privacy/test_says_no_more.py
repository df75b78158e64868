"""A report for readers outside says what its protected counts and curves say, and nothing besides, in any of its files.

Two sources whose protected counts and curves are the same must make the same bytes, whatever else differs in them:
every sentence, figure, text for those who cannot see it, table, attachment and answer is then made of these alone.
"""

from __future__ import annotations

import copy
import json
import os
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from reportgen.cohort.load import load_cohort
from reportgen.history.diff import difference
from reportgen.privacy.release import released
from reportgen.run.pipeline import Request, build, protected
from tests.privacy.test_random_cohorts import random_cohort
from tests.workbooks import write_workbook

EXTERNAL = {"privacy.profile": "external", "group": "arm"}
FORMATS = ("html", "pdf", "docx", "pptx", "xlsx", "figures", "text", "ard")
# For those who made it, and no part of what is given away (docs/privacy.md).
OWN = {"manifest.json", "status.json"}
TRIES = 6
COHORTS = (5, *range(100, 100 + int(os.environ.get("REPORTGEN_FUZZ", "0")) // 500))


def cohort_of(seed: int) -> tuple[list[dict], list[dict]]:
    rows, toxicities = random_cohort(seed)
    draw = np.random.default_rng(seed)
    for row in rows:
        stopped = draw.random() < 0.7
        row |= {
            "age_at_start": float(draw.uniform(20, 99)),
            "treatment_stop": row["last_contact"] if stopped else None,
            "stop_reason": ["completed", "toxicity", "progression"][draw.integers(3)] if stopped else None,
            "haemoglobin": round(float(draw.uniform(8, 16)), 1),
            "remark": "none",
        }
    return rows, toxicities


def other_words(rows: list[dict], toxicities: list[dict]) -> tuple[list[dict], list[dict]]:
    """The same cohort as far as it may be told: other ids, order, calendar, ages in their bands, values and words."""
    names = {row["patient_id"]: f"X{len(rows) - i:04}" for i, row in enumerate(rows)}
    moved, days = [], {}
    for i, row in enumerate(rows):
        days[row["patient_id"]] = timedelta(days=-400 - 3 * i % 211)
        dates = {key: row[key] + days[row["patient_id"]] for key in row if hasattr(row[key], "isoformat")}
        age = {"age_at_start": row["age_at_start"] + 4} if row["age_at_start"] > 90 else {}
        more = {"patient_id": names[row["patient_id"]], "haemoglobin": 5.5 + i % 3, "remark": f"note {i}"}
        moved.append(row | dates | age | more)
    events = [
        t | {"patient_id": names[t["patient_id"]], "onset_date": t["onset_date"] + days[t["patient_id"]]}
        for t in toxicities
    ]
    return moved[::-1], events


def changed(rows: list[dict], toxicities: list[dict], seed: int) -> tuple[list[dict], list[dict]]:
    """One or two patients have another stage, response, grade or course."""
    draw = np.random.default_rng(seed)
    rows, toxicities = copy.deepcopy(rows), copy.deepcopy(toxicities)
    for row in draw.choice(rows, 2):
        what = draw.integers(4)
        if what == 0:
            row["stage"] = ["I", "II", "III", None][draw.integers(4)]
        elif what == 1:
            row["best_response"] = ["CR", "PR", "SD", "PD"][draw.integers(4)]
        elif what == 2 and row["relapse_date"]:
            row["relapse_date"] = None
        else:
            row["last_contact"] += timedelta(days=20)
            row["death_date"] = row["death_date"] and row["last_contact"]
    if toxicities:
        toxicities[draw.integers(len(toxicities))]["grade"] = 5 - draw.integers(1, 5)
    return rows, toxicities


def told(folder: Path, rows: list[dict], toxicities: list[dict]) -> tuple:
    source = write_workbook(folder / "cohort.xlsx", patients=rows, toxicities=toxicities)
    found = released(protected(load_cohort(source, overrides=EXTERNAL), folder))
    return found.estimates, [curve.to_row() for curve in found.curves]


def made(folder: Path, source: Path) -> Path:
    return build(Request(source, output=folder, formats=FORMATS, overrides=EXTERNAL)).folder


@pytest.mark.parametrize("seed", COHORTS)
def test_the_same_protected_numbers_make_the_same_bytes(tmp_path, seed):
    first = cohort_of(seed)
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    said = told(tmp_path / "a", *first)
    second, accepted = first, 0
    for attempt in range(TRIES):
        tried = changed(*second, 100 * seed + attempt)
        if told(tmp_path / "b", *tried) == said:
            second, accepted = tried, accepted + 1
    assert accepted
    second = other_words(*second)
    assert told(tmp_path / "b", *second) == said
    runs = [made(tmp_path / name / "out", tmp_path / name / "cohort.xlsx") for name in ("a", "b")]
    files = [
        {
            path.relative_to(run).as_posix(): path.read_bytes()
            for path in run.rglob("*")
            if path.is_file() and path.name not in OWN
        }
        for run in runs
    ]
    given = {
        "report.html",
        "report.pdf",
        "report.docx",
        "report.pptx",
        "report.xlsx",
        "report.md",
        "abstract.txt",
    }
    assert (
        given | {"results.json", "ard.json", "ard.parquet", "references.bib"} < set(files[0]) == set(files[1])
    )
    for name, content in files[0].items():
        assert content == files[1][name], name
    manifests = [json.loads((run / "manifest.json").read_bytes()) for run in runs]
    assert manifests[0]["inputs"][0]["sha256"] != manifests[1]["inputs"][0]["sha256"]
    assert not difference(*runs).different
