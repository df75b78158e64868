"""What `map` has asked and nobody answered is said wherever it matters, and is never closed by a second run."""

from __future__ import annotations

import json
import tomllib
from datetime import date, timedelta

import pytest

from reportgen.base.errors import DataRefused
from reportgen.cohort.load import load_cohort
from reportgen.run import mapping
from reportgen.run.open_questions import naming_open_questions
from tests.cli.test_cli import run
from tests.workbooks import write_workbook

N = 20
START = [date(2018, 1, 10) + timedelta(days=40 * k) for k in range(N)]


def events(tmp_path):
    words = ("none", "relapse", "death", "none")
    rows = [[f"p{k}", START[k], words[k % 4], START[k] + timedelta(days=100 + k) if k % 4 in (1, 2) else None,
             START[k] + timedelta(days=900)] for k in range(N)]  # fmt: skip
    head = ["Pat", "Therapiebeginn", "Event", "Event date", "Letzter Kontakt"]
    return write_workbook(tmp_path / "c.xlsx", Daten=[head, *rows])


def written(source, ask=None):
    found = mapping.map_source(source, ask=ask)
    mapping.write(found)
    return found


def codes(source):
    return [issue.code for issue in load_cohort(source).issues]


def test_a_date_of_an_event_that_nobody_was_asked_about_is_a_warning(tmp_path):
    source = events(tmp_path)
    assert len(written(source).open) == 1
    (said,) = [issue for issue in load_cohort(source).issues if issue.code == "EVENT_DATE_UNSAID"]
    assert (said.severity, said.sheet, said.cell) == ("warning", "Daten", "D1")
    shown = run("check", source, cwd=tmp_path).stdout
    assert (
        "STILL OPEN" in shown
        and "stop_reason" not in shown.partition("STILL OPEN")[0].partition("MAY BE MORE")[2]
    )
    assert [
        one["cell"] for one in json.loads(run("check", source, "--json", cwd=tmp_path).stdout)["open"]
    ] == ["D1"]


@pytest.mark.parametrize("key", ["y", "n"])
def test_either_answer_is_kept(tmp_path, key):
    def ask(question):
        wanted = key if "Event" in str(question.text) else question.proposal
        return next(one for one in question.choices if one.key == wanted)

    source = events(tmp_path)
    written(source, ask)
    assert "EVENT_DATE_UNSAID" not in codes(source)
    assert not [q for q in mapping.map_source(source).open if "Event" in str(q.text)]


def test_an_answer_by_hand_overrules_what_map_has_listed(tmp_path):
    rows = [[f"p{k}", START[k], k % 4, START[k] + timedelta(days=900)] for k in range(N)]
    source = write_workbook(tmp_path / "c.xlsx", Daten=[["id", "start", "status", "last_fu"], *rows])
    found = written(source)
    assert '"status"' in found.settings and found.open
    text = found.settings.replace("[columns.patients]\n", '[columns.patients]\nvital_status = "status"\n', 1)
    found.path.write_text(f"{text}\n[values.vital_status]\nalive = [0, 1]\ndead = [2, 3]\n")
    assert load_cohort(source).patients.frame["vital_status"].eq("dead").sum() == N // 2


def test_a_column_that_does_not_exist_is_named_with_its_section(tmp_path):
    source = events(tmp_path)
    (tmp_path / "report.toml").write_text(f'{written(source).settings}\n[report]\ngroup = "arm"\n')
    with pytest.raises(DataRefused) as refused:
        load_cohort(source)
    assert any("in [report] group a column 'arm'" in str(issue.problem) for issue in refused.value.issues)


def test_a_second_run_closes_no_question(tmp_path):
    """ "DDN" is a date of birth, or the last news: it is not taken for one while the other is asked about."""
    rows = [[f"D{k}", date(1950 + k, 2, 3), START[k], START[k] + timedelta(days=700), None] for k in range(N)]
    source = write_workbook(
        tmp_path / "c.xlsx", Patients=[["Dossier", "Né(e) le", "Début crizotinib", "DDN", "Décès"], *rows]
    )
    first = written(source)
    again = written(source)
    assert {(q.cell, str(q.text)) for q in first.open} == {(q.cell, str(q.text)) for q in again.open} != set()
    assert first.settings == again.settings


def test_a_refused_build_names_the_cells_of_open_questions(tmp_path):
    source = events(tmp_path)
    rows = [[f"p{k}", START[k], 1 + k % 2, START[k] + timedelta(days=900)] for k in range(N)]
    source = write_workbook(tmp_path / "c.xlsx", Daten=[["id", "start", "vital status", "last_fu"], *rows])
    with pytest.raises(DataRefused) as refused, naming_open_questions(source, None):
        load_cohort(source)
    assert refused.value.open_at == ()  # never mapped: all is still to be said
    written(source)
    done = run("build", source, "--format", "html", cwd=tmp_path)
    assert done.returncode == 3
    assert "has asked about Daten!C1; answer there" in done.stderr
    assert "proposes what every column is" not in done.stderr


def test_a_word_of_death_is_not_known_at_the_start_and_is_asked_about(tmp_path):
    rows = [[f"p{k}", START[k], "†" if k % 3 == 0 else "ok", "dead" if k % 2 else "well", START[k] + timedelta(days=90)]
            for k in range(N)]  # fmt: skip
    head = ["Pat", "Therapiebeginn", "Zustand", "Mother", "Letzter Kontakt"]
    source = write_workbook(tmp_path / "c.xlsx", Daten=[head, *rows])
    found = mapping.map_source(source)
    takes = {column.header: column.takes for column in found.proposals.sheets[0].columns}
    assert (takes["Zustand"], takes["Mother"]) == ("patients.later", "patients.feature")
    (question,) = [one for one in found.open if "vital status" in str(one.text)]
    assert [choice.label for choice in question.choices][0] == "Zustand (C1)"


@pytest.mark.parametrize("key", ["r", "v"])
def test_ids_that_are_counted_anew_are_asked_about(tmp_path, key):
    """As the eleven and the six of lifelines' g3: "no." begins again in the second group."""

    def ask(question):
        return next((one for one in question.choices if one.key in (key, "m")), question.choices[0])

    numbers = [*range(1, 12), *range(1, 7)]
    rows = [[no, "AB"[k > 10], k % 2 == 0, 20 + k] for k, no in enumerate(numbers)]
    source = write_workbook(tmp_path / "c.xlsx", Data=[["no.", "group", "event", "time"], *rows])
    (question,) = [one for one in mapping.map_source(source).open if one.cell == "A1"]
    assert [choice.key for choice in question.choices] == ["r", "v"]
    settings = tomllib.loads(written(source, ask).settings)
    assert settings["source"].get("row_ids", False) == (key == "r")
    assert settings["source"].get("join_rows", False) == (key == "v")
    if key == "r":
        assert len(load_cohort(source).patients) == 17


def test_a_report_without_survival_names_what_is_still_open(tmp_path):
    rows = [[f"p{k}", START[k], "†" if k % 3 == 0 else "ok", START[k] + timedelta(days=90)] for k in range(N)]
    source = write_workbook(
        tmp_path / "c.xlsx", Daten=[["Pat", "Therapiebeginn", "Zustand", "Letzter Kontakt"], *rows]
    )
    written(source)
    done = run("build", source, "--format", "html", cwd=tmp_path)
    assert done.returncode == 0
    assert "reportgen map has asked about Daten!C1, and nobody has answered" in done.stderr
