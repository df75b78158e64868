"""Damaged files of every kind but workbooks: each is read or refused, soon and in little memory.

REPORTGEN_FUZZ sets how many examples each test tries, as for workbooks.
"""

from __future__ import annotations

import csv
import os
import random
import shutil
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.adam_files import ADAE, ADSL, ADTTE
from tests.cohort.reading_process import ReadingProcess
from tests.cohort.test_columnar import WRITERS, short
from tests.cohort.test_opendocument import table, write_ods
from tests.redcap_files import write_project
from tests.tables import PATIENTS, TOXICITIES, write_csv

EXAMPLES = int(os.environ.get("REPORTGEN_FUZZ", "40"))
SECONDS, MEGABYTES = 2.0, 300
often = settings(
    max_examples=EXAMPLES, deadline=None, print_blob=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
WORDS = (
    "", "0", "1", "-1", "x", "1,5", "nan", "inf", "1e400", "2020-13-01", "9" * 30, "\u202e", "a|b", "=1+1", "None",
    "NA", ";", '"', "P1", "y", "\n", "é", "radio", "checkbox", "1, a | 2, b", "|,|", "record_id", "USUBJID", "OS",
    "PARAMCD", "toxicity", "record_id", "2019-01-07",
)  # fmt: skip


@pytest.fixture(scope="module")
def process(files):
    reading = ReadingProcess()
    for path in files:
        reading.read(path)
    yield reading
    reading.close()


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> list:
    """A good file of every kind; reading them first loads the libraries that they need."""
    folder = tmp_path_factory.mktemp("kinds")
    found = [write(folder / f"patients.{ending}", short(PATIENTS)) for ending, write in WRITERS.items()]
    found.append(write_ods(folder / "cohort.ods", table("patients", PATIENTS)))
    found.append(write_csv(folder / "cohort.csv", PATIENTS, delimiter=";"))
    return [*found, *zipped(folder, found[-1])]


def zipped(folder: Path, table: Path) -> list[Path]:
    """A table and a project as archives; stored unpacked, so that what is damaged is their text; and one packed."""
    project = write_project(folder / "project")
    found = []
    for name, files in (("table.zip", [table]), ("project.zip", sorted(project.iterdir()))):
        with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_STORED) as archive:
            for file in files:
                archive.write(file, file.name)
        found.append(folder / name)
    with zipfile.ZipFile(folder / "packed.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(table, table.name)
    return [*found, folder / "packed.zip"]


@pytest.fixture(scope="module")
def folders(tmp_path_factory) -> list:
    """Folders whose files belong together: a REDCap project, an ADaM study, an OnCore export."""
    base = tmp_path_factory.mktemp("folders")
    study, oncore = base / "adam", base / "oncore"
    study.mkdir()
    oncore.mkdir()
    for name, rows in (("adsl", ADSL), ("adtte", ADTTE), ("adae", ADAE)):
        write_csv(study / f"{name}.csv", rows)
    write_csv(oncore / "subjects.csv", PATIENTS)
    blamed = [row | {"attribution_possible": "drug", "attribution_definite": ""} for row in TOXICITIES]
    write_csv(oncore / "adverse_events.csv", blamed)
    return [write_project(base / "redcap"), study, oncore]


def asked(process, path) -> None:
    said = process.read(path)
    assert said["seconds"] < SECONDS and said["megabytes"] < MEGABYTES, said
    assert said["patients"] is not None or any(severity == "error" for severity, *_ in said["issues"])


def damaged(data: bytes, chance: random.Random) -> bytes:
    content = bytearray(data)
    for _ in range(chance.choice([1, 1, 2, 5, 20])):
        place = chance.randrange(len(content) + 1)
        what = chance.random()
        if what < 0.5:
            content[place : place + 1] = bytes([chance.randrange(256)])
        elif what < 0.7:
            del content[place : place + chance.randrange(1, 40)]
        elif what < 0.9:
            content[place:place] = chance.randbytes(chance.randrange(1, 10))
        else:
            other = chance.randrange(len(content) + 1)
            content[place : place + 20] = content[other : other + 20]
    return bytes(content)


def distorted(rows: list[list[str]], chance: random.Random) -> list[list[str]]:
    for _ in range(chance.choice([1, 2, 5, 15])):
        line, column = chance.randrange(len(rows)), chance.randrange(max(map(len, rows)))
        what = chance.random()
        if what < 0.6 and column < len(rows[line]):
            rows[line][column] = chance.choice(WORDS)
        elif what < 0.7:
            rows.insert(line, list(chance.choice(rows)))
        elif what < 0.8 and len(rows) > 2:
            del rows[line]
        elif what < 0.9 and len(rows[0]) > 2:
            rows = [row[:column] + row[column + 1 :] for row in rows]
        else:
            rows = [[*row, chance.choice(WORDS)] for row in rows]
    return rows


@often
@given(seed=st.integers(0, 2**32))
def test_a_damaged_file_is_read_or_refused(process, files, tmp_path_factory, seed):
    chance = random.Random(seed)
    good = chance.choice(files)
    path = tmp_path_factory.getbasetemp() / f"damaged{good.suffix}"
    path.write_bytes(damaged(good.read_bytes(), chance))
    asked(process, path)


@often
@given(seed=st.integers(0, 2**32))
def test_a_folder_with_odd_cells_is_read_or_refused(process, folders, tmp_path_factory, seed):
    chance = random.Random(seed)
    folder = tmp_path_factory.getbasetemp() / "distorted"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(chance.choice(folders), folder)
    path = chance.choice(sorted(folder.iterdir()))
    text = path.read_text(encoding="utf-8-sig")
    rows = distorted(list(csv.reader(text.splitlines(keepends=True))), chance)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    asked(process, folder)
