"""The gate: what an xlsx file is, in plain Python over its zip directory and XML, before any library sees it.

A spreadsheet library can abort the process on a hostile or broken file, and none tells an empty cell from
an error or from a formula that was never calculated. Both are found here.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from dataclasses import dataclass

from reportgen.cohort.readers.xml_parts import Scan, Unreadable, attributes, scan_sheet, shared_strings
from reportgen.errors import ERROR, NOTE, WARNING, DataRefused, Issue

MAX_MEMBERS = 2_000
MAX_BYTES = 1_000_000_000
MAX_RATIO = 200
RATIO_APPLIES_FROM = 10_000_000
MAX_COLUMNS = 2_000
MAX_CELLS = 25_000_000
SPARSE_FROM, MAX_CELLS_PER_VALUE = 1_000_000, 50

OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OLD_XLS = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00", b"\x09\x08\x08\x00")
SAVE_AS = "Open it in a spreadsheet program and save it as an Excel workbook (.xlsx)"
SAVE_AGAIN = "Open the workbook in a spreadsheet program and save it again"


@dataclass(frozen=True)
class SheetFacts:
    """What the gate learned of one sheet, in the order of the workbook."""

    name: str
    hidden: bool
    scan: Scan


def refuse(code: str, problem: str, hint: str) -> DataRefused:
    return DataRefused((Issue(ERROR, code, None, None, None, problem, hint),))


def inspect(data: bytes) -> tuple[tuple[SheetFacts, ...], tuple[Issue, ...]]:
    """The sheets of a workbook and what is doubtful about the file. Raises DataRefused where it is unsafe."""
    _check_magic(data)
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, UnicodeDecodeError) as error:
        problem = "The file is damaged: it begins like a workbook but can't be unpacked"
        raise refuse("BAD_ZIP", problem, SAVE_AGAIN) from error
    check_members(members)
    names = {member.filename: member for member in members}
    if "xl/workbook.xml" not in names:
        raise refuse("NOT_XLSX", "The file is a zip archive, but not an Excel workbook (.xlsx)", SAVE_AS)
    try:
        for member in members:
            if member.filename.endswith((".xml", ".rels")) and not _is_sheet(member.filename):
                attributes(unpack(data, member), ())
        sheets = _sheets(data, names)
    except Unreadable as fault:
        raise refuse(fault.code, fault.problem, fault.hint or SAVE_AGAIN) from fault
    return sheets, tuple(remarks(names, sheets))


def _check_magic(data: bytes) -> None:
    if data.startswith(OLE2):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise refuse("ENCRYPTED", "The workbook is protected by a password",
                         "Save a copy without password and use that")  # fmt: skip
        raise refuse("UNSUPPORTED_XLS", "The file is an old Excel workbook (.xls)", SAVE_AS)
    if data.startswith(OLD_XLS):
        raise refuse("UNSUPPORTED_XLS", "The file is an old Excel workbook (.xls)", SAVE_AS)
    if not data.startswith(b"PK\x03\x04"):
        raise refuse("NOT_XLSX", "The file is not an Excel workbook (.xlsx)" if data else "The file is empty",
                     SAVE_AS)  # fmt: skip


def check_members(members: list[zipfile.ZipInfo]) -> None:
    if any(member.flag_bits & 1 for member in members):
        raise refuse("ENCRYPTED", "Parts of the file are encrypted", "Save a copy without password")
    names = [member.orig_filename for member in members]
    if len({name.casefold() for name in names}) < len(names):
        raise refuse("BAD_ZIP", "The file holds two parts of the same name", SAVE_AGAIN)
    if any(_leaves_archive(name) for name in names):
        raise refuse("BAD_ZIP", "The file holds parts whose names lead out of it", SAVE_AGAIN)
    if any(member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for member in members):
        raise refuse("BAD_ZIP", "The file is compressed in a way that workbooks are not", SAVE_AGAIN)
    size = sum(member.file_size for member in members)
    bomb = any(
        member.file_size > RATIO_APPLIES_FROM and member.file_size > MAX_RATIO * max(member.compress_size, 1)
        for member in members
    )
    if len(members) > MAX_MEMBERS or size > MAX_BYTES or bomb:
        raise refuse("TOO_LARGE", "Unpacked, the file would be far larger than a workbook of patients is",
                     "Remove what is not data, or export the sheets as CSV")  # fmt: skip


def _leaves_archive(name: str) -> bool:
    parts = name.split("/")
    return name.startswith("/") or ".." in parts or "\\" in name or "\0" in name or ":" in parts[0]


def unpack(data: bytes, member: zipfile.ZipInfo) -> bytes:
    """The bytes of a member, never more than its directory entry promises."""
    start = member.header_offset
    name_length = int.from_bytes(data[start + 26 : start + 28], "little")
    extra_length = int.from_bytes(data[start + 28 : start + 30], "little")
    begin = start + 30 + name_length + extra_length
    packed = data[begin : begin + member.compress_size]
    try:
        if member.compress_type == zipfile.ZIP_STORED:
            content, complete = packed, True
        else:
            engine = zlib.decompressobj(-15)
            content = engine.decompress(packed, member.file_size + 1)
            complete = engine.eof or len(content) == member.file_size
    except zlib.error as error:
        raise Unreadable("BAD_ZIP", "The file is damaged: a part can't be unpacked") from error
    honest = len(content) == member.file_size and zlib.crc32(content) == member.CRC
    if data[start : start + 4] != b"PK\x03\x04" or not complete or not honest:
        raise Unreadable("BAD_ZIP", "The file is damaged: a part is not what its directory says")
    return content


def _is_sheet(name: str) -> bool:
    return name.startswith("xl/worksheets/") and name.endswith(".xml")


def _sheets(data: bytes, names: dict) -> tuple[SheetFacts, ...]:
    listed = attributes(unpack(data, names["xl/workbook.xml"]), ("sheet",))
    relations = names.get("xl/_rels/workbook.xml.rels")
    targets = {}
    for relation in attributes(unpack(data, relations), ("Relationship",)) if relations else ():
        target = relation.get("Target", "")
        path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
        targets[relation.get("Id")] = path
    for name, member in names.items():
        if posixpath.basename(name) == "sharedStrings.xml":
            declared, found = shared_strings(unpack(data, member))
            if declared > found + 10_000:
                raise Unreadable("BAD_XML", "The file is damaged: it declares more texts than it holds")
    scans = {name: scan_sheet(unpack(data, names[name])) for name in names if _is_sheet(name)}
    for scan in scans.values():
        check_extent(scan)
    sheets = []
    for sheet in listed:
        part = targets.get(sheet.get("id"))
        if part in scans:
            hidden = sheet.get("state", "visible") != "visible"
            sheets.append(SheetFacts(sheet.get("name", ""), hidden, scans[part]))
    if len({sheet.name.casefold() for sheet in sheets}) < len(sheets):
        raise Unreadable("AMBIGUOUS_SHEET", "Two sheets have the same name", "Rename one of them")
    return tuple(sheets)


def check_extent(scan: Scan) -> None:
    cells = scan.last_row * scan.last_column
    sparse = cells > SPARSE_FROM and cells > MAX_CELLS_PER_VALUE * scan.values
    if scan.last_column > MAX_COLUMNS or scan.last_row > 1_048_576 or cells > MAX_CELLS or sparse:
        hint = "Delete the rows and columns beyond the table, save, and try again"
        raise Unreadable("DIMENSIONS", "A sheet has a value far outside its table", hint)


def remarks(names: dict, sheets: tuple[SheetFacts, ...]):
    if any(name.endswith("vbaProject.bin") for name in names):
        yield Issue(WARNING, "MACRO_WORKBOOK", None, None, None, "The workbook holds macros",
                    "They were not run; save it without macros")  # fmt: skip
    if any(name.startswith("xl/externalLinks/") for name in names):
        yield Issue(WARNING, "EXTERNAL_LINK", None, None, None, "The workbook refers to other files",
                    "The values last stored were read; replace the links by values")  # fmt: skip
    for sheet in sheets:
        if sheet.hidden:
            yield Issue(NOTE, "HIDDEN_SHEET", sheet.name, None, None, "The sheet is hidden",
                        "It was read like the others; show it, or delete it")  # fmt: skip
        if sheet.scan.merged:
            yield Issue(NOTE, "MERGED_CELLS", sheet.name, sheet.scan.merged[0], None,
                        "The sheet has merged cells; only the first of them holds the value",
                        "Nothing to do above the table; within it, unmerge them and fill in every cell")  # fmt: skip
