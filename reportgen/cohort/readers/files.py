"""The files that a source consists of: one, those of a folder, or those of a zip archive."""

from __future__ import annotations

import hashlib
import io
import os
import re
import stat
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from reportgen.base.errors import MachineFailed, UsageError
from reportgen.base.message import message
from reportgen.cohort.readers.archive import members_of, refuse, unpack
from reportgen.cohort.readers.cbioportal import clinical_only
from reportgen.cohort.readers.xml_parts import Unreadable

MAX_FILE = 2_000_000_000
MAX_FILES = 2_000
OWN_FILES = ("report.toml", "thumbs.db", "desktop.ini")
WORKBOOK_PARTS = ("[Content_Types].xml", "mimetype", "xl/workbook.xml", "content.xml")
PARQUET_ENDINGS = (".parquet", ".pq")
WORKBOOK_ENDINGS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")


@dataclass(frozen=True)
class Files:
    """name: of the file, folder or archive; members: name → content; single: it is one file by itself.
    unread: how many files of a study were left alone, as they hold no clinical data.

    The parts of a table that is a folder by itself are called patients/part-0.parquet, and stand in order.
    """

    name: str
    members: Mapping[str, bytes]
    single: bool
    unread: int = 0

    @property
    def sha256(self) -> str:
        """Of the one file's bytes; of several files, of their names and their own sums, in order."""
        if self.single:
            return hashlib.sha256(next(iter(self.members.values()))).hexdigest()
        sums = (
            f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in sorted(self.members.items())
        )
        return hashlib.sha256("".join(sums).encode()).hexdigest()


def open_files(path: Path) -> Files:
    """The files of a source. Hidden files, report.toml and sub-folders are left out, but not folders of Parquet files.

    Raises DataRefused for what is too large or no file, UsageError where there is nothing of that name, and
    MachineFailed where it may not be read.
    """
    try:
        if path.is_dir():
            found, unread = _of_folder(path)
            return Files(path.resolve().name, found, single=False, unread=unread)
        data = _content(path)
    except FileNotFoundError as error:
        raise UsageError(message("There is no file {a}; check the path.", a=repr(path.name))) from error
    except OSError as error:
        raise MachineFailed(
            message("{name} can't be read: {strerror}.", name=repr(path.name), strerror=error.strerror)
        ) from error
    if is_archive(path.name, data):
        found, unread = _of_archive(data)
        return Files(path.name, found, single=False, unread=unread)
    return Files(path.name, {path.name: data}, single=True)


def _of_folder(path: Path) -> tuple[dict[str, bytes], int]:
    found = {entry.name: entry for entry in sorted(path.iterdir()) if entry.is_file() and _counts(entry.name)}
    for folder in sorted(entry for entry in path.iterdir() if entry.is_dir() and _counts(entry.name)):
        parts = (entry for entry in folder.iterdir() if entry.is_file() and _is_part(entry.name))
        found |= {f"{folder.name}/{part.name}": part for part in sorted(parts, key=_as_counted)}
    if not found:
        raise refuse("NOT_A_FILE", message("The source is a folder without files"),
                     message("Give a workbook, or a folder of CSV, Parquet or SAS files"))  # fmt: skip
    everything, found = found, {name: found[name] for name in clinical_only([*found])}
    if len(found) > MAX_FILES or sum(entry.stat().st_size for entry in found.values()) > MAX_FILE:
        raise refuse(
            "TOO_LARGE",
            message("The folder holds over {n} files or {k} MB", n=MAX_FILES, k=MAX_FILE // 10**6),
            message("Give a folder that holds the cohort's files alone"),
        )
    return {name: _content(entry) for name, entry in found.items()}, len(everything) - len(found)


def _content(path: Path) -> bytes:
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise refuse(
            "NOT_A_FILE",
            message("The source is not a regular file"),
            message("Give the path of a file or folder"),
        )
    if status.st_size > MAX_FILE:
        raise refuse("TOO_LARGE", message("The file is larger than {n} MB", n=MAX_FILE // 10**6),
                     message("Remove what is not data, or export the sheets as CSV"))  # fmt: skip
    data = path.read_bytes()
    if _state(path.stat()) != _state(status) or len(data) != status.st_size:
        raise refuse("SOURCE_CHANGED", message("{name} changed while it was read", name=path.name),
                     message("Wait until it is written, and try again"))  # fmt: skip
    return data


def _state(status: os.stat_result) -> tuple[int, int, int]:
    """What of a file changes when somebody writes to it or puts another one in its place."""
    return status.st_size, status.st_mtime_ns, status.st_ino


def is_archive(name: str, data: bytes) -> bool:
    """Whether a file is a zip archive of files, and not one of the formats that are zip archives inside."""
    if not data.startswith((b"PK\x03\x04", b"PK\x05\x06")) or name.casefold().endswith(WORKBOOK_ENDINGS):
        return False
    try:
        names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, UnicodeDecodeError):
        return False  # damaged, or of another kind: its reader says which
    return not any(part in names for part in WORKBOOK_PARTS)


def _of_archive(data: bytes) -> tuple[dict[str, bytes], int]:
    found: dict[str, bytes] = {}
    everything = [member for member in members_of(data) if _is_member(member)]
    wanted = set(clinical_only([PurePosixPath(member.filename).name for member in everything]))
    for member in everything:
        path = PurePosixPath(member.filename)
        if path.name not in wanted:
            continue
        if path.name in found:
            raise refuse("AMBIGUOUS_SHEET", message("The archive holds two files of the same name in its folders"),
                         message("Rename one of them"))  # fmt: skip
        try:
            found[path.name] = unpack(data, member)
        except Unreadable as fault:
            raise refuse(fault.code, fault.problem, message("Make the archive again")) from fault
    if not found:
        raise refuse(
            "NOT_A_FILE",
            message("The archive holds no files"),
            message("Give an archive of CSV, Parquet or SAS files"),
        )
    return found, len(everything) - len(found)


def _is_member(member: zipfile.ZipInfo) -> bool:
    path = PurePosixPath(member.filename)
    return not member.is_dir() and _counts(path.name) and path.parts[0] != "__MACOSX"


def _is_part(name: str) -> bool:
    """Whether a file in a folder of a table is a part of it, and not what its writer keeps there for itself."""
    return _counts(name) and not name.startswith("_") and name.casefold().endswith(PARQUET_ENDINGS)


def _as_counted(path: Path) -> list:
    """part-2 before part-10."""
    return [int(word) if word.isdecimal() else word for word in re.split(r"([0-9]+)", path.name)]


def _counts(name: str) -> bool:
    return not name.startswith((".", "~$")) and name.casefold() not in OWN_FILES
