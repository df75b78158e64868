"""`check` says what it understood: every column, every chapter, and the line for report.toml that is missing."""

import re
from datetime import date

import pytest

from reportgen.run import checking
from reportgen.run.understood_lines import HEADS
from tests.workbooks import minimal_patients, write_workbook

NAMES = {"Patient ID": "patient_id", "Treatment start": "treatment_start", "Last follow-up": "last_contact"}
STRANGE = ("Progress seen on", "Day of demise", "State now", "Recist best")


def strange(tmp_path, **options):
    """Names that no list of synonyms has, beside usual ones."""
    rows = [
        {"Patient ID": row["patient_id"], "Surname": ("Ames", "Bohr", "Curie", "Dirac")[k],
         "Treatment start": row["treatment_start"], "Last follow-up": row["last_contact"],
         "Progress seen on": date(2016, 1, 1) if k < 2 else None,
         "Day of demise": row["last_contact"] if k < 2 else None,
         "State now": "dead" if k < 2 else "alive", "Recist best": ("CR", "PR", "SD", "PD")[k], "LDH": 200 + k}
        for k, row in enumerate(minimal_patients(4))
    ]  # fmt: skip
    return checking.check(write_workbook(tmp_path / "cohort.xlsx", patients=rows), output=tmp_path, **options)


def test_every_column_is_said_with_what_it_was_taken_for(tmp_path):
    data = checking.as_json(strange(tmp_path))
    columns = {column["header"]: column for column in data["columns"]}
    assert len(columns) == 9
    assert {name: columns[name]["taken"] for name in NAMES} == NAMES
    assert columns["Last follow-up"]["how"] == "synonym" and columns["LDH"]["taken"] == "feature: number"
    assert (columns["Progress seen on"]["filled"], columns["Progress seen on"]["rows"]) == (2, 4)
    assert columns["Surname"]["taken"] == "not read"


def test_samples_do_not_say_who_somebody_is(tmp_path):
    checked = strange(tmp_path)
    columns = {column.header: column.sample for column in checked.understood.columns}
    assert (columns["Patient ID"], columns["Surname"]) == ("x99", "xxxx")
    assert (columns["State now"], columns["LDH"]) == ("dead", "200")
    said = "\n".join(checking.as_text(checked))
    assert "Ames" not in said and "Curie" not in said


def test_chapters_that_are_lost_are_said_with_the_line_that_brings_them_back(tmp_path):
    checked = strange(tmp_path)
    chapters = {chapter.key: chapter for chapter in checked.chapters}
    assert chapters["after_relapse"].made == "no" and "relapse_date" in chapters["after_relapse"].lacks
    assert chapters["baseline"].made == "yes" and chapters["toxicity"].lacks == ("the sheet toxicities",)
    said = "\n".join(checking.as_text(checked))
    for name, header in zip(
        ("relapse_date", "death_date", "vital_status", "best_response"), STRANGE, strict=True
    ):
        assert f'[columns.patients] {name} = "{header}"' in said
    assert "Nothing is wrong" not in said


def test_the_lines_are_right(tmp_path):
    (tmp_path / "report.toml").write_text(
        "[columns.patients]\n"
        + "".join(
            offer.line.removeprefix("[columns.patients] ") + "\n"
            for offer in strange(tmp_path).understood.offers
        )
    )
    chapters = {chapter.key: chapter.made for chapter in strange(tmp_path).chapters}
    assert [chapters[key] for key in ("survival", "relapse", "after_relapse")] == ["yes"] * 3
    assert chapters["response"] == "in part"


def test_what_is_refused_is_understood_all_the_same(tmp_path):
    rows = [{"Patient": "P1", "Enrolled": date(2020, 1, 1), "Final date": date(2021, 1, 1), "grp": "a"}]
    checked = checking.check(write_workbook(tmp_path / "a.xlsx", patients=rows), output=tmp_path)
    chapters = {chapter.key: chapter for chapter in checked.chapters}
    assert checked.refused and chapters["survival"].made == "no"
    assert '[columns.patients] last_contact = "Final date"' in "\n".join(checking.as_text(checked))


def test_without_an_id_no_chapter_is_made(tmp_path):
    rows = [{"Key": "a", "Start date": date(2020, 1, 1), "last_contact": date(2021, 1, 1)}]
    checked = checking.check(write_workbook(tmp_path / "a.xlsx", patients=rows), output=tmp_path)
    assert {chapter.made for chapter in checked.chapters} == {"no"}
    assert [column.taken for column in checked.understood.columns][1:] == ["treatment_start", "last_contact"]


@pytest.mark.parametrize("width", [40, 80, 100])
def test_it_fits_the_terminal(tmp_path, width):
    lines = list(checking.as_text(strange(tmp_path), width, wrap=True))
    long = [line for line in lines if len(line) > width]
    assert all("[columns.patients]" in line for line in long)
    said = re.sub(r"\s+", " ", "\n".join(lines))
    assert "Progress seen on" in said and "treatment_start" in said
    if width >= 80:
        assert next(line for line in lines if line.split() == " ".join(HEADS).split())


def test_under_external_no_cell_is_shown(tmp_path):
    (tmp_path / "report.toml").write_text('[privacy]\nprofile = "external"\n')
    columns = {column.header: column.sample for column in strange(tmp_path).understood.columns}
    assert columns["State now"] == "xxxx" and columns["LDH"] == "999"


def test_a_column_is_proposed_for_the_vocabulary_that_knows_most_of_it(tmp_path):
    rows = minimal_patients(6, off_reason=["PD", "PD", "PD", "PD", "Completed", "Toxicity"])
    checked = checking.check(write_workbook(tmp_path / "c.xlsx", patients=rows), output=tmp_path)
    offers = checked.understood.offers
    assert [offer.column for offer in offers if offer.header == "off_reason"] == ["stop_reason"]
