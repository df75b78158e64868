"""A queries.xlsx that comes back to somebody who has no terminal: judged first, then taken in by `check`."""

from __future__ import annotations

import os
import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from reportgen.base.errors import ReportError
from reportgen.base.message import message
from reportgen.history.answers import Story, stories
from reportgen.history.returned_files import MOST_BYTES
from reportgen.publish.folder import locked, make_private, unread, write_file
from reportgen.publish.queries import NAME, SHEET, WORKBOOKS, Asked, read_file
from reportgen.publish.run_files import sha256
from reportgen.run.checking import check
from reportgen.run.question_list import told_of

# As browsers and systems name a second copy: queries (1).xlsx, queries-1.xlsx, queries - Copy.xlsx.
COPY = re.compile(r"queries(?: ?\([0-9]+\)|-[0-9]+|\.unread-[0-9]+| - .+)?", re.IGNORECASE)
FORMULA = re.compile(rb"<(?:[\w.-]+:)?f[\s/>]")
BOOK = "xl/workbook.xml"
LARGEST_BOOK = 1_000_000  # bytes of the list of sheets, before anything else of a file is read
AT_ONCE = 1 << 20
MOST_IDS = 10
UNCHANGED = message("Nothing was changed")


@dataclass(frozen=True)
class Asker:
    """A source that may have asked. id: as its caller knows it; path and config: as a command is given them."""

    id: str
    path: Path
    config: Path | None


@dataclass(frozen=True)
class Returned:
    """What became of the file. wrong: why it was not taken, and then nothing was changed; said: else, what was done.

    taken: how many answers are new. source: the id of the source that had asked. Each text is a Message, and a
    sentence without its stop.
    """

    wrong: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    taken: int = 0
    source: str = ""


def named_so(name: str) -> bool:
    """Whether a file is called as the questions are, or as a copy of them.

    >>> named_so("queries (1).xlsx"), named_so("cohort.xlsx")
    (True, False)
    """
    return Path(name).suffix.casefold() in WORKBOOKS and bool(COPY.fullmatch(Path(name).stem))


def is_returned(path: Path) -> bool:
    """Whether a file is to be judged as questions that come back, and never as a source: by its name or its sheets."""
    if named_so(path.name):
        return True
    if path.suffix.casefold() not in WORKBOOKS or path.stat().st_size > MOST_BYTES or not _has_sheet(path):
        return False
    return bool(_ids(read_file(path)))


def take(path: Path, askers: Iterable[Asker], output: Path) -> Returned:
    """Take in the answers of a file for that of the sources which asked; nothing is changed where it is not sure.

    It is what `check --answers` does with it. A file of which not all was understood is kept beside the reports of
    its source, for whoever brought it may have thrown the rest away. Errors as of `check`.
    """
    wrong = _too_much(path)
    if wrong:
        return Returned(wrong=(wrong, UNCHANGED))
    asked = read_file(path)
    wrong = _not_ours(path, asked)
    if wrong:
        return Returned(wrong=(wrong, UNCHANGED))
    found = [(asker, known, len(_ids(asked) & set(known))) for asker, known in _knowing(askers, output)]
    most = max((count for *_one, count in found), default=0)
    best = [(asker, known) for asker, known, count in found if count == most]
    if not most:
        return Returned(
            wrong=(
                message(
                    "None of its questions was asked here: it is of another source or another folder of reports"
                ),
                UNCHANGED,
            )
        )
    if len(best) > 1:
        return Returned(
            wrong=(
                message(
                    "More than one source has asked these questions: drop it on the page Check of its own"
                ),
                UNCHANGED,
            )
        )
    return _taken(path, asked, *best[0], output)


def _taken(path: Path, asked: Asked, asker: Asker, known: dict[str, Story], output: Path) -> Returned:
    root = _root(asker, output)
    kept = None if asked.taken else _kept(path, root)
    checked = check(asker.path, asker.config, output, answers=kept or path)
    after = stories(_place(asker, root), root.name)
    ours = [id for id in asked.answers if id in known]
    new = sum(len(after[id].answers) > len(known[id].answers) for id in ours)
    others = [id for id in asked.answers if id and id not in known]
    said: list[str] = [
        message("Answers taken in: {n}", n=new),
        message("Questions that are open now: {n}", n=told_of(checked).opened),
    ]
    if len(ours) > new:
        said.append(message("Known already: {n}", n=len(ours) - new))
    if others:
        shown = ", ".join(others[:MOST_IDS]) + (" …" if len(others) > MOST_IDS else "")
        said.append(message("Kept, but to questions that this source never asked: {ids}", ids=shown))
    said += [message("Not understood: {what}", what=doubt) for doubt in asked.doubts]
    if kept:
        said.append(
            message("The file is set aside as {name} beside the reports of its source", name=kept.name)
        )
    if checked.kept:
        said.append(checked.kept)
    return Returned(said=tuple(said), taken=new, source=asker.id)


def _too_much(path: Path) -> str:
    if path.stat().st_size > MOST_BYTES:
        return message("The file is larger than any queries.xlsx: more than {n} MB", n=MOST_BYTES // 10**6)
    return ""


def _not_ours(path: Path, asked: Asked) -> str:
    """Why nothing is to be taken in of a file; "" where it may be."""
    if not _ids(asked):
        why = asked.doubt or message("It has no sheet {sheet}", sheet=SHEET)
        return message("This is no queries.xlsx that can be read: {why}", why=why)
    if _has_formulas(path):
        return message(
            "The file holds formulas, whose values may not be what was meant: put values in their place (copy, "
            "then paste as values), save it and drop it again"
        )
    if not asked.answers:
        return message("No answer is written into it yet")
    return ""


def _ids(asked: Asked) -> set[str]:
    return {id for id in (*asked.since, *asked.answers) if id}


def _knowing(askers: Iterable[Asker], output: Path) -> Iterable[tuple[Asker, dict[str, Story]]]:
    for asker in askers:
        root = _root(asker, output)
        if not root.is_dir():
            continue
        try:
            place = _place(asker, root)
        except ReportError:
            continue  # settings that are wrong: this source can take in nothing now, and says so on its own pages
        yield asker, stories(place, root.name)


def _root(asker: Asker, output: Path) -> Path:
    from reportgen.cohort.source import stem_of

    return output / stem_of(asker.path)


def _place(asker: Asker, root: Path) -> Path | str:
    from reportgen.cohort.mapping.source_settings import settings_before
    from reportgen.history.store import place_of

    return settings_before(asker.path, asker.config, {}).history.url or place_of(root)


def _kept(path: Path, root: Path) -> Path:
    """The copy of a file beside the reports; one that lies there already is not kept twice."""
    content = path.read_bytes()
    root = Path(os.path.realpath(root))
    make_private(root)
    with locked(root):
        number = 1
        while os.path.lexists(copy := root / unread(NAME, number)):
            if copy.is_file() and not copy.is_symlink() and sha256(copy.read_bytes()) == sha256(content):
                return copy
            number += 1
        write_file(copy, content)
    return copy


def _has_sheet(path: Path) -> bool:
    """Whether the list of its sheets names ours; what is no workbook has none."""
    try:
        with zipfile.ZipFile(path) as archive, archive.open(BOOK) as book:
            return f'name="{SHEET}"'.encode() in book.read(LARGEST_BOOK)
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError, OSError, EOFError, ValueError):
        return False


def _has_formulas(path: Path) -> bool:
    """Of a workbook that has passed its gate."""
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if not (name.startswith("xl/worksheets/") and name.endswith(".xml")):
                continue
            with archive.open(name) as sheet:
                before = b""
                while chunk := sheet.read(AT_ONCE):
                    if FORMULA.search(before + chunk):
                        return True
                    before = chunk[-64:]
    return False
