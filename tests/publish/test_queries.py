"""queries.xlsx: ids that last, text that stays text, the same bytes every time."""

from dataclasses import replace
from datetime import date
from io import BytesIO
from zipfile import ZipFile

import openpyxl

from reportgen.base.errors import Issue
from reportgen.publish.queries import Asked, queries_xlsx, query_ids, read_asked
from reportgen.writing.language import speaking

STOP = Issue(
    "warning", "STOP_WITHOUT_REASON", "patients", "K7", "S05", "stopped without a reason", "Give the reason."
)
GRADE = Issue("error", "GRADE", "toxicities", "D4", "S01", "the grade is 7", "Grades are 1 to 5.")
REMARK = Issue("note", "SYNONYM", "patients", "A1", None, "'Pt ID' was read as patient_id", "Nothing to do.")
HOSTILE = '=cmd|"/C calc"!A1'


def cells(data: bytes):
    return list(openpyxl.load_workbook(BytesIO(data))["queries"].iter_rows())


def test_an_id_lasts_when_rows_and_columns_move():
    moved = replace(STOP, cell="M19")
    assert query_ids([STOP]) == query_ids([moved])


def test_an_id_differs_with_code_sheet_patient_and_problem():
    others = [
        replace(STOP, **change)
        for change in ({"code": "X"}, {"sheet": "treatments"}, {"patient": "S06"}, {"problem": "no stop"})
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
        row = cells(queries_xlsx([replace(STOP, problem=text, patient=text)]))[1]
        assert row[6].data_type == "s"
        assert row[6].quotePrefix == text.startswith(("=", "+", "-", "@", "\t"))
    with ZipFile(BytesIO(queries_xlsx([replace(STOP, problem=HOSTILE)]))) as parts:
        assert not any(b"<f>" in parts.read(name) for name in parts.namelist())


def test_text_comes_back_as_it_was():
    for text in (HOSTILE, "<script>", "{{7*7}}", "$\\frac{1}", "_lead", "🦠", "two\nlines"):
        assert cells(queries_xlsx([replace(STOP, problem=text)]))[1][6].value == text


def test_the_same_issues_give_the_same_bytes():
    assert queries_xlsx([STOP, GRADE], date(2018, 6, 30)) == queries_xlsx([STOP, GRADE], date(2018, 6, 30))


def test_no_questions_are_a_workbook_with_a_head():
    assert len(cells(queries_xlsx([REMARK]))) == 1


def test_ids_and_answers_are_the_same_in_every_language(tmp_path):
    issue = Issue("warning", "X", "patients", "C7", "P1", "The last contact is missing", "Correct the date")
    day, name = date(2018, 6, 30), query_ids([issue])[0]
    with speaking("de"):
        (tmp_path / "queries.xlsx").write_bytes(queries_xlsx([issue], day, Asked(answers={name: "gefragt"})))
        assert query_ids([issue]) == [name]
    assert read_asked(tmp_path) == Asked({name: day}, {name: "gefragt"})
    sheet = cells((tmp_path / "queries.xlsx").read_bytes())
    assert sheet[1][6].value == "Der letzte Kontakt fehlt"
