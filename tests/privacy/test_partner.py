"""The profile for partners: pseudonyms, years, days, no date, no free text; and its data set."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from pathlib import Path

import pandas as pd
import pytest

from reportgen.base.errors import UsageError
from reportgen.run.pipeline import Request, build
from reportgen.verification import verify
from reportgen.verification.packing import pack
from tests.history.series import workbook
from tests.workbooks import minimal_patients, write_workbook

PARTNER = {"privacy.profile": "partner"}


@pytest.fixture
def source(tmp_path, monkeypatch) -> Path:
    monkeypatch.delenv("REPORTGEN_KEY_FILE", raising=False)
    return workbook(tmp_path, "2025-06", 40)


def made(source: Path, formats=("html", "csv", "data"), **more):
    return build(Request(source, None, source.parent / "out", "", formats, PARTNER | more))


def table(folder: Path, name: str) -> list[dict]:
    return list(csv.DictReader(io.StringIO((folder / "data" / name).read_text("utf-8-sig"))))


def test_it_lies_apart_and_holds_no_id_and_no_date(source):
    outcome = made(source)
    assert outcome.folder == source.parent / "out" / "cohort" / "partner"
    names = {
        path.relative_to(outcome.folder).as_posix() for path in outcome.folder.rglob("*") if path.is_file()
    }
    assert {"report.html", "patients.csv", "data/patients.csv", "data/lines.csv"} - names == {
        "data/lines.csv"
    }
    assert not list((source.parent / "out" / "cohort").rglob("queries.xlsx"))
    for path in outcome.folder.rglob("*"):
        if path.is_file() and path.suffix != ".parquet" and path.name != "manifest.json":
            text = path.read_text("utf-8", errors="replace")
            assert "P001" not in text and "2024-" not in text and "2025-" not in text, path.name
    assert json.loads((outcome.folder / "results.json").read_text())["provenance"]["cutoff"] is None
    assert "For partners under an agreement" in (outcome.folder / "report.html").read_text()
    assert verify(outcome.folder, source).findings == ()


def test_a_patient_has_the_pseudonym_of_the_board(source):
    partner = {row["patient_id"] for row in table(made(source, ("data",)).folder, "patients.csv")}
    board = build(Request(source, None, source.parent / "out", "", ("csv",), {"privacy.profile": "board"}))
    text = (board.folder / "patients.csv").read_text("utf-8-sig")
    assert partner == {row["patient_id"] for row in csv.DictReader(io.StringIO(text))}


def test_the_data_set_says_how_anonymous_it_is_and_merges_what_is_rare(source):
    told = {"privacy.quasi_identifiers": "sex, subtype", "privacy.rare_below": "6"}
    outcome = made(source, ("data",), **told)
    folder = outcome.folder
    patients = {row["patient_id"]: row for row in table(folder, "patients.csv")}
    features = {row["patient_id"]: row for row in table(folder, "features.csv")}
    assert set(patients) == set(features) and list(patients) == sorted(patients)
    groups: dict[tuple, int] = {}
    for name, row in patients.items():
        values = (row["sex"], features[name]["subtype"])
        groups[values] = groups.get(values, 0) + 1
    assert f"k = {min(groups.values())};" in outcome.anonymity
    assert f"{list(groups.values()).count(1)} of {len(patients)} patients" in outcome.anonymity
    for row in patients.values():
        assert row["age_at_start"] in ("", *map(str, range(91))) and int(row["last_contact_days"]) >= 0
    terms: dict[str, set] = {}
    for row in table(folder, "toxicities.csv"):
        terms.setdefault(row["term"], set()).add(row["patient_id"])
    assert all(len(who) >= 6 for term, who in terms.items() if term != "other")
    described = {(row["table"], row["column"]) for row in table(folder, "dictionary.csv")}
    for path in (folder / "data").glob("*.parquet"):
        frame = pd.read_parquet(path)
        assert {(path.stem, name) for name in frame} <= described
        assert frame.shape[0] == len(table(folder, f"{path.stem}.csv"))


def test_it_is_for_partners_alone_and_its_columns_must_be_there(source):
    for profile in ("internal", "board", "external"):
        wanted = {"privacy.profile": profile, "privacy.release_agreed": "true"}
        with pytest.raises(UsageError, match="--profile partner"):
            build(Request(source, None, source.parent / "out", "", ("data",), wanted))
    with pytest.raises(UsageError, match="quasi_identifiers names postcode"):
        made(source, ("data",), **{"privacy.quasi_identifiers": "postcode"})


def test_it_is_packed_with_its_data(source, tmp_path):
    names = pack(made(source).folder, tmp_path / "a.zip")
    assert {"report.html", "results.json", "data/patients.csv", "data/dictionary.csv"} <= set(names)
    assert "manifest.json" not in names


def test_names_of_lines_that_few_share_are_no_free_text(tmp_path):
    rows, lines = minimal_patients(12), []
    for place, row in enumerate(rows):
        row["relapse_date"] = row["treatment_start"] + timedelta(days=100)
        name = (
            "docetaxel"
            if place < 9
            else ("trial, call Mrs Low 0171 5550199" if place < 11 else "bevacizumab, Dr Kent")
        )
        begun = row["relapse_date"] + timedelta(days=9)
        lines.append({"patient_id": row["patient_id"], "line": 2, "treatment": name, "start_date": begun})
    source = write_workbook(tmp_path / "cohort.xlsx", patients=rows, treatments=lines)
    folder = made(source, ("html", "text"), **{"patients.marks": "treatments: bevacizumab"}).folder
    page = (folder / "report.html").read_text()
    for told in (page, (folder / "report.md").read_text(), (folder / "results.json").read_text()):
        assert "Mrs" not in told and "0171" not in told and "Kent" not in told
    assert all(word in page for word in ("docetaxel", "other treatment", "bevacizumab"))
