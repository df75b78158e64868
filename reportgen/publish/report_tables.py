"""report.xlsx: every table of a report, one a sheet, its numbers as numbers; and all estimates, unrounded."""

from __future__ import annotations

import re
from collections.abc import Sequence

from reportgen.publish.workbook import Cell, Sheet, workbook_bytes
from reportgen.render.html.cross_references import numbers
from reportgen.render.html.page import MARK
from reportgen.render.html.tables import in_words
from reportgen.report import Report, Table, Text, plain
from reportgen.stats.results import Results
from reportgen.writing.language import _, _c, rules, speaking

NAME = "report.xlsx"
LONGEST = 31  # characters in the name of a sheet
NO_NAME = re.compile(r"[\\/*?:\[\]']")
SIGNS = re.compile(r"\s*[†‡§¶]+$")  # of a note
NUM = r"[-+]?\d+(?:\.\d+)?"
NUMBER, SHARE = re.compile(NUM), re.compile(rf"({NUM})\s?%")
ONE, TO, PER_CENT = rf"([<>]?{NUM})", r"(?:–| to | bis )", r"(?:\s?%)?"
# What a cell says with several numbers, and what they are.
SEVERAL = (
    (re.compile(r"(\d+)/(\d+)(?: \(\d+%\))?"), ("n", "N")),
    (re.compile(rf"{ONE}{TO}{ONE}?{PER_CENT}(?:NR|NE)?"), ("low", "high")),
    (re.compile(rf"{ONE}{PER_CENT} \({ONE}{TO}{ONE}?{PER_CENT}(?:NR|NE)?\)"), ("value", "low", "high")),
)
NOTHING = ("", "–", "NR", "NE")
COLUMNS = ("id", "section", "endpoint", "variable", "group", "statistic", "time", "value", "low", "high", "level", "se",
           "n", "events", "at_risk", "status", "code", "note", "method")  # fmt: skip


def tables_xlsx(report: Report, results: Results) -> bytes:
    """The tables in the order of print, with the rows that are too many to be printed; first a list of them, last the
    estimates of results.json.

    A cell that is one number is one, a share with its sign of per cent within 0–1. A column whose cells say several, as
    "0.58 (0.48–0.66)", stays as it is, and columns with each of these numbers follow it.
    """
    with speaking(report.language):
        shown = numbers(report)
        tables = [
            (f"{part.letter}{shown[block.id].removeprefix(part.letter)}", block)
            for part in report.printed
            for section in part.sections
            for block in section.blocks
            if isinstance(block, Table)
        ]
        names: dict[str, str] = {}
        for number, table in tables:
            names[table.id] = _name(number, table, set(names.values()))
        lines = [(number, names[table.id], plain(table.caption), _notes(table)) for number, table in tables]
        heads = (_("Table"), _("Sheet"), _("Caption"), _("Notes"))
        sheets = [Sheet(_("Tables"), heads, lines)]
        sheets += [_sheet(names[table.id], in_words(table)) for _number, table in tables]
        sheets.append(
            Sheet(_("Estimates"), COLUMNS, [_row(estimate.to_row()) for estimate in results.estimates])
        )
    return workbook_bytes(sheets)


def _name(number: str, table: Table, taken: set[str]) -> str:
    words = f"{number} {table.id.removeprefix('table-').replace('-', ' ')}"
    name = NO_NAME.sub(" ", words)[:LONGEST].strip()
    return (
        name if name.casefold() not in {other.casefold() for other in taken} else f"{name[:24]} {len(taken)}"
    )


def _notes(table: Table) -> str:
    return "\n".join(plain(note) for note in table.notes)


def _row(estimate: dict) -> list[Cell]:
    return [estimate[name] for name in COLUMNS]


def _sheet(name: str, table: Table) -> Sheet:
    heads: list[str] = []
    columns: list[list[Cell]] = []
    rows = (*table.rows, *table.more)
    for place, column in enumerate(table.columns):
        cells = [_said(row.cells[place]) if place < len(row.cells) else "" for row in rows]
        head = column.name
        heads.append(head)
        numeric = column.align == "number"
        columns.append([_cell(said) if numeric else said or None for said in cells])
        for inner, numbers_ in _several(cells) if numeric else ():
            heads.append(f"{head}: {inner}" if head else inner)
            columns.append(numbers_)
    return Sheet(name, tuple(heads), list(zip(*columns, strict=True)))


def _said(text: Text) -> str:
    """The words of a cell, without the signs of its notes."""
    return SIGNS.sub("", MARK.sub("", plain(text)).strip())


def _bare(said: str) -> str:
    """A text with its numbers as Python writes them.

    >>> _bare("−1,234.5")
    '-1234.5'
    """
    plainly = said.replace("\u2212", "-").replace("\u202f", "").replace("\u00a0", " ")
    thousands, decimal = (
        (r"(?<=\d)\.(?=\d{3})", ",") if rules().decimal == "," else (r"(?<=\d),(?=\d{3})", ".")
    )
    plainly = re.sub(thousands, "", plainly)
    return re.sub(r"(?<=\d),(?=\d)", ".", plainly) if decimal == "," else plainly


def _cell(said: str) -> Cell:
    """
    >>> _cell("0.50"), _cell("−3%"), _cell("5/8 (63%)"), _cell("")
    (0.5, -0.03, '5/8 (63%)', None)
    """
    bare = _bare(said)
    if NUMBER.fullmatch(bare) and not re.fullmatch(r"0\d+", bare):
        return _number(bare)
    if share := SHARE.fullmatch(bare):
        return round(float(share[1]) / 100, 10)
    return said or None


def _number(text: str) -> int | float:
    return float(text) if "." in text else int(text)


def _several(cells: Sequence[str]) -> list[tuple[str, list[Cell]]]:
    """(what it is, a number for each row) of a column all of whose cells say several numbers in one manner.

    >>> _several(["0.58 (0.48–0.66)", "–"])
    [('value', [0.58, None]), ('low', [0.48, None]), ('high', [0.66, None])]
    >>> _several(["58% (48–66)", "–"])
    [('value', [0.58, None]), ('low', [0.48, None]), ('high', [0.66, None])]
    >>> _several(["5/8 (63%)", "none"])
    []
    """
    told = [_signed(_bare(cell)) for cell in cells]
    nothing = (*NOTHING, _("reference"))  # the level that the others are compared with has no ratio
    for pattern, names in SEVERAL:
        found = [pattern.fullmatch(cell) for cell in told]
        if any(found) and all(hit or cell in nothing for hit, cell in zip(found, told, strict=True)):
            return [(name, [_part(hit, place) for hit in found]) for place, name in enumerate(names, 1)]
    return []


def _signed(bare: str) -> str:
    """A text with the signs of what was not reached or not estimable as English has them."""
    for sign in ("NR", "NE"):
        bare = bare.replace(_bare(_c("sign", sign)), sign)
    return bare


def _part(hit: re.Match[str] | None, place: int) -> Cell:
    """One of the numbers of a cell, within 0–1 where the cell says per cent; of a count of all, the count as it is; in
    words what is only known to be beyond a number (">99%").
    """
    if not hit or not hit[place]:
        return None
    if hit[place][0] in "<>":
        return f"{hit[place]}{'%' * ('%' in hit[0])}"
    number = _number(hit[place])
    return round(number / 100, 10) if "%" in hit[0] and "/" not in hit[0] else number
