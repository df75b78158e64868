"""What is picked on the page against what was proposed, as lines of the settings."""

from __future__ import annotations

import shutil
import tomllib
from pathlib import Path

from reportgen.base.errors import Issue
from reportgen.base.message import message
from reportgen.desk import source_cells, tasks
from reportgen.desk.allowed_files import Places
from reportgen.desk.hints import hint_of, spoken
from reportgen.desk.settings_lines import KINDS, Answer, Pick, offered
from reportgen.desk.source_view import Finding, gathered
from reportgen.settings.writing import released
from reportgen.writing.language import speaking

ASPS = Path(__file__).parents[1] / "cases" / "messy" / "asps.xlsx"
SAID = """\
# mine
[columns.patients]
relapse_date = "Date PD"  # mine, too
sex = "Sex"

[features]
at_start = ["date_pd", "site"]

[[endpoint]]
key = "os"
time = "Date PD"

[[endpoint]]
key = "pfs"
time = "PFS"
"""


def test_findings_that_say_the_same_stand_together():
    two, other = [
        Finding("warning", "BAD_NUMBER", "Data", cell, "", "no number", "mend it", 1) for cell in ("A2", "A3")
    ]
    error = Finding("error", "X", "Data", "B2", "", "unknown", "mend it", 1)
    warnings, errors = gathered([two, error, other])
    (alike,), (alone,) = warnings.alike, errors.alike
    assert (warnings.severity, [number for number, _f in alike.places]) == ("warning", [0, 2])
    assert (warnings.cells, alike.cells, alone.first) == (2, 2, error)


def test_what_is_said_of_one_column_goes_and_all_else_stays():
    left = released(SAID, "patients", "Date PD", "date_pd")
    assert "# mine" in left
    assert tomllib.loads(left) == {
        "columns": {"patients": {"sex": "Sex"}},
        "features": {"at_start": ["site"]},
        "endpoint": [{"key": "pfs", "time": "PFS"}],
    }
    assert released(SAID, "patients", "Date", "date") == SAID


def test_a_pick_wins_over_the_proposal_and_over_the_settings(tmp_path):
    source, config = Path(shutil.copy(ASPS, tmp_path)), tmp_path / "report.toml"
    found = tasks.understand(str(source), str(config), (), (), "en", True)
    first = tomllib.loads(config.read_text(encoding="utf-8"))
    sheet = found.sheets[0]
    taken = next(column for column in sheet.columns if column.takes == "patients.birth_date")
    other = next(column for column in sheet.columns if column.takes == "patients.feature")
    picks = (Pick(sheet.name, other.cell, "patients.birth_date"),)
    again = tasks.understand(str(source), str(config), picks, (), "en", True)
    said = tomllib.loads(config.read_text(encoding="utf-8"))
    assert first["columns"]["patients"]["birth_date"] == taken.header
    assert said["columns"]["patients"]["birth_date"] == other.header
    columns = {column.cell: column.takes for column in again.sheets[0].columns}
    assert columns[other.cell] == "patients.birth_date"


def test_an_open_question_stays_open_until_it_is_answered(tmp_path):
    source, config = Path(shutil.copy(ASPS, tmp_path)), tmp_path / "report.toml"
    found = tasks.understand(str(source), str(config), (), (), "en", False)
    (question,) = [q for q in found.questions if q.dangerous]
    assert question.key == "?" and found.open == 1 and not config.exists()
    answer = Answer(question.sheet, question.cell, question.text, question.choices[0][0])
    after = tasks.understand(str(source), str(config), (), (answer,), "en", False)
    assert after.open == 0 and not config.exists()


def test_a_word_is_said_to_be_missing_for_its_whole_column(tmp_path):
    source, config = Path(shutil.copy(ASPS, tmp_path)), tmp_path / "report.toml"
    tasks.understand(str(source), str(config), (), (), "en", True)
    findings = tasks.examine(str(source), str(config), str(tmp_path / "output"), "en").findings
    asked = next(f for f in findings if f.code == "UNKNOWN_VALUE" and f.cell)
    assert "show the cell" in asked.hint and not [f for f in findings if "report.toml" in f.hint and f.where]
    found = source_cells.meanings(str(source), str(config), (asked.sheet, asked.cell))
    assert found and found.column == "vital_status" and set(found.words) == {"missing", "alive", "dead"}
    before = source.read_bytes()
    source_cells.let_mean(str(source), str(config), (asked.sheet, asked.cell), found.word, "alive")
    source_cells.let_mean(str(source), str(config), (asked.sheet, asked.cell), found.word, "rubbish")
    said = tomllib.loads(config.read_text(encoding="utf-8"))["values"]["vital_status"]
    assert found.word in said["alive"] and "rubbish" not in said and source.read_bytes() == before


def test_what_may_be_picked_is_what_there_is():
    assert {"patients.relapse_date", "patients.relapse_days", *KINDS} <= set(offered("patients"))
    assert "toxicities.grade" in offered("toxicities") and offered("") == (".ignored",)


def test_a_hint_is_what_the_window_offers_or_names_the_settings_by_their_name():
    line = message("Write join = false under [source] in report.toml")
    column = Issue("error", "MISSING_COLUMN", "Data", None, None, message("There is no `sex`"), line)
    other = Issue("error", "BAD_JOIN", "Data", None, None, message("a"), line)
    correct = Issue("error", "MISSING_COLUMN", "Data", None, None, message("a"), message("Add it"))
    assert hint_of(column, "asps.toml") == ("Say over the column what it is; or add it to your file", "map")
    assert hint_of(other, "asps.toml") == ("Write join = false under [source] in asps.toml", "")
    assert hint_of(correct, "asps.toml") == ("Add it", "")
    with speaking("de"):
        assert spoken(column.problem, "") == "There is no „sex“"
        said = spoken(
            message("{header}: is it {what}? ({why})", header="sex", what="sex", why="x"), "patients"
        )
    assert said == "sex: Bedeutung „Geschlecht“? (x)"


def test_a_registry_whose_tables_lie_in_parts_is_a_source_of_the_folder(tmp_path):
    for table in ("patients", "toxicities"):
        (tmp_path / "registry" / table).mkdir(parents=True)
        (tmp_path / "registry" / table / "part-0.parquet").write_bytes(b"")
    (tmp_path / "letters" / "old").mkdir(parents=True)
    places = Places(tmp_path, tmp_path / "output", tmp_path / "uploads", b"secret")
    assert [source.name for source in places.sources()] == ["registry"]
