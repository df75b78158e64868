"""What people write into queries.xlsx is taken in, or set aside: it is never destroyed."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import PatternFill

from reportgen.publish.queries import read_asked
from reportgen.run.checking import check
from reportgen.run.pipeline import Request, build
from reportgen.verification import verify
from tests.workbooks import minimal_patients, write_workbook

ANSWER = "asked the ward on Monday"


@pytest.fixture
def source(tmp_path) -> Path:
    rows = minimal_patients(30, sex="female", death_date=None)
    for row in rows[3:5]:
        row |= {"vital_status": "dead", "death_date": row["last_contact"] + timedelta(days=10)}
    return write_workbook(tmp_path / "c.xlsx", patients=rows)


def made(source: Path, how: str) -> Path:
    """Make what leaves questions; their folder."""
    output, root = source.parent / "output", source.parent / "output" / "c"
    if how == "check":
        check(source, output=output)
        return root
    period = "2018-06" if how == "period" else ""
    profile = how if how in ("board", "external") else "internal"
    overrides = {"privacy.profile": profile} | ({"cutoff": date(2018, 6, 30)} if period else {})
    build(Request(source, output=output, period=period, formats=("html",), overrides=overrides))
    return root / period


def opened(folder: Path, change) -> Path:
    path = folder / "queries.xlsx"
    book = openpyxl.load_workbook(path)
    book["queries"]["J2"] = ANSWER
    change(book)
    book.save(path)
    return path


def formula(book) -> None:
    book["queries"]["J2"] = '="asked the ward "&"on Monday"'


def deleted(book) -> None:
    book["queries"].delete_cols(9)


def no_ids(book) -> None:
    book["queries"].delete_cols(1)


def renamed_head(book) -> None:
    book["queries"]["J1"] = "our answer"


def renamed_sheet(book) -> None:
    book["queries"].title = "Fragen"


def another_sheet(book) -> None:
    book.create_sheet("notes").append(["remember", "this"])


def another_column(book) -> None:
    book["queries"].insert_cols(2)
    book["queries"]["B1"], book["queries"]["B2"] = "who", "Anna"


def coloured_and_sorted(book) -> None:
    sheet = book["queries"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    for place, row in enumerate(reversed(rows), start=2):
        for column, value in enumerate(row, start=1):
            sheet.cell(place, column).value = value
            sheet.cell(place, column).fill = PatternFill("solid", fgColor="FFFF00")


def nothing(book) -> None:
    pass


NOT_UNDERSTOOD = (formula, deleted, no_ids, renamed_head, renamed_sheet, another_sheet, another_column)
TAKEN_IN = (nothing, coloured_and_sorted, another_column, deleted, renamed_sheet, another_sheet)
HOWS = ("check", "internal", "period")


@pytest.mark.parametrize("change", [*NOT_UNDERSTOOD, "cut off", "password"])
@pytest.mark.parametrize("how", HOWS)
def test_what_is_not_understood_is_set_aside_under_a_name_that_is_said(source, how, change):
    folder = made(source, how)
    if callable(change):
        path = opened(folder, change)
    else:
        path = opened(folder, nothing)
        path.write_bytes(
            path.read_bytes()[:900] if change == "cut off" else b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 90
        )
    was = path.read_bytes()
    assert made(source, how) == folder
    assert (folder / "queries.unread-1.xlsx").read_bytes() == was and path.read_bytes() != was
    path.write_bytes(was)
    if how == "check":
        assert "queries.unread-2.xlsx" in check(source, output=source.parent / "output").kept
    else:
        made(source, how)
        assert verify(folder).intact
    assert {(folder / f"queries.unread-{n}.xlsx").read_bytes() for n in (1, 2)} == {was}
    assert not (folder / "queries.unread-3.xlsx").exists()


@pytest.mark.parametrize("change", TAKEN_IN)
@pytest.mark.parametrize("how", HOWS)
def test_answers_are_taken_in_from_a_file_that_people_worked_in(source, how, change):
    folder = made(source, how)
    opened(folder, change)
    made(source, how)
    assert list(read_asked(folder).answers.values()) == [ANSWER]
    aside = list(folder.glob("queries.unread*"))
    assert bool(aside) == (change in NOT_UNDERSTOOD)
    made(source, how)
    assert (
        list(read_asked(folder).answers.values()) == [ANSWER]
        and list(folder.glob("queries.unread*")) == aside
    )


@pytest.mark.parametrize("profile", ["board", "external"])
@pytest.mark.parametrize("how", HOWS)
def test_a_report_for_others_leaves_answers_alone(source, how, profile):
    folder = made(source, how)
    was = opened(folder, nothing).read_bytes()
    made(source, profile)
    assert (folder / "queries.xlsx").read_bytes() == was


def test_an_answer_outlives_its_question(source):
    folder = made(source, "internal")
    opened(folder, nothing)
    rows = minimal_patients(30, sex="female")
    write_workbook(source, patients=rows)
    for _ in range(2):
        made(source, "internal")
        book = openpyxl.load_workbook(folder / "queries.xlsx")
        assert [cell.value for cell in book["answered"][2]][-1] == ANSWER
    assert not list(folder.glob("queries.unread*"))


def test_a_file_that_changes_while_a_report_is_made_is_set_aside(source, monkeypatch):
    import reportgen.run.pipeline

    folder, produce = made(source, "internal"), reportgen.run.pipeline.produce

    def slow(*given):
        opened(folder, nothing)
        return produce(*given)

    monkeypatch.setattr(reportgen.run.pipeline, "produce", slow)
    made(source, "internal")
    assert list(read_asked(folder).answers.values()) == []
    (aside,) = folder.glob("queries.unread-1.xlsx")
    assert openpyxl.load_workbook(aside)["queries"]["J2"].value == ANSWER


def test_answers_to_what_check_asked_reach_the_report_of_a_month(source):
    opened(made(source, "check"), nothing)
    assert list(read_asked(made(source, "period")).answers.values()) == [ANSWER]
