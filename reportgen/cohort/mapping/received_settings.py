"""The report.toml that came with the data: inside a folder or zip archive of tables.

Whoever sends data may say what their columns are called, but not what this machine does: see
settings_sources.trust.
"""

from __future__ import annotations

import hashlib
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from reportgen.base.errors import MachineFailed, UsageError, reason
from reportgen.base.message import message
from reportgen.cohort.source import SETTINGS, is_url


@dataclass(frozen=True)
class Received:
    """A settings file that came with the data. name: as it is said, "cohort/report.toml"."""

    name: str
    content: bytes

    @property
    def sha256(self) -> str:
        """The hash of its bytes, in hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()


def inside(source: Path | str) -> Received | None:
    """The report.toml in a folder, or anywhere in a zip archive; None where there is none.

    UsageError where an archive holds two, DataRefused where it can't be unpacked. What else is wrong with the archive,
    its reader says.
    """
    if is_url(source):
        return None
    path = Path(source)
    if path.is_dir():
        file = path / SETTINGS
        return in_file(file, f"{path.resolve().name}/{SETTINGS}") if file.is_file() else None
    return _in_archive(path) if path.is_file() else None


def in_file(file: Path, name: str) -> Received:
    """A settings file that lies in a received folder."""
    try:
        return Received(name, file.read_bytes())
    except OSError as failure:
        raise MachineFailed(
            message("{name} can't be read: {why}.", name=repr(name), why=reason(failure))
        ) from failure


def _in_archive(path: Path) -> Received | None:
    from reportgen.cohort.readers.archive import members_of, refuse, unpack
    from reportgen.cohort.readers.files import is_archive
    from reportgen.cohort.readers.xml_parts import Unreadable

    try:
        if not zipfile.is_zipfile(path):
            return None
        with zipfile.ZipFile(path) as archive:
            if not any(_is_settings(name) for name in archive.namelist()):
                return None
        data = path.read_bytes()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return None  # its reader says so
    if not is_archive(path.name, data):
        return None
    found = [member for member in members_of(data) if _is_settings(member.filename)]
    if len(found) > 1:
        raise UsageError(
            message(
                "{name} holds two files {settings}; leave one of them out.", name=path.name, settings=SETTINGS
            )
        )
    try:
        return Received(f"{path.name}/{SETTINGS}", unpack(data, found[0]))
    except Unreadable as fault:
        raise refuse(fault.code, fault.problem, message("Make the archive again")) from fault


def _is_settings(name: str) -> bool:
    path = PurePosixPath(name)
    return path.name.casefold() == SETTINGS and path.parts[0] != "__MACOSX"
