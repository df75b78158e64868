"""What people write into queries.xlsx is taken in, or set aside: it is never destroyed."""

from __future__ import annotations

import json
import shutil
import zipfile
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from typer.testing import CliRunner

from reportgen.base.errors import UsageError
from reportgen.cli.app import app
from reportgen.history.answers import stories
from reportgen.publish.queries import read_asked
from reportgen.run.checking import check
from reportgen.run.pipeline import Request, build
from reportgen.verification import verify
from tests.cohort.test_opendocument import table as ods_table
from tests.cohort.test_opendocument import write_ods
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
    build(
        Request(source, output=output, period=period, formats=("csv",), overrides=overrides)
    ) if profile != "external" else build(
        Request(source, output=output, formats=("html",), overrides=overrides)
    )
    return root


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


def comment(book) -> None:
    book["queries"]["J2"].comment = Comment("she came on Monday", "Anna")


def nothing(book) -> None:
    pass


NOT_UNDERSTOOD = (
    formula,
    comment,
    deleted,
    no_ids,
    renamed_head,
    renamed_sheet,
    another_sheet,
    another_column,
)
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
        assert verify(folder / ("2018-06" if how == "period" else "")).intact
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
        assert [cell.value for cell in book["closed"][2]][-1] == ANSWER
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


def answered(folder: Path, name: str, answer: str, row: int = 2) -> str:
    """A copy of queries.xlsx with an answer, as somebody returns it; the id of the question."""
    book = openpyxl.load_workbook(folder / "queries.xlsx")
    book["queries"][f"J{row}"] = answer
    book.save(folder / name)
    return book["queries"][f"A{row}"].value


def kept_answers(folder: Path) -> dict[str, list[str]]:
    found = stories(folder.parent / "c.history.sqlite", "c")
    return {id: [words for _, words in story.answers] for id, story in found.items() if story.answers}


@pytest.mark.parametrize("how", HOWS)
def test_a_renamed_copy_an_older_one_and_a_file_elsewhere_are_taken_in(source, tmp_path, how):
    folder = made(source, how)
    name = answered(folder, "Rückfragen (1).xlsx", "the first word")
    made(source, how)
    assert read_asked(folder).answers[name] == "the first word"
    answered(folder, "queries.xlsx", "the second word")
    made(source, how)
    # The older copy still lies there: it must not win again.
    made(source, how)
    assert read_asked(folder).answers[name] == "the second word"
    (tmp_path / "elsewhere").mkdir()
    shutil.copy(folder / "queries.xlsx", tmp_path / "elsewhere")
    elsewhere = tmp_path / "elsewhere" / "queries.xlsx"
    answered(tmp_path / "elsewhere", "queries.xlsx", "the third word")
    check(source, output=tmp_path / "output", answers=elsewhere)
    assert read_asked(folder).answers[name] == "the third word"
    assert kept_answers(folder)[name] == ["the first word", "the second word", "the third word"]
    assert (folder / "Rückfragen (1).xlsx").is_file()
    with pytest.raises(UsageError, match="--answers"):
        check(source, output=tmp_path / "output", answers=tmp_path / "nowhere.xlsx")


def test_there_is_one_file_of_questions_per_source_and_those_of_earlier_versions_are_read(source):
    folder = made(source, "check")
    made(source, "period")
    (link,) = folder.glob("*/queries.xlsx")
    assert link == folder / "2018-06" / "queries.xlsx" and link.samefile(folder / "queries.xlsx")
    assert not verify(link.parent).findings
    made(source, "period")
    assert link.is_symlink() and not list(folder.rglob("queries.unread*"))
    (folder / "queries.xlsx").write_bytes(b"cut off")
    made(source, "period")
    assert [path.parent for path in folder.rglob("queries.unread*")] == [folder]
    link.unlink()
    name = answered(folder, "queries.xlsx", "of a month")
    (folder / "queries.xlsx").rename(folder / "2018-06" / "queries.xlsx")
    made(source, "check")
    assert read_asked(folder).answers == {name: "of a month"}


def test_an_answer_that_was_deleted_comes_back_from_the_history(source):
    folder = made(source, "internal")
    name = answered(folder, "queries.xlsx", ANSWER)
    made(source, "internal")
    (folder / "queries.xlsx").unlink()
    made(source, "check")
    assert read_asked(folder).answers == {name: ANSWER}


def test_all_questions_are_told_with_their_story(source):
    folder = made(source, "check")
    name = answered(folder, "queries.xlsx", ANSWER)
    done = CliRunner().invoke(app, ["queries", str(source), "--output", str(folder.parent), "--json"])
    told = json.loads(done.stdout)
    assert (told["open"], told["closed"], told["new_answers"]) == (1, 1, 1)  # an answer closes its question
    assert [query["id"] for query in told["queries"] if query["closed"]] == [name]
    assert all(query["in_the_data"] for query in told["queries"])
    write_workbook(source, patients=minimal_patients(30, sex="female"))
    made(source, "check")
    told = json.loads(
        CliRunner().invoke(app, ["queries", str(source), "--output", str(folder.parent), "--json"]).stdout
    )
    assert (told["open"], told["closed"], told["new_answers"]) == (0, 2, 0)
    (mine,) = (query for query in told["queries"] if query["id"] == name)
    assert (
        mine["closed"]
        and not mine["in_the_data"]
        and mine["patient"]
        and mine["answers"][0]["answer"] == ANSWER
    )
    text = CliRunner().invoke(app, ["queries", str(source), "--output", str(folder.parent)]).stdout
    assert text.startswith("0 open, 2 closed.") and ANSWER in text


def test_a_month_made_anew_closes_no_question_of_today(source):
    folder = made(source, "internal")
    asked = {row[0].value for row in openpyxl.load_workbook(folder / "queries.xlsx")["queries"]["A2:A9"]} - {
        None
    }
    overrides = {"cutoff": date(2018, 6, 30)}
    build(Request(source, None, folder.parent, "2018-06", ("csv",), overrides))
    build(
        Request(
            source,
            None,
            folder.parent,
            "2015-06",
            ("csv",),
            {"cutoff": date(2015, 6, 30)},
            on_invalid="exclude",
        )
    )
    now = {row[0].value for row in openpyxl.load_workbook(folder / "queries.xlsx")["queries"]["A2:A9"]} - {
        None
    }
    assert asked <= now


def test_what_libreoffice_saves_is_taken_in_as_workbook_and_as_spreadsheet(source):
    """As a workbook it holds an empty drawing behind its links: nobody has written into that."""
    folder = made(source, "internal")
    path = opened(folder, nothing)
    with zipfile.ZipFile(path, "a") as book:
        book.writestr("xl/drawings/drawing1.xml", '<xdr:wsDr xmlns:xdr="urn:x"></xdr:wsDr>')
    rows = [[cell.value for cell in row] for row in openpyxl.load_workbook(path)["queries"].iter_rows()]
    made(source, "internal")
    assert list(read_asked(folder).answers.values()) == [ANSWER] and not list(folder.glob("queries.unread*"))
    rows[1][9] = "the second word"
    write_ods(folder / "queries.ods", ods_table("queries", rows))
    made(source, "internal")
    assert list(read_asked(folder).answers.values()) == ["the second word"]


@pytest.mark.parametrize("name", ["queries.csv", "queries (1).xlsx"])
def test_of_a_copy_that_cannot_be_read_it_is_said(source, name):
    folder = made(source, "check")
    (folder / name).write_bytes(b"id,answer\n")
    (folder / "prices.xlsx").write_bytes(b"nothing of ours")
    said = check(source, output=source.parent / "output").kept
    assert f"{name} could be taken in" in said and "it stays as it is" in said and "prices" not in said
