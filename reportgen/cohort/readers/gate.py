"""The gate: what an xlsx file is, in plain Python over its zip directory and XML, before any library sees it.

A spreadsheet library can abort the process on a hostile or broken file, and none tells an empty cell from
an error or from a formula that was never calculated. Both are found here.
"""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from reportgen.base.errors import NOTE, WARNING, Issue
from reportgen.base.message import message
from reportgen.cohort.readers.archive import (
    MAX_BYTES,
    SAVE_AGAIN,
    SHRINK,
    TOO_LARGE,
    check_members,
    members_of,
    refuse,
    unpack,
)
from reportgen.cohort.readers.xml_parts import Scan, Unreadable, attributes, scan_sheet, shared_strings

__all__ = ["MAX_BYTES", "check_members", "inspect", "refuse", "remarks", "unpack"]

MAX_SHEETS = 500
MAX_COLUMNS = 2_000
MAX_CELLS = 25_000_000
SPARSE_FROM, MAX_CELLS_PER_VALUE = 1_000_000, 50
# Elements per byte as packed, and characters of text per byte of the file, that no real workbook reaches.
MAX_ELEMENTS, ELEMENTS_PER_BYTE = 500_000, 10
MAX_TEXT, TEXT_PER_BYTE = 50_000_000, 100

OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OLD_XLS = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00", b"\x09\x08\x08\x00")
SAVE_AS = message("Open it in a spreadsheet program and save it as an Excel workbook (.xlsx)")
BOOK, RELATIONS, STRINGS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "sharedstrings.xml"

Parts = Mapping[str, zipfile.ZipInfo]


@dataclass(frozen=True)
class SheetFacts:
    """What the gate learned of one sheet, in the order of the workbook."""

    name: str
    hidden: bool
    scan: Scan


def inspect(data: bytes) -> tuple[tuple[SheetFacts, ...], tuple[Issue, ...]]:
    """The sheets of a workbook and what is doubtful about the file. Raises DataRefused where it is unsafe."""
    _check_magic(data)
    members = members_of(data)
    # Libraries find parts whatever the case of their names, so it must not matter here.
    parts = {member.filename.casefold(): member for member in members}
    if BOOK not in parts:
        raise refuse(
            "NOT_XLSX", message("The file is a zip archive, but not an Excel workbook (.xlsx)"), SAVE_AS
        )
    try:
        sheets = _sheets(data, parts)
    except Unreadable as fault:
        raise refuse(fault.code, fault.problem, fault.hint or SAVE_AGAIN) from fault
    return sheets, tuple(remarks(parts, sheets))


def _check_magic(data: bytes) -> None:
    if data.startswith(OLE2):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise refuse("ENCRYPTED", message("The workbook is protected by a password"),
                         message("Save a copy without password and use that"))  # fmt: skip
        raise refuse("UNSUPPORTED_XLS", message("The file is an old Excel workbook (.xls)"), SAVE_AS)
    if data.startswith(OLD_XLS):
        raise refuse("UNSUPPORTED_XLS", message("The file is an old Excel workbook (.xls)"), SAVE_AS)
    if not data.startswith(b"PK\x03\x04"):
        raise refuse(
            "NOT_XLSX",
            message("The file is not an Excel workbook (.xlsx)") if data else message("The file is empty"),
            SAVE_AS,
        )


def _sheets(data: bytes, parts: Parts) -> tuple[SheetFacts, ...]:
    places = _places(data, parts)
    for name in parts:
        if name.endswith((".xml", ".rels")) and name not in places.values():
            attributes(_xml(data, parts[name]), ())
    lengths = _shared_texts(data, parts)
    scans = {name: scan_sheet(_xml(data, parts[name])) for name in set(places.values())}
    characters = 0
    for scan in scans.values():
        check_extent(scan)
        if not scan.texts.keys() <= lengths.keys():
            raise Unreadable(
                "BAD_XML", message("The file is damaged: a cell refers to a text that is not there")
            )
        characters += sum(count * lengths[index] for index, count in scan.texts.items())
    if characters > MAX_TEXT and characters > TEXT_PER_BYTE * len(data):
        raise Unreadable("TOO_LARGE", TOO_LARGE, SHRINK)
    listed = attributes(_xml(data, parts[BOOK]), ("sheet",))
    return tuple(
        SheetFacts(
            sheet.get("name", ""), sheet.get("state", "visible") != "visible", scans[places[sheet["id"]]]
        )
        for sheet in listed
        if sheet.get("id") in places
    )


def _places(data: bytes, parts: Parts) -> dict[str, str]:
    """The sheets with cells: id → part. Charts are sheets, too, but have none."""
    listed = attributes(_xml(data, parts[BOOK]), ("sheet",))
    if len(listed) > MAX_SHEETS:
        raise Unreadable("TOO_LARGE", message("The workbook has hundreds of sheets"), SHRINK)
    if len({sheet.get("name", "").casefold() for sheet in listed}) < len(listed):
        raise Unreadable(
            "AMBIGUOUS_SHEET", message("Two sheets have the same name"), message("Rename one of them")
        )
    found = {}
    relations = attributes(_xml(data, parts[RELATIONS]), ("Relationship",)) if RELATIONS in parts else ()
    for relation in relations:
        if relation.get("Type", "").endswith("/worksheet"):
            target = relation.get("Target", "").casefold()
            path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
            found[relation.get("Id", "")] = path
    places = {sheet["id"]: found[sheet["id"]] for sheet in listed if sheet.get("id") in found}
    strange = any(sheet.get("id") not in {r.get("Id") for r in relations} for sheet in listed)
    if strange or any(path not in parts for path in places.values()):
        raise Unreadable("BAD_XML", message("The file is damaged: a sheet that it lists is not in it"))
    if len(set(places.values())) < len(places) or len({s.get("id") for s in listed}) < len(listed):
        raise Unreadable("BAD_XML", message("The file is damaged: two of its sheets are one and the same"))
    return places


def _shared_texts(data: bytes, parts: Parts) -> dict[str, int]:
    """Index of each shared text → its length."""
    lengths: dict[str, int] = {}
    for name, member in parts.items():
        if posixpath.basename(name) == STRINGS:
            declared, found = shared_strings(_xml(data, member))
            if declared > len(found) + 10_000:
                raise Unreadable(
                    "BAD_XML", message("The file is damaged: it declares more texts than it holds")
                )
            lengths |= {str(index): length for index, length in enumerate(found)}
    return lengths


def _xml(data: bytes, member: zipfile.ZipInfo) -> bytes:
    content = unpack(data, member)
    elements = content.count(b"<")
    if elements > MAX_ELEMENTS and elements > ELEMENTS_PER_BYTE * member.compress_size:
        raise Unreadable("TOO_LARGE", TOO_LARGE, SHRINK)
    return content


def check_extent(scan: Scan) -> None:
    cells = scan.last_row * scan.last_column
    sparse = cells > SPARSE_FROM and cells > MAX_CELLS_PER_VALUE * scan.values
    if scan.last_column > MAX_COLUMNS or scan.last_row > 1_048_576 or cells > MAX_CELLS or sparse:
        hint = message("Delete the rows and columns beyond the table, save, and try again")
        raise Unreadable("DIMENSIONS", message("A sheet has a value far outside its table"), hint)
    if not scan.ordered:
        # No two programs read such a sheet alike.
        raise Unreadable("BAD_XML", message("The file is damaged: a cell stands twice, or not in its order"))


def remarks(parts: Mapping, sheets: tuple[SheetFacts, ...]) -> Iterator[Issue]:
    """What a reader of the report should know of the file. parts: by name in lower case."""
    if any(name.endswith("vbaproject.bin") for name in parts):
        yield Issue(WARNING, "MACRO_WORKBOOK", None, None, None, message("The workbook holds macros"),
                    message("They were not run; save it without macros"))  # fmt: skip
    if any(name.startswith("xl/externallinks/") for name in parts):
        yield Issue(WARNING, "EXTERNAL_LINK", None, None, None, message("The workbook refers to other files"),
                    message("The values last stored were read; replace the links by values"))  # fmt: skip
    for sheet in sheets:
        if sheet.hidden:
            yield Issue(NOTE, "HIDDEN_SHEET", sheet.name, None, None, message("The sheet is hidden"),
                        message("It was read like the others; show it, or delete it"))  # fmt: skip
        if sheet.scan.hidden:
            count = len(sheet.scan.hidden)
            yield Issue(NOTE, "HIDDEN_ROWS", sheet.name, f"A{sheet.scan.hidden[0]}", None,
                        message("{n} rows are hidden, by hand or by a filter", n=count) if count > 1
                        else message("1 row is hidden, by hand or by a filter"),
                        message("They were read like the others; show them, or delete them"))  # fmt: skip
        if sheet.scan.merged:
            yield Issue(
                NOTE,
                "MERGED_CELLS",
                sheet.name,
                sheet.scan.merged[0],
                None,
                message("The sheet has merged cells; only the first of them holds the value"),
                message("Nothing to do above the table; within it, unmerge them and fill in every cell"),
            )
