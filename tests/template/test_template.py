"""The template: what a clinician needs is in it, and filling it in and building works at once."""

import errno
import re
import tomllib
from dataclasses import fields, is_dataclass
from datetime import date
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from reportgen import template
from reportgen.base.errors import MachineFailed, UsageError
from reportgen.cohort.clean.example_rows import EXAMPLE_ID
from reportgen.cohort.cohort import Cohort
from reportgen.cohort.load import load_cohort
from reportgen.cohort.mapping.schema import DICTIONARY, ROLES, TABLES, TYPES, columns_of
from reportgen.run.checking import check
from reportgen.settings.model import EndpointRule, Settings
from reportgen.settings.sources import READ, load_settings
from reportgen.template import template_words
from reportgen.template.fill import template_bytes
from tests.cli.test_cli import run

# What other sources have: here the date of a relapse is left empty, and so is what a cell of toxicities leaves open.
NOT_ASKED = ("relapse_observed", "toxicity_unknown", "treatment_ongoing")
SHEETS = (*TABLES, "dictionary", "report")
PATIENTS = [
    {"patient_id": "A-1", "sex": "female", "age_at_start": 12, "treatment_start": date(2019, 3, 4),
     "treatment_stop": date(2020, 3, 4), "stop_reason": "completed", "best_response": "CR",
     "response_date": date(2019, 6, 1), "vital_status": "alive", "last_contact": date(2022, 5, 1),
     "toxicity_assessed": "yes", "stage": "II", "prior_surgery": "yes"},
    {"patient_id": "A-2", "sex": "male", "age_at_start": 9, "treatment_start": date(2019, 8, 1),
     "relapse_date": date(2020, 2, 1), "relapse_site": "lung", "best_response": "PR",
     "response_date": date(2019, 10, 1), "vital_status": "dead", "death_date": date(2021, 1, 1),
     "last_contact": date(2021, 1, 1), "toxicity_assessed": "yes", "stage": "IV", "prior_surgery": "no"},
    {"patient_id": "A-3", "sex": "female", "age_at_start": 15, "treatment_start": date(2020, 1, 7),
     "best_response": "SD", "vital_status": "alive", "last_contact": date(2022, 4, 1), "toxicity_assessed": "yes",
     "stage": "II", "prior_surgery": "no"},
]  # fmt: skip
EVENTS = [
    {"patient_id": "A-1", "term": "Nausea", "grade": 2, "onset_date": date(2019, 4, 1), "serious": "no"}
]


@pytest.fixture(scope="module")
def book():
    return openpyxl.load_workbook(BytesIO(template_bytes()))


def fill_in(folder: Path, **sheets) -> Path:
    """Type rows into the first empty rows of the template, as a user would."""
    workbook, _ = template.init(folder)
    book = openpyxl.load_workbook(workbook)
    for name, rows in sheets.items():
        head = [cell.value for cell in book[name][1]]
        for number, row in enumerate(rows, start=book[name].max_row + 1):
            for column, value in row.items():
                book[name].cell(number, head.index(column) + 1, value)
    book.save(workbook)
    return workbook


def test_filling_in_three_patients_and_building_works_at_once(tmp_path):
    assert run("init", "study", cwd=tmp_path).stdout.split() == ["study/cohort.xlsx", "study/report.toml"]
    (tmp_path / "study" / "cohort.xlsx").unlink()
    (tmp_path / "study" / "report.toml").unlink()
    source = fill_in(tmp_path / "study", patients=PATIENTS, toxicities=EVENTS)
    assert run("check", source, "--strict", cwd=tmp_path).returncode == 0
    done = run("build", source, "--format", "html", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Nausea" in (tmp_path / "output" / "cohort" / "report.html").read_text(encoding="utf-8")


def test_the_example_is_nobody_and_is_asked_to_be_removed(tmp_path):
    cohort = load_cohort(fill_in(tmp_path, patients=PATIENTS, toxicities=EVENTS))
    assert cohort.n == 3 and len(cohort.toxicities) == 1
    assert {(i.code, i.sheet, i.cell) for i in cohort.issues if i.code == "EXAMPLE_ROW"} == {
        (("EXAMPLE_ROW", table, "A2")) for table in TABLES
    }


def test_a_sheet_that_nobody_filled_in_is_no_table_without_events(tmp_path):
    cohort: Cohort = load_cohort(fill_in(tmp_path, patients=PATIENTS))
    assert (cohort.toxicities, cohort.treatments, cohort.assessments) == (None, None, None)


def test_columns_of_ones_own_that_stay_empty_are_not_examined(tmp_path):
    plain = [{k: v for k, v in row.items() if k not in template_words.FEATURES} for row in PATIENTS]
    cohort = load_cohort(fill_in(tmp_path, patients=plain))
    assert not {feature.name for feature in cohort.features} & set(template_words.FEATURES)


def test_the_untouched_template_has_no_patients(tmp_path):
    workbook, _ = template.init(tmp_path)
    checked = check(workbook, output=tmp_path / "out")
    assert [i.code for i in checked.issues if i.severity == "error"] == ["NO_PATIENTS"]


def test_nothing_is_overwritten(tmp_path):
    (tmp_path / "report.toml").write_text("mine")
    with pytest.raises(UsageError, match=r"report\.toml is already there"):
        template.init(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["report.toml"]
    assert run("init", cwd=tmp_path).returncode == 2


def test_a_disk_that_fails_leaves_no_half_of_a_template(tmp_path, monkeypatch):
    opened = Path.open

    def full(path: Path, mode="r", **rest):
        if path.suffix == ".toml" and mode == "xb":
            raise OSError(errno.ENOSPC, "No space left on device")
        return opened(path, mode, **rest)

    monkeypatch.setattr(Path, "open", full)
    with pytest.raises(MachineFailed, match="the disk is full"):
        template.init(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_the_sheets_hold_every_column_with_help(book):
    assert tuple(book.sheetnames) == SHEETS
    for name in SHEETS:
        for cell in book[name][1]:
            assert cell.comment is not None or (name, cell.value) == ("report", "what it is"), (
                name,
                cell.value,
            )
    for table in TABLES:
        head = [cell.value for cell in book[table][1]]
        asked = [name for name in columns_of(table) if name not in NOT_ASKED]
        assert head == [*asked, *(template_words.FEATURES if table == "patients" else ())]
        assert [cell.value is not None for cell in book[table][2]] == [True] * len(head)
        assert book[table]["A2"].value == EXAMPLE_ID
    assert [cell.value for cell in book["dictionary"][1]] == list(DICTIONARY)


def choices(sheet) -> dict[str, list[str]]:
    head = {cell.column_letter: cell.value for cell in sheet[1]}
    return {
        head[re.match("[A-Z]+", str(rule.sqref))[0]]: rule.formula1.strip('"').split(",")
        for rule in sheet.data_validations.dataValidation
        if rule.type == "list"
    }


def test_every_closed_vocabulary_has_a_drop_down(book):
    for table in TABLES:
        found = choices(book[table])
        for name, column in columns_of(table).items():
            if column.words and name not in NOT_ASKED:
                assert set(found[name]) <= set(column.words) | {"ongoing"}
                assert set(column.words) <= {*found[name], "yes", "no"}
    assert choices(book["patients"])["prior_surgery"] == ["yes", "no"]
    assert choices(book["toxicities"])["grade"] == list("12345")
    assert choices(book["dictionary"])["type"] == list(TYPES)
    assert all(role in template_words.HELP["dictionary"]["role"] for role in ROLES)


def test_dates_are_formatted_and_checked(book):
    for table in TABLES:
        sheet = book[table]
        checked = {
            str(rule.sqref)[0:1] for rule in sheet.data_validations.dataValidation if rule.type == "date"
        }
        for cell, column in zip(sheet[1], columns_of(table).values(), strict=False):
            if column.kind == "date":
                assert sheet.column_dimensions[cell.column_letter].number_format == "yyyy-mm-dd"
                assert sheet.cell(2, cell.column).number_format == "yyyy-mm-dd"
                assert cell.column_letter in checked


def test_only_the_headers_are_protected(book):
    for sheet in book:
        assert sheet.protection.sheet and not sheet.protection.insertRows and sheet.freeze_panes == "B2"
        for cell in sheet[1]:
            assert cell.protection.locked
            assert not sheet.column_dimensions[cell.column_letter].protection.locked
        assert not any(cell.protection.locked for row in sheet.iter_rows(2) for cell in row)
    assert not book["patients"].column_dimensions["AA"].protection.locked


def test_the_template_is_the_same_bytes_every_time():
    assert template_bytes() == template_bytes()


SETTINGS = Path(template.__file__).with_name("report.toml")


def test_report_toml_explains_every_key():
    text = SETTINGS.read_text(encoding="utf-8")
    plain, parts = [], {"endpoint": EndpointRule}
    for field in fields(Settings):
        if is_dataclass(field.default):
            parts[field.name] = type(field.default)
        elif field.name in ("tables", "columns", "values", "endpoint"):
            assert re.search(rf"^(# )?\[+{field.name}[.\]]", text, re.M), field.name
        elif field.name not in READ:
            plain.append(field.name)
    for section, names in {
        "report": plain,
        **{s: [f.name for f in fields(k)] for s, k in parts.items()},
    }.items():
        part = re.split(r"\n\[[a-z]", text.split(f"[{section}]", 1)[1], maxsplit=1)[0]
        for name in names:
            assert re.search(rf"^# {name} = .+# \w", part, re.M), (section, name)


def test_report_toml_is_valid_and_so_it_is_without_the_hashes(tmp_path):
    assert load_settings(SETTINGS) == Settings()
    lines = SETTINGS.read_text(encoding="utf-8").splitlines()
    free = [re.sub(r"^# (?=[a-z_]+ = |\[)", "", line) for line in lines]
    path = tmp_path / "report.toml"
    path.write_text("\n".join(free), encoding="utf-8")
    given = load_settings(path)
    assert given.cutoff == date(2018, 6, 30) and [rule.key for rule in given.endpoint] == [
        "os",
        "course",
        "ttr",
    ]
    default = Settings()
    for name in (
        "time_unit",
        "landmarks",
        "related",
        "overdue_days",
        "features",
        "gates",
        "privacy",
        "source",
    ):
        assert getattr(given, name) == getattr(default, name), name
    assert tomllib.loads(path.read_text(encoding="utf-8"))["values"]["vital_status"]["dead"] == ["DOD", 1]


def test_the_report_sheet_takes_what_it_lists(tmp_path):
    workbook = fill_in(tmp_path, patients=PATIENTS)
    book = openpyxl.load_workbook(workbook)
    sheet = book["report"]
    given = {
        "title": "Ours",
        "cutoff": date(2021, 6, 30),
        "time_unit": "months",
        "landmarks": "6, 12",
        "overdue_days": 90,
    }
    for row in sheet.iter_rows(2):
        row[1].value = given.get(row[0].value)
    book.save(workbook)
    settings = load_cohort(workbook).settings
    assert (settings.title, settings.cutoff, settings.landmarks) == ("Ours", date(2021, 6, 30), (6, 12))
    assert (settings.time_unit, settings.overdue_days) == ("months", 90)
