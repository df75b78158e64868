"""OpenDocument spreadsheets (.ods): through a gate of their own, then by calamine."""

from __future__ import annotations

from dataclasses import replace

from reportgen.base.errors import WARNING, Issue
from reportgen.base.message import message
from reportgen.cohort.raw import FORMULA_WITHOUT_VALUE, RawSheet, from_grid, letter
from reportgen.cohort.readers.archive import SAVE_AGAIN, members_of, refuse, unpack
from reportgen.cohort.readers.excel import grids_of
from reportgen.cohort.readers.gate import SheetFacts, check_extent, remarks
from reportgen.cohort.readers.xml_parts import Scan, Unreadable, attributes, parse
from reportgen.settings.model import Settings

KIND = b"application/vnd.oasis.opendocument.spreadsheet"
MAX_REPEATED = 20_000_000
CELLS = ("table-cell", "covered-table-cell")


def recognises(name: str, data: bytes) -> bool:
    """Whether it is a spreadsheet by what it says of itself at its start, or is called one."""
    return name.casefold().endswith(".ods") or (data.startswith(b"PK\x03\x04") and KIND in data[:200])


def read(name: str, data: bytes, settings: Settings) -> tuple[tuple[RawSheet, ...], tuple[Issue, ...]]:
    """The sheets as they are; error cells and formulas without a stored value are kept as faults.

    Raises DataRefused for what is no spreadsheet, is protected by a password, or must not be opened.
    """
    facts, issues = inspect(data)
    grids = grids_of(data)
    rows = settings.source.header_rows
    sheets = tuple(
        replace(from_grid(sheet.name, grids[sheet.name], sheet.scan.faults, rows), merged=sheet.scan.merged)
        for sheet in facts
    )
    return sheets, issues


def inspect(data: bytes) -> tuple[tuple[SheetFacts, ...], tuple[Issue, ...]]:
    """The sheets and what is doubtful about the file, before any library sees it."""
    names = {member.filename: member for member in members_of(data)}
    try:
        if "encrypted-package" in names or b"encryption-data" in _part(data, names, "META-INF/manifest.xml"):
            raise Unreadable(
                "ENCRYPTED",
                message("The spreadsheet is protected by a password"),
                message("Save a copy without it"),
            )
        if "content.xml" not in names or KIND not in _part(data, names, "mimetype"):
            raise Unreadable("NOT_XLSX", message("The file is no spreadsheet (.ods)"), SAVE_AGAIN)
        for name in names:
            if name.endswith(".xml") and name != "content.xml":
                attributes(unpack(data, names[name]), ())
        sheets, linked = scan(unpack(data, names["content.xml"]))
        for sheet in sheets:
            check_extent(sheet.scan)
    except Unreadable as fault:
        raise refuse(fault.code, fault.problem, fault.hint or SAVE_AGAIN) from fault
    issues = list(remarks({}, sheets))
    if any(name.startswith(("Basic/", "Scripts/")) for name in names):
        issues.append(Issue(WARNING, "MACRO_WORKBOOK", None, None, None, message("The spreadsheet holds macros"),
                            message("They were not run; save it without macros")))  # fmt: skip
    if linked:
        issues.append(
            Issue(
                WARNING,
                "EXTERNAL_LINK",
                None,
                None,
                None,
                message("The spreadsheet refers to other files"),
                message("The values last stored were read; replace the links by values"),
            )
        )
    return sheets, tuple(issues)


def _part(data: bytes, names: dict, name: str) -> bytes:
    return unpack(data, names[name]) if name in names else b""


def scan(xml: bytes) -> tuple[tuple[SheetFacts, ...], bool]:
    """Walk all cells, repeated ones as often as they are; whether anything refers to another file comes second."""
    sheets: list[SheetFacts] = []
    hidden_styles: set[str] = set()
    style, linked = "", False
    state = _Sheet("", False)
    depth = 0

    def start(element, given):
        nonlocal style, linked, state, depth
        name = element.rpartition(":")[2]
        given = {
            key.rpartition(":")[2] if key != "calcext:value-type" else "error": v for key, v in given.items()
        }
        if name == "style":
            style = given.get("name", "")
        elif name == "table-properties" and given.get("display") == "false":
            hidden_styles.add(style)
        elif name == "table-source":
            linked = True
        elif name == "table":
            depth += 1
            if depth == 1:
                state = _Sheet(given.get("name", ""), given.get("style-name", "") in hidden_styles)
        elif name == "table-row" and depth == 1:
            state.begin_row(_repeated(given, "number-rows-repeated"))
        elif name in CELLS and depth == 1:
            state.begin_cell(given)

    def characters(text):
        state.text = state.text or bool(text.strip())
        if state.is_error:
            state.shown += text[:20]

    def end(element):
        nonlocal depth
        name = element.rpartition(":")[2]
        if name in CELLS and depth == 1:
            state.end_cell()
        elif name == "table-row" and depth == 1:
            state.end_row()
        elif name == "table":
            depth -= 1
            if depth == 0:
                sheets.append(state.facts())

    parse(xml, start, end, characters)
    if len({sheet.name.casefold() for sheet in sheets}) < len(sheets):
        raise Unreadable(
            "AMBIGUOUS_SHEET", message("Two sheets have the same name"), message("Rename one of them")
        )
    return tuple(sheets), linked


def _repeated(given: dict, name: str) -> int:
    count = given.get(name, "1")
    if not count.isascii() or not count.isdigit() or not 0 < len(count) < 9:
        raise Unreadable(
            "BAD_XML", message("The file is damaged: a cell is repeated an impossible number of times")
        )
    return int(count)


class _Sheet:
    """What the walk has seen of one sheet so far."""

    def __init__(self, name: str, hidden: bool):
        self.name, self.hidden = name, hidden
        self.row = self.rows = self.column = self.columns = 0
        self.last_row = self.last_column = self.values = 0
        self.faults, self.merged = {}, []
        self.row_values, self.row_faults = 0, {}
        self.is_error = self.is_formula = self.has_value = self.text = False
        self.shown = ""

    def begin_row(self, repeated: int) -> None:
        self.rows, self.column, self.row_values, self.row_faults = repeated, 0, 0, {}

    def begin_cell(self, given: dict) -> None:
        self.columns = _repeated(given, "number-columns-repeated")
        self.is_error = given.get("error") == "error"
        self.is_formula, self.has_value = "formula" in given, "value-type" in given
        self.text, self.shown = False, ""
        across, down = _repeated(given, "number-columns-spanned"), _repeated(given, "number-rows-spanned")
        if (across, down) != (1, 1):
            last = f"{letter(self.column + across - 1)}{self.row + down}"
            self.merged.append(f"{letter(self.column)}{self.row + 1}:{last}")

    def end_cell(self) -> None:
        if self.is_error or (self.is_formula and not self.has_value):
            self.row_faults[self.column] = (
                (self.shown or "#ERROR") if self.is_error else FORMULA_WITHOUT_VALUE
            )
        if self.has_value or self.text or self.is_formula:
            self.row_values += self.columns
            self.last_column = max(self.last_column, self.column + self.columns)
        self.column += self.columns
        self.is_error = False

    def end_row(self) -> None:
        if self.row_values:
            self.last_row = self.row + self.rows
            self.values += self.row_values * self.rows
            if self.values > MAX_REPEATED:
                raise Unreadable(
                    "DIMENSIONS",
                    message("A sheet repeats its cells millions of times"),
                    message("Delete the rows and columns beyond the table, save, and try again"),
                )
        if self.row_faults:
            for number in range(self.row + 1, self.row + self.rows + 1):
                self.faults |= {(number, column): fault for column, fault in self.row_faults.items()}
        self.row += self.rows

    def facts(self) -> SheetFacts:
        found = Scan(self.last_row, self.last_column, self.values, self.faults, tuple(self.merged))
        return SheetFacts(self.name, self.hidden, found)
