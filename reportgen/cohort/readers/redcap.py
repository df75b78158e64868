"""REDCap projects: raw export and data dictionary become one row per patient and one per repetition of a form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace

import pandas as pd

from reportgen.base.errors import ERROR, NOTE, WARNING, Issue
from reportgen.base.message import message
from reportgen.cohort.mapping.keys import name_key, word_key
from reportgen.cohort.mapping.schema import MISSING_WORDS, SHEETS, TABLES, columns_of
from reportgen.cohort.raw import RawSheet, RawWorkbook
from reportgen.cohort.readers.archive import refuse
from reportgen.cohort.readers.redcap_fields import (
    Column,
    Field,
    canonical,
    columns_in_export,
    is_dictionary,
    read_fields,
)
from reportgen.cohort.readers.redcap_labels import with_names
from reportgen.cohort.readers.redcap_rows import Origin, Row, forms_of, is_list_of_repeating, joined, rows_of
from reportgen.settings.model import Settings

# What is true of a patient now is what was last said; all else is expected to be said once.
LAST_SAID = ("last_contact", "vital_status", "disease_status")
NEEDED_KINDS = ("date", "number", "word", "yes/no")
GROUP = Field("redcap_data_access_group", "", "text", "Data access group")
RAW_EXPORT = message("Export the project as raw data (CSV), and put its data dictionary into the same folder")
Cell = tuple[object, Origin]


@dataclass(frozen=True)
class Project:
    """Rows, columns and forms of an export. tables: form → our table, or "" for a repeating form that is none."""

    record: str
    rows: Sequence[Row]
    columns: Sequence[Column]
    tables: Mapping[str, str]
    settings: Settings

    def table_of(self, column: Column) -> str:
        """The table that a column belongs to: patients unless its form repeats; "" where that is none of ours."""
        return self.tables.get(column.field.form, "patients")

    def canonical(self, column: Column) -> str:
        """Our name of a column, by the settings or else by its own; "" where its form is no table of ours."""
        table = self.table_of(column)
        return canonical(table, column.name, self.settings) if table else ""


def recognises(sheets: tuple[RawSheet, ...]) -> bool:
    """Whether one of the sheets is a data dictionary of REDCap."""
    return any(map(is_dictionary, sheets))


def translate(book: RawWorkbook, settings: Settings) -> RawWorkbook:
    """The project in our tables.

    Forms that repeat, or that [tables] or their name makes one of our further tables, become that table with
    one row per repetition or event. All others are joined into one row per record. Where events contradict
    each other it is an error in a column of ours and a warning in any other, of which the first then counts;
    of last contact and vital status the last one counts. Codes become their labels. Fields marked as
    identifiers are left out, unless times are counted from them, and named in an issue.
    """
    dictionaries = [sheet for sheet in book.sheets if is_dictionary(sheet)]
    if len(dictionaries) > 1:
        names = " and ".join(sheet.name for sheet in dictionaries)
        raise refuse(
            "AMBIGUOUS_SHEET",
            message("{a} are both data dictionaries of REDCap", a=names),
            message("Remove one of them"),
        )
    fields = read_fields(dictionaries[0])
    record = next(iter(fields), "")
    book, said = with_names(book, fields, record)
    exports = [sheet for sheet in book.sheets if record and record in sheet.header]
    if not exports:
        raise refuse(
            "MISSING_SHEET",
            message("No file has the column {a}, with which the data dictionary begins", a=repr(record)),
            RAW_EXPORT,
        )
    rows = [row for sheet in exports for row in rows_of(sheet, record)]
    told = [sheet for sheet in book.sheets if is_list_of_repeating(sheet)]
    repeating = {row.form for row in rows}.union(*map(forms_of, told))
    tables = _tables(repeating, fields.values(), settings)
    present = {text for sheet in exports for text in sheet.header}
    fields |= {GROUP.name: GROUP} if GROUP.name in present else {}
    ids = (record, settings.columns.get("patients", {}).get("patient_id"))
    columns = [
        column for column in columns_in_export(fields) if column.name in present and column.name not in ids
    ]
    project = Project(record, rows, columns, tables, settings)
    issues = [*book.issues, *said, *_identifiers(project, fields, exports)]
    project = replace(project, columns=[c for c in columns if not c.field.identifier or _needed(project, c)])
    taken = {sheet.name for sheet in exports}
    patients, said = _patients(project, _free("patients", taken))
    further = [_further(project, form, _free(form, taken)) for form in tables]
    used = [dictionaries[0], *told, *exports]
    rest = [sheet for sheet in book.sheets if all(sheet is not other for other in used)]
    sheets = (patients, *further, _dictionary(project), *rest)
    return replace(book, sheets=sheets, issues=(*issues, *said))


def _tables(repeating: Set[str], fields, settings: Settings) -> dict[str, str]:
    named = {name_key(theirs): table for table, theirs in settings.tables.items()}
    found = {}
    for form in dict.fromkeys(field.form for field in fields if field.form):
        key = name_key(form)
        by_name = next((table for table in TABLES if key in (table, *SHEETS[table])), "")
        table = named.get(key) or ("" if by_name in settings.tables else by_name)
        if table not in ("", "patients") or key in repeating:
            found[form] = "" if table == "patients" else table
    return found


def _free(name: str, taken: set[str]) -> str:
    return f"{name} (joined)" if name in taken else name


def _identifiers(
    project: Project, fields: Mapping[str, Field], exports: Sequence[RawSheet]
) -> Iterator[Issue]:
    """What is said of the fields with `Identifier?` = y; none of their values."""
    record = fields[project.record]
    own = project.settings.columns.get("patients", {}).get("patient_id", record.name)
    by_name = {column.name: column.field for column in project.columns} | {record.name: record}
    by_name |= {own: fields[own]} if own in fields else {}
    for name, field in by_name.items():
        if not field.identifier or (field is record and own != record.name):
            continue
        export = next(sheet for sheet in exports if name in sheet.header)
        sheet, cell = export.cell(export.header_row, export.header.index(name))
        if name == own:
            yield Issue(ERROR, "DIRECT_IDENTIFIER", sheet, cell, None,
                        message("{a} is marked as an identifier, but would be printed as the patients' id", a=name),
                        message('Name a study id in report.toml: [columns.patients] patient_id = "…"'))  # fmt: skip
        elif _needed(project, Column(name, name, field)):
            yield Issue(NOTE, "DIRECT_IDENTIFIER", sheet, cell, None,
                        message("{a} is marked as an identifier; it is read because times are counted from it", a=name),
                        message("Nothing to do"))  # fmt: skip
        else:
            yield Issue(
                NOTE,
                "DIRECT_IDENTIFIER",
                sheet,
                cell,
                None,
                message("{a} is marked as an identifier and was not read", a=name),
                message("Nothing to do"),
            )


def _needed(project: Project, column: Column) -> bool:
    return is_needed(project.table_of(column), project.canonical(column))


def is_needed(table: str, name: str) -> bool:
    """Whether a column of ours, "" for none, is needed although it may be marked as an identifier."""
    return bool(name) and _kind(table, name) in NEEDED_KINDS


def _kind(table: str, name: str) -> str:
    known = columns_of(table)
    return known[name].kind if name in known else known[name.rpartition("_")[0]].kind


def _patients(project: Project, name: str) -> tuple[RawSheet, list[Issue]]:
    issues: list[Issue] = []
    own = [column for column in project.columns if column.field.form not in project.tables]
    by_record: dict[str, list[Row]] = {}
    for row in project.rows:
        by_record.setdefault(row.record, []).append(row)
    merged, conflicts = [], {}
    for record, rows in by_record.items():
        once = [row for row in rows if not row.form]
        cells = [_id(project, rows)]
        for column in own:
            said = [(row, *found) for row in once if (found := row.cell(column.name))]
            values = list(dict.fromkeys(column.field.shown(cell) for _, cell, _ in said))
            if column.choice and "1" in values:
                values.sort(key=lambda value: value != "1")
            elif len(values) > 1 and project.canonical(column) in LAST_SAID:
                values = [max(values, key=str) if project.canonical(column) == LAST_SAID[0] else values[-1]]
            elif len(values) > 1:
                conflicts.setdefault(column.name, []).append((record, said))
            if not values:
                cells.append((None, _nowhere(rows, column.name)))
                continue
            origin = next(origin for _, cell, origin in said if column.field.shown(cell) == values[0])
            cells.append((values[0], origin))
        merged.append(cells)
    for column in own:
        issues.extend(_conflicts(project, column, conflicts.get(column.name, ())))
    header = [_id_name(project, "patients"), *(column.title for column in own)]
    return joined(name, "patients", header, merged), issues


def _conflicts(project: Project, column: Column, found: Sequence) -> Iterator[Issue]:
    hint = message("Correct all but one, or make the form one of our tables under [tables] in report.toml")
    if found and not project.canonical(column):
        sheet, cell = _address(found[0][1][0][2])
        yield Issue(WARNING, "EVENT_CONFLICT", sheet, cell, None,
                    message("{a} has different values at different events in {n} of the records; "
                    "the first counts", a=column.name, n=len(found)), hint)  # fmt: skip
        return
    for record, said in found:
        sheet, cell = _address(said[-1][2])
        events = " and ".join(dict.fromkeys(row.event or f"row {row.number}" for row, _, _ in said))
        yield Issue(ERROR, "EVENT_CONFLICT", sheet, cell, record,
                    message("{a} has different values at {b}", a=column.name, b=events), hint)  # fmt: skip


def _address(origin: Origin) -> tuple[str, str]:
    export, number, position = origin
    return export.cell(number, position)


def _further(project: Project, form: str, name: str) -> RawSheet:
    own = [column for column in project.columns if column.field.form == form]
    repeating = any(row.form == name_key(form) for row in project.rows)
    by_record: dict[str, list[Row]] = {}
    for row in project.rows:
        by_record.setdefault(row.record, []).append(row)
    table = []
    for row in project.rows:
        found = {column.name: row.cell(column.name) for column in own}
        filled = any(cell and not (column.choice and str(cell[0]) == "0")
                     for column, cell in zip(own, found.values(), strict=True))  # fmt: skip
        if row.form == name_key(form) if repeating else (filled and not row.form):
            cells = [_id(project, by_record[row.record])]
            for column in own:
                cell = found[column.name]
                cells.append(
                    (column.field.shown(cell[0]), cell[1]) if cell else (None, _nowhere([row], column.name))
                )
            table.append(cells)
    kind = project.tables[form]
    header = [_id_name(project, kind), *(column.title for column in own)]
    return joined(name, kind, header, table)


def _id(project: Project, rows: Sequence[Row]) -> Cell:
    """The id by which a record is known: what the settings name, or the record id itself."""
    own = project.settings.columns.get("patients", {}).get("patient_id", project.record)
    return next((cell for row in rows if (cell := row.cell(own))), (None, _nowhere(rows, own)))


def _id_name(project: Project, table: str) -> str:
    mapped = project.settings.columns.get(table, {}).get("patient_id") if table else None
    if mapped:
        return mapped
    return (
        project.record
        if canonical("patients", project.record, project.settings) == "patient_id"
        else "patient_id"
    )


def _nowhere(rows: Sequence[Row], column: str) -> Origin:
    """Where an empty cell would have stood."""
    row = next((row for row in rows if column in row.positions), rows[0])
    return row.export, row.number, row.positions.get(column, 0)


def _dictionary(project: Project) -> RawSheet:
    """Our own dictionary sheet: labels, types and levels of the columns that are none of ours."""
    lines = []
    for column in project.columns:
        if not project.canonical(column):
            field = column.field
            levels = (
                []
                if column.choice or field.kind not in ("radio", "dropdown")
                else [said for said in (field.choices or {}).values() if word_key(said) not in MISSING_WORDS]
            )
            usable = not any("=" in level for level in levels)
            written = "".join(f"{level} | " for level in levels) if usable else ""
            lines.append((project.table_of(column), column.title, column.label, field.type, written or None))
    frame = pd.DataFrame(lines, dtype=object, columns=range(5))
    frame.index = range(2, 2 + len(frame))
    return RawSheet(
        "dictionary", ("table", "column", "label", "type", "levels"), 1, frame, table="dictionary"
    )
