"""One file per kind of source: bytes in, sheets out. The kind is told by content, not by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path, PurePath

from reportgen.base.errors import NOTE, Issue
from reportgen.base.message import message
from reportgen.cohort.mapping.keys import name_key
from reportgen.cohort.mapping.schema import SHEETS
from reportgen.cohort.raw import RawSheet, RawWorkbook, with_nul_shown
from reportgen.cohort.readers import (
    adam,
    cbioportal,
    dataset_json,
    delimited,
    excel,
    exchange,
    gdc,
    old_excel,
    oncore,
    opendocument,
    parquet,
    redcap,
    redcap_api,
    sas,
    sdtm,
    sql,
    statistical,
)
from reportgen.cohort.readers.archive import refuse
from reportgen.cohort.readers.crosses import with_days_of_death, with_plus_signs
from reportgen.cohort.readers.files import open_files
from reportgen.cohort.readers.layout import with_layout, without_dictionary
from reportgen.cohort.readers.repeating_forms import with_parted_forms
from reportgen.cohort.readers.row_ids import with_row_ids
from reportgen.cohort.readers.saved import saved_on
from reportgen.cohort.readers.text import looks_like_text
from reportgen.cohort.readers.told_sheets import unknown_sheets
from reportgen.cohort.readers.with_codes import with_codes, with_shared_cells
from reportgen.cohort.source import is_redcap, is_url
from reportgen.settings.model import Settings

# Which reads a file is the first that recognises it.
READERS = (opendocument, parquet, sas, statistical, dataset_json, old_excel, excel, exchange, delimited)
# Those of which a source holds one alone.
WORKBOOKS = (excel, old_excel, opendocument)
# Those that see in the sheets what another system exported, and put it into our tables.
DIALECTS = (redcap, adam, cbioportal, gdc, oncore, sdtm)


def read(source: str | Path, settings: Settings) -> RawWorkbook:
    """The sheets of a source: of a workbook, a file, a folder, a zip archive, a database or a REDCap project.

    Raises DataRefused for what is none of these or must not be opened, UsageError where there is no such
    source, and MachineFailed where it, or the library that it needs, is not within reach.
    """
    book = _as_found(source, settings)
    return replace(book, sheets=with_shared_cells(map(with_codes, book.sheets)))


def _as_found(source: str | Path, settings: Settings) -> RawWorkbook:
    book = _read_address(str(source), settings) if is_url(source) else _read_files(Path(source), settings)
    if not redcap.recognises(book.sheets):
        said = without_dictionary(book.sheets)
        book = with_parted_forms(replace(book, issues=(*book.issues, *said)), settings)
    told = unknown_sheets(settings.source, [sheet.name for sheet in book.sheets])
    book = replace(book, issues=(*book.issues, *told))
    sheets = (with_nul_shown(sheet) if sheet.typed else sheet for sheet in book.sheets)
    ignored = set(map(name_key, settings.source.ignore))
    sheets = tuple(sheet for sheet in sheets if name_key(sheet.name) not in ignored)
    book = replace(book, sheets=_named(sheets, settings.tables))
    for dialect in DIALECTS:
        if dialect.recognises(book.sheets):
            return dialect.translate(book, settings)
    book = with_layout(with_plus_signs(with_days_of_death(book, settings), settings), settings)
    return with_row_ids(book, settings) if settings.source.row_ids else book


def _read_address(address: str, settings: Settings) -> RawWorkbook:
    reader = redcap_api if is_redcap(address) else sql
    return reader.read(address, settings)


def _read_files(path: Path, settings: Settings) -> RawWorkbook:
    files = open_files(path)
    if files.single:
        ((name, data),) = files.members.items()
        reader = reader_of(name, data) or (delimited if looks_like_text(data) else excel)
        sheets, issues = reader.read(name, data, settings)
        saved = saved_on(data) if reader in (excel, opendocument) else None
        return RawWorkbook(files.name, files.sha256, sheets, issues, saved=saved)
    source, sha256, tables, unread = files.name, files.sha256, _tables(files.members), files.unread
    del files  # each table's bytes go once they are read
    found = {name: reader_of(*next(iter(parts.items()))) for name, parts in tables.items()}
    kinds = dict.fromkeys(reader for reader in found.values() if reader)
    if not kinds:
        raise refuse("NOT_A_FILE", message("None of the {n} files in {a} holds a table", n=len(found), a=source),
                     message("Give a workbook, or a folder of CSV, Parquet or SAS files"))  # fmt: skip
    books = sum(reader in WORKBOOKS for reader in found.values())
    if books > 1 or (books and len(kinds) > 1):
        problem = message("{a} holds more than one workbook, or a workbook and other tables", a=source)
        raise refuse(
            "AMBIGUOUS_SHEET", problem, message("Give the one that is meant, or move the others elsewhere")
        )
    sheets, issues = [], [_unread(source, unread)] if unread else []
    texts: list = []
    described = any(name_key(PurePath(name).stem) in (*SHEETS["dictionary"], "dictionary") for name in tables)
    for name, reader in found.items():
        if reader is None:
            issues.append(
                Issue(
                    NOTE,
                    "FILE_NOT_USED",
                    name,
                    None,
                    None,
                    message("The file holds no table and was not read"),
                    message("Nothing to do"),
                )
            )
            continue
        parts = tables.pop(name)
        if reader is parquet:
            more, said = parquet.read_parts(name, parts, settings, described, texts)
        else:
            more, said = reader.read(name, parts[name], settings)
        sheets.extend(more)
        issues.extend(said)
    stems = [name_key(sheet.name) for sheet in sheets]
    if len(set(stems)) < len(stems):
        double = next(sheet.name for sheet, stem in zip(sheets, stems, strict=True) if stems.count(stem) > 1)
        raise refuse(
            "AMBIGUOUS_SHEET",
            message("Two files have the name {a}, apart from spelling and ending", a=double),
            message("Rename or remove one of them"),
        )
    return RawWorkbook(source, sha256, tuple(sheets), tuple(issues))


def _unread(source: str, count: int) -> Issue:
    problem = message("{n} files of the study were not read, for they hold no clinical data", n=count)
    return Issue(NOTE, "FILE_NOT_USED", source, None, None, problem, message("Nothing to do"))


def _tables(members: Mapping[str, bytes]) -> dict[str, dict[str, bytes]]:
    """The parts of each table: of most the one file, of some the files of a folder."""
    tables: dict[str, dict[str, bytes]] = {}
    for name, data in members.items():
        tables.setdefault(name.partition("/")[0], {})[name] = data
    return tables


def reader_of(name: str, data: bytes):
    """The module that reads a file; None where none does."""
    return next((reader for reader in READERS if reader.recognises(name, data)), None)


def _named(sheets: tuple[RawSheet, ...], tables: Mapping[str, str]) -> tuple[RawSheet, ...]:
    """The sheets, those that [tables] names by a file name marked as what they are."""
    wanted = {
        name_key(PurePath(theirs).stem): table for table, theirs in tables.items() if PurePath(theirs).suffix
    }
    return tuple(
        sheet if sheet.table else replace(sheet, table=wanted.get(name_key(sheet.name), ""))
        for sheet in sheets
    )
