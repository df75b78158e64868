"""Sheets that [source] ignore, header_rows and transposed name and the source does not have."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence

from reportgen.base.errors import ERROR, NOTE, Issue
from reportgen.base.message import message
from reportgen.cohort.mapping.keys import name_key
from reportgen.settings.model import Source
from reportgen.settings.sources.nearest_name import correction

ALIKE = 0.8


def unknown_sheets(source: Source, sheets: Sequence[str]) -> Iterator[Issue]:
    """MISSING_SHEET: a header row, or a turning, of a sheet that is not there, or an ignored one that is nearly there.

    sheets: all names, before any sheet is left out. An ignored sheet of which nothing is left is a note: whoever keeps
    the workbook may have deleted it, and the report loses nothing.
    """
    known = {name_key(name) for name in sheets}
    ignored = set(map(name_key, source.ignore))
    for setting, names in (("header_rows", source.header_rows), ("transposed", source.transposed)):
        for name in names:
            if name_key(name) not in known | ignored:
                yield _missing(setting, name, sheets)
    others = [name for name in sheets if name_key(name) not in ignored]
    for name in source.ignore:
        if name_key(name) in known:
            continue
        if _nearly(name, others):
            yield _missing("ignore", name, others)
        else:
            yield Issue(NOTE, "MISSING_SHEET", name, None, None,
                        message("The settings ignore this sheet, but it does not exist"),
                        message("Nothing to do"))  # fmt: skip


def _missing(setting: str, name: str, sheets: Sequence[str]) -> Issue:
    return Issue(ERROR, "MISSING_SHEET", name, None, None,
                 message("The settings name this sheet in [source] {a}, but it does not exist", a=setting),
                 correction(name, sheets))  # fmt: skip


def _nearly(name: str, sheets: Sequence[str]) -> bool:
    """Whether a sheet is called nearly so; one of another number or year is a sheet of its own."""
    near = difflib.get_close_matches(name, sheets, n=1, cutoff=ALIKE)
    return bool(near) and re.findall(r"\d+", near[0]) == re.findall(r"\d+", name)
