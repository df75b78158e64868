"""The tables of a report as CSV files, to be put inside its PDF: whoever has the paper has them to compute with."""

from __future__ import annotations

import csv
import io
import re

from reportgen.render.html.page import MARK
from reportgen.render.html.tables import in_words
from reportgen.report import Part, Report, Table, plain
from reportgen.writing.language import rules, speaking

BARE = re.compile(r"[−-]?\d[\d.,]*")
FORMULA = re.compile("[=+@＝＋－＠−-]")


def tables_csv(report: Report) -> dict[str, bytes]:
    """A file per table, by a name that begins with the table's number: "table-03-baseline.csv",
    "table-S03-completeness.csv".

    As the page's own script saves them: UTF-8 with its mark, a semicolon between cells where the comma is the
    decimal sign, and an apostrophe before what a spreadsheet would take for a formula.
    """
    with speaking(report.language):
        comma = ";" if rules().decimal == "," else ","
    return {
        f"table-{part.letter}{number:02d}-{_stem(table.id)}.csv": _written(table, comma)
        for part in report.printed
        for number, table in enumerate(_tables(part), start=1)
    }


def _tables(part: Part) -> list[Table]:
    return [block for section in part.sections for block in section.blocks if isinstance(block, Table)]


def _stem(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower().removeprefix("table-")).strip("-") or "table"


def _written(whole: Table, comma: str) -> bytes:
    table = in_words(whole)
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=comma, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(_safe(c.name) for c in table.columns)
    for row in (*table.rows, *table.more):
        cells = [plain(cell) for cell in row.cells]
        writer.writerow(_safe(cell) for cell in cells + [""] * (len(table.columns) - len(cells)))
    return text.getvalue().encode("utf-8-sig")


def _safe(cell: str) -> str:
    """
    >>> _safe("−3.2"), _safe("=1+1"), _safe("5/8 (63%)ᵃ")
    ('-3.2', "'=1+1", '5/8 (63%)')
    """
    return guarded(MARK.sub("", cell))


def guarded(cell: str) -> str:
    """A text without blanks around it, as a spreadsheet may read it: no formula, but numbers as they are.

    >>> guarded("@SUM(A1)"), guarded("-5"), guarded(" x")
    ("'@SUM(A1)", '-5', 'x')
    """
    said = cell.strip()
    if BARE.fullmatch(said):
        return said.replace("−", "-")
    return f"'{said}" if FORMULA.match(said) else said
