"""Files beside the reports of a source in which somebody may have answered: copies of queries.xlsx by any name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from reportgen.publish.folder import UNREAD
from reportgen.publish.queries import NAME
from reportgen.publish.report_folders import PERIOD

MOST_BYTES = 20_000_000  # of a workbook that may be somebody's copy
READ = (".xlsx", ".xlsm", ".ods")
# What queries.xlsx may have been saved as and is not read: that is said.
NOT_READ = (".xls", ".xlsb", ".csv", ".numbers")


def copies_of_questions(root: Path) -> Iterator[Path]:
    """What may be a copy of queries.xlsx beside the reports, the oldest first. root: OUTPUT/<source stem>."""
    if not root.is_dir():
        return
    months = sorted(path for path in root.iterdir() if path.is_dir() and PERIOD.fullmatch(path.name))
    for folder in (*months, root):
        found = [path for path in folder.iterdir() if _may_be_copy(path) and path != root / NAME]
        yield from sorted(found, key=lambda path: (path.stat().st_mtime, path.name))


def _may_be_copy(path: Path) -> bool:
    endings = (*READ, *NOT_READ) if is_named(path) else READ
    return (
        path.suffix.lower() in endings
        and not path.name.startswith(("~$", "."))
        and path.is_file()
        and not path.is_symlink()
        and path.stat().st_size <= MOST_BYTES
    )


def is_named(path: Path) -> bool:
    """Whether a file is called as the questions are, or as systems name a copy of them: queries (1).xlsx."""
    return path.name.lower().startswith(Path(NAME).stem)


def was_set_aside(path: Path) -> bool:
    """Whether a file was set aside by a run, which said so then."""
    return path.name.startswith(f"{Path(NAME).stem}.{UNREAD}-")
