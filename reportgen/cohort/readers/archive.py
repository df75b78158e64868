"""Zip archives, looked at before anything is unpacked: their directory is checked, and it is believed in nothing."""

from __future__ import annotations

import io
import zipfile
import zlib

from reportgen.base.errors import ERROR, DataRefused, Issue
from reportgen.base.message import Message, message
from reportgen.cohort.readers.xml_parts import Unreadable

MAX_MEMBERS = 2_000
MAX_BYTES = 1_000_000_000
# Parts that are compressed by more than this may together not be larger than that.
MAX_RATIO = 64
MAX_DENSE_BYTES = 10_000_000

ENTRY = b"PK\x01\x02"
SAVE_AGAIN = message("Open the workbook in a spreadsheet program and save it again")
TOO_LARGE = message("Unpacked, the file would be far larger than a workbook of patients is")
SHRINK = message("Remove what is not data, or export the sheets as CSV")


def refuse(code: str, problem: Message, hint: Message) -> DataRefused:
    """The error to raise for a file that is not read at all; no cell is to blame."""
    return DataRefused((Issue(ERROR, code, None, None, None, problem, hint),))


def members_of(data: bytes) -> list[zipfile.ZipInfo]:
    """The checked directory of an archive. Raises DataRefused where it must not be unpacked."""
    if data.count(ENTRY) > 2 * MAX_MEMBERS:
        raise refuse("TOO_LARGE", message("The file has thousands of parts"), SHRINK)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, UnicodeDecodeError) as error:
        problem = message("The file is damaged: it begins like a workbook but can't be unpacked")
        raise refuse("BAD_ZIP", problem, SAVE_AGAIN) from error
    check_members(members)
    return members


def check_members(members: list[zipfile.ZipInfo]) -> None:
    """DataRefused where a member is encrypted, doubled, leads out of the archive, is packed oddly or is too large."""
    if any(member.flag_bits & 1 for member in members):
        raise refuse(
            "ENCRYPTED", message("Parts of the file are encrypted"), message("Save a copy without password")
        )
    names = [member.orig_filename for member in members]
    if len({name.casefold() for name in names}) < len(names):
        raise refuse("BAD_ZIP", message("The file holds two parts of the same name"), SAVE_AGAIN)
    if any(_leaves_archive(name) for name in names):
        raise refuse("BAD_ZIP", message("The file holds parts whose names lead out of it"), SAVE_AGAIN)
    if any(member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for member in members):
        raise refuse("BAD_ZIP", message("The file is compressed in a way that workbooks are not"), SAVE_AGAIN)
    size = sum(member.file_size for member in members)
    dense = sum(m.file_size for m in members if m.file_size > MAX_RATIO * max(m.compress_size, 1))
    if len(members) > MAX_MEMBERS or size > MAX_BYTES or dense > MAX_DENSE_BYTES:
        raise refuse("TOO_LARGE", TOO_LARGE, SHRINK)


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
        raise Unreadable("BAD_ZIP", message("The file is damaged: a part can't be unpacked")) from error
    honest = len(content) == member.file_size and zlib.crc32(content) == member.CRC
    if data[start : start + 4] != b"PK\x03\x04" or not complete or not honest:
        raise Unreadable("BAD_ZIP", message("The file is damaged: a part is not what its directory says"))
    return content
