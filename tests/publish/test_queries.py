"""queries.xlsx: ids that last, text that stays text, the same bytes every time."""

from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import openpyxl

from reportgen.base.errors import NOTE, Issue
from reportgen.base.message import message
from reportgen.cohort.load import check_tables, read_source
from reportgen.publish.queries import NAME, Asked, queries_xlsx, query_ids, read_asked
from reportgen.publish.query_ids import carried_over, ids_of_prose
from reportgen.settings.model import Settings
from reportgen.writing.language import speaking
from tests.workbooks import minimal_patients, write_workbook


def question(*place: str | None, problem: str, hint: str) -> Issue:
    """severity, code, sheet, cell and patient; and what is said, as a Message."""
    return Issue(*place, message(problem), message(hint))


STOP = question("warning", "STOP_WITHOUT_REASON", "patients", "K7", "S05", problem="stopped without a reason",
                hint="Give the reason.")  # fmt: skip
GRADE = question(
    "error", "GRADE", "toxicities", "D4", "S01", problem="the grade is 7", hint="Grades are 1 to 5."
)
REMARK = question(
    "note", "SYNONYM", "patients", "A1", None, problem="'Pt ID' was read", hint="Nothing to do."
)
HOSTILE = '=cmd|"/C calc"!A1'


def cells(data: bytes):
    return list(openpyxl.load_workbook(BytesIO(data))["queries"].iter_rows())


def test_an_id_lasts_when_rows_and_columns_move():
    moved = replace(STOP, cell="M19")
    assert query_ids([STOP]) == query_ids([moved])


def test_an_id_differs_with_code_sheet_patient_and_problem():
    others = [
        replace(STOP, **change)
        for change in (
            {"code": "X"},
            {"sheet": "treatments"},
            {"patient": "S06"},
            {"problem": message("no {a}", a="stop")},
        )
    ]
    assert len(set(query_ids([STOP, *others]))) == 5


def test_the_same_words_twice_are_numbered():
    first, second, third = query_ids([STOP, replace(STOP, cell="K8"), replace(STOP, cell="K9")])
    assert (second, third) == (f"{first}-2", f"{first}-3")


def test_parts_do_not_run_into_each_other():
    assert (
        len(set(query_ids([replace(STOP, code="AB", sheet="C"), replace(STOP, code="A", sheet="BC")]))) == 2
    )


def test_errors_come_first_and_notes_are_no_questions():
    rows = [
        [cell.value for cell in row] for row in cells(queries_xlsx([REMARK, STOP, GRADE], date(2018, 6, 30)))
    ]
    assert rows[0] == [
        "id",
        "severity",
        "code",
        "sheet",
        "cell",
        "patient",
        "problem",
        "hint",
        "open since",
        "answer",
    ]
    assert [row[1] for row in rows[1:]] == ["error", "warning"]
    assert rows[1][3:6] == ["toxicities", "D4", "S01"]
    assert rows[1][9] is None


def test_since_when_a_question_is_open():
    asked = {query_ids([STOP])[0]: date(2018, 3, 31)}
    rows = cells(queries_xlsx([GRADE, STOP], date(2018, 6, 30), Asked(asked)))
    assert [row[8].value.date() for row in rows[1:]] == [date(2018, 6, 30), date(2018, 3, 31)]


def test_no_text_becomes_a_formula():
    for text in (
        HOSTILE,
        "+1+1",
        "-1+1",
        "@SUM(A1)",
        "\t=1",
        "_x001B_",
        "<script>",
        "{{7*7}}",
        "a\x1bb",
        "🦠",
    ):
        row = cells(queries_xlsx([replace(STOP, problem=message(text), patient=text)]))[1]
        assert row[6].data_type == "s"
        assert row[6].quotePrefix == text.startswith(("=", "+", "-", "@", "\t"))
    with ZipFile(BytesIO(queries_xlsx([replace(STOP, problem=message(HOSTILE))]))) as parts:
        assert not any(b"<f>" in parts.read(name) for name in parts.namelist())


def test_text_comes_back_as_it_was():
    for text in (HOSTILE, "<script>", "{{7*7}}", "$\\frac{1}", "_lead", "🦠", "two\nlines"):
        assert cells(queries_xlsx([replace(STOP, problem=message(text))]))[1][6].value == text


def test_the_same_issues_give_the_same_bytes():
    assert queries_xlsx([STOP, GRADE], date(2018, 6, 30)) == queries_xlsx([STOP, GRADE], date(2018, 6, 30))


def test_no_questions_are_a_workbook_that_says_so(tmp_path):
    """The line has no id, so that it is no question when the file comes back."""
    (tmp_path / NAME).write_bytes(queries_xlsx([REMARK], date(2018, 6, 30)))
    _head, line = cells((tmp_path / NAME).read_bytes())
    assert [cell.value for cell in line if cell.value] == [
        "No error and no warning was found: nothing is asked."
    ]
    asked = read_asked(tmp_path)
    assert (asked.since, asked.answers, asked.doubt) == ({}, {}, "") and asked.taken


def test_ids_and_answers_are_the_same_in_every_language(tmp_path):
    issue = question(
        "warning", "X", "patients", "C7", "P1", problem="The last contact is missing", hint="Correct the date"
    )
    day, name = date(2018, 6, 30), query_ids([issue])[0]
    with speaking("de"):
        (tmp_path / "queries.xlsx").write_bytes(queries_xlsx([issue], day, Asked(answers={name: "gefragt"})))
        assert query_ids([issue]) == [name]
    assert read_asked(tmp_path) == Asked({name: day}, {name: "gefragt"})
    sheet = cells((tmp_path / "queries.xlsx").read_bytes())
    assert sheet[1][6].value == "Der letzte Kontakt fehlt"


def test_an_id_outlasts_a_better_wording_and_a_count_that_changed():
    issue = replace(
        STOP, problem=message("stopped without a reason, {n} times", n=2), about="stop_reason\x1f"
    )
    worded = replace(issue, problem=message("{n} stops lack a reason", n=3))
    assert query_ids([issue]) == query_ids([worded])


def test_two_faults_in_one_column_of_one_patient_are_two_questions():
    first, second = (
        replace(STOP, problem=message("a fault", code), about="x\x1f") for code in ("one", "two")
    )
    ids = query_ids([first, second])
    assert len(set(ids)) == 2 and not any(name.endswith("-2") for name in ids)
    assert query_ids([second]) == ids[1:]
    named = [replace(STOP, problem=message("no column {a}", a=name)) for name in ("age", "sex")]
    assert query_ids(named[1:]) == query_ids(named)[1:]


def messy(tmp_path):
    """The workbook from which the first formula made queries_of_prose.xlsx, in which every question was answered."""
    rows = minimal_patients(8, sex="female", birth_date=None, relapse_date=None, age_at_start=30, score=1)
    for row in rows:
        row["death_date"] = None
    rows[0] |= {"birth_date": "5/6/1990", "relapse_date": "5/6/2016"}
    rows[1] |= {"sex": "x", "age_at_start": "old"}
    rows[2] |= {"vital_status": "dead", "death_date": rows[2]["last_contact"] + timedelta(days=10)}
    rows[3] |= {"vital_status": "dead"}
    rows[4] |= {"death_date": rows[4]["last_contact"]}
    rows[5] |= {"sex": "#N/A", "age_at_start": "n/k?"}
    events = [
        {"patient_id": "P01", "term": term, "grade": 9, "onset_date": date(2015, 6, 1)}
        for term in ("Rash", "Nausea")
    ]
    _, issues = check_tables(
        read_source(write_workbook(tmp_path / "m.xlsx", patients=rows, toxicities=events)), Settings()
    )
    return [issue for issue in issues if issue.severity != NOTE]


def test_answers_under_ids_of_prose_are_carried_over_once(tmp_path):
    issues = messy(tmp_path)
    old = Path(__file__).with_name("queries_of_prose.xlsx").read_bytes()
    written = {row[0].value: (row[5].value, row[8].value, row[9].value) for row in cells(old)[1:]}
    (tmp_path / "queries.xlsx").write_bytes(old)
    asked = read_asked(tmp_path)
    assert len(asked.answers) == 11 and set(asked.answers) == set(ids_of_prose(issues))
    made = queries_xlsx(issues, date(2026, 1, 1), asked)
    assert openpyxl.load_workbook(BytesIO(made)).sheetnames == ["queries"]
    rows = {row[0].value: (row[5].value, row[8].value, row[9].value) for row in cells(made)[1:]}
    assert list(rows.values()) == list(written.values()) and not set(rows) & set(written)
    (tmp_path / "queries.xlsx").write_bytes(made)
    again = read_asked(tmp_path)
    assert set(again.answers) == set(query_ids(issues)) == set(carried_over(again.answers, issues))
    assert queries_xlsx(issues, date(2026, 1, 1), again) == made


def test_an_answer_to_what_is_asked_no_more_keeps_its_id(tmp_path):
    (tmp_path / "queries.xlsx").write_bytes(Path(__file__).with_name("queries_of_prose.xlsx").read_bytes())
    asked = read_asked(tmp_path)
    made = openpyxl.load_workbook(BytesIO(queries_xlsx([], date(2026, 1, 1), asked)))
    assert {row[0].value for row in list(made["closed"].iter_rows())[1:]} == set(asked.answers)


def test_questions_are_filtered_and_fit_the_width_of_their_paper():
    sheet = openpyxl.load_workbook(BytesIO(queries_xlsx([STOP, GRADE], date(2018, 6, 30))))["queries"]
    assert sheet.auto_filter.ref == "A1:J3" and sheet.print_title_rows == "$1:$1"
    setup = sheet.page_setup
    assert (setup.orientation, setup.fitToWidth, setup.fitToHeight) == ("landscape", 1, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
