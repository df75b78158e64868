"""Files of SPSS, Stata and R: their tables, with labels in place of codes."""

from __future__ import annotations

import gzip
from datetime import date

import numpy as np
import pandas as pd
import pytest

from reportgen.base.errors import DataRefused
from reportgen.cohort.load import load_cohort, read_source
from reportgen.cohort.readers import statistical
from reportgen.run import mapping

pyreadstat, pyreadr = pytest.importorskip("pyreadstat"), pytest.importorskip("pyreadr")

FRAME = pd.DataFrame(
    {
        "patient_id": ["A1", "A2", "A3", "A4"],
        "sex": [1.0, 2.0, 2.0, 1.0],
        "treatment_start": [date(2019, 1, 7), date(2019, 2, 4), date(2019, 3, 4), date(2019, 4, 1)],
        "last_contact": [date(2020, 1, 7), date(2021, 2, 4), date(2021, 3, 4), date(2021, 4, 1)],
        "vital_status": [1.0, 0.0, 0.0, 0.0],
        "ldh": [200.0, 999.0, 310.0, 275.0],
    }
)
LABELS = {"sex": {1: "male", 2: "female"}, "vital_status": {0: "alive", 1: "dead"}, "ldh": {999: "unknown"}}
NAMES = {"ldh": "Lactate dehydrogenase"}


def write(path):
    titles = [NAMES.get(name, "") for name in FRAME]
    if path.suffix == ".sav":
        pyreadstat.write_sav(FRAME, str(path), column_labels=titles, variable_value_labels=LABELS)
    elif path.suffix == ".dta":
        whole = FRAME.astype({"sex": int, "vital_status": int, "ldh": int})
        pyreadstat.write_dta(whole, str(path), column_labels=titles, variable_value_labels=LABELS)
    else:
        worded = FRAME.assign(
            sex=FRAME["sex"].map(LABELS["sex"]),
            vital_status=FRAME["vital_status"].map(LABELS["vital_status"]),
            ldh=FRAME["ldh"].mask(FRAME["ldh"] == 999),
        )
        dated = worded.assign(
            **{name: worded[name].astype(str) for name in ("treatment_start", "last_contact")}
        )
        if path.suffix == ".rds":
            pyreadr.write_rds(str(path), dated, compress="gzip")
        else:
            pyreadr.write_rdata(str(path), dated, df_name="cohort")
    return path


@pytest.mark.parametrize("ending", ["sav", "dta", "rds", "RData"])
def test_a_cohort_in_each_kind_of_file(tmp_path, ending):
    cohort = load_cohort(write(tmp_path / f"c.{ending}"))
    frame = cohort.patients.frame
    assert frame["sex"].tolist() == ["male", "female", "female", "male"]
    assert frame["vital_status"].tolist() == ["dead", "alive", "alive", "alive"]
    assert frame["ldh"].isna().tolist() == [False, True, False, False] and frame["ldh"].tolist()[0] == 200
    assert cohort.endpoints["os"].duration.tolist() == [365, 731, 731, 731]
    said = [issue for issue in cohort.issues if issue.code == "VALUE_LABELS"]
    assert [issue.cell for issue in said] == (["sex"] if ending in ("sav", "dta") else [])


@pytest.mark.parametrize("ending", ["sav", "dta", "rds"])
def test_what_is_cut_off_is_refused(tmp_path, ending):
    path = write(tmp_path / f"c.{ending}")
    path.write_bytes(path.read_bytes()[:150])
    with pytest.raises(DataRefused) as caught:
        read_source(path)
    assert [issue.code for issue in caught.value.issues] == ["BAD_STATISTICS"]


def test_cells_are_named_by_column_and_row(tmp_path):
    (sheet,) = read_source(write(tmp_path / "c.sav")).sheets
    assert sheet.cell(2, 1) == ("c", "sex, row 2") and sheet.labels[5] == "Lactate dehydrogenase"


@pytest.mark.parametrize("ending", ["zsav", "rds"])
def test_a_small_file_that_becomes_huge_is_refused(tmp_path, monkeypatch, ending):
    monkeypatch.setattr(statistical, "ENOUGH_BYTES", 100_000)
    monkeypatch.setattr(statistical, "MAX_RATIO", 4)
    path = tmp_path / f"cohort.{ending}"
    frame = pd.DataFrame({"patient_id": np.zeros(200_000)})
    if ending == "zsav":
        pyreadstat.write_sav(frame, str(path), compress=True)
    else:
        pyreadr.write_rds(str(path), frame)
        path.write_bytes(gzip.compress(path.read_bytes()))
    with pytest.raises(DataRefused) as refused:
        read_source(path)
    assert [issue.code for issue in refused.value.issues] == ["TOO_LARGE"]


def test_what_is_packed_twice_is_not_unpacked_twice(tmp_path):
    path = tmp_path / "cohort.rds"
    pyreadr.write_rds(str(path), pd.DataFrame({"patient_id": ["a"]}))
    path.write_bytes(gzip.compress(gzip.compress(path.read_bytes())))
    with pytest.raises(DataRefused) as refused:
        read_source(path)
    assert [issue.code for issue in refused.value.issues] == ["BAD_STATISTICS"]


def test_a_file_without_ids_gets_the_numbers_of_its_rows(tmp_path):
    data = pd.DataFrame({"OS_days": [300.0 + 50 * k for k in range(12)], "OS_event": [1.0, 0.0, 0.0] * 4})
    pyreadstat.write_sav(data, str(tmp_path / "c.sav"))
    found = mapping.map_source(tmp_path / "c.sav")
    mapping.write(found)
    assert (
        found.open == () and load_cohort(tmp_path / "c.sav").endpoints["os"].status.tolist() == [1, 0, 0] * 4
    )


def test_what_a_column_is_called_in_words_tells_what_it_is(tmp_path):
    titles = {
        "v1": "Study ID",
        "v2": "Overall survival (months)",
        "v3": "Death",
        "v4": "Number of cycles received",
    }
    data = pd.DataFrame(
        {
            "v1": range(1, 13),
            "v2": [9.5 + k for k in range(12)],
            "v3": [1.0, 0.0, 0.0] * 4,
            "v4": [*range(1, 7)] * 2,
        }
    )
    pyreadstat.write_sav(data, str(tmp_path / "c.sav"), column_labels=[*titles.values()])
    found = mapping.map_source(tmp_path / "c.sav")
    assert found.open == ()
    takes = {column["header"]: column["takes"] for column in mapping.as_json(found)["sheets"][0]["columns"]}
    assert [*takes.values()] == [
        "patients.patient_id",
        "endpoint.os.time",
        "endpoint.os.event",
        "patients.later",
    ]
