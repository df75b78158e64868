"""What the desk may touch: the sources of one folder, what was dropped on it, and where reports land.

A request never names a path. It names a source by an id that only this desk knows, and a file by its place in a
list that this desk made.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
import shutil
import socket
import stat
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from reportgen.base.errors import MachineFailed, UsageError, reason
from reportgen.base.message import message

SUFFIXES = (
    ".xlsx", ".xlsm", ".ods", ".csv", ".tsv", ".txt", ".tab", ".zip", ".parquet", ".json", ".ndjson", ".sas7bdat",
    ".xpt", ".dta", ".sav", ".rds", ".rdata", ".xls",
)  # fmt: skip
QUERIES = "queries.xlsx"  # no source, but taken when it comes back with answers
OURS = frozenset((QUERIES, "results.json", "manifest.json", "status.json", "batch.json", "index.json"))
LARGEST = 1_000_000_000  # bytes of one dropped file
MOST = 200  # sources listed of a folder
LOCK = ".reportgen-desk"
PORT = re.compile(r"[1-9][0-9]{0,4}")
TAKEN = frozenset(("report", "sample"))


@dataclass(frozen=True)
class Source:
    """A source as the desk knows it. id: what stands for it in an address; config: where its settings are written,
    None for the report.toml beside it; dropped: whether it was dropped on the page, and goes when the desk ends."""

    id: str
    path: Path
    config: Path | None
    dropped: bool = False

    @property
    def name(self) -> str:
        """What its file or folder is called."""
        return self.path.name

    @property
    def settings(self) -> Path | None:
        """The settings that a command is given; None where none were written, or they lie beside the source."""
        return self.config if self.config and self.config.is_file() else None


@dataclass
class Places:
    """The folders of one desk. folder: whose sources it shows, and where settings of dropped files are kept; output:
    where reports land; uploads: private, emptied at the end; secret: makes the ids."""

    folder: Path
    output: Path
    uploads: Path
    secret: bytes
    dropped: dict[str, Source] = field(default_factory=dict)

    def sources(self) -> list[Source]:
        """Those dropped, the last first, then those of the folder by name."""
        return [*reversed(self.dropped.values()), *map(self._of, _found(self.folder, self.output))]

    def source(self, name: str) -> Source | None:
        """The source of an id; None for one that this desk did not give."""
        return next(
            (source for source in self.sources() if hmac.compare_digest(source.id.encode(), name.encode())),
            None,
        )

    @contextmanager
    def receiving(self, name: str) -> Iterator[Receiving]:
        """A place for a dropped file; it stays only if `done` was called. UsageError for what is no file name."""
        plain = plain_name(name)
        place = self.uploads / secrets.token_hex(8)
        try:
            place.mkdir(mode=0o700)
            file = os.fdopen(os.open(place / plain, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
        except OSError as failure:
            raise MachineFailed(message("The file can't be kept: {why}.", why=reason(failure))) from failure
        receiving = Receiving(self, place / plain, file)
        try:
            with file:
                yield receiving
        except OSError as failure:
            raise MachineFailed(message("The file can't be kept: {why}.", why=reason(failure))) from failure
        finally:
            if not receiving.kept:
                shutil.rmtree(place, ignore_errors=True)

    def take(self, path: Path) -> Source:
        """A file that was received whole, in place of an earlier one of the same name."""
        # What is called report or sample would be told what holds for the folder, or for the sample.
        stem = path.name if path.is_dir() or path.stem.casefold() in TAKEN else path.stem
        config = self.folder / f"{stem}.toml"
        source = Source(self.id_of(path), path, config, dropped=True)
        for key, earlier in list(self.dropped.items()):
            if earlier.name == path.name:
                shutil.rmtree(self.dropped.pop(key).path.parent, ignore_errors=True)
        self.dropped[source.id] = source
        return source

    def _of(self, path: Path) -> Source:
        return Source(self.id_of(path), path, None)

    def id_of(self, path: Path) -> str:
        """What stands for a path in an address."""
        return hmac.new(self.secret, os.fsencode(path), hashlib.sha256).hexdigest()[:24]


@dataclass
class Receiving:
    """A dropped file while it comes in."""

    places: Places
    path: Path
    file: IO[bytes]
    kept: Source | None = None

    async def all_of(self, stream: AsyncIterator[bytes], largest: int) -> bool:
        """Write down what comes in; False as soon as it is more than so many bytes."""
        held = 0
        async for chunk in stream:
            held += len(chunk)
            if held > largest:
                return False
            self.file.write(chunk)
        self.file.flush()
        return True

    def done(self) -> Source:
        """All of it is here, and it is a source."""
        self.kept = self.places.take(self.path)
        return self.kept


def _found(folder: Path, output: Path) -> list[Path]:
    """Files that may be tables, and folders that hold such files, in the order of their names."""
    with suppress(OSError):
        paths = sorted(path for path in folder.iterdir() if not path.name.startswith((".", "~$")))
        return [path for path in paths if path != output and _may_be(path)][:MOST]
    return []


def _may_be(path: Path) -> bool:
    try:
        if path.is_dir():
            inside = list(path.iterdir())
            made = any(p.name == "manifest.json" for p in inside)
            return not made and any(p.is_file() and _is_table(p) or _in_parts(p) for p in inside)
        return path.is_file() and _is_table(path)
    except OSError:
        return False


def _in_parts(path: Path) -> bool:
    """Whether it is a table in parts, as large registries are kept: a folder of Parquet files."""
    return path.is_dir() and any(part.suffix.casefold() == ".parquet" for part in path.iterdir())


def _is_table(path: Path) -> bool:
    return path.suffix.casefold() in SUFFIXES and path.name not in OURS


def plain_name(name: str) -> str:
    """The file name that was sent, if it is one and no more.

    >>> plain_name("Kohorte 2026.xlsx")
    'Kohorte 2026.xlsx'
    """
    plain = folder_name(name)
    if not (_is_table(Path(plain)) or plain == QUERIES):
        raise UsageError(
            message("A file of this kind is not read. Those that are end in {a}.", a=", ".join(SUFFIXES))
        )
    return plain


def folder_name(name: str) -> str:
    """The name that was sent, if it is that of a file or folder and no path. UsageError otherwise."""
    plain = "".join(c for c in name if c.isprintable()).strip()
    if not plain or plain != name or len(plain.encode()) > 200 or re.search(r'[/\\:*?"<>|]', plain):
        raise UsageError(message("The file has a name that can't be kept; give it a plain one."))
    if plain.startswith("."):
        raise UsageError(
            message("A file of this kind is not read. Those that are end in {a}.", a=", ".join(SUFFIXES))
        )
    return plain


def private_folder(output: Path, port: int) -> Path:
    """An empty folder, for its owner only, of the desk at this port; those of desks that are gone go, too."""
    root = output / LOCK
    try:
        root.mkdir(parents=True, exist_ok=True, mode=0o700)
        _own(root)
        for left in root.iterdir():
            if left.name == str(port) or not (PORT.fullmatch(left.name) and _answers(int(left.name))):
                shutil.rmtree(left, ignore_errors=True)
        own = root / str(port)
        own.mkdir(mode=0o700)
    except OSError as failure:
        raise MachineFailed(
            message("The folder for dropped files can't be made: {why}.", why=reason(failure))
        ) from failure
    return own


def _own(root: Path) -> None:
    """MachineFailed where the folder is a link to another place, or belongs to somebody else: it is emptied."""
    found = root.lstat()
    ours = os.name == "nt" or found.st_uid == os.getuid()
    if not (stat.S_ISDIR(found.st_mode) and ours):
        raise MachineFailed(
            message(
                "{lock} in the folder of reports is no folder of yours: take it away, or name another "
                "one with --output.",
                lock=LOCK,
            )
        )
    root.chmod(0o700)


def _answers(port: int) -> bool:
    with suppress(OSError, OverflowError), socket.create_connection(("127.0.0.1", port), timeout=0.2):
        return True
    return False
