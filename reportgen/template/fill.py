"""The template workbook: headers with help, drop-downs, date formats, an example row, nothing else to learn."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from reportgen.base.required import required
from reportgen.cohort.mapping.matching import REQUIRED
from reportgen.cohort.mapping.schema import ONGOING, TABLES, TYPES, YES_NO, columns_of
from reportgen.publish.workbook import saved
from reportgen.settings.values import ALLOWED
from reportgen.template import template_words

LAST_ROW = 5_000
FREE_COLUMNS = 40
DATE = "yyyy-mm-dd"
DAYS = ("cutoff", "extracted")
NEEDED = {**REQUIRED, "patients": ("patient_id", "treatment_start", "last_contact")}
HEAD, NEEDED_HEAD, EXAMPLE = "DCE6F1", "B8CCE4", "F2F2F2"
GRADES = ("1", "2", "3", "4", "5")
RANGES = {"age_at_start": (0, 120), "tumour_size": (0, 1_000), "line": (1, 30)}


@dataclass(frozen=True)
class Field:
    """A column of the template. kind: as in the vocabulary; choices: its drop-down."""

    name: str
    kind: str
    help: str
    choices: tuple[str, ...] = ()
    needed: bool = False


def template_bytes() -> bytes:
    """The workbook as xlsx; the same bytes every time."""
    book = Workbook()
    book.remove(required(book.active))
    for table in TABLES:
        sheet = book.create_sheet(table)
        _lay_out(sheet, _fields(table), free=FREE_COLUMNS if table == "patients" else 0)
        _example(sheet, template_words.EXAMPLES[table])
    sheet = book.create_sheet("dictionary")
    _lay_out(sheet, _dictionary_fields())
    for row, entry in enumerate(template_words.DICTIONARY, start=2):
        _write_row(sheet, row, entry)
    sheet = book.create_sheet("report")
    _lay_out(sheet, [Field(name, "text", text) for name, text in template_words.HELP["report"].items()])
    _settings(sheet)
    return saved(book)


def _fields(table: str) -> list[Field]:
    fields = [
        Field(
            name,
            column.kind,
            template_words.HELP[table][name],
            _choices(name, column.words),
            name in NEEDED[table],
        )
        for name, column in columns_of(table).items()
        if name in template_words.HELP[table]
    ]
    if table == "patients":
        fields += [
            Field(name, "word", text, choices) for name, (text, choices) in template_words.FEATURES.items()
        ]
    return fields


def _choices(name: str, allowed: Iterable[str]) -> tuple[str, ...]:
    if name == "grade":
        return GRADES
    if name == "attribution":
        return tuple(word for word in allowed if word not in YES_NO)
    return (*allowed, ONGOING[0]) if name == "stop_reason" else tuple(allowed)


def _dictionary_fields() -> list[Field]:
    choices = {"table": tuple(TABLES), "type": tuple(TYPES)}
    return [
        Field(name, "text", text, choices.get(name, ()))
        for name, text in template_words.HELP["dictionary"].items()
    ]


def _lay_out(sheet, fields: list[Field], free: int = 0) -> None:
    """The header row, and below it what each column takes. free: how many further columns may be added."""
    for position, field in enumerate(fields, start=1):
        letter = get_column_letter(position)
        cell = sheet.cell(1, position, field.name)
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor=NEEDED_HEAD if field.needed else HEAD)
        cell.alignment = Alignment(vertical="top")
        if field.help:
            cell.comment = Comment(_help(field), "reportgen", width=320, height=130)
        column = sheet.column_dimensions[letter]
        column.width = max(len(field.name) + 2, 12)
        column.protection = Protection(locked=False)
        column.number_format = DATE if field.kind == "date" else "@" if field.kind == "id" else "General"
        rule = _rule(field)
        if rule:
            rule.add(f"{letter}2:{letter}{LAST_ROW}")
            sheet.add_data_validation(rule)
    for position in range(len(fields) + 1, len(fields) + 1 + free):
        sheet.column_dimensions[get_column_letter(position)].protection = Protection(locked=False)
    sheet.freeze_panes = "B2"
    guard = sheet.protection
    guard.sheet = True
    for allowed in (
        "formatCells",
        "formatColumns",
        "formatRows",
        "insertRows",
        "deleteRows",
        "sort",
        "autoFilter",
    ):
        setattr(guard, allowed, False)


def _help(field: Field) -> str:
    lines = [f"Needed. {field.help}" if field.needed else field.help]
    if field.choices:
        lines.append(f"One of: {', '.join(field.choices)}.")
    if field.kind == "date":
        lines.append("A full date such as 2015-04-20; leave it empty where it is not known.")
    return "\n".join(lines)


def _rule(field: Field) -> DataValidation | None:
    """What Excel lets through in a column."""
    if field.choices:
        rule = DataValidation("list", formula1=f'"{",".join(field.choices)}"', allow_blank=True)
        rule.error = f"Choose one of: {', '.join(field.choices)}"[:225]
    elif field.kind == "date":
        rule = DataValidation("date", "between", "DATE(1900,3,1)", "DATE(2100,12,31)", allow_blank=True)
        rule.error = "Enter a date such as 2015-04-20, or leave the cell empty"
    elif field.name in RANGES:
        low, high = RANGES[field.name]
        rule = DataValidation("decimal", "between", str(low), str(high), allow_blank=True)
        rule.error = f"Enter a number from {low} to {high}"
    else:
        return None
    rule.errorTitle, rule.showErrorMessage = field.name, True
    return rule


def _example(sheet, values: dict) -> None:
    _write_row(sheet, 2, values)
    for cell in sheet[2]:
        cell.fill = PatternFill("solid", fgColor=EXAMPLE)
        cell.font = Font(italic=True, color="7F7F7F")
    sheet["A2"].comment = Comment(
        "An example. It is left out of every report; delete it, or leave it.",
        "reportgen",
        width=240,
        height=60,
    )


def _write_row(sheet, row: int, values: dict) -> None:
    for cell in sheet[1]:
        target = sheet.cell(row, cell.column)
        target.value = values.get(cell.value)
        target.protection = Protection(locked=False)
        column = sheet.column_dimensions[cell.column_letter]
        target.number_format = column.number_format


def _settings(sheet) -> None:
    sheet.column_dimensions["B"].width, sheet.column_dimensions["C"].width = 36, 90
    for row, (key, text) in enumerate(template_words.REPORT.items(), start=2):
        _write_row(sheet, row, {"key": key, "what it is": text})
        place = {"profile": "privacy.profile"}.get(key, f"report.{key}")
        rule = _rule(
            Field(key, "date" if key in DAYS else "text", "", tuple(map(str, ALLOWED.get(place, ()))))
        )
        if key in DAYS:
            sheet.cell(row, 2).number_format = DATE
        if rule:
            rule.add(f"B{row}")
            sheet.add_data_validation(rule)
