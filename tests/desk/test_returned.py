"""A queries.xlsx that comes back: dropped, its answers are taken in; what is not sure changes nothing."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from datetime import date
from urllib.parse import quote

import openpyxl
import pytest
from openpyxl.comments import Comment

from reportgen.history.answers import stories
from reportgen.history.returned_files import MOST_BYTES
from reportgen.history.store import place_of
from reportgen.run import question_list
from tests.desk.conftest import Running, start, stop
from tests.workbooks import minimal_patients, write_workbook

ANSWER = "asked the ward on Monday"


@pytest.fixture(scope="module")
def ward(tmp_path_factory):
    """A desk with a source that has asked, and another whose patients have other names."""
    folder = tmp_path_factory.mktemp("ward")
    for name, stem in (("asks.xlsx", "A"), ("other.xlsx", "B")):
        rows = minimal_patients(6, sex="female", death_date=None)
        for number, row in enumerate(rows):
            row |= {"patient_id": f"{stem}{number}"}
        for row in rows[3:5]:
            row |= {"vital_status": "dead", "death_date": None}
        write_workbook(folder / name, patients=rows)
    running = start(folder)
    for name in ("asks.xlsx", "other.xlsx"):
        assert running.ask("GET", f"/s/{_id(running, name)}/check?part=1")[0].status == 200
    yield running
    assert stop(running) == 0
    assert ANSWER not in running.said


def _id(ward: Running, name: str) -> str:
    page = ward.ask("GET", "/")[1].decode()
    return re.search(rf'/s/(\w+)/map">{re.escape(name)}<', page)[1]  # type: ignore[index]


def _asked(
    ward: Running, source: str, change: Callable = lambda book: None, answer: object = ANSWER
) -> bytes:
    """The questions of a source as they are taken away, with an answer."""
    book = openpyxl.load_workbook(io.BytesIO(ward.ask("GET", f"/s/{_id(ward, source)}/queries.xlsx")[1]))
    book["queries"]["J2"] = answer
    change(book)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def _drop(ward: Running, content: bytes, on: str = "", name: str = "queries.xlsx") -> tuple[int, str]:
    """Drop a file on the page of a source's questions, or on the first page; what is said."""
    path = f"/s/{_id(ward, on)}/answers" if on else "/upload"
    answer, body = ward.ask("POST", path, content, X_File_Name=quote(name))
    return answer.status, body.decode()


def _kept(ward: Running, source: str = "asks") -> list[str]:
    root = ward.folder / "output" / source
    return [words for story in stories(place_of(root), source).values() for _day, words in story.answers]


def _all_files(ward: Running) -> dict:
    return {path: path.read_bytes() for path in ward.folder.rglob("*") if path.is_file()}


def test_what_is_no_sure_answer_changes_nothing(ward):
    """On the page of the questions as on the first page, where nothing of it becomes a source."""
    good = _asked(ward, "asks.xlsx")
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * 30_000_000)
    wrong = {
        "no queries.xlsx that can be read": (b"x", good[: len(good) // 2], bomb.getvalue(),
                                             (ward.folder / "other.xlsx").read_bytes()),
        "holds formulas": (_asked(ward, "asks.xlsx", answer='="asked"'),),
        "No answer is written": (_asked(ward, "asks.xlsx", answer=None),),
    }  # fmt: skip
    before = _all_files(ward)
    for why, contents in wrong.items():
        for content in contents:
            for on in ("asks.xlsx", ""):
                status, said = _drop(ward, content, on, "queries (1).xlsx")
                assert status == 422 and why in said and "Nothing was changed" in said
    status, said = _drop(ward, _asked(ward, "other.xlsx"), "asks.xlsx")
    assert status == 422 and "another source" in said
    for on in ("asks.xlsx", ""):
        assert _drop(ward, b"x" * (MOST_BYTES + 1), on) == (413, '{"wrong":"too_large"}')
    assert _drop(ward, good, "asks.xlsx", "../../queries.xlsx")[0] == 422
    assert ward.ask("POST", "/s/x/answers", good, X_File_Name="queries.xlsx")[0].status == 404
    assert (
        ward.ask("POST", f"/s/{_id(ward, 'asks.xlsx')}/answers", good, Origin="http://evil")[0].status == 403
    )
    assert (
        _all_files(ward) == before and "queries" not in ward.ask("GET", "/")[1].decode().partition("<ul")[2]
    )


def test_a_returned_file_answers_its_questions(ward):
    """Under whatever name, on the first page it finds its source; a second time there is nothing new in it."""
    status, said = _drop(ward, _asked(ward, "asks.xlsx"), name="Fragen von Anna.xlsx")
    assert (
        status == 200 and "Answers taken in: 1." in said and "asks.xlsx" in said and "set aside" not in said
    )
    assert _kept(ward) == [ANSWER] and _kept(ward, "other") == []
    assert (
        openpyxl.load_workbook(ward.folder / "output" / "asks" / "queries.xlsx")["queries"]["J2"].value
        == ANSWER
    )
    assert "Anna" not in ward.ask("GET", "/")[1].decode()
    status, said = _drop(ward, _asked(ward, "asks.xlsx"), "asks.xlsx")
    assert status == 200 and "Answers taken in: 0." in said and "Known already: 1." in said


def test_an_answered_question_is_closed_beside_the_open_ones(ward):
    """With its answer and the day; its cell is a click away, and the data are refused as long as they are wrong."""
    first = openpyxl.load_workbook(ward.folder / "output" / "asks" / "queries.xlsx")["queries"]
    cell, other = (f"{first.cell(row, 5).value}</a>" for row in (2, 3))
    page = ward.ask("GET", f"/s/{_id(ward, 'asks.xlsx')}/check?part=1")[1].decode()
    opened, _heading, closed = page.partition('id="closed"')
    assert ANSWER in closed and cell in closed and f"{date.today():%Y-%m-%d}" in closed
    assert ANSWER not in opened and cell not in opened and other in opened and other not in closed
    assert "no report is made until they are mended" in opened and "Still in the data" in closed
    number = re.search(rf"rows/([0-9a-f]+/\d+)\">[^/]*{cell}", closed)[1]  # type: ignore[index]
    shown = ward.ask("GET", f"/s/{_id(ward, 'asks.xlsx')}/rows/{number}")[1].decode()
    assert 'id="cell"' in shown
    # The command says the same.
    told = question_list.told(ward.folder / "asks.xlsx", None, ward.folder / "output")
    assert question_list.as_json(told)["closed"] == 1
    assert any("closed" in line and "by its answer" in line for line in question_list.as_text(told))


def test_a_question_that_is_mended_is_closed_too(ward):
    """With its answer, which is no longer about anything in the data."""
    book = openpyxl.load_workbook(ward.folder / "asks.xlsx")
    sheet = book["patients"]
    place = next(cell.column for cell in sheet[1] if cell.value == "vital_status")
    for row in range(2, sheet.max_row + 1):
        sheet.cell(row, place).value = "alive"
    kept = (ward.folder / "asks.xlsx").read_bytes()
    book.save(ward.folder / "asks.xlsx")
    page = ward.ask("GET", f"/s/{_id(ward, 'asks.xlsx')}/check?part=1")[1].decode()
    closed = page.partition('id="closed"')[2]
    assert ANSWER in closed and "Still in the data" not in closed and "Not in the data any more" in closed
    (ward.folder / "asks.xlsx").write_bytes(kept)
    assert ward.ask("GET", f"/s/{_id(ward, 'asks.xlsx')}/check?part=1")[0].status == 200


def test_what_was_not_understood_is_named_and_the_file_set_aside(ward):
    def changed(book) -> None:
        sheet = book["queries"]
        sheet["J3"], sheet["J40"] = "lives", "of nobody"
        sheet["A41"], sheet["J41"] = "Q-0000000000", "of another"
        sheet["J3"].comment = Comment("by phone", "Anna")

    content = _asked(ward, "asks.xlsx", changed)
    assert ward.post("/language", language="de")[0].status == 303
    for new in (1, 0):
        status, said = _drop(ward, content, "asks.xlsx")
        assert status == 200 and f"Übernommene Antworten: {new}." in said
        assert ("nie gestellt hat: Q-0000000000" in said) == bool(new)
        for what in ("Zeile 40 hat keine Kennung", "Kommentare", "queries.unread-1.xlsx"):
            assert what in said
    ward.post("/language", language="en")
    root = ward.folder / "output" / "asks"
    assert (root / "queries.unread-1.xlsx").read_bytes() == content and "lives" in _kept(ward)
    assert (root / "queries.unread-1.xlsx").stat().st_mode & 0o777 == 0o600
    assert not (root / "queries.unread-2.xlsx").exists() and str(ward.folder) not in said
    assert not list((ward.folder / "output" / ".reportgen-desk").rglob("*.xlsx"))
