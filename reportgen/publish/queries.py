"""queries.xlsx: questions to the data manager, each with an id that stays the same from run to run."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reportgen.base.errors import ERROR, NOTE, WARNING, DataRefused, Issue
from reportgen.base.message import NC_, message
from reportgen.publish.query_ids import carried_over, query_ids
from reportgen.publish.workbook import Link, Sheet, workbook_bytes
from reportgen.settings.model import Settings
from reportgen.writing.language import _, _c, languages, speaking
from reportgen.writing.messages import said

if TYPE_CHECKING:
    from reportgen.cohort.raw import RawSheet

NAME = "queries.xlsx"
SHEET, CLOSED = "queries", "closed"  # CLOSED: what is asked no more, but was answered
# Sheets that are no questions of today; earlier versions had another name.
PAST = (CLOSED, "answered")
HEAD = (NC_("queries", "id"), NC_("queries", "severity"), NC_("queries", "code"), NC_("queries", "sheet"),
        NC_("queries", "cell"), NC_("queries", "patient"), NC_("queries", "problem"), NC_("queries", "hint"),
        NC_("queries", "open since"), NC_("queries", "answer"))  # fmt: skip
WIDTHS = {"problem": 50.0, "hint": 50.0, "open since": 12.0, "answer": 40.0}
# Of a question about many cells so many are named.
MOST_CELLS = 50
ORDER = (ERROR, WARNING, NOTE)
# Parts of a workbook in which somebody may have written, but not into a cell; a drawing only if something is in it:
# LibreOffice leaves an empty one behind links.
BESIDE_CELLS = ("xl/comments", "xl/threadedComments", "xl/embeddings/", "xl/media/")
DRAWINGS = "xl/drawings/"
MOST_OF_EMPTY = 2_000  # bytes
ODS_CONTENT = "content.xml"
WORKBOOKS = (".xlsx", ".xlsm")


@dataclass(frozen=True)
class Asked:
    """What is known of earlier questions, by id: since when each is open, and the answer written beside it.

    rows: all cells of an answered question, in the order of HEAD; still: of every question that is asked, whether
    or not the run sees it. taken: SHA-256 of the file if all that somebody
    may have written into it is in here; "" where it is not, and then doubt says why; doubts: all that was not
    understood.
    """

    since: dict[str, date] = field(default_factory=dict)
    answers: dict[str, Any] = field(default_factory=dict)
    rows: dict[str, tuple] = field(default_factory=dict, compare=False)
    still: dict[str, tuple] = field(default_factory=dict, compare=False)
    taken: str = field(default="", compare=False)
    doubt: str = field(default="", compare=False)
    doubts: tuple[str, ...] = field(default=(), compare=False)


def queries_xlsx(
    issues: Iterable[Issue], day: date | None = None, asked: Asked | None = None, source: str = ""
) -> bytes:
    """The errors and warnings as a workbook with a column for the answer; notes need none.

    day: when a question that `asked` does not know was first asked. source: the file name of the workbook
    in question, to which each cell links; the links lead there once both lie in one folder. The same
    arguments always give the same bytes in one language, and no text of the data becomes a formula.
    """
    known = asked or Asked()
    rows = question_rows(issues, day, known, source)
    rows += [known.still[name] for name in known.still if name not in {row[0] for row in rows}]
    heads = {name: _c("queries", name) for name in HEAD}
    widths = {heads[name]: width for name, width in WIDTHS.items()}
    asked_now = {row[0] for row in rows}
    known_rows = carried_over(known.rows, [issue for issue in issues if issue.severity != NOTE])
    settled = [known_rows[name] for name in known_rows if name not in asked_now]
    if not rows:
        nothing = _("No error and no warning was found: nothing is asked.")
        rows = [tuple(nothing if name == "problem" else None for name in HEAD)]
    sheets = [Sheet(SHEET, tuple(heads.values()), rows, widths, worked_on=True)]
    if settled:
        sheets.append(Sheet(CLOSED, tuple(heads.values()), settled, widths, worked_on=True))
    return workbook_bytes(sheets)


def question_rows(
    issues: Iterable[Issue], day: date | None = None, asked: Asked | None = None, source: str = ""
) -> list[tuple]:
    """The errors and warnings as rows in the order of HEAD, errors first; arguments as of `queries_xlsx`."""
    questions = [issue for issue in issues if issue.severity != NOTE]
    names, known = query_ids(questions), asked or Asked()
    since, answers = carried_over(known.since, questions), carried_over(known.answers, questions)
    named = sorted(zip(names, questions, strict=True), key=lambda pair: ORDER.index(pair[1].severity))
    return [
        (name, _(issue.severity), issue.code, issue.sheet, _place(issue, source), issue.patient, _problem(issue),
         said(issue.hint), since.get(name, day), answers.get(name))
        for name, issue in named
    ]  # fmt: skip


def read_asked(folder: Path) -> Asked:
    """What the queries.xlsx of an earlier run says; nothing without one."""
    path = Path(folder) / NAME
    return read_file(path) if path.is_file() else Asked()


def read_file(path: Path) -> Asked:
    """What a queries.xlsx, or a data manager's copy of it under whatever name, says.

    It may speak any language that reports do, its rows may stand in any order, and other columns between them. What
    can be read is taken in; where anything in it can't, `taken` is empty, so that the file is not replaced but set
    aside.
    """
    from reportgen.cohort.readers import excel, opendocument

    content = path.read_bytes()
    reader = opendocument if opendocument.recognises("", content) else excel
    try:
        sheets, _issues = reader.read(NAME, content, Settings())
    except DataRefused as refused:
        return Asked(doubt=refused.issues[0].problem, doubts=(refused.issues[0].problem,))
    found = Asked({}, {}, {})
    doubts = [doubt for sheet in sheets for doubt in _take(sheet, found)]
    if SHEET not in {sheet.name.strip() for sheet in sheets}:
        doubts.append(message("It has no sheet {sheet}", sheet=SHEET))
    if _beside_cells(zipfile.ZipFile(io.BytesIO(content))):
        doubts.append(message("It has comments, drawings or files beside its cells"))
    doubt = doubts[0] if doubts else ""
    taken = "" if doubts else hashlib.sha256(content).hexdigest()
    return replace(found, taken=taken, doubt=doubt, doubts=tuple(dict.fromkeys(doubts)))


def said_of(aside: tuple[str, ...], asked: Asked, folder: Path) -> str:
    """A sentence on a file that was set aside when its place was taken; "" where none was."""
    if not aside:
        return ""
    return message(
        "not all of {name} in {folder} could be taken in ({why}); it is kept as {aside}",
        name=NAME, folder=str(folder), why=asked.doubt or message("It was changed meanwhile"), aside=aside[0],
    )  # fmt: skip


def _beside_cells(book: zipfile.ZipFile) -> bool:
    """Whether somebody may have written beside the cells: a comment, a drawing with anything in it, a file."""
    if ODS_CONTENT in book.namelist():
        return b"<office:annotation" in (content := book.read(ODS_CONTENT)) or b"<draw:" in content

    def drawn(part: zipfile.ZipInfo) -> bool:
        return part.file_size > MOST_OF_EMPTY or b"Anchor" in book.read(part)

    parts = book.infolist()
    return any(part.filename.startswith(BESIDE_CELLS) for part in parts) or any(
        drawn(part) for part in parts if part.filename.startswith(DRAWINGS) and part.filename.endswith(".xml")
    )


def _take(sheet: RawSheet, found: Asked) -> Iterator[str]:
    """Put the answers of a sheet into `found`; what could not be understood of it."""
    titles = [title.strip() for title in sheet.header]
    heads = next((heads for heads in _heads() if heads[0] in titles and heads[-1] in titles), None)
    ours = heads is not None and sheet.name.strip() in (SHEET, *PAST)
    if not ours and (any(titles) or len(sheet.frame)):
        yield message("It has a sheet that is not ours, or whose columns were renamed or deleted")
    if heads is None:
        return
    places = {name: titles.index(title) for name, title in zip(HEAD, heads, strict=True) if title in titles}
    further = [place for place in range(len(titles)) if place not in places.values()]
    if len(places) < len(HEAD):
        yield message("A column was renamed or deleted")
    if any(titles[place] or sheet.frame[place].notna().any() for place in further):
        yield message("It has columns that are not ours")
    if sheet.faults:
        yield message("It has cells that are formulas without a value, or errors")
    for number, *cells in sheet.frame.itertuples(name=None):
        row = {name: _plain(cells[place]) for name, place in places.items()}
        name, day, answer = str(row["id"] or "").strip(), row.get("open since"), row["answer"]
        if isinstance(day, date):
            found.since[name] = day
        if answer is None:
            continue
        if not name:
            yield message("The answer in row {row} has no id", row=number)
            continue
        if found.answers.get(name, answer) != answer:
            yield message("Row {row} answers {id} in other words than a row above it", row=number, id=name)
        found.answers[name] = answer
        found.rows[name] = tuple(row.get(head) for head in HEAD)


def _plain(cell: object) -> object:
    """A cell as it can be written again."""
    if isinstance(cell, datetime):
        return cell.date()
    return cell if cell is None or isinstance(cell, (int, float, date)) else str(cell)


def _heads() -> Iterator[tuple[str, ...]]:
    """The titles of the columns in every language."""
    for code in languages():
        with speaking(code):
            yield tuple(_c("queries", name) for name in HEAD)


def _problem(issue: Issue) -> str:
    """What was found; of many cells also which: the first of them, for all of them may be thousands."""
    if not issue.cells:
        return said(issue.problem)
    cells = ", ".join(issue.cells[:MOST_CELLS])
    rest = issue.count - MOST_CELLS
    more = _(" and {n} more", n=f"{rest:,}") if rest > 0 else ""
    return _(
        "{problem} ({n} cells: {cells})",
        problem=said(issue.problem),
        n=f"{issue.count:,}",
        cells=f"{cells}{more}",
    )


def _place(issue: Issue, source: str) -> str | Link | None:
    if issue.sheet is None or not source.lower().endswith(WORKBOOKS):
        return issue.cell
    return Link(issue.cell or issue.sheet, source, issue.sheet, issue.cell or "")
